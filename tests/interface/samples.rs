//! The samples of the documentation (示例): each is sent as its page shows it, with persons and numbers of the city.

use super::town::TOWN;
use crate::support::browser::between;
use crate::support::client::{Client, agent};
use crate::support::people::Person;
use crate::support::providers::{BJ_L2, BJ_PHARMACY};
use serde_json::Value;

/// What needs a visit, a stay, a settlement, a filing, a file or a sign-in of before, which a sample has made up; a drug that this city's
/// catalogue has not; or somebody who decodes electronic vouchers.
const ABOUT_SOMETHING: &str = "
    1162 2101 2102 2103 2202 2203 2203A 2204 2205 2206 2207 2208 2301 2302 2303 2304 2305 2402 2403 2404 2405 2501 2501A 2502 2503
    2504 2506 2601 3202 3301 3302 3403 3507 3507A 4102 4103 5202 5203 5204 5205 6101 9002 9102";

/// The page of a transaction.
fn page(infno: &str) -> String {
    let mut reply = agent().get(format!("{}/docs/interface/{infno}", TOWN.base())).call().unwrap();
    reply.body_mut().read_to_string().unwrap()
}

/// The sample on a page, as a reader copies it.
fn sample(page: &str) -> Value {
    let told = page.split("id=\"sample\"").nth(1).and_then(|rest| between(rest, "<pre tabindex=\"0\">", "</pre>"));
    let text = told.unwrap_or_else(|| panic!("{page}"));
    let text = [("&#34;", "\""), ("&quot;", "\""), ("&#38;", "&"), ("&amp;", "&"), ("&#60;", "<"), ("&#62;", ">")]
        .iter()
        .fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{why}: {text}"))
}

/// The numbers of somebody in this city in place of those that the sample makes up.
fn of_this_city(value: &mut Value, client: &Client, person: &Person) {
    match value {
        Value::Array(rows) => rows.iter_mut().for_each(|row| of_this_city(row, client, person)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "psn_no" => *value = person.psn_no.clone().into(),
                    "certno" | "mdtrt_cert_no" => *value = person.certno.clone().into(),
                    "psn_name" => *value = person.name.clone().into(),
                    "insutype" => *value = person.insutype.into(),
                    "fixmedins_code" => *value = client.provider.code.into(),
                    _ => of_this_city(value, client, person),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_sample_of_what_is_offered_is_taken_as_it_stands_on_its_page() {
    let (hospital, pharmacy) = (TOWN.client(&BJ_L2), TOWN.client(&BJ_PHARMACY));
    let person = TOWN.someone("employee");
    let mut sent = 0;
    for infno in super::transactions::LIVE.split_whitespace() {
        let client = if infno.starts_with("21") { &pharmacy } else { &hospital };
        let mut input = sample(&page(infno));
        of_this_city(&mut input, client, &person);
        sent += 1;
        if infno == "9102" {
            assert!(client.call(infno, input).refusal().contains("file_qury_no"));
            continue;
        }
        let reply = client.call(infno, input.clone());
        if reply.is_success() {
            continue;
        }
        let text = reply.refusal();
        let is_about_something = ABOUT_SOMETHING.split_whitespace().any(|known| known == infno);
        // E1 is what a message itself has wrong.
        assert!(is_about_something && !text.contains("[E1"), "{infno} {input}: {text}");
    }
    assert!(sent > 110, "{sent} samples");
}

#[test]
fn a_page_says_whether_it_settles_asks_deposits_or_is_not_offered() {
    for (infno, word) in [("2207", "结算"), ("5203", "查询"), ("4401", "资料上传"), ("7101", "未开通")] {
        let page = page(infno);
        let chip = between(&page, "<span class=\"chip", "</span>").unwrap_or_default();
        assert!(chip.contains(word), "{infno}: {chip}");
    }
}
