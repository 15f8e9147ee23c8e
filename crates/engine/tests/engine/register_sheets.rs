//! Panzhihua's notice at the registers, and sheets with errors in them; on both stores.

use super::care::{description, fees, one, registration, text};
use super::city::{City, DRUG, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use super::registers::{act, add, agency, hospital, other_hospital, why};
use jiff::civil::date;
use serde_json::json;
use yibao_cluster::Cluster;
use yibao_domain::code::Pool;
use yibao_domain::outage::{DueAt, Plan, RegisterKind};
use yibao_domain::register::{Action, State};
use yibao_engine::desks::registers::{ListFilter, Outcome, Registers, Sheet, SheetRow, Verdict};
use yibao_policy::plan;
use yibao_store::place;

/// The notice of 2020 as the plan of the city of these tests.
fn plans() -> Vec<Plan> {
    let (_, text) = plan::SHIPPED.iter().find(|(name, _)| name.contains("panzhihua")).unwrap();
    vec![plan::read(&text.replace("510400", "520500")).unwrap()]
}

pub(super) fn city() -> City {
    let city = City::with_plans(plans());
    city.clock.set(date(2020, 9, 14).at(12, 0, 0, 0));
    city
}

fn registers(city: &City) -> Registers<'_> {
    city.platform.registers(&Pool::new("520500")).unwrap()
}

pub(super) const CASH: &[(&str, &str)] = &[
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "11"),
    ("begntime", "2020-09-12 09:30"),
    ("medfee_sumamt", "30.00"),
    ("tel", "13900000000"),
    ("invono", "00012345"),
    ("rx_no", "CF1"),
    ("card_seen", "社会保障卡"),
    ("card_number_on_papers", "是"),
    ("halted_stamp", "是"),
];

#[test]
fn p06_p09_a_residents_cash_visit_waits_for_its_re_entry_within_ten_working_days() {
    let city = city();
    let kept = add(&city, &hospital(), RegisterKind::CashVisit, CASH).unwrap();
    assert_eq!((kept.entry.state, kept.entry.rule.as_str()), (State::Waiting, "outpatient-ordinary-resident"));
    let due = registers(&city).entry(&hospital(), city.clock.get(), &kept.entry.number).unwrap().due;
    // Reopening on 21 September at 0:00; 27 September is worked, 1 to 8 October are not.
    assert_eq!(due, DueAt::At(date(2020, 10, 10).at(0, 0, 0, 0)));
    let without_stamp: Vec<(&str, &str)> = CASH[..11].to_vec();
    let text = why(add(&city, &other_hospital(), RegisterKind::CashVisit, &without_stamp));
    assert!(text.contains("盖章"), "{text}");
}

#[test]
fn p04_an_employees_cash_visit_is_recorded_beside_the_register() {
    let city = city();
    let mut visit = CASH.to_vec();
    visit[0] = ("psn_no", WANG);
    visit[1] = ("psn_name", "王某");
    visit[2] = ("insutype", "310");
    assert_eq!(add(&city, &hospital(), RegisterKind::CashVisit, &visit).unwrap().entry.state, State::Outside);
}

const STAY: &[(&str, &str)] = &[
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "21"),
    ("begntime", "2020-09-12 08:00"),
    ("ipt_otp_no", "Z001"),
    ("diag_code", "J18.900"),
    ("diag_name", "肺炎"),
    ("card_seen", "居民医保证"),
    ("identity_checked", "是"),
    ("statement", "在待遇期内,无等待期"),
    ("prepayment", "5000"),
    ("expected_cost", "5000"),
    ("injury", "是"),
    ("injury_cause", "跌倒"),
    ("elective", "是"),
];

#[test]
fn p23_p24_an_admission_keeps_card_statement_and_prepayment_and_says_what_is_to_be_looked_at() {
    let city = city();
    let without_cause: Vec<(&str, &str)> = STAY.iter().filter(|(name, _)| *name != "injury_cause").copied().collect();
    assert!(why(add(&city, &hospital(), RegisterKind::Admission, &without_cause)).contains("受伤原因"));
    let without_card: Vec<(&str, &str)> = STAY.iter().filter(|(name, _)| *name != "card_seen").copied().collect();
    assert!(why(add(&city, &hospital(), RegisterKind::Admission, &without_card)).contains("社会保障卡"));
    let kept = add(&city, &hospital(), RegisterKind::Admission, STAY).unwrap();
    let remarks = kept.remarks.join("|");
    for part in ["签名", "择期手术", "预收5000.00元超过"] {
        assert!(remarks.contains(part), "{part} is not in {remarks}");
    }
    let view = registers(&city).entry(&hospital(), city.clock.get(), &kept.entry.number).unwrap();
    assert!(view.remarks[0].contains("签名"), "{:?}", view.remarks);
}

