//! The driver (驱动): many tills in one thread, each with a connection of its own that is kept.
//!
//! It decides when a call begins and what its latency is. In a closed loop each till waits for its answer before it
//! sends again. In an open loop journeys arrive by a schedule whatever the platform does, and a latency begins at the
//! moment the schedule names, so that a slow answer is not hidden by the calls it kept from being sent. Bodies are
//! made before the clock is read.

use crate::measured::{Cost, Round};
use crate::process;
use crate::traffic::{Journey, Message, Traffic, text_of};
use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::LocalSet;
use tokio::time::{sleep_until, timeout};

const ENTRY: &str = "/fsi/api/rsfComIfsService/callService";
/// A till gives up after this.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// When calls come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Load {
    /// So many tills, each sending when its answer is there.
    Closed(usize),
    /// So many journeys begin every second.
    Open(u64),
}

/// How long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Not counted.
    pub warm_up: Duration,
    /// Counted.
    pub counted: Duration,
}

/// A connection to the platform.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Whether it says when to come again.
    pub retry_after: bool,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// Whether it is a success of the national interface.
    pub(crate) fn is_success(&self) -> bool {
        self.status == 200 && self.body.windows(11).any(|part| part == br#""infcode":0"#)
    }

    /// The words of a refusal.
    pub(crate) fn words(&self) -> String {
        let words = text_of(&self.body, "err_msg").unwrap_or("答复不是报文");
        format!("HTTP {} {words}", self.status)
    }
}

impl Connection {
    /// Opens a connection, which lives in the current `LocalSet`.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Connection> {
        let stream = TcpStream::connect(address).await.context("连接平台")?;
        stream.set_nodelay(true).context("连接平台")?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.context("连接平台")?;
        tokio::task::spawn_local(async move {
            // What goes wrong shows at the call.
            let _ = connection.await;
        });
        Ok(Connection { sender, host: address.to_string() })
    }

    /// Sends a message and waits for the whole answer; nothing where none came in time. The connection is of no use
    /// after that.
    pub(crate) async fn call(&mut self, body: String) -> anyhow::Result<Option<Answer>> {
        let request = Request::post(ENTRY).header("host", &self.host).header("content-type", "application/json");
        self.send(request.body(Full::new(Bytes::from(body)))?).await
    }

    /// Reads a page.
    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Option<Answer>> {
        let request = Request::get(path).header("host", &self.host);
        self.send(request.body(Full::default())?).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> anyhow::Result<Option<Answer>> {
        let exchange = async {
            self.sender.ready().await.context("连接已断开")?;
            let reply = self.sender.send_request(request).await.context("平台没有答复")?;
            let status = reply.status().as_u16();
            let retry_after = reply.headers().contains_key("retry-after");
            let body = reply.into_body().collect().await.context("答复没有发完")?.to_bytes();
            Ok(Answer { status, retry_after, body })
        };
        timeout(PATIENCE, exchange).await.ok().transpose()
    }
}

/// What the tasks of one run share; all are in one thread.
struct Run {
    address: SocketAddr,
    traffic: Traffic,
    counted_from: Instant,
    ends: Instant,
    by_schedule: bool,
    next_journey: Cell<u64>,
    round: RefCell<Round>,
    idle: RefCell<Vec<Connection>>,
    failure: RefCell<Option<anyhow::Error>>,
}

impl Run {
    fn refuse(&self, words: String) {
        *self.round.borrow_mut().refused.entry(words).or_default() += 1;
    }
}

