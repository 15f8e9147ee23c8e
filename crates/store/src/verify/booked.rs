//! What steps of registers have booked: each of them has its journal entry, which posts what the step stated; and each such
//! entry has its step.

use super::walk::{Texts, Walk};
use crate::fault::Fault;
use std::collections::{BTreeMap, HashMap};
use yibao_domain::ledger::{Account, Side, SourceKind};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Books, WorkTable, booking};

pub(super) const NAME: &str = "凭证：台账记账的每一步恰有一张凭证，分录为所填的金额，凭证都属于这样的一步";

const POSTED: &str = "SELECT entry, account, CAST(amount_fen AS text), '', '' FROM posting
                      WHERE entry IN (SELECT value FROM json_each(?1))";

/// Entries of what only steps book, without their step. Their source is the entry's number, `/` and the step's place in the history.
const STRAY: &str = "SELECT journal_entry.entry, coalesce(register_event.number, ''), '', '', ''
                     FROM journal_entry
                     LEFT JOIN register_event
                            ON register_event.number = rtrim(rtrim(source_id, '0123456789'), '/')
                           AND CAST(register_event.seq AS text)
                               = substr(source_id, length(rtrim(source_id, '0123456789')) + 1)
                     LEFT JOIN register_entry ON register_entry.number = register_event.number
                     WHERE source_kind IN (SELECT value FROM json_each(?1))
                       AND (register_event.number IS NULL
                            OR register_entry.psn_no IS DISTINCT FROM journal_entry.psn_no
                            OR register_event.happened_at <> journal_entry.recorded_at)
                     ORDER BY journal_entry.entry";

/// A step that somebody took.
pub(super) struct Taken<'a> {
    pub number: &'a str,
    pub kind: RegisterKind,
    pub seq: usize,
    pub action: Action,
    pub fields: &'a BTreeMap<String, String>,
}

/// Of the steps that book something, what is wrong with each; nothing where its entry is right.
pub(super) fn wrong<'a>(
    tx: &mut dyn Walk,
    work: &WorkTable,
    taken: impl Iterator<Item = Taken<'a>>,
) -> Result<Vec<Option<String>>, Fault> {
    let books = |step: &Taken<'_>| {
        let own = work.steps.iter().filter(|row| row.action == step.action && row.kinds.contains(&step.kind));
        own.into_iter().find_map(|row| match row.books {
            Books::Journal(source) => Some(source),
            _ => None,
        })
    };
    let booking_steps: Vec<(String, SourceKind, Taken<'a>)> = taken
        .filter_map(|step| {
            let source = books(&step)?;
            Some((source.entry_of(&format!("{}/{}", step.number, step.seq)), source, step))
        })
        .collect();
    if booking_steps.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<&str> = booking_steps.iter().map(|(key, ..)| key.as_str()).collect();
    let mut posted: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for [entry, account, fen, ..] in tx.texts(POSTED, &keys)? {
        posted.entry(entry).or_default().push((account, fen));
    }
    let judge = |(key, source, step): &(String, SourceKind, Taken<'_>)| {
        let mut has = posted.remove(key).unwrap_or_default();
        let mut wanted = stated(*source, step.fields)?;
        has.sort();
        wanted.sort();
        Some(has == wanted)
    };
    let judged: Vec<Option<bool>> = booking_steps.iter().map(judge).collect();
    let told = |(judged, (key, ..)): (Option<bool>, &(String, SourceKind, Taken<'_>))| {
        (judged != Some(true)).then(|| format!("{key}：没有凭证，或分录与这一步所填的金额不同"))
    };
    Ok(judged.into_iter().zip(&booking_steps).map(told).collect())
}

/// The postings that a step's statement gives; nothing where it gives none.
fn stated(source: SourceKind, fields: &BTreeMap<String, String>) -> Option<Vec<(String, String)>> {
    let journal = booking(source)?(fields).ok()?;
    let row = |posting: &yibao_domain::ledger::Posting| {
        let amount = if posting.side == Side::Debit { posting.amount } else { posting.amount.negated() };
        // Only accounts of the chart have no person or provider in their name.
        matches!(posting.account, Account::Chart(_)).then(|| (posting.account.name(), amount.as_fen().to_string()))
    };
    journal.postings().iter().map(row).collect()
}

/// Entries of what only steps book that have no such step, of its person and moment.
pub(super) fn strays(tx: &mut dyn Walk) -> Result<Vec<String>, Fault> {
    let sources = SourceKind::ALL.iter().filter(|source| booking(**source).is_some());
    let words: Vec<&str> = sources.map(|source| source.word()).collect();
    let rows = tx.texts(STRAY, &words)?;
    let told = |[entry, number, ..]: Texts| match number.as_str() {
        "" => format!("{entry}：没有记它的那一步"),
        _ => format!("{entry}：与记它的那一步人员或时间不同"),
    };
    Ok(rows.into_iter().map(told).collect())
}
