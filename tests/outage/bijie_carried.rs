//! Bijie 2021, by clause: how each piece of business that met the outage is carried through it by clerks at the pages and
//! by the hospital's own system.

use crate::support::amounts::fen;
use crate::support::catalogue::{A, B, Bill};
use crate::support::city::City;
use crate::support::clerk::{Clerk, Office, Row, pasted, refused, says};
use crate::support::inpatient::{self, Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::people::{Person, Profile};
use crate::support::program::plan;
use crate::support::providers::{self, BJ_L2, BJ_PHARMACY};
use crate::support::server::Server;
use crate::support::settled::Settled;
use std::sync::OnceLock;
use yibao_cluster::Cluster;

const POOL: &str = "520500";
const PLAN: &str = "bijie-2021";
/// Registered as poor (建档立卡).
const POOR: &str = "2302";

fn city() -> City {
    let people = vec![
        Profile::resident("resident", "520502").copies(40),
        Profile::employee("employee", "520502").balance("1000.00").copies(10),
        Profile::resident("poor", "520502").attribute(POOR),
    ];
    City::new("2021", providers::bijie(), people)
}

/// The city under its plan, a hospital's clerk and one of the agency.
struct Town {
    server: Server,
    hospital: Clerk,
    agency: Clerk,
}

impl Town {
    fn at(database: Option<String>, clock: &str) -> Town {
        let server = Server::with_plans_in(database, city(), clock, &[plan(PLAN)]);
        let (hospital, agency) = (Clerk::of(&server, POOL, &BJ_L2), Clerk::agency(&server, POOL));
        Town { server, hospital, agency }
    }

    fn ward(&self) -> Office {
        self.hospital.sign_in(&self.server)
    }

    fn bureau(&self) -> Office {
        self.agency.sign_in(&self.server)
    }

    /// Somebody new in hospital since that day, the first lines uploaded.
    #[track_caller]
    fn in_hospital(&self, stay: &Stay) -> (Person, String) {
        let (client, person) = (self.server.client(&BJ_L2), self.server.someone("resident"));
        let mdtrt_id = inpatient::admit(&client, &person, stay).unwrap();
        inpatient::upload(&client, &person, stay, &mdtrt_id, &first_line(stay), 0).unwrap();
        (person, mdtrt_id)
    }

    /// What a hospital does once insured business is back: the other lines, the discharge, the settlement.
    #[track_caller]
    fn settle(&self, person: &Person, stay: &Stay, mdtrt_id: &str) -> Result<Settled, String> {
        let (client, mut others) = (self.server.client(&BJ_L2), stay.bill.clone());
        others.lines.remove(0);
        inpatient::upload(&client, person, stay, mdtrt_id, &others, 1)?;
        inpatient::discharge(&client, person, stay, mdtrt_id)?;
        inpatient::settle(&client, person, stay, mdtrt_id, &stay.bill, "0")
    }
}

fn bill() -> Bill {
    Bill::of(&A, "3000.00").and(&B, "1000.00").and(&A, "450.00")
}

fn first_line(stay: &Stay) -> Bill {
    Bill { lines: stay.bill.lines[..1].to_vec() }
}

fn stay(first: &str, last: &str) -> Stay {
    Stay::from(first, last, bill())
}

/// What the same stay is paid where no outage is in the way.
fn directly(stay: &Stay) -> Settled {
    static ELSEWHERE: OnceLock<Server> = OnceLock::new();
    let server = ELSEWHERE.get_or_init(|| Server::start(city(), "2021-07-25T10:00:00"));
    settle_stay(&server.client(&BJ_L2), &server.someone("resident"), stay).unwrap()
}

fn convert(ward: &Office, row: &Row, at: &str, late: &str) -> Result<String, String> {
    let said = [("converted_at", at), ("converted_by", "住院处"), ("late_reason", late)];
    ward.act(&row["台账号"], "convert", &said).map(|page| page.seen())
}

/// What the person of an entry in the register of admissions states.
fn admitted<'a>(person: &'a Person, number: &'a str, from: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("psn_no", &person.psn_no),
        ("psn_name", &person.name),
        ("tel", "13800000000"),
        ("insutype", "390"),
        ("med_type", "21"),
        ("begntime", from),
        ("ipt_otp_no", number),
        ("diag_code", "J18.900"),
        ("diag_name", "肺炎"),
        ("fees_kept", "是"),
    ]
}

