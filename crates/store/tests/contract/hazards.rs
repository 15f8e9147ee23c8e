//! Something goes wrong between any two statements: what was answered is kept, what failed has left nothing, and the book is
//! as good as before.

use crate::engine::{Engine, book, check_verifies, pool, read, try_write, write};
use crate::rows::{add_person, add_with_line, key, person, settle, settlement, visit};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use yibao_domain::code::Pool;
use yibao_store::hazard::{Hazard, Moment, Verdict};
use yibao_store::person::Person;
use yibao_store::{Book, Fault, Mode, Subjects, Tx};

/// One thing goes wrong, at the moment that is set.
struct Once {
    /// Moments still to come before it; none: it is over.
    left: Mutex<Option<usize>>,
    verdict: Verdict,
    /// Where it went wrong.
    met: Mutex<Option<Moment>>,
}

impl Hazard for Once {
    fn at(&self, _pool: &Pool, _mode: Mode, moment: Moment) -> Verdict {
        let mut left = self.left.lock().unwrap();
        match *left {
            None => return Verdict::GoOn,
            Some(0) => *left = None,
            Some(more) => {
                *left = Some(more - 1);
                return Verdict::GoOn;
            }
        }
        *self.met.lock().unwrap() = Some(moment);
        self.verdict
    }
}

fn once(verdict: Verdict) -> Arc<Once> {
    Arc::new(Once { left: Mutex::new(None), verdict, met: Mutex::new(None) })
}

/// Three calls in one transaction, each given up where it fails, as a worker does; says which were taken.
fn three_calls(tx: &mut dyn Tx, run: usize) -> Result<Vec<String>, Fault> {
    let mut taken = Vec::new();
    for number in 0..3 {
        let psn_no = format!("P{run}-{number}");
        tx.savepoint()?;
        if one_call(tx, &psn_no).is_ok() {
            tx.release()?;
            taken.push(psn_no);
        } else {
            tx.roll_back()?;
        }
    }
    Ok(taken)
}

/// A person comes, is seen and settles.
fn one_call(tx: &mut dyn Tx, psn_no: &str) -> Result<(), Fault> {
    let message = Some(key(&format!("M-S{psn_no}")));
    tx.foresee(&Subjects { message, persons: vec![psn_no.into()], ..Subjects::default() })?;
    assert!(tx.person(psn_no)?.is_none(), "{psn_no} comes once");
    add_person(tx, psn_no)?;
    tx.next_serial("settlement")?;
    add_with_line(tx, &visit(&format!("E{psn_no}"), psn_no))?;
    settle(tx, &settlement(&format!("S{psn_no}"), &format!("E{psn_no}"), psn_no))
}

/// Those who are there of the persons of a run.
fn there(book: &mut dyn Book, run: usize) -> Vec<String> {
    let all = (0..3).map(|number| format!("P{run}-{number}"));
    read(book, |tx| {
        let mut found = Vec::new();
        for psn_no in all.clone() {
            if tx.person(&psn_no)?.is_some() {
                found.push(psn_no);
            }
        }
        Ok(found)
    })
}

/// Has it go wrong at the first moment, the second, and so on, until no moment is left; says at how many.
fn check_every_moment(engine: &dyn Engine, verdict: Verdict) -> usize {
    let hazard = once(verdict);
    let mut hazardous = engine.hazardous(hazard.clone()).open(&pool()).unwrap();
    write(hazardous.as_mut(), |tx| tx.next_serial("settlement"));
    let mut looking = book(engine);
    for run in 0.. {
        let before = looking.census().unwrap();
        *hazard.left.lock().unwrap() = Some(run);
        let outcome = try_write(hazardous.as_mut(), |tx| three_calls(tx, run));
        if hazard.left.lock().unwrap().take().is_some() {
            assert_eq!(outcome.unwrap(), there(looking.as_mut(), run));
            assert!(run > 30, "{run} moments only");
            check_verifies(looking.as_mut());
            return run;
        }
        let met = hazard.met.lock().unwrap().take().unwrap();
        let found = there(looking.as_mut(), run);
        match outcome {
            Ok(taken) => assert_eq!(taken, found, "{met:?}"),
            Err(fault) if met == Moment::Committed => assert_eq!(found.len(), 3, "{}", fault.chain()),
            Err(fault) => assert!(looking.census().unwrap() == before, "{met:?}: {}", fault.chain()),
        }
        // The book goes on.
        write(hazardous.as_mut(), |tx| one_call(tx, &format!("Q{run}")));
    }
    unreachable!("a transaction ends")
}

pub fn at_whatever_moment_the_disk_fails_what_failed_has_left_nothing(engine: &dyn Engine) {
    check_every_moment(engine, Verdict::DiskError);
}

pub fn at_whatever_moment_the_disk_is_full_what_failed_has_left_nothing(engine: &dyn Engine) {
    check_every_moment(engine, Verdict::DiskFull);
}

pub fn at_whatever_moment_the_connection_is_cut_what_failed_has_left_nothing(engine: &dyn Engine) {
    check_every_moment(engine, Verdict::Cut);
}

/// Goes wrong at every moment of one kind.
struct Always(fn(Moment) -> bool, Verdict, AtomicUsize);

impl Hazard for Always {
    fn at(&self, _pool: &Pool, mode: Mode, moment: Moment) -> Verdict {
        if mode == Mode::Read || !(self.0)(moment) {
            return Verdict::GoOn;
        }
        self.2.fetch_add(1, Ordering::Relaxed);
        self.1
    }
}

pub fn a_commit_whose_answer_is_lost_is_kept(engine: &dyn Engine) {
    let lost = Always(|moment| moment == Moment::Committed, Verdict::Cut, AtomicUsize::new(0));
    let mut hazardous = engine.hazardous(Arc::new(lost)).open(&pool()).unwrap();
    for run in 0..3 {
        let outcome = try_write(hazardous.as_mut(), |tx| three_calls(tx, run));
        assert!(outcome.is_err(), "the answer is lost");
        assert_eq!(there(hazardous.as_mut(), run).len(), 3);
    }
    check_verifies(hazardous.as_mut());
}

pub fn a_full_disk_is_told_by_the_engine_itself_and_recovered_from(engine: &dyn Engine) {
    let full = Arc::new(Always(|moment| moment == Moment::Begin, Verdict::DiskFull, AtomicUsize::new(0)));
    let long_name = "参".repeat(1_000);
    let many = |tx: &mut dyn Tx| -> Result<(), Fault> {
        (0..100).try_for_each(|number| {
            let psn_no = format!("P{number}");
            tx.put_person(&Person { psn_no: psn_no.clone(), psn_name: long_name.clone(), ..person(&psn_no) }).map(drop)
        })
    };
    let mut hazardous = engine.hazardous(full.clone()).open(&pool()).unwrap();
    let chain = try_write(hazardous.as_mut(), many).unwrap_err().chain();
    assert!(chain.contains("database or disk is full") || chain.contains("53100"), "{chain}");
    assert!(full.2.load(Ordering::Relaxed) > 0);
    let mut looking = book(engine);
    assert!(read(looking.as_mut(), |tx| tx.person("P0")).is_none());
    write(looking.as_mut(), many);
    check_verifies(looking.as_mut());
}
