//! The script (脚本): statements, and for each journey what is bound to them.

use crate::city;
use serde::{Deserialize, Serialize};

/// All that the reference writes.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Script {
    /// SQL with numbered parameters.
    pub statements: Vec<String>,
    /// Journeys as they were sampled, by kind.
    pub journeys: Vec<Sampled>,
}

/// One journey of the platform, as rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sampled {
    /// Kind, as the traffic names it.
    pub kind: String,
    /// Its messages that leave something.
    pub steps: Vec<Step>,
    /// How many own numbers it uses.
    pub serials: u64,
}

/// What one message leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    /// Number of the transaction.
    pub infno: String,
    /// In the order of their foreign keys.
    pub writes: Vec<Write>,
}

/// One row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Write {
    /// Which statement.
    pub statement: usize,
    /// What is bound.
    pub cells: Vec<Cell>,
}

/// What is bound to a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Text(Vec<Part>),
    /// The journey's own number of this rank, where rows are numbered within a person: two journeys of one person must
    /// not meet.
    Number(u64),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Part {
    /// The same in every journey.
    Same(String),
    /// The person's number.
    Person,
    /// The person's certificate.
    Certificate,
    /// The provider's number.
    Provider,
    /// The eight digits that end the journey's own number of this rank.
    Serial(u64),
}

/// Digits of an own number that differ from journey to journey.
pub(crate) const SERIAL_DIGITS: usize = 8;

/// Who a journey is of.
#[derive(Clone, Debug)]
pub(crate) struct Traveller {
    /// As the city counts them.
    pub person: u64,
    /// The provider's number.
    pub provider: String,
    /// Its first own number.
    pub first_serial: u64,
}

/// A value to be bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
}

impl Cell {
    /// The value for this journey.
    pub(crate) fn of(&self, traveller: &Traveller) -> Value {
        match self {
            Cell::Null => Value::Null,
            Cell::Integer(value) => Value::Integer(*value),
            Cell::Number(rank) => Value::Integer(i64::try_from(traveller.first_serial + rank).unwrap_or(i64::MAX)),
            Cell::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        Part::Same(same) => text.push_str(same),
                        Part::Person => text.push_str(&city::person(traveller.person)),
                        Part::Certificate => text.push_str(&city::certificate(traveller.person)),
                        Part::Provider => text.push_str(&traveller.provider),
                        Part::Serial(rank) => {
                            text.push_str(&format!("{:0SERIAL_DIGITS$}", traveller.first_serial + rank));
                        }
                    }
                }
                Value::Text(text)
            }
        }
    }
}

/// What is known of a sampled journey: texts that other journeys have otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub person: String,
    pub certificate: String,
    pub provider: String,
    /// Whole own numbers, in the order of their ranks: of messages, of the encounter, of the settlement.
    pub numbers: Vec<String>,
}

impl Known {
    /// A text with its holes.
    pub(crate) fn parts(&self, text: &str) -> Vec<Part> {
        let mut parts = vec![Part::Same(text.to_owned())];
        for (rank, number) in self.numbers.iter().enumerate() {
            let (front, _) = number.split_at(number.len() - SERIAL_DIGITS);
            parts = cut(parts, number, &[Part::Same(front.to_owned()), Part::Serial(rank as u64)]);
        }
        parts = cut(parts, &self.person, &[Part::Person]);
        parts = cut(parts, &self.certificate, &[Part::Certificate]);
        parts = cut(parts, &self.provider, &[Part::Provider]);
        parts.retain(|part| !matches!(part, Part::Same(same) if same.is_empty()));
        parts
    }
}

/// Puts `instead` where a text that is the same so far has `word`.
fn cut(parts: Vec<Part>, word: &str, instead: &[Part]) -> Vec<Part> {
    let mut cut = Vec::new();
    for part in parts {
        match part {
            Part::Same(text) => {
                for (place, piece) in text.split(word).enumerate() {
                    if place > 0 {
                        cut.extend_from_slice(instead);
                    }
                    cut.push(Part::Same(piece.to_owned()));
                }
            }
            other => cut.push(other),
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_one_journey_becomes_that_of_another() {
        let known = Known {
            person: city::person(7),
            certificate: city::certificate(7),
            provider: city::pharmacy(3),
            numbers: vec![format!("{}202107010000000042", city::pharmacy(3)), "52050020210701200000009".to_owned()],
        };
        let text =
            format!("{}|{}202107010000000042|52050020210701200000009|C0000000007", city::person(7), "P52050200003");
        let parts = known.parts(&text);
        let traveller = Traveller { person: 12, provider: city::pharmacy(4), first_serial: 100 };
        let expected = "52050000000012|P52050200004202107010000000100|52050020210701200000101|C0000000012";
        assert_eq!(Cell::Text(parts).of(&traveller), Value::Text(expected.to_owned()));
        assert_eq!(known.parts("布洛芬"), [Part::Same("布洛芬".to_owned())]);
    }
}
