//! The form by which something is written down in a register.

use super::form::{self, Ground, Section, as_pasted, said};
use super::list::kind_of;
use super::{Chrome, Said, Trouble, Visitor, blocking, entry, guard, lines, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use form::Control;
use std::collections::BTreeSet;
use yibao_domain::outage::{Pattern, RegisterKind};
use yibao_domain::register::{Action, FieldProblem, Source, Stated, field};
use yibao_engine::desks::registers::{Entry, NewEntry, NotDone, keeps_lines};

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
    /// Whether somebody can be looked up by number.
    looks_up: bool,
    found: Option<Found>,
    /// The entry that was written down just before, by the same form, and whether it was there already.
    before: String,
    is_same: bool,
}

/// Who was found by a number.
struct Found {
    told: String,
    /// What does not fit together.
    warning: String,
    /// Number, and what it is about.
    entries: Vec<(String, String)>,
    more: usize,
}

/// What was typed and not taken.
#[derive(Default)]
struct Tried {
    stated: Stated,
    provider: String,
    lines: String,
    problem: String,
    problems: Vec<FieldProblem>,
    found: Option<Found>,
    before: String,
    is_same: bool,
}

/// Words of the form itself.
const LOOK_UP: &str = "lookup";
const ANOTHER: &str = "another";

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(word): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let tried = async {
        let kind = kind_of(&app, &word)?;
        let same = said(&query, entry::SAME).to_owned();
        let before = if same.is_empty() { said(&query, "before").to_owned() } else { same.clone() };
        let mut tried = Tried { before, is_same: !same.is_empty(), ..Tried::default() };
        let stay = said(&query, "stay").to_owned();
        if !stay.is_empty() {
            let by = visitor.clone();
            tried.stated = blocking(&app, move |app| {
                let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
                Ok(registers.discharge_of(&by.actor(), &stay)?)
            })
            .await?;
        }
        Ok((kind, tried))
    };
    match tried.await {
        Ok((kind, tried)) => shown(&page(&app, &visitor, kind, tried)),
        Err(trouble) => Trouble::answer(trouble, &app),
    }
}

pub(super) async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    Path(word): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Response {
    let kind = match kind_of(&app, &word) {
        Ok(kind) => kind,
        Err(trouble) => return trouble.answer(&app),
    };
    let mut stated = form::stated(&typed);
    let provider = stated.remove("fixmedins_code").unwrap_or_default();
    let mut tried =
        Tried { provider: provider.clone(), lines: as_pasted(&typed, "lines").to_owned(), ..Tried::default() };
    tried.stated.clone_from(&stated);
    if !said(&typed, LOOK_UP).is_empty() {
        let number = said(&typed, LOOK_UP).to_owned();
        return look_up(app, visitor, kind, tried, &number).await;
    }
    let goes_on = !said(&typed, ANOTHER).is_empty();
    let added = match guard::is_token(said(&typed, "token"), &visitor) {
        Ok(()) => {
            let (visitor, submission, pasted) =
                (visitor.clone(), said(&typed, "submission").to_owned(), tried.lines.clone());
            blocking(&app, move |app| {
                let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
                let registers = registers.submitted(&submission);
                let (by, now, fields, source) = (visitor.actor(), app.clock.now(), stated, Source::Page);
                let new = |lines| NewEntry { kind, fixmedins_code: provider, fields, lines, source };
                Ok(match lines::read(app.platform.work(), &pasted) {
                    Ok(lines) => registers.add(&by, now, new(lines)),
                    Err(problems) => Err(registers.why_not_taken(&by, now, new(Vec::new()), problems)),
                })
            })
            .await
        }
        Err(trouble) => Err(trouble),
    };
    let trouble = match added {
        Ok(Ok(kept)) if goes_on => {
            let before = if kept.is_new { "before" } else { entry::SAME };
            let form = format!("/office/registers/{word}/new?{before}={}", kept.entry.number);
            return Redirect::to(&form).into_response();
        }
        Ok(Ok(kept)) => {
            let done = if kept.is_new { Action::Register.word() } else { entry::SAME };
            return Redirect::to(&format!("/office/entries/{}?done={done}", kept.entry.number)).into_response();
        }
        Ok(Err(NotDone::Fields(problems))) => {
            tried.problems = problems;
            return (StatusCode::UNPROCESSABLE_ENTITY, shown(&page(&app, &visitor, kind, tried))).into_response();
        }
        Ok(Err(other)) => Trouble::from(other),
        Err(trouble) => trouble,
    };
    match trouble.said() {
        Ok(Said { status, text }) => {
            tried.problem = text;
            (status, shown(&page(&app, &visitor, kind, tried))).into_response()
        }
        Err(trouble) => trouble.answer(&app),
    }
}

