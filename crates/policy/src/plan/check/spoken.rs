//! Dates that advice says in words (文字里的日期): after a re-plan they lie, for nobody reckons them. Each has to be a moment of its
//! entry.

use super::Checker;
use super::counted::{is_figure, value_of};
use super::ends::ended_day;
use yibao_domain::outage::{Deadline, Due, Pattern, Plan, Reopens, Rule, Scope};
use yibao_domain::time::{Date, DateTime, Moment};

/// A day, and maybe a time, as a text says it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Spoken {
    year: Option<i16>,
    month: i8,
    /// [`LAST`]: the month's end (月底).
    day: i8,
    time: Option<(i8, i8)>,
    text: String,
}

/// The last day of a month, whichever it is.
const LAST: i8 = 0;

impl Spoken {
    fn is_at(&self, moment: DateTime) -> bool {
        let of_that_day = self.is_on(moment.date());
        let of_the_day_that_ends = ended_day(moment).is_some_and(|day| self.is_on(day));
        match self.time {
            None => of_that_day || of_the_day_that_ends,
            Some((24, 0)) => of_the_day_that_ends,
            Some(time) => of_that_day && time == (moment.hour(), moment.minute()),
        }
    }

    /// Whether it says when a term ends. Before the 29th at 24:00 is before the 29th is over; "by the 30th" would be a day more.
    fn ends_at(&self, end: Moment) -> bool {
        match self.time {
            None if !end.begins_day => ended_day(end.at).map_or_else(|| self.is_on(end.date()), |day| self.is_on(day)),
            _ => self.is_at(end.at),
        }
    }

    fn is_on(&self, day: Date) -> bool {
        let is_the_day = if self.day == LAST { day == day.last_of_month() } else { self.day == day.day() };
        self.month == day.month() && is_the_day && self.year.is_none_or(|year| year == day.year())
    }

    /// Whether it lies between the notice and the end of the plan; what does not is about something else.
    fn is_within(&self, plan: &Plan) -> bool {
        let years = plan.issued.year()..=plan.ends.year();
        let possible = years.filter(|year| self.year.is_none_or(|said| said == *year));
        let days = possible.filter_map(|year| match self.day {
            LAST => Date::new(year, self.month, 1).ok().map(Date::last_of_month),
            day => Date::new(year, self.month, day).ok(),
        });
        days.into_iter().any(|day| plan.issued <= day && day <= plan.ends.date())
    }
}

/// What an entry may speak of.
#[derive(Default)]
struct Known {
    moments: Vec<DateTime>,
    days: Vec<Date>,
    /// When terms end, as they are written.
    ends: Vec<Moment>,
}

impl Known {
    fn has(&self, spoken: &Spoken) -> bool {
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
        for spoken in dates_in(text).into_iter().filter(|spoken| spoken.is_within(self.plan) && !own.has(spoken)) {
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
    fn known_to_plan(&self) -> Known {
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

    fn ends_of(&self, deadline: &Deadline, scope: &Scope) -> Vec<Moment> {
        if let Due::By(by) = deadline.due {
            return vec![by];
        }
        let ends = self.plan.staged_ends(&deadline.due, scope, self.calendar);
        ends.into_iter().filter_map(|end| end.at.moment()).map(Moment::from).collect()
    }
}

/// The dates in a Chinese text: `7月15日24时`, `2021年7月15日上午8时30分`, `7月3日至8日`, `七月十五日`, `6月底`, `2021-07-15 20:00`.
fn dates_in(text: &str) -> Vec<Spoken> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '月' => found.extend(with_month(&chars, at)),
            '-' => found.extend(with_dashes(&chars, at)),
            _ => {}
        }
    }
    found
}

/// The number that ends before `end`, and where it begins.
fn number_before(chars: &[char], end: usize) -> Option<(i16, usize)> {
    let digits = chars[..end].iter().rev().take_while(|c| c.is_ascii_digit()).count().min(4);
    let figures = chars[..end].iter().rev().take_while(|c| is_figure(**c)).count().min(3);
    let begin = end - if digits > 0 { digits } else { figures };
    let number = value_of(&chars[begin..end].iter().collect::<String>())?;
    Some((number.try_into().ok()?, begin))
}

/// The number that begins at `begin`, and where it ends.
fn number_at(chars: &[char], begin: usize) -> Option<(i8, usize)> {
    let rest = chars.get(begin..)?;
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count().min(2);
    let figures = rest.iter().take_while(|c| is_figure(**c)).count().min(3);
    let end = begin + if digits > 0 { digits } else { figures };
    let number = value_of(&chars[begin..end].iter().collect::<String>())?;
    Some((number.try_into().ok()?, end))
}

