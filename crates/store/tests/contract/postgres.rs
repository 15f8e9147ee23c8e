//! PostgreSQL keeps every promise; and what only a server can get wrong.

mod failures;
mod moving;
mod opening;
mod traffic;

use crate::damage::Damage;
use crate::engine::{Engine, pool};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};
use yibao_cluster::Cluster;
use yibao_store::hazard::Hazard;
use yibao_store::{PostgresStore, Store};

/// A database of its own, dropped with the value: on the server of the run, or on one that a test may stop.
pub struct Postgres {
    /// Where databases are made.
    server: String,
    name: String,
    url: String,
}

/// The server that all tests of a run share.
fn shared_server() -> String {
    std::env::var("YIBAO_TEST_POSTGRES").expect(
        "YIBAO_TEST_POSTGRES names no server; run `cargo xtask test` or \
         `cargo xtask postgres -- cargo test -p yibao-store`",
    )
}

/// A connection past the store: the hand of an operator, or of what goes wrong.
pub struct Hand {
    runtime: Runtime,
    client: Client,
}

impl Hand {
    pub fn at(url: &str) -> Hand {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client
        });
        Hand { runtime, client }
    }

    pub fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// One number.
    pub fn count(&self, sql: &str) -> i64 {
        self.runtime.block_on(self.client.query_one(sql, &[])).unwrap().get(0)
    }

    /// Returns once the number is not 0.
    pub fn wait_for(&self, sql: &str) {
        while self.count(sql) == 0 {
            std::thread::yield_now();
        }
    }
}

impl Postgres {
    pub fn new() -> Postgres {
        Postgres::on(shared_server())
    }

    /// On a server of the test's own.
    pub fn of(cluster: &Cluster) -> Postgres {
        Postgres::on(cluster.url("postgres"))
    }

    fn on(server: String) -> Postgres {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        Hand::at(&server).run(&format!("CREATE DATABASE {name}"));
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Postgres { server, name, url }
    }

    /// Runs a statement on every table of the book; one that has parts is one.
    fn of_each_table(&self, statement: &str) {
        self.hand().run(&format!(
            "DO $$
             DECLARE of_book record;
             BEGIN
                 FOR of_book IN SELECT relname FROM pg_class
                                WHERE relnamespace = 'book_520500'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                 LOOP
                     EXECUTE format('{statement}', of_book.relname);
                 END LOOP;
             END $$"
        ));
    }

    pub fn hand(&self) -> Hand {
        let hand = Hand::at(&self.url);
        hand.run("SET search_path = book_520500");
        hand
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A server of the test's own goes with all it has.
        if !std::thread::panicking() && Some(&self.server) == std::env::var("YIBAO_TEST_POSTGRES").ok().as_ref() {
            Hand::at(&self.server).run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

impl Engine for Postgres {
    fn store(&self) -> Box<dyn Store> {
        Box::new(PostgresStore::open(&self.url, &[pool()]).unwrap_or_else(|fault| panic!("{}", fault.chain())))
    }

    fn hazardous(&self, hazard: Arc<dyn Hazard>) -> Box<dyn Store> {
        let store = PostgresStore::open(&self.url, &[pool()]).unwrap_or_else(|fault| panic!("{}", fault.chain()));
        Box::new(store.with_hazard(hazard))
    }

    fn another(&self) -> Box<dyn Engine> {
        Box::new(Postgres::on(self.server.clone()))
    }

    fn spoil(&self, sql: &str) {
        let hand = self.hand();
        hand.run(
            "DO $$
             DECLARE rule record;
             BEGIN
                 FOR rule IN SELECT conrelid::regclass AS of_table, conname FROM pg_constraint
                             WHERE connamespace = 'book_520500'::regnamespace AND contype IN ('c', 'f')
                 LOOP
                     EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.of_table, rule.conname);
                 END LOOP;
             END $$",
        );
        hand.run(sql);
    }

    fn keep(&self) {
        self.spoil("CREATE SCHEMA kept");
        self.of_each_table("CREATE TABLE kept.%1$I AS TABLE %1$I");
    }

    fn bring_back(&self) {
        self.of_each_table("DELETE FROM %1$I");
        self.of_each_table("INSERT INTO %1$I OVERRIDING SYSTEM VALUE TABLE kept.%1$I");
    }

    fn own_damage(&self) -> &'static [Damage] {
        OWN_DAMAGE
    }
}

mod promises {
    crate::every_promise!(super::Postgres::new());
}

const OWN_DAMAGE: &[Damage] = &[
    (
        "账簿文件：结构完整，约束成立",
        &[
            (
                "UPDATE settlement SET round = 0 WHERE setl_id = 'S2';
                 ALTER TABLE settlement ADD CONSTRAINT counted CHECK (round >= 1) NOT VALID",
                "settlement：约束counted",
            ),
            ("UPDATE encounter SET psn_no = 'P9' WHERE mdtrt_id = 'E2'", "person"),
            ("UPDATE fund_share SET setl_id = 'S9' WHERE setl_id = 'S2'", "settlement"),
        ],
    ),
    (
        "报文：同一交互方同一交易的同一报文只记一次",
        &[(
            "ALTER TABLE message DROP CONSTRAINT message_pkey;
             INSERT INTO message SELECT * FROM message WHERE msgid = 'M-S1'",
            "M-S1/2207：记了2次",
        )],
    ),
    (
        "撤销：每笔撤销对应一笔结算，且只对应一笔",
        &[(
            "ALTER TABLE cancellation DROP CONSTRAINT cancellation_cancellation_id_key;
             UPDATE cancellation SET cancellation_id = 'R-S2' WHERE setl_id = 'S3'",
            "R-S2：同一撤销编号用了2次",
        )],
    ),
];
