//! Whether two scopes can cover one question, and whether one covers every question of the other.

use yibao_domain::code::Pool;
use yibao_domain::outage::{InsuredIn, PersonIn, ProviderIn, Scope};

/// Whether one question can be covered by both scopes.
pub(super) fn may_meet(one: &Scope, other: &Scope, plan_pool: &Pool) -> bool {
    fn share<T: PartialEq>(one: &[T], other: &[T]) -> bool {
        one.is_empty() || other.is_empty() || one.iter().any(|value| other.contains(value))
    }
    fn meet<T>(one: &[T], other: &[T], may_meet: impl Fn(&T, &T) -> bool) -> bool {
        one.is_empty() || other.is_empty() || one.iter().any(|value| other.iter().any(|second| may_meet(value, second)))
    }
    // A person is of several populations at once, unless each pair excludes each other.
    let populations = meet(&one.populations, &other.populations, PersonIn::may_meet);
    let pools = share(&one.pools, &other.pools)
        || [(one, other), (other, one)].iter().any(|(wide, narrow)| {
            wide.pools.contains(&InsuredIn::Elsewhere)
                && narrow.pools.iter().any(|pool| matches!(pool, InsuredIn::Pool(pool) if pool != plan_pool))
        });
    meet(&one.providers, &other.providers, ProviderIn::may_meet)
        && share(&one.counties, &other.counties)
        && share(&one.schemes, &other.schemes)
        && share(&one.places, &other.places)
        && share(&one.channels, &other.channels)
        && populations
        && pools
}

/// How two scopes of one rank are put in order, where they name groups of which somebody may be both.
pub(super) fn how_to_order(one: &Scope, other: &Scope) -> String {
    let groups = |scope: &Scope| {
        let of_providers = scope.providers.iter().map(ProviderIn::name);
        of_providers.chain(scope.populations.iter().map(PersonIn::name)).map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (groups(one), groups(other));
    if first == second || first.is_empty() || second.is_empty() {
        return "请合并，或让其中一条更具体".to_owned();
    }
    format!(
        "可能有既属“{}”又属“{}”的；请给对他们应优先的一条写 prevails = true，或合并两条",
        first.join("、"),
        second.join("、")
    )
}

/// Whether `wide` covers every question that `narrow` covers.
pub(super) fn holds_whenever(wide: &Scope, narrow: &Scope) -> bool {
    fn includes<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|value| wide.contains(value)))
    }
    let providers = |named: &ProviderIn| wide.providers.iter().any(|own| own.includes(named));
    (wide.providers.is_empty() || (!narrow.providers.is_empty() && narrow.providers.iter().all(providers)))
        && includes(&wide.counties, &narrow.counties)
        && includes(&wide.populations, &narrow.populations)
        && includes(&wide.schemes, &narrow.schemes)
        && includes(&wide.places, &narrow.places)
        && includes(&wide.pools, &narrow.pools)
        && includes(&wide.channels, &narrow.channels)
}
