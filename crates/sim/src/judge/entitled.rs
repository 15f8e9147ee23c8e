//! Entitlement (待遇): what was settled was insured on its first day by all that was known then, and stands though a pause was loaded
//! later; who was refused was not; care that was not insured ends with the person, and what a hospital is owed for it is one debt.

use crate::city::{Citizen, Cover};
use crate::faults::CLOCKS_DIFFER;
use crate::forms::deposit;
use crate::judge::Wrong;
use crate::judge::entries::is_of;
use crate::judge::priced::Account;
use crate::judge::row::wrong_of;
use crate::life::{Event, Kind, Line};
use crate::world::{Case, Met, OPENS, World};
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Entry, State, field};

/// Judges what was and was not insured of one person.
pub(super) fn of_person(
    world: &World<'_>,
    person: &Citizen,
    account: &Account<'_>,
    events: &[&Event],
    entries: &[Entry],
    wrong: &mut Vec<Wrong>,
) {
    let cover = person.cover;
    // What is put right in its order was entitled when it was settled first.
    for row in account.rows.iter().enumerate().filter(|(at, row)| row.first == *at).map(|(_, row)| row) {
        if !near(person, row.event, row.recorded_at()).contains(&true) {
            let setl_id = &row.booked.settlement.setl_id;
            wrong.push(wrong_of(row, format!("{setl_id} was settled for who is not insured: {cover:?}")));
        }
    }
    for event in events {
        let Some(case) = world.cases.get(&event.id) else { continue };
        refusals(person, event, case, wrong);
        opened(person, event, case, wrong);
        let own: Vec<&Entry> = entries.iter().filter(|entry| is_of(world.city, event, entry)).collect();
        ended(world, event, case, &own, entries, wrong);
    }
    debts_of_nobody(world, person, events, entries, wrong);
    if world.unordered.contains(&person.number) && !is_stuck(cover, account) {
        wrong.push(Wrong::of(3, person.number, "the order is not put right, and could be".to_owned()));
    }
}

fn say(event: &Event, at: DateTime, statement: u8, what: String) -> Wrong {
    let what = format!("{:?} of {}: {what}", event.id, event.at);
    Wrong { event: Some(event.id), at: Some(at), ..Wrong::of(statement, event.id.person, what) }
}

/// Whether care was insured at a moment, and at those that clocks may show then.
fn near(person: &Citizen, event: &Event, at: DateTime) -> [bool; 3] {
    [0, CLOCKS_DIFFER, -CLOCKS_DIFFER].map(|by| event.is_entitled(person, at.saturating_add(by.seconds())))
}

/// Whoever was refused was not insured, or not known.
fn refusals(person: &Citizen, event: &Event, case: &Case, wrong: &mut Vec<Wrong>) {
    for (at, text) in &case.not_entitled {
        if !near(person, event, *at).contains(&false) {
            wrong.push(say(event, *at, 3, format!("was refused as not insured, and is: {text}")));
        }
    }
    for (at, text) in &case.unknown {
        if person.cover.is_known(*at) {
            wrong.push(say(event, *at, 3, format!("nobody knew who is enrolled: {text}")));
        }
    }
}

/// Nobody is registered or admitted who is not insured by all that is known then.
fn opened(person: &Citizen, event: &Event, case: &Case, wrong: &mut Vec<Wrong>) {
    for taken in case.taken.iter().filter(|taken| OPENS.contains(&taken.infno)) {
        let at = |by: i64| taken.sent.saturating_add(by.seconds());
        let heard = person.cover.entitles(event.at.date(), taken.heard);
        let is_insured = |by: i64| person.cover.entitles(event.at.date(), at(by));
        if !heard && ![0, CLOCKS_DIFFER, -CLOCKS_DIFFER].into_iter().any(is_insured) {
            wrong.push(say(event, taken.sent, 3, format!("{} was taken for who is not insured", taken.infno)));
        }
    }
}

/// What was not insured ended with the person: its entry, and what is owed where it has not been paid.
fn ended(world: &World<'_>, event: &Event, case: &Case, own: &[&Entry], entries: &[Entry], wrong: &mut Vec<Wrong>) {
    let is_own_to_pay = matches!(case.met, Some(Met::SelfPays { .. }));
    let mut say = |statement, what| wrong.push(say(event, event.at, statement, what));
    if is_own_to_pay && case.not_entitled.is_empty() {
        say(1, "is left to the person, who was never told why".to_owned());
    }
    // What the platform has listed and found to need nothing is done.
    for entry in own.iter().filter(|entry| !matches!(entry.state, State::Withdrawn | State::Done)) {
        let is_self_paid = entry.state == State::SelfPaid;
        if is_own_to_pay != is_self_paid {
            say(1, format!("{} is {:?}, and the event met {:?}", entry.number, entry.state, case.met));
        }
        let of = |debt: &&Entry| debt.kind == RegisterKind::NotEntitled && field::OF_ENTRY.of(*debt) == entry.number;
        let owed: Vec<Money> = entries.iter().filter(of).map(|debt| debt.charged).collect();
        let charged: i64 = event.lines[case.parted..].iter().map(Line::sum).sum();
        // What was paid ahead is not owed.
        let ahead = if field::PREPAYMENT.is_stated(*entry) { deposit(event) } else { 0 };
        let charged = charged - ahead;
        let is_owed = is_self_paid && matches!(event.kind, Kind::Stay { .. }) && charged > 0;
        let must: Vec<Money> = is_owed.then(|| Money::fen(charged)).into_iter().collect();
        if owed != must {
            say(3, format!("for {} {owed:?} is owed and must be {must:?}", entry.number));
        }
    }
    if let Kind::Stay { .. } = event.kind
        && case.parted == 0
        && is_own_to_pay
        && world.is_left_open(event.id)
    {
        say(1, "is left open without a part".to_owned());
    }
}

/// Each debt is of an entry that is still about the person's care.
fn debts_of_nobody(world: &World<'_>, person: &Citizen, events: &[&Event], entries: &[Entry], wrong: &mut Vec<Wrong>) {
    let about = |number: &str| {
        let mut own = entries.iter().filter(|entry| entry.number == number);
        own.any(|entry| events.iter().any(|event| is_of(world.city, event, entry)))
    };
    for debt in entries.iter().filter(|entry| entry.kind == RegisterKind::NotEntitled) {
        if !about(field::OF_ENTRY.of(debt)) {
            wrong.push(Wrong::of(2, person.number, format!("{} is a debt for nobody's care", debt.number)));
        }
    }
}

/// Whether something that stands cannot be made again, because a pause was loaded after it.
fn is_stuck(cover: Cover, account: &Account<'_>) -> bool {
    let Cover::Paused { loaded, .. } = cover else { return false };
    let lasts = |event: &Event| cover.entitles(event.at.date(), loaded);
    account.rows.iter().any(|row| row.cancelled_at().is_none() && row.recorded_at() < loaded && !lasts(row.event))
}
