//! Panzhihua 2020, by clause: cash paid in the outage, supply ahead of it, papers, notices and what is decided by case, as
//! clerks at the pages and the hospital's own system carry them through it.

use super::panzhihua_stays::{admitted_on_statement, transferred};
use super::panzhihua_town::{PLAN, Said, Town, cash, city, typed, with};
use crate::support::amounts::fen;
use crate::support::catalogue::{A, Bill, SINGLE_PAYMENT};
use crate::support::clerk::{refused, says};
use crate::support::outpatient::{Visit, open_visit, settle_visit};
use crate::support::people::Person;
use crate::support::pharmacy::{Purchase, buy, purchase_input};
use crate::support::providers::{PZH_COMMUNITY, PZH_L2, PZH_PHARMACY};
use crate::support::server::Server;
use crate::support::vocabulary::RHEUMATISM;
use yibao_cluster::Cluster;

#[test]
fn p05_to_p09_cash_is_written_down_with_all_its_papers_and_refunded_at_the_same_provider() {
    cash_at_the_provider(None);
}

fn cash_at_the_provider(database: Option<String>) {
    let mut town = Town::at(database, "2020-09-12T15:00:00");
    let (resident, chronic) = (town.server.someone("resident"), town.server.someone("chronic"));
    let (mother, drug) = (town.server.someone("mother"), town.server.someone("case 5"));
    let bill = Bill::of(&A, "100.00");
    let desk = town.desk(&PZH_COMMUNITY);
    let whole = cash(&resident, "11", "2020-09-12", &bill, "INV06");
    for (missing, named) in [("tel", "电话"), ("invono", "发票"), ("rx_no", "处方"), ("halted_stamp", "停机")] {
        refused(desk.add("cash_visit", &typed(&with(&whole, &[(missing, "")]))), &[named, "请补齐"]);
    }
    let p06 = desk.add("cash_visit", &typed(&whole)).unwrap();
    says(&desk.entry(&p06), &["P-09", "10-09 24:00", "恢复后10个工作日内"]);
    assert_eq!(desk.add("cash_visit", &typed(&whole)).unwrap(), p06, "sent twice it is one entry");

    let hospital = town.desk(&PZH_L2);
    let special = cash(&chronic, "14", "2020-09-12", &Bill::of(&A, "1000.00"), "INV05");
    let special = with(&special, &[("opsp_dise_code", RHEUMATISM.0)]);
    let p05 = hospital.add("cash_visit", &typed(&special)).unwrap();
    let family = cash(&mother, "51", "2020-09-12", &Bill::of(&A, "300.00"), "INV08");
    let p08 = hospital.add("cash_visit", &typed(&with(&family, &[("birctrl_type", "1")]))).unwrap();
    let supplier = town.desk(&PZH_PHARMACY);
    let bought = cash(&drug, "18", "2020-09-12", &Bill::of(&SINGLE_PAYMENT, "9600.00"), "INV07");
    let bought = with(&bought, &[("diag_code", ""), ("diag_name", "")]);
    let p07 = supplier.add("cash_visit", &typed(&bought)).unwrap();

    town.server.restart_at("2020-09-25T10:00:00");
    town.bureau().run(PLAN);
    // 100 × 60 %; (1,000 − 200) × 70 %; case 5: what is left of the sub-cap of 150,000.
    let expected = [(&PZH_COMMUNITY, &p06, "60.00"), (&PZH_L2, &p05, "560.00"), (&PZH_PHARMACY, &p07, "5000.00")];
    for (place, number, funds) in expected {
        let row = town.desk(place).row("cash_visit", "台账号", number);
        assert_eq!((&*row["状态"], &*row["基金支付(元)"]), ("已结算", funds), "{row:?}");
    }
    let after = Server::start(city(), "2020-09-25T10:00:00");
    let direct = Visit::on("2020-09-12", Bill::of(&A, "300.00")).kind("51");
    let direct = direct.with("birctrl_type", "1").with("birctrl_matn_date", "2020-09-12");
    let direct = settle_visit(&after.client(&PZH_L2), &after.someone("mother"), &direct).unwrap();
    let row = town.desk(&PZH_L2).row("cash_visit", "台账号", &p08);
    assert_eq!(fen(&row["基金支付(元)"]), direct.fen("fund_pay_sumamt"), "{row:?}");
    refused(town.desk(&PZH_COMMUNITY).backfill(&p06), &["已结算"]);
    // The same visit once more by the hospital's own system.
    let again = Visit::on("2020-09-12", bill);
    refused(settle_visit(&town.server.client(&PZH_COMMUNITY), &resident, &again), &[&p06]);
}

