//! Steps of the platform (平台办理): what it does with an entry by itself, each a step of the table.

use super::{Action, Deed, Entry, Mark, Role, Source, Stated, WorkTable, duty_for, field, question_of};
use crate::money::Money;
use crate::outage::{Plan, RegisterKind};
use crate::refusal::Refusal;
use crate::time::DateTime;

/// An attempt to backfill it was refused, with the words that people are told; the person pays for himself where the plan says so at once.
pub fn failed(table: &WorkTable, entry: &Entry, refusal: &Refusal, self_pays: bool) -> Option<Deed> {
    let action = if self_pays { Action::SelfPay } else { Action::Fail };
    let deed = Deed::of(table, entry, action, Role::Platform, |entry| entry.reason.clone_from(&refusal.text))?;
    Some(deed.telling([field::CODE.with(refusal.code.as_str()), field::REASON.with(&refusal.text)].into()))
}

/// Its settlement was cancelled: it waits again.
pub fn unsettled(table: &WorkTable, entry: &Entry) -> Option<Deed> {
    let deed = Deed::of(table, entry, Action::Unsettle, Role::Platform, |entry| {
        entry.setl_id.clear();
        entry.refunded = Money::ZERO;
        entry.put_split(None);
    })?;
    Some(deed.telling([field::SETL_ID.with(&entry.setl_id)].into()))
}

/// The provider goes on with a converted stay, which is insured again from then on (转回医保).
pub fn restored(table: &WorkTable, entry: &Entry, by: &str, now: DateTime) -> Option<Deed> {
    let deed = Deed::of(table, entry, Action::ConvertBack, Role::Platform, |entry| {
        field::RESTORED_AT.put(&mut entry.details, now);
        field::RESTORED_BY.put(&mut entry.details, by);
    })?;
    Some(deed.telling([field::RESTORED_AT.with(now)].into()))
}

/// Who the person is has been found out: `known` is the entry with the number, with what the records say of the person, and with
/// what it is perhaps the same care as, now that this is known.
pub fn identified(table: &WorkTable, entry: &Entry, known: &Entry) -> Option<Deed> {
    let doubles = known.marked(Mark::Double);
    let deed = Deed::of(table, entry, Action::Correct, Role::Platform, |entry| {
        known.psn_no.clone_into(&mut entry.psn_no);
        entry.mark(Mark::Double, doubles.to_owned());
        let asked_as = Some(field::ASKED_AS.of(known)).filter(|told| !told.is_empty());
        field::ASKED_AS.put_or_clear(&mut entry.details, asked_as);
    })?;
    let mut told = Stated::from([field::PSN_NO.with(&known.psn_no)]);
    if !doubles.is_empty() {
        told.insert(Mark::Double.word().to_owned(), doubles.to_owned());
    }
    Some(deed.telling(told))
}

/// The care that was settled before it by other premises has been looked through; `left` still waits.
pub fn order_checked(table: &WorkTable, entry: &Entry, left: &[String]) -> Option<Deed> {
    let text = left.join("、");
    let deed =
        Deed::of(table, entry, Action::Correct, Role::Platform, |entry| entry.mark(Mark::LaterCare, text.clone()))?;
    Some(deed.telling(match left {
        [] => [field::ORDER.with("其后的结算已按计入次序核对")].into(),
        _ => [(Mark::LaterCare.word().to_owned(), text)].into(),
    }))
}

/// The draft of the case of somebody who is found not entitled (P-26): what is owed and why. Nothing where the person has paid
/// already: a visit in cash, a stay that is claimed afterwards or whose prepayment covers the bill.
pub fn debt_of(
    of: &Entry,
    plan: Option<&Plan>,
    charged: Money,
    refusal: &Refusal,
    by: &str,
    now: DateTime,
) -> Option<Entry> {
    if of.kind == RegisterKind::CashVisit || of.claims_afterwards() {
        return None;
    }
    let prepaid = of.prepaid().filter(|prepaid| *prepaid > Money::ZERO && charged > Money::ZERO);
    let owed = charged.less(prepaid.unwrap_or_default());
    if prepaid.is_some() && owed == Money::ZERO {
        return None;
    }
    let reason = match prepaid {
        Some(prepaid) => format!("{}；费用{charged}元，已预收{prepaid}元", refusal.text),
        None => refusal.text.clone(),
    };
    let mut details = Stated::from([field::OF_ENTRY.with(&of.number), field::BEGNTIME.with(of.care_from)]);
    for known in [field::PSN_NAME, field::TEL, field::ASKED_AS].into_iter().filter(|known| known.is_stated(of)) {
        known.put(&mut details, known.of(of));
    }
    let duty = plan.and_then(|plan| duty_for(plan, RegisterKind::NotEntitled, &question_of(of, &plan.pool)));
    let draft = Entry::draft(RegisterKind::NotEntitled, of.business.clone(), of.care_from, Source::Worklist, by, now);
    let draft = Entry {
        mdtrt_id: of.mdtrt_id.clone(),
        care_until: of.care_until,
        charged: owed,
        reason,
        details,
        ..draft.beside(of)
    };
    Some(Entry { rule: duty.map_or(draft.rule, |duty| duty.id.clone()), ..draft })
}
