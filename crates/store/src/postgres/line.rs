//! A connection to the server, driven in the thread that uses it, and the flights of statements over it.
//!
//! A flight is what is sent without waiting in between: it costs one round trip. Every statement is prepared once a
//! connection.

use super::trouble::Trouble;
use super::words::spoken;
use crate::seam::Traffic;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

/// How long a connection that is no longer needed waits for its goodbye to be sent.
const GOODBYE: Duration = Duration::from_secs(1);

/// A value of a statement.
pub(super) type Parameter<'a> = &'a (dyn ToSql + Sync);

/// One statement of a flight.
pub(super) enum Step<'a> {
    /// Without values and without an answer: `BEGIN`, `COMMIT`, …
    Command(&'a str),
    /// Says how many rows it changed.
    Run(&'a str, Vec<Parameter<'a>>),
    /// Answers with rows.
    Ask(&'a str, Vec<Parameter<'a>>),
}

/// The answer to a [`Step`].
pub(super) enum Answer {
    /// So many rows were changed.
    Done(u64),
    /// The rows asked for.
    Rows(Vec<Row>),
}

impl Answer {
    /// The rows changed.
    pub(super) fn count(&self) -> u64 {
        match self {
            Answer::Done(count) => *count,
            Answer::Rows(rows) => u64::try_from(rows.len()).unwrap_or(u64::MAX),
        }
    }

    /// The rows asked for.
    pub(super) fn rows(self) -> Vec<Row> {
        match self {
            Answer::Done(_) => Vec::new(),
            Answer::Rows(rows) => rows,
        }
    }
}

/// An open connection.
pub(super) struct Line {
    /// Present until dropped, like the client.
    runtime: Option<Runtime>,
    client: Option<Client>,
    task: Option<JoinHandle<()>>,
    statements: HashMap<String, Statement>,
    is_lost: bool,
    traffic: Traffic,
}

