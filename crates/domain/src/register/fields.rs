//! What a register asks for: fields by register and step, and what the plan's evidence demands of them.

use super::Action;
use crate::outage::{Evidence, RegisterKind, Requirement};
use std::collections::BTreeMap;

/// What a field holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// Any text of at most 200 characters.
    Text,
    /// A telephone number: 7 to 15 digits, with `-`, `+` and spaces.
    Telephone,
    /// `2020-09-12 10:30`, China Standard Time.
    Moment,
    /// `2020-09-12`.
    Day,
    /// Yuan with at most two decimals.
    Money,
    /// How much of something: a number without a unit; negative for what is returned.
    Quantity,
    /// Yuan for one, whatever the decimals.
    Price,
    /// A whole number, not below 0.
    Count,
    /// Diagnoses: codes with their names, apart by `、`.
    Diagnoses,
    /// `是` or `否`.
    YesNo,
    /// A dotted business name of the plan.
    Business,
    /// A code of a national code table.
    Code(String),
    /// One of these words.
    Choice(Vec<String>),
    /// Papers and marks by their Chinese names, apart by `、`; it attests each of them.
    Papers,
    /// A channel by its Chinese name, of the platform or of a plan's own.
    Channel,
}

/// Whether a field has to be stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Always.
    Yes,
    /// Never.
    No,
    /// Where the plan demands its evidence.
    ByPlan,
}

/// One field of one step of a register.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldSpec {
    /// The register; `None`: every register.
    pub kind: Option<RegisterKind>,
    /// The step it belongs to.
    pub action: Action,
    /// Its name: the national field name where there is one.
    pub name: String,
    /// Its Chinese label: heads of columns and forms.
    pub label: String,
    /// What it holds.
    pub holds: FieldKind,
    /// Whether it has to be stated.
    pub need: Need,
    /// The words of evidence it attests, where they depend on its value the one whose Chinese name it states.
    pub evidence: Vec<Evidence>,
    /// What the operator should know; may be empty.
    pub note: String,
    /// What a form proposes.
    pub proposed: Option<Proposal>,
}

/// What is most often true of a field, so that a form proposes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proposal {
    /// The name of whoever fills in the form.
    Clerk,
    /// The present moment.
    Now,
}

/// Every field of every register.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FieldTable {
    /// In the order of forms and columns.
    pub fields: Vec<FieldSpec>,
}

impl FieldTable {
    /// The fields of a step, in the order of the form.
    pub fn of(&self, kind: RegisterKind, action: Action) -> impl Iterator<Item = &FieldSpec> {
        let own = move |field: &&FieldSpec| field.kind.is_none_or(|own| own == kind) && field.action == action;
        self.fields.iter().filter(own)
    }

    /// Whether a register's stated fields attest some evidence.
    pub fn attests(
        &self,
        kind: RegisterKind,
        action: Action,
        stated: &BTreeMap<String, String>,
        evidence: Evidence,
    ) -> bool {
        self.of(kind, action).any(|field| {
            let value = stated.get(&field.name).map_or("", String::as_str);
            // Whether an injury was checked is said by either answer; other yes-no fields attest by yes.
            let is_said =
                || field.holds != FieldKind::YesNo || value == super::values::YES || evidence == Evidence::InjuryCheck;
            match field.evidence.as_slice() {
                _ if value.is_empty() => false,
                _ if field.holds == FieldKind::Papers => listed(value).any(|name| name == evidence.name()),
                _ if keeps_own(field, evidence) => is_said(),
                [one] => *one == evidence && is_said(),
                many => many.contains(&evidence) && evidence.name() == value,
            }
        })
    }
}

/// The names of a list of papers.
pub fn listed(value: &str) -> impl Iterator<Item = &str> {
    value.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|name| !name.is_empty())
}

impl FieldTable {
    /// The field of a registration for papers that have none of their own.
    pub fn papers(&self, kind: RegisterKind) -> Option<&FieldSpec> {
        self.of(kind, Action::Register).find(|field| field.holds == FieldKind::Papers)
    }

    /// Whether a registration has a field of its own for these papers.
    pub fn has_own(&self, kind: RegisterKind, word: Evidence) -> bool {
        self.of(kind, Action::Register).any(|field| field.evidence == [word] || keeps_own(field, word))
    }

