//! Groups that a plan names itself (分组): providers by code, level or contract, persons by what their records say.
//!
//! A group is defined once in a plan and named where a scope names providers or populations. Whether somebody belongs to one is
//! told by [`Records`], what the platform keeps of provider and person; nothing else can decide it.

use super::{Contract, Population, Question, Records};
use crate::provider::BenefitLevel;
use crate::written::name::alike;
use std::sync::Arc;

/// A group of providers or of persons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// The word by which scopes name it.
    pub id: String,
    /// Its Chinese name, which notice, explanation and refusal print.
    pub name: String,
    /// Where it stands in the file.
    pub line: u32,
    /// Who belongs to it.
    pub members: Members,
}

/// Who belongs to a group. Of one list any value does; what several lists say has to hold together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Members {
    /// Providers.
    Providers {
        /// Provider codes.
        codes: Vec<String>,
        /// Levels and kinds of institution.
        levels: Vec<BenefitLevel>,
        /// What they have agreed to do.
        contracts: Vec<Contract>,
    },
    /// Persons.
    Persons(Persons),
}

/// Persons by what their records say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Persons {
    /// Attribute codes (人员身份类别 `psn_idet_type`).
    pub attributes: Vec<String>,
    /// Person types (人员类别 `psn_type`); a shorter code covers those that begin with it.
    pub person_types: Vec<String>,
    /// Diseases or drugs that they are certified for (门诊慢特病、特药资格); a shorter code covers those that begin with it.
    pub diseases: Vec<String>,
    /// Employers by name (单位名称 `emp_name`).
    pub employers: Vec<String>,
    /// First and last age in full years.
    pub ages: Option<(i16, i16)>,
    /// Civil servants only (公务员标志).
    pub civil_servants: bool,
}

/// Which providers a scope names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProviderIn {
    /// The one of this code.
    Code(String),
    /// Those of a group.
    Group(Arc<Group>),
}

/// Which persons a scope names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PersonIn {
    /// Those of a population.
    Population(Population),
    /// Those of a group.
    Group(Arc<Group>),
}

