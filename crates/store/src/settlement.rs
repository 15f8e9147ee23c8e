//! The settlement (结算) and its cancellation. Rows are only added: a cancellation is a row of its own.

pub(crate) mod asked;

use crate::fault::Fault;
use crate::ledger::{JournalEntry, Movement, Posting};
use crate::record::record;
use yibao_domain::ledger::{MovementKind, SourceKind};
use yibao_domain::money::{Money, Rate};
use yibao_domain::time::{Date, DateTime};

/// What a fund paid (基金分项, setldetail).
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct FundShare {
    pub fund_pay_type: String,
    pub inscp_scp_amt: Money,
    /// What the fund could still have paid before this settlement; none where it has no limit.
    pub crt_payb_lmt_amt: Option<Money>,
    pub fund_payamt: Money,
    pub setl_proc_info: String,
}

/// What a settlement added to a running total.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accumulation {
    /// `2021` for a benefit year, `2021-07-01` for a day.
    pub period: String,
    /// Stable name of the total.
    pub name: String,
    /// Fen or count.
    pub delta: i64,
}

/// A settlement, by national field names.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Settlement {
    pub setl_id: String,
    pub mdtrt_id: String,
    /// 1, then +1 for each further settlement of the encounter, cancelled ones counted.
    pub round: i64,
    /// The first settlement of these amounts, where this one puts back what was cancelled and the
    /// cancellation was itself reversed (2601); empty otherwise.
    pub restores: String,
    pub psn_no: String,
    pub fixmedins_code: String,
    /// The sender's message (medins_setl_id): the journal has it, with this settlement as its effect.
    pub msgid: String,
    pub insutype: String,
    pub psn_type: String,
    pub cvlserv_flag: bool,
    pub med_type: String,
    pub mdtrt_cert_type: String,
    /// Batch it settled; empty for a stay or purchase.
    pub chrg_bchno: String,
    pub invono: String,
    /// When it was recorded (two clocks).
    pub setl_time: DateTime,
    /// Care: first and last day.
    pub begndate: Date,
    pub enddate: Date,
    /// Benefit year.
    pub year: i16,
    pub mid_stay: bool,
    /// Number of the stay in its year; 0 where it counts as none.
    pub stay_number: i64,
    /// Which system owns the settlement: `target`, or `legacy` for run-off (B-03).
    pub owner: String,
    pub medfee_sumamt: Money,
    pub fulamt_ownpay_amt: Money,
    pub overlmt_selfpay: Money,
    pub preselfpay_amt: Money,
    pub inscp_scp_amt: Money,
    pub dedc_std: Money,
    pub crt_dedc: Money,
    pub act_pay_dedc: Money,
    pub pool_prop_selfpay: Rate,
    pub hifp_pay: Money,
    pub cvlserv_pay: Money,
    pub hifes_pay: Money,
    pub hifmi_pay: Money,
    pub hifob_pay: Money,
    pub maf_pay: Money,
    pub oth_pay: Money,
    pub hosp_part_amt: Money,
    pub fund_pay_sumamt: Money,
    pub psn_part_amt: Money,
    pub acct_pay: Money,
    pub psn_cash_pay: Money,
    /// Balance of the account after this settlement.
    pub balc: Money,
    pub clr_optins: String,
    pub clr_way: String,
    pub clr_type: String,
    pub opter: String,
    pub opter_name: String,
    /// Rule version and trace of the decision, as text; opaque here.
    pub trace: String,
    /// When it counts among the person's settlements (`yibao_domain::settlement::order`): written once.
    pub counts_at: DateTime,
    /// Whether the sender had the account pay, whatever it then paid.
    pub acct_used_flag: String,
    pub funds: Vec<FundShare>,
    pub accumulations: Vec<Accumulation>,
    pub postings: Vec<Posting>,
}

impl Settlement {
    /// The first settlement of these amounts: itself, or the one it puts back.
    pub fn root(&self) -> &str {
        if self.restores.is_empty() { &self.setl_id } else { &self.restores }
    }

