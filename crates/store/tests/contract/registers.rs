//! What every engine promises about registers.

use crate::engine::{Engine, book, check_not_taken, check_verifies, race, read, try_write, write};
use crate::rows::{HOSPITAL, add_person, july};
use std::collections::BTreeMap;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry, EntryLine, Event, Source, State, claim_keys};
use yibao_store::register::{EntryCount, EntryFilter, Hold, Statement};
use yibao_store::{Fault, Tx};

pub fn fields(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A visit of 8 July that was paid in cash and waits.
pub fn entry(number: &str) -> Entry {
    let business = Business::named("settlement.outpatient");
    Entry {
        number: number.into(),
        plan: "cutover".into(),
        rule: "cash".into(),
        fixmedins_code: HOSPITAL.into(),
        admdvs: "520502".into(),
        psn_no: "P1".into(),
        invono: format!("I-{number}"),
        charged: Money::yuan(30),
        details: fields(&[("tel", "0857-1234567"), ("note", "说\"停机\"\n盖章")]),
        ..Entry::draft(RegisterKind::CashVisit, business, july(8), Source::Page, "赵六", july(9))
    }
}

fn event(seq: i64, action: Action, state: State) -> Event {
    Event {
        seq,
        at: july(9),
        by: "赵六".into(),
        actor: format!("clerk{seq}"),
        action,
        state,
        fields: fields(&[("tel", "0857")]),
    }
}

pub fn line(feedetl_sn: &str) -> EntryLine {
    EntryLine {
        feedetl_sn: feedetl_sn.into(),
        fee_ocur_time: july(8),
        med_list_codg: "XJ01CAA040E001".into(),
        medins_list_codg: "M1".into(),
        cnt: Decimal::new(25, 1),
        pric: Decimal::new(120_000, 4),
        det_item_fee_sumamt: Money::yuan(30),
        hosp_appr_flag: "1".into(),
        init_feedetl_sn: "L0".into(),
        prd_days: "28".into(),
    }
}

/// Records an entry as it is registered: with its first event and its claims.
pub fn register(tx: &mut dyn Tx, entry: &Entry) -> Result<(), Fault> {
    tx.add_entry(entry)?;
    tx.add_event(&entry.number, &event(1, Action::Register, entry.state))?;
    for key in claim_keys(entry) {
        tx.take_claim(&key, &entry.number)?;
    }
    tx.put_entry_lines(&entry.number, &[line("L1")])
}

/// Moves a registered entry on.
pub fn step(tx: &mut dyn Tx, entry: &Entry, action: Action) -> Result<(), Fault> {
    tx.update_entry(entry)?;
    tx.add_event(&entry.number, &event(entry.version, action, entry.state))
}

pub fn an_entry_comes_back_as_recorded(engine: &dyn Engine) {
    let full = Entry {
        certno: "C1".into(),
        mdtrt_id: "E1".into(),
        care_until: Some(july(12)),
        refunded: Money::fen(2_601),
        setl_id: "S1".into(),
        reason: "发票缺章".into(),
        source: Source::File,
        ..entry("T1")
    };
    let bare = Entry { psn_no: String::new(), details: BTreeMap::new(), ..entry("T2") };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&full)?;
        tx.add_entry(&bare)
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.entry("T1")?.as_ref(), Some(&full));
        assert_eq!(tx.entry("T2")?.as_ref(), Some(&bare));
        assert_eq!(tx.entry("T3")?, None);
        Ok(())
    });
    write(book.as_mut(), |tx| check_not_taken(tx, |tx| tx.add_entry(&full), "the number is taken"));
}

pub fn every_word_of_the_registers_comes_back(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        for kind in RegisterKind::KNOWN {
            tx.add_entry(&Entry { kind: *kind, ..entry(kind.word()) })?;
        }
        for (number, state) in State::KNOWN.iter().enumerate() {
            tx.add_entry(&Entry { state: *state, ..entry(&format!("S{number:02}")) })?;
        }
        for (seq, action) in (1..).zip(Action::KNOWN) {
            tx.add_event("S00", &event(seq, *action, State::Waiting))?;
        }
        Ok(())
    });
    read(book.as_mut(), |tx| {
        for kind in RegisterKind::KNOWN {
            assert_eq!(tx.entry(kind.word())?.unwrap().kind, *kind);
        }
        for (number, state) in State::KNOWN.iter().enumerate() {
            assert_eq!(tx.entry(&format!("S{number:02}"))?.unwrap().state, *state);
        }
        let actions: Vec<Action> = tx.history("S00")?.into_iter().map(|event| event.action).collect();
        assert_eq!(actions, Action::KNOWN);
        Ok(())
    });
}

