//! 5203 (结算信息查询): a settlement as it was recorded.

use crate::facts::{person, provider};
use crate::policies::Policies;
use crate::settlement::reply;
use crate::settlement::reply::Sign;
use yibao_domain::money::Money;
use yibao_interface::{Output, Record};
use yibao_store::encounter::Encounter;
use yibao_store::person::PersonFacts;
use yibao_store::reference::Provider;
use yibao_store::settlement::Settlement;

/// The reply of 5203. `stands` is whether these amounts are in force, by this row or by one that put them back.
pub(crate) fn output(
    provider: &Provider,
    policies: &Policies,
    settlement: &Settlement,
    stands: bool,
    facts_of: &PersonFacts,
    of: &Encounter,
) -> Output {
    let insured = person::insurance_on(facts_of, &settlement.insutype, settlement.begndate);
    let dedc_hosp_lv = provider::of(provider).deductible_level.as_dedc_hosp_lv();
    let record = Record::new().text("setl_id", &settlement.setl_id).text("mdtrt_id", &settlement.mdtrt_id);
    let record = person::own_fields(record, &facts_of.person, settlement.begndate)
        .text("insutype", &settlement.insutype)
        .text("psn_type", &settlement.psn_type)
        .text("cvlserv_flag", if settlement.cvlserv_flag { "1" } else { "0" })
        .text("flxempe_flag", "0")
        .text("nwb_flag", "0")
        .text("insu_optins", insured.map_or("", |row| row.insuplc_admdvs.as_str()))
        .text("emp_name", insured.map_or("", |row| row.emp_name.as_str()))
        .text("pay_loc", "2")
        .text("fixmedins_code", &provider.fixmedins_code)
        .text("fixmedins_name", &provider.fixmedins_name)
        .text("hosp_lv", &provider.hosp_lv)
        .text("fixmedins_poolarea", policies.pool.pool.as_str())
        .text("lmtpric_hosp_lv", &provider.lmtpric_hosp_lv)
        .text("dedc_hosp_lv", dedc_hosp_lv)
        .date("begndate", Some(settlement.begndate))
        .date("enddate", Some(settlement.enddate))
        .moment("setl_time", Some(settlement.setl_time))
        .text("mdtrt_cert_type", &settlement.mdtrt_cert_type)
        .text("med_type", &settlement.med_type)
        .text("clr_type", &settlement.clr_type)
        .text("clr_way", &settlement.clr_way)
        .text("clr_optins", &settlement.clr_optins);
    let record = reply::amounts(record, settlement, Sign::Settled)
        .money("psn_pay", settlement.psn_part_amt)
        .money("psn_part_amt", settlement.psn_part_amt)
        .money("cash_payamt", settlement.psn_cash_pay)
        .money("psn_cash_pay", settlement.psn_cash_pay)
        .money("balc", settlement.balc)
        .money("acct_mulaid_pay", Money::ZERO)
        .text("medins_setl_id", &settlement.msgid)
        .text("refd_setl_flag", if stands { "0" } else { "1" })
        .text("year", &format!("{:04}", settlement.year))
        .text("dise_codg", &of.dise_codg)
        .text("dise_name", &of.dise_name)
        .text("invono", &settlement.invono)
        .text("opter_id", &settlement.opter)
        .text("opter_name", &settlement.opter_name)
        .moment("opt_time", Some(settlement.setl_time))
        .null("pref_fund_pay");
    Output::new().object("setlinfo", record).list("setldetail", reply::details(settlement, Sign::Settled))
}
