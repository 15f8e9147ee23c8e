//! The platform under measurement (被测平台): a real `yibao serve` in a process of its own, ended when dropped.

use crate::driver::Connection;
use crate::flush::Counter;
use crate::measured::Cost;
use crate::process::{self, Used};
use anyhow::{Context, ensure};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// The platform's time when it starts.
const CLOCK: &str = "2021-07-01T10:00:00+08:00";
const READY_WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// Loads a folder of CSV files with `yibao load`.
pub(crate) fn load(program: &Path, data: &str, folder: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.args(["load", "--data", data]).arg(folder).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output().context("启动 yibao load")?;
    ensure!(output.status.success(), "yibao load 没有成功：\n{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// Checks the books with `yibao verify`; its words where they do not pass.
pub(crate) fn verify(program: &Path, data: &str) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    let output = command.args(["verify", "--data", data]).stdin(Stdio::null()).output().context("启动 yibao verify")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(
        output.status.success(),
        "yibao verify {data} 没有通过：\n{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// A platform that serves.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    counter: Counter,
    log: PathBuf,
}

/// What had been used at a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    used: Used,
    flushes: Option<u64>,
}

impl Server {
    /// Serves `data` and waits until it is ready. What the platform says goes to `log`.
    pub(crate) fn start(program: &Path, data: &str, log: &Path, counter: Counter) -> anyhow::Result<Server> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let said = File::create(log).with_context(|| format!("建立 {}", log.display()))?;
        let child = Command::new(program)
            .args(["serve", "--listen", &address.to_string(), "--clock", CLOCK, "--data", data])
            .env("YIBAO_LOG", "warn")
            .envs(counter.environment().iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(said.try_clone().context("日志文件")?)
            .stderr(said)
            .spawn()
            .context("启动 yibao serve")?;
        let mut server = Server { child, address, counter, log: log.to_owned() };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动驱动")?;
        let begun = Instant::now();
        loop {
            let address = self.address;
            let asked = LocalSet::new()
                .block_on(&runtime, async move { Connection::open(address).await?.get("/healthz").await });
            if matches!(asked, Ok(Some(answer)) if answer.status == 200) {
                return Ok(());
            }
            let ended = self.child.try_wait().context("查看平台")?.is_some();
            ensure!(!ended && begun.elapsed() < READY_WITHIN, "平台没有就绪：\n{}", self.log_text());
            std::thread::sleep(LOOK_AGAIN_AFTER);
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has used until now.
    pub(crate) fn mark(&self) -> Mark {
        Mark { used: process::used(self.child.id()), flushes: self.counter.read() }
    }

    /// What it has used since then.
    pub(crate) fn since(&self, mark: Mark) -> Cost {
        let used = process::used(self.child.id()) - mark.used;
        let flushes = self.counter.read().zip(mark.flushes).map(|(now, then)| now - then);
        let memory_kib = process::peak_memory_kib(self.child.id());
        Cost { cpu_ms: used.cpu_ms, written: used.written, flushes, memory_kib }
    }

    /// What it has said.
    pub(crate) fn log_text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks it to end (SIGTERM) and waits.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().context("停止平台")?;
        ensure!(asked.success(), "停止平台没有成功");
        let status = self.child.wait().context("等待平台停止")?;
        ensure!(status.success(), "平台停止时出错（{status}）：\n{}", self.log_text());
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ending twice is no error, and there is nobody left to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
