//! The call list (电话清单): who was discharged and is to be called, with the outcome of the last call.

use super::form::{self, Control, Ground, Input};
use super::{Chrome, Trouble, Visitor, blocking, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use yibao_domain::register::field::{self, Field};
use yibao_domain::register::{Action, FieldKind, Stated};
use yibao_domain::time::DateTime;
use yibao_engine::desks::registers::ListRow;

/// Rows shown; the rest comes up as these are finished.
const ROWS_MAX: usize = 200;

/// The list.
#[derive(Template)]
#[template(path = "office/calls.html")]
struct CallsPage {
    frame: Frame,
    chrome: Chrome,
    total: usize,
    rows: Vec<Row>,
    rows_max: usize,
}

/// One to be called.
struct Row {
    number: String,
    register: &'static str,
    person: String,
    telephone: String,
    discharged: String,
    last_call: String,
    /// When the person comes, where that was agreed.
    appointment: String,
    due: String,
    is_overdue: bool,
    /// Empty where this user does not call.
    inputs: Vec<Input>,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Response {
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            Ok(registers.calls(&visitor.actor(), app.clock.now())?)
        }
    });
    let mut rows = match found.await {
        Ok(rows) => rows,
        Err(trouble) => return trouble.answer(&app),
    };
    let total = rows.len();
    rows.truncate(ROWS_MAX);
    let rows = rows.iter().map(|row| Row::of(&app, &visitor, row)).collect();
    shown(&CallsPage { frame: app.frame(), chrome: visitor.chrome(), total, rows, rows_max: ROWS_MAX })
}

impl Row {
    fn of(app: &App, visitor: &Visitor, row: &ListRow) -> Row {
        let entry = &row.entry;
        let work = app.platform.work();
        let may_call = work.step_of(entry, Action::Call, visitor.user.role).is_some();
        let ground = Ground {
            plans: &[],
            rules: app.platform.rules(),
            fields: &app.platform.work().fields,
            kind: entry.kind,
            now: app.clock.now(),
            clerk: &visitor.user.name,
            id: &entry.number,
        };
        let asked = work.fields.of(entry.kind, Action::Call);
        let inputs = if may_call { form::inputs(asked, &ground, &Stated::new(), &[]) } else { Vec::new() };
        let name = field::PSN_NAME.of(entry);
        let telephone = field::TEL.of(entry);
        let when = |field: Field<DateTime>| words::value(&FieldKind::Moment, field.text(entry));
        let last_call = match field::CALL_OUTCOME.text(entry) {
            "" => "还没有打过".to_owned(),
            outcome => format!("{outcome}（{}）", when(field::CALLED_AT)),
        };
        Row {
            number: entry.number.clone(),
            register: entry.kind.name(),
            person: if visitor.is_agency() { words::masked_name(name) } else { name.to_owned() },
            telephone: if visitor.is_agency() { words::masked_number(telephone) } else { telephone.to_owned() },
            discharged: entry.care_until.map_or_else(String::new, words::minute),
            last_call,
            appointment: when(field::APPOINTMENT),
            due: row.due.to_string(),
            is_overdue: row.overdue,
            inputs,
        }
    }
}
