//! The days that a list is asked for (期间): what was typed, and what is wrong with it.

use super::form::said;
use yibao_domain::time::Date;
use yibao_domain::written::when;

/// A period, open at the ends that nobody named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Period {
    pub since: Option<Date>,
    pub until: Option<Date>,
    /// What is wrong with the days that were typed; the period is open then, and the page says so.
    pub problem: String,
}

impl Period {
    /// What `since` and `until` of an address say.
    pub(super) fn of(query: &[(String, String)]) -> Period {
        let read = |name: &str| match said(query, name) {
            "" => Ok(None),
            typed => when::day(typed).map(Some),
        };
        let wrong = |problem: String| Period { problem, ..Period::default() };
        match (read("since"), read("until")) {
            (Ok(Some(since)), Ok(Some(until))) if since > until => {
                wrong("开始日期晚于结束日期；请改正其中之一".to_owned())
            }
            (Ok(since), Ok(until)) => Period { since, until, problem: String::new() },
            (Err(why), _) | (_, Err(why)) => wrong(format!("日期{why}；请写成 2021-07-01")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_period_is_what_was_typed_or_open_with_what_is_wrong() {
        let typed = |pairs: &[(&str, &str)]| -> Period {
            let query: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Period::of(&query)
        };
        assert_eq!(typed(&[]), Period::default());
        let asked = typed(&[("since", "2021-07-01"), ("until", "2021-07-02")]);
        assert_eq!((asked.since, asked.until), (Some(date(2021, 7, 1)), Some(date(2021, 7, 2))));
        let open = typed(&[("until", "2021-07-02")]);
        assert_eq!((open.since, open.problem.as_str()), (None, ""));
        let crossed = typed(&[("since", "2021-07-09"), ("until", "2021-07-02")]);
        assert!(crossed.since.is_none() && crossed.problem.contains("晚于"), "{crossed:?}");
        assert!(typed(&[("since", "七月")]).problem.contains("2021-07-01"));
    }
}
