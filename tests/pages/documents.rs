//! What a person reads in the documentation, and that every link of it leads somewhere.

use super::site::{address, got};
use crate::support::browser::seen;
use std::collections::{BTreeMap, BTreeSet};

#[track_caller]
fn shows(path: &str, parts: &[&str]) {
    let text = seen(&address(path));
    for part in parts {
        assert!(text.contains(part), "{path}: no {part}\n{text}");
    }
}

#[test]
fn the_catalogue_marks_what_is_live_and_what_is_not() {
    let text = seen(&address("/docs/interface"));
    let line = |infno: &str| text.lines().find(|line| line.starts_with(&format!("{infno}|"))).expect(infno).to_owned();
    let does = |infno: &str| line(infno).split('|').nth(2).unwrap_or_default().to_owned();
    for (infno, word) in [
        ("1101", "查询"),
        ("2201", "登记"),
        ("2206", "试算"),
        ("2207", "结算"),
        ("2304", "结算"),
        ("2501A", "登记"),
        ("2601", "结算"),
        ("4401", "资料上传"),
        ("5204", "查询"),
        ("9001", "登记"),
        ("7101", "未开通"),
    ] {
        assert_eq!(does(infno), word, "{}", line(infno));
    }
    let closed = text.lines().filter(|line| line.split('|').nth(2) == Some("未开通")).count();
    assert!(closed > 10, "only {closed} transactions are not live");
}

#[test]
fn a_transaction_page_has_a_table_of_its_fields() {
    shows(
        "/docs/interface/2207",
        &["2207", "门诊结算 结算", "psn_no|人员编号|字符 30|必填|", "med_type|", "输出", "setldetail"],
    );
}

#[test]
fn the_error_page_says_what_a_code_means() {
    shows("/docs/errors", &["E401|", "E3xx 重复与冲正", "S"]);
}

#[test]
fn the_rules_page_shows_values_and_marks_what_is_only_an_illustration() {
    shows("/docs/rules", &["毕节市|520500|", "攀枝花市|510400|", "其中示意"]);
    let text = seen(&address("/docs/rules/520500?day=2021-07-05"));
    for part in ["2021-07-05执行的标准共", "没有找到毕节市当时的公布数字", "不能作为支付依据", "[C*] s1", "后数前用"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let lines: Vec<&str> = text.lines().collect();
    let marked = lines.windows(2).filter(|pair| pair[0].starts_with("住院起付标准 示意|"));
    let values: Vec<&str> = marked.map(|pair| pair[1]).collect();
    assert!(values.iter().any(|value| value.starts_with("100元|100元|300元|500元|")), "{values:?}");
}

#[test]
fn a_wrong_day_or_pool_is_answered_with_what_to_do() {
    assert_eq!(got("/docs/rules/520500?day=2021-02-30").0, 400);
    shows("/docs/rules/520500?day=2021-02-30", &["日期“2021-02-30”不能识别", "请按年-月-日填写"]);
    assert_eq!(got("/docs/rules/110100").0, 404);
    shows("/docs/rules/110100", &["没有代码为“110100”的统筹区", "毕节市|520500|"]);
}

#[test]
fn every_link_leads_to_a_page_and_every_anchor_to_its_place() {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    let mut anchors: BTreeSet<(String, String)> = BTreeSet::new();
    let mut waiting = vec!["/".to_owned()];
    while let Some(path) = waiting.pop() {
        if pages.contains_key(&path) {
            continue;
        }
        let (status, body) = got(&path);
        assert_eq!(status, 200, "{path}");
        for link in links(&body) {
            let (page, anchor) = link.split_once('#').unwrap_or((link.as_str(), ""));
            let page = if page.is_empty() { path.clone() } else { page.to_owned() };
            if !anchor.is_empty() {
                anchors.insert((page.clone(), anchor.to_owned()));
            }
            waiting.push(page);
        }
        pages.insert(path, body);
    }
    assert!(pages.len() > 200, "{} pages: the transactions alone are more", pages.len());
    for (page, anchor) in anchors {
        assert!(pages[&page].contains(&format!("id=\"{anchor}\"")), "{page} has no {anchor}");
    }
}

/// Links to pages of the platform itself. There are no others: the pages load nothing from elsewhere.
fn links(body: &str) -> Vec<String> {
    let links: Vec<String> = body
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(link, _)| link.replace("&amp;", "&"))
        .filter(|link| link != "data:,")
        .collect();
    assert!(links.iter().all(|link| link.starts_with(['/', '#'])), "{links:?}");
    links
}
