//! Corrects what was stated (更正): the whole statement is judged anew, as if it came now in this wording.

use crate::policies::Policies;
use crate::register::intake::Judged;
use crate::register::record::{Told, own_entry};
use crate::register::{Actor, Kept, NewEntry, NotDone, intake, paid, record};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Entry, State, Stated, WorkTable};
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
    let Some(step) = policies.work.step_of(&before, Action::Correct, by.role) else {
        let text = format!("{number}处于“{}”,不能更正;请先办理或联系经办机构", before.state.name());
        return Err(NotDone::refused(Code::WrongState, text));
    };
    if let Some(text) = step.bars(&before, &tx.history(number)?, &by.login) {
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let mut statement = statement_of(&policies.work, &before);
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
    let Judged { entry: judged, stated, remarks } = intake::judge(tx, policies, by, now, &new)?;
    let mut entry = Entry { version: before.version + 1, ..before.clone() };
    entry.psn_no = judged.psn_no;
    entry.certno = judged.certno;
    entry.mdtrt_id = judged.mdtrt_id;
    entry.invono = judged.invono;
    entry.business = judged.business;
    entry.plan = judged.plan;
    entry.rule = judged.rule;
    entry.care_from = judged.care_from;
    entry.care_until = judged.care_until.or(before.care_until);
    entry.charged = judged.charged;
    for field in policies.work.fields.of(before.kind, Action::Register) {
        match judged.details.get(&field.name) {
            Some(value) => entry.details.insert(field.name.clone(), value.clone()),
            None => entry.details.remove(&field.name),
        };
    }
    if matches!(entry.state, State::Waiting | State::Outside) {
        entry.state = judged.state;
    }
    if (Entry { version: before.version, ..entry.clone() }) == before {
        return Ok(Kept { entry: before, remarks: Vec::new(), is_new: false });
    }
    // Other care than was registered: it must not be care that the platform has settled already.
    if (&entry.psn_no, &entry.invono, entry.care_from) != (&before.psn_no, &before.invono, before.care_from) {
        paid::refuse_settled(tx, &entry)?;
    }
    let asked = |name: &String| fields.contains_key(name);
    let changed: Stated = stated.into_iter().filter(|(name, _)| asked(name)).collect();
    let told = Told { action: Action::Correct, by, at: now, stated: changed, remarks: &remarks };
    record::step(tx, &before, &entry, told)?;
    Ok(Kept { entry, remarks, is_new: true })
}

/// What was stated at the registration, as the entry has it now.
pub(crate) fn statement_of(work: &WorkTable, entry: &Entry) -> Stated {
    let fields = work.fields.of(entry.kind, Action::Register);
    fields.map(|field| (field.name.clone(), entry.value(&field.name))).filter(|(_, value)| !value.is_empty()).collect()
}
