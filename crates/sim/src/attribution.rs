//! Attribution (归因): the clause of the notice, or the numbered decision, that allows each difference between the course with
//! the outage and the one without.
//!
//! What a course leaves out, moves or puts in another order has a reason, looked up in the notice anew ([`reasons`]); what has none
//! is wrong. Against a course in which nothing is left out, each difference of an event is its own reason's or follows from another
//! event of the same person that has one ([`compared`]).

mod by_clause;

pub use by_clause::{ByClause, Heading};

use crate::judge::rows::question;
use crate::judge::ways::{Way, account_stopped, closings, frozen, of_event, waited, way_back};
use crate::judge::{Wrong, gate};
use crate::life::{Event, EventId, Kind};
use crate::world::{Met, World};
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::money::Money;
use yibao_domain::outage::{Plan, Question, RegisterKind, Stood};
use yibao_domain::register::duty_of;
use yibao_store::Fault;

/// Ordinary business counts in the order of settlement.
const ORDER_OF_SETTLEMENT: &str = "决定6";
/// What an outage kept back counts at its care.
const ORDER_OF_CARE: &str = "决定7";
/// The legs of a transfer are settled one after the other.
const ORDER_OF_LEGS: &str = "决定19";
/// Refused for another reason than the outage, and done later.
const OTHER_REFUSAL: &str = "非停机原因";
/// What is cancelled counts as it stood.
const AS_IT_STOOD: &str = "决定8";

/// Insured is who is so on the first day of the care.
const FIRST_DAY: &str = "决定2";

/// What the outage made of an event.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// It is settled by another way, or by none.
    LeftOut,
    /// Its settlement in mid-stay was not made, or the first of its two bills.
    WithoutPart,
    /// It was settled without the personal account.
    WithoutAccount,
    /// It was not cancelled.
    NotCancelled,
    /// It counts at its care.
    PutInOrder,
    /// It was claimed later than the person came for it.
    ClaimedLater,
    /// It was settled anew later than the person came for it.
    AnewLater,
    /// It, or its rest, was not settled any more, because it was found not to be insured meanwhile.
    NotInsured,
    /// It stays as it was made, because the order of the person cannot be put right.
    NotInOrder,
}

impl Change {
    /// In Chinese.
    pub fn name(self) -> &'static str {
        match self {
            Change::LeftOut => "不在本机构结算",
            Change::WithoutPart => "未分次结算",
            Change::WithoutAccount => "未使用个人账户",
            Change::NotCancelled => "未撤销",
            Change::PutInOrder => "按就医时间计入",
            Change::ClaimedLater => "推迟记账",
            Change::AnewLater => "推迟重结",
            Change::NotInsured => "核实不在待遇期",
            Change::NotInOrder => "次序不能更正",
        }
    }
}

/// What allows the change of an event.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reason {
    /// What became of it.
    pub change: Change,
    /// Clauses and decisions.
    pub by: String,
}

