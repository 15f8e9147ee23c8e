//! Keys that do nothing where they stand (不起作用的项): an `except` that removes nothing, what an open rule says of its window, a
//! deadline for what has no way back, a fallback for a case that cannot come.

use super::Checker;
use yibao_domain::outage::{
    AfterDeadline, Business, Disposition, DutyKind, Effective, Fallback, FallbackWhen, Pattern, Place, Reopens, Rule,
};

/// Dispositions that are made good by the provider or the office once it is open again.
const AFTER_REOPENING: &[Disposition] = &[
    Disposition::CashReenter,
    Disposition::RegisterLater,
    Disposition::DeferSettlement,
    Disposition::ConvertSelfPay,
    Disposition::AdmitOnStatement,
    Disposition::OnAccount,
    Disposition::CancelRecreate,
    Disposition::Deposit,
];

impl Checker<'_> {
    pub(super) fn idle(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            self.idle_except(rule);
            self.idle_keys(rule);
            self.never_made_good(rule);
            self.nobody_born(rule);
            for (index, fallback) in rule.fallbacks.iter().enumerate() {
                self.idle_fallback(rule, fallback, &rule.fallbacks[..index]);
            }
        }
        // Whoever lists, tells or calls is late; what somebody is entitled to ends by what is entered, claimed or handed in.
        let ends_rights = [DutyKind::Backfill, DutyKind::Register, DutyKind::RunOff];
        for duty in plan.duties.iter().filter(|duty| !ends_rights.contains(&duty.kind)) {
            let after = duty.deadline.as_ref().map(|deadline| deadline.after);
            if let Some(after) = after.filter(|after| *after != AfterDeadline::Listed) {
                let text = format!(
                    "责任事项 {}（{}）的 after_deadline = \"{}\" 不起作用：这项责任逾期只列入名单，谁的权利也不因此终止；请改为 listed，补录、报销的期限写在规则或 backfill 责任里",
                    duty.id,
                    duty.kind.name(),
                    after.word()
                );
                self.problem(duty.line, text);
            }
        }
        let said = plan.rules.iter().any(|rule| rule.window.is_some() && rule.advice_ahead.is_some());
        if said && plan.ahead_hours == 0 && !plan.unplanned {
            self.warn(plan.line, "写了 advice_ahead 而没有 ahead_hours，停办前不会提示；请写明提前多少小时");
        }
        if plan.rules.iter().all(|rule| rule.window.is_none()) {
            self.problem(
                plan.line,
                "没有一条规则停办任何业务；请写规则，如 business = \"*\"、disposition = \"refuse\"",
            );
        }
    }

    fn idle_except(&mut self, rule: &Rule) {
        let plan = self.plan;
        for except in &rule.except {
            let removed = |business: &Business| {
                business.is_within(except) && rule.businesses.iter().any(|pattern| pattern.covers(business))
            };
            if !plan.names.keys().any(removed) {
                let name = plan.name_of(except);
                let text = format!(
                    "规则 {} 的 except“{name}”（{except}）不在它提到的业务之内，什么也没有除去；请删去，或改正业务名",
                    rule.id
                );
                self.problem(rule.line, text);
            }
        }
        if !rule.except.is_empty() && plan.names.keys().all(|business| rule.specificity(business).is_none()) {
            let text = format!("规则 {} 的 except 除去了它的全部业务，没有剩下的；请改正 business 或 except", rule.id);
            self.problem(rule.line, text);
        }
    }

    /// What is said of a window, a register or a right where there is none.
    fn idle_keys(&mut self, rule: &Rule) {
        let (id, line) = (&rule.id, rule.line);
        let mut idle: Vec<&str> = Vec::new();
        let deadline = rule.deadline.is_some().then_some("期限");
        let not_before = rule.not_before.map(|_| "not_before");
        let effective = rule.effective.map(|_| "effective");
        match rule.disposition {
            Disposition::Open => {
                let ahead = rule.advice_ahead.as_ref().map(|_| "advice_ahead");
                let register = rule.stated_register.map(|_| "register");
                let fallback = rule.fallbacks.first().map(|_| "fallback");
                idle.extend(deadline.into_iter().chain(not_before).chain(ahead).chain(effective));
                idle.extend(register.into_iter().chain(fallback));
                if !idle.is_empty() {
                    let text = format!("规则 {id} 照常办理，{}不起作用；请删去", idle.join("、"));
                    self.problem(line, text);
                }
            }
            Disposition::NoRoute => {
                idle.extend(deadline.into_iter().chain(not_before).chain(effective));
                if !idle.is_empty() {
                    let text = format!(
                        "规则 {id} 没有补报途径（no_route），{}不起作用；请删去，可以补报的改用 cash_claim 或 cash_reenter",
                        idle.join("、")
                    );
                    self.problem(line, text);
                }
            }
            _ => {}
        }
    }

    /// What waits for a reopening that never comes; a stage may bring one.
    fn never_made_good(&mut self, rule: &Rule) {
        let never = rule.window.as_ref().is_some_and(|window| window.reopens == Reopens::Never);
        let staged = self.plan.stages.iter().any(|stage| stage.reopens != Reopens::Never && self.moves(stage, rule));
        if never && !staged && AFTER_REOPENING.contains(&rule.disposition) {
            let text = format!(
                "规则 {} 不再恢复（reopens = \"never\")，却是“{}”；请改用 cash_claim、refuse 等不等恢复的处置方式",
                rule.id,
                rule.disposition.name()
            );
            self.problem(rule.line, text);
        }
    }

    /// Effective from a birth, where nobody is enrolled who was born. Businesses of the plan's own may know of births.
    fn nobody_born(&mut self, rule: &Rule) {
        if rule.effective != Some(Effective::Birth) {
            return;
        }
        let plan = self.plan;
        let enrolment = ["enrolment", "hall.enrolment"].map(Business::named);
        let other = rule.businesses.iter().find_map(|pattern| match pattern {
            Pattern::All => Some("“*”".to_owned()),
            Pattern::Under(of) => {
                let knows = enrolment.iter().any(|root| of.is_within(root)) || plan.own_names.contains_key(of);
                (!knows).then(|| format!("“{}”（{of}）", plan.name_of(of)))
            }
        });
        if let Some(other) = other {
            let text = format!(
                "规则 {} 的 effective = \"birth\"（{}）只用于新生儿参保，而{other}没有出生日期可依；请改用 intake、processing 或 care，或给 enrolment 单独写规则",
                rule.id,
                Effective::Birth.name()
            );
            self.problem(rule.line, text);
        }
    }

    /// A fallback for a case that cannot come, or that an earlier one has taken.
    fn idle_fallback(&mut self, rule: &Rule, fallback: &Fallback, before: &[Fallback]) {
        let (id, line) = (&rule.id, fallback.line);
        for when in &fallback.when {
            let name = when.name();
            if let Some(first) = before.iter().find(|earlier| earlier.when.contains(when)) {
                let text = format!("规则 {id} 的备用办法“{name}”与第{}行的情形相同，永远轮不到；请合并", first.line);
                self.problem(line, text);
            }
            let reason = match when {
                FallbackWhen::DeadlineMissed if rule.deadline.is_none() => "本条没有期限，无从逾期；请补期限，或删去",
                FallbackWhen::DischargedBeforeReopening if rule.businesses.iter().all(of_a_visit) => {
                    "门诊、购药没有出院；请换一种情形，或删去"
                }
                FallbackWhen::OutsideCity if rule.scope.places == [Place::Local] => {
                    "本条只管统筹区内；请改正 places，或删去"
                }
                _ => continue,
            };
            self.problem(line, format!("规则 {id} 的备用办法“{name}”用不上：{reason}"));
        }
    }
}

/// Whether a pattern names visits and purchases only.
pub(super) fn of_a_visit(pattern: &Pattern) -> bool {
    let visits = ["settlement.outpatient", "settlement.pharmacy"].map(Business::named);
    match pattern {
        Pattern::All => false,
        Pattern::Under(business) => visits.iter().any(|visit| business.is_within(visit)),
    }
}
