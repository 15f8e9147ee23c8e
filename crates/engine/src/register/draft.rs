//! The draft (草稿) of an entry that the platform makes by itself.

use crate::register::Actor;
use yibao_domain::outage::{Business, Plan, RegisterKind};
use yibao_domain::register::{Entry, Source, field};
use yibao_domain::time::DateTime;

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
        plan: plan.id.clone(),
        rule: rule.to_owned(),
        fixmedins_code: provider.0.to_owned(),
        admdvs: provider.1.to_owned(),
        details: [field::BEGNTIME.with(care_from)].into(),
        ..Entry::draft(kind, business, care_from, Source::Worklist, &Actor::platform().signature(), now)
    }
}
