//! Writes entries: each change one version, one event, and the claim rights that go with the new state.

use crate::register::{Actor, Kept, NotDone};
use std::collections::BTreeSet;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Entry, EntryLine, Event, Stated, claim_keys};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// The field of an event that keeps what is to be looked at.
pub(crate) const REMARK: &str = "remark";

/// An entry that `by` may see. Whether another provider's exists is not told.
pub(crate) fn own_entry(tx: &mut dyn Tx, by: &Actor, number: &str) -> Result<Entry, NotDone> {
    let own = |entry: &Entry| !by.role.keeps_to_its_own() || entry.fixmedins_code == by.fixmedins_code;
    tx.entry(number)?
        .filter(own)
        .ok_or_else(|| NotDone::refused(Code::NotFound, format!("台账号“{number}”不存在或不属于本机构;请核对台账号")))
}

/// Records a new entry with its first event, lines and claims.
pub(crate) fn add(
    tx: &mut dyn Tx,
    by: &Actor,
    entry: &Entry,
    stated: Stated,
    remarks: &[String],
    lines: &[EntryLine],
) -> Result<(), NotDone> {
    let keys = check_claims(tx, None, entry)?;
    tx.add_entry(entry)?;
    take_claims(tx, None, entry, &keys)?;
    if !lines.is_empty() {
        tx.put_entry_lines(&entry.number, lines)?;
    }
    let event = Event {
        seq: 1,
        at: entry.taken_at,
        by: entry.taken_by.clone(),
        actor: by.login.clone(),
        action: Action::Register,
        state: entry.state,
        fields: with_remarks(stated, remarks),
    };
    Ok(tx.add_event(&entry.number, &event)?)
}

/// A step as the history keeps it.
pub(crate) struct Told<'a> {
    /// What was done.
    pub action: Action,
    /// By whom.
    pub by: &'a Actor,
    /// When.
    pub at: DateTime,
    /// What was stated with it.
    pub stated: Stated,
    /// What is to be looked at.
    pub remarks: &'a [String],
}

/// Records a step: the entry as it is now, the event that says why, and its claims.
pub(crate) fn step(tx: &mut dyn Tx, before: &Entry, after: &Entry, told: Told<'_>) -> Result<(), NotDone> {
    let keys = check_claims(tx, Some(before), after)?;
    take_claims(tx, Some(before), after, &keys)?;
    tx.update_entry(after)?;
    let seq = tx.history(&after.number)?.last().map_or(0, |event| event.seq) + 1;
    let event = Event {
        seq,
        at: told.at,
        by: told.by.signature(),
        actor: told.by.login.clone(),
        action: told.action,
        state: after.state,
        fields: with_remarks(told.stated, told.remarks),
    };
    Ok(tx.add_event(&after.number, &event)?)
}

fn with_remarks(mut stated: Stated, remarks: &[String]) -> Stated {
    if !remarks.is_empty() {
        stated.insert(REMARK.to_owned(), remarks.join(";"));
    }
    stated
}

/// The claim keys of an entry as it is to be; refused where another one has one of them.
fn check_claims(tx: &mut dyn Tx, before: Option<&Entry>, after: &Entry) -> Result<Vec<String>, NotDone> {
    let keys = if after.state.keeps_claim() { claim_keys(after) } else { Vec::new() };
    let held = before.filter(|entry| entry.state.keeps_claim()).map(claim_keys).unwrap_or_default();
    for key in keys.iter().filter(|key| !held.contains(key)) {
        if let Some(holder) = tx.claim_holder(key)?
            && holder != after.number
        {
            return Err(taken_by(&holder, key, after));
        }
    }
    Ok(keys)
}

fn take_claims(tx: &mut dyn Tx, before: Option<&Entry>, after: &Entry, keys: &[String]) -> Result<(), NotDone> {
    let held = before.filter(|entry| entry.state.keeps_claim()).map(claim_keys).unwrap_or_default();
    if held == keys {
        return Ok(());
    }
    if before.is_some() {
        tx.release_claims(&after.number)?;
    }
    for key in keys {
        tx.take_claim(key, &after.number)?;
    }
    Ok(())
}

fn taken_by(holder: &str, key: &str, entry: &Entry) -> NotDone {
    let text = if key.starts_with("invoice:") {
        format!("发票号 {} 已登记在 {holder};一张发票只能登记、报销一次,请核对发票号", entry.invono)
    } else {
        format!("同一事项已登记在 {holder},不能重复登记或由两处报销;请在该台账上办理")
    };
    NotDone::refused(Code::AlreadySettled, text)
}

/// Replaces the lines of an entry that is not finished.
pub(crate) fn put_lines(
    tx: &mut dyn Tx,
    by: &Actor,
    now: DateTime,
    number: &str,
    lines: &[EntryLine],
) -> Result<Kept, NotDone> {
    let before = own_entry(tx, by, number)?;
    if before.state.is_final() {
        let text = format!("{number}处于“{}”,不能更改费用明细", before.state.name());
        return Err(NotDone::refused(Code::WrongState, text));
    }
    check_lines(&before, lines, now)?;
    if tx.entry_lines(number)? == lines {
        return Ok(Kept { entry: before, remarks: Vec::new(), is_new: false });
    }
    tx.put_entry_lines(number, lines)?;
    let entry = Entry { version: before.version + 1, ..before.clone() };
    let sum = total(lines);
    let stated = Stated::from([
        ("lines".to_owned(), lines.len().to_string()),
        ("det_item_fee_sumamt".to_owned(), sum.to_string()),
    ]);
    step(tx, &before, &entry, Told { action: Action::Correct, by, at: now, stated, remarks: &[] })?;
    Ok(Kept { entry, remarks: Vec::new(), is_new: true })
}

/// What lines add up to.
pub(crate) fn total(lines: &[EntryLine]) -> Money {
    Money::sum(lines.iter().map(|line| line.det_item_fee_sumamt))
}

/// Lines have serials of their own, do not lie in the future, and add up to what a cash visit has cost.
pub(crate) fn check_lines(entry: &Entry, lines: &[EntryLine], now: DateTime) -> Result<(), NotDone> {
    let mut serials = BTreeSet::new();
    for line in lines {
        let refuse = |code, what: String| Err(NotDone::refused(code, format!("费用明细 {}:{what}", line.feedetl_sn)));
        if line.feedetl_sn.is_empty() || !serials.insert(&line.feedetl_sn) {
            return refuse(Code::FieldShape, "费用明细流水号为空或重复;请给每笔明细一个流水号".to_owned());
        }
        if line.fee_ocur_time > now {
            return refuse(Code::Dates, format!("费用发生时间 {} 晚于现在;请核对", line.fee_ocur_time));
        }
        if line.med_list_codg.is_empty() {
            return refuse(Code::FieldMissing, "医疗目录编码为空;请补填".to_owned());
        }
        if Money::of_quantity(line.cnt, line.pric) != Some(line.det_item_fee_sumamt) {
            let text = format!("数量{}×单价{}不等于金额{};请核对", line.cnt, line.pric, line.det_item_fee_sumamt);
            return refuse(Code::TotalsDiffer, text);
        }
    }
    let sum = total(lines);
    if entry.kind == RegisterKind::CashVisit && !lines.is_empty() && entry.charged != sum {
        let text = format!("费用明细合计{sum}元与费用总额{}元不符;请核对明细或总额", entry.charged);
        return Err(NotDone::refused(Code::TotalsDiffer, text));
    }
    Ok(())
}
