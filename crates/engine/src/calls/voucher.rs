//! The electronic voucher (医保电子凭证): 6101 and 1162 decode what was presented, and the token alone identifies the person then.
//!
//! The issuer is asked before the call has its turn: nothing waits for it with a book open.

use crate::call::{Call, Done, Stop};
use crate::facts::person::by_document;
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::moment_text;
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::voucher::VoucherToken;

/// How many tokens whose time is over are kept for, in hours: what was presented yesterday may be asked about.
const KEPT_HOURS: i64 = 24;

/// 6101 (解析电子凭证二维码), 1162: records the token, and tells who the issuer says it is.
pub(crate) fn decode(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let Some(voucher) = &call.voucher else {
        let text = "本平台没有接入电子凭证的签发方，不能解析二维码；请改用身份证(02)或社保卡(03)";
        return Err(Refusal::new(Code::NotProvided, text).into());
    };
    tx.remove_voucher_tokens(call.now.saturating_sub(jiff::Span::new().hours(KEPT_HOURS)))?;
    let token = VoucherToken {
        token: voucher.token.clone(),
        fixmedins_code: call.provider()?.fixmedins_code.clone(),
        business_type: voucher.business_type.clone(),
        certno: voucher.certno.clone(),
        auth_no: voucher.auth_no.clone(),
        issued_at: call.now,
        ends_at: voucher.ends_at,
    };
    tx.put_voucher_token(&token)?;
    // The issuer need not tell the name where the platform knows it.
    let known = by_document(tx, &voucher.certno)?.into_iter().next();
    let name = if voucher.name.is_empty() { known.map(|person| person.psn_name) } else { Some(voucher.name.clone()) };
    let record = Record::new()
        .text("userName", &name.unwrap_or_default())
        .text("idNo", &voucher.certno)
        .text("idType", "01")
        .text("ecToken", &voucher.token)
        .text("insuOrg", &voucher.insured_at)
        .text("authNo", &voucher.auth_no)
        .null("ecIndexNo")
        .null("gender")
        .null("birthday")
        .null("nationality")
        .null("email");
    let done = if call.infno == "6101" {
        Done::with(Output::new().list("OutData", [record]))
    } else {
        Done::with(Output::new().object("data", record))
    };
    Ok(done.remark(format!("令牌有效至 {}", moment_text(voucher.ends_at))))
}

/// The identity document behind a token; nothing where it is no token that was issued here.
pub(crate) fn document_of(tx: &mut dyn Tx, call: &Call, token: &str) -> Result<Option<String>, Stop> {
    let Some(known) = tx.voucher_token(token)? else { return Ok(None) };
    if known.fixmedins_code != call.provider()?.fixmedins_code {
        let text = "电子凭证令牌是在另一家机构解析的；请在本机构重新扫码(6101)";
        return Err(Refusal::new(Code::UnknownPerson, text).into());
    }
    if known.ends_at <= call.now {
        let text = format!("电子凭证令牌已于 {} 失效；请重新扫码(6101)", moment_text(known.ends_at));
        return Err(Refusal::new(Code::UnknownPerson, text).into());
    }
    Ok(Some(known.certno))
}
