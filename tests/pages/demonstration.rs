//! The cutover to be watched (`yibao demo --outage`), in a real browser: paused, played on to a moment, clicked down to a person,
//! and to its end.

use crate::support::driven::Driven;
use crate::support::looked_at::{foreign, misfits, violations};
use crate::support::play::Play;
use crate::support::program::yibao;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const SCREEN: (u32, u32) = (1280, 1240);
const TELEPHONE: (u32, u32) = (390, 844);
/// The cities that are played.
const SEED: u64 = 2;

/// `YIBAO_PICTURES=folder` keeps the pictures; `cargo xtask pictures` makes those of the documents.
fn keep(browser: &Driven, name: &str) {
    let picture = browser.picture();
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 12_000, "{name} shows next to nothing");
    if let Some(folder) = std::env::var_os("YIBAO_PICTURES").map(PathBuf::from) {
        fs::write(folder.join(format!("{name}.png")), picture).unwrap();
    }
}

/// Opens the page and has time stand still.
#[track_caller]
fn paused(play: &Play, (width, height): (u32, u32)) -> Driven {
    let browser = Driven::start(width, height);
    browser.open(&play.address("/outage-demo"));
    // Before it begins it plays up to its first moment.
    browser.wait_for("[data-jumping=false]");
    browser.click("button[value=pause]");
    browser.wait_for("[data-part=headline][data-paused=true]");
    browser
}

/// Plays on to a moment and stays there.
#[track_caller]
fn play_to(browser: &Driven, moment: &str) {
    browser.click(&format!("button[name=to][value=\"{moment}\"]"));
    browser.wait_for(&format!("[data-now=\"{moment}\"][data-jumping=false]"));
}

/// Plays to the end, and finds everything as it must be.
#[track_caller]
fn to_the_end(browser: &Driven) {
    browser.click("button[name=to]:last-of-type");
    browser.wait_for("[data-act=over]");
    let found = browser.text("[data-part=verdicts]");
    assert_eq!(browser.text("h1"), "账已关平：一笔不少，一笔不重，一分不差", "{found}");
    assert_eq!(found.matches('✓').count(), 4, "{found}");
    assert_eq!(number(browser, "waiting"), 0, "nobody waits any more");
    assert_eq!(number(browser, "to_sign"), 0, "everybody has signed for what was due");
    assert_eq!(number(browser, "met"), number(browser, "entered") + number(browser, "elsewhere"), "each has its way");
    assert_eq!(browser.text("[data-card=sum] strong"), "平");
    // What still waits is left to the agency, or nobody came for it in time.
    let sum = browser.text("[data-card=sum] p");
    let waits: u64 = sum.split_once("待办").map_or(0, |(_, count)| count.parse().unwrap());
    assert!(waits <= number(browser, "elsewhere"), "{sum}");
}

/// The number of a card.
#[track_caller]
fn number(browser: &Driven, card: &str) -> u64 {
    browser.text(&format!("[data-card={card}] strong")).parse().unwrap()
}

/// Care that met the outage and is in no book and no register is told from what those at the till saw.
#[track_caller]
fn what_no_book_holds_is_told(browser: &Driven) {
    browser.click("[data-card=elsewhere] a");
    browser.wait_for(".people tbody a");
    let name = browser.text(".people tbody a[href^='/outage-demo/care/']");
    browser.click(".people tbody a[href^='/outage-demo/care/']");
    browser.wait_for(".telling.seen");
    let told = browser.text("main");
    assert!(told.starts_with("停机演示") && told.contains(&format!("{name}：")), "{told}");
    assert!(told.contains("平台答复") && told.contains("停机公告条款B-"), "{told}");
    assert!(told.contains("全部由本人付现金") || told.contains("凭发票到经办机构报销"), "{told}");
}

