//! The issuer of the electronic voucher (医保电子凭证签发方): a party outside, asked before a message has its turn.

use jiff::civil::DateTime;
use yibao_domain::refusal::{Code, Refusal};
use yibao_engine::call::Voucher;
use yibao_interface::Input;

/// What is asked of the issuer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Presented<'a> {
    /// The code that was presented (二维码内容).
    pub code: &'a str,
    /// The provider.
    pub fixmedins_code: &'a str,
    /// 用码业务类型.
    pub business_type: &'a str,
    /// When.
    pub at: DateTime,
}

/// Decodes what is presented at a counter. It may wait for a network.
pub trait VoucherIssuer: Send + Sync {
    /// Who it is, or why that cannot be said.
    fn decode(&self, presented: &Presented<'_>) -> Result<Voucher, Refusal>;
}

/// The transactions that present a code.
pub(crate) fn presents(infno: &str) -> bool {
    matches!(infno, "6101" | "1162")
}

/// The names under which clients put the code that was read.
const CODES: [&str; 5] = ["ecQrCode", "qrCode", "ecCode", "barCode", "businessInfo"];

/// Asks the issuer about what a message presents.
pub(crate) fn asked(
    issuer: &dyn VoucherIssuer,
    input: &Input,
    fixmedins_code: &str,
    at: DateTime,
) -> Result<Voucher, Refusal> {
    let rows = || input.names().flat_map(|name| input.nodes(name));
    let said = |field: &str| rows().find_map(|row| row.get(field)).unwrap_or_default();
    let Some(code) = CODES.iter().map(|field| said(field)).find(|code| !code.is_empty()) else {
        let text = format!("缺少二维码内容（{}之一）；请重新扫码后发送", CODES.join("、"));
        return Err(Refusal::new(Code::FieldMissing, text));
    };
    issuer.decode(&Presented { code, fixmedins_code, business_type: said("businessType"), at })
}