#[track_caller]
fn check_selected(tx: &mut dyn Tx, filter: EntryFilter, expected: &[&str]) {
    let found: Vec<String> = tx.entries(&filter, 100).unwrap().into_iter().map(|entry| entry.number).collect();
    assert_eq!(found, expected, "{filter:?}");
    let counted: u64 = tx.count_by_kind(&filter).unwrap().iter().map(|(_, count)| count).sum();
    assert_eq!(counted, expected.len() as u64, "{filter:?}");
}

pub fn entries_are_selected_by_each_part_of_the_filter(engine: &dyn Engine) {
    let midnight = |day| july(day).date().at(0, 0, 0, 0);
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&entry("T1"))?;
        // The field's name within a value is no field.
        tx.add_entry(&Entry {
            plan: "other".into(),
            care_from: july(9),
            details: [("remark".to_owned(), "\"noted\": no".to_owned())].into(),
            ..entry("T2")
        })?;
        tx.add_entry(&Entry { kind: RegisterKind::Admission, care_from: midnight(9), ..entry("T3") })?;
        tx.add_entry(&Entry { state: State::Failed, care_from: midnight(10), ..entry("T4") })?;
        tx.add_entry(&Entry { fixmedins_code: "H2".into(), care_from: july(11), ..entry("T5") })?;
        tx.add_entry(&Entry { psn_no: "P2".into(), care_from: july(12), ..entry("T6") })?;
        tx.add_entry(&Entry { mdtrt_id: "E1".into(), care_from: july(13), ..entry("T7") })?;
        tx.add_entry(&Entry {
            setl_id: "S1".into(),
            state: State::Settled,
            care_from: july(9).date().at(23, 59, 59, 0),
            details: [("noted".to_owned(), "是".to_owned())].into(),
            ..entry("T8")
        })?;
        let nobodys = Entry { psn_no: String::new(), plan: "third".into(), care_from: july(14), ..entry("T9") };
        tx.add_entry(&Entry { certno: "C1".into(), number: "T10".into(), ..nobodys.clone() })?;
        tx.add_entry(&Entry { details: fields(&[("tel", "1")]), number: "T11".into(), ..nobodys.clone() })?;
        tx.add_entry(&Entry {
            details: fields(&[("note", "说\"停机\""), ("of_entry", "T1")]),
            number: "T12".into(),
            ..nobodys.clone()
        })?;
        tx.add_entry(&nobodys)
    });
    read(book.as_mut(), |tx| {
        let all = EntryFilter::default;
        check_selected(tx, all(), &["T1", "T3", "T2", "T8", "T4", "T5", "T6", "T7", "T10", "T11", "T12", "T9"]);
        check_selected(tx, EntryFilter { certno: Some("C1".into()), ..all() }, &["T10"]);
        let statement =
            |tel, care_from| Statement { kind: RegisterKind::CashVisit, care_from, details: fields(&[("tel", tel)]) };
        let said = |statement| EntryFilter { statement: Some(statement), ..all() };
        check_selected(tx, said(statement("1", july(14))), &["T11"]);
        check_selected(tx, said(statement("2", july(14))), &[]);
        check_selected(tx, said(statement("1", july(13))), &[]);
        let whole = Statement { details: entry("T9").details, ..statement("", july(14)) };
        check_selected(tx, said(whole), &["T9"]);
        check_selected(tx, EntryFilter { plan: Some("other".into()), ..all() }, &["T2"]);
        check_selected(tx, EntryFilter { kind: Some(RegisterKind::Admission), ..all() }, &["T3"]);
        assert_eq!(
            tx.count_by_kind(&EntryFilter { care_day: Some(july(9).date()), ..all() })?,
            [(RegisterKind::Admission, 1), (RegisterKind::CashVisit, 2)]
        );
        check_selected(tx, EntryFilter { states: vec![State::Failed], ..all() }, &["T4"]);
        check_selected(tx, EntryFilter { states: vec![State::Settled, State::Failed], ..all() }, &["T8", "T4"]);
        check_selected(tx, EntryFilter { fixmedins_code: Some("H2".into()), ..all() }, &["T5"]);
        check_selected(tx, EntryFilter { psn_no: Some("P2".into()), ..all() }, &["T6"]);
        check_selected(tx, EntryFilter { mdtrt_id: Some("E1".into()), ..all() }, &["T7"]);
        check_selected(tx, EntryFilter { setl_id: Some("S1".into()), ..all() }, &["T8"]);
        check_selected(tx, EntryFilter { with_field: Some("noted"), ..all() }, &["T8"]);
        check_selected(tx, EntryFilter { of_entry: Some("T1".into()), ..all() }, &["T12"]);
        check_selected(tx, EntryFilter { care_day: Some(july(9).date()), ..all() }, &["T3", "T2", "T8"]);
        check_selected(tx, EntryFilter { psn_no: Some("P1".into()), kind: Some(RegisterKind::Supply), ..all() }, &[]);
        Ok(())
    });
}

