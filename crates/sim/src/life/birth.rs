//! Births and family planning (生育、计划生育).

use super::drawn::{Due, Life};
use super::{Birth, Event, Kind, Leaves, Line};
use crate::city::City;
use jiff::ToSpan;
use jiff::civil::DateTime;

/// When the child of a birth came; nothing of other care.
pub fn born(city: &City, event: &Event) -> Option<DateTime> {
    event.birth.and_then(|birth| birth.children)?;
    let mut dice = city.dice("birth", event.id.person);
    Some(dice.moment(event.at, event.ended()))
}

impl Life<'_> {
    /// A newborn's care before the enrolment: paid, and claimed in its order once the child is known.
    pub(super) fn before_enrolment(&mut self, at: DateTime, enrolled: DateTime) {
        self.visit(at);
        let Some(event) = self.events.last_mut() else { return };
        let minutes = 10 + 2 * i64::from(event.id.ordinal);
        event.claimed = Some(enrolled.saturating_add(minutes.minutes()));
        (event.cancelled, event.again) = (None, None);
    }

    /// A visit before the birth, and the next one.
    pub(super) fn prenatal(&mut self, at: DateTime) {
        let city = self.city;
        let delivery = self.dues.iter().find(|(_, due)| *due == Due::Delivery).map(|(due, _)| *due);
        let Some(delivery) = delivery else { return };
        let place = self.place(&["3", "2", "1", "township"]);
        let mut lines = Vec::new();
        self.some(&city.stock.services[3..6], at, 1, 2, &mut lines);
        let mut event = self.event(place, at, Kind::Prenatal, lines);
        let weeks = 40 - delivery.duration_since(at).as_hours() / (7 * 24);
        event.birth = Some(Birth { matn_type: "7", birctrl_type: "", day: at.date(), weeks, children: None });
        self.ordinary(event);
        self.dues.push((at.saturating_add(self.dice.between(5, 12).days()), Due::Prenatal));
    }

    /// The birth.
    pub(super) fn delivery(&mut self, at: DateTime) {
        let city = self.city;
        let place = self.place(&["3", "2", "1"]);
        let matn_type = self.dice.pick(&["1", "1", "1", "2", "3", "4"]);
        let days = if matn_type == "1" { self.dice.between(1, 3) } else { self.dice.between(3, 7) };
        let (until, mut lines) = self.days_of_stay(at, days);
        let born = self.dice.moment(at, until);
        self.some(&city.stock.operations[3..], born, 1, 1, &mut lines);
        let settled_after = self.dice.between(60, 90_000);
        let kind = Kind::Stay { until, part: None, leaves: Leaves::Home, settled_after };
        let mut event = self.event(place, at, kind, lines);
        event.diagnoses = vec![if matn_type == "1" { ("O80.000", "单胎顺产") } else { ("O82.000", "剖宫产") }];
        let children = Some(self.dice.weighed(&[(1, 5), (2, 2), (3, 1)]));
        event.birth = Some(Birth { matn_type, birctrl_type: "", day: at.date(), weeks: 40, children });
        self.events.push(event);
    }

    /// A procedure, or the early end of a pregnancy.
    pub(super) fn family_planning(&mut self, at: DateTime) {
        let city = self.city;
        let place = self.place(&["3", "2", "1"]);
        let birctrl_type = self.dice.pick(&["1", "2", "3"]);
        let approval = "0";
        let item = &city.stock.operations[0];
        let mut lines = vec![Line {
            serial: "1".to_owned(),
            at,
            code: item.code,
            count: 1,
            price: item.price,
            approval,
            returns: None,
        }];
        self.some(&city.stock.drugs, at, 1, 2, &mut lines);
        let mut event = self.event(place, at, Kind::FamilyPlanning, lines);
        let weeks = self.dice.between(6, 20);
        event.birth = Some(Birth { matn_type: "", birctrl_type, day: at.date(), weeks, children: None });
        self.ordinary(event);
    }
}
