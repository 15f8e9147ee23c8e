//! Clerks at the office pages: a hospital and the agency of Panzhihua in the middle of the stop of 2020.

use crate::support::browser::{between, picture, text, widths};
use crate::support::catalogue::{Bill, SINGLE_PAYMENT};
use crate::support::city::City;
use crate::support::counter::{self, number, visit};
use crate::support::office::Clerk;
use crate::support::people::Profile;
use crate::support::pharmacy::{Purchase, buy};
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L2, PZH_L3, PZH_PHARMACY};
use crate::support::server::Server;
use crate::support::vocabulary::{CANCER, Used};

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";

struct Town {
    server: Server,
    hospital: Clerk,
    agency: Clerk,
}

fn town() -> Town {
    let server = counter::town(NOW);
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let agency = Clerk::of(&server, POOL, "jingban", "");
    Town { server, hospital, agency }
}

/// What a page warns of.
fn alert(page: &str) -> String {
    page.split("role=\"alert\"").skip(1).map(|part| part.split("</div>").next().unwrap()).collect()
}

#[test]
fn whose_order_is_to_be_corrected_is_listed_page_by_page() {
    let late = Profile::employee("late", "510402").balance("0.00").disease_from(CANCER, "2020-08-01");
    let people = vec![late.used(Used::DrugSubCap, "145000.00").copies(51)];
    let city = City::new("2020", providers::panzhihua(), people);
    let server = Server::with_plans(city, "2020-09-25T10:00:00", &[plan("panzhihua-2020")]);
    let pharmacy = server.client(&PZH_PHARMACY);
    for _ in 0..51 {
        let person = server.someone("late");
        for day in ["2020-09-21", "2020-09-12"] {
            let drug = Purchase::on(day, Bill::of(&SINGLE_PAYMENT, "9600.00")).kind("18").account("0");
            buy(&pharmacy, &person, &drug).unwrap();
        }
    }
    let agency = Clerk::of(&server, POOL, "jingban", "");
    let page = |address: &str| agency.get(address).text();
    let listed = |page: &str| page.matches("name=\"psn_no\"").count();
    let first = page("/office/backfill");
    assert!(text(&first).contains("共 51 人") && text(&first).contains("其中 50 人"), "{}", text(&first));
    let next = between(&first, "person_after=", "\"").unwrap_or_else(|| panic!("{first}"));
    let second = page(&format!("/office/backfill?lists=1&person_after={next}"));
    assert_eq!((listed(&first), listed(&second)), (50, 1));
    assert!(!second.contains("person_after=") && second.contains("从头看"), "{}", text(&second));
}

#[test]
fn a_form_that_is_sent_twice_is_answered_the_same_and_counts_once() {
    let Town { server, hospital, .. } = town();
    let person = server.someone("resident");
    let form = "/office/registers/cash_visit/new";
    let submission = between(&hospital.get(form).text(), "name=\"submission\" value=\"", "\"").unwrap().to_owned();
    let sent = |invoice| {
        let mut typed = visit(&person, invoice);
        typed.push(("submission", &submission));
        hospital.post(form, &typed)
    };
    let first = sent("00701");
    let number = number(&first);
    let again = sent("00701");
    assert_eq!((again.status, &again.location), (first.status, &first.location));
    let other = sent("00702");
    assert_eq!(other.status, 422);
    let said = alert(&other.text());
    assert!(said.contains(&number) && said.contains("刷新页面"), "{said}");
    // What was typed stands there, under a form of its own.
    let page = other.text();
    assert!(page.contains("00702") && !page.contains(&submission));
    let listed = hospital.get("/office/registers/cash_visit").text();
    assert_eq!(listed.matches("TJ510400").count(), listed.matches(&number).count());
}

