//! The desk a handler works at: what does not change from call to call.

use crate::call::{Call, Stop};
use crate::items::KnownItems;
use crate::plans::PlansInForce;
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Business, Plan};
use yibao_domain::settlement::Rules;
use yibao_domain::time::Date;
use yibao_interface::{Catalogue, Output};
use yibao_policy::rules::{PoolInfo, RuleBook};
use yibao_store::Tx;

/// The pool's policies and the national tables.
pub(crate) struct Desk {
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
    /// Catalogue rows that were asked for lately.
    pub known_items: KnownItems,
}

impl Desk {
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
        self.rules.rules(&self.pool.pool, day).expect("a desk's pool has rules")
    }
}

/// What a handler has done.
pub(crate) struct Done {
    /// The reply's output.
    pub output: Output,
    /// Remarks for the operator.
    pub remarks: Vec<String>,
    /// The record it made that 2601 can name: a setl_id, or a mdtrt_id for 2401. Empty otherwise.
    pub effect: String,
}

impl Done {
    /// An answer with output.
    pub fn with(output: Output) -> Self {
        Done { output, remarks: Vec::new(), effect: String::new() }
    }

    /// An answer of a transaction that has no output.
    pub fn silently() -> Self {
        Done::with(Output::None)
    }

    /// The same answer with a remark for the operator.
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// The same answer with the record it made.
    pub fn effect(mut self, id: impl Into<String>) -> Self {
        self.effect = id.into();
        self
    }
}

/// A transaction's handler.
pub(crate) type Handler = fn(&mut dyn Tx, &Call, &Desk) -> Result<Done, Stop>;
