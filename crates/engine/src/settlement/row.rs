//! The row of a decided settlement: national fields, fund shares, running totals, postings, trace.

use crate::call::Call;
use crate::facts::{care_kind, posting};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use yibao_domain::ledger::Journal;
use yibao_domain::money::Money;
use yibao_domain::settlement::totals::RunningTotal;
use yibao_domain::settlement::{CareKind, Case, Decision};
use yibao_domain::time::{Date, DateTime};
use yibao_store::settlement::{Accumulation, FundShare, Settlement};

/// 999996 医院垫付基金: how `setldetail` shows the hospital's part.
const HOSPITAL_PART: &str = "999996";

/// A decision with what it was made of.
pub(crate) struct Decided<'a> {
    pub basis: &'a Basis<'a>,
    pub case: &'a Case,
    pub decision: &'a Decision,
    /// Of the entitling insurance.
    pub psn_type: &'a str,
    /// Of the personal account, before this settlement.
    pub balance: Money,
    /// The day whose rules decided.
    pub rules_of: Date,
    /// When it counts among the person's settlements.
    pub counts_at: DateTime,
}

/// The row to record. `setl_id` is empty for a trial.
pub(crate) fn settlement(
    call: &Call,
    policies: &Policies,
    decided: &Decided,
    setl_id: String,
    round: i64,
) -> Settlement {
    let Decided { basis, case, decision, psn_type, balance, rules_of, counts_at } = *decided;
    let encounter = basis.encounter;
    let shares = &decision.shares;
    Settlement {
        setl_id,
        mdtrt_id: encounter.mdtrt_id.clone(),
        round,
        restores: String::new(),
        psn_no: encounter.psn_no.clone(),
        fixmedins_code: encounter.fixmedins_code.clone(),
        msgid: call.msgid.clone(),
        insutype: basis.insutype.to_owned(),
        psn_type: psn_type.to_owned(),
        cvlserv_flag: case.person.civil_servant,
        med_type: basis.med_type.to_owned(),
        mdtrt_cert_type: basis.mdtrt_cert_type.to_owned(),
        chrg_bchno: basis.chrg_bchno.to_owned(),
        invono: basis.invono.to_owned(),
        setl_time: call.now,
        begndate: encounter.begntime.date(),
        enddate: basis.end,
        year: basis.end.year(),
        mid_stay: case.stay.goes_on,
        stay_number: stay_number(case, decision),
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
        clr_optins: policies.pool.agency.clone(),
        clr_way: "1".to_owned(),
        clr_type: care_kind::clearing_type(basis.kind).to_owned(),
        opter: call.opter.clone(),
        opter_name: call.opter_name.clone(),
        trace: trace(decision, &rules_of),
        counts_at,
        acct_used_flag: basis.acct_used_flag.to_owned(),
        funds: fund_shares(decision),
        accumulations: accumulations(decision, basis.end),
        postings: posting::rows(&Journal::of_settlement(decision), &encounter.psn_no, &encounter.fixmedins_code),
    }
}

/// Which stay of the year it is, as the deductible counted it; 0 for what is no stay of that count.
fn stay_number(case: &Case, decision: &Decision) -> i64 {
    if case.kind != CareKind::Inpatient {
        return 0;
    }
    let counted = decision.accumulated.iter().find(|(total, _)| *total == RunningTotal::InpatientStays);
    case.stay.number(case.totals.get(RunningTotal::InpatientStays), counted.map_or(0, |(_, one)| *one))
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

fn trace(decision: &Decision, version: &Date) -> String {
    let illustrative: Vec<&str> = decision.illustrative().map(|figure| figure.parameter.as_str()).collect();
    let mut lines = vec![format!("规则版本 {version}")];
    lines.extend(decision.trace.iter().cloned());
    if !illustrative.is_empty() {
        lines.push(format!("示意性标准：{}", illustrative.join("、")));
    }
    lines.join("\n")
}
