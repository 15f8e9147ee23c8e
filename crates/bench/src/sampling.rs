//! Sampling on the real platform (取样): a small city is served, and every kind of journey is made a few times by one
//! person, the book being read around each message.

use crate::city;
use crate::driver::Connection;
use crate::flush::Counter;
use crate::message::{Facts, TODAY};
use crate::reference::sample::{Rows, Sent, Table, Travelled, script};
use crate::reference::script::Script;
use crate::reference::sqlite;
use crate::server::{self, Server};
use crate::traffic::{Journey, Kind};
use anyhow::{Context, ensure};
use std::path::Path;
use tokio::task::LocalSet;

/// Journeys of one kind by one person: totals that the first one starts, the later ones move.
const JOURNEYS_A_KIND: u64 = 4;
const PERSONS: u64 = 10;

/// Where the sampled book is read.
struct Book {
    connection: rusqlite::Connection,
    tables: Vec<Table>,
}

impl Book {
    fn rows(&self) -> anyhow::Result<Rows> {
        sqlite::all_rows(&self.connection, &self.tables)
    }
}

/// The script of these kinds of journeys, from a platform on a data folder of its own below `folder`.
pub(crate) fn sample_sqlite(program: &Path, folder: &Path, kinds: &[Kind]) -> anyhow::Result<Script> {
    let (city, data) = (folder.join("sample-city"), folder.join("sample"));
    let data = data.to_string_lossy();
    city::write(&city, PERSONS)?;
    server::load(program, &data, &city)?;
    let server = Server::start(program, &data, &folder.join("sample.log"), Counter::absent())?;
    let connection = sqlite::open(&folder.join("sample/books").join(format!("{}.db", city::POOL)))?;
    let book = Book { tables: sqlite::tables(&connection)?, connection };
    let journeys = travel(&server, &book, kinds)?;
    server.stop()?;
    script(&book.tables, &journeys, sqlite::placeholder)
}

fn travel(server: &Server, book: &Book, kinds: &[Kind]) -> anyhow::Result<Vec<Travelled>> {
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

async fn one(connection: &mut Connection, book: &Book, mut journey: Journey) -> anyhow::Result<Vec<Sent>> {
    let mut sent = Vec::new();
    let mut answer = bytes::Bytes::new();
    while let Some(message) = journey.next(&answer)? {
        let before = book.rows()?;
        let reply = connection.call(message.body).await?;
        ensure!(reply.is_success(), "取样交易 {} 被拒绝：{}", message.infno, reply.words());
        sent.push(Sent { infno: message.infno.to_owned(), msgid: message.msgid, before, after: book.rows()? });
        answer = reply.body;
    }
    Ok(sent)
}
