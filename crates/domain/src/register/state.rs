//! The closed vocabularies of the registers: states, actions, roles, and the buckets of the closing sum.

use crate::outage::words::vocabulary;

vocabulary! {
    /// Where an entry stands (状态).
    State {
        /// Taken in, nothing done yet.
        Waiting = "waiting", "待办";
        /// The insured stay is self-paying for the outage (B-02).
        Converted = "converted", "已转自费";
        /// Insured again, not settled yet (B-17).
        Restored = "restored", "已转回医保";
        /// Entered afterwards and refused; to be corrected.
        Failed = "failed", "补录未通过";
        /// Signed and stamped ahead of the processing (P-18).
        Approved = "approved", "已预审";
        /// Handed over to manual reimbursement.
        Reimbursing = "reimbursing", "转手工报销";
        /// A debtor's case is with the agency (P-26).
        Reported = "reported", "已上报";
        /// Later benefits of the debtor are held (P-26).
        Held = "held", "已暂停待遇";
        /// Settled through the ordinary handlers.
        Settled = "settled", "已结算";
        /// Told, dispensed, processed, decided, acknowledged, paid: done without a settlement.
        Done = "done", "已办结";
        /// Paid out by manual reimbursement.
        Reimbursed = "reimbursed", "已报销";
        /// Refused, with the reason.
        Refused = "refused", "已拒绝";
        /// Settled as self-paying, with the reason (not entitled).
        SelfPaid = "self_paid", "按自费结清";
        /// Withdrawn by the person.
        Withdrawn = "withdrawn", "已撤回";
        /// Recorded only: the notice gives no route (B-13, P-04).
        Outside = "outside", "不在补录范围";
    }
}

vocabulary! {
    /// Where a state counts in the closing sum.
    Bucket {
        Waiting = "waiting", "待办";
        Settled = "settled", "已结算(办结)";
        Reimbursed = "reimbursed", "已报销";
        Refused = "refused", "已拒绝";
        Withdrawn = "withdrawn", "已撤回";
        /// Beside the sum: recorded without a promise.
        Outside = "outside", "不在补录范围";
    }
}

vocabulary! {
    /// What is done to an entry (操作).
    Action {
        Register = "register", "登记";
        Correct = "correct", "更正";
        Tell = "tell", "告知";
        Convert = "convert", "转自费";
        ConvertBack = "convert_back", "转回医保";
        /// An extra charge in the outage is noted (B-10).
        Charge = "charge", "记另行收费";
        Discharge = "discharge", "记出院";
        Dispense = "dispense", "提前开药";
        Call = "call", "电话通知";
        Choose = "choose", "记患者选择";
        /// Settled by backfill or over the national interface.
        Settle = "settle", "补录结算";
        /// The refund of a settlement is paid out and signed for.
        HandBack = "hand_back", "退款签收";
        /// Backfill was refused.
        Fail = "fail", "补录未通过";
        /// The settlement was cancelled.
        Unsettle = "unsettle", "结算已撤销";
        ToReimbursement = "to_reimbursement", "转手工报销";
        Reimburse = "reimburse", "报销";
        PreApprove = "pre_approve", "预审";
        Process = "process", "办结";
        Explain = "explain", "向患者解释";
        Report = "report", "上报";
        Hold = "hold", "暂停待遇";
        Release = "release", "解除暂停";
        Pay = "pay", "缴清";
        Decide = "decide", "批复";
        Acknowledge = "acknowledge", "确认张贴";
        Supervise = "supervise", "督导";
        SelfPay = "self_pay", "按自费结清";
        Refuse = "refuse", "拒绝";
        Withdraw = "withdraw", "撤回";
        Reopen = "reopen", "重新打开";
    }
}

vocabulary! {
    /// Who acts.
    Role {
        Provider = "provider", "医药机构";
        Agency = "agency", "经办机构";
        Platform = "platform", "平台";
    }
}

impl State {
    /// Where it counts in the closing sum.
    pub fn bucket(self) -> Bucket {
        match self {
            State::Waiting
            | State::Converted
            | State::Restored
            | State::Failed
            | State::Approved
            | State::Reimbursing
            | State::Reported
            | State::Held => Bucket::Waiting,
            State::Settled | State::Done => Bucket::Settled,
            State::Reimbursed => Bucket::Reimbursed,
            State::Refused | State::SelfPaid => Bucket::Refused,
            State::Withdrawn => Bucket::Withdrawn,
            State::Outside => Bucket::Outside,
        }
    }

    /// Whether nothing more has to happen.
    pub fn is_final(self) -> bool {
        self.bucket() != Bucket::Waiting
    }

    /// Whether an entry in this state keeps its claim right from everybody else.
    pub fn keeps_claim(self) -> bool {
        !matches!(self, State::Refused | State::Withdrawn | State::Outside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_one_bucket_and_what_waits_is_not_final() {
        for state in State::ALL {
            assert_eq!(state.is_final(), state.bucket() != Bucket::Waiting);
            assert_eq!(State::of_word(state.word()), Some(*state));
        }
    }
}