#[test]
fn b01_each_inpatient_is_told_by_the_seventh_with_who_told_whom_and_when() {
    told(None);
}

fn told(database: Option<String>) {
    let mut town = Town::at(database, "2021-07-06T09:00:00");
    let (_, told) = town.in_hospital(&stay("2021-07-01", "2021-07-20"));
    let (_, forgotten) = town.in_hospital(&stay("2021-07-02", "2021-07-20"));
    let short = stay("2021-07-03", "2021-07-06");
    let (person, home) = town.in_hospital(&Stay { discharged: "2021-07-06 08:00:00".into(), ..short.clone() });

    town.server.restart();
    let ward = town.ward();
    let row = ward.listed("inpatient_notice", "就诊ID", &told);
    says(&row["期限"], &["07-07 24:00"]);
    refused(ward.act(&row["台账号"], "tell", &[("told_by", "李护士"), ("told_whom", "")]), &["被告知人", "必填"]);
    let said = [("told_by", "李护士"), ("told_at", "2021-07-06T08:30"), ("told_whom", "患者之子")];
    ward.act(&row["台账号"], "tell", &said).unwrap();
    let row = ward.row("inpatient_notice", "就诊ID", &told);
    assert_eq!([&row["状态"], &row["告知人"], &row["告知时间"]], ["已办结", "李护士", "2021-07-06 08:30"]);

    ward.listed("inpatient_notice", "就诊ID", &home);
    town.settle(&person, &Stay { discharged: "2021-07-06 08:00:00".into(), ..short }, &home).unwrap();
    town.server.restart_at("2021-07-07T23:59:20");
    let ward = town.ward();
    ward.until(|| ward.row("inpatient_notice", "就诊ID", &home)["状态"] == "已办结", "who went home stays listed");
    assert_eq!(ward.row("inpatient_notice", "就诊ID", &forgotten)["是否逾期"], "否");
    town.server.restart_at("2021-07-08T00:00:00");
    assert_eq!(town.ward().row("inpatient_notice", "就诊ID", &forgotten)["是否逾期"], "是");
    says(&town.ward().page("/office").seen(), &["已逾期"]);
}

#[test]
fn b02_each_stay_turns_self_paying_once_and_insured_again_once_and_none_is_lost() {
    converted(None);
}

fn converted(database: Option<String>) {
    let mut town = Town::at(database, "2021-07-09T19:00:00");
    let stays = ["2021-07-01", "2021-07-02", "2021-07-03"].map(|day| stay(day, "2021-07-19"));
    let people = stays.clone().map(|stay| town.in_hospital(&stay));
    town.server.restart();
    let ward = town.ward();
    let rows = people.clone().map(|(_, mdtrt_id)| ward.listed("stay_conversion", "就诊ID", &mdtrt_id));
    let [in_time, late, never] = &rows;
    says(&convert(&ward, in_time, "2021-07-09T18:50", "").unwrap(), &["已转自费"]);
    refused(convert(&ward, in_time, "2021-07-09T18:55", ""), &["no step"]);

    town.server.restart_at("2021-07-09T20:00:00");
    let ward = town.ward();
    for row in [late, never] {
        assert_eq!(ward.row("stay_conversion", "台账号", &row["台账号"])["是否逾期"], "是", "left over at 20:00");
    }
    town.server.restart_at("2021-07-09T20:30:00");
    let ward = town.ward();
    refused(convert(&ward, late, "2021-07-09T20:20", ""), &["逾时", "补填"]);
    says(&convert(&ward, late, "2021-07-09T20:20", "系统繁忙").unwrap(), &["逾时转自费"]);

    town.server.restart_at("2021-07-12T10:00:00");
    let ward = town.ward();
    let back = [("restored_at", "2021-07-12T09:00"), ("restored_by", "住院处")];
    refused(ward.act(&in_time["台账号"], "convert_back", &back), &["停办时段", "恢复后"]);

    town.server.restart_at("2021-07-19T17:00:00");
    let ward = town.ward();
    let back = [("restored_at", "2021-07-16T08:00"), ("restored_by", "住院处")];
    says(&ward.act(&in_time["台账号"], "convert_back", &back).unwrap().seen(), &["已转回医保"]);
    refused(ward.act(&in_time["台账号"], "convert_back", &back), &["no step"]);
    let paid = directly(&stays[0]);
    for ((person, mdtrt_id), stay) in people.iter().zip(&stays) {
        // Nothing was deleted: the line of before the outage is part of the bill.
        town.settle(person, stay, mdtrt_id).unwrap().has_amounts_of(&paid);
    }
    for row in &rows {
        let after = ward.row("stay_conversion", "台账号", &row["台账号"]);
        assert_eq!(after["状态"], "已结算");
    }
    assert_eq!(ward.rows("stay_conversion").len(), 3, "one entry a stay");
    let history = ward.entry(&late["台账号"]);
    assert_eq!(history.matches("转回医保时间：").count(), 1, "converted back once: {history}");
    says(&ward.entry(&never["台账号"]), &["差错"]);
}

