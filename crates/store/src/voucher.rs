//! Tokens of the electronic voucher (医保电子凭证令牌): whose each is, for the minutes that it lives.

use crate::engine::{Engine, select};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::time::DateTime;

/// A token that the issuer has answered with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VoucherToken {
    /// 身份核验令牌 (`ecToken`).
    pub token: String,
    /// The provider that presented the code.
    pub fixmedins_code: String,
    /// 用码业务类型.
    pub business_type: String,
    /// The person's identity document (`idNo`).
    pub certno: String,
    /// 授权流水号 (`authNo`).
    pub auth_no: String,
    /// When it was issued.
    pub issued_at: DateTime,
    /// From when on it counts no more.
    pub ends_at: DateTime,
}

/// Questions and records about tokens.
pub trait Vouchers {
    /// One token.
    fn voucher_token(&mut self, token: &str) -> Result<Option<VoucherToken>, Fault>;
    /// Records a token; the same one may come again.
    fn put_voucher_token(&mut self, row: &VoucherToken) -> Result<(), Fault>;
    /// Removes tokens whose time is over, and says how many.
    fn remove_voucher_tokens(&mut self, ended_before: DateTime) -> Result<u64, Fault>;
}

record! {
    VoucherToken = "voucher_token", "电子凭证令牌", key [token];
    fields { token, fixmedins_code, business_type, certno, auth_no, issued_at, ends_at }
}

impl<E: Engine> Vouchers for E {
    fn voucher_token(&mut self, token: &str) -> Result<Option<VoucherToken>, Fault> {
        let sql = select!(VoucherToken, "WHERE token = ?1");
        self.first(("reading a voucher's token", ""), sql, &values![token], VoucherToken::read)
    }

    fn put_voucher_token(&mut self, row: &VoucherToken) -> Result<(), Fault> {
        let sql = crate::engine::sql!("{} {}", VoucherToken::table().insert.one, VoucherToken::table().or_replace(&[]));
        self.record(("recording a voucher's token", ""), sql, row.values())
    }

    fn remove_voucher_tokens(&mut self, ended_before: DateTime) -> Result<u64, Fault> {
        let sql = "DELETE FROM voucher_token WHERE ends_at < ?1";
        self.run(("removing tokens", ""), sql, &values![ended_before])
    }
}
