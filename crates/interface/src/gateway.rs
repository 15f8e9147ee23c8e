//! The gateway's headers (服务网关签名), as server and as client: form A (`x-tif-…`) and form B (`_api_…`).
//!
//! Neither form signs the body. Both live in a window of 30 minutes around the real clock, which the
//! caller reads and hands in. In form A a nonce is taken once ([`NonceMemory`]); form B has no nonce,
//! and a client that resends a message may well resend its headers, so there the window is all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::{HashSet, VecDeque};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::written::hexadecimal;

/// How far a timestamp may be from the real clock, either way.
pub const WINDOW_SECONDS: i64 = 30 * 60;

/// The four headers of form A.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TifHeaders {
    /// `x-tif-paasid`: the account given to the institution.
    pub paasid: String,
    /// `x-tif-timestamp`: seconds since 1970.
    pub timestamp: String,
    /// `x-tif-nonce`: any text, once.
    pub nonce: String,
    /// `x-tif-signature`.
    pub signature: String,
}

impl TifHeaders {
    /// Reads the headers; `header` finds one whatever the size of its letters.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Result<TifHeaders, Refusal> {
        let demand = |name: &str| {
            header(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .ok_or_else(|| Refusal::new(Code::Gateway, format!("缺少服务网关的请求头{name}，请检查网关签名配置")))
        };
        Ok(TifHeaders {
            paasid: demand("x-tif-paasid")?,
            timestamp: demand("x-tif-timestamp")?,
            nonce: demand("x-tif-nonce")?,
            signature: demand("x-tif-signature")?,
        })
    }

    /// Signs as a client does.
    pub fn sign(paasid: &str, secret: &str, nonce: &str, unix_seconds: i64) -> TifHeaders {
        let timestamp = unix_seconds.to_string();
        let signature = tif_signature(&timestamp, secret, nonce);
        TifHeaders { paasid: paasid.into(), timestamp, nonce: nonce.into(), signature }
    }

    /// Name and value of each header.
    pub fn pairs(&self) -> [(&'static str, &str); 4] {
        [
            ("x-tif-paasid", &self.paasid),
            ("x-tif-timestamp", &self.timestamp),
            ("x-tif-nonce", &self.nonce),
            ("x-tif-signature", &self.signature),
        ]
    }

    /// Checks account, window, signature, and that the nonce is new. A nonce is remembered only when
    /// everything else fits, so that nobody can use up another's.
    pub fn check(
        &self,
        expected_paasid: &str,
        secret: &str,
        unix_seconds: i64,
        nonces: &mut NonceMemory,
    ) -> Result<(), Refusal> {
        let refuse = |text: &str| Err(Refusal::new(Code::Gateway, text));
        if self.paasid != expected_paasid {
            return refuse("x-tif-paasid与该机构登记的账号不一致，请核对网关账号");
        }
        if !within_window(&self.timestamp, unix_seconds) {
            return refuse("签名时间戳超时(前后30分钟)，请校准本机时钟后重发");
        }
        let expected = tif_signature(&self.timestamp, secret, &self.nonce);
        if !same(expected.as_bytes(), self.signature.to_ascii_lowercase().as_bytes()) {
            return refuse("签名不一致，请核对网关密钥");
        }
        if !nonces.take(&self.paasid, &self.nonce, unix_seconds) {
            return refuse("x-tif-nonce重复，请为每次请求生成新的随机串");
        }
        Ok(())
    }
}

/// SHA-256 over timestamp, secret, nonce, timestamp, in small hexadecimal letters.
fn tif_signature(timestamp: &str, secret: &str, nonce: &str) -> String {
    let mut hash = Sha256::new();
    for part in [timestamp, secret, nonce, timestamp] {
        hash.update(part.as_bytes());
    }
    hexadecimal(&hash.finalize())
}

/// The five headers of form B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiHeaders {
    /// `_api_name`: a number, `api_1101`, or a fixed name of the client's.
    pub name: String,
    /// `_api_version`.
    pub version: String,
    /// `_api_timestamp`: 13 digits (milliseconds) or 10 (seconds).
    pub timestamp: String,
    /// `_api_access_key`: the account given to the institution.
    pub access_key: String,
    /// `_api_signature`.
    pub signature: String,
}

/// The service bus answers a bad header with bare JSON, without the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiRefusal {
    /// A header is missing.
    Missing,
    /// The timestamp is older or newer than 30 minutes.
    Late,
    /// The access key is not the institution's.
    UnknownUser,
    /// The signature does not fit.
    Signature,
}

impl ApiRefusal {
    /// The message of the specification.
    pub fn message(self) -> &'static str {
        match self {
            ApiRefusal::Missing => "缺少服务网关的请求头!",
            ApiRefusal::Late => "签名时间戳超时!",
            ApiRefusal::UnknownUser => "非法用户!",
            ApiRefusal::Signature => "签名不一致!",
        }
    }

    /// The bare body.
    pub fn body(self) -> String {
        format!(r#"{{"code":401,"message":"{}"}}"#, self.message())
    }
}

