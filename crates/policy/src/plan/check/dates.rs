//! Dates as Chinese texts say them (文字里的日期): `7月15日24时`, `七月十五日`, `6月底`, `15日以后`.

use super::ends::ended_day;
use jiff::civil::Weekday;
use yibao_domain::outage::Plan;
use yibao_domain::time::{Date, DateTime, Moment};

/// A day, and maybe a time, as a text says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Spoken {
    pub(super) year: Option<i16>,
    /// [`ANY`]: the text does not say which.
    month: i8,
    /// [`LAST`]: the month's end (月底).
    day: i8,
    pub(super) time: Option<(i8, i8)>,
    /// The weekday, where the text says one (3月19日（星期四）).
    pub(super) weekday: Option<Weekday>,
    /// As it stands in the text.
    pub(super) text: String,
}

/// A month that is not said.
const ANY: i8 = -1;

/// The last day of a month, whichever it is.
const LAST: i8 = 0;

impl Spoken {
    pub(super) fn is_at(&self, moment: DateTime) -> bool {
        let of_that_day = self.is_on(moment.date());
        let of_the_day_that_ends = ended_day(moment).is_some_and(|day| self.is_on(day));
        match self.time {
            None => of_that_day || of_the_day_that_ends,
            Some((24, 0)) => of_the_day_that_ends,
            Some(time) => of_that_day && time == (moment.hour(), moment.minute()),
        }
    }

    /// Whether it says when a term ends. Before the 29th at 24:00 is before the 29th is over; "by the 30th" would be a day more.
    pub(super) fn ends_at(&self, end: Moment) -> bool {
        match self.time {
            None if !end.begins_day => ended_day(end.at).map_or_else(|| self.is_on(end.date()), |day| self.is_on(day)),
            _ => self.is_at(end.at),
        }
    }

    pub(super) fn is_on(&self, day: Date) -> bool {
        let is_the_day = if self.day == LAST { day == day.last_of_month() } else { self.day == day.day() };
        (self.month == ANY || self.month == day.month())
            && is_the_day
            && self.year.is_none_or(|year| year == day.year())
    }

    /// The same day and time of any year.
    pub(super) fn of_any_year(&self) -> Spoken {
        Spoken { year: None, ..self.clone() }
    }

    /// Why there is no such day or time in the year that it says, else in any of these.
    pub(super) fn is_none(&self, years: std::ops::RangeInclusive<i16>) -> Option<&'static str> {
        let exists = |year: i16| match self.day {
            LAST => Date::new(year, self.month, 1).is_ok(),
            day => Date::new(year, self.month, day).is_ok(),
        };
        let no_time = |(hour, minute): (i8, i8)| hour > 24 || minute > 59 || (hour == 24 && minute > 0);
        match self.year {
            _ if self.time.is_some_and(no_time) => Some("没有这个时刻"),
            _ if self.month == ANY => None,
            Some(year) if !exists(year) => Some("没有这一天"),
            None if !years.into_iter().any(exists) => Some("没有这一天"),
            _ => None,
        }
    }

    /// The weekday that it falls on instead of the one that it says, in the year that it says, else in any of these.
    pub(super) fn other_weekday(&self, years: std::ops::RangeInclusive<i16>) -> Option<Weekday> {
        let said = self.weekday?;
        let years = years.filter(|year| self.year.is_none_or(|own| own == *year)).chain(self.year);
        let falls: Vec<Weekday> =
            years.filter_map(|year| Some(Date::new(year, self.month, self.day).ok()?.weekday())).collect();
        falls.first().copied().filter(|_| !falls.contains(&said))
    }

    /// Whether it lies between the notice and the end of the plan; what does not is about something else.
    pub(super) fn is_within(&self, plan: &Plan) -> bool {
        let years = plan.issued.year()..=plan.ends.year();
        let possible = years.filter(|year| self.year.is_none_or(|said| said == *year));
        let days = possible.filter_map(|year| match self.day {
            LAST => Date::new(year, self.month, 1).ok().map(Date::last_of_month),
            day => Date::new(year, self.month, day).ok(),
        });
        days.into_iter().any(|day| plan.issued <= day && day <= plan.ends.date())
    }
}

