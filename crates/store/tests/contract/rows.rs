//! Rows to start a test from; a test changes the fields it is about.

use jiff::civil::date;
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::party::Party;
use yibao_domain::time::DateTime;
use yibao_store::encounter::{Diagnosis, Encounter, EncounterState, FeeLine, Setting};
use yibao_store::filing::Filing;
use yibao_store::ledger::Posting;
use yibao_store::mapping::Mapping;
use yibao_store::message::{Message, MessageKey};
use yibao_store::person::{Insurance, Person};
use yibao_store::reference::{CatalogueItem, Provider};
use yibao_store::settlement::{Accumulation, Cancellation, FundShare, Settlement};
use yibao_store::{Fault, Tx};

pub const HOSPITAL: &str = "H52050000001";

/// Noon of a day in July 2021.
pub fn july(day: i8) -> DateTime {
    date(2021, 7, day).at(12, 0, 0, 0)
}

pub fn person(psn_no: &str) -> Person {
    Person {
        psn_no: psn_no.into(),
        psn_cert_type: "01".into(),
        certno: format!("C-{psn_no}"),
        psn_name: "张三".into(),
        gend: "1".into(),
        brdy: Some(date(1969, 2, 3)),
        naty: "01".into(),
        card_no: format!("K-{psn_no}"),
    }
}

pub fn insurance(psn_no: &str) -> Insurance {
    Insurance {
        psn_no: psn_no.into(),
        insutype: "310".into(),
        psn_type: "1101".into(),
        insuplc_admdvs: "520502".into(),
        begndate: date(2015, 1, 1),
        enddate: None,
        paused_from: None,
        emp_name: "某单位".into(),
        continuous_years: 6,
        cvlserv_flag: false,
    }
}

pub fn provider(fixmedins_code: &str) -> Provider {
    Provider {
        fixmedins_code: fixmedins_code.into(),
        fixmedins_name: "第一人民医院".into(),
        admdvs: "520502".into(),
        benefit_level: "3".into(),
        ..Provider::default()
    }
}

pub fn catalogue_item(med_list_codg: &str) -> CatalogueItem {
    CatalogueItem {
        med_list_codg: med_list_codg.into(),
        hilist_name: "阿莫西林胶囊".into(),
        list_type: "101".into(),
        chrgitm_lv: "02".into(),
        selfpay_prop: Some(Rate::percent(10)),
        hilist_pric_uplmt_amt: Some("12.3450".parse().unwrap()),
        begndate: date(2021, 1, 1),
        enddate: None,
        special: String::new(),
        med_chrgitm_type: "09".into(),
        lmt_used_flag: "0".into(),
        pool: String::new(),
        scheme: String::new(),
        level: String::new(),
    }
}

pub fn filing(trt_dcla_detl_sn: &str, psn_no: &str) -> Filing {
    Filing {
        trt_dcla_detl_sn: trt_dcla_detl_sn.into(),
        psn_no: psn_no.into(),
        kind: "transfer".into(),
        insutype: "310".into(),
        care_admdvs: "510400".into(),
        fixmedins_code: HOSPITAL.into(),
        fixmedins_name: "第一人民医院".into(),
        begndate: date(2021, 7, 1),
        enddate: Some(date(2021, 12, 31)),
        filed_by: HOSPITAL.into(),
        filed_at: july(1),
        cancelled_at: None,
        details: "{}".into(),
    }
}

pub fn mapping(fixmedins_hilist_id: &str) -> Mapping {
    Mapping {
        fixmedins_code: HOSPITAL.into(),
        fixmedins_hilist_id: fixmedins_hilist_id.into(),
        fixmedins_hilist_name: format!("院内{fixmedins_hilist_id}"),
        list_type: "101".into(),
        med_list_codg: "XJ01CAA040E001".into(),
        begndate: date(2021, 1, 1),
        enddate: None,
        uploaded_at: july(1),
        withdrawn_at: None,
        details: "{}".into(),
    }
}

pub fn visit(mdtrt_id: &str, psn_no: &str) -> Encounter {
    Encounter {
        mdtrt_id: mdtrt_id.into(),
        psn_no: psn_no.into(),
        fixmedins_code: HOSPITAL.into(),
        setting: Setting::Outpatient,
        state: EncounterState::Open,
        insutype: "310".into(),
        med_type: "11".into(),
        begntime: july(8),
        endtime: None,
        ipt_otp_no: "O1".into(),
        mdtrt_cert_type: "02".into(),
        dise_codg: String::new(),
        dise_name: String::new(),
        dscg_maindiag_code: String::new(),
        dscg_maindiag_name: String::new(),
        dscg_way: String::new(),
        matn_type: String::new(),
        birctrl_type: String::new(),
        geso_val: None,
        fetus_cnt: Some(1),
        birctrl_matn_date: Some(date(2021, 7, 2)),
        recorded_at: july(9),
        cancelled_at: None,
        details: r#"{"chfpdr_name":"李四"}"#.into(),
    }
}

