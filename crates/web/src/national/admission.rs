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
use std::sync::Arc;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_engine::{Call, Fault, Origin, Platform, Provider};
use yibao_interface::{Catalogue, Envelope, Sender, check};

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
        Err(refusal) => {
            // It is answered in its sender's pool all the same, where it says who that is.
            let sender = Sender::of(&sent.message);
            caller.says(&sender.infno, &sender.msgid);
            if let Ok(Some(provider)) = provider_of(app, &sender.fixmedins_code, received) {
                caller.is(app, &provider, received);
            }
            return (caller, refused(refusal));
        }
    };
    if let Some(file) = &sent.file {
        envelope.attach(file);
    }
    caller.says(&envelope.infno, &envelope.msgid);
    let provider = match provider_of(app, &envelope.fixmedins_code, received) {
        Ok(Some(provider)) => provider,
        Ok(None) => return (caller, refused(unknown_provider(&envelope.fixmedins_code))),
        Err(fault) => return (caller, Err(Outcome::Fault(fault.chain()))),
    };
    caller.is(app, &provider, received);

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

/// The provider with this code, if it is registered here.
fn provider_of(app: &App, code: &str, received: DateTime) -> Result<Option<Arc<Provider>>, Fault> {
    if code.is_empty() {
        return Ok(None);
    }
    match app.platform.provider_in_memory(code, received) {
        Some(known) => Ok(Some(known)),
        // Asking the store would hold up other connections.
        None => tokio::task::block_in_place(|| app.platform.provider(code, received)),
    }
}

fn unknown_provider(fixmedins_code: &str) -> Refusal {
    Refusal::new(
        Code::UnknownProvider,
        format!("定点医药机构编号fixmedins_code\"{fixmedins_code}\"未在本平台登记，请核对编号，或联系医保经办机构登记"),
    )
}
