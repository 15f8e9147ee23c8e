//! What the people at tills and desks read in the notice (公告): which way care goes that met a closed window.

use crate::city::{Citizen, City, Place};
use crate::life::{Event, Kind};
use yibao_domain::code::Scheme;
use yibao_domain::outage::{Business, Channel, Contract, Insurance, Population, Question, Records};
use yibao_domain::provider::BenefitLevel;
use yibao_domain::time::Date;

/// What an event is settled as; `special_drugs` is whether the pool pays for them apart.
pub fn business(event: &Event, special_drugs: bool) -> Business {
    Business::named(match event.kind {
        Kind::Visit => "settlement.outpatient.ordinary",
        Kind::SpecialDisease { .. } => "settlement.outpatient.special",
        Kind::TwoDiseases => "settlement.outpatient.two_diseases",
        Kind::SpecialDrug if special_drugs => "settlement.outpatient.special_drug",
        Kind::Purchase | Kind::LongDiseaseDrugs { .. } | Kind::SpecialDrug => "settlement.pharmacy",
        Kind::Prenatal | Kind::FamilyPlanning => "settlement.outpatient.maternity",
        Kind::Stay { .. } if event.birth.is_some() => "settlement.inpatient.maternity",
        Kind::Stay { .. } => "settlement.inpatient",
    })
}

/// Whether and how a business is open for this person at this place, for care of that day.
pub fn question(city: &City, person: &Citizen, place: &Place, business: Business, day: Date) -> Question {
    let mut populations = vec![match (person.scheme, person.psn_type) {
        (Scheme::Employee, "1201") => Population::Retired,
        (Scheme::Employee, _) => Population::Active,
        (Scheme::Resident, "1401") => Population::StudentChild,
        (Scheme::Resident, _) => Population::Adult,
    }];
    // A newborn is a child, and who is flexibly employed is in work or retired.
    match person.psn_type {
        "1401" => populations.push(Population::Newborn),
        "1103" | "1203" => populations.push(Population::Flexible),
        _ => {}
    }
    let attributes = person.attributes_on(day);
    if attributes.contains(&"2302") {
        populations.push(Population::RegisteredPoor);
    }
    let recognised = person.recognised().into_iter().filter(|(.., until)| until.is_none_or(|until| day <= until));
    let records = Records {
        level: BenefitLevel::of_column(place.level).filter(|_| !place.code.starts_with('P')),
        contracts: vec![Contract::SpecialDrugs],
        attributes: attributes.into_iter().map(str::to_owned).collect(),
        person_type: person.psn_type.to_owned(),
        diseases: recognised.map(|(code, ..)| code.to_owned()).collect(),
        employer: person.employer_name(),
        age: Some(person.age(day)),
        ..Records::default()
    };
    Question {
        records,
        care_pool: Some(city.pool.clone()),
        insured_pool: Some(city.pool.clone()),
        scheme: Some(Insurance::from(person.scheme)),
        populations,
        channel: Some(if place.code.starts_with('P') { Channel::Pharmacy } else { Channel::Hospital }),
        provider: Some(place.code.clone()),
        county: Some(place.division.clone()),
        insured_county: Some(person.division.clone()),
        ..Question::about(business)
    }
}
