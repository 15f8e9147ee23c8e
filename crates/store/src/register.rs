//! The registers (台账) of an outage: entries with their history, lines and claim rights.

use crate::engine::{Engine, Selection, exactly, select};
use crate::fault::{Fault, masked};
use crate::record::{Record, record};
use crate::value::{Value, day_after, kept_as, values};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Entry, EntryLine, Event, State};
use yibao_domain::time::{Date, DateTime};

/// Fields as one JSON object, by name: the same text for the same fields.
pub(crate) fn fields_text(fields: &BTreeMap<String, String>) -> String {
    Json::Object(fields.iter().map(|(name, value)| (name.clone(), Json::String(value.clone()))).collect()).to_string()
}

/// What [`fields_text`] has written.
pub(crate) fn fields_of_text(text: &str) -> serde_json::Result<BTreeMap<String, String>> {
    serde_json::from_str(text)
}

kept_as! {
    BTreeMap<String, String> as String, "", |own| Value::Text(Cow::Owned(fields_text(own))),
        |text| Ok(fields_of_text(&text)?);
}

/// What an entry about nobody states: incidents, questions, an employer's papers.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are those of `Entry`")]
pub struct Statement {
    pub kind: RegisterKind,
    pub care_from: DateTime,
    pub details: BTreeMap<String, String>,
}

/// Which entries to list; a part that is `None` or empty selects all. Ranges are inclusive.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are those of `Entry`")]
pub struct EntryFilter {
    pub plan: Option<String>,
    pub kind: Option<RegisterKind>,
    pub states: Vec<State>,
    pub fixmedins_code: Option<String>,
    pub psn_no: Option<String>,
    pub mdtrt_id: Option<String>,
    pub setl_id: Option<String>,
    /// Entries about somebody of whom this document is all that is known.
    pub certno: Option<String>,
    pub care_day: Option<Date>,
    /// Entries whose details have this field.
    pub with_field: Option<&'static str>,
    /// The entry that they are about: of escalations and debtors' cases.
    pub of_entry: Option<String>,
    /// Entries about nobody that state exactly this.
    pub statement: Option<Statement>,
    /// Entries after this one in the order of care (`care_from`, `number`); for paging.
    pub after: Option<(DateTime, String)>,
}

/// How many entries stand where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryCount {
    /// Register.
    pub kind: RegisterKind,
    /// Business.
    pub business: Business,
    /// Provider; empty where the agency is responsible.
    pub fixmedins_code: String,
    /// State.
    pub state: State,
    /// How many.
    pub count: u64,
    /// What was charged.
    pub charged: Money,
    /// What was refunded.
    pub refunded: Money,
    /// How many of them are settled with a refund that nobody has signed for.
    pub to_hand_back: u64,
    /// What funds and account pay of those.
    pub to_hand_back_sum: Money,
}

/// A hold on a debtor's later benefits (P-26).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// The person.
    pub psn_no: String,
    /// The entry of the register that it comes from.
    pub number: String,
    /// From when.
    pub since: DateTime,
    /// Until when; `None` while it stands.
    pub until: Option<DateTime>,
}

/// Questions and records about registers.
pub trait Registers {
    /// Records a new entry; its number must be new.
    fn add_entry(&mut self, entry: &Entry) -> Result<(), Fault>;
    /// Records an entry's new state and fields. Its `version` is one more than the stored one, or nothing changes
    /// and that is a fault.
    fn update_entry(&mut self, entry: &Entry) -> Result<(), Fault>;
    /// One entry.
    fn entry(&mut self, number: &str) -> Result<Option<Entry>, Fault>;
    /// Entries of a selection in the order of care (`care_from`, then `number`), at most `limit`.
    fn entries(&mut self, filter: &EntryFilter, limit: usize) -> Result<Vec<Entry>, Fault>;
    /// How many entries of a selection there are, by register.
    fn count_by_kind(&mut self, filter: &EntryFilter) -> Result<Vec<(RegisterKind, u64)>, Fault>;
    /// The papers of a plan and business that came in first and still wait.
    fn first_papers(&mut self, plan: &str, business: &Business) -> Result<Option<Entry>, Fault>;
    /// Counts of a plan's entries by register, business, provider and state.
    fn count_entries(&mut self, plan: &str) -> Result<Vec<EntryCount>, Fault>;

