//! 9001 sign-in (签到) and 9002 sign-out (签退). Answered, never demanded of other transactions.

use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::session::SignIn;

/// 9001: records the sign-in and gives its number.
pub(crate) fn sign_in(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("signIn")?;
    let serial = tx.next_serial("sign_in")?;
    let sign_no = format!("{}{}9{serial:08}", policies.pool.pool, call.now.strftime("%Y%m%d"));
    tx.add_sign_in(&SignIn {
        sign_no: sign_no.clone(),
        fixmedins_code: call.provider()?.fixmedins_code.clone(),
        opter_no: fields.text("opter_no").to_owned(),
        signed_in_at: call.now,
        signed_out_at: None,
    })?;
    let reply = Record::new().moment("sign_time", Some(call.now)).text("sign_no", &sign_no);
    Ok(Done::with(Output::new().object("signinoutb", reply)))
}

/// 9002: records the sign-out, which belongs to a sign-in of the same provider and day.
pub(crate) fn sign_out(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("signOut")?;
    let sign_no = fields.demand("sign_no")?;
    let provider = call.provider()?;
    let signed_in = tx.sign_in(sign_no)?.filter(|row| row.fixmedins_code == provider.fixmedins_code);
    let Some(signed_in) = signed_in else {
        return Err(Refusal::new(Code::NotFound, format!("签到编号 {sign_no} 不存在；请先签到(9001)")).into());
    };
    if signed_in.signed_in_at.date() != call.now.date() {
        return Err(Refusal::new(
            Code::WrongState,
            format!("签到编号 {sign_no} 是 {} 的签到，只能当日签退；请重新签到(9001)", signed_in.signed_in_at.date()),
        )
        .into());
    }
    if signed_in.signed_out_at.is_none() {
        tx.sign_out(sign_no, call.now)?;
    }
    Ok(Done::with(Output::new().object("signoutoutb", Record::new().moment("sign_time", Some(call.now)))))
}
