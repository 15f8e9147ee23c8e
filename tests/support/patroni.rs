//! Three machines of the documented high-availability set-up on one computer: etcd on each, PostgreSQL under Patroni
//! on two, from the files in `deploy/high-availability/` with their placeholders filled in.
//!
//! Own ports, a folder of its own, and nothing left: whatever was started ends with this value, also when the
//! test process dies.

use super::client::agent;
use super::program::ROOT;
use super::sql;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use yibao_cluster::{as_server_user, give_to_server_user, programs};

/// Starts a program in a session of its own and ends all of it when its standard input closes, without a chance to
/// tidy up. A PostgreSQL server that Patroni started stands in another session: its number is in its data folder, and
/// the folder in its command line tells it from whoever has that number now. Told nothing before the end (the test
/// process is gone), it clears the folder away too.
const LEASH: &str = r#"
folder=$1; shift
exec 2>>"$folder/log"
setsid "$@" >>"$folder/log" 2>&1 </dev/null &
read told
kill -9 -$! 2>/dev/null || kill -9 $!
wait $!
server=$(head -n 1 "$folder/data/postmaster.pid" 2>/dev/null)
if [ -n "$server" ] && grep -qs "$folder" "/proc/$server/cmdline"; then
    kill -9 "$server" $(cat "/proc/$server/task/$server/children")
fi
[ -n "$told" ] || { rm -rf "$folder"; rmdir "$(dirname "$folder")" 2>/dev/null; }
"#;

/// Enough for a machine that has much else to do; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(120);
const MACHINES: usize = 3;
/// The first machines have a database, the last one only votes.
pub const DATABASES: usize = 2;
const PASSWORD: &str = "of-this-test-only";

/// The three machines.
pub struct HighAvailability {
    folder: TempDir,
    machines: Vec<Machine>,
}

struct Machine {
    name: String,
    etcd_port: u16,
    etcd_peer_port: u16,
    rest_port: u16,
    postgres_port: u16,
    etcd: Option<Child>,
    patroni: Option<Child>,
}

/// What a database machine does for the cluster, in the words of Patroni's addresses.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    Leader,
    SyncStandby,
}

impl HighAvailability {
    /// Starts all machines, waits until one leads and the other is its synchronous standby, and makes the platform's
    /// database as the documentation says.
    pub fn start() -> HighAvailability {
        // below the system's folder for temporary files, for the servers' own user must get there
        let folder = tempfile::Builder::new().prefix("yibao-ha-").tempdir().expect("a temporary folder");
        give_to_server_user(folder.path()).expect("the servers' user exists");
        let ports = free_ports(MACHINES * 4);
        let machines = ports.chunks(4).enumerate().map(|(index, ports)| Machine::new(index, ports)).collect();
        let mut all = HighAvailability { folder, machines };
        for machine in 0..MACHINES {
            all.start_etcd(machine);
        }
        for machine in 0..DATABASES {
            all.start_patroni(machine);
        }
        let leader = all.wait_for(Role::Leader, &[0, 1]);
        all.wait_for(Role::SyncStandby, &[1 - leader]);
        let script = format!("{ROOT}/deploy/high-availability/database.sql");
        sql::run_file(&all.direct(leader, "postgres"), &script, &[("password", PASSWORD)]);
        all
    }

