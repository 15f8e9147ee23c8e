//! How a deed gets through: what befalls it on the way, and what its client does then.

use super::process::{Hand, Late, Message, Process};
use super::{Office, Running, Told, Turn};
use crate::faults::{Mishap, PATIENCE, Strike};
use jiff::ToSpan;
use serde_json::Value;
use std::fmt::Debug;
use yibao_engine::desks::registers::Actor;

impl Office {
    /// A deed by a form: a browser sends one at a time.
    pub(super) fn form<T: Debug>(
        &self,
        turn: Turn,
        by: &Actor,
        what: &str,
        deed: impl Fn(&dyn Process, Hand<'_>) -> Result<T, Told>,
    ) -> Result<T, Told> {
        let submission = turn.submission();
        let hand = Hand { by, submission: &submission };
        self.through(turn, what, |process, _| vec![deed(process, hand)])
    }

    /// Has a deed done, again and again until its client hears what came of it. `deed` has so many copies of it done side by
    /// side and answers with what each was told.
    pub(super) fn through<T: Debug>(
        &self,
        turn: Turn,
        what: &str,
        deed: impl Fn(&dyn Process, usize) -> Vec<Result<T, Told>>,
    ) -> Result<T, Told> {
        let mut heard: Option<String> = None;
        let mut last = Told::Nothing("it was never tried".to_owned());
        for attempt in 0..PATIENCE {
            let mishap = self.faults.of(turn, attempt);
            let mut answers = match mishap {
                Mishap::RequestLost => Vec::new(),
                Mishap::UnderWay { copies } => self.struck(None, turn, attempt, |process| deed(process, copies)),
                Mishap::Store(strike) => self.struck(Some(strike), turn, attempt, |process| deed(process, 1)),
                Mishap::Twice => {
                    let mut both = self.struck(None, turn, attempt, |process| deed(process, 1));
                    // The second may come to another process.
                    both.extend(self.struck(None, turn, attempt + PATIENCE, |process| deed(process, 1)));
                    both
                }
                _ => self.struck(None, turn, attempt, |process| deed(process, 1)),
            };
            for answer in &answers {
                self.compared(turn, what, &mut heard, answer);
            }
            if !answers.is_empty() && mishap != Mishap::ReplyLost {
                match answers.swap_remove(0) {
                    Err(Told::Nothing(why)) => last = Told::Nothing(why),
                    answer => return answer,
                }
            }
            if self.faults.level() == crate::faults::Level::None {
                return Err(last);
            }
            self.at(self.now().saturating_add(self.faults.pause(turn, attempt).seconds()));
        }
        Err(last)
    }

    /// Does something at one of the processes while a blow to the store is waiting; the process is started anew where it
    /// crashed.
    pub(super) fn struck<T>(
        &self,
        strike: Option<Strike>,
        turn: Turn,
        attempt: u64,
        work: impl FnOnce(&dyn Process) -> T,
    ) -> T {
        let at = self.faults.process(turn, attempt, self.processes.borrow().len());
        self.at_process(at, strike, work)
    }

    fn at_process<T>(&self, at: usize, strike: Option<Strike>, work: impl FnOnce(&dyn Process) -> T) -> T {
        let (done, crashed, ahead) = {
            let Running { process, ahead } = &self.processes.borrow()[at];
            process.at(self.now().saturating_add(ahead.seconds()));
            process.await_blow(strike);
            (work(process.as_ref()), process.has_crashed(), *ahead)
        };
        if crashed {
            match self.host.start(&self.opening, self.now()) {
                Ok(process) => self.processes.borrow_mut()[at] = Running { process, ahead },
                Err(fault) => self.disagree(format!("the platform does not start after a crash: {}", fault.chain())),
            }
        }
        done
    }

    /// What is sent again under its number is answered the same. A refusal may become something else: the gate may have opened.
    fn compared<T: Debug>(&self, turn: Turn, what: &str, heard: &mut Option<String>, answer: &Result<T, Told>) {
        // What only asks is answered as things stand.
        if ["1101", "2101", "2206", "2303", "5203"].contains(&what) {
            return;
        }
        match (answer, &heard) {
            (Ok(answer), None) => *heard = Some(format!("{answer:?}")),
            (Ok(answer), Some(before)) if *before == format!("{answer:?}") => {}
            (Ok(answer), Some(before)) => {
                self.disagree(format!("{what} {turn:?} was answered {before} and then {answer:?}"));
            }
            (Err(Told::Refused(refusal)), Some(before)) => {
                self.disagree(format!("{what} {turn:?} was answered {before} and then refused: {}", refusal.text));
            }
            (Err(_), _) => {}
        }
    }

    pub(super) fn disagree(&self, what: String) {
        self.disagreements.borrow_mut().push(format!("at {}: {what}", self.now()));
    }

    /// Holds a copy of a message up on its way.
    pub(super) fn may_come_late(&self, turn: Turn, message: &Message, answer: &Result<Value, Told>) {
        if let (Mishap::Overtaken { minutes }, Ok(answer)) = (self.faults.of(turn, 0), answer) {
            let at = self.now().saturating_add(minutes.minutes());
            let late = Late { at, turn, message: message.clone(), answered: format!("{answer:?}") };
            self.late.borrow_mut().push(late);
        }
    }

    /// Lets the platform do what it does by itself and is due now; copies that were held up arrive.
    pub fn tend(&self) {
        let hour = self.hours.get() + 1;
        self.hours.set(hour);
        let strike = self.faults.of_hour(hour);
        let processes = self.processes.borrow().len();
        for at in (0..processes).filter(|_| self.tends.get()) {
            self.at_process(at, strike.filter(|_| at == 0), |process| process.tend());
        }
        let now = self.now();
        let (due, waiting): (Vec<Late>, Vec<Late>) = self.late.take().into_iter().partition(|late| late.at <= now);
        self.late.replace(waiting);
        for Late { turn, message, answered, .. } in due {
            let answers = self.struck(None, turn, PATIENCE, |process| process.take(&message, 1));
            for answer in &answers {
                self.compared(turn, &message.infno, &mut Some(answered.clone()), answer);
            }
        }
    }
}