#[test]
fn p04_an_employees_cash_has_no_way_back() {
    let mut town = Town::at(None, "2020-09-12T15:00:00");
    let person = town.server.someone("employee");
    let desk = town.desk(&PZH_L2);
    let said = cash(&person, "11", "2020-09-12", &Bill::of(&A, "100.00"), "INV04");
    let number = desk.add("cash_visit", &typed(&said)).unwrap();
    says(&desk.entry(&number), &["不在补录范围", "P-04", "恢复后照常刷卡"]);
    town.server.restart_at("2020-09-25T10:00:00");
    town.bureau().run(PLAN);
    assert_eq!(town.desk(&PZH_L2).row("cash_visit", "台账号", &number)["基金支付(元)"], "0.00");
    let visit = Visit::on("2020-09-12", Bill::of(&A, "100.00"));
    refused(settle_visit(&town.server.client(&PZH_L2), &person, &visit), &["门诊"]);
}

#[test]
fn p09_p20_the_ten_working_days_end_with_the_ninth_of_october_and_afterwards_the_agency_decides_by_case() {
    deadline(None);
}

fn deadline(database: Option<String>) {
    let mut town = Town::at(database, "2020-09-20T15:00:00");
    let people = ["a", "b", "c"].map(|_| town.server.someone("resident"));
    let bill = Bill::of(&A, "100.00");
    let desk = town.desk(&PZH_COMMUNITY);
    let entry = |person: &Person, invoice| cash(person, "11", "2020-09-20", &bill, invoice);
    let numbers: Vec<String> = people
        .iter()
        .zip(["INV1", "INV2", "INV3"])
        .map(|(person, invoice)| desk.add("cash_visit", &typed(&entry(person, invoice))).unwrap())
        .collect();
    let visit = Visit::on("2020-09-20", bill.clone());

    town.server.restart_at("2020-10-09T23:59:00");
    let client = town.server.client(&PZH_COMMUNITY);
    settle_visit(&client, &people[0], &visit).unwrap().expect(&[("hifp_pay", "60.00")]);
    assert_eq!(town.desk(&PZH_COMMUNITY).row("cash_visit", "台账号", &numbers[0])["状态"], "已结算");

    town.server.restart_at("2020-10-10T00:00:00");
    let (client, desk) = (town.server.client(&PZH_COMMUNITY), town.desk(&PZH_COMMUNITY));
    refused(open_visit(&client, &people[1], &visit).map(drop), &["10-09", "请示"]);
    refused(desk.backfill(&numbers[2]), &["10-09", "请示"]);
    assert_eq!(desk.row("cash_visit", "台账号", &numbers[1])["是否逾期"], "是");

    // P-20: asked, decided with a reason, and then it passes.
    let ask = [
        ("psn_no", people[2].psn_no.as_str()),
        ("psn_name", &people[2].name),
        ("of_entry", &numbers[2]),
        ("begntime", "2020-10-09T23:50"),
        ("subject", "患者外出打工,未能按期返回"),
        ("tel", "13800000000"),
        ("asked_by", "医保办"),
    ];
    let asked = desk.add("escalation", &ask).unwrap();
    let bureau = town.bureau();
    let decision = |word, reason| {
        [("decision", word), ("reason", reason), ("decided_by", "赵科长"), ("decided_at", "2020-10-09T23:55")]
    };
    refused(bureau.act(&asked, "decide", &decision("同意", "")), &["理由", "必填"]);
    refused(desk.backfill(&numbers[2]), &["请示"]);
    bureau.act(&asked, "decide", &decision("同意", "非本人原因")).unwrap();
    desk.backfill(&numbers[2]).unwrap();
    let row = desk.row("cash_visit", "台账号", &numbers[2]);
    assert_eq!((&*row["状态"], &*row["基金支付(元)"]), ("已结算", "60.00"));
    refused(desk.backfill(&numbers[1]), &["请示"]);
}

