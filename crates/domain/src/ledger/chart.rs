//! The chart of accounts (会计科目) of a social insurance fund.
//!
//! 社会保险基金会计制度, 财会〔2017〕28号, in force from 2018: cash basis, each fund an entity of its own. Of the numbers only
//! some were seen in a copy; each row says what it rests on.

/// What a row rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tag {
    /// [N]: the number stands in a national text that was seen.
    National,
    /// [K]: general knowledge, no copy seen.
    Known,
}

macro_rules! chart {
    ($($(#[$doc:meta])* $account:ident = $number:literal, $chinese:literal, $tag:ident, $source:literal;)+) => {
        /// An account of the chart.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum ChartAccount { $(#[doc = $chinese] $(#[$doc])* $account,)+ }

        impl ChartAccount {
            /// The whole chart, by number.
            pub const ALL: &[ChartAccount] = &[$(ChartAccount::$account),+];

            /// Its number (科目编号).
            pub fn number(self) -> &'static str {
                match self { $(ChartAccount::$account => $number),+ }
            }

            /// Its Chinese name (科目名称).
            pub fn name(self) -> &'static str {
                match self { $(ChartAccount::$account => $chinese),+ }
            }

            /// What the number rests on.
            pub fn tag(self) -> Tag {
                match self { $(ChartAccount::$account => Tag::$tag),+ }
            }

            /// Where it was seen.
            pub fn source(self) -> &'static str {
                match self { $(ChartAccount::$account => $source),+ }
            }

            /// The account of a number.
            pub fn of_number(number: &str) -> Option<ChartAccount> {
                ChartAccount::ALL.iter().copied().find(|account| account.number() == number)
            }
        }
    };
}

// `desks` section 6, "Accounts". A list of presets that was written by a machine agrees, but is no national text.
chart! {
    Cash = "1001", "库存现金", Known, "presets agree";
    /// Takes contributions; empty at the end of a month, absent where the tax authority collects.
    IncomeDeposit = "1002", "收入户存款", Known, "presets agree";
    FiscalDeposit = "1003", "财政专户存款", Known, "no copy seen";
    /// Pays benefits; fed by the fiscal account.
    PaymentDeposit = "1004", "支出户存款", National, "支出户存款, a page on the accounting rules";
    TreasuryDeposit = "1005", "国库存款", Known, "presets agree";
    /// Advances to providers and the insurer.
    Prepaid = "1101", "暂付款", Known, "presets agree";
    Bonds = "1201", "债券投资", Known, "no copy seen";
    /// Returned payments, unidentified receipts, residents' money for the next year.
    Held = "2001", "暂收款", Known, "presets agree";
    Borrowed = "2101", "借入款项", Known, "no copy seen";
    GeneralBalance = "3001", "一般基金结余", Known, "no copy seen";
    RiskBalance = "3101", "风险基金结余", Known, "no copy seen";
    /// Of employers, persons and residents.
    Contributions = "4001", "社会保险费收入", Known, "presets agree";
    Subsidies = "4101", "财政补贴收入", Known, "no copy seen";
    Interest = "4201", "利息收入", Known, "no copy seen";
    TransfersIn = "4301", "转移收入", Known, "no copy seen";
    FromAbove = "4401", "上级补助收入", Known, "no copy seen";
    FromBelow = "4402", "下级上解收入", Known, "no copy seen";
    /// Late fees, returned benefits of earlier years.
    OtherIncome = "4501", "其他收入", Known, "no copy seen";
    ContributionsToTransfer = "4601", "待转保费收入", Known, "no copy seen";
    InterestToTransfer = "4602", "待转利息收入", Known, "no copy seen";
    Benefits = "5001", "社会保险待遇支出", National, "财办〔2018〕43号";
    CriticalIllness = "5101", "大病保险支出", National, "财办〔2018〕43号";
    TransfersOut = "5201", "转移支出", Known, "no copy seen";
    ToAbove = "5301", "上解上级支出", Known, "no copy seen";
    ToBelow = "5302", "补助下级支出", Known, "no copy seen";
    OtherExpenses = "5401", "其他支出", Known, "no copy seen";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Account, Journal, Posting, Purpose, Side};
    use crate::money::Money;

    #[test]
    fn numbers_are_told_apart_and_in_order() {
        for account in ChartAccount::ALL {
            assert_eq!(ChartAccount::of_number(account.number()), Some(*account));
            assert_eq!(account.tag() == Tag::National, ["1004", "5001", "5101"].contains(&account.number()));
        }
        assert!(ChartAccount::ALL.is_sorted_by(|one, next| one.number() < next.number()));
        assert_eq!(Account::Chart(ChartAccount::FiscalDeposit).name(), "chart/1003");
    }

    /// The events of `desks` section 6: debit, credit.
    const EVENTS: &[(&str, &[(&str, &str)])] = &[
        ("contribution in the treasury, then in the fiscal account", &[("1005", "4001"), ("1003", "1005")]),
        ("residents' money for the next year, on 1 January", &[("1003", "2001"), ("2001", "4001")]),
        ("late fee", &[("1003", "4501")]),
        ("the fiscal account feeds the payment account", &[("1004", "1003")]),
        ("claim or provider paid", &[("5001", "1004")]),
        ("advance paid, then offset", &[("1101", "1004"), ("5001", "1101")]),
        ("item returned by the bank, then paid again", &[("1004", "2001"), ("2001", "1004")]),
        ("premium to the insurer", &[("5101", "1004")]),
        ("contribution refunded in the same year", &[("4001", "1003")]),
        ("account moved to another pool", &[("5201", "1004")]),
    ];

    #[test]
    fn the_events_of_the_accounting_rules_are_journals_that_balance() {
        for (event, pairs) in EVENTS {
            let sides =
                |(debit, credit): &(&'static str, &'static str)| [(*debit, Side::Debit), (*credit, Side::Credit)];
            let posting = |(number, side)| {
                let account =
                    ChartAccount::of_number(number).unwrap_or_else(|| panic!("{event}: {number} has no name"));
                let (account, purpose) = (Account::Chart(account), Purpose::Bill);
                Posting { account, side, amount: Money::yuan(280), purpose }
            };
            let postings: Vec<Posting> = pairs.iter().flat_map(sides).map(posting).collect();
            let journal = Journal::new(postings.clone()).unwrap_or_else(|wrong| panic!("{event}: {wrong}"));
            assert_eq!(journal.postings(), postings);
            let half = Journal::new(postings[..1].to_vec());
            assert!(half.is_err(), "{event}: one side alone is no journal");
        }
    }
}