#[test]
fn p09_a_cash_visit_is_written_down_whole_found_again_taken_away_and_counted() {
    let Town { server, hospital, agency } = town();
    let person = server.someone("resident");
    let without_stamp: Vec<_> =
        visit(&person, "00711").into_iter().filter(|(name, _)| *name != "halted_stamp" && *name != "tel").collect();
    let refused = hospital.post("/office/registers/cash_visit/new", &without_stamp);
    assert_eq!(refused.status, 422);
    let page = refused.text();
    assert!(alert(&page).contains("联系电话") && alert(&page).contains("停机"), "{}", alert(&page));
    assert!(page.contains("value=\"00711\""), "what was typed stays");

    let number = number(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "00711")));
    let again = hospital.post("/office/registers/cash_visit/new", &visit(&person, "00711"));
    assert_eq!(
        again.location,
        format!("/office/entries/{number}?done=same"),
        "the same statement makes no second entry"
    );

    let entry = text(&hospital.get(&format!("/office/entries/{number}")).text());
    for part in [&*person.certno, "390 城乡居民基本医疗保险", "86.50元", "期限", "2020-10-"] {
        assert!(entry.contains(part), "{part}\n{entry}");
    }
    let found = hospital.post("/office/registers/cash_visit", &[("text", &person.name)]);
    assert!(found.text().contains(&number));
    let sheet = hospital.get("/office/registers/cash_visit/export.csv").text();
    assert!(sheet.starts_with('\u{feff}') && sheet.contains(&number) && sheet.contains("00711"), "{sheet}");
    assert!(hospital.get("/office/registers/cash_visit/export.xlsx").bytes.starts_with(b"PK"));

    let list = agency.get("/office/registers/cash_visit").text();
    assert!(list.contains(&number) && !list.contains(&person.name), "the agency's list masks names");
    let board = text(&agency.get("/office/board").text());
    let row = board.lines().find(|line| line.starts_with("现金就诊|")).expect("a row of the register");
    assert!(row.starts_with("现金就诊|1|0|0|0|0|1|"), "{row}");
    assert!(text(&agency.get("/").text()).contains("现金就诊|1|0|1|0|"), "the public board has the sizes");
    assert!(!server.log().contains(&person.certno) && !server.log().contains(&person.name));
}

#[test]
fn a_provider_sees_its_own_entries_only_and_forms_come_from_our_pages_only() {
    let Town { server, hospital, .. } = town();
    let person = server.someone("resident");
    let number = number(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "00712")));
    let other = Clerk::of(&server, POOL, "erji", PZH_L2.code);
    let entry = format!("/office/entries/{number}");
    assert_eq!(other.get(&entry).status, 404);
    assert_eq!(other.get("/office/entries/TJ510400-2020-999999").status, 404, "the same as what does not exist");
    assert_eq!(other.get(&format!("{entry}/slip")).status, 404);
    assert_eq!(other.get("/office/plans").status, 404);
    let withdraw = format!("{entry}/withdraw");
    assert!(other.post(&withdraw, &[("reason", "不是我的")]).status >= 400);
    let reason = [("reason", "患者要求")];
    assert_eq!(hospital.post_raw(&withdraw, &reason, &[]).status, 403, "without the token");
    let stolen = [("token", hospital.token.as_str()), ("reason", "患者要求")];
    assert_eq!(hospital.post_raw(&withdraw, &stolen, &[("sec-fetch-site", "cross-site")]).status, 403);
    assert_eq!(hospital.post_raw(&withdraw, &stolen, &[("origin", "http://elsewhere")]).status, 403);
    assert!(hospital.get(&entry).text().contains("待办"), "nothing of that has changed anything");

    assert_eq!(hospital.post("/office/sign-out", &[]).location, "/office/sign-in");
    assert_eq!(hospital.get("/office").location, "/office/sign-in");
}

#[test]
fn a_step_without_its_reason_is_refused_at_its_form_and_the_sum_closes_after_it() {
    let Town { server, hospital, agency } = town();
    let person = server.someone("resident");
    let number = number(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "00713")));
    let withdraw = format!("/office/entries/{number}/withdraw");
    let refused = hospital.post(&withdraw, &[]);
    assert!(refused.status == 422 && alert(&refused.text()).contains("撤回原因"), "{}", alert(&refused.text()));
    let done = hospital.post(&withdraw, &[("reason", "患者自愿自费")]);
    assert_eq!(done.location, format!("/office/entries/{number}?done=withdraw"));
    let page = text(&hospital.get(&done.location).text());
    assert!(page.contains("已办：撤回") && page.contains("患者自愿自费"), "{page}");
    let board = text(&agency.get("/office/board").text());
    let row = board.lines().find(|line| line.starts_with("现金就诊|")).expect("a row of the register");
    assert!(row.starts_with("现金就诊|1|0|0|0|1|0|"), "{row}");
}

