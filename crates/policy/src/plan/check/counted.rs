//! Terms that a text says in words (文字里的期限): "15个工作日" beside a deadline of ten, "出院后" beside one that counts from the
//! reopening; a wave "一天晚" that comes earlier.

use super::Checker;
use super::dates::{is_figure, value_of};
use yibao_domain::outage::{Deadline, Disposition, Due, DutyKind, Pattern, Rule, Start, Unit};

impl Checker<'_> {
    pub(super) fn spoken_counts(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            let own = self.terms_of(rule);
            let texts = rule.fallbacks.iter().map(|one| ("fallback 的 advice", &one.advice, one.line, &one.deadline));
            for (key, text, line, deadline) in texts.chain([("advice", &rule.advice, rule.line, &rule.deadline)]) {
                let given = deadline.as_ref().or(rule.deadline.as_ref()).map(|deadline| &deadline.due);
                self.judge_counts(&format!("规则 {} 的 {key}", rule.id), text, (&own, given), line);
            }
            self.terms_that_nothing_holds(rule, &own);
        }
        for duty in &plan.duties {
            let own: Vec<Term> = duty.deadline.iter().filter_map(term).collect();
            // Others list, tell and check: what they say of terms may be anybody's.
            let ends_rights = matches!(duty.kind, DutyKind::Backfill | DutyKind::Register);
            let given = duty.deadline.as_ref().map(|deadline| &deadline.due).filter(|_| ends_rights);
            self.judge_counts(&format!("责任事项 {} 的 what", duty.id), &duty.what, (&own, given), duty.line);
        }
        for promise in &plan.hold_harmless {
            let own: Vec<Term> = promise.due.iter().filter_map(counted).collect();
            let what = format!("待遇不受损 {} 的 advice", promise.id);
            self.judge_counts(&what, &promise.advice, (&own, promise.due.as_ref()), promise.line);
        }
        let main = plan.window.reopens.expected();
        for stage in &plan.stages {
            let (Some(main), Some(own), Some(advice)) = (main, stage.reopens.expected(), &stage.advice) else {
                continue;
            };
            let wrong = match is_later(advice) {
                Some(true) if own < main => "早",
                Some(false) if own > main => "晚",
                _ => continue,
            };
            let text = format!(
                "分批恢复 {} 的 advice 说的先后与时刻不符：它{}，比方案的恢复（{}）{wrong}；请核对",
                stage.id,
                stage.reopens.name(),
                plan.window.reopens.name()
            );
            self.warn(stage.line, text);
        }
    }

    /// Terms that the advice of a rule gives, where neither the rule nor anything about its businesses has a deadline.
    fn terms_that_nothing_holds(&mut self, rule: &Rule, own: &[Term]) {
        let has_way = !matches!(rule.disposition, Disposition::Open | Disposition::NoRoute);
        let has_deadline = self.plan.duties.iter().any(|duty| {
            let mut names = self.plan.names.keys().filter(|business| rule.specificity(business).is_some());
            duty.deadline.is_some() && names.any(|business| duty.specificity(business).is_some())
        });
        if !own.is_empty() || rule.deadline.is_some() || has_deadline || !has_way {
            return;
        }
        for said in counts_in(&rule.advice).into_iter().filter(|said| said.is_to_be_done || said.is_to_be_finished) {
            let text = format!(
                "规则 {} 的 advice 说到“{}{}内”，而没有写期限，逾期没有人知道；请写明期限（{} 和 after_reopening_of、after 等），或改写文字",
                rule.id,
                said.term.count,
                said.term.unit.name(),
                key_of(said.term.unit)
            );
            self.warn(rule.line, text);
        }
    }

    /// The counted terms of a rule, its fallbacks, and of the duties and grants about its businesses.
    fn terms_of(&self, rule: &Rule) -> Vec<Term> {
        let plan = self.plan;
        let shares = |patterns: &[Pattern]| {
            let mut names = plan.names.keys().filter(|business| rule.specificity(business).is_some());
            names.any(|business| patterns.iter().any(|pattern| pattern.covers(business)))
        };
        let own = rule.fallbacks.iter().filter_map(|fallback| fallback.deadline.as_ref()).chain(&rule.deadline);
        let duties = plan.duties.iter().filter(|duty| shares(&duty.businesses));
        let own = own.chain(duties.filter_map(|duty| duty.deadline.as_ref())).map(|deadline| &deadline.due);
        let promises = plan.hold_harmless.iter().filter(|one| shares(&one.businesses));
        let promises = promises.filter_map(|one| one.due.as_ref());
        let extensions = plan.extensions.iter().filter(|one| shares(&one.businesses)).map(|one| &one.due);
        let tolerances = plan.tolerances.iter().filter(|one| shares(&one.businesses));
        let tolerances = tolerances.map(|one| Term { count: one.days, unit: one.unit, start: None });
        own.chain(promises).chain(extensions).filter_map(counted).chain(tolerances).collect()
    }

    /// What a text says beside the terms that it may speak of, and the deadline that it is about.
    fn judge_counts(&mut self, what: &str, text: &str, (own, given): (&[Term], Option<&Due>), line: u32) {
        for said in counts_in(text) {
            let (count, unit) = (said.term.count, said.term.unit);
            let whole = format!("{count}{}", unit.name());
            let same: Vec<&Term> = own.iter().filter(|term| (term.count, term.unit) == (count, unit)).collect();
            if let Some(first) = same.first() {
                let agrees =
                    |term: &&&Term| said.term.start.is_none_or(|start| term.start.is_none_or(|own| own == start));
                if let (Some(start), Some(own), None) = (said.term.start, first.start, same.iter().find(agrees)) {
                    let text = format!("{what} 说到“{start}后{whole}”，而期限从{own}起算；请核对，改写成一样");
                    self.warn(line, text);
                }
                continue;
            }
            // Working days and days are mistaken for each other. Hours and months beside them may be about something else, unless
            // the text says what is to be done within them.
            let of_the_unit = own.iter().find(|term| term.unit == unit);
            let alike = own.iter().find(|term| [unit, term.unit].iter().all(|unit| DAYS.contains(unit)));
            let written = match of_the_unit.or(alike) {
                Some(Term { count, unit, .. }) => Some(format!("{count}{}", unit.name())),
                None => given.filter(|_| said.is_to_be_done).map(Due::name),
            };
            if let Some(written) = written {
                self.warn(line, format!("{what} 说到“{whole}”，而期限写的是{written}；请核对，写成一样"));
            }
        }
    }
}