    /// Adds to an entry's history; `seq` is the next one, or nothing changes and that is a fault.
    fn add_event(&mut self, number: &str, event: &Event) -> Result<(), Fault>;
    /// What happened to an entry last.
    fn last_event(&mut self, number: &str) -> Result<Option<Event>, Fault>;
    /// An entry's history, oldest first.
    fn history(&mut self, number: &str) -> Result<Vec<Event>, Fault>;

    /// The fee lines kept with an entry, in the order of recording.
    fn entry_lines(&mut self, number: &str) -> Result<Vec<EntryLine>, Fault>;
    /// Replaces the fee lines kept with an entry.
    fn put_entry_lines(&mut self, number: &str, lines: &[EntryLine]) -> Result<(), Fault>;

    /// Who holds a claim key.
    fn claim_holder(&mut self, key: &str) -> Result<Option<String>, Fault>;
    /// Takes a claim key for an entry, which is recorded already; one that is taken is a fault (ask [`Registers::claim_holder`] first).
    fn take_claim(&mut self, key: &str, number: &str) -> Result<(), Fault>;
    /// Gives an entry's claim keys back.
    fn release_claims(&mut self, number: &str) -> Result<(), Fault>;

    /// A person's holds, oldest first.
    fn holds(&mut self, psn_no: &str) -> Result<Vec<Hold>, Fault>;
    /// Begins a hold of an entry that holds nothing.
    fn add_hold(&mut self, hold: &Hold) -> Result<(), Fault>;
    /// Ends the hold of an entry, where one stands.
    fn end_hold(&mut self, number: &str, at: DateTime) -> Result<(), Fault>;
}

record! {
    Entry = "register_entry", "台账条目", key [number];
    fields {
        number, plan, rule, kind, business, fixmedins_code, admdvs, psn_no, certno, mdtrt_id, care_from, care_until,
        invono, charged, refunded, setl_id, state, reason, source, taken_at, taken_by, details, version,
    }
    sums { "台账收费合计（分）" = "charged_fen", "台账退付合计（分）" = "refunded_fen" }
}

record! {
    Event = "register_event", "台账操作记录", key [number, seq];
    given { number: String }
    fields { seq, at = "happened_at", by = "done_by", actor, action, state, fields }
}

record! {
    EntryLine = "register_line", "台账费用明细", key [number, seq];
    given { number: String, seq: i64 }
    fields {
        feedetl_sn, fee_ocur_time, med_list_codg, medins_list_codg, cnt, pric, det_item_fee_sumamt, hosp_appr_flag,
        init_feedetl_sn, prd_days,
    }
}

/// A claim right (报销权) that an entry has used up.
pub(crate) struct ClaimRight {
    claim_key: String,
    number: String,
}

record! {
    ClaimRight = "claim_right", "台账报销权", key [claim_key];
    fields { claim_key, number }
}

record! {
    Hold = "benefit_hold", "待遇暂停", key [number, since];
    fields { number, since, psn_no, until }
}

/// Values that a filter is bound by, beside its own.
struct Bounds {
    first_moment: Option<DateTime>,
    next_day: Option<DateTime>,
    with_field: Option<String>,
}

impl Bounds {
    fn of(filter: &EntryFilter) -> Bounds {
        Bounds {
            first_moment: filter.care_day.map(|day| day.at(0, 0, 0, 0)),
            next_day: filter.care_day.map(day_after),
            // As fields are written; within a value the quotes would be escaped.
            with_field: filter.with_field.map(|name| format!("%\"{name}\":%")),
        }
    }

