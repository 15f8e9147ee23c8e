//! The insured person (参保人) as a benefit decision sees one: population, age, years, attributes.
//!
//! Everything here is taken as on the day of entitlement: the admission day of a stay, the day itself
//! otherwise (`decisions` 2). Who the person is, and where that is written down, is for others.

use crate::code::Scheme;

/// The population (人群) that a ratio may differ by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Population {
    /// 在职, employees at work.
    Active,
    /// 退休, retired employees.
    Retired,
    /// 成年居民, residents who are no students and no children.
    Adult,
    /// 学生儿童, students and children.
    Minor,
}

impl Population {
    /// The population of a national `psn_type` within a scheme (`decisions` 14): 14… students and
    /// children, 12… retired; an employee of any other type counts as at work, a resident as adult.
    pub fn of(scheme: Scheme, psn_type: &str) -> Population {
        match scheme {
            Scheme::Employee if psn_type.starts_with("12") => Population::Retired,
            Scheme::Employee => Population::Active,
            Scheme::Resident if psn_type.starts_with("14") => Population::Minor,
            Scheme::Resident => Population::Adult,
        }
    }

    /// Its Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Population::Active => "在职",
            Population::Retired => "退休",
            Population::Adult => "成年居民",
            Population::Minor => "学生儿童",
        }
    }
}

/// What a decision needs to know of the person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonFacts {
    /// The population of the insurance row that entitles.
    pub population: Population,
    /// Age in full years (周岁).
    pub age: i16,
    /// Continuous years of contribution (连续缴费年限).
    pub continuous_years: u32,
    /// Attribute codes (`psn_idet_type`) that hold on the day.
    pub attributes: Vec<String>,
    /// An entitlement to the civil-servant subsidy (insutype 320) stands on the day (`decisions` 34).
    pub civil_servant: bool,
}

impl PersonFacts {
    /// A person of this population and age without years, attributes or subsidy.
    pub fn plain(population: Population, age: i16) -> Self {
        PersonFacts { population, age, continuous_years: 0, attributes: Vec::new(), civil_servant: false }
    }

    /// Whether the person has one of these attributes.
    pub fn has_any(&self, codes: &[String]) -> bool {
        self.attributes.iter().any(|held| codes.contains(held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decision_14_person_types_name_the_population() {
        for (scheme, psn_type, expected) in [
            (Scheme::Resident, "14", Population::Minor),
            (Scheme::Resident, "1404", Population::Minor),
            (Scheme::Resident, "15", Population::Adult),
            (Scheme::Resident, "16", Population::Adult),
            (Scheme::Resident, "1701", Population::Adult),
            (Scheme::Employee, "11", Population::Active),
            (Scheme::Employee, "1103", Population::Active),
            (Scheme::Employee, "12", Population::Retired),
            (Scheme::Employee, "1204", Population::Retired),
        ] {
            assert_eq!(Population::of(scheme, psn_type), expected, "{psn_type}");
        }
    }
}
