//! What PostgreSQL says otherwise than SQLite, in whose words the shared statements are written.

/// The values of a list.
const LISTED: &str = "IN (SELECT value FROM json_each(";

/// A field of an entry's details as SQLite finds it, and as PostgreSQL does: as the text has it, for a cast to JSON would not be
/// immutable, as an index demands.
const OF_ENTRY: [&str; 2] =
    ["json_extract(details, '$.of_entry')", r#"substring(details from '"of_entry":"([^"]*)"')"#];

/// The statement in PostgreSQL's words.
pub(super) fn spoken(sql: &str) -> String {
    let mut parts = sql.split(LISTED);
    let first = parts.next().unwrap_or_default().to_owned();
    // One bracket of the two behind the list was the question's.
    let text = parts.fold(first, |text, part| text + "= ANY(" + &part.replacen("))", ")", 1));
    // Values; part of a text; the order of recording; a column that is not to be found by.
    let text = text.replace('?', "$").replace("instr(", "strpos(").replace(".rowid", ".recorded");
    text.replace("WHERE +", "WHERE ").replace(OF_ENTRY[0], OF_ENTRY[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_spoken(sql: &str, expected: &str) {
        assert_eq!(spoken(sql), expected);
    }

    #[test]
    fn shared_statements_are_put_into_other_words() {
        check_spoken(
            "WHERE a IN (SELECT value FROM json_each(?12)) AND b IN (SELECT value FROM json_each(?2)) LIMIT ?3",
            "WHERE a = ANY($12) AND b = ANY($2) LIMIT $3",
        );
        check_spoken("WHERE +plan = ?1 AND instr(name, ?2) > 0", "WHERE plan = $1 AND strpos(name, $2) > 0");
        check_spoken(
            "WHERE json_extract(details, '$.of_entry') = ?1",
            r#"WHERE substring(details from '"of_entry":"([^"]*)"') = $1"#,
        );
        check_spoken("ORDER BY settlement.rowid", "ORDER BY settlement.recorded");
        check_spoken("SELECT $1::text[] || ARRAY['a']", "SELECT $1::text[] || ARRAY['a']");
    }
}
