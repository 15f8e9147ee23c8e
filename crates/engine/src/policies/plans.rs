//! The plans in force (现行方案): those given at the start and those published in the books, with the events entered.
//!
//! Which of several versions holds is the domain's to say. Published plans and events live in a pool's book, so that all
//! processes that serve the pool agree within a second ([`PlansInForce::take_up`], each book apart). Invariant: a version
//! whose text cannot be read opens nothing: what it governs stays closed until a later one can be read.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use yibao_domain::code::Pool;
use yibao_domain::outage::{EventEntered, Plan, latest, plan_named};
use yibao_domain::time::DateTime;
use yibao_policy::plan;
use yibao_store::outage::{EnteredEvent, PublishedPlan};
use yibao_store::{Book, Fault, Mode};

/// The plans in force, shared by all workers.
pub(crate) struct PlansInForce {
    given: Vec<Plan>,
    /// A connection to each book: reading one waits for no other.
    books: BTreeMap<Pool, Mutex<Box<dyn Book>>>,
    /// What each book had when it was read last.
    read: Mutex<BTreeMap<Pool, Published>>,
    /// The latest versions as they are written, what has happened left out.
    latest: RwLock<Arc<Vec<Plan>>>,
    now: RwLock<Arc<Vec<Plan>>>,
}

/// What one book has.
#[derive(Default)]
struct Published {
    /// Plans by id and version, and how many events: what tells whether anything is new.
    seen: (Vec<(String, i64)>, usize),
    plans: Vec<Plan>,
    /// Of each plan that has any the latest version that cannot be read.
    unreadable: Vec<Unreadable>,
    events: Vec<EventEntered>,
}

/// A published version that cannot be read.
struct Unreadable {
    plan: String,
    version: u32,
    text: String,
    published_at: DateTime,
}

impl PlansInForce {
    /// The given plans together with what the books have. A book that cannot be read is a fault: its plans are not known.
    pub fn new(given: Vec<Plan>, books: Vec<(Pool, Box<dyn Book>)>) -> Result<PlansInForce, Fault> {
        let pools: Vec<Pool> = books.iter().map(|(pool, _)| pool.clone()).collect();
        let plans = PlansInForce {
            given,
            books: books.into_iter().map(|(pool, book)| (pool, Mutex::new(book))).collect(),
            read: Mutex::default(),
            latest: RwLock::default(),
            now: RwLock::default(),
        };
        plans.put_in_force(&BTreeMap::new());
        for pool in &pools {
            plans.take_up(pool)?;
        }
        Ok(plans)
    }

    /// The plans as they are in force at this moment.
    pub fn now(&self) -> Arc<Vec<Plan>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The latest version of a plan of a pool, as it follows those before it, whatever has happened since.
    pub fn latest(&self, pool: &Pool, id: &str) -> Option<Plan> {
        let latest = self.latest.read().unwrap_or_else(PoisonError::into_inner).clone();
        plan_named(&latest, pool, id).cloned()
    }

    /// The plans that the platform was started with.
    pub fn given(&self) -> &[Plan] {
        &self.given
    }

    /// Reads what has been published and entered in one book since, here or by another process.
    pub fn take_up(&self, pool: &Pool) -> Result<(), Fault> {
        let Some(book) = self.books.get(pool) else { return Ok(()) };
        let mut found = (Vec::new(), Vec::new());
        let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
        book.transact(Mode::Read, &mut |tx| {
            found = (tx.published_plans()?, tx.entered_events()?);
            Ok(())
        })?;
        let (rows, events) = found;
        let seen = (rows.iter().map(|row| (row.plan.clone(), row.version)).collect(), events.len());
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.get(pool).is_none_or(|known| known.seen != seen) {
            read.insert(pool.clone(), Published::of(pool, seen, rows, events));
            self.put_in_force(&read);
        }
        Ok(())
    }

    /// How many plans of a pool stand with a latest version that cannot be read.
    pub fn unreadable(&self, pool: &Pool) -> usize {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(pool).map_or(0, |book| book.unreadable.iter().filter(|row| book.is_latest(row)).count())
    }

