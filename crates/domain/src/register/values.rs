//! Values by field name, as they are stated and kept (填写的内容), and how moments and days are written in them.

use crate::time::{Date, DateTime};
use std::collections::BTreeMap;

/// Values by field name.
pub type Stated = BTreeMap<String, String>;

/// The two words of a yes-no field.
pub const YES: &str = "是";
/// See [`YES`].
pub const NO: &str = "否";

/// A moment as people and sheets write it, to the minute or second.
pub fn moment(text: &str) -> Option<DateTime> {
    let text = text.trim().replace('T', " ");
    let (first, time) = text.split_once(' ')?;
    let mut parts = time.trim().split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() {
        return None;
    }
    DateTime::new(day(first)?.year(), day(first)?.month(), day(first)?.day(), hour, minute, second, 0).ok()
}

/// A day as people and sheets write it: `2021-07-12`, `2021/7/12`, `2021年7月12日`.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim().replace(['年', '月', '/', '.'], "-").replace('日', "");
    let mut parts = text.split('-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}
