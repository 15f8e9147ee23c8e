//! Prepares a settlement: entitlement, lines, facts, decision, and the row to record. Writes nothing,
//! so trial settlements go the same way.

use crate::call::{Call, Stop};
use crate::desk::Desk;
use crate::settlement::{entitled, facts, line};
use crate::{fees, person};
use yibao_domain::ledger::{Account, Journal, Side};
use yibao_domain::money::Money;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::case::StayFacts;
use yibao_domain::settlement::line::Bill;
use yibao_domain::settlement::totals::RunningTotal;
use yibao_domain::settlement::{AccountUse, CareKind, Case, Decision, Filing, Fund, Place, decide};
use yibao_domain::time::Date;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine};
use yibao_store::ledger::Posting;
use yibao_store::person::PersonFacts;
use yibao_store::settlement::{Accumulation, FundShare, Settlement};

/// 999996 医院垫付基金: how `setldetail` shows the hospital's part.
const HOSPITAL_PART: &str = "999996";

/// What is settled, as the transaction says it.
pub(super) struct Basis<'a> {
    pub encounter: &'a Encounter,
    /// The unsettled lines it takes.
    pub lines: Vec<FeeLine>,
    pub kind: CareKind,
    pub med_type: &'a str,
    pub insutype: &'a str,
    pub chrg_bchno: &'a str,
    pub invono: &'a str,
    pub mdtrt_cert_type: &'a str,
    pub acct_used_flag: &'a str,
    /// The bill as the sender states it.
    pub medfee_sumamt: Money,
    /// Last day of care: discharge, visit or purchase.
    pub end: Date,
    /// What a stay continues; empty for visits and purchases.
    pub stay: StayFacts,
}

/// A settlement ready to be recorded.
pub(super) struct Prepared {
    pub settlement: Settlement,
    pub person: PersonFacts,
    /// All lines as this settlement prices them.
    pub lines: Vec<FeeLine>,
    /// Those whose price this settlement changed.
    pub repriced: Vec<FeeLine>,
    /// What the operator should know.
    pub remarks: Vec<String>,
}

/// Decides the settlement. `setl_id` is empty for a trial.
pub(super) fn prepare(
    tx: &mut dyn Tx,
    call: &Call,
    desk: &Desk,
    basis: Basis,
    setl_id: String,
) -> Result<Prepared, Stop> {
    let encounter = basis.encounter;
    let begin = encounter.begntime.date();
    let scheme = fees::scheme_of(basis.insutype)?;
    let person = person::local_facts(tx, call, desk, &encounter.psn_no, &facts::periods(basis.end))?;
    let rows = entitled::rows(&person, desk);
    let entitled = entitled::judge(&rows, &person, basis.insutype, begin, desk)?;
    let rules = desk.rules_on(basis.end);
    let provider = facts::provider(&call.provider);
    let (lines, repriced, bill) = priced(&basis, &rules.lines(scheme, basis.kind, provider.supplies_special_drugs))?;
    let balance = person.balance.unwrap_or_default();
    let mut totals = facts::totals(&person, scheme.insutype(), basis.end);
    if basis.kind == CareKind::SpecialDisease {
        facts::raise_special_disease_standard(tx, &mut totals, &encounter.psn_no, scheme.insutype(), basis.end)?;
    }
    let disease = disease_code(encounter, &lines);
    let case = Case {
        scheme,
        kind: basis.kind,
        person: facts::person(&person, &rows, &entitled, begin),
        provider,
        place: Place::Home,
        filing: Filing::None,
        own_county: desk.pool.same_area(&entitled.row.insured_area, &call.provider.admdvs),
        day: basis.end,
        bill,
        diagnoses: facts::diagnoses(tx, encounter)?,
        stay: basis.stay,
        maternity: facts::maternity(encounter),
        disease_code: disease,
        qualifications: facts::qualifications(tx, &person)?,
        totals: totals.clone(),
        account: AccountUse::of_flag(Some(basis.acct_used_flag), balance),
        hospital_part: Money::ZERO,
    };
    let decision = decide(&case, &rules)?;
    must_be_the_bill(&basis, &decision)?;
    let round = i64::try_from(tx.settlements_of(&encounter.mdtrt_id)?.len()).expect("few rounds") + 1;
    let stays_before = totals.get(RunningTotal::InpatientStays) + i64::from(basis.stay.uncounted);
    let counted = decision.accumulated.iter().find(|(total, _)| *total == RunningTotal::InpatientStays);
    let stay_number =
        if basis.kind == CareKind::Inpatient { stays_before + counted.map_or(0, |(_, one)| *one) } else { 0 };
    let shares = &decision.shares;
    let settlement = Settlement {
        setl_id,
        mdtrt_id: encounter.mdtrt_id.clone(),
        round,
        restores: String::new(),
        psn_no: encounter.psn_no.clone(),
        fixmedins_code: call.provider.fixmedins_code.clone(),
        msgid: call.msgid.clone(),
        insutype: basis.insutype.to_owned(),
        psn_type: entitled.row.psn_type.clone(),
        cvlserv_flag: case.person.civil_servant,
        med_type: basis.med_type.to_owned(),
        mdtrt_cert_type: basis.mdtrt_cert_type.to_owned(),
        chrg_bchno: basis.chrg_bchno.to_owned(),
        invono: basis.invono.to_owned(),
        setl_time: call.now,
        begndate: begin,
        enddate: basis.end,
        year: basis.end.year(),
        mid_stay: basis.stay.goes_on,
        stay_number,
        owner: "target".to_owned(),
        medfee_sumamt: decision.bill(),
        fulamt_ownpay_amt: decision.parts.own_paid,
        overlmt_selfpay: decision.parts.over_limit,
        preselfpay_amt: decision.parts.pre_paid,
        inscp_scp_amt: decision.parts.in_scope,
        dedc_std: decision.deductible.standard,
        crt_dedc: decision.deductible.this_time,
        act_pay_dedc: decision.deductible.met,
        pool_prop_selfpay: decision.ratio,
        hifp_pay: shares.hifp,
        cvlserv_pay: shares.cvlserv,
        hifes_pay: shares.hifes,
        hifmi_pay: shares.hifmi,
        hifob_pay: shares.hifob,
        maf_pay: shares.maf,
        oth_pay: shares.oth.plus(shares.hifdm),
        hosp_part_amt: shares.hospital,
        fund_pay_sumamt: shares.funds(),
        psn_part_amt: shares.person,
        acct_pay: shares.account,
        psn_cash_pay: shares.cash,
        balc: balance.minus(shares.account),
        clr_optins: desk.pool.agency.clone(),
        clr_way: "1".to_owned(),
        clr_type: clearing_type(basis.kind).to_owned(),
        opter: call.opter.clone(),
        opter_name: call.opter_name.clone(),
        trace: trace(&decision, &rules.day),
        funds: fund_shares(&decision),
        accumulations: accumulations(&decision, basis.end),
        postings: postings(&decision, &encounter.psn_no, &call.provider.fixmedins_code),
    };
    Ok(Prepared { settlement, person, lines, repriced, remarks: remarks(&decision) })
}

