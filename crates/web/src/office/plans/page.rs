//! The agency's page of plans: those in force, what waits for a second person, what was tried and not done.

use super::super::form::said;
use super::super::{Chrome, Trouble, Visitor, blocking, shown as words};
use super::waiting::{Movable, Waiting, movable, waiting};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use yibao_domain::outage::{Plan, moment_name};
use yibao_domain::register::FieldProblem;
use yibao_engine::desks::registers::NotDone;

/// The page.
#[derive(Template)]
#[template(path = "office/plans.html")]
struct PlansPage {
    frame: Frame,
    chrome: Chrome,
    now: String,
    plans: Vec<PlanView>,
    published: Vec<(String, i64, String, String)>,
    waiting: Vec<Waiting>,
    problem: String,
    /// The checker's findings, by line.
    findings: Vec<String>,
    /// The text that has them.
    text: String,
}

struct PlanView {
    id: String,
    version: u32,
    title: String,
    window: String,
    ends: String,
    rules: usize,
    duties: usize,
    texts: Vec<String>,
    /// Id, name, and what has been entered, or nothing.
    events: Vec<(String, String, String)>,
    /// What may be moved.
    movable: Vec<Movable>,
    /// What was typed in the form of a re-plan that could not be shown: reopening, moment, reason.
    typed: (String, String, String),
}

/// What was tried and not done.
#[derive(Default)]
pub(super) struct Tried {
    pub problem: String,
    pub findings: Vec<FieldProblem>,
    pub text: String,
    /// The form of a re-plan that could not be shown.
    pub replan: Vec<(String, String)>,
}

/// The page, with what was tried.
pub(super) async fn answer(app: &App, visitor: Visitor, tried: Tried) -> Response {
    if !visitor.is_agency() {
        return Trouble::Missing.answer(app);
    }
    let found = blocking(app, {
        let visitor = visitor.clone();
        move |app| Ok((look(app, &visitor)?, waiting(app, &visitor)?))
    });
    let ((mut plans, published), waiting) = match found.await {
        Ok(found) => found,
        Err(trouble) => return trouble.answer(app),
    };
    for plan in plans.iter_mut().filter(|plan| plan.id == said(&tried.replan, "plan")) {
        let typed = |name| said(&tried.replan, name).to_owned();
        plan.typed = (typed("reopening"), typed("to"), typed("reason"));
    }
    let failed = !tried.problem.is_empty() || !tried.findings.is_empty();
    let page = PlansPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        now: app.clock.now().strftime("%Y-%m-%dT%H:%M").to_string(),
        plans,
        published,
        waiting,
        problem: tried.problem,
        findings: tried.findings.iter().map(|finding| format!("{}：{}", finding.label, finding.text)).collect(),
        text: tried.text,
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, shown(&page)).into_response()
}

type Published = Vec<(String, i64, String, String)>;

fn look(app: &App, visitor: &Visitor) -> Result<(Vec<PlanView>, Published), Trouble> {
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let entered = registers.entered_events()?;
    let plans = app.platform.plans();
    let view = |plan: &Plan| PlanView {
        id: plan.id.clone(),
        version: plan.version,
        title: plan.title.clone(),
        window: plan.window.name(),
        ends: moment_name(plan.ends),
        rules: plan.rules.len(),
        duties: plan.duties.len(),
        texts: plan.unserved().iter().map(|text| format!("第{}行{}：{}", text.line, text.what, text.desk)).collect(),
        events: plan
            .events
            .iter()
            .map(|event| {
                let known = entered.iter().find(|row| row.plan == plan.id && row.event == event.id);
                let said = known.map(|row| format!("{}，由{}登记", moment_name(row.at), row.entered_by));
                (event.id.clone(), event.name.clone(), said.unwrap_or_default())
            })
            .collect(),
        movable: movable(plan),
        typed: Default::default(),
    };
    let own = plans.iter().filter(|plan| plan.pool == visitor.user.pool).map(view).collect();
    let rows = registers.published_plans()?.into_iter();
    let published = rows.map(|row| (row.plan, row.version, words::minute(row.published_at), row.published_by));
    Ok((own, published.collect()))
}

/// The page again with what kept a deed from being done, or as it is after it.
pub(super) async fn after(
    app: &App,
    visitor: Visitor,
    done: Result<Result<(), NotDone>, Trouble>,
    text: String,
) -> Response {
    match done {
        Ok(Ok(())) => Redirect::to("/office/plans").into_response(),
        Ok(Err(NotDone::Fields(findings))) => answer(app, visitor, Tried { findings, text, ..Tried::default() }).await,
        Ok(Err(NotDone::Refused(refusal))) => {
            answer(app, visitor, Tried { problem: refusal.text, text, ..Tried::default() }).await
        }
        Ok(Err(other)) => Trouble::from(other).answer(app),
        Err(trouble) => trouble.answer(app),
    }
}
