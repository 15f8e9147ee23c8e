//! The one writer of entries (台账唯一写入处): a clerk's, a message's, a run's and the platform's changes all come here.
//!
//! A change is a [`Deed`] and a new entry a [`Draft`], both of which only the table of steps makes. Invariant: each change is one
//! version and one event, which tells what the entry is from then on; with it what the entry claims is taken or given back and what
//! its step does to the books is done. Nothing else in this crate calls the store's writing methods for entries
//! (`tests/tidy/writer.rs`).

use crate::call::Stop;
use crate::facts::posting;
use crate::register::{Actor, lines};
use yibao_domain::code::Pool;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, Books, Deed, Draft, Entry, EntryLine, Event, Stated, claim_keys, field, telling};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::ledger::JournalEntry;
use yibao_store::register::Hold;

/// Whose hand a step is in: as people read it, and by the login that four eyes compare; none where nobody is signed in.
pub(crate) struct Hand {
    by: String,
    login: String,
}

impl From<&str> for Hand {
    fn from(by: &str) -> Hand {
        Hand { by: by.to_owned(), login: String::new() }
    }
}

impl From<&Actor> for Hand {
    fn from(by: &Actor) -> Hand {
        Hand { by: by.signature(), login: by.login.clone() }
    }
}

/// Records a new entry: its number, its claims, its first event, and the lines kept with it.
pub(crate) fn add(
    tx: &mut dyn Tx,
    pool: &Pool,
    by: impl Into<Hand>,
    draft: &Draft,
    lines: &[EntryLine],
) -> Result<Entry, Stop> {
    let keys = keys_of(draft.entry());
    refuse_taken(tx, draft.entry(), &keys, &[])?;
    let serial = tx.next_serial("register")?;
    let entry = draft.numbered(format!("TJ{pool}-{}-{serial:06}", draft.entry().taken_at.year()));
    tx.add_entry(&entry)?;
    for key in &keys {
        tx.take_claim(key, &entry.number)?;
    }
    if !lines.is_empty() {
        tx.put_entry_lines(&entry.number, lines)?;
    }
    let told = telling(None, &entry, with_remarks(draft.stated(), draft.remarks()));
    tell(tx, &entry, Action::Register, by.into(), entry.taken_at, told)?;
    Ok(entry)
}

/// Records a step: the entry as it is now, the event that says why, its claims, and what it does to the books.
pub(crate) fn take(tx: &mut dyn Tx, deed: &Deed, by: impl Into<Hand>, at: DateTime) -> Result<(), Stop> {
    if matches!(deed.action(), Action::Correct | Action::Discharge) {
        lines::must_stay_within(tx, deed.before(), deed.entry(), at)?;
    }
    let (held, keys) = (keys_of(deed.before()), keys_of(deed.entry()));
    refuse_taken(tx, deed.entry(), &keys, &held)?;
    if held != keys {
        tx.release_claims(&deed.entry().number)?;
        for key in &keys {
            tx.take_claim(key, &deed.entry().number)?;
        }
    }
    tx.update_entry(deed.entry())?;
    book(tx, deed, at)?;
    let fields = telling(Some(deed.before()), deed.entry(), with_remarks(deed.stated(), deed.remarks()));
    tell(tx, deed.entry(), deed.action(), by.into(), at, fields)
}

/// Does to the books what the step says. A settlement and its cancellation are recorded where they are decided.
fn book(tx: &mut dyn Tx, deed: &Deed, at: DateTime) -> Result<(), Stop> {
    let Entry { psn_no, number, fixmedins_code, version, .. } = deed.entry();
    match deed.books() {
        Books::Nothing | Books::Settlement | Books::Cancellation | Books::Refund => {}
        Books::Hold => {
            let (psn_no, number) = (psn_no.clone(), number.clone());
            tx.add_hold(&Hold { psn_no, number, since: at, until: None })?;
        }
        Books::Release => tx.end_hold(number, at)?,
        Books::Journal(source) => {
            let postings = posting::rows(&deed.booked(source)?, psn_no, fixmedins_code);
            let source_id = format!("{number}/{version}");
            tx.record_journal_entry(&JournalEntry { source, source_id, psn_no: psn_no.clone(), at }, &postings, &[])?;
        }
    }
    Ok(())
}

/// Records the step that replaces the lines kept with an entry.
pub(crate) fn put_lines(
    tx: &mut dyn Tx,
    deed: &Deed,
    lines: &[EntryLine],
    by: &Actor,
    at: DateTime,
) -> Result<(), Stop> {
    tx.put_entry_lines(&deed.entry().number, lines)?;
    take(tx, deed, by, at)
}

/// The number of another entry that has what this draft would claim, if any.
pub(crate) fn holder(tx: &mut dyn Tx, draft: &Draft) -> Result<Option<String>, Stop> {
    for key in keys_of(draft.entry()) {
        if let Some(number) = tx.claim_holder(&key)? {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// What an entry claims as it stands.
fn keys_of(entry: &Entry) -> Vec<String> {
    if entry.state.keeps_claim() { claim_keys(entry) } else { Vec::new() }
}

/// Refuses an entry one of whose keys, beside those it held, another one has.
fn refuse_taken(tx: &mut dyn Tx, entry: &Entry, keys: &[String], held: &[String]) -> Result<(), Stop> {
    for key in keys.iter().filter(|key| !held.contains(key)) {
        if let Some(holder) = tx.claim_holder(key)?
            && holder != entry.number
        {
            return Err(taken_by(&holder, key, entry).into());
        }
    }
    Ok(())
}

fn taken_by(holder: &str, key: &str, entry: &Entry) -> Refusal {
    let is_receipts = entry.receipt().and_then(|receipt| receipt.key()).is_some_and(|own| own == key);
    let text = if is_receipts {
        format!("发票号 {} 已登记在 {holder}；一张发票只能登记、报销一次，请核对发票号", entry.invono)
    } else {
        format!("同一事项已登记在 {holder}，不能重复登记或由两处报销；请在该台账上办理")
    };
    Refusal::new(Code::AlreadySettled, text)
}

fn with_remarks(stated: &Stated, remarks: &[String]) -> Stated {
    let mut fields = stated.clone();
    if !remarks.is_empty() {
        field::REMARK.put(&mut fields, &remarks.join("；"));
    }
    fields
}

fn tell(tx: &mut dyn Tx, entry: &Entry, action: Action, hand: Hand, at: DateTime, fields: Stated) -> Result<(), Stop> {
    let seq = tx.last_event(&entry.number)?.map_or(0, |last| last.seq) + 1;
    let Hand { by, login: actor } = hand;
    Ok(tx.add_event(&entry.number, &Event { seq, at, by, actor, action, state: entry.state, fields })?)
}
