//! Registers: entries with their history, lines, claim rights and holds.

use super::SqliteTx;
use super::statement::{Selection, count};
use super::value::{Columns, Day, Fen, Moment, Number};
use crate::fault::{Fault, masked};
use crate::register::{EntryCount, EntryFilter, Hold, Registers, entry_columns, fields_text};
use rusqlite::params;
use serde_json::Value as Json;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry, EntryLine, Event, Source, State};
use yibao_domain::time::DateTime;

fn read_entry(row: &mut Columns<'_, '_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        number: row.take()?,
        plan: row.take()?,
        rule: row.take()?,
        kind: row.word(RegisterKind::of_word)?,
        business: row.word(Business::new)?,
        fixmedins_code: row.take()?,
        admdvs: row.take()?,
        psn_no: row.take()?,
        certno: row.take()?,
        mdtrt_id: row.take()?,
        care_from: row.moment()?,
        care_until: row.some_moment()?,
        invono: row.take()?,
        charged: row.fen()?,
        refunded: row.fen()?,
        setl_id: row.take()?,
        state: row.word(State::of_word)?,
        reason: row.take()?,
        source: row.word(Source::of_word)?,
        taken_at: row.moment()?,
        taken_by: row.take()?,
        details: row.fields()?,
        version: row.take()?,
    })
}

fn read_event(row: &mut Columns<'_, '_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: row.take()?,
        at: row.moment()?,
        by: row.take()?,
        action: row.word(Action::of_word)?,
        state: row.word(State::of_word)?,
        fields: row.fields()?,
    })
}

fn read_line(row: &mut Columns<'_, '_>) -> rusqlite::Result<EntryLine> {
    Ok(EntryLine {
        feedetl_sn: row.take()?,
        fee_ocur_time: row.moment()?,
        med_list_codg: row.take()?,
        medins_list_codg: row.take()?,
        cnt: row.number()?,
        pric: row.number()?,
        det_item_fee_sumamt: row.fen()?,
        hosp_appr_flag: row.take()?,
        init_feedetl_sn: row.take()?,
        prd_days: row.take()?,
    })
}

fn read_hold(row: &mut Columns<'_, '_>) -> rusqlite::Result<Hold> {
    Ok(Hold { psn_no: row.take()?, number: row.take()?, since: row.moment()?, until: row.some_moment()? })
}

const INSERT: &str = concat!(
    "INSERT INTO register_entry (",
    entry_columns!(),
    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
               ?23)"
);

/// No row where the stored version is not the one before.
const UPDATE: &str = concat!(
    "UPDATE register_entry SET (",
    entry_columns!(),
    ") = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
     WHERE number = ?1 AND version = ?23 - 1"
);

impl SqliteTx<'_> {
    fn write_entry(&self, doing: &'static str, sql: &str, entry: &Entry) -> Result<(), Fault> {
        let values = params![
            entry.number,
            entry.plan,
            entry.rule,
            entry.kind.word(),
            entry.business.as_str(),
            entry.fixmedins_code,
            entry.admdvs,
            entry.psn_no,
            entry.certno,
            entry.mdtrt_id,
            Moment(entry.care_from),
            entry.care_until.map(Moment),
            entry.invono,
            Fen(entry.charged),
            Fen(entry.refunded),
            entry.setl_id,
            entry.state.word(),
            entry.reason,
            entry.source.word(),
            Moment(entry.taken_at),
            entry.taken_by,
            fields_text(&entry.details),
            entry.version
        ];
        self.run_on_one(doing, &entry.number, sql, values)
    }
}

