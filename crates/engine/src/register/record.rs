//! An entry as somebody may see it, and the fee lines kept with it (费用明细): what they have to be.

use crate::call::ROWS_MAX;
use crate::encounter::{dates, returns};
use crate::policies::Policies;
use crate::register::{Actor, Kept, NotDone, at_platform, lines as kept, writer};
use std::collections::BTreeSet;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, Entry, EntryLine, lines_replaced};
use yibao_domain::time::{DateTime, minute_text};
use yibao_store::Tx;

/// An entry that `by` may see. Whether another provider's exists is not told.
pub(crate) fn own_entry(tx: &mut dyn Tx, by: &Actor, number: &str) -> Result<Entry, NotDone> {
    let own = |entry: &Entry| !by.role.keeps_to_its_own() || entry.fixmedins_code == by.fixmedins_code;
    tx.entry(number)?
        .filter(own)
        .ok_or_else(|| NotDone::refused(Code::NotFound, format!("台账号“{number}”不存在或不属于本机构；请核对台账号")))
}

/// Replaces the lines of an entry that is not finished.
pub(crate) fn put_lines(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    number: &str,
    lines: &[EntryLine],
) -> Result<Kept, NotDone> {
    let before = own_entry(tx, by, number)?;
    let not_changeable = || {
        let text = format!("{number}处于“{}”，不能更改费用明细", before.state.name());
        NotDone::refused(Code::WrongState, text)
    };
    check_lines(tx, &before, lines, now)?;
    if tx.entry_lines(number)? == lines {
        return Ok(Kept { entry: before, remarks: Vec::new(), is_new: false });
    }
    let corrects = policies.work.step_of(&before, Action::Correct, by.role).ok_or_else(not_changeable)?;
    if let Some(text) = corrects.bars(&before, &tx.history(number)?, &by.login) {
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let Some(deed) = lines_replaced(&policies.work, &before, by.role, lines.len(), total(lines)) else {
        return Err(not_changeable());
    };
    writer::put_lines(tx, &deed, lines, by, now)?;
    Ok(Kept { entry: deed.entry().clone(), remarks: Vec::new(), is_new: true })
}

/// What lines add up to.
pub(crate) fn total(lines: &[EntryLine]) -> Money {
    Money::sum(lines.iter().map(|line| line.det_item_fee_sumamt))
}

/// Lines have serials of their own, lie in their care, take back no more than they and those at the platform charge, and
/// add up to what a cash visit has cost.
pub(crate) fn check_lines(tx: &mut dyn Tx, entry: &Entry, lines: &[EntryLine], now: DateTime) -> Result<(), NotDone> {
    if lines.len() > ROWS_MAX {
        let text = format!(
            "一个台账最多存 {ROWS_MAX} 条费用明细，本次 {} 条；其余明细请在恢复后通过国家接口（2301、2204）分批上传",
            lines.len()
        );
        return Err(NotDone::refused(Code::FieldShape, text));
    }
    let times = kept::fee_times(entry, now);
    let mut serials = BTreeSet::new();
    let mut wrong: Vec<Refusal> = Vec::new();
    for line in lines {
        let mut refuse =
            |code, what: String| wrong.push(Refusal::new(code, format!("费用明细 {}：{what}", line.feedetl_sn)));
        if line.feedetl_sn.is_empty() || !serials.insert(&line.feedetl_sn) {
            refuse(Code::FieldShape, "费用明细流水号为空或重复；请给每笔明细一个流水号".to_owned());
        }
        if line.fee_ocur_time > now {
            refuse(Code::Dates, format!("费用发生时间 {} 晚于现在；请核对", minute_text(line.fee_ocur_time)));
        }
        if line.med_list_codg.is_empty() {
            refuse(Code::FieldMissing, "医疗目录编码为空；请补填".to_owned());
        }
        for text in kept::unfit(entry, line) {
            refuse(Code::TotalsDiffer, text);
        }
        if let Some(times) = &times {
            let which = format!("费用明细 {}", line.feedetl_sn);
            wrong.extend(dates::must_lie_within(times, &which, line.fee_ocur_time).err());
        }
    }
    if let Some(first) = wrong.first() {
        let texts: Vec<&str> = wrong.iter().map(|refusal| refusal.text.as_str()).collect();
        return Err(NotDone::refused(first.code, texts.join("；")));
    }
    let of = at_platform::encounter_of(tx, entry)?;
    returns::kept_must_fit(tx, of.as_ref().map(|of| of.mdtrt_id.as_str()), lines)?;
    let sum = total(lines);
    if entry.kind == RegisterKind::CashVisit && !lines.is_empty() && entry.charged != sum {
        let text = format!("费用明细合计{sum}元与费用总额{}元不符；请核对明细或总额", entry.charged);
        return Err(NotDone::refused(Code::TotalsDiffer, text));
    }
    Ok(())
}
