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
    name: String,
}

impl Scratch {
    /// Makes an empty database beside the one at `url`. The role must be one that may make databases.
    pub fn create(url: &str) -> Result<Scratch, Fault> {
        Scratch::made(Address::of(url)?, "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    }

    /// Makes a copy of it as it is now, while nobody has it open.
    pub fn copied(&self) -> Result<Scratch, Fault> {
        Scratch::made(self.server.as_ref().clone(), &format!("TEMPLATE {}", self.name))
    }

    /// Opens it as [`PostgresStore::open`] does.
    pub fn open(&self, pools: &[Pool]) -> Result<PostgresStore, Fault> {
        let mut address = self.server.as_ref().clone();
        address.config.dbname(&self.name);
        address.shown.clone_from(&self.name);
        PostgresStore::at(address, pools)
    }

    fn made(server: Address, like: &str) -> Result<Scratch, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("yibao_scratch_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        run(&server, &format!("CREATE DATABASE {name} {like}"))?;
        Ok(Scratch { server: Box::new(server), name })
    }
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
