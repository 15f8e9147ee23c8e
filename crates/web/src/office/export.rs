//! Registers as spreadsheets: what is in them, and empty ones to fill in.

use super::list::{Asked, kind_of};
use super::{Trouble, Visitor, blocking, lines, shown as words};
use crate::app::App;
use crate::sheets::{Column, Grid, csv, xlsx};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::{Action, FieldKind, FieldSpec, Need};
use yibao_engine::register::ListRow;
use yibao_interface::Catalogue;
use yibao_policy::registers::fields;

/// The most rows of one export.
const ROWS_MAX: usize = 50_000;
const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Columns that every register has before and behind its own.
const FIRST: [&str; 3] = ["台账号", "状态", "业务"];
const LAST: [&str; 9] =
    ["机构代码", "期限", "是否逾期", "费用总额(元)", "基金支付(元)", "结算ID", "原因", "收件时间", "经办人"];
const AMOUNTS: [&str; 2] = ["费用总额(元)", "基金支付(元)"];

/// `export.csv`, `export.xlsx`, `template.csv`, `template.xlsx`.
pub(super) async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Path((word, file)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let made = async {
        let kind = kind_of(&word)?;
        let name = |what: &str, end: &str| format!("{}-{what}.{end}", kind.word());
        match file.as_str() {
            "export.csv" => Ok((name("export", "csv"), CSV, csv(&exported(&app, visitor, kind, &query).await?))),
            "export.xlsx" => Ok((name("export", "xlsx"), XLSX, book(&[exported(&app, visitor, kind, &query).await?])?)),
            "template.csv" => Ok((name("template", "csv"), CSV, csv(&template(kind)))),
            "template.xlsx" => Ok((name("template", "xlsx"), XLSX, book(&template_book(kind))?)),
            _ => Err(Trouble::Missing),
        }
    };
    match made.await {
        Ok((name, kind, bytes)) => attached(&name, kind, bytes),
        Err(trouble) => trouble.answer(&app),
    }
}

/// A file to be kept.
pub(super) fn attached(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let kept = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, kept)], bytes).into_response()
}

/// An XLSX file to be kept.
pub(super) fn book(grids: &[Grid]) -> Result<Vec<u8>, Trouble> {
    xlsx(grids).map_err(|error| Trouble::Fault(error.to_string()))
}

/// The media type of an XLSX file.
pub(super) const fn xlsx_kind() -> &'static str {
    XLSX
}

async fn exported(
    app: &App,
    visitor: Visitor,
    kind: RegisterKind,
    query: &[(String, String)],
) -> Result<Grid, Trouble> {
    let filter = Asked::of(query).filter(kind, ROWS_MAX);
    blocking(app, move |app| {
        let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
        let listing = registers.list(&visitor.actor(), app.clock.now(), filter)?;
        if !listing.next.is_empty() {
            let text = format!("超过{ROWS_MAX}行，请先按进展或机构筛选，再分别导出");
            return Err(Trouble::Refused(text));
        }
        let plans = app.platform.plans();
        Ok(grid(kind, &listing.rows, &plans))
    })
    .await
}

fn grid(kind: RegisterKind, rows: &[ListRow], plans: &[Plan]) -> Grid {
    let own = own_columns(kind);
    let labels = FIRST.iter().copied().chain(own.iter().map(|field| field.label.as_str())).chain(LAST);
    let column = |label: &str| Column { label: label.to_owned(), is_amount: AMOUNTS.contains(&label) };
    Grid {
        name: kind.name().to_owned(),
        columns: labels.map(column).collect(),
        rows: rows.iter().map(|row| cells(row, &own, plans)).collect(),
    }
}

/// The register's fields, each once, without the amount that stands among the last columns.
fn own_columns(kind: RegisterKind) -> Vec<&'static FieldSpec> {
    let mut own: Vec<&FieldSpec> = Vec::new();
    let all = fields().fields.iter().filter(|field| field.kind == Some(kind));
    for field in all.filter(|field| !["medfee_sumamt", "reason"].contains(&field.name.as_str())) {
        if own.iter().all(|known| known.name != field.name) {
            own.push(field);
        }
    }
    own
}

