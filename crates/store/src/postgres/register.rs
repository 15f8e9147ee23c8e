//! Registers: entries with their history, lines, claim rights and holds.

use super::selection::{Selection, count, numbered};
use super::transaction::{PostgresTx, exactly};
use super::value::{Columns, Kept, Unreadable, column, kept};
use crate::fault::{Fault, masked};
use crate::register::{EntryCount, EntryFilter, Hold, Registers, entry_columns, fields_text};
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry, EntryLine, Event, Source, State};
use yibao_domain::time::DateTime;

fn read_entry(row: &mut Columns<'_>) -> Result<Entry, Unreadable> {
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
        care_from: row.take()?,
        care_until: row.take()?,
        invono: row.take()?,
        charged: row.fen()?,
        refunded: row.fen()?,
        setl_id: row.take()?,
        state: row.word(State::of_word)?,
        reason: row.take()?,
        source: row.word(Source::of_word)?,
        taken_at: row.take()?,
        taken_by: row.take()?,
        details: row.fields()?,
        version: row.take()?,
    })
}

fn read_event(row: &mut Columns<'_>) -> Result<Event, Unreadable> {
    Ok(Event {
        seq: row.take()?,
        at: row.take()?,
        by: row.take()?,
        action: row.word(Action::of_word)?,
        state: row.word(State::of_word)?,
        fields: row.fields()?,
    })
}

fn read_line(row: &mut Columns<'_>) -> Result<EntryLine, Unreadable> {
    Ok(EntryLine {
        feedetl_sn: row.take()?,
        fee_ocur_time: row.take()?,
        med_list_codg: row.take()?,
        medins_list_codg: row.take()?,
        cnt: row.take()?,
        pric: row.take()?,
        det_item_fee_sumamt: row.fen()?,
        hosp_appr_flag: row.take()?,
        init_feedetl_sn: row.take()?,
        prd_days: row.take()?,
    })
}

fn read_hold(row: &mut Columns<'_>) -> Result<Hold, Unreadable> {
    Ok(Hold { psn_no: row.take()?, number: row.take()?, since: row.take()?, until: row.take()? })
}

/// The values of [`entry_columns`].
macro_rules! entry_values {
    () => {
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23::bigint"
    };
}

const INSERT: &str = concat!("INSERT INTO register_entry (", entry_columns!(), ") VALUES (", entry_values!(), ")");

/// Fails where the stored version is not the one before.
const UPDATE: &str = exactly!(
    "1",
    concat!(
        "UPDATE register_entry SET (",
        entry_columns!(),
        ") = (",
        entry_values!(),
        ") WHERE number = $1 AND version = $23::bigint - 1"
    )
);

fn kept_entry(entry: &Entry) -> Vec<Kept> {
    kept![
        entry.number,
        entry.plan,
        entry.rule,
        *entry.kind.word(),
        *entry.business.as_str(),
        entry.fixmedins_code,
        entry.admdvs,
        entry.psn_no,
        entry.certno,
        entry.mdtrt_id,
        entry.care_from,
        entry.care_until,
        entry.invono,
        entry.charged,
        entry.refunded,
        entry.setl_id,
        *entry.state.word(),
        entry.reason,
        *entry.source.word(),
        entry.taken_at,
        entry.taken_by,
        fields_text(&entry.details),
        entry.version
    ]
}

