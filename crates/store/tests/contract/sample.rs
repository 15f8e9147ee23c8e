//! A small book with one of everything that verification looks at: visits, a stay in parts, a purchase, cancellations, one
//! of them reversed, a reversed admission, a payout, filings, and a register entry in every state.

use crate::deposits::{counted, deposit};
use crate::registers::{entry, fields, line as entry_line};
use crate::rows::{
    HOSPITAL, add_person, add_with_line, cancel, diagnosis, filing, july, line, message, posting, settle, settlement,
    share, stay, visit,
};
use jiff::civil::date;
use yibao_domain::ledger::SourceKind;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind as K};
use yibao_domain::party::Party;
use yibao_domain::register::{Action as A, Entry, Event, State as S, claim_keys, telling};
use yibao_store::encounter::{Encounter, EncounterState, FeeLine, Setting};
use yibao_store::filing::Filing;
use yibao_store::ledger::JournalEntry;
use yibao_store::message::{Message, MessageReversal};
use yibao_store::outage::BackfillRun;
use yibao_store::person::{Attribute, SpecialDisease};
use yibao_store::register::Hold;
use yibao_store::session::SignIn;
use yibao_store::settlement::{Accumulation, Settlement};
use yibao_store::{Fault, Tx};

/// Records the whole book.
pub fn add_sample(tx: &mut dyn Tx) -> Result<(), Fault> {
    for psn_no in ["P1", "P2", "P3"] {
        add_person(tx, psn_no)?;
    }
    add_visits(tx)?;
    add_stays(tx)?;
    add_filings(tx)?;
    add_care_entries(tx)?;
    add_other_entries(tx)?;
    add_runs(tx)?;
    tx.put_deposits(&[deposit("K1", 3)])?;
    tx.count_deposits(&[counted(3, 1)])
}

/// `S1` of `E1` stands, `S2` of `E2` was cancelled, `S3` of `E3` was cancelled and put back as `S4`; `S7` is a purchase of
/// which five yuan are no benefit.
fn add_visits(tx: &mut dyn Tx) -> Result<(), Fault> {
    add_with_line(tx, &visit("E1", "P1"))?;
    tx.put_diagnosis(&diagnosis("E1", 1))?;
    settle(tx, &settlement("S1", "E1", "P1"))?;

    add_with_line(tx, &visit("E2", "P1"))?;
    settle(tx, &settlement("S2", "E2", "P1"))?;
    cancel(tx, &settlement("S2", "E2", "P1"))?;

    let first = settlement("S3", "E3", "P2");
    add_with_line(tx, &visit("E3", "P2"))?;
    settle(tx, &first)?;
    cancel(tx, &first)?;
    tx.record_message_reversal(&reversal("MR-S3", "2208", "P2"))?;
    let again = Settlement { round: 2, restores: "S3".into(), msgid: "M-S3".into(), ..settlement("S4", "E3", "P2") };
    tx.record_settlement(&again, &["L1".into()])?;

    let own = Money::yuan(5);
    let bought = FeeLine { fulamt_ownpay_amt: own, inscp_scp_amt: Money::yuan(22), ..line("E5", "L1") };
    tx.add_encounter(&Encounter { setting: Setting::Pharmacy, ..visit("E5", "P3") })?;
    tx.add_fee_lines(&[bought])?;
    let base = settlement("S7", "E5", "P3");
    settle(tx, &Settlement { fulamt_ownpay_amt: own, inscp_scp_amt: Money::yuan(22), ..base })
}

