//! When a claim at the agency may be made: from which day on, and by whose reopening.

use super::city::{HOSPITAL, LI, OTHER_HOSPITAL};
use super::claims::{CLAIMED, REMOTE, VISIT, back, city, papers, view, visit};
use super::register_lists::registers;
use super::registers::{act, add, agency, fields, why};
use jiff::civil::date;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Action, Source, State};
use yibao_engine::desks::registers::{Kept, NewEntry};

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

/// The same of papers, whatever is done with them; and the refusal says from when on.
#[test]
fn papers_that_are_made_good_from_a_day_on_are_finished_by_nobody_before_it() {
    let filings = "\n[[rule]]\nid = \"filings\"\nclause = \"3\"\nbusiness = \"filing\"\ndisposition = \"register_later\"\n\
                   not_before = \"2021-08-02 00:00\"\nadvice = \"先收件。\"\n";
    let claimed = CLAIMED.replace("by = ", "not_before = \"2021-08-02 00:00\"\nby = ");
    let city = city(&(claimed + filings));
    let filing =
        [("psn_no", LI), ("psn_name", "李某"), ("business", "filing.transfer"), ("begntime", "2021-07-12 10:00")];
    let filed = add(&city, &agency(), RegisterKind::Papers, &filing).unwrap().entry.number;
    city.clock.set(date(2021, 7, 30).at(9, 0, 0, 0));
    let claimed = papers(&city, &[("begntime", "2021-07-30 08:00")]).unwrap().entry.number;
    let process = || act(&city, &agency(), &filed, Action::Process, &[("result", "已办结")]);
    for early in [why(back(&city, &claimed, &[])), why(process())] {
        assert!(early.contains("起补办") && early.contains("2021-08-02"), "{early}");
    }
    city.clock.set(date(2021, 8, 2).at(9, 0, 0, 0));
    assert_eq!(back(&city, &claimed, &[]).unwrap().entry.state, State::Reimbursed);
    assert_eq!(process().unwrap().entry.state, State::Done);
}

/// Until when a claim is made is said once, by the rule or by the duty to take it in, for the visit and for the papers.
#[test]
fn the_duty_to_take_in_claims_binds_papers_as_it_binds_visits() {
    let duty = "[[duty]]\nid = \"take-in\"\nclause = \"3\"\nkind = \"register\"\nwho = \"agency\"\nbusiness = \"settlement\"\n\
                what = \"收件报销\"\nby = \"2021-08-31 24:00\"\nafter_deadline = \"refuse\"\n";
    let own = "by = \"2021-09-30 24:00\"\nafter_deadline = \"refuse\"\n";
    let city = city(&(CLAIMED.replacen(own, "", 1).replace("，9月底前", "，") + duty));
    let number = visit(&city, &[]).unwrap().entry.number;
    let ends = DueAt::At(date(2021, 9, 1).at(0, 0, 0, 0));
    assert_eq!(view(&city, &number).due, ends);
    city.clock.set(date(2021, 8, 20).at(9, 0, 0, 0));
    let kept = papers(&city, &[("begntime", "2021-08-20 08:00")]).unwrap().entry.number;
    assert_eq!(view(&city, &kept).due, ends);
    city.clock.set(date(2021, 9, 2).at(9, 0, 0, 0));
    let late = [("begntime", "2021-09-02 08:00"), ("care_begntime", "2021-07-09 08:00"), ("invono", "800009")];
    for refused in [why(papers(&city, &late)), why(back(&city, &number, &[]))] {
        assert!(refused.contains("2021-08-31 24:00") && refused.contains("特殊情况请示"), "{refused}");
    }
    city.verify();
}

/// Whom a provider of the pool would enter afterwards and who was treated elsewhere brings papers to the agency.
#[test]
fn care_elsewhere_that_would_be_entered_afterwards_comes_to_the_agency_by_papers() {
    for places in ["places = \"remote\"\n", ""] {
        let city = city(&format!(
            "[[rule]]\nid = \"visits\"\nclause = \"1\"\nbusiness = \"settlement.outpatient.ordinary\"\n{places}disposition = \"cash_reenter\"\n\
             evidence = \"invoice\"\nby = \"2021-09-30 24:00\"\nafter_deadline = \"refuse\"\nadvice = \"先付现金。\"\n"
        ));
        city.clock.set(date(2021, 7, 20).at(9, 0, 0, 0));
        let remote = [
            ("business", "settlement.outpatient.ordinary"),
            ("care_provider", "H51010000001"),
            ("care_begntime", "2021-07-11 08:00"),
            ("care_endtime", ""),
            ("begntime", "2021-07-20 08:00"),
        ];
        let kept = papers(&city, &remote).unwrap();
        assert_eq!((kept.entry.rule.as_str(), kept.entry.state), ("visits", State::Waiting));
        assert!(kept.remarks.iter().any(|told| told.contains("不能在原机构补录")), "{:?}", kept.remarks);
        assert_eq!(view(&city, &kept.entry.number).due, DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)));
        assert_eq!(back(&city, &kept.entry.number, &[]).unwrap().entry.state, State::Reimbursed);
        let manual = [&remote[1..], &[("invono", "800011"), ("care_begntime", "2021-07-12 08:00")]].concat();
        assert_eq!(papers(&city, &manual).unwrap().entry.rule, "visits", "as a claim too");
        let visitor = [&remote[..], &[("invono", "800012"), ("insuplc_admdvs", "510104")]].concat();
        assert!(papers(&city, &visitor).is_err(), "who is insured elsewhere goes there");
        city.verify();
    }
    let city = city(CLAIMED);
    let elsewhere = NewEntry {
        kind: RegisterKind::CashVisit,
        fixmedins_code: "H51010000001".into(),
        fields: fields(&VISIT),
        lines: Vec::new(),
        source: Source::Page,
    };
    let refused = why(registers(&city).add(&agency(), city.clock.get(), elsewhere));
    assert!(refused.contains("统筹区外") && refused.contains("收件登记"), "{refused}");
}
