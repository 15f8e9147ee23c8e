//! Publishes plans and enters the events that they wait for (发布方案、登记恢复条件). Only the agency may.

use crate::desks::once;
use crate::desks::registers::Registers;
use crate::policies::Policies;
use crate::policies::plans::{entered, standing_events};
use crate::register::Actor;
use crate::register::problem::NotDone;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use yibao_domain::outage::{Plan, moment_name, plan_named};
use yibao_domain::party::Party;
use yibao_domain::refusal::Code;
use yibao_domain::register::{FieldProblem, Role};
use yibao_domain::time::{DateTime, moment_text};
use yibao_policy::plan::{self, Problem};
use yibao_store::Tx;
use yibao_store::outage::{EnteredEvent, PublishedPlan};

impl Registers<'_> {
    /// Publishes a plan, or a new version of one; in force at once, or as soon as the book can be read again. The checker's
    /// findings are told by line.
    pub fn publish_plan(&self, by: &Actor, now: DateTime, text: &str) -> Result<PublishedPlan, NotDone> {
        self.publish(by, now, text, &json!(text))
    }

    /// Declares a stop that nobody had planned (宣布突发停机): the plan that was written of what was said, and tells when it was
    /// written. What is said twice is the same, whatever the texts tell.
    pub fn declare_stop(
        &self,
        by: &Actor,
        now: DateTime,
        said: &BTreeMap<String, String>,
        text: &str,
    ) -> Result<PublishedPlan, NotDone> {
        self.publish(by, now, text, &json!(said))
    }

    fn publish(&self, by: &Actor, now: DateTime, text: &str, said: &Value) -> Result<PublishedPlan, NotDone> {
        let once = self.once(by, "", once::PUBLISH, || said.clone());
        let (by, text) = (by.clone(), text.to_owned());
        let publishing = self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| publish(tx, policies, &by, now, &text))
        });
        let published = publishing.wait()?;
        self.take_up();
        Ok(published)
    }

    /// Every published version, by id and version.
    pub fn published_plans(&self) -> Result<Vec<PublishedPlan>, NotDone> {
        self.read(Party::platform(""), |tx, _| Ok(tx.published_plans()?)).wait()
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
        let (plan, event) = (plan.to_owned(), event.to_owned());
        self.keep(by, EnteredEvent { plan, event, at, entered_at: now, entered_by: by.signature() }, false)
    }

    /// Corrects when an entered event happened (更正恢复条件), with the reason. What was entered before stays on record.
    pub fn correct_event(
        &self,
        by: &Actor,
        now: DateTime,
        plan: &str,
        event: &str,
        at: DateTime,
        reason: &str,
    ) -> Result<EnteredEvent, NotDone> {
        if reason.trim().is_empty() {
            return Err(NotDone::field("reason", "更正原因", "必填；请补填"));
        }
        let (plan, event) = (plan.to_owned(), event.to_owned());
        let entered_by = format!("{}(更正:{})", by.signature(), reason.trim());
        self.keep(by, EnteredEvent { plan, event, at, entered_at: now, entered_by }, true)
    }

    fn keep(&self, by: &Actor, row: EnteredEvent, corrects: bool) -> Result<EnteredEvent, NotDone> {
        let role = by.role;
        let act = if corrects { once::CORRECT_EVENT } else { once::ENTER };
        let about = format!("{}/{}", row.plan, row.event);
        let once = self.once(by, &about, act, || json!([moment_text(row.at), row.entered_by]));
        let entering = self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), row.entered_at, |tx| enter(tx, policies, role, row.clone(), corrects))
        });
        let entered = entering.wait()?;
        self.take_up();
        Ok(entered)
    }

    /// Puts in force what was recorded. It is recorded whatever becomes of this: the plans are taken up again each second.
    pub(super) fn take_up(&self) {
        let pool = &self.counter.pool;
        if let Err(fault) = self.platform.take_up_plans(pool) {
            tracing::error!(%pool, causes = fault.chain(), "recorded, and not in force until the book can be read again");
        }
    }

    /// Every event entered, as it stands after its corrections, by plan and time.
    pub fn entered_events(&self) -> Result<Vec<EnteredEvent>, NotDone> {
        self.read(Party::platform(""), |tx, _| Ok(standing_events(tx.entered_events()?))).wait()
    }
}