    /// Its entry in the books.
    pub(crate) fn journal_entry(&self) -> JournalEntry {
        let (source, source_id) = (SourceKind::Settlement, self.setl_id.clone());
        JournalEntry { source, source_id, psn_no: self.psn_no.clone(), at: self.setl_time }
    }

    /// What it takes from the account, counted from the last day of care.
    pub(crate) fn account_paid(&self) -> Option<Movement> {
        let kind = MovementKind::Spent;
        let paid =
            Movement { psn_no: self.psn_no.clone(), kind, amount: kind.signed(self.acct_pay), day: self.enddate };
        (self.acct_pay != Money::ZERO).then_some(paid)
    }
}

/// The cancellation (撤销, 冲正) of a settlement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cancellation {
    /// The settlement it undoes; at most one cancellation each.
    pub setl_id: String,
    /// Id of the cancellation.
    pub cancellation_id: String,
    /// The cancelling message.
    pub msgid: String,
    /// When it was recorded.
    pub at: DateTime,
    /// Who did it.
    pub opter: String,
    /// The mirror of the settlement's postings.
    pub postings: Vec<Posting>,
}

impl Cancellation {
    /// Its entry in the books.
    pub(crate) fn journal_entry(&self, psn_no: &str) -> JournalEntry {
        let (source, source_id) = (SourceKind::Cancellation, self.cancellation_id.clone());
        JournalEntry { source, source_id, psn_no: psn_no.to_owned(), at: self.at }
    }
}

/// A settlement with its cancellation, if any.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettlementRow {
    /// The settlement as recorded.
    pub settlement: Settlement,
    /// Its cancellation.
    pub cancellation: Option<Cancellation>,
}

impl SettlementRow {
    /// Settled and not cancelled.
    pub fn stands(&self) -> bool {
        self.cancellation.is_none()
    }
}

/// One of a person's settlements, for the order in which they count.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastSettlement {
    /// The settlement with its accumulations, without fund shares and postings.
    pub settlement: Settlement,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime>,
}

impl PastSettlement {
    /// Settled and not cancelled.
    pub fn stands(&self) -> bool {
        self.cancelled_at.is_none()
    }
}

/// What most calls ask of an encounter's settlements: which there were, and which stand.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Round {
    pub round: i64,
    pub setl_id: String,
    pub mid_stay: bool,
    /// Settled and not cancelled.
    pub stands: bool,
}

/// How far a book has come with a person: numbers that grow with whatever is added, so that equal ones mean that nothing was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Settlements.
    pub settlements: i64,
    /// Cancellations of them.
    pub cancellations: i64,
    /// Movements of the account, as the account counts them.
    pub movements: i64,
    /// Fee lines.
    pub lines: i64,
    /// Those that a settlement has taken.
    pub settled_lines: i64,
    /// What all lines cost, in fen.
    pub charged: i64,
    /// Register entries.
    pub entries: i64,
    /// Their versions, added up.
    pub versions: i64,
}

