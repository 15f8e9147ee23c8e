//! Corrects what was stated (更正): the whole statement is judged anew, as if it came now in this wording.

use crate::policies::Policies;
use crate::register::intake::Judged;
use crate::register::record::own_entry;
use crate::register::{Actor, Kept, NewEntry, NotDone, double, intake, paid, writer};
use yibao_domain::money::Money;
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Entry, Mark, OTHER_CARE, Receipt, Rejudged, Stated, corrected, field, statement};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// Changes stated fields; a field stated empty is taken back. Nothing happens where nothing differs.
pub(crate) fn correct(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    number: &str,
    fields: &Stated,
) -> Result<Kept, NotDone> {
    let before = own_entry(tx, by, number)?;
    let not_correctable = || {
        let text = format!("{number}处于“{}”，不能更正；请先办理或联系经办机构", before.state.name());
        NotDone::refused(Code::WrongState, text)
    };
    let step = policies.work.step_of(&before, Action::Correct, by.role).ok_or_else(not_correctable)?;
    let history = tx.history(number)?;
    if let Some(text) = step.bars(&before, &history, &by.login) {
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let mut statement = statement(&policies.work.fields, &before);
    for (name, value) in fields {
        statement.insert(name.clone(), value.clone());
    }
    let new = NewEntry {
        kind: before.kind,
        fixmedins_code: before.fixmedins_code.clone(),
        fields: statement,
        lines: Vec::new(),
        source: before.source,
    };
    let Judged { entry: mut judged, promised, stated, mut remarks } =
        intake::judge(tx, policies, by, now, &new, Some(&before.plan))?;
    before.number.clone_into(&mut judged.number);
    // Whether it is other care was found of the care that it was; now it is looked at anew.
    let is_other_care = identity(&judged) != identity(&before);
    // Whose it is was told by the records of then; of other care they are asked now.
    if !is_other_care {
        let kept = Some(field::ASKED_AS.of(&before)).filter(|told| !told.is_empty());
        field::ASKED_AS.put_or_clear(&mut judged.details, kept);
    }
    let falls = is_other_care && before.is_told_apart();
    if falls {
        judged.details.remove(OTHER_CARE);
    } else if !is_other_care && !fields.contains_key(OTHER_CARE) && before.is_told_apart() {
        judged.tell_apart();
    }
    let doubles = double::suspect(tx, &mut judged)?;
    remarks.extend(doubles);
    // A field that was emptied is no longer stated, and has changed all the same.
    let asked = fields.keys().map(|name| (name.clone(), stated.get(name).cloned().unwrap_or_default()));
    let mut changed: Stated = asked.collect();
    if falls {
        changed.insert(OTHER_CARE.to_owned(), String::new());
    }
    let table = policies.work.fields.of(before.kind, Action::Register);
    let named = table.map(|field| field.name.as_str()).chain([
        Mark::Double.word(),
        OTHER_CARE,
        field::ASKED_AS.name(),
        field::CARE_BUSINESS.name(),
    ]);
    // What was handed over to the agency stays there, whatever was stated wrongly about it.
    let was_handed_over = history.iter().any(|event| event.action == Action::ToReimbursement);
    let promised = Some(promised).filter(|_| !was_handed_over);
    let judged = Rejudged { entry: judged, promised, remarks };
    let deed = corrected(&policies.work, &before, judged, named, by.role, changed).ok_or_else(not_correctable)?;
    let entry = deed.entry();
    if (Entry { version: before.version, ..entry.clone() }) == before {
        return Ok(Kept { entry: before, remarks: Vec::new(), is_new: false });
    }
    // Other care than was registered: it must be nobody's else, and not care that the platform has settled already.
    if is_other_care {
        double::refuse_same_care(tx, entry)?;
        paid::refuse_settled(tx, entry)?;
    }
    writer::take(tx, &deed, by, now)?;
    Ok(Kept { entry: entry.clone(), remarks: deed.remarks().to_vec(), is_new: true })
}

/// Where the money of care is claimed from: the care itself, or what was paid alone beside its settlement.
type Claimed<'a> = (Option<Receipt<'a>>, bool, Money);

/// What tells the care of an entry from other care: who, where, by which receipt, when, what it cost.
fn identity(entry: &Entry) -> (&str, &str, &str, DateTime, Option<DateTime>, Claimed<'_>) {
    let claimed = (entry.receipt(), entry.is_of_self_pay(), entry.charged);
    (&entry.psn_no, &entry.certno, entry.place(), entry.care_from, entry.care_began(), claimed)
}
