//! Where the two courses of a simulated city are kept.

use super::served::{Outage, Served, Traffic};
use crate::machine::{remove_when_interrupted, when_interrupted};
use anyhow::{Context, bail};
use std::sync::Arc;
use tempfile::TempDir;
use yibao_domain::code::Pool;
use yibao_sim::faults::Trap;
use yibao_sim::office::Ground;
use yibao_store::hazard::Hazard;
use yibao_store::postgres::scratch::Scratch;
use yibao_store::{Fault, PostgresStore, SqliteStore, Store};

/// Makes stores, two for each seed.
pub struct Stores {
    place: Place,
    /// What a course goes by whose platform is served by processes of its own, and what they were sent.
    served: Option<(Outage, Arc<Traffic>)>,
}

enum Place {
    Memory,
    /// One folder, in which each course has its own.
    Folder(TempDir),
    /// An empty database with the tables of the pool.
    Postgres(Scratch),
}

/// Two empty stores, gone with the value.
pub struct Pair {
    pub grounds: [Ground; 2],
    _kept: Kept,
}

enum Kept {
    Nothing,
    Folder { _folder: TempDir },
    Databases { _databases: [Scratch; 2] },
}

impl Stores {
    /// As `--store` says. What is made is removed with the value, and when the command is interrupted.
    pub fn of(asked: &str, pool: &Pool, served: Option<Outage>) -> anyhow::Result<Stores> {
        let place = match asked {
            "memory" => Place::Memory,
            "folder" => {
                let folder = tempfile::tempdir().context("建立临时目录")?;
                remove_when_interrupted(folder.path())?;
                Place::Folder(folder)
            }
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                let template = Scratch::create(url).map_err(told)?;
                let remover = template.remover();
                when_interrupted(move || remover.remove())?;
                drop(template.open(std::slice::from_ref(pool)).map_err(told)?);
                Place::Postgres(template)
            }
            _ => bail!("--store {asked}：应为 memory、folder 或 postgres:// 地址"),
        };
        Ok(Stores { place, served: served.map(|outage| (outage, Arc::default())) })
    }

    /// What processes of their own were sent; nothing where there are none.
    pub fn traffic(&self) -> Option<String> {
        self.served.as_ref().map(|(_, traffic)| traffic.told())
    }

    /// Two that are empty.
    pub fn pair(&self) -> anyhow::Result<Pair> {
        match &self.place {
            Place::Memory => {
                let made = || anyhow::Ok(trapped(SqliteStore::in_memory().map_err(told)?, SqliteStore::with_hazard));
                Ok(Pair { grounds: [made()?, made()?], _kept: Kept::Nothing })
            }
            Place::Folder(all) => {
                let folder = tempfile::tempdir_in(all.path()).context("建立临时目录")?;
                let made = |name: &str, served: bool| {
                    let path = folder.path().join(name);
                    let store = SqliteStore::open(&path, &[]).map_err(told)?;
                    let data = path.to_string_lossy().into_owned();
                    anyhow::Ok(self.ground(store, SqliteStore::with_hazard, served.then_some(data)))
                };
                Ok(Pair {
                    grounds: [made("with", true)?, made("without", false)?],
                    _kept: Kept::Folder { _folder: folder },
                })
            }
            Place::Postgres(template) => {
                let databases = [template.copied().map_err(told)?, template.copied().map_err(told)?];
                let opened = |at: usize| {
                    let store = databases[at].open(&[]).map_err(told)?.with_writers(1);
                    let data = (at == 0).then(|| databases[at].url());
                    anyhow::Ok(self.ground(store, PostgresStore::with_hazard, data))
                };
                Ok(Pair { grounds: [opened(0)?, opened(1)?], _kept: Kept::Databases { _databases: databases } })
            }
        }
    }
}

impl Stores {
    /// A store at `data`, served by processes of its own where that is wanted and the place is given; else with a trap below it.
    fn ground<S: Store + 'static>(
        &self,
        store: S,
        with: impl FnOnce(S, Arc<dyn Hazard>) -> S,
        data: Option<String>,
    ) -> Ground {
        match (data, &self.served) {
            (Some(data), Some((plan, traffic))) => {
                let host = Served::on(data, plan.clone(), traffic.clone());
                Ground::with_host(Arc::new(store), Arc::new(host))
            }
            _ => trapped(store, with),
        }
    }
}

/// A store with a trap below it.
fn trapped<S: Store + 'static>(store: S, with: impl FnOnce(S, Arc<dyn Hazard>) -> S) -> Ground {
    let trap = Arc::new(Trap::default());
    Ground::with_trap(Arc::new(with(store, trap.clone())), trap)
}

fn told(fault: Fault) -> anyhow::Error {
    anyhow::anyhow!(fault.chain())
}
