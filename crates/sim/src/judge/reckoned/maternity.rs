//! What is paid for births, the visits before them, and family planning (`decisions` 46 to 48).

use super::fen::share;
use super::sheet::Sheet;
use crate::judge::tariff::Figure;
use crate::life::Kind;
use yibao_domain::code::Scheme;

impl Sheet<'_> {
    /// By what the papers of the care state.
    pub(super) fn maternity(&mut self) {
        let Some(birth) = self.event.birth else { return };
        match (&self.event.kind, birth.birctrl_type) {
            (Kind::Stay { .. }, _) => self.delivery(birth.matn_type != "1", birth.children.unwrap_or(1)),
            (Kind::FamilyPlanning, procedure) => {
                self.by_ratio("procedure_ratio");
                if matches!(procedure, "3" | "4") {
                    self.early_end(birth.weeks);
                }
            }
            _ => self.before_a_birth(),
        }
    }

    /// The fund of maternity.
    fn of_maternity(&self) -> &'static str {
        if self.person.scheme == Scheme::Employee { "510100" } else { "390100" }
    }

    fn before_a_birth(&mut self) {
        let by_level = self.figures.value("maternity", "prenatal_ratio");
        let Some(ratio) = by_level.and_then(|by_level| by_level.at(self.level())) else { return };
        let room = self.room_with_prenatal();
        let paid = share(self.split.in_scope(), ratio).min(room.unwrap_or(i64::MAX));
        self.ratio = ratio;
        if room.is_some() {
            self.adds("prenatal_paid", paid);
        }
        self.pays(self.of_maternity(), paid);
    }

    fn delivery(&mut self, is_difficult: bool, children: i64) {
        let sums = self.figures.value("maternity", "delivery_sums");
        let of_level =
            sums.and_then(|sums| sums.get(if is_difficult { "difficult" } else { "vaginal" })?.at(self.level()));
        let part = |name: &str| sums.and_then(|sums| sums.get(name)).and_then(Figure::hundredths).unwrap_or(0);
        match of_level.map(|of| of + part("further_child") * (children - 1).max(0) + part("newborn")) {
            None => self.by_ratio("delivery_ratio"),
            Some(sum) if sums.and_then(|sums| sums.get("kind")).is_some_and(|kind| kind.text() == "fixed") => {
                let paid = sum.min(self.split.total());
                self.pays(self.of_maternity(), paid);
                self.pays_beside(self.of_maternity(), sum - paid);
            }
            Some(sum) => self.pays(self.of_maternity(), sum.min(self.split.in_scope())),
        }
        if let Some(sum) = self.figures.fen("maternity", "prenatal_sum") {
            self.pays_beside(self.of_maternity(), sum);
        }
    }

    fn by_ratio(&mut self, parameter: &str) {
        let Some(ratio) = self.figures.points("maternity", parameter) else { return };
        self.ratio = ratio;
        self.pays(self.of_maternity(), share(self.split.in_scope(), ratio));
    }

    /// The sum for the visits before a pregnancy that ended early, by full months of four weeks.
    fn early_end(&mut self, weeks: i64) {
        let sums = self.figures.value("maternity", "early_end_sums").into_iter().flat_map(Figure::each);
        let from = |of: &Figure| of.get("from_month").and_then(|month| month.count()).unwrap_or(i64::MAX);
        let reached = sums.filter(|of| from(of) <= weeks / 4).max_by_key(from);
        let sum = reached.and_then(|of| of.get("sum")).and_then(Figure::hundredths);
        self.pays_beside(self.of_maternity(), sum.unwrap_or(0));
    }
}
