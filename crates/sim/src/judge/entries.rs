//! The registers (台账) against the settlements: each entry is somebody's, an event's money is refunded by one of its entries, and
//! what was handed back is what was refunded.

use crate::city::City;
use crate::judge::Wrong;
use crate::judge::priced::Account;
use crate::judge::rows::question;
use crate::judge::ways::{Shut, closings, way_back};
use crate::life::{Event, Kind};
use crate::world::{REGISTERED_POOR, World};
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Plan, Question, RegisterKind};
use yibao_domain::register::{Action, Bucket, Entry, Mark, Source, State, field};
use yibao_store::Fault;

/// Whether an entry is about an event: of its person, place and moment.
pub(super) fn is_of(city: &City, event: &Event, entry: &Entry) -> bool {
    let is_the_persons = match entry.psn_no.as_str() {
        "" => entry.certno == city.person(event.id.person).certno,
        psn_no => psn_no == crate::city::psn_no(city.pool.as_str(), event.id.person),
    };
    is_the_persons
        && entry.fixmedins_code == city.places[event.place].code
        && entry.care_from == event.at
        && entry.kind.is_settled()
}

/// Judges the entries of one person's events.
pub(super) fn of_person(
    world: &World<'_>,
    plans: &[Plan],
    account: &Account<'_>,
    events: &[&Event],
    entries: &[Entry],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    for entry in entries.iter().filter(|entry| entry.kind.is_settled() && entry.state != State::Withdrawn) {
        let person = account.person;
        if !events.iter().any(|event| is_of(world.city, event, entry)) {
            wrong.push(Wrong::of(2, person, format!("{} of {} is nobody's care", entry.number, entry.care_from)));
        }
        if entry.state.bucket() == Bucket::Refused && entry.reason.is_empty() {
            wrong.push(Wrong::of(1, person, format!("{} is refused without a reason", entry.number)));
        }
    }
    for event in events {
        let own: Vec<&Entry> = entries.iter().filter(|entry| is_of(world.city, event, entry)).collect();
        once(event, &own, wrong);
        converted_back(world, plans, event, &own, wrong)?;
        reimbursed(world, event, &own, wrong);
        let settled: Vec<&Entry> = own.into_iter().filter(|entry| entry.state == State::Settled).collect();
        settled.iter().for_each(|entry| kept(world, event, entry, entries, wrong));
        let ends = account.standing.iter().find(|(at, _)| {
            let row = &account.rows[**at];
            row.event.id == event.id && !row.part
        });
        let mut say = |what: String| {
            let (id, at) = (Some(event.id), Some(event.at));
            wrong.push(Wrong { event: id, at, ..Wrong::of(3, event.id.person, what) });
        };
        let Some((at, priced)) = ends else {
            settled.iter().for_each(|entry| say(format!("{} is settled, and nothing stands", entry.number)));
            continue;
        };
        let kept_back = way_back(plans, &question(world, event), event).is_some();
        if settled.is_empty() && kept_back {
            say(format!("{:?} was kept back and is in no register", event.id));
        }
        let row = &account.rows[*at];
        let shares = &priced.decision.shares;
        let refunds = shares.funds().plus(shares.account);
        for entry in &settled {
            if entry.setl_id != row.booked.settlement.setl_id {
                let (is, must) = (&entry.setl_id, &row.booked.settlement.setl_id);
                say(format!("{} is settled by {is} and must be by {must}", entry.number));
            }
            let Some(split) = entry.split() else { continue };
            if (split.funds, split.account, split.own) != (shares.funds(), shares.account, shares.cash) {
                let must = (shares.funds(), shares.account, shares.cash);
                say(format!("{} says {split:?} and must say {must:?}", entry.number));
            }
            let handed = field::HANDED_BACK_AT.is_stated(*entry).then(|| entry.handed_back());
            // Once the books are closed everybody who has an entry has come for the money.
            let must_be_handed = world.is_closed && entry.number == row.case.entry;
            // Who had more before his order was put right owes the rest, and the entry says so.
            let owes = row.first != *at && entry.handed_back() > refunds;
            let handed = handed.or((must_be_handed && !owes).then(|| entry.handed_back()));
            if let Some(handed) = handed.filter(|handed| *handed != refunds)
                && entry.kind == RegisterKind::CashVisit
            {
                say(format!("{} has handed back {handed} and must {refunds}", entry.number));
            }
        }
        let refunded = Money::sum(settled.iter().map(|entry| entry.refunded));
        if !settled.is_empty() && refunded != refunds {
            say(format!("the registers refund {refunded} for {:?} and must {refunds}", event.id));
        }
    }
    Ok(())
}

