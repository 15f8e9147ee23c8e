//! Values of the national code tables (代码表), for codes that plans write.

const CODES: &str = include_str!("../../../../interface/codes.tsv");

/// The codes of a table that begin with this one, itself among them.
pub(super) fn codes_under<'c>(table: &'c str, code: &'c str) -> impl Iterator<Item = &'static str> + 'c {
    let rows = CODES.lines().filter_map(move |line| line.strip_prefix(table)?.strip_prefix('\t')?.split('\t').next());
    rows.filter(move |known| known.starts_with(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_its_own_table() {
        assert!(codes_under("psn_idet_type", "2303").any(|known| known == "2303"));
        assert_eq!(codes_under("psn_idet_type", "2399").next(), None);
        assert_eq!(codes_under("psn_idet", "2303").next(), None);
        assert!(codes_under("psn_type", "12").count() > 1);
    }
}
