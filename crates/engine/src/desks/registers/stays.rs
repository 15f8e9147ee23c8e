//! Who is in hospital (在院病人): the stays at the platform, and what the form of a discharge takes over from one.

use crate::call::Stop;
use crate::desks::registers::Registers;
use crate::facts::question::{self, Asked};
use crate::facts::{EVERY, care_kind, person};
use crate::policies::Policies;
use crate::register::Actor;
use crate::register::problem::NotDone;
use std::collections::BTreeMap;
use yibao_domain::outage::{RegisterKind, closed_at};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Bucket, Entry, Stated, field};
use yibao_domain::settlement::CareKind;
use yibao_domain::time::{DateTime, moment_text};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState, Setting};
use yibao_store::register::EntryFilter;

/// A stay that has not ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InHospital {
    /// Its id.
    pub mdtrt_id: String,
    /// The person's name.
    pub psn_name: String,
    /// The person's document.
    pub certno: String,
    /// The hospital.
    pub fixmedins_code: String,
    /// 住院号.
    pub ipt_otp_no: String,
    /// The admission.
    pub begntime: DateTime,
    /// Register entries about it that are not withdrawn, in the order of care.
    pub entries: Vec<Entry>,
    /// What becomes of a discharge now that no register takes in, by the plan: the agency pays it back, say. Empty where one does, or
    /// nothing is closed.
    pub instead: String,
}

/// A page of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ward {
    /// Oldest admission first.
    pub stays: Vec<InHospital>,
    /// How many there are on all pages.
    pub total: usize,
}

impl Registers<'_> {
    /// Who is in hospital, for the hospital itself or for the whole pool: `rows` of them after the first `skip`.
    pub fn in_hospital(&self, by: &Actor, now: DateTime, skip: usize, rows: usize) -> Result<Ward, NotDone> {
        let by = by.clone();
        self.read(by.party(), move |tx, policies: &Policies| ward(tx, policies, &by, now, skip, rows)).wait()
    }

    /// What is known of a stay, as the form of a deferred discharge has it.
    pub fn discharge_of(&self, by: &Actor, mdtrt_id: &str) -> Result<Stated, NotDone> {
        let (by, mdtrt_id) = (by.clone(), mdtrt_id.to_owned());
        self.read(by.party(), move |tx, _: &Policies| discharge(tx, &by, &mdtrt_id)).wait()
    }
}

fn ward(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    skip: usize,
    rows: usize,
) -> Result<Ward, NotDone> {
    let fixmedins_code = by.role.keeps_to_its_own().then(|| by.fixmedins_code.clone());
    let filter =
        EncounterFilter { fixmedins_code: fixmedins_code.clone(), in_hospital_only: true, ..Default::default() };
    let found = tx.encounters(&filter, EVERY)?;
    let total = found.len();
    let mut stays = Vec::new();
    for stay in found.into_iter().skip(skip).take(rows) {
        let person = tx.person(&stay.psn_no)?.unwrap_or_default();
        stays.push(InHospital {
            entries: about(tx, &stay)?,
            instead: instead(tx, policies, &stay, now)?,
            psn_name: person.psn_name,
            certno: person.certno,
            mdtrt_id: stay.mdtrt_id,
            fixmedins_code: stay.fixmedins_code,
            ipt_otp_no: stay.ipt_otp_no,
            begntime: stay.begntime,
        });
    }
    Ok(Ward { stays, total })
}