pub fn entries_come_in_the_order_of_care_page_by_page(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        for (number, day) in [("T5", 8), ("T1", 10), ("T4", 9), ("T2", 9), ("T3", 9)] {
            tx.add_entry(&Entry { care_from: july(day), ..entry(number) })?;
        }
        Ok(())
    });
    let mut seen = Vec::new();
    let mut filter = EntryFilter { plan: Some("cutover".into()), ..EntryFilter::default() };
    loop {
        let page = read(book.as_mut(), |tx| tx.entries(&filter, 2));
        let Some(last) = page.last() else { break };
        filter.after = Some((last.care_from, last.number.clone()));
        seen.extend(page.into_iter().map(|entry| entry.number));
    }
    assert_eq!(seen, ["T5", "T2", "T3", "T4", "T1"]);
}

pub fn an_entry_changes_only_from_the_version_before(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| add_person(tx, "P1"));
    write(book.as_mut(), |tx| register(tx, &entry("T1")));
    let told = Entry { state: State::Failed, reason: "未参保".into(), version: 2, ..entry("T1") };
    for version in [1, 3] {
        let fault = try_write(book.as_mut(), |tx| tx.update_entry(&Entry { version, ..told.clone() })).unwrap_err();
        assert_eq!(fault.to_string(), "changing entry T1", "{}", fault.chain());
    }
    assert!(try_write(book.as_mut(), |tx| tx.update_entry(&Entry { version: 2, ..entry("T9") })).is_err());
    assert_eq!(read(book.as_mut(), |tx| tx.entry("T1")), Some(entry("T1")));
    write(book.as_mut(), |tx| step(tx, &told, Action::Fail));
    assert_eq!(read(book.as_mut(), |tx| tx.entry("T1")), Some(told));
    check_verifies(book.as_mut());
}

pub fn of_racing_changes_of_an_entry_one_is_kept(engine: &dyn Engine) {
    write(book(engine).as_mut(), |tx| add_person(tx, "P1"));
    write(book(engine).as_mut(), |tx| register(tx, &entry("T1")));
    let outcomes = race(engine, 4, |number, book| {
        let changed = Entry { reason: format!("改{number}"), version: 2, ..entry("T1") };
        try_write(book, |tx| step(tx, &changed, Action::Correct)).is_ok()
    });
    assert_eq!(outcomes.iter().filter(|kept| **kept).count(), 1, "{outcomes:?}");
    let mut book = book(engine);
    read(book.as_mut(), |tx| {
        let winner = outcomes.iter().position(|kept| *kept).unwrap();
        assert_eq!(tx.entry("T1")?.unwrap().reason, format!("改{winner}"));
        assert_eq!(tx.history("T1")?.len(), 2);
        Ok(())
    });
    check_verifies(book.as_mut());
}

