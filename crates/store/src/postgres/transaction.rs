//! An open transaction: records are kept back and travel together, questions take along what waits.
//!
//! Invariant: a transaction that met a trouble after which the server has given it up is never committed, whatever the
//! work makes of the fault.

use super::flight::{Flight, Record, trouble_of};
use super::line::{Answer, Line, Step};
use super::serial::Serials;
use super::trouble::{Kind, Trouble};
use crate::ahead::Ahead;
use crate::engine::Work;
use crate::fault::Fault;
use crate::hazard::{Danger, Moment, Verdict};
use crate::record::{Columns, Read};
use crate::seam::{Mode, Subjects, Tx};
use crate::value::Value;
use tokio_postgres::Row;
use yibao_domain::code::Pool;

/// A point to come back to. As long as what came after it is only kept back, the server need not know of it.
struct Mark {
    /// Position in the waiting records.
    from: usize,
    /// Whether the server has the savepoint.
    is_sent: bool,
}

/// The first trouble that the transaction cannot go on after.
#[derive(Clone)]
struct Broken {
    doing: &'static str,
    key: String,
    trouble: Trouble,
    /// Coming back to the savepoint mends it.
    until_roll_back: bool,
}

/// An open transaction. The nouns' questions stand on it (`statement`).
pub(super) struct PostgresTx<'book> {
    line: &'book mut Line,
    serials: &'book Serials,
    pool: &'book Pool,
    mode: Mode,
    is_begun: bool,
    /// Whether the server was sent anything to keep.
    has_changes: bool,
    waiting: Vec<Record>,
    mark: Option<Mark>,
    /// The server has a savepoint that is no longer needed.
    to_release: bool,
    broken: Option<Broken>,
    danger: Option<Danger<'book>>,
    pub(super) ahead: Ahead,
}

impl<'book> PostgresTx<'book> {
    /// Nothing is sent before it is needed.
    pub(super) fn new(
        line: &'book mut Line,
        serials: &'book Serials,
        pool: &'book Pool,
        mode: Mode,
        danger: Option<Danger<'book>>,
    ) -> Self {
        PostgresTx {
            line,
            serials,
            pool,
            mode,
            is_begun: false,
            has_changes: false,
            waiting: Vec::new(),
            mark: None,
            to_release: false,
            broken: None,
            danger,
            ahead: Ahead::default(),
        }
    }

    /// Keeps a record back until the next question, flush or commit.
    pub(super) fn keep_back(
        &mut self,
        (doing, key): Work<'_>,
        sql: &'static str,
        values: Vec<Value<'static>>,
    ) -> Result<(), Fault> {
        self.check_may_record(doing, key)?;
        self.check_sound()?;
        self.meet((doing, key))?;
        self.ahead.forget_rows();
        self.waiting.push(Record { doing, key: key.to_owned(), sql, values });
        Ok(())
    }

    /// Changes something at once.
    pub(super) fn change_now(&mut self, work: Work<'_>, steps: &[Step<'_>]) -> Result<Vec<Answer>, Fault> {
        self.check_may_record(work.0, work.1)?;
        self.ahead.forget_rows();
        self.send(work, steps, true)
    }

    /// Sends what waits and ends the transaction. Nothing is sent where there was nothing to keep: the end of the
    /// value then frees the locks, without a flush of the server's disk.
    pub(super) fn commit(&mut self) -> Result<(), Fault> {
        const DOING: &str = "committing";
        self.check_sound()?;
        if self.waiting.is_empty() && !self.has_changes {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        let mut flight = self.opening();
        waiting.iter().for_each(|record| flight.record(record));
        flight.command(Moment::Commit, "COMMIT");
        // Apart, so that a connection that is gone by now is known to have committed nothing.
        if let Err(trouble) = self.line.prepare(&flight.steps) {
            return Err(self.break_off(DOING, self.pool.as_str(), trouble, false));
        }
        let answers = self.line.fly(&flight.steps);
        for (position, answer) in answers.into_iter().enumerate() {
            let Err(trouble) = answer else { continue };
            let is_commit = position == flight.steps.len() - 1;
            let (doing, key) = flight.work_at(position).unwrap_or((DOING, self.pool.as_str()));
            // A record that the server refused undoes the commit behind it; where no answer came, or the server went
            // away while committing, nobody here can tell.
            let is_unknown = trouble.kind == Kind::Gone || (trouble.kind == Kind::Leaving && is_commit);
            let trouble = if is_unknown { Trouble::unknown(&trouble) } else { trouble };
            return Err(self.break_off(doing, key, trouble, false));
        }
        self.is_begun = false;
        let lost = self.danger.map(|danger| danger.at(Moment::Committed)).filter(|verdict| *verdict != Verdict::GoOn);
        if let Some(lost) = lost {
            self.line.give_up();
            let trouble = Trouble::unknown(&Trouble::lasting(format!("injected: {lost:?}")));
            return Err(self.break_off(DOING, self.pool.as_str(), trouble, false));
        }
        Ok(())
    }
}