/// By event, what allows each of its changes; what nothing allows is wrong.
pub fn reasons(
    world: &World<'_>,
    plans: &[Plan],
    history: &[Event],
    wrong: &mut Vec<Wrong>,
) -> BTreeMap<EventId, Vec<Reason>> {
    let (course, now) = (world.course(), world.office.now());
    let mut found: BTreeMap<EventId, Vec<Reason>> = BTreeMap::new();
    for event in history {
        let (asked, id) = (question(world, event), event.id);
        let mut changes: Vec<(Change, Option<String>)> = Vec::new();
        let case = world.cases.get(&id);
        let self_pays = case.is_some_and(|case| matches!(case.met, Some(Met::SelfPays { .. })));
        let is_less = [&course.without, &course.without_end, &course.without_again].iter().any(|of| of.contains(&id));
        if self_pays && is_less {
            changes.push((Change::NotInsured, not_insured(world, plans, &asked, event)));
        } else if course.without.contains(&id) {
            changes.push((
                Change::LeftOut,
                elsewhere(plans, &asked, event).or_else(|| came_late(world, plans, &asked, event)),
            ));
        }
        if course.without_account.contains(&id) || course.without_account_in_part.contains(&id) {
            let settled = case.into_iter().flat_map(|case| &case.settled).map(|one| one.sent);
            let stopped = settled.filter_map(|at| account_stopped(plans, &asked, at));
            changes.push((Change::WithoutAccount, joined(stopped.flat_map(|shut| shut.clauses().to_vec()))));
        }
        if world.unordered.contains(&id.person) {
            changes.push((Change::NotInOrder, Some(format!("{ORDER_OF_CARE}、{FIRST_DAY}"))));
        } else if let Some(by) = joined(world.frozen(id.person)) {
            changes.push((Change::NotInOrder, Some(format!("{by}、{ORDER_OF_CARE}"))));
        }
        if course.without_part.contains(&id)
            && let Kind::Stay { part: Some(part), .. } = event.kind
            && has_a_part(event, part)
        {
            let leg = || is_before_its_leg(world, event, part).then(|| ORDER_OF_LEGS.to_owned());
            changes.push((Change::WithoutPart, closed_between(plans, &asked, event.at, part).or_else(leg)));
        }
        // Near an outage all comes in one bill, by the hospital's own choice where nothing was closed.
        let came_at_once = case.is_some_and(|case| case.parted == 0 && !case.settled.is_empty());
        if course.without_part.contains(&id) && came_at_once && world.lines_of_first_bill(event).is_some() {
            changes.push((Change::WithoutPart, closed_between(plans, &asked, event.at, event.at)));
        }
        if course.without_cancellation.contains(&id)
            && let Some(cancelled) = event.cancelled
        {
            let by = closed_between(plans, &asked, cancelled, cancelled)
                .or_else(|| elsewhere(plans, &asked, event))
                .or_else(|| frozen(plans, &asked, event.at, now).and_then(|freeze| joined(freeze.clauses.clone())))
                .or_else(|| {
                    was_put_off(world, event, cancelled).then(|| closed_between(plans, &asked, event.at, cancelled))?
                })
                .or_else(|| self_pays.then(|| FIRST_DAY.to_owned()))
                .or_else(|| kept_back(plans, &asked, event, &[], now).map(|by| format!("{by}、{ORDER_OF_CARE}")))
                .or_else(|| was_touched(world, id.person).then(|| AS_IT_STOOD.to_owned()));
            changes.push((Change::NotCancelled, by));
        }
        if course.at_discharge.contains(&id) {
            // Once a plan has ended nothing waits: what was settled before has waited all the same.
            let settled = case.into_iter().flat_map(|case| &case.settled).map(|one| one.at);
            let by = std::iter::once(now).chain(settled).find_map(|at| kept_back(plans, &asked, event, &[], at));
            changes.push((Change::PutInOrder, by.map(|by| format!("{by}、{ORDER_OF_CARE}"))));
        }
        let is_stay = matches!(event.kind, Kind::Stay { .. });
        let came = event.claimed.unwrap_or(event.at);
        if is_stay && course.claimed.contains_key(&id) {
            let leg = world.leg_before(event).map(|_| format!("{ORDER_OF_LEGS}、{ORDER_OF_SETTLEMENT}"));
            changes.push((Change::ClaimedLater, leg));
        } else if let Some(claimed) = course.claimed.get(&id).filter(|claimed| **claimed != came) {
            let kept = kept_back(plans, &asked, event, &[], now).map(|by| format!("{by}、{ORDER_OF_CARE}"));
            let later =
                || closed_between(plans, &asked, came, *claimed).map(|by| format!("{by}、{ORDER_OF_SETTLEMENT}"));
            changes.push((Change::ClaimedLater, kept.or_else(later)));
        }
        // Who only heard nothing sent again within minutes.
        let anew = course.again.get(&id).zip(event.again);
        if let Some((settled, came)) =
            anew.filter(|(settled, came)| **settled > came.saturating_add(jiff::Span::new().hours(1)))
        {
            let later = closed_between(plans, &asked, came, *settled).map(|by| format!("{by}、{ORDER_OF_SETTLEMENT}"));
            let stood = world.cases.get(&id).map(|case| case.stood()).unwrap_or_default();
            let before = stood.split_last().map_or(&[][..], |(_, before)| before);
            let kept = || kept_back(plans, &asked, event, before, now);
            changes.push((Change::AnewLater, later.or_else(|| kept().map(|by| format!("{by}、{ORDER_OF_CARE}")))));
        }
        // Who was put off and never told that anything was closed, was put off by something else, as in any other week; so is a
        // part of a stay that met nothing closed.
        let was_told = world.cases.get(&id).is_some_and(|case| !case.closed.is_empty());
        for (change, by) in changes {
            let put_off = match change {
                Change::WithoutPart => true,
                Change::ClaimedLater | Change::AnewLater => !was_told,
                Change::LeftOut
                | Change::WithoutAccount
                | Change::NotCancelled
                | Change::PutInOrder
                | Change::NotInsured
                | Change::NotInOrder => false,
            };
            match by.or_else(|| put_off.then(|| OTHER_REFUSAL.to_owned())) {
                Some(by) => found.entry(id).or_default().push(Reason { change, by }),
                None => {
                    let what = format!("{id:?}: nothing in the notice allows that it is {}", change.name());
                    wrong.push(Wrong { event: Some(id), at: Some(event.at), ..Wrong::of(3, id.person, what) });
                }
            }
        }
    }
    found
}

