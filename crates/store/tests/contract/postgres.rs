//! PostgreSQL keeps every promise; and what only a server can get wrong.

use crate::engine::{Engine, pool};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};
use yibao_store::{PostgresStore, Store};

/// A database of its own on the server of the run, dropped with the value.
pub struct Postgres {
    name: String,
    url: String,
}

fn server() -> String {
    std::env::var("YIBAO_TEST_POSTGRES").expect(
        "YIBAO_TEST_POSTGRES names no server; run `cargo xtask test` or \
         `cargo xtask postgres -- cargo test -p yibao-store`",
    )
}

/// A connection past the store, for what an operator or a failing machine does.
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
}

impl Postgres {
    pub fn new() -> Postgres {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let server = server();
        Hand::at(&server).run(&format!("CREATE DATABASE {name}"));
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Postgres { name, url }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            Hand::at(&server()).run(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

impl Engine for Postgres {
    fn store(&self) -> Box<dyn Store> {
        Box::new(PostgresStore::open(&self.url, &[pool()]).unwrap_or_else(|fault| panic!("{}", fault.chain())))
    }
}

mod promises {
    crate::every_promise!(super::Postgres::new());
}
