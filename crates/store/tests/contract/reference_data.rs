//! Master and reference data: stored again and again, found by what the calls ask for.

use crate::engine::{Engine, book, check_not_taken, check_verifies, read, run, write};
use crate::rows::{
    HOSPITAL, add_person, add_settled_visit, catalogue_item, filing, insurance, july, mapping, person, provider,
};
use jiff::civil::date;
use yibao_domain::money::{Money, Rate};
use yibao_store::load::{LoadMark, Standing};
use yibao_store::mapping::{Mapping, MappingFilter};
use yibao_store::person::{Attribute, Insurance, Person, RunningTotalRow, SpecialDisease};
use yibao_store::practitioner::{Practitioner, PractitionerFilter};
use yibao_store::reference::{CatalogueFilter, CatalogueItem, ListLine, Provider};
use yibao_store::session::SignIn;
use yibao_store::{Change, Fault, Mode, Tx};

fn attribute() -> Attribute {
    Attribute { psn_no: "P1".into(), psn_idet_type: "2303".into(), begndate: date(2021, 1, 1), enddate: None }
}

fn special_disease() -> SpecialDisease {
    SpecialDisease {
        psn_no: "P1".into(),
        opsp_dise_code: "M00500".into(),
        opsp_dise_name: "恶性肿瘤门诊治疗".into(),
        begndate: date(2021, 1, 1),
        enddate: Some(date(2022, 12, 31)),
        trt_dcla_detl_sn: String::new(),
    }
}

fn total(period: &str, value: i64) -> RunningTotalRow {
    RunningTotalRow { insutype: "310".into(), period: period.into(), name: "pool_paid".into(), value }
}

/// Stores `row` twice and then `changed`, which has the same key.
#[track_caller]
fn check_put<T>(engine: &dyn Engine, put: fn(&mut dyn Tx, &T) -> Result<Change, Fault>, row: T, changed: T) {
    let mut book = book(engine);
    let mut store = |row: &T| write(book.as_mut(), |tx| put(tx, row));
    assert_eq!(store(&row), Change::Added);
    assert_eq!(store(&row), Change::Unchanged);
    assert_eq!(store(&changed), Change::Updated);
    assert_eq!(store(&changed), Change::Unchanged);
}

pub fn a_row_stored_twice_changes_nothing(engine: &dyn Engine) {
    // An empty field that is filled, and a filled one that is emptied, are changes as well.
    check_put(engine, |tx, row| tx.put_person(row), person("P1"), Person { brdy: None, ..person("P1") });
    let paused = Insurance { paused_from: Some(date(2021, 7, 1)), ..insurance("P1") };
    check_put(engine, |tx, row| tx.put_insurance(row), insurance("P1"), paused);
    let ended = Attribute { enddate: Some(date(2021, 7, 1)), ..attribute() };
    check_put(engine, |tx, row| tx.put_attribute(row), attribute(), ended);
    let open = SpecialDisease { enddate: None, ..special_disease() };
    check_put(engine, |tx, row| tx.put_special_disease(row), special_disease(), open);
    check_put(engine, |tx, row| tx.put_opening_total("P1", row), total("2021", 1), total("2021", 2));
    let put_balance = |tx: &mut dyn Tx, row: &Money| Ok(tx.put_opening_balance("P1", *row)?.unwrap());
    check_put(engine, put_balance, Money::yuan(1), Money::yuan(2));
    let shortened = yibao_store::filing::Filing { enddate: None, ..filing("F1", "P1") };
    check_put(engine, |tx, row| tx.put_filing(row), filing("F1", "P1"), shortened);
    let renamed = Provider { fixmedins_name: "中心医院".into(), ..provider(HOSPITAL) };
    check_put(engine, |tx, row| tx.put_provider(row), provider(HOSPITAL), renamed);
    let dearer = CatalogueItem { selfpay_prop: None, ..catalogue_item("X1") };
    check_put(engine, |tx, row| tx.put_catalogue_item(row), catalogue_item("X1"), dearer);
}