/// Whether there was anything to settle in mid-stay, and anything left for the end.
fn has_a_part(event: &Event, part: DateTime) -> bool {
    let due = event.lines.iter().filter(|line| line.at <= part).count();
    let sum: i64 = event.lines[..due].iter().map(crate::life::Line::sum).sum();
    sum != 0 && due < event.lines.len()
}

/// Whether there was nothing to cancel yet.
fn was_put_off(world: &World<'_>, event: &Event, cancelled: DateTime) -> bool {
    let settled = world.cases.get(&event.id).and_then(|case| case.settled.first().map(|first| first.at));
    settled.is_none_or(|settled| cancelled < settled)
}

/// Whether the leg that a stay came from was not settled by then.
fn is_before_its_leg(world: &World<'_>, event: &Event, at: DateTime) -> bool {
    let settled = |leg: &Event| world.cases.get(&leg.id).and_then(|case| case.settled.last().map(|last| last.at));
    world.leg_before(event).is_some_and(|leg| settled(leg).is_none_or(|settled| at < settled))
}

fn joined(clauses: impl IntoIterator<Item = String>) -> Option<String> {
    let clauses: BTreeSet<String> = clauses.into_iter().collect();
    (!clauses.is_empty()).then(|| Vec::from_iter(clauses).join("、"))
}

/// The clauses that leave an event to another way.
fn elsewhere(plans: &[Plan], asked: &Question, event: &Event) -> Option<String> {
    match of_event(plans, asked, event) {
        Way::Elsewhere(shut) => joined(shut.clauses().to_vec()),
        Way::Ordinary | Way::Back(_) => None,
    }
}

/// The clauses that put the settlement of an event off until it was found not to be insured.
fn not_insured(world: &World<'_>, plans: &[Plan], asked: &Question, event: &Event) -> Option<String> {
    let (found, _) = world.cases.get(&event.id)?.not_entitled.last()?;
    let leg = || is_before_its_leg(world, event, *found).then(|| ORDER_OF_LEGS.to_owned());
    let put_off = closed_between(plans, asked, event.at, *found).or_else(leg)?;
    let duties = plans.iter().filter_map(|plan| duty_of(plan, RegisterKind::NotEntitled));
    let duty = joined(duties.flat_map(|duty| duty.clauses.clone()));
    Some([Some(put_off), duty, Some(FIRST_DAY.to_owned())].into_iter().flatten().collect::<Vec<_>>().join("、"))
}

