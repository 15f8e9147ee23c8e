//! Cancellation (结算撤销): 2103 purchases, 2208 visits, 2305 stays; and what 2601 undoes.
//!
//! A cancellation is a row of its own with the mirror of the postings; running totals and account go
//! back. Settlements after it stand as they are (`decisions` 8) and are named in a remark.

use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::encounter::settling_infno;
use crate::facts::person;
use crate::outage::{matching, settling};
use crate::policies::Policies;
use crate::settlement::{premises, reply, standing_for};
use yibao_domain::money::Money;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_store::Tx;
use yibao_store::encounter::Setting;
use yibao_store::message::MessageKey;
use yibao_store::settlement::{Settlement, SettlementRow};

/// Settlements after the cancelled one that a remark names.
const NAMED_MAX: usize = 5;

/// 2103 (药店结算撤销).
pub(crate) fn purchase(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    cancel(tx, call, policies, Setting::Pharmacy)
}

/// 2208 (门诊结算撤销).
pub(crate) fn visit(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    cancel(tx, call, policies, Setting::Outpatient)
}

/// 2305 (住院结算撤销).
pub(crate) fn stay(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    cancel(tx, call, policies, Setting::Inpatient)
}

fn cancel(tx: &mut dyn Tx, call: &Call, policies: &Policies, setting: Setting) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let mdtrt_id = fields.demand("mdtrt_id")?;
    let of = encounter::of_message(tx, call, mdtrt_id, fields.text("psn_no"))?;
    encounter::must_be(&of, setting)?;
    let setl_id = fields.demand("setl_id")?;
    let rounds = tx.settlements_of(mdtrt_id)?;
    let Some(named) = rounds.iter().find(|row| row.settlement.setl_id == setl_id) else {
        let text = format!("就诊ID {mdtrt_id} 没有结算ID setl_id {setl_id} 的结算；请核对");
        return Err(Refusal::new(Code::NotFound, text).into());
    };
    let Some(standing) = standing_for(&rounds, &named.settlement) else {
        let text = format!("结算ID {setl_id} 已撤销，无需重复撤销");
        return Err(Refusal::new(Code::WrongState, text).into());
    };
    must_be_the_latest_part(&rounds, &standing.settlement)?;
    let balance = matching::cancel(tx, call, policies, &standing.settlement)?;
    let settled = Settlement { setl_id: setl_id.to_owned(), ..standing.settlement.clone() };
    let person = person::facts(tx, &settled.psn_no, &[])?.person;
    let output = reply::cancelled(&settled, &person, &call.msgid, call.now, balance);
    let done = Done::with(output).effect(standing.settlement.setl_id.as_str());
    Ok(match later_settlements(tx, &standing.settlement)? {
        Some(remark) => done.remark(remark),
        None => done,
    })
}

/// Undoes a settlement for 2601, with a remark on those after it; nothing is left to do where it was
/// cancelled before.
pub(crate) fn undo_settlement(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    setl_id: &str,
    psn_no: &str,
) -> Result<Option<String>, Stop> {
    let row = of_person(tx, setl_id, psn_no)?;
    let rounds = tx.settlements_of(&row.settlement.mdtrt_id)?;
    let Some(standing) = standing_for(&rounds, &row.settlement) else { return Ok(None) };
    must_be_the_latest_part(&rounds, &standing.settlement)?;
    matching::cancel(tx, call, policies, &standing.settlement)?;
    later_settlements(tx, &standing.settlement)
}

/// Undoes a cancellation for 2601: the same amounts stand again, as a new round. Nothing is put back
/// where they stand already, or where the settling message was itself reversed and may have no effect.
pub(crate) fn undo_cancellation(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    setl_id: &str,
    psn_no: &str,
) -> Result<Option<String>, Stop> {
    let cancelled = of_person(tx, setl_id, psn_no)?.settlement;
    let rounds = tx.settlements_of(&cancelled.mdtrt_id)?;
    if standing_for(&rounds, &cancelled).is_some() {
        return Ok(None);
    }
    let settled_by = settling_message(tx, &cancelled)?;
    if tx.message_reversal(&settled_by)?.is_some() {
        return Ok(Some(format!("结算ID {setl_id} 的结算报文已冲正，不再恢复")));
    }
    let serials = lines_as_they_were(tx, &cancelled, &rounds)?;
    let person = person::facts(tx, &cancelled.psn_no, &[])?;
    let balance = person.balance.unwrap_or_default();
    if balance < cancelled.acct_pay {
        let text =
            format!("个人账户余额 {balance} 不足以恢复结算ID {setl_id} 的账户支付 {}；请重新结算", cancelled.acct_pay);
        return Err(Refusal::new(Code::WrongState, text).into());
    }
    let round = i64::try_from(rounds.len()).expect("few rounds") + 1;
    let again = Settlement {
        setl_id: crate::settlement::new_id(tx, policies, call)?,
        round,
        restores: cancelled.root().to_owned(),
        setl_time: call.now,
        balc: balance.minus(cancelled.acct_pay),
        ..cancelled
    };
    settling::restore(tx, call, policies, &person, &again, &serials)?;
    Ok(Some(format!("结算ID {} 已恢复有效", again.root())))
}

