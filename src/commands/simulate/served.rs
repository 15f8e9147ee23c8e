//! The second mode of the simulated city: each process of its platform is a real `yibao serve` on the same books, spoken to as
//! providers and clerks do, over HTTP, and killed where a crash is drawn.
//!
//! Deeds go over HTTP; what the city asks besides (an entry, the runs, the order, the board) is answered by an engine
//! beside on the same books, as a second process would.

mod child;
mod desk;
mod page;
mod traffic;

pub use self::traffic::Traffic;

use self::child::Child;
use self::desk::Desks;
use jiff::civil::DateTime;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, Entry, EntryLine, Stated};
use yibao_engine::Platform;
use yibao_engine::desks::registers::{NewEntry, SheetRow, Verdict};
use yibao_sim::faults::Strike;
use yibao_sim::office::{Hand, Here, Host, Message, Opening, Process, Told, with_remarks};
use yibao_store::Fault;
use yibao_store::outage::BackfillRun;

/// How long an answer may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(120);
const ENTRY: &str = "/fsi/api/rsfComIfsService/callService";

/// What processes of their own are started with beside the books.
#[derive(Clone)]
pub struct Outage {
    /// `--plan`.
    pub plan: PathBuf,
    /// `--rules`, where there are others than those built in.
    pub rules: Option<PathBuf>,
}

/// Starts `yibao serve` on books that are there.
pub struct Served {
    /// `--data` of the books.
    data: String,
    outage: Outage,
    traffic: Arc<Traffic>,
    /// What browsers have kept: the number that a page gave each form.
    numbers: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Served {
    /// On these books.
    pub fn on(data: String, outage: Outage, traffic: Arc<Traffic>) -> Served {
        Served { data, outage, traffic, numbers: Arc::default() }
    }
}

impl Host for Served {
    fn start(&self, opening: &Opening, now: DateTime) -> Result<Box<dyn Process>, Fault> {
        let mut opening = opening.clone();
        // What is served beside the city's own book is made to fail by what this mode has not.
        opening.pools.truncate(1);
        let pool = opening.pools.first().map(ToString::to_string).unwrap_or_default();
        let plan = (!opening.plans.is_empty()).then_some(self.outage.plan.as_path());
        let child = Child::start(&self.data, &pool, (plan, self.outage.rules.as_deref()), now)
            .map_err(|error| Fault::new("starting yibao serve", self.data.as_str(), format!("{error:#}")))?;
        let agent = agent();
        let traffic = self.traffic.clone();
        let desks = Desks::new(agent.clone(), child.base(), &opening, (self.numbers.clone(), traffic.clone()));
        Ok(Box::new(Serving { beside: Here::open(&opening)?, child, agent, desks, traffic }))
    }
}

/// A client that takes every status for an answer and goes to the machine itself.
fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None);
    config.timeout_global(Some(PATIENCE)).build().into()
}

/// A process of its own.
struct Serving {
    beside: Here,
    child: Child,
    agent: ureq::Agent,
    desks: Desks,
    traffic: Arc<Traffic>,
}

impl Serving {
    fn entry(&self, hand: Hand<'_>, number: &str) -> Result<Entry, Told> {
        let (platform, pool) = (self.beside.platform(), self.desks.pool());
        let registers = platform.registers(pool).ok_or_else(|| Told::Nothing("the pool is not served".to_owned()))?;
        Ok(registers.entry(hand.by, self.desks.now(), number)?.entry)
    }
}

/// Sends a message and waits for its reply.
fn post(agent: &ureq::Agent, base: &str, message: &Message) -> Result<Value, Told> {
    let lost = |error: ureq::Error| Told::Nothing(error.to_string());
    let request = agent.post(format!("{base}{ENTRY}")).header("content-type", "application/json");
    let mut reply = request.send(message.bytes.as_bytes()).map_err(lost)?;
    let text = reply.body_mut().read_to_string().map_err(lost)?;
    heard(reply.status().as_u16(), &text)
}

/// What a reply of the national interface says.
fn heard(status: u16, text: &str) -> Result<Value, Told> {
    let reply: Value = serde_json::from_str(text).map_err(|_| Told::Nothing(format!("HTTP {status}: {text}")))?;
    let said = reply["err_msg"].as_str().unwrap_or_default();
    if status != 200 {
        return Err(Told::Nothing(format!("HTTP {status}: {said}")));
    }
    match reply["infcode"].to_string().trim_matches('"') {
        "0" => Ok(with_remarks(reply["output"].clone(), reply["warn_msg"].as_str().unwrap_or_default())),
        _ => Err(refused(said).map_or_else(|| Told::Nothing(text.to_owned()), Told::Refused)),
    }
}

