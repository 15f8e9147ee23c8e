//! Whom a statement in a register is about: names and numbers as people write them, and two persons with one document.

use super::city::{City, LI, WANG};
use super::register_sheets::{CASH, city};
use super::registers::{add, hospital, why};
use yibao_domain::outage::RegisterKind;
use yibao_store::person::Person;

/// The number that mother and child have.
const NUMBER: &str = "520502600101001";
const CHILD: &str = "52050000000000000009";

fn with_child(city: &City, name: &str, kind: &str) {
    city.write(|tx| {
        let mother = tx.person(LI)?.expect("somebody of the city");
        let child = Person { psn_no: CHILD.into(), psn_name: name.into(), psn_cert_type: kind.into(), ..mother };
        tx.put_person(&child).map(drop)
    });
}

/// A visit in cash of somebody with this document and name.
fn visit<'a>(certno: &'a str, name: &'a str, kind: &'a str, invoice: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = CASH.iter().copied().filter(|(field, _)| !["certno", "psn_name", "invono", "psn_no"].contains(field));
    let mut visit: Vec<_> = others.collect();
    visit.extend([("certno", certno), ("psn_name", name), ("invono", invoice)]);
    visit.extend((!kind.is_empty()).then_some(("psn_cert_type", kind)));
    visit
}

#[track_caller]
fn check(city: &City, stated: &[(&str, &str)], expected: &str, told: &str) {
    let kept = add(city, &hospital(), RegisterKind::CashVisit, stated).unwrap();
    let remarks = kept.remarks.join("；");
    assert_eq!(kept.entry.psn_no, expected, "{stated:?}: {remarks}");
    assert!(remarks.contains(told), "{remarks}");
}

#[test]
fn a_mother_and_a_newborn_with_her_number_are_told_apart_by_name_and_then_by_kind_of_document() {
    let city = city();
    with_child(&city, "李小某", "99");
    check(&city, &visit(NUMBER, "李某", "", "1"), LI, "");
    check(&city, &visit(NUMBER, "李 小某", "", "2"), CHILD, "");
    check(&city, &visit(NUMBER, "李小某", "99", "3"), CHILD, "");
    check(&city, &visit(NUMBER, "别人", "", "4"), "", "没有一个与所填的姓名、证件类型一致");
}

#[test]
fn of_two_with_one_number_and_one_name_the_kind_of_document_decides_and_nobody_is_guessed() {
    let city = city();
    with_child(&city, "李某", "990201");
    check(&city, &visit(NUMBER, "李某", "990201", "1"), CHILD, "");
    check(&city, &visit(NUMBER, "李某", "01", "2"), LI, "");
    check(&city, &visit(NUMBER, "李某", "居民身份证", "4"), LI, "");
    check(
        &city,
        &visit(NUMBER, "李某", "", "3"),
        "",
        "2人，证件类型分别为 01 居民身份证（户口簿）、990201 医学出生证明",
    );
}

#[test]
fn a_newborn_whom_nobody_knows_yet_is_taken_in_on_the_mothers_number() {
    let city = city();
    check(&city, &visit(NUMBER, "李某", "", "1"), LI, "");
    let told = "按用母亲号码、还没有参保的新生儿登记";
    check(&city, &visit(NUMBER, "李小某", "990201", "2"), "", told);
    check(&city, &visit(NUMBER, "李某之女", "", "3"), "", told);
    // The look-up of the mother's number has filled her own one in.
    let filled_in = [&visit(NUMBER, "李小某", "990201", "4")[..], &[("psn_no", LI)]].concat();
    check(&city, &filled_in, "", told);
    for (name, kind) in [("李小某", ""), ("李小某", "01"), ("张某之女", "")] {
        let said = why(add(&city, &hospital(), RegisterKind::CashVisit, &visit(NUMBER, name, kind, "9")));
        assert!(said.contains("姓名不一致") && said.contains("990201 医学出生证明"), "{name} {kind}: {said}");
    }
}

#[test]
fn a_name_that_is_written_otherwise_is_the_same_person() {
    let city = city();
    city.write(|tx| {
        let wang = tx.person(WANG)?.expect("somebody of the city");
        tx.put_person(&Person { psn_name: "买买提·艾力䶮".into(), ..wang }).map(drop)
    });
    let number = "11010519491231002X";
    for (at, name) in
        ["买买提•艾力䶮", "买买提 艾力䶮", "买买提．艾力\u{e863}", "'买买提・艾力䶮\u{200b}"].iter().enumerate()
    {
        check(&city, &visit(number, name, "", &format!("N{at}")), WANG, "");
    }
    for (at, certno) in
        ["１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x", "'11010519491231002X"].iter().enumerate()
    {
        check(&city, &visit(certno, "买买提艾力䶮", "", &format!("D{at}")), WANG, "");
    }
    let other = add(&city, &hospital(), RegisterKind::CashVisit, &visit(number, "买买提·艾里", "", "X"));
    assert!(other.is_err(), "another name is another person");
}

#[test]
fn nobody_is_lost_because_the_platform_does_not_know_them() {
    let city = city();
    let mut visit = CASH.to_vec();
    visit[1] = ("psn_name", "新某");
    for (certno, invoice, told) in [
        ("520502199001019997", "N1", "查无此人"),
        ("520502199001019996", "N2", "校验码不符"),
        ("52050219900231999X", "N3", "出生日期不存在"),
        ("5205021990010199", "N4", "16位"),
    ] {
        visit[0] = ("certno", certno);
        visit[7] = ("invono", invoice);
        let kept = add(&city, &hospital(), RegisterKind::CashVisit, &visit).unwrap();
        let remarks = kept.remarks.join("");
        assert!(kept.entry.psn_no.is_empty() && remarks.contains(told) && remarks.contains("核实"), "{remarks}");
        assert_eq!(remarks.contains("查无此人"), told == "查无此人", "{remarks}");
    }
    // A number is somebody's however it ends, as long as its check character fits.
    visit[0] = ("certno", "510402197505050000");
    visit[7] = ("invono", "N5");
    let kept = add(&city, &hospital(), RegisterKind::CashVisit, &visit).unwrap();
    assert!(kept.entry.psn_no.is_empty() && kept.remarks.join("").contains("末三位是000"), "{:?}", kept.remarks);
    for lost in ["5.20502E+17", "520502199001010000", "5E17"] {
        visit[0] = ("certno", lost);
        let said = why(add(&city, &hospital(), RegisterKind::CashVisit, &visit));
        assert!(said.contains("证件号码") && said.contains(lost) && said.contains("文本格式"), "{said}");
    }
    let mut known = CASH.to_vec();
    known[0] = ("certno", "520502600101001");
    known[7] = ("invono", "9");
    assert_eq!(add(&city, &hospital(), RegisterKind::CashVisit, &known).unwrap().entry.psn_no, LI);
    let nobody: Vec<(&str, &str)> = CASH[1..].to_vec();
    assert!(why(add(&city, &hospital(), RegisterKind::CashVisit, &nobody)).contains("至少填一项"));
}
