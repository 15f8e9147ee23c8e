//! The census of a book (清点): counts and sums by which two copies of a book are compared.
//!
//! The questions are the same words for every engine.

/// One figure of the census.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Figure {
    /// What was counted or summed, in Chinese; sums of amounts are in fen.
    pub name: &'static str,
    /// The count or sum.
    pub value: i64,
}

/// What is asked: a name, and a question with one whole number as its answer.
pub(crate) const QUESTIONS: &[(&str, &str)] = &[
    ("参保人", "SELECT count(*) FROM person"),
    ("参保信息", "SELECT count(*) FROM insurance"),
    ("人员身份类别", "SELECT count(*) FROM attribute"),
    ("门慢门特资格", "SELECT count(*) FROM special_disease"),
    ("备案", "SELECT count(*) FROM filing"),
    ("个人账户", "SELECT count(*) FROM account"),
    ("个人账户余额合计（分）", "SELECT CAST(coalesce(sum(balance_fen), 0) AS bigint) FROM account"),
    ("累计", "SELECT count(*) FROM running_total"),
    ("累计值合计", "SELECT CAST(coalesce(sum(value), 0) AS bigint) FROM running_total"),
    ("就诊", "SELECT count(*) FROM encounter"),
    ("诊断", "SELECT count(*) FROM diagnosis"),
    ("费用明细", "SELECT count(*) FROM fee_line"),
    ("费用明细金额合计（分）", "SELECT CAST(coalesce(sum(det_item_fee_sumamt_fen), 0) AS bigint) FROM fee_line"),
    ("结算", "SELECT count(*) FROM settlement"),
    ("结算总费用合计（分）", "SELECT CAST(coalesce(sum(medfee_sumamt_fen), 0) AS bigint) FROM settlement"),
    ("基金支付合计（分）", "SELECT CAST(coalesce(sum(fund_pay_sumamt_fen), 0) AS bigint) FROM settlement"),
    ("个人账户支付合计（分）", "SELECT CAST(coalesce(sum(acct_pay_fen), 0) AS bigint) FROM settlement"),
    ("基金分项", "SELECT count(*) FROM fund_share"),
    ("累计变动", "SELECT count(*) FROM accumulation"),
    ("结算撤销", "SELECT count(*) FROM cancellation"),
    ("会计分录", "SELECT count(*) FROM posting"),
    ("会计分录借方合计（分）", "SELECT CAST(coalesce(sum(amount_fen), 0) AS bigint) FROM posting WHERE amount_fen > 0"),
    ("报文", "SELECT count(*) FROM message"),
    ("报文冲正", "SELECT count(*) FROM message_reversal"),
    ("目录对照", "SELECT count(*) FROM mapping"),
    ("签到", "SELECT count(*) FROM sign_in"),
];
