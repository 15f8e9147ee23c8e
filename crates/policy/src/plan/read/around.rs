//! Reads what holds around the closings: slow periods, frozen settlements, unbroken insurance, counts at an instant.

use super::{Reader, values, words};
use crate::plan::source::Table;
use yibao_domain::outage::{Continuity, Counted, Degraded, Freeze, Invariant};

impl Reader<'_> {
    pub(super) fn degraded(&self, table: &Table<'_>) -> Option<Degraded> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let scope = self.scope(table);
        let from = table.moment("from").map(|at| at.value);
        let until = table.needed_moment("until");
        let advice = table.needed_text("advice");
        Some(Degraded {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            from,
            until: until?.value,
            advice: advice?.value,
        })
    }

    pub(super) fn freeze(&self, table: &Table<'_>) -> Option<Freeze> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let scope = self.scope(table);
        let at = table.needed_moment("at");
        let advice = table.needed_text("advice");
        Some(Freeze {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            at: at?.value,
            advice: advice?.value,
        })
    }

    pub(super) fn continuity(&self, table: &Table<'_>) -> Option<Continuity> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let scope = self.scope(table);
        let (first, last) = (table.needed_day("breaks_from"), table.needed_day("breaks_until"));
        let due = self.due(table, &[]);
        if due.is_none() {
            let text = "[[continuity]]须写明何时以前续保：by，或 within… 与 after_reopening_of";
            self.source.problem(table.line, text);
        }
        let advice = table.needed_text("advice");
        Some(Continuity {
            id: id?.value,
            clauses,
            line: table.line,
            scope,
            breaks: (first?.value, last?.value),
            due: due?,
            advice: advice?.value,
        })
    }

    pub(super) fn invariant(&self, table: &Table<'_>) -> Option<Invariant> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let at = table.needed_moment("at");
        self.demand(table, "counts", "请写明哪些应为零");
        let counts = table.words("counts", Counted::of_word, words!(Counted));
        let scope = self.scope(table);
        let advice = table.needed_text("advice");
        Some(Invariant {
            id: id?.value,
            clauses,
            line: table.line,
            at: at?.value,
            counts,
            scope,
            advice: advice?.value,
        })
    }
}
