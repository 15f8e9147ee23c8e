//! PostgreSQL as the ground (存储引擎·PostgreSQL): a private server for the measurement; a place is a database of it.

use crate::city;
use crate::deposits::Stored;
use crate::flush::Counter;
use crate::ground::Ground;
use crate::reference::flight::in_one_flight;
use crate::reference::order::{Database, Target};
use crate::reference::postgres::connect;
use crate::reference::postgres_book::PostgresBook;
use crate::reference::sample::Book;
use crate::reference::script::Script;
use anyhow::Context;
use tokio::task::LocalSet;
use yibao_cluster::Cluster;

/// Settings for a measurement on a machine of some GiB; commits are durable.
const SETTINGS: [&str; 5] = [
    "shared_buffers=1GB",
    "max_wal_size=4GB",
    "checkpoint_completion_target=0.9",
    "max_connections=200",
    "random_page_cost=1.1",
];
/// Numbers of connections that the reference tries.
const CONNECTIONS: [usize; 4] = [2, 4, 8, 16];

/// A private server.
pub(crate) struct PostgresGround {
    cluster: Cluster,
    counter: Counter,
}

impl PostgresGround {
    /// Starts a server whose flushes this counter counts.
    pub(crate) fn start(counter: Counter) -> anyhow::Result<PostgresGround> {
        let environment: Vec<(&str, &str)> =
            counter.environment().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let cluster = Cluster::start_with(&SETTINGS, &environment).context("启动私有 PostgreSQL")?;
        Ok(PostgresGround { cluster, counter })
    }

    /// Runs a statement that answers with at most one number.
    fn ask(&self, url: &str, sql: &str) -> anyhow::Result<Option<i64>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("查询数据库")?;
        LocalSet::new().block_on(&runtime, async {
            let rows = connect(url).await?.query(sql, &[]).await.with_context(|| sql.to_owned())?;
            Ok(rows.first().map(|row| row.get(0)))
        })
    }
}

fn schema() -> String {
    format!("book_{}", city::POOL)
}

/// The name at the end of a database's URL.
fn database(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or(place)
}

impl Ground for PostgresGround {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn place(&self, name: &str) -> anyhow::Result<String> {
        self.cluster.create_database(name)
    }

