//! Both gateway signatures, right and wrong. The signing here is written from the interface text.

use super::town::TOWN;
use crate::support::client::{Client, Raw};
use crate::support::providers::{BJ_API, BJ_L2, BJ_TIF, Provider};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

type Headers = Vec<(&'static str, String)>;

/// Seconds since 1970 by the real clock: gateway windows ignore the rehearsal clock.
#[expect(clippy::disallowed_methods, reason = "signatures carry the real time")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn nonce() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("{:x}-{:08x}", now() * 1000, NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Form A: SHA-256 over timestamp + secret + nonce + timestamp, in hex.
fn tif(provider: &Provider, secret: &str, seconds: u64, nonce: &str) -> Headers {
    let signed = format!("{seconds}{secret}{nonce}{seconds}");
    let signature: String = Sha256::digest(signed.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        ("x-tif-paasid", provider.paas_id.to_owned()),
        ("x-tif-timestamp", seconds.to_string()),
        ("x-tif-nonce", nonce.to_owned()),
        ("x-tif-signature", signature),
    ]
}

/// Form B: base64 of HMAC-SHA1 over the four other headers, sorted by key.
fn api(provider: &Provider, secret: &str, timestamp: &str, name: &str) -> Headers {
    let signed =
        format!("_api_access_key={}&_api_name={name}&_api_timestamp={timestamp}&_api_version=1.0.0", provider.paas_id);
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    vec![
        ("_api_name", name.to_owned()),
        ("_api_version", "1.0.0".to_owned()),
        ("_api_timestamp", timestamp.to_owned()),
        ("_api_access_key", provider.paas_id.to_owned()),
        ("_api_signature", STANDARD.encode(mac.finalize().into_bytes())),
    ]
}

#[track_caller]
fn sign_in(provider: &'static Provider, headers: Headers) -> Raw {
    let client: Client = TOWN.client(provider).with_headers(headers);
    let input = json!({"signIn": {"opter_no": "0053", "mac": "a", "ip": "10.0.0.1"}});
    let raw = client.post_bytes(client.envelope("9001", &client.next_msgid(), input).to_string().as_bytes());
    assert_eq!(raw.status, 200, "{}", raw.text);
    raw
}

#[track_caller]
fn tif_refuses(headers: Headers) {
    let raw = sign_in(&BJ_TIF, headers);
    assert_eq!(raw.json()["infcode"], -1, "form A refuses in the envelope: {}", raw.text);
    assert!(raw.json()["err_msg"].as_str().is_some_and(|text| text.ends_with(']')), "{}", raw.text);
}

#[track_caller]
fn api_refuses(headers: Headers, message: &str) {
    let body = sign_in(&BJ_API, headers).json();
    assert_eq!(body["code"], 401, "form B refuses with the bare answer: {body}");
    assert_eq!(body["message"], message, "{body}");
    assert!(body.get("infcode").is_none(), "{body}");
}

#[test]
fn form_a_signed_right_is_taken_in_either_case() {
    let raw = sign_in(&BJ_TIF, tif(&BJ_TIF, BJ_TIF.paas_secret, now(), &nonce()));
    assert_eq!(raw.json()["infcode"], 0, "{}", raw.text);
    let mut upper = tif(&BJ_TIF, BJ_TIF.paas_secret, now(), &nonce());
    upper[3].1 = upper[3].1.to_uppercase();
    let raw = sign_in(&BJ_TIF, upper);
    assert_eq!(raw.json()["infcode"], 0, "{}", raw.text);
}

#[test]
fn form_a_signed_wrong_is_refused() {
    tif_refuses(vec![]);
    tif_refuses(tif(&BJ_TIF, "wrong", now(), &nonce()));
    let mut stranger = tif(&BJ_TIF, BJ_TIF.paas_secret, now(), &nonce());
    stranger[0].1 = "somebody-else".into();
    tif_refuses(stranger);
    let mut garbled = tif(&BJ_TIF, BJ_TIF.paas_secret, now(), &nonce());
    garbled[1].1 = "soon".into();
    tif_refuses(garbled);
}

#[test]
fn form_a_is_refused_more_than_thirty_minutes_off() {
    tif_refuses(tif(&BJ_TIF, BJ_TIF.paas_secret, now() - 31 * 60, &nonce()));
    tif_refuses(tif(&BJ_TIF, BJ_TIF.paas_secret, now() + 31 * 60, &nonce()));
    let raw = sign_in(&BJ_TIF, tif(&BJ_TIF, BJ_TIF.paas_secret, now() - 29 * 60, &nonce()));
    assert_eq!(raw.json()["infcode"], 0, "{}", raw.text);
}

#[test]
fn form_a_takes_a_nonce_once() {
    let headers = tif(&BJ_TIF, BJ_TIF.paas_secret, now(), &nonce());
    assert_eq!(sign_in(&BJ_TIF, headers.clone()).json()["infcode"], 0);
    tif_refuses(headers);
}

#[test]
fn form_b_signed_right_is_taken_with_milliseconds_or_seconds() {
    let milliseconds = format!("{}123", now());
    for (timestamp, name) in [(milliseconds.as_str(), "9001"), (&now().to_string(), "api_9001")] {
        let raw = sign_in(&BJ_API, api(&BJ_API, BJ_API.paas_secret, timestamp, name));
        assert_eq!(raw.json()["infcode"], 0, "{}", raw.text);
    }
}

#[test]
fn form_b_signed_wrong_gets_the_bare_answer() {
    let milliseconds = |seconds: u64| format!("{seconds}000");
    api_refuses(vec![], "缺少服务网关的请求头!");
    let mut incomplete = api(&BJ_API, BJ_API.paas_secret, &milliseconds(now()), "9001");
    incomplete.pop();
    api_refuses(incomplete, "缺少服务网关的请求头!");
    api_refuses(api(&BJ_API, BJ_API.paas_secret, &milliseconds(now() - 31 * 60), "9001"), "签名时间戳超时!");
    api_refuses(api(&BJ_API, "wrong", &milliseconds(now()), "9001"), "签名不一致!");
    let mut stranger = api(&BJ_API, BJ_API.paas_secret, &milliseconds(now()), "9001");
    stranger[3].1 = "somebody-else".into();
    api_refuses(stranger, "非法用户!");
}

#[test]
fn a_provider_without_a_gateway_needs_no_headers_and_stray_ones_harm_nothing() {
    assert_eq!(sign_in(&BJ_L2, vec![]).json()["infcode"], 0);
    assert_eq!(sign_in(&BJ_L2, vec![("apikey", "abc".into())]).json()["infcode"], 0);
}

#[test]
fn one_provider_cannot_call_with_the_signature_of_another() {
    let headers = tif(&BJ_TIF, BJ_TIF.paas_secret, now(), &nonce());
    let raw = sign_in(&BJ_API, headers);
    assert!(raw.json()["infcode"] != 0, "{}", raw.text);
}