impl Registers for SqliteTx<'_> {
    fn add_entry(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.write_entry("recording entry", INSERT, entry)
    }

    fn update_entry(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.write_entry("changing entry", UPDATE, entry)
    }

    fn entry(&mut self, number: &str) -> Result<Option<Entry>, Fault> {
        let sql = concat!("SELECT ", entry_columns!(), " FROM register_entry WHERE number = ?1");
        self.first("reading entry", number, sql, params![number], read_entry)
    }

    fn entries(&mut self, filter: &EntryFilter, limit: usize) -> Result<Vec<Entry>, Fault> {
        let kind = filter.kind.map(RegisterKind::word);
        let states = Json::from_iter(filter.states.iter().map(|state| state.word())).to_string();
        let care_day = filter.care_day.map(Day);
        let after = filter.after.as_ref().map(|(care_from, number)| (Moment(*care_from), number));
        let mut selection = Selection::default();
        // Where a narrower part is given, `+` keeps the engine from going through the whole plan for the order's sake.
        let is_narrow = filter.fixmedins_code.is_some()
            || filter.psn_no.is_some()
            || filter.mdtrt_id.is_some()
            || filter.setl_id.is_some();
        selection.add_some(if is_narrow { "+plan = ?" } else { "plan = ?" }, &filter.plan);
        selection.add_some("kind = ?", &kind);
        if !filter.states.is_empty() {
            selection.add_value("state IN (SELECT value FROM json_each(?))", &states);
        }
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("psn_no = ?", &filter.psn_no);
        selection.add_some("mdtrt_id = ?", &filter.mdtrt_id);
        selection.add_some("setl_id = ?", &filter.setl_id);
        selection.add_some("care_from >= ?", &care_day);
        selection.add_some("care_from < date(?, '+1 day')", &care_day);
        if let Some((care_from, number)) = &after {
            selection.add_values("(care_from, number) > (?, ?)", &[care_from, number]);
        }
        let sql = format!(
            concat!("SELECT ", entry_columns!(), " FROM register_entry {} ORDER BY care_from, number LIMIT ?"),
            selection.clause()
        );
        self.all("reading entries", "", &sql, &selection.values(&[&count(limit)]), read_entry)
    }

    fn count_entries(&mut self, plan: &str) -> Result<Vec<EntryCount>, Fault> {
        let sql = "SELECT kind, business, fixmedins_code, state, count(*), sum(charged_fen), sum(refunded_fen)
                   FROM register_entry WHERE plan = ?1
                   GROUP BY kind, state, business, fixmedins_code ORDER BY kind, business, fixmedins_code, state";
        self.all("counting the entries of plan", plan, sql, params![plan], |row| {
            Ok(EntryCount {
                kind: row.word(RegisterKind::of_word)?,
                business: row.word(Business::new)?,
                fixmedins_code: row.take()?,
                state: row.word(State::of_word)?,
                count: row.take::<i64>()?.unsigned_abs(),
                charged: row.fen()?,
                refunded: row.fen()?,
            })
        })
    }

    fn add_event(&mut self, number: &str, event: &Event) -> Result<(), Fault> {
        let sql = "INSERT INTO register_event (number, seq, happened_at, done_by, action, state, fields)
                   SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                   WHERE ?2 = (SELECT coalesce(max(seq), 0) + 1 FROM register_event WHERE number = ?1)";
        let values = params![
            number,
            event.seq,
            Moment(event.at),
            event.by,
            event.action.word(),
            event.state.word(),
            fields_text(&event.fields)
        ];
        self.run_on_one("adding to the history of entry", number, sql, values)
    }

    fn history(&mut self, number: &str) -> Result<Vec<Event>, Fault> {
        let sql = "SELECT seq, happened_at, done_by, action, state, fields
                   FROM register_event WHERE number = ?1 ORDER BY seq";
        self.all("reading the history of entry", number, sql, params![number], read_event)
    }

    fn entry_lines(&mut self, number: &str) -> Result<Vec<EntryLine>, Fault> {
        let sql =
            "SELECT feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg, cnt, pric, det_item_fee_sumamt_fen,
                          hosp_appr_flag, init_feedetl_sn, prd_days
                   FROM register_line WHERE number = ?1 ORDER BY seq";
        self.all("reading the lines of entry", number, sql, params![number], read_line)
    }

    fn put_entry_lines(&mut self, number: &str, lines: &[EntryLine]) -> Result<(), Fault> {
        const DOING: &str = "recording the lines of entry";
        self.run(DOING, number, "DELETE FROM register_line WHERE number = ?1", params![number])?;
        let sql = "INSERT INTO register_line (number, seq, feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg,
                                              cnt, pric, det_item_fee_sumamt_fen, hosp_appr_flag,
                                              init_feedetl_sn, prd_days)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        for (seq, line) in (1_i64..).zip(lines) {
            let values = params![
                number,
                seq,
                line.feedetl_sn,
                Moment(line.fee_ocur_time),
                line.med_list_codg,
                line.medins_list_codg,
                Number(line.cnt),
                Number(line.pric),
                Fen(line.det_item_fee_sumamt),
                line.hosp_appr_flag,
                line.init_feedetl_sn,
                line.prd_days
            ];
            self.run_on_one(DOING, number, sql, values)?;
        }
        Ok(())
    }

    fn claim_holder(&mut self, key: &str) -> Result<Option<String>, Fault> {
        // The key may name a person and stays out of faults.
        let sql = "SELECT number FROM claim_right WHERE claim_key = ?1";
        self.first("looking for the holder of a claim", "", sql, params![key], |row| row.take())
    }

    fn take_claim(&mut self, key: &str, number: &str) -> Result<(), Fault> {
        let sql = "INSERT INTO claim_right (claim_key, number) VALUES (?1, ?2)";
        self.run_on_one("taking a claim for entry", number, sql, params![key, number])
    }

    fn release_claims(&mut self, number: &str) -> Result<(), Fault> {
        let sql = "DELETE FROM claim_right WHERE number = ?1";
        self.run("giving back the claims of entry", number, sql, params![number]).map(drop)
    }

    fn holds(&mut self, psn_no: &str) -> Result<Vec<Hold>, Fault> {
        let sql = "SELECT psn_no, number, since, until FROM benefit_hold WHERE psn_no = ?1 ORDER BY since, number";
        self.all("reading the holds on person", &masked(psn_no), sql, params![psn_no], read_hold)
    }

    fn add_hold(&mut self, hold: &Hold) -> Result<(), Fault> {
        let sql = "INSERT INTO benefit_hold (number, since, psn_no, until) VALUES (?1, ?2, ?3, ?4)";
        let values = params![hold.number, Moment(hold.since), hold.psn_no, hold.until.map(Moment)];
        self.run_on_one("beginning the hold of entry", &hold.number, sql, values)
    }

    fn end_hold(&mut self, number: &str, at: DateTime) -> Result<(), Fault> {
        let sql = "UPDATE benefit_hold SET until = ?2 WHERE number = ?1 AND until IS NULL";
        self.run("ending the hold of entry", number, sql, params![number, Moment(at)]).map(drop)
    }
}
