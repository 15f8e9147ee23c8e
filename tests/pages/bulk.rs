//! Steps that are taken with many entries at once: what fails for one keeps nobody from being done, and nothing has to be ticked
//! twice.

use crate::support::browser::{between, text};
use crate::support::city::City;
use crate::support::driven::Driven;
use crate::support::office::{Answer, Clerk, account};
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L3};
use crate::support::server::Server;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
const LIST: &str = "/office/registers/incident";

struct Town {
    server: Server,
    hospital: Clerk,
    agency: Clerk,
}

fn town() -> Town {
    let server =
        Server::with_plans(City::new("2020", providers::panzhihua(), Vec::new()), NOW, &[plan("panzhihua-2020")]);
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let agency = Clerk::of(&server, POOL, "jingban", "");
    Town { server, hospital, agency }
}

/// Writes down so many incidents by spreadsheet: their numbers, in the order of the list.
#[track_caller]
fn incidents(clerk: &Clerk, count: usize) -> Vec<String> {
    let row = |at: usize| format!("2020-09-12 09:{:02},第{at}号读卡器失灵,赵经办,13900000001\n", at % 60);
    let sheet: String = (0..count).map(row).collect();
    let sheet = format!("发生时间,事件,报告人,联系电话\n{sheet}");
    let done = clerk.upload("/office/registers/incident/import", &[("file", sheet.as_bytes())]);
    assert!(text(&done.text()).contains(&format!("{count} 已登记")), "{}", text(&done.text()));
    let (mut page, mut numbers) = (clerk.get(&format!("{LIST}?rows=500")).text(), Vec::new());
    loop {
        numbers.extend(ticks(&page).into_iter().map(|(number, _)| number));
        match between(&page, "rows=500&amp;after=", "\"").or_else(|| between(&page, "rows=500&#38;after=", "\"")) {
            Some(after) => page = clerk.get(&format!("{LIST}?rows=500&after={after}")).text(),
            None => break,
        }
    }
    if numbers.is_empty() {
        // Who takes no step with many has nothing to tick.
        numbers = page.split("<a href=\"/office/entries/").skip(1).map(|rest| rest[..20].to_owned()).collect();
    }
    assert_eq!(numbers.len(), count);
    numbers
}

/// The entries that can be ticked in the table, and whether they are.
fn ticks(page: &str) -> Vec<(String, bool)> {
    let body = page.split("<tbody>").nth(1).unwrap_or_default();
    let inputs = body.split("<input type=\"checkbox\" name=\"number\" value=\"").skip(1);
    inputs.map(|rest| (rest[..20].to_owned(), rest.split('>').next().unwrap().contains("checked"))).collect()
}

fn ticked(page: &str) -> Vec<String> {
    ticks(page).into_iter().filter(|(_, is_ticked)| *is_ticked).map(|(number, _)| number).collect()
}

fn process(clerk: &Clerk, numbers: &[String], more: &[(&str, &str)]) -> Answer {
    let chosen: Vec<_> = numbers.iter().map(|number| ("number", number.as_str())).collect();
    clerk.post(&format!("{LIST}/bulk"), &[&chosen, [("action", "process")].as_slice(), more].concat())
}

#[test]
fn what_cannot_be_done_for_one_entry_is_said_and_stays_ticked_and_the_others_are_done() {
    let Town { server: _server, hospital, agency } = town();
    let numbers = incidents(&hospital, 4);
    let withdrawn = &numbers[1];
    let withdraw = [("reason", "登记错了")];
    assert_eq!(hospital.post(&format!("/office/entries/{withdrawn}/withdraw"), &withdraw).status, 303);

    // Nothing is done where the step's own field is missing, and every tick stays.
    let refused = process(&agency, &numbers, &[("rows", "100")]);
    assert_eq!(refused.status, 422);
    assert_eq!(ticked(&refused.text()), numbers);
    assert!(refused.text().contains("value=\"100\" selected"), "the page is as long as it was");

    let partly = process(&agency, &numbers, &[("process.result", "已修好")]);
    assert_eq!(partly.status, 422);
    let page = partly.text();
    let said = between(&page, "role=\"alert\"", "</div>").unwrap();
    assert!(said.contains("已办3笔") && said.contains("1笔没有办") && said.contains(withdrawn), "{said}");
    assert_eq!(ticked(&page), std::slice::from_ref(withdrawn));
    assert!(page.contains("value=\"已修好\""), "what was typed stays for the next try");
    for (at, number) in numbers.iter().enumerate() {
        let state = text(&agency.get(&format!("/office/entries/{number}")).text());
        assert!(state.contains(if at == 1 { "已撤回" } else { "已办结" }), "{number}: {state}");
    }
}