/// The form with what the number says of the person; what else was typed stays. Where the field is named whose number was typed
/// last, that number decides, and not the other one of somebody before.
async fn look_up(app: App, visitor: Visitor, kind: RegisterKind, mut tried: Tried, number: &str) -> Response {
    let (by, stated, number) = (visitor.clone(), tried.stated.clone(), number.to_owned());
    let found = blocking(&app, move |app| {
        let registers = app.platform.registers(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.who(&by.actor(), app.clock.now(), &stated, &number)?)
    });
    match found.await.map_err(Trouble::said) {
        Ok(who) => {
            let own = app.platform.work().fields.of(kind, Action::Register);
            let asked: BTreeSet<&str> = own.map(|field| field.name.as_str()).collect();
            tried.stated.extend(who.fields.into_iter().filter(|(name, _)| asked.contains(name.as_str())));
            let about = |entry: &Entry| {
                let charged = entry.value(field::MEDFEE_SUMAMT.name());
                let sum = if charged.is_empty() { charged } else { format!("，{charged}元") };
                let about =
                    format!("{} {}{sum}，{}", entry.kind.name(), words::minute(entry.care_from), entry.state.name());
                (entry.number.clone(), about)
            };
            tried.found = Some(Found {
                told: who.told,
                warning: who.warning,
                entries: who.entries.iter().map(about).collect(),
                more: who.more,
            });
            shown(&page(&app, &visitor, kind, tried))
        }
        Err(Ok(Said { status, text })) => {
            tried.problem = text;
            (status, shown(&page(&app, &visitor, kind, tried))).into_response()
        }
        Err(Err(trouble)) => trouble.answer(&app),
    }
}

fn page(app: &App, visitor: &Visitor, kind: RegisterKind, tried: Tried) -> NewPage {
    let all = app.platform.plans();
    let plans: Vec<_> = all.iter().filter(|plan| plan.pool == visitor.user.pool).cloned().collect();
    let ground = Ground {
        plans: &plans,
        rules: app.platform.rules(),
        fields: &app.platform.work().fields,
        kind,
        now: app.clock.now(),
        clerk: &visitor.user.name,
        id: "f",
    };
    let kept_here = plans.iter().flat_map(|plan| plan.stated_to(kind).map(move |rule| (plan, rule)));
    let demands = kept_here.map(|(plan, rule)| {
        let names = rule.businesses.iter().map(|pattern| match pattern {
            Pattern::All => "其余业务",
            Pattern::Under(business) => plan.name_of(business),
        });
        let evidence: Vec<String> = rule.evidence.iter().map(|requirement| requirement.name()).collect();
        let window = rule.window.as_ref().map_or(String::new(), |window| format!("，{}", window.name()));
        let scope = plan.whom(&rule.scope);
        let scope = if scope.is_empty() { scope } else { format!("（{scope}）") };
        let wanted = if evidence.is_empty() { String::new() } else { format!("；须有{}", evidence.join("、")) };
        format!("{}{scope}{window}{wanted}", names.collect::<Vec<_>>().join("、"))
    });
    let is_refused = !tried.problem.is_empty() || !tried.problems.is_empty();
    let mut sections =
        form::sections(app.platform.work().fields.of(kind, Action::Register), &ground, &tried.stated, &tried.problems);
    // After a refusal what was refused is read first; after a look-up one goes on where something is missing.
    if !is_refused {
        let mut inputs = sections.iter_mut().flat_map(|section| &mut section.inputs);
        let is_next = |input: &&mut form::Input| tried.found.is_none() || (input.required && input.value.is_empty());
        if let Some(first) = inputs.find(is_next) {
            first.is_first = true;
        }
    }
    NewPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        kind,
        problem: tried.problem,
        wrong: tried.problems.iter().map(|problem| (format!("f-{}", problem.field), problem.to_string())).collect(),
        demands: demands.collect(),
        sections,
        has_lines: keeps_lines(kind),
        line_heads: lines::heads().collect(),
        lines: tried.lines,
        provider: tried.provider,
        looks_up: app.platform.work().fields.of(kind, Action::Register).any(|own| own.name == field::CERTNO.name()),
        found: tried.found,
        before: tried.before,
        is_same: tried.is_same,
    }
}
