//! One writer of entries: whoever changes one, the table allows it, its claims go with it, and the history says who it was.
//! What a message says of itself signs nothing.

use super::backfill::{TOWN, correct, decide, entry, record, reopened, visit_at};
use super::backfill_runs::{admitted, number, visit};
use super::care::{settle_visit, visit_settlement};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG, clerk};
use super::register_lists::{WAITING, registers, waiting_city};
use super::registers::{act, add, agency};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, State, claim_keys, facts, told};
use yibao_policy::plan;

fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

fn history(city: &City, number: &str) -> Vec<(Action, String)> {
    city.look(|tx| tx.history(number)).into_iter().map(|event| (event.action, event.by)).collect()
}

#[test]
fn an_entry_that_a_message_makes_has_its_claims_and_each_change_one_event() {
    let city = City::with_plan(TOWN);
    city.clock.set(reopened());
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let mut settlement = visit_settlement(LI, &mdtrt_id, "B1", "100.00");
    settlement["data"]["invono"] = serde_json::json!("00077");
    city.done(HOSPITAL, "2207", &settlement);
    let made = found(&city, "TJ520500-2021-000001");
    assert_eq!(claim_keys(&made), [format!("receipt:{HOSPITAL}:77")]);
    assert_eq!(city.look(|tx| tx.claim_holder(&claim_keys(&made)[0])).as_deref(), Some("TJ520500-2021-000001"));
    assert_eq!(i64::try_from(history(&city, &made.number).len()).unwrap(), made.version);
    city.verify();
}

#[test]
fn a_person_who_is_found_out_in_the_backfill_is_a_step_in_the_history() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), "", 12, "100.00");
    city.write(|tx| {
        correct(tx, &number(1), |taken| {
            taken.details.insert("insutype".into(), "390".into());
            taken.certno = "520502600101001".into();
        })
    });
    city.clock.set(reopened());
    assert_eq!(city.backfill_all("town").settled, 1);
    let done: Vec<(Action, String)> = history(&city, &number(1)).into_iter().skip(2).collect();
    let by = "王科员(wang)".to_owned();
    assert_eq!(done, [(Action::Correct, by.clone()), (Action::Settle, by)]);
    assert_eq!(found(&city, &number(1)).psn_no, LI);
    city.verify();
}

#[test]
fn the_history_tells_what_an_entry_is_after_every_step() {
    let city = super::registers::city();
    let papers = [
        ("business", "reimbursement.manual"),
        ("begntime", "2021-07-12 09:00"),
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("papers", "报销资料"),
        ("slip", "S1"),
        ("care_provider", HOSPITAL),
        ("care_begntime", "2021-07-12 08:30"),
        ("medfee_sumamt", "100"),
    ];
    let number = add(&city, &agency(), RegisterKind::Papers, &papers).unwrap().entry.number;
    let holds = || {
        let (entry, history) = city.look(|tx| Ok((tx.entry(&number)?.unwrap(), tx.history(&number)?)));
        assert_eq!(told(history.iter().map(|event| &event.fields)), Some(facts(&entry)), "{history:?}");
    };
    holds();
    act(&city, &agency(), &number, Action::Correct, &[("psn_no", WANG), ("psn_name", "王某"), ("tel", "13900000001")])
        .unwrap();
    holds();
    act(&city, &agency(), &number, Action::Correct, &[("tel", ""), ("medfee_sumamt", "80")]).unwrap();
    holds();
    city.clock.set(reopened());
    act(&city, &agency(), &number, Action::Reimburse, &[("refund", "12.5"), ("result", "已核")]).unwrap();
    holds();
    city.verify();
}

