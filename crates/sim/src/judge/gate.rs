//! The gates (闸口): nothing was settled while the notice closed it, nothing was refused as closed without a window, and what the
//! notice leaves to another way was not settled at the provider.

use crate::faults::CLOCKS_DIFFER;
use crate::judge::Wrong;
use crate::judge::priced::Account;
use crate::judge::row::wrong_of;
use crate::judge::rows::question;
use crate::judge::ways::{closings, frozen, goes_elsewhere, way_back};
use crate::life::Event;
use crate::world::World;
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::{Business, Plan, Question};

/// Judges when one person's events were settled and refused.
pub(super) fn judge(
    world: &World<'_>,
    plans: &[Plan],
    account: &Account<'_>,
    events: &[&Event],
    wrong: &mut Vec<Wrong>,
) {
    for (at, row) in account.rows.iter().enumerate() {
        let asked = question(world, row.event);
        if row.first == at && is_closed(plans, &asked, row.recorded_at()) {
            wrong.push(wrong_of(row, format!("{} was settled while closed", row.booked.settlement.setl_id)));
        }
        let gone = row.cancelled_at();
        if let Some((since, gone)) = row.frozen_since.zip(gone).filter(|(since, gone)| since <= gone) {
            let setl_id = &row.booked.settlement.setl_id;
            wrong.push(wrong_of(row, format!("{setl_id} was cancelled at {gone}, and is frozen since {since}")));
        }
        if gone.is_none() && !row.part && goes_elsewhere(plans, &asked, row.event) {
            let text = format!("{} stands, which the notice leaves to another way", row.booked.settlement.setl_id);
            wrong.push(wrong_of(row, text));
        }
    }
    for event in events {
        let asked = question(world, event);
        let taken = world.cases.get(&event.id).into_iter().flat_map(|case| &case.taken);
        for taken in taken.filter(|taken| !OPEN.contains(&taken.infno)) {
            let business = Question { business: business_of(taken.infno, &asked), ..asked.clone() };
            // One of two processes may say that it is not closed yet, or open again.
            let times =
                [taken.sent, taken.heard].map(|at| [at, at.saturating_add(world.office.clocks_differ().seconds())]);
            if times.into_iter().flatten().all(|at| is_closed(plans, &business, at)) {
                let (id, at) = (Some(event.id), Some(taken.sent));
                let what = format!("{} of {:?} was taken at {}, while closed", taken.infno, event.id, taken.sent);
                wrong.push(Wrong { event: id, at, ..Wrong::of(3, event.id.person, what) });
            }
        }
        let met = goes_elsewhere(plans, &asked, event) || way_back(plans, &asked, event).is_some();
        for (at, text) in world.cases.get(&event.id).into_iter().flat_map(|case| &case.closed) {
            let there = |ahead: i64| is_anything_closed(plans, &asked, at.saturating_add(ahead.seconds()));
            let of_before = |ahead: i64| frozen(plans, &asked, event.at, at.saturating_add(ahead.seconds())).is_some();
            if !met && ![0, CLOCKS_DIFFER].into_iter().any(|ahead| there(ahead) || of_before(ahead)) {
                let (id, at) = (Some(event.id), Some(*at));
                let what = format!("{:?} was refused as closed, and nothing was: {text}", event.id);
                wrong.push(Wrong { event: id, at, ..Wrong::of(4, event.id.person, what) });
            }
        }
    }
}

fn is_closed(plans: &[Plan], asked: &Question, at: DateTime) -> bool {
    closings(plans, asked).iter().any(|shut| shut.holds(at))
}

/// What a transaction does, where that is not the settlement of the care.
const AROUND: [(&str, &str); 9] = [
    ("2301", "encounter.fees"),
    ("2302", "encounter.fees"),
    ("2401", "encounter.admission"),
    ("2403", "encounter.admission"),
    ("2404", "encounter.admission"),
    ("2402", "encounter.discharge"),
    ("2405", "encounter.discharge"),
    ("2501A", "filing.transfer"),
    ("2502", "filing.transfer"),
];
/// Transactions that no gate keeps: questions, what only takes back, and registrations, which say not yet of which care they are: it
/// may be of any that is open.
const OPEN: [&str; 5] = ["1101", "5203", "2601", "2201", "2202"];

/// The business of a transaction about care.
fn business_of(infno: &str, asked: &Question) -> Business {
    let around = AROUND.into_iter().find(|(of, _)| *of == infno);
    around.map_or_else(|| asked.business.clone(), |(_, name)| Business::named(name))
}

/// Whether any business that belongs to care is closed.
fn is_anything_closed(plans: &[Plan], asked: &Question, at: DateTime) -> bool {
    of_care(asked).iter().any(|question| is_closed(plans, question, at))
}

/// What care needs to be open: its settlement, and the encounter around it.
pub(crate) fn of_care(asked: &Question) -> Vec<Question> {
    let around = ["encounter.admission", "encounter.fees", "encounter.discharge", "encounter.transfer"];
    let around = around.into_iter().map(|name| Question { business: Business::named(name), ..asked.clone() });
    around.chain([asked.clone()]).collect()
}