/// The free lines that the cancelled settlement had taken. Refuses where visit, stay or lines are not
/// what they were when it was made: the same amounts would then be wrong.
fn lines_as_they_were(tx: &mut dyn Tx, cancelled: &Settlement, rounds: &[SettlementRow]) -> Result<Vec<String>, Stop> {
    let of = tx.encounter(&cancelled.mdtrt_id)?;
    let same_days = of.is_some_and(|of| {
        of.begntime.date() == cancelled.begndate
            && of.endtime.is_none_or(|end| cancelled.mid_stay || end.date() == cancelled.enddate)
    });
    let part_of_stay = cancelled.mid_stay || rounds.iter().any(|row| row.settlement.mid_stay);
    let built_upon = part_of_stay && rounds.iter().any(|row| row.stands() && row.settlement.round > cancelled.round);
    let batch = cancelled.chrg_bchno.as_str();
    let mut free = tx.fee_lines(&cancelled.mdtrt_id)?;
    free.retain(|line| line.setl_id.is_empty());
    free.retain(|line| batch.is_empty() || line.chrg_bchno.is_empty() || line.chrg_bchno == batch);
    let same_split = Money::sum(free.iter().map(|line| line.fulamt_ownpay_amt)) == cancelled.fulamt_ownpay_amt
        && Money::sum(free.iter().map(|line| line.overlmt_amt)) == cancelled.overlmt_selfpay
        && Money::sum(free.iter().map(|line| line.preselfpay_amt)) == cancelled.preselfpay_amt
        && Money::sum(free.iter().map(|line| line.inscp_scp_amt)) == cancelled.inscp_scp_amt;
    if same_days && !built_upon && !free.is_empty() && same_split {
        return Ok(free.into_iter().map(|line| line.feedetl_sn).collect());
    }
    let text = format!("结算ID {} 撤销后就诊日期、明细或结算已变动，不能冲正撤销；请重新结算", cancelled.setl_id);
    Err(Refusal::new(Code::WrongState, text).into())
}

/// The key of the message that settled: the platform's own, where it made one in the provider's name, else the provider's.
fn settling_message(tx: &mut dyn Tx, settled: &Settlement) -> Result<MessageKey, Stop> {
    let of = tx.encounter(&settled.mdtrt_id)?;
    let infno = settling_infno(of.map_or(Setting::Outpatient, |of| of.setting));
    let key = |party| MessageKey::new(party, &settled.msgid, infno);
    let own = key(Party::platform(&settled.fixmedins_code));
    Ok(if tx.message(&own)?.is_some() { own } else { key(Party::provider(&settled.fixmedins_code)) })
}

fn of_person(tx: &mut dyn Tx, setl_id: &str, psn_no: &str) -> Result<SettlementRow, Stop> {
    let found = tx.settlement(setl_id)?;
    let fits = |row: &SettlementRow| psn_no.is_empty() || row.settlement.psn_no == psn_no;
    found
        .filter(fits)
        .ok_or_else(|| Refusal::new(Code::NotYours, "人员编号 psn_no 与原报文的人员不符；请核对后重新冲正").into())
}

/// Parts of a stay are cancelled latest first, since a later part builds on what an earlier one met.
fn must_be_the_latest_part(rounds: &[SettlementRow], standing: &Settlement) -> Result<(), Stop> {
    let later = rounds.iter().find(|row| row.stands() && standing.mid_stay && row.settlement.round > standing.round);
    let Some(later) = later else { return Ok(()) };
    Err(Refusal::new(
        Code::WrongState,
        format!("该次住院其后还有结算(结算ID {})；请从最后一次结算起依次撤销", later.settlement.setl_id),
    )
    .into())
}

/// The remark that names the person's later settlements of the year, which stand as they are.
fn later_settlements(tx: &mut dyn Tx, cancelled: &Settlement) -> Result<Option<String>, Stop> {
    let mut later = premises::later_of_year(tx, cancelled)?;
    if later.is_empty() {
        return Ok(None);
    }
    let and_more = if later.len() > NAMED_MAX { "等多笔" } else { "" };
    later.truncate(NAMED_MAX);
    Ok(Some(format!(
        "该人员本年度其后还有结算 {}{and_more}，其金额未变；如需按撤销后的累计重算，请撤销后重新结算",
        later.join("、")
    )))
}
