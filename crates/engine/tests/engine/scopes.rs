//! For whom and where, as the platform goes by it: lists, deadlines, papers, what is granted and the clock of review are those of the
//! people that the plan names.

use super::care::{admit, registration};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, PHARMACY, WANG};
use super::register_lists::{entries, registers};
use super::registers::{add, agency, hospital, why};
use jiff::civil::{DateTime, date};
use std::path::Path;
use std::sync::Arc;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Role, State};
use yibao_engine::desks::registers::{Actor, SheetRow};
use yibao_policy::plan::{SHIPPED, read};
use yibao_policy::registers::with_folder;
use yibao_store::SqliteStore;
use yibao_store::person::Insurance;
use yibao_store::reference::Provider;

/// The plan of Bijie with one piece put in place of another, and more behind it.
fn bijie(instead_of: &str, piece: &str, more: &str) -> City {
    let text = SHIPPED.iter().find(|(name, _)| name.contains("bijie")).unwrap().1;
    assert!(text.contains(instead_of), "{instead_of}");
    City::with_plan(&format!("{}\n{more}", text.replacen(instead_of, piece, 1)))
}

fn refresh(city: &City, now: DateTime) {
    city.clock.set(now);
    registers(city).refresh_worklists("bijie-2021", now).unwrap();
}

fn whose(city: &City, kind: RegisterKind) -> Vec<String> {
    let mut whose: Vec<String> = entries(city, kind).into_iter().map(|(entry, ..)| entry.psn_no).collect();
    whose.sort();
    whose
}

#[test]
fn a_list_of_stays_is_of_those_whom_the_duty_names() {
    let register = "register = \"inpatient_notice\"\n";
    let told = |keys: &str, more: &str| {
        let city = bijie(register, &format!("{register}{keys}\n"), more);
        admit(&city, LI);
        admit(&city, WANG);
        refresh(&city, date(2021, 7, 5).at(9, 0, 0, 0));
        let told = whose(&city, RegisterKind::InpatientNotice);
        city.verify();
        told
    };
    assert_eq!(told("", ""), [WANG, LI]);
    assert_eq!(told("schemes = \"resident\"", ""), [LI]);
    assert_eq!(told("populations = \"active\"", ""), [WANG]);
    assert_eq!(told(&format!("providers = \"{OTHER_HOSPITAL}\""), ""), Vec::<String>::new());
    // Without a register named, a list of people in hospital is that of who is to be told.
    let city = bijie(register, "", "");
    admit(&city, LI);
    refresh(&city, date(2021, 7, 5).at(9, 0, 0, 0));
    assert_eq!(whose(&city, RegisterKind::InpatientNotice), [LI]);
    let group = format!("[[group]]\nid = \"first\"\nname = \"首批\"\nproviders = [\"{HOSPITAL}\"]");
    assert_eq!(told("providers = \"first\"\nschemes = \"employee\"", &group), [WANG]);
}

#[test]
fn two_duties_of_one_list_give_each_its_deadline() {
    let more = r#"
[[duty]]
id = "tell-employees"
clause = "B-01"
kind = "worklist"
who = "hospital"
business = "settlement.inpatient"
register = "inpatient_notice"
schemes = "employee"
what = "职工患者提前告知"
by = "2021-07-06 24:00"
after_deadline = "listed"
"#;
    let city = bijie("register = \"inpatient_notice\"\n", "register = \"inpatient_notice\"\n", more);
    admit(&city, LI);
    admit(&city, WANG);
    refresh(&city, date(2021, 7, 5).at(9, 0, 0, 0));
    let listed = entries(&city, RegisterKind::InpatientNotice);
    let of = |psn_no: &str| {
        let (entry, due, _) = listed.iter().find(|(entry, ..)| entry.psn_no == psn_no).unwrap();
        (entry.rule.clone(), *due)
    };
    assert_eq!(of(WANG), ("tell-employees".to_owned(), DueAt::At(date(2021, 7, 7).at(0, 0, 0, 0))));
    assert_eq!(of(LI), ("tell-inpatients".to_owned(), DueAt::At(date(2021, 7, 8).at(0, 0, 0, 0))));
}