#[test]
fn p12_a_transfer_names_the_hospital_that_the_patient_came_from() {
    let city = city();
    let leg = |from: &'static str| {
        let mut leg: Vec<(&str, &str)> = STAY[..8].to_vec();
        leg.extend([("from_provider", from), ("tel", "13900000000"), ("invono", "77"), ("fees_kept", "是")]);
        leg
    };
    assert!(why(add(&city, &other_hospital(), RegisterKind::Transfer, &leg(OTHER_HOSPITAL))).contains("相同"));
    assert!(why(add(&city, &other_hospital(), RegisterKind::Transfer, &leg("H99999999999"))).contains("转市外"));
    let kept = add(&city, &other_hospital(), RegisterKind::Transfer, &leg(HOSPITAL)).unwrap();
    assert_eq!(kept.entry.rule, "transfer-in-city");
}

#[test]
fn p10_p11_a_deferred_discharge_has_its_call_list_with_each_outcome() {
    let city = city();
    let stay = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("begntime", "2020-09-05 08:00"),
        ("endtime", "2020-09-12 10:00"),
        ("tel", "13900000000"),
        ("identity_checked", "是"),
        ("injury", "否"),
        ("fees_kept", "是"),
    ];
    let number = add(&city, &hospital(), RegisterKind::DeferredDischarge, &stay).unwrap().entry.number;
    city.clock.set(date(2020, 9, 22).at(12, 0, 0, 0));
    let call =
        |at: &'static str, outcome: &'static str| [("called_at", at), ("caller", "赵"), ("call_outcome", outcome)];
    act(&city, &hospital(), &number, Action::Call, &call("2020-09-21 09:00", "无人接听")).unwrap();
    assert!(
        why(act(&city, &hospital(), &number, Action::Call, &call("2020-09-22 09:00", "约定时间"))).contains("约定时间")
    );
    let mut appointed = call("2020-09-22 09:00", "约定时间").to_vec();
    appointed.push(("appointment", "2020-09-25 09:00"));
    act(&city, &hospital(), &number, Action::Call, &appointed).unwrap();
    let view = registers(&city).entry(&hospital(), city.clock.get(), &number).unwrap();
    let outcomes: Vec<&str> = view.history[1..].iter().map(|event| event.fields["call_outcome"].as_str()).collect();
    assert_eq!(outcomes, ["无人接听", "约定时间"]);
    assert_eq!(view.due, DueAt::At(date(2020, 10, 10).at(0, 0, 0, 0)));
    city.clock.set(date(2020, 10, 10).at(0, 0, 0, 0));
    assert!(registers(&city).entry(&hospital(), city.clock.get(), &number).unwrap().overdue);
}

#[test]
fn p05_p07_whose_supply_ends_inside_the_window_is_listed_and_dispensed_within_the_plans_days() {
    let city = city();
    city.clock.set(date(2020, 8, 13).at(10, 0, 0, 0));
    let disease = json!({"data": {
        "psn_no": LI, "insutype": "390", "opsp_dise_code": "M03900", "opsp_dise_name": "高血压",
        "insu_optins": "520502", "ide_fixmedins_no": HOSPITAL, "ide_fixmedins_name": "医院",
        "hosp_ide_date": "2020-01-01", "diag_dr_codg": "D1", "diag_dr_name": "赵医生", "begndate": "2020-01-01",
        "enddate": ""
    }});
    city.done(HOSPITAL, "2503", &disease);
    let at = "2020-08-13 09:30:00";
    let visit = text(&city.done(HOSPITAL, "2201", &registration(LI, "390", at)).output["data"]["mdtrt_id"]);
    let mut described = description(LI, &visit, "14", at);
    described["mdtrtinfo"]["dise_codg"] = json!("M03900");
    city.done(HOSPITAL, "2203A", &described);
    let mut lines = fees(LI, &visit, "B1", &[one("1", "100.00")]);
    for line in lines["feedetail"].as_array_mut().unwrap() {
        line["fee_ocur_time"] = json!(at);
        line["med_type"] = json!("14");
        line["prd_days"] = json!("30");
    }
    city.done(HOSPITAL, "2204", &lines);
    let settlement = json!({"data": {
        "psn_no": LI, "mdtrt_cert_type": "02", "mdtrt_cert_no": "11010519491231002X", "med_type": "14",
        "medfee_sumamt": "100.00", "psn_setlway": "01", "mdtrt_id": visit, "chrg_bchno": "B1", "acct_used_flag": "0"
    }});
    city.done(HOSPITAL, "2207", &settlement);
    city.clock.set(date(2020, 9, 9).at(9, 0, 0, 0));
    let refreshed = registers(&city).refresh_worklists("panzhihua-2020", city.clock.get()).unwrap();
    assert!(refreshed.added >= 1);
    assert_eq!(registers(&city).refresh_worklists("panzhihua-2020", city.clock.get()).unwrap().added, 0);
    let filter = ListFilter { kind: Some(RegisterKind::Supply), ..ListFilter::default() };
    let listed = registers(&city).list(&hospital(), city.clock.get(), filter).unwrap().rows;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].entry.value("supply_ends"), "2020-09-11");
    let number = &listed[0].entry.number;
    let dispensed =
        |until: &'static str| [("dispensed_at", "2020-09-09 08:30"), ("supply_until", until), ("dispensed_by", "药师")];
    assert!(why(act(&city, &hospital(), number, Action::Dispense, &dispensed("2021-01-01"))).contains("2020-12-31"));
    assert!(why(act(&city, &hospital(), number, Action::Dispense, &dispensed("2020-09-10"))).contains("原用药截止日"));
    let done = act(&city, &hospital(), number, Action::Dispense, &dispensed("2020-12-31")).unwrap();
    assert_eq!(done.entry.state, State::Done);
}