#[test]
fn b09_three_paths_by_the_times_of_admission_and_discharge() {
    three_paths(None);
}

fn three_paths(database: Option<String>) {
    let mut town = Town::at(database, "2021-07-14T10:00:00");
    let [goes_on, came_and_went] = [town.server.someone("resident"), town.server.someone("resident")];
    let ward = town.ward();
    let first = ward.add("admission", &admitted(&goes_on, "ZY1", "2021-07-11T10:00")).unwrap();
    let second = ward.add("admission", &admitted(&came_and_went, "ZY2", "2021-07-11T10:00")).unwrap();
    says(&ward.entry(&first), &["B-09", "恢复后转为医保"]);
    let left = [("endtime", "2021-07-13T16:00"), ("tel", "13800000000")];
    ward.act(&second, "discharge", &left).unwrap();

    town.server.restart_at("2021-07-20T17:00:00");
    let ward = town.ward();
    ward.act(&first, "discharge", &[("endtime", "2021-07-20T16:00"), ("tel", "13800000000")]).unwrap();
    for (number, serial) in [(&first, "F"), (&second, "S")] {
        let page = format!("/office/entries/{number}");
        let lines = pasted(&bill(), serial, "2021-07-11 14:00");
        ward.fill(&page, &format!("{page}/lines"), &[("lines", &lines)]).unwrap();
    }
    town.bureau().run(PLAN);
    let direct = directly(&stay("2021-07-11", "2021-07-20"));
    let row = ward.row("admission", "台账号", &first);
    assert_eq!((&*row["状态"], fen(&row["基金支付(元)"])), ("已结算", direct.fen("fund_pay_sumamt")));
    let row = ward.row("admission", "台账号", &second);
    assert_eq!((&*row["状态"], &*row["基金支付(元)"]), ("待办", "0.00"));
    refused(ward.backfill(&second), &["自费结清", "报销"]);

    let reason = [("reason", "停机期间入院又出院"), ("invono", "FP-2021-77")];
    ward.act(&second, "to_reimbursement", &reason).unwrap();
    let bureau = town.bureau();
    let papers = ("brought", "费用明细清单、疾病证明书、出院小结");
    refused(bureau.act(&second, "reimburse", &[("refund", "1200.00")]), &[papers.1]);
    refused(bureau.act(&second, "reimburse", &[("refund", "9999999.00"), papers]), &["超过"]);
    bureau.act(&second, "reimburse", &[("refund", "1200.00"), papers]).unwrap();
    assert_eq!(bureau.row("admission", "台账号", &second)["状态"], "已报销");
    refused(town.ward().backfill(&second), &["已报销"]);
}

#[test]
fn b10_who_is_discharged_in_the_outage_settles_after_it_or_claims_by_choice() {
    deferred(None);
}