/// What the plan has for whoever leaves a stay now, where no register of discharges takes it in.
fn instead(tx: &mut dyn Tx, policies: &Policies, stay: &Encounter, now: DateTime) -> Result<String, Stop> {
    let plans = policies.plans();
    if !plans.iter().any(|plan| plan.pool == policies.pool.pool) {
        return Ok(String::new());
    }
    let kind = care_kind::kind_of(policies, &stay.med_type).ok().filter(|kind| kind.is_stay());
    let business = care_kind::settlement_business(Setting::Inpatient, kind.unwrap_or(CareKind::Inpatient));
    let facts = tx.person_facts(&stay.psn_no, &[])?;
    let provider = tx.provider(&stay.fixmedins_code)?;
    let asked = Asked { insutype: &stay.insutype, person: facts.as_ref(), day: stay.begntime.date() };
    let area =
        facts.as_ref().and_then(|facts| person::insurance_that(facts, now.date(), |row| row.insutype == stay.insutype));
    let area = area.map_or_else(String::new, |row| row.insuplc_admdvs.clone());
    let question = question::about(policies, provider.as_ref(), &area, &asked, business);
    let Some(way) = closed_at(&plans, &question, now) else { return Ok(String::new()) };
    let rule = way.closing.rule;
    let is_kept = rule.register(&question.business).is_none_or(|kind| kind == OF_DISCHARGES);
    Ok(if is_kept { String::new() } else { way.closing.advice() })
}

/// The standing entries about a stay.
fn about(tx: &mut dyn Tx, stay: &Encounter) -> Result<Vec<Entry>, Stop> {
    let filter = EntryFilter { mdtrt_id: Some(stay.mdtrt_id.clone()), ..EntryFilter::default() };
    let mut entries = tx.entries(&filter, EVERY)?;
    entries.retain(|entry| entry.state.bucket() != Bucket::Withdrawn);
    Ok(entries)
}

fn discharge(tx: &mut dyn Tx, by: &Actor, mdtrt_id: &str) -> Result<Stated, NotDone> {
    let own = |stay: &Encounter| !by.role.keeps_to_its_own() || stay.fixmedins_code == by.fixmedins_code;
    let stay = tx.encounter(mdtrt_id)?.filter(|stay| stay.setting == Setting::Inpatient && own(stay));
    let Some(stay) = stay.filter(|stay| stay.state != EncounterState::Cancelled) else {
        return Err(NotDone::refused(Code::NotFound, format!("没有就诊ID为“{mdtrt_id}”的住院，或者不是本机构的")));
    };
    let person = tx.person(&stay.psn_no)?.unwrap_or_default();
    let mut diagnoses = tx.diagnoses(mdtrt_id)?;
    diagnoses.retain(|row| row.valid);
    let main = diagnoses.iter().rev().find(|row| row.maindiag_flag).or(diagnoses.first());
    // Somebody may have written down at the telling by which number the person is reached.
    let tel = about(tx, &stay)?.iter().rev().map(|entry| field::TEL.of(entry).to_owned()).find(|tel| !tel.is_empty());
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let known = BTreeMap::from([
        (field::PSN_NO.name(), person.psn_no),
        (field::PSN_NAME.name(), person.psn_name),
        (field::CERTNO.name(), person.certno),
        (field::PSN_CERT_TYPE.name(), person.psn_cert_type),
        (field::TEL.name(), tel.unwrap_or_default()),
        (field::MDTRT_ID.name(), stay.mdtrt_id),
        (field::BEGNTIME.name(), moment_text(stay.begntime)),
        (field::ENDTIME.name(), stay.endtime.map_or_else(String::new, moment_text)),
        (field::IPT_OTP_NO.name(), stay.ipt_otp_no),
        (field::DSCG_WAY.name(), stay.dscg_way),
        (field::DIAG_CODE.name(), main.map_or_else(String::new, |row| row.diag_code.clone())),
        (field::DIAG_NAME.name(), main.map_or_else(String::new, |row| row.diag_name.clone())),
        (field::MED_TYPE.name(), stay.med_type),
        (field::OPSP_DISE_CODE.name(), stay.dise_codg),
        (field::MATN_TYPE.name(), stay.matn_type),
        (field::BIRCTRL_TYPE.name(), stay.birctrl_type),
        (field::GESO_VAL.name(), number(stay.geso_val)),
        (field::FETUS_CNT.name(), number(stay.fetus_cnt)),
    ]);
    let mut stated: Stated = known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    stated.retain(|_, value| !value.is_empty());
    Ok(stated)
}

/// The register to which the discharge of somebody in hospital belongs while nothing is settled.
pub const OF_DISCHARGES: RegisterKind = RegisterKind::DeferredDischarge;