pub fn stay(mdtrt_id: &str, psn_no: &str) -> Encounter {
    Encounter { setting: Setting::Inpatient, med_type: "21".into(), ..visit(mdtrt_id, psn_no) }
}

pub fn diagnosis(mdtrt_id: &str, diag_srt_no: i64) -> Diagnosis {
    Diagnosis {
        mdtrt_id: mdtrt_id.into(),
        inout_diag_type: "1".into(),
        diag_srt_no,
        diag_type: "1".into(),
        maindiag_flag: diag_srt_no == 1,
        diag_code: "J18.900".into(),
        diag_name: "肺炎".into(),
        valid: true,
        details: "{}".into(),
    }
}

/// A line of class B: 30 yuan, a tenth of it paid first.
pub fn line(mdtrt_id: &str, feedetl_sn: &str) -> FeeLine {
    FeeLine {
        mdtrt_id: mdtrt_id.into(),
        feedetl_sn: feedetl_sn.into(),
        chrg_bchno: "B1".into(),
        fee_ocur_time: july(8),
        med_list_codg: "XJ01CAA040E001".into(),
        medins_list_codg: "M1".into(),
        hilist_name: "阿莫西林胶囊".into(),
        list_type: "101".into(),
        med_chrgitm_type: "09".into(),
        cnt: Decimal::new(25, 1),
        pric: Decimal::new(120_000, 4),
        det_item_fee_sumamt: Money::yuan(30),
        chrgitm_lv: "02".into(),
        pric_uplmt_amt: Some(Decimal::new(1_250, 2)),
        selfpay_prop: Some(Rate::percent(10)),
        special: String::new(),
        hosp_appr_flag: "1".into(),
        fulamt_ownpay_amt: Money::ZERO,
        overlmt_amt: Money::ZERO,
        preselfpay_amt: Money::yuan(3),
        inscp_scp_amt: Money::yuan(27),
        init_feedetl_sn: String::new(),
        setl_id: String::new(),
        details: r#"{"bilg_dr_name":"王五"}"#.into(),
    }
}

/// Settles one [`line`]: the fund pays 20 yuan, the account 6, cash 4.
pub fn settlement(setl_id: &str, mdtrt_id: &str, psn_no: &str) -> Settlement {
    Settlement {
        setl_id: setl_id.into(),
        mdtrt_id: mdtrt_id.into(),
        round: 1,
        restores: String::new(),
        psn_no: psn_no.into(),
        fixmedins_code: HOSPITAL.into(),
        msgid: format!("M-{setl_id}"),
        insutype: "310".into(),
        psn_type: "1101".into(),
        cvlserv_flag: false,
        med_type: "11".into(),
        mdtrt_cert_type: "02".into(),
        chrg_bchno: "B1".into(),
        invono: String::new(),
        setl_time: july(9),
        begndate: date(2021, 7, 8),
        enddate: date(2021, 7, 8),
        year: 2021,
        mid_stay: false,
        stay_number: 0,
        owner: "target".into(),
        medfee_sumamt: Money::yuan(30),
        fulamt_ownpay_amt: Money::ZERO,
        overlmt_selfpay: Money::ZERO,
        preselfpay_amt: Money::yuan(3),
        inscp_scp_amt: Money::yuan(27),
        dedc_std: Money::yuan(2),
        crt_dedc: Money::yuan(2),
        act_pay_dedc: Money::yuan(2),
        pool_prop_selfpay: Rate::percent(80),
        hifp_pay: Money::yuan(20),
        cvlserv_pay: Money::ZERO,
        hifes_pay: Money::ZERO,
        hifmi_pay: Money::ZERO,
        hifob_pay: Money::ZERO,
        maf_pay: Money::ZERO,
        oth_pay: Money::ZERO,
        hosp_part_amt: Money::ZERO,
        fund_pay_sumamt: Money::yuan(20),
        psn_part_amt: Money::yuan(10),
        acct_pay: Money::yuan(6),
        psn_cash_pay: Money::yuan(4),
        balc: Money::yuan(94),
        clr_optins: "520500".into(),
        clr_way: "1".into(),
        clr_type: "11".into(),
        opter: "OP1".into(),
        opter_name: "赵六".into(),
        trace: "规则版本2021".into(),
        counts_at: july(9),
        acct_used_flag: "1".into(),
        funds: vec![share("310100", 2_000), share("310200", 600)],
        accumulations: vec![
            Accumulation { period: "2021".into(), name: "pool_paid".into(), delta: 2_000 },
            Accumulation { period: "2021-07-08".into(), name: "visits".into(), delta: 1 },
        ],
        postings: postings(psn_no, 2_000, 600, 400),
    }
}

