//! Steps of the platform (平台办理): what it does with an entry by itself, each a step of the table.

use super::{Action, Deed, Entry, Mark, Role, Stated, WorkTable};
use crate::money::Money;
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

/// Who the person is has been found out.
pub fn identified(table: &WorkTable, entry: &Entry, psn_no: &str) -> Option<Deed> {
    let deed = Deed::of(table, entry, Action::Correct, Role::Platform, |entry| psn_no.clone_into(&mut entry.psn_no))?;
    Some(deed.telling(fields([("psn_no", psn_no.to_owned())])))
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
