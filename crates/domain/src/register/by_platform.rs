//! Steps of the platform (平台办理): what it does with an entry by itself, each a step of the table.

use super::{Action, Deed, Entry, Mark, Role, Source, State, Stated, WorkTable, duty_of};
use crate::money::Money;
use crate::outage::{Plan, RegisterKind};
use crate::refusal::Refusal;
use crate::time::{DateTime, moment_text};

fn fields<const N: usize>(fields: [(&str, String); N]) -> Stated {
    fields.map(|(name, value)| (name.to_owned(), value)).into()
}

/// An attempt to backfill it was refused, with the words; the person pays for himself where the plan says so at once.
pub fn failed(table: &WorkTable, entry: &Entry, refusal: &Refusal, self_pays: bool) -> Option<Deed> {
    let action = if self_pays { Action::SelfPay } else { Action::Fail };
    let deed = Deed::of(table, entry, action, Role::Platform, |entry| entry.reason = refusal.to_string())?;
    Some(deed.telling(fields([("code", refusal.code.as_str().to_owned()), ("reason", refusal.text.clone())])))
}

/// Its settlement was cancelled: it waits again.
pub fn unsettled(table: &WorkTable, entry: &Entry) -> Option<Deed> {
    let deed = Deed::of(table, entry, Action::Unsettle, Role::Platform, |entry| {
        entry.setl_id.clear();
        entry.refunded = Money::ZERO;
        entry.put_split(None);
    })?;
    Some(deed.telling(fields([("setl_id", entry.setl_id.clone())])))
}

/// The provider goes on with a converted stay, which is insured again from then on (转回医保).
pub fn restored(table: &WorkTable, entry: &Entry, by: &str, now: DateTime) -> Option<Deed> {
    let at = moment_text(now);
    let deed = Deed::of(table, entry, Action::ConvertBack, Role::Platform, |entry| {
        entry.details.insert("restored_at".to_owned(), at.clone());
        entry.details.insert("restored_by".to_owned(), by.to_owned());
    })?;
    Some(deed.telling(fields([("restored_at", at)])))
}

/// Who the person is has been found out; `doubles` are what it is perhaps the same care as, now that this is known.
pub fn identified(table: &WorkTable, entry: &Entry, psn_no: &str, doubles: &str) -> Option<Deed> {
    let deed = Deed::of(table, entry, Action::Correct, Role::Platform, |entry| {
        psn_no.clone_into(&mut entry.psn_no);
        entry.mark(Mark::Double, doubles.to_owned());
    })?;
    let mut told = fields([("psn_no", psn_no.to_owned())]);
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
        [] => fields([("order", "其后的结算已按计入次序核对".to_owned())]),
        _ => fields([(Mark::LaterCare.word(), text)]),
    }))
}

/// The draft of the case of somebody who is found not entitled (P-26): what is owed and why. Nothing where the person has paid
/// already: a visit in cash, a stay that is claimed afterwards.
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
    let mut details = fields([("of_entry", of.number.clone()), ("begntime", moment_text(of.care_from))]);
    for field in ["psn_name", "tel"] {
        if !of.field(field).is_empty() {
            details.insert(field.to_owned(), of.field(field).to_owned());
        }
    }
    let duty = plan.and_then(|plan| duty_of(plan, RegisterKind::NotEntitled));
    Some(Entry {
        kind: RegisterKind::NotEntitled,
        rule: duty.map_or_else(|| of.rule.clone(), |duty| duty.id.clone()),
        number: String::new(),
        invono: String::new(),
        charged,
        refunded: Money::ZERO,
        setl_id: String::new(),
        state: State::Waiting,
        reason: refusal.text.clone(),
        source: Source::Worklist,
        taken_at: now,
        taken_by: by.to_owned(),
        details,
        version: 1,
        ..of.clone()
    })
}