fn cells(row: &ListRow, own: &[&FieldSpec], plans: &[Plan]) -> Vec<String> {
    let entry = &row.entry;
    let plan = plans.iter().find(|plan| plan.id == entry.plan);
    let business = plan.map_or_else(|| entry.business.to_string(), |plan| plan.name_of(&entry.business).to_owned());
    let mut cells = vec![entry.number.clone(), entry.state.name().to_owned(), business];
    cells.extend(own.iter().map(|field| match field.holds {
        FieldKind::Moment => words::value(&field.holds, &entry.value(&field.name)),
        _ => entry.value(&field.name),
    }));
    cells.extend([
        entry.fixmedins_code.clone(),
        if entry.state.is_final() { String::new() } else { words::due(row.due) },
        if row.overdue { "是" } else { "否" }.to_owned(),
        entry.charged.to_string(),
        entry.refunded.to_string(),
        entry.setl_id.clone(),
        entry.reason.clone(),
        words::minute(entry.taken_at),
        entry.taken_by.clone(),
    ]);
    cells
}

/// The columns of a registration, those that must be filled with a star.
fn template(kind: RegisterKind) -> Grid {
    let starred = |field: &FieldSpec| match field.need {
        Need::Yes => format!("{}*", field.label),
        _ => field.label.clone(),
    };
    let columns = fields().of(kind, Action::Register).map(|field| Column::text(starred(field))).collect();
    Grid { name: kind.name().to_owned(), columns, rows: Vec::new() }
}

/// The empty sheet, the one for fee lines, and one that says how to fill them in.
fn template_book(kind: RegisterKind) -> Vec<Grid> {
    let mut grids = vec![template(kind)];
    if lines::belong_to(kind) {
        let labels = std::iter::once("本机构单据号").chain(lines::COLUMNS.iter().map(|(_, label, _)| *label));
        grids.push(Grid { name: "费用明细".into(), columns: labels.map(Column::text).collect(), rows: Vec::new() });
    }
    let hints = fields().of(kind, Action::Register).map(|field| {
        let need = match field.need {
            Need::Yes => "必填",
            Need::No => "可不填",
            Need::ByPlan => "停机方案要求时必填",
        };
        vec![field.label.clone(), need.to_owned(), shape(&field.holds), field.note.clone()]
    });
    let columns = ["栏目", "是否必填", "怎样填", "说明"].map(Column::text).to_vec();
    grids.push(Grid { name: "填写说明".into(), columns, rows: hints.collect() });
    grids
}

/// How a field is filled in.
fn shape(holds: &FieldKind) -> String {
    match holds {
        FieldKind::Text => "文字，至多200字".to_owned(),
        FieldKind::Telephone => "7至15位数字".to_owned(),
        FieldKind::Moment => "年-月-日 时:分，如 2021-07-12 10:30".to_owned(),
        FieldKind::Day => "年-月-日，如 2021-07-12".to_owned(),
        FieldKind::Money => "元，至多两位小数".to_owned(),
        FieldKind::YesNo => "是 或 否".to_owned(),
        FieldKind::Business => "停机方案中的业务名称".to_owned(),
        FieldKind::Choice(words) => words.join("、"),
        FieldKind::Code(table) => {
            let values = Catalogue::national().codes(table).map(|table| table.values.as_slice()).unwrap_or_default();
            let shown: Vec<String> =
                values.iter().take(30).map(|value| format!("{} {}", value.code, value.meaning)).collect();
            let more = if values.len() > 30 {
                format!(" 等{}项，见文档“代码表”", values.len())
            } else {
                String::new()
            };
            format!("{}{more}", shown.join("、"))
        }
    }
}