#[test]
fn a_message_id_that_names_an_entry_neither_signs_its_history_nor_chooses_it() {
    let city = City::with_plan(TOWN);
    city.write(|tx| {
        record(tx, &entry(&number(1), RegisterKind::CashVisit, LI, date(2021, 7, 12).at(15, 0, 0, 0)))?;
        record(tx, &entry(&number(2), RegisterKind::CashVisit, LI, date(2021, 7, 12).at(9, 30, 0, 0)))
    });
    city.clock.set(reopened());
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    let settlement = visit_settlement(LI, &mdtrt_id, "B1", "100.00");
    city.send(HOSPITAL, "2207", &format!("{}-1-2207", number(1)), &settlement).unwrap();
    // The minute says which visit it is, whatever the message calls itself.
    assert_eq!((found(&city, &number(1)).state, found(&city, &number(2)).state), (State::Waiting, State::Settled));
    assert_eq!(history(&city, &number(2)).last().unwrap(), &(Action::Settle, "国家接口".to_owned()));
    // The next entry, made by the message itself, is not signed with the cashier's name either.
    let mdtrt_id = visit_at(&city, WANG, "310", "2021-07-13 09:30:00", "60.00");
    let settlement = visit_settlement(WANG, &mdtrt_id, "B1", "60.00");
    city.send(HOSPITAL, "2207", "TJ520500-2021-000001-1-2207", &settlement).unwrap();
    let done = history(&city, "TJ520500-2021-000001");
    assert!(done.iter().all(|(_, by)| by == "国家接口"), "{done:?}");
    city.verify();
}

#[test]
fn numbers_that_a_provider_has_used_or_reversed_beforehand_do_not_stand_in_the_way_of_a_backfill() {
    let city = City::with_plan(TOWN);
    visit(&city, &number(1), LI, 12, "100.00");
    city.clock.set(reopened());
    visit(&city, &number(2), LI, 13, "100.00");
    let msgid = |of| format!("{}-1-2207", number(of));
    let mdtrt_id = visit_at(&city, WANG, "310", "2021-07-15 09:30:00", "60.00");
    city.send(HOSPITAL, "2207", &msgid(1), &visit_settlement(WANG, &mdtrt_id, "B1", "60.00")).unwrap();
    city.reverse(HOSPITAL, LI, "2207", &msgid(2)).unwrap();
    assert_eq!(city.backfill_all("town").settled, 2);
    let settled = found(&city, &number(1));
    assert_eq!(settled.state, State::Settled);
    // Nor does the provider reverse what the platform did under that number: it reverses its own.
    city.reverse(HOSPITAL, WANG, "2207", &msgid(1)).unwrap();
    assert_eq!(found(&city, &number(1)), settled);
    city.verify();
}

#[test]
fn a_case_that_the_agency_agreed_to_passes_however_many_were_decided_before() {
    let city = City::with_plan(TOWN);
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    let decided = |number: &str, of: &str, decision: &str, city: &City| {
        let mut asked = entry(number, RegisterKind::Escalation, "", care);
        asked.details = [("of_entry".to_owned(), of.to_owned())].into();
        city.write(|tx| {
            record(tx, &asked)?;
            decide(tx, &asked.number, decision)
        });
    };
    for serial in 0..1_001 {
        decided(&format!("TJ520500-2021-{serial:06}"), "TJ520500-2021-800000", "不同意", &city);
    }
    city.write(|tx| record(tx, &entry("TJ520500-2021-900001", RegisterKind::CashVisit, LI, care)));
    decided("TJ520500-2021-900002", "TJ520500-2021-900001", "同意", &city);
    city.clock.set(date(2021, 8, 5).at(10, 0, 0, 0));
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    assert_eq!(found(&city, "TJ520500-2021-900001").state, State::Settled);
    city.verify();
}

#[test]
fn what_was_agreed_to_holds_under_a_stop_that_is_declared_later() {
    let later = TOWN.replace("id = \"town\"", "id = \"stop\"").replace("2021-07-15 24:00", "2021-07-16 24:00");
    let plans = [TOWN, &later].map(|text| plan::read(text).unwrap_or_else(|problems| panic!("{problems:?}")));
    let city = City::with_plans(plans.into());
    let care = date(2021, 7, 12).at(9, 30, 0, 0);
    city.write(|tx| {
        record(tx, &entry(&number(1), RegisterKind::CashVisit, LI, care))?;
        let mut asked = entry(&number(2), RegisterKind::Escalation, "", care);
        asked.details = [("of_entry".to_owned(), number(1))].into();
        record(tx, &asked)?;
        decide(tx, &number(2), "同意")
    });
    city.clock.set(date(2021, 8, 20).at(10, 0, 0, 0));
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    assert_eq!(found(&city, &number(1)).state, State::Settled);
    city.verify();
}

