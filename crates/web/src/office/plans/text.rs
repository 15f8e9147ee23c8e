//! A plan's text at the agency: read on the page, kept as a file, compared with any version before it.

use super::super::export::attached;
use super::super::{Chrome, Trouble, Visitor, blocking};
use super::waiting::{ChangeRow, changes};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use yibao_domain::outage::Plan;
use yibao_policy::plan::read;

/// The page.
#[derive(Template)]
#[template(path = "office/plan.html")]
struct PlanPage {
    frame: Frame,
    chrome: Chrome,
    id: String,
    version: u32,
    title: String,
    lines: Vec<String>,
    /// The versions that it may be compared with, and whether it is.
    others: Vec<(u32, bool)>,
    against: Option<u32>,
    changes: Vec<ChangeRow>,
}

/// Every version that is known: those published, and the one in force.
async fn versions(app: &App, visitor: &Visitor, id: String) -> Result<BTreeMap<u32, Plan>, Trouble> {
    if !visitor.is_agency() {
        return Err(Trouble::Missing);
    }
    let pool = visitor.user.pool.clone();
    let found = blocking(app, move |app| {
        let registers = app.platform.registers(&pool).ok_or(Trouble::Missing)?;
        let published = registers.published_plans()?.into_iter().filter(|row| row.plan == id);
        let mut known: BTreeMap<u32, Plan> =
            published.filter_map(|row| read(&row.text).ok()).map(|plan| (plan.version, plan)).collect();
        let plans = app.platform.plans();
        let in_force =
            plans.iter().filter(|plan| plan.id == id && plan.pool == pool).filter_map(|plan| read(&plan.text).ok());
        known.extend(in_force.map(|plan| (plan.version, plan)));
        // What the platform was started with, and what has been replaced since.
        let given = app.platform.given_plans().iter().filter(|plan| plan.id == id && plan.pool == pool);
        for plan in given {
            known.entry(plan.version).or_insert_with(|| plan.clone());
        }
        Ok(known)
    });
    let known = found.await?;
    if known.is_empty() { Err(Trouble::Missing) } else { Ok(known) }
}

fn number(query: &[(String, String)], name: &str) -> Option<u32> {
    query.iter().find(|(known, _)| known == name)?.1.parse().ok()
}

/// The version that is asked for; without a number the latest.
fn asked<'a>(known: &'a BTreeMap<u32, Plan>, query: &[(String, String)]) -> Result<&'a Plan, Trouble> {
    let found = match number(query, "version") {
        Some(version) => known.get(&version),
        None => known.values().next_back(),
    };
    found.ok_or(Trouble::Missing)
}

/// The text with its line numbers, and what it changes against another version.
pub(in crate::office) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let known = match versions(&app, &visitor, id).await {
        Ok(known) => known,
        Err(trouble) => return trouble.answer(&app),
    };
    let plan = match asked(&known, &query) {
        Ok(plan) => plan,
        Err(trouble) => return trouble.answer(&app),
    };
    let against = number(&query, "against").filter(|version| known.contains_key(version));
    let page = PlanPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        id: plan.id.clone(),
        version: plan.version,
        title: plan.title.clone(),
        lines: plan.text.lines().map(str::to_owned).collect(),
        others: known
            .keys()
            .filter(|version| **version != plan.version)
            .map(|version| (*version, against == Some(*version)))
            .collect(),
        changes: against
            .and_then(|version| known.get(&version))
            .map(|old| changes(&app, old, plan))
            .unwrap_or_default(),
        against,
    };
    shown(&page).into_response()
}

/// The text as a file.
pub(in crate::office) async fn file(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let made = async {
        let known = versions(&app, &visitor, id).await?;
        let plan = asked(&known, &query)?;
        let name = format!("{}-{}.toml", plan.id, plan.version);
        Ok(attached(&name, "application/toml; charset=utf-8", plan.text.clone().into_bytes()))
    };
    made.await.unwrap_or_else(|trouble: Trouble| trouble.answer(&app))
}
