//! One entry: what it holds, how it came so far, and what may be done next.

use super::form::{self, Ground, Input, as_pasted, said};
use super::{Chrome, Said, Trouble, Visitor, blocking, guard, lines, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use form::Control;
use yibao_domain::money::Money;
use yibao_domain::outage::{RegisterKind, VISITORS};
use yibao_domain::register::{
    Action, Bucket, Entry, Event, FieldProblem, IS, Stated, WAS, WorkTable, field, written_later,
};
use yibao_engine::desks::registers::{EntryView, NotDone, keeps_lines};

/// The page of an entry.
#[derive(Template)]
#[template(path = "office/entry.html")]
struct EntryPage {
    frame: Frame,
    chrome: Chrome,
    number: String,
    /// The person is known by number.
    has_story: bool,
    kind: RegisterKind,
    kind_name: &'static str,
    state: &'static str,
    mark: Mark,
    done: String,
    problem: String,
    /// The field's id on the page, and what is wrong with it.
    wrong: Vec<(String, String)>,
    remarks: Vec<String>,
    /// That it was written down later than it says.
    later: String,
    waits_for: Option<String>,
    facts: Vec<(String, String)>,
    line_heads: Vec<&'static str>,
    lines: Vec<Vec<String>>,
    lines_sum: String,
    lines_typed: String,
    lines_are_open: bool,
    may_put_lines: bool,
    may_backfill: bool,
    /// Where another one like it is written down, just after it was.
    another: bool,
    history: Vec<Happened>,
    steps: Vec<StepView>,
    grounds: Vec<(&'static str, String)>,
    /// Entries that say much the same.
    doubles: Vec<String>,
    /// What is to be done about them.
    doubles_told: &'static str,
}

/// How urgent it is.
struct Mark {
    class: &'static str,
    text: String,
}

/// A step of the history.
struct Happened {
    what: &'static str,
    state: &'static str,
    at: String,
    by: String,
    fields: String,
}

/// A next step as a small form.
struct StepView {
    word: &'static str,
    name: &'static str,
    inputs: Vec<Input>,
    /// Why another person has to take it; empty where this one may.
    barred: String,
    is_open: bool,
}

/// What was tried on this page and not done.
#[derive(Default)]
struct Tried {
    action: Option<Action>,
    stated: Stated,
    problems: Vec<FieldProblem>,
    problem: String,
    lines: String,
    /// The step that the page was asked to be opened at.
    opened: Option<Action>,
}

/// Says in an address that nothing was different, or that a registration was there already.
const UNCHANGED: &str = "unchanged";
pub(super) const SAME: &str = "same";

/// What is said where the very same is registered already.
pub(super) fn same(number: &str) -> String {
    format!("与{number}相同，未重复登记。")
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let told = said(&query, "done").to_owned();
    let done = app.platform.work().action(&told);
    let tried = Tried { opened: app.platform.work().action(said(&query, "step")), ..Tried::default() };
    let another = done == Some(Action::Register) || told == SAME;
    let done = match done {
        Some(Action::Register) => "已登记。".to_owned(),
        Some(action) => format!("已办：{}。", action.name()),
        None if told == UNCHANGED => "没有改动：所填的与台账上的相同。".to_owned(),
        None if told == SAME => same(&number),
        None => String::new(),
    };
    match found(&app, &visitor, number).await {
        Ok(view) => shown(&EntryPage { another, ..page(&app, &visitor, &view, done, &tried) }),
        Err(trouble) => trouble.answer(&app),
    }
}

pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, word)): Path<(String, String)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Response {
    let Some(action) = app.platform.work().action(&word) else { return Trouble::Missing.answer(&app) };
    let is_ours = guard::is_token(said(&typed, "token"), &visitor);
    let from_calls = said(&typed, "from") == "calls";
    let submission = said(&typed, "submission").to_owned();
    // A correction takes back what was emptied; elsewhere an empty field is not stated.
    let stated = if action == Action::Correct { form::restated(&typed) } else { form::stated(&typed) };
    let tried = Tried { action: Some(action), stated: stated.clone(), ..Tried::default() };
    let done = blocking(&app, {
        let (visitor, number) = (visitor.clone(), number.clone());
        move |app| {
            is_ours?;
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            Ok(registers
                .submitted(&submission)
                .act(&visitor.actor(), app.clock.now(), &number, action, stated)
                .map(|kept| kept.is_new))
        }
    });
    match done.await {
        Ok(Ok(_)) if from_calls => Redirect::to("/office/calls").into_response(),
        done => after(&app, visitor, number, &word, done, tried).await,
    }
}

