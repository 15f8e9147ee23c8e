//! Which entry care is (台账对应), and what becomes of it when the care is settled.
//!
//! The entry is that of the same provider, person and day of care ([`candidates`]). Care without one gets one, so that the
//! closing sum counts it. What another route has taken is refused with that entry's number. Pure: who settles loads the
//! entries, asks here, and records what is decided. Invariant: a receipt is used once, however often and by whatever way care
//! is entered; what only looks the same is listed.

mod route;
mod which;

pub(super) use which::is_of_person;
pub use which::{Care, candidates, names_another_visit};

use super::{Action, Deed, Entry, Mark, Role, SamePaper, Source, Split, State, Stated, WorkTable, field};
use super::{Duplicate, keep_asked_as, must_be_decided};
use crate::money::Money;
use crate::outage::{Business, Population, Question, RegisterKind};
use crate::refusal::{Code, Refusal};
use crate::time::{DateTime, moment_text};
use route::{given_away, taken};
use which::{fits, may_be};

/// Who acts on an entry where a provider's message does.
pub const INTERFACE: &str = "国家接口";
/// What is wrong with a certificate that the person's attributes do not bear out.
const NOT_REGISTERED_POOR: &str = "凭纸质身份证明收治，补录核验时未标识为建档立卡脱贫人口，请核实证明";

/// A settlement of care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paid<'a> {
    /// Its number.
    pub setl_id: &'a str,
    /// How it splits the bill.
    pub split: Split,
    /// Insurance.
    pub insutype: &'a str,
    /// Kind of care.
    pub med_type: &'a str,
}

/// How care met an outage, as its settlement sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meeting {
    /// The plan's id.
    pub plan: String,
    /// The rule's id.
    pub rule: String,
    /// The register that keeps such care.
    pub kind: RegisterKind,
    /// The business that was closed.
    pub business: Business,
    /// The moment at which it counts among the person's settlements (`decisions` 7): visit or purchase, of a stay the
    /// discharge, at which it would have been settled.
    pub counts_at: DateTime,
    /// The deadline, where it has passed.
    pub late: Option<DateTime>,
    /// The stay was to become self-paying for the outage (B-02).
    pub converts: bool,
    /// What the records say of person and provider, as a plan is asked about the care: entries that are made of it keep it.
    pub asked: Question,
    /// Care met a window itself; else the person was only in hospital meanwhile, or only its entry says so.
    pub inside: bool,
}

impl Meeting {
    /// Whether the person was registered as poor on the day of care (2302), which a paper certificate may have said (B-11).
    pub fn is_registered_poor(&self) -> bool {
        self.asked.populations.contains(&Population::RegisteredPoor)
    }
}

/// Why care may not be settled here: its papers are with the agency, its receipt is another's, or one of its entries is
/// taken by another route or refused. `entries` are those that the care may be, `all` are the person's; `holder` is the
/// entry that has the receipt's claim right.
///
/// Papers that only look like it are no reason as long as they are not paid: those then wait until somebody has told the two
/// apart. What was paid cannot wait any more, so the care does: claimed papers or visits that look like it, a registered visit
/// that says the very same; and so does an entry that its own double has overtaken.
pub fn refused(care: &Care<'_>, entries: &[Entry], all: &[Entry], holder: Option<&Entry>) -> Option<Refusal> {
    let taken_by = |it: &Entry| taken(&it.number, it.state.name());
    let is_its_papers = |other: &&Entry| papers_about(other, care) == Duplicate::SameCare;
    let has_its_receipt = |other: &&Entry| has_its_receipt(other, entries, care);
    let elsewhere = || all.iter().find(|other| is_its_papers(other) || has_its_receipt(other));
    let receipt = || holder.filter(|it| !holds_rightly(it, all, care));
    let told_apart = entries.iter().any(Entry::is_told_apart);
    let looks_like_it = |other: &Entry| papers_about(other, care) == Duplicate::Suspected || is_visit_like(other, care);
    let may_be_paid = |other: &&Entry| {
        other.state == State::Reimbursed && looks_like_it(other) && !other.is_told_apart() && !told_apart
    };
    let own = all.iter().find(|entry| care.own == Some(entry.number.as_str()));
    let is_once_more = |other: &&Entry| entries.is_empty() && is_sent_once_more(other, care);
    let overtook = |other: &&Entry| own.is_some_and(|own| must_be_decided(own, other));
    let suspected =
        || all.iter().find(|other| may_be_paid(other) || is_once_more(other) || overtook(other)).map(paid_perhaps);
    let by_another_route = || entries.iter().find_map(|entry| refused_by(entry, care));
    elsewhere().or_else(receipt).map(taken_by).or_else(by_another_route).or_else(suspected)
}

/// Whether a visit of the day looks like this one by time or sum.
fn is_visit_like(other: &Entry, care: &Care<'_>) -> bool {
    let looks_like_it = care.began_with(other) || care.cost_as_much_as(other);
    !care.is_stay && fits(other, care) && may_be(other, care) && looks_like_it
}

