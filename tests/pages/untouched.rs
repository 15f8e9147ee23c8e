//! What nobody has touched stays as it is, what has not changed is said so, and what is typed is not lost by a click.

use crate::support::browser::text;
use crate::support::counter::{number, town, visit, visit_of_somebody};
use crate::support::driven::Driven;
use crate::support::form::Form;
use crate::support::office::{Clerk, account};
use crate::support::providers::PZH_L3;
use crate::support::server::Server;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
const VISITS: &str = "/office/registers/cash_visit";
const NEW: &str = "/office/registers/cash_visit/new";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

fn clerk(server: &Server) -> Clerk {
    Clerk::of(server, POOL, "yiyuan", PZH_L3.code)
}

/// The form of a correction as the page has it, with some fields typed anew.
fn correct(clerk: &Clerk, entry: &str, typed: &[(&str, &str)]) -> String {
    let page = format!("/office/entries/{entry}");
    let action = format!("{page}/correct");
    let fields = Form::on(&clerk.get(&page).text(), &action).filled(typed);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = clerk.post(&action, &fields);
    assert_eq!(done.status, 303, "{}", text(&done.text()));
    text(&clerk.get(&done.location).text())
}

#[test]
fn a_telephone_that_is_put_right_changes_nothing_else_of_the_visit() {
    let server = town(NOW);
    let (hospital, person) = (clerk(&server), server.someone("resident"));
    // A system that exports its visits to the second.
    let sheet = format!(
        "姓名,证件号码,联系电话,险种类型,医疗类别,就诊时间,费用总额,发票号,处方号,验看的卡证,处方发票已注明卡证号,处方发票已注明“停机”并盖章,已核实为另一次就诊\n\
         {},{},13900000001,390,11,2020-09-12 09:30:25,86.50,0701,CF1,社会保障卡,是,是,是\n",
        person.name, person.certno
    );
    let done = hospital.upload(&format!("{VISITS}/import"), &[("file", sheet.as_bytes())]).text();
    assert!(text(&done).contains("1 已登记"), "{}", text(&done));
    let entry = done.split("<a href=\"/office/entries/").nth(1).unwrap()[..20].to_owned();
    let after = correct(&hospital, &entry, &[("tel", "13900000002")]);
    assert!(after.contains("已办：更正") && after.contains("13900000001 → 13900000002"), "{after}");
    let seen = text(&hospital.get(&format!("/office/entries/{entry}")).text());
    assert!(seen.contains("2020-09-12 09:30:25"), "{seen}");
    assert!(seen.contains("已核实为另一次就诊|是|") && !seen.contains("是 → （空）"), "{seen}");
}

#[test]
fn a_correction_of_nothing_and_a_registration_that_is_there_are_said_to_be_so() {
    let server = town(NOW);
    let (hospital, person) = (clerk(&server), server.someone("resident"));
    let entry = number(&hospital.post(NEW, &visit(&person, "0702")));
    let after = correct(&hospital, &entry, &[]);
    assert!(after.contains("没有改动") && !after.contains("已办：更正"), "{after}");
    let lines = hospital.post(&format!("/office/entries/{entry}/lines"), &[("lines", "")]);
    assert!(text(&hospital.get(&lines.location).text()).contains("没有改动"), "{}", lines.location);

    let told = format!("与{entry}相同，未重复登记");
    let again = hospital.post(NEW, &visit(&person, "0702"));
    assert_eq!(number(&again), entry);
    assert!(text(&hospital.get(&again.location).text()).contains(&told));
    // A series goes on.
    let again = hospital.post(NEW, &[&visit(&person, "0702")[..], &[("another", "1")]].concat());
    let next = hospital.get(&again.location).text();
    assert!(again.location.starts_with(NEW) && text(&next).contains(&told), "{} {}", again.location, text(&next));
}

/// What is looked up of somebody leads elsewhere without taking the form along.
#[test]
fn entries_of_somebody_open_beside_the_form_that_is_being_filled_in() {
    let server = town(NOW);
    let (hospital, person) = (clerk(&server), server.someone("resident"));
    let entry = number(&hospital.post(NEW, &visit(&person, "0703")));
    let page = hospital.post(NEW, &[("lookup", "1"), ("certno", person.certno.as_str())]).text();
    let link = page.split(&format!("<a href=\"/office/entries/{entry}\"")).nth(1).expect("it is named");
    assert!(link.starts_with(" target=\"_blank\" rel=\"noopener\""), "{link}");
    assert!(link.split("</a>").next().unwrap().contains("新标签页"), "who hears the page is told");
}

fn driven(server: &Server, width: u32, height: u32, page: &str) -> Driven {
    let password = account(server, POOL, "kuang", PZH_L3.code);
    let browser = Driven::start(width, height);
    browser.open(&format!("{}{page}", server.base()));
    browser.press(&format!("kuang{TAB}{password}{ENTER}"));
    browser.wait_for("header form");
    browser
}

#[test]
fn a_changed_form_is_not_left_without_asking_and_an_answer_that_does_not_come_is_told() {
    let server = town(NOW);
    let person = server.someone("resident");
    let browser = driven(&server, 1280, 900, NEW);
    let asks = || {
        browser.script(
            "const leaving = new Event('beforeunload', { cancelable: true }); \
             window.dispatchEvent(leaving); return leaving.defaultPrevented",
        )
    };
    assert_eq!(asks(), false);
    // The network is away.
    browser.script("window.fetch = () => Promise.reject(new TypeError('away'))");
    browser.press(&format!("{}{ENTER}", person.certno));
    browser.wait_for("#found .problem");
    assert!(browser.text("#found").contains("网络不通"), "{}", browser.text("#found"));
    let number = browser.script("return document.getElementById('f-certno').value");
    assert_eq!(
        (number, asks()),
        (person.certno.clone().into(), true.into()),
        "what was typed stays, and is asked after"
    );
}

#[test]
fn on_a_telephone_one_tick_chooses_the_page_too() {
    let server = town(NOW);
    let hospital = clerk(&server);
    for invoice in ["0704", "0705"] {
        let person = server.someone("resident");
        let who = [("psn_name", person.name.as_str()), ("certno", &person.certno)];
        number(&hospital.post(NEW, &[&visit_of_somebody(invoice)[..], &who].concat()));
    }
    let browser = driven(&server, 390, 844, VISITS);
    browser.click(".small-only input");
    let ticked = browser.script("return document.querySelectorAll('tbody input[name=number]:checked').length");
    assert_eq!(ticked, 2);
}