/// A refusal by its text, which ends in its code.
fn refused(said: &str) -> Option<Refusal> {
    let (text, code) = said.strip_suffix(']')?.rsplit_once('[')?;
    let code = Code::ALL.iter().find(|known| known.as_str() == code)?;
    Some(Refusal::new(*code, text))
}

impl Process for Serving {
    fn at(&self, now: DateTime) {
        self.beside.at(now);
        self.desks.at(now);
        self.child.order(&format!("at {now}"));
    }

    fn platform(&self) -> Arc<Platform> {
        self.beside.platform()
    }

    #[expect(clippy::disallowed_methods, reason = "copies of a message come by connections of their own")]
    fn take(&self, message: &Message, copies: usize) -> Vec<Result<Value, Told>> {
        let (agent, base) = (&self.agent, &self.child.base());
        self.traffic.messages.fetch_add(copies as u64, Ordering::Relaxed);
        thread::scope(|scope| {
            let sent: Vec<_> = (1..copies).map(|_| scope.spawn(|| post(agent, base, message))).collect();
            let first = post(agent, base, message);
            let rest = sent.into_iter().map(|copy| copy.join().unwrap_or_else(|_| Err(Told::Nothing("lost".into()))));
            std::iter::once(first).chain(rest).collect()
        })
    }

    fn register(&self, hand: Hand<'_>, new: &NewEntry) -> Result<Entry, Told> {
        let number = self.desks.register(hand, new)?;
        self.entry(hand, &number)
    }

    fn import(
        &self,
        hand: Hand<'_>,
        kind: RegisterKind,
        rows: &[SheetRow],
        lines: &[SheetRow],
    ) -> Result<Vec<Verdict>, Told> {
        self.desks.import(hand, kind, rows, lines)
    }

    fn act(&self, hand: Hand<'_>, number: &str, action: Action, fields: &Stated) -> Result<Entry, Told> {
        self.desks.act(hand, number, action, fields)?;
        self.entry(hand, number)
    }

    fn put_lines(&self, hand: Hand<'_>, number: &str, lines: &[EntryLine]) -> Result<Entry, Told> {
        self.desks.put_lines(hand, number, lines)?;
        self.entry(hand, number)
    }

    fn enter(&self, hand: Hand<'_>, number: &str) -> Result<Entry, Told> {
        self.desks.enter(hand, number)?;
        self.entry(hand, number)
    }

    fn start_run(&self, hand: Hand<'_>, plan: &str) -> Result<BackfillRun, Told> {
        self.desks.start_run(hand, plan)?;
        let platform = self.beside.platform();
        let backfill =
            platform.backfill(self.desks.pool()).ok_or_else(|| Told::Nothing("the pool is not served".to_owned()))?;
        let runs = backfill.progress(hand.by)?.into_iter().filter(|run| run.plan == plan);
        runs.max_by_key(|run| run.number).ok_or_else(|| Told::Nothing(format!("no run of {plan}")))
    }

    fn correct_order(&self, hand: Hand<'_>, psn_no: &str) -> Result<(), Told> {
        self.desks.correct_order(hand, psn_no)
    }

    fn publish(&self, hand: Hand<'_>, text: &str) -> Result<(), Told> {
        self.desks.publish(hand, text)
    }

    fn enter_event(&self, hand: Hand<'_>, of: (&str, &str), at: DateTime) -> Result<(), Told> {
        self.desks.enter_event(hand, of, at)
    }

    fn tend(&self) {
        self.child.order("tend");
        self.beside.take_up_plans();
    }

    fn await_blow(&self, strike: Option<Strike>) {
        self.child.await_blow(strike);
    }

    fn has_crashed(&self) -> bool {
        let was_killed = self.child.has_been_killed();
        self.traffic.kills.fetch_add(u64::from(was_killed), Ordering::Relaxed);
        was_killed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_an_output_a_refusal_by_its_code_or_nothing() {
        let output = heard(200, r#"{"infcode":0,"output":{"a":1.50}}"#).unwrap();
        assert_eq!(output["a"].to_string(), "1.50");
        assert!(heard(200, r#"{"infcode":"0","output":null}"#).is_ok());
        let closed = heard(200, r#"{"infcode":-1,"err_msg":"住院结算停办[E401]"}"#);
        assert!(
            matches!(closed, Err(Told::Refused(Refusal { code: Code::Closed, text, .. })) if text == "住院结算停办")
        );
        for (status, text) in [(503, r#"{"infcode":-1,"err_msg":"x[E901]"}"#), (200, "<html>"), (200, "{}")] {
            assert!(matches!(heard(status, text), Err(Told::Nothing(_))), "{status} {text}");
        }
    }
}
