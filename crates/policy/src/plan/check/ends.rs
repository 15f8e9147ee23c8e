//! Ends before beginnings (先止后起): what has to be done before a closing and is due after it, what is granted or made good and
//! ends before the business is open again.

use super::Checker;
use jiff::ToSpan;
use yibao_domain::outage::{
    Business, Due, DueAt, DutyKind, Pattern, Question, Reopens, Rule, Scope, Stage, Start, Which, moment_name,
};
use yibao_domain::time::DateTime;

/// So many days after the reopening a limit that ends has little to do with the stop.
const MUCH_LATER: i32 = 30;

impl Checker<'_> {
    pub(super) fn ends(&mut self) {
        self.done_before_closings();
        self.told_before_closings();
        self.supplies_around_closings();
        self.done_after_reopenings();
        self.grants_around_closings();
        self.planned_before_closings();
        for rule in &self.plan.rules {
            self.fallbacks_before_reopening(rule);
            self.no_care(rule);
        }
    }

    /// When the last of these businesses closes for those of a scope; the plan's closing where none of them does.
    fn last_closing(&self, businesses: &[Pattern], scope: &Scope) -> DateTime {
        let main = self.plan.window.closes.at;
        if businesses.is_empty() {
            return main;
        }
        let covered = self.covered(businesses);
        let closers = covered.iter().flat_map(|business| self.closers(business, scope));
        closers.filter_map(|rule| rule.window.as_ref()).map(|window| window.closes.at).max().unwrap_or(main)
    }

    /// When the first of these businesses is open again for those of a scope, and which it is, where that is known.
    pub(super) fn first_reopening(&self, businesses: &[Pattern], scope: &Scope) -> Option<(DateTime, &Business)> {
        let everybody = *scope == Scope::default();
        let reopening = |business: &Business| {
            let closers = self.closers(business, scope);
            let windows = closers.iter().filter_map(|rule| rule.window.as_ref());
            let of_rules = windows.filter_map(|window| window.reopens.moment()).min();
            let of_all = || self.plan.reopening(&Question::about(business.clone()), Which::Actual).moment();
            (!closers.is_empty()).then(|| if everybody { of_all() } else { of_rules })?
        };
        let covered = self.covered(businesses).into_iter();
        covered.filter_map(|business| Some((reopening(business)?, business))).min_by_key(|(moment, _)| *moment)
    }

    fn end(&self, due: &Due) -> Option<DateTime> {
        self.plan.end_for(due, &Scope::default(), self.calendar).moment()
    }

    fn done_before_closings(&mut self) {
        let plan = self.plan;
        for duty in plan.duties.iter().filter(|duty| duty.kind == DutyKind::Cutoff) {
            let (id, line) = (&duty.id, duty.line);
            if plan.unplanned {
                let text = format!(
                    "责任事项 {id}（停机前办结）：突发停机（unplanned）没有停机前可言；请删去，或改用别的 kind"
                );
                self.problem(line, text);
                continue;
            }
            let ends = duty.deadline.as_ref().and_then(|deadline| self.end(&deadline.due));
            let closes = self.last_closing(&duty.businesses, &duty.scope);
            if let Some(ends) = ends.filter(|ends| *ends > closes) {
                let text = format!(
                    "责任事项 {id}（停机前办结）的期限{}晚于停办（{}）；请改正期限，停机后还要办的改用别的 kind",
                    moment_name(ends),
                    moment_name(closes)
                );
                self.problem(line, text);
            }
        }
    }

    /// Whom a list tells before the stop, and what is posted, is of no use after it.
    fn told_before_closings(&mut self) {
        let plan = self.plan;
        if plan.unplanned {
            return;
        }
        for duty in &plan.duties {
            let ahead = match duty.kind {
                DutyKind::Publicity => "张贴、公布停机公告",
                DutyKind::Worklist => "逐人告知、办理",
                _ => continue,
            };
            let ends = duty.deadline.as_ref().and_then(|deadline| self.end(&deadline.due));
            let closes = self.last_closing(&duty.businesses, &duty.scope);
            let reopened =
                self.first_reopening(&duty.businesses, &duty.scope).is_some_and(|(reopens, _)| ends >= Some(reopens));
            let is_list = duty.kind == DutyKind::Worklist;
            if let Some(ends) = ends.filter(|ends| *ends > closes && !(is_list && reopened)) {
                let text = format!(
                    "责任事项 {}（{}）的期限{}晚于停办（{}），那时{ahead}已经迟了；请核对期限",
                    duty.id,
                    duty.kind.name(),
                    moment_name(ends),
                    moment_name(closes)
                );
                self.warn(duty.line, text);
            }
        }
    }

    fn supplies_around_closings(&mut self) {
        let plan = self.plan;
        for supply in &plan.supplies {
            let (id, line) = (&supply.id, supply.line);
            if plan.unplanned {
                let text = format!("提前备药 {id}：突发停机（unplanned）没有停机前可言；请删去");
                self.problem(line, text);
                continue;
            }
            let closes = self.last_closing(&supply.businesses, &supply.scope);
            if supply.dispense_before > closes {
                let text = format!(
                    "提前备药 {id} 的截止时刻{}晚于停办（{}）；请改正 dispense_before",
                    moment_name(supply.dispense_before),
                    moment_name(closes)
                );
                self.problem(line, text);
            }
            let Some((reopens, _)) = self.first_reopening(&supply.businesses, &supply.scope) else { continue };
            if let Some((first, _)) = supply.ends_between
                && first.at(0, 0, 0, 0) >= reopens
            {
                let text = format!(
                    "提前备药 {id} 的用药截止区间从{first}起，那时已经恢复（{}）；请改正 ends_from、ends_until",
                    moment_name(reopens)
                );
                self.problem(line, text);
            } else if let Some(until) = supply.lasts_until
                && until.tomorrow().is_ok_and(|next| next.at(0, 0, 0, 0) < reopens)
            {
                let text = format!(
                    "提前备药 {id} 的药量最长到{until}，还不到恢复（{}）；请核对 lasts_until",
                    moment_name(reopens)
                );
                self.warn(line, text);
            }
        }
    }

    /// Backfill and calls, which begin with the reopening.
    fn done_after_reopenings(&mut self) {
        for duty in &self.plan.duties {
            let afterwards = matches!(duty.kind, DutyKind::Backfill | DutyKind::Call) && !duty.businesses.is_empty();
            let Some(deadline) = duty.deadline.as_ref().filter(|_| afterwards) else { continue };
            if let (Some(ends), Some((reopens, _))) =
                (self.end(&deadline.due), self.first_reopening(&duty.businesses, &duty.scope))
                && ends < reopens
            {
                let text = format!(
                    "责任事项 {}（{}）的期限{}早于恢复（{}）；请改正期限",
                    duty.id,
                    duty.kind.name(),
                    moment_name(ends),
                    moment_name(reopens)
                );
                self.problem(duty.line, text);
            }
        }
    }

    /// What is granted reaches beyond the reopening of what could not be done.
    fn grants_around_closings(&mut self) {
        let plan = self.plan;
        let promises = plan.hold_harmless.iter().filter_map(|promise| {
            let ends = self.end(promise.due.as_ref()?)?;
            Some(("待遇不受损", &promise.id, promise.line, (&promise.businesses, &promise.scope), ends))
        });
        let extensions = plan.extensions.iter().filter_map(|extension| {
            // That it ends before the limits themselves is told elsewhere.
            let ends = self.end(&extension.due).filter(|ends| *ends > extension.limit_ends.1.at(0, 0, 0, 0))?;
            Some(("期限顺延", &extension.id, extension.line, (&extension.businesses, &extension.scope), ends))
        });
        let tolerances = plan.tolerances.iter().filter_map(|tolerance| {
            let ends = self.end(&tolerance.due()?)?;
            Some(("宽限", &tolerance.id, tolerance.line, (&tolerance.businesses, &tolerance.scope), ends))
        });
        let granted: Vec<_> = promises.chain(extensions).chain(tolerances).collect();
        for (what, id, line, (businesses, scope), ends) in granted {
            if let Some((reopens, business)) = self.first_reopening(businesses, scope)
                && ends <= reopens
            {
                let text = format!(
                    "{what} {id} 到{}为止，不晚于“{}”（{business}）恢复（{}），谁也来不及办；请改正期限",
                    moment_name(ends),
                    plan.name_of(business),
                    moment_name(reopens)
                );
                self.problem(line, text);
            }
        }
        for extension in &plan.extensions {
            let (first, last) = extension.limit_ends;
            let late = |reopens: DateTime| first.saturating_sub(MUCH_LATER.days()) > reopens.date();
            if let Some((reopens, _)) =
                self.first_reopening(&extension.businesses, &extension.scope).filter(|(reopens, _)| late(*reopens))
                && extension.care.is_none()
            {
                let text = format!(
                    "期限顺延 {} 的原期限从{first}起才届满，离恢复（{}）已过{MUCH_LATER}天，来得及办；请核对 limit_ends_from 与 limit_ends_until",
                    extension.id,
                    moment_name(reopens)
                );
                self.warn(extension.line, text);
            }
            let covered = self.covered(&extension.businesses);
            let closers = covered.iter().flat_map(|business| self.closers(business, &extension.scope));
            let closes = closers.filter_map(|rule| rule.window.as_ref()).map(|window| window.closes.at).min();
            if let Some(closes) = closes
                && last.tomorrow().is_ok_and(|next| next.at(0, 0, 0, 0) <= closes)
            {
                let text = format!(
                    "期限顺延 {} 的原期限到{last}都已届满，早于停办（{}）；请核对 limit_ends_from 与 limit_ends_until",
                    extension.id,
                    moment_name(closes)
                );
                self.warn(extension.line, text);
            }
        }
    }

    /// What had been planned, and what was declared, beside the closing.
    fn planned_before_closings(&mut self) {
        let plan = self.plan;
        let of_rules = plan.rules.iter().filter_map(|rule| {
            let closes = rule.window.as_ref()?.closes.at;
            Some((format!("规则 {}", rule.id), rule.line, rule.planned_reopens?, closes))
        });
        let head = plan.planned_reopens.map(|planned| ("方案".to_owned(), plan.line, planned, plan.window.closes.at));
        let of_plan: Vec<_> = of_rules.chain(head).collect();
        for (what, line, planned, closes) in of_plan {
            if planned <= closes {
                let text = format!(
                    "{what}的原定恢复 planned_reopens（{}）不晚于停办（{}）；请改正",
                    moment_name(planned),
                    moment_name(closes)
                );
                self.problem(line, text);
            }
        }
        if let Some(declared) = plan.declared.filter(|declared| !plan.unplanned && *declared > plan.first_closing()) {
            let text = format!(
                "宣布时刻 declared（{}）晚于停办（{}）；停了才宣布的写 unplanned = true，否则请改正",
                moment_name(declared),
                moment_name(plan.first_closing())
            );
            self.problem(plan.line, text);
        }
    }

    fn fallbacks_before_reopening(&mut self, rule: &Rule) {
        let stages: Vec<&Stage> = self.plan.stages.iter().filter(|stage| self.moves(stage, rule)).collect();
        // A stage for all replaces the rule's own reopening; others have one beside it.
        let for_all = stages.iter().find(|stage| stage.scope == Scope::default()).map(|stage| &stage.reopens);
        let own = rule.window.as_ref().map(|window| &window.reopens);
        let staged = stages.iter().filter_map(|stage| stage.reopens.moment());
        let Some(reopens) = for_all.or(own).and_then(Reopens::moment) else { return };
        let last = staged.chain([reopens]).max().unwrap_or(reopens);
        for fallback in &rule.fallbacks {
            let Some(deadline) = &fallback.deadline else { continue };
            let ends = self.plan.end_for(&deadline.due, rule, self.calendar);
            let reopens = if matches!(deadline.due, Due::By(_)) { last } else { reopens };
            if let DueAt::At(ends) = ends
                && ends < reopens
            {
                let text = format!(
                    "规则 {} 的备用办法“{}”到{}为止，早于恢复（{}）；请改正期限",
                    rule.id,
                    fallback.case(),
                    moment_name(ends),
                    moment_name(reopens)
                );
                self.problem(fallback.line, text);
            }
        }
    }

    /// Counted from the care or a discharge, where nobody is treated.
    fn no_care(&mut self, rule: &Rule) {
        let without = [
            "contribution",
            "enrolment",
            "filing",
            "attribute",
            "catalogue",
            "clearing",
            "disbursement",
            "hall",
            "approval",
        ];
        let without = without.map(Business::named);
        let named = |pattern: &Pattern| match pattern {
            Pattern::Under(business) => without.iter().any(|root| business.is_within(root)),
            Pattern::All => false,
        };
        if !rule.businesses.iter().all(named) {
            return;
        }
        let deadlines = rule.fallbacks.iter().map(|fallback| (&fallback.deadline, fallback.line));
        for (deadline, line) in deadlines.chain([(&rule.deadline, rule.line)]) {
            let start = deadline.as_ref().and_then(|deadline| deadline.due.start());
            if let (Some(start @ (Start::Care | Start::Discharge)), Some(Pattern::Under(business))) =
                (start, rule.businesses.first())
            {
                let text = format!(
                    "规则 {} 的期限从{}起算，而“{}”（{business}）没有就医；请改用 after_reopening_of 或 after = \"intake\"",
                    rule.id,
                    start.name(),
                    self.plan.name_of(business)
                );
                self.problem(line, text);
            }
        }
    }
}

/// The day that a moment ends, where it is midnight.
pub(super) fn ended_day(moment: DateTime) -> Option<yibao_domain::time::Date> {
    (moment == moment.date().at(0, 0, 0, 0)).then(|| moment.saturating_sub(1.second()).date())
}
