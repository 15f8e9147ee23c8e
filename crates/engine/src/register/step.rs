//! Takes a step with an entry: what the domain allows, with what hangs on it: the business is open, order of receipt.

use crate::facts::question;
use crate::policies::Policies;
use crate::register::agreed;
use crate::register::record::own_entry;
use crate::register::{Actor, Kept, NotDone, conversion, double, record, subject, writer};
use yibao_domain::money::Money;
use yibao_domain::outage::{Disposition, RegisterKind, Verdict, decide, plan_named};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Acting, Action, Entry, Stated, field, usual_business};
use yibao_domain::time::DateTime;
use yibao_store::{Subjects, Tx};

/// Takes a step.
pub(crate) fn take(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    number: &str,
    action: Action,
    fields: &Stated,
) -> Result<Kept, NotDone> {
    let before = own_entry(tx, by, number)?;
    if !before.psn_no.is_empty() {
        tx.foresee(&Subjects { persons: vec![before.psn_no.clone()], ..Subjects::default() })?;
    }
    take_with(tx, policies, by, now, &before, action, fields)
        .map_err(|not_done| not_done.labelled(&policies.work.fields, before.kind, action))
}

fn take_with(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    before: &Entry,
    action: Action,
    fields: &Stated,
) -> Result<Kept, NotDone> {
    let stated = subject::read(policies, now, before.kind, action, fields)?;
    let plans = policies.plans();
    // What a stay has cost may be told by its lines alone.
    let refunds = policies.work.step_of(before, action, by.role).is_some_and(|step| step.books.notes_refund());
    let lines = if refunds { tx.entry_lines(&before.number)? } else { Vec::new() };
    let charged = if before.charged == Money::ZERO { record::total(&lines) } else { before.charged };
    let standing = Entry { charged, ..before.clone() };
    let history = tx.history(&before.number)?;
    let claims = matches!(action, Action::Reimburse | Action::ToReimbursement);
    let acting = Acting {
        entry: &standing,
        kept: before,
        action,
        role: by.role,
        login: &by.login,
        history: &history,
        table: &policies.work,
        stated: &stated,
        plan: plan_named(&plans, &policies.pool.pool, &before.plan),
        agreed: if claims { agreed::about_entry(tx, &before.number)? } else { None },
        calendar: &policies.calendar,
        now,
    };
    let deed = acting.decide()?;
    let entry = deed.entry();
    if deed.books().notes_refund() {
        let known = double::found_out(tx, before)?;
        if let Some(undecided) = double::waits_for(tx, &known)? {
            return Err(NotDone::refused(Code::WrongState, undecided));
        }
    }
    if matches!(action, Action::Process | Action::Reimburse) {
        while_open(policies, before, action, now)?;
        if before.kind == RegisterKind::Papers {
            in_order_of_receipt(tx, before, deed.stated())?;
        }
    }
    writer::take(tx, &deed, by, now)?;
    if matches!(action, Action::Reimburse | Action::SelfPay) {
        conversion::finish_conversion_with(tx, policies, now, entry)?;
    }
    Ok(Kept { entry: entry.clone(), remarks: deed.remarks().to_vec(), is_new: true })
}

/// P-14, P-18: what needs the system is only taken in while its business is closed, and done once it is open again.
fn while_open(policies: &Policies, entry: &Entry, action: Action, now: DateTime) -> Result<(), NotDone> {
    let business = match (entry.kind, action) {
        (RegisterKind::Papers, _) => entry.business.clone(),
        (_, Action::Reimburse) => usual_business(RegisterKind::Papers),
        _ => return Ok(()),
    };
    // The agency does it, whoever took the entry in.
    let of_agency = Entry { business, fixmedins_code: String::new(), ..entry.clone() };
    let question = question::of_entry(policies, &of_agency, None);
    let plans = policies.plans();
    match decide(&plans, &question, now) {
        Verdict::Closed(closed) if closed.disposition != Disposition::Open => {
            let text = format!(
                "{}正在停办（{}），不能“{}”；请先收件登记，恢复后再办",
                closed.business_name,
                closed.until.name(),
                action.name()
            );
            Err(NotDone::refused(Code::Closed, text))
        }
        _ => Ok(()),
    }
}

/// P-18: papers of one business are processed as they came in, or it is said why not.
fn in_order_of_receipt(tx: &mut dyn Tx, entry: &Entry, stated: &Stated) -> Result<(), NotDone> {
    if field::OUT_OF_ORDER.is_stated(stated) {
        return Ok(());
    }
    let first = tx.first_papers(&entry.plan, &entry.business)?;
    let is_earlier = |first: &Entry| (first.taken_at, &first.number) < (entry.taken_at, &entry.number);
    match first.filter(is_earlier) {
        Some(first) => {
            let text = format!("同类业务有更早的收件 {} 未办；请先办理，确需先办本件的请写明原因", first.number);
            Err(NotDone::refused(Code::WrongState, text))
        }
        None => Ok(()),
    }
}
