//! `cargo xtask test`: installs what the tests need and runs all of them, in the order in which a
//! failure is cheapest to learn: format, lints, tests. The tests find a private PostgreSQL server beside them.

#![expect(clippy::disallowed_methods, reason = "how long a task took is told in real time")]

mod command;
mod fetched;

use anyhow::{Context, bail};
use command::run;
use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;
use yibao_cluster::Cluster;

const USAGE: &str = "\
Usage: cargo xtask <task>

Tasks:
  test    install what the tests need (Debian packages, as root or through sudo; axe-core from npm), then check format,
          run clippy and all tests of the workspace
  postgres -- COMMAND…
          run a command, such as `cargo test -p yibao-store`, beside the private PostgreSQL server that the tests use
  pictures
          make the pictures of the documents anew: docs/pictures, from a demonstration in a real browser
  tools   install what the tests need, and no more
  lines   lines of Rust per crate, tests apart

Exit status: 0 all passed; 1 something failed; 2 no such task
";

fn main() -> ExitCode {
    let task = env::args().nth(1).unwrap_or_default();
    let outcome = match task.as_str() {
        "test" => test(),
        "postgres" => beside_postgres(env::args().skip(2).collect()),
        "tools" => install(TOOLS).and_then(|()| fetched::AXE.install()),
        "pictures" => pictures(),
        "lines" => lines(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(1)
        }
    }
}

/// A program that the tests run, and the Debian packages that bring it.
struct Tool {
    is_there: fn() -> bool,
    program: &'static str,
    packages: &'static [&'static str],
}

/// The pages are looked at in a real browser, with a font that has Chinese, and held against axe-core, which npm brings. PostgreSQL and what keeps it available run
/// as private servers that the tests start themselves.
const TOOLS: &[Tool] = &[
    Tool { is_there: || on_path("cc"), program: "cc", packages: &["gcc", "libc6-dev"] },
    Tool { is_there: || on_path("chromium"), program: "chromium", packages: &["chromium", "fonts-noto-cjk"] },
    Tool { is_there: || on_path("chromedriver"), program: "chromedriver", packages: &["chromium-driver"] },
    POSTGRES,
    Tool { is_there: || on_path("npm"), program: "npm", packages: &["npm"] },
    Tool { is_there: || on_path("etcd"), program: "etcd", packages: &["etcd-server"] },
    Tool { is_there: || on_path("patroni"), program: "patroni", packages: &["patroni", "python3-etcd"] },
];

/// Installs the packages it is given. Debian starts a server as soon as it is installed; a policy forbids that here,
/// because nobody asked for a server on this machine.
const INSTALL: &str = r#"
set -e
apt-get update -q
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
apt-get install -y -q --no-install-recommends "$@"
"#;

/// Debian keeps the programs of its servers apart from the path.
const POSTGRES: Tool =
    Tool { is_there: || yibao_cluster::programs().is_ok(), program: "postgres", packages: &["postgresql"] };

/// Names the server of a run to the tests; each of them makes databases of its own there.
const SERVER_VARIABLE: &str = "YIBAO_TEST_POSTGRES";

/// The server of a run. What it holds is thrown away, so it need not flush its disk.
fn start_postgres() -> anyhow::Result<Cluster> {
    install(&[POSTGRES])?;
    Cluster::start(&["fsync=off", "full_page_writes=off", "max_connections=400"])
}

/// Runs a command with the variable set, and ends the server after it.
fn beside_postgres(words: Vec<String>) -> anyhow::Result<()> {
    let words: Vec<&String> = words.iter().skip_while(|word| *word == "--").collect();
    let Some((program, arguments)) = words.split_first() else { bail!("which command? see cargo xtask") };
    let cluster = start_postgres()?;
    run(program, Command::new(program).args(arguments).env(SERVER_VARIABLE, cluster.url("postgres")))
}

