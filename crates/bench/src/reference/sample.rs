//! The sample (取样): which rows the platform adds to or changes in its book for each message.
//!
//! A small city of its own is served by the real platform; the whole book is read before and after each message, and
//! what differs is what the message left. Nothing is known of the tables beyond their names for a visit and a
//! settlement: keys, columns and the order of foreign keys are asked of the engine.

use super::script::{Cell, Known, Part, Sampled, Script, Step, Write};
use anyhow::{Context, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// A stored value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Stored {
    Null,
    Integer(i64),
    Text(String),
}

/// A table, parents of its foreign keys before it in the list of tables.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// The columns' types, in the engine's own words.
    pub types: Vec<String>,
    /// Places of the primary key's columns.
    pub key: Vec<usize>,
}

impl Table {
    /// A table; one without a primary key has all its columns for a key.
    pub(crate) fn new(name: String, columns: Vec<String>, types: Vec<String>, key: &[String]) -> Table {
        let place = |name: &String| columns.iter().position(|column| column == name);
        let mut key: Vec<usize> = key.iter().filter_map(place).collect();
        if key.is_empty() {
            key = (0..columns.len()).collect();
        }
        Table { name, columns, types, key }
    }

    /// The key of a row.
    pub(crate) fn key_of(&self, row: &[Stored]) -> Vec<Stored> {
        self.key.iter().map(|column| row[*column].clone()).collect()
    }
}

/// A book that can be read whole, on any engine.
pub(crate) trait Book {
    /// Its tables, those that others refer to first.
    fn tables(&self) -> &[Table];
    /// Every row of every table.
    fn rows(&mut self) -> anyhow::Result<Rows>;
    /// How the engine writes a parameter of this number for a column of this type.
    fn placeholder(&self, number: usize, column_type: &str) -> String;
}

/// The rows of every table by their keys.
pub(crate) type Rows = Vec<BTreeMap<Vec<Stored>, Vec<Stored>>>;

/// A row that differs.
#[derive(Clone, Debug)]
struct Change {
    table: usize,
    before: Option<Vec<Stored>>,
    after: Vec<Stored>,
}

/// One message of a sampled journey.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub infno: String,
    pub msgid: String,
    pub before: Rows,
    pub after: Rows,
}

/// One sampled journey.
#[derive(Clone, Debug)]
pub(crate) struct Travelled {
    pub kind: String,
    pub person: String,
    pub certificate: String,
    pub provider: String,
    pub sent: Vec<Sent>,
}

/// The script of these journeys.
pub(crate) fn script(book: &dyn Book, journeys: &[Travelled]) -> anyhow::Result<Script> {
    let tables = book.tables();
    let mut found = Vec::new();
    for journey in journeys {
        found.push(Seen::of(tables, journey)?);
    }
    // A row that journeys share and that one of them had to make first is made where it is missing.
    let made: BTreeSet<usize> = found.iter().flat_map(|seen| seen.shared_and_made(tables)).collect();
    let mut script = Script::default();
    for seen in &found {
        let mut steps = Vec::new();
        for (infno, changes) in &seen.steps {
            let mut writes = Vec::new();
            for change in changes.iter().filter(|change| seen.is_usual(book, change, &found)) {
                let (sql, cells) = seen.statement(book, change, made.contains(&change.table));
                let known = script.statements.iter().position(|statement| *statement == sql);
                let statement = known.unwrap_or_else(|| {
                    script.statements.push(sql);
                    script.statements.len() - 1
                });
                writes.push(Write { statement, cells });
            }
            if !writes.is_empty() {
                steps.push(Step { infno: infno.clone(), writes });
            }
        }
        ensure!(!steps.is_empty(), "取样的{}没有留下任何行", seen.kind);
        script.journeys.push(Sampled { kind: seen.kind.clone(), steps, serials: seen.known.numbers.len() as u64 });
    }
    Ok(script)
}

/// A sampled journey with what its messages changed.
struct Seen {
    kind: String,
    known: Known,
    steps: Vec<(String, Vec<Change>)>,
}

impl Seen {
    fn of(tables: &[Table], journey: &Travelled) -> anyhow::Result<Seen> {
        let mut steps = Vec::new();
        let mut numbers: Vec<String> = journey.sent.iter().map(|sent| sent.msgid.clone()).collect();
        for sent in &journey.sent {
            let changes = changes(&sent.before, &sent.after).with_context(|| format!("取样交易 {}", sent.infno))?;
            for (table, column) in [("encounter", "mdtrt_id"), ("settlement", "setl_id")] {
                numbers.extend(new_numbers(tables, &changes, table, column));
            }
            steps.push((sent.infno.clone(), changes));
        }
        let (person, certificate) = (journey.person.clone(), journey.certificate.clone());
        let known = Known { person, certificate, provider: journey.provider.clone(), numbers };
        Ok(Seen { kind: journey.kind.clone(), known, steps })
    }

