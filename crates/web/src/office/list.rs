//! A register's list: filters, pages, sums.

mod asked;
pub(super) mod bulk;

use super::form::{self, Ground, Input, said};
use super::{Chrome, Said, Trouble, Visitor, blocking, guard, shown as words, stays};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
pub(super) use asked::Asked;
use asked::PAGES;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use form::Control;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::{Plan, RegisterKind, plan_named};
use yibao_domain::register::{
    Action, Bucket, Entry, FieldSpec, Role, State as EntryState, Stated, WorkTable, disposition_kept, disposition_of,
    field, written_later,
};
use yibao_engine::desks::registers::{ListFilter, ListRow, Listing};

/// The list.
#[derive(Template)]
#[template(path = "office/list.html")]
pub(super) struct ListPage {
    frame: Frame,
    chrome: Chrome,
    kind: RegisterKind,
    kind_name: &'static str,
    done: String,
    problem: String,
    /// Why a bulk step was refused, with the entries that it was refused for.
    refused: Vec<(String, Vec<String>)>,
    /// Entries of other pages that stay ticked.
    elsewhere: Vec<String>,
    may_add: bool,
    buckets: Vec<(&'static str, &'static str)>,
    bucket: String,
    /// What entries may wait for: word and name.
    steps: Vec<(&'static str, &'static str)>,
    step: String,
    overdue: bool,
    doubles: bool,
    text: String,
    /// The provider whose entries alone are listed, for the agency.
    provider: String,
    after: String,
    pages: Vec<(usize, bool)>,
    /// The filter without what may name a person, for addresses.
    query: String,
    /// Label, count, class.
    sums: Vec<(&'static str, u64, &'static str)>,
    rows: Vec<Row>,
    next: String,
    /// The query of the next page's address.
    next_query: String,
    bulk: Vec<BulkStep>,
    /// How many fit the filter on all pages, and whether all of them are to be acted on.
    total: u64,
    all: bool,
}

struct Row {
    number: String,
    /// What it is about, of incidents and questions.
    subject: String,
    is_ticked: bool,
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
    doubles: Vec<String>,
    /// Where the discharge of its stay is written down; empty where that is not done from here.
    discharge: String,
    /// That it was written down later than it says.
    later: String,
}

/// A step that may be taken with many entries.
struct BulkStep {
    word: &'static str,
    name: &'static str,
    inputs: Vec<Input>,
    is_open: bool,
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
    let asked = match Asked::of(app.platform.work(), &query) {
        Ok(asked) => Asked { text: String::new(), ..asked },
        Err(trouble) => return trouble.answer(&app),
    };
    let done = said(&query, "done").parse().map_or(String::new(), |done: usize| format!("已办{done}笔。"));
    answer(&app, visitor, &kind, asked, Told { done, ..Told::default() }).await
}

pub(super) async fn search(
    State(app): State<App>,
    visitor: Visitor,
    Path(kind): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    // A search changes nothing, so that one from before the present sign-in is made all the same.
    if let Err(trouble @ Trouble::Stale) = guard::is_token(said(&form, "token"), &visitor) {
        return trouble.answer(&app);
    }
    match Asked::of(app.platform.work(), &form) {
        Ok(asked) => answer(&app, visitor, &kind, asked, Told::default()).await,
        Err(trouble) => trouble.answer(&app),
    }
}

/// What the page tells above its list, and what was typed.
#[derive(Default)]
struct Told {
    done: String,
    said: Said,
    /// Entries that a step was not taken with, by reason.
    refused: BTreeMap<String, Vec<String>>,
    /// The form of the steps as it was sent.
    form: Vec<(String, String)>,
    action: Option<Action>,
    /// Entries that stay ticked.
    ticked: BTreeSet<String>,
    /// All that fit the filter stay chosen.
    all: bool,
}

async fn answer(app: &App, visitor: Visitor, kind: &str, asked: Asked, told: Told) -> Response {
    let page = async {
        let kind = kind_of(app, kind)?;
        let found = blocking(app, {
            let (visitor, asked) = (visitor.clone(), asked.clone());
            move |app| look(app, &visitor, kind, &asked)
        });
        let (listing, counts) = found.await?;
        Ok::<_, Trouble>((told.said.status, page(app, &visitor, kind, asked, &listing, &counts, told)))
    };
    match page.await {
        Ok((status, page)) => (status, shown(&page)).into_response(),
        Err(trouble) => trouble.answer(app),
    }
}

fn look(app: &App, visitor: &Visitor, kind: RegisterKind, asked: &Asked) -> Result<(Listing, Counts), Trouble> {
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let (by, now) = (visitor.actor(), app.clock.now());
    let listing = registers.list(&by, now, asked.filter(kind, asked.rows))?;
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
    let under = disposition_kept(&plans, kind);
    ListPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        kind,
        kind_name: app.platform.work().said(under, kind, kind.word(), kind.name()),
        may_add: may_add(app.platform.work(), kind, visitor.user.role),
        steps: app
            .platform
            .work()
            .next_steps(kind, visitor.user.role)
            .iter()
            .map(|step| (step.word(), app.platform.work().action_said(under, kind, *step)))
            .collect(),
        step: asked.step.map_or(String::new(), |step| step.word().to_owned()),
        buckets: Bucket::ALL.iter().map(|bucket| (bucket.word(), bucket.name())).collect(),
        query: Asked { after: String::new(), ..asked.clone() }.query(),
        next_query: Asked { after: listing.next.clone(), ..asked.clone() }.query(),
        sums: vec![
            ("全部", counts.all, ""),
            ("待办", counts.waiting, ""),
            ("逾期", counts.overdue, if counts.overdue > 0 { "red" } else { "" }),
            ("符合条件", listing.total, ""),
        ],
        rows: listing.rows.iter().map(|row| Row::of(app, visitor, row, &plans, &names, &told.ticked)).collect(),
        next: listing.next.clone(),
        bulk: bulk(app, visitor, kind, listing, &told),
        total: listing.total,
        all: told.all,
        done: told.done,
        problem: told.said.text,
        elsewhere: elsewhere(&told.ticked, listing),
        refused: told.refused.into_iter().collect(),
        pages: PAGES.map(|rows| (rows, rows == asked.rows)).to_vec(),
        provider: asked.provider,
        after: asked.after,
        bucket: asked.bucket,
        overdue: asked.overdue,
        doubles: asked.doubles,
        text: asked.text,
    }
}