pub fn many_rows_at_once_are_stored_as_one_by_one(engine: &dyn Engine) {
    let mut book = book(engine);
    let empty = read(book.as_mut(), |tx| Ok((tx.has_persons()?, tx.is_in_service()?)));
    assert_eq!(empty, (false, false));
    let (one, two) = (person("P1"), person("P2"));
    let renamed = Person { psn_name: "改名".into(), ..person("P1") };
    let stored = write(book.as_mut(), |tx| tx.put_persons(&[&one, &two, &one, &renamed]));
    assert_eq!(stored, [Change::Added, Change::Added, Change::Unchanged, Change::Updated]);
    assert!(read(book.as_mut(), |tx| tx.has_persons()));
    assert_eq!(read(book.as_mut(), |tx| tx.person("P1")).unwrap().psn_name, "改名", "the later one holds");

    let paused = Insurance { paused_from: Some(date(2021, 7, 1)), ..insurance("P1") };
    let stored = write(book.as_mut(), |tx| tx.put_insurances(&[&insurance("P1"), &paused]));
    assert_eq!(stored, [Change::Added, Change::Updated]);
    let standings = read(book.as_mut(), |tx| tx.standings(&["P2", "P9", "P1", "P2"]));
    assert_eq!(standings, [Standing::Known, Standing::Unknown, Standing::Insured, Standing::Known]);

    let openings = [("P1", Money::yuan(5)), ("P2", Money::ZERO), ("P1", Money::yuan(5))];
    let stored = write(book.as_mut(), |tx| tx.put_opening_balances(&openings));
    assert_eq!(stored, [Some(Change::Added), Some(Change::Added), Some(Change::Unchanged)]);
    let (first, second) = (total("2021", 1), total("2021", 2));
    let stored = write(book.as_mut(), |tx| tx.put_opening_totals(&[("P1", &first), ("P2", &first), ("P1", &second)]));
    assert_eq!(stored, [Change::Added, Change::Added, Change::Updated]);
    assert_eq!(read(book.as_mut(), |tx| tx.running_totals("P1")), [second]);
    assert_eq!(write(book.as_mut(), |tx| tx.put_persons(&[])), []);
    check_verifies(book.as_mut());
}

pub fn marks_of_loading_are_kept_until_removed(engine: &dyn Engine) {
    let mark = |file: &str, line| LoadMark { file: file.into(), digest: "D".into(), line };
    let mut book = book(engine);
    assert_eq!(read(book.as_mut(), |tx| tx.load_marks()), []);
    for (file, line) in [("persons.csv", 20_001), ("insurances.csv", 5), ("persons.csv", 40_001)] {
        write(book.as_mut(), |tx| tx.put_load_mark(&mark(file, line)));
    }
    let kept = read(book.as_mut(), |tx| tx.load_marks());
    assert_eq!(kept, [mark("insurances.csv", 5), mark("persons.csv", 40_001)]);
    write(book.as_mut(), |tx| tx.remove_load_marks());
    assert_eq!(read(book.as_mut(), |tx| tx.load_marks()), []);
}

pub fn persons_are_found_by_number_and_card(engine: &dyn Engine) {
    let mut book = book(engine);
    let twin = Person { certno: "C-P1".into(), card_no: String::new(), ..person("P2") };
    write(book.as_mut(), |tx| {
        tx.put_person(&person("P1"))?;
        tx.put_person(&twin)
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.person("P1")?, Some(person("P1")));
        assert_eq!(tx.person("P9")?, None);
        assert_eq!(tx.persons_by_certno("C-P1")?, [person("P1"), twin.clone()]);
        assert_eq!(tx.persons_by_card("K-P1")?, [person("P1")]);
        assert_eq!(tx.persons_by_card("")?, [], "no card is nobody's card");
        Ok(())
    });
}

