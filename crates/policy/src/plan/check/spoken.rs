//! Dates that advice says in words (文字里的日期): after a re-plan they lie, for nobody reckons them. Each has to be a moment of its
//! entry, and a day that there is.

use super::Checker;
use super::dates::{Spoken, dates_in, days_alone_in, weekday_name};
use super::ends::ended_day;
use super::texts::{Text, texts};
use std::ops::RangeInclusive;
use yibao_domain::outage::{CarePeriod, Deadline, Due, Pattern, Plan, Reopens, Rule, Scope, moment_name};
use yibao_domain::time::{Date, DateTime, Moment};

/// Years of births and of old rules.
const OF_OLD: std::ops::Range<i16> = 1900..2000;

/// What an entry may speak of.
#[derive(Default)]
pub(super) struct Known {
    moments: Vec<DateTime>,
    days: Vec<Date>,
    /// When terms end, as they are written.
    ends: Vec<Moment>,
}

impl Known {
    pub(super) fn has(&self, spoken: &Spoken) -> bool {
        self.moments.iter().any(|moment| spoken.is_at(*moment))
            || self.ends.iter().any(|end| spoken.ends_at(*end))
            || spoken.time.is_none() && self.days.iter().any(|day| spoken.is_on(*day))
    }
}

impl Checker<'_> {
    pub(super) fn spoken_dates(&mut self) {
        let plan = self.plan;
        let whole = self.known_to_plan();
        for rule in &plan.rules {
            let own = self.known_to_rule(rule);
            let fallbacks =
                rule.fallbacks.iter().map(|fallback| ("fallback 的 advice", &fallback.advice, fallback.line));
            let ahead = rule.advice_ahead.iter().map(|text| ("advice_ahead", text, rule.line));
            self.another_cutoff(rule);
            for (key, text, line) in ahead.chain(fallbacks).chain([("advice", &rule.advice, rule.line)]) {
                let window = rule.window.as_ref().map(|window| window.name()).unwrap_or_default();
                self.judge_dates(&format!("规则 {} 的 {key}", rule.id), text, &window, line, (&own, &whole), true);
            }
        }
        for stage in &plan.stages {
            let mut own = Known::default();
            own.moments.extend(stage.reopens.expected());
            let text = stage.advice.as_deref().unwrap_or_default();
            let what = format!("分批恢复 {} 的 advice", stage.id);
            self.judge_dates(&what, text, &stage.reopens.name(), stage.line, (&own, &whole), true);
        }
        let supplies = plan
            .supplies
            .iter()
            .map(|supply| (format!("提前备药 {} 的 advice", supply.id), &supply.advice, supply.line));
        let promises = plan
            .hold_harmless
            .iter()
            .map(|promise| (format!("待遇不受损 {} 的 advice", promise.id), &promise.advice, promise.line));
        let duties = plan.duties.iter().map(|duty| (format!("责任事项 {} 的 what", duty.id), &duty.what, duty.line));
        for (what, text, line) in supplies.chain(promises).chain(duties) {
            self.judge_dates(&what, text, "", line, (&whole, &whole), false);
        }
        for one in plan.arrangements() {
            let what = format!("{} {} 的 advice", one.part.name(), one.id);
            self.judge_dates(&what, &one.advice, "", one.line, (&whole, &whole), false);
        }
    }

    fn judge_dates(&mut self, what: &str, text: &str, window: &str, line: u32, known: (&Known, &Known), strict: bool) {
        let (own, whole) = known;
        let plan = self.plan;
        let is_about_plan = |spoken: &Spoken| spoken.is_within(plan) && spoken.is_none(years(plan)).is_none();
        let dates = dates_in(text).into_iter().filter(is_about_plan);
        for spoken in dates.filter(|spoken| !own.has(spoken)) {
            let said = &spoken.text;
            let about = if window.is_empty() { String::new() } else { format!("（本条{window}）") };
            if whole.has(&spoken) {
                self.warn(line, format!("{what} 说到“{said}”，不是本条的时刻{about}；请核对，改期后也要改它"));
            } else if strict {
                let remedy = "请改正，或改写成不带日期的话（如“恢复后”）";
                self.problem(line, format!("{what} 说到“{said}”，与方案的时刻都不符{about}；{remedy}"));
            } else {
                self.warn(line, format!("{what} 说到“{said}”，方案没有这个时刻；请核对，改期后也要改它"));
            }
        }
    }

    /// Advice to come before another time of the day on which the business closes: a duty's, maybe, which the gate does not know.
    fn another_cutoff(&mut self, rule: &Rule) {
        let (Some(window), Some(text)) = (&rule.window, &rule.advice_ahead) else { return };
        let closes = window.closes.at;
        let plan = self.plan;
        let supplies = plan.supplies.iter().map(|supply| supply.dispense_before);
        let supplies: Vec<Moment> = supplies.collect();
        for spoken in dates_in(text).into_iter().filter(|spoken| spoken.time.is_some() && !spoken.is_at(closes)) {
            let is_that_day = ended_day(closes).is_some_and(|day| spoken.is_on(day)) || spoken.is_on(closes.date());
            let duty = plan.duties.iter().find(|duty| {
                let deadline = duty.deadline.iter();
                deadline.flat_map(|due| self.ends_of(due, &Scope::default())).any(|end| spoken.ends_at(end))
            });
            if let Some(duty) = duty.filter(|_| is_that_day && !supplies.iter().any(|end| spoken.ends_at(*end))) {
                let text = format!(
                    "规则 {} 的 advice_ahead 说到“{}”，那是责任事项 {} 的时刻，本条{}才停办；请核对是哪一个，到点就停的请改 closes",
                    rule.id,
                    spoken.text,
                    duty.id,
                    moment_name(window.closes)
                );
                self.warn(rule.line, text);
            }
            let shares = |patterns: &[Pattern]| {
                let mut names = plan.names.keys().filter(|business| rule.specificity(business).is_some());
                names.any(|business| patterns.iter().any(|pattern| pattern.covers(business)))
            };
            let mut ahead = plan.supplies.iter().filter(|supply| shares(&supply.businesses));
            let supply = ahead.find(|supply| supply.dispense_before < closes && spoken.ends_at(supply.dispense_before));
            if let Some(supply) = supply.filter(|_| is_that_day) {
                let text = format!(
                    "规则 {} 的 advice_ahead 说到“{}”，那是提前备药 {} 的时刻，本条{}才停办，公告的“最晚”写的也是这一刻；请核对是哪一个，到点就停的请改 closes",
                    rule.id,
                    spoken.text,
                    supply.id,
                    moment_name(window.closes)
                );
                self.warn(rule.line, text);
            }
        }
    }

    /// In any text: days that there are not, days of a year long past or far ahead, days without their month that are none of the plan's.
    pub(super) fn impossible_dates(&mut self) {
        let whole = self.known_to_plan();
        for Text { what, text, line, is_told } in texts(self.plan) {
            for spoken in dates_in(&text) {
                let said = &spoken.text;
                if let Some(why) = spoken.is_none(years(self.plan)) {
                    self.problem(line, format!("{what} 说到“{said}”，{why}；请改正"));
                } else if let Some(weekday) = spoken.other_weekday(years(self.plan)) {
                    let falls = weekday_name(weekday);
                    self.problem(line, format!("{what} 说到“{said}”，那天是{falls}；请改正日期或星期"));
                } else if let Some(year) = spoken.year.filter(|_| !whole.has(&spoken)) {
                    self.other_year(&what, (said, year), whole.has(&spoken.of_any_year()), line);
                }
            }
            let alone = days_alone_in(&text).into_iter().filter(|spoken| is_told && !whole.has(spoken));
            for Spoken { text: said, .. } in alone {
                let text = format!("{what} 说到“{said}”，没有写月份，方案也没有哪个时刻在这一日；请核对，写明几月几日");
                self.warn(line, text);
            }
        }
    }

    /// A date of a year that is none of the plan's: a slip where the plan has the day itself, else maybe about something else.
    fn other_year(&mut self, what: &str, (said, year): (&str, i16), is_day_of_plan: bool, line: u32) {
        let years = years(self.plan);
        let apart = (years.start() - year).max(year - years.end());
        let of_plan = if years.start() == years.end() {
            format!("{}年", years.start())
        } else {
            format!("{}至{}年", years.start(), years.end())
        };
        let text = format!("{what} 说到“{said}”，年份不是方案的（{of_plan}）");
        // Last year's costs and next year's contributions are spoken of with good reason; so are births.
        match apart {
            _ if OF_OLD.contains(&year) => {}
            2.. if is_day_of_plan => self.problem(line, format!("{text}；请改正年份")),
            1 if is_day_of_plan => self.warn(line, format!("{text}；请核对年份")),
            2.. => self.warn(line, format!("{text}；请核对年份")),
            _ => {}
        }
    }

    /// The moments of a rule: its window, deadlines, stages, and what is supplied or done ahead for its businesses.
    fn known_to_rule(&self, rule: &Rule) -> Known {
        let plan = self.plan;
        let mut known = Known::default();
        known.moments.extend(rule.window.iter().map(|window| window.closes.at));
        known.moments.extend(rule.window.iter().filter_map(|window| window.reopens.expected()));
        known.moments.extend(rule.not_before.map(DateTime::from));
        let deadlines = rule.fallbacks.iter().filter_map(|fallback| fallback.deadline.as_ref()).chain(&rule.deadline);
        for deadline in deadlines {
            known.ends.extend(self.ends_of(deadline, &rule.scope));
        }
        known.moments.extend(
            plan.stages.iter().filter(|stage| self.moves(stage, rule)).filter_map(|stage| stage.reopens.expected()),
        );
        let shares = |patterns: &[Pattern]| {
            plan.names.keys().any(|business| {
                rule.specificity(business).is_some() && patterns.iter().any(|pattern| pattern.covers(business))
            })
        };
        for supply in plan.supplies.iter().filter(|supply| shares(&supply.businesses)) {
            known.ends.push(supply.dispense_before);
            known.days.extend(supply.ends_between.iter().flat_map(|(first, last)| [*first, *last]));
            known.days.extend(supply.lasts_until);
        }
        for duty in plan.duties.iter().filter(|duty| shares(&duty.businesses)) {
            known.moments.extend(duty.not_before.map(DateTime::from));
            known.ends.extend(duty.deadline.iter().flat_map(|deadline| self.ends_of(deadline, &Scope::default())));
        }
        known
    }

    /// Every moment and day that the plan states.
    pub(super) fn known_to_plan(&self) -> Known {
        let plan = self.plan;
        let mut known =
            Known { moments: vec![plan.window.closes.at, plan.ends.at], days: vec![plan.issued], ends: vec![] };
        known.moments.extend(plan.declared);
        known.moments.extend(plan.window.reopens.expected());
        for rule in &plan.rules {
            let own = self.known_to_rule(rule);
            known.moments.extend(own.moments);
            known.days.extend(own.days);
            known.ends.extend(own.ends);
        }
        known.moments.extend(plan.stages.iter().map(|stage| &stage.reopens).filter_map(Reopens::expected));
        known.moments.extend(plan.checklists.iter().filter_map(|list| list.by).map(DateTime::from));
        for supply in &plan.supplies {
            known.ends.push(supply.dispense_before);
            known.days.extend(supply.ends_between.iter().flat_map(|(first, last)| [*first, *last]));
            known.days.extend(supply.lasts_until);
        }
        for duty in &plan.duties {
            known.moments.extend(duty.not_before.map(DateTime::from));
            known.ends.extend(duty.deadline.iter().flat_map(|deadline| self.ends_of(deadline, &Scope::default())));
        }
        known.moments.extend(plan.arrangements().iter().filter_map(|one| one.moment));
        known.moments.extend(plan.degraded.iter().filter_map(|slow| slow.from).map(DateTime::from));
        let cares = plan.hold_harmless.iter().map(|one| one.care).chain(plan.extensions.iter().map(|one| one.care));
        known.moments.extend(cares.flatten().flat_map(|CarePeriod { from, until }| [from, until]));
        known.days.extend(plan.continuities.iter().flat_map(|one| [one.breaks.0, one.breaks.1]));
        for extension in &plan.extensions {
            known.days.extend([extension.limit_ends.0, extension.limit_ends.1]);
        }
        let extensions = plan.extensions.iter().map(|extension| &extension.due);
        let promises = plan.hold_harmless.iter().filter_map(|promise| promise.due.as_ref());
        for due in extensions.chain(promises) {
            known.ends.extend(plan.end_for(due, &Scope::default(), self.calendar).moment().map(Moment::from));
        }
        known
    }

    pub(super) fn ends_of(&self, deadline: &Deadline, scope: &Scope) -> Vec<Moment> {
        if let Due::By(by) = deadline.due {
            return vec![by];
        }
        let ends = self.plan.staged_ends(&deadline.due, scope, self.calendar);
        ends.into_iter().filter_map(|end| end.at.moment()).map(Moment::from).collect()
    }
}

/// The years that a plan lasts.
fn years(plan: &Plan) -> RangeInclusive<i16> {
    plan.issued.year()..=ended_day(plan.ends.at).unwrap_or(plan.ends.date()).year()
}
