//! What a clerk need not type: who somebody is, by the number of the card; what is known of a stay; who did something, and when.

use crate::support::browser::{between, text};
use crate::support::catalogue::{A, Bill};
use crate::support::city::City;
use crate::support::counter::{town, visit_of_somebody};
use crate::support::driven::Driven;
use crate::support::form::Form;
use crate::support::inpatient::{self, Stay};
use crate::support::office::{Clerk, account};
use crate::support::people::{Person, Profile};
use crate::support::program::plan;
use crate::support::providers::{self, PZH_L2, PZH_L3};
use crate::support::server::Server;

const POOL: &str = "510400";
const NOW: &str = "2020-09-12T10:00:00";
const NEW: &str = "/office/registers/cash_visit/new";
/// The stroke by which a card reader ends a number.
const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";

fn filled(page: &str, action: &str) -> impl Fn(&str) -> String + use<> {
    let fields = Form::on(page, action).filled(&[]);
    move |name| fields.iter().find(|(known, _)| known == name).map_or(String::new(), |(_, value)| value.clone())
}

#[test]
fn without_a_script_a_button_fills_in_who_it_is_and_keeps_what_was_typed() {
    let server = town(NOW);
    let person = server.someone("resident");
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let spaced = format!("{} {}", &person.certno[..6], person.certno[6..].to_lowercase());
    let asked = [("lookup", "1"), ("certno", spaced.as_str()), ("medfee_sumamt", "12,50"), ("psn_name", "别的人")];
    let answer = hospital.post(NEW, &asked);
    assert_eq!(answer.status, 200);
    let of = filled(&answer.text(), NEW);
    assert_eq!(
        (of("psn_name"), of("psn_no"), of("insutype")),
        ("别的人".into(), person.psn_no.clone(), "390".into()),
        "a typed name stays, and whether it fits is told"
    );
    let warned = format!("所填的姓名“别的人”与号码登记的“{}”不一致", person.name);
    assert!(text(&answer.text()).contains(&warned), "{}", text(&answer.text()));
    assert_eq!(of("medfee_sumamt"), "12,50", "what else was typed stays");
    assert!(text(&answer.text()).contains("390 城乡居民基本医疗保险"), "{}", text(&answer.text()));
    assert!(!hospital.get("/office/registers/cash_visit").text().contains("TJ510400"), "nothing is registered");

    let told = |certno: &str| text(&hospital.post(NEW, &[("lookup", "1"), ("certno", certno)]).text());
    assert!(told("").contains("请先填证件号码"));
    let wrong = format!("{}{}", &person.certno[..17], if person.certno.ends_with('1') { "2" } else { "1" });
    assert!(told(&wrong).contains("校验码"), "{}", told(&wrong));
    assert!(!server.log().contains(&person.certno) && !server.log().contains(&person.name));
    // Who is not signed in asks nobody.
    hospital.post("/office/sign-out", &[]);
    assert!(!hospital.post(NEW, &asked).text().contains(&person.name));
}

#[test]
fn what_is_registered_of_somebody_is_shown_beside_the_form_and_no_other_provider_s() {
    let server = town(NOW);
    let person = server.someone("resident");
    let (hospital, other) =
        (Clerk::of(&server, POOL, "yiyuan", PZH_L3.code), Clerk::of(&server, POOL, "erji", PZH_L2.code));
    let mut typed = visit_of_somebody("0701");
    typed.extend([("psn_name", person.name.as_str()), ("certno", &person.certno)]);
    let done = hospital.post(NEW, &typed);
    let number = between(&done.location, "/office/entries/", "?").unwrap_or_else(|| panic!("{}", text(&done.text())));
    let asked = [("lookup", "1"), ("certno", person.certno.as_str())];
    let page = hospital.post(NEW, &asked).text();
    assert!(page.contains(&format!("<a href=\"/office/entries/{number}\"")), "{}", text(&page));
    assert!(text(&page).contains("现金就诊 2020-09-12 09:30，86.50元，待办"), "{}", text(&page));
    assert!(!other.post(NEW, &asked).text().contains(number));
}

