//! Faults on the way to the order of care: one person's holds up nobody, is counted, and is tried again until it is put right.

use super::backfill_runs::number;
use super::by_itself::{BIJIE, Town, town};
use super::city::{LI, WANG, clerk};
use super::order_who::{deductible, two_stays};
use jiff::civil::date;
use rusqlite::Connection;
use yibao_domain::money::Money;
use yibao_engine::desks::backfill::Ordered;

/// Two people whose later stay of the outage was entered first, and whose order could not be looked at when the earlier one
/// came.
fn two_people_out_of_order() -> Town {
    let town = town(Some(super::backfill::TOWN));
    let city = &town.city;
    for (psn_no, insutype, serials) in [(LI, "390", [1, 2]), (WANG, "310", [3, 4])] {
        two_stays(city, psn_no, insutype, [&number(serials[0]), &number(serials[1])]);
        city.backfill().entry(&clerk(), city.clock.get(), &number(serials[1])).unwrap();
        // Its own transaction, then the look at the order.
        town.store.once(BIJIE, 2);
        city.backfill().entry(&clerk(), city.clock.get(), &number(serials[0])).unwrap();
        town.store.heal();
    }
    assert_eq!(standing(&town), [Money::yuan(300), Money::yuan(400)]);
    town
}

/// The deductibles of the later stays.
fn standing(town: &Town) -> [Money; 2] {
    [2, 4].map(|serial| deductible(&town.city, &number(serial)))
}

const ONLY_WANG: [Money; 2] = [Money::yuan(300), Money::yuan(200)];
const BOTH: [Money; 2] = [Money::yuan(150), Money::yuan(200)];

impl Town {
    /// From now on nobody can read this person's settlements, or everybody can again.
    fn unreadable(&self, psn_no: &str, is_so: bool) {
        let book = Connection::open(self.folder.path().join("books/520500.db")).unwrap();
        let counts_at = if is_so { "'?' || counts_at" } else { "substr(counts_at, 2)" };
        let changed =
            book.execute(&format!("UPDATE settlement SET counts_at = {counts_at} WHERE psn_no = ?1"), [psn_no]);
        assert!(changed.unwrap() > 0);
    }

    fn waits(&self) -> Vec<String> {
        let awaiting = self.city.backfill().corrections(&clerk(), self.city.clock.get(), None).unwrap();
        awaiting.refused.into_iter().map(|(psn_no, why)| format!("{psn_no} {why}")).collect()
    }
}

#[test]
fn a_run_does_not_end_before_what_met_a_fault_is_in_order_and_nobody_waits_for_another() {
    let town = two_people_out_of_order();
    town.unreadable(LI, true);
    let begun = town.city.backfill().start(&clerk(), town.city.clock.get(), "town", "").unwrap().number;
    town.city.tend();
    town.unreadable(LI, false);
    assert_eq!(standing(&town), ONLY_WANG);
    assert_eq!((town.city.run(begun).finished_at, town.told.of("backfill")), (None, (1, false)));
    town.unreadable(LI, true);
    for _ in 0..300 {
        town.seconds_pass(1);
    }
    let (failures, in_order) = town.told.of("backfill");
    assert!((10..20).contains(&failures) && !in_order, "{failures} tries in five minutes");
    assert!(town.city.run(begun).finished_at.is_none());
    let waits = town.waits();
    assert!(waits.len() == 1 && waits[0].starts_with(LI) && waits[0].contains("自动重试"), "{waits:?}");
    let came = town.city.backfill().put_in_order(town.city.clock.get()).unwrap();
    assert_eq!(came, Ordered { redone: 0, failed: vec![LI.to_owned()], ..Ordered::default() });
    town.unreadable(LI, false);
    town.seconds_pass(30);
    assert!(town.city.run(begun).finished_at.is_some() && town.told.of("backfill").1);
    assert_eq!(standing(&town), BOTH);
    assert_eq!(town.waits(), Vec::<String>::new());
    town.city.verify();
}

#[test]
fn a_provider_s_run_waits_for_the_order_of_its_own_entries_only() {
    let town = two_people_out_of_order();
    town.unreadable(LI, true);
    let start = |code: &str| town.city.backfill().start(&clerk(), town.city.clock.get(), "town", code).unwrap().number;
    let (own, other) = (start(super::city::HOSPITAL), start(super::city::OTHER_HOSPITAL));
    town.city.tend();
    assert_eq!([own, other].map(|run| town.city.run(run).finished_at.is_some()), [false, true]);
}

#[test]
fn the_order_is_looked_after_without_a_run_and_long_after_the_plan_has_ended() {
    let town = two_people_out_of_order();
    town.unreadable(LI, true);
    town.city.clock.set(date(2022, 3, 1).at(9, 0, 0, 0));
    town.city.tend();
    assert_eq!(town.told.of("order"), (1, false));
    // It is tried again in a second, not when everybody is looked at again.
    town.seconds_pass(1);
    assert_eq!(town.told.of("order"), (2, false));
    town.unreadable(LI, false);
    assert_eq!(standing(&town), ONLY_WANG);
    town.seconds_pass(2);
    assert_eq!((standing(&town), town.told.of("order")), (BOTH, (2, true)));
    town.city.verify();
}
