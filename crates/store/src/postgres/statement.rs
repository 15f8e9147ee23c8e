//! How the nouns' questions and records go to the server: questions that belong together in one round trip, records
//! kept back, many rows as a column an array each.

use super::flight::borrowed;
use super::line::{Answer, Step};
use super::transaction::PostgresTx;
use crate::ahead::Ahead;
use crate::encounter::FeeLine;
use crate::engine::{Engine, MOVING, Question, Work, once, sql};
use crate::fault::Fault;
use crate::ledger::asked::{BALANCE, movement_from};
use crate::ledger::{JournalEntry, Movement, Posting};
use crate::record::{Batch, Change, Column, Columns, Exactly, Put, Record, each, each_from};
use crate::settlement::asked::{ADDED_TO_TOTAL, sums};
use crate::settlement::{Accumulation, FundShare, Settlement};
use crate::value::{Unreadable, Value, values};
use std::collections::HashMap;
use yibao_domain::ledger::SourceKind;
use yibao_domain::time::Date;

impl Engine for PostgresTx<'_> {
    fn ask(&mut self, work: Work<'_>, questions: &mut [Question<'_>]) -> Result<(), Fault> {
        let steps: Vec<Step<'_>> = questions.iter().map(step).collect();
        let answers = self.send(work, &steps, false)?;
        drop(steps);
        questions.iter_mut().zip(answers).try_for_each(|(question, answer)| take(work, question, answer))
    }

    fn keep_apart(&mut self, table: &'static str, month: Date) -> Result<(), Fault> {
        let part = format!("{table}_{}", month.strftime("%Y%m"));
        let work = ("parting a table by month", part.as_str());
        // What moved here lies in the last part, and then its month stays there.
        let is_there =
            format!("SELECT to_regclass('{part}') IS NOT NULL OR EXISTS (SELECT FROM {table}_other WHERE month = ?1)");
        if self.the(work, &is_there, &values![&month], |row| row.take::<bool>())? {
            return Ok(());
        }
        let next = month.last_of_month().tomorrow().unwrap_or(month);
        self.the(work, "SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(7962627)) AS turn", &[], |row| {
            row.take::<i64>()
        })?;
        let make =
            format!("CREATE TABLE IF NOT EXISTS {part} PARTITION OF {table} FOR VALUES FROM ('{month}') TO ('{next}')");
        self.run(work, &make, &[]).map(drop)
    }

    fn record(&mut self, work: Work<'_>, sql: &'static str, values: Vec<Value<'_>>) -> Result<(), Fault> {
        self.keep_back(work, sql, values.into_iter().map(Value::into_owned).collect())
    }

    fn change(
        &mut self,
        work: Work<'_>,
        _count: usize,
        change: &'static Exactly,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault> {
        self.record(work, &change.or_fails, values)
    }

    fn record_all<'row>(
        &mut self,
        work: Work<'_>,
        batch: &'static Batch,
        rows: impl Iterator<Item = Vec<Value<'row>>>,
    ) -> Result<(), Fault> {
        let columns = as_columns(0, rows);
        if columns.is_empty() { Ok(()) } else { self.keep_back(work, &batch.many, columns) }
    }

    fn run(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        let answers = self.change_now(work, &[Step::Run(sql, borrowed(values))])?;
        Ok(answers.iter().map(Answer::count).sum())
    }

    fn run_returning(&mut self, work: Work<'_>, mut question: Question<'_>) -> Result<(), Fault> {
        let answers = self.change_now(work, &[step(&question)])?;
        answers.into_iter().try_for_each(|answer| take(work, &mut question, answer))
    }

    fn put(&mut self, work: Work<'_>, put: &Put, values: &[Value<'_>]) -> Result<Change, Fault> {
        let updated = put.updated.iter().map(|at| &values[*at] as _).collect();
        let steps = [Step::Run(&put.insert.one, borrowed(values)), Step::Run(&put.update.one, updated)];
        let changed: Vec<u64> = self.change_now(work, &steps)?.iter().map(Answer::count).collect();
        Ok(match changed[..] {
            [1, _] => Change::Added,
            [_, 1] => Change::Updated,
            _ => Change::Unchanged,
        })
    }

    fn put_all<'row>(
        &mut self,
        doing: &'static str,
        put: &Put,
        key: usize,
        rows: impl Iterator<Item = Vec<Value<'row>>>,
    ) -> Result<Vec<Change>, Fault> {
        let rows: Vec<Vec<Value<'row>>> = rows.collect();
        let key_of = |row: &Vec<Value<'_>>| -> Vec<String> { row[..key].iter().map(Value::text).collect() };
        let places: HashMap<Vec<String>, usize> = rows.iter().map(key_of).zip(0..).collect();
        if places.len() < rows.len() {
            // A statement stores a key once.
            return rows.iter().map(|row| self.put((doing, ""), put, row)).collect();
        }
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let columns = as_columns(0, rows.into_iter());
        let updated = put.updated.iter().map(|at| &columns[*at] as _).collect();
        let steps = [
            (Step::Ask(&put.insert.many, borrowed(&columns)), Change::Added),
            (Step::Ask(&put.update.many, updated), Change::Updated),
        ];
        let mut changes = vec![Change::Unchanged; places.len()];
        for (step, change) in steps {
            for row in self.change_now((doing, ""), &[step])?.into_iter().flat_map(Answer::rows) {
                let mut row = Columns::of_postgres(&row);
                let key: Result<Vec<String>, Unreadable> = (0..key).map(|_| row.take()).collect();
                let key = key.map_err(|cause| Fault::new(doing, "", cause))?;
                if let Some(place) = places.get(&key) {
                    changes[*place] = change;
                }
            }
            if changes.iter().all(|change| *change == Change::Added) {
                break;
            }
        }
        Ok(changes)
    }

    fn ahead(&mut self) -> Option<&mut Ahead> {
        Some(&mut self.ahead)
    }

    fn add_lines(&mut self, work: Work<'_>, rows: &[FeeLine]) -> Result<(), Fault> {
        // The server numbers the lines. The person comes from the encounter; without one there is none, which the
        // column refuses.
        let sql = sql!(
            "INSERT INTO fee_line ({0}, psn_no)
             SELECT {0}, (SELECT psn_no FROM encounter WHERE encounter.mdtrt_id = new.mdtrt_id)
             FROM unnest({1}) AS new ({0})",
            FeeLine::list(),
            each(FeeLine::columns(), "@::%[]", ", ")
        );
        self.keep_back(work, sql, of_records(rows))
    }

    fn add_settlement(&mut self, row: &Settlement) -> Result<(), Fault> {
        let sums = sums(&row.accumulations);
        let sums = sums.iter().map(|((period, name), sum)| values![*period, *name, sum].into());
        let mut values: Vec<Value<'static>> = row.values().into_iter().map(Value::into_owned).collect();
        values.extend(of_records(&row.funds));
        values.extend(of_records(&row.accumulations));
        values.extend(as_columns(3, sums));
        values.extend(of_records(&row.postings));
        self.keep_back(("recording settlement", &row.setl_id), once!(String, settlement_whole()), values)
    }

    fn move_account(&mut self, entry: &JournalEntry, movement: &Movement) -> Result<(), Fault> {
        let number = entry.number();
        self.record((MOVING, &number), once!(String, account_moved()), movement.values_of(&number, entry.at).into())
    }
}