#[test]
fn a_card_reader_s_stroke_of_enter_fills_in_the_form_and_sends_nothing() {
    let server = town(NOW);
    let person = server.someone("resident");
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let browser = signed_in(&server, &password, NEW);
    let value = |id: &str| browser.script(&format!("return document.getElementById('{id}').value"));
    assert_eq!(browser.focus(), "f-certno", "the first field has the focus");
    browser.press(&format!("{}{ENTER}", person.certno));
    browser.wait_for("#found strong");
    assert_eq!(value("f-psn_name"), person.name);
    assert_eq!(value("f-psn_no"), person.psn_no);
    assert_eq!(value("f-insutype"), "390");
    assert!(browser.address().ends_with(NEW), "{}", browser.address());
    // One goes on where something is missing; Enter there goes to the next field, and the button alone sends the form.
    assert_eq!(browser.focus(), "f-med_type");
    browser.press(&format!("11{TAB}"));
    browser.script("document.getElementById('f-medfee_sumamt').focus()");
    browser.press(&format!("86.50{ENTER}"));
    assert_eq!(browser.focus(), "f-diag_code");
    browser.script("document.querySelector('[data-main]').focus()");
    browser.press(ENTER);
    browser.wait_for("[role=alert] li");
    assert_eq!(
        browser.script("return document.activeElement.getAttribute('role')"),
        "alert",
        "the refusal is read first"
    );
    assert_eq!(value("f-psn_name"), person.name);
    // The first link of the summary leads into its field.
    browser.press(TAB);
    browser.press(ENTER);
    let focus = browser.focus();
    assert!(focus.starts_with("f-"), "{focus}");
}

fn signed_in(server: &Server, password: &str, page: &str) -> Driven {
    let browser = Driven::start(1280, 900);
    browser.open(&format!("{}{page}", server.base()));
    assert_eq!(browser.focus(), "login");
    browser.press(&format!("yiyuan{TAB}{password}{ENTER}"));
    browser.wait_for("header form");
    browser
}

#[test]
fn after_one_is_written_down_another_can_be_at_once() {
    let server = town(NOW);
    let (one, next) = (server.someone("resident"), server.someone("resident"));
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let write = |person: &Person, invoice: &'static str, how: &[(&'static str, &'static str)]| {
        let mut typed = visit_of_somebody(invoice);
        typed.extend([("psn_no", person.psn_no.as_str()), ("psn_name", &person.name)]);
        hospital.post(NEW, &[typed.as_slice(), how].concat())
    };
    let done = write(&one, "0711", &[("another", "1")]);
    assert_eq!(done.status, 303, "{}", text(&done.text()));
    let number = done.location.strip_prefix(&format!("{NEW}?before=")).unwrap_or_else(|| panic!("{}", done.location));
    let page = hospital.get(&done.location).text();
    assert!(text(&page).contains("已登记") && page.contains(&format!("href=\"/office/entries/{number}\"")));
    assert_eq!(filled(&page, NEW)("psn_name"), "", "the next one begins empty");
    let done = write(&next, "0712", &[]);
    let entry = hospital.get(&done.location).text();
    assert!(entry.contains(&format!("<a href=\"{NEW}\">再登记一笔</a>")), "{}", text(&entry));
}

