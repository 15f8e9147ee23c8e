//! The pool's share under the annual basic cap (`decisions` 21, 24, 25), then the tiers above it.

use super::decision::DeductibleTaken;
use super::rules::{CapOn, Cover};
use super::tiers;
use super::totals::RunningTotal;
use super::working::Working;
use crate::money::{Money, Rate};

/// Room in the annual basic cap before this settlement. `None`: the pool has no cap.
pub(super) fn room(work: &mut Working) -> Option<Money> {
    let cap = work.given(&work.rules.inpatient.annual_cap)?;
    let used = match cap.on {
        CapOn::Payment => RunningTotal::BasicPaid,
        CapOn::Cost => RunningTotal::BasicCost,
    };
    Some(cap.amount.less(work.total(used)))
}

/// The same room in terms of payment, for drugs that are paid at a ratio of their own.
pub(super) fn payment_room(work: &mut Working, ratio: Rate) -> Option<Money> {
    let room = room(work)?;
    let on = work.given(&work.rules.inpatient.annual_cap).map(|cap| cap.on);
    Some(if on == Some(CapOn::Cost) { room.share(ratio) } else { room })
}

/// Pool and tiers of a stay or of special-disease care. `due` is the deductible before it is met.
pub(super) fn pay(work: &mut Working, cover: Cover, due: DeductibleTaken, ratio: Rate) {
    let in_scope = work.case.bill.parts().in_scope;
    let room = room(work);
    work.ratio = ratio;
    if room == Some(Money::ZERO) {
        work.deductible = DeductibleTaken { this_time: Money::ZERO, met: Money::ZERO, ..due };
        work.say("年度封顶线已用完：本次不扣起付线，统筹基金不支付".to_owned());
        tiers::pay(work, cover, in_scope);
        return;
    }
    let met = in_scope.min(due.this_time);
    work.deductible = DeductibleTaken { met, ..due };
    let base = in_scope.minus(met);
    let share = pool_share(work, base, ratio, room);
    let pool = work.pool();
    let capped =
        if share.beyond > Money::ZERO { format!("，封顶线余额{}", share.room_text()) } else { String::new() };
    let explanation = format!("（{in_scope}－起付线{met}）×{ratio}{capped}，支付{}", share.paid);
    work.pay(pool, share.paid, in_scope, room, explanation);
    work.add(RunningTotal::BasicPaid, share.paid);
    work.add(RunningTotal::BasicCost, share.consumed);
    tiers::pay(work, cover, share.beyond);
}

/// The pool's share of a base, and the cost that it consumed.
struct PoolShare {
    paid: Money,
    consumed: Money,
    beyond: Money,
    room: Option<Money>,
}

impl PoolShare {
    fn room_text(&self) -> String {
        self.room.map_or_else(|| "不限".to_owned(), |room| room.to_string())
    }
}

fn pool_share(work: &mut Working, base: Money, ratio: Rate, room: Option<Money>) -> PoolShare {
    let full = base.share(ratio);
    let on = work.given(&work.rules.inpatient.annual_cap).map(|cap| cap.on);
    let (paid, consumed) = match (room, on) {
        (Some(room), Some(CapOn::Cost)) => {
            let consumed = base.min(room);
            (consumed.share(ratio), consumed)
        }
        (Some(room), _) if full > room => (room, room.unshare(ratio).min(base)),
        _ => (full, base),
    };
    PoolShare { paid, consumed, beyond: base.minus(consumed), room }
}