#[test]
fn a_cutover_is_watched_and_clicked_down_to_a_person() {
    let play = Play::start("bijie-2021", 60, SEED);
    let browser = paused(&play, SCREEN);
    let stands = browser.attribute("[data-part=headline]", "data-now");
    let pace: u32 = browser.attribute("[data-part=headline]", "data-pace").parse().unwrap();
    browser.click("button[value=slower]");
    browser.wait_for(&format!("[data-pace=\"{}\"]", pace / 2));
    browser.click("button[value=faster]");
    browser.wait_for(&format!("[data-pace=\"{}\"]", pace / 2 * 2));

    play_to(&browser, "2021-07-10T00:00:00");
    assert!(stands.as_str() < "2021-07-10T00:00:00", "{stands}");
    assert!(browser.text("h1").starts_with("停机中 · 第1天"), "{}", browser.text("h1"));
    assert_eq!(browser.text("[aria-current=step]"), "停机登记");
    for day in ["10", "11", "12"] {
        play_to(&browser, &format!("2021-07-{day}T08:00:00"));
    }
    assert_eq!(browser.page_width(), u64::from(SCREEN.0));
    keep(&browser, "demo-stopped");
    play_to(&browser, "2021-07-16T00:00:00");
    let (settled, waiting) = (number(&browser, "settled"), number(&browser, "waiting"));
    assert!(settled > 0 && waiting > 0, "{settled} {waiting}");

    // From the number to the people, from a name to the story.
    browser.click("[data-card=waiting] a");
    browser.wait_for(".people tbody a");
    let listed = browser.text("h1");
    assert_eq!(listed, format!("等待补录：{waiting}次就诊"));
    let name = browser.text(".people tbody a");
    browser.click(".people tbody a");
    browser.wait_for(".telling.asked");
    assert_eq!(browser.text("h1"), format!("{name}的就医经历"));
    let story = browser.address();
    let before = browser.text("main");
    assert!(before.contains("停机公告条款B-") && before.contains("台账"), "{before}");

    // From there to the register itself: a real page of the office.
    browser.click(".telling.asked a");
    browser.wait_for(".history");
    assert!(browser.address().contains("/office/entries/"), "{}", browser.address());

    browser.open(&play.address("/outage-demo"));
    play_to(&browser, "2021-07-16T08:00:00");
    play_to(&browser, "2021-07-17T08:00:00");
    assert!(number(&browser, "entered") > 0, "some are entered by then");
    to_the_end(&browser);
    keep(&browser, "demo-over");
    let changed = browser.text(".changed");
    assert!(
        changed.contains("B-13") && changed.contains("合计"),
        "what the notice gives no way back for has its price: {changed}"
    );
    what_no_book_holds_is_told(&browser);
    browser.open(&story);
    let after = browser.text("main");
    assert!(after.starts_with(&before[..before.find('\n').unwrap_or(0)]) && after.len() > before.len(), "{after}");
    keep(&browser, "demo-story");
    // Somebody whose care was entered.
    browser.open(&play.address("/outage-demo/people/entered"));
    browser.click(".people tbody a");
    browser.wait_for(".telling.asked");
    assert!(browser.text("main").contains("补录结算"), "{}", browser.text("main"));

    let telephone = Driven::start(TELEPHONE.0, TELEPHONE.1);
    for (path, name) in [("/outage-demo", "demo-telephone"), (story.as_str(), "demo-story-telephone")] {
        let address = if path.starts_with('/') { play.address(path) } else { path.to_owned() };
        telephone.open(&address);
        assert_eq!(telephone.page_width(), u64::from(TELEPHONE.0), "{path}");
        keep(&telephone, name);
    }
    let mut wrong = Vec::new();
    for (browser, is_telephone) in [(&browser, false), (&telephone, true)] {
        for path in ["/outage-demo", "/outage-demo/people/met", "/outage-demo/people/elsewhere", story.as_str()] {
            browser.open(&if path.starts_with('/') { play.address(path) } else { path.to_owned() });
            let found =
                violations(browser).into_iter().chain(misfits(browser, is_telephone)).chain(foreign(browser, &[]));
            wrong.extend(found.map(|what| format!("{path}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for path in ["/", "/office", "/office/board", "/outage-demo/people/met", "/office/registers/cash_visit"] {
        assert_eq!(play.status(path), 200, "{path}");
    }
    for path in ["/outage-demo/people/nobody", "/outage-demo/care/0-999", "/outage-demo/care/nothing"] {
        assert_eq!(play.status(path), 404, "{path}");
    }
}

#[test]
fn the_other_notice_and_a_plan_of_another_shape_are_played_to_the_end() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("spring.toml").to_string_lossy().into_owned();
    let window = ["--closes", "2026-03-06 24:00", "--reopens", "2026-03-11 24:00"];
    let new = ["plan", "new", "--template", "planned", "--id", "spring", "--pool", "520500", "--out", &file];
    yibao(&[&new[..], &window].concat()).succeeded();
    for plan in ["panzhihua-2020", file.as_str()] {
        let play = Play::start(plan, 24, SEED);
        to_the_end(&paused(&play, SCREEN));
    }
}

#[track_caller]
fn refused(arguments: &[&str], says: &str) {
    let ran = yibao(&[&["demo"], arguments].concat());
    assert_eq!(ran.code, 2, "{}", ran.text());
    assert!(ran.text().contains(says), "{says}: {}", ran.text());
}

#[test]
fn what_cannot_be_played_is_refused_with_what_to_do() {
    refused(&["--outage", "nowhere-1999"], "bijie-2021、panzhihua-2020，或方案文件的路径");
    refused(&["--outage", "bijie-2021", "--data", "books"], "--data");
    refused(&["--outage", "bijie-2021", "--persons", "0"], "--persons");
    refused(&["--persons", "10"], "--outage");
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("stop.toml").to_string_lossy().into_owned();
    let new = ["plan", "new", "--template", "stop", "--id", "stop", "--pool", "520500", "--out", &file];
    let times = ["--closes", "2026-03-02 09:40", "--declared", "2026-03-02 10:15"];
    let ran = yibao(&[&new[..], &times].concat());
    if ran.code == 0 {
        refused(&["--outage", &file], "恢复时间未定");
    }
}