/// `[2021年]7月15日[上午8时30分][至18日]`; `at` is the 月.
fn with_month(chars: &[char], at: usize) -> Vec<Spoken> {
    let mut found = Vec::new();
    let Some((month, begin)) = number_before(chars, at) else { return found };
    let year = match begin.checked_sub(1) {
        Some(before) if chars[before] == '年' => number_before(chars, before),
        _ => None,
    };
    let mut begin = year.map_or(begin, |(_, begin)| begin);
    let mut next = at + 1;
    if matches!(chars.get(next), Some('底' | '末')) {
        let month = i8::try_from(month).unwrap_or_default();
        let text = chars[begin..=next].iter().collect();
        found.push(Spoken { year: year.map(|(year, _)| year), month, day: LAST, time: None, text });
        return found;
    }
    while let Some((day, end)) = number_at(chars, next) {
        if !matches!(chars.get(end), Some('日' | '号')) {
            break;
        }
        let (time, end) = time_at(chars, end + 1).map_or((None, end + 1), |(time, end)| (Some(time), end));
        let text = chars[begin..end].iter().collect();
        let month = i8::try_from(month).unwrap_or_default();
        found.push(Spoken { year: year.map(|(year, _)| year), month, day, time, text });
        match chars.get(end) {
            Some('至' | '到' | '-' | '—' | '－' | '~' | '～' | '、') => (begin, next) = (end + 1, end + 1),
            _ => break,
        }
    }
    // What continues a range says its month too, so that the reader of the finding knows.
    for spoken in found.iter_mut().skip(1) {
        spoken.text = format!("{month}月{}", spoken.text);
    }
    found
}

/// `[上午|下午…]8时[30分|半]`, `8点`, `17:30`.
fn time_at(chars: &[char], begin: usize) -> Option<((i8, i8), usize)> {
    let words: [(&str, i8); 6] = [("上午", 0), ("凌晨", 0), ("早上", 0), ("中午", 0), ("下午", 12), ("晚上", 12)];
    let starts = |word: &str| chars.get(begin..begin + 2).is_some_and(|two| two.iter().copied().eq(word.chars()));
    let half = words.iter().find(|(word, _)| starts(word)).map(|(_, add)| *add);
    let (hour, end) = number_at(chars, begin + if half.is_some() { 2 } else { 0 })?;
    let hour = if half == Some(12) && hour < 12 { hour + 12 } else { hour };
    match chars.get(end)? {
        '时' | '点' => match (chars.get(end + 1), number_at(chars, end + 1)) {
            (Some('半'), _) => Some(((hour, 30), end + 2)),
            (_, Some((minute, last))) if chars.get(last) == Some(&'分') => Some(((hour, minute), last + 1)),
            _ => Some(((hour, 0), end + 1)),
        },
        ':' | '：' => number_at(chars, end + 1).map(|(minute, last)| ((hour, minute), last)),
        _ => None,
    }
}

/// `2021-07-15[ 20:00]`; `at` is the first dash.
fn with_dashes(chars: &[char], at: usize) -> Option<Spoken> {
    let (year, begin) = number_before(chars, at).filter(|(year, _)| *year >= 1000)?;
    let (month, end) = number_at(chars, at + 1)?;
    let (day, end) = number_at(chars, end + 1).filter(|_| chars.get(end) == Some(&'-'))?;
    let blank = usize::from(chars.get(end) == Some(&' '));
    let (time, end) = time_at(chars, end + blank).map_or((None, end), |(time, end)| (Some(time), end));
    Some(Spoken { year: Some(year), month, day, time, text: chars[begin..end].iter().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Month, day, and the hour and minute where they are said.
    type Day = (i8, i8, Option<(i8, i8)>);

    #[test]
    fn dates_are_found_as_people_write_them() {
        let found = |text: &str| -> Vec<Day> {
            dates_in(text).iter().map(|spoken| (spoken.month, spoken.day, spoken.time)).collect()
        };
        assert_eq!(found("7月15日24时恢复"), [(7, 15, Some((24, 0)))]);
        assert_eq!(found("9月11日至14日，最长到12月31日"), [(9, 11, None), (9, 14, None), (12, 31, None)]);
        assert_eq!(found("下午前，7月9日下午5时30分起"), [(7, 9, Some((17, 30)))]);
        assert_eq!(found("7月9日17:30、7月10号8点半"), [(7, 9, Some((17, 30))), (7, 10, Some((8, 30)))]);
        assert_eq!(found("2021-07-15 20:00前"), [(7, 15, Some((20, 0)))]);
        assert_eq!(found("2021年6月底前、十二月末"), [(6, LAST, None), (12, LAST, None)]);
        assert_eq!(found("七月十五日上午八时起，至九月二十日"), [(7, 15, Some((8, 0))), (9, 20, None)]);
        assert_eq!(found("3月应发待遇，出院之日起12个月内，一个月内，0857-8296182"), []);
    }
}
