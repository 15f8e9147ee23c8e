//! Encounters, diagnoses, fee lines and stays.

use crate::engine::{Engine, book, check_not_taken, read, write};
use crate::rows::{
    HOSPITAL, add_person, add_settled_visit, cancel, cancellation, diagnosis, july, line, settlement, stay, visit,
};
use jiff::civil::date;
use yibao_domain::money::{Decimal, Money};
use yibao_store::encounter::{Diagnosis, Encounter, EncounterFilter, EncounterState, FeeLine, StayRow, WhichLines};
use yibao_store::settlement::Settlement;
use yibao_store::{Book, Tx};

pub fn an_encounter_comes_back_as_recorded(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_encounter(&stay("E1", "P1"))?;
        assert_eq!(tx.encounter("E1")?, Some(stay("E1", "P1")));
        check_not_taken(tx, |tx| tx.add_encounter(&stay("E1", "P1")), "the id is taken")?;
        let discharged = Encounter {
            state: EncounterState::Discharged,
            endtime: Some(july(20)),
            dscg_way: "1".into(),
            ..stay("E1", "P1")
        };
        tx.update_encounter(&discharged)?;
        assert_eq!(tx.encounter("E1")?, Some(discharged));
        check_not_taken(tx, |tx| tx.update_encounter(&stay("E9", "P1")), "there is none to update")?;
        assert_eq!(tx.encounter("E9")?, None);
        Ok(())
    });
}

pub fn encounters_are_selected_by_each_part_of_the_filter(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")?;
        tx.add_encounter(&Encounter { begntime: july(3), ..visit("E1", "P1") })?;
        tx.add_encounter(&Encounter { begntime: july(2), ..stay("E2", "P1") })?;
        tx.add_encounter(&Encounter { begntime: july(1), fixmedins_code: "H2".into(), ..visit("E3", "P2") })?;
        tx.add_encounter(&Encounter { state: EncounterState::Cancelled, begntime: july(4), ..stay("E4", "P2") })
    });
    let mut ids = |filter: EncounterFilter, limit| {
        let found = read(book.as_mut(), |tx| tx.encounters(&filter, limit));
        found.into_iter().map(|row| row.mdtrt_id).collect::<Vec<_>>().join(" ")
    };
    let all = EncounterFilter::default;
    let some = |text: &str| Some(text.to_string());
    assert_eq!(ids(all(), 9), "E3 E2 E1 E4");
    assert_eq!(ids(all(), 2), "E3 E2");
    assert_eq!(ids(EncounterFilter { fixmedins_code: some("H2"), ..all() }, 9), "E3");
    assert_eq!(ids(EncounterFilter { psn_no: some("P1"), ..all() }, 9), "E2 E1");
    assert_eq!(ids(EncounterFilter { med_type: some("21"), ..all() }, 9), "E2 E4");
    assert_eq!(ids(EncounterFilter { mdtrt_id: some("E1"), ..all() }, 9), "E1");
    let days = EncounterFilter { begun_from: Some(july(2)), begun_to: Some(july(3)), ..all() };
    assert_eq!(ids(days, 9), "E2 E1");
    assert_eq!(ids(EncounterFilter { in_hospital_only: true, ..all() }, 9), "E2");
}

/// What was in flight at the end of a day of July, as provider, whether the patient had left, how many and how many still.
fn flying(book: &mut dyn Book, day: i8) -> Vec<(String, bool, u64, u64)> {
    let found = read(book, |tx| tx.in_flight(july(day)));
    found.into_iter().map(|row| (row.fixmedins_code, row.left, row.count, row.still)).collect()
}

pub fn what_was_in_flight_at_a_moment_is_counted_at_any_time_after(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_settled_visit(tx)?;
        tx.add_encounter(&Encounter { recorded_at: july(5), ..stay("E2", "P1") })?;
        let left = Some(july(7));
        tx.add_encounter(&Encounter {
            recorded_at: july(6),
            endtime: left,
            fixmedins_code: "H2".into(),
            ..stay("E3", "P1")
        })?;
        tx.add_encounter(&Encounter {
            recorded_at: july(5),
            state: EncounterState::Cancelled,
            cancelled_at: Some(july(7)),
            fixmedins_code: "H2".into(),
            ..stay("E4", "P1")
        })
    });
    let at = |code: &str, left, count, still| (code.to_owned(), left, count, still);
    let own = HOSPITAL;
    assert_eq!(flying(book.as_mut(), 5), []);
    assert_eq!(flying(book.as_mut(), 6), [at("H2", false, 1, 0), at(own, false, 1, 1)]);
    assert_eq!(flying(book.as_mut(), 7), [at("H2", false, 2, 1), at(own, false, 1, 1)]);
    assert_eq!(flying(book.as_mut(), 8), [at("H2", true, 1, 1), at(own, false, 1, 1)]);
    // The visit is recorded and settled at one moment; cancelled on the 10th, it flies again from then on.
    assert_eq!(flying(book.as_mut(), 10), [at("H2", true, 1, 1), at(own, false, 1, 1)]);
    write(book.as_mut(), |tx| cancel(tx, &settlement("S1", "E1", "P1")).map(drop));
    assert_eq!(flying(book.as_mut(), 10), [at("H2", true, 1, 1), at(own, false, 1, 1)]);
    assert_eq!(flying(book.as_mut(), 11), [at("H2", true, 1, 1), at(own, false, 1, 1), at(own, false, 1, 1)]);
}