fn elsewhere(ticked: &BTreeSet<String>, listing: &Listing) -> Vec<String> {
    let is_listed = |number: &&String| listing.rows.iter().any(|row| row.entry.number == **number);
    ticked.iter().filter(|number| !is_listed(number)).cloned().collect()
}

/// What was typed for a step.
fn of_step(form: &[(String, String)], action: Action) -> Stated {
    let mark = format!("{}.", action.word());
    let own = form.iter().filter_map(|(name, value)| Some((name.strip_prefix(&mark)?.to_owned(), value.clone())));
    form::stated(&own.collect::<Vec<_>>())
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
            names.insert(code.clone(), app.provider_name(code));
        }
    }
    names
}

impl Row {
    fn of(
        app: &App,
        visitor: &Visitor,
        row: &ListRow,
        plans: &[Plan],
        names: &BTreeMap<String, String>,
        ticked: &BTreeSet<String>,
    ) -> Row {
        let (entry, is_agency) = (&row.entry, visitor.is_agency());
        let name = field::PSN_NAME.of(entry);
        let plan = plan_named(plans, &visitor.user.pool, &entry.plan);
        let certno = if entry.certno.is_empty() { &entry.psn_no } else { &entry.certno };
        Row {
            number: entry.number.clone(),
            is_ticked: ticked.contains(&entry.number),
            person: if is_agency { words::masked_name(name) } else { name.to_owned() },
            certno: words::masked_number(certno),
            care: words::minute(entry.care_from),
            business: plan
                .map_or_else(|| entry.kind.name().to_owned(), |plan| plan.name_of(&entry.business).to_owned()),
            provider: names.get(&entry.fixmedins_code).cloned().unwrap_or_default(),
            charged: entry.value(field::MEDFEE_SUMAMT.name()),
            state: {
                let under = plan.and_then(|plan| disposition_of(plan, entry));
                app.platform.work().said(under, entry.kind, entry.state.word(), entry.state.name())
            },
            class: words::class(entry.state, row.overdue),
            reason: words::outcome(entry),
            due: if entry.state.is_final() { String::new() } else { row.due.to_string() },
            is_overdue: row.overdue,
            discharge: discharge(app, visitor, entry),
            later: written_later(entry).unwrap_or_default(),
            doubles: words::doubles(entry).into_iter().chain(row.alike.iter().cloned()).collect(),
            subject: field::SUBJECT.of(entry).to_owned(),
        }
    }
}

/// A stay that is listed because of the stop may end any time.
fn discharge(app: &App, visitor: &Visitor, entry: &Entry) -> String {
    let is_of_stay = matches!(entry.kind, RegisterKind::InpatientNotice | RegisterKind::StayConversion);
    match is_of_stay && entry.state != EntryState::Withdrawn && entry.state != EntryState::Settled {
        true => stays::discharge(app.platform.work(), visitor.user.role, &entry.mdtrt_id, std::slice::from_ref(entry)),
        false => String::new(),
    }
}

/// The steps that entries of this page may take together: those whose fields are alike for all.
fn bulk(app: &App, visitor: &Visitor, kind: RegisterKind, listing: &Listing, told: &Told) -> Vec<BulkStep> {
    let states: Vec<EntryState> = listing.rows.iter().map(|row| row.entry.state).collect();
    let role = visitor.user.role;
    let plans = app.platform.plans();
    let under = disposition_kept(&plans, kind);
    let work = app.platform.work().worded(under, kind);
    let possible = |action: &&Action| {
        let takes = |state: &EntryState| work.step(kind, *state, **action, role).is_some();
        // What was tried and not done for some stays there, with their ticks.
        let came = told.action == Some(**action) || !of_step(&told.form, **action).is_empty();
        let is_tried = came && !told.ticked.is_empty();
        action.of_many() && (is_tried || states.iter().any(takes))
    };
    let step = |action: &Action| {
        let ground = Ground {
            plans: &plans,
            rules: app.platform.rules(),
            fields: &work.fields,
            kind,
            now: app.clock.now(),
            clerk: &visitor.user.name,
            id: action.word(),
        };
        let typed = of_step(&told.form, *action);
        // What is proposed comes along with every step; what is typed besides shows where somebody was.
        let is_typed = |field: &FieldSpec| field.proposed.is_none() && typed.contains_key(&field.name);
        let is_begun = told.action.is_none() && work.fields.of(kind, *action).any(is_typed);
        // Fields of several steps share one form; each is named with its step.
        let mut inputs = form::inputs(work.fields.of(kind, *action), &ground, &typed, &[]);
        for input in &mut inputs {
            input.name = format!("{}.{}", action.word(), input.name);
        }
        let name = work.action_said(under, kind, *action);
        BulkStep { word: action.word(), name, inputs, is_open: is_begun || told.action == Some(*action) }
    };
    work.actions.iter().filter(possible).map(step).collect()
}
