//! What a plan says around its closings, as a till and the board meet it.

use super::backfill::reopened;
use super::care::{
    admission, admit, buy, cancellation, discharge, registration, settle_visit, text, visit, visit_settlement,
};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, PHARMACY, WANG, clerk};
use super::registers::hospital;
use jiff::civil::{DateTime, date};
use serde_json::json;
use yibao_domain::code::Pool;
use yibao_domain::outage::Counted;
use yibao_engine::desks::registers::{Actor, InvariantLine};
use yibao_store::person::Insurance;

/// A stop from the 10th to the 15th of July, with this beside it.
fn plan(rest: &str) -> String {
    format!(
        "[plan]\nid = \"t\"\ntitle = \"小城停机方案\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
         closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-11-30 24:00\"\nahead_hours = 48\n\n\
         [[rule]]\nid = \"all\"\nclause = \"1\"\nbusiness = \"*\"\ndisposition = \"refuse\"\nadvice = \"请稍后。\"\n\n{rest}"
    )
}

const FREEZE: &str = r#"[[freeze]]
id = "frozen"
clause = "2"
business = "settlement.pharmacy"
at = "2021-07-15 24:00"
advice = "需要更正的，请到经办机构办理。"
"#;

#[test]
fn what_was_settled_before_the_switch_is_not_cancelled_after_it() {
    let city = City::with_plan(&plan(FREEZE));
    let bought = buy(&city, WANG, "10.00");
    let undone = buy(&city, WANG, "11.00");
    let of_purchase =
        |settled: &super::care::Settled| cancellation(WANG, &text(&settled.info["mdtrt_id"]), &settled.setl_id);
    city.done(PHARMACY, "2103", &of_purchase(&undone));
    let mdtrt_id = visit(&city, WANG, "10.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "10.00");
    city.clock.set(reopened());
    city.refused(PHARMACY, "2103", &of_purchase(&bought), "切换后不再撤销");
    let reversed = city.reverse(PHARMACY, WANG, "2102", &bought.msgid);
    assert!(reversed.is_err(), "a reversal is a cancellation by another way");
    // Visits are not frozen, and what is settled after the switch is cancelled as ever.
    city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    let anew = buy(&city, WANG, "12.00");
    city.done(PHARMACY, "2103", &of_purchase(&anew));
    city.verify();
}

const CONTINUITY: &str = r#"[[continuity]]
id = "unbroken"
clause = "3"
schemes = "employee"
breaks_from = "2021-07-01"
breaks_until = "2021-07-31"
by = "2021-09-30 24:00"
advice = "9月底前补办的，待遇不中断。"
"#;

/// Wang's insurance ends on the 10th of July and begins again on the 20th of August.
fn with_a_break(plan_text: &str) -> City {
    let city = City::with_plan(plan_text);
    city.write(|tx| {
        let facts = tx.person_facts(WANG, &[])?.expect("the person is there");
        let row = facts.insurances.into_iter().find(|row| row.insutype == "310").expect("an employee");
        tx.put_insurance(&Insurance { enddate: Some(date(2021, 7, 10)), ..row.clone() })?;
        let anew = Insurance { begndate: date(2021, 8, 20), enddate: None, continuous_years: 0, ..row };
        tx.put_insurance(&anew).map(drop)
    });
    city.clock.set(date(2021, 8, 25).at(9, 0, 0, 0));
    city
}

#[test]
fn care_in_a_break_that_the_outage_made_is_insured() {
    let care = registration(WANG, "310", "2021-08-02 09:00:00");
    with_a_break(&plan("")).refused(HOSPITAL, "2201", &care, "无职工");
    let city = with_a_break(&plan(CONTINUITY));
    city.done(HOSPITAL, "2201", &care);
    city.verify();
}

const INVARIANT: &str = r#"[[invariant]]
id = "nothing"
clause = "4"
at = "2021-07-09 17:30"
counts = ["in_hospital", "discharged_unsettled", "visits_unsettled"]
advice = "17:30前全部结清。"
"#;

fn line(city: &City, by: &Actor, now: DateTime) -> InvariantLine {
    city.clock.set(now);
    let registers = city.platform.registers(&Pool::new("520500")).expect("the pool is served");
    let board = registers.board(by, now, "t").unwrap();
    board.invariants.into_iter().next().expect("the instant is near")
}

fn counts(line: &InvariantLine) -> [(u64, u64); 3] {
    [Counted::InHospital, Counted::Discharged, Counted::Visits].map(|counted| {
        line.counts.iter().find(|(other, ..)| *other == counted).map(|(_, count, still)| (*count, *still)).unwrap()
    })
}

#[test]
fn what_is_in_flight_at_an_instant_is_counted_before_it_at_it_and_ever_after() {
    let city = City::with_plan(&plan(INVARIANT));
    let at = |day: i8, hour, minute| date(2021, 7, day).at(hour, minute, 0, 0);
    city.clock.set(at(9, 9, 0));
    let stay = admit(&city, LI);
    let open = visit(&city, WANG, "10.00");
    let cancelled = text(
        &city.done(HOSPITAL, "2201", &registration(WANG, "310", "2021-07-09 09:00:00")).output["data"]["mdtrt_id"],
    );
    let before = line(&city, &clerk(), at(9, 12, 0));
    assert!(!before.has_come);
    assert_eq!(counts(&before), [(1, 1), (0, 0), (2, 2)]);
    city.clock.set(at(9, 14, 0));
    city.done(HOSPITAL, "2402", &discharge(LI, &stay, "2021-07-09 14:00:00"));
    let later = line(&city, &clerk(), at(9, 17, 29));
    assert_eq!(counts(&later), [(0, 0), (1, 1), (2, 2)]);
    // After the instant one visit is settled and one is cancelled: it was in flight all the same.
    city.clock.set(at(9, 18, 0));
    settle_visit(&city, WANG, &open, "B1", "10.00");
    city.done(HOSPITAL, "2202", &json!({"data": {"psn_no": WANG, "mdtrt_id": cancelled, "ipt_otp_no": "1"}}));
    let after = line(&city, &clerk(), at(9, 18, 30));
    assert!(after.has_come);
    assert_eq!(counts(&after), [(0, 0), (1, 1), (2, 0)]);
    assert_eq!((after.total(), after.still()), (3, 1));
    assert_eq!(after.providers.len(), 1);
    assert_eq!(after.providers[0].fixmedins_code, HOSPITAL);
}

#[test]
fn what_begins_after_the_instant_is_not_counted_and_a_hospital_sees_its_own() {
    let city = City::with_plan(&plan(INVARIANT));
    city.clock.set(date(2021, 7, 9).at(17, 31, 0, 0));
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-09 17:31:00"));
    assert_eq!(line(&city, &clerk(), date(2021, 7, 9).at(17, 40, 0, 0)).total(), 0);
    let city = City::with_plan(&plan(INVARIANT));
    city.clock.set(date(2021, 7, 9).at(10, 0, 0, 0));
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-09 10:00:00"));
    let now = date(2021, 7, 9).at(17, 40, 0, 0);
    assert_eq!((line(&city, &clerk(), now).total(), line(&city, &hospital(), now).total()), (1, 0));
    let far = City::with_plan(&plan(INVARIANT));
    let registers = far.platform.registers(&Pool::new("520500")).unwrap();
    let early = registers.board(&clerk(), date(2021, 7, 5).at(9, 0, 0, 0), "t").unwrap();
    assert!(early.invariants.is_empty(), "the instant is far away");
}

#[test]
fn an_account_that_rests_pays_nothing_and_care_is_settled_all_the_same() {
    let rests = "[[rule]]\nid = \"account\"\nclause = \"2\"\nbusiness = \"account.use\"\ndisposition = \"refuse\"\n\
                 advice = \"请付现金，恢复后再使用个人账户。\"\n";
    let goes_on = "[[rule]]\nid = \"care\"\nclause = \"3\"\nbusiness = [\"settlement\", \"encounter\"]\n\
                   disposition = \"open\"\nadvice = \"照常结算。\"\n\n";
    let account = |rest: &str, at: DateTime| {
        let city = City::with_plan(&plan(rest));
        city.clock.set(at);
        let mdtrt_id = visit(&city, WANG, "1000.00");
        let mut batch = visit_settlement(WANG, &mdtrt_id, "B1", "1000.00");
        batch["data"]["insutype"] = json!("310");
        let trial = city.done(HOSPITAL, "2206", &batch).output["setlinfo"]["acct_pay"].to_string();
        let settled = city.done(HOSPITAL, "2207", &batch);
        assert_eq!(trial, settled.output["setlinfo"]["acct_pay"].to_string(), "tried as it is settled");
        city.verify();
        (trial, settled.remarks.concat())
    };
    let in_the_outage = date(2021, 7, 12).at(15, 0, 0, 0);
    let (paid, told) = account(&format!("{goes_on}{rests}"), in_the_outage);
    assert_eq!(paid, "0.00");
    assert!(told.contains("本次结算未使用个人账户") && told.contains("请付现金，恢复后再使用个人账户。"), "{told}");
    // What closes everything that no rule names does not take the account out of a settlement that goes on.
    assert_ne!(account(goes_on, in_the_outage).0, "0.00");
    assert_ne!(account(&format!("{goes_on}{rests}"), reopened()).0, "0.00");
}
