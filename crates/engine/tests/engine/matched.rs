//! Which entry care is when it is settled, and what becomes of it, state by state.

use super::care::{admit, discharge, fees, one, stay_settlement};
use super::city::{City, HOSPITAL, LI};
use super::register_lists::{entries, registers};
use jiff::civil::date;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::matching::{self, Beside, Care, Meeting, Paid};
use yibao_domain::register::{Split, State};

#[test]
fn b01_a_stay_that_went_home_before_the_closing_is_settled_after_the_reopening() {
    let city = City::before_the_switch_over();
    let stay = admit(&city, LI);
    city.clock.set(date(2021, 7, 8).at(9, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    city.done(HOSPITAL, "2301", &fees(LI, &stay, "", &[one("1", "500.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &stay, "2021-07-08 08:00:00"));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let conversion = || entries(&city, RegisterKind::StayConversion).remove(0).0;
    assert_eq!(conversion().state, State::Done);
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &stay, "500.00", false));
    assert_eq!((conversion().state, conversion().setl_id), (State::Done, String::new()), "it was not converted");
    city.verify();
}

/// Whatever state an entry is in, the care it may be is settled by a step, refused with words, or has nothing to do with it.
#[test]
fn no_state_of_an_entry_makes_the_settlement_of_its_care_a_fault() {
    let table = yibao_policy::registers::built_in();
    let at = date(2021, 7, 12).at(9, 0, 0, 0);
    let split = Split { funds: Money::yuan(60), account: Money::ZERO, own: Money::yuan(40) };
    let paid = Paid { setl_id: "S1", split, insutype: "390", med_type: "11" };
    for kind in RegisterKind::KNOWN.iter().copied().filter(|kind| kind.is_settled()) {
        let is_stay = kind.is_stay();
        let care = Care {
            psn_no: LI,
            fixmedins_code: HOSPITAL,
            mdtrt_id: "M1",
            is_stay,
            begun: at,
            ended: None,
            invono: "",
            charged: Money::yuan(100),
            own: None,
        };
        let meeting = Meeting {
            plan: "town".into(),
            rule: "visits".into(),
            kind,
            business: Business::named("settlement"),
            counts_at: at,
            late: None,
            converts: false,
            registered_poor: false,
            inside: true,
        };
        let leads = table.steps.iter().filter(|step| step.kinds.contains(&kind)).filter_map(|step| step.to);
        for state in leads.chain([State::Outside]) {
            let mut entry = super::backfill::entry("TJ520500-2021-000001", kind, LI, at);
            entry.state = state;
            let entries = matching::candidates(vec![entry], &care, false);
            let refused = matching::refused(&care, &entries, &entries, None).is_some();
            let deeds = matching::settled(&table, &meeting, &care, &paid, &entries, &Beside::default(), at);
            assert!(refused || deeds.is_some(), "{kind:?} that is {state:?}");
        }
    }
}
