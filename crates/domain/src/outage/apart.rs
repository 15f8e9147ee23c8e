//! Whether one provider, or one person, may be of both that two scopes name (能否同属). A provider has one code and one level, a
//! person one age, one type, one employer and one scheme: where these differ, nobody is of both. Attributes, diseases and
//! contracts are held several at once, so that by them anybody may be.

use super::{Members, PersonIn, Persons, Population, ProviderIn};
use crate::provider::BenefitLevel;

impl ProviderIn {
    /// Whether one provider may be of both.
    pub fn may_meet(&self, other: &ProviderIn) -> bool {
        let codes = match (self.codes(), other.codes()) {
            (Some(own), Some(others)) => shared(own, others, PartialEq::eq),
            _ => true,
        };
        let (own, others) = (self.levels(), other.levels());
        let of_hospitals = |levels: &[BenefitLevel], codes: Option<&[String]>| {
            levels.is_empty() || codes.is_none_or(|codes| !codes.iter().all(|code| code.starts_with('P')))
        };
        codes
            && shared(own, others, PartialEq::eq)
            && of_hospitals(own, other.codes())
            && of_hospitals(others, self.codes())
    }

    /// What it is called: the group's name, or the code.
    pub fn name(&self) -> &str {
        match self {
            ProviderIn::Code(code) => code,
            ProviderIn::Group(group) => &group.name,
        }
    }

    /// The levels by which it goes; none where it goes by something else.
    pub fn levels(&self) -> &[BenefitLevel] {
        match self {
            ProviderIn::Group(group) => match &group.members {
                Members::Providers { levels, .. } => levels,
                Members::Persons(_) => &[],
            },
            ProviderIn::Code(_) => &[],
        }
    }
}

impl PersonIn {
    /// Whether one person may be of both.
    pub fn may_meet(&self, other: &PersonIn) -> bool {
        match (self, other) {
            (PersonIn::Population(one), PersonIn::Population(other)) => !one.excludes(*other),
            (PersonIn::Population(one), PersonIn::Group(group))
            | (PersonIn::Group(group), PersonIn::Population(one)) => match &group.members {
                Members::Persons(persons) => may_be_of(*one, persons),
                Members::Providers { .. } => true,
            },
            (PersonIn::Group(one), PersonIn::Group(other)) => match (&one.members, &other.members) {
                (Members::Persons(one), Members::Persons(other)) => one.may_meet(other),
                _ => true,
            },
        }
    }
}

impl Persons {
    fn may_meet(&self, other: &Persons) -> bool {
        let ages = match (self.ages, other.ages) {
            (Some((from, until)), Some((other_from, other_until))) => from <= other_until && other_from <= until,
            _ => true,
        };
        ages && shared(&self.person_types, &other.person_types, |one, other| {
            one.starts_with(other.as_str()) || other.starts_with(one.as_str())
        }) && shared(&self.employers, &other.employers, PartialEq::eq)
    }
}

/// Whether persons of such types may be of a population: as [`Population::of`] reads the type.
fn may_be_of(population: Population, persons: &Persons) -> bool {
    use Population::*;
    let begins = |code: &String, with: &str| code.starts_with(with) || with.starts_with(code.as_str());
    let may_be = |code: &String| match population {
        Retired => begins(code, "12"),
        Active => !code.starts_with("12"),
        StudentChild => begins(code, "14"),
        Adult => !code.starts_with("14"),
        Newborn => begins(code, "1401"),
        Flexible => begins(code, "1103") || begins(code, "1203"),
        RegisteredPoor | Disabled => true,
    };
    persons.person_types.is_empty() || persons.person_types.iter().any(may_be)
}

/// Whether two lists of alternatives have something in common; an empty one asks for nothing.
fn shared<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|value| other.iter().any(|second| same(value, second)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::{Contract, Group};
    use std::sync::Arc;

    fn of_persons(persons: Persons) -> PersonIn {
        let members = Members::Persons(persons);
        PersonIn::Group(Arc::new(Group { id: "g".into(), name: "一组".into(), line: 1, members }))
    }

    fn of_providers(codes: &[&str], levels: &[BenefitLevel], contracts: &[Contract]) -> ProviderIn {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        let members = Members::Providers { codes, levels: levels.to_vec(), contracts: contracts.to_vec() };
        ProviderIn::Group(Arc::new(Group { id: "g".into(), name: "一组".into(), line: 1, members }))
    }

    #[test]
    fn a_provider_has_one_code_and_one_level() {
        use BenefitLevel::*;
        let (second, third) = (of_providers(&[], &[Level2], &[]), of_providers(&[], &[Level3], &[]));
        assert!(!second.may_meet(&third) && second.may_meet(&of_providers(&[], &[Level2, Level3], &[])));
        assert!(second.may_meet(&of_providers(&[], &[], &[Contract::SpecialDrugs])));
        let (hospital, pharmacy) = (ProviderIn::Code("H1".into()), ProviderIn::Code("P1".into()));
        assert!(second.may_meet(&hospital), "its level is not known to the plan");
        assert!(!second.may_meet(&pharmacy) && !pharmacy.may_meet(&second));
        let listed = of_providers(&["H1", "H2"], &[], &[]);
        assert!(listed.may_meet(&hospital) && !listed.may_meet(&ProviderIn::Code("H3".into())));
        let both = of_providers(&["H1"], &[Level2], &[]);
        assert!(both.may_meet(&hospital) && both.may_meet(&second) && !both.may_meet(&third));
        assert!(!both.may_meet(&of_providers(&["H1"], &[Level3], &[])));
    }

    #[test]
    fn a_person_has_one_age_one_type_and_one_employer() {
        let aged = |from, until| of_persons(Persons { ages: Some((from, until)), ..Persons::default() });
        assert!(!aged(0, 14).may_meet(&aged(60, 150)) && aged(0, 60).may_meet(&aged(60, 150)));
        let of_type = |code: &str| of_persons(Persons { person_types: vec![code.into()], ..Persons::default() });
        assert!(!of_type("11").may_meet(&of_type("12")) && of_type("11").may_meet(&of_type("1103")));
        let at = |name: &str| of_persons(Persons { employers: vec![name.into()], ..Persons::default() });
        assert!(!at("甲厂").may_meet(&at("乙厂")) && at("甲厂").may_meet(&of_type("11")));
        let held = |code: &str| of_persons(Persons { attributes: vec![code.into()], ..Persons::default() });
        assert!(held("2303").may_meet(&held("2304")), "somebody may hold both");
        let ill = |code: &str| of_persons(Persons { diseases: vec![code.into()], ..Persons::default() });
        assert!(ill("M078").may_meet(&ill("M005")));
    }

    #[test]
    fn populations_and_person_types_keep_apart_as_records_are_read() {
        let of_type = |code: &str| of_persons(Persons { person_types: vec![code.into()], ..Persons::default() });
        let of = |population| PersonIn::Population(population);
        assert!(
            !of_type("11").may_meet(&of(Population::Retired)) && of_type("1203").may_meet(&of(Population::Retired))
        );
        assert!(!of(Population::Active).may_meet(&of_type("12")) && of(Population::Flexible).may_meet(&of_type("11")));
        assert!(!of(Population::Active).may_meet(&of(Population::Adult)), "nobody is insured twice at once");
        assert!(of(Population::Retired).may_meet(&of(Population::RegisteredPoor)));
    }
}
