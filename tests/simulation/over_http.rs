//! The simulated city over real HTTP: real processes of the platform on both kinds of store, killed in the middle of what they do.

use crate::support::browser::between;
use crate::support::client::agent;
use crate::support::program::{Ran, plan, yibao};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use tempfile::TempDir;
use yibao_cluster::Cluster;

/// Small cities, seed after seed, with what goes wrong.
fn simulated(name: &str, (seed, seeds): (&str, &str), faults: &str, store: &str) -> Ran {
    let plan = plan(name);
    let city = ["--persons", "4", "--days", "25", "--seed", seed, "--seeds", seeds, "--jobs", "2"];
    let way = ["--faults", faults, "--store", store, "--http"];
    yibao(&[&["simulate", "--plan", plan.as_str()], city.as_slice(), way.as_slice()].concat())
}

/// Messages, forms and kills, as the command says.
#[track_caller]
fn sent(ran: &Ran) -> [u64; 3] {
    let number = |before: &str, after: &str| {
        between(&ran.stdout, before, after)
            .and_then(|found| found.parse().ok())
            .unwrap_or_else(|| panic!("{}", ran.text()))
    };
    [number("报文 ", " 笔"), number("表单 ", " 张"), number("kill -9 平台 ", " 次")]
}

#[test]
fn whatever_is_lost_or_killed_on_the_way_the_books_of_a_folder_hold() {
    let ran = simulated("panzhihua-2020", ("1", "3"), "store", "folder").succeeded();
    let [messages, forms, kills] = sent(&ran);
    assert!(messages > 100 && forms > 20 && kills > 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("3 个种子，停机与不停机全部相符"), "{}", ran.stdout);
}

#[test]
fn whatever_is_lost_or_killed_on_the_way_the_books_of_postgresql_hold() {
    let cluster = Cluster::start(&["fsync=off"]).expect("PostgreSQL is installed");
    let ran = simulated("bijie-2021", ("1", "2"), "store", &cluster.url("postgres")).succeeded();
    let [messages, forms, kills] = sent(&ran);
    assert!(messages > 100 && forms > 10 && kills > 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("2 个种子，停机与不停机全部相符"), "{}", ran.stdout);
}

#[test]
fn books_that_no_other_process_can_open_are_refused() {
    let ran = simulated("bijie-2021", ("1", "1"), "none", "memory");
    assert!(ran.code == 2 && ran.stderr.contains("--store folder"), "{}", ran.text());
}

#[test]
fn a_conducted_platform_shows_the_time_that_it_is_told_and_ends_with_who_tells_it() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_yibao"));
    command.args([
        "serve",
        "--pool",
        "520500",
        "--listen",
        "127.0.0.1:0",
        "--clock",
        "2021-07-09 19:55",
        "--conducted",
    ]);
    command.arg("--data").arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut platform = command.spawn().unwrap();
    let mut orders = platform.stdin.take().unwrap();
    let mut answers = BufReader::new(platform.stdout.take().unwrap()).lines().map(Result::unwrap);
    let address = answers.next().unwrap();
    let board = || agent().get(format!("http://{address}/")).call().unwrap().body_mut().read_to_string().unwrap();
    let first = board();
    assert!(first.contains("演练") && first.contains("2021-07-09 19:55:00"), "{first}");
    for order in ["at 2021-07-16T08:00:00", "tend"] {
        writeln!(orders, "{order}").unwrap();
        assert_eq!(answers.next().as_deref(), Some("done"), "{order}");
    }
    assert!(board().contains("2021-07-16 08:00:00"));
    drop(orders);
    let ended = platform.wait_with_output().unwrap();
    assert!(ended.status.success());
    assert!(
        String::from_utf8_lossy(&ended.stderr).contains("rehearsal"),
        "the log says that the time is not the real one"
    );
}