/// Whether a visit that people registered is settled already at this minute and for this sum, under another number: it may
/// be the very care, which the hospital's own system sends once more.
fn is_sent_once_more(other: &Entry, care: &Care<'_>) -> bool {
    let was_registered = other.state == State::Settled && other.source != Source::Interface;
    let says_the_same = care.began_with(other) && care.cost_as_much_as(other) && care.compare(other).is_none();
    !care.is_stay
        && was_registered
        && fits(other, care)
        && other.mdtrt_id != care.mdtrt_id
        && says_the_same
        && !other.is_told_apart()
}

/// Why an entry of the care lets it not be settled; where no receipt says that it is this care, with what to do if it is not.
fn refused_by(entry: &Entry, care: &Care<'_>) -> Option<Refusal> {
    let is_claimed = matches!(entry.state, State::Reimbursing | State::Reimbursed);
    if is_claimed && !care.is_stay && care.compare(entry).is_none() {
        return Some(paid_perhaps(entry));
    }
    given_away(entry)
}

/// Whether papers at the agency are about this care. Another receipt may be another visit; a stay is one stay, where the
/// papers say that they are of one.
fn papers_about(papers: &Entry, care: &Care<'_>) -> Duplicate {
    let is_there = papers.kind == RegisterKind::Papers
        && is_of_person(papers, care)
        && papers.place() == care.fixmedins_code
        && papers.care_day() == Some(care.begun.date())
        && papers.state.keeps_claim();
    let is_of_stay = care.is_stay && field::CARE_ENDTIME.is_stated(papers);
    match care.compare(papers) {
        _ if !is_there => Duplicate::No,
        _ if is_of_stay => Duplicate::SameCare,
        Some(SamePaper::Yes) => Duplicate::SameCare,
        Some(SamePaper::No) if !care.is_stay => Duplicate::No,
        _ => Duplicate::Suspected,
    }
}

fn paid_perhaps(other: &Entry) -> Refusal {
    let (number, state) = (&other.number, other.state.name());
    let text = format!(
        "{number}（{state}）疑似为同一次就诊，核实以前不再结算；确为另一次就诊的，请在{number}上办“核实为另一次就诊”（收件登记由经办机构办）后再结算"
    );
    Refusal::new(Code::AlreadySettled, text)
}

/// Whether an entry of the person's that is not this care has its very receipt.
fn has_its_receipt(other: &Entry, entries: &[Entry], care: &Care<'_>) -> bool {
    let is_of_care = other.kind.is_settled() || other.kind == RegisterKind::Papers;
    let is_its_own = entries.iter().any(|entry| entry.number == other.number);
    is_of_care
        && !is_its_own
        && is_of_person(other, care)
        && other.state.keeps_claim()
        && care.compare(other) == Some(SamePaper::Yes)
}

/// Whether the entry that holds the receipt's claim right is this person's own at this provider.
fn holds_rightly(holder: &Entry, all: &[Entry], care: &Care<'_>) -> bool {
    let is_the_persons = holder.psn_no == care.psn_no || all.iter().any(|entry| entry.number == holder.number);
    holder.kind.is_settled() && is_the_persons && holder.fixmedins_code == care.fixmedins_code
}

fn is_conversion(entry: &Entry) -> bool {
    entry.kind == RegisterKind::StayConversion
}

/// The registers in which settled care still needs an entry: its own, and the list of those who were to be converted, without
/// which nobody converted it (B-02). What only waited for the reopening needs one where later care awaits its order.
pub fn missing(meeting: &Meeting, entries: &[Entry], awaits_order: bool) -> Vec<RegisterKind> {
    let mut missing = Vec::new();
    let keeps_the_mark = awaits_order && entries.is_empty() && !meeting.converts;
    if (meeting.inside || keeps_the_mark) && entries.iter().all(is_conversion) {
        missing.push(meeting.kind);
    }
    let listed = entries.iter().any(is_conversion) || missing.contains(&RegisterKind::StayConversion);
    if meeting.converts && !listed {
        missing.push(RegisterKind::StayConversion);
    }
    missing
}

/// The draft of an entry for care that nobody registered.
pub fn drafted(
    meeting: &Meeting,
    kind: RegisterKind,
    care: &Care<'_>,
    paid: &Paid<'_>,
    admdvs: &str,
    now: DateTime,
) -> Entry {
    let mut entry = Entry {
        plan: meeting.plan.clone(),
        rule: meeting.rule.clone(),
        fixmedins_code: care.fixmedins_code.to_owned(),
        admdvs: admdvs.to_owned(),
        psn_no: care.psn_no.to_owned(),
        mdtrt_id: care.mdtrt_id.to_owned(),
        care_until: care.ended,
        // Where the list stands beside another entry, that one has the receipt.
        invono: if kind == RegisterKind::StayConversion { "" } else { care.invono }.to_owned(),
        charged: care.charged,
        details: [field::INSUTYPE.with(paid.insutype), field::MED_TYPE.with(paid.med_type)].into(),
        ..Entry::draft(kind, meeting.business.clone(), care.begun, Source::Interface, INTERFACE, now)
    };
    keep_asked_as(&mut entry, &meeting.asked);
    entry
}

