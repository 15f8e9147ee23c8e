//! Prepares a settlement: entitlement, lines, facts, decision. Writes nothing, so trial settlements go the
//! same way; the row that is recorded is made in [`crate::settlement::row`].

use crate::call::{Call, Stop};
use crate::facts::{entitled, provider, scheme};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::circumstances::Circumstances;
use crate::settlement::row::Decided;
use crate::settlement::{chain, facts, line, row};
use yibao_domain::money::Money;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::case::StayFacts;
use yibao_domain::settlement::line::Bill;
use yibao_domain::settlement::rules::LineRules;
use yibao_domain::settlement::{AccountUse, CareKind, Case, Decision, decide};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting};
use yibao_store::person::PersonFacts;
use yibao_store::settlement::Settlement;

/// A settlement ready to be recorded.
pub(crate) struct Prepared {
    pub settlement: Settlement,
    pub person: PersonFacts,
    /// All lines as this settlement prices them.
    pub lines: Vec<FeeLine>,
    /// Those whose price this settlement changed.
    pub repriced: Vec<FeeLine>,
    /// What the operator should know.
    pub remarks: Vec<String>,
}

/// Decides the settlement of a person's care under its circumstances. `setl_id` is empty for a trial.
pub(crate) fn prepare(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    basis: Basis,
    person: PersonFacts,
    circumstances: &Circumstances<'_>,
    setl_id: String,
) -> Result<Prepared, Stop> {
    let encounter = basis.encounter;
    let begin = encounter.begntime.date();
    let scheme = scheme::scheme_of(basis.insutype)?;
    let rows = entitled::rows(&person, policies);
    let entitled = entitled::judge(&rows, &person, basis.insutype, begin, policies)?;
    if let Some(held) = &circumstances.held {
        return Err(held.clone().into());
    }
    let rules = policies.rules_on(basis.end);
    let provider = provider::of(&call.provider);
    let (lines, repriced, bill) = priced(&basis, &rules.lines(scheme, basis.kind, provider.supplies_special_drugs))?;
    let premises = circumstances.premises.as_ref();
    let balance = premises.map_or(person.balance.unwrap_or_default(), |premises| premises.account);
    let mut totals = facts::totals(&person, scheme, basis.end);
    if let Some(premises) = premises {
        facts::put_in_order(&mut totals, &premises.totals, scheme, basis.end);
    }
    if basis.kind == CareKind::SpecialDisease {
        let (psn_no, insutype) = (encounter.psn_no.as_str(), scheme.insutype());
        facts::raise_special_disease_standard(tx, &mut totals, premises, psn_no, insutype, basis.end)?;
    }
    let stay = match basis.stay_goes_on {
        Some(goes_on) => chain::stay(tx, call, policies, encounter, basis.end, goes_on, circumstances)?,
        None => StayFacts::default(),
    };
    let case = Case {
        scheme,
        kind: basis.kind,
        person: facts::person(&person, &rows, &entitled, begin),
        provider,
        place: circumstances.place,
        filing: circumstances.filing,
        own_county: policies.pool.same_area(&entitled.row.insured_area, &call.provider.admdvs),
        day: basis.end,
        bill,
        diagnoses: facts::diagnoses(tx, encounter)?,
        stay,
        maternity: facts::maternity(encounter),
        disease_code: disease_code(encounter, &lines),
        qualifications: facts::qualifications(tx, &person)?,
        totals,
        account: AccountUse::of_flag(Some(basis.acct_used_flag), balance),
        hospital_part: Money::ZERO,
    };
    let decision = decide(&case, &rules)?;
    must_be_the_bill(&basis, &decision)?;
    let round = round(tx, encounter)?;
    let decided = Decided {
        basis: &basis,
        case: &case,
        decision: &decision,
        psn_type: &entitled.row.psn_type,
        balance: person.balance.unwrap_or_default(),
        rules_of: rules.day,
        counts_at: premises.map_or(call.now, |premises| premises.counts_at),
    };
    let settlement = row::settlement(call, policies, &decided, setl_id, round);
    Ok(Prepared { settlement, person, lines, repriced, remarks: remarks(&decision) })
}

/// A purchase is made and settled at once, so it has its first round; others follow the rounds they have.
fn round(tx: &mut dyn Tx, encounter: &Encounter) -> Result<i64, Stop> {
    if encounter.setting == Setting::Pharmacy {
        return Ok(1);
    }
    Ok(1 + tx.rounds(&encounter.mdtrt_id)?.last().map_or(0, |last| last.round))
}

/// Lines as this settlement's care type prices them, those that changed, and their sums.
fn priced(basis: &Basis, rules: &LineRules) -> Result<(Vec<FeeLine>, Vec<FeeLine>, Bill), Stop> {
    let (mut lines, mut repriced, mut splits) = (Vec::new(), Vec::new(), Vec::new());
    for recorded in &basis.lines {
        let (line, split) = line::reprice(recorded, rules)?;
        if line != *recorded {
            repriced.push(line.clone());
        }
        lines.push(line);
        splits.push(split);
    }
    Ok((lines, repriced, Bill::of_lines(&splits)))
}

fn must_be_the_bill(basis: &Basis, decision: &Decision) -> Result<(), Stop> {
    if decision.bill() == basis.medfee_sumamt {
        return Ok(());
    }
    Err(Refusal::new(
        Code::TotalsDiffer,
        format!(
            "医疗费总额 medfee_sumamt {} 与未结算明细合计 {}({}条)不符；请核对明细是否全部上传，或更正总额",
            basis.medfee_sumamt,
            decision.bill(),
            basis.lines.len()
        ),
    )
    .into())
}

/// The disease that the visit names, else the first that a line names.
fn disease_code(encounter: &Encounter, lines: &[FeeLine]) -> Option<String> {
    if !encounter.dise_codg.is_empty() {
        return Some(encounter.dise_codg.clone());
    }
    lines
        .iter()
        .map(|line| crate::facts::details::Details::read(&line.details).text("dise_codg").to_owned())
        .find(|code| !code.is_empty())
}

fn remarks(decision: &Decision) -> Vec<String> {
    let payouts = decision.payouts.iter();
    payouts
        .map(|payout| format!("另由{}支付给个人 {}（{}）", payout.fund.name(), payout.amount, payout.reason))
        .collect()
}
