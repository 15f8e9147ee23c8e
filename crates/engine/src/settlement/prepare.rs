//! Prepares a settlement out of what was read before: entitlement, lines, facts, decision. Reads and writes nothing, so trial
//! settlements go the same way, and a reader may decide what the writer records; the row that is recorded is made in
//! [`crate::settlement::row`].

use crate::call::{Call, Stop};
use crate::facts::{entitled, provider, scheme};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::circumstances::Circumstances;
use crate::settlement::grounds::Grounds;
use crate::settlement::row::Decided;
use crate::settlement::{facts, line, row};
use yibao_domain::money::Money;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::line::Bill;
use yibao_domain::settlement::rules::LineRules;
use yibao_domain::settlement::{AccountUse, Case, Decision, decide};
use yibao_store::encounter::{Encounter, FeeLine};
use yibao_store::person::PersonFacts;
use yibao_store::settlement::Settlement;

/// A settlement ready to be recorded.
#[derive(Clone)]
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

/// Decides the settlement of a person's care under its circumstances, by these grounds. `setl_id` is empty for a trial.
pub(crate) fn prepare(
    call: &Call,
    policies: &Policies,
    basis: Basis,
    person: PersonFacts,
    circumstances: &Circumstances,
    grounds: Grounds,
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
    let sender = call.provider()?;
    let provider = provider::of(sender);
    let (lines, repriced, bill) = priced(&basis, &rules.lines(scheme, basis.kind, provider.supplies_special_drugs))?;
    let premises = circumstances.premises.as_ref();
    let balance = premises.map_or(person.balance.unwrap_or_default(), |premises| premises.account);
    let mut totals = facts::totals(&person, scheme, basis.end);
    if let Some(premises) = premises {
        facts::put_in_order(&mut totals, &premises.totals, scheme, basis.end);
    }
    if let Some(used) = grounds.special_disease_standard {
        facts::take_highest_standard(&mut totals, used);
    }
    let case = Case {
        scheme,
        kind: basis.kind,
        person: facts::person(&person, &rows, &entitled, begin),
        provider,
        place: circumstances.place,
        filing: circumstances.filing,
        own_county: policies.pool.same_area(&entitled.row.insured_area, &sender.admdvs),
        day: basis.end,
        bill,
        diagnoses: grounds.diagnoses,
        stay: grounds.stay?,
        maternity: facts::maternity(encounter),
        disease_code: disease_code(encounter, &lines),
        qualifications: grounds.qualifications,
        totals,
        account: AccountUse::of_flag(Some(basis.acct_used_flag), balance),
        hospital_part: Money::ZERO,
    };
    let decision = decide(&case, &rules)?;
    must_be_the_bill(&basis, &decision)?;
    let decided = Decided {
        basis: &basis,
        case: &case,
        decision: &decision,
        psn_type: &entitled.row.psn_type,
        balance: person.balance.unwrap_or_default(),
        rules_of: rules.day,
        counts_at: premises.map_or(call.now, |premises| premises.counts_at),
    };
    let settlement = row::settlement(call, policies, &decided, setl_id, grounds.round);
    Ok(Prepared { settlement, person, lines, repriced, remarks: remarks(&decision) })
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
