//! Times that contradict: windows, versions, events, deadlines, what is granted, supplies.

use super::Checker;
use crate::plan::Problem;
use jiff::ToSpan;
use yibao_domain::outage::Unit;
use yibao_domain::outage::{
    Business, Deadline, Due, DueAt, Moments, Plan, Question, Reopens, Rule, Scope, Start, Which, Whose, Window,
    moment_name,
};
use yibao_domain::time::{DateTime, Moment};

/// What is said where the working-day calendar ends before the plan does.
const BEYOND_CALENDAR: &str = "工作日历还没有那一年，办法见 docs/plans.md“Times”";

impl Checker<'_> {
    pub(super) fn windows(&mut self) {
        let plan = self.plan;
        self.window("方案的停机时段", &plan.window, plan.line);
        for rule in &plan.rules {
            let what = format!("规则 {}", rule.id);
            if let Some(window) = &rule.window {
                self.window(&what, window, rule.line);
            }
            for moment in rule.planned_reopens.map(Moment::from).iter().chain(&rule.not_before) {
                self.within_plan(&what, "原定恢复或补办起始", *moment, rule.line);
            }
        }
        for stage in &plan.stages {
            if let Some(moment) = stage.reopens.expected() {
                self.within_plan(&format!("分批恢复 {}", stage.id), "恢复", moment, stage.line);
            }
        }
        for checklist in &plan.checklists {
            if let Some(by) = checklist.by {
                self.within_plan(&format!("核对清单 {}", checklist.id), "完成", by, checklist.line);
            }
        }
    }

    fn window(&mut self, what: &str, window: &Window, line: u32) {
        self.within_plan(what, "停办", window.closes, line);
        let Some(reopens) = window.reopens.expected() else { return };
        if reopens <= window.closes {
            let (closes, reopens) = (moment_name(window.closes), moment_name(reopens));
            let text = format!("{what}先恢复（{reopens}）后停办（{closes}），请核对 closes 与 reopens");
            self.problem(line, text);
        }
        self.within_plan(what, "恢复", reopens, line);
    }

    /// Nothing lies after the plan's end; nothing before the day it was issued, unless it came too late for that.
    pub(super) fn within_plan(&mut self, what: &str, which: &str, moment: impl Into<Moment>, line: u32) {
        let (plan, moment) = (self.plan, moment.into());
        let afterwards = plan.unplanned || plan.version > 1;
        let issued = plan.issued.at(0, 0, 0, 0);
        let too_early = !afterwards && moment < issued;
        // Where the notice comes after the closing, it is the one day that is wrong: said once, of that.
        if too_early && plan.window.closes.at < issued {
            let text = format!(
                "公告日期 issued（{}）晚于停办（{}）；请改正 issued，停了才公告的写 unplanned = true",
                plan.issued,
                moment_name(plan.window.closes)
            );
            if self.problems.iter().all(|problem| problem.text != text) {
                self.problem(plan.line, text);
            }
            return;
        }
        if too_early || moment > plan.ends {
            let text = format!(
                "{what}的{which}时刻{}在方案期间（{}至{}）之外，请核对时刻或 [plan] 的 issued、ends",
                moment_name(moment),
                plan.issued,
                moment_name(plan.ends)
            );
            self.problem(line, text);
        }
    }

    pub(super) fn versions(&mut self) {
        let plan = self.plan;
        match plan.replaces {
            Some(replaces) if replaces >= plan.version => {
                let text = format!("replaces（{replaces}）应小于 version（{}），请改正", plan.version);
                self.problem(plan.line, text);
            }
            None if plan.version > 1 => {
                self.problem(plan.line, format!("第{}版须以 replaces 写明它取代的版本", plan.version));
            }
            _ => {}
        }
        if plan.unplanned && plan.declared.is_some_and(|declared| declared < plan.window.closes) {
            self.problem(plan.line, "突发停机（unplanned）的停办不晚于宣布（declared）；提前宣布的请按计划停机写");
        }
    }

    /// Events that nothing waits for; that a reopening waits for one that is not there, reading tells.
    pub(super) fn events(&mut self) {
        let plan = self.plan;
        let of_rules = plan.rules.iter().filter_map(|rule| rule.window.as_ref()).map(|window| &window.reopens);
        let of_stages = plan.stages.iter().map(|stage| &stage.reopens);
        let all: Vec<&Reopens> = of_rules.chain(of_stages).chain([&plan.window.reopens]).collect();
        for event in &plan.events {
            let waits = |reopens: &&Reopens| matches!(reopens, Reopens::Awaits { event: id, .. } if *id == event.id);
            if !all.iter().any(waits) {
                let text = format!("没有恢复时刻等待事件 {}，请在 reopens_on 中写它，或删去", event.id);
                self.problem(event.line, text);
            }
        }
    }

    pub(super) fn deadlines(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            self.not_before(rule);
            if let Some(deadline) = &rule.deadline
                && let Some(moment) = self.deadline(&rule.id, deadline, rule.into(), rule.line)
            {
                self.deadline_of_rule(rule, &deadline.due, moment);
            }
            for fallback in &rule.fallbacks {
                if let Some(deadline) = &fallback.deadline {
                    self.deadline(&rule.id, deadline, rule.into(), fallback.line);
                }
            }
        }
        for duty in &plan.duties {
            let deadline = duty.deadline.as_ref();
            let moment =
                deadline.and_then(|deadline| self.deadline(&duty.id, deadline, (&duty.scope).into(), duty.line));
            if let (Some(moment), Some(not_before)) = (moment, duty.not_before)
                && moment <= not_before
            {
                self.problem(
                    duty.line,
                    format!(
                        "{} 的期限{}早于 not_before（{}），请改正其中一项",
                        duty.id,
                        moment_name(moment),
                        duty.not_before.map(moment_name).unwrap_or_default()
                    ),
                );
            }
        }
    }

    fn not_before(&mut self, rule: &Rule) {
        let reopens = rule.window.as_ref().and_then(|window| window.reopens.expected());
        if let (Some(not_before), Some(reopens)) = (rule.not_before, reopens)
            && not_before < reopens
        {
            let text = format!(
                "规则 {} 的补办起始 not_before（{}）早于该业务恢复（{}），请核对或删去",
                rule.id,
                moment_name(not_before),
                moment_name(reopens)
            );
            self.problem(rule.line, text);
        }
    }

    /// A deadline does not end before its business is open again, for those of a stage neither.
    fn deadline_of_rule(&mut self, rule: &Rule, due: &Due, moment: DateTime) {
        let (plan, id) = (self.plan, &rule.id);
        let name = moment_name(moment);
        if rule.not_before.is_some_and(|not_before| moment <= not_before) {
            self.problem(rule.line, format!("规则 {id} 的期限{name}早于补办起始 not_before，请核对"));
        }
        let for_all = plan.stages.iter().find(|stage| stage.scope == Scope::default() && self.moves(stage, rule));
        let own = rule.window.as_ref().map(|window| &window.reopens);
        let reopens = for_all.map(|stage| &stage.reopens).or(own).and_then(Reopens::expected);
        if reopens.is_some_and(|reopens| moment < reopens) {
            self.problem(rule.line, format!("规则 {id} 的期限{name}早于该业务恢复，请核对"));
            return;
        }
        for stage in plan.stages.iter().filter(|stage| self.moves(stage, rule)) {
            let at = plan.end_under(stage, due, rule, self.calendar).unwrap_or(DueAt::At(moment));
            if let (Some(moment), Some(reopens)) = (at.moment(), stage.reopens.expected())
                && moment < reopens
            {
                let name = moment_name(moment);
                let text = format!("规则 {id} 的期限{name}早于第{}行分批恢复 {} 的恢复，请核对", stage.line, stage.id);
                self.problem(rule.line, text);
                return;
            }
        }
    }

    /// The deadline's moment, where it has one without a case. It lies inside the plan; one that is given lies on a day
    /// that is worked, unless it is a closing or meant so.
    fn deadline(&mut self, id: &str, deadline: &Deadline, whose: Whose<'_>, line: u32) -> Option<DateTime> {
        let moment = self.moment_of(id, &deadline.due, whose, line)?;
        self.within_plan(id, "期限", moment, line);
        let given = matches!(deadline.due, Due::By(_)) && !deadline.rest_day_ok && !closes_at(self.plan, moment);
        let last_day = moment.saturating_sub(1.second()).date();
        match self.calendar.is_working_day(last_day) {
            Some(false) if given => {
                let remedy = "请改到工作日；公告确实如此的，写 rest_day_ok = true";
                self.problem(line, format!("{id} 的期限{}落在非工作日，{remedy}", moment_name(moment)));
            }
            None if given => {
                self.warn(line, format!("{id} 的期限{}是不是工作日，{BEYOND_CALENDAR}", moment_name(moment)))
            }
            _ => {}
        }
        Some(moment)
    }

    /// The moment of a deadline that needs no case; where it can never have one, that is told.
    pub(super) fn moment_of<'s>(
        &mut self,
        id: &str,
        due: &Due,
        whose: impl Into<Whose<'s>>,
        line: u32,
    ) -> Option<DateTime> {
        let whose = whose.into();
        let scope = whose.scope;
        let plan = self.plan;
        let of_the_case = matches!(due.start(), Some(Start::Care | Start::Discharge | Start::Intake));
        if let Some(reason) = due.start().and_then(|start| self.starts_never(start, scope)) {
            self.problem(line, format!("{id} 的期限从它起算的业务没有停办可言：{reason}；请改正"));
            return None;
        }
        match plan.end_for(due, whose, self.calendar) {
            DueAt::At(moment) => Some(moment),
            DueAt::NotYetKnown => None,
            DueAt::Unknowable(_) if of_the_case => None,
            // The start is known, so it is the calendar that ends. So many working days take at least as many days.
            DueAt::Unknowable(_) if self.is_beyond_the_plan(due, scope) => {
                let text = format!(
                    "{id} 的期限（{}）最早也在方案结束（{}）以后；请核对天数，或改正 [plan] 的 ends",
                    due.name(),
                    moment_name(plan.ends)
                );
                self.problem(line, text);
                None
            }
            DueAt::Unknowable(_) if matches!(self.start_of(due, scope), Some(DueAt::At(_))) => {
                self.warn(
                    line,
                    format!("{id} 的期限（{}）在哪一天，{BEYOND_CALENDAR}；公告和答复只说“{}”", due.name(), due.name()),
                );
                None
            }
            DueAt::Unknowable(reason) => {
                let text = match due.start().and_then(Start::business) {
                    Some(of) if reopens_never(plan, of) => {
                        format!("{id} 的期限从“{}”（{of}）起算：{reason}，请改正", plan.name_of(of))
                    }
                    _ => format!("{id} 的期限无法计算：{reason}"),
                };
                self.problem(line, text);
                None
            }
        }
    }

    /// Whether a term in working days ends after the plan whatever days are worked.
    fn is_beyond_the_plan(&self, due: &Due, scope: &Scope) -> bool {
        let (Due::Counted { count, unit: Unit::WorkingDays, .. }, Some(DueAt::At(start))) =
            (due, self.start_of(due, scope))
        else {
            return false;
        };
        start.saturating_add(i64::from(*count).days()) > self.plan.ends.at
    }

    fn start_of(&self, due: &Due, scope: &Scope) -> Option<DueAt> {
        let question = self.plan.somebody(&[scope]);
        let moments = Moments { question: question.as_ref(), ..Moments::default() };
        Some(self.plan.start_of(due.start()?, &moments))
    }

    /// Deadlines counted from the planned reopening, in a later version that does not know what had been planned.
    pub(super) fn planned_reopenings(&mut self) {
        let plan = self.plan;
        if plan.version < 2 {
            return;
        }
        let of_rules = plan.rules.iter().flat_map(|rule| {
            let fallbacks = rule.fallbacks.iter().filter_map(|fallback| fallback.deadline.as_ref());
            let dues = rule.deadline.iter().chain(fallbacks).map(|deadline| &deadline.due);
            dues.map(move |due| (&rule.id, rule.line, due))
        });
        let of_duties = plan.duties.iter().filter_map(|duty| Some((&duty.id, duty.line, &duty.deadline.as_ref()?.due)));
        let of_promises =
            plan.hold_harmless.iter().filter_map(|promise| Some((&promise.id, promise.line, promise.due.as_ref()?)));
        let of_extensions = plan.extensions.iter().map(|extension| (&extension.id, extension.line, &extension.due));
        for (id, line, due) in of_rules.chain(of_duties).chain(of_promises).chain(of_extensions) {
            let Some(Start::Reopening { of, which: Which::Planned }) = due.start() else { continue };
            let forgets = |rule: &&Rule| rule.window.is_some() && rule.planned_reopens.is_none();
            let covering = plan.rules.iter().filter(|rule| rule.specificity(of).is_some());
            if let Some(rule) = covering.filter(forgets).max_by_key(|rule| rule.specificity(of)) {
                let text = format!(
                    "{id} 的期限从原定恢复时刻起算，但第{}版没有写规则 {}（第{}行）原定何时恢复：请补 planned_reopens，或用 --earlier 给出前一版方案",
                    plan.version, rule.id, rule.line
                );
                self.problem(line, text);
            }
        }
    }

    /// Expected moments that can no longer be true, or that lie before the main reopening.
    pub(super) fn expectations(&mut self) {
        let plan = self.plan;
        let of_rules = plan.rules.iter().filter_map(|rule| Some((&rule.id, rule.line, &rule.window.as_ref()?.reopens)));
        let of_stages = plan.stages.iter().map(|stage| (&stage.id, stage.line, &stage.reopens));
        for (id, line, reopens) in of_rules.chain(of_stages).chain([(&plan.id, plan.line, &plan.window.reopens)]) {
            let Reopens::Awaits { expected: Some(expected), .. } = reopens else { continue };
            let name = moment_name(*expected);
            // What goes by the plan's main window is said once, of the plan.
            let is_said = *id != plan.id && *reopens == plan.window.reopens;
            if let Some(declared) = plan.declared.filter(|declared| expected <= declared) {
                if is_said {
                    continue;
                }
                let declared = moment_name(declared);
                let text = format!(
                    "{id} 的预计恢复时刻{name}不晚于宣布时刻 declared（{declared}）：宣布时已经过去；请改正 expected"
                );
                self.problem(line, text);
            } else if plan.version > 1 && *expected < plan.issued.at(0, 0, 0, 0) {
                self.problem(
                    line,
                    format!("{id} 的预计恢复时刻{name}在本版公告（{}）时已经过去，请改写或删去 expected", plan.issued),
                );
            } else if plan.window.reopens.moment().is_some_and(|main| *expected < main) {
                self.warn(line, format!("{id} 等待事件恢复，预计{name}，早于方案的恢复时刻，请核对 expected"));
            }
        }
    }

    /// Extensions, tolerances and promises: ranges and deadlines in order.
    pub(super) fn grants(&mut self) {
        let plan = self.plan;
        for extension in &plan.extensions {
            let (first, last) = extension.limit_ends;
            let id = &extension.id;
            if last < first {
                let text = format!(
                    "{id} 的原期限区间先止（{last}）后起（{first}），请核对 limit_ends_from 与 limit_ends_until"
                );
                self.problem(extension.line, text);
            }
            let moment = self.moment_of(id, &extension.due, &extension.scope, extension.line);
            if let Some(moment) = moment
                && moment <= last.at(0, 0, 0, 0)
            {
                let text = format!("{id} 顺延到{}，早于原期限末日{last}，请核对", moment_name(moment));
                self.problem(extension.line, text);
            }
            if let Some(moment) = moment {
                self.within_plan(&format!("期限顺延 {id}"), "期限", moment, extension.line);
            }
        }
        for tolerance in &plan.tolerances {
            let Some(from) = &tolerance.from else { continue };
            if let Some(reason) = self.starts_never(from, &tolerance.scope) {
                let text = format!("{} 从它起算的业务没有停办可言：{reason}；请改正", tolerance.id);
                self.problem(tolerance.line, text);
            } else if let Some(of) = from.business().filter(|of| reopens_never(plan, of)) {
                let text = format!("{} 从“{}”（{of}）起算，但它不再恢复，请改正", tolerance.id, plan.name_of(of));
                self.problem(tolerance.line, text);
            }
        }
        for promise in &plan.hold_harmless {
            if let Some(due) = &promise.due
                && let Some(moment) = self.moment_of(&promise.id, due, &promise.scope, promise.line)
            {
                self.within_plan(&format!("待遇不受损 {}", promise.id), "期限", moment, promise.line);
            }
        }
    }

    pub(super) fn supplies(&mut self) {
        for supply in &self.plan.supplies {
            let id = &supply.id;
            let mut found = Vec::new();
            if let Some((first, last)) = supply.ends_between {
                if last < first {
                    found.push(format!("{id} 的用药截止区间先止（{last}）后起（{first}），请核对"));
                }
                if supply.dispense_before > last.at(23, 59, 59, 0) {
                    let before = moment_name(supply.dispense_before);
                    found.push(format!(
                        "{id} 的提前开药时刻 dispense_before（{before}）晚于用药截止区间的末日{last}，请改正其中一项"
                    ));
                }
                if let Some(until) = supply.lasts_until.filter(|until| *until < last) {
                    found.push(format!(
                        "{id} 的药量最长日 lasts_until（{until}）早于用药截止区间的末日{last}，请改正其中一项"
                    ));
                }
            }
            let line = supply.line;
            self.problems.extend(found.into_iter().map(|text| Problem { line, text }));
            self.within_plan(&format!("{}提前开药", supply.id), "截止", supply.dispense_before, line);
        }
    }
}

/// Whether a business never comes back.
fn reopens_never(plan: &Plan, business: &Business) -> bool {
    matches!(plan.reopening(&Question::about(business.clone()), Which::Actual), DueAt::Unknowable(_))
}

/// Whether something closes at this moment: a cut-off follows its closing, whatever day that is.
fn closes_at(plan: &Plan, moment: DateTime) -> bool {
    let windows = plan.rules.iter().filter_map(|rule| rule.window.as_ref()).chain([&plan.window]);
    windows.into_iter().any(|window| window.closes == moment)
}
