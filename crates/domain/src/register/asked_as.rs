//! Whose an entry is, as plans ask (人员和机构情形): what the records said of person and provider when it was taken down, kept with it,
//! so that stages, duties and groups of a later version find the same people.

use super::{Entry, field};
use crate::code::Pool;
use crate::outage::{Contract, Insurance, Place, Population, Question};
use crate::provider::BenefitLevel;

const PLACE: &str = "就医地：";
const POOL: &str = "参保地：";
const SCHEME: &str = "险种：";
const LEVEL: &str = "等级：";
const CONTRACT: &str = "协议：";
const ATTRIBUTE: &str = "身份：";
const PERSON_TYPE: &str = "类别：";
const DISEASE: &str = "资格：";
const EMPLOYER: &str = "单位：";
const AGE: &str = "年龄：";
const CIVIL_SERVANT: &str = "公务员";

/// Keeps with an entry what a question about it says of person and provider.
pub fn keep_asked_as(entry: &mut Entry, question: &Question) {
    let records = &question.records;
    let mut parts: Vec<String> = question.populations.iter().map(|population| population.name().to_owned()).collect();
    parts.extend(question.scheme.map(|scheme| format!("{SCHEME}{}", scheme.word())));
    let elsewhere = question.insured_pool.as_ref().filter(|pool| Some(*pool) != question.care_pool.as_ref());
    parts.extend(question.place.map(|place| format!("{PLACE}{}", place.word())));
    parts.extend(elsewhere.map(|pool| format!("{POOL}{pool}")));
    parts.extend(records.level.map(|level| format!("{LEVEL}{}", level.column())));
    parts.extend(records.contracts.iter().map(|contract| format!("{CONTRACT}{}", contract.word())));
    parts.extend(records.attributes.iter().map(|code| format!("{ATTRIBUTE}{code}")));
    parts.extend(Some(&records.person_type).filter(|code| !code.is_empty()).map(|code| format!("{PERSON_TYPE}{code}")));
    parts.extend(records.diseases.iter().map(|code| format!("{DISEASE}{code}")));
    let employer = records.employer.replace('；', "");
    parts.extend(Some(employer).filter(|name| !name.is_empty()).map(|name| format!("{EMPLOYER}{name}")));
    parts.extend(records.age.map(|age| format!("{AGE}{age}")));
    parts.extend(records.civil_servant.then(|| CIVIL_SERVANT.to_owned()));
    let told = parts.join("；");
    field::ASKED_AS.put_or_clear(&mut entry.details, Some(told.as_str()).filter(|told| !told.is_empty()));
}

/// Adds what was kept with an entry to a question about it.
pub(super) fn ask_as(entry: &Entry, question: &mut Question) {
    let records = &mut question.records;
    for part in field::ASKED_AS.of(entry).split('；').filter(|part| !part.is_empty()) {
        let told = part.split_once('：').map(|(what, value)| (format!("{what}："), value));
        match told.as_ref().map(|(what, value)| (what.as_str(), *value)) {
            Some((PLACE, word)) => question.place = Place::of_word(word),
            Some((POOL, code)) => question.insured_pool = Some(Pool::new(code)),
            // What the statement says of the scheme comes first.
            Some((SCHEME, word)) => question.scheme = question.scheme.or(Insurance::of_word(word)),
            Some((LEVEL, column)) => records.level = BenefitLevel::of_column(column),
            Some((CONTRACT, word)) => records.contracts.extend(Contract::of_word(word)),
            Some((ATTRIBUTE, code)) => records.attributes.push(code.to_owned()),
            Some((PERSON_TYPE, code)) => code.clone_into(&mut records.person_type),
            Some((DISEASE, code)) => records.diseases.push(code.to_owned()),
            Some((EMPLOYER, name)) => name.clone_into(&mut records.employer),
            Some((AGE, age)) => records.age = age.parse().ok(),
            _ if part == CIVIL_SERVANT => records.civil_servant = true,
            _ => question.populations.extend(Population::ALL.iter().copied().find(|one| one.name() == part)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::{Records, RegisterKind};
    use crate::register::{example, question_of};

    #[test]
    fn what_is_kept_is_asked_again() {
        let mut entry = example::entry(RegisterKind::CashVisit, &[]);
        let pool = Pool::new("520500");
        let question = Question {
            insured_pool: Some(Pool::new("520600")),
            place: Some(Place::Remote),
            scheme: Some(Insurance::Employee),
            populations: vec![Population::Active, Population::RegisteredPoor],
            records: Records {
                level: Some(BenefitLevel::Township),
                contracts: vec![Contract::SpecialDrugs],
                attributes: vec!["2302".into(), "2303".into()],
                person_type: "1102".into(),
                diseases: vec!["M01600".into()],
                employer: "某县第一中学".into(),
                age: Some(45),
                civil_servant: true,
                groups: Vec::new(),
            },
            ..question_of(&entry, &pool)
        };
        keep_asked_as(&mut entry, &question);
        assert_eq!(question_of(&entry, &pool), question);
        let nobody = Question::about(entry.business.clone());
        keep_asked_as(&mut entry, &nobody);
        assert!(!entry.details.contains_key("asked_as"), "of nobody nothing is kept");
    }
}
