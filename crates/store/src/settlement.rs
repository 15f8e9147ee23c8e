//! The settlement (结算) and its cancellation. Rows are only added: a cancellation is a row of its own.

use crate::encounter::asked::{free_lines, settle_lines};
use crate::engine::{Engine, Question, count, exactly, once};
use crate::fault::{Fault, masked};
use crate::ledger::{Posting, must_balance, record_entry};
use crate::person::RunningTotalRow;
use crate::record::{Batch, Columns, Record, record};
use crate::value::{Bound, Unreadable, Value, values};
use std::collections::{BTreeMap, HashMap};
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
    pub funds: Vec<FundShare>,
    pub accumulations: Vec<Accumulation>,
    pub postings: Vec<Posting>,
}

impl Settlement {
    /// The first settlement of these amounts: itself, or the one it puts back.
    pub fn root(&self) -> &str {
        if self.restores.is_empty() { &self.setl_id } else { &self.restores }
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
    /// Ids of a person's standing settlements of a benefit year that were recorded after `setl_id`,
    /// oldest first, at most `limit`.
    fn later_settlements(&mut self, psn_no: &str, year: i16, setl_id: &str, limit: usize)
    -> Result<Vec<String>, Fault>;
    /// What a person's standing settlements of later care have added to the running totals: settlements whose encounter
    /// began after `care`, by scheme, period and name. An event of an outage counts at its care time, so its room is
    /// what is there without them.
    fn accumulated_by_later_care(&mut self, psn_no: &str, care: DateTime) -> Result<Vec<RunningTotalRow>, Fault>;
    /// Ids of a person's standing settlements whose encounter began after `care`, by time of care, at most `limit`.
    fn settled_later_care(&mut self, psn_no: &str, care: DateTime, limit: usize) -> Result<Vec<String>, Fault>;
    /// Records a settlement with its fund shares, running totals, account movement and postings, and
    /// marks `line_serials`, lines that are there already, as settled by it. Fails where the round is taken or the
    /// account would fall below zero: the caller has looked at both under the same transaction.
    fn record_settlement(&mut self, row: &Settlement, line_serials: &[String]) -> Result<(), Fault>;
    /// Records a cancellation: running totals and account go back, lines are unsettled again.
    /// Returns the account's balance afterwards.
    fn record_cancellation(&mut self, row: &Cancellation) -> Result<Money, Fault>;
}

record! {
    Settlement = "settlement", "结算", key [mdtrt_id, round];
    fields {
        mdtrt_id, round, restores, setl_id, psn_no, fixmedins_code, msgid, insutype, psn_type, cvlserv_flag, med_type,
        mdtrt_cert_type, chrg_bchno, invono, setl_time, begndate, enddate, year, mid_stay, stay_number, owner,
        medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt, inscp_scp_amt, dedc_std, crt_dedc,
        act_pay_dedc, pool_prop_selfpay, hifp_pay, cvlserv_pay, hifes_pay, hifmi_pay, hifob_pay, maf_pay, oth_pay,
        hosp_part_amt, fund_pay_sumamt, psn_part_amt, acct_pay, psn_cash_pay, balc, clr_optins, clr_way, clr_type,
        opter, opter_name, trace,
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

impl<E: Engine> Settlements for E {
    fn settlement(&mut self, setl_id: &str) -> Result<Option<SettlementRow>, Fault> {
        let whole = once!(Whole, Whole::of("setl_id = ?1", "= ?1"));
        Ok(whole.rows(self, "reading settlement", setl_id)?.pop())
    }

    fn rounds(&mut self, mdtrt_id: &str) -> Result<Vec<Round>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.rounds(mdtrt_id)) {
            return Ok(known);
        }
        let sql = "SELECT round, setl_id, mid_stay,
                          NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   FROM settlement WHERE mdtrt_id = ?1 ORDER BY round";
        self.all(("reading the rounds of encounter", mdtrt_id), sql, &values![mdtrt_id], read_round)
    }

