//! Who is in hospital (在院病人), and where each one's discharge begins.

use super::form::said;
use super::{Chrome, Trouble, Visitor, blocking, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use yibao_domain::register::{Action, Entry, Role, WorkTable};
use yibao_engine::desks::registers::{InHospital, OF_DISCHARGES, Ward};

/// Stays of a page.
const ROWS: usize = 100;

/// The list.
#[derive(Template)]
#[template(path = "office/stays.html")]
struct StaysPage {
    frame: Frame,
    chrome: Chrome,
    total: usize,
    rows: Vec<Row>,
    /// How many are left out before these; where the next ones begin, 0 on the last page.
    skipped: usize,
    next: usize,
}

/// A stay.
struct Row {
    person: String,
    certno: String,
    ipt_otp_no: String,
    admitted: String,
    provider: String,
    /// Number, register and state of what is registered about it.
    entries: Vec<(String, &'static str, &'static str)>,
    /// Where its discharge is done; empty where this user does none.
    discharge: String,
    /// What to do where no register takes a discharge in.
    instead: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let skipped: usize = said(&query, "skip").parse().unwrap_or(0);
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            Ok(registers.in_hospital(&visitor.actor(), app.clock.now(), skipped, ROWS)?)
        }
    });
    match found.await {
        Ok(Ward { stays, total }) => shown(&StaysPage {
            frame: app.frame(),
            chrome: visitor.chrome(),
            total,
            rows: stays.iter().map(|stay| Row::of(&app, &visitor, stay)).collect(),
            skipped,
            next: if skipped + ROWS < total { skipped + ROWS } else { 0 },
        }),
        Err(trouble) => trouble.answer(&app),
    }
}

impl Row {
    fn of(app: &App, visitor: &Visitor, stay: &InHospital) -> Row {
        let is_agency = visitor.is_agency();
        let provider = app.provider_name(&stay.fixmedins_code);
        let about = |entry: &Entry| (entry.number.clone(), entry.kind.name(), entry.state.name());
        Row {
            person: if is_agency { words::masked_name(&stay.psn_name) } else { stay.psn_name.clone() },
            certno: words::masked_number(&stay.certno),
            ipt_otp_no: stay.ipt_otp_no.clone(),
            admitted: words::minute(stay.begntime),
            provider: if is_agency { provider } else { String::new() },
            entries: stay.entries.iter().map(about).collect(),
            discharge: discharge(app.platform.work(), visitor.user.role, &stay.mdtrt_id, &stay.entries),
            instead: stay.instead.clone(),
        }
    }
}

/// Where the discharge of a stay is written down, of which these entries are known: in one of them that waits for it, else in the
/// register of discharges. Empty where it is there already, or this role has no part in it.
pub(super) fn discharge(work: &WorkTable, role: Role, mdtrt_id: &str, entries: &[Entry]) -> String {
    let takes = |entry: &&Entry| work.step_of(entry, Action::Discharge, role).is_some();
    let is_deferred = entries.iter().any(|entry| entry.kind == OF_DISCHARGES);
    let may = role.keeps_to_its_own() && work.first_step(OF_DISCHARGES, role).is_some() && !mdtrt_id.is_empty();
    let action = Action::Discharge.word();
    match entries.iter().find(takes) {
        Some(entry) => format!("/office/entries/{}?step={action}#{action}", entry.number),
        None if is_deferred || !may => String::new(),
        None => format!("/office/registers/{}/new?stay={mdtrt_id}", OF_DISCHARGES.word()),
    }
}
