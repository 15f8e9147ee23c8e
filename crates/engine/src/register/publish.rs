//! Publishes plans and enters the events that they wait for (发布方案、登记恢复条件). Only the agency may.

use super::{Actor, NotDone, Registers};
use crate::desk::Desk;
use yibao_domain::outage::moment_name;
use yibao_domain::refusal::Code;
use yibao_domain::register::{FieldProblem, Role};
use yibao_domain::time::DateTime;
use yibao_policy::plan::{self, Problem};
use yibao_store::Tx;
use yibao_store::outage::{EnteredEvent, PublishedPlan};

impl Registers<'_> {
    /// Publishes a plan, or a new version of one; in force at once. The checker's findings are told by line.
    pub fn publish_plan(&self, by: &Actor, now: DateTime, text: &str) -> Result<PublishedPlan, NotDone> {
        let (by, text) = (by.clone(), text.to_owned());
        let published = self.write("", move |tx, desk| publish(tx, desk, &by, now, &text)).wait()?;
        self.platform.take_up_plans()?;
        Ok(published)
    }

    /// Every published version, by id and version.
    pub fn published_plans(&self) -> Result<Vec<PublishedPlan>, NotDone> {
        self.read(|tx, _| Ok(tx.published_plans()?)).wait()
    }

    /// Enters that an event has happened: from `at` on, what waits for it is open. Deadlines follow at once.
    pub fn enter_event(
        &self,
        by: &Actor,
        now: DateTime,
        plan: &str,
        event: &str,
        at: DateTime,
    ) -> Result<EnteredEvent, NotDone> {
        let row = EnteredEvent {
            plan: plan.to_owned(),
            event: event.to_owned(),
            at,
            entered_at: now,
            entered_by: by.signature(),
        };
        let role = by.role;
        let entered = self.write("", move |tx, desk| enter(tx, desk, role, row.clone())).wait()?;
        self.platform.take_up_plans()?;
        Ok(entered)
    }

    /// Every event entered, by plan and time.
    pub fn entered_events(&self) -> Result<Vec<EnteredEvent>, NotDone> {
        self.read(|tx, _| Ok(tx.entered_events()?)).wait()
    }
}

fn publish(tx: &mut dyn Tx, desk: &Desk, by: &Actor, now: DateTime, text: &str) -> Result<PublishedPlan, NotDone> {
    agency_only(by.role)?;
    let plan = plan::read(text).map_err(|problems| found(&problems))?;
    let problems = plan::check(&plan, &desk.calendar);
    if !problems.is_empty() {
        return Err(found(&problems));
    }
    if plan.pool != desk.pool.pool {
        let text = format!("方案的统筹区 {} 不是本统筹区 {};请核对 pool", plan.pool, desk.pool.pool);
        return Err(NotDone::refused(Code::OtherPool, text));
    }
    let plans = desk.plans();
    let standing = tx.published_plans()?.into_iter().filter(|row| row.plan == plan.id).map(|row| row.version).max();
    let in_force = plans.iter().find(|known| known.id == plan.id).map(|known| i64::from(known.version));
    if let Some(present) = standing.max(in_force)
        && i64::from(plan.version) <= present
    {
        let text = format!("方案 {} 现行版本为{present};请把 version 改为{}", plan.id, present + 1);
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let row = PublishedPlan {
        plan: plan.id,
        version: i64::from(plan.version),
        text: text.to_owned(),
        published_at: now,
        published_by: by.signature(),
    };
    tx.publish_plan(&row)?;
    Ok(row)
}

fn enter(tx: &mut dyn Tx, desk: &Desk, role: Role, row: EnteredEvent) -> Result<EnteredEvent, NotDone> {
    agency_only(role)?;
    let plans = desk.plans();
    let plan = plans.iter().find(|plan| plan.id == row.plan && plan.pool == desk.pool.pool);
    let Some(event) = plan.and_then(|plan| plan.events.iter().find(|event| event.id == row.event)) else {
        let text = format!("现行方案 {} 没有恢复条件 {};请核对", row.plan, row.event);
        return Err(NotDone::refused(Code::NotFound, text));
    };
    let entered = tx.entered_events()?;
    if let Some(known) = entered.iter().find(|known| known.plan == row.plan && known.event == row.event) {
        let text = format!(
            "“{}”已由{}登记为{};要改期的请发布方案的新版本",
            event.name,
            known.entered_by,
            moment_name(known.at)
        );
        return Err(NotDone::refused(Code::WrongState, text));
    }
    tx.enter_event(&row)?;
    Ok(row)
}

fn agency_only(role: Role) -> Result<(), NotDone> {
    if role == Role::Provider {
        return Err(NotDone::refused(Code::NotYours, "停机方案由经办机构发布和登记;请联系经办机构"));
    }
    Ok(())
}

/// The checker's findings, each at its line.
fn found(problems: &[Problem]) -> NotDone {
    let at = |problem: &Problem| FieldProblem {
        field: format!("line-{}", problem.line),
        label: format!("第{}行", problem.line),
        text: problem.text.clone(),
    };
    NotDone::Fields(problems.iter().map(at).collect())
}