/// The clauses whose deadline nobody has kept; that it was over when he came, the judge of the deadlines says.
fn came_late(world: &World<'_>, plans: &[Plan], asked: &Question, event: &Event) -> Option<String> {
    let is_late = world.cases.get(&event.id).is_some_and(|case| matches!(case.met, Some(Met::TooLate { .. })));
    let shut = way_back(plans, asked, event).filter(|shut| is_late && shut.deadline().is_some())?;
    joined(shut.clauses().to_vec()).map(|by| format!("{by}逾期"))
}

/// The clauses that keep an event back at its provider.
fn kept_back(plans: &[Plan], asked: &Question, event: &Event, stood: &[Stood], now: DateTime) -> Option<String> {
    let waits = || waited(plans, asked, event, stood, now).map(|(shut, _)| shut);
    way_back(plans, asked, event).or_else(waits).and_then(|shut| joined(shut.clauses().to_vec()))
}

/// The clauses by which anything that belongs to care was closed at some time of these.
fn closed_between(plans: &[Plan], asked: &Question, from: DateTime, until: DateTime) -> Option<String> {
    let mut clauses = Vec::new();
    for question in gate::of_care(asked) {
        let met = closings(plans, &question).into_iter().filter(|shut| shut.closes <= until && !shut.is_over(from));
        clauses.extend(met.flat_map(|shut| shut.clauses().to_vec()));
    }
    joined(clauses)
}

/// Whether anything of a person ever waited.
fn was_touched(world: &World<'_>, person: u64) -> bool {
    let all = EventId { person, ordinal: 0 }..=EventId { person, ordinal: u32::MAX };
    // What waited and was found not to be insured in the end is the person's to pay, and had waited all the same.
    world.cases.range(all).any(|(_, case)| match case.met {
        Some(Met::Waited { .. } | Met::TooLate { .. }) => true,
        Some(Met::SelfPays { .. }) => !case.entry.is_empty(),
        _ => false,
    })
}

/// Who pays what of an event, by what stands: by fund, account (`310200`) and the person (`cash`), in fen.
pub type Shares = BTreeMap<String, i64>;

/// What the person pays in cash, among [`Shares`].
pub const CASH: &str = "cash";

/// An event in both courses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// Which.
    pub event: EventId,
    /// The provider.
    pub provider: String,
    /// What was charged, in fen.
    pub charged: i64,
    /// With the outage.
    pub with: Shares,
    /// Without.
    pub without: Shares,
    /// What became of it, and what allows it.
    pub own: Vec<Reason>,
    /// The event of the same person that it follows from, where it differs without a reason of its own.
    pub follows: Option<EventId>,
}

impl Side {
    /// Whether the courses differ.
    pub fn differs(&self) -> bool {
        self.with != self.without
    }

    /// What funds and account pay with the outage and without, in fen.
    pub fn paid(&self) -> (i64, i64) {
        let paid = |of: &Shares| of.iter().filter(|(who, _)| *who != CASH).map(|(_, fen)| *fen).sum();
        (paid(&self.with), paid(&self.without))
    }

    /// The clauses and decisions that allow it; those of the event that it follows from are named by the caller.
    pub fn by(&self) -> String {
        let own: Vec<String> = self.own.iter().map(|one| format!("{}（{}）", one.change.name(), one.by)).collect();
        own.join("，")
    }
}

/// What one clause or decision comes to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// Events.
    pub events: u64,
    /// Persons.
    pub persons: BTreeSet<u64>,
    /// What funds and account paid with the outage, in fen.
    pub with: i64,
    /// Without.
    pub without: i64,
}

/// All events of both courses.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Attribution {
    /// Side by side.
    pub sides: Vec<Side>,
    /// What nothing allows.
    pub wrong: Vec<Wrong>,
}

impl Attribution {
    /// By clause and decision, what differs.
    pub fn lines(&self) -> BTreeMap<String, Line> {
        let mut lines: BTreeMap<String, Line> = BTreeMap::new();
        for side in self.sides.iter().filter(|side| side.differs()) {
            let line = lines.entry(self.by(side)).or_default();
            let (with, without) = side.paid();
            line.events += 1;
            line.persons.insert(side.event.person);
            (line.with, line.without) = (line.with + with, line.without + without);
        }
        lines
    }