/// An account's row and its movement in one statement, which fails by itself where there is no account.
fn account_moved() -> String {
    let moved = Exactly::new("1", movement_from("paid")).or_fails;
    moved.replacen("WITH ", &format!("WITH paid AS ({BALANCE} RETURNING movements), "), 1)
}

/// A settlement with all rows that hang on it, in one statement. The totals come once each: a statement may not change
/// a row twice.
fn settlement_whole() -> String {
    let settlement = Settlement::table();
    let place = |column| format!("?{}", settlement.place_of(column));
    let (id, person, scheme) = (place("setl_id"), place("psn_no"), place("insutype"));
    let hanging = |table: &str, parent: &str, columns: &[Column], first: usize| {
        format!(
            "INSERT INTO {table} ({parent}, seq, psn_no, {list}) SELECT {id}, seq - 1, {person}, {list}
             FROM unnest({}) WITH ORDINALITY AS new ({list}, seq)",
            each_from(first, columns, "@::%[]", ", "),
            list = each(columns, "#", ", ")
        )
    };
    let first_share = settlement.columns.len() + 1;
    let first_added = first_share + FundShare::columns().len();
    let totals = first_added + Accumulation::columns().len();
    let shares = hanging("fund_share", "setl_id", FundShare::columns(), first_share);
    let added = hanging("accumulation", "setl_id", Accumulation::columns(), first_added);
    let first_posting = totals + 3;
    let postings = hanging("posting", "entry", Posting::columns(), first_posting);
    let journalled = format!(
        "INSERT INTO journal_entry ({}) SELECT {id}, '{}', {id}, {person}, {}
         WHERE cardinality(?{first_posting}::text[]) > 0",
        each(&JournalEntry::table().columns, "#", ", "),
        SourceKind::Settlement.word(),
        place("setl_time")
    );
    format!(
        "WITH settled AS ({}), shared AS ({shares}), added AS ({added}), totalled AS (
             INSERT INTO running_total (psn_no, period, insutype, name, opening, value)
             SELECT {person}, period, {scheme}, name, 0, value
             FROM unnest(?{totals}::text[], ?{}::text[], ?{}::bigint[]) AS new (period, name, value)
             {ADDED_TO_TOTAL}), journalled AS ({journalled})
         {postings}",
        settlement.insert.one,
        totals + 1,
        totals + 2
    )
}

fn step<'a>(question: &'a Question<'_>) -> Step<'a> {
    Step::Ask(question.sql, borrowed(question.values))
}

fn take((doing, key): Work<'_>, question: &mut Question<'_>, answer: Answer) -> Result<(), Fault> {
    let mut take = |row| (question.take)(&mut Columns::of_postgres(&row));
    answer.rows().into_iter().try_for_each(|row| take(row).map_err(|cause| Fault::new(doing, key, cause)))
}

/// The columns of records.
fn of_records<R: Record>(rows: &[R]) -> Vec<Value<'static>> {
    as_columns(R::columns().len(), rows.iter().map(Record::values))
}

/// Each column of many rows as a list; at least so many columns, where there are no rows.
fn as_columns<'row>(count: usize, rows: impl Iterator<Item = Vec<Value<'row>>>) -> Vec<Value<'static>> {
    let mut columns: Vec<Vec<Value<'static>>> = vec![Vec::new(); count];
    for row in rows {
        columns.resize(row.len(), Vec::new());
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value.into_owned());
        }
    }
    columns.into_iter().map(Value::List).collect()
}
