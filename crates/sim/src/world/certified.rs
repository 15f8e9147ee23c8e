//! Papers that certify more than the records say (纸质身份证明, B-11): somebody is admitted while all is closed as registered poor by a
//! certificate, and no record bears it out. At the desk that counts until the care is settled; then the agency is asked, and
//! decides before the books are closed.

use super::World;
use crate::life::{Event, Kind};
use jiff::ToSpan;
use yibao_domain::outage::{Disposition, Plan, RegisterKind};
use yibao_domain::register::{Action, State, Stated};
use yibao_domain::time::moment_text;
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// The issuer, on the certificate.
pub(super) const ISSUER: &str = "仿真镇人民政府";
/// 身份 of who is registered as poor.
pub(crate) const REGISTERED_POOR: &str = "2302";

impl World<'_> {
    /// Whether somebody brings a certificate that no record bears out, to a stay that is over only once all is open: until then it
    /// would decide who pays, at the desk and not at the till.
    pub(super) fn brings_a_certificate(&self, event: &Event, kind: RegisterKind) -> bool {
        let is_stay = matches!(event.kind, Kind::Stay { .. }) && kind == RegisterKind::Admission;
        if !is_stay || !self.office.is_undisturbed() {
            return false;
        }
        let plans = self.plans();
        let honours = |plan: &Plan| plan.rules.iter().any(|rule| rule.disposition == Disposition::PaperCertificate);
        let reopened = plans.iter().filter_map(|plan| plan.window.reopens.expected()).max();
        let is_over_later = reopened.is_some_and(|reopened| reopened.saturating_add(1.day()) < event.ended());
        let is_registered = self.person(event).attributes_on(event.at.date()).contains(&REGISTERED_POOR);
        is_over_later && !is_registered && plans.iter().any(honours) && self.dice(event, "certificate").one_in(3)
    }

    /// What is due at this very second, and not done, is overdue.
    pub(super) fn is_overdue_at_its_second(&mut self) -> Result<(), Fault> {
        let now = self.office.now();
        if self.office.plans().is_empty() || !self.office.is_undisturbed() || !self.is_outage_near(now) {
            return Ok(());
        }
        for kind in [RegisterKind::InpatientNotice, RegisterKind::Publicity] {
            let filter = EntryFilter { kind: Some(kind), states: vec![State::Waiting], ..EntryFilter::default() };
            // Those of one kind are due together.
            for one in self.office.look(|tx| tx.entries(&filter, 1))? {
                let Ok(view) = self.office.entry(&World::agency(), &one.number) else { continue };
                let must = view.due.moment().is_some_and(|due| due <= now);
                if view.overdue != must {
                    let due = view.due;
                    self.surprises
                        .push(format!("{} is due {due}, and told overdue at {now}: {}", one.number, view.overdue));
                }
            }
        }
        Ok(())
    }

    /// The agency decides what it was asked about certificates.
    pub(super) fn decide_about_certificates(&mut self) -> Result<(), Fault> {
        let filter = EntryFilter {
            kind: Some(RegisterKind::Escalation),
            states: vec![State::Waiting],
            ..EntryFilter::default()
        };
        let now = moment_text(self.office.now());
        for asked in self.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))? {
            let said = [("decision", "同意"), ("reason", "经核实"), ("decided_by", "李四"), ("decided_at", &now)];
            let said: Stated = said.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let turn = self.office.turn(crate::office::Turn::AGENCY);
            if let Err(why) = self.office.act(turn, &World::agency(), &asked.number, Action::Decide, &said) {
                self.surprises.push(format!("{} is not decided: {why}", asked.number));
            }
        }
        Ok(())
    }
}
