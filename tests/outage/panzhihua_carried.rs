//! Panzhihua 2020, by clause: how each piece of business that met the outage is carried through it by clerks at the pages
//! and by the hospital's own system.

use crate::support::amounts::fen;
use crate::support::catalogue::{A, BED, Bill, SINGLE_PAYMENT};
use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, pasted};
use crate::support::inpatient::{self, Stay, settle_stay};
use crate::support::outpatient::{Visit, open_visit, settle_visit};
use crate::support::people::{Person, Profile};
use crate::support::pharmacy::{Purchase, buy, purchase_input};
use crate::support::program::plan;
use crate::support::providers::{self, PZH_COMMUNITY, PZH_L2, PZH_L3, PZH_PHARMACY, Provider};
use crate::support::server::Server;
use crate::support::vocabulary::{CANCER, RHEUMATISM, Used};
use serde_json::json;
use std::fs;
use yibao_cluster::Cluster;

const POOL: &str = "510400";
const PLAN: &str = "panzhihua-2020";

fn city() -> City {
    let people = vec![
        Profile::resident("resident", "510402").copies(40),
        Profile::employee("employee", "510402").balance("1000.00").copies(10),
        Profile::resident("chronic", "510402").disease(RHEUMATISM),
        Profile::employee("mother", "510402").also("510"),
        Profile::employee("drug", "510402").disease(CANCER),
        Profile::employee("case 5", "510402")
            .balance("0.00")
            .disease_from(CANCER, "2020-08-01")
            .used(Used::DrugSubCap, "145000.00"),
        Profile::employee("case 6", "510402").born("1968-03-01"),
        Profile::employee("joins later", "510402").insured("2020-09-20", "", ""),
        Profile::employee("lapsed", "510402").insured("2016-01-01", "", "2020-08-01"),
    ];
    City::new("2020", providers::panzhihua(), people)
}

struct Town {
    server: Server,
    agency: Clerk,
    clerks: Vec<(&'static str, Clerk)>,
}

impl Town {
    fn at(database: Option<String>, clock: &str) -> Town {
        Town::under(database, clock, plan(PLAN))
    }

    fn under(database: Option<String>, clock: &str, plan: String) -> Town {
        let server = Server::with_plans_in(database, city(), clock, &[plan]);
        let places: [&Provider; 4] = [&PZH_L2, &PZH_L3, &PZH_COMMUNITY, &PZH_PHARMACY];
        let clerks = places.map(|place| (place.code, Clerk::of(&server, POOL, place))).into();
        let agency = Clerk::agency(&server, POOL);
        Town { server, agency, clerks }
    }

    #[track_caller]
    fn desk(&self, place: &Provider) -> Office {
        let (_, clerk) = self.clerks.iter().find(|(code, _)| *code == place.code).unwrap();
        clerk.sign_in(&self.server)
    }

