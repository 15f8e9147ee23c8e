//! The ground (存储引擎): where the platform keeps its data while it is measured, and what is asked of the engine there.

use crate::city;
use crate::deposits::Stored;
use crate::reference::order::{Database, Target};
use crate::reference::sample::Book;
use crate::reference::script::Script;
use crate::reference::sqlite;
use crate::reference::sqlite_book::SqliteBook;
use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};

/// An engine with room for several places, each the value of a `--data`.
pub(crate) trait Ground {
    /// Its name for reports.
    fn name(&self) -> &'static str;

    /// A new place that the platform has not used yet.
    fn place(&self, name: &str) -> anyhow::Result<String>;

    /// Copies a place that no process uses to a new one.
    fn copy(&self, place: &str, name: &str) -> anyhow::Result<String>;

    /// Deletes a place that no process uses.
    fn remove(&self, place: &str) -> anyhow::Result<()>;

    /// The book of the measured pool, to be read.
    fn book(&self, place: &str) -> anyhow::Result<Box<dyn Book>>;

    /// How large the book of the measured pool is, in bytes.
    fn book_bytes(&self, place: &str) -> anyhow::Result<u64>;

    /// What a place that no process uses has of uploaded documents.
    fn documents(&self, place: &str) -> anyhow::Result<Stored>;

    /// Where the reference writes, for each number of connections that is worth trying.
    fn targets(&self, place: &str) -> Vec<Target>;

    /// The reference's script as this engine takes it best.
    fn script(&self, script: Script) -> Script;

    /// The engine's own processes; nothing where it lives in the platform's.
    fn database(&self) -> Option<Database>;
}

/// The embedded store: a place is a data folder.
pub(crate) struct SqliteGround {
    folder: PathBuf,
}

impl SqliteGround {
    /// Places below this folder.
    pub(crate) fn new(folder: &Path) -> SqliteGround {
        SqliteGround { folder: folder.to_owned() }
    }
}

fn book_file(place: &str) -> PathBuf {
    Path::new(place).join("books").join(format!("{}.db", city::POOL))
}

impl Ground for SqliteGround {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn place(&self, name: &str) -> anyhow::Result<String> {
        Ok(self.folder.join(name).to_string_lossy().into_owned())
    }

    fn copy(&self, place: &str, name: &str) -> anyhow::Result<String> {
        let copy = self.place(name)?;
        copy_folder(Path::new(place), Path::new(&copy))?;
        Ok(copy)
    }

    fn remove(&self, place: &str) -> anyhow::Result<()> {
        fs::remove_dir_all(place).with_context(|| format!("删除 {place}"))
    }

    fn book(&self, place: &str) -> anyhow::Result<Box<dyn Book>> {
        Ok(Box::new(SqliteBook::open(&book_file(place))?))
    }

    fn book_bytes(&self, place: &str) -> anyhow::Result<u64> {
        let file = book_file(place);
        Ok(fs::metadata(&file).with_context(|| format!("查看 {}", file.display()))?.len())
    }

    fn documents(&self, place: &str) -> anyhow::Result<Stored> {
        let connection = sqlite::open(&book_file(place))?;
        let number = |sql: &str| -> anyhow::Result<u64> {
            let found: i64 = connection.query_row(sql, [], |row| row.get(0)).with_context(|| sql.to_owned())?;
            Ok(found.unsigned_abs())
        };
        Ok(Stored {
            documents: number("SELECT count(*) FROM deposit")?,
            bytes: number(
                "SELECT coalesce(sum(pgsize), 0) FROM dbstat
                 WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name LIKE 'deposit%')",
            )?,
            parts: 1,
        })
    }

    fn targets(&self, place: &str) -> Vec<Target> {
        vec![Target::Sqlite(book_file(place))]
    }

    fn script(&self, script: Script) -> Script {
        script
    }

    fn database(&self) -> Option<Database> {
        None
    }
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| format!("建立目录 {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("读取目录 {}", from.display()))? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("文件名")?);
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target).with_context(|| format!("复制 {}", path.display()))?;
        }
    }
    Ok(())
}
