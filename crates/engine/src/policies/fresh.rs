//! For how long what was read is taken from memory, by the platform's time.

use jiff::ToSpan;
use yibao_domain::time::DateTime;

/// Seconds. What `yibao load` changes while the platform serves shows after them.
const FRESH: i64 = 15;

/// Whether what was read at `seen` is taken from memory at `now`. A clock that went back makes it stale.
pub(crate) fn is_fresh(seen: DateTime, now: DateTime) -> bool {
    seen <= now && now < seen.saturating_add(FRESH.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_was_read_is_fresh_for_fifteen_seconds_and_stale_where_the_clock_went_back() {
        let noon = date(2021, 7, 7).at(12, 0, 0, 0);
        assert!(is_fresh(noon, noon) && is_fresh(noon, noon.saturating_add(14.seconds())));
        assert!(!is_fresh(noon, noon.saturating_add(15.seconds())) && !is_fresh(noon, noon.saturating_sub(1.second())));
    }
}
