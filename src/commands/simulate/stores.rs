//! Where the two courses of a simulated city are kept.

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
pub enum Stores {
    Memory,
    Folder,
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
    /// As `--store` says.
    pub fn of(asked: &str, pool: &Pool) -> anyhow::Result<Stores> {
        match asked {
            "memory" => Ok(Stores::Memory),
            "folder" => Ok(Stores::Folder),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                let template = Scratch::create(url).map_err(told)?;
                drop(template.open(std::slice::from_ref(pool)).map_err(told)?);
                Ok(Stores::Postgres(template))
            }
            _ => bail!("--store {asked}：应为 memory、folder 或 postgres:// 地址"),
        }
    }

    /// Two that are empty.
    pub fn pair(&self) -> anyhow::Result<Pair> {
        match self {
            Stores::Memory => {
                let made = || anyhow::Ok(trapped(SqliteStore::in_memory().map_err(told)?, SqliteStore::with_hazard));
                Ok(Pair { grounds: [made()?, made()?], _kept: Kept::Nothing })
            }
            Stores::Folder => {
                let folder = tempfile::tempdir().context("建立临时目录")?;
                let made = |name: &str| {
                    let store = SqliteStore::open(&folder.path().join(name), &[]).map_err(told)?;
                    anyhow::Ok(trapped(store, SqliteStore::with_hazard))
                };
                Ok(Pair { grounds: [made("with")?, made("without")?], _kept: Kept::Folder { _folder: folder } })
            }
            Stores::Postgres(template) => {
                let databases = [template.copied().map_err(told)?, template.copied().map_err(told)?];
                let opened = |at: usize| {
                    let store = databases[at].open(&[]).map_err(told)?.with_writers(1);
                    anyhow::Ok(trapped(store, PostgresStore::with_hazard))
                };
                Ok(Pair { grounds: [opened(0)?, opened(1)?], _kept: Kept::Databases { _databases: databases } })
            }
        }
    }
}

/// A store with a trap below it.
fn trapped<S: Store + 'static>(store: S, with: impl FnOnce(S, Arc<dyn Hazard>) -> S) -> Ground {
    let trap = Arc::new(Trap::default());
    Ground { store: Arc::new(with(store, trap.clone())), trap: Some(trap) }
}

fn told(fault: Fault) -> anyhow::Error {
    anyhow::anyhow!(fault.chain())
}