    fn settlements_of(&mut self, mdtrt_id: &str) -> Result<Vec<SettlementRow>, Fault> {
        if self.ahead().and_then(|ahead| ahead.rounds(mdtrt_id)).is_some_and(|known| known.is_empty()) {
            return Ok(Vec::new());
        }
        let whole = once!(Whole, Whole::of("mdtrt_id = ?1", "IN (SELECT setl_id FROM settlement WHERE mdtrt_id = ?1)"));
        whole.rows(self, "reading the settlements of encounter", mdtrt_id)
    }

    fn highest_deductible_standard(
        &mut self,
        psn_no: &str,
        year: i16,
        insutype: &str,
        clr_type: &str,
    ) -> Result<Option<Money>, Fault> {
        let sql = "SELECT dedc_std_fen
                   FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                   WHERE encounter.psn_no = ?1 AND settlement.year = ?2 AND settlement.insutype = ?3
                     AND settlement.clr_type = ?4
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   ORDER BY dedc_std_fen DESC LIMIT 1";
        let values = values![psn_no, year, insutype, clr_type];
        self.first(("reading the deductible standards of person", &masked(psn_no)), sql, &values, |row| row.take())
    }

    fn later_settlements(
        &mut self,
        psn_no: &str,
        year: i16,
        setl_id: &str,
        limit: usize,
    ) -> Result<Vec<String>, Fault> {
        // By way of the person's encounters, which are indexed; settlements of a person are not.
        let sql = "SELECT later.setl_id
                   FROM encounter JOIN settlement AS later ON later.mdtrt_id = encounter.mdtrt_id
                   WHERE encounter.psn_no = ?1 AND later.year = ?2
                     AND later.rowid > (SELECT settlement.rowid FROM settlement WHERE setl_id = ?3)
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = later.setl_id)
                   ORDER BY later.rowid LIMIT ?4";
        let values = values![psn_no, year, setl_id, count(limit)];
        self.all(("finding settlements later than", setl_id), sql, &values, |row| row.take())
    }

    fn accumulated_by_later_care(&mut self, psn_no: &str, care: DateTime) -> Result<Vec<RunningTotalRow>, Fault> {
        let sql = "SELECT accumulation.period, settlement.insutype, accumulation.name,
                          CAST(sum(accumulation.delta) AS bigint)
                   FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                                  JOIN accumulation ON accumulation.setl_id = settlement.setl_id
                   WHERE encounter.psn_no = ?1 AND encounter.begntime > ?2
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   GROUP BY 1, 2, 3 ORDER BY accumulation.period, settlement.insutype, accumulation.name";
        const DOING: &str = "reading what later care added to the totals of person";
        self.all((DOING, &masked(psn_no)), sql, &values![psn_no, care], RunningTotalRow::read)
    }

    fn settled_later_care(&mut self, psn_no: &str, care: DateTime, limit: usize) -> Result<Vec<String>, Fault> {
        let sql = "SELECT settlement.setl_id
                   FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                   WHERE encounter.psn_no = ?1 AND encounter.begntime > ?2
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   ORDER BY encounter.begntime, settlement.rowid LIMIT ?3";
        let values = values![psn_no, care, count(limit)];
        self.all(("finding settlements of later care of person", &masked(psn_no)), sql, &values, |row| row.take())
    }

    fn record_settlement(&mut self, row: &Settlement, line_serials: &[String]) -> Result<(), Fault> {
        must_balance(&row.setl_id, &row.postings)?;
        self.add_settlement(row)?;
        if row.acct_pay != Money::ZERO {
            // Without an account no row changes, with less on it than is to be paid its CHECK fails: either is a fault.
            let change = exactly!("UPDATE account SET balance_fen = balance_fen - ?2 WHERE psn_no = ?1");
            let values = values![&row.psn_no, row.acct_pay].into();
            self.change(("paying from the account for", &row.setl_id), 1, change, values)?;
        }
        settle_lines(self, &row.mdtrt_id, line_serials, &row.setl_id)
    }