pub fn a_person_comes_with_all_facts(engine: &dyn Engine) {
    let mut book = book(engine);
    let earlier = Insurance {
        begndate: date(2010, 1, 1),
        enddate: Some(date(2014, 12, 31)),
        insutype: "390".into(),
        ..insurance("P1")
    };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.put_insurance(&earlier)?;
        tx.put_attribute(&attribute())?;
        tx.put_special_disease(&special_disease())?;
        for (period, value) in [("2020", 7), ("2021", 8), ("2021-07-08", 1)] {
            tx.put_opening_total("P1", &total(period, value))?;
        }
        tx.put_person(&person("P2"))
    });
    read(book.as_mut(), |tx| {
        let facts = tx.person_facts("P1", &["2021".into(), "2021-07-08".into()])?.unwrap();
        assert_eq!(facts.person, person("P1"));
        assert_eq!(facts.insurances, [earlier.clone(), insurance("P1")]);
        assert_eq!(facts.attributes, [attribute()]);
        assert_eq!(facts.special_diseases, [special_disease()]);
        assert_eq!(facts.balance, Some(Money::yuan(100)));
        assert_eq!(facts.totals, [total("2021", 8), total("2021-07-08", 1)]);
        assert_eq!(tx.running_totals("P1")?.len(), 3);
        assert_eq!(tx.person_facts("P2", &[])?.unwrap().balance, None);
        assert!(tx.person_facts("P9", &[])?.is_none());
        Ok(())
    });
}

pub fn a_new_opening_keeps_what_was_paid_since(engine: &dyn Engine) {
    let mut book = book(engine);
    // The settlement takes 6 of 100 yuan and adds 2000 fen to the year's total.
    write(book.as_mut(), add_settled_visit);
    let balance = |tx: &mut dyn Tx| Ok(tx.person_facts("P1", &[])?.unwrap().balance);
    write(book.as_mut(), |tx| {
        assert_eq!(tx.put_opening_balance("P1", Money::yuan(50))?, Some(Change::Updated));
        assert_eq!(balance(tx)?, Some(Money::yuan(44)));
        assert_eq!(tx.put_opening_balance("P1", Money::fen(599))?, None, "would leave the account at -0.01");
        assert_eq!(tx.put_opening_balances(&[("P1", Money::fen(599))])?, [None]);
        assert_eq!(balance(tx)?, Some(Money::yuan(44)));
        assert_eq!(tx.put_opening_balance("P1", Money::yuan(6))?, Some(Change::Updated));
        assert_eq!(balance(tx)?, Some(Money::ZERO));
        assert_eq!(tx.put_opening_total("P1", &total("2021", 500))?, Change::Updated);
        assert!(tx.running_totals("P1")?.contains(&total("2021", 2_500)));
        Ok(())
    });
    check_verifies(book.as_mut());
}

pub fn a_qualification_ends_with_its_filing(engine: &dyn Engine) {
    let mut book = book(engine);
    let filed = SpecialDisease { trt_dcla_detl_sn: "F1".into(), opsp_dise_code: "M01600".into(), ..special_disease() };
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.put_special_disease(&special_disease())?;
        tx.put_special_disease(&filed)?;
        assert!(tx.remove_special_disease("P1", "F1")?);
        assert!(!tx.remove_special_disease("P1", "F1")?);
        assert!(!tx.remove_special_disease("P1", "")?, "a loaded row has no filing");
        assert_eq!(tx.person_facts("P1", &[])?.unwrap().special_diseases, [special_disease()]);
        Ok(())
    });
}

pub fn filings_are_listed_until_cancelled(engine: &dyn Engine) {
    let mut book = book(engine);
    let mut remote = filing("F2", "P1");
    remote.kind = "remote".into();
    remote.begndate = date(2021, 1, 1);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_filing(&filing("F1", "P1"))?;
        tx.add_filing(&remote)?;
        assert_eq!(tx.filings("P1", None)?, [remote.clone(), filing("F1", "P1")]);
        assert_eq!(tx.filings("P1", Some("remote"))?, [remote.clone()]);
        assert!(tx.filings("P2", None)?.is_empty());
        tx.cancel_filing("F1", july(20))?;
        assert_eq!(tx.filings("P1", None)?, [remote.clone()]);
        assert_eq!(tx.filing("F1")?.unwrap().cancelled_at, Some(july(20)));
        check_not_taken(tx, |tx| tx.cancel_filing("F1", july(21)), "cancelled once")?;
        check_not_taken(tx, |tx| tx.add_filing(&filing("F2", "P1")), "the serial is taken")?;
        assert_eq!(tx.put_filing(&filing("F1", "P1"))?, Change::Unchanged, "loading again revives nothing");
        assert_eq!(tx.filings("P1", None)?, [remote.clone()]);
        Ok(())
    });
}