/// Questions and records about settlements.
pub trait Settlements {
    /// One settlement.
    fn settlement(&mut self, setl_id: &str) -> Result<Option<SettlementRow>, Fault>;
    /// The rounds of an encounter in their order, without amounts.
    fn rounds(&mut self, mdtrt_id: &str) -> Result<Vec<Round>, Fault>;
    /// All settlements of an encounter by round.
    fn settlements_of(&mut self, mdtrt_id: &str) -> Result<Vec<SettlementRow>, Fault>;
    /// The highest deductible standard among a person's standing settlements of a benefit year, scheme and
    /// clearing type; nothing where there is none.
    fn highest_deductible_standard(
        &mut self,
        psn_no: &str,
        year: i16,
        insutype: &str,
        clr_type: &str,
    ) -> Result<Option<Money>, Fault>;
    /// By how much a person's standing settlements of a benefit year and scheme have moved a running total together.
    fn moved(&mut self, psn_no: &str, year: i16, insutype: &str, name: &str) -> Result<i64, Fault>;
    /// All settlements of a person of this benefit year and later ones, cancelled ones too, in the order of recording:
    /// what is put in order among them finds what counted before it.
    fn settlements_of_person(&mut self, psn_no: &str, since_year: i16) -> Result<Vec<PastSettlement>, Fault>;
    /// How far the book has come with a person; entries that tell no number count by the `documents`, in all their writings.
    fn progress(&mut self, psn_no: &str, documents: &[String]) -> Result<Progress, Fault>;
    /// A provider's settlements and cancellations that were recorded between two moments, under a scheme and a clearing type
    /// where they are named, in that order.
    fn trades(&mut self, asked: &TradeFilter) -> Result<Vec<Trade>, Fault>;
    /// Records a settlement with its fund shares, running totals, account movement, journal entry and postings, and
    /// marks `line_serials`, lines that are there already, as settled by it. Fails where the round is taken or the
    /// account would fall below zero: the caller has looked at both under the same transaction.
    fn record_settlement(&mut self, row: &Settlement, line_serials: &[String]) -> Result<(), Fault>;
    /// Records a cancellation: running totals and account go back, lines are unsettled again.
    /// Returns the account's balance afterwards.
    fn record_cancellation(&mut self, row: &Cancellation) -> Result<Money, Fault>;
}

/// Which trades (交易) of a provider are asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TradeFilter {
    /// Whose.
    pub fixmedins_code: String,
    /// The first moment.
    pub since: DateTime,
    /// The last moment.
    pub until: DateTime,
    /// Scheme; `None`: all.
    pub insutype: Option<String>,
    /// 清算类别; `None`: all.
    pub clr_type: Option<String>,
}

/// A settlement as the provider's account with the agency sees it, or its cancellation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trade {
    /// 结算ID.
    pub setl_id: String,
    /// 就诊ID.
    pub mdtrt_id: String,
    /// 人员编号.
    pub psn_no: String,
    /// The message that settled or cancelled.
    pub msgid: String,
    /// It is the cancellation, with the amounts turned round.
    pub is_refund: bool,
    /// It is a settlement that has been cancelled, whenever that was.
    pub is_cancelled: bool,
    /// 医疗费总额.
    pub medfee_sumamt: Money,
    /// 基金支付总额.
    pub fund_pay_sumamt: Money,
    /// 个人账户支付.
    pub acct_pay: Money,
}

record! {
    Settlement = "settlement", "结算", key [mdtrt_id, round];
    fields {
        mdtrt_id, round, restores, setl_id, psn_no, fixmedins_code, msgid, insutype, psn_type, cvlserv_flag, med_type,
        mdtrt_cert_type, chrg_bchno, invono, setl_time, begndate, enddate, year, mid_stay, stay_number, owner,
        medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, dedc_std, crt_dedc,
        act_pay_dedc, pool_prop_selfpay, hifp_pay, cvlserv_pay, hifes_pay, hifmi_pay, hifob_pay, maf_pay, oth_pay,
        hosp_part_amt, fund_pay_sumamt, psn_part_amt, acct_pay, psn_cash_pay, balc, clr_optins, clr_way, clr_type,
        opter, opter_name, trace, counts_at, acct_used_flag,
    }
    apart { funds, accumulations, postings }
    sums {
        "结算总费用合计（分）" = "medfee_sumamt_fen", "基金支付合计（分）" = "fund_pay_sumamt_fen",
        "个人账户支付合计（分）" = "acct_pay_fen",
    }
}

record! {
    FundShare = "fund_share", "基金分项", key [setl_id, seq];
    given { setl_id: String, seq: i64, psn_no: String }
    fields { fund_pay_type, inscp_scp_amt, crt_payb_lmt_amt, fund_payamt, setl_proc_info }
}

record! {
    Accumulation = "accumulation", "累计变动", key [setl_id, seq];
    given { setl_id: String, seq: i64, psn_no: String }
    fields { period, name, delta }
}

record! {
    Cancellation = "cancellation", "结算撤销", key [setl_id];
    given { psn_no: String }
    fields { setl_id, cancellation_id, msgid, at = "recorded_at", opter }
    apart { postings }
}
