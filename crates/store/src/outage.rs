//! What belongs to an outage beside its registers: published plans, events that were entered, runs of the backfill.

use crate::fault::Fault;
use yibao_domain::time::DateTime;

/// A published plan. Never changed: a re-plan is a new version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublishedPlan {
    /// The plan's id.
    pub plan: String,
    /// Its version, from 1.
    pub version: i64,
    /// The TOML text.
    pub text: String,
    /// When.
    pub published_at: DateTime,
    /// By whom.
    pub published_by: String,
}

/// An event that a plan waits for, entered by a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnteredEvent {
    /// The plan's id.
    pub plan: String,
    /// The event's id in the plan.
    pub event: String,
    /// When it happened: the reopening.
    pub at: DateTime,
    /// When it was entered.
    pub entered_at: DateTime,
    /// By whom.
    pub entered_by: String,
}

/// A run of the backfill. One that is not finished goes on after a restart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BackfillRun {
    /// Its number, from 1.
    pub number: i64,
    /// The plan's id.
    pub plan: String,
    /// The only provider whose entries it takes; empty: all.
    pub fixmedins_code: String,
    /// When it was started.
    pub started_at: DateTime,
    /// By whom.
    pub started_by: String,
    /// How many entries it found.
    pub found: i64,
    /// How many it has settled.
    pub settled: i64,
    /// How many were refused.
    pub failed: i64,
    /// When it came to its end; `None` while it runs.
    pub finished_at: Option<DateTime>,
}

/// Questions and records about plans, events and runs.
pub trait Outages {
    /// Records a published plan; the pair of plan and version must be new.
    fn publish_plan(&mut self, row: &PublishedPlan) -> Result<(), Fault>;
    /// Every published plan, by id and version.
    fn published_plans(&mut self) -> Result<Vec<PublishedPlan>, Fault>;
    /// Records that an event has happened, once a plan and event.
    fn enter_event(&mut self, row: &EnteredEvent) -> Result<(), Fault>;
    /// Every event entered, by plan and time.
    fn entered_events(&mut self) -> Result<Vec<EnteredEvent>, Fault>;
    /// Records a new run; its number must be new.
    fn add_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault>;
    /// Records how far a run has come.
    fn update_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault>;
    /// The latest runs, newest first, at most `limit`.
    fn backfill_runs(&mut self, limit: usize) -> Result<Vec<BackfillRun>, Fault>;
}