#[test]
fn p05_p07_whose_supply_ends_in_the_outage_is_listed_and_supplied_ahead_within_the_limit() {
    let mut town = Town::at(None, "2020-09-08T09:00:00");
    let drug = town.server.someone("drug");
    let (hospital, pharmacy) = (town.server.client(&PZH_L2), town.server.client(&PZH_PHARMACY));
    // The purchase states seven days from 09-05, to 09-11; the visit states none, so the hospital is to look.
    let other = town.server.someone("chronic");
    let seen = Visit::on("2020-09-01", Bill::of(&A, "300.00")).kind("14").disease(RHEUMATISM);
    settle_visit(&hospital, &other, &seen).unwrap();
    let bought = Purchase::on("2020-09-05", Bill::of(&SINGLE_PAYMENT, "960.00")).kind("18").account("0");
    buy(&pharmacy, &drug, &bought).unwrap();
    town.server.restart_at("2020-09-08T10:00:00");
    let till = town.desk(&PZH_PHARMACY);
    let row = till.listed("supply", "人员编号", &drug.psn_no);
    assert_eq!(row["用药截止日"], "2020-09-11");
    let dispense = |at, until| [("dispensed_at", at), ("supply_until", until), ("dispensed_by", "张药师")];
    refused(till.act(&row["台账号"], "dispense", &dispense("2020-09-08T09:50", "2020-09-11")), &["不晚于"]);
    till.act(&row["台账号"], "dispense", &dispense("2020-09-08T09:50", "2020-10-10")).unwrap();
    assert_eq!(till.row("supply", "人员编号", &drug.psn_no)["状态"], "已办结");

    let desk = town.desk(&PZH_L2);
    let row = desk.listed("supply", "人员编号", &other.psn_no);
    refused(desk.act(&row["台账号"], "dispense", &dispense("2020-09-08T09:50", "2021-01-01")), &["2020-12-31"]);
    town.server.restart_at("2020-09-11T08:00:00");
    let desk = town.desk(&PZH_L2);
    refused(desk.act(&row["台账号"], "dispense", &dispense("2020-09-11T00:00", "2020-12-31")), &["09-11 00:00"]);
    assert_eq!(desk.row("supply", "台账号", &row["台账号"])["是否逾期"], "是");
    desk.act(&row["台账号"], "dispense", &dispense("2020-09-10T18:00", "2020-12-31")).unwrap();
}

#[test]
fn p17_p18_papers_are_taken_in_approved_ahead_and_processed_in_order() {
    let mut town = Town::at(None, "2020-09-14T15:00:00");
    let bureau = town.bureau();
    let people = [town.server.someone("resident"), town.server.someone("resident")];
    let papers = |person: &Person, at: &str, business: &str| -> Said {
        vec![
            ("psn_no", person.psn_no.clone()),
            ("psn_name", person.name.clone()),
            ("business", business.into()),
            ("begntime", at.into()),
            ("papers", "申请表、诊断书".into()),
        ]
    };
    let first = bureau.add("papers", &typed(&papers(&people[0], "2020-09-12T10:00", "filing.remote"))).unwrap();
    let second = bureau.add("papers", &typed(&papers(&people[1], "2020-09-13T10:00", "filing.remote"))).unwrap();
    let open = papers(&people[0], "2020-09-12T10:00", "filing.special_disease");
    let at_the_counter = bureau.add("papers", &typed(&open)).unwrap();
    refused(bureau.act(&first, "process", &[("result", "已备案")]), &["正在停办", "2020-09-20 24:00"]);
    refused(town.desk(&PZH_L2).add("papers", &[]), &["经办机构"]);
    let approval = [("approver", "赵科长"), ("stamped", "是"), ("approved_at", "2020-09-14T14:00")];
    says(&bureau.act(&second, "pre_approve", &approval).unwrap().seen(), &["已预审"]);

    town.server.restart_at("2020-09-22T09:00:00");
    let bureau = town.bureau();
    refused(bureau.act(&second, "process", &[("result", "已备案")]), &[&first, "原因"]);
    bureau.act(&first, "process", &[("result", "已备案")]).unwrap();
    bureau.act(&second, "process", &[("result", "已备案")]).unwrap();
    bureau.act(&at_the_counter, "process", &[("result", "已认定")]).unwrap();
    for number in [&first, &second] {
        let row = bureau.row("papers", "台账号", number);
        assert_eq!((&*row["状态"], &*row["生效日期"]), ("已办结", "2020-09-22"), "the effective date moves");
    }
}

