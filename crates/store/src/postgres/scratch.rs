//! Databases that are made for a simulation and gone with it.

use super::PostgresStore;
use super::address::Address;
use super::line::Line;
use crate::fault::Fault;
use std::collections::BTreeSet;
use std::mem::forget;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use yibao_domain::code::Pool;

const DOING: &str = "为模拟建库";

/// A database of its own on somebody's server, dropped with the value; one that could not be dropped stays there under its
/// name, `yibao_scratch_…`.
pub struct Scratch {
    /// Where databases are made: any database of the server.
    server: Box<Address>,
    url: String,
    name: String,
    family: Arc<Family>,
}

/// A database and all its copies.
#[derive(Default)]
struct Family {
    /// Read while one is made or dropped.
    changes: RwLock<()>,
    names: Mutex<BTreeSet<String>>,
}

/// Drops a database and all its copies at once.
pub struct Remover {
    server: Box<Address>,
    family: Arc<Family>,
}

impl Remover {
    /// Drops them, whoever has them open. From then on none is made any more: whoever wants one waits until the process ends.
    pub fn remove(&self) {
        let changes = self.family.changes.write().unwrap_or_else(PoisonError::into_inner);
        for name in self.family.names.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            drop_database(&self.server, name);
        }
        forget(changes);
    }
}

impl Scratch {
    /// Makes an empty database beside the one at `url`. The role must be one that may make databases.
    pub fn create(url: &str) -> Result<Scratch, Fault> {
        let like = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'";
        Scratch::made((Address::of(url)?, url), like, Arc::default())
    }

    /// Makes a copy of it as it is now, while nobody has it open.
    pub fn copied(&self) -> Result<Scratch, Fault> {
        let at = (self.server.as_ref().clone(), self.url.as_str());
        Scratch::made(at, &format!("TEMPLATE {}", self.name), self.family.clone())
    }

    /// What drops it and its copies when the command is interrupted.
    pub fn remover(&self) -> Remover {
        Remover { server: self.server.clone(), family: self.family.clone() }
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

    fn made((server, url): (Address, &str), like: &str, family: Arc<Family>) -> Result<Scratch, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("yibao_scratch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let changes = family.changes.read().unwrap_or_else(PoisonError::into_inner);
        run(&server, &format!("CREATE DATABASE {name} {like}"))?;
        family.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        drop(changes);
        Ok(Scratch { server: Box::new(server), url: url.to_owned(), name, family })
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

fn drop_database(server: &Address, name: &str) {
    // The name tells whoever finds it what it was.
    let _ = run(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _changes = self.family.changes.read().unwrap_or_else(PoisonError::into_inner);
        drop_database(&self.server, &self.name);
        self.family.names.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
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