pub fn a_history_is_only_added_to(engine: &dyn Engine) {
    let first = event(1, Action::Register, State::Waiting);
    let second = Event { fields: BTreeMap::new(), ..event(2, Action::Withdraw, State::Withdrawn) };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&entry("T1"))?;
        tx.add_event("T1", &first)?;
        tx.add_event("T1", &second)?;
        check_not_taken(tx, |tx| tx.add_event("T1", &second), "the place is taken")?;
        check_not_taken(tx, |tx| tx.add_event("T1", &event(4, Action::Reopen, State::Waiting)), "one is left out")?;
        check_not_taken(tx, |tx| tx.add_event("T9", &first), "there is no such entry")
    });
    assert_eq!(read(book.as_mut(), |tx| tx.history("T1")), [first, second.clone()]);
    assert_eq!(read(book.as_mut(), |tx| tx.last_event("T1")), Some(second));
    assert_eq!(read(book.as_mut(), |tx| tx.last_event("T9")), None);
}

pub fn lines_of_an_entry_are_replaced_whole(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&entry("T1"))?;
        tx.add_entry(&entry("T2"))?;
        tx.put_entry_lines("T1", &[line("L2"), line("L1"), line("L2")])?;
        tx.put_entry_lines("T2", &[line("L9")])
    });
    assert_eq!(read(book.as_mut(), |tx| tx.entry_lines("T1")), [line("L2"), line("L1"), line("L2")]);
    let corrected = EntryLine { cnt: Decimal::new(1, 0), ..line("L3") };
    write(book.as_mut(), |tx| tx.put_entry_lines("T1", std::slice::from_ref(&corrected)));
    assert_eq!(read(book.as_mut(), |tx| tx.entry_lines("T1")), [corrected]);
    write(book.as_mut(), |tx| tx.put_entry_lines("T1", &[]));
    read(book.as_mut(), |tx| {
        assert_eq!(tx.entry_lines("T1")?, []);
        assert_eq!(tx.entry_lines("T2")?, [line("L9")]);
        Ok(())
    });
}

pub fn a_claim_is_taken_once_and_given_back(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&entry("T1"))?;
        tx.add_entry(&entry("T2"))?;
        tx.take_claim("invoice:A", "T1")?;
        tx.take_claim("stay:P1", "T1")?;
        tx.take_claim("invoice:B", "T2")?;
        check_not_taken(tx, |tx| tx.take_claim("invoice:A", "T2"), "T1 has it")?;
        check_not_taken(tx, |tx| tx.take_claim("invoice:A", "T1"), "T1 has it already")?;
        check_not_taken(tx, |tx| tx.take_claim("invoice:C", "T9"), "there is no such entry")?;
        assert_eq!(tx.claim_holder("invoice:A")?.as_deref(), Some("T1"));
        assert_eq!(tx.claim_holder("invoice:C")?, None);
        tx.release_claims("T1")?;
        assert_eq!(tx.claim_holder("invoice:A")?, None);
        assert_eq!(tx.claim_holder("stay:P1")?, None);
        tx.take_claim("invoice:A", "T2")
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.claim_holder("invoice:A")?.as_deref(), Some("T2"));
        assert_eq!(tx.claim_holder("invoice:B")?.as_deref(), Some("T2"));
        Ok(())
    });
}

pub fn of_racing_claims_one_is_taken(engine: &dyn Engine) {
    write(book(engine).as_mut(), |tx| {
        tx.add_entry(&entry("T0"))?;
        tx.add_entry(&entry("T1"))?;
        tx.add_entry(&entry("T2"))?;
        tx.add_entry(&entry("T3"))
    });
    let outcomes =
        race(engine, 4, |number, book| try_write(book, |tx| tx.take_claim("invoice:A", &format!("T{number}"))).is_ok());
    assert_eq!(outcomes.iter().filter(|taken| **taken).count(), 1, "{outcomes:?}");
    let winner = outcomes.iter().position(|taken| *taken).unwrap();
    assert_eq!(read(book(engine).as_mut(), |tx| tx.claim_holder("invoice:A")), Some(format!("T{winner}")));
}

