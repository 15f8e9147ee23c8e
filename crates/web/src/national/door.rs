//! The gateway's check as a provider's record asks for it: form A, form B, or none.
//!
//! A provider without a secret is not checked: clients exist that send no gateway headers at all.

use axum::http::HeaderMap;
use std::sync::{Mutex, PoisonError};
use yibao_domain::refusal::Refusal;
use yibao_interface::gateway::{ApiHeaders, ApiRefusal, NonceMemory, TifHeaders};

/// What a provider's record says about the gateway.
pub(super) struct Door<'a> {
    /// `tif` (form A), `api` (form B); anything else: no check.
    pub form: &'a str,
    /// The account given to the provider.
    pub account: &'a str,
    /// The secret given to the provider; empty: no check.
    pub secret: &'a str,
}

/// The two ways in which a gateway turns a caller away.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TurnedAway {
    /// Form A: a refusal in the envelope.
    InEnvelope(Refusal),
    /// Form B: bare JSON.
    Bare(ApiRefusal),
}

impl Door<'_> {
    /// Checks the headers, at the real time.
    pub(super) fn check(
        &self,
        headers: &HeaderMap,
        unix_seconds: i64,
        nonces: &Mutex<NonceMemory>,
    ) -> Result<(), TurnedAway> {
        if self.secret.is_empty() {
            return Ok(());
        }
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        match self.form {
            "tif" => {
                let signed = TifHeaders::read(header).map_err(TurnedAway::InEnvelope)?;
                // A panic elsewhere leaves the memory whole: its one change is complete or not made.
                let mut nonces = nonces.lock().unwrap_or_else(PoisonError::into_inner);
                signed.check(self.account, self.secret, unix_seconds, &mut nonces).map_err(TurnedAway::InEnvelope)
            }
            "api" => {
                let signed = ApiHeaders::read(header).map_err(TurnedAway::Bare)?;
                signed.check(self.account, self.secret, unix_seconds).map_err(TurnedAway::Bare)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const NOW: i64 = 1_625_840_000;

    fn headers<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> HeaderMap {
        let pair = |(name, value): (&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        pairs.into_iter().map(pair).collect()
    }

    fn check(form: &str, secret: &str, headers: &HeaderMap) -> Result<(), TurnedAway> {
        Door { form, account: "ak", secret }.check(headers, NOW, &Mutex::new(NonceMemory::new(9)))
    }

    #[test]
    fn a_provider_without_gateway_or_secret_is_let_in_as_it_comes() {
        for (form, secret) in [("none", "s"), ("", "s"), ("tif", ""), ("api", "")] {
            assert_eq!(check(form, secret, &HeaderMap::new()), Ok(()), "{form}");
        }
    }

    #[test]
    fn form_a_is_read_whatever_the_letters_and_refused_in_the_envelope() {
        let signed = TifHeaders::sign("ak", "s", "n", NOW);
        let good = headers(signed.pairs().map(|(name, value)| match name {
            "x-tif-paasid" => ("X-Tif-PaasId", value),
            other => (other, value),
        }));
        assert_eq!(check("tif", "s", &good), Ok(()));
        assert!(matches!(check("tif", "other", &good), Err(TurnedAway::InEnvelope(_))));
        assert!(matches!(check("tif", "s", &HeaderMap::new()), Err(TurnedAway::InEnvelope(_))));
    }

    #[test]
    fn form_a_takes_a_nonce_once() {
        let good = headers(TifHeaders::sign("ak", "s", "n", NOW).pairs());
        let nonces = Mutex::new(NonceMemory::new(9));
        let door = Door { form: "tif", account: "ak", secret: "s" };
        assert_eq!(door.check(&good, NOW, &nonces), Ok(()));
        assert!(matches!(door.check(&good, NOW, &nonces), Err(TurnedAway::InEnvelope(_))));
    }

    #[test]
    fn form_b_is_refused_bare() {
        let good = headers(ApiHeaders::sign("1101", "1.0.0", "ak", "s", NOW * 1000).pairs());
        assert_eq!(check("api", "s", &good), Ok(()));
        assert_eq!(check("api", "other", &good), Err(TurnedAway::Bare(ApiRefusal::Signature)));
        assert_eq!(check("api", "s", &HeaderMap::new()), Err(TurnedAway::Bare(ApiRefusal::Missing)));
    }
}
