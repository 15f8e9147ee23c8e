//! What is asked and recorded of settlements: one record moves shares, totals, account, postings and lines.

use super::{
    Accumulation, Cancellation, FundShare, PastSettlement, Progress, Round, Settlement, SettlementRow, Settlements,
    Trade, TradeFilter,
};
use crate::encounter::asked::{free_lines, settle_lines};
use crate::engine::{Engine, MOVING, Question, once, sql};
use crate::fault::{Fault, masked};
use crate::ledger::asked::{BALANCE, add_entry, movement_of_account, must_agree};
use crate::ledger::{Movement, Posting};
use crate::person::RunningTotalRow;
use crate::record::{Batch, Columns, Record};
use crate::value::{Unreadable, Value, values};
use std::collections::{BTreeMap, HashMap};
use yibao_domain::ledger::MovementKind;
use yibao_domain::money::Money;
use yibao_domain::time::DateTime;

impl<E: Engine> Settlements for E {
    fn settlement(&mut self, setl_id: &str) -> Result<Option<SettlementRow>, Fault> {
        Ok(by_id().rows(self, "reading settlement", setl_id)?.pop())
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

    fn moved(&mut self, psn_no: &str, year: i16, insutype: &str, name: &str) -> Result<i64, Fault> {
        let sql = "SELECT CAST(coalesce(sum(accumulation.delta), 0) AS bigint)
                   FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                                  JOIN accumulation ON accumulation.setl_id = settlement.setl_id
                   WHERE encounter.psn_no = ?1 AND settlement.year = ?2 AND settlement.insutype = ?3
                     AND accumulation.name = ?4
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)";
        let values = values![psn_no, year, insutype, name];
        let moved = self.first(("adding up a total of person", &masked(psn_no)), sql, &values, |row| row.take())?;
        Ok(moved.unwrap_or(0))
    }