    fn record_cancellation(&mut self, row: &Cancellation) -> Result<Money, Fault> {
        const DOING: &str = "recording the cancellation of";
        let id = row.setl_id.as_str();
        let (mut settlement, mut back) = (Vec::new(), Vec::new());
        let values = values![id];
        self.ask(
            (DOING, id),
            &mut [
                Question::new(
                    &mut settlement,
                    "SELECT psn_no, mdtrt_id, insutype, acct_pay_fen FROM settlement WHERE setl_id = ?1",
                    &values,
                    |row| {
                        Ok((row.take::<String>()?, row.take::<String>()?, row.take::<String>()?, row.take::<Money>()?))
                    },
                ),
                Question::new(
                    &mut back,
                    "SELECT period, name, -delta FROM accumulation WHERE setl_id = ?1",
                    &values,
                    Accumulation::read,
                ),
            ],
        )?;
        let Some((psn_no, mdtrt_id, insutype, acct_pay)) = settlement.pop() else {
            return Err(Fault::new(DOING, id, "no such record"));
        };
        self.record((DOING, id), &Cancellation::table().insert.one, row.values_at(values![&psn_no]))?;
        add_to_totals(self, DOING, id, (&psn_no, &insutype), &back)?;
        record_entry(self, &row.cancellation_id, &psn_no, &row.postings)?;
        free_lines(self, &mdtrt_id, id)?;
        let mut balance = Vec::new();
        let values = values![&psn_no, acct_pay];
        if acct_pay == Money::ZERO {
            let sql = "SELECT balance_fen FROM account WHERE psn_no = ?1";
            self.ask((DOING, id), &mut [Question::new(&mut balance, sql, &values[..1], |row| row.take())])?;
        } else {
            let sql = "UPDATE account SET balance_fen = balance_fen + ?2 WHERE psn_no = ?1 RETURNING balance_fen";
            self.run_returning((DOING, id), Question::new(&mut balance, sql, &values, |row| row.take()))?;
            if balance.is_empty() {
                return Err(Fault::new(DOING, id, "the account is missing"));
            }
        }
        Ok(balance.pop().unwrap_or(Money::ZERO))
    }
}

/// A round, with whether it stands.
pub(crate) fn read_round(row: &mut Columns<'_>) -> Result<Round, Unreadable> {
    Ok(Round { round: row.take()?, setl_id: row.take()?, mid_stay: row.take()?, stands: row.take()? })
}

/// The questions for settlements with all that hangs on them.
struct Whole {
    settlements: String,
    funds: String,
    accumulations: String,
    postings: String,
    cancellations: String,
}

impl Whole {
    /// `chosen` says which settlements, `ids` which ids.
    fn of(chosen: &str, ids: &str) -> Whole {
        let funds = FundShare::list();
        Whole {
            settlements: format!("SELECT {} FROM settlement WHERE {chosen} ORDER BY round", Settlement::list()),
            funds: format!("SELECT setl_id, {funds} FROM fund_share WHERE setl_id {ids} ORDER BY seq"),
            accumulations: format!(
                "SELECT setl_id, {} FROM accumulation WHERE setl_id {ids} ORDER BY seq",
                Accumulation::list()
            ),
            postings: format!(
                "SELECT entry, {}, seq FROM posting WHERE entry {ids}
                 UNION ALL
                 SELECT posting.entry, {}, posting.seq
                 FROM cancellation JOIN posting ON posting.entry = cancellation.cancellation_id
                 WHERE cancellation.setl_id {ids} ORDER BY seq",
                Posting::list(),
                Posting::list_of_table()
            ),
            cancellations: format!("SELECT {} FROM cancellation WHERE setl_id {ids}", Cancellation::list()),
        }
    }

