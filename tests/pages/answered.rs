//! Pages that come as the answer to a form: everybody can use and read them as well, on a screen and on a telephone, and what refuses
//! has the focus.

use super::access::{SCREEN, TELEPHONE, looked_at, nothing, signed_in, signed_in_with, town_under};
use crate::support::driven::Driven;
use crate::support::office::account;
use crate::support::program::plan;
use crate::support::providers::PZH_L3;
use crate::support::server::Server;
use std::fs;
use tempfile::TempDir;

const POOL: &str = "510400";

/// Something that has to be zero at an instant.
const INSTANT: &str = "\n[[invariant]]\nid = \"in-flight\"\nclause = \"P-00\"\nat = \"2020-09-10 17:30\"\n\
    counts = [\"in_hospital\", \"visits_unsettled\"]\nadvice = \"停机前应全部办结。\"\n";

fn town() -> (TempDir, Server) {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("plan.toml");
    fs::write(&file, format!("{}{INSTANT}", fs::read_to_string(plan("panzhihua-2020")).unwrap())).unwrap();
    let server = town_under(&[file.to_string_lossy().into_owned()]);
    (folder, server)
}

/// Sends a form from a page, with its token, and waits for what the answer shows.
#[track_caller]
fn send(browser: &Driven, server: &Server, path: &str, fields: &[(&str, &str)], shows: &str) {
    browser.open(&format!("{}/office", server.base()));
    let fields = serde_json::to_string(fields).unwrap();
    browser.script(&format!(
        "const form = document.createElement('form'); form.method = 'post'; form.action = '{path}'; \
         const add = (name, value) => form.append(Object.assign(document.createElement('input'), {{ type: 'hidden', name, value }})); \
         add('token', document.querySelector('input[name=token]').value); \
         for (const [name, value] of {fields}) add(name, value); \
         document.body.append(form); form.submit()"
    ));
    browser.wait_for(shows);
}

/// The same with a file.
#[track_caller]
fn send_file(browser: &Driven, server: &Server, page: &str, sheet: &str, shows: &str) {
    browser.open(&format!("{}{page}", server.base()));
    let sheet = serde_json::to_string(sheet).unwrap();
    browser.script(&format!(
        "const file = new DataTransfer(); file.items.add(new File([{sheet}], 'a.csv')); \
         const input = document.getElementById('file'); input.files = file.files; input.form.submit()"
    ));
    browser.wait_for(shows);
}

/// What refuses is read first.
#[track_caller]
fn refused(browser: &Driven, what: &str) {
    // A browser gives the focus when it first paints the page.
    let focus = browser.script_later(
        "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => setTimeout(() => \
         done(document.activeElement.getAttribute('role')), 50))",
    );
    assert_eq!(focus, "alert", "{what}: the refusal has not the focus");
}

const SHEET: &str = "发生时间,事件,报告人,联系电话\n2020-09-12 09:31,空调漏水,赵,13900000001\n昨天,停电,赵,139\n";

/// What both kinds of clerks get to see.
fn everybodys(browser: &Driven, server: &Server, is_telephone: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut look = |what: &str| wrong.extend(looked_at(browser, what, is_telephone, true));
    let new = "/office/registers/cash_visit/new";
    let typed = [("psn_name", "王某"), ("tel", "139"), ("insutype", "999"), ("lines", "1\t昨天\tXA01\n")];
    send(browser, server, new, &typed, "main [role=alert] li");
    refused(browser, "a form");
    look("a form with errors");
    send(
        browser,
        server,
        new,
        &[("lookup", "certno"), ("certno", &server.someone("resident").certno)],
        "#found strong",
    );
    look("who it is");
    send_file(browser, server, "/office/registers/incident/import", SHEET, ".verdicts");
    look("the verdicts of an import");
    send_file(browser, server, "/office/registers/incident/import", "a,b\n", "main [role=alert]");
    refused(browser, "an import");
    look("an import that was refused");
    send(browser, server, "/office/registers/incident", &[("text", "读卡器")], "#export");
    look("what was searched for");
    send(browser, server, "/office/backfill", &[("plan", "nothing"), ("provider", "X")], "main [role=alert]");
    refused(browser, "a backfill");
    look("a backfill that was refused");
    send(browser, server, "/office/password", &[("new", "one"), ("again", "other")], "main [role=alert]");
    refused(browser, "a password");
    look("a password that was refused");
    // Last of all the sign-in of a form whose own has ended.
    browser.open(&format!("{}/office/registers/incident/new", server.base()));
    browser.forget();
    browser.script("document.getElementById('new').submit()");
    browser.wait_for("main [name=kept-action]");
    look("a form that waits for a sign-in");
    wrong
}

