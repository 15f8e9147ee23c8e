//! A re-plan at the agency (改期): the next version is written from the one in force by moving reopenings, shown with what it
//! changes for whom, and published by a second person.

use super::super::form::said;
use super::super::{Chrome, Said, Trouble, Visitor, blocking, guard};
use super::page::{Tried, after, answer};
use super::waiting::{ChangeRow, changes, reminders};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use yibao_domain::outage::{Plan, Reopens, plan_named};
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
    let plans = app.platform.plans();
    let plan = plan_named(&plans, &visitor.user.pool, said(&form, "plan"));
    let (text, reason) = (said(&form, "text").to_owned(), said(&form, "reason").to_owned());
    let trouble = match (guard::is_token(said(&form, "token"), &visitor), plan) {
        (Ok(()), Some(plan)) if !text.is_empty() => {
            return page(&app, visitor, plan, text, reason, Said::default()).await;
        }
        (Ok(()), Some(plan)) => match moved(plan, &form, app.clock.now()) {
            Ok(text) => return page(&app, visitor, plan, text, reason, Said::default()).await,
            Err(problem) => Trouble::Refused(problem),
        },
        (Ok(()), None) => Trouble::Refused(GONE.to_owned()),
        (Err(trouble), _) => trouble,
    };
    not_shown(&app, visitor, plan, trouble, form).await
}

/// Said of a plan that is not in force any more.
const GONE: &str = "这个方案已不在册，没有办理；请重新选择方案";

/// Back with what was typed, to the page that it was typed on: the preview where there was a text already, else that of all plans.
async fn not_shown(
    app: &App,
    visitor: Visitor,
    plan: Option<&Plan>,
    trouble: Trouble,
    form: Vec<(String, String)>,
) -> Response {
    let (text, reason) = (said(&form, "text").to_owned(), said(&form, "reason").to_owned());
    match (plan.filter(|_| !text.is_empty()), trouble.said()) {
        (Some(plan), Ok(said)) => page(app, visitor, plan, text, reason, said).await,
        (None, Ok(said)) => answer(app, visitor, Tried { said, text, typed: form, ..Tried::default() }).await,
        (_, Err(trouble)) => trouble.answer(app),
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

/// The preview, with what is said of it besides.
pub(super) async fn page(
    app: &App,
    visitor: Visitor,
    plan: &Plan,
    text: String,
    reason: String,
    said: Said,
) -> Response {
    if !visitor.is_agency() {
        return Trouble::Missing.answer(app);
    }
    let (by, given) = (visitor.clone(), text.clone());
    let tried = blocking(app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        // What it changes is told of the version as it would hold; of another plan or pool there is nothing to tell.
        let new = read(&given).ok().map(|new| registers.as_in_force(&by.actor(), &new)).transpose()?;
        Ok((registers.try_plan(&by.actor(), &given), new))
    });
    let (mut findings, mut new) = (Vec::new(), None);
    let tried = tried.await.map(|(tried, as_in_force)| {
        new = as_in_force;
        tried
    });
    let found = match tried {
        Ok(Ok(())) => Ok(Said::default()),
        Ok(Err(NotDone::Fields(found))) => {
            findings = found.iter().map(|finding| format!("{}：{}", finding.label, finding.text)).collect();
            Ok(Said::default())
        }
        Ok(Err(NotDone::Refused(refusal))) => Ok(Said::refused(refusal.text)),
        Ok(Err(other)) => Trouble::from(other).said(),
        Err(trouble) => trouble.said(),
    };
    let Said { status, text: problem } = match found {
        // What was refused first is what the page is shown for.
        Ok(_) if !said.text.is_empty() => said,
        Ok(found) => found,
        Err(trouble) => return trouble.answer(app),
    };
    let status = if findings.is_empty() { status } else { StatusCode::UNPROCESSABLE_ENTITY };
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
    (status, shown(&page)).into_response()
}

/// Proposes the text that was shown.
pub(in crate::office) async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let ours = guard::is_token(said(&form, "token"), &visitor);
    let (text, why) = (said(&form, "text").to_owned(), said(&form, "reason").to_owned());
    let (by, submission) = (visitor.clone(), said(&form, "submission").to_owned());
    let done = blocking(&app, move |app| {
        ours?;
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.submitted(&submission).propose_plan(&by.actor(), app.clock.now(), &text, &why).map(drop))
    });
    let trouble = match done.await {
        Ok(Ok(())) => return Redirect::to("/office/plans").into_response(),
        // The page says each finding at its line.
        Ok(Err(NotDone::Fields(found))) => {
            Trouble::Refused(found.first().map(|first| first.text.clone()).unwrap_or_default())
        }
        Ok(Err(NotDone::Refused(refusal))) => Trouble::Refused(refusal.text),
        Ok(Err(other)) => Trouble::from(other),
        Err(trouble) => trouble,
    };
    let plans = app.platform.plans();
    let plan = plan_named(&plans, &visitor.user.pool, said(&form, "plan"));
    not_shown(&app, visitor, plan, trouble, form).await
}

/// Publishes what somebody else proposed, or sends it back.
pub(in crate::office) async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<i64>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let ours = guard::is_token(said(&form, "token"), &visitor);
    let reason = said(&form, "reason").to_owned();
    let decision = match said(&form, "decision") {
        "publish" => Decision::Publish,
        _ => Decision::Return(reason.clone()),
    };
    let (by, submission) = (visitor.clone(), said(&form, "submission").to_owned());
    let done = blocking(&app, move |app| {
        ours?;
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.submitted(&submission).decide_plan(&by.actor(), app.clock.now(), number, &decision).map(drop))
    });
    after(&app, visitor, done.await, Tried { decided: Some((number, reason)), ..Tried::default() }).await
}
