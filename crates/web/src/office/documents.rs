//! The documents of a kind that were deposited (资料清单): what each is about, when it came, how often it was corrected. What they
//! say themselves is not shown: clinical records are for whoever reviews them.

use super::form::said;
use super::period::Period;
use super::{Chrome, Trouble, Visitor, blocking, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use yibao_domain::time::Date;
use yibao_engine::desks::deposits::{Deposit, DepositFilter};
use yibao_interface::document_kinds;

/// Rows of a page.
const ROWS: usize = 100;

/// The list.
#[derive(Template)]
#[template(path = "office/documents.html")]
struct DocumentsPage {
    frame: Frame,
    chrome: Chrome,
    kind: String,
    name: &'static str,
    since: String,
    until: String,
    /// What is wrong with the days that were typed.
    problem: String,
    subject: String,
    rows: Vec<Row>,
    total: u64,
    /// The same selection, as an address has it.
    again: String,
    skipped: usize,
    /// Where the next page begins; 0 on the last one.
    next: usize,
}

/// A document.
struct Row {
    number: i64,
    provider: String,
    subject: String,
    received: String,
    changed: String,
    revision: i64,
    is_withdrawn: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let Some((_, name)) = document_kinds().iter().find(|(known, _)| *known == kind) else {
        return Trouble::Missing.answer(&app);
    };
    let (skipped, subject) = (said(&query, "skip").parse().unwrap_or(0), said(&query, "subject").to_owned());
    let Period { since, until, problem } = Period::of(&query);
    let filter = DepositFilter {
        kinds: vec![kind.clone()],
        subject: (!subject.is_empty()).then(|| subject.clone()),
        since,
        until,
        with_withdrawn: true,
        ..DepositFilter::default()
    };
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let found = app.platform.deposits(&visitor.user.pool, &visitor.actor(), filter, skipped, ROWS);
            Ok(found.ok_or(Trouble::Missing)??)
        }
    });
    let (documents, total) = match found.await {
        Ok(found) => found,
        Err(trouble) => return trouble.answer(&app),
    };
    let is_more = total > u64::try_from(skipped + documents.len()).unwrap_or(u64::MAX);
    let text = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
    let (since, until) = (text(since), text(until));
    let asked = [("since", &since), ("until", &until), ("subject", &subject)];
    shown(&DocumentsPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        kind,
        name,
        again: serde_urlencoded::to_string(asked).unwrap_or_default(),
        since,
        until,
        problem,
        subject,
        next: if is_more { skipped + documents.len() } else { 0 },
        rows: documents.iter().map(|document| Row::of(&app, &visitor, document)).collect(),
        total,
        skipped,
    })
}

impl Row {
    fn of(app: &App, visitor: &Visitor, document: &Deposit) -> Row {
        let provider = app.provider_name(&document.fixmedins_code);
        Row {
            number: document.number,
            provider: if visitor.is_agency() { provider } else { String::new() },
            subject: document.subject.clone(),
            received: words::minute(document.received_at),
            changed: words::minute(document.changed_at),
            revision: document.revision,
            is_withdrawn: document.withdrawn_at.is_some(),
        }
    }
}