#[test]
fn the_notice_is_posted_by_the_providers_whom_the_duty_names() {
    let posted = |who: &str| {
        let city = bijie("kind = \"publicity\"\nwho = \"provider\"\n", &format!("kind = \"publicity\"\n{who}\n"), "");
        refresh(&city, date(2021, 7, 5).at(9, 0, 0, 0));
        let mut codes: Vec<String> =
            entries(&city, RegisterKind::Publicity).into_iter().map(|(entry, ..)| entry.fixmedins_code).collect();
        codes.sort();
        codes
    };
    let all = posted("who = \"provider\"");
    assert!(all.contains(&HOSPITAL.to_owned()) && all.contains(&PHARMACY.to_owned()), "{all:?}");
    assert_eq!(posted("who = \"pharmacy\""), [PHARMACY]);
    assert!(!posted("who = \"hospital\"").contains(&PHARMACY.to_owned()));
    assert_eq!(posted(&format!("who = \"provider\"\nproviders = \"{OTHER_HOSPITAL}\"")), [OTHER_HOSPITAL]);
}

#[test]
fn a_deadline_counts_from_the_stage_of_the_persons_group() {
    let more = format!(
        r#"
[[group]]
id = "employees-of-the-first"
name = "首批机构"
providers = ["{HOSPITAL}"]

[[stage]]
id = "later"
populations = "active"
providers = "employees-of-the-first"
business = ["settlement.outpatient", "settlement.inpatient"]
reopens = "2021-07-20 08:00"

[[duty]]
id = "enter-visits"
clause = "X"
kind = "backfill"
who = "hospital"
business = "settlement.outpatient"
what = "补录"
within_working_days = 2
after_reopening_of = "settlement.outpatient"
after_deadline = "listed"
"#
    );
    let text = SHIPPED.iter().find(|(name, _)| name.contains("bijie")).unwrap().1;
    let text = text.replacen("disposition = \"no_route\"", "disposition = \"cash_reenter\"", 1);
    let city = City::with_plan(&format!("{text}{more}"));
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    let visit = |psn_no: &'static str, name: &'static str, insutype: &'static str| {
        let pairs = [
            ("psn_no", psn_no),
            ("psn_name", name),
            ("insutype", insutype),
            ("med_type", "11"),
            ("begntime", "2021-07-12 09:30"),
            ("medfee_sumamt", "128.50"),
            ("tel", "0857-8296182"),
        ];
        let number = add(&city, &hospital(), RegisterKind::CashVisit, &pairs).unwrap().entry.number;
        registers(&city).entry(&hospital(), city.clock.get(), &number).unwrap().due
    };
    // After Thursday the 15th 24:00: the 16th and the 19th; after Tuesday the 20th 8:00: the 21st and the 22nd.
    assert_eq!(visit(LI, "李某", "390"), DueAt::At(date(2021, 7, 20).at(0, 0, 0, 0)));
    assert_eq!(visit(WANG, "王某", "310"), DueAt::At(date(2021, 7, 23).at(0, 0, 0, 0)));
    city.verify();
}

const OWN: &str = r#"
[evidence]
ambulance_slip = "急救转运单"

[channels]
hotline = "12393热线"

[[rule]]
id = "filing-by-telephone"
clause = "X"
business = "filing.remote"
channels = "hotline"
disposition = "register_later"
effective = "intake"
evidence = ["telephone"]
advice = "电话备案，恢复后补办。"
"#;

fn with_own_words() -> City {
    let text = SHIPPED.iter().find(|(name, _)| name.contains("bijie")).unwrap().1;
    let (head, rest) = text.split_once("id = \"admission\"\n").unwrap();
    let demanded = "evidence = [\"fee_records\"]";
    assert!(rest.contains(demanded));
    let rest = rest.replacen(demanded, "evidence = [\"ambulance_slip | disease_certificate\"]", 1);
    let city = City::with_plan(&format!("{head}id = \"admission\"\n{rest}\n{OWN}"));
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    city
}

const ADMISSION: [(&str, &str); 8] = [
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "21"),
    ("begntime", "2021-07-12 08:00"),
    ("ipt_otp_no", "ZY1"),
    ("diag_code", "J18.900"),
    ("diag_name", "肺炎"),
];

