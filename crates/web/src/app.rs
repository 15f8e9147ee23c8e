//! What every request needs: the platform, its time, the counters, the nonces of the gateway.

use crate::metrics::Metrics;
use crate::office::results::Results;
use crate::office::sizes::LastSeen;
use crate::played::Demonstration;
use crate::voucher::VoucherIssuer;
use jiff::civil::DateTime;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;
use yibao_engine::desks::users::Users;
use yibao_engine::{Fault, Platform};
use yibao_interface::gateway::NonceMemory;

/// How many nonces are remembered: an hour of the busiest city, some 140 signed calls a second.
const NONCES_MAX: usize = 500_000;
/// How many passwords are hashed at once: each takes 19 MB and a tenth of a second of one core.
const HASHING_MAX: usize = 2;

/// The platform's time and the real one. They differ in a rehearsal (演练) only.
pub trait Clock: Send + Sync {
    /// The platform's time: what the gate goes by and what replies carry.
    fn now(&self) -> DateTime;
    /// The wall clock in China Standard Time.
    fn real_now(&self) -> DateTime;
    /// The wall clock in seconds since 1970, for the gateway's window.
    fn real_unix_seconds(&self) -> i64;
    /// The moment at which the platform's time was started; `None` where it is the real one.
    fn rehearsal(&self) -> Option<DateTime>;
}

/// What every request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) platform: Arc<Platform>,
    pub(crate) users: Arc<Users>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) nonces: Arc<Mutex<NonceMemory>>,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) results: Arc<Results>,
    pub(crate) public_board: Arc<LastSeen>,
    pub(crate) issuer: Option<Arc<dyn VoucherIssuer>>,
    pub(crate) demonstration: Option<Arc<dyn Demonstration>>,
    /// What the forms of a demonstration's guests go by; drawn anew at each start.
    pub(crate) guests: Arc<str>,
    /// Messages, and in a demonstration forms, that have come in over HTTP and were not refused: the city of a demonstration comes
    /// another way.
    pub(crate) visited: Arc<AtomicU64>,
}

impl App {
    /// `metrics` is the observer that the platform was started with.
    pub fn new(platform: Arc<Platform>, users: Arc<Users>, clock: Arc<dyn Clock>, metrics: Arc<Metrics>) -> App {
        let nonces = Arc::new(Mutex::new(NonceMemory::new(NONCES_MAX)));
        App {
            platform,
            users,
            clock,
            metrics,
            nonces,
            hashing: Arc::new(Semaphore::new(HASHING_MAX)),
            results: Arc::default(),
            public_board: Arc::default(),
            issuer: None,
            demonstration: None,
            guests: Arc::from(""),
            visited: Arc::default(),
        }
    }

    /// A provider's name as it is today, or the code of one whom nobody knows.
    pub(crate) fn provider_name(&self, code: &str) -> String {
        let known = self.platform.provider_in_memory(code, self.clock.now());
        known.map_or_else(|| code.to_owned(), |known| known.fixmedins_name.clone())
    }

    /// The same with an issuer of electronic vouchers, whom messages that present a code are asked of.
    #[must_use]
    pub fn with_issuer(self, issuer: Arc<dyn VoucherIssuer>) -> App {
        App { issuer: Some(issuer), ..self }
    }

    /// The same with the pages of a demonstration. Whoever comes is let into the office as its guest, so everything behind it
    /// must be made up.
    pub fn with_demonstration(self, demonstration: Arc<dyn Demonstration>) -> Result<App, Fault> {
        let guests = Arc::from(self.users.form_number()?);
        Ok(App { demonstration: Some(demonstration), guests, ..self })
    }
}