pub fn stays_that_were_not_over_before_a_day_are_found(engine: &dyn Engine) {
    let mut book = book(engine);
    let closed = |id: &str, from, to| Encounter {
        state: EncounterState::Discharged,
        begntime: july(from),
        endtime: Some(july(to)),
        ..stay(id, "P1")
    };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")?;
        tx.add_encounter(&Encounter { begntime: july(9), ..stay("E1", "P1") })?;
        tx.add_encounter(&closed("E2", 1, 4))?;
        tx.add_encounter(&closed("E3", 4, 5))?;
        tx.add_encounter(&Encounter { state: EncounterState::Cancelled, begntime: july(6), ..stay("E4", "P1") })?;
        tx.add_encounter(&Encounter { begntime: july(6), ..visit("E5", "P1") })?;
        tx.add_encounter(&Encounter { begntime: july(6), ..stay("E6", "P2") })
    });
    let mut ids = |day| {
        let found = read(book.as_mut(), |tx| tx.stays_not_over("P1", july(day).date()));
        found.into_iter().map(|row| row.mdtrt_id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(1), "E2 E3 E1");
    assert_eq!(ids(4), "E2 E3 E1", "a stay lasts through the day of its discharge");
    assert_eq!(ids(5), "E3 E1");
    assert_eq!(ids(30), "E1");
}

pub fn a_fee_outside_of_a_time_is_found(engine: &dyn Engine) {
    let mut book = book(engine);
    let at = |serial: &str, moment| FeeLine { fee_ocur_time: moment, ..line("E1", serial) };
    let evening = july(5).date().at(23, 59, 59, 0);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_encounter(&stay("E1", "P1"))?;
        tx.add_fee_lines(&[at("1", july(3)), at("2", evening)])
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.fee_outside("E1", july(3), july(5).date())?, None);
        assert_eq!(tx.fee_outside("E1", july(4), july(5).date())?, Some(("1".into(), july(3))));
        assert_eq!(tx.fee_outside("E1", july(3), july(4).date())?, Some(("2".into(), evening)));
        assert_eq!(tx.fee_outside("E2", july(4), july(4).date())?, None);
        Ok(())
    });
}

pub fn a_diagnosis_is_replaced_by_stage_and_number(engine: &dyn Engine) {
    let mut book = book(engine);
    let voided = Diagnosis { valid: false, diag_name: "支气管炎".into(), ..diagnosis("E1", 1) };
    let on_discharge = Diagnosis { inout_diag_type: "2".into(), ..diagnosis("E1", 1) };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_encounter(&visit("E1", "P1"))?;
        for row in [&diagnosis("E1", 2), &on_discharge, &diagnosis("E1", 1), &voided] {
            tx.put_diagnosis(row)?;
        }
        assert_eq!(tx.diagnoses("E1")?, [voided.clone(), diagnosis("E1", 2), on_discharge.clone()]);
        check_not_taken(tx, |tx| tx.put_diagnosis(&diagnosis("E9", 1)), "there is no such encounter")
    });
}

pub fn fee_lines_keep_the_order_of_upload_and_their_decimals(engine: &dyn Engine) {
    let mut book = book(engine);
    let exact = FeeLine {
        cnt: "0.3333".parse::<Decimal>().unwrap(),
        pric: "90.000000".parse::<Decimal>().unwrap(),
        pric_uplmt_amt: None,
        selfpay_prop: None,
        ..line("E1", "L0")
    };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_encounter(&visit("E1", "P1"))?;
        tx.add_fee_lines(&[line("E1", "L9"), line("E1", "L5")])?;
        tx.add_fee_lines(std::slice::from_ref(&exact))?;
        tx.add_fee_lines(&[])?;
        let lines = tx.fee_lines("E1")?;
        assert_eq!(lines, [line("E1", "L9"), line("E1", "L5"), exact.clone()]);
        assert_eq!(lines[2].pric.to_string(), "90.000000");
        check_not_taken(tx, |tx| tx.add_fee_lines(&[line("E9", "L1")]), "there is no such encounter")
    });
}

