//! Where a journal entry (记账凭证) comes from: the kinds of business that move the books.

use crate::outage::words::vocabulary;

vocabulary! {
    /// What a journal entry records (凭证来源).
    SourceKind {
        Settlement = "settlement", "结算";
        Cancellation = "cancellation", "结算撤销";
        /// A contribution has arrived.
        Contribution = "contribution", "缴费到账";
        /// A contribution is given back.
        Refund = "refund", "退费";
        /// What a provider's month is paid by, deductions and retained share with it.
        Clearing = "clearing", "费用清算";
        Payout = "payout", "拨付";
        /// Insurance and account move to or from another pool.
        Transfer = "transfer", "关系转移";
        Interest = "interest", "计息";
        /// An account is closed and paid out or inherited.
        AccountClearing = "account_clearing", "账户清退";
        /// What was booked wrongly, put right.
        Correction = "correction", "更正";
        /// The money of a settlement that the ledger of the system before this one has corrected.
        LegacyCorrection = "legacy_correction", "旧系统更正";
    }
}

impl SourceKind {
    /// The number of the entry of a source: one of its kind has one entry. Settlements and cancellations have numbers that
    /// no other record has; the numbers of the others are told apart by their kind.
    pub fn entry_of(self, source_id: &str) -> String {
        match self {
            SourceKind::Settlement | SourceKind::Cancellation => source_id.to_owned(),
            kind => format!("{}/{source_id}", kind.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_of_one_number_and_two_kinds_have_two_entries() {
        assert_eq!(SourceKind::Contribution.entry_of("1"), "contribution/1");
        assert_eq!(SourceKind::Refund.entry_of("1"), "refund/1");
        assert_eq!(SourceKind::Settlement.entry_of("5205002021070120000001"), "5205002021070120000001");
    }
}