#[test]
fn a_refused_backfill_comes_back_to_the_entry_with_the_reason() {
    let Town { server, hospital, .. } = town();
    let person = server.someone("resident");
    let number = number(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "00715")));
    let refused = hospital.post(&format!("/office/entries/{number}/backfill"), &[]);
    let page = refused.text();
    assert_eq!(refused.status, 422);
    assert!(!alert(&page).is_empty() && text(&page).contains(&number) && text(&page).contains("台账内容"), "{page}");
}

#[test]
fn what_is_refused_is_answered_as_refused_on_every_page() {
    let Town { server: _server, hospital, agency, .. } = town();
    let start = agency.post("/office/backfill", &[("plan", "nobodys-plan")]);
    assert!(start.status == 422 && alert(&start.text()).contains("没有这个停机方案"), "{}", start.status);
    let none = hospital.post("/office/registers/cash_visit/bulk", &[("action", "withdraw")]);
    assert!(none.status == 422 && alert(&none.text()).contains("请勾选"), "{}", none.status);
}

#[test]
fn an_office_s_own_spreadsheet_is_taken_row_by_row_and_a_second_time_makes_nothing_new() {
    let Town { server, hospital, .. } = town();
    let (one, other) = (server.someone("resident"), server.someone("resident"));
    let sheet = format!(
        "攀枝花市停机期间现金就诊登记表,,,,,,,,,,,,,\n\
         序号,患者姓名,身份证号,电话,险种,就医类别,就诊日期,总费用(元),发票号码,处方编号,卡证,注明卡证号,停机章,单据号\n\
         1,{},{},１３９００００００１１,城乡居民基本医疗保险,11,2020/9/12 9:30,\"¥1,086.50\",0801,C1,社会保障卡,√,√,M1\n\
         2,{},{},139,390,11,2020年9月12日 9:40,86.50,0802,C2,社会保障卡,√,√,M2\n\
         3,,{},13900000011,390,11,2020年9月12日 9:40,86.50,0803,C3,社会保障卡,√,√,M3\n\
         合计,,,,,,,1259.50,,,,,,\n",
        one.name, one.certno, other.name, other.certno, other.certno
    );
    let fees = "单据号,费用明细流水号,费用发生时间,医保编码,院内编码,数量,单价,金额\n\
                M1,1,2020-09-12 09:30,XA02BCA012A001010100001,YP001,1,1086.50,1086.50\n";
    let files = [("file", sheet.as_bytes()), ("lines", fees.as_bytes())];
    let page = hospital.upload("/office/registers/cash_visit/import", &files).text();
    let seen = text(&page);
    assert!(seen.contains("1 已登记") && seen.contains("2 拒绝") && seen.contains("1 未导入"), "{seen}");
    assert!(seen.contains("第4行") && seen.contains("“联系电话”“139”不是电话号码"), "{seen}");
    assert!(seen.contains("第5行") && seen.contains("“姓名”必填"), "{seen}");
    let number = between(&page, "已登记 TJ", "<").map(|rest| format!("TJ{}", rest.trim())).expect("a number");
    let entry = text(&hospital.get(&format!("/office/entries/{}", &number[..20])).text());
    assert!(entry.contains("1086.50元") && entry.contains("XA02BCA012A001010100001"), "{entry}");
    let result = between(&page, "href=\"/office/results/", "\"").expect("the result can be taken away");
    assert!(hospital.get(&format!("/office/results/{result}")).bytes.starts_with(b"PK"));

    let again = text(&hospital.upload("/office/registers/cash_visit/import", &files).text());
    assert!(again.contains("1 相同") && !again.contains("已登记 TJ"), "{again}");
}