impl ApiHeaders {
    /// Reads the headers; `header` finds one whatever the size of its letters.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Result<ApiHeaders, ApiRefusal> {
        let demand = |name: &str| {
            header(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).ok_or(ApiRefusal::Missing)
        };
        Ok(ApiHeaders {
            name: demand("_api_name")?,
            version: demand("_api_version")?,
            timestamp: demand("_api_timestamp")?,
            access_key: demand("_api_access_key")?,
            signature: demand("_api_signature")?,
        })
    }

    /// Signs as a client does, with milliseconds.
    pub fn sign(name: &str, version: &str, access_key: &str, secret: &str, unix_milliseconds: i64) -> ApiHeaders {
        let mut headers = ApiHeaders {
            name: name.into(),
            version: version.into(),
            timestamp: unix_milliseconds.to_string(),
            access_key: access_key.into(),
            signature: String::new(),
        };
        headers.signature = BASE64.encode(headers.mac(secret).finalize().into_bytes());
        headers
    }

    /// Name and value of each header.
    pub fn pairs(&self) -> [(&'static str, &str); 5] {
        [
            ("_api_name", &self.name),
            ("_api_version", &self.version),
            ("_api_timestamp", &self.timestamp),
            ("_api_access_key", &self.access_key),
            ("_api_signature", &self.signature),
        ]
    }

    /// Checks window, account and signature.
    pub fn check(&self, expected_access_key: &str, secret: &str, unix_seconds: i64) -> Result<(), ApiRefusal> {
        if !within_window(&self.timestamp, unix_seconds) {
            return Err(ApiRefusal::Late);
        }
        if self.access_key != expected_access_key {
            return Err(ApiRefusal::UnknownUser);
        }
        let signature = BASE64.decode(&self.signature).map_err(|_| ApiRefusal::Signature)?;
        self.mac(secret).verify_slice(&signature).map_err(|_| ApiRefusal::Signature)
    }

    /// HMAC-SHA1 over the four other headers, sorted by key.
    fn mac(&self, secret: &str) -> Hmac<Sha1> {
        let text = format!(
            "_api_access_key={}&_api_name={}&_api_timestamp={}&_api_version={}",
            self.access_key, self.name, self.timestamp, self.version
        );
        let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).expect("a key of any length will do");
        mac.update(text.as_bytes());
        mac
    }
}

/// Remembers the nonces of the window, so that none is taken twice.
///
/// Bounded: when full it forgets the oldest first, which a client can bring about only by signing more
/// than `capacity` requests within half an hour.
#[derive(Debug)]
pub struct NonceMemory {
    capacity: usize,
    seen: HashSet<(String, String)>,
    order: VecDeque<(i64, (String, String))>,
}

impl NonceMemory {
    /// A memory of at most so many nonces.
    pub fn new(capacity: usize) -> Self {
        NonceMemory { capacity: capacity.max(1), seen: HashSet::new(), order: VecDeque::new() }
    }

    /// Takes a nonce; `false` where the account used it before, as long as its timestamp may count.
    pub fn take(&mut self, paasid: &str, nonce: &str, unix_seconds: i64) -> bool {
        // A timestamp may be half an hour ahead, so its nonce counts for twice the window.
        while self.order.front().is_some_and(|(taken, _)| unix_seconds - taken > 2 * WINDOW_SECONDS) {
            self.forget_oldest();
        }
        let key = (paasid.to_owned(), nonce.to_owned());
        if !self.seen.insert(key.clone()) {
            return false;
        }
        self.order.push_back((unix_seconds, key));
        if self.order.len() > self.capacity {
            self.forget_oldest();
        }
        true
    }

    fn forget_oldest(&mut self) {
        if let Some((_, key)) = self.order.pop_front() {
            self.seen.remove(&key);
        }
    }
}

/// Whether a timestamp of 10 digits (seconds) or 13 (milliseconds) is within the window.
fn within_window(timestamp: &str, unix_seconds: i64) -> bool {
    let Ok(number) = timestamp.parse::<i64>() else { return false };
    let seconds = match timestamp.len() {
        10 => number,
        13 => number / 1000,
        _ => return false,
    };
    (unix_seconds - seconds).abs() <= WINDOW_SECONDS
}