/// What the settlement's surroundings say that its entries keep.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Beside {
    /// Later care that was settled before it by other premises: settlement numbers.
    pub later: Vec<String>,
    /// What is to be looked at: days on which nothing but the bed was charged (P-25), an earlier leg that nobody knows (P-12).
    pub remarks: Vec<String>,
}

/// What becomes of the entries of care that is settled, each a step; nothing where the table does not let one settle.
pub fn settled(
    table: &WorkTable,
    meeting: &Meeting,
    care: &Care<'_>,
    paid: &Paid<'_>,
    entries: &[Entry],
    beside: &Beside,
    now: DateTime,
) -> Option<Vec<Deed>> {
    // A stay in two registers is refunded once.
    let refunded_elsewhere = entries.iter().any(|entry| !is_conversion(entry));
    let settle = |entry: &Entry| {
        let which = Which { entry, is_beside: is_conversion(entry) && refunded_elsewhere };
        settled_one(table, meeting, care, paid, &which, beside, now)
    };
    entries.iter().map(settle).collect()
}

/// One of the entries of care.
struct Which<'a> {
    entry: &'a Entry,
    /// Another one has what is refunded.
    is_beside: bool,
}

fn settled_one(
    table: &WorkTable,
    meeting: &Meeting,
    care: &Care<'_>,
    paid: &Paid<'_>,
    which: &Which<'_>,
    beside: &Beside,
    now: DateTime,
) -> Option<Deed> {
    let Which { entry: before, is_beside } = *which;
    let late = meeting.late.map(|due| format!("期限{}，于{}补录", moment_text(due), moment_text(now)));
    let fault = is_conversion(before) && before.state == State::Waiting;
    let doubted = before.rests_on_certificate() && !meeting.is_registered_poor();
    // A stay in two registers is marked once.
    let later = if is_beside { String::new() } else { beside.later.join("、") };
    let marks = [
        (Mark::Late, late),
        (Mark::Fault, fault.then(|| "停办时未转自费收治（差错）".to_owned())),
        (Mark::Certificate, Some(if doubted { NOT_REGISTERED_POOR.to_owned() } else { String::new() })),
        (Mark::LaterCare, Some(later)),
    ];
    let mut told = Stated::from([field::SETL_ID.with(paid.setl_id)]);
    let deed = Deed::of(table, before, Action::Settle, Role::Platform, |entry| {
        for (mark, text) in marks {
            let Some(text) = text else { continue };
            if !text.is_empty() {
                told.insert(mark.word().to_owned(), text.clone());
            }
            entry.mark(mark, text);
        }
        paid.setl_id.clone_into(&mut entry.setl_id);
        care.psn_no.clone_into(&mut entry.psn_no);
        care.mdtrt_id.clone_into(&mut entry.mdtrt_id);
        // What nobody stated when it was registered, the settlement knows.
        if entry.charged == Money::ZERO && !is_beside {
            entry.charged = care.charged;
        }
        entry.refunded = if is_beside { Money::ZERO } else { paid.split.refunded() };
        entry.put_split(Some(&paid.split).filter(|_| !is_beside));
        entry.reason.clear();
        entry.care_until = entry.care_until.or(care.ended);
        // The receipt is that of the entry which is refunded: no other one of the stay claims it.
        if entry.invono.is_empty() && !is_beside {
            care.invono.clone_into(&mut entry.invono);
        }
    })?;
    let mut deed = deed.telling(told);
    if !is_conversion(before) {
        deed.remarks.clone_from(&beside.remarks);
    }
    Some(deed)
}

/// The question to the agency about a certificate that the person's attributes do not bear out (B-11); nothing where the
/// entry is not in doubt or `asked` has the question already.
pub fn doubt(settled: &Entry, asked: &[Entry], by: &str, now: DateTime) -> Option<Entry> {
    let is_asked = asked.iter().any(|asked| asked.about() == settled.number);
    if settled.marked(Mark::Certificate).is_empty() || is_asked {
        return None;
    }
    let details = [
        (field::OF_ENTRY, settled.number.as_str()),
        (field::PSN_NAME, field::PSN_NAME.of(settled)),
        (field::SUBJECT, NOT_REGISTERED_POOR),
        (field::ASKED_BY, by),
        (field::TEL, field::TEL.of(settled)),
    ];
    let stated = details.into_iter().filter(|(_, value)| !value.is_empty());
    Some(Entry {
        details: stated.map(|(field, value)| field.with(value)).collect(),
        ..Entry::draft(RegisterKind::Escalation, settled.business.clone(), now, Source::Worklist, by, now)
            .beside(settled)
    })
}
