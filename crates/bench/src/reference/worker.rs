//! The reference's process (参照进程): requesters that wait for their commits, and the engine's writer.
//!
//! `yibao bench` starts itself once more for it, so that its costs are counted apart and a preloaded library reaches
//! it. It reads an order in JSON from its standard input and answers with a report in JSON.

use super::order::{Database, Order, Report, Shared, Target, Written};
use super::postgres;
use super::script::Value;
use super::sqlite::{self, Log, Request};
use crate::flush::Counter;
use crate::measured::{Cost, Latencies};
use crate::process;
use crate::traffic::Traffic;
use anyhow::{Context, anyhow, bail};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread;
use std::time::Instant;

/// Carries out the order on the standard input.
pub fn run() -> anyhow::Result<()> {
    let order: Order = serde_json::from_reader(io::stdin().lock()).context("读取参照的任务")?;
    let report = carry_out(order)?;
    serde_json::to_writer(io::stdout().lock(), &report).context("写参照的结果")
}

pub(crate) fn carry_out(order: Order) -> anyhow::Result<Report> {
    let counted_from = Instant::now() + order.warm_up;
    let shared = Arc::new(Shared {
        counted_from,
        ends: counted_from + order.counted,
        traffic: Traffic { mix: order.mix, persons: order.persons, seed: order.seed },
        serials_a_journey: order.script.journeys.iter().map(|journey| journey.serials).max().unwrap_or(1),
        next_journey: AtomicU64::new(order.first_journey),
        order,
    });
    let (mut cost, mut database) = (Cost::default(), Cost::default());
    let database_used = || shared.order.database.as_ref().map_or_else(Cost::default, Database::used);
    let (calls, settled) = thread::scope(|scope| {
        let written = scope.spawn(|| match &shared.order.target {
            Target::Sqlite(book) => through_sqlite(&shared, book),
            Target::Postgres { url, schema, connections } => postgres::write(&shared, url, schema, *connections),
        });
        let counter = Counter::of_environment();
        thread::sleep(shared.counted_from.saturating_duration_since(Instant::now()));
        let before = (process::used(std::process::id()), counter.read(), database_used());
        thread::sleep(shared.ends.saturating_duration_since(Instant::now()));
        let used = process::used(std::process::id()) - before.0;
        let flushes = counter.read().zip(before.1).map(|(now, then)| now - then);
        database = database_used().since(before.2);
        cost = Cost { cpu_ms: used.cpu_ms, written: used.written, flushes, memory_kib: None };
        joined(written)
    })?;
    cost.memory_kib = process::peak_memory_kib(std::process::id());
    let calls = calls.into_iter().map(|(infno, latencies)| (infno, latencies.counts())).collect();
    let next_journey = shared.next_journey.load(Ordering::Relaxed);
    Ok(Report { calls, settled, took: shared.order.counted, cost, database, next_journey })
}

/// The writer of the embedded store, the thread that copies its log, and a thread a caller.
fn through_sqlite(shared: &Shared, book: &Path) -> anyhow::Result<Written> {
    let order = &shared.order;
    let (send, requests) = channel::<Request>();
    let log: Option<Arc<Log>> = (!order.own_checkpoints).then(Arc::default);
    thread::scope(|scope| {
        let shared_log = log.clone();
        let writer = scope.spawn(move || sqlite::write(book, &order.script.statements, &requests, shared_log));
        let copier = log.map(|log| scope.spawn(move || sqlite::checkpoint(book, &log)));
        let request_through = |send: Sender<Request>| scope.spawn(move || request(shared, &send));
        let requesters: Vec<_> = (0..order.callers).map(|_| request_through(send.clone())).collect();
        drop(send);
        let mut calls = BTreeMap::<String, Latencies>::new();
        let mut settled = 0;
        for requester in requesters {
            let (own, own_settled) = joined(requester)?;
            settled += own_settled;
            own.iter().for_each(|(infno, latencies)| calls.entry(infno.clone()).or_default().merge(latencies));
        }
        joined(writer)?;
        copier.map_or(Ok(()), joined)?;
        Ok((calls, settled))
    })
}

fn joined<T>(thread: thread::ScopedJoinHandle<'_, anyhow::Result<T>>) -> anyhow::Result<T> {
    thread.join().unwrap_or_else(|_| bail!("参照的线程中断"))
}

/// One requester: a journey after the other, a commit a message.
fn request(shared: &Shared, writer: &Sender<Request>) -> anyhow::Result<Written> {
    let mut calls = BTreeMap::<String, Latencies>::new();
    let mut settled = 0;
    let (done, outcome) = sync_channel(1);
    while Instant::now() < shared.ends {
        let (sampled, traveller) = shared.next()?;
        for (place, step) in sampled.steps.iter().enumerate() {
            let bind = |write: &super::script::Write| -> (usize, Vec<Value>) {
                (write.statement, write.cells.iter().map(|cell| cell.of(&traveller)).collect())
            };
            let writes = step.writes.iter().map(bind).collect();
            let begun = Instant::now();
            writer.send(Request { writes, done: done.clone() }).context("写线程已停止")?;
            let written = outcome.recv().context("写线程已停止")?;
            let ended = Instant::now();
            written.map_err(|error| anyhow!("参照写入交易 {} 的行失败：{error}", step.infno))?;
            if begun >= shared.counted_from && ended <= shared.ends {
                calls.entry(step.infno.clone()).or_default().add(ended - begun);
                settled += u64::from(place + 1 == sampled.steps.len());
            }
        }
    }
    Ok((calls, settled))
}
