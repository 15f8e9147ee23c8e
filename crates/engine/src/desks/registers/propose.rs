//! Versions of a plan that one person proposes and another publishes or sends back (改期复核). Only the agency may.
//!
//! Invariant: nobody decides on what he or she proposed; of one plan one proposal waits at a time.

use crate::desks::once;
use crate::desks::registers::Registers;
use crate::desks::registers::publish::{agency_only, publish, publishable};
use crate::policies::Policies;
use crate::policies::plans::entered;
use crate::register::Actor;
use crate::register::problem::NotDone;
use serde_json::json;
use yibao_domain::outage::Plan;
use yibao_domain::party::Party;
use yibao_domain::refusal::Code;
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::outage::ProposedPlan;

/// What is decided on a proposed version (复核结论).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// It is published, and in force at once.
    Publish,
    /// It goes back, for this reason.
    Return(String),
}

/// What a decision on a published version is called in the book.
const PUBLISHED: &str = "published";
/// What one on a version that went back begins with.
const RETURNED: &str = "returned:";

impl Registers<'_> {
    /// Proposes the text of a new version, which has to be fit for publication as it stands.
    pub fn propose_plan(&self, by: &Actor, now: DateTime, text: &str, reason: &str) -> Result<ProposedPlan, NotDone> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(NotDone::field("reason", "改期原因", "必填；请补填"));
        }
        let once = self.once(by, "", once::PROPOSE, || json!([text, reason]));
        let (by, text) = (by.clone(), text.to_owned());
        let proposing = self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| propose(tx, policies, &by, now, &text, &reason))
        });
        proposing.wait()
    }

    /// Publishes a proposed version, or sends it back.
    pub fn decide_plan(
        &self,
        by: &Actor,
        now: DateTime,
        number: i64,
        decision: &Decision,
    ) -> Result<ProposedPlan, NotDone> {
        let said = match decision {
            Decision::Publish => PUBLISHED.to_owned(),
            Decision::Return(reason) if reason.trim().is_empty() => {
                return Err(NotDone::field("reason", "退回原因", "必填；请补填"));
            }
            Decision::Return(reason) => format!("{RETURNED}{}", reason.trim()),
        };
        let once = self.once(by, &number.to_string(), once::DECIDE, || json!(said));
        let (by, publishes) = (by.clone(), *decision == Decision::Publish);
        let deciding = self.write(by.party(), move |tx, policies| {
            once::once(tx, once.as_ref(), now, |tx| decide(tx, policies, &by, now, number, &said))
        });
        let decided = deciding.wait()?;
        if publishes {
            self.take_up();
        }
        Ok(decided)
    }

    /// Every proposed version, by number.
    pub fn proposed_plans(&self) -> Result<Vec<ProposedPlan>, NotDone> {
        self.read(Party::platform(""), |tx, _| Ok(tx.proposed_plans()?)).wait()
    }

    /// A new version as it would be in force now: following the one that is, with the events that have been entered.
    pub fn as_in_force(&self, by: &Actor, new: &Plan) -> Result<Plan, NotDone> {
        let (by, new) = (by.clone(), new.clone());
        self.read(by.party(), move |tx, policies| {
            agency_only(by.role)?;
            let follows = policies.plans_in_force.latest(&new.pool, &new.id).map(|known| new.after(&known));
            let entered = entered(&policies.pool.pool, tx.entered_events()?);
            Ok(follows.as_ref().unwrap_or(&new).with_events(&entered))
        })
        .wait()
    }

    /// The findings and refusals that would meet a text if it were published now; nothing is recorded.
    pub fn try_plan(&self, by: &Actor, text: &str) -> Result<(), NotDone> {
        let (by, text) = (by.clone(), text.to_owned());
        self.read(by.party(), move |tx, policies| publishable(tx, policies, &by, &text).map(drop)).wait()
    }
}

fn propose(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    text: &str,
    reason: &str,
) -> Result<ProposedPlan, NotDone> {
    let plan = publishable(tx, policies, by, text)?;
    let known = tx.proposed_plans()?;
    if let Some(open) = known.iter().find(|row| row.plan == plan.id && row.decided_at.is_none()) {
        let text = format!(
            "方案 {} 第{}版已由{}提交、等待复核；请先发布或退回它，再提交新的",
            open.plan, open.version, open.proposed_by
        );
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let row = ProposedPlan {
        number: known.iter().map(|row| row.number).max().unwrap_or(0) + 1,
        plan: plan.id,
        version: i64::from(plan.version),
        text: text.to_owned(),
        reason: reason.to_owned(),
        proposed_at: now,
        proposed_by: by.signature(),
        decided_at: None,
        decided_by: String::new(),
        decision: String::new(),
    };
    tx.propose_plan(&row)?;
    Ok(row)
}

fn decide(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    number: i64,
    said: &str,
) -> Result<ProposedPlan, NotDone> {
    agency_only(by.role)?;
    let Some(row) = tx.proposed_plans()?.into_iter().find(|row| row.number == number) else {
        return Err(NotDone::refused(Code::NotFound, format!("没有{number}号待复核的方案；请刷新页面")));
    };
    if row.decided_at.is_some() {
        let text = format!("方案 {} 第{}版已由{}复核；请刷新页面", row.plan, row.version, row.decided_by);
        return Err(NotDone::refused(Code::WrongState, text));
    }
    let publishes = said == PUBLISHED;
    // Whoever proposed may take it back, not publish it.
    if publishes && row.proposed_by == by.signature() {
        let text = format!(
            "方案 {} 第{}版由{}提交，发布须由另一人办理；请由其他经办人登录后办理",
            row.plan, row.version, row.proposed_by
        );
        return Err(NotDone::refused(Code::NotYours, text));
    }
    if publishes {
        publish(tx, policies, by, now, &row.text)?;
    }
    let decided = ProposedPlan { decided_at: Some(now), decided_by: by.signature(), decision: said.to_owned(), ..row };
    tx.decide_proposed_plan(&decided)?;
    Ok(decided)
}