/// Publishes a text that may be published, in the turn of whoever writes.
pub(super) fn publish(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    text: &str,
) -> Result<PublishedPlan, NotDone> {
    let plan = publishable(tx, policies, by, text)?;
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

/// The plan of a text, where it may be published: without findings, of this pool, following the version in force.
pub(super) fn publishable(tx: &mut dyn Tx, policies: &Policies, by: &Actor, text: &str) -> Result<Plan, NotDone> {
    agency_only(by.role)?;
    let plan = plan::read(text).map_err(|problems| found(&problems))?;
    // What will be in force is the version after the present one, which knows what had been planned.
    let known = policies.plans_in_force.latest(&plan.pool, &plan.id);
    let follows = known.as_ref().map_or_else(|| plan.clone(), |known| plan.after(known));
    let mut problems = plan::check(&follows, &policies.calendar, &policies.work.fields);
    if let Some(known) = &known {
        let entered = entered(&plan.pool, tx.entered_events()?);
        problems.extend(plan::expected_in_vain(known, &plan, &entered));
    }
    if !problems.is_empty() {
        return Err(found(&problems));
    }
    if plan.pool != policies.pool.pool {
        let text = format!("方案的统筹区 {} 不是本统筹区 {}；请核对 pool", plan.pool, policies.pool.pool);
        return Err(NotDone::refused(Code::OtherPool, text));
    }
    let standing = tx.published_plans()?.into_iter().filter(|row| row.plan == plan.id).map(|row| row.version).max();
    let in_force = known.map(|known| i64::from(known.version));
    if let Some(present) = standing.max(in_force)
        && i64::from(plan.version) <= present
    {
        let text = format!("方案 {} 现行版本为{present}；请把 version 改为{}", plan.id, present + 1);
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let replaced = plan.replaces.map(i64::from);
    let present = standing.max(in_force);
    if replaced != present {
        let text = match present {
            Some(present) => format!(
                "方案 {} 现行版本为{present}；新版本须取代它，请按现行版本改写并写明 replaces = {present}",
                plan.id
            ),
            None => format!("方案 {} 还没有发布过；首次发布的请删去 replaces", plan.id),
        };
        return Err(NotDone::refused(Code::WrongState, text));
    }
    Ok(plan)
}

fn enter(
    tx: &mut dyn Tx,
    policies: &Policies,
    role: Role,
    row: EnteredEvent,
    corrects: bool,
) -> Result<EnteredEvent, NotDone> {
    agency_only(role)?;
    if row.at > row.entered_at {
        let text = format!("{}晚于现在（{}）；发生以后再登记", moment_name(row.at), moment_name(row.entered_at));
        return Err(NotDone::field("at", "发生时间", text));
    }
    let plans = policies.plans();
    let plan = plan_named(&plans, &policies.pool.pool, &row.plan);
    let Some(event) = plan.and_then(|plan| plan.events.iter().find(|event| event.id == row.event)) else {
        let text = format!("现行方案 {} 没有恢复条件 {}；请核对", row.plan, row.event);
        return Err(NotDone::refused(Code::NotFound, text));
    };
    if let Some(closes) = event.closes
        && row.at < closes
    {
        let text =
            format!("{}早于停办（{}）；恢复条件发生在停办以后，请核对时间", moment_name(row.at), moment_name(closes));
        return Err(NotDone::field("at", "发生时间", text));
    }
    let entered = tx.entered_events()?;
    let of_event =
        |known: &&EnteredEvent| known.plan == row.plan && known.event.split('#').next() == Some(row.event.as_str());
    let times = entered.iter().filter(of_event).count();
    match standing_events(entered.clone()).iter().find(of_event) {
        Some(known) if !corrects => {
            let text = format!(
                "“{}”已由{}登记为{}；时刻登记错了的请写明原因更正；要再次停办、推迟恢复的请办改期，另定恢复时刻",
                event.name,
                known.entered_by,
                moment_name(known.at)
            );
            return Err(NotDone::refused(Code::WrongState, text));
        }
        None if corrects => {
            let text = format!("“{}”还没有登记，不必更正；请直接登记", event.name);
            return Err(NotDone::refused(Code::WrongState, text));
        }
        _ => {}
    }
    let kept = match corrects {
        true => EnteredEvent { event: format!("{}#{}", row.event, times + 1), ..row.clone() },
        false => row.clone(),
    };
    tx.enter_event(&kept)?;
    Ok(row)
}

pub(super) fn agency_only(role: Role) -> Result<(), NotDone> {
    if !matches!(role, Role::Agency | Role::Platform) {
        return Err(NotDone::refused(Code::NotYours, "停机方案由经办机构发布和登记；请联系经办机构"));
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
