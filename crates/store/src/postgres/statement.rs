//! How the nouns' questions and records go to the server: questions that belong together in one round trip, records
//! kept back, many rows as a column an array each.

use super::line::{Answer, Step};
use super::transaction::{PostgresTx, borrowed, read_all};
use crate::ahead::Ahead;
use crate::encounter::FeeLine;
use crate::engine::{Engine, Exactly, Question, once};
use crate::fault::Fault;
use crate::ledger::Posting;
use crate::record::{Batch, Columns, Put, Read, Record, Table, arrays, names};
use crate::seam::Change;
use crate::settlement::{ADDED_TO_TOTAL, Accumulation, FundShare, Settlement, sums};
use crate::value::{Value, values};
use std::collections::HashMap;

impl Engine for PostgresTx<'_> {
    fn ask(&mut self, doing: &'static str, key: &str, questions: &mut [Question<'_>]) -> Result<(), Fault> {
        let steps: Vec<Step<'_>> =
            questions.iter().map(|question| Step::Ask(question.sql, borrowed(question.values))).collect();
        let answers = self.send(doing, key, &steps, false)?;
        for (question, answer) in questions.iter_mut().zip(answers) {
            for row in answer.rows() {
                (question.take)(&mut Columns::of_postgres(&row)).map_err(|cause| Fault::new(doing, key, cause))?;
            }
        }
        Ok(())
    }

    fn all<T>(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[Value<'_>],
        read: Read<T>,
    ) -> Result<Vec<T>, Fault> {
        let rows = self.send(doing, key, &[Step::Ask(sql, borrowed(values))], false)?.pop().map(Answer::rows);
        read_all(doing, key, &rows.unwrap_or_default(), read)
    }

    fn first<T>(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[Value<'_>],
        read: Read<T>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.all(doing, key, sql, values, read)?.into_iter().next())
    }

    fn record(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &'static str,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault> {
        self.keep_back(doing, key, sql, values.into_iter().map(Value::into_owned).collect())
    }

    fn change(
        &mut self,
        doing: &'static str,
        key: &str,
        _count: usize,
        change: &'static Exactly,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault> {
        self.record(doing, key, &change.or_fails, values)
    }

    fn record_all(
        &mut self,
        doing: &'static str,
        key: &str,
        batch: &'static Batch,
        rows: Vec<Vec<Value<'_>>>,
    ) -> Result<(), Fault> {
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(()) };
        self.keep_back(doing, key, &batch.many, as_columns(columns, rows))
    }

    fn run(&mut self, doing: &'static str, key: &str, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        let answers = self.change_now(doing, key, &[Step::Run(sql, borrowed(values))])?;
        Ok(answers.iter().map(Answer::count).sum())
    }

    fn run_returning<T>(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[Value<'_>],
        read: Read<T>,
    ) -> Result<Option<T>, Fault> {
        let rows = self.change_now(doing, key, &[Step::Ask(sql, borrowed(values))])?.pop().map(Answer::rows);
        Ok(read_all(doing, key, &rows.unwrap_or_default(), read)?.into_iter().next())
    }

    fn put(&mut self, doing: &'static str, key: &str, put: &Put, values: &[Value<'_>]) -> Result<Change, Fault> {
        let updated = put.updated.iter().map(|at| &values[*at] as _).collect();
        let steps = [Step::Run(&put.insert.one, borrowed(values)), Step::Run(&put.update.one, updated)];
        let changed: Vec<u64> = self.change_now(doing, key, &steps)?.iter().map(Answer::count).collect();
        Ok(match changed[..] {
            [1, _] => Change::Added,
            [_, 1] => Change::Updated,
            _ => Change::Unchanged,
        })
    }

    fn put_all<const KEY: usize>(
        &mut self,
        doing: &'static str,
        put: &Put,
        rows: Vec<Vec<Value<'_>>>,
    ) -> Result<Vec<Change>, Fault> {
        let key_of = |row: &Vec<Value<'_>>| -> Vec<String> { row[..KEY].iter().map(Value::text).collect() };
        let places: HashMap<Vec<String>, usize> = rows.iter().map(key_of).zip(0..).collect();
        if places.len() < rows.len() {
            // A statement stores a key once.
            return rows.iter().map(|row| self.put(doing, "", put, row)).collect();
        }
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(Vec::new()) };
        let columns = as_columns(columns, rows);
        let mut changes = vec![Change::Unchanged; places.len()];
        let read_key: Read<Vec<String>> = |row| (0..KEY).map(|_| row.take()).collect();
        let taken = put.updated.iter().map(|at| &columns[*at] as _).collect();
        let steps = [
            (Step::Ask(&put.insert.many, borrowed(&columns)), Change::Added),
            (Step::Ask(&put.update.many, taken), Change::Updated),
        ];
        for (step, change) in steps {
            let rows = self.change_now(doing, "", &[step])?.pop();
            for key in read_all(doing, "", &rows.map(Answer::rows).unwrap_or_default(), read_key)? {
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

    fn add_lines(&mut self, doing: &'static str, mdtrt_id: &str, rows: &[FeeLine]) -> Result<(), Fault> {
        // The server numbers the lines. The person comes from the encounter; without one there is none, which the
        // column refuses.
        let sql = once!(String, {
            let columns: Vec<_> = FeeLine::table().columns.iter().collect();
            let person = "(SELECT psn_no FROM encounter WHERE encounter.mdtrt_id = new.mdtrt_id)";
            format!(
                "INSERT INTO fee_line ({0}, psn_no) SELECT {0}, {person} FROM unnest({1}) AS new ({0})",
                names(&columns, ""),
                arrays(&columns, 1)
            )
        });
        self.keep_back(doing, mdtrt_id, sql, of_records(rows))
    }

    fn add_settlement(&mut self, row: &Settlement) -> Result<(), Fault> {
        let sums = sums(&row.accumulations);
        let sums = sums.iter().map(|((period, name), sum)| values![*period, *name, sum].into()).collect();
        let mut values: Vec<Value<'static>> = row.values().into_iter().map(Value::into_owned).collect();
        values.extend(of_records(&row.funds));
        values.extend(of_records(&row.accumulations));
        values.extend(as_columns(3, sums));
        values.extend(of_records(&row.postings));
        self.keep_back("recording settlement", &row.setl_id, once!(String, settlement_whole()), values)
    }
}

/// A settlement with all rows that hang on it, in one statement. The totals come once each: a statement may not change
/// a row twice.
fn settlement_whole() -> String {
    let settlement = Settlement::table();
    let place = |column| format!("?{}", settlement.place_of(column));
    let (id, person, scheme) = (place("setl_id"), place("psn_no"), place("insutype"));
    let hanging = |table: &Table, parent: &str, first: usize| {
        let columns: Vec<_> = table.columns.iter().collect();
        format!(
            "INSERT INTO {} ({parent}, seq, psn_no, {list}) SELECT {id}, seq - 1, {person}, {list}
             FROM unnest({}) WITH ORDINALITY AS new ({list}, seq)",
            table.name,
            arrays(&columns, first),
            list = names(&columns, "")
        )
    };
    let (shares, added, postings) = (FundShare::table(), Accumulation::table(), Posting::table());
    let first_share = settlement.columns.len() + 1;
    let first_added = first_share + shares.columns.len();
    let totals = first_added + added.columns.len();
    let shares = hanging(shares, "setl_id", first_share);
    let added = hanging(added, "setl_id", first_added);
    let postings = hanging(postings, "entry", totals + 3);
    format!(
        "WITH settled AS ({}), shared AS ({shares}), added AS ({added}), totalled AS (
             INSERT INTO running_total (psn_no, period, insutype, name, opening, value)
             SELECT {person}, period, {scheme}, name, 0, value
             FROM unnest(?{totals}::text[], ?{}::text[], ?{}::bigint[]) AS new (period, name, value)
             {ADDED_TO_TOTAL})
         {postings}",
        settlement.insert,
        totals + 1,
        totals + 2
    )
}

fn of_records<R: Record>(rows: &[R]) -> Vec<Value<'static>> {
    as_columns(R::table().columns.len(), rows.iter().map(Record::values).collect())
}

/// Each column of many rows as a list.
fn as_columns(count: usize, rows: Vec<Vec<Value<'_>>>) -> Vec<Value<'static>> {
    let mut columns: Vec<Vec<Value<'static>>> = (0..count).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value.into_owned());
        }
    }
    columns.into_iter().map(Value::List).collect()
}
