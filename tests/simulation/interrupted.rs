//! Who interrupts a simulation or a demonstration finds nothing left of it, and does not wait.

use crate::support::client::agent;
use crate::support::program::plan;
use crate::support::server::free_port;
use crate::support::sql::ask;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use yibao_cluster::Cluster;

/// How long anything may take here on a crowded machine.
const PATIENCE: Duration = Duration::from_secs(90);

#[track_caller]
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Ctrl-C.
fn interrupt(program: &Child) {
    let sent = Command::new("kill").args(["-INT", &program.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Many seeds, whose temporary files go into `folder`.
fn simulating(folder: &TempDir, store: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yibao"));
    let plan = plan("bijie-2021");
    command.args(["simulate", "--plan", &plan, "--persons", "8", "--seeds", "1000", "--jobs", "2", "--store", store]);
    command.env("TMPDIR", folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[track_caller]
fn ended(program: Child) {
    let ended = program.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{said}");
    assert!(said.contains("已中断，临时账册已删除"), "{said}");
}

#[test]
fn an_interrupted_simulation_leaves_no_folder() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut program = simulating(&folder, "folder");
    let found = || fs::read_dir(folder.path()).unwrap().flatten().next();
    let has_books =
        || found().is_some_and(|all| fs::read_dir(all.path()).is_ok_and(|mut books| books.next().is_some()));
    wait_for("books are made", has_books);
    assert!(program.try_wait().unwrap().is_none(), "it goes on");
    interrupt(&program);
    ended(program);
    assert!(found().is_none(), "{:?}", found());
}

#[test]
fn an_interrupted_simulation_leaves_no_database() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let cluster = Cluster::start(&["fsync=off"]).expect("PostgreSQL is installed");
    let url = cluster.url("postgres");
    let databases = || ask(&url, "SELECT count(*) FROM pg_database WHERE datname LIKE 'yibao_scratch_%'");
    let program = simulating(&folder, &url);
    // The empty one, and two for each seed that is being played.
    wait_for("databases are made", || databases().parse::<u32>().unwrap() >= 3);
    interrupt(&program);
    ended(program);
    assert_eq!(databases(), "0");
}

/// What a page of the demonstration says.
fn page(base: &str) -> String {
    let asked = agent().get(format!("{base}/outage-demo/live")).call();
    asked.ok().and_then(|mut page| page.body_mut().read_to_string().ok()).unwrap_or_default()
}

#[test]
fn a_demonstration_that_is_comparing_ends_when_it_is_interrupted() {
    let base = format!("127.0.0.1:{}", free_port());
    let mut command = Command::new(env!("CARGO_BIN_EXE_yibao"));
    command.args(["demo", "--outage", "bijie-2021", "--persons", "40", "--listen", &base]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut program = command.spawn().unwrap();
    let base = format!("http://{base}");
    wait_for("it answers", || !page(&base).is_empty());
    // On to the end, and then as soon as it judges or compares.
    wait_for("its time can be moved", || page(&base).contains("data-jumping=\"false\""));
    let shown = page(&base);
    let to_the_end = shown.rsplit_once("name=\"to\" value=\"").unwrap().1.split('"').next().unwrap();
    agent().post(format!("{base}/outage-demo/steer")).send_form([("to", to_the_end)]).unwrap();
    let is_at = |act: &str| page(&base).contains(&format!("data-act=\"{act}\""));
    wait_for("the books are closed", || is_at("closing") || is_at("comparing") || is_at("over"));
    let began = Instant::now();
    interrupt(&program);
    wait_for("it ends", || program.try_wait().unwrap().is_some());
    // A comparison of so many people takes some ten seconds.
    assert!(began.elapsed() < Duration::from_secs(5), "it took {:?}", began.elapsed());
}
