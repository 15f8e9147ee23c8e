//! A thousand small cities, whose tests have a program of their own because they take every core while they play.

#[path = "support/program.rs"]
mod program;

use program::{ROOT, plan, yibao};
use tempfile::TempDir;

/// Seeds from the first one on, of cities of this many persons.
struct Cities {
    persons: u64,
    first: u64,
    seeds: u64,
    faults: &'static str,
    store: Option<String>,
}

impl Cities {
    /// In memory, where nothing goes wrong on the way.
    fn small(seeds: u64) -> Cities {
        Cities { persons: 8, first: 1, seeds, faults: "none", store: None }
    }

    /// Plays them as anybody would by the command, which names the seed that fails and how to play it again.
    #[track_caller]
    fn hold(&self, plan: &str) {
        let (persons, first, seeds) = (self.persons.to_string(), self.first.to_string(), self.seeds.to_string());
        let mut words = vec!["simulate", "--plan", plan, "--persons", &persons, "--seed", &first, "--seeds", &seeds];
        words.extend(["--faults", self.faults]);
        words.extend(self.store.iter().flat_map(|store| ["--store", store.as_str()]));
        let ran = yibao(&words).succeeded();
        assert!(ran.stdout.contains("全部相符"), "{plan}: {}", ran.text());
    }
}

/// A plan of another city, made to be one of a pool that has rules.
fn of_pool(folder: &TempDir, name: &str, pool: &str) -> String {
    let text = std::fs::read_to_string(format!("{ROOT}/crates/policy/tests/plans/{name}.toml"))
        .expect("a plan of another city");
    let line = text.lines().find(|line| line.starts_with("pool = ")).expect("its pool");
    let file = folder.path().join(format!("{name}.toml"));
    std::fs::write(&file, text.replacen(line, &format!("pool = \"{pool}\""), 1)).expect("a copy of it");
    file.to_string_lossy().into_owned()
}

#[test]
fn a_thousand_seeds_lose_nothing_double_nothing_and_price_nothing_otherwise() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    Cities::small(400).hold(&plan("bijie-2021"));
    Cities::small(400).hold(&plan("panzhihua-2020"));
    for notice in ["bijie-2021", "panzhihua-2020"] {
        Cities { first: 1001, faults: "all", ..Cities::small(40) }.hold(&plan(notice));
    }
    for (name, pool) in [
        ("jinan-2022", "510400"),
        ("zhongshan-2020", "520500"),
        ("bortala-2021", "520500"),
        ("shenzhen-2018", "510400"),
    ] {
        Cities::small(30).hold(&of_pool(&folder, name, pool));
    }
}

#[test]
fn faults_on_postgresql_lose_nothing_double_nothing_and_price_nothing_otherwise() {
    let server = std::env::var("YIBAO_TEST_POSTGRES").expect(
        "YIBAO_TEST_POSTGRES names no server; run `cargo xtask test` or `cargo xtask postgres -- cargo test --test seeds`",
    );
    for notice in ["bijie-2021", "panzhihua-2020"] {
        for faults in ["store", "all"] {
            Cities { persons: 4, first: 1, seeds: 3, faults, store: Some(server.clone()) }.hold(&plan(notice));
        }
    }
}
