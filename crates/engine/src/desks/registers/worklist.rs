//! The platform's own lists (平台清单): stays to be told and converted, notices to be posted.
//!
//! Made from what the book says, again and again while a plan is near; an entry is made once, by its claim key. A stay that
//! is discharged or cancelled before it was told or converted is taken off with that reason, so that the lists close.
//! Entries are recorded many at a time, and singly where one of them cannot be, so that it holds up no other.
//! Invariant: nothing that a person has done is undone here.

use crate::desks::registers::{Registers, supply};
use crate::facts::EVERY;
use crate::facts::question::{self, Asked};
use crate::policies::Policies;
use crate::register::draft::{begun, draft};
use crate::register::problem::NotDone;
use crate::register::{Actor, conversion, writer};
use jiff::ToSpan;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::{Business, Plan, Question, RegisterKind, plan_named};
use yibao_domain::party::Party;
use yibao_domain::register::{Entry, State, duty_of, field, keep_asked_as, listed_under, posted_by, usual_business};
use yibao_domain::time::{DateTime, moment_name};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState};
use yibao_store::reference::Provider;
use yibao_store::register::EntryFilter;

/// Entries made in one transaction.
const WRITE_MAX: usize = 100;

/// What a refresh has done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Refreshed {
    /// Entries made.
    pub added: u64,
    /// Entries that were taken off because nothing is to be done any more.
    pub closed: u64,
    /// Entries that could not be made or taken off, each told in the log; they are tried again by the next refresh.
    pub failed: u64,
}

/// What became of many entries.
#[derive(Default)]
struct Recorded {
    done: u64,
    failed: u64,
}

impl Registers<'_> {
    /// Brings the lists of a plan up to date: told inpatients, conversions, notices, and the supply that ends. May be
    /// called at any time and again.
    pub fn refresh_worklists(&self, plan: &str, now: DateTime) -> Result<Refreshed, NotDone> {
        let stays = self.refresh_stays(plan, now)?;
        let supplies = self.refresh_supplies(plan, now)?;
        let (added, failed) = (stays.added + supplies.added, stays.failed + supplies.failed);
        Ok(Refreshed { added, failed, ..stays })
    }

    /// The lists of stays and notices, which change by the minute.
    pub(crate) fn refresh_stays(&self, plan: &str, now: DateTime) -> Result<Refreshed, NotDone> {
        let plan = plan.to_owned();
        let wanted = self.read(Party::platform(""), move |tx, policies| wanted(tx, policies, &plan, now)).wait()?;
        let added = self.add_drafts(&wanted.drafts)?;
        let off = move |tx: &mut dyn Tx, policies: &Policies, finished: &[Finished]| close(tx, policies, now, finished);
        let closed = self.record(&wanted.finished, WRITE_MAX, &|of: &Finished| of.number.clone(), &off)?;
        Ok(Refreshed { added: added.done, closed: closed.done, failed: added.failed + closed.failed })
    }

    /// The list of supply that ends, which changes by the day.
    pub(crate) fn refresh_supplies(&self, plan: &str, now: DateTime) -> Result<Refreshed, NotDone> {
        let id = plan.to_owned();
        let spans = self.read(Party::platform(""), move |_, policies| Ok(supply::spans(policies, &id, now))).wait()?;
        let mut found = supply::Found::default();
        for span in spans {
            let part = self.read(Party::platform(""), move |tx, policies| supply::look(tx, policies, &span)).wait()?;
            found.join(part);
        }
        let (id, people) = (plan.to_owned(), found);
        let drafts = self
            .read(Party::platform(""), move |tx, policies| supply::drafts(tx, policies, &id, now, &people))
            .wait()?;
        let added = self.add_drafts(&drafts)?;
        Ok(Refreshed { added: added.done, closed: 0, failed: added.failed })
    }

    fn add_drafts(&self, drafts: &[Entry]) -> Result<Recorded, NotDone> {
        let named = |draft: &Entry| format!("{} {} {}", draft.kind.word(), draft.fixmedins_code, draft.mdtrt_id);
        self.record(drafts, WRITE_MAX, &named, &add)
    }

    /// Records rows, `many` in one transaction, and each of them by itself where that fails. `named` tells one in the log.
    fn record<R: Clone + Send + 'static>(
        &self,
        rows: &[R],
        many: usize,
        named: &impl Fn(&R) -> String,
        write: &(impl Fn(&mut dyn Tx, &Policies, &[R]) -> Result<u64, NotDone> + Clone + Send + 'static),
    ) -> Result<Recorded, NotDone> {
        let mut recorded = Recorded::default();
        for chunk in rows.chunks(many) {
            let (asked, write_them) = (chunk.to_vec(), write.clone());
            let written = self.write(Party::platform(""), move |tx, policies| write_them(tx, policies, &asked));
            match (written.wait(), chunk) {
                (Ok(done), _) => recorded.done += done,
                // No row is to blame.
                (Err(why @ (NotDone::Busy | NotDone::Closing)), _) => return Err(why),
                (Err(why), [row]) => {
                    recorded.failed += 1;
                    tracing::error!(entry = named(row), causes = why.causes(), "an entry of a list is not recorded");
                }
                (Err(_), chunk) => {
                    let Recorded { done, failed } = self.record(chunk, 1, named, write)?;
                    recorded.done += done;
                    recorded.failed += failed;
                }
            }
        }
        Ok(recorded)
    }
}

