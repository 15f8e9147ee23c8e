//! What is known before a city's time begins: its people, its providers, the catalogue.

use crate::city::{Citizen, City, Cover, PlaceKind};
use jiff::civil::{Date, DateTime};
use std::ops::Range;
use yibao_domain::code::Scheme;
use yibao_store::filing::Filing;
use yibao_store::person::{Attribute, Insurance, Person, RunningTotalRow, SpecialDisease};
use yibao_store::reference::Provider;
use yibao_store::{Fault, Tx};

/// Records the providers and the catalogue.
pub(super) fn settle_in(tx: &mut dyn Tx, city: &City) -> Result<(), Fault> {
    for place in &city.places {
        tx.put_provider(&Provider {
            fixmedins_code: place.code.clone(),
            fixmedins_name: place.name.clone(),
            admdvs: place.division.clone(),
            benefit_level: place.level.to_owned(),
            special_drug_supplier: if place.kind == PlaceKind::Pharmacy { "0" } else { "" }.to_owned(),
            ..Provider::default()
        })?;
    }
    for row in city.stock.rows(city.begins) {
        tx.put_catalogue_item(&row)?;
    }
    Ok(())
}

/// Records these people.
pub(super) fn move_in(tx: &mut dyn Tx, city: &City, persons: Range<u64>) -> Result<(), Fault> {
    for number in persons {
        one_moves_in(tx, city, number)?;
    }
    Ok(())
}

/// Records what is new of a person's insurance (`yibao load`), with the person where nobody knew of one.
pub(super) fn load(tx: &mut dyn Tx, city: &City, number: u64, now: DateTime) -> Result<(), Fault> {
    let citizen = city.person(number);
    tx.put_person(&person(&citizen))?;
    tx.put_insurance(&insurance(&citizen, city.begins.saturating_sub(jiff::Span::new().years(5)), now))?;
    Ok(())
}

fn person(citizen: &Citizen) -> Person {
    Person {
        psn_no: citizen.psn_no.clone(),
        psn_cert_type: "01".to_owned(),
        certno: citizen.certno_as_booked(),
        psn_name: citizen.name.clone(),
        gend: citizen.gend.to_owned(),
        brdy: Some(citizen.born),
        naty: "01".to_owned(),
        card_no: format!("K{:09}", citizen.number),
    }
}

/// The insurance as the platform is told of it by that moment; `since` is how long people are insured.
fn insurance(citizen: &Citizen, since: Date, told: DateTime) -> Insurance {
    let (begndate, enddate, paused_from) = match citizen.cover {
        Cover::Throughout => (since, None, None),
        Cover::Ended(ended) => (since, Some(ended), None),
        Cover::Paused { from, loaded } => (since, None, Some(from).filter(|_| loaded <= told)),
        Cover::Newborn { loaded, .. } => (loaded.date(), None, None),
    };
    Insurance {
        psn_no: citizen.psn_no.clone(),
        insutype: citizen.scheme.insutype().to_owned(),
        psn_type: citizen.psn_type.to_owned(),
        insuplc_admdvs: citizen.division.clone(),
        begndate: begndate.max(citizen.born),
        enddate,
        paused_from,
        emp_name: citizen.employer_name(),
        continuous_years: i64::from(citizen.continuous_years),
        cvlserv_flag: false,
    }
}

/// What somebody has beside the insurance that care is settled by: a civil servant's subsidy (320), the other basic scheme.
fn beside(citizen: &Citizen, since: Date) -> Vec<Insurance> {
    let row = |insutype: &str, psn_type: &str, begndate, enddate| Insurance {
        psn_no: citizen.psn_no.clone(),
        insutype: insutype.to_owned(),
        psn_type: psn_type.to_owned(),
        insuplc_admdvs: citizen.division.clone(),
        begndate,
        enddate,
        paused_from: None,
        emp_name: String::new(),
        continuous_years: 1,
        cvlserv_flag: false,
    };
    let subsidy = citizen.subsidy.map(|(from, until)| row("320", citizen.psn_type, from, until));
    let other = citizen.insured_also.map(|other| {
        let psn_type = if other == Scheme::Employee { "1101" } else { "1501" };
        row(other.insutype(), psn_type, since.max(citizen.born), None)
    });
    subsidy.into_iter().chain(other).collect()
}

fn one_moves_in(tx: &mut dyn Tx, city: &City, number: u64) -> Result<(), Fault> {
    let citizen = city.person(number);
    let since = city.begins.saturating_sub(jiff::Span::new().years(5));
    let psn_no = &citizen.psn_no;
    tx.put_person(&person(&citizen))?;
    let insutype = citizen.scheme.insutype().to_owned();
    let begins = city.begins.at(0, 0, 0, 0);
    let insured = insurance(&citizen, since, begins);
    if let Some((renewed, ended)) = citizen.renewed.and_then(|renewed| Some((renewed, renewed.yesterday().ok()?))) {
        tx.put_insurance(&Insurance { enddate: Some(ended), ..insured.clone() })?;
        tx.put_insurance(&Insurance { begndate: renewed, ..insured })?;
    } else {
        tx.put_insurance(&insured)?;
    }
    for beside in beside(&citizen, since) {
        tx.put_insurance(&beside)?;
    }
    if let Some(balance) = citizen.balance {
        // Whether it was there before makes no difference to a new city.
        let _ = tx.put_opening_balance(psn_no, balance)?;
    }
    if let Some(attribute) = citizen.attribute {
        tx.put_attribute(&Attribute {
            psn_no: psn_no.clone(),
            psn_idet_type: attribute.to_owned(),
            begndate: citizen.attribute_since.unwrap_or(since),
            enddate: citizen.attribute_until,
        })?;
    }
    if let Some(beside) = citizen.attribute_beside {
        let psn_idet_type = beside.to_owned();
        tx.put_attribute(&Attribute { psn_no: psn_no.clone(), psn_idet_type, begndate: since, enddate: None })?;
    }
    for (code, name, until) in citizen.recognised() {
        tx.put_special_disease(&SpecialDisease {
            psn_no: psn_no.clone(),
            opsp_dise_code: code.to_owned(),
            opsp_dise_name: name.to_owned(),
            begndate: since,
            enddate: until,
            trt_dcla_detl_sn: String::new(),
        })?;
    }
    if citizen.special_drug || citizen.special_drug_until.is_some() {
        tx.put_filing(&Filing {
            trt_dcla_detl_sn: format!("F{number}"),
            psn_no: psn_no.clone(),
            kind: "special_drug".to_owned(),
            insutype: insutype.clone(),
            care_admdvs: String::new(),
            fixmedins_code: String::new(),
            fixmedins_name: String::new(),
            begndate: since,
            enddate: citizen.special_drug_until,
            filed_by: String::new(),
            filed_at: since.at(0, 0, 0, 0),
            cancelled_at: None,
            details: "{}".to_owned(),
        })?;
    }
    let (year, before) = (city.begins.year(), city.begins.year() - 1);
    let of_year = citizen.totals_before().into_iter().map(|total| (year, total));
    let of_last = citizen.totals_of_last_year().into_iter().map(|total| (before, total));
    for (year, (name, value)) in of_year.chain(of_last) {
        let period = year.to_string();
        let total = RunningTotalRow { insutype: insutype.clone(), period, name: name.to_owned(), value };
        let _ = tx.put_opening_total(psn_no, &total)?;
    }
    Ok(())
}