    fn copy(&self, place: &str, name: &str) -> anyhow::Result<String> {
        let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{}\"", database(place));
        self.ask(&self.cluster.url("postgres"), &sql)?;
        Ok(self.cluster.url(name))
    }

    fn remove(&self, place: &str) -> anyhow::Result<()> {
        let sql = format!("DROP DATABASE \"{}\" WITH (FORCE)", database(place));
        self.ask(&self.cluster.url("postgres"), &sql).map(|_| ())
    }

    fn book(&self, place: &str) -> anyhow::Result<Box<dyn Book>> {
        Ok(Box::new(PostgresBook::open(place, &schema())?))
    }

    fn book_bytes(&self, place: &str) -> anyhow::Result<u64> {
        let sql = format!(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{}' AND c.relkind = 'r'",
            schema()
        );
        let bytes = self.ask(place, &sql)?.context("账册大小")?;
        u64::try_from(bytes).context("账册大小")
    }

    fn documents(&self, place: &str) -> anyhow::Result<Stored> {
        let number = |sql: String| -> anyhow::Result<u64> {
            Ok(self.ask(place, &sql)?.with_context(|| sql.clone())?.unsigned_abs())
        };
        let (schema, tree) = (schema(), format!("pg_partition_tree('{}.deposit')", schema()));
        Ok(Stored {
            documents: number(format!("SELECT count(*) FROM {schema}.deposit"))?,
            bytes: number(format!(
                "SELECT (sum(pg_total_relation_size(relid)) + pg_total_relation_size('{schema}.deposit_count'))::bigint FROM {tree}"
            ))?,
            parts: number(format!("SELECT count(*) FROM {tree} WHERE isleaf"))?,
        })
    }

    fn targets(&self, place: &str) -> Vec<Target> {
        let target = |connections| Target::Postgres { url: place.to_owned(), schema: schema(), connections };
        CONNECTIONS.map(target).to_vec()
    }

    fn script(&self, script: Script) -> Script {
        in_one_flight(&script)
    }

    fn database(&self) -> Option<Database> {
        Some(Database { server: self.cluster.process()?, flushes: self.counter.file() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::order::Order;
    use crate::reference::sample::{Sent, Travelled, script};
    use crate::reference::script::{Sampled, Step};
    use crate::reference::worker::carry_out;
    use crate::traffic::Mix;
    use std::time::Duration;

    /// A book as small as can be, with what is particular to the engine: types, numbers it draws itself, a foreign key.
    const BOOK: &str = "
        CREATE SCHEMA book_520500; SET search_path = book_520500;
        CREATE TABLE encounter (mdtrt_id text PRIMARY KEY, psn_no text NOT NULL, begntime timestamp NOT NULL);
        CREATE TABLE line (mdtrt_id text NOT NULL REFERENCES encounter, sn text NOT NULL, own boolean NOT NULL,
                           seq bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (mdtrt_id, sn));
        CREATE TABLE total (psn_no text PRIMARY KEY, value bigint NOT NULL);
        CREATE TABLE account (psn_no text PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
        INSERT INTO account SELECT '5205' || lpad(n::text, 10, '0'), 100000 FROM generate_series(0, 9) n";

    /// What the platform would do for one purchase.
    const PURCHASE: &str = "SET search_path = book_520500;
        INSERT INTO encounter VALUES ('52050020210701100000007', '52050000000003', '2021-07-01 09:50:00');
        INSERT INTO line VALUES ('52050020210701100000007', '1', true), ('52050020210701100000007', '2', false);
        INSERT INTO total VALUES ('52050000000003', 240);
        UPDATE account SET balance = balance - 240 WHERE psn_no = '52050000000003'";

    fn run(ground: &PostgresGround, place: &str, sql: &str) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        LocalSet::new().block_on(&runtime, async { connect(place).await.unwrap().batch_execute(sql).await.unwrap() });
        assert!(ground.database().unwrap().used().cpu_ms > 0);
    }

    #[test]
    fn the_rows_of_one_purchase_are_written_for_others_in_one_statement_each() {
        let ground = PostgresGround::start(Counter::absent()).unwrap();
        let place = ground.place("city").unwrap();
        run(&ground, &place, BOOK);
        let bare = ground.copy(&place, "bare").unwrap();
        let mut book = ground.book(&place).unwrap();
        let before = book.rows().unwrap();
        run(&ground, &place, PURCHASE);
        let after = book.rows().unwrap();
        let sent = Sent { infno: "2102".to_owned(), msgid: "P52050200000202107010000000000".to_owned(), before, after };
        let (person, certificate) = (city::person(3), city::certificate(3));
        let provider = city::pharmacy(0);
        let journey = Travelled { kind: "购药".to_owned(), person, certificate, provider, sent: vec![sent] };
        let script = ground.script(script(book.as_ref(), &[journey]).unwrap());
        assert_eq!(script.statements.len(), 1, "{script:?}");
        let [Sampled { steps, .. }] = script.journeys.as_slice() else { panic!("{script:?}") };
        assert!(matches!(steps.as_slice(), [Step { writes, .. }] if writes.len() == 1));

        let order = Order {
            target: ground.targets(&bare).remove(0),
            script,
            callers: 4,
            warm_up: Duration::ZERO,
            counted: Duration::from_millis(200),
            mix: Mix { purchases: 100, visits: 0 },
            persons: 10,
            seed: 1,
            first_journey: 0,
            own_checkpoints: false,
            database: ground.database(),
        };
        let report = carry_out(order).unwrap();
        let journeys = i64::try_from(report.next_journey).unwrap();
        assert!(report.settled > 0 && journeys >= 4);
        let sum = |sql: &str| ground.ask(&bare, sql).unwrap().unwrap();
        assert_eq!(sum("SELECT count(*) FROM book_520500.encounter"), journeys);
        assert_eq!(sum("SELECT count(*) FROM book_520500.line"), 2 * journeys);
        assert_eq!(sum("SELECT sum(value)::bigint FROM book_520500.total"), 240 * journeys);
        assert_eq!(sum("SELECT sum(balance)::bigint FROM book_520500.account"), 1_000_000 - 240 * journeys);
        assert!(ground.book_bytes(&bare).unwrap() > 0);
        drop(book);
        ground.remove(&place).unwrap();
    }
}