fn row(line: usize, cells: &[(&str, &str)]) -> SheetRow {
    let cells = cells.iter().map(|(head, value)| ((*head).to_owned(), (*value).to_owned())).collect();
    SheetRow { line, cells, ..SheetRow::default() }
}

fn cash_row<'a>(invoice: &'a str, reference: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("序号", "1"),
        ("人员编号", LI),
        (" 姓名*", "李某"),
        ("险种类型", "390"),
        ("医疗类别", "普通门诊"),
        ("就诊(购药)时间", "2020/9/12 9:30"),
        ("费用总额", "¥30.00"),
        ("联系电话", "13900000000"),
        ("发票号", invoice),
        ("处方号", "CF1"),
        ("验看的卡证", "社会保障卡"),
        ("处方发票已注明卡证号", "是"),
        ("处方发票已注明“停机”并盖章", "是"),
        ("本机构单据号", reference),
    ]
}

fn fee_row<'a>(line: usize, reference: &'a str, quantity: &'a str) -> SheetRow {
    row(
        line,
        &[
            ("本机构单据号", reference),
            ("费用发生时间", "2020-09-12 09:40"),
            ("医疗目录编码", DRUG),
            ("医药机构目录编码", "Y1"),
            ("数量", quantity),
            ("单价", "10.00"),
        ],
    )
}

fn outcomes(verdicts: &[Verdict]) -> Vec<(Sheet, usize, String)> {
    let said = |verdict: &Verdict| match &verdict.outcome {
        Outcome::Added => "added".to_owned(),
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Changed => "changed".to_owned(),
        Outcome::Refused(text) => text.clone(),
        Outcome::PassedOver(what) => (*what).to_owned(),
    };
    verdicts.iter().map(|verdict| (verdict.sheet, verdict.line, said(verdict))).collect()
}

