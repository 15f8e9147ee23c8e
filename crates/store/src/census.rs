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
    // States of a folder's own tables have no line of theirs.
    ("台账条目", "SELECT count(*) FROM register_entry"),
    ("台账条目：待办", "SELECT count(*) FROM register_entry WHERE state = 'waiting'"),
    ("台账条目：已转自费", "SELECT count(*) FROM register_entry WHERE state = 'converted'"),
    ("台账条目：已转回医保", "SELECT count(*) FROM register_entry WHERE state = 'restored'"),
    ("台账条目：补录未通过", "SELECT count(*) FROM register_entry WHERE state = 'failed'"),
    ("台账条目：已预审", "SELECT count(*) FROM register_entry WHERE state = 'approved'"),
    ("台账条目：转手工报销", "SELECT count(*) FROM register_entry WHERE state = 'reimbursing'"),
    ("台账条目：已上报", "SELECT count(*) FROM register_entry WHERE state = 'reported'"),
    ("台账条目：已暂停待遇", "SELECT count(*) FROM register_entry WHERE state = 'held'"),
    ("台账条目：已结算", "SELECT count(*) FROM register_entry WHERE state = 'settled'"),
    ("台账条目：已办结", "SELECT count(*) FROM register_entry WHERE state = 'done'"),
    ("台账条目：已报销", "SELECT count(*) FROM register_entry WHERE state = 'reimbursed'"),
    ("台账条目：已拒绝", "SELECT count(*) FROM register_entry WHERE state = 'refused'"),
    ("台账条目：按自费结清", "SELECT count(*) FROM register_entry WHERE state = 'self_paid'"),
    ("台账条目：已撤回", "SELECT count(*) FROM register_entry WHERE state = 'withdrawn'"),
    ("台账条目：不在补录范围", "SELECT count(*) FROM register_entry WHERE state = 'outside'"),
    ("台账收费合计（分）", "SELECT CAST(coalesce(sum(charged_fen), 0) AS bigint) FROM register_entry"),
    ("台账退付合计（分）", "SELECT CAST(coalesce(sum(refunded_fen), 0) AS bigint) FROM register_entry"),
    ("台账操作记录", "SELECT count(*) FROM register_event"),
    ("台账费用明细", "SELECT count(*) FROM register_line"),
    ("台账报销权", "SELECT count(*) FROM claim_right"),
    ("待遇暂停", "SELECT count(*) FROM benefit_hold"),
    ("停机预案", "SELECT count(*) FROM published_plan"),
    ("停机事件", "SELECT count(*) FROM entered_event"),
    ("补录批次", "SELECT count(*) FROM backfill_run"),
    ("页面账号", "SELECT count(*) FROM page_user"),
    ("页面登录会话", "SELECT count(*) FROM page_session"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use yibao_domain::register::State;

    #[test]
    fn every_state_of_an_entry_is_counted() {
        for state in State::KNOWN {
            let name = format!("台账条目：{}", state.name());
            let question = QUESTIONS.iter().find(|(asked, _)| *asked == name).unwrap().1;
            assert!(question.ends_with(&format!("state = '{}'", state.word())), "{question}");
        }
    }
}