pub fn a_code_is_mapped_once_at_a_time(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        assert!(tx.add_mapping(&mapping("D1"))?);
        assert!(!tx.add_mapping(&Mapping { med_list_codg: "X2".into(), ..mapping("D1") })?);
        assert!(!tx.withdraw_mapping(HOSPITAL, "D1", "X2", july(2))?, "another national code");
        assert!(tx.withdraw_mapping(HOSPITAL, "D1", "XJ01CAA040E001", july(2))?);
        assert!(!tx.withdraw_mapping(HOSPITAL, "D1", "XJ01CAA040E001", july(3))?);
        assert!(tx.add_mapping(&Mapping { med_list_codg: "X2".into(), ..mapping("D1") })?);
        let (page, total) = tx.mappings(&MappingFilter::default(), 0, 10)?;
        assert_eq!((page.len(), total, page[0].med_list_codg.as_str()), (1, 1, "X2"));
        Ok(())
    });
}

pub fn mappings_come_by_page(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        for id in ["D3", "D1", "D2"] {
            assert!(tx.add_mapping(&mapping(id))?);
        }
        let elsewhere = Mapping {
            fixmedins_code: "P52050000002".into(),
            list_type: "102".into(),
            begndate: date(2021, 3, 1),
            enddate: Some(date(2021, 6, 30)),
            uploaded_at: july(5),
            ..mapping("D1")
        };
        assert!(tx.add_mapping(&elsewhere)?);
        Ok(())
    });
    let ids = |filter: &MappingFilter, offset, limit| {
        let (page, total) =
            run(crate::engine::book(engine).as_mut(), Mode::Read, |tx| tx.mappings(filter, offset, limit)).unwrap();
        let ids = page.into_iter().map(|row| format!("{}/{}", &row.fixmedins_code[..1], row.fixmedins_hilist_id));
        (ids.collect::<Vec<_>>().join(" "), total)
    };
    let all = MappingFilter::default;
    assert_eq!(ids(&all(), 0, 2), ("H/D1 H/D2".into(), 4));
    assert_eq!(ids(&all(), 2, 2), ("H/D3 P/D1".into(), 4));
    assert_eq!(ids(&all(), 9, 2), (String::new(), 4));
    let some = |text: &str| Some(text.to_string());
    assert_eq!(ids(&MappingFilter { fixmedins_code: some(HOSPITAL), ..all() }, 0, 9).1, 3);
    assert_eq!(ids(&MappingFilter { fixmedins_hilist_id: some("D1"), ..all() }, 0, 9).1, 2);
    assert_eq!(ids(&MappingFilter { name_part: some("内D2"), ..all() }, 0, 9).0, "H/D2");
    assert_eq!(ids(&MappingFilter { name_part: some("%"), ..all() }, 0, 9).1, 0, "no pattern, a part of the name");
    assert_eq!(ids(&MappingFilter { list_type: some("102"), ..all() }, 0, 9).0, "P/D1");
    assert_eq!(ids(&MappingFilter { med_list_codg: some("X"), ..all() }, 0, 9).1, 0);
    assert_eq!(ids(&MappingFilter { valid_on: Some(date(2021, 6, 30)), ..all() }, 0, 9).1, 4);
    assert_eq!(ids(&MappingFilter { valid_on: Some(date(2021, 7, 1)), ..all() }, 0, 9).1, 3);
    assert_eq!(ids(&MappingFilter { valid_on: Some(date(2021, 2, 28)), ..all() }, 0, 9).1, 3);
    assert_eq!(ids(&MappingFilter { uploaded_since: Some(july(5)), ..all() }, 0, 9).0, "P/D1");
}