    fn put_in_force(&self, books: &BTreeMap<Pool, Published>) {
        let plans = self.given.iter().chain(books.values().flat_map(|book| &book.plans)).cloned().collect();
        let events: Vec<EventEntered> = books.values().flat_map(|book| book.events.clone()).collect();
        let latest = latest(plans);
        let mut plans: Vec<Plan> = latest.iter().map(|plan| plan.with_events(&events)).collect();
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(latest);
        for (pool, book) in books {
            for row in &book.unreadable {
                row.keep_closed(pool, &mut plans);
            }
        }
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(plans);
    }
}

impl Published {
    fn of(
        pool: &Pool,
        seen: (Vec<(String, i64)>, usize),
        rows: Vec<PublishedPlan>,
        events: Vec<EnteredEvent>,
    ) -> Published {
        let mut published = Published { seen, ..Published::default() };
        // By id and version, so that of several the latest one stays.
        for row in rows {
            match plan::read(&row.text) {
                Ok(plan) if plan.pool == *pool => published.plans.push(plan),
                Ok(_) => tracing::error!(plan = row.plan, version = row.version, "a published plan is another pool's"),
                Err(problems) => {
                    let first = problems.first().map_or("", |problem| &problem.text);
                    let (plan, version) = (row.plan.as_str(), row.version);
                    tracing::error!(%pool, plan, version, first, "a published plan cannot be read: its businesses stay closed");
                    published.unreadable.retain(|known| known.plan != row.plan);
                    published.unreadable.push(Unreadable {
                        plan: row.plan,
                        version: u32::try_from(row.version).unwrap_or(u32::MAX),
                        text: row.text,
                        published_at: row.published_at,
                    });
                }
            }
        }
        published.events = entered(pool, events);
        published
    }

    fn is_latest(&self, row: &Unreadable) -> bool {
        self.plans.iter().all(|plan| plan.id != row.plan || plan.version < row.version)
    }
}

impl Unreadable {
    /// Keeps closed what it governs: what the last readable version closes, or where none is known, what its text names.
    fn keep_closed(&self, pool: &Pool, plans: &mut Vec<Plan>) {
        match plans.iter_mut().find(|plan| plan.pool == *pool && plan.id == self.plan) {
            Some(plan) if plan.version < self.version => *plan = plan.held_closed(self.version, self.published_at),
            Some(_) => {}
            None => plans.push(plan::salvaged(pool, &self.plan, self.version, &self.text, self.published_at)),
        }
    }
}

/// What has happened, as the rows of a pool's book stand.
pub(crate) fn entered(pool: &Pool, rows: Vec<EnteredEvent>) -> Vec<EventEntered> {
    let happened =
        |row: EnteredEvent| EventEntered { pool: pool.clone(), plan: row.plan, event: row.event, at: row.at };
    standing_events(rows).into_iter().map(happened).collect()
}

/// Events as they stand: a correction is a row of its own, named `event#2`, `event#3`, and the last one counts.
pub(crate) fn standing_events(rows: Vec<EnteredEvent>) -> Vec<EnteredEvent> {
    let turn = |row: &EnteredEvent| row.event.split_once('#').map_or(1, |(_, turn)| turn.parse::<u32>().unwrap_or(1));
    let mut last: BTreeMap<(String, String), (u32, EnteredEvent)> = BTreeMap::new();
    for row in rows {
        let (turn, event) = (turn(&row), row.event.split('#').next().unwrap_or_default().to_owned());
        let known = last.get(&(row.plan.clone(), event.clone())).map_or(0, |(turn, _)| *turn);
        if turn > known {
            last.insert((row.plan.clone(), event.clone()), (turn, EnteredEvent { event, ..row }));
        }
    }
    let mut standing: Vec<EnteredEvent> = last.into_values().map(|(_, row)| row).collect();
    standing.sort_by(|one, other| (&one.plan, one.at, &one.event).cmp(&(&other.plan, other.at, &other.event)));
    standing
}
