//! Reads the plain entries: events, supplies, what is granted, checklists, systems, counties and telephone numbers.

use super::{Reader, values, words};
use crate::plan::source::Table;
use yibao_domain::outage::{
    Actor, CarePeriod, Checklist, Contact, County, Event, Extension, HoldHarmless, Insurance, Protection, Supply,
    System, Tolerance, Unit,
};

/// The longest tolerance that makes sense, in days.
const TOLERANCE_MAX: u32 = 366;

impl Reader<'_> {
    pub(super) fn event(&self, table: &Table<'_>) -> Option<Event> {
        let id = table.needed_text("id");
        let name = table.needed_text("name");
        let who = table.words("who", Actor::of_word, words!(Actor));
        Some(Event { id: id?.value, name: name?.value, who, closes: None, line: table.line })
    }

    pub(super) fn supply(&self, table: &Table<'_>) -> Option<Supply> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let scope = self.scope(table);
        let (first, last) = (table.day("ends_from"), table.day("ends_until"));
        let dispense_before = table.needed_moment("dispense_before");
        let lasts_until = table.day("lasts_until").map(|day| day.value);
        let advice = table.needed_text("advice");
        if first.is_some() != last.is_some() {
            self.source.problem(table.line, "ends_from 与 ends_until 须同时填写");
        }
        Some(Supply {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            ends_between: first.zip(last).map(|(first, last)| (first.value, last.value)),
            dispense_before: dispense_before?.value,
            lasts_until,
            advice: advice?.value,
        })
    }

    pub(super) fn extension(&self, table: &Table<'_>) -> Option<Extension> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let scope = self.scope(table);
        let care = self.care_period(table);
        let (first, last) = (table.needed_day("limit_ends_from"), table.needed_day("limit_ends_until"));
        let due = self.due(table, &businesses);
        if due.is_none() {
            self.source.problem(table.line, "[[extension]]须写明顺延到何时：by，或 within… 与 after…");
        }
        Some(Extension {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            care,
            limit_ends: (first?.value, last?.value),
            due: due?,
        })
    }

    pub(super) fn tolerance(&self, table: &Table<'_>) -> Option<Tolerance> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let scope = self.scope(table);
        self.demand(table, "days", "请写明几日");
        let days = table.number("days", TOLERANCE_MAX);
        self.demand(table, "unit", "请写明 working_days 或 calendar_days");
        let unit = table.word("unit", Unit::of_word, words!(Unit));
        let from = self.start(table, &businesses);
        let (id, line, days, unit) = (id?.value, table.line, days?.value, unit?);
        Some(Tolerance { id, clauses, line, businesses, scope, days, unit, from })
    }

    pub(super) fn hold_harmless(&self, table: &Table<'_>) -> Option<HoldHarmless> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let scope = self.scope(table);
        let care = self.care_period(table);
        self.demand(table, "protects", "请写明哪些待遇不受影响");
        let protects = table.words("protects", Protection::of_word, words!(Protection));
        let due = self.due(table, &businesses);
        let advice = table.needed_text("advice");
        Some(HoldHarmless {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            care,
            protects,
            due,
            advice: advice?.value,
        })
    }

    /// `care_from` and `care_until`: relief for care of a period.
    fn care_period(&self, table: &Table<'_>) -> Option<CarePeriod> {
        let (from, until) = (table.moment("care_from"), table.moment("care_until"));
        if table.has("care_from") != table.has("care_until") {
            self.source.problem(table.line, "care_from 与 care_until 须同时填写");
        }
        let period = CarePeriod { from: from?.value.at, until: until?.value.at };
        if period.until <= period.from {
            self.source.problem(table.line, "就医时段先止（care_until）后起（care_from），请核对");
        }
        Some(period)
    }

    pub(super) fn checklist(&self, table: &Table<'_>) -> Option<Checklist> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let title = table.needed_text("title");
        let who = self.who(table);
        let items = values(table.needed_texts("items"));
        let by = table.moment("by").map(|at| at.value);
        Some(Checklist { id: id?.value, clauses, line: table.line, title: title?.value, who, items, by })
    }

    pub(super) fn county(&self, table: &Table<'_>) -> Option<County> {
        let code = table.needed_text("code");
        let name = table.needed_text("name");
        let also = table.texts("also");
        also.iter().for_each(|code| {
            self.division(code);
        });
        let code = code.filter(|code| self.division(code));
        Some(County { code: code?.value, name: name?.value, also: values(also), line: table.line })
    }

    pub(super) fn contact(&self, table: &Table<'_>) -> Option<Contact> {
        let county = table.needed_text("county");
        let office = table.needed_text("office");
        let insurance = table.word("scheme", Insurance::of_word, words!(Insurance));
        let telephone = table.needed_text("telephone");
        Some(Contact {
            county: county?.value,
            office: office?.value,
            insurance,
            telephone: telephone?.value,
            line: table.line,
        })
    }

    pub(super) fn system(&self, table: &Table<'_>) -> Option<System> {
        let id = table.needed_text("id");
        let name = table.needed_text("name");
        let role = table.needed_text("role");
        Some(System { id: id?.value, name: name?.value, role: role?.value })
    }
}
