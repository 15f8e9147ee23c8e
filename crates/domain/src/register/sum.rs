//! The closing sum (关账核对): taken in = settled + reimbursed + refused + withdrawn + waiting; and nothing that is settled waits
//! for its order any more.

use super::{Bucket, State};

/// Counts of a register or of a whole plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClosingSum {
    /// All that was taken in and is within the register's promise.
    pub taken_in: u64,
    /// Settled, or done where nothing is settled.
    pub settled: u64,
    /// Reimbursed by hand.
    pub reimbursed: u64,
    /// Refused, with a reason.
    pub refused: u64,
    /// Withdrawn by the person.
    pub withdrawn: u64,
    /// Not finished.
    pub waiting: u64,
    /// Recorded beside the promise.
    pub outside: u64,
    /// Settled, with settlements after it that wait for the correction of their order (`decisions` 7).
    pub awaiting_order: u64,
}

impl ClosingSum {
    /// Counts `count` entries that stand there.
    pub fn add(&mut self, state: State, count: u64) {
        let part = match state.bucket() {
            Bucket::Waiting => &mut self.waiting,
            Bucket::Settled => &mut self.settled,
            Bucket::Reimbursed => &mut self.reimbursed,
            Bucket::Refused => &mut self.refused,
            Bucket::Withdrawn => &mut self.withdrawn,
            Bucket::Outside => &mut self.outside,
        };
        *part += count;
        if state.bucket() != Bucket::Outside {
            self.taken_in += count;
        }
    }

    /// Counts a settled entry, that is counted already, among those that wait for the correction of order.
    pub fn add_awaiting_order(&mut self) {
        self.awaiting_order += 1;
    }

    /// Whether the sum adds up: always, unless something was lost or counted twice.
    pub fn adds_up(&self) -> bool {
        self.taken_in == self.settled + self.reimbursed + self.refused + self.withdrawn + self.waiting
    }

    /// Whether it closes: it adds up, and the amounts of what is settled are those of their order.
    pub fn closes(&self) -> bool {
        self.adds_up() && self.awaiting_order == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_of_each_state_closes_and_what_is_outside_is_beside_the_sum() {
        let mut sum = ClosingSum::default();
        for state in State::KNOWN {
            sum.add(*state, 1);
        }
        assert!(sum.closes());
        assert_eq!((sum.taken_in, sum.outside), (State::KNOWN.len() as u64 - 1, 1));
        sum.add_awaiting_order();
        assert!(sum.adds_up() && !sum.closes(), "what waits for its order keeps it open");
    }
}