#[test]
fn evidence_of_the_plans_own_is_demanded_and_kept_as_a_tick_by_page_and_by_sheet() {
    let city = with_own_words();
    let refused = why(add(&city, &hospital(), RegisterKind::Admission, &ADMISSION));
    assert!(refused.contains("其他凭据") && refused.contains("急救转运单或疾病证明书"), "{refused}");
    let ticked = |told: &'static str| ADMISSION.into_iter().chain([("shown", told)]).collect::<Vec<_>>();
    let wrong = why(add(&city, &hospital(), RegisterKind::Admission, &ticked("转运的单子")));
    assert!(wrong.contains("“转运的单子”不是凭据的名称"), "{wrong}");
    let kept = add(&city, &hospital(), RegisterKind::Admission, &ticked("急救转运单")).unwrap();
    assert_eq!(kept.entry.value("shown"), "急救转运单");
    let view = registers(&city).entry(&hospital(), city.clock.get(), &kept.entry.number).unwrap();
    assert_eq!(view.governing.unwrap().evidence, ["急救转运单或疾病证明书"]);

    let cells = [
        ("人员编号", WANG),
        ("姓名", "王某"),
        ("险种类型", "310"),
        ("医疗类别", "21"),
        ("入院时间", "2021-07-12 09:00"),
        ("住院号", "ZY2"),
        ("入院诊断代码", "J18.900"),
        ("入院诊断名称", "肺炎"),
        ("其他凭据", "急救转运单"),
    ];
    let cells = cells.map(|(head, value)| (head.to_owned(), value.to_owned())).into();
    let rows = vec![SheetRow { line: 2, cells, ..SheetRow::default() }];
    let outcome = registers(&city).import(&hospital(), city.clock.get(), RegisterKind::Admission, "", &rows, &[]);
    assert_eq!(entries(&city, RegisterKind::Admission).len(), 2, "{outcome:?}");
    city.verify();
}

#[test]
fn a_filing_by_telephone_is_kept_with_its_channel_and_goes_by_its_rule() {
    let city = with_own_words();
    let papers = |more: &[(&'static str, &'static str)]| {
        let mut pairs = vec![
            ("psn_no", LI),
            ("psn_name", "李某"),
            ("business", "filing.remote"),
            ("begntime", "2021-07-12 10:00"),
            ("tel", "0857-8296182"),
        ];
        pairs.extend(more);
        add(&city, &agency(), RegisterKind::Papers, &pairs)
    };
    let kept = papers(&[("channel", "12393热线")]).unwrap().entry;
    assert_eq!((kept.rule.as_str(), kept.value("channel").as_str()), ("filing-by-telephone", "12393热线"));
    let by_word = why(papers(&[("channel", "飞鸽")]));
    assert!(by_word.contains("“飞鸽”不是渠道的名称"), "{by_word}");
    let at_the_window = papers(&[("papers", "申请表")]).unwrap().entry;
    assert_eq!(at_the_window.rule, "filings");
    city.verify();
}

#[test]
fn p14_a_registers_own_deadline_stands_while_its_business_is_closed_where_the_plan_stops_the_clock() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/registers/second_look");
    let work = with_folder(&folder).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let due = |switch: &str, more: &str| {
        let plan = format!(
            r#"
[plan]
id = "short"
title = "试验停机方案"
issuer = "试验市医疗保障局"
pool = "520500"
issued = "2021-06-15"
closes = "2021-06-21 12:00"
reopens = "2021-06-23 08:00"
ends = "2021-09-30 24:00"

[businesses]
"desk" = "经办事项"
"desk.second_look" = "二次复核"

[[rule]]
id = "desk"
clause = "1"
business = "desk"
disposition = "refuse"
advice = "请在恢复后办理。"

[switches]
review_clock_stops = {switch}
{more}"#
        );
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
        let plans = vec![read(&plan).unwrap()];
        let city = City::with_work(store, plans, date(2021, 6, 18).at(10, 0, 0, 0), work.clone());
        let clerk =
            Actor { login: "a".into(), name: "张三".into(), role: Role::Agency, fixmedins_code: String::new() };
        let pairs = [
            ("psn_no", LI),
            ("psn_name", "李某"),
            ("request_no", "S1"),
            ("begntime", "2021-06-18 09:30"),
            ("medfee_sumamt", "100.00"),
        ];
        let kind = RegisterKind::of_word("second_look").unwrap();
        let entry = add(&city, &clerk, kind, &pairs).unwrap().entry;
        assert_eq!(entry.state, State::of_word("to_check").unwrap());
        registers(&city).entry(&clerk, city.clock.get(), &entry.number).unwrap().due
    };
    // Five working days after Friday the 18th: 21 to 25 June. Closed on 21, 22 and 23: 24, 25, 28, 29, 30.
    assert_eq!(due("false", ""), DueAt::At(date(2021, 6, 26).at(0, 0, 0, 0)));
    assert_eq!(due("true", ""), DueAt::At(date(2021, 7, 1).at(0, 0, 0, 0)));
    let extension = r#"
