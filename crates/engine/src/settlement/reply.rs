//! What a settlement or its cancellation is answered with: `setlinfo` and `setldetail`.

use crate::facts::person::own_fields;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::settlement::Fund;
use yibao_domain::time::DateTime;
use yibao_interface::{Output, Record};
use yibao_store::person::Person;
use yibao_store::settlement::{FundShare, Settlement};

/// Whether amounts are shown as they are, or negative, as a cancellation shows them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// 结算.
    Settled,
    /// 撤销.
    Cancelled,
}

impl Sign {
    fn of(self, amount: Money) -> Money {
        match self {
            Sign::Settled => amount,
            Sign::Cancelled => amount.negated(),
        }
    }
}

/// The reply of a settlement; a trial has no `setl_id` yet.
pub(crate) fn settled(settlement: &Settlement, person: &Person) -> Output {
    let setl_time = settlement.setl_time;
    let info = record(settlement, person, Sign::Settled, &settlement.msgid, setl_time, settlement.balc);
    Output::new().object("setlinfo", info).list("setldetail", details(settlement, Sign::Settled))
}

/// The reply of a cancellation: negative amounts, the cancelling message, the balance afterwards.
pub(crate) fn cancelled(settlement: &Settlement, person: &Person, msgid: &str, at: DateTime, balance: Money) -> Output {
    let info = record(settlement, person, Sign::Cancelled, msgid, at, balance)
        // Each of the cancelling transactions spells the cash field in a way of its own.
        .money("pdn_cash_pay", Sign::Cancelled.of(settlement.psn_cash_pay));
    Output::new().object("setlinfo", info).list("setldetail", details(settlement, Sign::Cancelled))
}

fn record(
    settlement: &Settlement,
    person: &Person,
    sign: Sign,
    msgid: &str,
    setl_time: DateTime,
    balance: Money,
) -> Record {
    let record =
        Record::new().text("mdtrt_id", &settlement.mdtrt_id).text_or_null("setl_id", Some(&settlement.setl_id));
    let record = own_fields(record, person, settlement.begndate)
        .text("insutype", &settlement.insutype)
        .text("psn_type", &settlement.psn_type)
        .text("cvlserv_flag", if settlement.cvlserv_flag { "1" } else { "0" })
        .moment("setl_time", Some(setl_time))
        .text("mdtrt_cert_type", &settlement.mdtrt_cert_type)
        .text("med_type", &settlement.med_type)
        .date("begndate", Some(settlement.begndate))
        .date("enddate", Some(settlement.enddate));
    amounts(record, settlement, sign)
        .money("psn_part_amt", sign.of(settlement.psn_part_amt))
        .money("psn_cash_pay", sign.of(settlement.psn_cash_pay))
        .money("balc", balance)
        .money("acct_mulaid_pay", Money::ZERO)
        .text("medins_setl_id", msgid)
        .text("clr_optins", &settlement.clr_optins)
        .text("clr_way", &settlement.clr_way)
        .text("clr_type", &settlement.clr_type)
        .text("invono", &settlement.invono)
        .text("setl_type", "2")
        .null("exp_content")
}

/// The amounts that settlement, cancellation and query share.
pub(crate) fn amounts(record: Record, settlement: &Settlement, sign: Sign) -> Record {
    let rate = match sign {
        Sign::Settled => settlement.pool_prop_selfpay.as_decimal(),
        Sign::Cancelled => Decimal::ZERO,
    };
    record
        .money("medfee_sumamt", sign.of(settlement.medfee_sumamt))
        .money("fulamt_ownpay_amt", sign.of(settlement.fulamt_ownpay_amt))
        .money("overlmt_selfpay", sign.of(settlement.overlmt_selfpay))
        .money("preselfpay_amt", sign.of(settlement.preselfpay_amt))
        .money("inscp_scp_amt", sign.of(settlement.inscp_scp_amt))
        .money("dedc_std", sign.of(settlement.dedc_std))
        .money("crt_dedc", sign.of(settlement.crt_dedc))
        .money("act_pay_dedc", sign.of(settlement.act_pay_dedc))
        .decimal("pool_prop_selfpay", rate)
        .money("hifp_pay", sign.of(settlement.hifp_pay))
        .money("cvlserv_pay", sign.of(settlement.cvlserv_pay))
        .money("hifes_pay", sign.of(settlement.hifes_pay))
        .money("hifmi_pay", sign.of(settlement.hifmi_pay))
        .money("hifob_pay", sign.of(settlement.hifob_pay))
        .money("hifdm_pay", Money::ZERO)
        .money("maf_pay", sign.of(settlement.maf_pay))
        .money("oth_pay", sign.of(settlement.oth_pay))
        .money("fund_pay_sumamt", sign.of(settlement.fund_pay_sumamt))
        .money("hosp_part_amt", sign.of(settlement.hosp_part_amt))
        .money("acct_pay", sign.of(settlement.acct_pay))
}

/// `setldetail`: a row a payer, the personal account among them.
pub(crate) fn details(settlement: &Settlement, sign: Sign) -> Vec<Record> {
    settlement.funds.iter().map(|share| detail(share, sign)).collect()
}

fn detail(share: &FundShare, sign: Sign) -> Record {
    let name = Fund::of_code(&share.fund_pay_type).map_or("医院垫付基金", Fund::name);
    Record::new()
        .text("fund_pay_type", &share.fund_pay_type)
        .money("inscp_scp_amt", sign.of(share.inscp_scp_amt))
        .money_or_null("crt_payb_lmt_amt", share.crt_payb_lmt_amt)
        .money("fund_payamt", sign.of(share.fund_payamt))
        .text("fund_pay_type_name", name)
        .text_or_null("setl_proc_info", Some(&share.setl_proc_info))
}
