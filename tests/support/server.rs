//! A running platform with a city of its own in a temporary folder.

use super::city::City;
use super::client::Client;
use super::people::Person;
use super::program::{ROOT, yibao};
use super::providers::Provider;
use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Kills the platform hard when its own standard input closes, so that none outlives the tests, however they end;
/// told nothing before that (the test process is gone), it clears the folder away too. The process id is left in `pid`.
pub const LEASH: &str = r#"
folder=$1; shift
"$@" &
echo $! > "$folder/pid"
read told
[ "$told" = term ] && kill -TERM $! || kill -9 $!
wait $!
[ -n "$told" ] || rm -rf "$folder"
"#;

/// A platform that serves.
pub struct Server {
    folder: TempDir,
    data: String,
    environment: Vec<(&'static str, String)>,
    city: City,
    clock: String,
    plans: Vec<String>,
    /// A folder of further kinds of work.
    registers: Option<String>,
    /// A folder of rules, where it goes by others than those that come with the program.
    rules: Option<String>,
    port: u16,
    leash: Option<Child>,
}

impl Server {
    /// Loads the city and serves it at that time (`2021-07-05T10:00:00`, China Standard Time).
    pub fn start(city: City, clock: &str) -> Server {
        Server::with_plans(city, clock, &[])
    }

    /// The same, under outage plans.
    pub fn with_plans(city: City, clock: &str, plans: &[String]) -> Server {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        let data = folder.path().join("data").to_string_lossy().into_owned();
        Server::load_and_serve(folder, data, city, clock, plans, None)
    }

    /// The same with its books in a database, `postgres://…`.
    pub fn with_books_in(data: String, city: City, clock: &str) -> Server {
        Server::with_plans_in(Some(data), city, clock, &[])
    }

    /// Under outage plans, with its books in a database where one is given.
    pub fn with_plans_in(database: Option<String>, city: City, clock: &str, plans: &[String]) -> Server {
        let Some(data) = database else { return Server::with_plans(city, clock, plans) };
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        Server::load_and_serve(folder, data, city, clock, plans, None)
    }

    /// Without a plan, with the kinds of work of a folder, its books in a database where one is given.
    pub fn with_work(database: Option<String>, city: City, clock: &str, registers: &str) -> Server {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        let data = database.unwrap_or_else(|| folder.path().join("data").to_string_lossy().into_owned());
        Server::load_and_serve(folder, data, city, clock, &[], Some(registers.to_owned()))
    }

    /// The pools of a folder of rules, with nobody in them yet.
    pub fn by_rules(rules: String, clock: &str) -> Server {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        let data = folder.path().join("data").to_string_lossy().into_owned();
        let mut server = Server::still(folder, data, City::new("2021", vec![], vec![]), clock);
        server.rules = Some(rules);
        server.loaded_and_serving()
    }

    /// One that has not begun.
    fn still(folder: TempDir, data: String, city: City, clock: &str) -> Server {
        let (environment, plans, registers, rules) = (vec![], vec![], None, None);
        let clock = clock.to_owned();
        Server { folder, data, environment, city, clock, plans, registers, rules, port: 0, leash: None }
    }

    fn loaded_and_serving(mut self) -> Server {
        self.load();
        self.serve();
        self
    }

    /// Serves under these plans from the next start on.
    pub fn plan(&mut self, plans: &[String]) {
        plans.clone_into(&mut self.plans);
    }

    fn load_and_serve(
        folder: TempDir,
        data: String,
        city: City,
        clock: &str,
        plans: &[String],
        registers: Option<String>,
    ) -> Server {
        let mut server = Server::still(folder, data, city, clock);
        (server.plans, server.registers) = (plans.to_vec(), registers);
        server.loaded_and_serving()
    }

    fn load(&self) {
        let folder = self.path("city");
        fs::create_dir(&folder).expect("an empty folder");
        self.city.write(&folder);
        let (data, folder) = (self.data(), folder.to_string_lossy().into_owned());
        let rules = self.rules.iter().flat_map(|folder| ["--rules", folder]);
        yibao(&["load", "--data", &data, &folder].into_iter().chain(rules).collect::<Vec<_>>()).succeeded();
    }

