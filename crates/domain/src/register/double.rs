//! Care that is or may be the same (同一次就诊、疑似重复): what two entries, or an entry and a settlement, have in common.
//!
//! What is certain is refused: the key of a receipt by issuer and number, of a stay by person, hospital and day. What only looks
//! the same (person, provider, time, sum) is taken in and listed, and people decide; until they have, it is not paid where
//! nothing tells the two apart. Invariant: nothing is refused by suspicion but to be paid a second time.

use super::{Entry, Mark, Receipt, SamePaper, State, claim_keys, field};
use crate::money::Money;
use crate::outage::RegisterKind;
use crate::time::DateTime;

/// How likely two entries are the same care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duplicate {
    /// Different care.
    No,
    /// The very same statement, sent again: nothing is added.
    SentAgain,
    /// The same care: they have a claim key in common.
    SameCare,
    /// Perhaps the same care: taken in, listed, and for people to decide.
    Suspected,
}

/// Whether a new entry is the same care as one that stands. One receipt is one visit, one person's stay from one day is one stay.
///
/// Papers about a visit are compared with cash visits at that provider on that day, whatever their business is called, and
/// those that leave the discharge out with a stay from that day: nobody is refunded at the hospital and again at the agency.
pub fn duplicate_of(new: &Entry, standing: &Entry) -> Duplicate {
    if !is_one_person(new, standing) {
        return Duplicate::No;
    }
    if says_the_same(new, standing) {
        return Duplicate::SentAgain;
    }
    if !standing.state.keeps_claim() {
        return Duplicate::No;
    }
    if shares_a_key(new, standing) {
        return Duplicate::SameCare;
    }
    // What was paid alone is claimed beside what was settled or refunded, with the same receipt.
    if new.is_of_self_pay() || standing.is_of_self_pay() {
        return Duplicate::No;
    }
    let papers = compare(new.receipt(), standing.receipt());
    let same_day = new.place() == standing.place() && new.care_from.date() == standing.care_from.date();
    if same_day && (is_papers_of_a_stay(new, standing) || is_papers_of_a_stay(standing, new)) {
        return Duplicate::Suspected;
    }
    // One person's receipts of one number may be one until their issuer is told.
    if papers == Some(SamePaper::Perhaps) {
        return Duplicate::Suspected;
    }
    if !(is_of_visit(new) && is_of_visit(standing)) {
        return Duplicate::No;
    }
    let same_sum = new.charged == standing.charged && new.charged > Money::ZERO;
    match papers {
        Some(SamePaper::Yes) => Duplicate::SameCare,
        Some(SamePaper::Perhaps) => Duplicate::Suspected,
        // The very care typed with another number, or another visit of that day.
        Some(SamePaper::No) if same_day && same_sum => Duplicate::Suspected,
        Some(SamePaper::No) => Duplicate::No,
        None if !same_day => Duplicate::No,
        // Two routes to the money of one visit.
        None if new.kind != standing.kind => Duplicate::Suspected,
        None if new.business != standing.business => Duplicate::No,
        None => Duplicate::Suspected,
    }
}

/// The person by number, where both tell it; else by document.
fn is_one_person(one: &Entry, other: &Entry) -> bool {
    if !one.psn_no.is_empty() && !other.psn_no.is_empty() {
        return one.psn_no == other.psn_no;
    }
    !one.certno.is_empty() && one.certno.eq_ignore_ascii_case(&other.certno)
}

/// Whether a statement is one that stands already, and nothing in it is new.
fn says_the_same(new: &Entry, standing: &Entry) -> bool {
    // What the records said of the person is no statement: it may have been found out since.
    let mut stated = new.details.iter().filter(|(name, _)| **name != field::ASKED_AS.name());
    let mut states_the_same = || stated.all(|(name, value)| standing.details.get(name) == Some(value));
    new.kind == standing.kind
        && new.fixmedins_code == standing.fixmedins_code
        && new.business == standing.business
        && new.care_from == standing.care_from
        && (new.care_until.is_none() || new.care_until == standing.care_until)
        && new.invono == standing.invono
        && (new.charged == standing.charged || new.charged == Money::ZERO)
        && states_the_same()
        && !matches!(standing.state, State::Refused | State::Withdrawn)
}

