//! A register's list: filters, pages, sums, and steps taken with many entries at once.

use super::form::{self, Ground, Input, said};
use super::{Chrome, Trouble, Visitor, blocking, guard, shown as words, shown_again};
use crate::app::App;
use crate::frame::Frame;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use form::Control;
use std::collections::BTreeMap;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::{Action, Bucket, Mark, Role, State as EntryState, Stated, WorkTable, field};
use yibao_engine::desks::registers::{ListFilter, ListRow, Listing, NotDone};

/// The most entries that one form acts on.
const BULK_MAX: usize = 200;

/// The list.
#[derive(Template)]
#[template(path = "office/list.html")]
pub(super) struct ListPage {
    frame: Frame,
    chrome: Chrome,
    kind: RegisterKind,
    done: String,
    problem: String,
    /// Entries that a bulk step was refused for, with the reason.
    refused: Vec<(String, String)>,
    may_add: bool,
    buckets: Vec<(&'static str, &'static str)>,
    bucket: String,
    overdue: bool,
    doubles: bool,
    text: String,
    /// The filter without what may name a person, for the addresses of the export.
    query: String,
    /// Label, count, class.
    sums: Vec<(&'static str, u64, &'static str)>,
    rows: Vec<Row>,
    next: String,
    bulk: Vec<BulkStep>,
}

struct Row {
    number: String,
    person: String,
    certno: String,
    care: String,
    business: String,
    provider: String,
    charged: String,
    state: &'static str,
    class: &'static str,
    reason: String,
    due: String,
    is_overdue: bool,
    /// The entries that it is perhaps the same care as.
    double: String,
}

/// A step that may be taken with many entries.
struct BulkStep {
    word: &'static str,
    name: &'static str,
    inputs: Vec<Input>,
    is_open: bool,
}

/// What is asked for.
#[derive(Clone, Default)]
pub(super) struct Asked {
    bucket: String,
    overdue: bool,
    doubles: bool,
    text: String,
    after: String,
    provider: String,
}

impl Asked {
    /// Reads it; refuses a word that would choose nothing.
    pub(super) fn of(form: &[(String, String)]) -> Result<Asked, Trouble> {
        let bucket = said(form, "bucket");
        if !bucket.is_empty() && Bucket::of_word(bucket).is_none() {
            let known: Vec<&str> = Bucket::ALL.iter().map(|known| known.word()).collect();
            let text = format!("“进展” bucket 没有 {bucket}；应为 {}，或不填", known.join("、"));
            return Err(Trouble::Refused(text));
        }
        Ok(Asked {
            bucket: bucket.to_owned(),
            overdue: !said(form, "overdue").is_empty(),
            doubles: !said(form, "doubles").is_empty(),
            text: said(form, "text").to_owned(),
            after: said(form, "after").to_owned(),
            provider: said(form, "provider").to_owned(),
        })
    }

    pub(super) fn filter(&self, kind: RegisterKind, rows: usize) -> ListFilter {
        ListFilter {
            kind: Some(kind),
            bucket: Bucket::of_word(&self.bucket),
            overdue: self.overdue,
            doubles: self.doubles,
            fixmedins_code: (!self.provider.is_empty()).then(|| self.provider.clone()),
            text: self.text.clone(),
            after: self.after.clone(),
            rows,
            ..ListFilter::default()
        }
    }

    /// The part that may stand in an address: no names, no numbers of persons.
    fn query(&self) -> String {
        let overdue = if self.overdue { "&overdue=1" } else { "" };
        let provider = if self.provider.is_empty() { String::new() } else { format!("&provider={}", self.provider) };
        let doubles = if self.doubles { "&doubles=1" } else { "" };
        format!("bucket={}{overdue}{doubles}{provider}", self.bucket)
    }
}

/// Counts beside the list: all of the filter's register, those that wait and those that are late.
struct Counts {
    all: u64,
    waiting: u64,
    overdue: u64,
}

/// The register of an address.
pub(super) fn kind_of(app: &App, word: &str) -> Result<RegisterKind, Trouble> {
    app.platform.work().kind(word).ok_or(Trouble::Missing)
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    // What names a person does not come by an address, where logs would keep it.
    let asked = match Asked::of(&query) {
        Ok(asked) => Asked { text: String::new(), ..asked },
        Err(trouble) => return trouble.answer(&app),
    };
    let done = if said(&query, "done").is_empty() { String::new() } else { "已办。".to_owned() };
    answer(&app, visitor, &kind, asked, Told { done, ..Told::default() }).await
}

