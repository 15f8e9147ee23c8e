//! Claims that the agency pays by hand (手工报销), before the books are closed: a part of each bill, never more than it.

use super::{Met, World};
use crate::judge::ways::closings;
use crate::life::{Event, EventId, Line};
use crate::office::Told;
use jiff::ToSpan;
use std::collections::BTreeSet;
use yibao_domain::money::Money;
use yibao_domain::register::{Action, State, Stated, field};
use yibao_domain::time::moment_text;
use yibao_store::Fault;

/// What whoever claims brings along, whatever the notice asks for.
const USUAL: [&str; 4] = ["发票", "费用明细清单", "疾病证明书", "出院小结"];

impl World<'_> {
    /// The usual papers, and all that the notice asks for.
    fn papers(&self) -> String {
        let plans = self.plans();
        let rules = plans.iter().flat_map(|plan| &plan.rules);
        let evidence =
            rules.flat_map(|rule| rule.evidence.iter().chain(rule.fallbacks.iter().flat_map(|one| &one.evidence)));
        let asked =
            evidence.flat_map(|requirement| requirement.any_of.iter().flatten()).map(|word| word.name().to_owned());
        let names: BTreeSet<String> = USUAL.map(str::to_owned).into_iter().chain(asked).collect();
        Vec::from_iter(names).join("、")
    }

    /// Pays every claim that has come to the agency.
    pub(super) fn reimburse(&mut self) -> Result<(), Fault> {
        let claims = self.cases.iter().filter(|(_, case)| {
            matches!(case.met, Some(Met::ToClaim { .. })) && !case.entry.is_empty() && case.reimbursed.is_none()
        });
        let claims: Vec<(EventId, String)> = claims.map(|(id, case)| (*id, case.entry.clone())).collect();
        for (id, number) in claims {
            let entry = self.office.look(|tx| tx.entry(&number))?;
            if entry.is_some_and(|entry| entry.state == State::Reimbursing) {
                let event = self.events[&id].clone();
                self.pay_a_claim(&event, &number);
            }
        }
        Ok(())
    }

    /// A claim that comes while claims are closed is taken in, and nobody is paid before they are open again.
    pub(super) fn is_not_paid_while_closed(&mut self, event: &Event) {
        let (plans, now) = (self.plans(), self.office.now());
        let asked = self.question_of("reimbursement", event);
        let is_closed = closings(&plans, &asked).iter().any(|shut| shut.holds(now));
        if !is_closed || !self.office.is_undisturbed() || !self.dice(event, "paid while closed").percent(50) {
            return;
        }
        let fields = Stated::from([("refund".to_owned(), "0.01".to_owned()), ("brought".to_owned(), self.papers())]);
        let number = self.cases[&event.id].entry.clone();
        let told = self.office.act(self.turn(event), &World::agency(), &number, Action::Reimburse, &fields);
        if !matches!(told, Err(Told::Refused(_))) {
            self.surprises.push(format!("{number} is reimbursed at {now}, while that is closed: {told:?}"));
        }
    }

    fn pay_a_claim(&mut self, event: &Event, number: &str) {
        let charged: i64 = event.lines[self.cases[&event.id].parted..].iter().map(Line::sum).sum();
        let mut dice = self.dice(event, "reimbursed");
        let refund = Money::fen(charged * dice.between(30, 90) / 100);
        let papers = self.papers();
        // Whoever claims comes within days; the agency pays when it has time.
        let claimed = event.ended().saturating_add(dice.between(1, 72).hours()).min(self.office.now());
        let stated = |refund: Money| {
            Stated::from([
                ("refund".to_owned(), refund.to_string()),
                ("brought".to_owned(), papers.clone()),
                (field::CLAIMED_AT.name().to_owned(), moment_text(claimed)),
            ])
        };
        if self.office.is_undisturbed() && dice.one_in(3) {
            let too_much = stated(Money::fen(charged + 1));
            let told = self.office.act(self.turn(event), &World::agency(), number, Action::Reimburse, &too_much);
            if !matches!(told, Err(Told::Refused(_))) {
                self.surprises.push(format!("{number} is reimbursed with more than it cost: {told:?}"));
            }
        }
        match self.office.act(self.turn(event), &World::agency(), number, Action::Reimburse, &stated(refund)) {
            Ok(_) => self.case(event.id).reimbursed = Some(refund),
            Err(why) => self.surprises.push(format!("{number} of {:?} is not reimbursed: {why}", event.id)),
        }
    }
}
