//! The census of a book (清点): counts and sums by which two copies of a book are compared.
//!
//! The questions are made from the descriptions of the records, the same for every engine.

use crate::book::tables;
use crate::engine::{Engine, Question, once};
use crate::fault::Fault;
use crate::record::{Record, Table};
use yibao_domain::register::{Entry, State};

/// One figure of the census.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure {
    /// What was counted or summed, in Chinese; sums of amounts are in fen.
    pub name: &'static str,
    /// The count or sum.
    pub value: i64,
}

/// Takes the census, all figures of one state.
pub(crate) fn take(tx: &mut impl Engine) -> Result<Vec<Figure>, Fault> {
    let mut values = vec![Vec::new(); questions().len()];
    let asked = questions().iter().zip(&mut values);
    let mut asked: Vec<_> = asked.map(|((_, sql), value)| Question::new(value, sql, &[], |row| row.take())).collect();
    tx.ask(("taking the census", ""), &mut asked)?;
    drop(asked);
    let figure = |((name, _), value): (&'static (String, String), Vec<i64>)| Figure { name, value: value.iter().sum() };
    Ok(questions().iter().zip(values).map(figure).collect())
}

/// What is asked: a name, and a question with one whole number as its answer. For every table its rows, those of the
/// registers by state, and the sums that its description names.
fn questions() -> &'static [(String, String)] {
    once!(Vec<(String, String)>, tables().into_iter().flat_map(of_table).collect())
}

fn of_table(table: &Table) -> Vec<(String, String)> {
    let name = table.name;
    let rows = (table.title.to_owned(), format!("SELECT count(*) FROM {name}"));
    let states: &[State] = if name == Entry::table().name { State::KNOWN } else { &[] };
    let of_state = |state: &State| {
        let question = format!("SELECT count(*) FROM {name} WHERE state = '{}'", state.word());
        (format!("{}：{}", table.title, state.name()), question)
    };
    let sum = |(title, summed): &(&str, &str)| {
        ((*title).to_owned(), format!("SELECT CAST(coalesce(sum({summed}), 0) AS bigint) FROM {name}"))
    };
    let states = states.iter().map(of_state);
    std::iter::once(rows).chain(states).chain(table.sums.iter().map(sum)).collect()
}