/// `E4` was settled in two parts, `S5` and `S6`, of which two funds and the hospital paid the second, and one fund paid
/// five yuan to the person beside it. `E6` goes on, `E7` was an admission that was reversed.
fn add_stays(tx: &mut dyn Tx) -> Result<(), Fault> {
    let discharged = Encounter { state: EncounterState::Discharged, endtime: Some(july(12)), ..stay("E4", "P2") };
    add_with_line(tx, &discharged)?;
    settle(tx, &Settlement { mid_stay: true, ..until(9, settlement("S5", "E4", "P2")) })?;
    tx.add_fee_lines(&[line("E4", "L2")])?;
    let last = two_funds(until(12, Settlement { round: 2, ..settlement("S6", "E4", "P2") }));
    tx.record_settlement(&last, &["L2".into()])?;
    tx.record_message(&Message { infno: "2304".into(), ..message(&last.msgid, "S6") })?;

    add_with_line(tx, &stay("E6", "P3"))?;
    tx.add_encounter(&Encounter { state: EncounterState::Cancelled, ..stay("E7", "P1") })?;
    tx.record_message(&Message { infno: "2401".into(), ..message("M-E7", "E7") })?;
    tx.record_message_reversal(&reversal("M-E7", "2401", ""))
}

/// The same settlement of care until a day of July.
fn until(day: i8, settled: Settlement) -> Settlement {
    let day = date(2021, 7, day);
    let visits = Accumulation { period: day.to_string(), name: "visits".into(), delta: 1 };
    Settlement { enddate: day, accumulations: vec![settled.accumulations[0].clone(), visits], ..settled }
}

/// Pool 15, civil servants' fund 4, hospital 1 of the 20 yuan that a fund pays elsewhere; and five yuan beside the bill.
fn two_funds(settled: Settlement) -> Settlement {
    let person = settled.psn_no.as_str();
    let postings = vec![
        posting("fund/310100", 1_500),
        posting("fund/320100", 400),
        posting(&format!("person/account/{person}"), 600),
        posting("person/cash", 400),
        posting(&format!("provider/borne/{HOSPITAL}"), 100),
        posting(&format!("provider/receivable/{HOSPITAL}"), -2_500),
        posting(&format!("provider/cash/{HOSPITAL}"), -500),
        posting("fund/390200", 500),
        posting(&format!("person/payable/{person}"), -500),
    ];
    Settlement {
        hifp_pay: Money::yuan(15),
        cvlserv_pay: Money::yuan(4),
        hosp_part_amt: Money::yuan(1),
        fund_pay_sumamt: Money::yuan(19),
        funds: vec![share("310100", 1_500), share("320100", 400), share("310200", 600), share("999996", 100)],
        postings,
        ..settled
    }
}

fn reversal(omsgid: &str, oinfno: &str, psn_no: &str) -> MessageReversal {
    MessageReversal {
        party: Party::provider(HOSPITAL),
        omsgid: omsgid.into(),
        oinfno: oinfno.into(),
        psn_no: psn_no.into(),
        msgid: format!("M-2601-{omsgid}"),
        recorded_at: july(10),
    }
}

fn add_filings(tx: &mut dyn Tx) -> Result<(), Fault> {
    tx.put_attribute(&Attribute {
        psn_no: "P2".into(),
        psn_idet_type: "2303".into(),
        begndate: date(2021, 1, 1),
        enddate: None,
    })?;
    tx.put_special_disease(&SpecialDisease {
        psn_no: "P2".into(),
        opsp_dise_code: "M03900".into(),
        opsp_dise_name: "高血压".into(),
        begndate: date(2021, 7, 1),
        enddate: None,
        trt_dcla_detl_sn: "F1".into(),
    })?;
    tx.add_filing(&Filing { kind: "special_disease".into(), ..filing("F1", "P2") })?;
    tx.record_message(&Message { infno: "2503".into(), ..message("M-F1", "F1") })?;
    tx.add_sign_in(&SignIn {
        sign_no: "N1".into(),
        fixmedins_code: HOSPITAL.into(),
        opter_no: "OP1".into(),
        signed_in_at: july(8),
        signed_out_at: None,
    })
}

/// What was done, and with which field stated.
type Done<'a> = (A, S, &'a [(&'a str, &'a str)]);