    /// Whether the key of a row is this journey's alone.
    fn is_own(&self, table: &Table, row: &[Stored]) -> bool {
        let is_own = |value: &Stored| match value {
            Stored::Text(text) => self.known.parts(text).iter().any(|part| matches!(part, Part::Serial(_))),
            _ => false,
        };
        table.key.iter().any(|column| is_own(&row[*column]))
    }

    /// The rank of the number that names a row of this journey whose key is a whole number within something that journeys
    /// share (a person's account): numbers that each journey counts on, and that a script cannot know.
    fn numbered_by(&self, table: &Table, row: &[Stored]) -> Option<u64> {
        let is_numbered = table.key.iter().any(|column| matches!(row[*column], Stored::Integer(_)));
        let rank = |value: &Stored| match value {
            Stored::Text(text) => self.known.parts(text).iter().find_map(|part| match part {
                Part::Serial(rank) => Some(*rank),
                _ => None,
            }),
            _ => None,
        };
        let counts_on = is_numbered && !self.is_own(table, row);
        row.iter().find_map(rank).filter(|_| counts_on)
    }

    /// Whether it is a row of this journey or person, or one that most journeys of the kind touch: numbers that the
    /// platform draws in blocks move a row of nobody's once in a thousand journeys.
    fn is_usual(&self, book: &dyn Book, change: &Change, all: &[Seen]) -> bool {
        let table = &book.tables()[change.table];
        let names_somebody = |value: &Stored| match value {
            Stored::Text(text) => self.known.parts(text).iter().any(|part| !matches!(part, Part::Same(_))),
            _ => false,
        };
        let key = table.key_of(&change.after);
        if key.iter().any(names_somebody) {
            return true;
        }
        let of_kind = || all.iter().filter(|seen| seen.kind == self.kind);
        let touches = |seen: &&Seen| {
            let mut changes = seen.steps.iter().flat_map(|(_, changes)| changes);
            changes.any(|other| other.table == change.table && table.key_of(&other.after) == key)
        };
        2 * of_kind().filter(touches).count() > of_kind().count()
    }

    fn shared_and_made<'a>(&'a self, tables: &'a [Table]) -> impl Iterator<Item = usize> + 'a {
        let changes = self.steps.iter().flat_map(|(_, changes)| changes);
        let is_shared = |change: &Change| {
            let table = &tables[change.table];
            !self.is_own(table, &change.after) && self.numbered_by(table, &change.after).is_none()
        };
        changes.filter(move |change| change.before.is_none() && is_shared(change)).map(|change| change.table)
    }

    /// The statement that does to another journey's row what was done to this one, and what is bound to it.
    fn statement(&self, book: &dyn Book, change: &Change, may_make: bool) -> (String, Vec<Cell>) {
        let table = &book.tables()[change.table];
        let after = &change.after;
        let cell = |value: &Stored| match value {
            Stored::Null => Cell::Null,
            Stored::Integer(number) => Cell::Integer(*number),
            Stored::Text(text) => Cell::Text(self.known.parts(text)),
        };
        let own = self.is_own(table, after);
        if own && change.before.is_none() {
            return (insert(book, table), after.iter().map(cell).collect());
        }
        if let (Some(rank), None) = (self.numbered_by(table, after), &change.before) {
            let number = |column: usize, value: &Stored| match value {
                Stored::Integer(_) if table.key.contains(&column) => Cell::Number(rank),
                other => cell(other),
            };
            return (
                insert(book, table),
                after.iter().enumerate().map(|(column, value)| number(column, value)).collect(),
            );
        }
        let before = |column: usize| change.before.as_ref().map(|row| &row[column]);
        // Of a row that journeys share, whole numbers move by what this journey moved them.
        let moved = |column: usize| match (before(column), &after[column]) {
            (Some(Stored::Integer(before)), Stored::Integer(after)) => Stored::Integer(after - before),
            (_, other) => other.clone(),
        };
        let differs = |column: usize| match before(column) {
            Some(before) => *before != after[column],
            None => after[column] != Stored::Integer(0),
        };
        let changed: Vec<usize> =
            (0..after.len()).filter(|column| !table.key.contains(column) && differs(*column)).collect();
        let adds = |column: usize| !own && matches!(after[column], Stored::Integer(_));
        if !own && may_make {
            let set = changed.iter().map(|column| {
                let name = &table.columns[*column];
                let new = format!("excluded.{name}");
                if adds(*column) {
                    format!("{name} = {}.{name} + {new}", table.name)
                } else {
                    format!("{name} = {new}")
                }
            });
            let key: Vec<&str> = table.key.iter().map(|column| table.columns[*column].as_str()).collect();
            let set = set.collect::<Vec<_>>().join(", ");
            let sql = format!("{} ON CONFLICT ({}) DO UPDATE SET {set}", insert(book, table), key.join(", "));
            let value = |column| if changed.contains(&column) { moved(column) } else { after[column].clone() };
            return (sql, (0..after.len()).map(|column| cell(&value(column))).collect());
        }
        let mut cells = Vec::new();
        let mut term = |column: usize, value: &Stored, sign: &str| {
            cells.push(cell(value));
            format!("{} = {sign}{}", table.columns[column], book.placeholder(cells.len(), &table.types[column]))
        };
        let mut set = Vec::new();
        for column in &changed {
            let name = &table.columns[*column];
            if adds(*column) {
                set.push(term(*column, &moved(*column), &format!("{name} + ")));
            } else {
                set.push(term(*column, &after[*column], ""));
            }
        }
        let place: Vec<String> = table.key.iter().map(|column| term(*column, &after[*column], "")).collect();
        let sql = format!("UPDATE {} SET {} WHERE {}", table.name, set.join(", "), place.join(" AND "));
        (sql, cells)
    }
}

