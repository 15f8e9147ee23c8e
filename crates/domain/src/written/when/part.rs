//! What days and times of day are read from: figures and the marks between them, and why they are none.

/// Why a text is no time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotTime {
    /// Nothing that is written in this way.
    #[error("不是时间")]
    Other,
    /// A day where a time is wanted.
    #[error("只写了日期，没有几点几分")]
    DayAlone,
    /// A time of day where a day is wanted.
    #[error("写了几点几分，这里只要日期")]
    TimeOfDay,
    /// `12:30` without a day.
    #[error("没有写日期")]
    ClockAlone,
    /// `9/12/2020`.
    #[error("年份没有写在前面，看不出哪个是月、哪个是日")]
    YearLast,
    /// `20-9-12`.
    #[error("年份不是四位，看不出是哪一年")]
    ShortYear,
    /// `2020-02-30`.
    #[error("没有这一天")]
    NoSuchDay,
    /// `25:00`, `10:61`.
    #[error("没有这个时刻")]
    NoSuchTime,
    /// `晚上12:00`.
    #[error("看不出是几点")]
    Half,
    /// `2020年9月12日 星期一`, which was a Saturday.
    #[error("日期与星期不符")]
    Weekday,
}

/// The figures at the beginning, and what follows them.
pub(super) fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// What follows one of these marks, blanks on both sides left out; `None` where none stands there.
pub(super) fn after<'a>(text: &'a str, marks: &[char]) -> Option<&'a str> {
    text.trim_start().strip_prefix(marks).map(str::trim_start)
}