fn any<T: PartialEq>(wanted: &[T], has: impl Fn(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(has)
}

impl Group {
    /// Whether the provider or person of a question belongs to it.
    pub fn covers(&self, question: &Question) -> bool {
        let records = &question.records;
        if records.groups.contains(&self.id) {
            return true;
        }
        match &self.members {
            Members::Providers { codes, levels, contracts } => {
                question.provider.is_some()
                    && any(codes, |code| question.provider.as_ref() == Some(code))
                    && any(levels, |level| records.level == Some(*level))
                    && any(contracts, |contract| records.contracts.contains(contract))
            }
            Members::Persons(persons) => persons.cover(records),
        }
    }

    /// Who belongs to it, in words: `乡镇卫生院、村卫生室，供药机构`.
    pub fn told(&self) -> String {
        let parts = match &self.members {
            Members::Providers { codes, levels, contracts } => vec![
                codes.join("、"),
                levels.iter().map(|level| level.name()).collect::<Vec<_>>().join("、"),
                contracts.iter().map(|contract| contract.name()).collect::<Vec<_>>().join("、"),
            ],
            Members::Persons(persons) => persons.told(),
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，")
    }

    /// Whether it is one of persons, not of providers.
    pub fn is_of_persons(&self) -> bool {
        matches!(self.members, Members::Persons(_))
    }

    /// The provider codes of a group that is nothing but a list.
    pub fn is_list(&self) -> Option<&[String]> {
        match &self.members {
            Members::Providers { codes, levels, contracts }
                if !codes.is_empty() && levels.is_empty() && contracts.is_empty() =>
            {
                Some(codes)
            }
            _ => None,
        }
    }

    /// The provider codes that it names; nothing where it goes by level or contract alone.
    pub fn codes(&self) -> Option<&[String]> {
        match &self.members {
            Members::Providers { codes, .. } if !codes.is_empty() => Some(codes),
            _ => None,
        }
    }
}

impl Persons {
    fn told(&self) -> Vec<String> {
        let coded = |what: &str, codes: &[String]| {
            if codes.is_empty() { String::new() } else { format!("{what}{}", codes.join("、")) }
        };
        vec![
            coded("身份类别", &self.attributes),
            coded("人员类别", &self.person_types),
            coded("病种或特药资格", &self.diseases),
            coded("单位", &self.employers),
            self.ages.map_or_else(String::new, |(first, last)| format!("{first}至{last}周岁")),
            if self.civil_servants { "公务员".to_owned() } else { String::new() },
        ]
    }

    fn cover(&self, records: &Records) -> bool {
        any(&self.attributes, |code| records.attributes.contains(code))
            && any(&self.person_types, |code| records.person_type.starts_with(code.as_str()))
            && any(&self.diseases, |code| records.diseases.iter().any(|held| held.starts_with(code.as_str())))
            && any(&self.employers, |name| alike(&records.employer, name))
            && self.ages.is_none_or(|(first, last)| records.age.is_some_and(|age| (first..=last).contains(&age)))
            && (!self.civil_servants || records.civil_servant)
    }
}

impl ProviderIn {
    /// Whether it names the provider of a question.
    pub fn covers(&self, question: &Question) -> bool {
        match self {
            ProviderIn::Code(code) => question.provider.as_ref() == Some(code),
            ProviderIn::Group(group) => group.covers(question),
        }
    }

    /// Whether every provider of the other one is of this one, as far as that follows from the plan.
    pub fn includes(&self, other: &ProviderIn) -> bool {
        let listed = match self {
            ProviderIn::Code(code) => std::slice::from_ref(code),
            ProviderIn::Group(group) => group.is_list().unwrap_or_default(),
        };
        self == other || other.codes().is_some_and(|others| others.iter().all(|code| listed.contains(code)))
    }

    /// The codes that it names; nothing where level or contract decides.
    pub fn codes(&self) -> Option<&[String]> {
        match self {
            ProviderIn::Code(code) => Some(std::slice::from_ref(code)),
            ProviderIn::Group(group) => group.codes(),
        }
    }
}

impl PersonIn {
    /// Whether it names the person of a question.
    pub fn covers(&self, question: &Question) -> bool {
        match self {
            PersonIn::Population(population) => question.populations.contains(population),
            PersonIn::Group(group) => group.covers(question),
        }
    }

    /// Its Chinese name.
    pub fn name(&self) -> &str {
        match self {
            PersonIn::Population(population) => population.name(),
            PersonIn::Group(group) => &group.name,
        }
    }

    /// Those who belong to it: `退休人员`.
    pub fn persons(&self) -> String {
        let name = self.name();
        match self {
            PersonIn::Population(Population::Active | Population::Retired | Population::Flexible) => {
                format!("{name}人员")
            }
            _ => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::Business;

    fn group(members: Members) -> Group {
        Group { id: "g".into(), name: "一组".into(), line: 1, members }
    }

    fn question() -> Question {
        Question::about(Business::named("settlement"))
    }

    #[test]
    fn of_one_list_any_value_does_and_several_lists_hold_together() {
        let small = Members::Providers {
            codes: Vec::new(),
            levels: vec![BenefitLevel::Village, BenefitLevel::Township],
            contracts: vec![Contract::SpecialDrugs],
        };
        let small = group(small);
        let of = |level, contracts: &[Contract]| {
            let records = Records { level: Some(level), contracts: contracts.to_vec(), ..Records::default() };
            small.covers(&Question { provider: Some("H1".into()), records, ..question() })
        };
        assert!(of(BenefitLevel::Township, &[Contract::SpecialDrugs]));
        assert!(!of(BenefitLevel::Township, &[]));
        assert!(!of(BenefitLevel::Level3, &[Contract::SpecialDrugs]));
        assert!(!small.covers(&question()), "of no provider nothing is known");
    }

    #[test]
    fn persons_are_told_by_their_records_and_nobody_of_whom_nothing_is_known() {
        let persons = Persons {
            attributes: vec!["2303".into(), "2304".into()],
            person_types: vec!["15".into()],
            ages: Some((60, 150)),
            ..Persons::default()
        };
        let poor = group(Members::Persons(persons));
        let of = |attribute: &str, person_type: &str, age| {
            let records = Records {
                attributes: vec![attribute.into()],
                person_type: person_type.into(),
                age: Some(age),
                ..Records::default()
            };
            poor.covers(&Question { records, ..question() })
        };
        assert!(of("2304", "1501", 60));
        assert!(!of("2302", "1501", 60) && !of("2303", "1101", 60) && !of("2303", "1501", 59));
        assert!(!poor.covers(&question()));
        let said = Records { groups: vec!["g".into()], ..Records::default() };
        assert!(poor.covers(&Question { records: said, ..question() }));
    }

    #[test]
    fn an_employer_is_the_same_however_its_name_is_written() {
        let of_school =
            group(Members::Persons(Persons { employers: vec!["某（集团）公司".into()], ..Persons::default() }));
        let works_at = |name: &str| {
            let records = Records { employer: name.into(), ..Records::default() };
            of_school.covers(&Question { records, ..question() })
        };
        assert!(works_at("某(集团)公司") && works_at("某（集团） 公司") && !works_at("某（集团）") && !works_at(""));
    }

    #[test]
    fn a_list_includes_what_it_lists_and_a_level_itself() {
        let list = |codes: &[&str]| {
            let codes = codes.iter().map(|code| (*code).to_owned()).collect();
            ProviderIn::Group(Arc::new(group(Members::Providers { codes, levels: vec![], contracts: vec![] })))
        };
        let one = ProviderIn::Code("H1".into());
        assert!(list(&["H1", "H2"]).includes(&one) && !list(&["H2"]).includes(&one));
        assert!(list(&["H1", "H2"]).includes(&list(&["H2"])) && !list(&["H2"]).includes(&list(&["H1", "H2"])));
        let level = Members::Providers { codes: vec![], levels: vec![BenefitLevel::Level3], contracts: vec![] };
        let level = ProviderIn::Group(Arc::new(group(level)));
        assert!(!level.includes(&one) && level.includes(&level));
    }
}