fn insert(book: &dyn Book, table: &Table) -> String {
    let values: Vec<String> =
        (1..).zip(&table.types).map(|(number, column_type)| book.placeholder(number, column_type)).collect();
    format!("INSERT INTO {} ({}) VALUES ({})", table.name, table.columns.join(", "), values.join(", "))
}

/// Rows that were added, parents first, then rows that were changed.
fn changes(before: &Rows, after: &Rows) -> anyhow::Result<Vec<Change>> {
    let mut added = Vec::new();
    let mut changed = Vec::new();
    for (table, (before, after)) in before.iter().zip(after).enumerate() {
        if before.keys().any(|key| !after.contains_key(key)) {
            bail!("有行被删除，参照不会删除");
        }
        for (key, row) in after {
            match before.get(key) {
                None => added.push(Change { table, before: None, after: row.clone() }),
                Some(old) if old != row => {
                    changed.push(Change { table, before: Some(old.clone()), after: row.clone() });
                }
                Some(_) => {}
            }
        }
    }
    added.extend(changed);
    Ok(added)
}

/// Own numbers that a table's added rows have in this column.
fn new_numbers(tables: &[Table], changes: &[Change], table: &str, column: &str) -> Vec<String> {
    let added = changes.iter().filter(|change| change.before.is_none() && tables[change.table].name == table);
    let number = |change: &Change| {
        let place = tables[change.table].columns.iter().position(|name| name == column)?;
        match &change.after[place] {
            Stored::Text(number) => Some(number.clone()),
            _ => None,
        }
    };
    added.filter_map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city;

    /// A book with one table, whose rows a person's account numbers.
    struct Numbered([Table; 1]);

    impl Book for Numbered {
        fn tables(&self) -> &[Table] {
            &self.0
        }

        fn rows(&mut self) -> anyhow::Result<Rows> {
            Ok(Vec::new())
        }

        fn placeholder(&self, number: usize, _: &str) -> String {
            format!("?{number}")
        }
    }

    #[test]
    fn a_row_that_is_numbered_within_a_person_gets_a_number_of_its_journey() {
        let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let columns = texts(&["psn_no", "number", "amount_fen", "entry"]);
        let types = texts(&["TEXT", "INTEGER", "INTEGER", "TEXT"]);
        let table = Table::new("account_movement".to_owned(), columns, types, &texts(&["psn_no", "number"]));
        let msgid = format!("{}202107010000000042", city::pharmacy(3));
        let row =
            vec![Stored::Text(city::person(7)), Stored::Integer(3), Stored::Integer(-600), Stored::Text(msgid.clone())];
        let after = vec![BTreeMap::from([(table.key_of(&row), row)])];
        let journey = Travelled {
            kind: "购药".to_owned(),
            person: city::person(7),
            certificate: city::certificate(7),
            provider: city::pharmacy(3),
            sent: vec![Sent { infno: "2102".to_owned(), msgid, before: vec![BTreeMap::new()], after }],
        };
        let script = script(&Numbered([table]), &[journey]).unwrap();
        let insert = "INSERT INTO account_movement (psn_no, number, amount_fen, entry) VALUES (?1, ?2, ?3, ?4)";
        assert_eq!(script.statements, [insert]);
        let cells = &script.journeys[0].steps[0].writes[0].cells;
        assert_eq!(cells[..3], [Cell::Text(vec![Part::Person]), Cell::Number(0), Cell::Integer(-600)]);
    }
}
