//! Gathers the facts of a settlement for `yibao_domain::settlement`.

use crate::call::Stop;
use crate::facts::{filing, scheme};
use yibao_domain::code::Scheme;
use yibao_domain::entitlement::{self, Entitled, InsuranceRow};
use yibao_domain::money::Money;
use yibao_domain::person::{PersonFacts as DomainPerson, Population};
use yibao_domain::settlement::case::{Diagnoses, MaternityFacts, Qualification};
use yibao_domain::settlement::totals::{RunningTotal, Totals};
use yibao_domain::time::{Date, full_years};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, Setting};
use yibao_store::person::{PersonFacts, RunningTotalRow};

/// The periods whose running totals a settlement on `day` reads and adds to.
pub(crate) fn periods(day: Date) -> Vec<String> {
    vec![format!("{:04}", day.year()), day.to_string()]
}

/// The running totals of one scheme on `day`. What was settled by maternity insurance (510) counts with the
/// employees' scheme, which it is part of.
pub(crate) fn totals(facts: &PersonFacts, scheme: Scheme, day: Date) -> Totals {
    let mut totals = Totals::default();
    for total in RunningTotal::ALL {
        let period = total.period_text(day);
        let rows = facts.totals.iter().filter(|row| row.name == total.name() && row.period == period);
        let rows = rows.filter(|row| scheme::basic_scheme(&row.insutype) == Some(scheme));
        totals.set(*total, rows.map(|row| row.value).sum());
    }
    totals
}

/// Makes of the totals of a day those of a place in the order, by what they have more or less there.
pub(crate) fn put_in_order(totals: &mut Totals, differences: &[RunningTotalRow], scheme: Scheme, day: Date) {
    for total in RunningTotal::ALL {
        let period = total.period_text(day);
        let rows = differences.iter().filter(|row| row.name == total.name() && row.period == period);
        let rows = rows.filter(|row| scheme::basic_scheme(&row.insutype) == Some(scheme));
        totals.add(&[(*total, rows.map(|row| row.value).sum())]);
    }
}

/// What settlements have done to the special-disease deductible standard (`decisions` 5, 44).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StandardUsed {
    /// The highest of theirs; nothing where there are none.
    pub highest: Option<Money>,
    /// By how much they have raised the running total together.
    pub raised: Money,
}

/// Makes the special-disease deductible standard the highest that was used so far. The running total adds up what each settlement
/// raised it by, and so falls short once a lower one of them is cancelled, and goes beyond it where one that counts earlier was
/// recorded later; what it was before them, of the old system, remains.
pub(crate) fn take_highest_standard(totals: &mut Totals, used: StandardUsed) {
    let total = RunningTotal::SpecialDiseaseDeductibleStandard;
    let before = totals.money(total).less(used.raised);
    totals.set(total, used.highest.map_or(before, |highest| highest.max(before)).as_fen());
}

/// The person as the domain sees one, on the day of entitlement.
pub(crate) fn person(facts: &PersonFacts, rows: &[InsuranceRow], entitled: &Entitled, day: Date) -> DomainPerson {
    let held = facts.attributes.iter().filter(|row| row.begndate <= day && row.enddate.is_none_or(|end| day <= end));
    DomainPerson {
        population: Population::of(entitled.scheme, &entitled.row.psn_type),
        age: facts.person.brdy.map_or(0, |born| full_years(born, day)),
        continuous_years: entitled.row.continuous_years,
        attributes: held.map(|row| row.psn_idet_type.clone()).collect(),
        civil_servant: entitlement::civil_servant(rows, day),
    }
}

/// The person's recognised diseases and special-drug filings, whatever their dates.
pub(crate) fn qualifications(tx: &mut dyn Tx, facts: &PersonFacts) -> Result<Vec<Qualification>, Stop> {
    let diseases = facts.special_diseases.iter().map(|row| Qualification {
        code: row.opsp_dise_code.clone(),
        name: row.opsp_dise_name.clone(),
        begin: row.begndate,
        end: row.enddate,
    });
    let filings = tx.filings(&facts.person.psn_no, Some(filing::SPECIAL_DRUG))?;
    let drugs = filings.iter().map(|row| Qualification::special_drug(row.begndate, row.enddate));
    Ok(diseases.chain(drugs).collect())
}

/// Diagnoses that count: those of the discharge where there are any, else those of visit or admission.
pub(crate) fn diagnoses(tx: &mut dyn Tx, encounter: &Encounter) -> Result<Diagnoses, Stop> {
    if encounter.setting == Setting::Pharmacy {
        return Ok(Diagnoses::default());
    }
    let valid: Vec<_> = tx.diagnoses(&encounter.mdtrt_id)?.into_iter().filter(|row| row.valid).collect();
    let stage = valid.iter().map(|row| row.inout_diag_type.clone()).max().unwrap_or_default();
    let counting: Vec<_> = valid.into_iter().filter(|row| row.inout_diag_type == stage).collect();
    let marked = counting.iter().find(|row| row.maindiag_flag);
    let first = || counting.iter().find(|row| encounter.setting == Setting::Outpatient || row.diag_srt_no == 1);
    let main = marked.or_else(first).map(|row| row.diag_code.clone());
    let stated = Some(&encounter.dscg_maindiag_code).filter(|code| !code.is_empty()).cloned();
    let main = main.or(stated);
    let others = counting.iter().map(|row| row.diag_code.clone()).filter(|code| Some(code) != main.as_ref());
    Ok(Diagnoses { others: others.collect(), main })
}

/// Maternity facts of an encounter.
pub(crate) fn maternity(encounter: &Encounter) -> MaternityFacts {
    let stated = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    MaternityFacts {
        matn_type: stated(&encounter.matn_type),
        birctrl_type: stated(&encounter.birctrl_type),
        children: encounter.fetus_cnt.and_then(|count| u32::try_from(count).ok()),
        weeks: encounter.geso_val.and_then(|weeks| u32::try_from(weeks).ok()),
    }
}
