//! Where an entry stands, and where that counts in the closing sum.

use crate::words::{open_vocabulary, vocabulary, yes_or_no};

vocabulary! {
    /// Where a state counts in the closing sum.
    Bucket {
        Waiting = "waiting", "待办";
        Settled = "settled", "已结算（办结）";
        Reimbursed = "reimbursed", "已报销";
        Refused = "refused", "已拒绝";
        Withdrawn = "withdrawn", "已撤回";
        /// Beside the sum: recorded without a promise.
        Outside = "outside", "不在补录范围";
    }
}

/// A row of `registers/states.tsv`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StateRow {
    /// The word that tables and books use.
    pub word: &'static str,
    /// The Chinese name.
    pub name: &'static str,
    /// Where it counts in the closing sum.
    pub bucket: Bucket,
    /// Whether an entry in this state keeps its claim right from everybody else.
    pub keeps_claim: bool,
}

impl StateRow {
    /// The heads of the columns.
    pub const COLUMNS: [&'static str; 4] = ["state", "name", "bucket", "keeps_claim"];

    /// Reads a row; the position of the first wrong cell.
    pub const fn of_cells(cells: [&'static str; 4]) -> Result<StateRow, usize> {
        let [word, name, bucket, keeps_claim] = cells;
        let Some(bucket) = Bucket::of_word(bucket) else { return Err(2) };
        let Some(keeps_claim) = yes_or_no(keeps_claim) else { return Err(3) };
        Ok(StateRow { word, name, bucket, keeps_claim })
    }

    const fn shipped(cells: [&'static str; 4]) -> StateRow {
        match StateRow::of_cells(cells) {
            Ok(row) => row,
            Err(_) => panic!("a row of registers/states.tsv is wrong"),
        }
    }
}

open_vocabulary! {
    /// Where an entry stands (状态).
    State of StateRow in include_str!("../../../../registers/states.tsv"), {
        /// Taken in, nothing done yet.
        Waiting = "waiting";
        /// The insured stay is self-paying for the outage (B-02).
        Converted = "converted";
        /// Insured again, not settled yet (B-17).
        Restored = "restored";
        /// Entered afterwards and refused; to be corrected.
        Failed = "failed";
        /// Signed and stamped ahead of the processing (P-18).
        Approved = "approved";
        /// Handed over to manual reimbursement.
        Reimbursing = "reimbursing";
        /// A debtor's case is with the agency (P-26).
        Reported = "reported";
        /// Later benefits of the debtor are held (P-26).
        Held = "held";
        /// Settled through the ordinary handlers.
        Settled = "settled";
        /// Told, dispensed, processed, decided, acknowledged, paid: done without a settlement.
        Done = "done";
        /// Paid out by manual reimbursement.
        Reimbursed = "reimbursed";
        /// Refused, with the reason.
        Refused = "refused";
        /// Settled as self-paying, with the reason (not entitled).
        SelfPaid = "self_paid";
        /// Withdrawn by the person.
        Withdrawn = "withdrawn";
        /// Recorded only: the notice gives no route (B-13, P-04).
        Outside = "outside";
    }
}

impl State {
    /// Where it counts in the closing sum.
    pub const fn bucket(self) -> Bucket {
        self.0.bucket
    }

    /// Whether nothing more has to happen.
    pub fn is_final(self) -> bool {
        self.bucket() != Bucket::Waiting
    }

    /// Whether an entry in this state keeps its claim right from everybody else.
    pub const fn keeps_claim(self) -> bool {
        self.0.keeps_claim
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_that_code_names_means_what_its_row_says() {
        assert_eq!((State::Held.name(), State::Held.bucket()), ("已暂停待遇", Bucket::Waiting));
        assert!(State::Held.keeps_claim() && !State::Refused.keeps_claim() && State::SelfPaid.keeps_claim());
        assert!(matches!(State::of_word("held"), Some(State::Held)));
        assert_eq!(State::of_word("Held"), None);
    }

    #[test]
    fn a_word_is_defined_once_and_never_otherwise() {
        let row = |name| StateRow { word: "once", name, bucket: Bucket::Waiting, keeps_claim: true };
        let defined = State::define(row("一次")).unwrap();
        assert_eq!(State::define(row("一次")), Ok(defined));
        assert_eq!(State::define(row("两次")), Err(defined));
        assert_eq!(State::of_word("once"), Some(defined));
        let held = StateRow { word: "held", name: "另义", bucket: Bucket::Refused, keeps_claim: false };
        assert_eq!(State::define(held), Err(State::Held));
    }

    #[test]
    fn a_wrong_cell_is_found_by_its_column() {
        assert_eq!(StateRow::of_cells(["a", "甲", "finished", "yes"]), Err(2));
        assert_eq!(StateRow::of_cells(["a", "甲", "settled", "maybe"]), Err(3));
    }
}
