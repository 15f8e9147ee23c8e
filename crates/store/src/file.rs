//! Files that providers exchange with the platform (文件上传、下载): 9101, 9102, and the answers of 3202.

use crate::engine::{Engine, select};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::time::DateTime;

/// A file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredFile {
    /// 文件查询号.
    pub file_qury_no: String,
    /// Whose it is.
    pub fixmedins_code: String,
    /// 文件名.
    pub filename: String,
    /// The bytes, base64.
    pub content: String,
    /// When it came or was made.
    pub created_at: DateTime,
    /// Until when it can be fetched (下载截止时间).
    pub ends_at: DateTime,
}

/// Questions and records about files.
pub trait Files {
    /// One file.
    fn file(&mut self, file_qury_no: &str) -> Result<Option<StoredFile>, Fault>;
    /// Records a file; its number must be new.
    fn add_file(&mut self, row: &StoredFile) -> Result<(), Fault>;
    /// Removes files whose time is over, and says how many.
    fn remove_files(&mut self, ended_before: DateTime) -> Result<u64, Fault>;
}

record! {
    StoredFile = "stored_file", "交换文件", key [file_qury_no];
    fields { file_qury_no, fixmedins_code, filename, content, created_at, ends_at }
}

impl<E: Engine> Files for E {
    fn file(&mut self, file_qury_no: &str) -> Result<Option<StoredFile>, Fault> {
        let sql = select!(StoredFile, "WHERE file_qury_no = ?1");
        self.first(("reading file", file_qury_no), sql, &values![file_qury_no], StoredFile::read)
    }

    fn add_file(&mut self, row: &StoredFile) -> Result<(), Fault> {
        self.add(("recording file", &row.file_qury_no), row)
    }

    fn remove_files(&mut self, ended_before: DateTime) -> Result<u64, Fault> {
        let sql = "DELETE FROM stored_file WHERE ends_at < ?1";
        self.run(("removing files", ""), sql, &values![ended_before])
    }
}
