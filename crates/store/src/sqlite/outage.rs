//! Published plans, entered events, runs of the backfill.

use super::SqliteTx;
use super::statement::count;
use super::value::{Columns, Moment};
use crate::fault::Fault;
use crate::outage::{BackfillRun, EnteredEvent, Outages, PublishedPlan};
use rusqlite::params;

fn read_plan(row: &mut Columns<'_, '_>) -> rusqlite::Result<PublishedPlan> {
    Ok(PublishedPlan {
        plan: row.take()?,
        version: row.take()?,
        text: row.take()?,
        published_at: row.moment()?,
        published_by: row.take()?,
    })
}

fn read_event(row: &mut Columns<'_, '_>) -> rusqlite::Result<EnteredEvent> {
    Ok(EnteredEvent {
        plan: row.take()?,
        event: row.take()?,
        at: row.moment()?,
        entered_at: row.moment()?,
        entered_by: row.take()?,
    })
}

fn read_run(row: &mut Columns<'_, '_>) -> rusqlite::Result<BackfillRun> {
    Ok(BackfillRun {
        number: row.take()?,
        plan: row.take()?,
        fixmedins_code: row.take()?,
        started_at: row.moment()?,
        started_by: row.take()?,
        found: row.take()?,
        settled: row.take()?,
        failed: row.take()?,
        finished_at: row.some_moment()?,
    })
}

impl Outages for SqliteTx<'_> {
    fn publish_plan(&mut self, row: &PublishedPlan) -> Result<(), Fault> {
        let sql = "INSERT INTO published_plan (plan, version, text, published_at, published_by)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![row.plan, row.version, row.text, Moment(row.published_at), row.published_by];
        self.run_on_one("recording plan", &row.plan, sql, values)
    }

    fn published_plans(&mut self) -> Result<Vec<PublishedPlan>, Fault> {
        let sql = "SELECT plan, version, text, published_at, published_by
                   FROM published_plan ORDER BY plan, version";
        self.all("reading the plans", "", sql, &[], read_plan)
    }

    fn enter_event(&mut self, row: &EnteredEvent) -> Result<(), Fault> {
        let sql = "INSERT INTO entered_event (plan, event, happened_at, entered_at, entered_by)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![row.plan, row.event, Moment(row.at), Moment(row.entered_at), row.entered_by];
        self.run_on_one("entering an event of plan", &row.plan, sql, values)
    }

    fn entered_events(&mut self) -> Result<Vec<EnteredEvent>, Fault> {
        let sql = "SELECT plan, event, happened_at, entered_at, entered_by
                   FROM entered_event ORDER BY plan, happened_at, event";
        self.all("reading the events of plans", "", sql, &[], read_event)
    }

    fn add_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault> {
        let sql = "INSERT INTO backfill_run (number, plan, fixmedins_code, started_at, started_by, found, settled,
                                             failed, finished_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let values = params![
            row.number,
            row.plan,
            row.fixmedins_code,
            Moment(row.started_at),
            row.started_by,
            row.found,
            row.settled,
            row.failed,
            row.finished_at.map(Moment)
        ];
        self.run_on_one("recording backfill run", &row.number.to_string(), sql, values)
    }

    fn update_backfill_run(&mut self, row: &BackfillRun) -> Result<(), Fault> {
        let sql = "UPDATE backfill_run SET (found, settled, failed, finished_at) = (?2, ?3, ?4, ?5) WHERE number = ?1";
        let values = params![row.number, row.found, row.settled, row.failed, row.finished_at.map(Moment)];
        self.run_on_one("recording the progress of backfill run", &row.number.to_string(), sql, values)
    }

    fn backfill_runs(&mut self, limit: usize) -> Result<Vec<BackfillRun>, Fault> {
        let sql = "SELECT number, plan, fixmedins_code, started_at, started_by, found, settled, failed, finished_at
                   FROM backfill_run ORDER BY number DESC LIMIT ?1";
        self.all("reading backfill runs", "", sql, params![count(limit)], read_run)
    }
}
