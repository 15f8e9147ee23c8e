//! Registering by spreadsheet: a file is read, each row is told what became of it, and the verdicts can be taken away.

mod book;

use super::export::{attached, book as xlsx_book, xlsx_kind};
use super::list::kind_of;
use super::results::OF_CLERK_MAX;
use super::{Chrome, Said, Trouble, Visitor, blocking, guard};
use crate::app::App;
use crate::frame::{Frame, shown};
use crate::sheets::{Column, Grid};
use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use yibao_domain::outage::RegisterKind;
use yibao_engine::desks::registers::{Outcome, Verdict, keeps_lines};

/// How many verdicts a page shows.
const SHOWN_MAX: usize = 500;

/// The page before and after an import.
#[derive(Template)]
#[template(path = "office/import.html")]
struct ImportPage {
    frame: Frame,
    chrome: Chrome,
    kind: RegisterKind,
    has_lines: bool,
    /// Whose file it is, as the agency has typed it.
    provider: String,
    problem: String,
    outcome: Option<OutcomeView>,
}

struct OutcomeView {
    /// Word, count, class.
    sums: Vec<(&'static str, usize, &'static str)>,
    remarks: Vec<String>,
    verdicts: Vec<VerdictView>,
    /// How many more than are shown.
    more: usize,
    result: u64,
    /// How many results are kept.
    kept: usize,
}

struct VerdictView {
    place: String,
    outcome: &'static str,
    number: String,
    text: String,
}

impl VerdictView {
    fn of(verdict: &Verdict) -> VerdictView {
        VerdictView {
            place: verdict.place.clone(),
            outcome: verdict.outcome.word(),
            number: verdict.number.clone().unwrap_or_default(),
            text: verdict.sentence(),
        }
    }
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor, Path(word): Path<String>) -> Response {
    match kind_of(&app, &word) {
        Ok(kind) => shown(&ImportPage::of(&app, &visitor, kind)),
        Err(trouble) => trouble.answer(&app),
    }
}

impl ImportPage {
    fn of(app: &App, visitor: &Visitor, kind: RegisterKind) -> ImportPage {
        let (frame, chrome, has_lines) = (app.frame(), visitor.chrome(), keeps_lines(kind));
        ImportPage { frame, chrome, kind, has_lines, provider: String::new(), problem: String::new(), outcome: None }
    }
}

/// What came with the form.
#[derive(Default)]
struct Sent {
    token: String,
    submission: String,
    provider: String,
    files: Vec<Vec<u8>>,
}

/// Reads the form into `sent`, which has what came even where the rest did not.
async fn read_into(sent: &mut Sent, mut parts: Multipart) -> Result<(), Trouble> {
    let broken = |_| Trouble::Refused("文件没有收完整，请检查网络后再传；单个文件不超过10MB".to_owned());
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "token" => sent.token = field.text().await.map_err(broken)?,
            "submission" => sent.submission = field.text().await.map_err(broken)?,
            "fixmedins_code" => sent.provider = field.text().await.map_err(broken)?.trim().to_owned(),
            "file" | "lines" => {
                let bytes = field.bytes().await.map_err(broken)?;
                if !bytes.is_empty() {
                    sent.files.push(bytes.to_vec());
                }
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    Path(word): Path<String>,
    parts: Multipart,
) -> Response {
    let kind = match kind_of(&app, &word) {
        Ok(kind) => kind,
        Err(trouble) => return trouble.answer(&app),
    };
    let mut sent = Sent::default();
    let came = read_into(&mut sent, parts).await;
    let ours = came.and_then(|()| match guard::is_token(&sent.token, &visitor) {
        Err(Trouble::Refused(text)) => Err(Trouble::Refused(format!("{text}；文件请重新选择"))),
        ours => ours,
    });
    let page = ImportPage { provider: sent.provider.clone(), ..ImportPage::of(&app, &visitor, kind) };
    let imported = blocking(&app, move |app| {
        ours?;
        let read =
            book::read(app.platform.work(), kind, &sent.files).map_err(|unreadable| Trouble::Refused(unreadable.0))?;
        let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
        let (by, now) = (visitor.actor(), app.clock.now());
        let verdicts =
            registers.submitted(&sent.submission).import(&by, now, kind, &sent.provider, &read.rows, &read.lines);
        let file = xlsx_book(&[grid(&read, &verdicts)])?;
        let result = app.results.keep(&visitor.user, file);
        Ok(OutcomeView::of(&verdicts, read.remarks, result))
    });
    match imported.await.map_err(Trouble::said) {
        Ok(outcome) => shown(&ImportPage { outcome: Some(outcome), ..page }),
        Err(Ok(Said { status, text })) => (status, shown(&ImportPage { problem: text, ..page })).into_response(),
        Err(Err(trouble)) => trouble.answer(&app),
    }
}

impl OutcomeView {
    fn of(verdicts: &[Verdict], remarks: Vec<String>, result: u64) -> OutcomeView {
        let count = |word: &str| verdicts.iter().filter(|verdict| verdict.outcome.word() == word).count();
        let classes = ["open", "open", "later", "closed", "later"];
        let sums = Outcome::WORDS.into_iter().zip(classes).map(|(word, class)| (word, count(word), class)).collect();
        // What has to be corrected stands first.
        let mut ordered: Vec<&Verdict> = verdicts.iter().collect();
        ordered.sort_by_key(|verdict| !matches!(verdict.outcome, Outcome::Refused(_)));
        let more = ordered.len().saturating_sub(SHOWN_MAX);
        let verdicts = ordered.into_iter().take(SHOWN_MAX).map(VerdictView::of).collect();
        OutcomeView { sums, remarks, verdicts, more, result, kept: OF_CLERK_MAX }
    }
}

/// The verdicts as a sheet, beside what stood in each row, to be corrected and sent again.
fn grid(read: &book::Read, verdicts: &[Verdict]) -> Grid {
    const TOLD: [&str; 4] = ["行", "结果", "台账号", "说明"];
    let heads: Vec<&String> = read.heads.iter().filter(|head| !TOLD.contains(&head.as_str())).collect();
    let row = |(at, verdict): (usize, &Verdict)| {
        let view = VerdictView::of(verdict);
        let cell = |head: &&String| read.rows.get(at)?.cells.get(*head).cloned();
        let cells = heads.iter().map(|head| cell(head).unwrap_or_default());
        [view.place, view.outcome.to_owned(), view.number, view.text].into_iter().chain(cells).collect()
    };
    let columns = TOLD.into_iter().chain(heads.iter().map(|head| head.as_str())).map(Column::text).collect();
    Grid { name: "导入结果".into(), columns, rows: verdicts.iter().enumerate().map(row).collect() }
}

pub(super) async fn result(State(app): State<App>, visitor: Visitor, Path(id): Path<u64>) -> Response {
    match app.results.find(&visitor.user, id) {
        Some(file) => attached("import-result.xlsx", xlsx_kind(), file),
        None => {
            let text = format!(
                "这份导入结果已不在了：每人只保留最近{OF_CLERK_MAX}份，平台重启后也不再有；再导入一次即可，相同的行不会重复登记"
            );
            Trouble::Refused(text).answer(&app)
        }
    }
}
