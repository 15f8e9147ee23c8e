//! A private PostgreSQL server (私有数据库): own folder, own port, removed when dropped.
//!
//! For tests and `yibao bench`. It runs Debian's package as it is installed, version 15 or newer, and as the user
//! `postgres` where we are root, because PostgreSQL refuses to run as root. Commits are durable unless a setting
//! says otherwise. Nothing of it outlives the value: dropping stops the server and deletes its folder.

use anyhow::{Context, bail};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Where Debian keeps its versions side by side.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The oldest version that the platform runs on.
const OLDEST: u32 = 15;
/// The role that owns everything; it may do anything and needs no password, on a loopback port of a test.
const ROLE: &str = "yibao";
const READY_WITHIN: Duration = Duration::from_secs(60);

/// How a server is asked to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// Connections are closed, what was committed is checkpointed (SIGINT).
    Fast,
    /// As after a power cut: no checkpoint, the log is replayed at the next start (SIGQUIT).
    Immediate,
}

/// A running server, or one that was stopped and may be started again.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    settings: Vec<String>,
    environment: Vec<(OsString, OsString)>,
    server: Option<Child>,
}

impl Cluster {
    /// Makes a new server and starts it. `settings` are lines of `postgresql.conf`, such as `shared_buffers=1GB`.
    pub fn start(settings: &[&str]) -> anyhow::Result<Cluster> {
        Cluster::start_with(settings, &[])
    }

    /// The same, with variables in the server's environment (a shim in `LD_PRELOAD`).
    pub fn start_with(settings: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<Cluster> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("yibao-postgres-").tempdir().context("making a folder")?;
        give_to_server_user(folder.path())?;
        let mut cluster = Cluster {
            programs,
            port: free_port()?,
            settings: settings.iter().map(|line| (*line).to_owned()).collect(),
            environment: environment.iter().map(|(name, value)| (name.into(), value.into())).collect(),
            folder,
            server: None,
        };
        let mut init = cluster.command("initdb");
        init.arg("-D").arg(cluster.data()).args(["-U", ROLE, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        succeed(init.arg("--no-sync").stdout(Stdio::null()))?;
        cluster.resume()?;
        Ok(cluster)
    }

    /// Where a database of the server is found: `postgres://…`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and says where it is found.
    pub fn create_database(&self, name: &str) -> anyhow::Result<String> {
        let mut create = self.command("createdb");
        succeed(create.args(["-h", "127.0.0.1", "-U", ROLE, "-p"]).arg(self.port.to_string()).arg(name))?;
        Ok(self.url(name))
    }

    /// The port on the loopback address; the same after a restart.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's own folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The process id of the server's first process, while it runs.
    pub fn process(&self) -> Option<u32> {
        self.server.as_ref().map(Child::id)
    }

    /// Ends the server, if it runs, and waits for its end.
    pub fn stop(&mut self, how: Stop) -> anyhow::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        let signal = match how {
            Stop::Fast => "-INT",
            Stop::Immediate => "-QUIT",
        };
        succeed(Command::new("kill").arg(signal).arg(server.id().to_string()))?;
        server.wait().context("waiting for the server's end")?;
        Ok(())
    }

    /// Starts the server again on the same port, and waits until it answers.
    pub fn resume(&mut self) -> anyhow::Result<()> {
        let mut start = self.command("postgres");
        start.arg("-D").arg(self.data()).args(["-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
        start.arg("-k").arg(self.folder.path());
        for line in &self.settings {
            start.args(["-c", line]);
        }
        let log = fs::File::options().create(true).append(true).open(self.log()).context("opening the server's log")?;
        start.envs(self.environment.iter().map(|(name, value)| (name, value)));
        start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.server = Some(start.spawn().context("starting postgres")?);
        self.wait_until_ready()
    }

    /// What the server has logged so far.
    pub fn log_text(&self) -> String {
        fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    #[expect(clippy::disallowed_methods, reason = "a server that starts is waited for in real time")]
    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let mut ask = self.command("pg_isready");
            ask.args(["-q", "-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
            if ask.status().context("asking whether the server is ready")?.success() {
                return Ok(());
            }
            let ended = match &mut self.server {
                Some(server) => server.try_wait().context("looking after the server")?.is_some(),
                None => true,
            };
            if ended || begun.elapsed() > READY_WITHIN {
                bail!("the PostgreSQL server did not become ready:\n{}", self.log_text());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// A program of the package, run as a user that may.
    fn command(&self, program: &str) -> Command {
        let mut command = as_server_user(self.programs.join(program));
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // There is nobody left to tell; the folder goes either way.
        let _ = self.stop(Stop::Immediate);
    }
}

/// The folder with the programs of the newest installed version, 15 at least.
pub fn programs() -> anyhow::Result<PathBuf> {
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let numbered = versions.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let usable = numbered.filter(|version| *version >= OLDEST && folder(*version).join("postgres").is_file());
    let newest = usable.max().with_context(|| {
        format!("no PostgreSQL {OLDEST} or newer below {VERSIONS}; install Debian's package postgresql")
    })?;
    Ok(folder(newest))
}

/// A program that runs as a user that may be a server: `postgres` in place of root, which PostgreSQL refuses.
pub fn as_server_user(program: impl AsRef<OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
    command
}

/// Makes that user the owner of a folder.
pub fn give_to_server_user(folder: &Path) -> anyhow::Result<()> {
    if is_root() {
        succeed(Command::new("chown").arg("postgres").arg(folder))?;
    }
    Ok(())
}

fn folder(version: u32) -> PathBuf {
    Path::new(VERSIONS).join(version.to_string()).join("bin")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").context("finding a free port")?.local_addr()?.port())
}

fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let output = command.stderr(Stdio::piped()).output().with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_survives_a_restart_and_leaves_nothing() {
        let mut cluster = Cluster::start(&[]).unwrap();
        assert!(cluster.create_database("city").unwrap().ends_with("/city"));
        assert!(cluster.create_database("city").is_err(), "it is there already");
        cluster.stop(Stop::Immediate).unwrap();
        assert_eq!(cluster.process(), None);
        cluster.resume().unwrap();
        assert!(cluster.create_database("city").is_err(), "what was made is still there");
        let data = cluster.data();
        let process = cluster.process().unwrap();
        drop(cluster);
        assert!(!data.exists());
        assert!(!Path::new("/proc").join(process.to_string()).exists());
    }
}
