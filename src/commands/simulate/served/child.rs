//! A `yibao serve` that this process has started: conducted by its standard input, killed where a crash is drawn.

use crate::machine::start_thread;
use anyhow::{Context, ensure};
use jiff::civil::DateTime;
use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use yibao_sim::faults::{Blow, Strike};

/// How much later a process is killed for each moment of a blow: calls take some milliseconds.
const LATER: Duration = Duration::from_micros(300);

/// The process. It ends with the value.
pub struct Child {
    process: Arc<Mutex<process::Child>>,
    orders: RefCell<ChildStdin>,
    answers: RefCell<BufReader<ChildStdout>>,
    address: String,
    killer: Cell<Option<JoinHandle<()>>>,
}

impl Child {
    /// Starts one on these books and waits until it listens.
    pub fn start(
        data: &str,
        pool: &str,
        (plan, rules): (Option<&Path>, Option<&Path>),
        now: DateTime,
    ) -> anyhow::Result<Child> {
        let program = std::env::current_exe().context("the program's own file")?;
        let mut command = Command::new(program);
        command.args(["serve", "--data", data, "--pool", pool, "--listen", "127.0.0.1:0"]);
        command.args(["--conducted", "--clock", &format!("{now}+08:00")]);
        for (name, file) in [("--plan", plan), ("--rules", rules)] {
            if let Some(file) = file {
                command.arg(name).arg(file);
            }
        }
        // What it logs as an error is not swallowed; that its time is not the real one need not be said.
        command.env("YIBAO_LOG", "error").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let (orders, answers) = (process.stdin.take().context("stdin")?, process.stdout.take().context("stdout")?);
        let mut child = Child {
            process: Arc::new(Mutex::new(process)),
            orders: RefCell::new(orders),
            answers: RefCell::new(BufReader::new(answers)),
            address: String::new(),
            killer: Cell::default(),
        };
        child.address = child.line().context("it says where it listens")?;
        ensure!(!child.address.is_empty(), "it has ended before it listened");
        Ok(child)
    }

    /// Where it listens.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has it carry out an order. One that has ended carries out none, which whoever comes to it next will notice.
    pub fn order(&self, order: &str) {
        let given = {
            let mut orders = self.orders.borrow_mut();
            writeln!(orders, "{order}").and_then(|()| orders.flush())
        };
        if given.is_ok() {
            let _ = self.line();
        }
    }

    /// The next line that it says; empty once it has ended.
    fn line(&self) -> std::io::Result<String> {
        let mut line = String::new();
        self.answers.borrow_mut().read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// Has it killed in a moment, where the blow is a crash; the store's own blows are not this mode's.
    #[expect(clippy::disallowed_methods, reason = "a process is killed in the middle of what it does, in real time")]
    pub fn await_blow(&self, strike: Option<Strike>) {
        let Some(Strike { moment, kind: Blow::Crash }) = strike else { return };
        let (process, later) = (self.process.clone(), LATER * u32::try_from(moment).unwrap_or(u32::MAX));
        let killer = start_thread("killer".to_owned(), move || {
            thread::sleep(later);
            end(&process);
        });
        match killer {
            Ok(killer) => self.killer.set(Some(killer)),
            Err(_) => end(&self.process),
        }
    }

    /// Whether it was killed; waits for a kill that is due.
    pub fn has_been_killed(&self) -> bool {
        self.killer.take().is_some_and(|killer| killer.join().is_ok())
    }
}

/// `kill -9`, and nothing of it is left.
fn end(process: &Mutex<process::Child>) {
    let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
    // One that has ended by itself is as good.
    let _ = process.kill();
    let _ = process.wait();
}

impl Drop for Child {
    fn drop(&mut self) {
        end(&self.process);
    }
}