/// The dates in a Chinese text: `7月15日24时`, `2021年7月15日上午8时30分`, `7月3日至8日`, `七月十五日`, `6月底`, `2021-07-15 20:00`.
pub(super) fn dates_in(text: &str) -> Vec<Spoken> {
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

/// The days that a text says without their month: `15日以后`, `20日起`, `请于8日24时前`. A count of days is none.
pub(super) fn days_alone_in(text: &str) -> Vec<Spoken> {
    let chars: Vec<char> = text.chars().collect();
    let alone = |at: usize| {
        let (day, begin) = number_before(&chars, at)?;
        let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
        let begins_clause =
            begin.checked_sub(1).is_none_or(|before| ",;，。；、：（“请于在从自及和或".contains(chars[before]));
        // What a month stands before is a range of days, which `dates_in` has read.
        let clause: Vec<char> =
            chars[..begin].iter().rev().take_while(|c| !"，。；,;".contains(**c)).copied().collect();
        let (time, end) = time_at(&chars, at + 1).map_or((None, at + 1), |(time, end)| (Some(time), end));
        let rest: String = chars[end..].iter().take(2).collect();
        let bounds = ["以后", "之后", "以前", "之前"].contains(&rest.as_str()) || rest.starts_with(['前', '起', '止']);
        let is_day = begins_clause && !clause.contains(&'月') && (bounds || time.is_some());
        is_day.then(|| Spoken {
            year: None,
            month: ANY,
            day,
            time,
            weekday: None,
            text: chars[begin..end].iter().collect(),
        })
    };
    (0..chars.len()).filter(|at| matches!(chars[*at], '日' | '号')).filter_map(alone).collect()
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
        found.push(Spoken { year: year.map(|(year, _)| year), month, day: LAST, time: None, weekday: None, text });
        return found;
    }
    while let Some((day, end)) = number_at(chars, next) {
        if !matches!(chars.get(end), Some('日' | '号')) {
            break;
        }
        let (weekday, end) = weekday_at(chars, end + 1).map_or((None, end + 1), |(day, end)| (Some(day), end));
        let (time, end) = time_at(chars, end).map_or((None, end), |(time, end)| (Some(time), end));
        let text = chars[begin..end].iter().collect();
        let month = i8::try_from(month).unwrap_or_default();
        found.push(Spoken { year: year.map(|(year, _)| year), month, day, time, weekday, text });
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

/// `（星期四）`, `（周日）`, `星期四`.
fn weekday_at(chars: &[char], begin: usize) -> Option<(Weekday, usize)> {
    const NAMES: [(char, Weekday); 8] = [
        ('一', Weekday::Monday),
        ('二', Weekday::Tuesday),
        ('三', Weekday::Wednesday),
        ('四', Weekday::Thursday),
        ('五', Weekday::Friday),
        ('六', Weekday::Saturday),
        ('日', Weekday::Sunday),
        ('天', Weekday::Sunday),
    ];
    let bracket = usize::from(matches!(chars.get(begin), Some('（' | '(')));
    let rest = &chars.get(begin + bracket..)?;
    let word = ["星期", "礼拜", "周"]
        .into_iter()
        .find(|word| word.chars().eq(rest.iter().copied().take(word.chars().count())))?;
    let at = word.chars().count();
    let (_, weekday) = NAMES.iter().find(|(name, _)| Some(name) == rest.get(at))?;
    let closing = usize::from(bracket == 1 && matches!(rest.get(at + 1), Some('）' | ')')));
    Some((*weekday, begin + bracket + at + 1 + closing))
}

/// What a weekday is called.
pub(super) fn weekday_name(weekday: Weekday) -> &'static str {
    ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
        .get(usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default())
        .copied()
        .unwrap_or_default()
}

/// `[上午|下午|晚…]8时[30分|半]`, `8点`, `17:30`.
fn time_at(chars: &[char], begin: usize) -> Option<((i8, i8), usize)> {
    let words: [(&str, i8); 14] = [
        ("上午", 0),
        ("凌晨", 0),
        ("早上", 0),
        ("早晨", 0),
        ("中午", 0),
        ("下午", 12),
        ("午后", 12),
        ("傍晚", 12),
        ("晚上", 12),
        ("晚间", 12),
        ("夜间", 12),
        ("夜里", 12),
        ("晚", 12),
        ("早", 0),
    ];
    let starts =
        |word: &str| word.chars().eq(chars[begin.min(chars.len())..].iter().copied().take(word.chars().count()));
    let word = words.iter().find(|(word, _)| starts(word));
    let half = word.map(|(_, add)| *add);
    let (hour, end) = number_at(chars, begin + word.map_or(0, |(word, _)| word.chars().count()))?;
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
    Some(Spoken { year: Some(year), month, day, time, weekday: None, text: chars[begin..end].iter().collect() })
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
        assert_eq!(found("9月31日前，13月5日"), [(9, 31, None), (13, 5, None)]);
        assert_eq!(found("3月应发待遇，出院之日起12个月内，一个月内，0857-8296182"), []);
    }

    #[test]
    fn days_without_their_month_are_found_and_counts_are_none() {
        let found = |text: &str| -> Vec<(i8, Option<(i8, i8)>)> {
            days_alone_in(text).iter().map(|spoken| (spoken.day, spoken.time)).collect()
        };
        assert_eq!(found("不急的业务请15日以后办理，20日起恢复"), [(15, None), (20, None)]);
        assert_eq!(found("请于8日24时前结算"), [(8, Some((24, 0)))]);
        assert_eq!(
            found("30日内，3日后再来，提前3日前往，第15日起，每月15日前，满15日以后，7月3日至8日前，9月11日、14日起"),
            []
        );
    }

    #[test]
    fn weekdays_and_evenings_are_read_with_the_day() {
        let said = |text: &str| (dates_in(text)[0].weekday, dates_in(text)[0].time);
        assert_eq!(said("3月19日（星期四）20时前"), (Some(Weekday::Thursday), Some((20, 0))));
        assert_eq!(said("3月19日(周日)晚9点"), (Some(Weekday::Sunday), Some((21, 0))));
        assert_eq!(said("3月19日晚9点前"), (None, Some((21, 0))));
        assert_eq!(said("3月19日傍晚6点半，周四"), (None, Some((18, 30))));
        let falls = |text: &str| dates_in(text)[0].other_weekday(2026..=2026);
        assert_eq!(falls("3月19日（星期一）"), Some(Weekday::Thursday));
        assert_eq!(falls("3月19日（星期四）"), None);
        assert_eq!(falls("2025年3月19日（星期三）"), None);
    }

    #[test]
    fn days_that_there_are_not_are_known() {
        let says = |text: &str| dates_in(text)[0].is_none(2021..=2021);
        for text in ["9月31日", "2月30日", "13月5日", "2月29日", "2021-02-30", "七月三十二日", "13月底"]
        {
            assert_eq!(says(text), Some("没有这一天"), "{text}");
        }
        for text in ["7月9日25时", "7月9日24:30", "7月9日8时75分"] {
            assert_eq!(says(text), Some("没有这个时刻"), "{text}");
        }
        for text in ["9月30日24时", "2020年2月29日", "2月底"] {
            assert_eq!(says(text), None, "{text}");
        }
    }
}