#[test]
fn a_discharge_begins_with_the_stay_and_what_is_known_of_it() {
    let mut server = town("2020-09-08T09:00:00");
    let person = server.someone("resident");
    let stay = Stay::from("2020-09-08", "2020-09-12", Bill::of(&A, "3000.00"));
    let mdtrt_id = inpatient::admit(&server.client(&PZH_L3), &person, &stay).unwrap();
    server.restart_at("2020-09-12T16:00:00");
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let list = hospital.get("/office/stays").text();
    assert!(text(&list).contains(&person.name) && text(&list).contains("1 人在院"), "{}", text(&list));
    let address = between(&list, "<a class=\"button quiet\" href=\"", "\">办出院").unwrap().replace("&amp;", "&");
    let page = hospital.get(&address).text();
    let action = "/office/registers/deferred_discharge/new";
    let of = filled(&page, action);
    assert_eq!(
        (of("mdtrt_id"), of("psn_no"), of("psn_name")),
        (mdtrt_id.clone(), person.psn_no.clone(), person.name.clone())
    );
    assert!(
        of("begntime").starts_with("2020-09-08T") && !of("diag_code").is_empty(),
        "{} {}",
        of("begntime"),
        of("diag_code")
    );
    let own = [("endtime", "2020-09-12T15:30"), ("tel", "13900000001"), ("fees_kept", "是"), ("choice", "恢复后结算")];
    let own = [own.as_slice(), &[("identity_checked", "是"), ("injury", "否")]].concat();
    let typed = Form::on(&page, action).filled(&own);
    let typed: Vec<_> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = hospital.post_raw(action, &typed, &[]);
    assert_eq!(done.status, 303, "{}", text(&done.text()));
    let list = hospital.get("/office/stays").text();
    assert!(!list.contains("办出院</a>") && text(&list).contains("暂缓结算出院：待办"), "{}", text(&list));

    let other = Clerk::of(&server, POOL, "erji", PZH_L2.code);
    assert_eq!(other.get(&address).status, 404, "another hospital's stay is not told");
    assert!(!other.get("/office/stays").text().contains(&person.name));
    assert!(!Clerk::of(&server, POOL, "jingban", "").get("/office/stays").text().contains(&person.name), "masked");
}

#[test]
fn who_did_something_and_when_is_proposed_and_who_received_money_is_not() {
    let server = town(NOW);
    let person = server.someone("resident");
    let (hospital, agency) = (Clerk::of(&server, POOL, "yiyuan", PZH_L3.code), Clerk::of(&server, POOL, "jingban", ""));
    let escalation =
        filled(&hospital.get("/office/registers/escalation/new").text(), "/office/registers/escalation/new");
    assert_eq!((escalation("asked_by"), escalation("begntime")), ("赵经办".to_owned(), "2020-09-12T10:00".to_owned()));
    let incident = filled(&hospital.get("/office/registers/incident/new").text(), "/office/registers/incident/new");
    assert_eq!((incident("reported_by"), incident("begntime")), ("赵经办".to_owned(), "2020-09-12T10:00".to_owned()));
    let typed = [("psn_name", person.name.as_str()), ("subject", "发票丢失"), ("tel", "13900000001")];
    let own = [("asked_by", "患者"), ("begntime", "2020-09-12T09:00")];
    let done = hospital.post("/office/registers/escalation/new", &[typed.as_slice(), &own].concat());
    let number = between(&done.location, "/office/entries/", "?").unwrap_or_else(|| panic!("{}", text(&done.text())));
    let decide = format!("/office/entries/{number}/decide");
    let of = filled(&agency.get(&format!("/office/entries/{number}")).text(), &decide);
    assert_eq!(
        (of("decided_by"), of("decided_at"), of("reason")),
        ("赵经办".into(), "2020-09-12T10:00".into(), String::new())
    );
}

/// A resident, somebody with two insurances, and somebody who is insured no more.
fn three() -> Server {
    let profiles = vec![
        Profile::resident("resident", "510402").copies(2),
        Profile::employee("both", "510402").also("390").copies(2),
        Profile::resident("gone", "510402").insured("2016-01-01", "2019-12-31", "").copies(2),
    ];
    Server::with_plans(City::new("2020", providers::panzhihua(), profiles), NOW, &[plan("panzhihua-2020")])
}

