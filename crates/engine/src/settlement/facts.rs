//! Gathers the facts of a settlement for `yibao_domain::settlement`.

use crate::call::{Call, Stop};
use crate::facts::question::Asked;
use crate::facts::{filing, question, scheme};
use crate::outage::matching;
use crate::policies::Policies;
use crate::settlement::row::clearing_type;
use yibao_domain::code::Scheme;
use yibao_domain::entitlement::{self, Entitled, InsuranceRow};
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Protection, Question};
use yibao_domain::person::{PersonFacts as DomainPerson, Population};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::CareKind;
use yibao_domain::settlement::case::{Continued, Diagnoses, MaternityFacts, Qualification, StayFacts};
use yibao_domain::settlement::totals::{RunningTotal, Totals};
use yibao_domain::time::{Date, DateTime, full_years};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState, Setting, StayRow};
use yibao_store::filing::Filing;
use yibao_store::person::PersonFacts;

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

/// The highest special-disease deductible standard used so far, from the settlements that stand: the running total
/// adds up what each raised it by, and so falls short once a lower one of them is cancelled (`decisions` 5, 44).
pub(crate) fn raise_special_disease_standard(
    tx: &mut dyn Tx,
    totals: &mut Totals,
    psn_no: &str,
    insutype: &str,
    day: Date,
) -> Result<(), Stop> {
    let total = RunningTotal::SpecialDiseaseDeductibleStandard;
    let clr_type = clearing_type(CareKind::SpecialDisease);
    if let Some(standing) = tx.highest_deductible_standard(psn_no, day.year(), insutype, clr_type)? {
        totals.set(total, standing.max(totals.money(total)).as_fen());
    }
    Ok(())
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

/// What a stay continues: its own earlier parts, and the legs of a chain of transfers (`decisions` 19, 20).
/// An earlier leg that is not settled yet stops the later one. Where the stay counts at another time than now, stays
/// after that time are none of its earlier ones (`decisions` 7).
pub(crate) fn stay(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    encounter: &Encounter,
    day: Date,
    goes_on: bool,
    counts_at: Option<DateTime>,
) -> Result<StayFacts, Stop> {
    let span = jiff::Span::new;
    // Also those after this one: a leg that is not settled at present still links the legs beside it.
    let (since, until) = (encounter.begntime.date().saturating_sub(span().days(400)), day.last_of_year());
    let stays = tx.stays(&encounter.psn_no, day.year(), since, until.saturating_add(span().days(1)))?;
    let stays: Vec<StayRow> = stays.into_iter().filter(|row| row.encounter.insutype == encounter.insutype).collect();
    let rules = policies.rules_on(day);
    let scheme = scheme::scheme_of(&encounter.insutype)?;
    let chains = rules.scheme(scheme).inpatient.transfer_makes_up_difference.as_ref().is_some_and(|rule| rule.value);
    let filings = if chains { tx.filings(&encounter.psn_no, Some(filing::TRANSFER))? } else { Vec::new() };
    let asked = Asked { insutype: &encounter.insutype, person: None, day };
    let filed = question::about(policies, &call.provider, "", &asked, Business::named("filing.transfer"));
    let kept = |filing: &Filing, after: &Encounter| kept_from_filing(policies, &filed, filing, after);
    let leads = |before: &Encounter, after: &Encounter| chains && leads(&filings, &kept, before, after);
    let connected = |one: &Encounter, other: &Encounter| leads(one, other) || leads(other, one);
    let earlier = reached(encounter, &stays, leads);
    for leg in &earlier {
        must_be_settled(tx, call, leg)?;
    }
    if counts_at.is_some() {
        matching::earlier_legs_must_be_settled(tx, call, encounter, chains)?;
    }
    let own = stays.iter().find(|row| row.encounter.mdtrt_id == encounter.mdtrt_id);
    let counting: Vec<StayRow> = match counts_at {
        Some(until) => stays.iter().filter(|row| row.encounter.begntime <= until).cloned().collect(),
        None => stays.clone(),
    };
    let legs = reached(encounter, &counting, connected);
    let in_chain: Vec<&str> = own.iter().chain(&legs).map(|row| row.encounter.mdtrt_id.as_str()).collect();
    Ok(StayFacts {
        parts: own.filter(|row| !row.settlements.is_empty()).map(|row| continued([row], day.year())),
        transfer: (!legs.is_empty()).then(|| continued(legs.iter().copied(), day.year())),
        goes_on,
        uncounted: uncounted(&counting, &in_chain, day.year(), connected),
    })
}

/// A leg is settled by its discharge, or by parts that took all its lines.
fn must_be_settled(tx: &mut dyn Tx, call: &Call, leg: &StayRow) -> Result<(), Stop> {
    if leg.settlements.iter().any(|part| !part.mid_stay) {
        return Ok(());
    }
    let of = &leg.encounter;
    if !leg.settlements.is_empty() && tx.fee_lines(&of.mdtrt_id)?.iter().all(|line| !line.setl_id.is_empty()) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::WrongState,
        format!(
            "转院前的住院(就诊ID {}，机构 {})尚未结算；请先由转出医院结算，再由{}结算",
            of.mdtrt_id, of.fixmedins_code, call.provider.fixmedins_name
        ),
    )
    .into())
}