/// Whether both would claim one right, were the person of both known alike.
fn shares_a_key(new: &Entry, standing: &Entry) -> bool {
    let alike = Entry { psn_no: standing.psn_no.clone(), certno: standing.certno.clone(), ..new.clone() };
    let held = claim_keys(standing);
    claim_keys(&alike).iter().any(|key| held.contains(key))
}

fn is_papers_of_a_stay(papers: &Entry, stay: &Entry) -> bool {
    papers.kind == RegisterKind::Papers && stay.kind.is_stay()
}

/// Cash visits, and papers that say where the care was.
fn is_of_visit(entry: &Entry) -> bool {
    match entry.kind {
        RegisterKind::CashVisit => true,
        RegisterKind::Papers => !entry.place().is_empty(),
        _ => false,
    }
}

fn compare(one: Option<Receipt<'_>>, other: Option<Receipt<'_>>) -> Option<SamePaper> {
    Some(one?.compare(&other?))
}

/// The entries, of those of the person, that an entry is perhaps the same care as, for people to decide. What says the very
/// same is among them where it was not taken for the same statement. Another batch of a visit is none: lines are settled once.
pub fn suspected_doubles<'a>(entry: &Entry, others: &'a [Entry]) -> Vec<&'a Entry> {
    let looks_alike = |other: &Entry| match duplicate_of(entry, other) {
        Duplicate::Suspected => true,
        Duplicate::SentAgain => other.state.keeps_claim(),
        Duplicate::SameCare | Duplicate::No => false,
    };
    let is_another_batch =
        |other: &Entry| other.state == State::Settled && !entry.mdtrt_id.is_empty() && entry.mdtrt_id == other.mdtrt_id;
    let others = others.iter().filter(|other| other.number != entry.number);
    others.filter(|other| looks_alike(other) && !is_another_batch(other)).collect()
}

/// Whether two moments are of one minute: pages state no seconds, messages do.
pub(super) fn same_minute(one: DateTime, other: DateTime) -> bool {
    one.date() == other.date() && (one.hour(), one.minute()) == (other.hour(), other.minute())
}

/// Whether people have to say that it is other care than `other` before it is paid: it came in as a suspected double of that
/// one, or that one came in as its double and is paid by now, and no receipts tell them apart.
pub fn must_be_decided(entry: &Entry, other: &Entry) -> bool {
    let came_in_as_its_double =
        |one: &Entry, of: &Entry| one.marked(Mark::Double).split('、').any(|it| it == of.number);
    let overtook_it = other.is_paid() && came_in_as_its_double(other, entry);
    !entry.is_told_apart()
        && (overtook_it || came_in_as_its_double(entry, other))
        && compare(entry.receipt(), other.receipt()) != Some(SamePaper::No)
        && duplicate_of(entry, other) != Duplicate::No
}

/// A settlement that stands, as an entry is compared with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SettledCare<'a> {
    /// It is of a stay, not of a visit or purchase.
    pub is_stay: bool,
    /// It settled a part of a stay that went on.
    pub mid_stay: bool,
    /// When the visit, purchase or stay began.
    pub begun: DateTime,
    /// The receipt, as it was told.
    pub receipt: Receipt<'a>,
    /// What it cost.
    pub charged: Money,
}

/// Whether an entry is the same care as a settlement at its place of its person on its day. Visits of a day are told apart by
/// their receipts, else by the minute and by what they cost.
pub fn compare_settled(entry: &Entry, settled: &SettledCare<'_>) -> Duplicate {
    if settled.mid_stay || entry.is_of_self_pay() {
        return Duplicate::No;
    }
    if settled.is_stay {
        let is_about_a_stay = entry.kind.is_stay() || field::CARE_ENDTIME.is_stated(entry);
        return if is_about_a_stay { Duplicate::SameCare } else { Duplicate::Suspected };
    }
    let same_sum = entry.charged == settled.charged && entry.charged > Money::ZERO;
    match receipts_of(entry, settled) {
        Some(SamePaper::Yes) => Duplicate::SameCare,
        Some(SamePaper::Perhaps) => Duplicate::Suspected,
        Some(SamePaper::No) if same_sum => Duplicate::Suspected,
        Some(SamePaper::No) => Duplicate::No,
        None if same_minute(entry.care_from, settled.begun) || same_sum => Duplicate::Suspected,
        None => Duplicate::No,
    }
}

