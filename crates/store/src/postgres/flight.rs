//! Putting a flight together: its steps, whose records they are, and what goes wrong on the way where a hazard says so.

use super::line::{Parameter, Step};
use crate::engine::Work;
use crate::hazard::{Danger, Moment, Verdict};
use crate::value::Value;

/// A record that waits to be sent. The server itself refuses what is wrong: by a constraint, or by [`Exactly`](crate::engine::Exactly).
pub(super) struct Record {
    pub(super) doing: &'static str,
    pub(super) key: String,
    pub(super) sql: &'static str,
    pub(super) values: Vec<Value<'static>>,
}

impl Record {
    fn step(&self) -> Step<'_> {
        Step::Run(self.sql, borrowed(&self.values))
    }
}

/// Values for a step.
pub(super) fn borrowed<'a>(values: &'a [Value<'_>]) -> Vec<Parameter<'a>> {
    values.iter().map(|value| value as Parameter<'a>).collect()
}

/// Steps that are sent together.
pub(super) struct Flight<'a> {
    pub(super) steps: Vec<Step<'a>>,
    /// Whose each step is.
    whose: Vec<Whose<'a>>,
    /// Until something goes wrong: what comes behind it has no moment of its own.
    danger: Option<Danger<'a>>,
}

#[derive(Clone, Copy)]
enum Whose<'a> {
    /// The transaction's, or a hazard's.
    Nobody,
    /// A record that waited.
    Record(&'a Record),
    /// Of who sends the flight.
    Own,
}

impl<'a> Flight<'a> {
    /// An empty one.
    pub(super) fn of(danger: Option<Danger<'a>>) -> Self {
        Flight { steps: Vec::new(), whose: Vec::new(), danger }
    }

    /// A command of the transaction itself.
    pub(super) fn command(&mut self, moment: Moment, sql: &'a str) {
        // Before the beginning a trouble would end no transaction.
        if moment == Moment::Begin {
            self.push(Step::Command(sql), Whose::Nobody);
            return self.meet(moment, Whose::Nobody);
        }
        self.meet(moment, Whose::Nobody);
        self.push(Step::Command(sql), Whose::Nobody);
    }

    /// A record that waited.
    pub(super) fn record(&mut self, record: &'a Record) {
        self.meet(Moment::Statement { doing: record.doing }, Whose::Record(record));
        self.push(record.step(), Whose::Record(record));
    }

    /// A step whose answer is waited for.
    pub(super) fn own(&mut self, doing: &'static str, step: &Step<'a>) {
        self.meet(Moment::Statement { doing }, Whose::Nobody);
        self.push(step.again(), Whose::Own);
    }

    /// Whether the answer at a position is waited for.
    pub(super) fn is_own(&self, position: usize) -> bool {
        matches!(self.whose.get(position), Some(Whose::Own))
    }

    /// The work of the record at a position.
    pub(super) fn work_at(&self, position: usize) -> Option<Work<'a>> {
        match self.whose.get(position)? {
            Whose::Record(record) => Some((record.doing, &record.key)),
            Whose::Nobody | Whose::Own => None,
        }
    }

    fn meet(&mut self, moment: Moment, whose: Whose<'a>) {
        if let Some(trouble) = self.danger.and_then(|danger| trouble_of(danger.at(moment))) {
            self.danger = None;
            self.push(Step::Command(trouble), whose);
        }
    }

    fn push(&mut self, step: Step<'a>, whose: Whose<'a>) {
        self.steps.push(step);
        self.whose.push(whose);
    }
}

/// What has the server itself do it: its own error, in its own place in the flight.
pub(super) fn trouble_of(verdict: Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::GoOn => None,
        Verdict::DiskError => Some("DO $$ BEGIN RAISE 'injected: input/output error' USING ERRCODE = '58030'; END $$"),
        Verdict::DiskFull => Some("DO $$ BEGIN RAISE 'injected: no space left' USING ERRCODE = '53100'; END $$"),
        Verdict::Cut => Some("SELECT pg_terminate_backend(pg_backend_pid())"),
    }
}