/// What the lists want.
struct Wanted {
    drafts: Vec<Entry>,
    finished: Vec<Finished>,
}

/// An entry with nothing left to do, and why.
#[derive(Clone)]
struct Finished {
    number: String,
    reason: String,
}

fn wanted(tx: &mut dyn Tx, policies: &Policies, plan: &str, now: DateTime) -> Result<Wanted, NotDone> {
    let mut wanted = Wanted { drafts: Vec::new(), finished: Vec::new() };
    let plans = policies.plans();
    let Some(plan) = plan_named(&plans, &policies.pool.pool, plan) else {
        return Ok(wanted);
    };
    let providers: BTreeMap<String, Provider> = tx
        .providers("", "", EVERY)?
        .into_iter()
        .filter(|provider| policies.covers(&provider.admdvs))
        .map(|provider| (provider.fixmedins_code.clone(), provider))
        .collect();
    let in_hospital = EncounterFilter { in_hospital_only: true, ..EncounterFilter::default() };
    let stays = tx.encounters(&in_hospital, EVERY)?;
    for kind in [RegisterKind::InpatientNotice, RegisterKind::StayConversion] {
        if !has_list(plan, kind) {
            continue;
        }
        let entries = entries_of(tx, plan, kind)?;
        let listed: BTreeSet<&str> = entries.iter().map(|entry| entry.mdtrt_id.as_str()).collect();
        if is_list_open(plan, kind, now) {
            let before = |stay: &&Encounter| stay.begntime < closing(plan, "encounter.admission").unwrap_or(now);
            for stay in stays.iter().filter(before).filter(|stay| !listed.contains(stay.mdtrt_id.as_str())) {
                let provider = providers.get(&stay.fixmedins_code);
                let person = tx.person_facts(&stay.psn_no, &[])?;
                let asked = Asked { insutype: &stay.insutype, person: person.as_ref(), day: stay.begntime.date() };
                let question = question::about(policies, provider, "", &asked, usual_business(kind));
                let Some(rule) = listed_under(plan, kind, &question) else { continue };
                let at = (stay.fixmedins_code.as_str(), provider.map_or("", |provider| &provider.admdvs));
                let mut entry = draft(plan, kind, rule, usual_business(kind), at, stay.begntime, now);
                entry.psn_no.clone_from(&stay.psn_no);
                entry.mdtrt_id.clone_from(&stay.mdtrt_id);
                field::IPT_OTP_NO.put(&mut entry.details, &stay.ipt_otp_no);
                keep_asked_as(&mut entry, &question);
                wanted.drafts.push(entry);
            }
        }
        let present: BTreeSet<&str> = stays.iter().map(|stay| stay.mdtrt_id.as_str()).collect();
        let waiting = entries.iter().filter(|entry| entry.state == State::Waiting);
        for entry in waiting.filter(|entry| !present.contains(entry.mdtrt_id.as_str())) {
            if let Some(reason) = why_gone(tx, plan, entry)? {
                wanted.finished.push(Finished { number: entry.number.clone(), reason });
            }
        }
    }
    if is_list_open(plan, RegisterKind::Publicity, now) {
        let entries = entries_of(tx, plan, RegisterKind::Publicity)?;
        let listed: BTreeSet<&str> = entries.iter().map(|entry| entry.fixmedins_code.as_str()).collect();
        let issued = plan.issued.at(0, 0, 0, 0);
        for (code, provider) in providers.iter().filter(|(code, _)| !listed.contains(code.as_str())) {
            let kind = RegisterKind::Publicity;
            let asked = Asked { insutype: "", person: None, day: plan.issued };
            let question = question::about(policies, Some(provider), "", &asked, usual_business(kind));
            let Some(duty) = posted_by(plan, &question) else { continue };
            let at = (code.as_str(), provider.admdvs.as_str());
            let mut entry = draft(plan, kind, &duty.id, usual_business(kind), at, issued, now);
            keep_asked_as(&mut entry, &question);
            wanted.drafts.push(entry);
        }
    }
    Ok(wanted)
}