/// Whether people have to say that an entry is other care than a settlement before it is paid.
pub fn must_be_told_from(entry: &Entry, settled: &SettledCare<'_>) -> bool {
    let told_apart = entry.is_told_apart() || (!settled.is_stay && receipts_of(entry, settled) == Some(SamePaper::No));
    !told_apart && compare_settled(entry, settled) != Duplicate::No
}

fn receipts_of(entry: &Entry, settled: &SettledCare<'_>) -> Option<SamePaper> {
    compare(entry.receipt(), Some(settled.receipt).filter(|receipt| !receipt.number.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::example::entry;

    #[test]
    fn two_visits_of_a_day_are_told_apart_by_their_invoices_however_these_are_written() {
        let standing = entry(RegisterKind::CashVisit, &[("invono", "a-001")]);
        let other = entry(RegisterKind::CashVisit, &[("invono", "A002"), ("tel", "1")]);
        let same = entry(RegisterKind::CashVisit, &[("invono", "A 001"), ("tel", "1")]);
        assert_eq!(duplicate_of(&other, &standing), Duplicate::No);
        assert_eq!(duplicate_of(&same, &standing), Duplicate::SameCare);
        assert_eq!(claim_keys(&same), claim_keys(&standing));
    }

    #[test]
    fn papers_about_the_same_care_are_suspected_beside_the_hospitals_own_entries_and_a_stays_key_is_certain() {
        let visit = entry(RegisterKind::CashVisit, &[]);
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1")]);
        assert_eq!(duplicate_of(&papers, &visit), Duplicate::Suspected);
        assert_eq!(duplicate_of(&visit, &papers), Duplicate::Suspected);
        let stay = entry(RegisterKind::Admission, &[]);
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1"), ("care_endtime", "2020-09-14 09:00:00")]);
        assert_eq!(claim_keys(&papers), claim_keys(&stay));
        assert_eq!(duplicate_of(&papers, &stay), Duplicate::SameCare);
        assert_eq!(duplicate_of(&stay, &papers), Duplicate::SameCare);
    }

    #[test]
    fn papers_from_the_admission_day_of_a_stay_that_tell_no_discharge_are_suspected_whatever_their_invoice() {
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1"), ("invono", "B2")]);
        for kind in [RegisterKind::Admission, RegisterKind::DeferredDischarge, RegisterKind::StayConversion] {
            let mut stay = entry(kind, &[("invono", "A1")]);
            stay.state = State::Reimbursed;
            assert_eq!(duplicate_of(&papers, &stay), Duplicate::Suspected);
            assert_eq!(duplicate_of(&stay, &papers), Duplicate::Suspected);
            stay.state = State::Withdrawn;
            assert_eq!(duplicate_of(&papers, &stay), Duplicate::No);
        }
        let elsewhere = entry(RegisterKind::Papers, &[("care_provider", "H2"), ("invono", "B2")]);
        assert_eq!(duplicate_of(&elsewhere, &entry(RegisterKind::Admission, &[])), Duplicate::No);
    }

    #[test]
    fn the_same_statement_sent_again_is_known_even_after_something_was_done() {
        let new = entry(RegisterKind::CashVisit, &[("tel", "0857-1")]);
        let mut standing = entry(RegisterKind::CashVisit, &[("tel", "0857-1")]);
        standing.details.insert("called_at".into(), "2020-09-21 09:00:00".into());
        assert_eq!(duplicate_of(&new, &standing), Duplicate::SentAgain);
        standing.details.insert("tel".into(), "0857-2".into());
        assert_eq!(duplicate_of(&new, &standing), Duplicate::Suspected);
    }

    #[test]
    fn who_is_known_by_document_is_compared_by_it_and_a_number_says_more() {
        let by_document =
            |kind, psn_no: &str| Entry { certno: "c1x".into(), psn_no: psn_no.into(), ..entry(kind, &[]) };
        let same = Entry { certno: "C1X".into(), ..entry(RegisterKind::CashVisit, &[("tel", "1")]) };
        assert_eq!(duplicate_of(&same, &by_document(RegisterKind::CashVisit, "")), Duplicate::Suspected);
        assert_eq!(duplicate_of(&by_document(RegisterKind::CashVisit, ""), &same), Duplicate::SentAgain);
        assert_eq!(duplicate_of(&same, &by_document(RegisterKind::CashVisit, "52")), Duplicate::No);
        let nobody = Entry { psn_no: String::new(), ..entry(RegisterKind::CashVisit, &[]) };
        assert_eq!(duplicate_of(&nobody, &nobody), Duplicate::No);
        // The key of a stay names the person; known alike, they have one key.
        let stay = Entry { certno: "C1X".into(), ..entry(RegisterKind::Admission, &[("tel", "1")]) };
        let transfer = by_document(RegisterKind::Transfer, "");
        assert_ne!(claim_keys(&stay), claim_keys(&transfer));
        assert_eq!(duplicate_of(&stay, &transfer), Duplicate::SameCare);
    }

    #[test]
    fn a_receipt_whose_issuer_one_does_not_tell_is_suspected() {
        let visit = entry(RegisterKind::CashVisit, &[("invono", "7")]);
        let papers = entry(RegisterKind::Papers, &[("invono", "007")]);
        assert_eq!(duplicate_of(&papers, &visit), Duplicate::Suspected);
        assert_eq!(duplicate_of(&visit, &papers), Duplicate::Suspected);
    }

    #[test]
    fn a_double_waits_for_a_decision_and_so_does_what_its_double_has_overtaken() {
        let first = Entry { number: "T1".into(), ..entry(RegisterKind::CashVisit, &[]) };
        let mut second = Entry { number: "T2".into(), ..entry(RegisterKind::Papers, &[("care_provider", "H1")]) };
        assert!(!must_be_decided(&second, &first));
        second.mark(Mark::Double, "T0、T1".into());
        assert!(must_be_decided(&second, &first) && !must_be_decided(&first, &second));
        let paid = |entry: &Entry| Entry { state: State::Reimbursed, ..entry.clone() };
        assert!(must_be_decided(&first, &paid(&second)));
        assert!(!must_be_decided(&second, &Entry { state: State::Withdrawn, ..first.clone() }));
        let other_receipt = entry(RegisterKind::Papers, &[("care_provider", "H1"), ("invono", "8")]);
        let of_seven = Entry { invono: "7".into(), ..paid(&first) };
        let mut third = Entry { number: "T3".into(), ..other_receipt };
        third.mark(Mark::Double, "T1".into());
        assert!(!must_be_decided(&third, &of_seven) && must_be_decided(&third, &paid(&first)));
        second.tell_apart();
        assert!(!must_be_decided(&second, &first) && !must_be_decided(&first, &paid(&second)));
    }

    #[test]
    fn a_settlement_is_surely_the_same_by_its_receipt_or_as_a_stay_and_suspected_by_minute_or_sum() {
        let number = |number| Receipt { provider: "H1", code: "", number };
        let visit = entry(RegisterKind::CashVisit, &[("invono", "7"), ("medfee_sumamt", "100.00")]);
        let bare = Entry { invono: String::new(), ..visit.clone() };
        let (begun, charged) = (visit.care_from, Money::yuan(100));
        let settled = SettledCare { is_stay: false, mid_stay: false, begun, receipt: number("007"), charged };
        assert_eq!(compare_settled(&visit, &settled), Duplicate::SameCare);
        let other = SettledCare { receipt: number("8"), ..settled };
        assert_eq!((compare_settled(&visit, &other), must_be_told_from(&visit, &other)), (Duplicate::Suspected, false));
        assert_eq!(compare_settled(&visit, &SettledCare { charged: Money::yuan(5), ..other }), Duplicate::No);
        assert_eq!(
            (compare_settled(&bare, &settled), must_be_told_from(&bare, &settled)),
            (Duplicate::Suspected, true)
        );
        let later = SettledCare { begun: begun.date().at(20, 0, 0, 0), charged: Money::yuan(5), ..settled };
        assert_eq!(compare_settled(&bare, &later), Duplicate::No);
        let stay = SettledCare { is_stay: true, ..settled };
        assert_eq!(compare_settled(&entry(RegisterKind::Admission, &[]), &stay), Duplicate::SameCare);
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1"), ("invono", "8")]);
        assert_eq!((compare_settled(&papers, &stay), must_be_told_from(&papers, &stay)), (Duplicate::Suspected, true));
        assert_eq!(compare_settled(&papers, &SettledCare { mid_stay: true, ..stay }), Duplicate::No);
    }
}
