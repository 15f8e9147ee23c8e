//! What belongs to an outage beside its registers: published plans, events that were entered, runs of the backfill.

use crate::engine::{Engine, Selection, exactly, select};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
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

/// A new version of a plan that one person has written and another decides on (待复核的方案).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProposedPlan {
    /// Its number, from 1.
    pub number: i64,
    /// The plan's id.
    pub plan: String,
    /// The version that it would be.
    pub version: i64,
    /// The TOML text.
    pub text: String,
    /// Why.
    pub reason: String,
    /// When it was proposed.
    pub proposed_at: DateTime,
    /// By whom.
    pub proposed_by: String,
    /// When it was decided; `None` while it waits.
    pub decided_at: Option<DateTime>,
    /// By whom; empty while it waits.
    pub decided_by: String,
    /// What was decided: `published`, or `returned` with the reason behind a colon; empty while it waits.
    pub decision: String,
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
    /// Records a proposed plan; its number must be new.
    fn propose_plan(&mut self, row: &ProposedPlan) -> Result<(), Fault>;
    /// Records what was decided on a proposed plan.
    fn decide_proposed_plan(&mut self, row: &ProposedPlan) -> Result<(), Fault>;
    /// Every proposed plan, by number.
    fn proposed_plans(&mut self) -> Result<Vec<ProposedPlan>, Fault>;
    /// Records that an event has happened, once a plan and event.
    fn enter_event(&mut self, row: &EnteredEvent) -> Result<(), Fault>;
    /// Every event entered, by plan and time.
    fn entered_events(&mut self) -> Result<Vec<EnteredEvent>, Fault>;
    /// Records a new run; its number must be new.
    fn add_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault>;
    /// Records how far a run has come.
    fn update_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault>;
    /// The latest runs, of one provider or of all, newest first, at most `limit`.
    fn backfill_runs(&mut self, fixmedins_code: Option<&str>, limit: usize) -> Result<Vec<BackfillRun>, Fault>;
    /// The runs that have not come to their end, oldest first.
    fn unfinished_runs(&mut self) -> Result<Vec<BackfillRun>, Fault>;
}

record! {
    PublishedPlan = "published_plan", "停机预案", key [plan, version];
    fields { plan, version, text, published_at, published_by }
}

record! {
    ProposedPlan = "proposed_plan", "待复核方案", key [number];
    fields { number, plan, version, text, reason, proposed_at, proposed_by, decided_at, decided_by, decision }
}

record! {
    EnteredEvent = "entered_event", "停机事件", key [plan, event];
    fields { plan, event, at = "happened_at", entered_at, entered_by }
}

record! {
    BackfillRun = "backfill_run", "补录批次", key [number];
    fields { number, plan, fixmedins_code, started_at, started_by, found, settled, failed, finished_at }
}

impl<E: Engine> Outages for E {
    fn publish_plan(&mut self, row: &PublishedPlan) -> Result<(), Fault> {
        self.add(("recording plan", &row.plan), row)
    }

    fn published_plans(&mut self) -> Result<Vec<PublishedPlan>, Fault> {
        let sql = select!(PublishedPlan, "ORDER BY plan, version");
        self.all(("reading the plans", ""), sql, &[], PublishedPlan::read)
    }

    fn propose_plan(&mut self, row: &ProposedPlan) -> Result<(), Fault> {
        self.add(("proposing a version of plan", &row.plan), row)
    }

    fn decide_proposed_plan(&mut self, row: &ProposedPlan) -> Result<(), Fault> {
        let change = exactly!(
            "UPDATE proposed_plan SET decided_at = ?2, decided_by = ?3, decision = ?4 \
             WHERE number = ?1 AND decided_at IS NULL"
        );
        let values = values![row.number, row.decided_at, &row.decided_by, &row.decision].into();
        self.change(("deciding on proposed plan", &row.number.to_string()), 1, change, values)
    }

    fn proposed_plans(&mut self) -> Result<Vec<ProposedPlan>, Fault> {
        let sql = select!(ProposedPlan, "ORDER BY number");
        self.all(("reading the proposed plans", ""), sql, &[], ProposedPlan::read)
    }

    fn enter_event(&mut self, row: &EnteredEvent) -> Result<(), Fault> {
        self.add(("entering an event of plan", &row.plan), row)
    }

    fn entered_events(&mut self) -> Result<Vec<EnteredEvent>, Fault> {
        let sql = select!(EnteredEvent, "ORDER BY plan, happened_at, event");
        self.all(("reading the events of plans", ""), sql, &[], EnteredEvent::read)
    }

    fn add_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault> {
        let key = row.number.to_string();
        self.add(("recording backfill run", &key), row)
    }

    fn update_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault> {
        let change = exactly!(
            "UPDATE backfill_run SET found = ?2, settled = ?3, failed = ?4, finished_at = ?5 WHERE number = ?1"
        );
        let values = values![row.number, row.found, row.settled, row.failed, row.finished_at].into();
        self.change(("recording the progress of backfill run", &row.number.to_string()), 1, change, values)
    }

    fn backfill_runs(&mut self, fixmedins_code: Option<&str>, limit: usize) -> Result<Vec<BackfillRun>, Fault> {
        let fixmedins_code = fixmedins_code.map(str::to_owned);
        let mut selection = Selection::default();
        selection.add_some("fixmedins_code = ?", &fixmedins_code);
        let sql = selection.select::<BackfillRun>("number DESC", limit);
        self.all(("reading backfill runs", ""), &sql, &selection.values, BackfillRun::read)
    }

    fn unfinished_runs(&mut self) -> Result<Vec<BackfillRun>, Fault> {
        let sql = select!(BackfillRun, "WHERE finished_at IS NULL ORDER BY number");
        self.all(("reading unfinished backfill runs", ""), sql, &[], BackfillRun::read)
    }
}