pub fn providers_are_found_by_kind_name_and_account(engine: &dyn Engine) {
    let mut book = book(engine);
    let pharmacy = Provider {
        fixmedins_name: "康民大药房".into(),
        paas_id: "paas-1".into(),
        paas_secret: "secret".into(),
        ..provider("P52050000002")
    };
    let other = Provider { fixmedins_type: "2".into(), ..provider("X52050000003") };
    write(book.as_mut(), |tx| {
        tx.put_provider(&provider(HOSPITAL))?;
        tx.put_provider(&pharmacy)?;
        tx.put_provider(&other)
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.provider("P52050000002")?, Some(pharmacy.clone()));
        assert_eq!(tx.provider_by_paas_id("paas-1")?, Some(pharmacy.clone()));
        assert_eq!(tx.provider_by_paas_id("")?, None, "no account is nobody's account");
        assert_eq!(tx.providers("", "", 10)?.len(), 3);
        assert_eq!(tx.providers("", "", 2)?, [provider(HOSPITAL), pharmacy.clone()]);
        assert_eq!(tx.providers("1", "", 10)?, [provider(HOSPITAL)], "by the first letter");
        assert_eq!(tx.providers("2", "", 10)?, [pharmacy.clone(), other.clone()], "by letter or by kind");
        assert_eq!(tx.providers("", "药房", 10)?, std::slice::from_ref(&pharmacy));
        assert!(tx.providers("1", "药房", 10)?.is_empty());
        Ok(())
    });
}

pub fn catalogue_rows_come_by_code_for_their_pool(engine: &dyn Engine) {
    let mut book = book(engine);
    let ended = CatalogueItem {
        begndate: date(2020, 1, 1),
        enddate: Some(date(2020, 12, 31)),
        selfpay_prop: Some(Rate::percent(20)),
        ..catalogue_item("X1")
    };
    let bijie =
        CatalogueItem { pool: "520500".into(), scheme: "390".into(), level: "1".into(), ..catalogue_item("X1") };
    write(book.as_mut(), |tx| {
        for row in [&catalogue_item("X1"), &ended, &bijie, &catalogue_item("X2")] {
            assert_eq!(tx.put_catalogue_item(row)?, Change::Added);
        }
        Ok(())
    });
    read(book.as_mut(), |tx| {
        let (x1, x2) = (catalogue_item("X1"), catalogue_item("X2"));
        assert_eq!(tx.catalogue_items(&["X1"], "520500")?, [ended.clone(), x1.clone(), bijie.clone()]);
        assert_eq!(tx.catalogue_items(&["X2", "X9", "X1", "X2"], "510400")?, [ended.clone(), x1.clone(), x2]);
        assert!(tx.catalogue_items(&["X9"], "520500")?.is_empty());
        assert!(tx.catalogue_items(&[], "520500")?.is_empty());
        Ok(())
    });
}

pub fn practitioners_and_lines_of_lists_are_stored_once_and_found(engine: &dyn Engine) {
    let mut book = book(engine);
    let physician = Practitioner {
        fixmedins_code: HOSPITAL.into(),
        prac_psn_code: "D1".into(),
        prac_psn_name: "王医".into(),
        prac_psn_type: "1".into(),
        hi_dr_flag: "1".into(),
        begndate: date(2020, 1, 1),
        ..Practitioner::default()
    };
    let nurse = Practitioner { prac_psn_code: "N1".into(), prac_psn_type: "2".into(), ..physician.clone() };
    let elsewhere = Practitioner { fixmedins_code: "H52050000009".into(), ..physician.clone() };
    let line = |rid: &str, version: &str| ListLine {
        infno: "1314".into(),
        rid: rid.into(),
        line: format!("{rid}\t感冒"),
        version: version.into(),
    };
    let mut changes = Vec::new();
    for _ in 0..2 {
        changes.extend(write(book.as_mut(), |tx| {
            let of = [&physician, &nurse, &elsewhere].map(|row| tx.put_practitioner(row));
            let lines = [line("R2", "V1"), line("R1", "V2")].map(|row| tx.put_list_line(&row));
            of.into_iter().chain(lines).collect::<Result<Vec<_>, _>>()
        }));
    }
    assert_eq!(changes, [[Change::Added; 5], [Change::Unchanged; 5]].concat());
    let of = PractitionerFilter { fixmedins_code: HOSPITAL.into(), ..PractitionerFilter::default() };
    let mut found = |filter: &PractitionerFilter, limit| read(book.as_mut(), |tx| tx.practitioners(filter, limit));
    assert_eq!(found(&of, 1), (vec![physician.clone()], 2));
    let nurses = PractitionerFilter { prac_psn_type: Some("2".into()), ..of.clone() };
    assert_eq!(found(&nurses, 9), (vec![nurse], 1));
    assert_eq!(found(&PractitionerFilter { certno: Some("X".into()), ..of }, 9).1, 0);
    assert_eq!(read(book.as_mut(), |tx| tx.list_version("1314")), (2, "V2".to_owned()));
    let after = read(book.as_mut(), |tx| tx.list_lines("1314", "R1", 9));
    assert_eq!(after, [line("R2", "V1")]);
}

