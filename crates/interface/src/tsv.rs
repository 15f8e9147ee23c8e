//! The embedded tables (表) as rows of text.

/// The rows of an embedded table: tab separated, nothing quoted, `#` begins a comment.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
        .into_records()
        .map(|row| row.expect("the embedded tables are rectangular"))
}

pub(crate) fn columns<const N: usize>(row: &csv::StringRecord) -> [String; N] {
    assert_eq!(row.len(), N, "the embedded tables have the columns that this module reads");
    std::array::from_fn(|at| row[at].to_owned())
}
