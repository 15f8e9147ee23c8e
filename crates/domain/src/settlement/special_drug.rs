//! Special drugs (单行支付、高值药品) and pharmacy purchases (`decisions` 39, 45).

use super::basic;
use super::disease::qualified_for_special_drugs;
use super::totals::RunningTotal;
use super::working::Working;
use crate::money::{Money, Rate};
use crate::refusal::{Code, Refusal};
use crate::settlement::care_kind::CareKind;

/// Works out a purchase. Ordinary lines are the person's; special drugs are paid at a ratio, within
/// their sub-cap and the room in the annual basic cap.
pub(super) fn pay(work: &mut Working) -> Result<(), Refusal> {
    let (case, rules) = (work.case, &work.rules.special_drug);
    let alone = case.kind == CareKind::SpecialDrug;
    let Some(ratio) = rules.ratio.as_ref() else {
        if alone {
            let text = format!("本统筹区{}无特药待遇，谈判药品按乙类随门诊或住院结算", case.scheme.name());
            return Err(Refusal::new(Code::NotProvided, text));
        }
        work.say("药店购药：基金不支付，由账户和现金支付".to_owned());
        return Ok(());
    };
    let (single, high) = (case.bill.single_payment.in_scope, case.bill.high_value.in_scope);
    if single == Money::ZERO && high == Money::ZERO {
        work.say("无特药明细：基金不支付，由账户和现金支付".to_owned());
        return Ok(());
    }
    if alone && !case.provider.supplies_special_drugs {
        return Err(Refusal::new(Code::ProviderKind, "本机构不是特药供药机构，请到供药机构购药"));
    }
    let qualified = qualified_for_special_drugs(work);
    if !qualified && !alone {
        work.say("特药未经认定：基金不支付，由账户和现金支付".to_owned());
        return Ok(());
    }
    if !qualified {
        let text = format!("购药日{}无有效的特药资格，请先办理特药认定备案，认定日起的费用可支付", case.day);
        return Err(Refusal::new(Code::NotQualified, text));
    }
    let ratio = *work.used(ratio);
    pay_drugs(work, single, high, ratio);
    Ok(())
}

fn pay_drugs(work: &mut Working, single: Money, high: Money, ratio: Rate) {
    let sub_cap = work.given(&work.rules.special_drug.single_payment_cap).copied();
    let sub_room = sub_cap.map(|cap| cap.less(work.total(RunningTotal::SinglePaymentPaid)));
    let basic_room = basic::payment_room(work, ratio);
    let within = |amount: Money, room: Option<Money>| room.map_or(amount, |room| amount.min(room));
    let single_paid = within(within(single.share(ratio), sub_room), basic_room);
    let high_room = basic_room.map(|room| room.less(single_paid));
    let high_paid = within(high.share(ratio), high_room);
    let paid = single_paid.plus(high_paid);
    let in_scope = single.plus(high);
    work.ratio = ratio;
    work.add(RunningTotal::SinglePaymentPaid, single_paid);
    work.add(RunningTotal::BasicPaid, paid);
    if paid > Money::ZERO {
        work.add(RunningTotal::BasicCost, paid.unshare(ratio).min(in_scope));
    }
    let rooms = [sub_room.filter(|_| single > Money::ZERO), basic_room];
    let room = rooms.into_iter().flatten().min();
    let limit = room.map_or_else(String::new, |room| format!("，限额余额{room}"));
    let pool = work.pool();
    let explanation = format!("单行支付药品{single}、高值药品{high}，×{ratio}{limit}，支付{paid}");
    work.pay(pool, paid, in_scope, room, explanation);
}
