//! The claim right (报销权): used once across all routes, so that nobody is refunded at the hospital and again elsewhere.
//!
//! [`claim_keys`] is the one definition of what an entry holds. What only looks the same is no matter of rights (`double`).
//!
//! Lines that somebody paid alone because of an outage (自费项目补报) are a right of their own beside the settlement of the same care.

use super::Entry;
use crate::outage::Business;

/// What is claimed of settled care because an outage made somebody pay it alone.
pub const SELF_PAY: &str = "reimbursement.self_pay";

/// What such a claim takes: one a care.
const SELF_PAY_CLAIM: &str = "self_pay:{person}:{care_provider}:{day}";

impl Entry {
    /// Whether it claims lines that somebody paid alone because of an outage, of care that is settled.
    pub fn is_of_self_pay(&self) -> bool {
        is_self_pay(&self.business)
    }
}

/// Whether a business is the claim of lines that somebody paid alone because of an outage.
pub fn is_self_pay(business: &Business) -> bool {
    business.is_within(&Business::named(SELF_PAY))
}

/// The keys that an entry takes; each may be taken by one entry at a time. Work lists claim their stay or person, cash its receipt.
pub fn claim_keys(entry: &Entry) -> Vec<String> {
    if entry.is_of_self_pay() {
        return claim_key(entry, SELF_PAY_CLAIM).into_iter().collect();
    }
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