fn deferred(database: Option<String>) {
    let mut town = Town::at(database, "2021-07-09T18:00:00");
    let leaves = stay("2021-07-01", "2021-07-13");
    let people = [town.in_hospital(&leaves), town.in_hospital(&leaves)];
    town.server.restart();
    let ward = town.ward();
    for (_, mdtrt_id) in &people {
        let row = ward.listed("stay_conversion", "就诊ID", mdtrt_id);
        convert(&ward, &row, "2021-07-09T17:50", "").unwrap();
    }
    town.server.restart_at("2021-07-14T10:00:00");
    let ward = town.ward();
    let entry = |person: &Person, mdtrt_id: &str, choice: &str| {
        let said = [
            ("psn_no", person.psn_no.as_str()),
            ("psn_name", &person.name),
            ("tel", "13800000000"),
            ("mdtrt_id", mdtrt_id),
            ("begntime", "2021-07-01T10:00"),
            ("endtime", "2021-07-13T16:00"),
            ("fees_kept", "是"),
            ("choice", choice),
        ];
        ward.add("deferred_discharge", &said)
    };
    let [(settles, stay_of_one), (claims, stay_of_other)] = &people;
    refused(entry(settles, stay_of_one, ""), &["选择", "请补齐"]);
    let first = entry(settles, stay_of_one, "恢复后结算").unwrap();
    let second = entry(claims, stay_of_other, "恢复后结算").unwrap();
    let choice = |invoice| [("choice", "自费结清后报销"), ("invono", invoice)];
    refused(ward.act(&second, "choose", &choice("")), &["发票号"]);
    ward.act(&second, "choose", &choice("FP-10")).unwrap();
    // An extra charge in the outage is flagged.
    let row = ward.row("stay_conversion", "就诊ID", stay_of_one);
    let extra = [("charged_at", "2021-07-12T09:00"), ("medfee_sumamt", "80.00"), ("reason", "陪护床")];
    ward.act(&row["台账号"], "charge", &extra).unwrap();
    says(&ward.entry(&row["台账号"]), &["不得另行收费"]);

    town.server.restart_at("2021-07-16T09:00:00");
    let calls = town.ward();
    let list = calls.page("/office/calls").seen();
    says(&list, &[&first, "13800000000", "还没有打过"]);
    assert!(!list.contains(&second), "who chose to claim is not called to settle: {list}");
    let agreed = [("called_at", "2021-07-16T08:20"), ("caller", "王护士"), ("call_outcome", "约定时间")];
    calls.act(&first, "call", &[&agreed[..], &[("appointment", "2021-07-19T10:30")]].concat()).unwrap();
    says(&calls.page("/office/calls").seen(), &["约定 2021-07-19 10:30", "约定时间（2021-07-16 08:20）"]);
    let call = |at, outcome| [("called_at", at), ("caller", "王护士"), ("call_outcome", outcome)];
    calls.act(&first, "call", &call("2021-07-16T08:30", "无人接听")).unwrap();
    calls.act(&first, "call", &call("2021-07-16T08:50", "已通知")).unwrap();
    says(&calls.entry(&first), &["无人接听", "已通知"]);

    let paid = town.settle(settles, &leaves, stay_of_one).unwrap();
    paid.has_amounts_of(&directly(&leaves));
    let row = town.ward().row("deferred_discharge", "台账号", &first);
    assert_eq!((&*row["状态"], fen(&row["基金支付(元)"])), ("已结算", paid.fen("fund_pay_sumamt")));
    refused(town.settle(claims, &leaves, stay_of_other), &["报销"]);
}

