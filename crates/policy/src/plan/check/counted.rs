//! Terms that a text says in words (文字里的期限): "15个工作日" beside a deadline of ten; a wave "一天晚" that comes earlier.

use super::Checker;
use yibao_domain::outage::{Deadline, Due, Pattern, Rule, Unit};

impl Checker<'_> {
    pub(super) fn spoken_counts(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            let own = self.terms_of(rule);
            let texts = rule.fallbacks.iter().map(|fallback| ("fallback 的 advice", &fallback.advice, fallback.line));
            for (key, text, line) in texts.chain([("advice", &rule.advice, rule.line)]) {
                self.judge_counts(&format!("规则 {} 的 {key}", rule.id), text, &own, line);
            }
        }
        for duty in &plan.duties {
            let own: Vec<(u32, Unit)> = duty.deadline.iter().filter_map(term).collect();
            self.judge_counts(&format!("责任事项 {} 的 what", duty.id), &duty.what, &own, duty.line);
        }
        let promises =
            plan.hold_harmless.iter().map(|one| (format!("待遇不受损 {}", one.id), &one.advice, one.line, &one.due));
        for (what, advice, line, due) in promises {
            let own: Vec<(u32, Unit)> = due.iter().filter_map(counted).collect();
            self.judge_counts(&format!("{what} 的 advice"), advice, &own, line);
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

    /// The counted terms of a rule, its fallbacks and the duties about its businesses.
    fn terms_of(&self, rule: &Rule) -> Vec<(u32, Unit)> {
        let plan = self.plan;
        let shares = |patterns: &[Pattern]| {
            let mut names = plan.names.keys().filter(|business| rule.specificity(business).is_some());
            names.any(|business| patterns.iter().any(|pattern| pattern.covers(business)))
        };
        let own = rule.fallbacks.iter().filter_map(|fallback| fallback.deadline.as_ref()).chain(&rule.deadline);
        let duties = plan.duties.iter().filter(|duty| shares(&duty.businesses));
        own.chain(duties.filter_map(|duty| duty.deadline.as_ref())).filter_map(term).collect()
    }

    fn judge_counts(&mut self, what: &str, text: &str, own: &[(u32, Unit)], line: u32) {
        for (count, unit) in counts_in(text) {
            // Working days and days are mistaken for each other; hours and months beside them are about something else.
            let of_the_unit = own.iter().filter(|(_, other)| *other == unit);
            let alike = own.iter().filter(|(_, other)| [unit, *other].iter().all(|unit| DAYS.contains(unit)));
            let stated: Vec<_> = match own.iter().any(|(_, other)| *other == unit) {
                true => of_the_unit.collect(),
                false => alike.collect(),
            };
            if let Some((days, other)) = stated.first().filter(|_| !stated.contains(&&(count, unit))) {
                let (said, written) = (unit.name(), other.name());
                let text = format!("{what} 说到“{count}{said}”，而期限写的是{days}{written}；请核对，写成一样");
                self.warn(line, text);
            }
        }
    }
}

const DAYS: [Unit; 2] = [Unit::WorkingDays, Unit::CalendarDays];

/// What a deadline counts.
fn term(deadline: &Deadline) -> Option<(u32, Unit)> {
    counted(&deadline.due)
}

fn counted(due: &Due) -> Option<(u32, Unit)> {
    match due {
        Due::Counted { count, unit, .. } => Some((*count, *unit)),
        _ => None,
    }
}

/// The terms in a Chinese text: `10个工作日`, `十五个工作日`, `30日内`, `3个月内`, `24小时内`.
fn counts_in(text: &str) -> Vec<(u32, Unit)> {
    let units = [
        ("个工作日", Unit::WorkingDays),
        ("工作日", Unit::WorkingDays),
        ("个自然日", Unit::CalendarDays),
        ("日内", Unit::CalendarDays),
        ("天内", Unit::CalendarDays),
        ("个月内", Unit::Months),
        ("小时内", Unit::Hours),
    ];
    let mut found = Vec::new();
    for (word, unit) in units {
        for (at, _) in text.match_indices(word) {
            let before = &text[..at];
            let number: String = before.chars().rev().take_while(|c| is_figure(*c)).collect();
            let number: String = number.chars().rev().collect();
            // The day of a date is no term.
            let is_day = before[..before.len() - number.len()].ends_with('月');
            found.extend(value_of(&number).filter(|_| !is_day).map(|count| (count, unit)));
        }
    }
    found
}

const FIGURES: &str = "零一二三四五六七八九";

pub(super) fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || c == '十' || c == '两' || FIGURES.contains(c)
}

/// `15`, `十五`, `两`.
pub(super) fn value_of(number: &str) -> Option<u32> {
    let figure = |c: char| match c {
        '两' => Some(2),
        _ => FIGURES.chars().position(|known| known == c).and_then(|at| u32::try_from(at).ok()),
    };
    match number.split_once('十') {
        _ if number.is_empty() => None,
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { tens.chars().next().and_then(figure)? };
            let ones = if ones.is_empty() { 0 } else { ones.chars().next().and_then(figure)? };
            Some(tens * 10 + ones)
        }
        None => number.parse().ok().or_else(|| number.chars().next().and_then(figure)),
    }
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
        assert_eq!(counts_in("恢复后10个工作日内补录"), [(10, WorkingDays)]);
        assert_eq!(counts_in("十五个工作日、3个月内"), [(15, WorkingDays), (3, Months)]);
        assert_eq!(counts_in("30日内，两天内；24小时内"), [(30, CalendarDays), (2, CalendarDays), (24, Hours)]);
        assert_eq!(counts_in("3月10日内，工作日办理，第3日"), []);
    }

    #[test]
    fn what_comes_later_or_earlier_is_understood() {
        assert_eq!(is_later("本县比市区晚一天恢复"), Some(true));
        assert_eq!(is_later("一级医院率先恢复"), Some(false));
        assert_eq!(is_later("晚上8时恢复，请提前预约"), None);
    }
}