pub(super) async fn put_lines(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Response {
    let is_ours = guard::is_token(said(&typed, "token"), &visitor);
    let (text, submission) = (as_pasted(&typed, "lines").to_owned(), said(&typed, "submission").to_owned());
    let tried = Tried { lines: text.clone(), ..Tried::default() };
    let done = blocking(&app, {
        let (visitor, number) = (visitor.clone(), number.clone());
        move |app| {
            is_ours?;
            let lines = match lines::read(app.platform.work(), &text) {
                Ok(lines) => lines,
                Err(problems) => return Err(Trouble::Refused(format!("费用明细没有保存：{}", problems.join("；")))),
            };
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            let put = registers.submitted(&submission).put_lines(&visitor.actor(), app.clock.now(), &number, lines);
            Ok(put.map(|kept| kept.is_new))
        }
    });
    after(&app, visitor, number, Action::Correct.word(), done.await, tried).await
}

/// Back to the entry that was not backfilled, with the reason.
pub(super) async fn not_backfilled(app: &App, visitor: Visitor, number: String, why: Trouble) -> Response {
    after(app, visitor, number, Action::Settle.word(), Err(why), Tried::default()).await
}

/// Back to the entry, with whether anything has changed; where nothing was done, with what was typed and what is wrong.
async fn after(
    app: &App,
    visitor: Visitor,
    number: String,
    word: &str,
    done: Result<Result<bool, NotDone>, Trouble>,
    mut tried: Tried,
) -> Response {
    let said = match done {
        Ok(Ok(has_changed)) => {
            let word = if has_changed { word } else { UNCHANGED };
            return Redirect::to(&format!("/office/entries/{number}?done={word}")).into_response();
        }
        Ok(Err(NotDone::Fields(problems))) => {
            tried.problems = problems;
            Ok(Said::refused(""))
        }
        Ok(Err(other)) => Trouble::from(other).said(),
        Err(trouble) => trouble.said(),
    };
    let status = match said {
        Ok(Said { status, text }) => {
            tried.problem = text;
            status
        }
        Err(trouble) => return trouble.answer(app),
    };
    match found(app, &visitor, number).await {
        Ok(view) => {
            let page = page(app, &visitor, &view, String::new(), &tried);
            (status, shown(&page)).into_response()
        }
        Err(trouble) => trouble.answer(app),
    }
}

pub(super) async fn found(app: &App, visitor: &Visitor, number: String) -> Result<EntryView, Trouble> {
    let visitor = visitor.clone();
    blocking(app, move |app| {
        let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
        Ok(registers.entry(&visitor.actor(), app.clock.now(), &number)?)
    })
    .await
}

fn page(app: &App, visitor: &Visitor, view: &EntryView, done: String, tried: &Tried) -> EntryPage {
    let entry = &view.entry;
    let plans = app.platform.plans();
    // What its disposition calls otherwise is called so.
    let (under, kind) = (view.disposition, entry.kind);
    let work = app.platform.work().worded(under, kind);
    let state_of = |state: yibao_domain::register::State| work.said(under, kind, state.word(), state.name());
    let step = |form: &yibao_engine::desks::registers::StepForm| {
        let action = form.action;
        let ground = Ground {
            plans: &plans,
            rules: app.platform.rules(),
            fields: &work.fields,
            kind: entry.kind,
            now: app.clock.now(),
            clerk: &visitor.user.name,
            id: action.word(),
        };
        let is_tried = tried.action == Some(action);
        let stated = match action {
            _ if is_tried => tried.stated.clone(),
            Action::Correct => form.fields.iter().map(|field| (field.name.clone(), entry.value(&field.name))).collect(),
            _ => Stated::new(),
        };
        let problems = if is_tried { tried.problems.as_slice() } else { &[] };
        let mut inputs = form::inputs(&form.fields, &ground, &stated, problems);
        for input in &mut inputs {
            let own = work.fields.fields.iter().find(|field| field.kind == Some(kind) && field.name == input.name);
            if let Some(field) = own.filter(|_| matches!(work, std::borrow::Cow::Owned(_))) {
                input.label.clone_from(&field.label);
            }
        }
        StepView {
            word: action.word(),
            name: work.action_said(under, kind, action),
            inputs,
            barred: form.barred.clone().unwrap_or_default(),
            is_open: is_tried || tried.opened == Some(action),
        }
    };
    let mut steps: Vec<StepView> = view.steps.iter().map(step).collect();
    // What brings an entry on comes before what only changes or ends it.
    steps.sort_by_key(|step| view.steps.iter().any(|form| form.action.word() == step.word && form.action.is_aside()));
    let has_lines = keeps_lines(entry.kind);
    EntryPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        number: entry.number.clone(),
        has_story: !entry.psn_no.is_empty(),
        kind: entry.kind,
        kind_name: work.said(under, kind, kind.word(), kind.name()),
        state: state_of(entry.state),
        mark: mark(view),
        done,
        problem: tried.problem.clone(),
        wrong: wrong(tried),
        lines_are_open: !tried.lines.is_empty(),
        remarks: view.remarks.iter().map(|remark| words::in_one_form(remark)).collect(),
        later: written_later(entry).unwrap_or_default(),
        waits_for: view.waits_for.clone(),
        facts: words::facts(&work, entry),
        line_heads: lines::heads().collect(),
        lines: view.lines.iter().map(lines::cells).collect(),
        lines_sum: view.lines.iter().fold(Money::ZERO, |sum, line| sum.plus(line.det_item_fee_sumamt)).to_string(),
        lines_typed: if tried.lines.is_empty() { lines::text(&view.lines) } else { tried.lines.clone() },
        may_put_lines: has_lines && view.steps.iter().any(|step| step.action == Action::Correct),
        another: false,
        may_backfill: view.backfills,
        history: view
            .history
            .iter()
            .rev()
            .map(|event| Happened {
                what: work.action_said(under, kind, event.action),
                state: state_of(event.state),
                ..Happened::of(&work, entry, event)
            })
            .collect(),
        steps,
        grounds: grounds(view),
        doubles_told: if words::doubles(entry).is_empty() || !view.backfills {
            "请核对是不是同一件；不是的照办，不影响办理。"
        } else {
            "请核对是不是同一次就诊：重复的请撤回，确为另一次的请办“核实为另一次就诊”；核实以前可能不能补录。"
        },
        doubles: words::doubles(entry).into_iter().chain(view.alike.iter().cloned()).collect(),
    }
}