#[test]
fn b11_a_paper_certificate_stands_for_the_attribute_and_is_verified_afterwards() {
    let mut town = Town::at(None, "2021-07-14T10:00:00");
    let (poor, not_poor) = (town.server.someone("poor"), town.server.someone("resident"));
    let ward = town.ward();
    let mut without = admitted(&poor, "ZY3", "2021-07-11T10:00");
    refused(ward.add("admission", &without), &["纸质证明"]);
    let certificate = [("certificate_issuer", "鸭池镇人民政府"), ("certificate_no", "P-1")];
    without.extend(certificate);
    let first = ward.add("admission", &without).unwrap();
    let mut other = admitted(&not_poor, "ZY4", "2021-07-11T10:00");
    other.extend(certificate);
    let second = ward.add("admission", &other).unwrap();

    town.server.restart_at("2021-07-20T17:00:00");
    let ward = town.ward();
    for (number, serial) in [(&first, "F"), (&second, "S")] {
        ward.act(number, "discharge", &[("endtime", "2021-07-20T16:00"), ("tel", "13800000000")]).unwrap();
        let page = format!("/office/entries/{number}");
        let lines = pasted(&bill(), serial, "2021-07-11 14:00");
        ward.fill(&page, &format!("{page}/lines"), &[("lines", &lines)]).unwrap();
        ward.backfill(number).unwrap();
    }
    let asked = town.bureau().rows("escalation");
    assert_eq!(asked.len(), 1, "only the certificate that nothing bears out is asked about");
    assert_eq!(asked[0]["相关台账号"], second);
}

#[test]
fn b12_b13_b19_cash_of_the_outage_is_recorded_at_most_and_never_refunded() {
    let mut town = Town::at(None, "2021-07-12T15:00:00");
    let person = town.server.someone("resident");
    let cash = |number: &str| {
        [
            ("psn_no", person.psn_no.clone()),
            ("psn_name", person.name.clone()),
            ("insutype", "390".into()),
            ("med_type", "11".into()),
            ("begntime", "2021-07-12T09:30".into()),
            ("medfee_sumamt", "45.00".into()),
            ("invono", number.to_owned()),
        ]
    };
    let said = cash("FP-1");
    let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let ward = town.ward();
    let number = ward.add("cash_visit", &said).unwrap();
    says(&ward.entry(&number), &["不在补录范围", "不承诺退费"]);
    let till = Clerk::of(&town.server, POOL, &BJ_PHARMACY).sign_in(&town.server);
    let mut bought = said.clone();
    bought[3] = ("med_type", "41");
    refused(till.add("cash_visit", &bought), &["自费购买"]);

    town.server.restart_at("2021-07-16T09:00:00");
    town.bureau().run(PLAN);
    assert_eq!(town.ward().row("cash_visit", "台账号", &number)["状态"], "不在补录范围");
    let late = Visit::on("2021-07-12", Bill::of(&A, "45.00"));
    refused(settle_visit(&town.server.client(&BJ_L2), &person, &late), &["门诊"]);
    // B-19: care of the day itself is settled as ever.
    settle_visit(&town.server.client(&BJ_L2), &person, &Visit::on("2021-07-16", Bill::of(&A, "45.00"))).unwrap();
}

#[test]
fn b22_b24_b28_each_provider_posts_the_notice_and_the_agency_sees_who_has() {
    let town = Town::at(None, "2021-07-06T09:00:00");
    let ward = town.ward();
    let row = ward.listed("publicity", "机构代码", BJ_L2.code);
    let posted = [
        ("posted_at", "2021-07-06T08:00"),
        ("posted_where", "门诊收费处"),
        ("explainer", "医保办赵某"),
        ("tel", "0857-8888888"),
    ];
    refused(ward.act(&row["台账号"], "acknowledge", &[("explainer", "")]), &["解释人员", "必填"]);
    ward.act(&row["台账号"], "acknowledge", &posted).unwrap();
    assert_eq!(ward.rows("publicity").len(), 1, "a provider sees its own");

    let bureau = town.bureau();
    let rows = bureau.rows("publicity");
    assert_eq!(rows.len(), providers::bijie().len());
    let done = rows.iter().filter(|row| row["状态"] == "已办结").count();
    assert_eq!(done, 1);
    let seen = [("seen_by", "督导组"), ("seen_at", "2021-07-06T08:30"), ("finding", "张贴到位")];
    bureau.act(&row["台账号"], "supervise", &seen).unwrap();
    assert_eq!(bureau.row("publicity", "机构代码", BJ_L2.code)["督导情况"], "张贴到位");
    says(&bureau.page("/plans/bijie-2021/notice").seen(), &["0857-8947068", "减少外出就医", "7月9日"]);
    says(&ward.entry(&row["台账号"]), &["咨询电话"]);
}