#[test]
fn the_agency_publishes_a_plan_with_findings_by_line_and_declares_a_stop() {
    let Town { server: _server, hospital, agency } = town();
    let wrong = agency.upload("/office/plans", &[("file", b"[plan]\nid = \"x\"\n")]);
    assert!(wrong.status == 422 && alert(&wrong.text()).contains("第1行"), "{}", alert(&wrong.text()));
    let stop = [
        ("closes", "2020-09-12T09:50"),
        ("title", "攀枝花市系统故障"),
        ("issuer", "攀枝花市医疗保障局"),
        ("telephone", "0812-3333333"),
    ];
    assert_eq!(hospital.post("/office/plans/stop", &stop).status, 404, "a provider declares nothing");
    let declared = agency.post("/office/plans/stop", &stop);
    assert_eq!(declared.status, 303, "{}", alert(&declared.text()));
    let plans = text(&agency.get("/office/plans").text());
    assert!(plans.contains("stop-20200912-0950") && plans.contains("系统恢复"), "{plans}");
    let event = [("plan", "stop-20200912-0950"), ("event", "restored"), ("at", "2020-09-12T10:00")];
    // A form from before a sign-in, or with something wrong in it, comes back as it was typed.
    let earlier = format!("earlier.{}", agency.token.split_once('.').expect("a token names its user").1);
    let old = [
        ("token", earlier.as_str()),
        ("plan", "stop-20200912-0950"),
        ("event", "restored"),
        ("at", "2020-09-12T09:41"),
    ];
    let again = agency.post_raw("/office/plans/events", &old, &[]);
    assert!(again.status == 422 && again.text().contains("value=\"2020-09-12T09:41\""), "{}", again.status);
    let stop =
        [("token", earlier.as_str()), ("closes", "2020-09-12T09:30"), ("title", "再停"), ("telephone", "0812-1234567")];
    let again = agency.post_raw("/office/plans/stop", &stop, &[]);
    for typed in ["value=\"再停\"", "value=\"0812-1234567\"", "value=\"2020-09-12T09:30\""] {
        assert!(again.status == 422 && again.text().contains(typed), "{typed}");
    }
    assert_eq!(agency.post("/office/plans/events", &event).status, 303);
    assert!(text(&agency.get("/office/plans").text()).contains("由赵经办(jingban)登记"));
    let wrong: Vec<_> = event.into_iter().chain([("reason", "")]).collect();
    assert!(alert(&agency.post("/office/plans/events", &wrong).text()).contains("更正原因"));
    let (mut right, mut later) = (wrong.clone(), wrong.clone());
    (right[2].1, right[3].1) = ("2020-09-12T09:58", "看错钟");
    assert_eq!(agency.post("/office/plans/events", &right).status, 303);
    assert!(text(&agency.get("/office/plans").text()).contains("2020-09-12 09:58，由赵经办(jingban)(更正:看错钟)登记"));
    (later[2].1, later[3].1) = ("2020-09-12T18:00", "预计");
    assert!(alert(&agency.post("/office/plans/events", &later).text()).contains("晚于现在"));

    let one = text(&agency.get("/office/board?plan=panzhihua-2020").text());
    assert!(one.matches("公告张贴：").count() == 1, "{one}");
    // Both plans are shown; of the stop nobody has to post a notice, so nothing is said of it.
    let both = agency.get("/office/board").text();
    assert_eq!((both.matches("<h2>").count(), text(&both).matches("公告张贴：").count()), (2, 1));
}

/// `YIBAO_PICTURES=folder` keeps the pictures for a look.
#[test]
fn no_office_page_is_wider_than_its_screen() {
    let Town { server, hospital, agency } = town();
    let person = server.someone("resident");
    let number = number(&hospital.post("/office/registers/cash_visit/new", &visit(&person, "00714")));
    let (entry, slip) = (format!("/office/entries/{number}"), format!("/office/entries/{number}/slip"));
    let pages = [
        ("sign-in", &hospital, "/office/sign-in"),
        ("home", &hospital, "/office"),
        ("list", &hospital, "/office/registers/cash_visit"),
        ("new", &hospital, "/office/registers/cash_visit/new"),
        ("import", &hospital, "/office/registers/cash_visit/import"),
        ("entry", &hospital, entry.as_str()),
        ("slip", &hospital, slip.as_str()),
        ("calls", &hospital, "/office/calls"),
        ("backfill", &agency, "/office/backfill"),
        ("board", &agency, "/office/board"),
        ("plans", &agency, "/office/plans"),
    ];
    let whole: Vec<String> = pages.iter().map(|(_, clerk, path)| clerk.whole(path)).collect();
    for ((name, _, _), measured) in pages.iter().zip(widths(&whole, &[1280, 390])) {
        assert!(measured[0] <= 1280, "{name} is {} wide on a screen", measured[0]);
        assert!(measured[1] <= 390, "{name} is {} wide on a telephone", measured[1]);
    }
    let Some(folder) = std::env::var_os("YIBAO_PICTURES").map(std::path::PathBuf::from) else { return };
    for ((name, _, _), page) in pages.iter().zip(&whole) {
        for width in [1280, 390] {
            std::fs::write(folder.join(format!("office-{name}-{width}.png")), picture(page, width, 2000)).unwrap();
        }
    }
}
