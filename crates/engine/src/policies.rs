//! The policies (政策) of one pool, which do not change from call to call: rules, plans in force, calendar, national tables.

pub(crate) mod fresh;
pub(crate) mod in_flight;
pub(crate) mod items;
pub(crate) mod plans;

use crate::policies::in_flight::KnownInFlight;
use crate::policies::items::KnownItems;
use crate::policies::plans::PlansInForce;
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Business, Plan};
use yibao_domain::register::WorkTable;
use yibao_domain::settlement::Rules;
use yibao_domain::time::Date;
use yibao_interface::Catalogue;
use yibao_policy::rules::{PoolInfo, RuleBook};

/// The pool's policies and the national tables.
pub(crate) struct Policies {
    /// The pool whose book lies open.
    pub pool: PoolInfo,
    /// Benefit rules of all pools.
    pub rules: Arc<RuleBook>,
    /// Outage plans in force.
    pub plans_in_force: Arc<PlansInForce>,
    /// The official calendar of working days.
    pub calendar: Arc<Calendar>,
    /// Known businesses with their Chinese names.
    pub businesses: BTreeMap<Business, String>,
    /// The national tables.
    pub tables: &'static Catalogue,
    /// Kinds of work with their steps and fields.
    pub work: Arc<WorkTable>,
    /// Catalogue rows that were asked for lately.
    pub known_items: KnownItems,
    /// What was in flight at the instants of plans, counted lately.
    pub in_flight: KnownInFlight,
}

impl Policies {
    /// The plans as they are in force at this moment.
    pub fn plans(&self) -> Arc<Vec<Plan>> {
        self.plans_in_force.now()
    }

    /// Whether a division belongs to the pool.
    pub fn covers(&self, admdvs: &str) -> bool {
        self.rules.pool_of_area(admdvs).is_some_and(|pool| pool.pool == self.pool.pool)
    }

    /// The pool's rules of a day.
    pub fn rules_on(&self, day: Date) -> Arc<Rules> {
        self.rules.rules(&self.pool.pool, day).expect("the pool of these policies has rules")
    }
}