pub fn what_was_charged_and_returned_is_told_by_line_and_by_item(engine: &dyn Engine) {
    let mut book = book(engine);
    let priced = |serial: &str, item: &str, cnt: &str, yuan: i64, returns: &str| FeeLine {
        med_list_codg: item.into(),
        cnt: cnt.parse().unwrap(),
        det_item_fee_sumamt: Money::yuan(yuan),
        preselfpay_amt: Money::ZERO,
        inscp_scp_amt: Money::yuan(yuan),
        init_feedetl_sn: returns.into(),
        ..line("E1", serial)
    };
    let rows = [
        priced("1", "A", "0.5", 10, ""),
        priced("2", "A", "0.5", 20, ""),
        priced("3", "A", "-0.5", -5, "1"),
        priced("4", "B", "2", 40, ""),
        priced("5", "A", "-0.25", -2, "2"),
    ];
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_encounter(&visit("E1", "P1"))?;
        tx.add_encounter(&visit("E2", "P1"))?;
        tx.add_fee_lines(&rows)?;
        tx.add_fee_lines(&[line("E2", "1")])?;
        let charges = tx.charges("E1", &["1", "4", "9"], &["A", "C"])?;
        assert_eq!(charges.lines, [rows[0].clone(), rows[2].clone(), rows[3].clone()]);
        let mut items: Vec<(String, String, u64, Money)> = charges
            .items
            .into_iter()
            .map(|of| (of.med_list_codg, of.cnt.normalize().to_string(), of.lines, of.det_item_fee_sumamt))
            .collect();
        items.sort();
        let of = |cnt: &str, lines, yuan| ("A".to_owned(), cnt.to_owned(), lines, Money::yuan(yuan));
        assert_eq!(items, [of("-0.25", 1, -2), of("-0.5", 1, -5), of("0.5", 2, 30)]);
        assert_eq!(tx.charges("E1", &[], &["B"])?.lines, []);
        Ok(())
    });
}

pub fn a_line_serial_is_taken_once_in_an_encounter(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_encounter(&visit("E1", "P1"))?;
        tx.add_encounter(&visit("E2", "P1"))?;
        tx.add_fee_lines(&[line("E1", "L1")])?;
        assert_eq!(tx.taken_line_serials("E1", &["L2", "L1", "L3"])?, ["L1"]);
        assert_eq!(tx.taken_line_serials("E2", &["L1"])?, [""; 0], "another encounter counts its own");
        check_not_taken(tx, |tx| tx.add_fee_lines(&[line("E1", "L2"), line("E1", "L1")]), "L1 is there")?;
        check_not_taken(tx, |tx| tx.add_fee_lines(&[line("E1", "L3"), line("E1", "L3")]), "L3 comes twice")?;
        assert_eq!(tx.fee_lines("E1")?, [line("E1", "L1")]);
        tx.add_fee_lines(&[line("E2", "L1")])
    });
}

pub fn settled_lines_are_neither_deleted_nor_repriced(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), add_settled_visit);
    write(book.as_mut(), |tx| {
        let own = |feedetl_sn: &str| FeeLine {
            fulamt_ownpay_amt: Money::yuan(30),
            preselfpay_amt: Money::ZERO,
            inscp_scp_amt: Money::ZERO,
            chrgitm_lv: "03".into(),
            ..line("E1", feedetl_sn)
        };
        let second_batch = FeeLine { chrg_bchno: "B2".into(), ..line("E1", "L3") };
        tx.add_fee_lines(&[line("E1", "L2"), second_batch, line("E1", "L4")])?;
        tx.reprice_fee_lines(&[own("L2")])?;
        assert_eq!(tx.fee_lines("E1")?[1], own("L2"));

        check_not_taken(tx, |tx| tx.reprice_fee_lines(&[own("L1")]), "L1 is settled")?;

        let (of_batch, first) = (WhichLines::Batch("B2".into()), WhichLines::Line("L1".into()));
        let counted = |tx: &mut dyn Tx, which| tx.count_fee_lines("E1", which);
        assert_eq!((counted(tx, &WhichLines::All)?, counted(tx, &of_batch)?, counted(tx, &first)?), (4, 1, 1));
        let deleted = |serial: &str| vec![(serial.to_owned(), line("E1", serial).med_list_codg)];
        assert_eq!(tx.delete_fee_lines("E1", &first)?, [], "L1 is settled");
        assert_eq!(tx.delete_fee_lines("E1", &WhichLines::Line("L2".into()))?, deleted("L2"));
        assert_eq!(tx.delete_fee_lines("E1", &of_batch)?, deleted("L3"));
        assert_eq!(tx.delete_fee_lines("E1", &WhichLines::All)?, deleted("L4"));
        assert_eq!((counted(tx, &WhichLines::All)?, counted(tx, &of_batch)?), (1, 0));
        let left = tx.fee_lines("E1")?;
        assert_eq!((left.len(), left[0].setl_id.as_str()), (1, "S1"));
        Ok(())
    });
}

