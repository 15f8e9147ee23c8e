//! Waves that do not hang together (分批恢复的先后): one whose advice names a county of another, one that settles stays and cannot admit.

use super::Checker;
use yibao_domain::outage::{Business, Plan, Question, Reopens, Stage};

/// What a stay needs before it can be settled.
const NEEDED: [&str; 3] = ["encounter.admission", "encounter.fees", "encounter.discharge"];

impl Checker<'_> {
    pub(super) fn waves(&mut self) {
        for stage in &self.plan.stages {
            self.other_counties(stage);
            self.stays_half_open(stage);
        }
    }

    /// Counties that the advice names and the wave has not.
    fn other_counties(&mut self, stage: &Stage) {
        let (plan, own) = (self.plan, &stage.scope.counties);
        let Some(advice) = stage.advice.as_ref().filter(|_| !own.is_empty()) else { return };
        let rest =
            own.iter().filter_map(|code| name_of(plan, code)).fold(advice.clone(), |text, name| text.replace(name, ""));
        let is_other = |code: &str| !own.iter().any(|one| one == code) && plan.pool.as_str() != code;
        let others = plan.counties.iter().filter(|county| is_other(&county.code) && rest.contains(&county.name));
        let others: Vec<&str> = others.map(|county| county.name.as_str()).collect();
        if !others.is_empty() {
            let names: Vec<&str> = own.iter().map(|code| name_of(plan, code).unwrap_or(code)).collect();
            let text = format!(
                "分批恢复 {} 的 advice 说到“{}”，而本批的 counties 是{}；请改正文字或 counties",
                stage.id,
                others.join("、"),
                names.join("、")
            );
            self.warn(stage.line, text);
        }
    }

    /// Stays that are settled again while nobody is admitted, or no fees are taken: what is to be settled cannot come in.
    fn stays_half_open(&mut self, stage: &Stage) {
        let plan = self.plan;
        let settlement = Business::named("settlement.inpatient");
        let Some(somebody) = plan.somebody(&[&stage.scope]).filter(|_| stage.specificity(&settlement).is_some()) else {
            return;
        };
        let reopens = |business: &Business| -> Option<Reopens> {
            let question = Question { business: business.clone(), ..somebody.clone() };
            plan.closings(&question).into_iter().map(|closing| closing.window.reopens).max()
        };
        let Some(settled) = reopens(&settlement).filter(|settled| *settled == stage.reopens) else { return };
        let needed = NEEDED.map(Business::named);
        let late =
            needed.iter().filter_map(|business| Some((business, reopens(business).filter(|other| *other > settled)?)));
        let late: Vec<String> = late
            .map(|(business, reopens)| format!("“{}”（{business}）{}", plan.name_of(business), reopens.name()))
            .collect();
        if !late.is_empty() {
            let text = format!(
                "分批恢复 {} 先恢复住院结算（{}），而{}，那时住院的还办不了、结不成；请把 encounter 写进本批的 business，确应如此的不必改",
                stage.id,
                settled.name(),
                late.join("、")
            );
            self.warn(stage.line, text);
        }
    }
}

fn name_of<'p>(plan: &'p Plan, code: &str) -> Option<&'p str> {
    plan.counties.iter().find(|county| county.code == code).map(|county| county.name.as_str())
}