impl Line {
    /// Connects; to the first of several hosts that is as the address wants it.
    pub(super) fn open(config: &Config) -> Result<Line, Trouble> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Trouble::lasting(format!("starting a runtime: {error}")))?;
        let (client, task) = wait(&runtime, async {
            let (client, connection) = config.connect(NoTls).await?;
            // Its errors come back to the statements that wait.
            #[expect(
                clippy::disallowed_methods,
                reason = "it carries bytes of one connection, inside whoever waits for them"
            )]
            let task = tokio::spawn(async { drop(connection.await) });
            Ok::<_, tokio_postgres::Error>((client, task))
        })?;
        Ok(Line {
            runtime: Some(runtime),
            client: Some(client),
            task: Some(task),
            statements: HashMap::new(),
            is_lost: false,
            traffic: Traffic::default(),
        })
    }

    /// Whether the next flight may be tried on this connection.
    pub(super) fn is_usable(&self) -> bool {
        !self.is_lost && self.client.as_ref().is_some_and(|client| !client.is_closed())
    }

    /// Has the next transaction open another connection.
    pub(super) fn give_up(&mut self) {
        self.is_lost = true;
    }

    /// What went over the connection so far; preparing is not counted, it happens once.
    pub(super) fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Sends all steps in their order and waits for all answers. After a step that failed inside a transaction the
    /// server refuses the rest, so the first trouble is the cause.
    pub(super) fn fly(&mut self, steps: &[Step<'_>]) -> Vec<Result<Answer, Trouble>> {
        if let Err(trouble) = self.prepare(steps) {
            return steps.iter().map(|_| Err(trouble.clone())).collect();
        }
        self.traffic.round_trips += 1;
        self.traffic.statements += u64::try_from(steps.len()).unwrap_or(u64::MAX);
        let (runtime, client) = self.parts();
        let statements = &self.statements;
        let flight = join_all(steps.iter().map(|step| send(client, statements, step)));
        let answers: Vec<Result<Answer, Trouble>> =
            wait(runtime, flight).into_iter().map(|answer| answer.map_err(Trouble::from)).collect();
        let rows = |answer: &Answer| if matches!(answer, Answer::Rows(_)) { answer.count() } else { 0 };
        self.traffic.rows += answers.iter().flatten().map(rows).sum::<u64>();
        self.is_lost |= answers.iter().any(|answer| answer.as_ref().is_err_and(Trouble::ends_connection));
        answers
    }

    /// Sends plain SQL without values: several statements with their semicolons.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Trouble> {
        self.fly(&[Step::Command(sql)]).into_iter().try_for_each(|answer| answer.map(drop))
    }

    /// The rows of one question outside of a transaction.
    pub(super) fn ask(&mut self, sql: &str, values: &[Parameter<'_>]) -> Result<Vec<Row>, Trouble> {
        let answers = self.fly(&[Step::Ask(sql, values.to_vec())]);
        answers.into_iter().next().map_or(Ok(Vec::new()), |answer| answer.map(Answer::rows))
    }

    /// Prepares the statements that this connection has not seen, all in one round trip.
    pub(super) fn prepare(&mut self, steps: &[Step<'_>]) -> Result<(), Trouble> {
        let unseen = |sql: &&str| !self.statements.contains_key(*sql);
        let mut new: Vec<&str> = steps.iter().filter_map(Step::prepared_text).filter(unseen).collect();
        new.sort_unstable();
        new.dedup();
        if new.is_empty() {
            return Ok(());
        }
        let (runtime, client) = self.parts();
        let prepared = wait(runtime, join_all(new.iter().map(async |sql| client.prepare(&spoken(sql)).await)));
        for (sql, statement) in new.into_iter().zip(prepared) {
            match statement {
                Ok(statement) => drop(self.statements.insert(sql.to_owned(), statement)),
                Err(error) => {
                    let trouble = Trouble::from(error);
                    self.is_lost |= trouble.ends_connection();
                    return Err(trouble);
                }
            }
        }
        Ok(())
    }

    fn parts(&self) -> (&Runtime, &Client) {
        let runtime = self.runtime.as_ref().expect("present until dropped");
        (runtime, self.client.as_ref().expect("present until dropped"))
    }
}

impl<'a> Step<'a> {
    /// The same step, for a flight that is put together from others.
    pub(super) fn again(&self) -> Step<'a> {
        match self {
            Step::Command(sql) => Step::Command(sql),
            Step::Run(sql, values) => Step::Run(sql, values.clone()),
            Step::Ask(sql, values) => Step::Ask(sql, values.clone()),
        }
    }

    fn prepared_text(&self) -> Option<&'a str> {
        match self {
            Step::Command(_) => None,
            Step::Run(sql, _) | Step::Ask(sql, _) => Some(sql),
        }
    }
}

/// Drives `future` in this thread until it is done. A thread of the web's runtime may wait as well, after handing its
/// other tasks on.
fn wait<F: Future>(runtime: &Runtime, future: F) -> F::Output {
    match Handle::try_current() {
        Ok(around) if around.runtime_flavor() == RuntimeFlavor::MultiThread => {
            block_in_place(|| runtime.block_on(future))
        }
        _ => runtime.block_on(future),
    }
}

async fn send(
    client: &Client,
    statements: &HashMap<String, Statement>,
    step: &Step<'_>,
) -> Result<Answer, tokio_postgres::Error> {
    match step {
        Step::Command(sql) => client.batch_execute(sql).await.map(|()| Answer::Done(0)),
        Step::Run(sql, values) => client.execute(&statements[*sql], values).await.map(Answer::Done),
        Step::Ask(sql, values) => client.query(&statements[*sql], values).await.map(Answer::Rows),
    }
}

impl Drop for Line {
    /// Says goodbye, so that the server does not log a lost client, where this thread may wait at all.
    fn drop(&mut self) {
        self.statements.clear();
        self.client = None;
        let Some(runtime) = self.runtime.take() else { return };
        if let Some(task) = self.task.take()
            && !self.is_lost
            && Handle::try_current().is_err()
        {
            // A goodbye that does not get through in time is the server's to find out.
            #[expect(clippy::disallowed_methods, reason = "the end of a connection waits in real time")]
            let _ = runtime.block_on(async { timeout(GOODBYE, task).await });
        }
        runtime.shutdown_background();
    }
}