/// Whether a plan has such a list, for anybody.
fn has_list(plan: &Plan, kind: RegisterKind) -> bool {
    duty_of(plan, kind).is_some() || plan.rules.iter().any(|rule| rule.keeps(kind))
}

fn entries_of(tx: &mut dyn Tx, plan: &Plan, kind: RegisterKind) -> Result<Vec<Entry>, NotDone> {
    let filter = EntryFilter { plan: Some(plan.id.clone()), kind: Some(kind), ..EntryFilter::default() };
    Ok(tx.entries(&filter, EVERY)?)
}

fn closing(plan: &Plan, business: &'static str) -> Option<DateTime> {
    let question = Question::about(Business::named(business));
    plan.closings(&question).iter().map(|closing| closing.window.closes.at).min()
}

/// Inpatients are told from the issue of the notice to the closing; conversions are listed from the plan's advance notice
/// until reopening, notices from the issue until reopening.
fn is_list_open(plan: &Plan, kind: RegisterKind, now: DateTime) -> bool {
    let issued = plan.issued.at(0, 0, 0, 0).min(plan.window.closes.at);
    let closes = closing(plan, "settlement.inpatient").unwrap_or(plan.window.closes.at);
    match kind {
        RegisterKind::InpatientNotice => issued <= now && now < closes,
        RegisterKind::StayConversion => {
            let ahead = closes.saturating_sub(i64::from(plan.ahead_hours).hours());
            ahead <= now && plan.window.reopens.is_after(now)
        }
        _ => issued <= now && plan.window.reopens.is_after(now),
    }
}

/// Why nothing is left to do for a stay that is not in hospital any more. A stay that left while settlement was closed
/// already stays on the list of conversions: it was in hospital at the closing.
fn why_gone(tx: &mut dyn Tx, plan: &Plan, entry: &Entry) -> Result<Option<String>, NotDone> {
    let Some(stay) = tx.encounter(&entry.mdtrt_id)? else { return Ok(None) };
    Ok(match stay.state {
        EncounterState::Open => None,
        EncounterState::Cancelled => Some("入院登记已撤销".to_owned()),
        EncounterState::Discharged => {
            let closes = closing(plan, "settlement.inpatient").unwrap_or(plan.window.closes.at);
            let left = stay.endtime.unwrap_or(closes);
            let in_time = entry.kind == RegisterKind::InpatientNotice || left < closes;
            in_time.then(|| format!("已于{}出院", moment_name(left)))
        }
    })
}

/// Makes the entries that nobody else has made meanwhile.
fn add(tx: &mut dyn Tx, policies: &Policies, drafts: &[Entry]) -> Result<u64, NotDone> {
    let mut added = 0;
    for drafted in drafts {
        let mut entry = drafted.clone();
        if !entry.psn_no.is_empty()
            && let Some(person) = tx.person(&entry.psn_no)?
        {
            field::PSN_NAME.put(&mut entry.details, &person.psn_name);
        }
        let draft = begun(policies, entry)?;
        if writer::holder(tx, &draft)?.is_some() {
            continue;
        }
        writer::add(tx, &policies.pool.pool, &Actor::platform(), &draft, &[])?;
        added += 1;
    }
    Ok(added)
}

/// Takes entries off that have nothing left to do.
fn close(tx: &mut dyn Tx, policies: &Policies, now: DateTime, finished: &[Finished]) -> Result<u64, NotDone> {
    let mut closed = 0;
    for Finished { number, reason } in finished {
        let Some(before) = tx.entry(number)?.filter(|entry| entry.state == State::Waiting) else { continue };
        conversion::finish(tx, policies, now, &before, reason)?;
        closed += 1;
    }
    Ok(closed)
}
