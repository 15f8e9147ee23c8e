//! A disk that can be made full at will, for one process: a shim that its writing goes through.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// The shim and its switch.
pub struct FullDisk {
    folder: TempDir,
}

impl FullDisk {
    /// Compiles the shim; the disk has room.
    pub fn prepare() -> FullDisk {
        let folder = TempDir::new().expect("a temporary folder");
        // A server that runs as a user of its own looks at the switch too.
        Command::new("chmod").arg("755").arg(folder.path()).status().expect("chmod runs");
        let disk = FullDisk { folder };
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/full_disk.c");
        let mut compile = Command::new("cc");
        compile.args(["-shared", "-fPIC", "-O1", "-o"]).arg(disk.shim()).args([source, "-ldl"]);
        assert!(compile.status().expect("cc is installed").success());
        disk
    }

    /// What a process needs in its environment.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        [("LD_PRELOAD", text(self.shim())), ("FULL_DISK", text(self.switch()))]
    }

    /// From now on nothing can be written.
    pub fn fill(&self) {
        File::create(self.switch()).expect("this process has room");
    }

    /// There is room again.
    pub fn clear(&self) {
        fs::remove_file(self.switch()).expect("the disk was full");
    }

    fn shim(&self) -> PathBuf {
        self.folder.path().join("full_disk.so")
    }

    fn switch(&self) -> PathBuf {
        self.folder.path().join("is_full")
    }
}