/// A stay that became self-paying is insured again before it is settled (B-02).
fn converted_back(
    world: &World<'_>,
    plans: &[Plan],
    event: &Event,
    own: &[&Entry],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    let fees = Question { business: Business::named("encounter.fees"), ..question(world, event) };
    let shut = closings(plans, &fees);
    let is_settled = |entry: &&&Entry| entry.kind == RegisterKind::StayConversion && entry.state == State::Settled;
    for entry in own.iter().filter(is_settled) {
        let history = world.office.look(|tx| tx.history(&entry.number))?;
        let converted = history.iter().position(|event| event.action == Action::Convert);
        let after = converted.map_or(&[][..], |at| &history[at..]);
        // What could not be settled by a desk is no more in the state that is converted back.
        let is_done = |event: &yibao_domain::register::Event| {
            matches!(event.action, Action::ConvertBack | Action::Fail | Action::Unsettle)
        };
        // Whoever had left by then was settled as he lay, or by what was written down of him.
        let reopened = shut.iter().map(Shut::reopens).max().flatten();
        let lay_there = reopened.is_some_and(|reopened| reopened < event.ended());
        if lay_there && converted.is_some() && !after.iter().any(is_done) {
            let actions: Vec<&str> = history.iter().map(|event| event.action.word()).collect();
            let what = format!("{} is settled and was never converted back: {actions:?}", entry.number);
            let (id, at) = (Some(event.id), Some(event.at));
            wrong.push(Wrong { event: id, at, ..Wrong::of(3, event.id.person, what) });
        }
    }
    Ok(())
}

/// What the agency has paid by hand is what the register says, and nobody is left who waits for it.
fn reimbursed(world: &World<'_>, event: &Event, own: &[&Entry], wrong: &mut Vec<Wrong>) {
    let paid = world.cases.get(&event.id).and_then(|case| case.reimbursed);
    for entry in own.iter().filter(|entry| matches!(entry.state, State::Reimbursed | State::Reimbursing)) {
        let says = Some(entry.refunded).filter(|_| entry.state == State::Reimbursed);
        if world.is_closed && says != paid {
            let what = format!("{} says that {says:?} was reimbursed, and it was {paid:?}", entry.number);
            let (id, at) = (Some(event.id), Some(event.at));
            wrong.push(Wrong { event: id, at, ..Wrong::of(3, event.id.person, what) });
        }
    }
}

/// What is settled says whose it was and until when. A certificate of poverty that no record bears out is marked then, and the
/// agency is asked about it, once (B-11).
fn kept(world: &World<'_>, event: &Event, settled: &Entry, all: &[Entry], wrong: &mut Vec<Wrong>) {
    let person = world.city.person(event.id.person);
    let is_registered = person.attributes_on(event.at.date()).contains(&REGISTERED_POOR);
    let is_doubted = settled.rests_on_certificate() && !is_registered;
    let asks = |entry: &&Entry| {
        entry.kind == RegisterKind::Escalation && entry.source == Source::Worklist && entry.about() == settled.number
    };
    let mut say = |what: String| {
        let (id, at) = (Some(event.id), Some(event.at));
        wrong.push(Wrong { event: id, at, ..Wrong::of(3, event.id.person, what) });
    };
    if matches!(event.kind, Kind::Stay { .. }) && settled.care_until != Some(event.ended()) {
        say(format!("{} ends at {:?} and must at {}", settled.number, settled.care_until, event.ended()));
    }
    // Who is known by a document alone is found out by the desk, before it settles.
    let by_desk =
        world.cases.get(&event.id).and_then(|case| case.settled.last()).is_some_and(|last| last.by == "register");
    let is_known_as = field::ASKED_AS.of(settled).contains(person.psn_type);
    if settled.source == Source::Page && by_desk && !is_known_as {
        let told = field::ASKED_AS.of(settled);
        say(format!("{} keeps “{told}” of its person, who is {}", settled.number, person.psn_type));
    }
    let (is_marked, asked) = (!settled.marked(Mark::Certificate).is_empty(), all.iter().filter(asks).count());
    if (is_marked, asked) != (is_doubted, usize::from(is_doubted)) {
        let number = &settled.number;
        say(format!("{number} is doubted: {is_doubted}; marked: {is_marked}, and asked about {asked} times"));
    }
}

/// An event is once in each register, taken back and refused ones aside.
fn once(event: &Event, own: &[&Entry], wrong: &mut Vec<Wrong>) {
    let mut seen: BTreeMap<RegisterKind, &str> = BTreeMap::new();
    let stays = |entry: &&&Entry| !matches!(entry.state.bucket(), Bucket::Withdrawn | Bucket::Refused);
    for entry in own.iter().filter(stays) {
        if let Some(other) = seen.insert(entry.kind, &entry.number) {
            let what = format!("{:?} is in the register twice: {other} and {}", event.id, entry.number);
            let (id, at) = (Some(event.id), Some(entry.taken_at));
            wrong.push(Wrong { event: id, at, ..Wrong::of(2, event.id.person, what) });
        }
    }
}

/// Entries of persons who had no care at all.
pub(super) fn of_nobody(entries: impl Iterator<Item = Entry>, wrong: &mut Vec<Wrong>) {
    for entry in entries.filter(|entry| entry.kind.is_settled() && entry.state != State::Withdrawn) {
        wrong.push(Wrong::of_book(2, format!("{} of {} is nobody's care", entry.number, entry.care_from)));
    }
}