    /// Whether a registration can attest a requirement: some set of it has a field, or fields apart, for all of its words.
    pub fn can_attest(&self, kind: RegisterKind, wanted: &Requirement) -> bool {
        let choices = || self.of(kind, Action::Register).filter(|field| field.evidence.len() > 1);
        let attests = |set: &Vec<Evidence>| {
            let others = || set.iter().filter(|word| !self.has_own(kind, **word));
            // Of a field with several words one can be told at a time.
            let told = |field: &FieldSpec| others().filter(|word| field.evidence.contains(word)).count() == 1;
            others().all(|word| choices().any(|field| field.evidence.contains(word) && told(field)))
        };
        wanted.optional || self.papers(kind).is_some() || wanted.any_of.iter().any(attests)
    }
}

/// Whether a plan names this field for evidence of its own.
pub fn keeps_own(field: &FieldSpec, evidence: Evidence) -> bool {
    field.name == evidence.row().field
}

/// Whether a requirement is met by what is attested.
pub fn is_met(requirement: &Requirement, attests: impl Fn(Evidence) -> bool) -> bool {
    requirement.any_of.iter().any(|set| set.iter().all(|word| attests(*word)))
}

/// The requirements that what is attested does not meet; optional ones are met by nothing.
pub fn missing_evidence(wanted: &[Requirement], attests: impl Fn(Evidence) -> bool) -> Vec<&Requirement> {
    wanted.iter().filter(|requirement| !requirement.optional && !is_met(requirement, &attests)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str, holds: FieldKind, evidence: Vec<Evidence>) -> FieldSpec {
        let (name, label) = (name.to_owned(), name.to_owned());
        let (kind, action, need, note) = (None, Action::Register, Need::No, String::new());
        FieldSpec { kind, action, name, label, holds, need, evidence, note, proposed: None }
    }

    #[test]
    fn evidence_of_a_plans_own_is_a_tick_or_the_field_that_the_plan_names() {
        let fields = vec![
            spec("shown", FieldKind::Papers, Vec::new()),
            spec("slip", FieldKind::Text, vec![Evidence::RegistrationSlip]),
            spec("seen", FieldKind::YesNo, Vec::new()),
        ];
        let table = FieldTable { fields };
        let attests = |name: &str, value: &str, evidence| {
            let stated = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            table.attests(RegisterKind::Papers, Action::Register, &stated, evidence)
        };
        let ticked = Evidence::own("ambulance_slip", "急救转运单", "", true);
        assert!(attests("shown", "发票、急救转运单", ticked) && !attests("shown", "发票", ticked));
        let of_slip = Evidence::own("ambulance_slip", "急救转运单", "slip", true);
        assert!(attests("slip", "12", of_slip) && attests("slip", "12", Evidence::RegistrationSlip));
        let seen = Evidence::own("seen_by_doctor", "医生查看", "seen", false);
        assert!(attests("seen", "是", seen) && !attests("seen", "否", seen));
        let wanted = Requirement { any_of: vec![vec![seen]], optional: false };
        assert!(table.has_own(RegisterKind::Papers, seen) && table.can_attest(RegisterKind::Papers, &wanted));
    }

    #[test]
    fn one_of_several_sets_does_and_optional_evidence_is_never_missed() {
        let card = Requirement {
            any_of: vec![
                vec![Evidence::SocialSecurityCard],
                vec![Evidence::IdCard, Evidence::HouseholdBook, Evidence::PaymentReceipt],
            ],
            optional: false,
        };
        let signature = Requirement { any_of: vec![vec![Evidence::StatementSignature]], optional: true };
        let wanted = [card, signature];
        let missing = |shown: &[Evidence]| missing_evidence(&wanted, |word| shown.contains(&word)).len();
        assert_eq!(missing(&[Evidence::SocialSecurityCard]), 0);
        assert_eq!(missing(&[Evidence::IdCard, Evidence::HouseholdBook]), 1);
        assert_eq!(missing(&[Evidence::IdCard, Evidence::HouseholdBook, Evidence::PaymentReceipt]), 0);
    }
}