pub fn lines_of_a_person_come_by_time_with_their_encounters(engine: &dyn Engine) {
    let mut book = book(engine);
    let at = |mdtrt_id: &str, serial: &str, day| FeeLine { fee_ocur_time: july(day), ..line(mdtrt_id, serial) };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")?;
        tx.add_encounter(&visit("E1", "P1"))?;
        tx.add_encounter(&stay("E2", "P1"))?;
        tx.add_encounter(&visit("E3", "P2"))?;
        tx.add_fee_lines(&[at("E1", "A", 5), at("E1", "B", 3)])?;
        tx.add_fee_lines(&[at("E2", "A", 4), at("E2", "B", 9)])?;
        tx.add_fee_lines(&[at("E3", "A", 4)])
    });
    let mut lines = |from, to, limit| {
        let found = read(book.as_mut(), |tx| tx.fee_lines_of_person("P1", july(from), july(to), limit));
        assert!(found.iter().all(|(encounter, line)| encounter.mdtrt_id == line.mdtrt_id));
        found.into_iter().map(|(_, line)| line.mdtrt_id + &line.feedetl_sn).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(lines(1, 31, 9), "E1B E2A E1A E2B");
    assert_eq!(lines(1, 31, 2), "E1B E2A");
    assert_eq!(lines(4, 5, 9), "E2A E1A");
}

pub fn stays_count_by_overlap_or_by_the_year_they_were_settled_in(engine: &dyn Engine) {
    let mut book = book(engine);
    let moment = |year, month, day| date(year, month, day).at(8, 0, 0, 0);
    // Admitted in 2020 and discharged in 2021, so settled in 2021.
    let over_new_year = Encounter {
        state: EncounterState::Discharged,
        begntime: moment(2020, 12, 20),
        endtime: Some(moment(2021, 1, 3)),
        ..stay("E1", "P1")
    };
    let in_hospital = Encounter { begntime: moment(2021, 7, 8), ..stay("E2", "P1") };
    let cancelled = Encounter { state: EncounterState::Cancelled, begntime: moment(2021, 7, 1), ..stay("E3", "P1") };
    let settled = Settlement { stay_number: 1, ..settlement("S1", "E1", "P1") };
    let again = Settlement { round: 2, stay_number: 1, ..settlement("S2", "E1", "P1") };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        for encounter in [&in_hospital, &cancelled, &over_new_year, &visit("E4", "P1")] {
            tx.add_encounter(encounter)?;
        }
        tx.record_settlement(&settled, &[])?;
        tx.record_cancellation(&cancellation(&settled))?;
        tx.record_settlement(&again, &[])
    });
    let mut stays = |year, from, to| read(book.as_mut(), |tx| tx.stays("P1", year, from, to));
    let ids = |stays: &[StayRow]| stays.iter().map(|row| row.encounter.mdtrt_id.as_str()).collect::<Vec<_>>().join(" ");
    let found = stays(2021, date(2021, 7, 8), date(2021, 7, 31));
    assert_eq!(ids(&found), "E1 E2", "E1 by its year, E2 by overlap");
    assert_eq!(found[0].encounter, over_new_year);
    assert!(found[1].settlements.is_empty());
    let [standing] = found[0].settlements.as_slice() else { panic!("{:?}", found[0].settlements) };
    assert_eq!((standing.setl_id.as_str(), standing.year, standing.stay_number), ("S2", 2021, 1));
    assert_eq!((standing.dedc_std, standing.crt_dedc), (Money::yuan(2), Money::yuan(2)));
    assert_eq!((standing.act_pay_dedc, standing.mid_stay), (Money::yuan(2), false));
    assert_eq!(ids(&stays(1999, date(2021, 1, 3), date(2021, 1, 31))), "E1", "the day of discharge overlaps");
    assert_eq!(ids(&stays(1999, date(2021, 1, 4), date(2021, 7, 7))), "");
    assert_eq!(ids(&stays(1999, date(2021, 1, 4), date(2021, 7, 8))), "E2", "the day of admission overlaps");
    write(crate::engine::book(engine).as_mut(), |tx| tx.record_cancellation(&cancellation(&again)));
    assert_eq!(ids(&stays(2021, date(2021, 7, 8), date(2021, 7, 31))), "E2", "nothing of E1 stands any more");
}
