//! What a list shows is what it says and gives away: suggestions are found by the filter for doubles, an export has what was searched
//! for, and an entry says whom to call.

use crate::support::browser::{between, text};
use crate::support::city::City;
use crate::support::counter::{number, town, town_under, visit};
use crate::support::office::{Answer, Clerk};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, BJ_L3, PZH_L3};
use crate::support::server::Server;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
const INCIDENTS: &str = "/office/registers/incident";

fn incident(clerk: &Clerk, subject: &str) -> String {
    let typed = [("begntime", "2020-09-12T09:30"), ("subject", subject), ("reported_by", "赵"), ("tel", "13900000001")];
    number(&clerk.post(&format!("{INCIDENTS}/new"), &typed))
}

#[test]
fn the_filter_for_doubles_finds_what_is_suggested_however_it_is_written() {
    let server = town(NOW);
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let (one, other) = (incident(&hospital, "2号楼 读卡器失灵"), incident(&hospital, "２号楼读卡器失灵。"));
    let alone = incident(&hospital, "停电");
    let page = hospital.get(&format!("{INCIDENTS}?doubles=1")).text();
    assert!(page.contains(&one) && page.contains(&other) && !page.contains(&alone), "{}", text(&page));
    assert!(text(&page).contains("2 符合条件"), "{}", text(&page));
    // The export of the same list has the same rows.
    let sheet = hospital.get(&format!("{INCIDENTS}/export.csv?doubles=1")).text();
    assert!(sheet.contains(&one) && sheet.contains(&other) && !sheet.contains(&alone), "{sheet}");
}

#[test]
fn an_export_has_what_was_searched_for_and_no_name_in_an_address() {
    let server = town(NOW);
    let (hospital, agency) = (Clerk::of(&server, POOL, "yiyuan", PZH_L3.code), Clerk::of(&server, POOL, "jingban", ""));
    let (one, other) = (incident(&hospital, "读卡器失灵"), incident(&hospital, "停电"));
    let page = agency.post(INCIDENTS, &[("text", "读卡器")]).text();
    assert!(page.contains("导出查到的XLSX") && !page.contains("export.xlsx?"), "{}", text(&page));
    let sheet = agency.post(&format!("{INCIDENTS}/export.csv"), &[("text", "读卡器")]).text();
    assert!(sheet.contains(&one) && !sheet.contains(&other), "{sheet}");
    assert!(agency.post(&format!("{INCIDENTS}/export.xlsx"), &[("text", "读卡器")]).bytes.starts_with(b"PK"));
    assert!(!server.log().contains("读卡器") && !server.log().contains("%E8%AF%BB"));
    let all = agency.get(&format!("{INCIDENTS}/export.csv")).text();
    assert!(all.contains(&one) && all.contains(&other));
}

#[test]
fn a_question_may_name_its_person_by_the_document_and_is_found_by_it() {
    let server = town(NOW);
    let person = server.someone("resident");
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let new = "/office/registers/escalation/new";
    assert!(hospital.get(new).text().contains("data-looks-up"), "a number tells who it is");
    let typed = [
        ("begntime", "2020-09-12T09:30"),
        ("subject", "发票丢失"),
        ("asked_by", "患者"),
        ("tel", "13900000001"),
        ("certno", person.certno.as_str()),
        ("psn_name", &person.name),
    ];
    let entry = number(&hospital.post(new, &typed));
    let seen = text(&hospital.get(&format!("/office/entries/{entry}")).text());
    assert!(seen.contains(&person.psn_no), "{seen}");
}

#[test]
fn a_number_that_a_spreadsheet_has_shortened_is_refused_and_one_that_may_be_so_is_told() {
    let server = town(NOW);
    let (person, next) = (server.someone("resident"), server.someone("resident"));
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let new = "/office/registers/cash_visit/new";
    let refused = hospital.post(new, &visit(&person, "1.23E+17"));
    assert!(refused.status == 422 && text(&refused.text()).contains("科学计数法"), "{}", text(&refused.text()));
    let entry = number(&hospital.post(new, &visit(&person, "5E17")));
    let seen = text(&hospital.get(&format!("/office/entries/{entry}")).text());
    assert!(seen.contains("“发票号”“5E17”像是表格软件缩写的长号码"), "{seen}");
    let entry = number(&hospital.post(new, &visit(&next, "00E17")));
    assert!(!text(&hospital.get(&format!("/office/entries/{entry}")).text()).contains("像是表格软件"));
}

#[test]
fn what_no_plan_stops_is_refused_by_its_chinese_name() {
    let server = town_under(NOW, &[]);
    let person = server.someone("resident");
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let refused = text(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "0701")).text());
    assert!(refused.contains("没有停办“普通门诊结算”") && !refused.contains("settlement"), "{refused}");
}