    /// What allows the difference of an event.
    pub fn by(&self, side: &Side) -> String {
        let follows = side.follows.and_then(|id| self.sides.iter().find(|other| other.event == id));
        follows.map_or_else(|| side.by(), |other| format!("随同一人另一次就诊变化：{}", other.by()))
    }
}

/// Compares the course with the outage with one in which nothing is left out, event by event and in the sums of the books.
pub fn compared(
    with: &World<'_>,
    without: &World<'_>,
    plans: &[Plan],
    history: &[Event],
) -> Result<Attribution, Fault> {
    let mut all = side_by_side(with, without, plans, history)?;
    adds_up(with, without, &mut all)?;
    Ok(all)
}

/// Compares the events of a history in both courses.
pub fn side_by_side(
    with: &World<'_>,
    without: &World<'_>,
    plans: &[Plan],
    history: &[Event],
) -> Result<Attribution, Fault> {
    let mut all = Attribution::default();
    let mut reasons = reasons(with, plans, history, &mut all.wrong);
    let mut first: BTreeMap<u64, EventId> = BTreeMap::new();
    for id in reasons.keys() {
        first.entry(id.person).or_insert(*id);
    }
    for event in history {
        let mut side = Side {
            event: event.id,
            provider: with.city.places[event.place].code.clone(),
            charged: event.total(),
            with: shares(with, event)?,
            without: shares(without, event)?,
            own: reasons.remove(&event.id).unwrap_or_default(),
            follows: None,
        };
        if side.differs() && side.own.is_empty() {
            side.follows = first.get(&event.id.person).copied();
            if side.follows.is_none() {
                let what = format!("nothing allows {:?} with the outage, {:?} without", side.with, side.without);
                let (id, at) = (Some(event.id), Some(event.at));
                all.wrong.push(Wrong { event: id, at, ..Wrong::of(3, event.id.person, what) });
            }
        }
        all.sides.push(side);
    }
    Ok(all)
}

/// What stands of an event, by who pays.
fn shares(world: &World<'_>, event: &Event) -> Result<Shares, Fault> {
    let mut shares = Shares::new();
    let Some(case) = world.cases.get(&event.id).filter(|case| !case.mdtrt_id.is_empty()) else { return Ok(shares) };
    let rows = world.office.look(|tx| tx.settlements_of(&case.mdtrt_id))?;
    for row in rows.iter().filter(|row| row.stands()) {
        for share in &row.settlement.funds {
            *shares.entry(share.fund_pay_type.clone()).or_default() += share.fund_payamt.as_fen();
        }
        *shares.entry(CASH.to_owned()).or_default() += row.settlement.psn_cash_pay.as_fen();
    }
    shares.retain(|_, fen| *fen != 0);
    Ok(shares)
}

/// What the books differ by, by fund and by provider, is what the events differ by.
fn adds_up(with: &World<'_>, without: &World<'_>, all: &mut Attribution) -> Result<(), Fault> {
    let mut of_events: BTreeMap<String, i64> = BTreeMap::new();
    for side in &all.sides {
        let (paid, paid_without) = side.paid();
        *of_events.entry(format!("provider/receivable/{}", side.provider)).or_default() -= paid - paid_without;
        let funds: BTreeSet<&String> = side.with.keys().chain(side.without.keys()).collect();
        for fund in funds.into_iter().filter(|who| *who != CASH && *who != ACCOUNT) {
            let fen = |shares: &Shares| shares.get(fund).copied().unwrap_or(0);
            *of_events.entry(format!("fund/{fund}")).or_default() += fen(&side.with) - fen(&side.without);
        }
    }
    for (account, fen) in of_events {
        let posted = |world: &World<'_>| world.office.look(|tx| tx.posted(&account));
        let booked = posted(with)?.minus(posted(without)?);
        if booked != Money::fen(fen) {
            let what = format!("{account} differs by {booked} in the books, by {} in the events", Money::fen(fen));
            all.wrong.push(Wrong::of_book(3, what));
        }
    }
    Ok(())
}

/// The personal account among the funds of a settlement.
const ACCOUNT: &str = "310200";
