//! When a claim at the agency may be made: from which day on, and by whose reopening.

use super::city::{HOSPITAL, OTHER_HOSPITAL};
use super::claims::{CLAIMED, REMOTE, back, city, papers, view, visit};
use super::registers::why;
use jiff::civil::date;
use yibao_domain::outage::DueAt;
use yibao_domain::register::State;
use yibao_engine::desks::registers::Kept;

/// What is made good from a day on is not paid back before it.
#[test]
fn a_claim_before_the_day_from_which_claims_are_made_good_comes_too_early() {
    let city = city(&CLAIMED.replace("by = ", "not_before = \"2021-08-02 00:00\"\nby = "));
    let number = visit(&city, &[]).unwrap().entry.number;
    city.clock.set(date(2021, 7, 30).at(9, 0, 0, 0));
    let early = why(back(&city, &number, &[]));
    assert!(early.contains("自2021-08-01 24:00起补办") || early.contains("自2021-08-02 00:00起补办"), "{early}");
    city.clock.set(date(2021, 8, 2).at(9, 0, 0, 0));
    assert_eq!(back(&city, &number, &[]).unwrap().entry.state, State::Reimbursed);
}

/// Between waves it is the reopening of the provider that gave the care that counts, for what is claimed and until when.
#[test]
fn papers_about_care_go_by_the_wave_of_its_provider() {
    let counted = REMOTE.replace("places = [\"in_province\", \"remote\"]\n", "").replace(
        "by = \"2021-09-30 24:00\"",
        "within_calendar_days = 30\nafter_reopening_of = \"settlement.outpatient\"\nregister = \"papers\"",
    );
    let wave = format!("\n[[stage]]\nid = \"first\"\nproviders = \"{HOSPITAL}\"\nreopens = \"2021-07-12 24:00\"\n");
    let city = city(&(counted + &wave));
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    let of = |provider: &str, care: &str, invoice: &str| {
        let care = [("care_provider", provider), ("care_begntime", care), ("care_endtime", ""), ("invono", invoice)];
        papers(&city, &[&[("begntime", "2021-07-20 09:00")][..], &care].concat())
    };
    let due = |kept: Kept| view(&city, &kept.entry.number).due;
    let early = of(HOSPITAL, "2021-07-12 09:00", "930001").unwrap();
    assert_eq!(due(early), DueAt::At(date(2021, 8, 12).at(0, 0, 0, 0)), "thirty days after its own wave");
    let main = of(OTHER_HOSPITAL, "2021-07-12 09:00", "930002").unwrap();
    assert_eq!(due(main), DueAt::At(date(2021, 8, 15).at(0, 0, 0, 0)));
    // It was open again there, and closed elsewhere.
    assert!(of(HOSPITAL, "2021-07-14 09:00", "930003").is_err());
    assert!(of(OTHER_HOSPITAL, "2021-07-14 09:00", "930004").is_ok());
    city.verify();
}