#[test]
fn b17_b18_the_whole_story_on_postgresql() {
    let cluster = Cluster::start(&[]).expect("PostgreSQL is installed");
    let story = |name: &str| Some(cluster.create_database(name).expect("an empty database"));
    told(story("told"));
    converted(story("converted"));
    three_paths(story("paths"));
    deferred(story("deferred"));
}

#[test]
fn b00_the_closing_sum_of_the_board_is_what_was_done() {
    let mut town = Town::at(None, "2021-07-14T10:00:00");
    let (ward, bureau) = (town.ward(), town.bureau());
    let numbers: Vec<String> = ["ZY1", "ZY2", "ZY3", "ZY4"]
        .map(|serial| {
            let person = town.server.someone("resident");
            ward.add("admission", &admitted(&person, serial, "2021-07-11T10:00")).unwrap()
        })
        .into();
    ward.act(&numbers[0], "withdraw", &[("reason", "登记重复")]).unwrap();
    bureau.act(&numbers[1], "refuse", &[("reason", "非参保人员")]).unwrap();
    ward.act(&numbers[2], "to_reimbursement", &[("reason", "患者选择"), ("invono", "FP-3")]).unwrap();
    let row = bureau.listed("publicity", "机构代码", BJ_L2.code);
    bureau.until(|| bureau.rows("publicity").len() == providers::bijie().len(), "every provider is listed");
    let posted =
        [("posted_at", "2021-07-14T08:00"), ("posted_where", "大厅"), ("explainer", "赵某"), ("tel", "0857-8888888")];
    ward.act(&row["台账号"], "acknowledge", &posted).unwrap();
    town.server.restart_at("2021-07-16T09:00:00");
    let bureau = town.bureau();
    let brought = ("brought", "发票、费用明细清单、疾病证明书、出院小结");
    bureau.act(&numbers[2], "reimburse", &[("refund", "100.00"), brought]).unwrap();
    // Four admissions and the notices of eleven providers; one is posted, ten wait beside one admission.
    let sum = "收进 15 ＝ 已结算 1 ＋ 已报销 1 ＋ 已拒绝 1 ＋ 已撤回 1 ＋ 待办 11";
    says(&bureau.page("/office/board").seen(), &[sum, "费用（不含已撤回的）", "基金和账户已付 100.00 元"]);
    says(&town.ward().entry(&numbers[3]), &["停办时段", "2021-07-15 24:00", "咨询电话"]);
}

/// A person of the city in a hospital of the province's capital, which has no account here: the agency keeps the lists.
#[test]
fn b05_a_local_person_in_the_province_is_told_and_converted_as_at_home() {
    let mut town = Town::at(None, "2021-07-07T10:00:00");
    let person = town.server.someone("resident");
    let elsewhere = [
        ("fixmedins_code", "H52010200001"),
        ("psn_no", &person.psn_no),
        ("psn_name", &person.name),
        ("mdtrt_id", "GY20210701001"),
        ("begntime", "2021-07-01T10:00"),
    ];
    let bureau = town.bureau();
    let notice = bureau.add("inpatient_notice", &elsewhere).unwrap();
    let said = [("told_by", "钱某"), ("told_at", "2021-07-07T09:30"), ("told_whom", "患者之女")];
    bureau.act(&notice, "tell", &said).unwrap();
    let stay = bureau.add("stay_conversion", &elsewhere).unwrap();

    town.server.restart_at("2021-07-09T19:00:00");
    let converted = [("converted_at", "2021-07-09T18:40"), ("converted_by", "钱某")];
    let page = town.bureau().act(&stay, "convert", &converted).unwrap().seen();
    says(&page, &["已转自费"]);
    town.server.restart_at("2021-07-16T09:00:00");
    let restored = [("restored_at", "2021-07-16T08:30"), ("restored_by", "钱某")];
    let page = town.bureau().act(&stay, "convert_back", &restored).unwrap().seen();
    says(&page, &["已转回医保"]);
}