fn continued<'a>(rows: impl IntoIterator<Item = &'a StayRow>, year: i16) -> Continued {
    let settled: Vec<_> = rows.into_iter().flat_map(|row| &row.settlements).collect();
    Continued {
        met: Money::sum(settled.iter().map(|part| part.act_pay_dedc)),
        counted: settled.iter().any(|part| part.year == year && part.counted),
    }
}

/// How many other stays or chains of the year stand without a number in the running total, because the part or
/// leg that brought it was cancelled while another stands (`decisions` 8, 16).
fn uncounted(
    stays: &[StayRow],
    in_chain: &[&str],
    year: i16,
    connected: impl Fn(&Encounter, &Encounter) -> bool,
) -> u32 {
    let stands = |row: &StayRow| row.settlements.iter().any(|part| part.year == year && part.stay_number > 0);
    let mut seen: Vec<&str> = in_chain.to_vec();
    let mut missing = 0;
    for row in stays.iter().filter(|row| stands(row)) {
        if seen.contains(&row.encounter.mdtrt_id.as_str()) {
            continue;
        }
        let mut chain = reached(&row.encounter, stays, &connected);
        chain.push(row);
        seen.extend(chain.iter().map(|leg| leg.encounter.mdtrt_id.as_str()));
        if !continued(chain, year).counted {
            missing += 1;
        }
    }
    missing
}

/// The other stays that a step, taken once or repeatedly, reaches from this one: each leg of a chain, however
/// many follow one another on one day.
fn reached<'a>(
    from: &Encounter,
    stays: &'a [StayRow],
    step: impl Fn(&Encounter, &Encounter) -> bool,
) -> Vec<&'a StayRow> {
    let mut legs: Vec<&StayRow> = Vec::new();
    let mut next = 0;
    loop {
        let here = if next == 0 { from } else { &legs[next - 1].encounter };
        for row in stays {
            let known = row.encounter.mdtrt_id == from.mdtrt_id
                || legs.iter().any(|leg| leg.encounter.mdtrt_id == row.encounter.mdtrt_id);
            if !known && step(&row.encounter, here) {
                legs.push(row);
            }
        }
        next += 1;
        if next > legs.len() {
            return legs;
        }
    }
}

/// Whether one stay leads to another by transfer: discharge way 2 or 3 or a transfer filing, and admission on
/// the same or the next day (`decisions` 19).
fn leads(
    filings: &[Filing],
    kept: &impl Fn(&Filing, &Encounter) -> bool,
    before: &Encounter,
    after: &Encounter,
) -> bool {
    before.state == EncounterState::Discharged
        && before.begntime <= after.begntime
        && follows_at_once(before, after)
        && (matches!(before.dscg_way.as_str(), "2" | "3")
            || filings.iter().any(|filing| names_transfer(filing, kept, before, after)))
}

fn follows_at_once(before: &Encounter, after: &Encounter) -> bool {
    let Some(left) = before.endtime else { return false };
    let arrived = after.begntime.date();
    arrived == left.date() || left.date().tomorrow().is_ok_and(|next| arrived == next)
}

fn names_transfer(
    filing: &Filing,
    kept: &impl Fn(&Filing, &Encounter) -> bool,
    before: &Encounter,
    after: &Encounter,
) -> bool {
    let names_arrival = filing.fixmedins_code.is_empty() || filing.fixmedins_code == after.fixmedins_code;
    let day = after.begntime.date();
    let begins = filing.begndate <= day || kept(filing, after);
    let holds = begins && filing.enddate.is_none_or(|end| before.begntime.date() <= end);
    names_arrival && holds && filing.begndate >= before.begntime.date()
}

/// Whether an outage kept the filing from being made when the person arrived, and the plan prices it as if it had been.
fn kept_from_filing(policies: &Policies, question: &Question, filing: &Filing, after: &Encounter) -> bool {
    policies.plans().iter().filter(|plan| question.concerns(&plan.pool)).any(|plan| {
        let promise = plan.held_harmless(question, after.begntime, filing.filed_at, &policies.calendar);
        promise.is_some_and(|promise| promise.protects.contains(&Protection::Deductible))
    })
}
