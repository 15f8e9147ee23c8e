//! The form by which something is written down in a register.

use super::form::{self, Ground, Section, said};
use super::list::kind_of;
use super::{Chrome, Trouble, Visitor, blocking, guard, lines};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use form::Control;
use yibao_domain::outage::{Pattern, RegisterKind};
use yibao_domain::register::{Action, FieldProblem, Source, Stated};
use yibao_engine::desks::registers::{NewEntry, NotDone, keeps_lines};

/// The form.
#[derive(Template)]
#[template(path = "office/new.html")]
struct NewPage {
    frame: Frame,
    chrome: Chrome,
    kind: RegisterKind,
    problem: String,
    /// The field's id on the page, and what is wrong with it.
    wrong: Vec<(String, String)>,
    /// What the plan wants, by rule.
    demands: Vec<String>,
    sections: Vec<Section>,
    has_lines: bool,
    line_heads: Vec<&'static str>,
    lines: String,
    provider: String,
}

/// What was typed and not taken.
#[derive(Default)]
struct Tried {
    stated: Stated,
    provider: String,
    lines: String,
    problem: String,
    problems: Vec<FieldProblem>,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor, Path(word): Path<String>) -> Response {
    match kind_of(&app, &word) {
        Ok(kind) => shown(&page(&app, &visitor, kind, Tried::default())),
        Err(trouble) => trouble.answer(&app),
    }
}

pub(super) async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    Path(word): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Response {
    let ready = guard::is_token(Some(said(&typed, "token")), &visitor.token()).and_then(|()| kind_of(&app, &word));
    let kind = match ready {
        Ok(kind) => kind,
        Err(trouble) => return trouble.answer(&app),
    };
    let mut stated = form::stated(&typed);
    let provider = stated.remove("fixmedins_code").unwrap_or_default();
    let pasted = said(&typed, "lines").to_owned();
    let mut tried = Tried { stated: stated.clone(), provider: provider.clone(), lines: pasted, ..Tried::default() };
    let added = match lines::read(app.platform.work(), &tried.lines) {
        Ok(lines) => {
            let source = Source::Page;
            let new = NewEntry { kind, fixmedins_code: provider, fields: stated, lines, source };
            let (visitor, submission) = (visitor.clone(), said(&typed, "submission").to_owned());
            blocking(&app, move |app| {
                let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
                Ok(registers.submitted(&submission).add(&visitor.actor(), app.clock.now(), new))
            })
            .await
        }
        Err(problems) => Err(Trouble::Refused(format!("费用明细：{}", problems.join("；")))),
    };
    match added {
        Ok(Ok(kept)) => {
            let done = if kept.is_new { "?done=register" } else { "" };
            return Redirect::to(&format!("/office/entries/{}{done}", kept.entry.number)).into_response();
        }
        Ok(Err(NotDone::Fields(problems))) => tried.problems = problems,
        Ok(Err(NotDone::Refused(refusal))) => tried.problem = refusal.text,
        Err(Trouble::Refused(text)) => tried.problem = text,
        Ok(Err(other)) => return Trouble::from(other).answer(&app),
        Err(trouble) => return trouble.answer(&app),
    }
    (StatusCode::UNPROCESSABLE_ENTITY, shown(&page(&app, &visitor, kind, tried))).into_response()
}

fn page(app: &App, visitor: &Visitor, kind: RegisterKind, tried: Tried) -> NewPage {
    let all = app.platform.plans();
    let plans: Vec<_> = all.iter().filter(|plan| plan.pool == visitor.user.pool).cloned().collect();
    let ground = Ground {
        plans: &plans,
        rules: app.platform.rules(),
        fields: &app.platform.work().fields,
        kind,
        action: Action::Register,
        now: app.clock.now(),
        id: "f",
    };
    let rules = plans.iter().flat_map(|plan| plan.rules.iter().map(move |rule| (plan, rule)));
    let kept_here = rules.filter(|(_, rule)| rule.keeps(kind));
    let demands = kept_here.map(|(plan, rule)| {
        let names = rule.businesses.iter().filter_map(|pattern| match pattern {
            Pattern::All => None,
            Pattern::Under(business) => Some(plan.name_of(business)),
        });
        let evidence: Vec<String> = rule.evidence.iter().map(|requirement| requirement.name()).collect();
        let window = rule.window.as_ref().map_or(String::new(), |window| format!("，{}", window.name()));
        let scope = plan.whom(&rule.scope);
        let scope = if scope.is_empty() { scope } else { format!("（{scope}）") };
        let wanted = if evidence.is_empty() { String::new() } else { format!("；须有{}", evidence.join("、")) };
        format!("{}{scope}{window}{wanted}", names.collect::<Vec<_>>().join("、"))
    });
    NewPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        kind,
        problem: tried.problem,
        wrong: tried.problems.iter().map(|problem| (format!("f-{}", problem.field), problem.to_string())).collect(),
        demands: demands.collect(),
        sections: form::sections(
            app.platform.work().fields.of(kind, Action::Register),
            &ground,
            &tried.stated,
            &tried.problems,
        ),
        has_lines: keeps_lines(kind),
        line_heads: lines::heads().collect(),
        lines: tried.lines,
        provider: tried.provider,
    }
}
