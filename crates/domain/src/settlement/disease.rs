//! A person's recognised diseases (慢特病资格) read by the pool's disease list.

use super::case::Qualification;
use super::rules::{DiseaseEntry, DiseaseGroup, TwoDisease};
use super::working::Working;

/// A recognised disease with what the pool's list says of it.
#[derive(Clone)]
pub(super) struct Recognised<'a> {
    /// The qualification.
    pub qualification: &'a Qualification,
    /// The list's entry.
    entry: Option<&'a DiseaseEntry>,
}

impl Recognised<'_> {
    /// How it is paid; `unmarked` where the list does not say.
    pub fn group(&self, unmarked: DiseaseGroup) -> DiseaseGroup {
        self.entry.and_then(|entry| entry.group).unwrap_or(unmarked)
    }

    /// Whether it earns the disease points.
    pub fn earns_points(&self) -> bool {
        self.entry.is_some_and(|entry| entry.earns_points)
    }

    /// Whether it is one of the two diseases.
    pub fn two_disease(&self) -> Option<TwoDisease> {
        self.entry.and_then(|entry| entry.two_disease)
    }

    /// Whether it is recognised as one of the two diseases alone (两病), which its name says, and so gives no
    /// chronic status.
    pub fn two_disease_alone(&self) -> bool {
        self.two_disease().is_some() && self.qualification.name.contains("两病")
    }

    /// Whether it qualifies for special drugs: one that the list does not know does, being certified.
    fn special_drugs(&self) -> bool {
        self.entry.is_none_or(|entry| entry.special_drugs)
    }
}

/// The diseases that are recognised on the day of care.
pub(super) fn recognised<'a>(work: &mut Working<'a>) -> Vec<Recognised<'a>> {
    let case = work.case;
    let list = work.given(&work.rules.special_disease.diseases).map_or(&[][..], Vec::as_slice);
    let diseases = case.qualifications.iter().filter(|held| !held.is_special_drug());
    let holding = diseases.filter(|held| held.holds_on(case.day));
    holding.map(|qualification| Recognised { qualification, entry: entry_of(list, qualification) }).collect()
}

/// Whether the person is qualified for special drugs on the day of purchase: as such, or by a recognised disease.
pub(super) fn qualified_for_special_drugs(work: &mut Working) -> bool {
    let case = work.case;
    let as_such = case.qualifications.iter().any(|held| held.is_special_drug() && held.holds_on(case.day));
    as_such || recognised(work).iter().any(|disease| disease.special_drugs())
}

/// The entry that fits: by the longest code, else by a word in the name.
fn entry_of<'a>(list: &'a [DiseaseEntry], held: &Qualification) -> Option<&'a DiseaseEntry> {
    let fit = |entry: &DiseaseEntry| {
        entry.codes.iter().filter(|code| held.code.starts_with(code.as_str())).map(String::len).max()
    };
    let by_code =
        list.iter().filter_map(|entry| fit(entry).map(|length| (length, entry))).max_by_key(|(length, _)| *length);
    let by_word = || list.iter().find(|entry| entry.words.iter().any(|word| held.name.contains(word.as_str())));
    by_code.map(|(_, entry)| entry).or_else(by_word)
}
