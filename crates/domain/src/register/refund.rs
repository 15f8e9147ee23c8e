//! What a settled entry means at the cashier's desk (退款): how the bill is split, and what is handed back to the person.
//!
//! The split is that of the entry's settlement, kept among its details. Invariant: what is to be handed back is what the
//! person has paid, less the own share, less what was handed back before.

use super::{Entry, State, field};
use crate::money::Money;
use crate::outage::RegisterKind;

/// How a settlement splits the bill.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split {
    /// What funds pay (基金支付).
    pub funds: Money,
    /// What the personal account pays (个人账户支付).
    pub account: Money,
    /// What the person pays in cash (个人应负担).
    pub own: Money,
}

/// What the cashier does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandBack {
    /// Hands so much back.
    Back(Money),
    /// Nothing.
    Even,
    /// Collects so much.
    Collect(Money),
    /// First finds out what the person has paid.
    Unknown,
}

impl Split {
    /// What funds and account pay together.
    pub fn refunded(&self) -> Money {
        self.funds.plus(self.account)
    }
}

impl Entry {
    /// Keeps the split of its settlement; `None`: it has none any more. What was signed for before stands where the new split
    /// leaves nothing to be handed back.
    pub(super) fn put_split(&mut self, split: Option<&Split>) {
        field::FUND_PAY_SUMAMT.put_or_clear(&mut self.details, split.map(|split| split.funds));
        field::ACCT_PAY.put_or_clear(&mut self.details, split.map(|split| split.account));
        field::PSN_CASH_PAY.put_or_clear(&mut self.details, split.map(|split| split.own));
        if split.is_some() && self.to_hand_back(None) != Some(HandBack::Even) {
            field::HANDED_BACK_AT.put_or_clear(&mut self.details, None);
        }
    }

    /// How its settlement splits the bill; `None` where it is not settled, or refunded by another entry of the same stay.
    pub fn split(&self) -> Option<Split> {
        let (funds, account) = (field::FUND_PAY_SUMAMT.of(self)?, field::ACCT_PAY.of(self)?);
        Some(Split { funds, account, own: field::PSN_CASH_PAY.of(self)? })
    }

    /// What has been handed back.
    pub fn handed_back(&self) -> Money {
        field::HANDED_BACK.of(self).unwrap_or(Money::ZERO)
    }

    /// What has been collected of the person since it was settled (补收).
    pub fn collected(&self) -> Money {
        field::COLLECTED.of(self).unwrap_or(Money::ZERO)
    }

    /// What the person has paid: a visit its bill in cash, unless a deposit or that nothing was paid is stated; a stay what was
    /// stated; `None` where nobody stated it.
    fn paid_ahead(&self, stated: Option<Money>) -> Option<Money> {
        match self.kind {
            RegisterKind::CashVisit => {
                let stated = field::PREPAYMENT.of(self);
                stated.or_else(|| self.split().map(|split| split.refunded().plus(split.own)))
            }
            _ => stated.or_else(|| self.prepaid()),
        }
    }

    /// What the person has paid so far of what is settled later, where somebody stated it.
    pub(super) fn prepaid(&self) -> Option<Money> {
        field::PAID_AHEAD.of(self).or_else(|| field::PREPAYMENT.of(self))
    }

    /// What the person has paid so far, as far as the entry tells: a visit its bill, a stay what was stated.
    pub fn paid_by_person(&self) -> Option<Money> {
        match self.kind {
            RegisterKind::CashVisit => {
                let stated = field::PREPAYMENT.of(self);
                stated.or_else(|| Some(self.charged).filter(|charged| *charged > Money::ZERO))
            }
            _ => self.prepaid(),
        }
    }

    /// What is to be handed back; `stated` is what the person has paid, where that is being stated.
    pub fn to_hand_back(&self, stated: Option<Money>) -> Option<HandBack> {
        let split = self.split()?;
        let Some(paid) = self.paid_ahead(stated) else { return Some(HandBack::Unknown) };
        let due = paid.plus(self.collected()).minus(split.own).minus(self.handed_back());
        Some(match due {
            Money::ZERO => HandBack::Even,
            due if due > Money::ZERO => HandBack::Back(due),
            due => HandBack::Collect(due.negated()),
        })
    }

    /// Whether a part that funds or account pay still has to reach the person: settled, and nobody signed for it.
    pub fn awaits_hand_back(&self) -> bool {
        self.state == State::Settled && self.refunded > Money::ZERO && !field::HANDED_BACK_AT.is_stated(self)
    }
}
