//! `yibao demo --outage` as it runs.

use super::client::agent;
use super::program::ROOT;
use super::server::{LEASH, free_port};
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A demonstration under way; it ends with this value.
pub struct Play {
    leash: Child,
    base: String,
    _folder: TempDir,
}

impl Play {
    /// Plays a plan in the city of a seed, with so many people.
    #[track_caller]
    pub fn start(plan: &str, persons: u64, seed: u64) -> Play {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
        let listen = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new("sh");
        command.args(["-c", LEASH, "leash"]).arg(folder.path()).arg(env!("CARGO_BIN_EXE_yibao"));
        command.args(["demo", "--outage", plan, "--persons", &persons.to_string(), "--listen", &listen]);
        command.args(["--seed", &seed.to_string()]);
        command.env("TMPDIR", folder.path()).current_dir(ROOT);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let play = Play { leash: command.spawn().expect("sh runs"), base: format!("http://{listen}"), _folder: folder };
        let began = Instant::now();
        while agent().get(format!("{}/healthz", play.base)).call().is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the demonstration of {plan} does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        play
    }

    /// The address of a page.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The status of a page.
    #[track_caller]
    pub fn status(&self, path: &str) -> u16 {
        agent().get(self.address(path)).call().expect("the platform answers").status().as_u16()
    }
}

impl Play {
    /// What a browser sees at a page that keeps this cookie, without following where it leads; the status and the page.
    #[track_caller]
    pub fn with_cookie(&self, path: &str, cookie: &str) -> (u16, String) {
        let asked = agent().get(self.address(path)).header("cookie", cookie);
        let mut page = asked.call().expect("the platform answers");
        (page.status().as_u16(), page.body_mut().read_to_string().expect("a text"))
    }

    /// Sends a form; the status of the page that it leads to.
    #[track_caller]
    pub fn send(&self, path: &str, form: &[(&str, &str)]) -> u16 {
        let sent = agent().post(self.address(path)).send_form(form.iter().copied());
        sent.expect("the platform answers").status().as_u16()
    }
}

impl Drop for Play {
    fn drop(&mut self) {
        if let Some(mut input) = self.leash.stdin.take() {
            let _ = input.write_all(b"term\n");
        }
        let _ = self.leash.wait();
    }
}