[[extension]]
id = "longer"
clause = "2"
business = "desk.second_look"
channels = "agency"
limit_ends_from = "2021-06-20"
limit_ends_until = "2021-06-30"
by = "2021-07-15 24:00"
"#;
    assert_eq!(due("false", extension), DueAt::At(date(2021, 7, 16).at(0, 0, 0, 0)));
    let others = extension.replace("channels = \"agency\"", "channels = \"hospital\"");
    assert_eq!(due("false", &others), DueAt::At(date(2021, 6, 26).at(0, 0, 0, 0)));
}

/// A stage by counties is about where the business is done: where the person is insured decides only where nobody serves.
#[test]
fn a_wave_of_counties_is_that_of_the_providers_at_the_till_and_at_the_desk() {
    let plan = r#"[plan]
id = "t"
title = "小城停机方案"
issuer = "医保局"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-09 24:00"
reopens = "2021-07-13 08:00"
ends = "2021-11-30 24:00"

[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "cash_reenter"
advice = "先收现金，恢复后补录。"

[[stage]]
id = "later"
counties = "520526"
reopens = "2021-07-16 08:00"

[[county]]
code = "520526"
name = "威宁县"
"#
    .replace(
        "business = \"*\"\ndisposition = \"cash_reenter\"",
        "business = \"settlement.outpatient\"\ndisposition = \"cash_reenter\"",
    );
    let plan = format!(
        "{plan}\n[[rule]]\nid = \"rest\"\nclause = \"2\"\nbusiness = \"*\"\ndisposition = \"refuse\"\nadvice = \"请稍后。\"\n"
    );
    let city = City::with_plan(&plan);
    // Wang is insured in the county that waits; the hospital is in the one that has reopened.
    city.write(|tx| {
        let facts = tx.person_facts(WANG, &[])?.expect("the person is there");
        let row = facts.insurances.into_iter().find(|row| row.insutype == "310").expect("an employee");
        tx.put_insurance(&Insurance { insuplc_admdvs: "520526".into(), ..row }).map(drop)
    });
    city.clock.set(date(2021, 7, 14).at(10, 0, 0, 0));
    let care = registration(WANG, "310", "2021-07-14 09:30:00");
    city.done(HOSPITAL, "2201", &care);
    let at_the_desk = |begntime: &str| {
        let stated = [
            ("psn_no", WANG),
            ("psn_name", "王某"),
            ("insutype", "310"),
            ("med_type", "11"),
            ("begntime", begntime),
            ("medfee_sumamt", "100.00"),
        ];
        add(&city, &hospital(), RegisterKind::CashVisit, &stated)
    };
    assert!(why(at_the_desk("2021-07-14 09:30")).contains("不必登记"));
    let kept = at_the_desk("2021-07-12 09:30").unwrap().entry;
    assert_eq!(kept.rule, "all");
    // The other way round: a provider of the county that waits, whoever comes.
    city.write(|tx| {
        let provider = tx.provider(OTHER_HOSPITAL)?.expect("a hospital");
        tx.put_provider(&Provider { admdvs: "520526".into(), ..provider }).map(drop)
    });
    let elsewhere = registration(LI, "390", "2021-07-14 09:40:00");
    city.clock.set(date(2021, 7, 14).at(10, 30, 0, 0));
    city.refused(OTHER_HOSPITAL, "2201", &elsewhere, "2021-07-16 08:00恢复");
    city.done(HOSPITAL, "2201", &registration(LI, "390", "2021-07-14 09:50:00"));
}
