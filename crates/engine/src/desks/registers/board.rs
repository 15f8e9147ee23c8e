//! The cutover board (切换看板): what is open now and next, how large the registers are, and whether the sum closes.

use crate::desks::registers::Registers;
use crate::desks::registers::instant::{self, InvariantLine};
use crate::desks::registers::list::{ListFilter, each};
use crate::outage::later;
use crate::policies::Policies;
use crate::register::problem::NotDone;
use crate::register::{Actor, subject};
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Pattern, Plan, Question, RegisterKind, Window, plan_named};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Bucket, ClosingSum, NO_PLAN, State};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// Sizes of a part of the registers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sizes {
    /// The closing sum.
    pub sum: ClosingSum,
    /// Unfinished, with a deadline that is still ahead.
    pub due: u64,
    /// Unfinished, with a deadline that has passed.
    pub overdue: u64,
    /// The next deadline of what is unfinished.
    pub next_due: Option<DateTime>,
    /// What was charged for what is in the sum and not withdrawn; where only lines were stated, what they come to.
    pub charged: Money,
    /// What funds and account have paid in the end.
    pub refunded: Money,
    /// Settled, with a refund that nobody has signed for.
    pub to_hand_back: u64,
    /// What funds and account pay of those.
    pub to_hand_back_sum: Money,
}

/// One business on the board.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BusinessLine {
    /// The business.
    pub business: Business,
    /// Its Chinese name.
    pub name: String,
    /// Whether it is closed now, for an ordinary local person.
    pub closed: bool,
    /// Its window, in words; empty where nothing closes it.
    pub window: String,
    /// When its state changes next, where that is known.
    pub next: Option<DateTime>,
    /// Those for whom it is closed now or will be, at other times than for an ordinary local person.
    pub apart: Vec<Apart>,
    /// Its entries.
    pub sizes: Sizes,
}

/// A business on the board for those who are named for themselves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Apart {
    /// Who they are, in Chinese.
    pub whom: String,
    /// Whether it is closed for them now.
    pub closed: bool,
    /// When that changes next, where it is known.
    pub next: Option<DateTime>,
}

/// One provider on the board; the code is empty for the agency's own entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProviderLine {
    /// Its code.
    pub fixmedins_code: String,
    /// Its name.
    pub name: String,
    /// Its entries, without the notice.
    pub sizes: Sizes,
    /// Where the posting of the notice stands; `None` where it has no entry.
    pub notice: Option<State>,
}

/// The board of a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Board {
    /// The plan's id.
    pub plan: String,
    /// Its title.
    pub title: String,
    /// The moment it shows.
    pub at: DateTime,
    /// Every business that the plan names or that has entries, by name.
    pub businesses: Vec<BusinessLine>,
    /// Every register that plans govern, or that none does, in the order of the table.
    pub registers: Vec<(RegisterKind, Sizes)>,
    /// Providers with entries, by code; a provider sees its own line.
    pub providers: Vec<ProviderLine>,
    /// What has to be zero at an instant that is near or past.
    pub invariants: Vec<InvariantLine>,
    /// All registers together; what is owed was charged by the care's own entry and is not in its amounts again.
    pub total: Sizes,
}

impl Registers<'_> {
    /// How many settled entries of each register wait for somebody to sign for a refund: of one's own, or of the pool's.
    pub fn to_hand_back(&self, by: &Actor) -> Result<BTreeMap<RegisterKind, u64>, NotDone> {
        let by = by.clone();
        self.read(by.party(), move |tx, policies| {
            let mut counts = BTreeMap::new();
            for plan in policies.plans().iter() {
                let rows = tx.count_entries(&plan.name_in(&policies.pool.pool))?;
                let own = |code: &str| !by.role.keeps_to_its_own() || code == by.fixmedins_code;
                for row in rows.into_iter().filter(|row| row.to_hand_back > 0 && own(&row.fixmedins_code)) {
                    *counts.entry(row.kind).or_default() += row.to_hand_back;
                }
            }
            Ok(counts)
        })
        .wait()
    }

    /// The board of a plan in force, or under [`NO_PLAN`] that of ordinary work: all of it for the agency, its own part for a provider.
    pub fn board(&self, by: &Actor, now: DateTime, plan: &str) -> Result<Board, NotDone> {
        let (by, plan) = (by.clone(), plan.to_owned());
        self.read(by.party(), move |tx, policies| board(tx, policies, &by, now, &plan)).wait()
    }
}

