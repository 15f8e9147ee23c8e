//! A re-plan at the agency (改期): the next version is written from the one in force by moving reopenings, shown with what it
//! changes for whom, and published by a second person.

use super::super::form::said;
use super::super::{Chrome, Trouble, Visitor, blocking, guard};
use super::page::{Tried, after, answer};
use super::waiting::{ChangeRow, changes, reminders};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use yibao_domain::outage::{Plan, Reopens};
use yibao_domain::register::spelling::moment;
use yibao_domain::time::{DateTime, moment_name};
use yibao_engine::desks::registers::{Decision, NotDone};
use yibao_policy::plan::{Reopening, read, replanned};

/// The page that shows the next version before anybody proposes it.
#[derive(Template)]
#[template(path = "office/replan.html")]
struct ReplanPage {
    frame: Frame,
    chrome: Chrome,
    title: String,
    plan: String,
    /// What stands in the way, by line.
    findings: Vec<String>,
    problem: String,
    /// What stands in nobody's way and its author should know.
    reminders: Vec<String>,
    changes: Vec<ChangeRow>,
    text: String,
    reason: String,
}

/// Shows what a re-plan would say: from the form of a moved reopening, or from the text as it was changed on the page.
pub(in crate::office) async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    match guard::is_token(said(&form, "token"), &visitor) {
        // What was typed before the sign-in is shown again.
        Err(Trouble::Refused(problem)) => {
            return answer(&app, visitor, Tried { problem, typed: form, ..Tried::default() }).await;
        }
        Err(trouble) => return trouble.answer(&app),
        Ok(()) => {}
    }
    let plans = app.platform.plans();
    let Some(plan) = plans.iter().find(|plan| plan.id == said(&form, "plan") && plan.pool == visitor.user.pool) else {
        return Trouble::Missing.answer(&app);
    };
    let text = match said(&form, "text") {
        "" => moved(plan, &form, app.clock.now()),
        text => Ok(text.to_owned()),
    };
    match text {
        Ok(text) => page(&app, visitor, plan, text, said(&form, "reason").to_owned(), String::new()).await,
        Err(problem) => answer(&app, visitor, Tried { problem, typed: form, ..Tried::default() }).await,
    }
}

fn moved(plan: &Plan, form: &[(String, String)], now: DateTime) -> Result<String, String> {
    let chosen = form.iter().filter(|(name, _)| name == "reopening");
    let reopenings: Vec<Reopening> = chosen.filter_map(|(_, word)| Reopening::of_word(word)).collect();
    if reopenings.is_empty() {
        return Err("请选择改哪一处恢复时刻，可以选几处".to_owned());
    }
    let to = moment(said(form, "to")).map_err(|problem| format!("“新的恢复时刻”{problem}"))?;
    if to <= now {
        let (to, now) = (moment_name(to), moment_name(now));
        return Err(format!("新的恢复时刻{to}已经过去（现在{now}），业务不能在过去恢复；请填现在以后的时刻"));
    }
    if said(form, "reason").trim().is_empty() {
        return Err("“改期原因”为空，请补填".to_owned());
    }
    if reopenings.iter().all(|reopening| reopening.in_plan(plan).and_then(Reopens::expected) == Some(to)) {
        return Err("新的恢复时刻与现行的相同，没有改期；请核对".to_owned());
    }
    replanned(plan, &reopenings, to, now.date())
}

async fn page(app: &App, visitor: Visitor, plan: &Plan, text: String, reason: String, problem: String) -> Response {
    let (by, given) = (visitor.clone(), text.clone());
    let tried = blocking(app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.try_plan(&by.actor(), &given))
    });
    let (mut findings, mut problem) = (Vec::new(), problem);
    match tried.await {
        Ok(Ok(())) => {}
        Ok(Err(NotDone::Fields(found))) => {
            findings = found.iter().map(|finding| format!("{}：{}", finding.label, finding.text)).collect();
        }
        Ok(Err(NotDone::Refused(refusal))) => problem = refusal.text,
        Ok(Err(other)) => return Trouble::from(other).answer(app),
        Err(trouble) => return trouble.answer(app),
    }
    let failed = !findings.is_empty() || !problem.is_empty();
    let new = read(&text).ok();
    let reminders = new.as_ref().map(|new| reminders(app, plan, new));
    let page = ReplanPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        title: plan.title.clone(),
        plan: plan.id.clone(),
        changes: new.map(|new| changes(app, plan, &new)).unwrap_or_default(),
        reminders: reminders.unwrap_or_default(),
        findings,
        problem,
        text,
        reason,
    };
    let status = if failed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, shown(&page)).into_response()
}

/// Proposes the text that was shown.
pub(in crate::office) async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let from_before = match guard::is_token(said(&form, "token"), &visitor) {
        Err(Trouble::Refused(problem)) => Some(problem),
        Err(trouble) => return trouble.answer(&app),
        Ok(()) => None,
    };
    let (text, reason) = (said(&form, "text").to_owned(), said(&form, "reason").to_owned());
    if let Some(problem) = from_before {
        return shown_again(&app, visitor, &form, (text, reason), problem).await;
    }
    let submission = said(&form, "submission").to_owned();
    let (by, given, why) = (visitor.clone(), text.clone(), reason.clone());
    let done = blocking(&app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.submitted(&submission).propose_plan(&by.actor(), app.clock.now(), &given, &why).map(drop))
    });
    let problem = match done.await {
        Ok(Ok(())) => return Redirect::to("/office/plans").into_response(),
        // The page says each finding at its line.
        Ok(Err(NotDone::Fields(found))) => found.first().map(|first| first.text.clone()).unwrap_or_default(),
        Ok(Err(NotDone::Refused(refusal))) => refusal.text,
        Ok(Err(other)) => return Trouble::from(other).answer(&app),
        Err(trouble) => return trouble.answer(&app),
    };
    shown_again(&app, visitor, &form, (text, reason), problem).await
}

/// The preview with what was typed and why it was not taken.
async fn shown_again(
    app: &App,
    visitor: Visitor,
    form: &[(String, String)],
    (text, reason): (String, String),
    problem: String,
) -> Response {
    let plans = app.platform.plans();
    match plans.iter().find(|plan| plan.id == said(form, "plan")) {
        Some(plan) => page(app, visitor, plan, text, reason, problem).await,
        None => Trouble::Missing.answer(app),
    }
}

/// Publishes what somebody else proposed, or sends it back.
pub(in crate::office) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<i64>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(trouble) = guard::is_token(said(&form, "token"), &visitor) {
        return trouble.answer(&app);
    }
    let decision = match said(&form, "decision") {
        "publish" => Decision::Publish,
        _ => Decision::Return(said(&form, "reason").to_owned()),
    };
    let (by, submission) = (visitor.clone(), said(&form, "submission").to_owned());
    let done = blocking(&app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.submitted(&submission).decide_plan(&by.actor(), app.clock.now(), number, &decision).map(drop))
    });
    after(&app, visitor, done.await, Tried::default()).await
}
