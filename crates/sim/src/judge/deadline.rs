//! Deadlines (期限) and the lists of what is open.

use crate::judge::Wrong;
use crate::twins::Setting;
use crate::world::World;
use yibao_domain::outage::Plan;
use yibao_domain::register::Bucket;
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// The sum closes, and what is open is overdue with a reason or has time.
pub(super) fn judge(
    world: &World<'_>,
    _setting: &Setting<'_>,
    plans: &[Plan],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    for plan in plans {
        let registers = world.office.registers();
        let board = registers
            .board(&World::agency(), world.office.now(), &plan.id)
            .map_err(|why| Fault::new("looking at the board", &plan.id, why.to_string()))?;
        if !board.total.sum.closes() {
            let what = format!("the sum of {} does not close: {:?}", plan.id, board.total.sum);
            wrong.push(Wrong::of_book(1, what));
        }
        let filter = EntryFilter { plan: Some(plan.id.clone()), ..EntryFilter::default() };
        let entries = world.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))?;
        for entry in entries.iter().filter(|entry| entry.kind.is_settled()) {
            if entry.state.bucket() == Bucket::Refused && entry.reason.is_empty() {
                wrong.push(Wrong::of_book(1, format!("{} is refused without a reason", entry.number)));
            }
        }
    }
    Ok(())
}
