//! Plans (停机方案) at the agency: those in force, publishing a new version, entering an event, declaring a stop.

mod declare;
mod page;
pub(super) mod replan;
pub(super) mod text;
mod waiting;

use super::form::{self, said};
use super::{Trouble, Visitor, blocking, guard};
use crate::app::App;
use axum::Form;
use axum::extract::{Multipart, State};
use axum::response::Response;
use declare::Declared;
use page::{Tried, after, answer};
use yibao_domain::register::spelling::moment;

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Response {
    answer(&app, visitor, Tried::default()).await
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
    after(&app, visitor, done.await, Tried { text, ..Tried::default() }).await
}

/// Enters that something has happened that a reopening waits for.
pub(super) async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    match guard::is_token(said(&form, "token"), &visitor) {
        Ok(()) => {}
        Err(Trouble::Refused(problem)) => {
            return answer(&app, visitor, Tried { problem, typed: form, ..Tried::default() }).await;
        }
        Err(trouble) => return trouble.answer(&app),
    }
    let (plan, event) = (said(&form, "plan").to_owned(), said(&form, "event").to_owned());
    let at = match moment(said(&form, "at")) {
        Ok(at) => at,
        Err(problem) => return answer(&app, visitor, Tried { problem, typed: form, ..Tried::default() }).await,
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
    after(&app, visitor, done.await, Tried { typed: form, ..Tried::default() }).await
}

/// Declares a stop that nobody had planned: a small plan is written and published.
pub(super) async fn declare(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    match guard::is_token(said(&form, "token"), &visitor) {
        Ok(()) => {}
        Err(Trouble::Refused(problem)) => {
            return answer(&app, visitor, Tried { problem, typed: form, ..Tried::default() }).await;
        }
        Err(trouble) => return trouble.answer(&app),
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
            after(&app, visitor, done.await, Tried { text, typed: form, ..Tried::default() }).await
        }
        Err(problem) => answer(&app, visitor, Tried { problem, typed: form, ..Tried::default() }).await,
    }
}
