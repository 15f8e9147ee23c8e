//! From bytes to a call that the platform may be asked: envelope, provider, gateway, address, tables.

use super::address::Address;
use super::caller::Caller;
use super::door::{Door, TurnedAway};
use super::outcome::Outcome;
use super::sent::Sent;
use crate::app::App;
use crate::voucher::{asked, presents};
use axum::http::HeaderMap;
use jiff::civil::DateTime;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_engine::{Call, Origin, Platform};
use yibao_interface::{Catalogue, Envelope, InfcodeForm, check};

/// A call that has passed everything that can be checked without its business.
pub(super) struct Admitted {
    /// For the platform.
    pub call: Call,
    /// For `warn_msg`.
    pub remarks: Vec<String>,
}

/// Checks a message in the order in which more becomes known about its sender.
pub(super) fn admit(
    app: &App,
    address: &Address,
    headers: &HeaderMap,
    sent: &Sent,
    received: DateTime,
) -> (Caller, Result<Admitted, Outcome>) {
    let catalogue = Catalogue::national();
    let mut caller = Caller::unknown(app, received);
    let refused = |refusal| Err(Outcome::Refused(refusal, Vec::new()));
    let mut envelope = match Envelope::parse(&sent.message) {
        Ok(envelope) => envelope,
        Err(refusal) => return (caller, refused(refusal)),
    };
    if let Some(file) = &sent.file {
        envelope.attach(file);
    }
    caller.msgid.clone_from(&envelope.msgid);
    if let Some(transaction) = catalogue.transaction(&envelope.infno) {
        caller.transaction = &transaction.infno;
    }
    let code = envelope.fixmedins_code.as_str();
    let known = app.platform.provider_in_memory(code, received).map(|known| Ok(Some(known)));
    // Asking the store would hold up other connections.
    let found = known.unwrap_or_else(|| tokio::task::block_in_place(|| app.platform.provider(code, received)));
    let provider = match found {
        Ok(Some(provider)) => provider,
        Ok(None) => return (caller, refused(unknown_provider(&envelope.fixmedins_code))),
        Err(fault) => return (caller, Err(Outcome::Fault(fault.chain()))),
    };
    caller.provider.clone_from(&provider.fixmedins_code);
    caller.form = infcode_form(&provider.infcode_form);
    caller.dialect.clone_from(&provider.dialect);
    caller.reply_id = app.platform.reply_id(Some(&provider), received);

    let door = Door { form: &provider.gateway, account: &provider.paas_id, secret: &provider.paas_secret };
    match door.check(headers, app.clock.real_unix_seconds(), &app.nonces) {
        Ok(()) => {}
        Err(TurnedAway::InEnvelope(refusal)) => return (caller, refused(refusal)),
        Err(TurnedAway::Bare(refusal)) => return (caller, Err(Outcome::TurnedAwayBare(refusal))),
    }
    // Whether it is answered at all is said before its fields are looked at.
    let declined = || catalogue.transaction(&envelope.infno).and_then(Platform::declines).map_or(Ok(()), Err);
    let allowed = address.allow(&envelope, catalogue).and_then(|()| declined());
    let checked = match allowed.and_then(|()| check(&envelope, catalogue)) {
        Ok(checked) => checked,
        Err(refusal) => return (caller, refused(refusal)),
    };
    let voucher = match app.issuer.as_ref().filter(|_| presents(&checked.transaction.infno)) {
        // The issuer may be far away.
        Some(issuer) => {
            let code = provider.fixmedins_code.as_str();
            match tokio::task::block_in_place(|| asked(issuer.as_ref(), &checked.input, code, received)) {
                Ok(voucher) => Some(voucher),
                Err(refusal) => return (caller, refused(refusal)),
            }
        }
        None => None,
    };
    let call = Call {
        infno: checked.transaction.infno.clone(),
        party: Party::provider(&provider.fixmedins_code),
        msgid: envelope.msgid,
        admdvs: provider.admdvs.clone(),
        provider: Some(provider),
        insuplc_admdvs: envelope.insuplc_admdvs,
        opter: envelope.opter,
        opter_name: envelope.opter_name,
        input: checked.input,
        now: received,
        file: sent.file.clone(),
        voucher,
        origin: Origin::Message,
    };
    (caller, Ok(Admitted { call, remarks: checked.remarks }))
}

fn unknown_provider(fixmedins_code: &str) -> Refusal {
    Refusal::new(
        Code::UnknownProvider,
        format!("定点医药机构编号fixmedins_code\"{fixmedins_code}\"未在本平台登记，请核对编号，或联系医保经办机构登记"),
    )
}

fn infcode_form(word: &str) -> InfcodeForm {
    if word == "string" { InfcodeForm::Text } else { InfcodeForm::Number }
}