pub(super) async fn search(
    State(app): State<App>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    if let Err(trouble) = guard::is_token(Some(said(&form, "token")), &visitor.token()) {
        return trouble.answer(&app);
    }
    match Asked::of(&form) {
        Ok(asked) => answer(&app, visitor, &kind, asked, Told::default()).await,
        Err(trouble) => trouble.answer(&app),
    }
}

/// What the page tells above its list, and what was typed.
#[derive(Default)]
struct Told {
    done: String,
    problem: String,
    refused: Vec<(String, String)>,
    stated: Stated,
    action: Option<Action>,
}

async fn answer(app: &App, visitor: Visitor, kind: &str, asked: Asked, told: Told) -> Response {
    let page = async {
        let kind = kind_of(app, kind)?;
        let found = blocking(app, {
            let (visitor, asked) = (visitor.clone(), asked.clone());
            move |app| look(app, &visitor, kind, &asked)
        });
        let (listing, counts) = found.await?;
        Ok::<_, Trouble>(page(app, &visitor, kind, asked, &listing, &counts, told))
    };
    match page.await {
        Ok(page) => shown_again(&page, &page.problem),
        Err(trouble) => trouble.answer(app),
    }
}

fn look(app: &App, visitor: &Visitor, kind: RegisterKind, asked: &Asked) -> Result<(Listing, Counts), Trouble> {
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let (by, now) = (visitor.actor(), app.clock.now());
    let listing = registers.list(&by, now, asked.filter(kind, 0))?;
    let count = |bucket: Option<Bucket>, overdue: bool| -> Result<u64, Trouble> {
        let filter = ListFilter { kind: Some(kind), bucket, overdue, rows: 1, ..ListFilter::default() };
        Ok(registers.list(&by, now, filter)?.total)
    };
    let counts =
        Counts { all: count(None, false)?, waiting: count(Some(Bucket::Waiting), false)?, overdue: count(None, true)? };
    Ok((listing, counts))
}

fn page(
    app: &App,
    visitor: &Visitor,
    kind: RegisterKind,
    asked: Asked,
    listing: &Listing,
    counts: &Counts,
    told: Told,
) -> ListPage {
    let plans = app.platform.plans();
    let is_agency = visitor.is_agency();
    let names = provider_names(app, listing, is_agency);
    ListPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        kind,
        may_add: may_add(app.platform.work(), kind, visitor.user.role),
        buckets: Bucket::ALL.iter().map(|bucket| (bucket.word(), bucket.name())).collect(),
        query: asked.query(),
        sums: vec![
            ("全部", counts.all, ""),
            ("待办", counts.waiting, ""),
            ("逾期", counts.overdue, if counts.overdue > 0 { "red" } else { "" }),
            ("符合条件", listing.total, ""),
        ],
        rows: listing.rows.iter().map(|row| Row::of(row, &plans, is_agency, &names)).collect(),
        next: listing.next.clone(),
        bulk: bulk(app, visitor, kind, listing, &told),
        done: told.done,
        problem: told.problem,
        refused: told.refused,
        bucket: asked.bucket,
        overdue: asked.overdue,
        doubles: asked.doubles,
        text: asked.text,
    }
}

/// Worklists are made by the platform, and the agency adds what it has missed; the rest is written down by whom it concerns.
fn may_add(work: &WorkTable, kind: RegisterKind, role: Role) -> bool {
    work.first_step(kind, role).is_some() && !(kind.row().listed && role.keeps_to_its_own())
}

fn provider_names(app: &App, listing: &Listing, is_agency: bool) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for row in listing.rows.iter().filter(|_| is_agency) {
        let code = &row.entry.fixmedins_code;
        if !code.is_empty() && !names.contains_key(code) {
            let known = app.platform.provider_in_memory(code, app.clock.now());
            names.insert(code.clone(), known.map_or_else(|| code.clone(), |known| known.fixmedins_name.clone()));
        }
    }
    names
}