/// A sheet with errors in it, its correction, and the steps by sheet.
fn tell_the_story_of_a_sheet(city: &City) {
    let import = |rows: &[SheetRow], lines: &[SheetRow]| {
        registers(city).import(&hospital(), city.clock.get(), RegisterKind::CashVisit, "", rows, lines)
    };
    let mut wrong = cash_row("B3", "D3");
    wrong[4] = ("医疗类别", "看病");
    let rows = [
        row(3, &cash_row("B1", "D1")),
        row(4, &cash_row("B1", "D1")),
        row(5, &wrong),
        row(6, &cash_row("B2", "D2")),
        row(7, &[("台账号", ""), ("操作", "撤回")]),
    ];
    let lines = [fee_row(2, "D1", "3"), fee_row(3, "D2", "2"), fee_row(4, "D9", "1"), fee_row(5, "", "1")];
    let verdicts = import(&rows, &lines);
    let told = outcomes(&verdicts);
    assert_eq!(told[0], (Sheet::Entries, 3, "added".to_owned()));
    assert_eq!(told[1], (Sheet::Entries, 4, "unchanged".to_owned()));
    assert!(told[2].2.contains("看病"), "{told:?}");
    assert!(told[3].2.contains("20.00") && told[3].2.contains("30.00"), "{told:?}");
    assert!(told[4].2.contains("台账号"), "{told:?}");
    assert!(told[5].0 == Sheet::Lines && told[5].1 == 5 && told[5].2.contains("至少填一项"), "{told:?}");
    assert!(told[6].0 == Sheet::Lines && told[6].1 == 4 && told[6].2.contains("D9"), "{told:?}");
    assert!(verdicts[0].remarks[0].contains("序号"), "{:?}", verdicts[0].remarks);
    let number = verdicts[0].number.clone().unwrap();
    let view = registers(city).entry(&hospital(), city.clock.get(), &number).unwrap();
    assert_eq!(view.lines.len(), 1);
    // The export, corrected in one cell, is read in again.
    let table = registers(city).export(&hospital(), city.clock.get(), RegisterKind::CashVisit, ListFilter::default());
    let table = table.unwrap();
    let exported = |row: usize| -> Vec<(&str, &str)> {
        table.labels.iter().map(String::as_str).zip(table.rows[row].iter().map(String::as_str)).collect()
    };
    assert_eq!(table.rows.len(), 1);
    assert_eq!(outcomes(&import(&[row(2, &exported(0))], &[]))[0].2, "unchanged");
    let mut corrected = exported(0);
    corrected.iter_mut().find(|(head, _)| *head == "联系电话").unwrap().1 = "0857-1234567";
    assert_eq!(outcomes(&import(&[row(2, &corrected)], &[]))[0].2, "changed");
    let withdrawn = [("台账号", number.as_str()), ("操作", "撤回"), ("撤回原因", "重复登记")];
    assert_eq!(outcomes(&import(&[row(2, &withdrawn)], &[]))[0].2, "changed");
    let board = registers(city).board(&agency(), city.clock.get(), "panzhihua-2020").unwrap();
    assert_eq!((board.total.sum.taken_in, board.total.sum.withdrawn), (1, 1));
    city.verify();
}

#[test]
fn a_sheet_with_errors_gets_a_verdict_for_every_row_on_the_embedded_store() {
    tell_the_story_of_a_sheet(&city());
}

#[test]
fn a_sheet_with_errors_gets_a_verdict_for_every_row_on_postgresql() {
    let cluster = Cluster::start(&["fsync=off"]).unwrap();
    let city = City::on(place::open(&cluster.create_database("city").unwrap(), &[]).unwrap(), plans());
    city.clock.set(date(2020, 9, 14).at(12, 0, 0, 0));
    tell_the_story_of_a_sheet(&city);
    let kept = add(&city, &hospital(), RegisterKind::Admission, STAY).unwrap();
    let withdrawn = act(&city, &hospital(), &kept.entry.number, Action::Withdraw, &[("reason", "登记错误")]).unwrap();
    assert_eq!(withdrawn.entry.state, State::Withdrawn);
    city.clock.set(date(2020, 9, 9).at(9, 0, 0, 0));
    city.tend();
    assert_eq!(registers(&city).refresh_worklists("panzhihua-2020", city.clock.get()).unwrap().added, 0);
    city.verify();
}

#[test]
fn a_cell_that_cannot_be_read_hides_nothing_else_that_is_wrong_with_its_row() {
    let city = city();
    let mut wrong = cash_row("B1", "D1");
    wrong[4] = ("医疗类别", "看病");
    wrong[5] = ("就诊(购药)时间", "2020/9/12 晚上12:00");
    let mut row = row(3, &wrong);
    row.unread = vec!["就诊(购药)时间".to_owned()];
    row.reading = yibao_engine::desks::registers::Reading::Wrong("“就诊(购药)时间”看不出是几点".to_owned());
    let mut fee = fee_row(2, "D1", "一");
    fee.unread = vec!["单价".to_owned()];
    fee.reading = yibao_engine::desks::registers::Reading::Wrong("“单价”是合并单元格".to_owned());
    let verdicts = registers(&city).import(&hospital(), city.clock.get(), RegisterKind::CashVisit, "", &[row], &[fee]);
    let said = verdicts[0].sentence();
    for part in ["“就诊(购药)时间”看不出是几点", "“医疗类别”“看病”", "“单价”是合并单元格", "“数量”“一”"]
    {
        assert_eq!(said.matches(part).count(), 1, "{part}: {said}");
    }
    assert!(!said.contains("不是时间") && !said.contains("必填"), "what cannot be read is told once: {said}");
}

