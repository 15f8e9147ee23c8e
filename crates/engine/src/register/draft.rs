//! The draft (草稿) of an entry that the platform makes by itself, and its beginning by the table of steps.

use crate::call::Stop;
use crate::policies::Policies;
use crate::register::Actor;
use yibao_domain::outage::{Business, Plan, RegisterKind};
use yibao_domain::register::{Draft, Entry, Promise, Role, Source, field};
use yibao_domain::time::DateTime;
use yibao_store::Fault;

/// An entry that the platform has drafted, begun as the table of steps says.
pub(crate) fn begun(policies: &Policies, drafted: Entry) -> Result<Draft, Stop> {
    let kind = drafted.kind.word();
    let missing = || Fault::new("registering by itself", kind, "no step of the table lets the platform begin it");
    Ok(Draft::of(&policies.work, Role::Platform, drafted, Promise::MadeGood).ok_or_else(missing)?)
}

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
