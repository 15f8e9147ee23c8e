//! What the agency decides in a register: escalations, and holds of a debtor's benefits.

use super::city::{LI, WANG};
use super::register_lists::{VISIT, registers, waiting_city};
use super::registers::{act, add, agency, city, hospital, why};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, State};

#[test]
fn p20_an_escalation_that_goes_up_stays_open_until_it_is_decided_with_a_reason() {
    let city = waiting_city();
    let asked = [
        ("begntime", "2021-07-06 09:00"),
        ("subject", "患者死亡,家属要求先结算"),
        ("tel", "0857-1234567"),
        ("asked_by", "医保科"),
    ];
    let number = add(&city, &hospital(), RegisterKind::Escalation, &asked).unwrap().entry.number;
    let decided = |decision: &'static str| {
        [("decision", decision), ("reason", "特事特办"), ("decided_by", "局长"), ("decided_at", "2021-07-07 08:30")]
    };
    assert!(why(act(&city, &hospital(), &number, Action::Decide, &decided("同意"))).contains("批复"));
    assert!(why(act(&city, &agency(), &number, Action::Decide, &decided("同意")[..1])).contains("理由"));
    // What goes on to the next authority is a step of its own; a decision ends the question.
    assert!(why(act(&city, &agency(), &number, Action::Decide, &decided("转上级"))).contains("转上级"));
    let passed_up =
        [("to_whom", "省医保局"), ("reason", "超出本级权限"), ("passed_by", "钱某"), ("passed_at", "2021-07-07 08:20")];
    let pass_up = Action::of_word("pass_up").unwrap();
    assert!(why(act(&city, &hospital(), &number, pass_up, &passed_up)).contains("不能由"));
    assert_eq!(act(&city, &agency(), &number, pass_up, &passed_up).unwrap().entry.state, State::Waiting);
    assert_eq!(act(&city, &agency(), &number, Action::Decide, &decided("同意")).unwrap().entry.state, State::Done);
    city.verify();
}

#[test]
fn p26_a_hold_stops_later_benefits_until_the_debt_is_paid() {
    let city = waiting_city();
    let visit = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    let debt = [
        ("psn_no", WANG),
        ("psn_name", "王某"),
        ("of_entry", visit.as_str()),
        ("begntime", "2021-07-06 09:30"),
        ("medfee_sumamt", "128.50"),
        ("reason", "欠缴"),
    ];
    let number = add(&city, &hospital(), RegisterKind::NotEntitled, &debt).unwrap().entry.number;
    act(&city, &hospital(), &number, Action::Report, &[("reason", "拒不缴清")]).unwrap();
    act(&city, &agency(), &number, Action::Hold, &[("reason", "按方案")]).unwrap();
    city.clock.set(date(2021, 7, 9).at(9, 0, 0, 0));
    registers(&city)
        .enter_event(&agency(), city.clock.get(), "waits", "accepted", date(2021, 7, 8).at(0, 0, 0, 0))
        .unwrap();
    let bought = serde_json::json!({"day": "2021-07-09 08:00:00"});
    let mut purchase = super::care::purchase(WANG, "1.00");
    purchase["druginfo"]["begntime"] = bought["day"].clone();
    for line in purchase["drugdetail"].as_array_mut().unwrap() {
        line["fee_ocur_time"] = bought["day"].clone();
    }
    city.refused(super::city::PHARMACY, "2102", &purchase, &number);
    let short = why(act(&city, &hospital(), &number, Action::Pay, &[("paid", "100"), ("paid_at", "2021-07-09 08:30")]));
    assert!(short.contains("128.50"), "{short}");
    act(&city, &hospital(), &number, Action::Pay, &[("paid", "128.50"), ("paid_at", "2021-07-09 08:30")]).unwrap();
    city.done(super::city::PHARMACY, "2102", &purchase);
    city.verify();
}

#[test]
fn p26_without_the_switch_nobody_is_held() {
    let city = city();
    let stay = super::registers::stay(&city);
    let debt = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("of_entry", stay.as_str()),
        ("begntime", "2021-07-11 08:00"),
        ("medfee_sumamt", "500"),
        ("reason", "断保"),
    ];
    let number = add(&city, &hospital(), RegisterKind::NotEntitled, &debt).unwrap().entry.number;
    act(&city, &hospital(), &number, Action::Report, &[("reason", "拒不缴清")]).unwrap();
    let text = why(act(&city, &agency(), &number, Action::Hold, &[("reason", "追缴")]));
    assert!(text.contains("没有开启“暂停欠费人后续待遇”") && !text.contains("hold_debtor"), "{text}");
}