/// Lines as this settlement's care type prices them, those that changed, and their sums.
fn priced(
    basis: &Basis,
    rules: &yibao_domain::settlement::rules::LineRules,
) -> Result<(Vec<FeeLine>, Vec<FeeLine>, Bill), Stop> {
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
        .map(|line| crate::details::Details::read(&line.details).text("dise_codg").to_owned())
        .find(|code| !code.is_empty())
}

/// 清算类别: the base values of the national table.
pub(super) fn clearing_type(kind: CareKind) -> &'static str {
    match kind {
        CareKind::Outpatient => "11",
        CareKind::SpecialDisease => "14",
        CareKind::TwoDisease => "15",
        CareKind::SpecialDrug => "18",
        CareKind::Pharmacy => "41",
        CareKind::MaternityOutpatient | CareKind::FamilyPlanning => "53",
        CareKind::Inpatient | CareKind::MaternityInpatient => "21",
    }
}

fn fund_shares(decision: &Decision) -> Vec<FundShare> {
    let mut shares: Vec<FundShare> = decision
        .payments
        .iter()
        .map(|payment| FundShare {
            fund_pay_type: payment.fund.code().to_owned(),
            inscp_scp_amt: payment.in_scope,
            crt_payb_lmt_amt: payment.room,
            fund_payamt: payment.amount,
            setl_proc_info: payment.explanation.clone(),
        })
        .collect();
    if decision.shares.hospital != Money::ZERO {
        shares.push(FundShare {
            fund_pay_type: HOSPITAL_PART.to_owned(),
            inscp_scp_amt: decision.parts.in_scope,
            crt_payb_lmt_amt: None,
            fund_payamt: decision.shares.hospital,
            setl_proc_info: String::new(),
        });
    }
    shares
}

fn accumulations(decision: &Decision, day: Date) -> Vec<Accumulation> {
    let rows = decision.accumulated.iter().filter(|(_, delta)| *delta != 0);
    rows.map(|(total, delta)| Accumulation {
        period: total.period_text(day),
        name: total.name().to_owned(),
        delta: *delta,
    })
    .collect()
}

/// The journal's postings under the names of the person and the provider they concern.
fn postings(decision: &Decision, psn_no: &str, fixmedins_code: &str) -> Vec<Posting> {
    let journal = Journal::of_settlement(decision);
    let rows = journal.postings().iter();
    rows.map(|posting| {
        let name = posting.account.name();
        let account = match posting.account {
            Account::Fund(Fund::PersonalAccount) | Account::PersonalAccount | Account::PersonPayable => {
                format!("{name}/{psn_no}")
            }
            Account::ProviderReceivable | Account::ProviderCash | Account::ProviderBorne => {
                format!("{name}/{fixmedins_code}")
            }
            Account::Fund(_) | Account::PersonCash => name,
        };
        let amount = if posting.side == Side::Debit { posting.amount } else { posting.amount.negated() };
        Posting { account, amount }
    })
    .collect()
}

fn trace(decision: &Decision, version: &Date) -> String {
    let illustrative: Vec<&str> = decision.illustrative().map(|figure| figure.parameter.as_str()).collect();
    let mut lines = vec![format!("规则版本 {version}")];
    lines.extend(decision.trace.iter().cloned());
    if !illustrative.is_empty() {
        lines.push(format!("示意性标准：{}", illustrative.join("、")));
    }
    lines.join("\n")
}

fn remarks(decision: &Decision) -> Vec<String> {
    let payouts = decision.payouts.iter();
    payouts
        .map(|payout| format!("另由{}支付给个人 {}（{}）", payout.fund.name(), payout.amount, payout.reason))
        .collect()
}