const DAYS: [Unit; 2] = [Unit::WorkingDays, Unit::CalendarDays];

/// A term that is counted, and from what where that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Term {
    count: u32,
    unit: Unit,
    /// The name of what starts it.
    start: Option<&'static str>,
}

/// What a deadline counts.
fn term(deadline: &Deadline) -> Option<Term> {
    counted(&deadline.due)
}

fn counted(due: &Due) -> Option<Term> {
    let Due::Counted { count, unit, from } = due else { return None };
    let start = match from {
        // By either name it is the reopening.
        Start::Reopening { .. } => "恢复",
        other => other.name(),
    };
    Some(Term { count: *count, unit: *unit, start: Some(start) })
}

/// A term as a text says it.
struct Said {
    term: Term,
    /// Whether the text goes on with what is to be made good within it.
    is_to_be_done: bool,
    /// Whether the text goes on with an office's finishing it.
    is_to_be_finished: bool,
}

/// The key of a deadline in this unit.
fn key_of(unit: Unit) -> &'static str {
    match unit {
        Unit::WorkingDays => "within_working_days",
        Unit::CalendarDays => "within_calendar_days",
        Unit::Months => "within_months",
        Unit::Hours => "within_hours",
    }
}

/// The terms in a Chinese text: `10个工作日`, `十五个工作日`, `30日内`, `出院后3个月内`, `24小时内`, `一周内`.
fn counts_in(text: &str) -> Vec<Said> {
    let units = [
        ("个工作日", Unit::WorkingDays, 1),
        ("工作日", Unit::WorkingDays, 1),
        ("个自然日", Unit::CalendarDays, 1),
        ("日", Unit::CalendarDays, 1),
        ("天", Unit::CalendarDays, 1),
        ("周", Unit::CalendarDays, 7),
        ("个星期", Unit::CalendarDays, 7),
        ("个月", Unit::Months, 1),
        ("小时", Unit::Hours, 1),
    ];
    let mut found = Vec::new();
    for (word, unit, times) in units {
        for (at, _) in text.match_indices(word) {
            let rest = &text[at + word.len()..];
            let inside = ["内", "之内", "以内"].iter().find_map(|within| rest.strip_prefix(within));
            let by_itself = unit == Unit::WorkingDays || word == "个自然日";
            let Some(rest) = inside.or(by_itself.then_some(rest)) else { continue };
            let before = &text[..at];
            let number: String = before.chars().rev().take_while(|c| is_figure(*c)).collect();
            let number: String = number.chars().rev().collect();
            let before = &before[..before.len() - number.len()];
            // The day of a date is no term.
            let Some(count) = value_of(&number).filter(|_| !before.ends_with('月')) else { continue };
            let term = Term { count: count.saturating_mul(times), unit, start: start_before(before) };
            let is_inside = inside.is_some();
            let is_to_be_finished = is_inside && !before.ends_with('前') && clause_of(rest).starts_with("办结");
            found.push(Said { term, is_to_be_done: is_inside && is_to_be_done(before, rest), is_to_be_finished });
        }
    }
    found
}