/// Compares without telling by its time where the difference is.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differing, (a, b)| differing | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_625_840_000;

    fn tif(nonce: &str, at: i64) -> TifHeaders {
        TifHeaders::sign("bijie_hospital", "secret", nonce, at)
    }

    #[track_caller]
    fn check_tif(headers: &TifHeaders, part: Option<&str>) {
        let result = headers.check("bijie_hospital", "secret", NOW, &mut NonceMemory::new(9));
        match part {
            None => assert_eq!(result, Ok(())),
            Some(part) => {
                let refusal = result.unwrap_err();
                assert_eq!(refusal.code, Code::Gateway);
                assert!(refusal.text.contains(part), "{}", refusal.text);
            }
        }
    }

    #[test]
    fn form_a_is_the_plain_hash_of_its_parts() {
        // printf '%s' 1625840000secretn1625840000 | sha256sum
        assert_eq!(tif("n", NOW).signature, TIF_KNOWN);
    }

    // Computed with sha256sum and openssl, not with this code.
    const TIF_KNOWN: &str = "c4036a31e212878ee71f1d46cc23d252fef7a5bac4b10aefad7e9a92e6f8a6da";
    const API_KNOWN: &str = "JpJCZy/PYu0rNcFxMAThQ7jTaVw=";

    #[test]
    fn form_b_is_the_hmac_of_the_sorted_headers() {
        // printf '%s' '_api_access_key=ak&_api_name=1101&_api_timestamp=1625840000000&_api_version=1.0.0' |
        //   openssl dgst -sha1 -hmac secret -binary | base64
        assert_eq!(ApiHeaders::sign("1101", "1.0.0", "ak", "secret", NOW * 1000).signature, API_KNOWN);
    }

    #[test]
    fn form_a_takes_a_signed_call_within_the_window_only() {
        check_tif(&tif("n", NOW), None);
        check_tif(&tif("n", NOW - WINDOW_SECONDS), None);
        check_tif(&tif("n", NOW + WINDOW_SECONDS), None);
        check_tif(&tif("n", NOW - WINDOW_SECONDS - 1), Some("超时"));
        check_tif(&tif("n", NOW + WINDOW_SECONDS + 1), Some("超时"));
        let mut upper = tif("n", NOW);
        upper.signature = upper.signature.to_uppercase();
        check_tif(&upper, None);
        check_tif(&TifHeaders { nonce: "m".into(), ..tif("n", NOW) }, Some("签名不一致"));
        check_tif(&TifHeaders { signature: "短".into(), ..tif("n", NOW) }, Some("签名不一致"));
        check_tif(&TifHeaders { paasid: "other".into(), ..tif("n", NOW) }, Some("账号"));
        check_tif(&TifHeaders { timestamp: "soon".into(), ..tif("n", NOW) }, Some("超时"));
        let refusal = TifHeaders::read(|name| (name != "x-tif-nonce").then(|| "x".into())).unwrap_err();
        assert!(refusal.text.contains("x-tif-nonce"));
    }

    #[test]
    fn a_nonce_is_taken_once_and_a_forged_call_uses_none_up() {
        let mut nonces = NonceMemory::new(100);
        let mut call = |headers: &TifHeaders, now| headers.check("bijie_hospital", "secret", now, &mut nonces).is_ok();
        assert!(!call(&TifHeaders { signature: "0".repeat(64), ..tif("n", NOW) }, NOW));
        assert!(call(&tif("n", NOW), NOW));
        assert!(!call(&tif("n", NOW), NOW + 1));
        assert!(!call(&tif("n", NOW + 5), NOW + 5));
        assert!(call(&tif("m", NOW), NOW));
        assert!(call(&tif("n", NOW + 4000), NOW + 4000));
    }

    #[test]
    fn a_nonce_counts_as_long_as_its_timestamp_does() {
        let mut nonces = NonceMemory::new(100);
        let early = tif("n", NOW + WINDOW_SECONDS);
        assert!(early.check("bijie_hospital", "secret", NOW, &mut nonces).is_ok());
        assert!(early.check("bijie_hospital", "secret", NOW + 2 * WINDOW_SECONDS, &mut nonces).is_err());
    }

    #[test]
    fn the_memory_of_nonces_is_bounded() {
        let mut nonces = NonceMemory::new(10);
        for at in 0..1000 {
            assert!(nonces.take("p", &at.to_string(), NOW));
        }
        assert_eq!((nonces.seen.len(), nonces.order.len()), (10, 10));
    }

    #[track_caller]
    fn check_api(headers: &ApiHeaders, expected: Result<(), ApiRefusal>) {
        assert_eq!(headers.check("ak", "secret", NOW), expected);
    }

    #[test]
    fn form_b_refuses_with_the_four_messages_of_the_specification() {
        let good = ApiHeaders::sign("api_1101", "1.0.0", "ak", "secret", NOW * 1000);
        check_api(&good, Ok(()));
        check_api(&ApiHeaders::sign("x", "1", "ak", "secret", (NOW - WINDOW_SECONDS) * 1000), Ok(()));
        check_api(
            &ApiHeaders::sign("x", "1", "ak", "secret", (NOW - WINDOW_SECONDS - 1) * 1000),
            Err(ApiRefusal::Late),
        );
        check_api(&ApiHeaders::sign("x", "1", "ak", "secret", NOW), Ok(())); // ten digits: seconds
        check_api(&ApiHeaders::sign("x", "1", "other", "secret", NOW), Err(ApiRefusal::UnknownUser));
        check_api(&ApiHeaders::sign("x", "1", "ak", "wrong", NOW), Err(ApiRefusal::Signature));
        check_api(&ApiHeaders { signature: "???".into(), ..good.clone() }, Err(ApiRefusal::Signature));
        check_api(&ApiHeaders { name: "2207".into(), ..good }, Err(ApiRefusal::Signature));
        assert_eq!(ApiHeaders::read(|_| None), Err(ApiRefusal::Missing));
        assert_eq!(ApiRefusal::Late.body(), r#"{"code":401,"message":"签名时间戳超时!"}"#);
    }
}
