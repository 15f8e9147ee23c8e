//! The data folder: which files it has, how a connection to them is set up, and clear words where the
//! folder is not what it should be.

use super::migration::{BOOK, REFERENCE};
use super::statement::OrFault;
use crate::fault::Fault;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use yibao_domain::code::Pool;

const OPENING: &str = "打开数据目录";
const REFERENCE_DATA: &str = "打开参考数据";

/// How long a writer waits for another process's write turn. Turns take milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Page cache of a connection in KiB, at most: what is hot of a city's book. A small book takes no more than it has.
const CACHE_KIB: i64 = 256 * 1024;
/// More statements than the seam has, so that none is parsed twice.
const STATEMENTS: usize = 256;

/// The folder of `--data`.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder, created where it does not exist.
    pub(super) fn create(path: &Path) -> Result<Folder, Fault> {
        if !path.exists() {
            make_directory(path)?;
        }
        Folder::checked(path, true)
    }

    /// The folder, which must exist.
    pub(super) fn existing(path: &Path) -> Result<Folder, Fault> {
        if !path.exists() {
            return Err(refused(path, "目录不存在，请检查路径，或先用 load、serve 或 demo 建立数据"));
        }
        Folder::checked(path, false)
    }

    fn checked(path: &Path, may_create: bool) -> Result<Folder, Fault> {
        if !path.is_dir() {
            return Err(refused(path, "这不是目录，请另指定数据目录"));
        }
        let folder = Folder { path: path.to_path_buf() };
        let reference = folder.reference_file();
        let _turn = folder.opening_turn()?;
        let is_new = may_create && is_empty(path)?;
        if !is_new && !reference.exists() {
            return Err(refused(path, "目录里没有医保数据（缺少 reference.db），请指定空目录或原来的数据目录"));
        }
        let mut connection = connect(&reference)?;
        REFERENCE.apply(&mut connection, &text(&reference))?;
        if !folder.books().exists() {
            make_directory(&folder.books())?;
        }
        flush_directory(path)?;
        Ok(folder)
    }

    /// The pools that have a book, by code.
    pub(super) fn pools(&self) -> Result<Vec<Pool>, Fault> {
        let mut pools = Vec::new();
        for entry in fs::read_dir(self.books()).map_err(|error| unusable(&self.books(), error))? {
            let file = entry.map_err(|error| unusable(&self.books(), error))?.path();
            if file.extension().is_some_and(|extension| extension == "db")
                && let Some(name) = file.file_stem().and_then(|name| name.to_str())
            {
                pools.push(Pool::new(name));
            }
        }
        pools.sort();
        Ok(pools)
    }

    /// A connection to a pool's book with the reference data attached. The book is created where it does not exist.
    pub(super) fn book(&self, pool: &Pool) -> Result<Connection, Fault> {
        check_name(pool)?;
        let _turn = self.opening_turn()?;
        let file = self.book_file(pool);
        let is_new = !file.exists();
        let mut connection = connect(&file)?;
        BOOK.apply(&mut connection, &text(&file))?;
        if is_new {
            flush_directory(&self.books())?;
        }
        attach(&connection, &text(&self.reference_file()), pool)?;
        set_up(&connection, "reference").or_fault(REFERENCE_DATA, pool.as_str())?;
        Ok(connection)
    }

    /// The turn to open or create files, of all threads and processes; it ends when the file is dropped. SQLite
    /// alone does not see to it: switching a new file to the write-ahead log fails at once, without waiting,
    /// while somebody else does the same.
    fn opening_turn(&self) -> Result<File, Fault> {
        let turn = File::open(&self.path).map_err(|error| unusable(&self.path, error))?;
        turn.lock().map_err(|error| unusable(&self.path, error))?;
        Ok(turn)
    }

    /// The file of a pool's book, whether it exists or not.
    pub(super) fn book_file(&self, pool: &Pool) -> PathBuf {
        self.books().join(format!("{pool}.db"))
    }

    fn reference_file(&self) -> PathBuf {
        self.path.join("reference.db")
    }

    fn books(&self) -> PathBuf {
        self.path.join("books")
    }
}

/// Refuses a pool that is no code: it becomes the name of a file.
pub(super) fn check_name(pool: &Pool) -> Result<(), Fault> {
    let name = pool.as_str();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Fault::new("打开统筹区账簿", name, "统筹区编码只能由数字和字母组成"));
    }
    Ok(())
}

/// Attaches the reference data to a book.
pub(super) fn attach(book: &Connection, reference: &str, pool: &Pool) -> Result<(), Fault> {
    book.execute("ATTACH DATABASE ?1 AS reference", [reference]).or_fault(REFERENCE_DATA, pool.as_str()).map(drop)
}

/// A connection with everything set that speed and the rules of the schema need, wherever its file is.
pub(super) fn prepared(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A plan for a statement is kept whatever is bound to it; without this every new day or range in a query
    // has the statement prepared again, which cost more than half of a settlement.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    // What a savepoint may have to put back stays in memory instead of a temporary file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// A connection to one file with everything set that durability and speed need.
fn connect(file: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open(file).and_then(prepared).map_err(|error| unusable(file, error))?;
    if connection.is_readonly("main").map_err(|error| unusable(file, error))? {
        return Err(refused(file, "文件不可写，请检查属主和权限"));
    }
    set_up(&connection, "main").map_err(|error| unusable(file, error))?;
    Ok(connection)
}

fn set_up(connection: &Connection, schema: &str) -> rusqlite::Result<()> {
    connection.pragma_update(Some(schema), "journal_mode", "WAL")?;
    // FULL: the log is flushed at every commit. NORMAL would lose acknowledged calls in a power cut.
    connection.pragma_update(Some(schema), "synchronous", "FULL")?;
    // Negative: KiB rather than pages.
    connection.pragma_update(Some(schema), "cache_size", -CACHE_KIB)
}

fn make_directory(path: &Path) -> Result<(), Fault> {
    fs::create_dir_all(path).map_err(|error| unusable(path, error))?;
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => flush_directory(Path::new(".")),
        Some(parent) => flush_directory(parent),
        None => Ok(()),
    }
}

/// Makes the names of new files durable; their contents are SQLite's business.
fn flush_directory(path: &Path) -> Result<(), Fault> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(|error| unusable(path, error))
}

/// Whether nothing is there but what systems put into every folder.
fn is_empty(path: &Path) -> Result<bool, Fault> {
    let entries: io::Result<Vec<_>> = fs::read_dir(path).and_then(|entries| entries.collect());
    let entries = entries.map_err(|error| unusable(path, error))?;
    Ok(entries.iter().all(|entry| {
        let name = entry.file_name();
        name == "lost+found" || name.to_string_lossy().starts_with('.')
    }))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn refused(path: &Path, why: &str) -> Fault {
    Fault::new(OPENING, text(path), why)
}

fn unusable(path: &Path, error: impl std::fmt::Display) -> Fault {
    refused(path, &format!("不能读写：{error}。请检查路径、属主、权限和磁盘空间，以及它是不是本程序的数据目录"))
}