impl Row {
    fn of(row: &ListRow, plans: &[Plan], is_agency: bool, names: &BTreeMap<String, String>) -> Row {
        let entry = &row.entry;
        let name = field::PSN_NAME.of(entry);
        let plan = plans.iter().find(|plan| plan.id == entry.plan);
        let certno = if entry.certno.is_empty() { &entry.psn_no } else { &entry.certno };
        Row {
            number: entry.number.clone(),
            person: if is_agency { words::masked_name(name) } else { name.to_owned() },
            certno: words::masked_number(certno),
            care: words::minute(entry.care_from),
            business: plan
                .map_or_else(|| entry.kind.name().to_owned(), |plan| plan.name_of(&entry.business).to_owned()),
            provider: names.get(&entry.fixmedins_code).cloned().unwrap_or_default(),
            charged: entry.value(field::MEDFEE_SUMAMT.name()),
            state: entry.state.name(),
            class: words::class(entry.state, row.overdue),
            reason: words::outcome(entry),
            due: if entry.state.is_final() { String::new() } else { row.due.to_string() },
            is_overdue: row.overdue,
            double: if entry.is_suspected() { entry.marked(Mark::Double).to_owned() } else { String::new() },
        }
    }
}

/// The steps that entries of this page may take together: those whose fields are alike for all.
fn bulk(app: &App, visitor: &Visitor, kind: RegisterKind, listing: &Listing, told: &Told) -> Vec<BulkStep> {
    let states: Vec<EntryState> = listing.rows.iter().map(|row| row.entry.state).collect();
    let role = visitor.user.role;
    let work = app.platform.work();
    let possible = |action: &&Action| {
        let takes = |state: &EntryState| work.step(kind, *state, **action, role).is_some();
        action.of_many() && states.iter().any(takes)
    };
    let plans = app.platform.plans();
    let step = |action: &Action| {
        let ground = Ground {
            plans: &plans,
            rules: app.platform.rules(),
            fields: &app.platform.work().fields,
            kind,
            action: *action,
            now: app.clock.now(),
            id: action.word(),
        };
        let typed = if told.action == Some(*action) { told.stated.clone() } else { Stated::new() };
        // Fields of several steps share one form; each is named with its step.
        let mut inputs = form::inputs(work.fields.of(kind, *action), &ground, &typed, &[]);
        for input in &mut inputs {
            input.name = format!("{}.{}", action.word(), input.name);
        }
        BulkStep { word: action.word(), name: action.name(), inputs, is_open: told.action == Some(*action) }
    };
    work.actions.iter().filter(possible).map(step).collect()
}

pub(super) async fn act_on_many(
    State(app): State<App>,
    visitor: Visitor,
    Path(word): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let numbers: Vec<String> =
        form.iter().filter(|(name, _)| name == "number").map(|(_, number)| number.clone()).collect();
    let action = guard::is_token(Some(said(&form, "token")), &visitor.token())
        .and_then(|()| app.platform.work().action(said(&form, "action")).ok_or(Trouble::Missing));
    let action = match action {
        Ok(action) => action,
        Err(trouble) => return trouble.answer(&app),
    };
    let mark = format!("{}.", action.word());
    let own = form.iter().filter_map(|(name, value)| Some((name.strip_prefix(&mark)?.to_owned(), value.clone())));
    let stated = form::stated(&own.collect::<Vec<_>>());
    let mut told = Told { stated: stated.clone(), action: Some(action), ..Told::default() };
    if numbers.is_empty() || numbers.len() > BULK_MAX {
        told.problem = format!("请勾选要办的台账，一次至多{BULK_MAX}笔");
        return answer(&app, visitor, &word, Asked::default(), told).await;
    }
    let (count, submission) = (numbers.len(), said(&form, "submission").to_owned());
    let done = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            let registers = registers.submitted(&submission);
            let mut refused = Vec::new();
            for number in numbers {
                match registers.act(&visitor.actor(), app.clock.now(), &number, action, stated.clone()) {
                    Ok(_) => {}
                    Err(problem @ (NotDone::Fields(_) | NotDone::Refused(_))) => {
                        refused.push((number, problem.to_string()));
                    }
                    Err(fault) => return Err(fault.into()),
                }
            }
            Ok(refused)
        }
    });
    match done.await {
        Ok(refused) if refused.is_empty() => Redirect::to(&format!("/office/registers/{word}?done=1")).into_response(),
        Ok(refused) => {
            let done = count - refused.len();
            told.problem = format!("已办{done}笔，{}笔没有办：", refused.len());
            told.refused = refused;
            answer(&app, visitor, &word, Asked::default(), told).await
        }
        Err(trouble) => trouble.answer(&app),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_a_word_that_chooses_nothing_is_refused_with_the_words_that_do() {
        let asked = |bucket: &str| Asked::of(&[("bucket".to_owned(), bucket.to_owned())]);
        assert!(asked("").is_ok() && asked("waiting").is_ok());
        let Err(Trouble::Refused(text)) = asked("zzz") else { panic!("it was taken") };
        assert!(text.contains("zzz") && text.contains("waiting"), "{text}");
    }
}