/// The verdicts of a form's sheet, in words, and the numbers of its entries.
fn told(city: &City, submission: &str, rows: &[SheetRow], lines: &[SheetRow]) -> Vec<(String, String)> {
    let registers = registers(city).submitted(submission);
    let verdicts = registers.import(&hospital(), city.clock.get(), RegisterKind::CashVisit, "", rows, lines);
    let numbers = verdicts.iter().map(|verdict| verdict.number.clone().unwrap_or_default());
    outcomes(&verdicts).into_iter().map(|(_, _, said)| said).zip(numbers).collect()
}

#[test]
fn a_sheet_that_is_corrected_with_a_row_inserted_above_is_imported_again_whole_under_the_same_form() {
    let city = city();
    let mut wrong = cash_row("B3", "D3");
    wrong[4] = ("医疗类别", "看病");
    let lines = |count: &'static str| [fee_row(2, "D1", "3"), fee_row(3, "D2", count)];
    let first = told(
        &city,
        "f1",
        &[row(3, &cash_row("B1", "D1")), row(4, &cash_row("B1", "D1")), row(5, &cash_row("B2", "D2")), row(6, &wrong)],
        &lines("2"),
    );
    let [(added, one), (same, again), (sum, _), (unknown, _)] = first.as_slice() else { panic!("{first:?}") };
    assert_eq!((added.as_str(), same.as_str(), one), ("added", "unchanged", again));
    assert!(sum.contains("20.00") && unknown.contains("看病"), "{first:?}");
    // The file is put right, with a row that was forgotten on top.
    let rows = [
        row(3, &cash_row("B4", "D4")),
        row(4, &cash_row("B1", "D1")),
        row(5, &cash_row("B1", "D1")),
        row(6, &cash_row("B2", "D2")),
        row(7, &cash_row("B3", "D3")),
    ];
    let second = told(&city, "f1", &rows, &lines("3"));
    let said: Vec<&str> = second.iter().map(|(said, _)| said.as_str()).collect();
    assert_eq!(said, ["added", "added", "unchanged", "added", "added"]);
    assert_eq!((&second[1].1, &second[2].1), (one, one), "it is answered as before");
    // A row that says something else is another deed; what is sent once more counts once.
    let tel = |tel: &'static str| [row(2, &[("台账号", second[0].1.as_str()), ("联系电话", tel)])];
    assert_eq!(told(&city, "f1", &tel("13900000001"), &[])[0].0, "changed");
    assert_eq!(told(&city, "f1", &tel("13900000002"), &[])[0].0, "changed");
    assert_eq!(told(&city, "f1", &rows, &lines("3")), second);
    // So are lines of an entry of before that are put right.
    let dearer = |price: &'static str| {
        let mut line = fee_row(2, "D1", "3");
        line.cells.insert("单价".to_owned(), price.to_owned());
        [line]
    };
    assert!(told(&city, "f2", &[], &dearer("11.00"))[0].0.contains("33.00"));
    let mut named = dearer("10.00");
    named[0].cells.insert("费用明细流水号".to_owned(), "L1".to_owned());
    assert_eq!(told(&city, "f2", &[], &named)[0], ("changed".to_owned(), one.clone()));
    assert_eq!(told(&city, "f2", &[], &dearer("10.00"))[0], ("changed".to_owned(), one.clone()));
    let listed = registers(&city).list(&hospital(), city.clock.get(), ListFilter { rows: 10, ..ListFilter::default() });
    assert_eq!(listed.unwrap().rows.len(), 4);
    city.verify();
}

#[test]
fn lines_that_may_be_those_of_two_rows_or_entries_are_nobodys_and_both_are_named() {
    let city = city();
    let two = [row(3, &cash_row("B1", "D1")), row(4, &cash_row("B2", "D1"))];
    for (said, _) in told(&city, "f1", &two, &[fee_row(2, "D1", "3")]) {
        assert!(said.contains("第3行、第4行") && said.contains("本机构单据号”“D1"), "{said}");
    }
    // Registered without lines, which come later by themselves.
    let added = told(&city, "f1", &two, &[]);
    let lines = [fee_row(2, "D1", "3")];
    let refused = told(&city, "f2", &[], &lines);
    assert!(added.iter().all(|(said, number)| said == "added" && refused[0].0.contains(number)), "{refused:?}");
    // One that is withdrawn takes none.
    let withdrawn = [("reason", "登记重复")];
    act(&city, &hospital(), &added[0].1, Action::Withdraw, &withdrawn).unwrap();
    assert_eq!(told(&city, "f2", &[], &lines)[0], ("changed".to_owned(), added[1].1.clone()));
    city.verify();
}
