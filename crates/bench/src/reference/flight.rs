//! One flight (一次往返): all writes of a message as one statement, which is its own transaction.
//!
//! Rows for one table travel as one insert of many rows, and what goes to several tables as one statement with a
//! modifying `WITH`; the engine parses nothing, plans nothing, and is asked once.

use super::script::{Sampled, Script, Step, Write};

const VALUES: &str = " VALUES ";
const CONFLICT: &str = " ON CONFLICT ";

/// The same script with one statement a message.
pub(crate) fn in_one_flight(script: &Script) -> Script {
    let mut joined = Script::default();
    for sampled in &script.journeys {
        let mut steps = Vec::new();
        for step in &sampled.steps {
            let (sql, cells) = one(&script.statements, &step.writes);
            let known = joined.statements.iter().position(|statement| *statement == sql);
            let statement = known.unwrap_or_else(|| {
                joined.statements.push(sql);
                joined.statements.len() - 1
            });
            steps.push(Step { infno: step.infno.clone(), writes: vec![Write { statement, cells }] });
        }
        joined.journeys.push(Sampled { steps, ..sampled.clone() });
    }
    joined
}

fn one(statements: &[String], writes: &[Write]) -> (String, Vec<super::script::Cell>) {
    let mut parts: Vec<String> = Vec::new();
    let mut cells = Vec::new();
    for together in writes.chunk_by(|one, next| one.statement == next.statement) {
        let sql = &statements[together[0].statement];
        let mut texts = Vec::new();
        for write in together {
            texts.push(renumbered(sql, cells.len()));
            cells.extend(write.cells.iter().cloned());
        }
        if sql.starts_with("INSERT") { parts.push(many_rows(&texts)) } else { parts.extend(texts) }
    }
    let last = parts.pop().unwrap_or_default();
    if parts.is_empty() {
        return (last, cells);
    }
    let named: Vec<String> = (0..).zip(&parts).map(|(number, part)| format!("w{number} AS ({part})")).collect();
    (format!("WITH {} {last}", named.join(", ")), cells)
}

/// Inserts of one row each as one insert.
fn many_rows(texts: &[String]) -> String {
    let mut tuples = Vec::new();
    let (mut head, mut tail) = ("", "");
    for text in texts {
        let (before, rest) = text.split_once(VALUES).unwrap_or((text, ""));
        let tuple = rest.split_once(CONFLICT).map_or(rest, |(tuple, _)| tuple);
        (head, tail) = (before, &rest[tuple.len()..]);
        tuples.push(tuple);
    }
    format!("{head}{VALUES}{}{tail}", tuples.join(", "))
}

/// The statement with its parameters counted from `first` on.
fn renumbered(sql: &str, first: usize) -> String {
    let mut pieces = sql.split('$');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.len() - piece.trim_start_matches(|character: char| character.is_ascii_digit()).len();
        let number: usize = piece[..digits].parse().unwrap_or(0);
        text.push_str(&format!("${}{}", number + first, &piece[digits..]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::script::Cell;
    use super::*;

    #[test]
    fn the_writes_of_a_message_become_one_statement() {
        let write =
            |statement, cells: &[i64]| Write { statement, cells: cells.iter().map(|it| Cell::Integer(*it)).collect() };
        let script = Script {
            statements: vec![
                "INSERT INTO line (a, b) VALUES ($1::bigint, $2::bigint)".to_owned(),
                "INSERT INTO total (a, b) VALUES ($1::bigint, $2::bigint) ON CONFLICT (a) DO UPDATE SET b = 1"
                    .to_owned(),
                "UPDATE account SET b = b + $1::bigint WHERE a = $2::bigint".to_owned(),
            ],
            journeys: vec![Sampled {
                kind: "购药".to_owned(),
                serials: 1,
                steps: vec![Step {
                    infno: "2102".to_owned(),
                    writes: vec![write(0, &[1, 2]), write(0, &[3, 4]), write(1, &[5, 6]), write(2, &[7, 8])],
                }],
            }],
        };
        let joined = in_one_flight(&script);
        let expected = "WITH w0 AS (INSERT INTO line (a, b) VALUES ($1::bigint, $2::bigint), ($3::bigint, $4::bigint)), \
                        w1 AS (INSERT INTO total (a, b) VALUES ($5::bigint, $6::bigint) ON CONFLICT (a) DO UPDATE SET b = 1) \
                        UPDATE account SET b = b + $7::bigint WHERE a = $8::bigint";
        assert_eq!(joined.statements, [expected]);
        let cells = &joined.journeys[0].steps[0].writes[0].cells;
        assert_eq!(*cells, (1..=8).map(Cell::Integer).collect::<Vec<_>>());
    }
}
