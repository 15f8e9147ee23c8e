//! Plans (停机方案) at the agency: those in force, publishing a new version, entering an event, declaring a stop.

mod declare;
mod page;
pub(super) mod replan;
pub(super) mod text;
mod waiting;

use super::form::{self, said};
use super::{Said, Trouble, Visitor, blocking, guard};
use crate::app::App;
use crate::sheets::in_its_encoding;
use axum::Form;
use axum::extract::{Multipart, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use declare::Declared;
use page::{Tried, after, answer};
use yibao_domain::outage::plan_named;
use yibao_domain::register::spelling::moment;
use yibao_policy::plan::read;

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let done = if said(&query, "done") == OF_FILE {
        "已发布所选的文件；文本框里的内容没有用。"
    } else {
        ""
    };
    answer(&app, visitor, Tried { done, ..Tried::default() }).await
}

/// Says in an address that a file was published although a text was there too.
const OF_FILE: &str = "file";

/// What came with the form of a plan.
#[derive(Default)]
struct Sent {
    token: String,
    submission: String,
    file: String,
    text: String,
}

/// Reads the form into `sent`, which has what came even where the rest did not.
async fn read_into(sent: &mut Sent, mut parts: Multipart) -> Result<(), Trouble> {
    let broken = |_| Trouble::Refused("方案文件没有收完整，没有发布；请检查网络后重新选择文件".to_owned());
    let mut is_no_text = false;
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        let kept = match field.name().unwrap_or_default() {
            "token" => &mut sent.token,
            "submission" => &mut sent.submission,
            "file" => &mut sent.file,
            "text" => &mut sent.text,
            _ => continue,
        };
        let bytes = field.bytes().await.map_err(broken)?;
        // Text editors of offices write GB18030, as their spreadsheet programs do.
        match in_its_encoding(&bytes) {
            Some(text) => text.trim_start_matches('\u{feff}').clone_into(kept),
            None => is_no_text = true,
        }
    }
    if is_no_text {
        let text = "方案文件不是文本，或编码既不是UTF-8也不是GB18030，没有发布；请用文本编辑器另存为UTF-8后重新选择";
        return Err(Trouble::Refused(text.to_owned()));
    }
    Ok(())
}

/// Publishes the text of a file or of the form. A file that was chosen is what is meant: the text field still has what was refused
/// before it.
pub(super) async fn publish(State(app): State<App>, visitor: Visitor, parts: Multipart) -> Response {
    let mut sent = Sent::default();
    let came = read_into(&mut sent, parts).await;
    let of_file = !sent.file.trim().is_empty();
    let is_beside = of_file && !sent.text.trim().is_empty() && sent.text.trim() != sent.file.trim();
    let text = if of_file { sent.file } else { sent.text };
    let tried = Tried {
        text: text.clone(),
        taken: if is_beside {
            "检查的是所选的文件；文本框里原来的内容没有用，现在换成了文件的全文。"
        } else {
            ""
        },
        ..Tried::default()
    };
    let ours = came.and_then(|()| guard::is_token(&sent.token, &visitor));
    // What follows a version in force is a re-plan, whichever form it comes by: shown with what it changes, published by somebody else.
    if ours.is_ok()
        && let Ok(new) = read(&text)
        && let Some(present) = plan_named(&app.platform.plans(), &visitor.user.pool, &new.id)
        && new.version > present.version
    {
        return replan::page(&app, visitor, present, text, String::new(), Said::default()).await;
    }
    let by = visitor.clone();
    let done = blocking(&app, move |app| {
        ours?;
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.submitted(&sent.submission).publish_plan(&by.actor(), app.clock.now(), &text).map(drop))
    });
    match done.await {
        Ok(Ok(())) if is_beside => Redirect::to(&format!("/office/plans?done={OF_FILE}")).into_response(),
        done => after(&app, visitor, done, tried).await,
    }
}

/// Enters that something has happened that a reopening waits for.
pub(super) async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(trouble) = guard::is_token(said(&form, "token"), &visitor) {
        return after(&app, visitor, Err(trouble), Tried { typed: form, ..Tried::default() }).await;
    }
    let (plan, event) = (said(&form, "plan").to_owned(), said(&form, "event").to_owned());
    let at = match moment(said(&form, "at")) {
        Ok(at) => at,
        Err(problem) => {
            let refused = Err(Trouble::Refused(problem));
            return after(&app, visitor, refused, Tried { typed: form, ..Tried::default() }).await;
        }
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
    if let Err(trouble) = guard::is_token(said(&form, "token"), &visitor) {
        return after(&app, visitor, Err(trouble), Tried { typed: form, ..Tried::default() }).await;
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
        Err(problem) => {
            let refused = Err(Trouble::Refused(problem));
            after(&app, visitor, refused, Tried { typed: form, ..Tried::default() }).await
        }
    }
}