impl<'book> PostgresTx<'book> {
    /// The trouble after which this transaction cannot be kept, if there was one.
    pub(super) fn ended_by(&self) -> Option<(Kind, Fault)> {
        let broken = self.broken.as_ref()?;
        Some((broken.trouble.kind, broken.fault()))
    }

    /// Sends what is waiting and then `steps`. `changes`: whether the steps themselves change anything.
    pub(super) fn send(
        &mut self,
        (doing, key): Work<'_>,
        steps: &[Step<'_>],
        changes: bool,
    ) -> Result<Vec<Answer>, Fault> {
        self.check_sound()?;
        let waiting = std::mem::take(&mut self.waiting);
        let mut flight = self.opening();
        let marked_from = self.mark.as_ref().filter(|mark| !mark.is_sent).map(|mark| mark.from);
        let marks = marked_from.is_some_and(|from| changes || from < waiting.len());
        let savepoint = if self.to_release { RENEWED_SAVEPOINT } else { SAVEPOINT };
        let marking = Moment::Statement { doing: "marking a savepoint" };
        let mut marked_at = if self.mark.as_ref().is_some_and(|mark| mark.is_sent) { Some(0) } else { None };
        for (position, record) in waiting.iter().enumerate() {
            if marks && marked_from == Some(position) {
                flight.command(marking, savepoint);
                marked_at = Some(flight.steps.len());
            }
            flight.record(record);
        }
        if marks && marked_from == Some(waiting.len()) {
            flight.command(marking, savepoint);
            marked_at = Some(flight.steps.len());
        }
        steps.iter().for_each(|step| flight.own(doing, step));
        if flight.steps.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(mark) = &mut self.mark {
            mark.from = 0;
            mark.is_sent |= marks;
        }
        self.to_release &= !marks;
        self.is_begun = true;
        self.has_changes |= changes || !waiting.is_empty();
        let mut own = Vec::new();
        for (position, answer) in self.line.fly(&flight.steps).into_iter().enumerate() {
            let (doing, key) = flight.work_at(position).unwrap_or((doing, key));
            match answer {
                Ok(answer) if flight.is_own(position) => own.push(answer),
                Ok(_) => {}
                Err(trouble) => {
                    // What was sent before the savepoint is of calls that were kept: it is lost with the transaction.
                    let can_come_back = marked_at.is_some_and(|marked_at| position >= marked_at);
                    return Err(self.break_off(doing, key, trouble, can_come_back));
                }
            }
        }
        Ok(own)
    }

    /// `BEGIN`, unless it was sent.
    fn opening<'a>(&self) -> Flight<'a>
    where
        'book: 'a,
    {
        let mut flight = Flight::of(self.danger);
        match (self.is_begun, self.mode) {
            (true, _) => {}
            (false, Mode::Write) => flight.command(Moment::Begin, "BEGIN READ WRITE"),
            (false, Mode::Read) => {
                flight.command(Moment::Begin, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            }
        }
        flight
    }

    /// Meets what the hazard has in store before something that is not sent now.
    fn meet(&mut self, work: Work<'_>) -> Result<(), Fault> {
        let trouble = self.danger.and_then(|danger| trouble_of(danger.at(Moment::Statement { doing: work.0 })));
        trouble.map_or(Ok(()), |trouble| self.send(work, &[Step::Command(trouble)], true).map(drop))
    }

    fn break_off(&mut self, doing: &'static str, key: &str, trouble: Trouble, can_come_back: bool) -> Fault {
        let until_roll_back = can_come_back && matches!(trouble.kind, Kind::Lasting | Kind::Taken);
        let broken = Broken { doing, key: key.to_owned(), trouble, until_roll_back };
        let fault = broken.fault();
        self.broken = Some(broken);
        fault
    }

    fn check_sound(&self) -> Result<(), Fault> {
        self.broken.as_ref().map_or(Ok(()), |broken| Err(broken.fault()))
    }

    fn check_may_record(&self, doing: &'static str, key: &str) -> Result<(), Fault> {
        match self.mode {
            Mode::Write => Ok(()),
            Mode::Read => Err(Fault::new(doing, key, "a transaction that only reads records nothing")),
        }
    }
}

const SAVEPOINT: &str = "SAVEPOINT one_call";
/// In place of the one before, so that savepoints do not pile up.
const RENEWED_SAVEPOINT: &str = "RELEASE SAVEPOINT one_call; SAVEPOINT one_call";

impl Broken {
    fn fault(&self) -> Fault {
        self.trouble.clone().fault(self.doing, &self.key)
    }
}

/// Reads rows of one shape.
pub(super) fn read_all<T>(doing: &'static str, key: &str, rows: &[Row], read: Read<T>) -> Result<Vec<T>, Fault> {
    let read = |row| read(&mut Columns::of_postgres(row)).map_err(|cause| Fault::new(doing, key, cause));
    rows.iter().map(read).collect()
}

impl Tx for PostgresTx<'_> {
    fn foresee(&mut self, subjects: &Subjects) -> Result<(), Fault> {
        self.look_ahead(subjects, self.mode)
    }

    fn flush(&mut self) -> Result<(), Fault> {
        if self.waiting.is_empty() { self.check_sound() } else { self.send(("flushing", ""), &[], false).map(drop) }
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        self.check_sound()?;
        self.mark = Some(Mark { from: self.waiting.len(), is_sent: false });
        Ok(())
    }

    fn release(&mut self) -> Result<(), Fault> {
        self.check_sound()?;
        self.to_release |= self.mark.take().is_some_and(|mark| mark.is_sent);
        Ok(())
    }

    fn roll_back(&mut self) -> Result<(), Fault> {
        const DOING: &str = "rolling back to a savepoint";
        let Some(mark) = self.mark.take() else { return Err(Fault::new(DOING, "", "there is no savepoint")) };
        self.ahead.forget();
        self.waiting.truncate(mark.from);
        if self.broken.as_ref().is_some_and(|broken| broken.until_roll_back) {
            self.broken = None;
        }
        self.check_sound()?;
        if mark.is_sent {
            self.to_release = true;
            let mut flight = Flight::of(self.danger);
            flight.command(Moment::Statement { doing: DOING }, "ROLLBACK TO SAVEPOINT one_call");
            if let Some(trouble) = self.line.fly(&flight.steps).into_iter().find_map(Result::err) {
                return Err(self.break_off(DOING, "", trouble, false));
            }
        }
        Ok(())
    }

    fn next_serial(&mut self, series: &'static str) -> Result<i64, Fault> {
        const DOING: &str = "drawing a number";
        self.check_may_record(DOING, series)?;
        self.check_sound()?;
        self.meet((DOING, series))?;
        self.serials.draw(self.pool, series).map_err(|trouble| match trouble.kind {
            Kind::Lasting => trouble.fault(DOING, series),
            _ => self.break_off(DOING, series, trouble, false),
        })
    }
}

impl Drop for PostgresTx<'_> {
    /// What was not committed is given up, also when the work panics.
    fn drop(&mut self) {
        if self.is_begun && self.line.is_usable() && self.line.batch("ROLLBACK").is_err() {
            self.line.give_up();
        }
    }
}
