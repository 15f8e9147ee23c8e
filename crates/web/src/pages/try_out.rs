//! A page for the hospital's engineer: a message is held against the checks alone, and nothing is stored.

use crate::frame::Frame;
use crate::national::Address;
use askama::Template;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use yibao_domain::refusal::Refusal;
use yibao_engine::Platform;
use yibao_interface::{Catalogue, Envelope, check};

/// The longest message that the page takes.
pub(super) const BYTES_MAX: usize = 1024 * 1024;

/// The form, and what was found.
#[derive(Template)]
#[template(path = "try_out.html")]
pub(super) struct TryOut {
    frame: Frame,
    message: String,
    path: String,
    found: Option<Found>,
}

/// What the checks say of a message.
struct Found {
    /// Why it would be refused, with its code; nothing where it passes.
    refused: Option<(String, &'static str)>,
    advice: String,
    remarks: Vec<String>,
    /// What would be read from it, as JSON.
    read: String,
    transaction: Option<(&'static str, &'static str)>,
}

impl TryOut {
    /// The form with a sample of a transaction.
    pub(super) fn sample(frame: Frame, infno: &str) -> TryOut {
        let catalogue = Catalogue::national();
        let transaction = catalogue.transaction(infno).or_else(|| catalogue.transaction("1101"));
        let message = transaction.map(|transaction| {
            let whole = json!({
                "infno": transaction.infno,
                "msgid": "H52050200102202107010930000001",
                "mdtrtarea_admvs": "520502",
                "insuplc_admdvs": "",
                "recer_sys_code": "99",
                "infver": "1.0.0",
                "opter_type": "1",
                "opter": "0001",
                "opter_name": "示例",
                "inf_time": "2021-07-01 09:30:00",
                "fixmedins_code": "H52050200102",
                "fixmedins_name": "示例医院",
                "input": transaction.sample(),
            });
            serde_json::to_string_pretty(&whole).unwrap_or_default()
        });
        TryOut { frame, message: message.unwrap_or_default(), path: String::new(), found: None }
    }

    /// The form with what was found in a message.
    pub(super) fn of(frame: Frame, typed: &BTreeMap<String, String>) -> TryOut {
        let said = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let (message, path) = (said("message"), said("path"));
        let found = Some(found(&message, path.trim()));
        TryOut { frame, message, path, found }
    }
}

fn found(message: &str, path: &str) -> Found {
    let catalogue = Catalogue::national();
    let mut found =
        Found { refused: None, advice: String::new(), remarks: Vec::new(), read: String::new(), transaction: None };
    let refuse = |found: &mut Found, refusal: Refusal| {
        found.advice = refusal.advice.clone().unwrap_or_default();
        found.refused = Some((refusal.text, refusal.code.as_str()));
    };
    let envelope = match Envelope::parse(message.as_bytes()) {
        Ok(envelope) => envelope,
        Err(refusal) => {
            refuse(&mut found, refusal);
            return found;
        }
    };
    let transaction = catalogue.transaction(&envelope.infno);
    found.transaction = transaction.map(|known| (known.infno.as_str(), known.name.as_str()));
    let address = Address::posted_to(if path.is_empty() { "/" } else { path });
    let declined = || transaction.and_then(Platform::declines).map_or(Ok(()), Err);
    let checked = address.allow(&envelope, catalogue).and_then(|()| declined());
    match checked.and_then(|()| check(&envelope, catalogue)) {
        Ok(checked) => {
            found.remarks = checked.remarks;
            let read: Value = serde_json::from_str(&checked.input.canonical()).unwrap_or_default();
            found.read = serde_json::to_string_pretty(&read).unwrap_or_default();
        }
        Err(refusal) => refuse(&mut found, refusal),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::frame;
    use super::*;

    impl TryOut {
        pub(in crate::pages) fn samples() -> Vec<TryOut> {
            let typed = |message: &str| BTreeMap::from([("message".to_owned(), message.to_owned())]);
            let sample = TryOut::sample(frame(), "2207");
            let good = TryOut::of(frame(), &typed(&sample.message));
            vec![sample, good, TryOut::of(frame(), &typed("{}"))]
        }
    }

    #[test]
    fn what_would_be_refused_is_said_with_its_code_and_what_passes_is_shown_as_read() {
        let sample = TryOut::sample(frame(), "2207").message;
        let typed = BTreeMap::from([("message".to_owned(), sample.clone())]);
        let text = TryOut::of(frame(), &typed).render().unwrap();
        assert!(text.contains("可以受理") && text.contains("medfee_sumamt"), "{text}");
        let without = sample.replace("\"psn_no\"", "\"person\"");
        let text = TryOut::of(frame(), &BTreeMap::from([("message".to_owned(), without)])).render().unwrap();
        assert!(text.contains("E102") && text.contains("psn_no"), "{text}");
    }

    #[test]
    fn a_path_that_names_another_transaction_is_said() {
        let sample = TryOut::sample(frame(), "2207").message;
        let typed = BTreeMap::from([("message".to_owned(), sample), ("path".to_owned(), "/ebus/2201".to_owned())]);
        assert!(TryOut::of(frame(), &typed).render().unwrap().contains("E108"));
    }
}
