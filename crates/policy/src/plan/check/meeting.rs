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
