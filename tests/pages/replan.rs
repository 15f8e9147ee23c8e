//! A re-plan at the agency's pages: shown before it holds, published by a second clerk, read, kept and compared afterwards.

use crate::support::browser::{picture, text, widths};
use crate::support::city::City;
use crate::support::office::Clerk;
use crate::support::people::Profile;
use crate::support::program::plan;
use crate::support::providers;
use crate::support::server::Server;

const POOL: &str = "510400";
const FORM: [(&str, &str); 3] = [("plan", "panzhihua-2020"), ("reopening", "main"), ("reason", "验收推迟")];

fn town() -> (Server, Clerk, Clerk) {
    let city = City::new("2020", providers::panzhihua(), vec![Profile::resident("resident", "510402")]);
    let server = Server::with_plans(city, "2020-09-18T10:00:00", &[plan("panzhihua-2020")]);
    let (one, other) = (Clerk::of(&server, POOL, "jingban", ""), Clerk::of(&server, POOL, "fuhe", ""));
    (server, one, other)
}

/// What stands in the text field of a page.
fn text_of(page: &str) -> String {
    let (_, rest) = page.split_once("<textarea").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (raw, _) = rest.split_once("</textarea>").unwrap();
    raw.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[test]
fn a_re_plan_is_shown_proposed_and_published_by_somebody_else() {
    let (_server, one, other) = town();
    let form = [&FORM[..], &[("to", "2020-09-24T00:00")]].concat();
    let shown = one.post("/office/plans/replan", &form);
    let page = shown.text();
    assert_eq!(shown.status, 200, "{}", text(&page));
    let told = text(&page);
    assert!(told.contains("，推迟3天") && told.contains("恢复后10个工作日内"), "{told}");
    assert!(told.contains("规则（条款P-") && !told.contains("规则 outpatient"), "clauses instead of ids: {told}");
    assert!(!told.contains("规则 contribution 在2020-09-18 08:00恢复"), "what stood before is no news: {told}");
    let next = text_of(&page);
    assert!(next.contains("reopens = \"2020-09-23 24:00\"") && next.contains("version = 2"), "{next}");
    assert!(next.contains("# P-14"), "comments stay");
    assert!(text(&one.get("/office/plans").text()).contains("panzhihua-2020 第1版"), "nothing has changed yet");

    let propose = [("submission", "p1"), ("plan", "panzhihua-2020"), ("reason", "验收推迟"), ("text", next.as_str())];
    assert_eq!(one.post("/office/plans/proposals", &propose).status, 303);
    assert_eq!(one.post("/office/plans/proposals", &propose).status, 303, "the same form again");
    let mine = text(&one.get("/office/plans").text());
    assert!(
        mine.contains("待复核：攀枝花市切换全省社保信息系统停机方案 第2版") && mine.contains("须由另一位经办人员发布"),
        "{mine}"
    );
    let decide = [("submission", "p2"), ("decision", "publish")];
    let alone = one.post("/office/plans/proposals/1", &decide);
    assert!(alone.status == 422 && text(&alone.text()).contains("另一人"), "{}", text(&alone.text()));
    assert_eq!(other.post("/office/plans/proposals/1", &decide).status, 303);
    let after = text(&other.get("/office/plans").text());
    assert!(after.contains("panzhihua-2020 第2版") && !after.contains("待复核"), "{after}");

    let compared = text(&other.get("/office/plans/panzhihua-2020?against=1").text());
    assert!(compared.contains("第2版比第1版改了什么") && compared.contains("推迟3天"), "{compared}");
    let kept = other.get("/office/plans/panzhihua-2020/text?version=2");
    assert_eq!(kept.text().trim(), next.replace("\r\n", "\n").trim(), "the file is the text");
}

#[test]
fn what_is_typed_stays_where_a_re_plan_cannot_be_shown_or_proposed() {
    let (_server, one, _) = town();
    let same = one.post("/office/plans/replan", &[&FORM[..], &[("to", "2020-09-21T00:00")]].concat());
    let page = same.text();
    assert_eq!(same.status, 422);
    assert!(page.contains("value=\"2020-09-21T00:00\"") && page.contains("value=\"验收推迟\""), "{}", text(&page));
    assert!(text(&page).contains("与现行的相同"));
    let past = one.post("/office/plans/replan", &[&FORM[..], &[("to", "2020-09-18T08:00")]].concat());
    let told = text(&past.text());
    assert!(past.status == 422 && told.contains("新的恢复时刻2020-09-18 08:00已经过去（现在2020-09-18 10:0"), "{told}");
    // The advice of contributions says their reopening: it would lie.
    let rule = [
        ("plan", "panzhihua-2020"),
        ("reopening", "rule:contribution"),
        ("reason", "税务未通"),
        ("to", "2020-09-19T08:00"),
    ];
    let lies = one.post("/office/plans/replan", &rule);
    let page = lies.text();
    assert!(lies.status == 422 && text(&page).contains("9月18日8时"), "{}", text(&page));
    let mended = text_of(&page).replace("9月18日8时", "9月19日8时");
    let again = [("plan", "panzhihua-2020"), ("reason", "税务未通"), ("text", mended.as_str())];
    let shown = one.post("/office/plans/replan", &again);
    let told = text(&shown.text());
    assert_eq!(shown.status, 200, "{told}");
    // What has reopened in the meantime would be closed again.
    assert!(told.contains("规则“contribution”已按现行版本于2020-09-18 08:00恢复"), "{told}");
    assert!(told.contains("发布后再次停办，2020-09-19 08:00恢复"), "{told}");
    let no_reason = [("submission", "p3"), ("plan", "panzhihua-2020"), ("reason", ""), ("text", mended.as_str())];
    let refused = one.post("/office/plans/proposals", &no_reason);
    let page = refused.text();
    assert!(refused.status == 422 && text_of(&page).contains("9月19日8时"), "{}", text(&page));
}

#[test]
fn several_reopenings_move_in_one_version_and_nothing_chosen_is_asked_for() {
    let (_server, one, _) = town();
    let both = [
        ("plan", "panzhihua-2020"),
        ("reopening", "main"),
        ("reopening", "rule:contribution"),
        ("reason", "验收推迟"),
        ("to", "2020-09-24T00:00"),
    ];
    let next = text_of(&one.post("/office/plans/replan", &both).text());
    // Each midnight as its entry wrote its times.
    let written = ["reopens = \"2020-09-23 24:00\"", "reopens = \"2020-09-24 00:00\""];
    assert!(written.iter().all(|line| next.contains(line)), "{next}");
    assert!(next.contains("version = 2"), "one version for both");
    let chosen: Vec<_> = both.into_iter().filter(|(name, _)| *name != "reopening").collect();
    let none = one.post("/office/plans/replan", &chosen);
    let page = none.text();
    assert!(none.status == 422 && text(&page).contains("请选择改哪一处恢复时刻"), "{}", text(&page));
    let unsaid: Vec<_> = both.into_iter().filter(|(name, _)| *name != "reason").collect();
    let tried = one.post("/office/plans/replan", &unsaid);
    assert_eq!((tried.status, tried.text().matches(" checked>").count()), (422, 2), "what was chosen stays chosen");
}

#[test]
fn a_pasted_version_of_what_is_in_force_is_published_by_a_second_person_too() {
    let (_server, one, _) = town();
    let text_of_next = std::fs::read_to_string(plan("panzhihua-2020")).unwrap();
    let next = text_of_next.replace("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n");
    let next = next.replacen("reopens = \"2020-09-20 24:00\"", "reopens = \"2020-09-22 24:00\"", 1);
    for name in ["file", "text"] {
        let shown = one.upload("/office/plans", &[(name, next.as_bytes())]);
        let page = text(&shown.text());
        assert!(shown.status == 200 && page.contains("改期预览") && page.contains("推迟2天"), "{page}");
    }
    assert!(text(&one.get("/office/plans").text()).contains("panzhihua-2020 第1版"), "nothing is published yet");
}

/// `YIBAO_PICTURES=folder` keeps the pictures for a look.
#[test]
fn the_pages_of_a_re_plan_fit_a_screen_and_a_telephone() {
    let (_server, one, other) = town();
    let form = [&FORM[..], &[("to", "2020-09-24T00:00")]].concat();
    let preview = one.post("/office/plans/replan", &form).text();
    let next = text_of(&preview);
    let propose = [("submission", "p1"), ("plan", "panzhihua-2020"), ("reason", "验收推迟"), ("text", next.as_str())];
    assert_eq!(one.post("/office/plans/proposals", &propose).status, 303);
    let pages = [("waiting", other.whole("/office/plans")), ("text", other.whole("/office/plans/panzhihua-2020"))];
    let whole: Vec<String> = pages.iter().map(|(_, page)| page.clone()).collect();
    for ((name, _), measured) in pages.iter().zip(widths(&whole, &[1280, 390])) {
        assert!(measured[0] <= 1280 && measured[1] <= 390, "{name}: {measured:?}");
    }
    let Some(folder) = std::env::var_os("YIBAO_PICTURES").map(std::path::PathBuf::from) else { return };
    for (name, page) in &pages {
        for width in [1280, 390] {
            std::fs::write(folder.join(format!("replan-{name}-{width}.png")), picture(page, width, 2600)).unwrap();
        }
    }
}

#[test]
fn a_file_that_is_chosen_is_what_is_published_and_not_the_text_of_before() {
    let (_server, one, _) = town();
    let before = "[plan]\nid = \"before\"\n";
    let file = std::fs::read_to_string(plan("panzhihua-2020")).unwrap();
    let file = file.replace("id = \"panzhihua-2020\"", "id = \"another-2020\"");
    // In whichever order a browser sends them.
    let wrong = "[plan]\nid = \"of-the-file\"\n";
    for parts in [
        [("file", wrong.as_bytes()), ("text", before.as_bytes())],
        [("text", before.as_bytes()), ("file", wrong.as_bytes())],
    ] {
        let refused = one.upload("/office/plans", &parts);
        let page = refused.text();
        assert!(refused.status == 422 && text_of(&page).contains("of-the-file"), "{}", text(&page));
        assert!(text(&page).contains("检查的是所选的文件"), "{}", text(&page));
    }
    let alone = text(&one.upload("/office/plans", &[("text", before.as_bytes())]).text());
    assert!(!alone.contains("所选的文件"), "{alone}");
    let done = one.upload("/office/plans", &[("file", file.as_bytes()), ("text", before.as_bytes())]);
    assert_eq!(done.status, 303, "{}", text(&done.text()));
    let page = text(&one.get(&done.location).text());
    assert!(page.contains("已发布所选的文件") && page.contains("another-2020 第1版"), "{page}");
}
