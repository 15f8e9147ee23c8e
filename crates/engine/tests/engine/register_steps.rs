//! Steps taken in any order by anybody: whatever is refused, the sum closes and the book is sound.

use super::city::{City, LI, WANG};
use super::registers::{act, add, agency, city, hospital, stay};
use jiff::civil::date;
use proptest::prelude::*;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, FieldKind, FieldSpec, State, Step};
use yibao_engine::desks::registers::{Actor, NotDone};
use yibao_policy::plan;
use yibao_policy::registers::built_in;
use yibao_store::SqliteStore;

/// A value that fits the field.
fn fitting(field: &FieldSpec) -> String {
    match &field.holds {
        FieldKind::Text => "文字".to_owned(),
        FieldKind::Telephone => "0857-1234567".to_owned(),
        FieldKind::Moment => "2021-07-16 08:00".to_owned(),
        FieldKind::Day => "2021-07-16".to_owned(),
        FieldKind::Money | FieldKind::Price => "600.00".to_owned(),
        FieldKind::YesNo => "是".to_owned(),
        FieldKind::Business => "filing".to_owned(),
        FieldKind::Count | FieldKind::Quantity => "28".to_owned(),
        FieldKind::Diagnoses => "I10.x00 高血压".to_owned(),
        FieldKind::Code(table) if table.starts_with("matn") || table.starts_with("birctrl") => "1".to_owned(),
        FieldKind::Code(table) => if table == "dscg_way" { "1" } else { "310" }.to_owned(),
        FieldKind::Choice(words) => words[0].clone(),
        FieldKind::Papers => "发票、费用明细清单".to_owned(),
        FieldKind::Channel => "经办窗口".to_owned(),
    }
}

fn entries(city: &City) -> Vec<(RegisterKind, String)> {
    let debt_of = stay(city);
    let debt = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("of_entry", debt_of.as_str()),
        ("begntime", "2021-07-11 08:00"),
        ("medfee_sumamt", "500"),
        ("reason", "断保"),
    ];
    let debt = add(city, &hospital(), RegisterKind::NotEntitled, &debt).unwrap().entry.number;
    let papers = [("psn_name", "甲"), ("business", "filing"), ("begntime", "2021-07-12 09:00"), ("papers", "备案表")];
    let papers = add(city, &agency(), RegisterKind::Papers, &papers).unwrap().entry.number;
    let left = [
        ("psn_no", WANG),
        ("psn_name", "王某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-11 10:00"),
        ("tel", "13900000000"),
        ("fees_kept", "是"),
        ("choice", "恢复后结算"),
    ];
    let left = add(city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap().entry.number;
    vec![
        (RegisterKind::Admission, debt_of),
        (RegisterKind::NotEntitled, debt),
        (RegisterKind::Papers, papers),
        (RegisterKind::DeferredDischarge, left),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_tried_the_closing_sum_closes(
        tried in proptest::collection::vec((0_usize..4, 0..Action::KNOWN.len(), any::<bool>()), 1..40)
    ) {
        let city = city();
        let entries = entries(&city);
        city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
        for (entry, action, by_agency) in tried {
            let (kind, number) = &entries[entry];
            let action = Action::KNOWN[action];
            let stated: Vec<(String, String)> = built_in().fields.of(*kind, action).map(|f| (f.name.clone(), fitting(f))).collect();
            let stated: Vec<(&str, &str)> = stated.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let by: Actor = if by_agency { agency() } else { hospital() };
            if let Err(NotDone::Fault(fault)) = act(&city, &by, number, action, &stated) {
                panic!("{}", fault.chain());
            }
        }
        let registers = city.platform.registers(&Pool::new("520500")).unwrap();
        let board = registers.board(&agency(), city.clock.get(), "bijie-2021").unwrap();
        prop_assert!(board.total.sum.closes());
        prop_assert_eq!(board.total.sum.taken_in, 4);
        city.verify();
    }
}

#[test]
fn what_the_platform_lists_begins_where_the_table_of_steps_says_as_what_people_register_does() {
    let mut work = built_in().as_ref().clone();
    let begins = |step: &&mut Step| step.from.is_empty() && step.kinds.contains(&RegisterKind::Publicity);
    work.steps.iter_mut().find(begins).unwrap().to = Some(State::Approved);
    let folder = tempfile::tempdir().unwrap();
    let pools = [Pool::new("520500"), Pool::new("510400")];
    let store = Arc::new(SqliteStore::open(folder.path(), &pools).unwrap());
    let now = date(2021, 7, 6).at(9, 0, 0, 0);
    let (_, text) = plan::SHIPPED.iter().find(|(name, _)| name.contains("bijie")).unwrap();
    let bijie = plan::read(text).unwrap();
    let city = City::with_work(store, vec![bijie], now, Arc::new(work));
    city.tend();
    let listed = super::register_lists::entries(&city, RegisterKind::Publicity);
    let states: Vec<State> = listed.into_iter().map(|(entry, ..)| entry.state).collect();
    assert_eq!(states, [State::Approved; 3]);
}
