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

    /// The evidence that a register's stated fields attest.
    pub fn attested(&self, kind: RegisterKind, action: Action, stated: &BTreeMap<String, String>) -> Vec<Evidence> {
        let mut attested = Vec::new();
        for field in self.of(kind, action) {
            let value = stated.get(&field.name).map_or("", String::as_str);
            if value.is_empty() {
                continue;
            }
            if field.holds == FieldKind::Papers {
                attested
                    .extend(Evidence::ALL.iter().copied().filter(|word| listed(value).any(|name| name == word.name())));
                continue;
            }
            match field.evidence.as_slice() {
                [one] => {
                    // Whether an injury was checked is said by either answer; other yes-no fields attest by yes.
                    let attests =
                        field.holds != FieldKind::YesNo || value == super::values::YES || *one == Evidence::InjuryCheck;
                    attested.extend(attests.then_some(*one));
                }
                many => attested.extend(many.iter().copied().filter(|word| word.name() == value)),
            }
        }
        attested
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
        self.of(kind, Action::Register).any(|field| field.evidence == [word])
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

/// The requirements that what is attested does not meet; optional ones are met by nothing.
pub fn missing_evidence<'a>(wanted: &'a [Requirement], attested: &[Evidence]) -> Vec<&'a Requirement> {
    let met = |requirement: &Requirement| {
        requirement.optional || requirement.any_of.iter().any(|set| set.iter().all(|word| attested.contains(word)))
    };
    wanted.iter().filter(|requirement| !met(requirement)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(missing_evidence(&wanted, &[Evidence::SocialSecurityCard]).is_empty());
        assert_eq!(missing_evidence(&wanted, &[Evidence::IdCard, Evidence::HouseholdBook]).len(), 1);
        let papers = [Evidence::IdCard, Evidence::HouseholdBook, Evidence::PaymentReceipt];
        assert!(missing_evidence(&wanted, &papers).is_empty());
    }
}
