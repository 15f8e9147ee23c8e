//! 1101 by the credentials that people bring.

use super::city::{City, HOSPITAL, LI, WANG, ZHAO};
use serde_json::{Value, json};
use yibao_store::person::Person;

fn question(kind: &str, number: &str, certno: &str) -> Value {
    json!({"data": {
        "mdtrt_cert_type": kind, "mdtrt_cert_no": number, "psn_cert_type": "01", "certno": certno, "psn_name": ""
    }})
}

#[track_caller]
fn check(kind: &str, number: &str, certno: &str, expected: &str) {
    let found = City::new().done(HOSPITAL, "1101", &question(kind, number, certno)).output;
    assert_eq!(found["baseinfo"]["psn_no"], expected, "{kind} {number} {certno}");
}

#[test]
fn a_person_is_found_by_whatever_says_who_it_is() {
    check("02", "11010519491231002X", "", WANG);
    check("02", "11010519491231002x", "", WANG);
    check("03", "A10000001", "", WANG);
    check("03", "a10000001", "11010519491231002x", WANG);
    check("03", "NOSUCHCARD", "11010519491231002X", WANG);
    check("01", "token-of-the-electronic-credential", "11010519491231002X", WANG);
}

#[test]
fn an_old_number_and_the_new_one_are_the_same_person() {
    // 491231002 with the century left out is the old form of 19491231002X.
    check("02", "110105491231002", "", WANG);
    // Recorded in fifteen characters; weights and check of GB 11643 give 520502196001010018 + check.
    let full = yibao_domain::written::identity::IdNumber::parse("520502600101001").unwrap();
    check("02", "520502600101001", "", LI);
    check("02", full.as_str(), "", LI);
    check("03", "A10000002", full.as_str(), LI);
}

#[test]
fn nobody_is_guessed() {
    let city = City::new();
    city.refused(HOSPITAL, "1101", &question("01", "token", ""), "certno");
    city.refused(HOSPITAL, "1101", &question("02", "520502199001019997", ""), "未找到");
    city.refused(HOSPITAL, "1101", &question("03", "A10000001", "520502190001010019"), "未找到");
    let mut named = question("02", "11010519491231002X", "");
    named["data"]["psn_name"] = json!("别人");
    city.refused(HOSPITAL, "1101", &named, "psn_name");
}

#[test]
fn what_says_nothing_in_a_number_is_no_reason_to_know_nobody() {
    for number in [
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002x",
        "110105\u{200b}19491231002X\u{feff}",
        "110105\u{3000}19491231\u{a0}002X",
        "110105-19491231-002X",
    ] {
        check("02", number, "", WANG);
        check("01", "token", number, WANG);
    }
    check("03", " ａ1000 0001", "", WANG);
}

#[test]
fn a_number_that_cannot_be_one_is_told_as_such_and_not_as_nobodys() {
    let city = City::new();
    for (number, told) in [
        ("520502190001010018", "校验码不符"),
        ("52050219000231001X", "出生日期不存在"),
        ("52050219000101001", "17位"),
        ("5.20502E+17", "科学计数法"),
        ("520502190001010000", "000"),
    ] {
        for asked in [question("02", number, ""), question("01", "token", number)] {
            city.refused(HOSPITAL, "1101", &asked, told);
        }
    }
    city.refused(HOSPITAL, "1101", &question("02", "E12345678", ""), "未找到");
}

#[test]
fn somebody_with_two_insurances_is_shown_with_both_that_run() {
    let city = City::new();
    let found = city.done(HOSPITAL, "1101", &question("03", "A10000003", "")).output;
    assert_eq!(found["baseinfo"]["psn_no"], ZHAO);
    let types: Vec<&str> =
        found["insuinfo"].as_array().unwrap().iter().map(|row| row["insutype"].as_str().unwrap()).collect();
    assert_eq!(types, ["390", "310"], "the ended period is left out");
}

#[test]
fn a_mother_and_a_newborn_with_her_number_are_told_apart_by_name_and_kind_of_document() {
    const CHILD: &str = "52050000000000000009";
    let city = City::new();
    city.write(|tx| {
        let mother = tx.person(LI)?.expect("somebody of the city");
        let child = Person { psn_no: CHILD.into(), psn_name: "李小某".into(), psn_cert_type: "99".into(), ..mother };
        tx.put_person(&child).map(drop)
    });
    let ask = |name: &str, cert_type: &str| {
        let mut asked = question("02", "520502600101001", "");
        asked["data"]["psn_name"] = json!(name);
        asked["data"]["psn_cert_type"] = json!(cert_type);
        asked
    };
    let found =
        |name, cert_type| city.done(HOSPITAL, "1101", &ask(name, cert_type)).output["baseinfo"]["psn_no"].clone();
    assert_eq!(found("李某", "01"), LI);
    assert_eq!(found(" 李　某\u{200b}", ""), LI);
    assert_eq!(found("李小某", ""), CHILD);
    assert_eq!(found("", "99"), CHILD);
    assert_eq!(found("", "01"), LI);
    city.refused(HOSPITAL, "1101", &ask("", ""), "psn_name");
    city.refused(HOSPITAL, "1101", &ask("", ""), "2人，证件类型分别为 01 居民身份证（户口簿）、99 其他身份证件");
    city.refused(HOSPITAL, "1101", &ask("别人", "01"), "psn_name");
}