#[test]
fn who_comes_next_has_nothing_of_whoever_was_there_before() {
    let server = three();
    let before = server.someone("resident");
    let hospital = Clerk::of(&server, POOL, "yiyuan", PZH_L3.code);
    let of_before = [("psn_name", before.name.as_str()), ("psn_no", &before.psn_no), ("insutype", "390")];
    let looked_up = |lookup: &'static str, fields: &[(&str, &str)]| {
        let page = hospital.post(NEW, &[&[("lookup", lookup)], fields, of_before.as_slice()].concat()).text();
        (filled(&page, NEW), text(&page))
    };
    for key in ["both", "gone"] {
        let person = server.someone(key);
        let (of, page) = looked_up("certno", &[("certno", &person.certno)]);
        assert_eq!((of("psn_name"), of("psn_no")), (person.name.clone(), person.psn_no.clone()), "{page}");
        assert_eq!(of("insutype"), "", "{key}: the insurance is chosen anew: {page}");
    }
    // Nobody has this number: what is known of the person before is not said of this one.
    let (of, page) = looked_up("certno", &[("certno", "510402199001010018")]);
    assert_eq!((of("psn_name"), of("psn_no"), of("insutype")), (String::new(), String::new(), String::new()), "{page}");
    // A name that was typed for this one stays.
    let named = [("certno", "510402199001010018"), ("psn_name", "李某"), ("psn_no", &before.psn_no)];
    let page = hospital.post(NEW, &[&[("lookup", "certno")], named.as_slice()].concat()).text();
    assert_eq!(filled(&page, NEW)("psn_name"), "李某");
    // Of two numbers that one decides which was typed last.
    let person = server.someone("both");
    let typed = [("lookup", "psn_no"), ("psn_no", person.psn_no.as_str()), ("certno", &before.certno)];
    assert_eq!(filled(&hospital.post(NEW, &typed).text(), NEW)("certno"), person.certno);
    // What the other number had filled in goes with it.
    let of_other = [&typed[..], &[("psn_name", before.name.as_str())]].concat();
    let page = hospital.post(NEW, &of_other).text();
    assert_eq!(filled(&page, NEW)("psn_name"), person.name);
    assert!(!text(&page).contains("不一致"), "{}", text(&page));
}

#[test]
fn in_a_browser_leaving_the_number_fills_in_who_it_is_and_typing_a_word_sends_nothing() {
    let server = three();
    let (first, next) = (server.someone("resident"), server.someone("both"));
    let password = account(&server, POOL, "yiyuan", PZH_L3.code);
    let browser = signed_in(&server, &password, NEW);
    let value = |id: &str| browser.script(&format!("return document.getElementById('{id}').value"));
    browser.press(&format!("{}{TAB}", first.certno));
    browser.wait_for("#found strong");
    assert_eq!((value("f-psn_name"), value("f-insutype")), (first.name.clone().into(), "390".into()));
    assert_eq!(browser.focus(), "f-psn_name", "whoever types on is not taken elsewhere");
    // The next one at the same form.
    browser.script("const number = document.getElementById('f-certno'); number.focus(); number.select()");
    browser.press(&format!("{}{TAB}", next.certno));
    browser.script_later(&format!(
        "const done = arguments[arguments.length - 1]; const look = () => \
         document.getElementById('f-psn_no').value === '{}' ? done(1) : setTimeout(look, 20); look()",
        next.psn_no
    ));
    assert_eq!((value("f-psn_name"), value("f-insutype")), (next.name.clone().into(), "".into()));
    // The Enter that ends a word of an input method is the method's own.
    browser.script("document.getElementById('f-psn_name').focus()");
    let taken = browser.script(
        "const enter = new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }); \
         return !document.getElementById('f-psn_name').dispatchEvent(enter)",
    );
    assert_eq!((taken, browser.focus().as_str()), (false.into(), "f-psn_name"));
}
