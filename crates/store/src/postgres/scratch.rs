//! Databases that are made for a simulation and gone with it.

use super::PostgresStore;
use super::address::Address;
use super::line::Line;
use crate::fault::Fault;
use std::sync::atomic::{AtomicU64, Ordering};
use yibao_domain::code::Pool;

const DOING: &str = "为模拟建库";

/// A database of its own on somebody's server, dropped with the value; one that could not be dropped stays there under its
/// name, `yibao_scratch_…`.
pub struct Scratch {
    /// Where databases are made: any database of the server.
    server: Box<Address>,
    url: String,
    name: String,
}

impl Scratch {
    /// Makes an empty database beside the one at `url`. The role must be one that may make databases.
    pub fn create(url: &str) -> Result<Scratch, Fault> {
        Scratch::made(Address::of(url)?, url, "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    }

    /// Makes a copy of it as it is now, while nobody has it open.
    pub fn copied(&self) -> Result<Scratch, Fault> {
        Scratch::made(self.server.as_ref().clone(), &self.url, &format!("TEMPLATE {}", self.name))
    }

    /// Opens it as [`PostgresStore::open`] does.
    pub fn open(&self, pools: &[Pool]) -> Result<PostgresStore, Fault> {
        let mut address = self.server.as_ref().clone();
        address.config.dbname(&self.name);
        address.shown.clone_from(&self.name);
        PostgresStore::at(address, pools)
    }

    /// Its address, for another process.
    pub fn url(&self) -> String {
        at_database(&self.url, &self.name)
    }

    fn made(server: Address, url: &str, like: &str) -> Result<Scratch, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("yibao_scratch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("CREATE DATABASE {name} {like}"))?;
        Ok(Scratch { server: Box::new(server), url: url.to_owned(), name })
    }
}

/// The address of another database of the same server.
fn at_database(url: &str, name: &str) -> String {
    let (start, parameters) =
        url.split_once('?').map_or((url, String::new()), |(start, rest)| (start, format!("?{rest}")));
    let server = start.rfind('/').map_or(start, |end| &start[..end]);
    format!("{server}/{name}{parameters}")
}

fn run(server: &Address, sql: &str) -> Result<(), Fault> {
    let fault = |trouble: super::Trouble| trouble.fault(DOING, &server.shown);
    Line::open(&server.config).and_then(|mut line| line.batch(sql)).map_err(fault)
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The name tells whoever finds it what it was.
        let _ = run(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_of_a_server_keeps_who_asks_and_how() {
        let told = |url| at_database(url, "scratch");
        assert_eq!(told("postgres://yibao@127.0.0.1:5433/postgres"), "postgres://yibao@127.0.0.1:5433/scratch");
        assert_eq!(told("postgres://y:p@a,b/city?host=/run/pg"), "postgres://y:p@a,b/scratch?host=/run/pg");
    }
}
