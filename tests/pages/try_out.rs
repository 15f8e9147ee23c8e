//! Trying a message (试一试报文): what would be refused is said, and nothing is kept of it.

use super::site::{SITE, address, got};
use crate::support::browser::{between, text};
use crate::support::client::agent;
use crate::support::providers::BJ_L2;
use serde_json::json;

/// The page with a message in its form.
fn tried(message: &str, path: &str) -> String {
    let sent = agent().post(address("/docs/try")).send_form([("message", message), ("path", path)]);
    sent.expect("the platform answers").body_mut().read_to_string().expect("a text")
}

/// The message in the form of a page, as a reader would change it.
fn message(page: &str) -> String {
    let written = page.split("<textarea").nth(1).and_then(|rest| between(rest, ">", "</textarea>")).unwrap();
    written.replace("&#34;", "\"").replace("&quot;", "\"")
}

#[test]
fn a_sample_passes_and_what_is_wrong_is_named_with_the_remedy() {
    let sample = message(&got("/docs/try?infno=4402").1);
    let good = text(&tried(&sample, ""));
    assert!(good.contains("可以受理") && good.contains("4402 住院医嘱"), "{good}");
    let without = text(&tried(&sample.replace("mdtrt_sn", "visit"), ""));
    assert!(without.contains("会被拒绝") && without.contains("mdtrt_sn") && without.contains("E102"), "{without}");
    let elsewhere = text(&tried(&sample, "/ebus/gzyb/2207"));
    assert!(elsewhere.contains("E108"), "{elsewhere}");
    let unread = text(&tried("<xml/>", ""));
    assert!(unread.contains("E101"), "{unread}");
    let closed = text(&tried(&sample.replace("\"4402\"", "\"7101\""), ""));
    assert!(closed.contains("E107"), "{closed}");
}

#[test]
fn a_message_that_was_tried_has_not_been_sent() {
    let client = SITE.client(&BJ_L2);
    let msgid = client.next_msgid();
    let sign_in = |ip: &str| json!({"signIn": {"opter_no": "0053", "mac": "a", "ip": ip}});
    let envelope = client.envelope("9001", &msgid, sign_in("10.0.0.1"));
    assert!(text(&tried(&envelope.to_string(), "")).contains("可以受理"));
    // Had it been kept, another content under its number would be refused.
    let sent = client.send("9001", &msgid, sign_in("10.0.0.2"));
    assert!(sent.is_success(), "{}", sent.body);
    assert!(client.send("9001", &msgid, sign_in("10.0.0.1")).refusal().contains("msgid"));
}
