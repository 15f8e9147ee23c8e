//! Sampling on the real platform (取样): a small city is served, and every kind of journey is made a few times by one
//! person, the book being read around each message.

use crate::bench::Bench;
use crate::city;
use crate::driver::{Answer, Connection};
use crate::ground::Ground;
use crate::message::{Facts, TODAY, days_of_stay};
use crate::reference::sample::{Book, Sent, Travelled, script};
use crate::reference::script::Script;
use crate::server::Server;
use crate::traffic::{Journey, Kind};
use anyhow::{Context, ensure};
use bytes::Bytes;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;

/// Journeys of one kind by one person: totals that the first one starts, the later ones move.
const JOURNEYS_A_KIND: u64 = 4;
const PERSONS: u64 = 10;

/// The script of these kinds of journeys, from a platform with a small city of its own.
pub(crate) fn sample(bench: &Bench<'_>, ground: &dyn Ground, kinds: &[Kind]) -> anyhow::Result<Script> {
    let place = bench.load(ground, "sample", PERSONS)?;
    let server = bench.serve(&place, "sample")?;
    let mut book = ground.book(&place)?;
    let journeys = travel(&server, book.as_mut(), kinds)?;
    server.stop()?;
    let script = script(book.as_ref(), &journeys)?;
    drop(book);
    ground.remove(&place)?;
    Ok(script)
}

fn travel(server: &Server, book: &mut dyn Book, kinds: &[Kind]) -> anyhow::Result<Vec<Travelled>> {
    let mut till = Till::open(server)?;
    let mut journeys = Vec::new();
    for (person, kind) in (0..).zip(kinds) {
        let provider = if *kind == Kind::Purchase { city::pharmacy(0) } else { city::hospital(0) };
        for round in 0..JOURNEYS_A_KIND {
            let number = person * JOURNEYS_A_KIND + round;
            let (admitted, day) = match kind {
                Kind::Stay => days_of_stay(round),
                Kind::Purchase | Kind::Visit => (TODAY.to_owned(), TODAY.to_owned()),
            };
            let (provider, mdtrt_id) = (provider.clone(), String::new());
            let facts = Facts { person, provider: provider.clone(), day, admitted, mdtrt_id, number };
            journeys.push(Travelled {
                kind: kind.name().to_owned(),
                person: city::person(person),
                certificate: city::certificate(person),
                provider,
                sent: one(&mut till, book, Journey::new(*kind, facts))?,
            });
        }
    }
    Ok(journeys)
}

fn one(till: &mut Till, book: &mut dyn Book, mut journey: Journey) -> anyhow::Result<Vec<Sent>> {
    let mut sent = Vec::new();
    let mut answer = Bytes::new();
    while let Some(message) = journey.next(&answer)? {
        let before = book.rows()?;
        let reply = till.call(message.body)?;
        ensure!(reply.is_success(), "取样交易 {} 被拒绝：{}", message.infno, reply.words());
        sent.push(Sent { infno: message.infno.to_owned(), msgid: message.msgid, before, after: book.rows()? });
        answer = reply.body;
    }
    Ok(sent)
}

/// A connection that is waited for: between two messages the book is read, which may wait on its own account.
struct Till {
    runtime: Runtime,
    tasks: LocalSet,
    connection: Connection,
}

impl Till {
    fn open(server: &Server) -> anyhow::Result<Till> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
        let tasks = LocalSet::new();
        let connection = tasks.block_on(&runtime, Connection::open(server.address()))?;
        Ok(Till { runtime, tasks, connection })
    }

    fn call(&mut self, body: String) -> anyhow::Result<Answer> {
        self.tasks.block_on(&self.runtime, self.connection.call(body))?.context("取样没有得到答复")
    }
}