/// Drives the platform, and says what came of it. Journeys are numbered from `first_journey` on; the second value is
/// the first number that was not used. `mark` is told when counting begins (`true`) and ends.
pub(crate) fn drive(
    address: SocketAddr,
    traffic: &Traffic,
    load: Load,
    span: Span,
    first_journey: u64,
    mark: &dyn Fn(bool),
) -> anyhow::Result<(Round, u64)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
    let begun = Instant::now();
    let counted_from = begun + span.warm_up;
    let run = Rc::new(Run {
        address,
        traffic: traffic.clone(),
        counted_from,
        ends: counted_from + span.counted,
        by_schedule: matches!(load, Load::Open(_)),
        next_journey: Cell::new(first_journey),
        round: RefCell::default(),
        idle: RefCell::default(),
        failure: RefCell::default(),
    });
    let tasks = LocalSet::new();
    runtime.block_on(tasks.run_until(async {
        let tills = match load {
            Load::Closed(callers) => (0..callers).map(|_| tokio::task::spawn_local(till(run.clone()))).collect(),
            Load::Open(rate) => vec![tokio::task::spawn_local(arrivals(run.clone(), rate, begun))],
        };
        sleep_until(counted_from.into()).await;
        mark(true);
        let before = process::used(std::process::id());
        sleep_until(run.ends.into()).await;
        mark(false);
        let used = process::used(std::process::id()) - before;
        run.round.borrow_mut().driver = Cost { cpu_ms: used.cpu_ms, ..Cost::default() };
        for till in tills {
            till.await.context("驱动中断")?;
        }
        anyhow::Ok(())
    }))?;
    if let Some(failure) = run.failure.take() {
        return Err(failure);
    }
    let mut round = run.round.take();
    round.took = span.counted;
    Ok((round, run.next_journey.get()))
}

/// One till: a journey after the other.
async fn till(run: Rc<Run>) {
    while Instant::now() < run.ends && run.failure.borrow().is_none() {
        let number = run.next_journey.replace(run.next_journey.get() + 1);
        travel(&run, number, None).await;
    }
}

/// Journeys by the schedule, each a task of its own. Ends when all of them have.
async fn arrivals(run: Rc<Run>, rate: u64, begun: Instant) {
    let mut under_way = tokio::task::JoinSet::new();
    for arrival in 0.. {
        let scheduled = begun + due(arrival, rate);
        if scheduled >= run.ends || run.failure.borrow().is_some() {
            break;
        }
        sleep_until(scheduled.into()).await;
        let number = run.next_journey.replace(run.next_journey.get() + 1);
        let run = run.clone();
        under_way.spawn_local(async move { travel(&run, number, Some(scheduled)).await });
        while under_way.try_join_next().is_some() {}
    }
    while under_way.join_next().await.is_some() {}
}

/// When the arrival of this number is due, counted from the start.
pub(crate) fn due(arrival: u64, rate: u64) -> Duration {
    let nanoseconds = u128::from(arrival) * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// One journey to its end. The first latency counts from the scheduled moment, the others from the answer before.
async fn travel(run: &Run, number: u64, scheduled: Option<Instant>) {
    let mut journey = run.traffic.journey(number);
    if let Err(failure) = calls(run, &mut journey, scheduled).await {
        run.failure.borrow_mut().get_or_insert(failure);
    }
}

async fn calls(run: &Run, journey: &mut Journey, mut scheduled: Option<Instant>) -> anyhow::Result<()> {
    let taken = run.idle.borrow_mut().pop();
    let mut connection = match taken {
        Some(connection) => connection,
        None => Connection::open(run.address).await?,
    };
    let mut answer = Bytes::new();
    while let Some(Message { infno, body, .. }) = journey.next(&answer)? {
        let begun = scheduled.take().unwrap_or_else(Instant::now);
        let reply = connection.call(body).await.with_context(|| format!("交易 {infno}"))?;
        let ended = Instant::now();
        let Some(reply) = reply else {
            run.refuse(format!("{infno} {} 秒没有答复", PATIENCE.as_secs()));
            return Ok(());
        };
        if !reply.is_success() {
            run.refuse(format!("{infno} {}", reply.words()));
            break;
        }
        // In an open loop the slow ones at the end count too: they were due in time.
        let in_time = if run.by_schedule { begun < run.ends } else { ended <= run.ends };
        if begun >= run.counted_from && in_time {
            let mut round = run.round.borrow_mut();
            round.calls.entry(infno.to_owned()).or_default().add(ended - begun);
            round.settled += u64::from(journey.is_over());
        }
        if ended >= run.ends {
            break;
        }
        answer = reply.body;
    }
    run.idle.borrow_mut().push(connection);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_due_evenly_and_never_drift() {
        assert_eq!(due(0, 300), Duration::ZERO);
        assert_eq!(due(1, 300), Duration::from_nanos(3_333_333));
        assert_eq!(due(300, 300), Duration::from_secs(1));
        assert_eq!(due(300 * 86_400, 300), Duration::from_secs(86_400));
    }
}