/// What the agency alone gets to see.
fn agencys(browser: &Driven, server: &Server, is_telephone: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut look = |what: &str| wrong.extend(looked_at(browser, what, is_telephone, true));
    browser.open(&format!("{}/office/registers/incident", server.base()));
    let numbers = "return [...document.querySelectorAll('tbody input[name=number]')].map(tick => tick.value)";
    let numbers = browser.script(numbers);
    let numbers: Vec<&str> = numbers.as_array().unwrap().iter().filter_map(|number| number.as_str()).collect();
    let ticks: Vec<(&str, &str)> = numbers.iter().map(|number| ("number", *number)).collect();
    let act = [ticks.as_slice(), &[("action", "process")]].concat();
    send(browser, server, "/office/registers/incident/bulk", &act, "main [role=alert] li");
    refused(browser, "many");
    look("a step with many that was refused");
    send(browser, server, &format!("/office/entries/{}/process", numbers[0]), &[], "main [role=alert] li");
    refused(browser, "a step");
    look("a step that was refused");

    let replan = [("plan", "panzhihua-2020"), ("reopening", "main"), ("reason", "验收推迟")];
    let with = |to: &'static str| [replan.as_slice(), &[("to", to)]].concat();
    send(browser, server, "/office/plans/replan", &with("2020-09-24T00:00"), "#text");
    look("a re-plan");
    send(browser, server, "/office/plans/replan", &with("2020-09-11T00:00"), "main [role=alert]");
    refused(browser, "a re-plan");
    look("a re-plan that was refused");
    let text = "[plan]\nid = \"x\"\n";
    let given = [("plan", "panzhihua-2020"), ("reason", "验收推迟"), ("text", text)];
    send(browser, server, "/office/plans/replan", &given, "main [role=alert] li");
    refused(browser, "a text");
    look("a re-plan with findings");
    send_file(browser, server, "/office/plans", text, "main [role=alert] li");
    refused(browser, "a plan");
    look("a plan with findings");
    send(browser, server, "/office/plans/proposals/99", &[("decision", "publish")], "main [role=alert]");
    refused(browser, "a proposal");
    look("a proposal that was refused");
    send(
        browser,
        server,
        "/office/plans/stop",
        &[("closes", "2020-09-12T09:00"), ("telephone", "1")],
        "main [role=alert]",
    );
    refused(browser, "a stop");
    look("a stop that was refused");
    browser.open(&format!("{}/office/board", server.base()));
    assert!(browser.text("main").contains("清零"), "the board counts what has to be zero");
    look("a board with an instant");
    wrong
}

#[test]
fn what_is_answered_to_a_form_can_be_used_and_read_by_everybody() {
    let (_folder, mut server) = town();
    let mut wrong = Vec::new();
    let agency = [(SCREEN, "jingban"), (TELEPHONE, "shouji")];
    let agency = agency.map(|(size, login)| (size, login, account(&server, POOL, login, "")));
    for (size, login, password) in &agency {
        let browser = signed_in_with(&server, login, password, *size);
        wrong.extend(agencys(&browser, &server, *size == TELEPHONE));
        wrong.extend(everybodys(&browser, &server, *size == TELEPHONE));
    }
    let browser = signed_in(&server, "yiyuan", PZH_L3.code, TELEPHONE);
    wrong.extend(everybodys(&browser, &server, true));
    // After the stop something is there to be entered, and runs are.
    server.restart_at("2020-09-22T10:00:00");
    for (size, login, password) in &agency {
        let browser = signed_in_with(&server, login, password, *size);
        let all = [("plan", "panzhihua-2020"), ("provider", PZH_L3.code)];
        send(&browser, &server, "/office/backfill", &all, "progress");
        browser.open(&format!("{}/office/backfill?lists=1", server.base()));
        let shown = browser.text("main");
        assert!(shown.contains("停机方案") && shown.contains("攀枝花市") && shown.contains(PZH_L3.code), "{shown}");
        wrong.extend(looked_at(&browser, "a backfill with runs", *size == TELEPHONE, true));
    }
    nothing(&wrong);
}
