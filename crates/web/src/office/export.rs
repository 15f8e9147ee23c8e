//! Registers as spreadsheets: what is in them, and empty ones to fill in.

use super::form::said;
use super::list::{Asked, kind_of};
use super::{Trouble, Visitor, blocking, guard};
use crate::app::App;
use crate::sheets::{Column, Grid, csv, xlsx};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::WorkTable;
use yibao_engine::desks::registers::{Blank, Registers, keeps_lines};
use yibao_policy::registers::line_fields;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `export.csv`, `export.xlsx`, `template.csv`, `template.xlsx`.
pub(super) async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Path((word, file)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    // What names a person does not come by an address, where logs would keep it.
    let asked = Asked::of(app.platform.work(), &query).map(|asked| Asked { text: String::new(), ..asked });
    answer(&app, visitor, &word, &file, asked).await
}

/// The same of what a search has found.
pub(super) async fn searched(
    State(app): State<App>,
    visitor: Visitor,
    Path((word, file)): Path<(String, String)>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    // Like the search itself it changes nothing, so that one from before the present sign-in is made all the same.
    if let Err(trouble @ Trouble::Stale) = guard::is_token(said(&form, "token"), &visitor) {
        return trouble.answer(&app);
    }
    let asked = Asked::of(app.platform.work(), &form);
    answer(&app, visitor, &word, &file, asked).await
}

async fn answer(app: &App, visitor: Visitor, word: &str, file: &str, asked: Result<Asked, Trouble>) -> Response {
    let made = async {
        let (kind, asked) = (kind_of(app, word)?, asked?);
        let name = |what: &str, end: &str| format!("{}-{what}.{end}", kind.word());
        match file {
            "export.csv" => Ok((name("export", "csv"), CSV, csv(&exported(app, visitor, kind, &asked).await?))),
            "export.xlsx" => Ok((name("export", "xlsx"), XLSX, book(&[exported(app, visitor, kind, &asked).await?])?)),
            "template.csv" => Ok((name("template", "csv"), CSV, csv(&template(app.platform.work(), kind)))),
            "template.xlsx" => Ok((name("template", "xlsx"), XLSX, book(&template_book(app.platform.work(), kind))?)),
            _ => Err(Trouble::Missing),
        }
    };
    match made.await {
        Ok((name, kind, bytes)) => attached(&name, kind, bytes),
        Err(trouble) => trouble.answer(app),
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

async fn exported(app: &App, visitor: Visitor, kind: RegisterKind, asked: &Asked) -> Result<Grid, Trouble> {
    let filter = asked.filter(kind, 0);
    blocking(app, move |app| {
        let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
        let table = registers.export(&visitor.actor(), app.clock.now(), kind, filter)?;
        let heads = table.labels.into_iter().zip(table.amounts);
        let columns = heads.map(|(label, is_amount)| Column { label, is_amount }).collect();
        Ok(Grid { name: kind.name().to_owned(), columns, rows: table.rows })
    })
    .await
}

/// The columns of a registration, those that must be filled with a star.
fn template(work: &WorkTable, kind: RegisterKind) -> Grid {
    let starred = |blank: Blank| if blank.is_needed { format!("{}*", blank.label) } else { blank.label };
    let columns = Registers::template(work, kind).into_iter().map(|blank| Column::text(starred(blank))).collect();
    Grid { name: kind.name().to_owned(), columns, rows: Vec::new() }
}

/// The empty sheet, the one for fee lines, and one that says how to fill them in.
fn template_book(work: &WorkTable, kind: RegisterKind) -> Vec<Grid> {
    let mut grids = vec![template(work, kind)];
    if keeps_lines(kind) {
        let labels = std::iter::once("本机构单据号").chain(line_fields().iter().map(|field| field.label.as_str()));
        grids.push(Grid { name: "费用明细".into(), columns: labels.map(Column::text).collect(), rows: Vec::new() });
    }
    let hint = |blank: Blank| vec![blank.label, blank.need.to_owned(), blank.shape, blank.note];
    let columns = ["栏目", "是否必填", "怎样填", "说明"].map(Column::text).to_vec();
    let mut rows: Vec<Vec<String>> = Registers::template(work, kind).into_iter().map(hint).collect();
    if keeps_lines(kind) {
        rows.extend(Registers::line_template().into_iter().map(|blank| {
            let [label, need, shape, note] = [blank.label, blank.need.to_owned(), blank.shape, blank.note];
            vec![format!("费用明细：{label}"), need, shape, note]
        }));
    }
    grids.push(Grid { name: "填写说明".into(), columns, rows });
    grids
}
