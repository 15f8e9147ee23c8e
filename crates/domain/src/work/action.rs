//! What is done to an entry, and what that does to the books.

use crate::words::{open_vocabulary, vocabulary, yes_or_no};

vocabulary! {
    /// What a step does to the books besides the entry itself.
    Books {
        /// Nothing.
        Nothing = "-", "不动账";
        /// A settlement is recorded, and the entry names it.
        Settlement = "settlement", "记结算";
        /// The entry's settlement is cancelled.
        Cancellation = "cancellation", "撤销结算";
        /// What was refunded by hand is noted: the field `refund`, not above what was charged.
        Refund = "refund", "记报销金额";
        /// The person's later benefits are held (P-26).
        Hold = "hold", "暂停待遇";
        /// They are free again.
        Release = "release", "解除暂停";
    }
}

/// A row of `registers/actions.tsv`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ActionRow {
    /// The word that tables, books and addresses use.
    pub word: &'static str,
    /// The Chinese name.
    pub name: &'static str,
    /// Whether it may be taken with many entries of a list at once.
    pub of_many: bool,
    /// Whether it only changes or ends an entry: shown behind what brings it on.
    pub aside: bool,
}

impl ActionRow {
    /// The heads of the columns.
    pub const COLUMNS: [&'static str; 4] = ["action", "name", "of_many", "aside"];

    /// Reads a row; the position of the first wrong cell.
    pub const fn of_cells(cells: [&'static str; 4]) -> Result<ActionRow, usize> {
        let [word, name, of_many, aside] = cells;
        let Some(of_many) = yes_or_no(of_many) else { return Err(2) };
        let Some(aside) = yes_or_no(aside) else { return Err(3) };
        Ok(ActionRow { word, name, of_many, aside })
    }

    const fn shipped(cells: [&'static str; 4]) -> ActionRow {
        match ActionRow::of_cells(cells) {
            Ok(row) => row,
            Err(_) => panic!("a row of registers/actions.tsv is wrong"),
        }
    }
}

open_vocabulary! {
    /// What is done to an entry (操作).
    Action of ActionRow in include_str!("../../../../registers/actions.tsv"), {
        /// The entry is made.
        Register = "register";
        /// What was stated is put right.
        Correct = "correct";
        Tell = "tell";
        Convert = "convert";
        ConvertBack = "convert_back";
        /// An extra charge in the outage is noted (B-10).
        Charge = "charge";
        Discharge = "discharge";
        Dispense = "dispense";
        Call = "call";
        Choose = "choose";
        /// Settled by backfill or over the national interface.
        Settle = "settle";
        /// The refund of a settlement is paid out and signed for.
        HandBack = "hand_back";
        /// Backfill was refused.
        Fail = "fail";
        /// The settlement was cancelled.
        Unsettle = "unsettle";
        ToReimbursement = "to_reimbursement";
        Reimburse = "reimburse";
        PreApprove = "pre_approve";
        Process = "process";
        Explain = "explain";
        Report = "report";
        Hold = "hold";
        Release = "release";
        Pay = "pay";
        Decide = "decide";
        Acknowledge = "acknowledge";
        Supervise = "supervise";
        SelfPay = "self_pay";
        Refuse = "refuse";
        Withdraw = "withdraw";
        Reopen = "reopen";
        /// Somebody has found that it is other care than what it looks like.
        TellApart = "tell_apart";
    }
}

impl Action {
    /// Whether it may be taken with many entries of a list at once.
    pub const fn of_many(self) -> bool {
        self.0.of_many
    }

    /// Whether it only changes or ends an entry: shown behind what brings it on.
    pub const fn is_aside(self) -> bool {
        self.0.aside
    }
}
