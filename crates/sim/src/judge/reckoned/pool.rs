//! What the pool pays of a stay, of long diseases and of special drugs, under the cap of the year (`decisions` 21, 24, 25, 43 to 45).

use super::deductible::Due;
use super::fen::{cost_of, left_of, share};
use super::sheet::Sheet;
use crate::judge::tariff::Figure;
use std::collections::BTreeSet;

/// What the list of diseases says of one.
struct Listed {
    is_chronic: bool,
    earns_points: bool,
}

impl Sheet<'_> {
    /// An ordinary stay.
    pub(super) fn stay(&mut self, due: Due) {
        self.ratio = self.inpatient_ratio(self.diagnoses_earn());
        self.under_the_cap("inpatient", due);
    }

    /// What is left of the cap of the year.
    fn room(&self) -> Option<i64> {
        let cap = self.figures.value("inpatient", "annual_cap")?;
        let used =
            if cap.get("limits").is_some_and(|limits| limits.text() == "cost") { "basic_cost" } else { "basic_paid" };
        Some(left_of(cap.get("amount")?.hundredths()?, self.total(used)))
    }

    /// Whether the cap limits what care costs, and not what is paid for it.
    fn limits_cost(&self) -> bool {
        let cap = self.figures.value("inpatient", "annual_cap");
        cap.and_then(|cap| cap.get("limits")).is_some_and(|limits| limits.text() == "cost")
    }

    fn under_the_cap(&mut self, cover: &str, due: Due) {
        let (in_scope, room) = (self.split.in_scope(), self.room());
        self.standard = due.standard;
        // Where nothing is left nothing is taken.
        if room == Some(0) {
            self.tiers(cover, in_scope);
            return;
        }
        self.due = due.due;
        self.met = in_scope.min(due.due);
        let base = in_scope - self.met;
        let full = share(base, self.ratio);
        let (paid, cost) = match room {
            Some(room) if self.limits_cost() => (share(base.min(room), self.ratio), base.min(room)),
            Some(room) if full > room => (room, cost_of(room, self.ratio).min(base)),
            _ => (full, base),
        };
        self.pays(self.pool(), paid);
        self.adds("basic_paid", paid);
        self.adds("basic_cost", cost);
        self.tiers(cover, base - cost);
    }

    /// A visit for a long disease.
    pub(super) fn special_disease(&mut self, code: &str) {
        let own = self.listed(code, self.person.chronic.map_or("", |chronic| chronic.name));
        self.ratio = self.inpatient_ratio(own.earns_points);
        if own.is_chronic {
            self.chronic();
            return;
        }
        let due = self.of_disease();
        self.under_the_cap("special_disease", due);
        if self.due > 0 {
            let before = self.total("special_disease_deductible_standard");
            self.adds("special_disease_deductible_standard", left_of(due.standard, before));
            self.adds("special_disease_deductible_met", self.met);
        }
    }

    /// By the longest code that fits, else by a word of the name.
    fn listed(&self, code: &str, name: &str) -> Listed {
        let list = || self.figures.value("special_disease", "diseases").into_iter().flat_map(Figure::each);
        let words = |of: Figure, key: &str| of.get(key).into_iter().flat_map(Figure::each).map(Figure::text);
        let length = |of: &Figure| words(*of, "codes").filter(|start| code.starts_with(start)).map(str::len).max();
        let by_code = list().filter(|of| length(of).is_some()).max_by_key(|of| length(of));
        let entry = by_code.or_else(|| list().find(|of| words(*of, "words").any(|word| name.contains(word))));
        let group = entry.and_then(|of| of.get("group"));
        let group = group.or_else(|| self.figures.value("special_disease", "unmarked"));
        Listed {
            is_chronic: group.is_some_and(|group| group.text() == "chronic"),
            earns_points: entry.and_then(|of| of.get("earns_points")).is_some_and(Figure::is_yes),
        }
    }

    /// A deductible once a year, and a cap of its own, which is higher for who has several.
    fn chronic(&mut self) {
        let in_scope = self.split.in_scope();
        let figure = |parameter: &str| self.figures.fen("special_disease", parameter);
        self.standard = figure("chronic_deductible").unwrap_or(0);
        self.due = left_of(self.standard, self.total("chronic_deductible_met"));
        self.met = in_scope.min(self.due);
        let held = self.person.recognised_on(self.begin);
        let held: BTreeSet<&str> =
            held.filter(|one| self.listed(one.code, one.name).is_chronic).map(|one| one.code).collect();
        let several = figure("chronic_cap_several").filter(|_| held.len() > 1);
        let cap = several.or_else(|| figure("chronic_cap"));
        let room = cap.map_or(i64::MAX, |cap| left_of(cap, self.total("chronic_paid")));
        let paid = share(in_scope - self.met, self.ratio).min(room);
        self.adds("chronic_deductible_met", self.met);
        self.adds("chronic_paid", paid);
        self.pays(self.pool(), paid);
        self.tiers("chronic_disease", 0);
    }

    /// Special drugs at their supplier: those that are paid alone have a cap of their own, all of them that of the year.
    pub(super) fn special_drugs(&mut self) {
        let Some(ratio) = self.figures.points("special_drug", "ratio") else { return };
        let (single, high) = self.split.special_drugs();
        if single == 0 && high == 0 {
            return;
        }
        let own = self.figures.fen("special_drug", "single_payment_cap");
        let own = own.map_or(i64::MAX, |cap| left_of(cap, self.total("single_payment_paid")));
        let room = self.room().map_or(i64::MAX, |room| if self.limits_cost() { share(room, ratio) } else { room });
        let single = share(single, ratio).min(own).min(room);
        let paid = single + share(high, ratio).min(room - single);
        self.ratio = ratio;
        self.pays(self.pool(), paid);
        self.adds("single_payment_paid", single);
        self.adds("basic_paid", paid);
        let (single, high) = self.split.special_drugs();
        self.adds("basic_cost", cost_of(paid, ratio).min(single + high));
    }
}