const REGISTERED: Done<'static> = (A::Register, S::Waiting, &[("medfee_sumamt", "30.00")]);

/// Keeps an entry `T-<name>` that went through these steps, with the claims of the state it is in now.
fn keep(tx: &mut dyn Tx, name: &str, kind: K, done: &[Done<'_>], change: impl Fn(&mut Entry)) -> Result<(), Fault> {
    let number = format!("T-{name}");
    let mut entry = Entry { kind, version: i64::try_from(done.len()).unwrap(), ..entry(&number) };
    entry.state = done.last().unwrap().1;
    if kind != K::CashVisit {
        entry.invono.clear();
    }
    change(&mut entry);
    tx.add_entry(&entry)?;
    // What its settlement or refund adds, its last event tells.
    let first = Entry { setl_id: String::new(), refunded: Money::ZERO, ..entry.clone() };
    for (seq, (action, state, stated)) in (1..).zip(done) {
        let before = (seq > 1).then_some(&first);
        let after = if seq == entry.version { &entry } else { &first };
        let (action, state, fields) = (*action, *state, telling(before, after, fields(stated)));
        tx.add_event(
            &number,
            &Event { seq, at: july(9), by: "赵六".into(), actor: format!("clerk{seq}"), action, state, fields },
        )?;
    }
    let keys = if entry.state.keeps_claim() { claim_keys(&entry) } else { Vec::new() };
    keys.iter().try_for_each(|key| tx.take_claim(key, &number))
}

/// Entries that may end in a settlement. `T-settled` is the visit `E1`; the stay `E4` is in two registers.
fn add_care_entries(tx: &mut dyn Tx) -> Result<(), Fault> {
    let settled = |setl_id: &str, mdtrt_id: &str, psn_no: &str, fen: i64| {
        let values = (setl_id.to_owned(), mdtrt_id.to_owned(), psn_no.to_owned());
        move |entry: &mut Entry| {
            (entry.setl_id, entry.mdtrt_id, entry.psn_no) = values.clone();
            entry.refunded = Money::fen(fen);
        }
    };
    let by_s1: Done<'_> = (A::Settle, S::Settled, &[("setl_id", "S1")]);
    let by_s6: Done<'_> = (A::Settle, S::Settled, &[("setl_id", "S6")]);
    keep(tx, "settled", K::CashVisit, &[REGISTERED, by_s1], settled("S1", "E1", "P1", 2_600))?;
    tx.put_entry_lines("T-settled", &[entry_line("L1")])?;
    keep(tx, "stay", K::DeferredDischarge, &[REGISTERED, by_s6], settled("S6", "E4", "P2", 2_500))?;
    keep(tx, "also", K::StayConversion, &[REGISTERED, by_s6], settled("S6", "E4", "P2", 0))?;

    let in_e6 = |entry: &mut Entry| (entry.mdtrt_id, entry.psn_no) = ("E6".into(), "P3".into());
    let converted: Done<'_> = (A::Convert, S::Converted, &[]);
    keep(tx, "converted", K::StayConversion, &[REGISTERED, converted], in_e6)?;
    keep(tx, "done", K::InpatientNotice, &[REGISTERED, (A::Tell, S::Done, &[])], in_e6)?;
    let back: Done<'_> = (A::ConvertBack, S::Restored, &[]);
    keep(tx, "restored", K::StayConversion, &[REGISTERED, converted, back], |entry| {
        (entry.plan, entry.mdtrt_id, entry.psn_no) = ("second".into(), "E6".into(), "P3".into());
    })?;

    keep(tx, "waiting", K::CashVisit, &[REGISTERED, (A::Correct, S::Waiting, &LINES)], |_| {})?;
    tx.put_entry_lines("T-waiting", &[entry_line("L1"), entry_line("L2")])?;
    keep(tx, "failed", K::CashVisit, &[REGISTERED, (A::Fail, S::Failed, &[])], |entry| entry.certno = "c-p1".into())?;
    // Cancelled, and so waiting again.
    let undone: Done<'_> = (A::Unsettle, S::Waiting, &[("setl_id", "S2")]);
    let by_s2: Done<'_> = (A::Settle, S::Settled, &[("setl_id", "S2")]);
    keep(tx, "undone", K::CashVisit, &[REGISTERED, by_s2, undone], |entry| entry.mdtrt_id = "E2".into())?;
    keep(tx, "outside", K::CashVisit, &[(A::Register, S::Outside, &[])], |_| {})?;
    keep(tx, "refused", K::CashVisit, &[REGISTERED, (A::Refuse, S::Refused, &[])], |_| {})?;
    keep(tx, "withdrawn", K::CashVisit, &[REGISTERED, (A::Withdraw, S::Withdrawn, &[])], |_| {})?;
    keep(tx, "self_paid", K::Admission, &[REGISTERED, (A::SelfPay, S::SelfPaid, &[])], |_| {})?;
    let handed_over: Done<'_> = (A::ToReimbursement, S::Reimbursing, &[]);
    keep(tx, "reimbursing", K::CashVisit, &[REGISTERED, handed_over], |_| {})
}

const LINES: [(&str, &str); 2] = [("lines", "2"), ("det_item_fee_sumamt", "60.00")];

/// Papers with the agency, and debtors.
fn add_other_entries(tx: &mut dyn Tx) -> Result<(), Fault> {
    let approved: Done<'_> = (A::PreApprove, S::Approved, &[]);
    let paid: Done<'_> = (A::Reimburse, S::Reimbursed, &[("refund", "12.00")]);
    keep(tx, "approved", K::Papers, &[REGISTERED, approved], |entry| entry.invono = "A-1".into())?;
    keep(tx, "reimbursed", K::Papers, &[REGISTERED, approved, paid], |entry| {
        entry.fixmedins_code.clear();
        entry.refunded = Money::yuan(12);
        entry.business = Business::named("reimbursement.manual");
        entry.details = fields(&[("care_provider", "H9"), ("care_endtime", "2021-07-10 09:00:00")]);
    })?;
    let payout = JournalEntry {
        source: SourceKind::Payout,
        source_id: "T-reimbursed/3".into(),
        psn_no: "P1".into(),
        at: july(9),
    };
    let paid_out = [("chart/5001", 1_200), ("chart/1004", -1_200)];
    let paid_out = paid_out.map(|(account, fen)| posting(account, fen));
    tx.record_journal_entry(&payout, &paid_out, &[])?;
    let reported: Done<'_> = (A::Report, S::Reported, &[]);
    let held: Done<'_> = (A::Hold, S::Held, &[]);
    let released: Done<'_> = (A::Release, S::Reported, &[]);
    let owes = |of: &'static str| move |entry: &mut Entry| entry.details = fields(&[("of_entry", of)]);
    keep(tx, "held", K::NotEntitled, &[REGISTERED, reported, held], owes("T-failed"))?;
    keep(tx, "reported", K::NotEntitled, &[REGISTERED, reported, held, released], owes("T-waiting"))?;
    let hold = |number: &str| Hold { psn_no: "P1".into(), number: number.into(), since: july(9), until: None };
    tx.add_hold(&hold("T-held"))?;
    tx.add_hold(&hold("T-reported"))?;
    tx.end_hold("T-reported", july(10))
}

fn add_runs(tx: &mut dyn Tx) -> Result<(), Fault> {
    let run = BackfillRun {
        number: 1,
        plan: "cutover".into(),
        fixmedins_code: String::new(),
        started_at: july(9),
        started_by: "赵六".into(),
        found: 3,
        settled: 2,
        failed: 1,
        finished_at: Some(july(10)),
    };
    tx.add_backfill_run(&run)?;
    tx.add_backfill_run(&BackfillRun { number: 2, settled: 0, finished_at: None, ..run })
}
