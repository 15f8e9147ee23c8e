//! Shows an entry with everything that belongs to it: history, lines, deadline, rule, telephone, next steps.

use crate::backfill;
use crate::backfill::entry::OPEN;
use crate::desks::registers::alike::Alike;
use crate::facts::{EVERY, question};
use crate::policies::Policies;
use crate::register::problem::NotDone;
use crate::register::record::own_entry;
use crate::register::{Actor, subject};
use yibao_domain::outage::{Contact, Disposition, DueAt, Plan, RegisterKind, plan_named};
use yibao_domain::register::{Action, Entry, EntryLine, Event, FieldSpec, Step};
use yibao_domain::register::{Stands, disposition_of, due_among, field, is_claimed, is_overdue, is_with_the_agency};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// Telephone numbers to ask, as the plan has them.
pub type Contacts = Vec<Contact>;

/// A step that may be taken now, with what it asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepForm {
    /// What is done.
    pub action: Action,
    /// Why this person may not: an earlier step was his or hers (four eyes).
    pub barred: Option<String>,
    /// Its fields, in the order of the form.
    pub fields: Vec<FieldSpec>,
}

/// What an entry stands under.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Governing {
    /// The plan's title.
    pub plan_title: String,
    /// The rule's or duty's id.
    pub id: String,
    /// Its clauses.
    pub clauses: Vec<String>,
    /// What to do.
    pub advice: String,
    /// What has to be recorded or shown, in words.
    pub evidence: Vec<String>,
    /// The window, in words; empty for a duty.
    pub window: String,
    /// How the plan reads the notice, where that is doubtful; may be empty.
    pub reading: String,
}

/// An entry with everything that belongs to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryView {
    /// The entry.
    pub entry: Entry,
    /// Its history, oldest first.
    pub history: Vec<Event>,
    /// The fee lines that are kept with it.
    pub lines: Vec<EntryLine>,
    /// Until when it is to be finished.
    pub due: DueAt,
    /// Whether it should have been finished by now.
    pub overdue: bool,
    /// What `by` may do with it now.
    pub steps: Vec<StepForm>,
    /// Who is responsible, by name.
    pub responsible: String,
    /// Whose entry it is, by name: the provider's, else the agency's.
    pub kept_by: String,
    /// Whom to ask.
    pub contacts: Contacts,
    /// The rule or duty that it stands under; `None` where the plan in force has it no more.
    pub governing: Option<Governing>,
    /// What is to be looked at, from the history.
    pub remarks: Vec<String>,
    /// What it waits for before it can be backfilled.
    pub waits_for: Option<String>,
    /// The disposition by which it is kept, where a rule of the plan does.
    pub disposition: Option<Disposition>,
    /// Whether the agency pays it, whoever has written it down.
    pub is_claimed: bool,
    /// Whether its provider may settle it by a backfill.
    pub backfills: bool,
    /// Entries of the register that say much the same.
    pub alike: Vec<String>,
}

