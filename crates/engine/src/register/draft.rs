//! The draft (草稿) of an entry that the platform makes by itself.

use crate::register::Actor;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Plan, RegisterKind};
use yibao_domain::register::{Entry, Source, State, Stated};
use yibao_domain::time::{DateTime, moment_text};

/// A draft of an entry that the platform makes.
pub(crate) fn draft(
    plan: &Plan,
    kind: RegisterKind,
    rule: &str,
    business: Business,
    provider: (&str, &str),
    care_from: DateTime,
    now: DateTime,
) -> Entry {
    Entry {
        number: String::new(),
        plan: plan.id.clone(),
        rule: rule.to_owned(),
        kind,
        business,
        fixmedins_code: provider.0.to_owned(),
        admdvs: provider.1.to_owned(),
        psn_no: String::new(),
        certno: String::new(),
        mdtrt_id: String::new(),
        care_from,
        care_until: None,
        invono: String::new(),
        charged: Money::ZERO,
        refunded: Money::ZERO,
        setl_id: String::new(),
        state: State::Waiting,
        reason: String::new(),
        source: Source::Worklist,
        taken_at: now,
        taken_by: Actor::platform().signature(),
        details: Stated::from([("begntime".to_owned(), moment_text(care_from))]),
        version: 1,
    }
}