#[derive(Default)]
struct Tally {
    businesses: BTreeMap<Business, Sizes>,
    registers: BTreeMap<RegisterKind, Sizes>,
    providers: BTreeMap<String, Sizes>,
    notices: BTreeMap<String, State>,
    total: Sizes,
}

impl Tally {
    /// Lets `change` count wherever something of this business, register and provider counts.
    fn each(&mut self, business: &Business, kind: RegisterKind, provider: &str, change: impl Fn(&mut Sizes)) {
        change(self.registers.entry(kind).or_default());
        // A debt is of care that its business counts already.
        if kind != RegisterKind::NotEntitled {
            change(self.businesses.entry(business.clone()).or_default());
        }
        if kind != RegisterKind::Publicity {
            change(self.providers.entry(provider.to_owned()).or_default());
        }
        change(&mut self.total);
    }
}

fn board(tx: &mut dyn Tx, policies: &Policies, by: &Actor, now: DateTime, plan: &str) -> Result<Board, NotDone> {
    let plans = policies.plans();
    let id = plan;
    let plan = plan_named(&plans, &policies.pool.pool, id);
    if plan.is_none() && id != NO_PLAN {
        return Err(NotDone::refused(Code::NotFound, format!("现行方案中没有 {id}；请核对方案编号")));
    }
    let mut tally = Tally::default();
    let own = |code: &str| !by.role.keeps_to_its_own() || code == by.fixmedins_code;
    for row in tx.count_entries(id)?.into_iter().filter(|row| own(&row.fixmedins_code)) {
        // What is recorded beside the promise is not in the sum, neither are its costs, and what was withdrawn costs nothing;
        // what is owed for care was charged by the care's own entry.
        let counts = !matches!(row.state.bucket(), Bucket::Outside | Bucket::Withdrawn);
        let has_costs = counts && row.kind != RegisterKind::NotEntitled;
        tally.each(&row.business, row.kind, &row.fixmedins_code, |sizes| {
            sizes.sum.add(row.state, row.count);
            if has_costs {
                sizes.charged = sizes.charged.plus(row.charged);
                sizes.refunded = sizes.refunded.plus(row.refunded);
                sizes.to_hand_back += row.to_hand_back;
                sizes.to_hand_back_sum = sizes.to_hand_back_sum.plus(row.to_hand_back_sum);
            }
        });
        if row.kind == RegisterKind::NotEntitled && counts {
            let owed = tally.registers.entry(row.kind).or_default();
            owed.charged = owed.charged.plus(row.charged);
        }
        if row.kind == RegisterKind::Publicity {
            tally.notices.insert(row.fixmedins_code, row.state);
        }
    }
    for entry in later::marked(tx, None, Some(id))?.into_iter().filter(|entry| own(&entry.fixmedins_code)) {
        let sizes = |sizes: &mut Sizes| sizes.sum.add_awaiting_order();
        tally.each(&entry.business, entry.kind, &entry.fixmedins_code, sizes);
    }
    let waiting = ListFilter { plan: Some(id.to_owned()), bucket: Some(Bucket::Waiting), ..ListFilter::default() };
    each(tx, policies, by, now, &waiting, &mut |row| {
        let Some(due) = row.due.moment() else { return };
        tally.each(&row.entry.business, row.entry.kind, &row.entry.fixmedins_code, |sizes| {
            if row.overdue {
                sizes.overdue += 1;
            } else {
                sizes.due += 1;
            }
            sizes.next_due = Some(sizes.next_due.map_or(due, |known| known.min(due)));
        });
    })?;
    let mut providers = Vec::new();
    let codes: BTreeSet<String> = tally.providers.keys().chain(tally.notices.keys()).cloned().collect();
    for code in codes {
        let name = match code.as_str() {
            "" => subject::agency_name(policies),
            code => tx.provider(code)?.map_or(String::new(), |provider| provider.fixmedins_name),
        };
        let sizes = tally.providers.remove(&code).unwrap_or_default();
        let notice = tally.notices.get(&code).copied();
        providers.push(ProviderLine { name, sizes, notice, fixmedins_code: code });
    }
    let rules = plan.map(|plan| plan.rules.as_slice()).unwrap_or_default();
    let named = rules.iter().flat_map(|rule| &rule.businesses).filter_map(|pattern| match pattern {
        Pattern::All => None,
        Pattern::Under(business) => Some(business.clone()),
    });
    // The registers' own names for incidents, notices and questions are no business that could be closed.
    let own_name = Business::named("outage");
    let businesses: BTreeSet<Business> =
        named.chain(tally.businesses.keys().cloned()).filter(|business| !business.is_within(&own_name)).collect();
    let line = |business: Business| line(policies, plan, business, now, &mut tally.businesses);
    let invariants = match plan {
        Some(plan) => instant::lines(tx, policies, plan, by, now)?,
        None => Vec::new(),
    };
    Ok(Board {
        plan: id.to_owned(),
        title: plan.map_or_else(|| "日常业务".to_owned(), |plan| plan.title.clone()),
        at: now,
        businesses: businesses.into_iter().map(line).collect(),
        registers: policies
            .work
            .kinds
            .iter()
            .filter(|kind| kind.is_of_outage() == plan.is_some())
            .map(|kind| (*kind, tally.registers.get(kind).cloned().unwrap_or_default()))
            .collect(),
        providers,
        invariants,
        total: tally.total,
    })
}