#[test]
fn what_was_typed_and_what_was_refused_outlives_a_try_that_fails_as_a_whole() {
    let Town { server: _server, hospital, agency } = town();
    let numbers = incidents(&hospital, 60);
    // A form that names no step keeps what was typed for one.
    let chosen = [("number", numbers[0].as_str()), ("action", ""), ("process.result", "已修好")];
    let page = agency.post(&format!("{LIST}/bulk"), &chosen).text();
    assert!(page.contains("value=\"已修好\"") && ticked(&page) == numbers[..1], "{}", text(&page));
    // What is refused may stand on another page of the list.
    let first = numbers.iter().find(|number| !agency.get(LIST).text().contains(*number)).expect("there are two pages");
    let withdraw = [("reason", "登记错了")];
    assert_eq!(hospital.post(&format!("/office/entries/{first}/withdraw"), &withdraw).status, 303);
    let is_kept = |page: &str| page.contains(&format!("name=\"number\" value=\"{first}\" checked"));
    let refused = process(&agency, std::slice::from_ref(first), &[("process.result", "已修好")]).text();
    assert!(is_kept(&refused) && text(&refused).contains("不在本页、仍勾着的"), "{}", text(&refused));
    let failed = process(&agency, std::slice::from_ref(first), &[]);
    assert!(failed.status == 422 && is_kept(&failed.text()), "{}", text(&failed.text()));
}

#[test]
fn all_that_fit_the_filter_are_chosen_across_pages_and_only_as_many_as_were_seen() {
    let Town { server: _server, hospital, agency } = town();
    let numbers = incidents(&hospital, 61);
    let page = agency.get(&format!("{LIST}?bucket=waiting")).text();
    assert_eq!(ticks(&page).len(), 50, "a page is as long as ever");
    assert!(text(&page).contains("符合条件的 61 笔"), "{}", text(&page));
    let all = |seen: &'static str| {
        process(&agency, &[], &[("all", seen), ("bucket", "waiting"), ("process.result", "已修好")])
    };
    let stale = all("60");
    assert!(stale.status == 422 && text(&stale.text()).contains("现在有61笔，页面上是60笔"), "{}", text(&stale.text()));
    let done = all("61");
    assert_eq!((done.status, done.location.as_str()), (303, "/office/registers/incident?bucket=waiting&done=61"));
    assert!(text(&agency.get(&done.location).text()).contains("已办61笔"));
    let last = text(&agency.get(&format!("/office/entries/{}", numbers[60])).text());
    assert!(last.contains("已办结"), "{last}");
    // What is at no such step is told, not done.
    let none = all("0");
    assert!(none.status == 422 && text(&none.text()).contains("都不在“办结”这一步"), "{}", text(&none.text()));
}

#[test]
fn in_a_browser_one_tick_chooses_the_page_and_a_longer_page_can_be_had() {
    let Town { server, hospital, .. } = town();
    incidents(&hospital, 61);
    let password = account(&server, POOL, "erhao", "");
    let browser = Driven::start(1280, 900);
    browser.open(&format!("{}{LIST}", server.base()));
    browser.write("#login", "erhao");
    browser.write("#password", &password);
    browser.click("main button");
    browser.wait_for("[data-all]");
    let ticked = || browser.script("return document.querySelectorAll('tbody input[name=number]:checked').length");
    browser.click("thead [data-all]");
    assert_eq!(ticked(), 50);
    browser.click("thead [data-all]");
    assert_eq!(ticked(), 0);
    browser.script("document.getElementById('rows').value = '100'");
    browser.click(".filter button");
    browser.wait_for("tbody tr:nth-child(61)");
    browser.click("thead [data-all]");
    assert_eq!(ticked(), 61);
}

