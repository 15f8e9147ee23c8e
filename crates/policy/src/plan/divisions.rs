//! What the platform calls the divisions (医保区划) that it knows, for plans that name them by code.

const DIVISIONS: &str = include_str!("../../../../interface/admdvs.tsv");

/// The Chinese name of a division; nothing where the table lacks it.
pub(super) fn division_name(code: &str) -> Option<&'static str> {
    let mut rows = DIVISIONS.lines().filter(|line| !line.starts_with('#'));
    rows.find_map(|line| line.strip_prefix(code)?.strip_prefix('\t')?.split('\t').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_has_its_name_by_the_whole_code() {
        assert_eq!(division_name("520000"), Some("贵州省"));
        assert_eq!((division_name("5200"), division_name("admdv"), division_name("990000")), (None, None, None));
    }
}