/// The same settlement with so much paid from the account and the rest of the person's part in cash.
pub fn paying(settled: Settlement, from_account: Money) -> Settlement {
    let cash = settled.psn_part_amt.minus(from_account);
    let of_account = |share: &FundShare| FundShare {
        fund_payamt: if share.fund_pay_type == "310200" { from_account } else { share.fund_payamt },
        ..share.clone()
    };
    Settlement {
        acct_pay: from_account,
        psn_cash_pay: cash,
        funds: settled.funds.iter().map(of_account).collect(),
        postings: postings(&settled.psn_no, settled.fund_pay_sumamt.as_fen(), from_account.as_fen(), cash.as_fen()),
        ..settled
    }
}

pub fn share(fund_pay_type: &str, fen: i64) -> FundShare {
    FundShare {
        fund_pay_type: fund_pay_type.into(),
        inscp_scp_amt: Money::yuan(27),
        crt_payb_lmt_amt: Some(Money::yuan(150_000)),
        fund_payamt: Money::fen(fen),
        setl_proc_info: "统筹支付".into(),
    }
}

/// What the ledger of the domain posts for one fund, the account and cash.
fn postings(psn_no: &str, fund: i64, account: i64, cash: i64) -> Vec<Posting> {
    vec![
        posting("fund/310100", fund),
        posting(&format!("person/account/{psn_no}"), account),
        posting("person/cash", cash),
        posting(&format!("provider/receivable/{HOSPITAL}"), -(fund + account)),
        posting(&format!("provider/cash/{HOSPITAL}"), -cash),
    ]
}

pub fn posting(account: &str, fen: i64) -> Posting {
    Posting { account: account.into(), amount: Money::fen(fen) }
}

pub fn cancellation(settled: &Settlement) -> Cancellation {
    let mirror = |posting: &Posting| Posting { account: posting.account.clone(), amount: posting.amount.negated() };
    Cancellation {
        setl_id: settled.setl_id.clone(),
        cancellation_id: format!("R-{}", settled.setl_id),
        msgid: format!("MR-{}", settled.setl_id),
        at: july(10),
        opter: "OP2".into(),
        postings: settled.postings.iter().map(mirror).collect(),
    }
}

/// Records a settlement's cancellation with its message; the account's balance after it.
pub fn cancel(tx: &mut dyn Tx, settled: &Settlement) -> Result<Money, Fault> {
    let cancelled = cancellation(settled);
    tx.record_message(&Message { infno: "2208".into(), ..message(&cancelled.msgid, &settled.setl_id) })?;
    tx.record_cancellation(&cancelled)
}

/// The key of the hospital's message that settles a visit.
pub fn key(msgid: &str) -> MessageKey {
    MessageKey::new(Party::provider(HOSPITAL), msgid, "2207")
}

pub fn message(msgid: &str, effect: &str) -> Message {
    Message {
        party: Party::provider(HOSPITAL),
        msgid: msgid.into(),
        infno: "2207".into(),
        digest: "d".into(),
        output: r#"{"setlinfo":{}}"#.into(),
        warn_msg: String::new(),
        effect: effect.into(),
        recorded_at: july(9),
    }
}

/// A person with an account of 100 yuan.
pub fn add_person(tx: &mut dyn Tx, psn_no: &str) -> Result<(), Fault> {
    tx.put_person(&person(psn_no))?;
    tx.put_insurance(&insurance(psn_no))?;
    tx.put_opening_balance(psn_no, Money::yuan(100))?;
    Ok(())
}

/// The encounter with one line `L1`.
pub fn add_with_line(tx: &mut dyn Tx, encounter: &Encounter) -> Result<(), Fault> {
    tx.add_encounter(encounter)?;
    tx.add_fee_lines(&[line(&encounter.mdtrt_id, "L1")])
}

/// Records the settlement of `L1` with its message.
pub fn settle(tx: &mut dyn Tx, settled: &Settlement) -> Result<(), Fault> {
    tx.record_settlement(settled, &["L1".into()])?;
    tx.record_message(&message(&settled.msgid, &settled.setl_id))
}

/// A person, a visit with a line, and its settlement `S1`.
pub fn add_settled_visit(tx: &mut dyn Tx) -> Result<(), Fault> {
    add_person(tx, "P1")?;
    add_with_line(tx, &visit("E1", "P1"))?;
    settle(tx, &settlement("S1", "E1", "P1"))
}