/// Makes the pictures of the documents: the test of the demonstration keeps what it sees.
fn pictures() -> anyhow::Result<()> {
    install(TOOLS)?;
    let folder = env::current_dir()?.join("docs/pictures");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let mut test = Command::new("cargo");
    test.args(["test", "--test", "main", "--", "pages::demonstration::a_cutover_is_watched"]);
    run("pictures", test.env("YIBAO_PICTURES", &folder))
}

fn test() -> anyhow::Result<()> {
    let begun = Instant::now();
    install(TOOLS)?;
    fetched::AXE.install()?;
    run("format", Command::new("cargo").args(["fmt", "--all", "--check"]))?;
    run(
        "lints",
        Command::new("cargo").args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    )?;
    let cluster = start_postgres()?;
    let mut tests = Command::new("cargo");
    tests.args(["test", "--workspace", "--no-fail-fast"]).env(SERVER_VARIABLE, cluster.url("postgres"));
    run("tests", &mut tests)?;
    println!("xtask: all passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// Installs the packages of the programs that are missing. A missing tool fails the run, it never skips.
fn install(tools: &[Tool]) -> anyhow::Result<()> {
    let missing: Vec<&str> =
        tools.iter().filter(|tool| !(tool.is_there)()).flat_map(|tool| tool.packages).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("xtask: installing {}", missing.join(" "));
    if missing.contains(&"postgresql") {
        forbid_system_cluster()?;
    }
    run("packages", &mut as_root(&[&["sh", "-c", INSTALL, "install"], &missing[..]].concat()))?;
    for tool in tools {
        if !(tool.is_there)() {
            bail!("{} is still missing after its packages were installed", tool.program);
        }
    }
    Ok(())
}

/// Debian's package would start a server for the whole machine; only its programs are wanted.
fn forbid_system_cluster() -> anyhow::Result<()> {
    const SETTINGS: &str = "/etc/postgresql-common/createcluster.conf";
    if Path::new(SETTINGS).exists() {
        return Ok(());
    }
    run("server settings", &mut as_root(&["mkdir", "-p", "/etc/postgresql-common"]))?;
    let write = format!("echo 'create_main_cluster = false' > {SETTINGS}");
    run("server settings", &mut as_root(&["sh", "-c", &write]))
}

/// A command as root: directly where we are, else through sudo, which must not ask.
fn as_root(words: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"));
    let mut command = if root {
        Command::new(words[0])
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", words[0]]);
        sudo
    };
    command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Prints the lines of Rust of each crate: program and tests.
fn lines() -> anyhow::Result<()> {
    println!("{:<22} {:>8} {:>8}", "crate", "program", "tests");
    let (mut program, mut tests) = (0, 0);
    for folder in [
        "src",
        "crates/domain",
        "crates/policy",
        "crates/interface",
        "crates/store",
        "crates/cluster",
        "crates/engine",
        "crates/web",
        "crates/bench",
        "xtask",
        "tests",
    ] {
        let counted = count(Path::new(folder), folder == "tests")?;
        println!("{folder:<22} {:>8} {:>8}", counted.0, counted.1);
        program += counted.0;
        tests += counted.1;
    }
    println!("{:<22} {program:>8} {tests:>8}", "together");
    Ok(())
}

/// Lines of program and of tests below a folder; a `#[cfg(test)]` module is taken to end its file.
fn count(folder: &Path, is_test: bool) -> anyhow::Result<(usize, usize)> {
    let (mut program, mut tests) = (0, 0);
    for entry in folder.read_dir().with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            let below = count(&path, is_test || path.file_name().is_some_and(|name| name == "tests"))?;
            program += below.0;
            tests += below.1;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path)?;
            let all = text.lines().count();
            let own_tests = path.file_name().is_some_and(|name| name == "tests.rs");
            let before =
                if is_test || own_tests { 0 } else { text.lines().take_while(|line| *line != "#[cfg(test)]").count() };
            program += before;
            tests += all - before;
        }
    }
    Ok((program, tests))
}
