//! The census of a book: the shared questions, all asked of one state.

use super::line::{Answer, Line, Step};
use super::trouble::Trouble;
use crate::census::{Figure, questions};
use crate::fault::Fault;

/// Takes the census in one flight.
pub(super) fn take(line: &mut Line) -> Result<Vec<Figure>, Fault> {
    let mut steps = vec![Step::Command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")];
    steps.extend(questions().iter().map(|(_, question)| Step::Ask(question, Vec::new())));
    steps.push(Step::Command("COMMIT"));
    let mut answers = line.fly(&steps).into_iter().skip(1);
    let mut figures = Vec::with_capacity(questions().len());
    for (name, _) in questions() {
        let fault = |trouble: Trouble| trouble.fault("taking the census", name);
        let rows = answers.next().map_or(Ok(Vec::new()), |answer| answer.map(Answer::rows)).map_err(fault)?;
        let value = rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(|error| fault(error.into()))?;
        figures.push(Figure { name, value });
    }
    Ok(figures)
}
