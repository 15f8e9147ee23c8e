//! The reference on PostgreSQL (参照·PostgreSQL): a few connections, each message one prepared statement in one round
//! trip, which is its own transaction with a commit that waits for the disk. The server groups the flushes.

use super::order::{Shared, Written};
use super::script::Value;
use crate::measured::Latencies;
use anyhow::{Context, bail};
use bytes::BytesMut;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, LocalSet};
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};

/// Values travel as text, whatever the column's type is; the server reads them as it reads its own files.
impl ToSql for Value {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => return Ok(IsNull::Yes),
            Value::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Value::Text(text) => out.extend_from_slice(text.as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// Connects; the connection lives in the current `LocalSet`.
pub(crate) async fn connect(url: &str) -> anyhow::Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.with_context(|| format!("连接 {url}"))?;
    tokio::task::spawn_local(async move {
        // What goes wrong shows at the statement.
        let _ = connection.await;
    });
    Ok(client)
}

/// A connection with its prepared statements.
struct Prepared {
    client: Client,
    statements: Vec<Statement>,
}

/// What the requesters share; all are in one thread.
struct Run {
    shared: Arc<Shared>,
    free: Semaphore,
    idle: RefCell<Vec<Prepared>>,
    calls: RefCell<BTreeMap<String, Latencies>>,
    settled: RefCell<u64>,
}

/// Lets the callers write through so many connections until the time is over. `schema` is where the book is.
pub(super) fn write(shared: &Arc<Shared>, url: &str, schema: &str, connections: usize) -> anyhow::Result<Written> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动参照")?;
    LocalSet::new().block_on(&runtime, async {
        let mut idle = Vec::new();
        for _ in 0..connections {
            let client = connect(url).await?;
            client.batch_execute(&format!("SET search_path = \"{schema}\"")).await.context("选定账册")?;
            let mut statements = Vec::new();
            for sql in &shared.order.script.statements {
                statements.push(client.prepare(sql).await.with_context(|| sql.clone())?);
            }
            idle.push(Prepared { client, statements });
        }
        let run = Rc::new(Run {
            shared: shared.clone(),
            free: Semaphore::new(connections),
            idle: RefCell::new(idle),
            calls: RefCell::default(),
            settled: RefCell::default(),
        });
        let mut callers = JoinSet::new();
        (0..shared.order.callers).for_each(|_| {
            callers.spawn_local(request(run.clone()));
        });
        while let Some(ended) = callers.join_next().await {
            ended.context("参照中断")??;
        }
        Ok((run.calls.take(), run.settled.take()))
    })
}

/// One caller: a journey after the other. Waiting for a connection is part of its latency.
async fn request(run: Rc<Run>) -> anyhow::Result<()> {
    let shared = &run.shared;
    while Instant::now() < shared.ends {
        let (sampled, traveller) = shared.next()?;
        for (place, step) in sampled.steps.iter().enumerate() {
            let [write] = step.writes.as_slice() else { bail!("交易 {} 不是一次往返", step.infno) };
            let values: Vec<Value> = write.cells.iter().map(|cell| cell.of(&traveller)).collect();
            let begun = Instant::now();
            let turn = run.free.acquire().await.context("参照的连接")?;
            let prepared = run.idle.borrow_mut().pop().context("参照的连接")?;
            let bound = values.iter().map(|value| value as &(dyn ToSql + Sync));
            let written = prepared.client.execute_raw(&prepared.statements[write.statement], bound).await;
            run.idle.borrow_mut().push(prepared);
            drop(turn);
            let ended = Instant::now();
            written.with_context(|| format!("参照写入交易 {} 的行失败", step.infno))?;
            if begun >= shared.counted_from && ended <= shared.ends {
                run.calls.borrow_mut().entry(step.infno.clone()).or_default().add(ended - begun);
                *run.settled.borrow_mut() += u64::from(place + 1 == sampled.steps.len());
            }
        }
    }
    Ok(())
}
