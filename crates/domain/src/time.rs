//! Dates and moments. All of them are China Standard Time, which has had one offset since 1991,
//! so a civil date-time orders moments without a time zone table.

pub use jiff::civil::{Date, DateTime};

/// `yyyy-MM-dd HH:mm:ss`, as the national interface and our messages write a moment (日期时间型).
pub fn moment_text(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A moment as people write it, to the minute: without seconds where there are none.
pub fn minute_text(moment: DateTime) -> String {
    moment.strftime(if moment.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// A moment as notices write it: midnight is 24:00 of the day that ends.
pub fn moment_name(moment: DateTime) -> String {
    let midnight = moment == moment.date().at(0, 0, 0, 0);
    match moment.date().yesterday() {
        Ok(day) if midnight => format!("{day} 24:00"),
        _ => moment.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// Age in full years (周岁) on `day`. Negative spans give 0.
pub fn full_years(born: Date, day: Date) -> i16 {
    let years = day.year() - born.year();
    let birthday_passed = (day.month(), day.day()) >= (born.month(), born.day());
    (if birthday_passed { years } else { years - 1 }).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_of_age_is_reached_on_the_birthday_itself() {
        assert_eq!(full_years(date(1960, 7, 9), date(2020, 7, 8)), 59);
        assert_eq!(full_years(date(1960, 7, 9), date(2020, 7, 9)), 60);
        assert_eq!(full_years(date(2004, 2, 29), date(2022, 2, 28)), 17);
    }

    #[test]
    fn a_moment_is_written_as_the_interface_writes_it() {
        assert_eq!(moment_text(date(2021, 7, 9).at(19, 59, 59, 0)), "2021-07-09 19:59:59");
    }

    #[test]
    fn midnight_is_the_end_of_the_day_before() {
        assert_eq!(moment_name(date(2021, 7, 16).at(0, 0, 0, 0)), "2021-07-15 24:00");
        assert_eq!(moment_name(date(2021, 7, 9).at(20, 0, 0, 0)), "2021-07-09 20:00");
    }
}
