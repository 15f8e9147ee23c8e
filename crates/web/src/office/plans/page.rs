//! The agency's page of plans: those in force, what waits for a second person, what was tried and not done.

use super::super::form::said;
use super::super::{Chrome, Said, Trouble, Visitor, blocking, shown as words};
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
    stop: Stop,
    plans: Vec<PlanView>,
    published: Vec<(String, i64, String, String)>,
    waiting: Vec<Waiting>,
    done: &'static str,
    problem: String,
    /// Which of a file and a text was looked at, where both were there.
    taken: &'static str,
    /// The checker's findings, by line.
    findings: Vec<String>,
    /// The text that has them.
    text: String,
}

struct PlanView {
    id: String,
    pool: String,
    version: u32,
    title: String,
    window: String,
    ends: String,
    rules: usize,
    duties: usize,
    texts: Vec<String>,
    events: Vec<EventView>,
    /// What may be moved.
    movable: Vec<Movable>,
    /// What was typed in the form of a re-plan that could not be shown: reopenings, moment, reason.
    typed: (Vec<String>, String, String),
}

/// An event that a reopening waits for.
struct EventView {
    id: String,
    name: String,
    /// What has been entered, or nothing.
    said: String,
    /// What was typed and could not be done: moment, reason.
    typed: (String, String),
}

/// What was typed in the form of a stop.
struct Stop {
    closes: String,
    expected: String,
    title: String,
    issuer: String,
    telephone: String,
    /// It was tried, and is shown again.
    is_open: bool,
}

impl Stop {
    fn of(typed: &[(String, String)], now: &str, pool: &str) -> Stop {
        let is_open = typed.iter().any(|(name, _)| name == "telephone");
        let or = |name: &str, usual: String| if is_open { said(typed, name).to_owned() } else { usual };
        Stop {
            closes: or("closes", now.to_owned()),
            expected: or("expected", String::new()),
            title: or("title", format!("{pool}医保系统突发停机")),
            issuer: or("issuer", format!("{pool}医疗保障局")),
            telephone: or("telephone", String::new()),
            is_open,
        }
    }
}

/// What was tried and not done.
#[derive(Default)]
pub(super) struct Tried {
    pub said: Said,
    pub findings: Vec<FieldProblem>,
    pub text: String,
    pub taken: &'static str,
    /// Not tried in vain, but done.
    pub done: &'static str,
    /// The proposal that was to be decided, with what was typed about it.
    pub decided: Option<(i64, String)>,
    /// The form of a re-plan, an event or a stop, as it was typed.
    pub typed: Vec<(String, String)>,
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
    let ((mut plans, published), mut waiting) = match found.await {
        Ok(found) => found,
        Err(trouble) => return trouble.answer(app),
    };
    if let Some((number, reason)) = tried.decided {
        waiting.iter_mut().filter(|row| row.number == number).for_each(|row| row.typed.clone_from(&reason));
    }
    let typed = |name: &str| said(&tried.typed, name).to_owned();
    let chosen = tried.typed.iter().filter(|(name, _)| name == "reopening");
    let reopenings: Vec<String> = chosen.map(|(_, word)| word.clone()).collect();
    for plan in plans.iter_mut().filter(|plan| plan.id == typed("plan")) {
        match plan.events.iter_mut().find(|event| event.id == typed("event")) {
            Some(event) => event.typed = (typed("at"), typed("reason")),
            None => plan.typed = (reopenings.clone(), typed("to"), typed("reason")),
        }
    }
    let (chrome, now) = (visitor.chrome(), app.clock.now().strftime("%Y-%m-%dT%H:%M").to_string());
    let stop = Stop::of(&tried.typed, &now, &chrome.pool);
    let page = PlansPage {
        frame: app.frame(),
        chrome,
        now,
        stop,
        plans,
        published,
        waiting,
        done: tried.done,
        problem: tried.said.text,
        taken: tried.taken,
        findings: tried.findings.iter().map(|finding| format!("{}：{}", finding.label, finding.text)).collect(),
        text: tried.text,
    };
    let status = if tried.findings.is_empty() { tried.said.status } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, shown(&page)).into_response()
}

type Published = Vec<(String, i64, String, String)>;

fn look(app: &App, visitor: &Visitor) -> Result<(Vec<PlanView>, Published), Trouble> {
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let entered = registers.entered_events()?;
    let plans = app.platform.plans();
    let view = |plan: &Plan| PlanView {
        id: plan.id.clone(),
        pool: plan.pool.to_string(),
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
                let (id, name) = (event.id.clone(), event.name.clone());
                EventView { id, name, said: said.unwrap_or_default(), typed: Default::default() }
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
    tried: Tried,
) -> Response {
    let said = match done {
        Ok(Ok(())) => return Redirect::to("/office/plans").into_response(),
        Ok(Err(NotDone::Fields(findings))) => return answer(app, visitor, Tried { findings, ..tried }).await,
        Ok(Err(NotDone::Refused(refusal))) => Ok(Said::refused(refusal.text)),
        Ok(Err(other)) => Trouble::from(other).said(),
        Err(trouble) => trouble.said(),
    };
    match said {
        Ok(said) => answer(app, visitor, Tried { said, ..tried }).await,
        Err(trouble) => trouble.answer(app),
    }
}
