//! What the pool pays of an ordinary visit and of one for the two diseases (`decisions` 40 to 42).

use super::fen::{left_of, share};
use super::sheet::Sheet;

impl Sheet<'_> {
    /// An ordinary visit: the person's own where the pool has no ratio for the place.
    pub(super) fn visit(&mut self) {
        let rule = |parameter: &str| self.figures.value("outpatient", parameter);
        let by_level =
            rule("ratio").and_then(|ratios| ratios.get(self.population()).or_else(|| ratios.get("everyone")));
        let Some(ratio) = by_level.and_then(|by_level| by_level.at(self.level())) else { return };
        let in_scope = self.split.in_scope();
        self.ratio = ratio;
        self.standard = self.figures.fen("outpatient", "year_deductible").unwrap_or(0);
        self.due = left_of(self.standard, self.total("outpatient_deductible_met"));
        self.met = in_scope.min(self.due);
        let of_day = rule("day_cap").and_then(|by_level| by_level.at(self.level()));
        let of_day = of_day.map(|cap| left_of(cap, self.total("outpatient_paid_day")));
        let of_year = self.figures.fen("outpatient", "year_cap");
        let of_year = of_year.map(|cap| left_of(cap, self.total("outpatient_paid")));
        let rooms = [of_day, of_year, self.room_with_prenatal()];
        let room = rooms.into_iter().flatten().min().unwrap_or(i64::MAX);
        let paid = share(in_scope - self.met, ratio).min(room);
        self.pays(self.pool(), paid);
        self.adds("outpatient_deductible_met", self.met);
        self.adds("outpatient_paid", paid);
        self.adds("outpatient_paid_day", paid);
    }

    /// A visit for one of the two diseases: no deductible, a cap by what is recognised; the person's own where there is no ratio.
    pub(super) fn two_diseases(&mut self) {
        let cap = match self.person.two_diseases {
            [_, _] => "cap_both",
            [("M01600", _)] => "cap_diabetes",
            _ => "cap_hypertension",
        };
        let ratio = self.figures.value("two_disease", "ratio").and_then(|by_level| by_level.at(self.level()));
        let Some(ratio) = ratio else { return };
        let cap = self.figures.fen("two_disease", cap);
        let room = cap.map_or(i64::MAX, |cap| left_of(cap, self.total("two_disease_paid")));
        let paid = share(self.split.in_scope(), ratio).min(room);
        self.ratio = ratio;
        self.adds("two_disease_paid", paid);
        self.pays(self.pool(), paid);
    }

    /// What is left of the cap that ordinary visits share with those before a birth.
    pub(super) fn room_with_prenatal(&self) -> Option<i64> {
        let cap = self.figures.fen("maternity", "prenatal_cap_with_outpatient")?;
        Some(left_of(cap, self.total("outpatient_paid") + self.total("prenatal_paid")))
    }
}