#[test]
fn papers_are_taken_by_every_channel_that_the_form_offers() {
    let server = town(NOW);
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let new = "/office/registers/papers/new";
    let page = agency.get(new).text();
    let select = between(&page, "name=\"channel\"", "</select>").unwrap();
    let offered: Vec<&str> =
        select.split("<option value=\"").skip(2).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(offered.contains(&"网上服务大厅"), "{offered:?}");
    for channel in offered {
        let person = server.someone("resident");
        let typed = [
            ("psn_name", person.name.as_str()),
            ("certno", &person.certno),
            ("tel", "13900000001"),
            ("business", "enrolment.new"),
            ("begntime", "2020-09-12T09:30"),
            ("papers", "申请表"),
            ("channel", channel),
        ];
        let done = agency.post(new, &typed);
        let said = text(&done.text());
        assert!(!said.contains("不是渠道的名称"), "{channel}: {said}");
    }
}

#[test]
fn an_entry_says_the_office_of_where_its_person_is_insured_with_the_scheme_of_each_number() {
    let mut cadre = Profile::employee("cadre", "520502").copies(2);
    cadre.insurances[0].insutype = "340";
    let profiles = vec![Profile::resident("resident", "520502").copies(4), cadre];
    let city = City::new("2021", providers::bijie(), profiles);
    let server = Server::with_plans(city, "2021-07-12T10:00:00", &[plan("bijie-2021")]);
    let (hospital, agency) =
        (Clerk::of(&server, "520500", "yiyuan", BJ_L3.code), Clerk::of(&server, "520500", "jingban", ""));
    let person = server.someone("resident");
    let who = [("psn_name", person.name.as_str()), ("certno", &person.certno), ("tel", "13900000001")];
    let asked = |clerk: &Clerk, done: &Answer| {
        let page = clerk.get(&format!("/office/entries/{}", number(done))).text();
        let asked = between(&text(&page), "咨询电话", "打印").unwrap_or_default().to_owned();
        (asked, text(&page))
    };
    let business =
        [("business", "reimbursement"), ("begntime", "2021-07-12T09:30"), ("papers", "申请表"), ("slip", "SL1")];
    let care = [("care_provider", BJ_L3.code), ("care_begntime", "2021-07-11T09:30"), ("medfee_sumamt", "100")];
    let lists =
        [("invono", "0701"), ("fee_list", "是"), ("prescription", "是"), ("id_card_copy", "是"), ("card_copy", "是")];
    let typed = [who.as_slice(), &business, &care, &lists].concat();
    let papers = agency.post("/office/registers/papers/new", &typed);
    let (numbers, page) = asked(&agency, &papers);
    assert!(numbers.contains("七星关区医疗保障局 0857-8231589（居民医保）"), "{page}");
    // Whom nobody knows, and who was treated in another city, has a number to call as well.
    let nobody = [("psn_name", "李某"), ("certno", "520502199001010018"), ("tel", "13900000002")];
    let elsewhere = [("care_provider", PZH_L3.code), ("care_begntime", "2021-07-11T09:30"), ("medfee_sumamt", "100")];
    let typed = [nobody.as_slice(), &business, &elsewhere, &lists[1..], &[("invono", "0702")]].concat();
    let (numbers, page) = asked(&agency, &agency.post("/office/registers/papers/new", &typed));
    assert!(numbers.contains("毕节市医疗保障局 0857-8296182（职工医保）"), "{page}");
    // The notice has no number for the scheme of retired cadres: the office is called all the same.
    let cadre = server.someone("cadre");
    let cadre = [("psn_name", cadre.name.as_str()), ("certno", &cadre.certno), ("tel", "13900000003")];
    let typed = [cadre.as_slice(), &business, &care, &lists[1..], &[("invono", "0703")]].concat();
    let (numbers, page) = asked(&agency, &agency.post("/office/registers/papers/new", &typed));
    assert!(numbers.contains("七星关区医疗保障局 0857-8947068（职工医保）"), "{page}");
    // An incident is of no scheme: each number says which one it is for.
    let typed = [("begntime", "2021-07-12T09:30"), ("subject", "停电"), ("reported_by", "赵"), ("tel", "13900000001")];
    let incident = hospital.post("/office/registers/incident/new", &typed);
    let (numbers, page) = asked(&hospital, &incident);
    assert!(numbers.contains("（职工医保）") && numbers.contains("（居民医保）"), "{page}");
}

#[test]
fn what_is_only_noted_has_no_deadline() {
    let server = town(NOW);
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let person = server.someone("resident");
    let mut typed = visit(&person, "0702");
    typed.retain(|(name, _)| !["psn_name", "certno"].contains(name));
    typed.extend([("psn_name", "李某"), ("certno", "520502199001010018"), ("insuplc_admdvs", "520500")]);
    let entry = number(&hospital.post("/office/registers/cash_visit/new", &typed));
    for page in [format!("/office/entries/{entry}"), format!("/office/entries/{entry}/slip")] {
        let seen = text(&hospital.get(&page).text());
        assert!(seen.contains("不在补录范围") && !seen.contains("期限"), "{page}: {seen}");
    }
}