impl Registers for PostgresTx<'_> {
    fn add_entry(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.record("recording entry", &entry.number, INSERT, kept_entry(entry))
    }

    fn update_entry(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.record("changing entry", &entry.number, UPDATE, kept_entry(entry))
    }

    fn entry(&mut self, number: &str) -> Result<Option<Entry>, Fault> {
        let sql = concat!("SELECT ", entry_columns!(), " FROM register_entry WHERE number = $1");
        self.first("reading entry", number, sql, &[&number], read_entry)
    }

    fn entries(&mut self, filter: &EntryFilter, limit: usize) -> Result<Vec<Entry>, Fault> {
        let kind = filter.kind.map(RegisterKind::word);
        let states: Vec<&str> = filter.states.iter().map(|state| state.word()).collect();
        let mut selection = Selection::default();
        selection.add_some("plan = ?", &filter.plan);
        selection.add_some("kind = ?", &kind);
        if !states.is_empty() {
            selection.add_value("state = ANY(?)", &states);
        }
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("psn_no = ?", &filter.psn_no);
        selection.add_some("mdtrt_id = ?", &filter.mdtrt_id);
        selection.add_some("setl_id = ?", &filter.setl_id);
        selection.add_some("care_from >= ?::date", &filter.care_day);
        selection.add_some("care_from < ?::date + 1", &filter.care_day);
        if let Some((care_from, number)) = &filter.after {
            selection.add_values("(care_from, number) > (?, ?)", &[care_from, number]);
        }
        let sql = numbered(&format!(
            concat!("SELECT ", entry_columns!(), " FROM register_entry {} ORDER BY care_from, number LIMIT ?"),
            selection.clause()
        ));
        self.all("reading entries", "", &sql, &selection.values(&[&count(limit)]), read_entry)
    }

    fn count_entries(&mut self, plan: &str) -> Result<Vec<EntryCount>, Fault> {
        let sql = "SELECT kind, business, fixmedins_code, state, count(*), sum(charged_fen)::bigint,
                          sum(refunded_fen)::bigint
                   FROM register_entry WHERE plan = $1
                   GROUP BY kind, state, business, fixmedins_code ORDER BY kind, business, fixmedins_code, state";
        self.all("counting the entries of plan", plan, sql, &[&plan], |row| {
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
        let sql = exactly!(
            "1",
            "INSERT INTO register_event (number, seq, happened_at, done_by, action, state, fields)
             SELECT $1::text, $2::bigint, $3::timestamp, $4::text, $5::text, $6::text, $7::text
             WHERE $2 = (SELECT coalesce(max(seq), 0) + 1 FROM register_event WHERE number = $1)"
        );
        let values = kept![
            *number,
            event.seq,
            event.at,
            event.by,
            *event.action.word(),
            *event.state.word(),
            fields_text(&event.fields)
        ];
        self.record("adding to the history of entry", number, sql, values)
    }

    fn history(&mut self, number: &str) -> Result<Vec<Event>, Fault> {
        let sql = "SELECT seq, happened_at, done_by, action, state, fields
                   FROM register_event WHERE number = $1 ORDER BY seq";
        self.all("reading the history of entry", number, sql, &[&number], read_event)
    }

    fn entry_lines(&mut self, number: &str) -> Result<Vec<EntryLine>, Fault> {
        let sql =
            "SELECT feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg, cnt, pric, det_item_fee_sumamt_fen,
                          hosp_appr_flag, init_feedetl_sn, prd_days
                   FROM register_line WHERE number = $1 ORDER BY seq";
        self.all("reading the lines of entry", number, sql, &[&number], read_line)
    }

    fn put_entry_lines(&mut self, number: &str, lines: &[EntryLine]) -> Result<(), Fault> {
        const DOING: &str = "recording the lines of entry";
        self.record(DOING, number, "DELETE FROM register_line WHERE number = $1", kept![*number])?;
        let sql = "INSERT INTO register_line (number, seq, feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg,
                                              cnt, pric, det_item_fee_sumamt_fen, hosp_appr_flag,
                                              init_feedetl_sn, prd_days)
                   SELECT $1, seq, feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg, cnt, pric,
                          det_item_fee_sumamt_fen, hosp_appr_flag, init_feedetl_sn, prd_days
                   FROM unnest($2::text[], $3::timestamp[], $4::text[], $5::text[], $6::numeric[], $7::numeric[],
                               $8::bigint[], $9::text[], $10::text[], $11::text[]) WITH ORDINALITY
                        AS line (feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg, cnt, pric,
                                 det_item_fee_sumamt_fen, hosp_appr_flag, init_feedetl_sn, prd_days, seq)";
        let values = vec![
            Box::new(number.to_owned()) as Kept,
            column(lines, |line| &line.feedetl_sn),
            column(lines, |line| &line.fee_ocur_time),
            column(lines, |line| &line.med_list_codg),
            column(lines, |line| &line.medins_list_codg),
            column(lines, |line| &line.cnt),
            column(lines, |line| &line.pric),
            column(lines, |line| &line.det_item_fee_sumamt),
            column(lines, |line| &line.hosp_appr_flag),
            column(lines, |line| &line.init_feedetl_sn),
            column(lines, |line| &line.prd_days),
        ];
        self.record(DOING, number, sql, values)
    }

    fn claim_holder(&mut self, key: &str) -> Result<Option<String>, Fault> {
        // The key may name a person and stays out of faults.
        let sql = "SELECT number FROM claim_right WHERE claim_key = $1";
        self.first("looking for the holder of a claim", "", sql, &[&key], |row| row.take())
    }

    fn take_claim(&mut self, key: &str, number: &str) -> Result<(), Fault> {
        let sql = "INSERT INTO claim_right (claim_key, number) VALUES ($1, $2)";
        self.record("taking a claim for entry", number, sql, kept![*key, *number])
    }

    fn release_claims(&mut self, number: &str) -> Result<(), Fault> {
        let sql = "DELETE FROM claim_right WHERE number = $1";
        self.record("giving back the claims of entry", number, sql, kept![*number])
    }

    fn holds(&mut self, psn_no: &str) -> Result<Vec<Hold>, Fault> {
        let sql = "SELECT psn_no, number, since, until FROM benefit_hold WHERE psn_no = $1 ORDER BY since, number";
        self.all("reading the holds on person", &masked(psn_no), sql, &[&psn_no], read_hold)
    }

    fn add_hold(&mut self, hold: &Hold) -> Result<(), Fault> {
        let sql = "INSERT INTO benefit_hold (number, since, psn_no, until) VALUES ($1, $2, $3, $4)";
        let values = kept![hold.number, hold.since, hold.psn_no, hold.until];
        self.record("beginning the hold of entry", &hold.number, sql, values)
    }

    fn end_hold(&mut self, number: &str, at: DateTime) -> Result<(), Fault> {
        let sql = "UPDATE benefit_hold SET until = $2 WHERE number = $1 AND until IS NULL";
        self.record("ending the hold of entry", number, sql, kept![*number, at])
    }
}