/// What is wrong, by the ids of the fields on the page.
fn wrong(tried: &Tried) -> Vec<(String, String)> {
    let word = tried.action.map_or("", Action::word);
    tried.problems.iter().map(|problem| (format!("{word}-{}", problem.field), problem.to_string())).collect()
}

fn mark(view: &EntryView) -> Mark {
    let entry = &view.entry;
    let class = words::class(entry.state, view.overdue);
    let text = match (entry.state.is_final(), view.overdue) {
        (true, _) => entry.reason.clone(),
        (false, true) => format!("已逾期：应在{}办完，由{}负责", view.due, view.responsible),
        (false, false) if entry.reason.is_empty() => {
            format!("期限：{}，由{}负责", view.due, view.responsible)
        }
        (false, false) => entry.reason.clone(),
    };
    Mark { class, text }
}

impl Happened {
    fn of(work: &WorkTable, entry: &Entry, event: &Event) -> Happened {
        // What was registered stands beside; the history says what each step added, and what a correction changed.
        let said = event.fields.iter().filter(|(_, value)| event.action == Action::Correct || !value.is_empty());
        let said = said.filter(|_| event.action != Action::Register);
        let was = |name: &String| event.fields.get(&format!("{WAS}{name}"));
        // Why it was refused is said in words; the published code is for programs.
        let said = said.filter(|(name, _)| name.as_str() != field::CODE.name());
        let said = said.filter(|(name, _)| !name.starts_with(WAS) && !name.starts_with(IS));
        let said = said.map(|(name, value)| match was(name) {
            Some(before) => words::changed(work, entry, event.action, name, before, value),
            None => words::noted(work, entry, event.action, name, value),
        });
        Happened {
            what: event.action.name(),
            state: event.state.name(),
            at: words::minute(event.at),
            by: event.by.clone(),
            fields: said.collect::<Vec<_>>().join("；"),
        }
    }
}

/// What the entry stands under and whom to ask.
pub(super) fn grounds(view: &EntryView) -> Vec<(&'static str, String)> {
    let mut grounds = vec![("负责", view.responsible.clone())];
    // What is only noted is nobody's to finish.
    if view.entry.state.bucket() != Bucket::Outside {
        let late = if view.overdue { "（已逾期）" } else { "" };
        grounds.push(("期限", format!("{}{late}", view.due)));
    }
    if let Some(governing) = &view.governing {
        let clauses = governing.clauses.join("、");
        grounds.push(("停机方案", format!("{}（条款{clauses}）", governing.plan_title)));
        if !governing.window.is_empty() {
            grounds.push(("停办时段", governing.window.clone()));
        }
        grounds.push(("办法", governing.advice.clone()));
        if view.entry.is_made_good_elsewhere() {
            grounds.push(("外地参保", VISITORS.to_owned()));
        }
        if !governing.evidence.is_empty() {
            grounds.push(("须留存或出示", governing.evidence.join("、")));
        }
        if !governing.reading.is_empty() {
            grounds.push(("本方案的理解", governing.reading.clone()));
        }
    }
    let asked = view.contacts.iter().map(|contact| format!("{} {}", contact.office, contact.number()));
    let asked: Vec<String> = asked.collect();
    if !asked.is_empty() {
        grounds.push(("咨询电话", asked.join("；")));
    }
    grounds
}