    fn trades(&mut self, asked: &TradeFilter) -> Result<Vec<Trade>, Fault> {
        let sql = "SELECT settlement.setl_id, mdtrt_id, settlement.psn_no, settlement.msgid, FALSE AS refund,
                          EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id),
                          medfee_sumamt_fen, fund_pay_sumamt_fen, acct_pay_fen, setl_time AS at
                   FROM settlement
                   WHERE fixmedins_code = ?1 AND setl_time BETWEEN ?2 AND ?3
                     AND (CAST(?4 AS text) IS NULL OR insutype = ?4) AND (CAST(?5 AS text) IS NULL OR clr_type = ?5)
                   UNION ALL
                   SELECT settlement.setl_id, mdtrt_id, settlement.psn_no, cancellation.msgid, TRUE, FALSE,
                          -medfee_sumamt_fen, -fund_pay_sumamt_fen, -acct_pay_fen, cancellation.recorded_at
                   FROM cancellation JOIN settlement ON settlement.setl_id = cancellation.setl_id
                   WHERE fixmedins_code = ?1 AND cancellation.recorded_at BETWEEN ?2 AND ?3
                     AND (CAST(?4 AS text) IS NULL OR insutype = ?4) AND (CAST(?5 AS text) IS NULL OR clr_type = ?5)
                   ORDER BY at, setl_id, refund";
        let values = values![&asked.fixmedins_code, asked.since, asked.until, &asked.insutype, &asked.clr_type];
        self.all(("reading the trades of", &asked.fixmedins_code), sql, &values, |row| {
            Ok(Trade {
                setl_id: row.take()?,
                mdtrt_id: row.take()?,
                psn_no: row.take()?,
                msgid: row.take()?,
                is_refund: row.take()?,
                is_cancelled: row.take()?,
                medfee_sumamt: row.take()?,
                fund_pay_sumamt: row.take()?,
                acct_pay: row.take()?,
            })
        })
    }

    fn settlements_of_person(&mut self, psn_no: &str, since_year: i16) -> Result<Vec<PastSettlement>, Fault> {
        let (mut settlements, mut cancelled, mut added) = (Vec::new(), Vec::new(), Vec::new());
        let values = values![psn_no, since_year];
        let past = once!(Past, Past::new());
        self.ask(
            ("reading the settlements of person", &masked(psn_no)),
            &mut [
                Question::new(&mut settlements, &past.settlements, &values, Settlement::read),
                Question::new(&mut cancelled, &past.cancellations, &values, |row| {
                    Ok((row.take::<String>()?, row.take::<DateTime>()?))
                }),
                Question::new(&mut added, &past.accumulations, &values, |row| {
                    Ok((row.take()?, Accumulation::read(row)?))
                }),
            ],
        )?;
        let cancelled: HashMap<String, DateTime> = cancelled.into_iter().collect();
        let mut added = grouped(added);
        let gather = |mut settlement: Settlement| {
            settlement.accumulations = added.remove(&settlement.setl_id).unwrap_or_default();
            PastSettlement { cancelled_at: cancelled.get(&settlement.setl_id).copied(), settlement }
        };
        Ok(settlements.into_iter().map(gather).collect())
    }

    fn progress(&mut self, psn_no: &str, documents: &[String]) -> Result<Progress, Fault> {
        let sql = "SELECT settled.settlements, settled.cancellations,
                          CAST(coalesce((SELECT movements FROM account WHERE psn_no = ?1), 0) AS bigint),
                          lines.count, lines.settled, lines.charged, entries.count, entries.versions
                   FROM (SELECT count(*) AS settlements, count(cancellation.setl_id) AS cancellations
                         FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                              LEFT JOIN cancellation ON cancellation.setl_id = settlement.setl_id
                         WHERE encounter.psn_no = ?1) AS settled,
                        (SELECT count(*) AS count, count(fee_line.setl_id) AS settled,
                                CAST(coalesce(sum(det_item_fee_sumamt_fen), 0) AS bigint) AS charged
                         FROM encounter JOIN fee_line ON fee_line.mdtrt_id = encounter.mdtrt_id
                         WHERE encounter.psn_no = ?1) AS lines,
                        (SELECT count(*) AS count, CAST(coalesce(sum(version), 0) AS bigint) AS versions
                         FROM (SELECT version FROM register_entry WHERE psn_no = ?1
                               UNION ALL
                               SELECT version FROM register_entry
                               WHERE +psn_no = '' AND certno <> ''
                                     AND certno IN (SELECT value FROM json_each(?2))) AS theirs) AS entries";
        let (doing, values) = ("reading how far the book has come with person", values![psn_no, documents]);
        self.the((doing, &masked(psn_no)), sql, &values, |row| {
            Ok(Progress {
                settlements: row.take()?,
                cancellations: row.take()?,
                movements: row.take()?,
                lines: row.take()?,
                settled_lines: row.take()?,
                charged: row.take()?,
                entries: row.take()?,
                versions: row.take()?,
            })
        })
    }

    fn record_settlement(&mut self, row: &Settlement, line_serials: &[String]) -> Result<(), Fault> {
        let (entry, paid) = (row.journal_entry(), row.account_paid());
        must_agree(&entry, &row.postings, paid.as_slice())?;
        self.add_settlement(row)?;
        if let Some(paid) = paid {
            self.move_account(&entry, &paid)?;
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
                    "SELECT mdtrt_id, insutype, psn_no, acct_pay_fen, enddate FROM settlement WHERE setl_id = ?1",
                    &values,
                    |row| Ok((row.take::<String>()?, row.take::<String>()?, returned(row)?)),
                ),
                Question::new(
                    &mut back,
                    "SELECT period, name, -delta FROM accumulation WHERE setl_id = ?1",
                    &values,
                    Accumulation::read,
                ),
            ],
        )?;
        let Some((mdtrt_id, insutype, returned)) = settlement.pop() else {
            return Err(Fault::new(DOING, id, "no such record"));
        };
        let psn_no = &returned.psn_no;
        let entry = row.journal_entry(psn_no);
        must_agree(&entry, &row.postings, std::slice::from_ref(&returned))?;
        self.record((DOING, id), &Cancellation::table().insert.one, row.values_at(values![psn_no]))?;
        add_to_totals(self, DOING, id, (psn_no, &insutype), &back)?;
        add_entry(self, &entry, &row.postings)?;
        free_lines(self, &mdtrt_id, id)?;
        let mut balance = Vec::new();
        let values = returned.values_of(&row.cancellation_id, row.at);
        if returned.amount == Money::ZERO {
            let sql = "SELECT balance_fen FROM account WHERE psn_no = ?1";
            self.ask((DOING, id), &mut [Question::new(&mut balance, sql, &values[..1], |row| row.take())])?;
        } else {
            let sql = sql!("{BALANCE} RETURNING balance_fen");
            self.run_returning((MOVING, id), Question::new(&mut balance, sql, &values[..2], |row| row.take()))?;
            if balance.is_empty() {
                return Err(Fault::new(DOING, id, "the account is missing"));
            }
            self.record((MOVING, id), movement_of_account(), values.into())?;
        }
        Ok(balance.pop().unwrap_or(Money::ZERO))
    }
}

/// What a cancelled settlement gives back to the account. It counts from the day of the settlement, as if that had never been.
fn returned(row: &mut Columns<'_>) -> Result<Movement, Unreadable> {
    let (psn_no, amount, day) = (row.take()?, row.take()?, row.take()?);
    Ok(Movement { psn_no, kind: MovementKind::Returned, amount, day })
}

/// A round, with whether it stands.
pub(crate) fn read_round(row: &mut Columns<'_>) -> Result<Round, Unreadable> {
    Ok(Round { round: row.take()?, setl_id: row.take()?, mid_stay: row.take()?, stands: row.take()? })
}

