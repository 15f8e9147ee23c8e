//! Guards the deeds at the office: every form that does something carries its number, and whoever takes it in hands the number on
//! to the journal, so that what is sent twice counts once.

use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Forms without a number, by where they go, and why.
const FORMS_WITHOUT: &[(&str, &str)] = &[
    ("/office/sign-in", "nobody is signed in yet, and a second sign-in is one of its own"),
    ("/office/sign-out", "what has ended ends no second time"),
    ("/office/plans/replan", "it shows what a re-plan would say, and changes nothing"),
    ("{{ kept.action }}", "it carries the number that the form had when it was sent first"),
    ("/docs/try", "it holds a message against the checks and keeps nothing"),
    ("/outage-demo/steer", "it steers the time of a made-up city and leaves nothing in the books"),
];

/// What takes forms in without handing a number on, and why.
const TAKERS_WITHOUT: &[(&str, &str)] = &[
    ("sign_in::submit", "nobody is signed in yet, and a second sign-in is one of its own"),
    ("sign_in::leave", "what has ended ends no second time"),
    ("plans::replan::preview", "it shows what a re-plan would say, and changes nothing"),
    ("list::search", "it asks only; by POST so that no name stands in an address"),
    ("export::searched", "the same, as a file"),
];

fn collect(folder: &Path, end: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, end, found);
        } else if path.extension().is_some_and(|extension| extension == end) {
            found.push(path);
        }
    }
}

fn files(folder: &str, end: &str) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    collect(&Path::new(ROOT).join(folder), end, &mut paths);
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(ROOT).unwrap().to_string_lossy().into_owned(), text)
    };
    paths.into_iter().map(named).collect()
}

/// The functions of a file: name and text.
fn functions(text: &str) -> Vec<(&str, &str)> {
    let begins = text.match_indices("fn ").filter(|(at, _)| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        !line.trim_start().starts_with("//") && (line.is_empty() || line.ends_with(' '))
    });
    let mut found = Vec::new();
    for (at, _) in begins {
        let rest = &text[at + 3..];
        let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        let indent = text[..at].rsplit('\n').next().unwrap_or_default();
        let indent = &indent[..indent.len() - indent.trim_start().len()];
        let end = rest.find(&format!("\n{indent}}}\n")).unwrap_or(rest.len());
        found.push((name, &rest[..end]));
    }
    found
}

#[test]
fn every_form_that_does_something_carries_its_number() {
    let mut seen = Vec::new();
    let mut forms = 0;
    for (path, text) in files("crates/web/templates", "html") {
        for form in text.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap()) {
            if !form.split('>').next().unwrap().contains("method=\"post\"") {
                continue;
            }
            forms += 1;
            let action = form.split("action=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            let carries = form.contains("name=\"submission\" value=\"{{ chrome.submission }}\"");
            if let Some((known, _)) = FORMS_WITHOUT.iter().find(|(known, _)| *known == action) {
                assert!(!carries, "{path}: {known} is no exception any more");
                seen.push(*known);
                continue;
            }
            assert!(carries, "{path}: the form to {action} carries no submission, so sent twice it counts twice");
        }
    }
    assert!(forms > 10, "only {forms} forms were found");
    for (known, _) in FORMS_WITHOUT {
        assert!(seen.contains(known), "no form goes to {known} any more");
    }
}

/// What the office's routes take forms in with: `module::function`.
fn takers() -> Vec<(String, String)> {
    let sources = files("crates/web/src", "rs");
    let mut takers: Vec<String> = Vec::new();
    for (_, text) in sources.iter().filter(|(_, text)| text.contains("\"/office/")) {
        for rest in text.split("post(").skip(1) {
            let name = rest.split(')').next().unwrap_or_default();
            if name.contains("::") && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                takers.push(name.to_owned());
            }
        }
    }
    let body = |name: &String| {
        let (module, function) = name.rsplit_once("::").unwrap();
        let module = module.rsplit("::").next().unwrap();
        let file = sources.iter().find(|(path, _)| {
            path.contains("/office/")
                && (path.ends_with(&format!("/{module}.rs")) || path.ends_with(&format!("/{module}/mod.rs")))
        });
        let (_, text) = file.unwrap_or_else(|| panic!("no file of the office has {name}"));
        let found = functions(text).into_iter().find(|(known, _)| *known == function);
        (name.clone(), found.unwrap_or_else(|| panic!("{name} is not there")).1.to_owned())
    };
    takers.iter().map(body).collect()
}

#[test]
fn whoever_takes_a_form_in_hands_its_number_on() {
    let takers = takers();
    assert!(takers.len() > 10, "only {} were found", takers.len());
    for (name, body) in &takers {
        let hands_on = body.contains(".submitted(&") || body.contains("&submission, &present");
        let excepted = TAKERS_WITHOUT.iter().any(|(known, _)| known == name);
        assert_eq!(
            hands_on, !excepted,
            "{name}: a deed hands the form's number on to the journal, or is named here with the reason"
        );
    }
    for (known, _) in TAKERS_WITHOUT {
        assert!(takers.iter().any(|(name, _)| name == known), "{known} takes no form in any more");
    }
}

#[test]
fn programs_are_told_every_address_that_takes_a_form_and_where_its_number_goes() {
    let told = fs::read_to_string(Path::new(ROOT).join("docs/registers.md")).unwrap();
    let routes = fs::read_to_string(Path::new(ROOT).join("crates/web/src/office.rs")).unwrap();
    let mut addresses = 0;
    for route in routes.split(".route(\"").skip(1) {
        let Some(taker) = route.lines().next().and_then(|line| line.split("post(").nth(1)) else { continue };
        addresses += 1;
        let address = route.split('"').next().unwrap();
        let address = address
            .replace("{kind}", "台账")
            .replace("{number}", "台账号")
            .replace("{file}", "文件")
            .replace("{action}", "操作")
            .replace("{proposal}", "号");
        let row = told.lines().find(|line| line.starts_with('|') && line.contains(&format!("`POST {address}`")));
        let row = row.unwrap_or_else(|| panic!("docs/registers.md does not tell programs of POST {address}"));
        let excepted = TAKERS_WITHOUT.iter().any(|(known, _)| taker.starts_with(known));
        assert_eq!(row.contains("`submission`"), !excepted, "docs/registers.md on the number of POST {address}: {row}");
    }
    assert!(addresses > 10, "only {addresses} addresses were found");
}

#[test]
fn what_somebody_does_at_a_desk_is_journalled() {
    let mut deeds = 0;
    for (path, text) in files("crates/engine/src/desks", "rs") {
        for (name, body) in functions(&text) {
            let writes = body.contains("self.write(by.party()") || body.contains("ask(Mode::Write");
            if !writes || name == "write" {
                continue;
            }
            deeds += 1;
            assert!(body.contains("once::once("), "{path}: {name} writes for somebody without asking the journal");
        }
    }
    assert!(deeds >= 7, "only {deeds} deeds were found");
}

/// What refuses is read first, by whoever sees it and by whoever hears it.
#[test]
fn what_refuses_on_an_office_page_takes_the_focus() {
    let mut alerts = 0;
    for (path, text) in files("crates/web/templates/office", "html") {
        for tag in
            text.split('<').filter_map(|rest| rest.split('>').next()).filter(|tag| tag.contains("role=\"alert\""))
        {
            alerts += 1;
            assert!(tag.contains("tabindex=\"-1\" autofocus"), "{path}: {tag}");
        }
    }
    assert!(alerts > 5, "the pages refuse somewhere else");
}
