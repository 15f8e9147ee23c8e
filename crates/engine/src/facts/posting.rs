//! A journal as the store keeps it: postings under the names of the person and the provider they concern.

use yibao_domain::ledger::{Account, Journal, Side};
use yibao_domain::settlement::Fund;
use yibao_store::ledger::Posting;

/// The rows of a journal.
pub(crate) fn rows(journal: &Journal, psn_no: &str, fixmedins_code: &str) -> Vec<Posting> {
    let rows = journal.postings().iter();
    rows.map(|posting| {
        let name = posting.account.name();
        let account = match posting.account {
            Account::Fund(Fund::PersonalAccount) | Account::PersonalAccount | Account::PersonPayable => {
                format!("{name}/{psn_no}")
            }
            Account::ProviderReceivable | Account::ProviderCash | Account::ProviderBorne => {
                format!("{name}/{fixmedins_code}")
            }
            Account::Fund(_) | Account::PersonCash | Account::Chart(_) => name,
        };
        let amount = if posting.side == Side::Debit { posting.amount } else { posting.amount.negated() };
        Posting { account, amount }
    })
    .collect()
}