/// The town's plan with Panzhihua's order of the legs of a transfer.
fn town_with_legs() -> String {
    format!(
        "{TOWN}\n[[duty]]\nid = \"legs\"\nclause = \"T-07\"\nkind = \"order\"\nregister = \"transfer\"\nwho = \"hospital\"\n\
         business = [\"encounter.transfer\", \"settlement.inpatient\"]\nwhat = \"先结转出段,后结转入段\"\n"
    )
}

#[test]
fn p12_a_leg_whose_first_leg_nobody_knows_waits_where_the_plan_orders_legs_and_is_remarked_elsewhere() {
    for (plan, is_ordered) in [(town_with_legs(), true), (TOWN.to_owned(), false)] {
        let city = City::with_plan(&plan);
        admitted(&city, &number(1), RegisterKind::Transfer, OTHER_HOSPITAL, (12, 14), "9000.00");
        city.write(|tx| {
            correct(tx, &number(1), |second| drop(second.details.insert("from_provider".into(), HOSPITAL.into())))
        });
        city.clock.set(reopened());
        let outcome = city.backfill().entry(&clerk(), city.clock.get(), &number(1));
        if !is_ordered {
            let event = city.look(|tx| tx.history(&number(1))).pop().unwrap();
            assert_eq!((event.action, outcome.unwrap().state), (Action::Settle, State::Settled));
            assert!(event.fields["remark"].contains(HOSPITAL), "{:?}", event.fields);
            continue;
        }
        assert!(format!("{:?}", outcome.unwrap_err()).contains(HOSPITAL));
        // The first hospital registers its leg; both are settled in their order.
        admitted(&city, &number(2), RegisterKind::Admission, HOSPITAL, (11, 12), "3000.00");
        let run = city.backfill_all("town");
        assert_eq!((run.settled, run.failed), (2, 0));
        city.verify();
    }
}

#[test]
fn an_event_does_not_lie_before_its_stop() {
    let city = waiting_city();
    city.clock.set(date(2021, 7, 17).at(9, 0, 0, 0));
    let enter = |at| registers(&city).enter_event(&agency(), city.clock.get(), "waits", "accepted", at);
    let closes = city.platform.plans().iter().find(|plan| plan.id == "waits").unwrap().first_closing();
    let before = closes.saturating_sub(jiff::ToSpan::minute(1));
    let refused = enter(before).unwrap_err().to_string();
    assert!(refused.contains("早于停办"), "{refused}");
    assert_eq!(city.look(|tx| tx.entered_events()).len(), 0);
    enter(closes).unwrap();
    let corrected = registers(&city).correct_event(&agency(), city.clock.get(), "waits", "accepted", before, "录错");
    assert!(corrected.unwrap_err().to_string().contains("早于停办"));
}

#[test]
fn an_event_does_not_lie_before_the_stop_of_the_one_business_that_waits_for_it() {
    let filings = "closes = \"2021-07-10 00:00\"\nreopens_on = \"filings-checked\"\ndisposition = \"register_later\"";
    let text = WAITING.replace("disposition = \"register_later\"", filings);
    let text = format!("{text}\n[[event]]\nid = \"filings-checked\"\nname = \"备案核对完成\"\nwho = \"bureau\"\n");
    let city = City::new();
    city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
    registers(&city).publish_plan(&agency(), city.clock.get(), &text).unwrap();
    city.clock.set(date(2021, 7, 17).at(9, 0, 0, 0));
    let enter = |event, day: i8| {
        let at = date(2021, 7, day).at(9, 0, 0, 0);
        registers(&city).enter_event(&agency(), city.clock.get(), "waits", event, at)
    };
    // The main stop began on the 5th; filings went on until the 10th.
    let refused = enter("filings-checked", 8).unwrap_err().to_string();
    assert!(refused.contains("早于停办（2021-07-09 24:00）"), "{refused}");
    enter("filings-checked", 12).unwrap();
    enter("accepted", 8).unwrap();
    let moved = date(2021, 7, 8).at(9, 0, 0, 0);
    let corrected =
        registers(&city).correct_event(&agency(), city.clock.get(), "waits", "filings-checked", moved, "录错");
    assert!(corrected.unwrap_err().to_string().contains("早于停办"));
}
