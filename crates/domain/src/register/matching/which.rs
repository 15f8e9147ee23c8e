//! Which entry care is, of those of the person (是哪一笔台账).
//!
//! Of several visits of a day the receipt tells, else the visit that an entry names, the minute and the sum. What is settled
//! was another visit, or another batch, unless the receipt says that it was this.

use super::route::given_away;
use crate::money::Money;
use crate::outage::RegisterKind;
use crate::register::double::same_minute;
use crate::register::{Entry, Receipt, SamePaper, State};
use crate::time::DateTime;

/// Care that is settled, as the registers see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Care<'a> {
    /// The person.
    pub psn_no: &'a str,
    /// The provider.
    pub fixmedins_code: &'a str,
    /// The visit or stay at the platform.
    pub mdtrt_id: &'a str,
    /// A stay, not a visit or purchase.
    pub is_stay: bool,
    /// Visit, purchase or admission.
    pub begun: DateTime,
    /// Discharge, where it is known.
    pub ended: Option<DateTime>,
    /// The number of the provider's receipt; empty where none is told.
    pub invono: &'a str,
    /// What it has cost.
    pub charged: Money,
    /// The entry whose own backfill settles it, where that is how it comes.
    pub own: Option<&'a str>,
    /// The standing settlement that is made anew, where that is how it comes.
    pub redoes: Option<&'a str>,
}

impl Care<'_> {
    /// The receipt that it was charged with, if any is told.
    pub fn receipt(&self) -> Option<Receipt<'_>> {
        let stated = Receipt { provider: self.fixmedins_code, code: "", number: self.invono };
        (!self.invono.is_empty()).then_some(stated)
    }

    /// How an entry's receipt compares with this care's; nothing where one of them is not told.
    pub(super) fn compare(&self, entry: &Entry) -> Option<SamePaper> {
        Some(entry.receipt()?.compare(&self.receipt()?))
    }

    /// Whether it is that of a settlement which the entry has.
    fn is_made_anew(&self, entry: &Entry) -> bool {
        !entry.setl_id.is_empty() && self.redoes == Some(entry.setl_id.as_str())
    }

    fn is_named_by(&self, entry: &Entry) -> bool {
        !entry.mdtrt_id.is_empty() && entry.mdtrt_id == self.mdtrt_id
    }

    pub(super) fn began_with(&self, entry: &Entry) -> bool {
        same_minute(entry.care_from, self.begun)
    }

    pub(super) fn cost_as_much_as(&self, entry: &Entry) -> bool {
        entry.charged == self.charged && self.charged > Money::ZERO
    }
}

/// The entries, of those of the person, known by number or by document, that care may be: those of a stay, or the one of a
/// visit. `surely` leaves out what only the day suggests.
pub fn candidates(entries: Vec<Entry>, care: &Care<'_>, surely: bool) -> Vec<Entry> {
    let candidates: Vec<Entry> = entries.into_iter().filter(|entry| fits(entry, care)).collect();
    if care.is_stay {
        return candidates;
    }
    the_one(&candidates, care, surely).cloned().into_iter().collect()
}

/// Whether an entry can be this care: of the same person, provider and day, in a register of such care, and neither withdrawn
/// nor done without a settlement (the list of those to be converted has nothing left to do with who went home before).
pub(super) fn fits(entry: &Entry, care: &Care<'_>) -> bool {
    let is_such_care = match care.is_stay {
        true => entry.kind.is_stay() && !names_another(entry, care),
        false => entry.kind == RegisterKind::CashVisit,
    };
    is_such_care
        && is_of_person(entry, care)
        && entry.fixmedins_code == care.fixmedins_code
        && entry.care_from.date() == care.begun.date()
        && !matches!(entry.state, State::Withdrawn | State::Done)
}

/// Whether an entry names another visit or stay at the platform than this one.
fn names_another(entry: &Entry, care: &Care<'_>) -> bool {
    !entry.mdtrt_id.is_empty() && entry.mdtrt_id != care.mdtrt_id
}

/// Whether an entry that could be this visit names another one, and is that one's as long as it stands.
pub fn names_another_visit(entry: &Entry, care: &Care<'_>) -> bool {
    !care.is_stay && fits(entry, care) && entry.state != State::Settled && names_another(entry, care)
}

/// Whether an entry of those of the person says no other number: who was known by document alone when it came in has none.
pub(in crate::register) fn is_of_person(entry: &Entry, care: &Care<'_>) -> bool {
    entry.psn_no.is_empty() || entry.psn_no == care.psn_no
}

/// Something that tells an open entry to be this visit where no receipts do.
type Sign = fn(&Care<'_>, &Entry) -> bool;
/// What tells it surely, the surest first.
const SURE: [Sign; 3] = [
    |care, entry| care.is_named_by(entry) && care.cost_as_much_as(entry),
    |care, entry| care.is_named_by(entry),
    |care, entry| care.began_with(entry) && care.cost_as_much_as(entry),
];
/// What tells it where nothing else does.
const LIKELY: [Sign; 2] = [|care, entry| care.began_with(entry), |care, entry| care.cost_as_much_as(entry)];

/// Of several visits of a day, the one that is meant: the one that is being backfilled or made anew, else by receipt, else by
/// what tells it among those that nobody has settled. Where nothing does, the only open one of the day that tells no sum.
fn the_one<'a>(candidates: &'a [Entry], care: &Care<'_>, surely: bool) -> Option<&'a Entry> {
    let is_own = |entry: &&Entry| care.own == Some(entry.number.as_str()) || care.is_made_anew(entry);
    let is_its_receipt = |entry: &&Entry| care.compare(entry) == Some(SamePaper::Yes);
    if let Some(found) = candidates.iter().find(is_own).or_else(|| candidates.iter().find(is_its_receipt)) {
        return Some(found);
    }
    let (open, elsewhere): (Vec<&Entry>, Vec<&Entry>) =
        candidates.iter().filter(|entry| may_be(entry, care)).partition(|entry| given_away(entry).is_none());
    let told = |signs: &[Sign]| signs.iter().find_map(|sign| open.iter().copied().find(|entry| sign(care, entry)));
    let gone = || elsewhere.iter().copied().find(|entry| is_registered_as(entry, care));
    let only = || {
        let mut waiting = open.iter().copied().filter(|entry| !entry.state.is_final());
        let first = waiting.next().filter(|entry| entry.charged == Money::ZERO && !surely)?;
        waiting.next().is_none().then_some(first)
    };
    told(&SURE).or_else(gone).or_else(|| told(&LIKELY)).or_else(only)
}

/// Whether a visit of the day may be this one though no receipt says so: it names no other one, and no settlement has taken it.
pub(super) fn may_be(entry: &Entry, care: &Care<'_>) -> bool {
    care.compare(entry).is_none() && !names_another(entry, care) && entry.state != State::Settled
}

/// Whether a visit that another route has is surely this one as it was registered, and nobody says that it is another.
fn is_registered_as(entry: &Entry, care: &Care<'_>) -> bool {
    let is_then = care.is_named_by(entry) || care.began_with(entry);
    let contradicts = entry.charged > Money::ZERO && !care.cost_as_much_as(entry);
    is_then && !contradicts && !entry.is_told_apart()
}