    /// The machine that now plays this part, among these; waits for it.
    pub fn wait_for(&self, role: Role, among: &[usize]) -> usize {
        let started = Instant::now();
        loop {
            for machine in among {
                if self.plays(*machine, role) {
                    return *machine;
                }
            }
            assert!(started.elapsed() < PATIENCE, "no {role:?} among {among:?}\n{}", self.logs());
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn plays(&self, machine: usize, role: Role) -> bool {
        let path = match role {
            Role::Leader => "primary",
            Role::SyncStandby => "sync",
        };
        let address = format!("http://127.0.0.1:{}/{path}", self.machines[machine].rest_port);
        agent().get(address).call().is_ok_and(|reply| reply.status() == 200)
    }

    /// Everything on the machine stops at once: etcd, Patroni, PostgreSQL.
    pub fn cut_power(&mut self, machine: usize) {
        let it = &mut self.machines[machine];
        for leash in [it.patroni.take(), it.etcd.take()].into_iter().flatten() {
            end(leash, "power cut\n");
        }
    }

    /// Starts the machine again with what is on its disk.
    pub fn power_on(&mut self, machine: usize) {
        self.start_etcd(machine);
        self.start_patroni(machine);
    }

    /// Where a machine's PostgreSQL listens.
    pub fn port(&self, machine: usize) -> u16 {
        self.machines[machine].postgres_port
    }

    /// The platform's address of its database behind these ports, in the documented form.
    pub fn url(&self, ports: &[u16]) -> String {
        let hosts: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        format!(
            "postgres://yibao:{PASSWORD}@{}/yibao?target_session_attrs=read-write&connect_timeout=3",
            hosts.join(",")
        )
    }

    /// The address of a machine's server for its superuser.
    pub fn direct(&self, machine: usize, database: &str) -> String {
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/{database}", self.port(machine))
    }

    fn start_etcd(&mut self, machine: usize) {
        let folder = self.own_folder(machine, "etcd");
        let text = self.filled_in("etcd.env", machine, &folder);
        let settings = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
        let mut etcd = as_server_user("etcd");
        etcd.envs(settings);
        self.machines[machine].etcd = Some(on_leash(&folder, etcd));
    }

    fn start_patroni(&mut self, machine: usize) {
        let folder = self.own_folder(machine, "database");
        let configuration = folder.join("config.yml");
        fs::write(&configuration, self.filled_in("patroni.yml", machine, &folder)).expect("a file of our own");
        let mut patroni = as_server_user("patroni");
        patroni.arg(configuration);
        self.machines[machine].patroni = Some(on_leash(&folder, patroni));
    }

    /// A folder that belongs to the servers' user.
    fn own_folder(&self, machine: usize, name: &str) -> PathBuf {
        let folder = self.folder.path().join(format!("{}-{name}", self.machines[machine].name));
        if !folder.exists() {
            fs::create_dir(&folder).expect("an empty folder");
            give_to_server_user(&folder).expect("the servers' user exists");
        }
        folder
    }

    /// A file of `deploy/high-availability/` for this machine.
    fn filled_in(&self, file: &str, machine: usize, folder: &Path) -> String {
        let listed = |form: &dyn Fn(&Machine) -> String| self.machines.iter().map(form).collect::<Vec<_>>().join(",");
        let it = &self.machines[machine];
        let words = [
            ("MACHINE", it.name.clone()),
            ("ADDRESS", "127.0.0.1".into()),
            ("NETWORK", "127.0.0.1/32".into()),
            ("ETCD_PORT", it.etcd_port.to_string()),
            ("ETCD_PEER_PORT", it.etcd_peer_port.to_string()),
            ("ETCD_HOSTS", listed(&|other| format!("127.0.0.1:{}", other.etcd_port))),
            ("ETCD_MEMBERS", listed(&|other| format!("{}=http://127.0.0.1:{}", other.name, other.etcd_peer_port))),
            ("ETCD_DATA", folder.join("data").to_string_lossy().into()),
            ("REST_PORT", it.rest_port.to_string()),
            ("POSTGRES_PORT", it.postgres_port.to_string()),
            ("SHARED_BUFFERS", "64MB".into()),
            ("DATA", folder.join("data").to_string_lossy().into()),
            ("PROGRAMS", programs().expect("PostgreSQL is installed").to_string_lossy().into()),
            ("PASSWORDS", folder.join("pgpass").to_string_lossy().into()),
            ("SOCKETS", folder.to_string_lossy().into()),
            ("SUPERUSER_PASSWORD", PASSWORD.into()),
            ("REPLICATION_PASSWORD", PASSWORD.into()),
            ("REST_PASSWORD", PASSWORD.into()),
        ];
        let path = format!("{ROOT}/deploy/high-availability/{file}");
        let mut text = fs::read_to_string(&path).expect("the file is part of the repository");
        for (word, value) in words {
            text = text.replace(&format!("@{word}@"), &value);
        }
        assert!(!text.contains('@'), "{path} has a placeholder that the test does not know:\n{text}");
        text
    }

    /// What all programs have written, for a failure's report.
    pub fn logs(&self) -> String {
        let mut told = String::new();
        for folder in fs::read_dir(self.folder.path()).into_iter().flatten().flatten() {
            let log = fs::read(folder.path().join("log")).unwrap_or_default();
            let lines: Vec<String> = String::from_utf8_lossy(&log).lines().map(str::to_owned).collect();
            told += &format!("--- {} ---\n", folder.file_name().to_string_lossy());
            told += &lines[lines.len().saturating_sub(30)..].join("\n");
            told.push('\n');
        }
        told
    }
}

impl Drop for HighAvailability {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{}", self.logs());
        }
        for machine in 0..MACHINES {
            self.cut_power(machine);
        }
    }
}

impl Machine {
    fn new(index: usize, ports: &[u16]) -> Machine {
        Machine {
            name: format!("machine{}", index + 1),
            etcd_port: ports[0],
            etcd_peer_port: ports[1],
            rest_port: ports[2],
            postgres_port: ports[3],
            etcd: None,
            patroni: None,
        }
    }
}

/// Starts the program in its folder, to be ended by closing the standard input of what is returned.
fn on_leash(folder: &Path, program: Command) -> Child {
    let mut leash = Command::new("sh");
    leash.args(["-c", LEASH, "leash"]).arg(folder).arg(program.get_program()).args(program.get_args());
    leash.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    leash.current_dir(folder).stdin(Stdio::piped()).spawn().expect("sh runs")
}

/// Tells the leash to end its program, and waits until all of it has ended.
fn end(mut leash: Child, word: &str) {
    leash.stdin.take().expect("the leash listens").write_all(word.as_bytes()).expect("the leash listens");
    leash.wait().expect("the leash ends");
}

/// So many ports that nobody uses, all different.
fn free_ports(number: usize) -> Vec<u16> {
    let probes: Vec<TcpListener> =
        (0..number).map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
    probes.iter().map(|probe| probe.local_addr().expect("an address").port()).collect()
}