    /// Another process of the platform on the same books.
    pub fn another(&self) -> Server {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        let mut server = Server::still(folder, self.data(), City::new("2021", vec![], vec![]), &self.clock);
        (server.plans, server.registers) = (self.plans.clone(), self.registers.clone());
        server.rules.clone_from(&self.rules);
        server.serve();
        server
    }

    /// Serves the books that have moved there.
    pub fn move_to(&mut self, data: String) {
        self.data = data;
        self.restart();
    }

    /// Kills it and starts it again with these variables in its environment.
    pub fn restart_in(&mut self, environment: &[(&'static str, String)]) {
        environment.clone_into(&mut self.environment);
        self.restart();
    }

    /// Kills the platform as a power cut would, and starts it again with its clock at another time.
    pub fn restart_at(&mut self, clock: &str) {
        self.kill();
        clock.clone_into(&mut self.clock);
        self.serve();
    }

    /// Kills it and starts it again with the clock where it was set.
    pub fn restart(&mut self) {
        self.restart_at(&self.clock.clone());
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut leash) = self.tell("kill\n") {
            leash.wait().expect("the leash ends");
        }
    }

    /// `kill -TERM`, and how long the platform took to end.
    pub fn terminate(&mut self) -> Duration {
        let pid = fs::read_to_string(self.path("pid")).expect("the leash wrote it");
        let started = Instant::now();
        let mut leash = self.tell("term\n").expect("the platform runs");
        while leash.try_wait().expect("the leash is a child").is_none() {
            if started.elapsed() > Duration::from_secs(20) {
                Command::new("kill").args(["-9", pid.trim()]).status().expect("kill runs");
                panic!("the platform ignores SIGTERM\n{}", self.log());
            }
            thread::sleep(Duration::from_millis(10));
        }
        started.elapsed()
    }

    fn tell(&mut self, word: &str) -> Option<Child> {
        let mut leash = self.leash.take()?;
        let mut input = leash.stdin.take().expect("the leash listens");
        input.write_all(word.as_bytes()).expect("the leash listens");
        Some(leash)
    }

    fn serve(&mut self) {
        self.port = free_port();
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = Command::new("sh");
        command.args(["-c", LEASH, "leash"]).arg(self.folder.path());
        command.args([env!("CARGO_BIN_EXE_yibao"), "serve", "--data", &self.data(), "--listen", &listen]);
        command.args(["--clock", &format!("{}+08:00", self.clock)]);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        for plan in &self.plans {
            command.args(["--plan", plan]);
        }
        if let Some(folder) = &self.registers {
            command.args(["--registers", folder]);
        }
        if let Some(folder) = &self.rules {
            command.args(["--rules", folder]);
        }
        let log = File::options().create(true).append(true).open(self.path("log")).expect("a log file");
        command.current_dir(ROOT).stdin(Stdio::piped()).stderr(log.try_clone().expect("a second handle")).stdout(log);
        self.leash = Some(command.spawn().expect("sh runs"));
        self.wait_until_healthy();
    }

    fn wait_until_healthy(&self) {
        let started = Instant::now();
        let agent = super::client::agent();
        while !agent.get(format!("{}/healthz", self.base())).call().is_ok_and(|reply| reply.status() == 200) {
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "the platform does not become healthy\n{}",
                self.log()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether it still says that it is well.
    pub fn healthy(&self) -> bool {
        super::client::agent().get(format!("{}/healthz", self.base())).call().is_ok_and(|reply| reply.status() == 200)
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn data(&self) -> String {
        self.data.clone()
    }

    /// `--rules`, where it goes by a folder of them.
    pub fn rules(&self) -> Option<&str> {
        self.rules.as_deref()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// All that the platform has written to its outputs.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.path("log")).unwrap_or_default()).into_owned()
    }

    /// Somebody whom no test has seen yet.
    #[track_caller]
    pub fn someone(&self, profile: &str) -> Person {
        self.city.someone(profile)
    }

    /// The hospital's or pharmacy's own system.
    pub fn client(&self, provider: &'static Provider) -> Client {
        Client::new(self.base(), provider, &self.clock)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("--- what the platform wrote ---\n{}", self.log());
        }
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let probe = TcpListener::bind("127.0.0.1:0").expect("a free port");
    probe.local_addr().expect("an address").port()
}
