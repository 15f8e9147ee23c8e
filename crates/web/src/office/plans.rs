//! Plans (停机方案) at the agency: those in force, publishing a new version, entering an event, declaring a stop.

mod declare;

use super::form::{self, said};
use super::{Chrome, Trouble, Visitor, blocking, guard, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use declare::Declared;
use yibao_domain::outage::moment_name;
use yibao_domain::register::FieldProblem;
use yibao_domain::register::spelling::moment;
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
}

/// What was tried and not done.
#[derive(Default)]
struct Tried {
    problem: String,
    findings: Vec<FieldProblem>,
    text: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Response {
    answer(&app, visitor, Tried::default()).await
}

async fn answer(app: &App, visitor: Visitor, tried: Tried) -> Response {
    if !visitor.is_agency() {
        return Trouble::Missing.answer(app);
    }
    let found = blocking(app, {
        let visitor = visitor.clone();
        move |app| look(app, &visitor)
    });
    let (plans, published) = match found.await {
        Ok(found) => found,
        Err(trouble) => return trouble.answer(app),
    };
    let failed = !tried.problem.is_empty() || !tried.findings.is_empty();
    let page = PlansPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        now: app.clock.now().strftime("%Y-%m-%dT%H:%M").to_string(),
        plans,
        published,
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
    let view = |plan: &yibao_domain::outage::Plan| PlanView {
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
    };
    let own = plans.iter().filter(|plan| plan.pool == visitor.user.pool).map(view).collect();
    let rows = registers.published_plans()?.into_iter();
    let published = rows.map(|row| (row.plan, row.version, words::minute(row.published_at), row.published_by));
    Ok((own, published.collect()))
}

/// Publishes the text of a file or of the form.
pub(super) async fn publish(State(app): State<App>, visitor: Visitor, mut parts: Multipart) -> Response {
    let (mut token, mut submission, mut text) = (String::new(), String::new(), String::new());
    while let Ok(Some(field)) = parts.next_field().await {
        match field.name().unwrap_or_default() {
            "token" => token = field.text().await.unwrap_or_default(),
            "submission" => submission = field.text().await.unwrap_or_default(),
            "file" | "text" => {
                let bytes = field.bytes().await.unwrap_or_default();
                if !bytes.is_empty() {
                    text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned();
                }
            }
            _ => {}
        }
    }
    match guard::is_token(&token, &visitor) {
        Ok(()) => {}
        Err(Trouble::Refused(problem)) => {
            return answer(&app, visitor, Tried { problem, text, ..Tried::default() }).await;
        }
        Err(trouble) => return trouble.answer(&app),
    }
    let (by, given) = (visitor.clone(), text.clone());
    let done = blocking(&app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.submitted(&submission).publish_plan(&by.actor(), app.clock.now(), &given).map(drop))
    });
    after(&app, visitor, done.await, text).await
}

/// Enters that something has happened that a reopening waits for.
pub(super) async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(trouble) = guard::is_token(said(&form, "token"), &visitor) {
        return trouble.answer(&app);
    }
    let (plan, event) = (said(&form, "plan").to_owned(), said(&form, "event").to_owned());
    let at = match moment(said(&form, "at")) {
        Ok(at) => at,
        Err(problem) => return answer(&app, visitor, Tried { problem, ..Tried::default() }).await,
    };
    let (by, corrects) = (visitor.clone(), form.iter().any(|(name, _)| name == "reason"));
    let (reason, submission) = (said(&form, "reason").to_owned(), said(&form, "submission").to_owned());
    let done = blocking(&app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?.submitted(&submission);
        let (by, now) = (by.actor(), app.clock.now());
        Ok(match corrects {
            true => registers.correct_event(&by, now, &plan, &event, at, &reason).map(drop),
            false => registers.enter_event(&by, now, &plan, &event, at).map(drop),
        })
    });
    after(&app, visitor, done.await, String::new()).await
}

/// Declares a stop that nobody had planned: a small plan is written and published.
pub(super) async fn declare(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(trouble) = guard::is_token(said(&form, "token"), &visitor) {
        return trouble.answer(&app);
    }
    let info = app.platform.rules().pool(&visitor.user.pool);
    let pool_name = info.map_or_else(String::new, |info| info.name.clone());
    match Declared::of(&form, &visitor.user.pool, &pool_name, app.clock.now()) {
        Ok(declared) => {
            let (by, text, given) = (visitor.clone(), declared.text(), form::stated(&form));
            let submission = said(&form, "submission").to_owned();
            let done = blocking(&app, {
                let text = text.clone();
                move |app| {
                    let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
                    let registers = registers.submitted(&submission);
                    Ok(registers.declare_stop(&by.actor(), app.clock.now(), &given, &text).map(drop))
                }
            });
            after(&app, visitor, done.await, text).await
        }
        Err(problem) => answer(&app, visitor, Tried { problem, ..Tried::default() }).await,
    }
}

async fn after(app: &App, visitor: Visitor, done: Result<Result<(), NotDone>, Trouble>, text: String) -> Response {
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
