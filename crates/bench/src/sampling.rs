//! Sampling on the real platform (取样): a small city is served, and every kind of journey is made a few times by one
//! person, the book being read around each message.

use crate::city;
use crate::driver::Connection;
use crate::ground::Ground;
use crate::message::{Facts, TODAY};
use crate::reference::sample::{Book, Sent, Travelled, script};
use crate::reference::script::Script;
use crate::run::Bench;
use crate::server::Server;
use crate::traffic::{Journey, Kind};
use anyhow::{Context, ensure};
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
    LocalSet::new().block_on(&runtime, async {
        let mut connection = Connection::open(server.address()).await?;
        let mut journeys = Vec::new();
        for (person, kind) in (0..).zip(kinds) {
            let provider = if *kind == Kind::Purchase { city::pharmacy(0) } else { city::hospital(0) };
            for round in 0..JOURNEYS_A_KIND {
                let number = person * JOURNEYS_A_KIND + round;
                let facts = Facts {
                    person,
                    provider: provider.clone(),
                    day: TODAY.to_owned(),
                    mdtrt_id: String::new(),
                    number,
                };
                let sent = one(&mut connection, book, Journey::new(*kind, facts)).await?;
                journeys.push(Travelled {
                    kind: kind.name().to_owned(),
                    person: city::person(person),
                    certificate: city::certificate(person),
                    provider: provider.clone(),
                    sent,
                });
            }
        }
        Ok(journeys)
    })
}

async fn one(connection: &mut Connection, book: &mut dyn Book, mut journey: Journey) -> anyhow::Result<Vec<Sent>> {
    let mut sent = Vec::new();
    let mut answer = bytes::Bytes::new();
    while let Some(message) = journey.next(&answer)? {
        let before = book.rows()?;
        let reply = connection.call(message.body).await?.context("取样没有得到答复")?;
        ensure!(reply.is_success(), "取样交易 {} 被拒绝：{}", message.infno, reply.words());
        sent.push(Sent { infno: message.infno.to_owned(), msgid: message.msgid, before, after: book.rows()? });
        answer = reply.body;
    }
    Ok(sent)
}