    fn selection<'a>(&'a self, filter: &'a EntryFilter) -> Selection<'a> {
        let mut selection = Selection::default();
        // Where a narrower part is given, `+` keeps SQLite from going through the whole plan for the order's sake.
        let is_narrow = filter.fixmedins_code.is_some()
            || filter.psn_no.is_some()
            || filter.certno.is_some()
            || filter.statement.is_some()
            || filter.mdtrt_id.is_some()
            || filter.setl_id.is_some()
            || filter.of_entry.is_some();
        selection.add_some(if is_narrow { "+plan = ?" } else { "plan = ?" }, &filter.plan);
        selection.add_some("kind = ?", &filter.kind);
        if !filter.states.is_empty() {
            selection.add_values("state IN (SELECT value FROM json_each(?))", values![&filter.states]);
        }
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("psn_no = ?", &filter.psn_no);
        // In the words of the indexes' own conditions.
        selection.add_some("certno <> '' AND certno = ?", &filter.certno);
        if let Some(Statement { kind, care_from, details }) = &filter.statement {
            selection.add("psn_no = '' AND certno = ''");
            selection.add_values("(kind, care_from, details) = (?, ?, ?)", values![kind, care_from, details]);
        }
        selection.add_some("mdtrt_id = ?", &filter.mdtrt_id);
        selection.add_some("setl_id = ?", &filter.setl_id);
        selection.add_some("details LIKE ?", &self.with_field);
        selection.add_some("json_extract(details, '$.of_entry') = ?", &filter.of_entry);
        selection.add_some("care_from >= ?", &self.first_moment);
        selection.add_some("care_from < ?", &self.next_day);
        if let Some((care_from, number)) = &filter.after {
            selection.add_values("(care_from, number) > (?, ?)", values![care_from, number]);
        }
        selection
    }
}

impl<E: Engine> Registers for E {
    fn add_entry(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.add(("recording entry", &entry.number), entry)
    }

    fn update_entry(&mut self, entry: &Entry) -> Result<(), Fault> {
        // No row where the stored version is not the one before.
        let change =
            exactly!("1", "{} AND version + 1 = ?{}", Entry::table().update(), Entry::table().place_of("version"));
        self.change(("changing entry", &entry.number), 1, change, entry.values())
    }

    fn entry(&mut self, number: &str) -> Result<Option<Entry>, Fault> {
        self.first(("reading entry", number), select!(Entry, "WHERE number = ?1"), &values![number], Entry::read)
    }

    fn entries(&mut self, filter: &EntryFilter, limit: usize) -> Result<Vec<Entry>, Fault> {
        let bounds = Bounds::of(filter);
        let mut selection = bounds.selection(filter);
        let sql = selection.select::<Entry>("care_from, number", limit);
        self.all(("reading entries", ""), &sql, &selection.values, Entry::read)
    }

    fn count_by_kind(&mut self, filter: &EntryFilter) -> Result<Vec<(RegisterKind, u64)>, Fault> {
        let bounds = Bounds::of(filter);
        let selection = bounds.selection(filter);
        let sql =
            format!("SELECT kind, count(*) FROM register_entry {} GROUP BY kind ORDER BY kind", selection.clause());
        self.all(("counting entries", ""), &sql, &selection.values, |row| {
            Ok((row.take()?, row.take::<i64>()?.unsigned_abs()))
        })
    }

    fn first_papers(&mut self, plan: &str, business: &Business) -> Result<Option<Entry>, Fault> {
        // In the words of the index's own condition.
        let sql = select!(
            Entry,
            "WHERE kind = 'papers' AND state IN ('waiting', 'approved') AND plan = ?1 AND business = ?2
             ORDER BY taken_at, number LIMIT 1"
        );
        self.first(("looking for the first papers of plan", plan), sql, &values![plan, business], Entry::read)
    }

