//! A simulated issuer of electronic vouchers: in a demonstration everybody's code is `ec:` and the identity number.

use sha2::{Digest, Sha256};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::moment_text;
use yibao_domain::written::hexadecimal;
use yibao_engine::call::Voucher;
use yibao_web::{Presented, VoucherIssuer};

/// Minutes that a token lives (illustrative: no source prints how long).
const MINUTES: i64 = 5;

/// Knows everybody by the number that the code shows.
pub(super) struct SimulatedIssuer;

impl VoucherIssuer for SimulatedIssuer {
    fn decode(&self, presented: &Presented<'_>) -> Result<Voucher, Refusal> {
        let Some(certno) = presented.code.strip_prefix("ec:") else {
            let text = "请使用医保电子凭证二维码；演示中的二维码内容是 ec: 加身份证号码";
            return Err(Refusal::new(Code::UnknownPerson, text));
        };
        let said = format!("{}{}{}", presented.code, presented.fixmedins_code, moment_text(presented.at));
        let token = hexadecimal(&Sha256::digest(said));
        Ok(Voucher {
            token: token[..40].to_owned(),
            certno: certno.to_owned(),
            name: String::new(),
            insured_at: String::new(),
            auth_no: token[40..].to_owned(),
            business_type: presented.business_type.to_owned(),
            ends_at: presented.at.saturating_add(jiff::Span::new().minutes(MINUTES)),
        })
    }
}
