//! The platform is killed (`kill -9`) in the middle of a run of the backfill, again and again: nothing is lost, nothing is
//! paid twice. The platform that is killed is this very test program, started again with a folder to work in.

use super::backfill::{TOWN, reopened};
use super::backfill_runs::{number, visit};
use super::city::{City, LI, WANG, clerk};
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use yibao_domain::register::State;
use yibao_engine::Worker;
use yibao_store::SqliteStore;

/// Where the platform that is to be killed keeps its books.
const FOLDER: &str = "YIBAO_KILLED_IN";
const ENTRIES: u32 = 120;

fn city_in(folder: &Path) -> City {
    let store = Arc::new(SqliteStore::open(folder, &[]).unwrap());
    City::on_at(store, vec![yibao_policy::plan::read(TOWN).unwrap()], reopened())
}

#[test]
#[ignore = "it is the platform that the test below starts and kills"]
#[expect(clippy::disallowed_methods, reason = "a platform that is killed runs as the binary does")]
fn a_platform_to_be_killed() {
    let Ok(folder) = env::var(FOLDER) else { return };
    let city = city_in(Path::new(&folder));
    if city.look(|tx| tx.entry(&number(0))).is_none() {
        for serial in 0..ENTRIES {
            let psn_no = if serial % 2 == 0 { LI } else { WANG };
            visit(&city, &number(serial), psn_no, 10 + i8::try_from(serial % 5).unwrap(), "10.00");
        }
    }
    // A thread a worker, as the binary has it, so that the run is killed in the middle.
    thread::scope(|scope| {
        for worker in city.platform.workers() {
            scope.spawn(|| Worker::run(worker));
        }
        city.backfill().start(&clerk(), reopened(), "town", "").unwrap();
        let (platform, mut reconcilers) = (&city.platform, city.platform.reconcilers());
        scope.spawn(move || {
            loop {
                for reconciler in &mut reconcilers {
                    reconciler.round(platform, reopened());
                }
            }
        });
        loop {
            let runs = city.backfill().progress(&clerk()).unwrap();
            println!("settled {}", runs.iter().map(|run| run.settled).sum::<i64>());
        }
    });
}

/// Starts the platform and kills it once it has told its progress so many times.
fn kill_after(folder: &Path, lines: usize) {
    let mut platform = Command::new(env::current_exe().unwrap())
        .args(["--exact", "backfill_killed::a_platform_to_be_killed", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(platform.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(told.filter(|line| line.contains("settled")).take(lines).count(), lines);
    platform.kill().unwrap();
    platform.wait().unwrap();
}

#[test]
fn a_run_that_is_killed_again_and_again_settles_each_entry_once() {
    let folder = tempfile::tempdir().unwrap();
    for lines in [1, 3, 10, 40] {
        kill_after(folder.path(), lines);
    }
    let city = city_in(folder.path());
    let run = city.backfill_all("town");
    assert_eq!(run.failed, 0);
    for serial in 0..ENTRIES {
        assert_eq!(city.look(|tx| tx.entry(&number(serial))).unwrap().state, State::Settled);
    }
    let settled = |psn_no| city.look(|tx| tx.settlements_of_person(psn_no, 2021)).len();
    assert_eq!(settled(LI) + settled(WANG), usize::try_from(ENTRIES).unwrap());
    city.verify();
}