    fn count_entries(&mut self, plan: &str) -> Result<Vec<EntryCount>, Fault> {
        // Who has stated the lines alone is not settled yet: a settlement states what was charged.
        let sql = "SELECT kind, business, fixmedins_code, state, count(*),
                          CAST(sum(CASE WHEN charged_fen <> 0 OR state = 'settled' THEN charged_fen
                                        ELSE (SELECT coalesce(sum(det_item_fee_sumamt_fen), 0) FROM register_line
                                              WHERE register_line.number = register_entry.number) END) AS bigint),
                          CAST(sum(refunded_fen) AS bigint),
                          CAST(sum(CASE WHEN state = 'settled' AND refunded_fen > 0
                                             AND details NOT LIKE '%\"handed_back_at\":%' THEN 1 ELSE 0 END) AS bigint),
                          CAST(sum(CASE WHEN state = 'settled' AND refunded_fen > 0
                                             AND details NOT LIKE '%\"handed_back_at\":%' THEN refunded_fen ELSE 0 END)
                               AS bigint)
                   FROM register_entry WHERE plan = ?1
                   GROUP BY kind, state, business, fixmedins_code ORDER BY kind, business, fixmedins_code, state";
        self.all(("counting the entries of plan", plan), sql, &values![plan], |row| {
            Ok(EntryCount {
                kind: row.take()?,
                business: row.take()?,
                fixmedins_code: row.take()?,
                state: row.take()?,
                count: row.take::<i64>()?.unsigned_abs(),
                charged: row.take()?,
                refunded: row.take()?,
                to_hand_back: row.take::<i64>()?.unsigned_abs(),
                to_hand_back_sum: row.take()?,
            })
        })
    }

    fn add_event(&mut self, number: &str, event: &Event) -> Result<(), Fault> {
        let change = exactly!(
            "1",
            "{} WHERE ?2 = (SELECT coalesce(max(seq), 0) + 1 FROM register_event WHERE number = ?1)",
            Event::table().insert_selected()
        );
        let values = event.values_at(values![number]);
        self.change(("adding to the history of entry", number), 1, change, values)
    }

    fn last_event(&mut self, number: &str) -> Result<Option<Event>, Fault> {
        let sql = select!(Event, "WHERE number = ?1 ORDER BY seq DESC LIMIT 1");
        self.first(("reading what happened last to entry", number), sql, &values![number], Event::read)
    }

    fn history(&mut self, number: &str) -> Result<Vec<Event>, Fault> {
        let sql = select!(Event, "WHERE number = ?1 ORDER BY seq");
        self.all(("reading the history of entry", number), sql, &values![number], Event::read)
    }

    fn entry_lines(&mut self, number: &str) -> Result<Vec<EntryLine>, Fault> {
        let sql = select!(EntryLine, "WHERE number = ?1 ORDER BY seq");
        self.all(("reading the lines of entry", number), sql, &values![number], EntryLine::read)
    }

    fn put_entry_lines(&mut self, number: &str, lines: &[EntryLine]) -> Result<(), Fault> {
        const DOING: &str = "recording the lines of entry";
        let sql = "DELETE FROM register_line WHERE number = ?1";
        self.record((DOING, number), sql, values![number].into())?;
        let rows = (1_i64..).zip(lines).map(|(seq, line)| line.values_at(values![number, seq]));
        self.record_all((DOING, number), &EntryLine::table().insert, rows)
    }

    fn claim_holder(&mut self, key: &str) -> Result<Option<String>, Fault> {
        // The key may name a person and stays out of faults.
        let sql = "SELECT number FROM claim_right WHERE claim_key = ?1";
        self.first(("looking for the holder of a claim", ""), sql, &values![key], |row| row.take())
    }

    fn take_claim(&mut self, key: &str, number: &str) -> Result<(), Fault> {
        let insert = &ClaimRight::table().insert.one;
        self.record(("taking a claim for entry", number), insert, values![key, number].into())
    }

    fn release_claims(&mut self, number: &str) -> Result<(), Fault> {
        let sql = "DELETE FROM claim_right WHERE number = ?1";
        self.record(("giving back the claims of entry", number), sql, values![number].into())
    }

    fn holds(&mut self, psn_no: &str) -> Result<Vec<Hold>, Fault> {
        let sql = select!(Hold, "WHERE psn_no = ?1 ORDER BY since, number");
        self.all(("reading the holds on person", &masked(psn_no)), sql, &values![psn_no], Hold::read)
    }

    fn add_hold(&mut self, hold: &Hold) -> Result<(), Fault> {
        self.add(("beginning the hold of entry", &hold.number), hold)
    }

    fn end_hold(&mut self, number: &str, at: DateTime) -> Result<(), Fault> {
        let sql = "UPDATE benefit_hold SET until = ?2 WHERE number = ?1 AND until IS NULL";
        self.record(("ending the hold of entry", number), sql, values![number, at].into())
    }
}
