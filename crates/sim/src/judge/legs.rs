//! The legs of a transfer (转院各段): where the pool makes up the difference of their deductibles, who arrived is settled after the
//! hospital that was left (decision 19, P-12).

use crate::judge::Wrong;
use crate::judge::actuary::Actuary;
use crate::judge::priced::Account;
use crate::judge::row::{Row, wrong_of};
use crate::life::EventId;
use crate::world::{Met, World};

/// Judges in which order one person's legs were settled first.
pub(super) fn judge(world: &World<'_>, actuary: &Actuary<'_>, account: &Account<'_>, wrong: &mut Vec<Wrong>) {
    let firsts = account.rows.iter().enumerate().filter(|(at, row)| row.first == *at && !row.part);
    for (at, row) in firsts {
        for leg in actuary.legs_before(row.event) {
            if waits(world, leg) && !account.rows[..at].iter().any(|before| ends(before, leg)) {
                let setl_id = &row.booked.settlement.setl_id;
                wrong.push(wrong_of(row, format!("{setl_id} was settled before {leg:?}, from which the patient came")));
            }
        }
    }
}

/// Whether a leg is settled at its hospital at all.
fn waits(world: &World<'_>, leg: EventId) -> bool {
    let Some(case) = world.cases.get(&leg) else { return false };
    let is_left = matches!(
        case.met,
        Some(Met::ToClaim { .. } | Met::NoRoute { .. } | Met::TooLate { .. } | Met::SelfPays { .. })
    );
    !is_left && case.is_settled()
}

/// Whether a settlement is that of the leg's discharge, or a part that took all of it.
fn ends(row: &Row<'_>, leg: EventId) -> bool {
    row.event.id == leg && (!row.part || row.lines.len() == row.event.lines.len())
}