/// A register with several steps that share one form.
#[test]
fn enter_takes_the_step_whose_field_has_the_focus_and_nothing_where_none_has() {
    const ENTER: &str = "\u{e007}";
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402").copies(2)]);
    let server = Server::with_plans(city, NOW, &[plan("panzhihua-2020")]);
    let hospital = Clerk::of(&server, POOL, "denji", PZH_L3.code);
    let people = [server.someone("resident"), server.someone("resident")];
    let sheet: String = people
        .iter()
        .enumerate()
        .map(|(at, person)| {
            format!(
                "{},{},13900000001,390,11,2020-09-12 09:3{at},86.50,070{at},CF1,社会保障卡,是,是\n",
                person.name, person.certno
            )
        })
        .collect();
    let heads = "姓名,证件号码,联系电话,险种类型,医疗类别,就诊时间,费用总额,发票号,处方号,验看的卡证,处方发票已注明卡证号,处方发票已注明“停机”并盖章";
    let sheet = format!("{heads}\n{sheet}");
    let done = hospital.upload("/office/registers/cash_visit/import", &[("file", sheet.as_bytes())]);
    assert!(text(&done.text()).contains("2 已登记"), "{}", text(&done.text()));

    let list = "/office/registers/cash_visit";
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let browser = Driven::start(1280, 900);
    browser.open(&format!("{}{list}", server.base()));
    browser.write("#login", "yiyuan");
    browser.write("#password", &password);
    browser.click("main button");
    browser.wait_for("[data-all]");
    let steps = browser.script("return [...document.querySelectorAll('#bulk .step')].length");
    assert!(steps.as_u64() > Some(1), "several steps stand in one form: {steps}");
    browser.click("thead [data-all]");
    // Enter on a tick belongs to no step: nothing is done, and every tick stays.
    browser.script("window.before = true; document.querySelector('tbody input[name=number]').focus()");
    browser.press(ENTER);
    browser.script("document.querySelector('[name=all]').focus()");
    browser.press(ENTER);
    assert_eq!(browser.script("return window.before === true"), true, "the page was sent");
    assert_eq!(browser.script("return document.querySelectorAll('tbody input[name=number]:checked').length"), 2);
    // Without the script the form's first button is taken: it names no step, and the ticks stay.
    let unscripted = "window.addEventListener('keydown', event => event.stopImmediatePropagation(), true); ";
    browser.script(&format!("{unscripted}document.querySelector('tbody input[name=number]').focus()"));
    browser.press(ENTER);
    browser.wait_for("main [role=alert]");
    assert!(browser.text("main [role=alert]").contains("没有选是哪一步"), "{}", browser.text("main [role=alert]"));
    assert_eq!(browser.script("return document.querySelectorAll('tbody input[name=number]:checked').length"), 2);
    // The last step, whose button is not the first.
    let last = "document.querySelector('#bulk .step:last-of-type')";
    let word = browser.script(&format!("{last}.open = true; return {last}.querySelector('[name=action]').value"));
    let word = word.as_str().unwrap().to_owned();
    browser.script(&format!(
        "for (const input of {last}.querySelectorAll('input')) if (!input.value) input.value = '一次一次问过'"
    ));
    browser.script(&format!("[...{last}.querySelectorAll('input')].at(-1).focus()"));
    browser.press(ENTER);
    browser.wait_for("main [role=status]");
    let said = browser.text("main [role=status]");
    assert_eq!(word, "tell_apart");
    assert!(said.contains("已办2笔"), "{said}");
    for number in ticks(&hospital.get(list).text()) {
        let state = text(&hospital.get(&format!("/office/entries/{}", number.0)).text());
        assert!(state.contains("待办"), "{state}");
    }
}
