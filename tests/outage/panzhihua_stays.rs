//! Panzhihua 2020, by clause: admissions, discharges and transfers of the outage, and who turns out not to be entitled.

use super::panzhihua_town::{PLAN, Said, Town, admission, city, typed, with};
use crate::support::amounts::fen;
use crate::support::catalogue::{A, BED, Bill};
use crate::support::clerk::{pasted, refused, says};
use crate::support::inpatient::{self, Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::people::Person;
use crate::support::program::plan;
use crate::support::providers::{PZH_L2, PZH_L3};
use crate::support::server::Server;
use serde_json::json;
use std::fs;

#[test]
fn p10_p11_p23_p27_admitted_on_statement_discharged_and_called_to_settle() {
    admitted_on_statement(None);
}

pub fn admitted_on_statement(database: Option<String>) {
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

pub fn transferred(database: Option<String>) {
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
