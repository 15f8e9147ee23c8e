//! The timeline (停办时间表) of a plan: one bar a window, placed on a common scale.

use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::{Reopens, Window, moment_name};

/// At most so many day marks fit beside each other on a telephone.
const MARKS_MAX: i64 = 6;
const DAY_SECONDS: i64 = 86_400;

/// The windows of a plan on one scale.
#[derive(Debug)]
pub(crate) struct Timeline {
    pub bars: Vec<Bar>,
    pub marks: Vec<Mark>,
    /// Where now is, if it is on the scale.
    pub now: Option<String>,
}

/// One window and what it closes.
#[derive(Debug)]
pub(crate) struct Bar {
    pub names: String,
    pub window: String,
    pub left: String,
    pub width: String,
    pub closed_now: bool,
}

/// The beginning of a day.
#[derive(Debug)]
pub(crate) struct Mark {
    pub left: String,
    pub day: String,
}

impl Timeline {
    /// Windows with the names of what each one closes; `None` where there are none.
    pub(crate) fn of(closings: &[(Window, Vec<String>)], now: DateTime) -> Option<Timeline> {
        let first = closings.iter().map(|(window, _)| window.closes.at).min()?;
        let ends = closings.iter().map(|(window, _)| window.reopens.expected().unwrap_or(window.closes.at));
        // What has no end yet reaches to the end of the scale, which leaves a day for it.
        let last = ends.max()?.max(closings.iter().map(|(window, _)| window.closes.at).max()? + 1.day());
        let whole = seconds(first, last).max(1);
        let at = |moment: DateTime| percent(seconds(first, moment), whole);
        let bars = closings.iter().map(|(window, names)| Bar {
            names: names.join("、"),
            window: match &window.reopens {
                Reopens::At(reopens) => format!("{} 至 {}", moment_name(window.closes), moment_name(*reopens)),
                other => format!("{} 起，{}", moment_name(window.closes), other.name()),
            },
            left: at(window.closes.at),
            // An end that nobody knows lies beyond the scale.
            width: percent(seconds(window.closes.at, window.reopens.moment().unwrap_or(last)), whole),
            closed_now: window.contains(now),
        });
        let step = (whole / DAY_SECONDS / MARKS_MAX + 1).days();
        let midnights = first.date().tomorrow().ok().map(|day| day.at(0, 0, 0, 0));
        let midnights =
            std::iter::successors(midnights, |day| day.checked_add(step).ok()).take_while(|day| *day < last);
        let marks = midnights.map(|day| Mark { left: at(day), day: day.strftime("%-m-%-d").to_string() });
        let now = (first <= now && now < last).then(|| at(now));
        Some(Timeline { bars: bars.collect(), marks: marks.collect(), now })
    }
}

fn seconds(from: DateTime, to: DateTime) -> i64 {
    from.duration_until(to).as_secs()
}

/// `part` of `whole` as CSS writes it, to a tenth: `12.5%`.
fn percent(part: i64, whole: i64) -> String {
    let thousandths = part * 1000 / whole;
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn bars_marks_and_now_stand_on_one_scale() {
        let day = |number| date(2021, 7, number).at(0, 0, 0, 0);
        let closings = [
            (Window::between(day(6), day(16)), vec!["征缴".to_owned()]),
            (Window::between(day(11), day(16)), vec!["结算".to_owned(), "备案".to_owned()]),
        ];
        let timeline = Timeline::of(&closings, day(8)).unwrap();
        assert_eq!((timeline.bars[0].left.as_str(), timeline.bars[0].width.as_str()), ("0.0%", "100.0%"));
        assert_eq!((timeline.bars[1].left.as_str(), timeline.bars[1].width.as_str()), ("50.0%", "50.0%"));
        assert_eq!(timeline.bars[1].names, "结算、备案");
        assert_eq!(timeline.bars[1].window, "2021-07-10 24:00 至 2021-07-15 24:00");
        assert!(timeline.bars[0].closed_now && !timeline.bars[1].closed_now);
        assert_eq!(timeline.now.as_deref(), Some("20.0%"));
        let marks: Vec<&str> = timeline.marks.iter().map(|mark| mark.day.as_str()).collect();
        assert_eq!(marks, ["7-7", "7-9", "7-11", "7-13", "7-15"]);
        assert!(Timeline::of(&closings, day(16)).unwrap().now.is_none());
        assert!(Timeline::of(&[], day(8)).is_none());
    }

    #[test]
    fn a_window_without_an_end_reaches_to_the_end_of_the_scale() {
        let day = |number| date(2021, 7, number).at(0, 0, 0, 0);
        let closings = [
            (Window::between(day(6), day(16)), vec!["征缴".to_owned()]),
            (Window { closes: day(11).into(), reopens: Reopens::Never }, vec!["结算".to_owned()]),
        ];
        let timeline = Timeline::of(&closings, day(8)).unwrap();
        assert_eq!((timeline.bars[1].left.as_str(), timeline.bars[1].width.as_str()), ("50.0%", "50.0%"));
        assert_eq!(timeline.bars[1].window, "2021-07-10 24:00 起，不再恢复");
    }
}
