//! Stays that end while something is closed (停机期间出院): written down, claimed, or kept at the hospital until it is open again.

use super::{Deed, Met, World, clauses};
use crate::life::{Event, EventId, Kind};
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::{Disposition, Path, RegisterKind, Stay, Way, path_of_stay};
use yibao_domain::register::Action;
use yibao_store::Fault;

impl World<'_> {
    /// The stay is known to the registers only, or to nobody.
    pub(super) fn left_while_unknown(&mut self, event: &Event) -> Result<(), Fault> {
        let plans = self.plans();
        let asked = self.question(event);
        let stay = Stay { admitted: event.at, discharged: Some(event.ended()), chose_to_claim: false };
        let has_entry = !self.cases[&event.id].entry.is_empty();
        match path_of_stay(&plans, &asked, &stay) {
            Path::Elsewhere(way) => {
                self.case(event.id).met = Some(Met::ToClaim { clauses: clauses(&way) });
                self.comes_to_the_till_again(event, &way);
                if has_entry {
                    self.step(event, Action::Discharge);
                    self.step(event, Action::ToReimbursement);
                    self.is_not_paid_while_closed(event);
                }
            }
            Path::Backfill(way) => {
                if has_entry {
                    self.step(event, Action::Discharge);
                    self.put_lines(event);
                } else if is_only_refused(&way) {
                    self.plan(self.reopening(&way).saturating_add(3.minutes()), event.id, Deed::Admit);
                    self.send_once_open(event, self.reopening(&way));
                    return Ok(());
                } else {
                    self.register(
                        event,
                        way.closing.rule.register(&way.question.business).unwrap_or(RegisterKind::DeferredDischarge),
                        true,
                    );
                    // Admitted before anything was closed, and nobody heard of it: the hospital sends that once it can.
                    self.plan(self.reopening(&way).saturating_add(3.minutes()), event.id, Deed::Admit);
                }
                self.enter_later(event, self.reopening(&way));
            }
            Path::Ordinary => self.come_again(event, Deed::Discharge, "not admitted yet"),
        }
        Ok(())
    }

    /// The stay is at the platform, which takes no discharge now.
    pub(super) fn left_while_closed(&mut self, event: &Event) {
        let plans = self.plans();
        let asked = self.question(event);
        let stay = Stay { admitted: event.at, discharged: Some(event.ended()), chose_to_claim: false };
        let has_entry = !self.cases[&event.id].entry.is_empty();
        let way = match path_of_stay(&plans, &asked, &stay) {
            Path::Backfill(way) => way,
            Path::Elsewhere(way) => {
                self.case(event.id).met = Some(Met::ToClaim { clauses: clauses(&way) });
                // Whoever pays for it, the patient has left the hospital, which says so once it can.
                let reopens = self.reopening(&way);
                if self.office.now() < reopens {
                    self.plan(reopens.saturating_add(7.minutes()), event.id, Deed::Discharge);
                }
                return;
            }
            Path::Ordinary => {
                self.come_again(event, Deed::Discharge, "closed");
                return;
            }
        };
        self.case(event.id).met = Some(Met::Waited { clauses: clauses(&way) });
        if is_only_refused(&way) && !has_entry {
            self.send_once_open(event, self.reopening(&way));
            return;
        }
        let in_a_chain = event.kind.is_followed() || self.leg_before(event).is_some();
        // Who is to be taken in elsewhere is discharged by then.
        let next = self.next_stay(event).map_or(DateTime::MAX, |next| next.at);
        let is_left_alone = |comes: &DateTime| !has_entry && !in_a_chain && *comes < next;
        if let Some(comes) = self.comes_late(event, &way).filter(is_left_alone) {
            self.plan(comes, event.id, Deed::Enter);
            return;
        }
        if has_entry {
            self.step(event, Action::Discharge);
        } else {
            let kind = way.closing.rule.register(&way.question.business).unwrap_or(RegisterKind::DeferredDischarge);
            self.register(event, kind, true);
            self.claims_without_a_receipt(event);
        }
        self.enter_later(event, self.reopening(&way));
    }

    /// The person's next stay.
    fn next_stay(&self, event: &Event) -> Option<&Event> {
        let next = EventId { ordinal: event.id.ordinal + 1, ..event.id };
        let last = EventId { ordinal: u32::MAX, ..event.id };
        self.events.range(next..=last).map(|(_, next)| next).find(|next| matches!(next.kind, Kind::Stay { .. }))
    }

    pub(super) fn enter_later(&mut self, event: &Event, reopens: DateTime) {
        let mut dice = self.dice(event, "enter");
        let opens = reopens.max(self.office.now());
        if dice.one_in(4) {
            self.plan(opens.saturating_add(dice.between(1, 9).minutes()), event.id, Deed::EnterTooEarly);
        }
        // What the hospital kept it sends as soon as it can, whether anybody comes or not.
        self.plan(opens.saturating_add(dice.between(10, 90).minutes()), event.id, Deed::Fees);
        let comes = opens.saturating_add(dice.between(2, 7 * 24).hours());
        if dice.percent(85) {
            self.plan(comes, event.id, Deed::Enter);
        }
    }

    /// What no register keeps waits at the hospital, which sends all of it once it can.
    fn send_once_open(&mut self, event: &Event, reopens: DateTime) {
        let hours = self.dice(event, "sent once open").between(1, 40);
        self.plan(reopens.max(self.office.now()).saturating_add(hours.hours()), event.id, Deed::Enter);
    }
}

/// Whether the notice only refuses to settle stays that end: it has no register for them, and they have only waited.
fn is_only_refused(way: &Way<'_>) -> bool {
    way.closing.rule.disposition == Disposition::Refuse && way.closing.rule.register(&way.question.business).is_none()
}
