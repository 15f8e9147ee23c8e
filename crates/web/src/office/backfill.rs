//! The backfill page (补录): runs and how far they are, one's own for a provider, all for the agency; what the order of
//! care changes in settlements that stand.

use super::form::said;
use super::{Chrome, Said, Trouble, Visitor, blocking, entry, guard, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use yibao_domain::outage::plan_named;
use yibao_engine::Stop;
use yibao_engine::desks::backfill::{Backfill, RUNS};

/// The page.
#[derive(Template)]
#[template(path = "office/backfill.html")]
struct BackfillPage {
    frame: Frame,
    chrome: Chrome,
    /// Id and title.
    plans: Vec<(String, String)>,
    runs: Vec<RunView>,
    /// So many runs are shown at most.
    runs_max: usize,
    is_running: bool,
    /// None while a run goes on and nobody asks for them: the page comes anew each second then.
    lists: Option<Lists>,
    problem: String,
    /// What was typed where nothing was started: plan and provider.
    typed: (String, String),
}

/// What the page is asked for.
#[derive(Clone, Default)]
struct Asked {
    /// The lists, although a run goes on.
    lists: bool,
    /// Of this plan the entries after this one.
    plan: String,
    after: String,
    /// Corrections of the persons after that of this entry.
    person_after: String,
    /// What was typed where nothing was started: plan and provider.
    typed: (String, String),
}

/// What waits, for what.
struct Lists {
    waiting: Vec<PlanWaiting>,
    awaiting: AwaitingView,
}

/// What a plan's entries wait for.
struct PlanWaiting {
    plan: String,
    title: String,
    reasons: Vec<WaitingView>,
    looked_at: usize,
    open: i64,
    /// Where the next ones begin; empty on the last page.
    next: String,
}

/// A run.
struct RunView {
    number: i64,
    /// The plan's title and the provider's name, with what tells them apart from others of that name.
    plan: (String, String),
    whose: (String, String),
    started: String,
    by: String,
    found: i64,
    settled: i64,
    failed: i64,
    done: i64,
    ended: String,
}

/// What entries wait for before they can be tried.
struct WaitingView {
    reason: String,
    count: usize,
    /// The first of them.
    entries: Vec<String>,
}

/// Entries that are named with what they wait for, at most.
const NAMED_MAX: usize = 10;

/// What the page shows of the book.
struct Shown {
    runs: Vec<RunView>,
    lists: Option<Lists>,
}

/// What waits for the correction of order.
#[derive(Default)]
struct AwaitingView {
    corrections: Vec<CorrectionView>,
    refused: Vec<RefusedView>,
    /// Persons that are shown, and that wait in all.
    shown: usize,
    persons: usize,
    /// Whether those before are left out.
    goes_on: bool,
    /// Where the next ones begin; empty on the last page.
    next: String,
}

/// A person whose settlements cannot be made again.
struct RefusedView {
    shown: String,
    reason: String,
}

/// A settlement that the order of care would change.
struct CorrectionView {
    psn_no: String,
    shown: String,
    setl_id: String,
    /// Name and code.
    provider: (String, String),
    care: String,
    change: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let asked = |name| said(&query, name).to_owned();
    let (plan, after, person_after) = (asked("plan"), asked("after"), asked("person_after"));
    let asked = Asked { lists: !asked("lists").is_empty(), plan, after, person_after, ..Asked::default() };
    answer(&app, visitor, asked, Said::default()).await
}

/// Back to the page with why nothing was done.
async fn not_done(app: &App, visitor: Visitor, trouble: Trouble, typed: (String, String)) -> Response {
    match trouble.said() {
        Ok(said) => answer(app, visitor, Asked { typed, ..Asked::default() }, said).await,
        Err(trouble) => trouble.answer(app),
    }
}

async fn answer(app: &App, visitor: Visitor, asked: Asked, said: Said) -> Response {
    let typed = asked.typed.clone();
    let found = blocking(app, {
        let visitor = visitor.clone();
        move |app| look(app, &visitor, &asked)
    });
    match found.await {
        Ok(Shown { runs, lists }) => {
            let plans = app.platform.plans();
            let own = plans.iter().filter(|plan| plan.pool == visitor.user.pool);
            let page = BackfillPage {
                frame: app.frame(),
                chrome: visitor.chrome(),
                plans: own.map(|plan| (plan.id.clone(), plan.title.clone())).collect(),
                is_running: runs.iter().any(|run| run.ended.is_empty()),
                runs,
                runs_max: RUNS,
                lists,
                problem: said.text,
                typed,
            };
            (said.status, shown(&page)).into_response()
        }
        Err(trouble) => trouble.answer(app),
    }
}

fn look(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Shown, Trouble> {
    let backfill = app.platform.backfill(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let by = visitor.actor();
    let runs = backfill.progress(&by)?.into_iter().map(|run| RunView {
        number: run.number,
        done: run.settled + run.failed,
        plan: titled(app, visitor, run.plan),
        whose: if run.fixmedins_code.is_empty() {
            ("全部机构".to_owned(), String::new())
        } else {
            named(app, run.fixmedins_code)
        },
        started: words::minute(run.started_at),
        by: run.started_by,
        found: run.found,
        settled: run.settled,
        failed: run.failed,
        ended: run.finished_at.map_or_else(String::new, words::minute),
    });
    let runs: Vec<RunView> = runs.collect();
    let is_running = runs.iter().any(|run| run.ended.is_empty());
    let lists = if is_running && !asked.lists { None } else { Some(lists(app, visitor, &backfill, asked)?) };
    Ok(Shown { runs, lists })
}

/// A provider's name with its code.
fn named(app: &App, code: String) -> (String, String) {
    let known = app.platform.provider_in_memory(&code, app.clock.now());
    (known.map_or_else(String::new, |known| known.fixmedins_name.clone()), code)
}

/// A plan's title with its id.
fn titled(app: &App, visitor: &Visitor, id: String) -> (String, String) {
    let title = plan_named(&app.platform.plans(), &visitor.user.pool, &id).map(|plan| plan.title.clone());
    (title.unwrap_or_else(|| "已不在册的方案".to_owned()), id)
}

fn lists(app: &App, visitor: &Visitor, backfill: &Backfill<'_>, asked: &Asked) -> Result<Lists, Trouble> {
    let by = visitor.actor();
    let plans = app.platform.plans();
    let own = plans.iter().filter(|plan| plan.pool == visitor.user.pool);
    let mut waiting = Vec::new();
    for plan in own {
        let after = (asked.plan == plan.id && !asked.after.is_empty()).then_some(&*asked.after);
        let found = backfill.waiting(&by, app.clock.now(), &plan.id, after)?;
        let reasons = found.reasons.into_iter().map(|(reason, entries)| {
            let count = entries.len();
            WaitingView { reason, count, entries: entries.into_iter().take(NAMED_MAX).collect() }
        });
        waiting.push(PlanWaiting {
            plan: plan.id.clone(),
            title: plan.title.clone(),
            reasons: reasons.collect(),
            looked_at: found.looked_at,
            open: found.open,
            next: found.next.unwrap_or_default(),
        });
    }
    waiting.retain(|of| !of.reasons.is_empty() || !of.next.is_empty());
    let awaiting = if visitor.is_agency() { awaiting(app, visitor, backfill, asked)? } else { AwaitingView::default() };
    Ok(Lists { waiting, awaiting })
}

fn awaiting(app: &App, visitor: &Visitor, backfill: &Backfill<'_>, asked: &Asked) -> Result<AwaitingView, Trouble> {
    let after = (!asked.person_after.is_empty()).then_some(&*asked.person_after);
    let found = backfill.corrections(&visitor.actor(), app.clock.now(), after)?;
    let refused = found.refused.into_iter();
    let corrections = found.corrections.into_iter().map(|one| CorrectionView {
        shown: words::masked_number(&one.psn_no),
        psn_no: one.psn_no,
        setl_id: one.setl_id,
        provider: named(app, one.fixmedins_code),
        care: one.care.to_string(),
        change: format!(
            "基金支付{}元改为{}元，个人账户{}元改为{}元，个人现金{}元改为{}元",
            one.before.funds, one.after.funds, one.before.account, one.after.account, one.before.cash, one.after.cash
        ),
    });
    Ok(AwaitingView {
        corrections: corrections.collect(),
        refused: refused.map(|(psn_no, reason)| RefusedView { shown: words::masked_number(&psn_no), reason }).collect(),
        shown: found.shown,
        persons: found.persons,
        goes_on: after.is_some(),
        next: found.next.unwrap_or_default(),
    })
}

pub(super) async fn start(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let is_ours = guard::is_token(said(&form, "token"), &visitor);
    let (plan, provider) = (said(&form, "plan").to_owned(), said(&form, "provider").to_owned());
    let (by, submission) = (visitor.clone(), said(&form, "submission").to_owned());
    let typed = (plan.clone(), provider.clone());
    let started = blocking(&app, move |app| {
        is_ours?;
        let backfill = app.platform.backfill(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(backfill.submitted(&submission).start(&by.actor(), app.clock.now(), &plan, &provider)?)
    });
    match started.await {
        Ok(_) => Redirect::to("/office/backfill").into_response(),
        Err(trouble) => not_done(&app, visitor, trouble, typed).await,
    }
}

/// One entry, now.
pub(super) async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let is_ours = guard::is_token(said(&form, "token"), &visitor);
    let (by, wanted, submission) = (visitor.clone(), number.clone(), said(&form, "submission").to_owned());
    let settled = blocking(&app, move |app| {
        is_ours?;
        let backfill = app.platform.backfill(&by.user.pool).ok_or(Trouble::Missing)?;
        match backfill.submitted(&submission).entry(&by.actor(), app.clock.now(), &wanted) {
            // The refusal stands in the entry's history, where it is shown with what to do.
            Ok(_) => Ok("?done=settle"),
            Err(Stop::Refused(refusal)) => Err(Trouble::Refused(refusal.text)),
            Err(stop) => Err(stop.into()),
        }
    });
    match settled.await {
        Ok(done) => Redirect::to(&format!("/office/entries/{number}{done}")).into_response(),
        Err(trouble) => entry::not_backfilled(&app, visitor, number, trouble).await,
    }
}

/// Puts one person's settlements in the order of care.
pub(super) async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let is_ours = guard::is_token(said(&form, "token"), &visitor);
    let (by, psn_no, submission) =
        (visitor.clone(), said(&form, "psn_no").to_owned(), said(&form, "submission").to_owned());
    let corrected = blocking(&app, move |app| {
        is_ours?;
        let backfill = app.platform.backfill(&by.user.pool).ok_or(Trouble::Missing)?;
        Ok(backfill.submitted(&submission).correct_order(&by.actor(), app.clock.now(), &psn_no)?)
    });
    match corrected.await {
        Ok(_) => Redirect::to("/office/backfill").into_response(),
        Err(trouble) => not_done(&app, visitor, trouble, Default::default()).await,
    }
}