    fn bureau(&self) -> Office {
        self.agency.sign_in(&self.server)
    }
}

#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[track_caller]
fn refused<T>(outcome: Result<T, String>, parts: &[&str]) {
    match outcome {
        Ok(_) => panic!("should be refused with {parts:?}"),
        Err(words) => says(&words, parts),
    }
}

/// What a form is filled in with.
type Said = Vec<(&'static str, String)>;

fn typed(said: &Said) -> Vec<(&str, &str)> {
    said.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// The entry again with other values; an empty one takes a field away.
fn with(said: &Said, others: &[(&'static str, &str)]) -> Said {
    let mut said = said.clone();
    for (name, value) in others {
        said.retain(|(known, _)| known != name);
        said.push((name, (*value).to_owned()));
    }
    said
}

/// A cash visit with all that P-09 wants on its papers, its fee line pasted.
fn cash(person: &Person, kind: &str, day: &str, bill: &Bill, invoice: &str) -> Said {
    let time = format!("{day} 09:30");
    vec![
        ("psn_no", person.psn_no.clone()),
        ("psn_name", person.name.clone()),
        ("tel", "13800000000".into()),
        ("insutype", person.insutype.into()),
        ("med_type", kind.into()),
        ("begntime", time.replace(' ', "T")),
        ("medfee_sumamt", crate::support::amounts::yuan(bill.total())),
        ("diag_code", "J06.900".into()),
        ("diag_name", "急性上呼吸道感染".into()),
        ("invono", invoice.into()),
        ("rx_no", format!("CF{invoice}")),
        ("card_seen", "社会保障卡".into()),
        ("card_number_on_papers", "是".into()),
        ("halted_stamp", "是".into()),
        ("lines", pasted(bill, invoice, &time)),
    ]
}

/// An admission with all that P-10 and P-23 want.
fn admission(person: &Person, from: &str, serial: &str) -> Said {
    vec![
        ("psn_no", person.psn_no.clone()),
        ("psn_name", person.name.clone()),
        ("tel", "13800000000".into()),
        ("insutype", person.insutype.into()),
        ("med_type", "21".into()),
        ("begntime", from.into()),
        ("ipt_otp_no", serial.into()),
        ("diag_code", "J18.900".into()),
        ("diag_name", "肺炎".into()),
        ("card_seen", "社会保障卡".into()),
        ("identity_checked", "是".into()),
        ("injury", "否".into()),
        ("statement", "在待遇期,无等待期".into()),
        ("signer", "患者之子".into()),
        ("prepayment", "500.00".into()),
        ("expected_cost", "3000.00".into()),
        ("fees_kept", "是".into()),
    ]
}

#[test]
fn p06_p09_cash_is_written_down_with_all_its_papers_and_refunded_at_the_same_provider() {
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
fn p09_the_ten_working_days_end_with_the_ninth_of_october_and_afterwards_the_agency_decides_by_case() {
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
    refused(desk.act(&row["台账号"], "dispense", &dispense("2020-09-11T00:00", "2020-12-31")), &["09-10 24:00"]);
    assert_eq!(desk.row("supply", "台账号", &row["台账号"])["是否逾期"], "是");
    desk.act(&row["台账号"], "dispense", &dispense("2020-09-10T18:00", "2020-12-31")).unwrap();
}

#[test]
fn p10_p11_p23_p27_admitted_on_statement_discharged_and_called_to_settle() {
    admitted_on_statement(None);
}

fn admitted_on_statement(database: Option<String>) {
    let mut town = Town::at(database, "2020-09-19T15:00:00");
    let person = town.server.someone("resident");
    let desk = town.desk(&PZH_L2);
    let whole = admission(&person, "2020-09-12T10:00", "ZY10");
    for (missing, named) in [("statement", "陈述"), ("card_seen", "卡证"), ("prepayment", "预"), ("tel", "电话")]
    {
        // the telephone is wanted with the discharge at the latest
        if missing != "tel" {
            refused(desk.add("admission", &typed(&with(&whole, &[(missing, "")]))), &[named, "请补齐"]);
        }
    }
    refused(desk.add("admission", &typed(&with(&whole, &[("injury", "是")]))), &["受伤原因"]);
    let number = desk.add("admission", &typed(&with(&whole, &[("signer", "")]))).unwrap();
    says(&desk.entry(&number), &["未取得", "签名"]);
    let left = [("endtime", "2020-09-18T16:00"), ("dscg_way", "1"), ("tel", "13800000000")];
    desk.act(&number, "discharge", &left).unwrap();
    let page = format!("/office/entries/{number}");
    let bill = Bill::of(&A, "5000.00");
    let lines = pasted(&bill, "L", "2020-09-12 14:00");
    desk.fill(&page, &format!("{page}/lines"), &[("lines", &lines)]).unwrap();
    refused(desk.backfill(&number), &["09-20 24:00"]);

    town.server.restart_at("2020-09-21T09:00:00");
    let desk = town.desk(&PZH_L2);
    let calls = desk.page("/office/calls").seen();
    says(&calls, &[&number, "13800000000", "还没有打过", "10-09 24:00"]);
    let call = [("called_at", "2020-09-21T08:30"), ("caller", "王护士"), ("call_outcome", "已通知")];
    desk.act(&number, "call", &call).unwrap();
    desk.backfill(&number).unwrap();
    let after = Server::start(city(), "2020-09-25T10:00:00");
    let direct = Stay::from("2020-09-12", "2020-09-18", bill);
    let direct = settle_stay(&after.client(&PZH_L2), &after.someone("resident"), &direct).unwrap();
    let row = desk.row("admission", "台账号", &number);
    assert_eq!((&*row["状态"], fen(&row["基金支付(元)"])), ("已结算", direct.fen("fund_pay_sumamt")));
    assert!(!desk.page("/office/calls").seen().contains(&number), "who has settled is called no more");
}

#[test]
fn p24_a_prepayment_above_the_persons_share_is_flagged() {
    let town = Town::at(None, "2020-09-12T15:00:00");
    let desk = town.desk(&PZH_L2);
    let person = town.server.someone("resident");
    let much = with(&admission(&person, "2020-09-12T10:00", "ZY24"), &[("prepayment", "3000.00")]);
    let number = desk.add("admission", &typed(&much)).unwrap();
    says(&desk.entry(&number), &["不得要求已申明待遇的参保人员多预交"]);
    let other = town.server.someone("resident");
    let number = desk.add("admission", &typed(&admission(&other, "2020-09-12T10:00", "ZY25"))).unwrap();
    assert!(!desk.entry(&number).contains("多预交"));
}

#[test]
fn p12_the_hospital_that_was_left_settles_first_and_both_pay_what_case_6_says() {
    transferred(None);
}

fn transferred(database: Option<String>) {
    let mut town = Town::at(database, "2020-09-19T15:00:00");
    let person = town.server.someone("case 6");
    let first = with(&admission(&person, "2020-09-11T10:00", "ZY12"), &[("prepayment", "0.00")]);
    let (from, to) = (town.desk(&PZH_L2), town.desk(&PZH_L3));
    let first = from.add("admission", &typed(&first)).unwrap();
    let left = [("endtime", "2020-09-14T16:00"), ("dscg_way", "2"), ("tel", "13800000000")];
    from.act(&first, "discharge", &left).unwrap();
    let second: Said = vec![
        ("psn_no", person.psn_no.clone()),
        ("psn_name", person.name.clone()),
        ("tel", "13800000000".into()),
        ("begntime", "2020-09-14T17:00".into()),
        ("from_provider", PZH_L2.code.into()),
        ("ipt_otp_no", "ZY13".into()),
        ("insutype", "310".into()),
        ("med_type", "21".into()),
        ("diag_code", "J18.900".into()),
        ("diag_name", "肺炎".into()),
        ("endtime", "2020-09-18T16:00".into()),
        ("dscg_way", "1".into()),
        ("invono", "FP-12".into()),
        ("fees_kept", "是".into()),
        ("medfee_sumamt", "20000.00".into()),
    ];
    refused(to.add("transfer", &typed(&with(&second, &[("from_provider", PZH_L3.code)]))), &["与转入机构相同"]);
    refused(to.add("transfer", &typed(&with(&second, &[("invono", "")]))), &["发票"]);
    let second = to.add("transfer", &typed(&second)).unwrap();
    for (desk, number, amount) in [(&from, &first, "5000.00"), (&to, &second, "20000.00")] {
        let page = format!("/office/entries/{number}");
        let lines = pasted(&Bill::of(&A, amount), "L", "2020-09-14 17:30");
        let lines = if number == &first { lines.replace("09-14 17:30", "09-12 14:00") } else { lines };
        desk.fill(&page, &format!("{page}/lines"), &[("lines", &lines)]).unwrap();
    }
    town.server.restart_at("2020-09-21T09:00:00");
    let (from, to) = (town.desk(&PZH_L2), town.desk(&PZH_L3));
    refused(to.backfill(&second), &[&first, "转出医院"]);
    town.bureau().run(PLAN);
    assert_eq!(from.row("admission", "台账号", &first)["基金支付(元)"], "4232.00");
    let row = to.row("transfer", "台账号", &second);
    assert_eq!((&*row["状态"], &*row["基金支付(元)"]), ("已结算", "17052.00"));
}

#[test]
fn p13_a_transfer_out_of_the_city_is_filed_as_always_and_the_first_hospital_settles_before_a_new_admission() {
    let mut town = Town::at(None, "2020-09-12T15:00:00");
    let person = town.server.someone("employee");
    let client = town.server.client(&PZH_L2);
    let filing = json!({"refmedin": {
        "psn_no": person.psn_no, "insutype": "310", "begndate": "2020-09-12", "mdtrtarea_admdvs": "510107",
        "reflin_medins_no": "H51010700001", "reflin_medins_name": "成都市第一人民医院", "refl_type": "1",
        "refl_rea": "病情需要", "refl_date": "2020-09-12", "out_flag": "1"
    }});
    client.call("2501A", filing).output();
    let desk = town.desk(&PZH_L2);
    let number = desk.add("admission", &typed(&admission(&person, "2020-09-11T10:00", "ZY14"))).unwrap();
    let left = [("endtime", "2020-09-12T14:00"), ("dscg_way", "2"), ("tel", "13800000000")];
    desk.act(&number, "discharge", &left).unwrap();
    town.server.restart_at("2020-09-21T09:00:00");
    let desk = town.desk(&PZH_L2);
    says(&desk.page("/office/calls").seen(), &[&number, "10-09 24:00"]);
    let next = Stay::from("2020-09-21", "2020-09-25", Bill::of(&A, "900.00"));
    let next = Stay { admitted: "2020-09-21 08:30:00".into(), ..next };
    let other = town.server.client(&PZH_L3);
    refused(inpatient::admit(&other, &person, &next), &[&number, "先由转出医院结算"]);
    let page = format!("/office/entries/{number}");
    let lines = pasted(&Bill::of(&A, "2000.00"), "L", "2020-09-11 14:00");
    desk.fill(&page, &format!("{page}/lines"), &[("lines", &lines)]).unwrap();
    desk.backfill(&number).unwrap();
    inpatient::admit(&other, &person, &next).unwrap();
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
    refused(bureau.add("papers", &typed(&open)), &["请直接办理"]);
    refused(town.desk(&PZH_L2).add("papers", &[]), &["经办机构"]);
    let approval = [("approver", "赵科长"), ("stamped", "是"), ("approved_at", "2020-09-14T14:00")];
    says(&bureau.act(&second, "pre_approve", &approval).unwrap().seen(), &["已预审"]);

    town.server.restart_at("2020-09-22T09:00:00");
    let bureau = town.bureau();
    refused(bureau.act(&second, "process", &[("result", "已备案")]), &[&first, "原因"]);
    bureau.act(&first, "process", &[("result", "已备案")]).unwrap();
    bureau.act(&second, "process", &[("result", "已备案")]).unwrap();
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
fn p26_who_is_found_not_entitled_pays_is_reported_and_held_only_where_the_plan_says_so() {
    let mut town = Town::at(None, "2020-09-19T15:00:00");
    let number = lapsed_stay(&town);
    town.server.restart_at("2020-09-21T09:00:00");
    let desk = town.desk(&PZH_L2);
    refused(desk.backfill(&number), &["待遇"]);
    let row = desk.row("admission", "台账号", &number);
    assert_eq!((&*row["状态"], &*row["基金支付(元)"]), ("按自费结清", "0.00"));
    let case = desk.row("not_entitled", "原台账号", &number)["台账号"].clone();
    let told = [("explained_by", "王医生"), ("explained_at", "2020-09-21T08:50")];
    desk.act(&case, "explain", &told).unwrap();
    desk.act(&case, "report", &[("reason", "拒不缴费")]).unwrap();
    refused(town.bureau().act(&case, "hold", &[("reason", "欠费")]), &["没有开启"]);
    desk.act(&case, "pay", &[("paid", "5000.00"), ("paid_at", "2020-09-21T08:55")]).unwrap();
    assert_eq!(desk.row("not_entitled", "台账号", &case)["状态"], "已办结");
}

#[test]
fn p26_where_the_plan_turns_it_on_a_debtors_later_benefits_are_held_until_released() {
    let text = fs::read_to_string(plan(PLAN)).unwrap();
    let text = text.replacen("hold_debtor_benefits = false", "hold_debtor_benefits = true", 1);
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/panzhihua-with-holds.toml");
    fs::write(file, text).unwrap();
    let mut town = Town::under(None, "2020-09-19T15:00:00", file.to_owned());
    let person = town.server.someone("joins later");
    let number = stay_of(&town, &person);
    town.server.restart_at("2020-09-22T12:00:00");
    let (desk, bureau) = (town.desk(&PZH_L2), town.bureau());
    refused(desk.backfill(&number), &["待遇"]);
    let case = desk.row("not_entitled", "原台账号", &number)["台账号"].clone();
    desk.act(&case, "report", &[("reason", "拒不缴费")]).unwrap();
    bureau.act(&case, "hold", &[("reason", "欠费5000元")]).unwrap();
    town.server.restart_at("2020-09-23T12:00:00");
    let (client, bureau) = (town.server.client(&PZH_L2), town.bureau());
    let visit = Visit::on("2020-09-23", Bill::of(&A, "100.00"));
    refused(settle_visit(&client, &person, &visit), &[&case]);
    bureau.act(&case, "release", &[("reason", "已缴清")]).unwrap();
    settle_visit(&client, &person, &visit).unwrap();
}

fn lapsed_stay(town: &Town) -> String {
    stay_of(town, &town.server.someone("lapsed"))
}

fn stay_of(town: &Town, person: &Person) -> String {
    let desk = town.desk(&PZH_L2);
    let number = desk.add("admission", &typed(&admission(person, "2020-09-12T10:00", "ZY26"))).unwrap();
    let left = [("endtime", "2020-09-18T16:00"), ("dscg_way", "1"), ("tel", "13800000000")];
    desk.act(&number, "discharge", &left).unwrap();
    let page = format!("/office/entries/{number}");
    let lines = pasted(&Bill::of(&A, "5000.00"), "L", "2020-09-12 14:00");
    desk.fill(&page, &format!("{page}/lines"), &[("lines", &lines)]).unwrap();
    number
}

#[test]
fn p25_a_day_with_no_charge_but_the_bed_is_flagged() {
    let mut town = Town::at(None, "2020-09-19T15:00:00");
    let person = town.server.someone("resident");
    let desk = town.desk(&PZH_L2);
    let number = desk.add("admission", &typed(&admission(&person, "2020-09-12T10:00", "ZY27"))).unwrap();
    let left = [("endtime", "2020-09-18T16:00"), ("dscg_way", "1"), ("tel", "13800000000")];
    desk.act(&number, "discharge", &left).unwrap();
    let page = format!("/office/entries/{number}");
    let treated = Bill::of(&BED, "40.00").and(&A, "900.00");
    let lines = [
        pasted(&treated, "L1", "2020-09-12 14:00"),
        pasted(&Bill::of(&BED, "40.00"), "L2", "2020-09-16 14:00"),
        pasted(&Bill::of(&BED, "40.00"), "L3", "2020-09-17 14:00"),
    ];
    desk.fill(&page, &format!("{page}/lines"), &[("lines", &lines.join("\n"))]).unwrap();
    town.server.restart_at("2020-09-21T09:00:00");
    let desk = town.desk(&PZH_L2);
    desk.backfill(&number).unwrap();
    says(&desk.entry(&number), &["2020-09-16、2020-09-17只有床位费", "挂床"]);
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
