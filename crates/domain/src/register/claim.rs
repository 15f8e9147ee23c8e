//! The claim right (报销权): used once across all routes, so that nobody is refunded at the hospital and again elsewhere.
//!
//! [`claim_keys`] is the one definition of what an entry holds. Beyond the keys, care that looks the same is suspected, never
//! refused: people decide.

use super::{Entry, SamePaper, State};
use crate::money::Money;
use crate::outage::RegisterKind;

/// The keys that an entry takes; each may be taken by one entry at a time. Work lists claim their stay or person, cash its receipt.
pub fn claim_keys(entry: &Entry) -> Vec<String> {
    let templates = entry.kind.row().claims;
    let mut keys: Vec<String> = templates.split('|').filter_map(|template| claim_key(entry, template)).collect();
    keys.extend(entry.receipt().and_then(|receipt| receipt.key()));
    keys
}

/// The places of a template of a claim key that are no fields.
pub const CLAIM_PLACES: [&str; 6] = ["kind", "plan", "person", "provider", "business", "day"];

/// The names in a template of a claim key: what stands in braces, and the field behind `?`.
pub fn claim_names(template: &str) -> impl Iterator<Item = &str> {
    let (places, asked) = template.split_once('?').map_or((template, None), |(places, asked)| (places, Some(asked)));
    places.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).chain(asked)
}

/// The key that a template gives an entry; none where a place stays empty, or the field behind `?` is not stated: such an
/// entry competes with nothing.
fn claim_key(entry: &Entry, template: &str) -> Option<String> {
    let (template, asked) = template.split_once('?').unwrap_or((template, ""));
    if template == "-" || (!asked.is_empty() && entry.value(asked).is_empty()) {
        return None;
    }
    let mut parts = template.split('{');
    let mut key = parts.next()?.to_owned();
    for part in parts {
        let (place, behind) = part.split_once('}')?;
        let value = match place {
            "kind" => entry.kind.word().to_owned(),
            "plan" => entry.plan.clone(),
            "person" => person(entry).to_owned(),
            "provider" => entry.fixmedins_code.clone(),
            "business" => entry.business.to_string(),
            "day" => entry.care_from.date().to_string(),
            field => entry.value(field),
        };
        if value.is_empty() {
            return None;
        }
        key.push_str(&value);
        key.push_str(behind);
    }
    Some(key)
}

/// The person by number, else by identity document.
fn person(entry: &Entry) -> &str {
    if entry.psn_no.is_empty() { &entry.certno } else { &entry.psn_no }
}

/// How likely two entries are the same care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duplicate {
    /// Different care.
    No,
    /// The very same statement, sent again: nothing is added.
    SentAgain,
    /// The same care for all we can tell: it has to be told apart (two receipts) or it is refused.
    SameCare,
    /// Perhaps the same care: taken in, listed, and for people to decide.
    Suspected,
}

/// Whether a new entry is the same care as one that stands. One receipt is one visit; two visits of one day are told apart by
/// their receipts, else by the minute and by what they cost.
///
/// Papers from the admission day of a stay at its hospital are about that stay, whatever their receipt.
///
/// Papers about a visit are compared with cash visits at that provider on that day, whatever their business is called:
/// nobody is refunded at the hospital and again at the agency.
pub fn duplicate_of(new: &Entry, standing: &Entry) -> Duplicate {
    if person(new) != person(standing) || person(new).is_empty() {
        return Duplicate::No;
    }
    let states_the_same = || new.details.iter().all(|(name, value)| standing.details.get(name) == Some(value));
    if new.kind == standing.kind
        && new.fixmedins_code == standing.fixmedins_code
        && new.business == standing.business
        && new.care_from == standing.care_from
        && (new.care_until.is_none() || new.care_until == standing.care_until)
        && new.invono == standing.invono
        && (new.charged == standing.charged || new.charged == Money::ZERO)
        && states_the_same()
        && !matches!(standing.state, State::Refused | State::Withdrawn)
    {
        return Duplicate::SentAgain;
    }
    // Papers may leave the discharge out: at the hospital and from the day of a stay they are about that stay, whatever the
    // invoice.
    let one_is_papers_of_the_others_stay = (new.kind == RegisterKind::Papers && standing.kind.is_stay())
        || (new.kind.is_stay() && standing.kind == RegisterKind::Papers);
    if one_is_papers_of_the_others_stay
        && new.place() == standing.place()
        && new.care_from.date() == standing.care_from.date()
        && standing.state.keeps_claim()
    {
        return Duplicate::SameCare;
    }
    if !standing.state.keeps_claim() {
        return Duplicate::No;
    }
    let papers = new.receipt().zip(standing.receipt()).map(|(new, standing)| new.compare(&standing));
    // One person's receipts of one number are one until their issuer is told.
    if papers == Some(SamePaper::Perhaps) {
        return Duplicate::SameCare;
    }
    if !(is_of_visit(new) && is_of_visit(standing)) {
        return Duplicate::No;
    }
    let same_day = new.place() == standing.place() && new.care_from.date() == standing.care_from.date();
    let same_sum = new.charged == standing.charged;
    match papers {
        Some(SamePaper::Yes | SamePaper::Perhaps) => Duplicate::SameCare,
        // The very care typed with another number, or another visit of that day.
        Some(SamePaper::No) if same_day && same_sum && new.charged > Money::ZERO => Duplicate::Suspected,
        Some(SamePaper::No) => Duplicate::No,
        None if !same_day => Duplicate::No,
        // Two routes to the money of one visit.
        None if new.kind != standing.kind => Duplicate::SameCare,
        None if new.business != standing.business => Duplicate::No,
        None if new.care_from == standing.care_from && same_sum => Duplicate::SameCare,
        None => Duplicate::Suspected,
    }
}

/// Cash visits, and papers that say where the care was.
fn is_of_visit(entry: &Entry) -> bool {
    match entry.kind {
        RegisterKind::CashVisit => true,
        RegisterKind::Papers => !entry.place().is_empty(),
        _ => false,
    }
}

/// The entries, of those of the person, that an entry is perhaps the same care as, for people to decide.
pub fn suspected_doubles<'a>(entry: &Entry, others: &'a [Entry]) -> Vec<&'a Entry> {
    let others = others.iter().filter(|other| other.number != entry.number);
    others.filter(|other| duplicate_of(entry, other) == Duplicate::Suspected).collect()
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
    fn papers_about_the_same_care_compete_with_the_hospitals_own_entries() {
        let visit = entry(RegisterKind::CashVisit, &[]);
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1")]);
        assert_eq!(duplicate_of(&papers, &visit), Duplicate::SameCare);
        assert_eq!(duplicate_of(&visit, &papers), Duplicate::SameCare);
        let stay = entry(RegisterKind::Admission, &[]);
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1"), ("care_endtime", "2020-09-14 09:00:00")]);
        assert_eq!(claim_keys(&papers), claim_keys(&stay));
    }

    #[test]
    fn papers_from_the_admission_day_of_a_stay_are_about_that_stay_whatever_their_invoice() {
        let papers = entry(RegisterKind::Papers, &[("care_provider", "H1"), ("invono", "B2")]);
        for kind in [RegisterKind::Admission, RegisterKind::DeferredDischarge, RegisterKind::StayConversion] {
            let mut stay = entry(kind, &[("invono", "A1")]);
            stay.state = State::Reimbursed;
            assert_eq!(duplicate_of(&papers, &stay), Duplicate::SameCare);
            assert_eq!(duplicate_of(&stay, &papers), Duplicate::SameCare);
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
        assert_eq!(duplicate_of(&new, &standing), Duplicate::SameCare);
    }
}