/// Shows an entry that `by` may see.
pub(crate) fn view(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    number: &str,
) -> Result<EntryView, NotDone> {
    let entry = own_entry(tx, by, number)?;
    let (history, lines) = (tx.history(number)?, tx.entry_lines(number)?);
    let plans = policies.plans();
    let plan = plan_named(&plans, &policies.pool.pool, &entry.plan);
    let due = due_among(&plans, &policies.pool.pool, &entry, &policies.calendar);
    // Nobody is asked to sign for nothing, or to pay papers that claim nothing.
    let is_offered = |step: &&Step| match step.action {
        Action::HandBack => entry.to_hand_back(None).is_some(),
        Action::Reimburse => entry.kind != RegisterKind::Papers || entry.is_claim_by_papers(),
        _ => true,
    };
    let steps = policies.work.steps_of(&entry, by.role).filter(is_offered).map(|step| StepForm {
        action: step.action,
        barred: step.bars(&entry, &history, &by.login),
        fields: policies.work.fields.of(entry.kind, form_of(step.action)).cloned().collect(),
    });
    let steps: Vec<StepForm> = steps.collect();
    let kept_by = match entry.fixmedins_code.as_str() {
        "" => subject::agency_name(policies),
        code => tx.provider(code)?.map_or_else(|| code.to_owned(), |provider| provider.fixmedins_name),
    };
    // What is claimed is the agency's to pay, whoever has written it down.
    let is_the_agencys = is_with_the_agency(&entry) || is_claimed(plan, &entry);
    let responsible = if is_the_agencys { subject::agency_name(policies) } else { kept_by.clone() };
    // The office in charge is where the person is insured, whoever has written it down.
    let facts = if entry.psn_no.is_empty() { None } else { tx.person_facts(&entry.psn_no, &[])? };
    let question = question::of_entry(policies, &entry, facts.as_ref());
    let contacts = plan.map(|plan| {
        let county = question.answering_county();
        let own = plan.contacts_for(county, question.scheme);
        // An office that answers for another branch is better than none.
        if own.is_empty() { plan.contacts_for(county, None) } else { own }
    });
    let backfills = entry.kind.is_settled() && OPEN.contains(&entry.state) && !is_claimed(plan, &entry);
    let waits_for = if backfills { backfill::entry::waits_for(tx, policies, &entry, now)? } else { None };
    let remarks = {
        // What was to be looked at is so until somebody has corrected or decided it.
        let dealt_with = [Action::Register, Action::Correct, Action::TellApart];
        let since = history.iter().rposition(|event| dealt_with.contains(&event.action)).unwrap_or(0);
        let told = history[since..].iter().map(|event| field::REMARK.of(event)).filter(|remark| !remark.is_empty());
        told.map(str::to_owned).collect()
    };
    Ok(EntryView {
        overdue: is_overdue(&entry, due, now),
        steps,
        responsible,
        kept_by,
        contacts: contacts.unwrap_or_default().into_iter().cloned().collect(),
        governing: plan.and_then(|plan| governing(plan, &entry)),
        remarks,
        waits_for,
        is_claimed: is_the_agencys,
        backfills,
        disposition: plan.and_then(|plan| disposition_of(plan, &entry)),
        alike: Alike::of(tx, policies, by, entry.kind, EVERY)?.to(&entry),
        entry,
        history,
        lines,
        due,
    })
}

/// A correction has the fields of the registration.
fn form_of(action: Action) -> Action {
    if action == Action::Correct { Action::Register } else { action }
}

pub(crate) fn governing(plan: &Plan, entry: &Entry) -> Option<Governing> {
    let plan_title = plan.title.clone();
    if let Some(stands) = Stands::of(plan, entry) {
        let rule = stands.rule;
        return Some(Governing {
            plan_title,
            id: rule.id.clone(),
            clauses: rule.clauses.clone(),
            evidence: stands.evidence().iter().map(|requirement| requirement.name()).collect(),
            window: stands.window.as_ref().map_or(String::new(), |window| window.name()),
            advice: stands.advice,
            reading: rule.reading.clone().unwrap_or_default(),
        });
    }
    if let Some(duty) = plan.duties.iter().find(|duty| duty.id == entry.rule) {
        return Some(Governing {
            plan_title,
            id: duty.id.clone(),
            clauses: duty.clauses.clone(),
            advice: duty.what.clone(),
            evidence: duty.evidence.iter().map(|requirement| requirement.name()).collect(),
            window: String::new(),
            reading: duty.reading.clone().unwrap_or_default(),
        });
    }
    plan.supplies.iter().find(|supply| supply.id == entry.rule).map(|supply| Governing {
        plan_title,
        id: supply.id.clone(),
        clauses: supply.clauses.clone(),
        advice: supply.advice.clone(),
        evidence: Vec::new(),
        window: String::new(),
        reading: String::new(),
    })
}