pub fn the_papers_that_came_in_first_and_still_wait_are_found(engine: &dyn Engine) {
    let of =
        |number: &str, day, state| Entry { kind: RegisterKind::Papers, taken_at: july(day), state, ..entry(number) };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.add_entry(&of("T1", 9, State::Done))?;
        tx.add_entry(&of("T2", 12, State::Waiting))?;
        tx.add_entry(&of("T3", 11, State::Approved))?;
        tx.add_entry(&Entry { plan: "other".into(), ..of("T4", 10, State::Waiting) })?;
        tx.add_entry(&Entry { business: Business::named("settlement.pharmacy"), ..of("T5", 10, State::Waiting) })?;
        tx.add_entry(&Entry { kind: RegisterKind::CashVisit, ..of("T6", 10, State::Waiting) })
    });
    read(book.as_mut(), |tx| {
        let mut first = |plan: &str, business| {
            Ok::<_, Fault>(tx.first_papers(plan, &Business::named(business))?.map(|entry| entry.number))
        };
        assert_eq!(first("cutover", "settlement.outpatient")?.as_deref(), Some("T3"));
        assert_eq!(first("other", "settlement.outpatient")?.as_deref(), Some("T4"));
        assert_eq!(first("other", "settlement.pharmacy")?, None);
        Ok(())
    });
}

pub fn entries_are_counted_by_register_business_provider_and_state(engine: &dyn Engine) {
    let purchase = || Business::named("settlement.pharmacy");
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&entry("T1"))?;
        tx.add_entry(&Entry { charged: Money::fen(1_001), ..entry("T2") })?;
        let settled = Entry { state: State::Settled, refunded: Money::yuan(26), ..entry("T3") };
        tx.add_entry(&settled)?;
        tx.add_entry(&Entry { business: purchase(), ..entry("T4") })?;
        tx.add_entry(&Entry { fixmedins_code: String::new(), kind: RegisterKind::Papers, ..entry("T5") })?;
        // Two that state their lines alone; the lines of one that is settled beside another are charged there.
        tx.add_entry(&Entry { charged: Money::ZERO, ..entry("T7") })?;
        tx.put_entry_lines("T7", &[line("L1"), line("L2")])?;
        tx.add_entry(&Entry { charged: Money::ZERO, state: State::Settled, ..entry("T8") })?;
        tx.put_entry_lines("T8", &[line("L3")])?;
        tx.add_entry(&Entry { plan: "other".into(), ..entry("T6") })
    });
    let count = |kind, business, fixmedins_code: &str, state, count, charged, refunded| EntryCount {
        kind,
        business,
        fixmedins_code: fixmedins_code.into(),
        state,
        count,
        charged: Money::fen(charged),
        refunded: Money::fen(refunded),
        to_hand_back: u64::from(state == State::Settled && refunded > 0) * count,
        to_hand_back_sum: if state == State::Settled { Money::fen(refunded) } else { Money::ZERO },
    };
    let visit = || Business::named("settlement.outpatient");
    let cash = RegisterKind::CashVisit;
    read(book.as_mut(), |tx| {
        let expected = [
            EntryCount { count: 2, ..count(cash, visit(), HOSPITAL, State::Settled, 1, 3_000, 2_600) },
            count(cash, visit(), HOSPITAL, State::Waiting, 3, 10_001, 0),
            count(cash, purchase(), HOSPITAL, State::Waiting, 1, 3_000, 0),
            count(RegisterKind::Papers, visit(), "", State::Waiting, 1, 3_000, 0),
        ];
        assert_eq!(tx.count_entries("cutover")?, expected);
        assert_eq!(tx.count_entries("nothing")?, []);
        Ok(())
    });
}

pub fn a_hold_stands_until_it_ends(engine: &dyn Engine) {
    let hold = |number: &str, day| Hold { psn_no: "P1".into(), number: number.into(), since: july(day), until: None };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.add_entry(&entry("T1"))?;
        tx.add_entry(&entry("T2"))?;
        tx.add_hold(&hold("T2", 11))?;
        tx.add_hold(&hold("T1", 10))?;
        check_not_taken(tx, |tx| tx.add_hold(&hold("T1", 12)), "T1 holds already")?;
        tx.end_hold("T1", july(13))?;
        // Nothing stands any more, and the end stays.
        tx.end_hold("T1", july(14))?;
        tx.add_hold(&hold("T1", 15))
    });
    read(book.as_mut(), |tx| {
        let ended = Hold { until: Some(july(13)), ..hold("T1", 10) };
        assert_eq!(tx.holds("P1")?, [ended, hold("T2", 11), hold("T1", 15)]);
        assert_eq!(tx.holds("P2")?, []);
        Ok(())
    });
}
