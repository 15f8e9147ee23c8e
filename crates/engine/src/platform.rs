//! The platform in one value: the books with their workers, the rules, the plans in force.

use crate::call::{Answer, Call, Stop};
use crate::observe::Observer;
use std::sync::Arc;
use yibao_domain::outage::Plan;
use yibao_policy::rules::RuleBook;
use yibao_store::reference::Provider;
use yibao_store::{Fault, Store};

/// What the platform is built from.
pub struct Parts {
    /// Where it remembers.
    pub store: Arc<dyn Store>,
    /// Benefit rules of all pools.
    pub rules: Arc<RuleBook>,
    /// Outage plans in force.
    pub plans: Arc<Vec<Plan>>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
}

/// Takes calls, and answers each one when it is durable.
pub struct Platform {}

impl Platform {
    /// Opens the books and starts their workers.
    pub fn start(parts: Parts) -> Result<Platform, Fault> {
        unimplemented!()
    }

    /// The rules.
    pub fn rules(&self) -> &RuleBook {
        unimplemented!()
    }

    /// The plans in force.
    pub fn plans(&self) -> &[Plan] {
        unimplemented!()
    }

    /// Whether a transaction has a handler of its own here.
    pub fn offers(infno: &str) -> bool {
        unimplemented!()
    }

    /// The provider with this code. Blocks for a look at the store now and then.
    pub fn provider(&self, fixmedins_code: &str) -> Result<Option<Arc<Provider>>, Fault> {
        unimplemented!()
    }

    /// Queues a call for its pool's workers; `reply` is called once, from a worker thread.
    pub fn submit(&self, call: Call, reply: Box<dyn FnOnce(Result<Answer, Stop>) + Send>) {
        unimplemented!()
    }

    /// The platform's own id for a reply (接收方报文ID): division (6) + time (14) + serial (10).
    pub fn reply_id(&self, provider: Option<&Provider>, now: yibao_domain::time::DateTime) -> String {
        unimplemented!()
    }

    /// Stops taking calls, answers those that wait, and closes the books.
    pub fn stop(&self) {
        unimplemented!()
    }
}