pub fn the_catalogue_comes_by_page(engine: &dyn Engine) {
    let mut book = book(engine);
    let plain = CatalogueItem {
        hilist_name: "血常规".into(),
        list_type: "201".into(),
        chrgitm_lv: "01".into(),
        selfpay_prop: None,
        hilist_pric_uplmt_amt: None,
        enddate: Some(date(2021, 6, 30)),
        ..catalogue_item("X3")
    };
    let elsewhere = CatalogueItem { pool: "510400".into(), ..catalogue_item("X4") };
    write(book.as_mut(), |tx| {
        for row in [&plain, &catalogue_item("X2"), &catalogue_item("X1"), &elsewhere] {
            tx.put_catalogue_item(row)?;
        }
        Ok(())
    });
    let mut codes = |filter: &CatalogueFilter, offset, limit| {
        let (page, total) = read(book.as_mut(), |tx| tx.catalogue_page(filter, offset, limit));
        (page.into_iter().map(|row| row.med_list_codg).collect::<Vec<_>>().join(" "), total)
    };
    let all = || CatalogueFilter { pool: "520500".into(), ..CatalogueFilter::default() };
    let some = |text: &str| Some(text.to_string());
    assert_eq!(codes(&all(), 0, 2), ("X1 X2".into(), 3));
    assert_eq!(codes(&all(), 2, 2), ("X3".into(), 3));
    assert_eq!(codes(&CatalogueFilter { pool: "510400".into(), ..all() }, 0, 9).1, 4);
    assert_eq!(codes(&CatalogueFilter { med_list_codg: some("X2"), ..all() }, 0, 9).0, "X2");
    assert_eq!(codes(&CatalogueFilter { name_part: some("常"), ..all() }, 0, 9).0, "X3");
    assert_eq!(codes(&CatalogueFilter { list_type: some("201"), ..all() }, 0, 9).0, "X3");
    assert_eq!(codes(&CatalogueFilter { chrgitm_lv: some("02"), ..all() }, 0, 9).1, 2);
    assert_eq!(codes(&CatalogueFilter { valid_on: Some(date(2021, 6, 30)), ..all() }, 0, 9).1, 3);
    assert_eq!(codes(&CatalogueFilter { valid_on: Some(date(2021, 7, 1)), ..all() }, 0, 9).0, "X1 X2");
    assert_eq!(codes(&CatalogueFilter { with_limit_price: true, ..all() }, 0, 9).0, "X1 X2");
    assert_eq!(codes(&CatalogueFilter { with_selfpay_prop: true, ..all() }, 0, 9).0, "X1 X2");
}

pub fn a_sign_in_ends_once(engine: &dyn Engine) {
    let mut book = book(engine);
    let row = SignIn {
        sign_no: "N1".into(),
        fixmedins_code: HOSPITAL.into(),
        opter_no: "OP1".into(),
        signed_in_at: july(1),
        signed_out_at: None,
    };
    write(book.as_mut(), |tx| {
        tx.add_sign_in(&row)?;
        assert_eq!(tx.sign_in("N1")?, Some(row.clone()));
        check_not_taken(tx, |tx| tx.add_sign_in(&row), "the number is taken")?;
        tx.sign_out("N1", july(2))?;
        assert_eq!(tx.sign_in("N1")?.unwrap().signed_out_at, Some(july(2)));
        check_not_taken(tx, |tx| tx.sign_out("N9", july(2)), "there is no such sign-in")
    });
}
