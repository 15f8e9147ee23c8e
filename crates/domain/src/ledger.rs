//! Double-entry postings (复式记账) of settlements and of their cancellations; the words of the books.
//!
//! Decides which accounts move. A [`Journal`] cannot be built unbalanced, and a cancellation's journal
//! is the exact mirror of the settlement's. Storing and summing journals is for others.

mod chart;
mod movement;
mod source;

pub use chart::{ChartAccount, Tag};
pub use movement::{Direction, MovementKind};
pub use source::SourceKind;

use crate::money::Money;
use crate::settlement::decision::{Decision, Fund};

/// An account of the books.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Account {
    /// A fund's expenditure (基金支出).
    Fund(Fund),
    /// The person's own account (个人账户), a debt of the pool to the person.
    PersonalAccount,
    /// What the person pays in cash (个人现金).
    PersonCash,
    /// What the provider bears itself (医院负担).
    ProviderBorne,
    /// What the agency owes the provider (应付定点医药机构).
    ProviderReceivable,
    /// What the provider was paid at the till, or bears (机构已收).
    ProviderCash,
    /// What is to be paid out to the person (应付参保人).
    PersonPayable,
    /// An account of the fund's chart (会计科目), which the desks post to.
    Chart(ChartAccount),
}

impl Account {
    /// The stable name that the store keeps.
    pub fn name(self) -> String {
        match self {
            Account::Fund(fund) => format!("fund/{}", fund.code()),
            Account::PersonalAccount => "person/account".to_owned(),
            Account::PersonCash => "person/cash".to_owned(),
            Account::ProviderBorne => "provider/borne".to_owned(),
            Account::ProviderReceivable => "provider/receivable".to_owned(),
            Account::ProviderCash => "provider/cash".to_owned(),
            Account::PersonPayable => "person/payable".to_owned(),
            Account::Chart(account) => format!("chart/{}", account.number()),
        }
    }
}

/// Debit or credit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    /// 借.
    Debit,
    /// 贷.
    Credit,
}

impl Side {
    /// The other one.
    #[must_use]
    pub fn mirrored(self) -> Side {
        match self {
            Side::Debit => Side::Credit,
            Side::Credit => Side::Debit,
        }
    }

    /// The stable word that the store keeps.
    pub fn word(self) -> &'static str {
        match self {
            Side::Debit => "debit",
            Side::Credit => "credit",
        }
    }
}

/// One posting. Its amount is positive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posting {
    /// Where.
    pub account: Account,
    /// On which side.
    pub side: Side,
    /// How much.
    pub amount: Money,
    /// What it belongs to: the bill, or a sum paid out beside it.
    pub purpose: Purpose,
}

/// What a posting belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Purpose {
    /// The bill.
    Bill,
    /// A sum paid out beside the bill (`decisions` 46).
    Payout,
}

impl Purpose {
    /// The stable word that the store keeps.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Bill => "bill",
            Purpose::Payout => "payout",
        }
    }
}

/// Why postings are no journal.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotBalanced {
    /// Debits and credits of a purpose differ.
    #[error("debits {debits} and credits {credits} of {purpose:?} differ")]
    Differs {
        /// Of what.
        purpose: Purpose,
        /// All debits.
        debits: Money,
        /// All credits.
        credits: Money,
    },
    /// A posting is not positive.
    #[error("a posting of {0} is not positive")]
    NotPositive(Money),
}

/// Balanced postings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Journal {
    postings: Vec<Posting>,
}

impl Journal {
    /// A journal of these postings, if debits equal credits for the bill and for payouts apart.
    pub fn new(postings: Vec<Posting>) -> Result<Journal, NotBalanced> {
        if let Some(posting) = postings.iter().find(|posting| posting.amount <= Money::ZERO) {
            return Err(NotBalanced::NotPositive(posting.amount));
        }
        for purpose in [Purpose::Bill, Purpose::Payout] {
            let of_side = |side: Side| {
                let chosen = postings.iter().filter(|posting| posting.purpose == purpose && posting.side == side);
                Money::sum(chosen.map(|posting| posting.amount))
            };
            let (debits, credits) = (of_side(Side::Debit), of_side(Side::Credit));
            if debits != credits {
                return Err(NotBalanced::Differs { purpose, debits, credits });
            }
        }
        Ok(Journal { postings })
    }

    /// The postings of a settlement: payers are debited; the provider is credited, for what the agency
    /// owes it and for what it got at the till. Sums paid out to the person stand apart.
    pub fn of_settlement(decision: &Decision) -> Journal {
        let mut postings = Vec::new();
        let mut post = |account, side, amount: Money, purpose| {
            if amount != Money::ZERO {
                postings.push(Posting { account, side, amount, purpose });
            }
        };
        for payment in &decision.payments {
            let account = match payment.fund {
                Fund::PersonalAccount => Account::PersonalAccount,
                fund => Account::Fund(fund),
            };
            post(account, Side::Debit, payment.amount, Purpose::Bill);
        }
        let shares = &decision.shares;
        post(Account::PersonCash, Side::Debit, shares.cash, Purpose::Bill);
        post(Account::ProviderBorne, Side::Debit, shares.hospital, Purpose::Bill);
        let owed = shares.funds().plus(shares.account);
        post(Account::ProviderReceivable, Side::Credit, owed, Purpose::Bill);
        post(Account::ProviderCash, Side::Credit, shares.cash.plus(shares.hospital), Purpose::Bill);
        for payout in &decision.payouts {
            post(Account::Fund(payout.fund), Side::Debit, payout.amount, Purpose::Payout);
            post(Account::PersonPayable, Side::Credit, payout.amount, Purpose::Payout);
        }
        Journal::new(postings).expect("a decision's shares add up, so its postings do")
    }

    /// The journal that undoes this one: every posting on the other side.
    #[must_use]
    pub fn mirrored(&self) -> Journal {
        let flip = |posting: &Posting| Posting { side: posting.side.mirrored(), ..posting.clone() };
        Journal { postings: self.postings.iter().map(flip).collect() }
    }

    /// The postings.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}
