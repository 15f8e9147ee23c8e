//! What the tiers above the pool pay (`decisions` 27 to 36): second tier, large amounts, the subsidy of civil servants, assistance.

use super::fen::{WHOLE, left_of, share};
use super::sheet::Sheet;
use crate::judge::tariff::Figure;

/// The bands of a tier: what they begin at, whether their edges are counted from there, and each edge with its basis points.
struct Bands {
    begins: i64,
    are_above: bool,
    bands: Vec<(i64, i64)>,
}

impl Bands {
    fn read(of: Figure) -> Option<Bands> {
        let edge = |band: Figure| band.get("up_to").and_then(Figure::hundredths).unwrap_or(i64::MAX);
        let band = |band: Figure| Some((edge(band), band.get("percent")?.hundredths()?));
        Some(Bands {
            begins: of.get("deductible")?.hundredths()?,
            are_above: of.get("edges_on")?.text() == "above_deductible",
            bands: of.get("bands")?.each().filter_map(band).collect(),
        })
    }

    /// What an amount of the year comes to, not rounded: fen times basis points.
    fn come_to(&self, fen: i64) -> i64 {
        let (amount, begins) = if self.are_above { (left_of(fen, self.begins), 0) } else { (fen, self.begins) };
        let (mut lower, mut sum) = (0, 0);
        for (edge, points) in &self.bands {
            sum += left_of(amount.min(*edge), begins.max(lower)) * points;
            lower = *edge;
        }
        sum
    }

    /// What is paid of what comes on top of an amount.
    fn pay(&self, before: i64, more: i64) -> i64 {
        rounded(self.come_to(before + more) - self.come_to(before))
    }
}

/// Half up, from fen times basis points.
fn rounded(exact: i64) -> i64 {
    (exact.max(0) + WHOLE / 2) / WHOLE
}

impl Sheet<'_> {
    /// All of them in their order; so much lay beyond the cap of the year.
    pub(super) fn tiers(&mut self, cover: &str, beyond: i64) {
        if self.covers("second_tier", cover) {
            self.second_tier();
        }
        if beyond > 0 && self.covers("large_amount", cover) {
            self.large_amount(beyond);
        }
        if self.person.is_subsidised_on(self.begin) && self.covers("civil_servant", cover) {
            let by_group = self.figures.value("civil_servant", "ratio");
            let ratio = by_group.and_then(|ratios| ratios.get(self.population())).and_then(Figure::hundredths);
            let paid = share(self.left_in_scope(), ratio.unwrap_or(0));
            self.pays("320100", paid);
        }
        if self.covers("assistance", cover) {
            self.assistance(cover);
        }
    }

    fn covers(&self, subject: &str, cover: &str) -> bool {
        let covers = self.figures.value(subject, "covers");
        self.left_in_scope() > 0 && covers.is_some_and(|covers| covers.names(cover))
    }

    fn second_tier(&mut self) {
        let Some((bands, is_limited)) = self.second_bands() else { return };
        let (left, before) = (self.left_in_scope(), self.total("second_tier_base"));
        let ceiling = self.figures.fen("second_tier", "ceiling").filter(|_| is_limited);
        let room = ceiling.map_or(i64::MAX, |ceiling| left_of(ceiling, self.total("second_tier_paid")));
        let paid = bands.pay(before, left).min(left).min(room);
        self.adds("second_tier_base", left);
        self.adds("second_tier_paid", paid);
        self.pays("390200", paid);
    }

    /// The bands that hold for the person, and whether the ceiling does.
    fn second_bands(&self) -> Option<(Bands, bool)> {
        let rule = |parameter: &str| self.figures.value("second_tier", parameter);
        let theirs = |rule: &Figure| rule.get("attributes").is_some_and(|all| all.names_any(&self.attributes()));
        let is_limited = |rule: Figure| rule.get("ceiling_holds").is_none_or(Figure::is_yes);
        let general = Bands::read(rule("bands")?)?;
        if let Some(special) = rule("special").filter(theirs) {
            let points = |name: &str| special.get(name).and_then(Figure::hundredths).unwrap_or(0);
            let better = |(edge, of): &(i64, i64)| (*edge, (of + points("points")).max(points("least")).min(WHOLE));
            let bands = Bands {
                begins: share(general.begins, points("deductible_left")),
                are_above: general.are_above,
                bands: general.bands.iter().map(better).collect(),
            };
            return Some((bands, is_limited(special)));
        }
        match rule("own_bands").filter(theirs) {
            Some(own) => Some((Bands::read(own.get("bands")?)?, is_limited(own))),
            None => Some((general, true)),
        }
    }

    fn large_amount(&mut self, beyond: i64) {
        let Some(bands) = self.figures.value("large_amount", "bands").and_then(Bands::read) else { return };
        let mut paid = bands.pay(self.total("large_amount_cost"), beyond).min(self.left_in_scope());
        if let Some(ceiling) = self.figures.fen("large_amount", "common_ceiling") {
            let used = self.total("basic_paid") + self.total("large_amount_paid") + self.paid.values().sum::<i64>();
            paid = paid.min(left_of(ceiling, used));
        }
        self.adds("large_amount_cost", beyond);
        self.adds("large_amount_paid", paid);
        self.pays("330100", paid);
    }

    fn assistance(&mut self, cover: &str) {
        let left = self.left_in_scope();
        let number = |of: &Figure| of.get("class").and_then(|class| class.count());
        let theirs = |of: &Figure| of.get("attributes").is_some_and(|all| all.names_any(&self.attributes()));
        let classes = self.figures.value("assistance", "classes").into_iter().flat_map(Figure::each);
        let class = classes.filter(theirs).min_by_key(number);
        let mut paid = 0;
        if let Some(class) = class {
            let figure = |name: &str| class.get(name).and_then(Figure::hundredths).unwrap_or(0);
            let before = self.total("assistance_base");
            let more = left_of(before + left, figure("deductible")) - left_of(before, figure("deductible"));
            paid = rounded(more * figure("percent")).min(left);
            self.adds("assistance_base", left);
        }
        let lifted = self.lift(cover, paid);
        if class.is_none() && lifted == 0 {
            return;
        }
        let cap = self.figures.fen("assistance", "cap");
        let room = cap.map_or(i64::MAX, |cap| left_of(cap, self.total("assistance_paid")));
        let paid = (paid + lifted).min(room);
        self.adds("assistance_paid", paid);
        self.pays("610100", paid);
    }

    /// What lifts all that is paid to a share of what is in scope.
    fn lift(&self, cover: &str, assistance: i64) -> i64 {
        let Some(rule) = self.figures.value("assistance", "lift") else { return 0 };
        let has = |name: &str| rule.get(name).is_some_and(|all| all.names_any(&self.attributes()));
        let is_near = self.person.division == self.place.division;
        let at_home_only = rule.get("own_county_only").is_some_and(Figure::is_yes);
        if !has("attributes") || has("not_with") || cover != "inpatient" || (at_home_only && !is_near) {
            return 0;
        }
        let to = rule.get("to").and_then(Figure::hundredths).unwrap_or(0);
        left_of(share(self.split.in_scope(), to), self.paid.values().sum::<i64>() + assistance)
    }
}
