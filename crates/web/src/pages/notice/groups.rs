//! Whom a notice speaks to (告知对象): for each group what it does before the stop, and what from then on.
//!
//! Who is told what, the plan decides (`outage/audience`).

use super::until::{Stages, Until, until, until_of};
use super::words::{about, records, records_of, sentence};
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Actor, Due, Duty, DutyKind, Effective, Plan};

/// The groups, in the order of the notice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Group {
    Persons,
    Hospitals,
    Pharmacies,
    Suppliers,
    Employers,
    Agencies,
    Everybody,
}

impl Group {
    pub(super) fn name(self) -> &'static str {
        match self {
            Group::Persons => "参保人员",
            Group::Hospitals => "定点医疗机构",
            Group::Pharmacies => "定点零售药店",
            Group::Suppliers => "供药机构",
            Group::Employers => "参保单位",
            Group::Agencies => "经办机构和有关部门",
            Group::Everybody => "各有关单位和个人",
        }
    }

    /// The groups to which somebody who has to act belongs.
    fn of_actor(actor: Actor) -> &'static [Group] {
        match actor {
            Actor::Hospital => &[Group::Hospitals],
            Actor::Pharmacy => &[Group::Pharmacies],
            Actor::DrugSupplier => &[Group::Suppliers],
            Actor::Provider => &[Group::Hospitals, Group::Pharmacies],
            Actor::Agency | Actor::Bureau | Actor::Tax | Actor::Insurer | Actor::InformationCentre => {
                &[Group::Agencies]
            }
            Actor::Employer => &[Group::Employers],
            Actor::Person => &[Group::Persons],
            Actor::All => &[Group::Everybody],
        }
    }

    /// The groups to which those belong who are told of something.
    pub(crate) fn of(audience: &[Actor]) -> Vec<Group> {
        collected(audience.iter().flat_map(|actor| Group::of_actor(*actor)))
    }
}

fn collected<'a>(groups: impl Iterator<Item = &'a Group>) -> Vec<Group> {
    let mut groups: Vec<Group> = groups.copied().collect();
    groups.sort();
    groups.dedup();
    groups
}

/// The names of several groups.
pub(super) fn who(groups: &[Group]) -> String {
    groups.iter().map(|group| group.name()).collect::<Vec<_>>().join("、")
}

/// What some groups do from the stop on: what is told to several stands once, for all of them.
pub(super) struct Part {
    pub groups: Vec<Group>,
    pub items: Vec<Item>,
}

impl Part {
    pub(super) fn name(&self) -> String {
        who(&self.groups)
    }
}

/// One thing to do.
pub(super) struct Item {
    /// The businesses it is about; empty where it is about none in particular.
    pub about: String,
    pub text: String,
    /// What to record or bring, and when it takes effect.
    pub note: String,
    pub due: Option<Until>,
    pub clauses: String,
}

/// The parts of all groups that have something to do.
pub(super) fn parts(plan: &Plan, calendar: &Calendar) -> Vec<Part> {
    let rules = plan.rules.iter().map(|rule| {
        let mut due = until_of(rule, plan, calendar, Stages::InTheTable);
        let keepers = Group::of(&rule.kept_by());
        if let Some(due) = due.as_mut().filter(|_| keepers != Group::of(&rule.audience())) {
            due.text = format!("{}办结：{}", who(&keepers), due.text);
            due.late.clear();
        }
        let item = Item {
            about: about(rule, plan),
            text: sentence(&rule.advice),
            note: note(&records_of(rule), rule.effective),
            due,
            clauses: rule.clauses.join("、"),
        };
        (Group::of(&rule.audience()), item)
    });
    let duties = plan.duties.iter().filter(|duty| !is_before(duty, plan)).map(|duty| {
        let item = Item {
            about: plan.whom(&duty.scope),
            text: sentence(&duty.what),
            note: note(&records(&duty.evidence), None),
            due: until(duty.deadline.as_ref(), &duty.scope, duty.not_before, plan, calendar, Stages::InTheTable),
            clauses: duty.clauses.join("、"),
        };
        (Group::of(&duty.audience()), item)
    });
    let mut parts: Vec<Part> = Vec::new();
    for (groups, item) in rules.chain(duties) {
        match parts.iter_mut().find(|part| part.groups == groups) {
            Some(part) => part.add(item),
            None => parts.push(Part { groups, items: vec![item] }),
        }
    }
    // Who is told of the most stands first; what is for everybody last.
    parts.sort_by(|one, other| one.groups.cmp(&other.groups));
    parts.iter_mut().for_each(|part| say_notes_once(&mut part.items));
    parts
}

impl Part {
    /// Two rules that say the same, for one branch of insurance each, are one thing to do.
    fn add(&mut self, item: Item) {
        let alike = |other: &&mut Item| {
            !other.about.is_empty()
                && (&other.text, &other.note, &other.due, &other.clauses)
                    == (&item.text, &item.note, &item.due, &item.clauses)
        };
        match self.items.iter_mut().find(alike) {
            Some(other) => other.about = format!("{}、{}", other.about, item.about),
            None => self.items.push(item),
        }
    }
}

fn note(records: &str, effective: Option<Effective>) -> String {
    let evidence = (!records.is_empty()).then(|| format!("凭据：{records}。"));
    let effective = effective.map(|effective| format!("{}。", effective.name()));
    evidence.into_iter().chain(effective).collect()
}

/// Long lists of papers that repeat from one thing to the next are said once.
fn say_notes_once(items: &mut [Item]) {
    let mut last = String::new();
    for item in items.iter_mut().filter(|item| !item.note.is_empty()) {
        if item.note == last {
            item.note = "凭据同上。".to_owned();
        } else {
            last.clone_from(&item.note);
        }
    }
}

/// Whether a duty is done before the stop.
pub(super) fn is_before(duty: &Duty, plan: &Plan) -> bool {
    let by = duty.deadline.as_ref().map(|deadline| &deadline.due);
    matches!(by, Some(Due::By(by)) if *by <= plan.window.closes) || duty.kind == DutyKind::Cutoff
}