/// What a term is said to be counted from, just before its number: `出院后`, `自就医之日起`.
fn start_before(text: &str) -> Option<&'static str> {
    let starts = [
        ("出院", "出院"),
        ("就医", "就医"),
        ("就诊", "就医"),
        ("恢复", "恢复"),
        ("上线", "恢复"),
        ("开通", "恢复"),
        ("停办", "停办"),
        ("停机", "停办"),
        ("公布", "公布"),
        ("公告", "公布"),
        ("收件", "收件"),
    ];
    let text = text.trim_end_matches(['的', '，', ',', '在', '须', '应', '请', '于']);
    let ends = ["起计算", "起算", "之后", "以后", "后", "起"];
    let text = ends.iter().find_map(|end| text.strip_suffix(end))?;
    let days = ["之日", "当日", "次日", "当天", "正常"];
    let text = days.iter().find_map(|day| text.strip_suffix(day)).unwrap_or(text);
    starts.iter().find(|(word, _)| text.ends_with(word)).map(|(_, name)| *name)
}

/// Whether what stands around a term says that something is made good within it: `3个月内补办`. What offices do, and what
/// comes before the stop, are other terms.
fn is_to_be_done(before: &str, after: &str) -> bool {
    let clause = clause_of(after);
    let does = ["补", "报销", "结算", "结账", "申请", "申报", "办理", "缴"].iter().any(|word| clause.contains(word));
    let offices = ["通知", "审核", "告知", "答复", "拨付", "办结", "公布", "退"];
    does && !offices.iter().any(|word| clause.contains(word)) && !before.ends_with('前')
}

/// The beginning of what a text goes on with.
fn clause_of(text: &str) -> String {
    text.chars().take_while(|c| !"，。；,;".contains(*c)).take(12).collect()
}

/// Whether a text says that something comes later than something else, or earlier; nothing where it compares nothing.
fn is_later(text: &str) -> Option<bool> {
    let plain = text.replace("晚上", "").replace("早上", "");
    let compares = |word: char| plain.split_once('比').is_some_and(|(_, rest)| rest.contains(word));
    let says = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    let later = says(&["推迟", "延后", "延迟", "晚于"]) || compares('晚') || compares('迟');
    let earlier = says(&["率先", "先行", "早于"]) || compares('早') || compares('先');
    (later != earlier).then_some(later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_as_people_write_them() {
        use Unit::*;
        let counts_in = |text: &str| -> Vec<(u32, Unit)> {
            counts_in(text).iter().map(|said| (said.term.count, said.term.unit)).collect()
        };
        assert_eq!(counts_in("恢复后10个工作日内补录"), [(10, WorkingDays)]);
        assert_eq!(counts_in("十五个工作日、3个月内"), [(15, WorkingDays), (3, Months)]);
        assert_eq!(counts_in("30日内，两天内；24小时内"), [(30, CalendarDays), (2, CalendarDays), (24, Hours)]);
        assert_eq!(counts_in("三十日之内，3个月以内，两周内"), [(30, CalendarDays), (14, CalendarDays), (3, Months)]);
        assert_eq!(counts_in("3月10日内，工作日办理，第3日"), []);
    }

    #[test]
    fn what_a_term_counts_from_and_what_is_done_within_it_are_understood() {
        let found = |text: &str| {
            let said = &counts_in(text)[0];
            (said.term.start, said.is_to_be_done)
        };
        assert_eq!(found("出院之日起3个月内报销"), (Some("出院"), true));
        assert_eq!(found("停机期间出院的，恢复后10个工作日内通知结算"), (Some("恢复"), false));
        assert_eq!(found("自就诊后，请在30日内补办"), (Some("就医"), true));
        assert_eq!(found("出院的患者10日内结算，3个月内有效"), (None, true));
        assert_eq!(found("停办前3日内办理"), (None, false));
    }

    #[test]
    fn what_comes_later_or_earlier_is_understood() {
        assert_eq!(is_later("本县比市区晚一天恢复"), Some(true));
        assert_eq!(is_later("一级医院率先恢复"), Some(false));
        assert_eq!(is_later("晚上8时恢复，请提前预约"), None);
    }
}
