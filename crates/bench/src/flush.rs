//! Flushes (落盘): counted, and slower where asked, by a small library that is preloaded into what is measured.
//!
//! The library is compiled when a measurement starts; without a C compiler nothing is counted. Invariant: platform,
//! database and reference all get the same delay.

use anyhow::{Context, ensure};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = include_str!("flush.c");

/// The compiled library.
#[derive(Debug)]
pub(crate) struct Shim {
    library: PathBuf,
    folder: PathBuf,
    delay_us: u64,
}

/// A counter of flushes, shared by the processes that have its environment.
#[derive(Debug)]
pub(crate) struct Counter {
    file: Option<PathBuf>,
    environment: Vec<(String, String)>,
}

impl Shim {
    /// Compiles the library into `folder`. Nothing where there is no compiler, unless a delay needs it.
    pub(crate) fn compile(folder: &Path, delay_us: u64) -> anyhow::Result<Option<Shim>> {
        let (source, library) = (folder.join("flush.c"), folder.join("flush.so"));
        fs::write(&source, SOURCE).context("写 flush.c")?;
        let compiled = Command::new("cc").args(["-O2", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).output();
        match compiled {
            Ok(output) if output.status.success() => Ok(Some(Shim { library, folder: folder.to_owned(), delay_us })),
            Ok(output) => anyhow::bail!("cc 编译 flush.c 失败：{}", String::from_utf8_lossy(&output.stderr)),
            Err(error) => {
                ensure!(delay_us == 0, "--flush-delay 需要 C 编译器 cc（{error}），请安装 gcc");
                Ok(None)
            }
        }
    }

    /// A new counter at zero.
    pub(crate) fn counter(&self, name: &str) -> anyhow::Result<Counter> {
        let file = self.folder.join(format!("{name}.count"));
        fs::write(&file, [0; 8]).context("建立落盘计数")?;
        // The database runs as a user of its own.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).context("建立落盘计数")?;
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let environment = vec![
            ("LD_PRELOAD".to_owned(), text(&self.library)),
            ("YIBAO_FLUSH_COUNT".to_owned(), text(&file)),
            ("YIBAO_FLUSH_DELAY_US".to_owned(), self.delay_us.to_string()),
        ];
        Ok(Counter { file: Some(file), environment })
    }
}

impl Counter {
    /// Counts nothing, because there is no compiler.
    pub(crate) fn absent() -> Counter {
        Counter::of_file(None)
    }

    /// The counter in this file.
    pub(crate) fn of_file(file: Option<PathBuf>) -> Counter {
        Counter { file, environment: Vec::new() }
    }

    /// The file of the count, if there is one.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.file.clone()
    }

    /// The counter that this process itself was given.
    pub(crate) fn of_environment() -> Counter {
        Counter::of_file(std::env::var_os("YIBAO_FLUSH_COUNT").map(PathBuf::from))
    }

    /// What a process needs in its environment to be counted.
    pub(crate) fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    /// Flushes so far.
    pub(crate) fn read(&self) -> Option<u64> {
        let bytes = fs::read(self.file.as_ref()?).ok()?;
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flush_of_a_process_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let shim = Shim::compile(folder.path(), 0).unwrap().expect("the tests' machine has cc");
        let counter = shim.counter("dd").unwrap();
        assert_eq!(counter.read(), Some(0));
        let write = |more: &[&str]| {
            let of = format!("of={}", folder.path().join("out").display());
            let mut dd = Command::new("dd");
            dd.args(["if=/dev/zero", "bs=512", "count=1", "status=none", &of]).args(more);
            dd.envs(counter.environment().iter().map(|(name, value)| (name, value)));
            assert!(dd.status().unwrap().success());
        };
        write(&[]);
        assert_eq!(counter.read(), Some(0), "nothing was flushed");
        write(&["conv=fsync"]);
        write(&["conv=fdatasync"]);
        assert_eq!(counter.read(), Some(2));
    }
}
