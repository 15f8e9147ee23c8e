//! The plans in force (现行方案): those given at the start and those published in the books, with the events entered.
//!
//! Which of several versions holds is the domain's to say. Published plans and events live in a pool's book, so that all
//! processes that serve the pool agree within a second ([`PlansInForce::take_up`]). Invariant: a plan whose text cannot be
//! read is left out and logged, never guessed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use yibao_domain::code::Pool;
use yibao_domain::outage::{EventEntered, Plan, in_force};
use yibao_policy::plan;
use yibao_store::outage::{EnteredEvent, PublishedPlan};
use yibao_store::{Book, Fault, Mode};

/// The plans in force, shared by all workers.
pub(crate) struct PlansInForce {
    given: Vec<Plan>,
    books: Mutex<Vec<Published>>,
    now: RwLock<Arc<Vec<Plan>>>,
}

/// What one book has, as it was read last.
struct Published {
    pool: Pool,
    book: Box<dyn Book>,
    /// Plans by id and version, and how many events: what tells whether anything is new.
    seen: (Vec<(String, i64)>, usize),
    plans: Vec<Plan>,
    events: Vec<EventEntered>,
}

impl PlansInForce {
    /// The given plans together with what the books have.
    pub fn new(given: Vec<Plan>, books: Vec<(Pool, Box<dyn Book>)>) -> Result<PlansInForce, Fault> {
        let published = books.into_iter().map(|(pool, book)| Published {
            pool,
            book,
            seen: (Vec::new(), 0),
            plans: Vec::new(),
            events: Vec::new(),
        });
        let plans = PlansInForce { given, books: Mutex::new(published.collect()), now: RwLock::default() };
        plans.put_in_force(&[]);
        plans.take_up()?;
        Ok(plans)
    }

    /// The plans as they are in force at this moment.
    pub fn now(&self) -> Arc<Vec<Plan>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads what has been published and entered since, here or by another process.
    pub fn take_up(&self) -> Result<(), Fault> {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_new = false;
        for book in books.iter_mut() {
            is_new |= book.read()?;
        }
        if is_new {
            self.put_in_force(&books);
        }
        Ok(())
    }

    fn put_in_force(&self, books: &[Published]) {
        let plans = self.given.iter().chain(books.iter().flat_map(|book| &book.plans)).cloned().collect();
        let events: Vec<EventEntered> = books.iter().flat_map(|book| book.events.clone()).collect();
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(in_force(plans, &events));
    }
}

impl Published {
    /// Reads the book and says whether anything is new there.
    fn read(&mut self) -> Result<bool, Fault> {
        let mut found = (Vec::new(), Vec::new());
        self.book.transact(Mode::Read, &mut |tx| {
            found = (tx.published_plans()?, tx.entered_events()?);
            Ok(())
        })?;
        let (plans, events) = found;
        let seen = (plans.iter().map(|row| (row.plan.clone(), row.version)).collect(), events.len());
        if self.seen == seen {
            return Ok(false);
        }
        self.plans = plans.iter().filter_map(|row| self.readable(row)).collect();
        self.events = standing_events(events).into_iter().map(happened).collect();
        self.seen = seen;
        Ok(true)
    }

    fn readable(&self, row: &PublishedPlan) -> Option<Plan> {
        match plan::read(&row.text) {
            Ok(plan) if plan.pool == self.pool => Some(plan),
            Ok(_) => {
                tracing::error!(plan = row.plan, version = row.version, "a published plan is another pool's");
                None
            }
            Err(problems) => {
                let first = problems.first().map_or("", |problem| &problem.text);
                tracing::error!(plan = row.plan, version = row.version, first, "a published plan cannot be read");
                None
            }
        }
    }
}

fn happened(row: EnteredEvent) -> EventEntered {
    EventEntered { plan: row.plan, event: row.event, at: row.at }
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
