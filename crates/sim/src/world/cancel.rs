//! Cancellations (撤销): of what both courses have settled alike.
//!
//! What is cancelled counts as it stood (decision 8), and what was cancelled for good is not priced anew. So the twins can be compared
//! only where it stood as it does without the outage: what has waited lies after it, or is entered and put in order.

use super::{Deed, Heard, Met, Refused, World};
use crate::life::{Event, EventId, Kind};
use crate::till;
use yibao_domain::register::{Mark, State};
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

impl World<'_> {
    pub(super) fn cancel(&mut self, event: &Event) -> Result<(), Fault> {
        let case = self.cases[&event.id].clone();
        let standing = case.settled.last().filter(|last| !last.cancelled && case.is_settled());
        let Some(last) = standing else {
            self.case(event.id).without_cancellation = true;
            return Ok(());
        };
        if case.met.is_some() || !self.stands_as_without(event, last.at)? {
            self.case(event.id).without_cancellation = true;
            return Ok(());
        }
        let infno = match event.kind {
            Kind::Purchase | Kind::LongDiseaseDrugs { .. } | Kind::SpecialDrug => "2103",
            Kind::Stay { .. } => "2305",
            _ => "2208",
        };
        let input = till::cancellation(&self.person(event), &case.mdtrt_id, &last.setl_id);
        self.cancelled_and_taken_back(event, infno, &input)?;
        let (turn, place) = (self.turn(event), self.place(event));
        let msgid = self.office.msgid(turn, place);
        match self.send_as(turn, event, infno, &input) {
            Ok(reply) => {
                let at = self.office.now();
                self.may_not_be(event, "cancelled twice", infno, &input);
                self.takes_lines_again(event, &case.mdtrt_id);
                let settled = last.reply.whole();
                let settled_by = settled["setlinfo"]["medins_setl_id"].as_str().unwrap_or_default();
                self.both_taken_back(event, (&last.by, settled_by), (infno, &msgid));
                if let Some(last) = self.case(event.id).settled.last_mut() {
                    last.cancelled = true;
                    last.undone = Some((at, Heard::from(&reply)));
                }
                Ok(())
            }
            Err(told) => {
                if self.refused(event, Deed::Cancel, told)? == Refused::Closed {
                    self.case(event.id).without_cancellation = true;
                }
                Ok(())
            }
        }
    }

    /// Whether a settlement made then has the amounts that it has without the outage.
    fn stands_as_without(&self, event: &Event, settled_at: jiff::civil::DateTime) -> Result<bool, Fault> {
        let (first, last) = (EventId { ordinal: 0, ..event.id }, EventId { ordinal: u32::MAX, ..event.id });
        let waited = self.cases.range(first..=last).filter(|(_, case)| matches!(case.met, Some(Met::Waited { .. })));
        let mut before = waited.filter(|(id, _)| self.events[id].ended() <= settled_at).peekable();
        if before.peek().is_none() {
            return Ok(true);
        }
        if before.any(|(_, case)| !case.is_settled()) {
            return Ok(false);
        }
        let marked = EntryFilter {
            psn_no: Some(self.person(event).psn_no),
            states: vec![State::Settled],
            with_field: Some(Mark::LaterCare.word()),
            ..EntryFilter::default()
        };
        let marked = self.office.look(|tx| tx.entries(&marked, 1_000))?;
        Ok(!marked.iter().any(yibao_domain::register::Entry::awaits_order))
    }
}
