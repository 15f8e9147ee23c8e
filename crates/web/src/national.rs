//! The national endpoint: bytes of a provider in, a reply envelope out.
//!
//! The way of a call: read the body, read the envelope, find the provider, check the gateway's headers
//! where it has a secret, hold the input against the tables, hand it to the platform, wait until it is
//! durable, answer. A business refusal is HTTP 200; a fault is 503 and sending again is safe.
//! Invariant: whatever comes, and whatever breaks, the caller gets an envelope, and one event is logged.

mod address;
mod admission;
pub(crate) mod body;
mod caller;
mod door;
mod outcome;
mod sent;

pub(crate) use address::Address;
pub(crate) use outcome::{BUSY, FAULT};

use crate::app::App;
use admission::{Admitted, admit};
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use body::Unread;
use caller::Caller;
use jiff::civil::DateTime;
use outcome::Outcome;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use yibao_engine::Stop;

/// The longest body that is read between other work: a stay's day with some hundred lines.
const READ_AT_ONCE_MAX: usize = 64 * 1024;

/// Answers one request to the endpoint.
pub(crate) async fn answer(app: App, address: Address, request: Request) -> Response {
    if request.method() != Method::POST {
        let text = format!("{}是定点医药机构接口，只接受POST请求；接口说明见/docs/interface\n", address.path());
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")], text).into_response();
    }
    let (head, body) = request.into_parts();
    let read = body::read(body, body::BYTES_MAX).await;
    let started = Stopwatch::start();
    let received = app.clock.now();
    let spoilt = read.is_err();
    // A task of its own: a caller that hangs up stops neither the call nor its log, and a panic is caught.
    #[expect(
        clippy::disallowed_methods,
        reason = "a call outlives its caller's connection; the engine decides it alone"
    )]
    let task = tokio::spawn({
        let app = app.clone();
        async move {
            let (caller, outcome) = judge(&app, address, head.headers, read, received).await;
            note(&app, &caller, &outcome, started);
            outcome.into_response(&caller, received, app.clock.now())
        }
    });
    let mut response = task.await.unwrap_or_else(|panic| {
        let (caller, outcome) = (Caller::unknown(&app, received), Outcome::Fault(panic.to_string()));
        note(&app, &caller, &outcome, started);
        outcome.into_response(&caller, received, app.clock.now())
    });
    if spoilt {
        // The rest of the body may still come, and must not be taken for the next request.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Admits the call, hands it to the platform and waits for the outcome.
async fn judge(
    app: &App,
    address: Address,
    headers: HeaderMap,
    read: Result<Bytes, Unread>,
    received: DateTime,
) -> (Caller, Outcome) {
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(unread) => return (Caller::unknown(app, received), Outcome::Refused(unread.refusal(), Vec::new())),
    };
    // Unpacking would hold up other connections; hardly anybody packs.
    let unpacked = tokio::task::block_in_place(|| body::unpacked(&headers, bytes, body::BYTES_MAX));
    let bytes = match unpacked {
        Ok(bytes) => bytes,
        Err(refusal) => return (Caller::unknown(app, received), Outcome::Refused(refusal, Vec::new())),
    };
    let sent = match sent::sent(&headers, bytes).await {
        Ok(sent) => sent,
        Err(refusal) => return (Caller::unknown(app, received), Outcome::Refused(refusal, Vec::new())),
    };
    let bytes = &sent.message;
    let admission = || admit(app, &address, &headers, &sent, received);
    // Reading ten megabytes of JSON would hold up other connections; a usual message is read at once.
    let (caller, admitted) =
        if bytes.len() > READ_AT_ONCE_MAX { tokio::task::block_in_place(admission) } else { admission() };
    match admitted {
        Ok(Admitted { call, remarks }) => {
            let (reply, answer) = oneshot::channel();
            // Nobody waits any more only where the process is ending.
            app.platform.submit(call, Box::new(move |result| drop(reply.send(result))));
            let outcome = match answer.await {
                Ok(Ok(answer)) => Outcome::Answered(answer, remarks),
                Ok(Err(Stop::Refused(refusal))) => Outcome::Refused(refusal, remarks),
                Ok(Err(Stop::Fault(fault))) => Outcome::Fault(fault.chain()),
                Ok(Err(Stop::Busy)) => Outcome::Busy,
                Ok(Err(Stop::Closing)) => Outcome::Closing,
                Err(_) => Outcome::Fault("the worker ended without an answer".to_owned()),
            };
            (caller, outcome)
        }
        Err(outcome) => (caller, outcome),
    }
}

/// How long a caller waits, whatever the platform's time is.
#[derive(Clone, Copy)]
struct Stopwatch(Instant);

#[expect(clippy::disallowed_methods, reason = "what a caller waits is measured in real time; nothing is decided by it")]
impl Stopwatch {
    fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    fn took(self) -> Duration {
        self.0.elapsed()
    }
}

/// Counts and logs a call: who, which transaction, what came of it. No person appears here.
fn note(app: &App, caller: &Caller, outcome: &Outcome, started: Stopwatch) {
    if matches!(outcome, Outcome::Answered(..)) {
        app.visited.fetch_add(1, Ordering::Relaxed);
    }
    let took = started.took();
    app.metrics.answered(caller.transaction, outcome.word(), took);
    if let Some(code) = outcome.refusal_code() {
        app.metrics.refused(code);
    }
    let (infno, provider, msgid) = (caller.transaction, caller.provider.as_str(), caller.msgid.as_str());
    if let Outcome::Fault(causes) = outcome {
        app.metrics.faulted();
        tracing::error!(infno, provider, msgid, causes, "call not answered");
    }
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(infno, provider, msgid, outcome = outcome.code(), milliseconds, "call");
}