    /// By round.
    fn rows(&self, tx: &mut impl Engine, doing: &'static str, id: &str) -> Result<Vec<SettlementRow>, Fault> {
        let (mut settlements, mut funds, mut added) = (Vec::new(), Vec::new(), Vec::new());
        let (mut postings, mut cancellations) = (Vec::new(), Vec::new());
        let (work, of_id) = ((doing, id), values![id]);
        let mut questions = vec![
            Question::new(&mut funds, &self.funds, &of_id, |row| Ok((row.take()?, FundShare::read(row)?))),
            Question::new(&mut added, &self.accumulations, &of_id, |row| Ok((row.take()?, Accumulation::read(row)?))),
            Question::new(&mut postings, &self.postings, &of_id, |row| Ok((row.take()?, Posting::read(row)?))),
            Question::new(&mut cancellations, &self.cancellations, &of_id, Cancellation::read),
        ];
        if tx.ahead().is_some() {
            questions.push(Question::new(&mut settlements, &self.settlements, &of_id, Settlement::read));
        } else {
            // Where nothing is far away, what would hang on nothing is not asked for.
            settlements = tx.all(work, &self.settlements, &of_id, Settlement::read)?;
            if settlements.is_empty() {
                return Ok(Vec::new());
            }
        }
        tx.ask(work, &mut questions)?;
        drop(questions);
        let (mut funds, mut added, mut postings) = (grouped(funds), grouped(added), grouped(postings));
        let whole = |mut settlement: Settlement| {
            let id = &settlement.setl_id;
            settlement.funds = funds.remove(id).unwrap_or_default();
            settlement.accumulations = added.remove(id).unwrap_or_default();
            settlement.postings = postings.remove(id).unwrap_or_default();
            let at = cancellations.iter().position(|cancellation| cancellation.setl_id == *id);
            let cancellation = at.map(|at| cancellations.swap_remove(at)).map(|mut cancellation| {
                cancellation.postings = postings.remove(&cancellation.cancellation_id).unwrap_or_default();
                cancellation
            });
            SettlementRow { settlement, cancellation }
        };
        Ok(settlements.into_iter().map(whole).collect())
    }
}

/// What belongs together, in the order in which it came.
fn grouped<T>(pairs: Vec<(String, T)>) -> HashMap<String, Vec<T>> {
    let mut groups: HashMap<String, Vec<T>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

/// Once a total: a statement may not change a row twice. In one order, as locks are taken.
pub(crate) fn sums(added: &[Accumulation]) -> Vec<((&String, &String), i64)> {
    let mut sums: BTreeMap<(&String, &String), i64> = BTreeMap::new();
    for Accumulation { period, name, delta } in added {
        *sums.entry((period, name)).or_default() += delta;
    }
    sums.into_iter().collect()
}

/// Adds to a person's running totals of a scheme; those that are missing begin with it.
fn add_to_totals(
    tx: &mut impl Engine,
    doing: &'static str,
    key: &str,
    (psn_no, insutype): (&str, &str),
    added: &[Accumulation],
) -> Result<(), Fault> {
    let batch = once!(
        Batch,
        Batch {
            one: format!("{} {ADDED_TO_TOTAL}", RunningTotalRow::table().insert.one),
            many: format!("{} {ADDED_TO_TOTAL}", RunningTotalRow::table().insert.many),
        }
    );
    let sums = sums(added).into_iter();
    let rows = sums.map(|((period, name), sum)| values![0_i64, psn_no, period, insutype, name, sum].into());
    tx.record_all((doing, key), batch, rows.collect())
}

/// What becomes of a running total that is there.
pub(crate) const ADDED_TO_TOTAL: &str =
    "ON CONFLICT (psn_no, period, insutype, name) DO UPDATE SET value = running_total.value + excluded.value";

/// A settlement with all rows that hang on it, one statement a row.
pub(crate) fn add_row_by_row(tx: &mut impl Engine, row: &Settlement) -> Result<(), Fault> {
    let (id, psn_no) = (row.setl_id.as_str(), row.psn_no.as_str());
    let at = |seq| [id.bound(), Value::Whole(seq), psn_no.bound()];
    tx.record(("recording settlement", id), &Settlement::table().insert.one, row.values())?;
    let shares = row.funds.iter().zip(0..).map(|(share, seq)| share.values_at(at(seq))).collect();
    tx.record_all(("recording the fund shares of", id), &FundShare::table().insert, shares)?;
    let added = row.accumulations.iter().zip(0..).map(|(added, seq)| added.values_at(at(seq))).collect();
    tx.record_all((TOTALS, id), &Accumulation::table().insert, added)?;
    add_to_totals(tx, TOTALS, id, (psn_no, &row.insutype), &row.accumulations)?;
    record_entry(tx, id, psn_no, &row.postings)
}

const TOTALS: &str = "adding to the running totals for";