/// The questions for a person's settlements. By way of the encounters, which are indexed; settlements of a person are not.
struct Past {
    settlements: String,
    cancellations: String,
    accumulations: String,
}

impl Past {
    fn new() -> Past {
        let theirs = "FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id";
        let chosen = "WHERE encounter.psn_no = ?1 AND settlement.year >= ?2";
        Past {
            settlements: format!(
                "SELECT {} FROM settlement
                 WHERE mdtrt_id IN (SELECT encounter.mdtrt_id FROM encounter WHERE encounter.psn_no = ?1) AND year >= ?2
                 ORDER BY settlement.rowid",
                Settlement::list()
            ),
            cancellations: format!(
                "SELECT cancellation.setl_id, cancellation.recorded_at
                 {theirs} JOIN cancellation ON cancellation.setl_id = settlement.setl_id {chosen}"
            ),
            accumulations: format!(
                "SELECT accumulation.setl_id, {}
                 {theirs} JOIN accumulation ON accumulation.setl_id = settlement.setl_id {chosen}
                 ORDER BY accumulation.setl_id, accumulation.seq",
                Accumulation::list_of_table()
            ),
        }
    }
}

/// What hangs on settlements, with their ids.
#[derive(Default)]
struct Hanging {
    funds: Vec<(String, FundShare)>,
    added: Vec<(String, Accumulation)>,
    postings: Vec<(String, Posting)>,
    cancellations: Vec<Cancellation>,
}

fn by_id() -> &'static Whole {
    once!(Whole, Whole::of("setl_id = ?1", "= ?1"))
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

    /// What hangs on the settlements that `values` choose.
    fn hanging<'a>(&'a self, values: &'a [Value<'a>], to: &'a mut Hanging) -> Vec<Question<'a>> {
        let Hanging { funds, added, postings, cancellations } = to;
        vec![
            Question::new(funds, &self.funds, values, |row| Ok((row.take()?, FundShare::read(row)?))),
            Question::new(added, &self.accumulations, values, |row| Ok((row.take()?, Accumulation::read(row)?))),
            Question::new(postings, &self.postings, values, |row| Ok((row.take()?, Posting::read(row)?))),
            Question::new(cancellations, &self.cancellations, values, Cancellation::read),
        ]
    }

    /// By round.
    fn rows(&self, tx: &mut impl Engine, doing: &'static str, id: &str) -> Result<Vec<SettlementRow>, Fault> {
        let (mut settlements, mut found) = (Vec::new(), Hanging::default());
        let (work, of_id) = ((doing, id), values![id]);
        if tx.ahead().is_some() {
            let mut questions = self.hanging(&of_id, &mut found);
            questions.push(Question::new(&mut settlements, &self.settlements, &of_id, Settlement::read));
            tx.ask(work, &mut questions)?;
        } else {
            // Where nothing is far away, only what was found is asked about.
            settlements = tx.all(work, &self.settlements, &of_id, Settlement::read)?;
            for Settlement { setl_id, .. } in &settlements {
                tx.ask(work, &mut by_id().hanging(&values![setl_id], &mut found))?;
            }
        }
        let Hanging { funds, added, postings, mut cancellations } = found;
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
    let batch = once!(Batch, RunningTotalRow::table().insert.followed_by(ADDED_TO_TOTAL));
    let sums = sums(added).into_iter();
    let rows = sums.map(|((period, name), sum)| values![0_i64, psn_no, period, insutype, name, sum].into());
    tx.record_all((doing, key), batch, rows)
}

/// What becomes of a running total that is there.
pub(crate) const ADDED_TO_TOTAL: &str =
    "ON CONFLICT (psn_no, period, insutype, name) DO UPDATE SET value = running_total.value + excluded.value";

/// A settlement with all rows that hang on it, one statement a row.
pub(crate) fn add_row_by_row(tx: &mut impl Engine, row: &Settlement) -> Result<(), Fault> {
    let (id, psn_no) = (row.setl_id.as_str(), row.psn_no.as_str());
    let at = |seq: i64| values![id, seq, psn_no];
    tx.record(("recording settlement", id), &Settlement::table().insert.one, row.values())?;
    let shares = row.funds.iter().zip(0..).map(|(share, seq)| share.values_at(at(seq)));
    tx.record_all(("recording the fund shares of", id), &FundShare::table().insert, shares)?;
    let added = row.accumulations.iter().zip(0..).map(|(added, seq)| added.values_at(at(seq)));
    tx.record_all((TOTALS, id), &Accumulation::table().insert, added)?;
    add_to_totals(tx, TOTALS, id, (psn_no, &row.insutype), &row.accumulations)?;
    add_entry(tx, &row.journal_entry(), &row.postings)
}

const TOTALS: &str = "adding to the running totals for";
