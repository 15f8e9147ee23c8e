//! Who put a settlement in order (decision 7): the platform by itself only what it entered itself and nobody has been paid for; about
//! whatever else somebody of the agency has decided.

use crate::judge::Wrong;
use crate::judge::priced::Account;
use crate::judge::row::wrong_of;
use crate::world::World;

/// Judges the corrections of one person's settlements.
pub(super) fn judge(account: &Account<'_>, wrong: &mut Vec<Wrong>) {
    let agency = World::agency().signature();
    for (_, row) in account.rows.iter().enumerate().filter(|(at, row)| row.first != *at) {
        let settlement = &row.booked.settlement;
        // Whoever reverses a cancellation has the settlement stand again.
        if settlement.opter_name == agency || row.is_put_back() {
            continue;
        }
        let (setl_id, by) = (&settlement.setl_id, &settlement.opter_name);
        let first = &account.rows[row.first].booked.settlement.setl_id;
        if row.case.settled.iter().any(|told| told.setl_id == *first && told.by != "register") {
            wrong.push(wrong_of(row, format!("{setl_id} puts {first} in order, which its provider settled, by {by}")));
        }
        if row.case.handed.is_some_and(|handed| handed < row.recorded_at()) {
            let what = format!("{setl_id} puts {first} in order after its money was handed back, by {by}");
            wrong.push(wrong_of(row, what));
        }
    }
}
