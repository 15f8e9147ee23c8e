//! What of the deductible is due (`decisions` 15 to 20, 43, 44).

use super::fen::{left_of, share};
use super::sheet::Sheet;
use crate::judge::actuary::{Actuary, Before};
use crate::judge::row::Row;
use crate::life::{EventId, Kind};
use std::collections::BTreeSet;
use yibao_domain::money::Money;

/// A deductible before it is met.
#[derive(Clone, Copy, Default)]
pub(super) struct Due {
    /// That of the hospital.
    pub standard: i64,
    /// What of it is due.
    pub due: i64,
}

impl Sheet<'_> {
    /// That of the hospital, by its level.
    pub(super) fn of_the_hospital(&self) -> i64 {
        let by_level = self.figures.value("inpatient", "deductible");
        by_level.and_then(|by_level| by_level.at(self.level())).unwrap_or(0)
    }
}

/// Of a stay: that of its hospital by its number in the year, less what its own parts and the other legs of its transfer have met.
/// The stay counts in the year, unless a part or a leg of it does already.
pub(super) fn of_stay(sheet: &mut Sheet<'_>, actuary: &Actuary<'_>, row: &Row<'_>, before: &[Before<'_>]) -> Due {
    let (chain, year) = (actuary.chain(row.event), row.last_day.year());
    let mut seen: BTreeSet<EventId> = chain.clone();
    let is_this_year = actuary.city.begins.year() == year;
    let from_before = actuary.person.totals_before().into_iter().filter(|(name, _)| *name == "inpatient_stays");
    let mut earlier: i64 = from_before.filter(|_| is_this_year).map(|(_, stays)| stays).sum();
    let is_stay = |one: &&Before<'_>| {
        let of = one.row.event;
        matches!(of.kind, Kind::Stay { .. }) && of.birth.is_none() && !one.only_met && one.row.last_day.year() == year
    };
    for one in before.iter().filter(is_stay) {
        if !seen.contains(&one.row.event.id) {
            seen.extend(actuary.chain(one.row.event));
            earlier += 1;
        }
    }
    let own = || before.iter().filter(|one| chain.contains(&one.row.event.id));
    let counts = |one: &Before<'_>| {
        let added = one.row.booked.settlement.accumulations.iter();
        !one.only_met
            && one.row.last_day.year() == year
            && added.map(|one| &*one.name).any(|name| name == "inpatient_stays")
    };
    if !own().any(counts) {
        sheet.adds("inpatient_stays", 1);
    }
    let standard = sheet.of_the_hospital();
    let reduced = sheet.reduced(standard, earlier);
    let met: i64 = own().map(|one| one.priced.decision.deductible.met).map(Money::as_fen).sum();
    Due { standard, due: left_of(reduced, met) }
}

impl Sheet<'_> {
    /// By the number of the stay in its year, and for who is poor.
    fn reduced(&self, standard: i64, earlier: i64) -> i64 {
        let repeated = self.figures.value("inpatient", "repetition");
        let shares = repeated.and_then(|rule| rule.get("shares")).map(|shares| Vec::from_iter(shares.each()));
        let step = repeated.and_then(|rule| rule.get("step")).and_then(|step| step.hundredths());
        let mut reduced = standard;
        if let Some(shares) = shares {
            let at = usize::try_from(earlier).unwrap_or(usize::MAX);
            let of = shares.get(at).or(shares.last()).and_then(|of| of.hundredths());
            reduced = of.map_or(standard, |of| share(standard, of));
        } else if let Some(step) = step {
            let floor = repeated.and_then(|rule| rule.get("floor")).and_then(|floor| floor.at(self.level()));
            reduced = (standard - step * earlier).max(floor.unwrap_or(0).min(standard)).max(0);
        }
        let Some(rule) = self.figures.value("inpatient", "reduction") else { return reduced };
        let is_poor = rule.get("attributes").is_some_and(|attributes| attributes.names_any(&self.attributes()));
        let left = rule.get("left").and_then(|left| left.hundredths());
        left.filter(|_| is_poor).map_or(reduced, |left| share(reduced, left))
    }

    /// Of a special disease, once a year: the highest of those used so far, less what was met.
    pub(super) fn of_disease(&self) -> Due {
        let way = self.figures.value("special_disease", "special_deductible");
        if way.is_none_or(|way| way.text() != "yearly_highest_level") {
            return Due::default();
        }
        let standard = self.of_the_hospital();
        let highest = standard.max(self.total("special_disease_deductible_standard"));
        Due { standard, due: left_of(highest, self.total("special_disease_deductible_met")) }
    }
}
