//! Lists entries in the order of care, a page at a time.

use crate::desks::registers::alike::Alike;
use crate::policies::Policies;
use crate::register::Actor;
use crate::register::problem::NotDone;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Bucket, Entry, State, due_among, field, is_overdue};
use yibao_domain::time::{DateTime, moment_text};
use yibao_domain::written::half_width;
use yibao_domain::written::name::says as says_name;
use yibao_domain::written::number::document_or_as_written;
use yibao_store::Tx;
use yibao_store::register::EntryFilter;

/// Entries read at a time while a list is searched.
const CHUNK: usize = 1_000;
/// Rows of a page, where nothing else is asked for.
const PAGE: usize = 50;

/// Which entries to list; what is `None`, empty or `false` selects all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListFilter {
    /// The plan's id.
    pub plan: Option<String>,
    /// The register.
    pub kind: Option<RegisterKind>,
    /// States.
    pub states: Vec<State>,
    /// All states of one part of the closing sum.
    pub bucket: Option<Bucket>,
    /// Only what should have been finished by now.
    pub overdue: bool,
    /// Only what waits for this step from whoever asks.
    pub step: Option<Action>,
    /// Only what is perhaps the same as another entry: what is marked so, and what is suggested beside it.
    pub doubles: bool,
    /// Only one provider's, for the agency.
    pub fixmedins_code: Option<String>,
    /// Part of the number, the name, the invoice, the matter, or the end of the document's number.
    pub text: String,
    /// The page: what the page before said under `next`; empty for the first.
    pub after: String,
    /// Rows of a page; 0: 50.
    pub rows: usize,
}

/// A row of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListRow {
    /// The entry.
    pub entry: Entry,
    /// Until when it is to be finished.
    pub due: DueAt,
    /// Whether it should have been finished by now.
    pub overdue: bool,
    /// Entries of the register that say much the same; only in a list of one register.
    pub alike: Vec<String>,
}

/// A page of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing {
    /// The page's rows, in the order of care.
    pub rows: Vec<ListRow>,
    /// How many there are on all pages.
    pub total: u64,
    /// What to ask for the next page; empty on the last.
    pub next: String,
}

/// One page of the entries that `by` may see.
pub(crate) fn list(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    filter: &ListFilter,
) -> Result<Listing, NotDone> {
    let after = match filter.after.as_str() {
        "" => None,
        page => Some(place(page).ok_or_else(|| NotDone::refused(Code::FieldShape, "页码无效；请从第一页重新查看"))?),
    };
    let most = if filter.rows == 0 { PAGE } else { filter.rows };
    let mut listing = Listing { rows: Vec::new(), total: 0, next: String::new() };
    let mut more = false;
    each(tx, policies, by, now, filter, &mut |row| {
        listing.total += 1;
        let here = (row.entry.care_from, row.entry.number.clone());
        if after.as_ref().is_some_and(|after| here <= *after) {
            return;
        }
        if listing.rows.len() < most {
            listing.rows.push(row);
        } else {
            more = true;
        }
    })?;
    if let Some(kind) = filter.kind
        && !filter.doubles
        && !listing.rows.is_empty()
    {
        let alike = Alike::of(tx, policies, by, kind, CHUNK)?;
        listing.rows.iter_mut().for_each(|row| row.alike = alike.to(&row.entry));
    }
    if more && let Some(last) = listing.rows.last() {
        listing.next = format!("{}|{}", moment_text(last.entry.care_from), last.entry.number);
    }
    Ok(listing)
}

fn place(page: &str) -> Option<(DateTime, String)> {
    let (moment_of_care, number) = page.split_once('|')?;
    Some((moment_of_care.parse().ok()?, number.to_owned()))
}

/// Goes through the entries that `by` may see, in the order of care.
pub(crate) fn each(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    filter: &ListFilter,
    see: &mut dyn FnMut(ListRow),
) -> Result<(), NotDone> {
    let plans = policies.plans();
    let mut states = filter.states.clone();
    if let Some(bucket) = filter.bucket {
        states.extend(policies.work.states.iter().copied().filter(|state| state.bucket() == bucket));
    }
    let own = by.role.keeps_to_its_own().then(|| by.fixmedins_code.clone());
    let mut stored = EntryFilter {
        plan: filter.plan.clone(),
        kind: filter.kind,
        states,
        fixmedins_code: own.or_else(|| filter.fixmedins_code.clone()),
        ..EntryFilter::default()
    };
    // What the list says of doubles is what it is filtered by.
    let alike = match filter.kind {
        Some(kind) if filter.doubles => Alike::of(tx, policies, by, kind, CHUNK)?,
        _ => Alike::default(),
    };
    loop {
        let entries = tx.entries(&stored, CHUNK)?;
        let Some(last) = entries.last() else { return Ok(()) };
        stored.after = Some((last.care_from, last.number.clone()));
        let is_last = entries.len() < CHUNK;
        for entry in entries {
            let waits = |step: Action| policies.work.next_step(&entry, by.role) == Some(step);
            let alike = alike.to(&entry);
            let is_double = entry.is_suspected() || !alike.is_empty();
            let is_left_out = !says(&entry, &filter.text) || (filter.doubles && !is_double);
            if is_left_out || !filter.step.is_none_or(waits) {
                continue;
            }
            let due = due_among(&plans, &policies.pool.pool, &entry, &policies.calendar);
            let overdue = is_overdue(&entry, due, now);
            if overdue || !filter.overdue {
                see(ListRow { entry, due, overdue, alike });
            }
        }
        if is_last {
            return Ok(());
        }
    }
}

fn says(entry: &Entry, text: &str) -> bool {
    let text = half_width(text);
    let number = document_or_as_written(&text);
    text.is_empty()
        || entry.number.contains(&text)
        || entry.invono.contains(&text)
        || says_name(field::SUBJECT.of(entry), &text)
        || says_name(field::PSN_NAME.of(entry), &text)
        || (!number.is_empty() && (entry.certno.to_uppercase().ends_with(&number) || entry.psn_no.ends_with(&number)))
}