fn line(
    policies: &Policies,
    plan: Option<&Plan>,
    business: Business,
    now: DateTime,
    sizes: &mut BTreeMap<Business, Sizes>,
) -> BusinessLine {
    let question = Question { care_pool: Some(policies.pool.pool.clone()), ..Question::about(business.clone()) };
    let closings = plan.map(|plan| plan.closings(&question)).unwrap_or_default();
    let own_name = || policies.businesses.get(&business).cloned().unwrap_or_else(|| business.to_string());
    let standing = closings.iter().find(|closing| closing.window.contains(now));
    let coming = closings.iter().filter(|closing| now < closing.window.closes).min_by_key(|c| c.window.closes);
    let shown = standing.or(coming).or_else(|| closings.last());
    BusinessLine {
        name: plan.map_or_else(own_name, |plan| plan.name_of(&business).to_owned()),
        closed: standing.is_some(),
        window: shown.map_or(String::new(), |closing| closing.window.name()),
        next: match (standing, coming) {
            (Some(standing), _) => standing.window.reopens.moment(),
            (None, coming) => coming.map(|closing| closing.window.closes.at),
        },
        apart: plan
            .map(|plan| plan.closed_apart(&question))
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(whom, windows)| apart(whom, &windows, now))
            .collect(),
        sizes: sizes.remove(&business).unwrap_or_default(),
        business,
    }
}

/// How a business stands for those whom these windows close it for; nothing where all of them are over.
fn apart(whom: String, windows: &[Window], now: DateTime) -> Option<Apart> {
    let standing: Vec<&Window> = windows.iter().filter(|window| window.contains(now)).collect();
    if let Some(last) = standing.iter().map(|window| &window.reopens).max() {
        return Some(Apart { whom, closed: true, next: last.moment() });
    }
    let closes = windows.iter().map(|window| window.closes.at).filter(|closes| now < *closes).min()?;
    Some(Apart { whom, closed: false, next: Some(closes) })
}