#[test]
fn p07_who_newly_qualifies_applies_with_the_assessors_result_and_is_reimbursed() {
    let mut town = Town::at(None, "2020-09-14T15:00:00");
    let (bureau, person) = (town.bureau(), town.server.someone("employee"));
    let said: Said = vec![
        ("psn_no", person.psn_no.clone()),
        ("psn_name", person.name.clone()),
        ("business", "reimbursement.special_drug".into()),
        ("begntime", "2020-09-14T10:00".into()),
        ("papers", "申请表、处方".into()),
        ("assessor_result", "是".into()),
        ("invono", "FP-07".into()),
        ("medfee_sumamt", "9600.00".into()),
        ("care_provider", PZH_L2.code.into()),
        ("care_begntime", "2020-09-12T10:00".into()),
    ];
    refused(bureau.add("papers", &typed(&with(&said, &[("assessor_result", "")]))), &["认定结果", "请补齐"]);
    let number = bureau.add("papers", &typed(&said)).unwrap();
    town.server.restart_at("2020-09-22T09:00:00");
    let bureau = town.bureau();
    refused(bureau.act(&number, "reimburse", &[("refund", "9600.01")]), &["超过费用总额"]);
    bureau.act(&number, "reimburse", &[("refund", "7200.00")]).unwrap();
    let row = bureau.row("papers", "台账号", &number);
    assert_eq!((&*row["状态"], &*row["基金支付(元)"]), ("已报销", "7200.00"));
}

#[test]
fn p28_notices_are_posted_and_incidents_reported() {
    let town = Town::at(None, "2020-09-12T15:00:00");
    let till = town.desk(&PZH_PHARMACY);
    let row = till.listed("publicity", "机构代码", PZH_PHARMACY.code);
    let posted =
        [("posted_at", "2020-09-12T08:00"), ("posted_where", "收费处"), ("explainer", "店长"), ("tel", "0812-3333333")];
    till.act(&row["台账号"], "acknowledge", &posted).unwrap();
    let happened =
        [("begntime", "2020-09-12T09:00"), ("subject", "患者聚集"), ("reported_by", "店长"), ("tel", "0812-3333333")];
    let number = till.add("incident", &happened).unwrap();
    let bureau = town.bureau();
    bureau.act(&number, "process", &[("result", "已劝导")]).unwrap();
    assert_eq!(till.row("incident", "台账号", &number)["处理结果"], "已劝导");
}

#[test]
fn p16_a_visitor_is_told_to_pay_and_claim_at_home() {
    let town = Town::at(None, "2020-09-12T15:00:00");
    let person = town.server.someone("resident");
    let client = town.server.client(&PZH_PHARMACY).for_people_of("510100");
    let bought = purchase_input(&person, &Purchase::on("2020-09-12", Bill::of(&A, "20.00")));
    let words = client.call("2102", bought).refusal();
    says(&words, &["全额", "参保地"]);
}

#[test]
fn p00_the_whole_story_on_postgresql() {
    let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    let story = |name: &str| Some(cluster.create_database(name).expect("an empty database"));
    cash_at_the_provider(story("cash"));
    deadline(story("deadline"));
    admitted_on_statement(story("statement"));
    transferred(story("transfer"));
}
