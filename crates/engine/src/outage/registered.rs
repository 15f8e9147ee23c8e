//! Care that was registered in good faith under a window that has moved since (改期前登记): a plan's later version or an
//! event entered late puts it outside every window, and its entry counts all the same.
//!
//! Asked only where no window holds the care, and only where a window can have moved or the platform itself settles: an entry's
//! own backfill, a correction of order.
//! Invariant: an entry's own settlement settles it, and care with an entry is not settled beside it.

use crate::call::{Origin, Stop};
use crate::outage::matching;
use crate::outage::met::{MetOutage, Settled};
use crate::policies::Policies;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::matching::Care;
use yibao_domain::register::{Entry, State};
use yibao_store::Tx;
use yibao_store::encounter::Setting;

/// How the care met an outage by its entry; nothing without one, and for a stay that goes on.
pub(crate) fn by_entry(
    tx: &mut dyn Tx,
    policies: &Policies,
    settled: &Settled<'_>,
    care: &Care<'_>,
    origin: &Origin,
) -> Result<Option<MetOutage>, Stop> {
    let goes_on = settled.setting == Setting::Inpatient && settled.endtime.is_none();
    let day = settled.begntime.date();
    let plans = policies.plans();
    let can_have_moved =
        plans.iter().any(|plan| plan.pool == policies.pool.pool && has_moved(plan) && plan.lasts_between(day, day));
    if goes_on || !(can_have_moved || *origin != Origin::Message) {
        return Ok(None);
    }
    let entries = matching::candidates(tx, care, true)?;
    // Another batch of a visit that is settled is another settlement of it, be it on the same receipt.
    let is_made_anew = |entry: &Entry| origin.redone() == Some(entry.setl_id.as_str());
    let found = entries
        .into_iter()
        .filter(|entry| !is_only_listed(entry))
        .find(|entry| entry.setl_id.is_empty() || entry.mdtrt_id != care.mdtrt_id || is_made_anew(entry));
    Ok(found.map(|entry| met_by(&entry, policies, settled)))
}

/// Whether the platform has put it on a list, and nobody has registered anything: what is settled before its closing is ordinary.
fn is_only_listed(entry: &Entry) -> bool {
    entry.kind == RegisterKind::StayConversion && entry.state == State::Waiting
}

fn met_by(entry: &Entry, policies: &Policies, settled: &Settled<'_>) -> MetOutage {
    MetOutage {
        plan: entry.plan.clone(),
        rule: entry.rule.clone(),
        kind: entry.kind,
        business: entry.business.clone(),
        counts_at: settled.counts_at(),
        late: None,
        converts: false,
        asked: settled.question(policies),
        inside: false,
    }
}

/// Whether the windows of a plan may once have been others.
fn has_moved(plan: &Plan) -> bool {
    plan.replaces.is_some() || plan.version > 1 || !plan.events.is_empty()
}
