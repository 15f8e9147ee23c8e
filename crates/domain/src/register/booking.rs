//! What a step books (记账): the balanced journal entry of a source kind, out of what the step states.
//!
//! A source kind is booked here or it cannot stand in the table of steps: what is accepted there acts. Accounts and sides are
//! those of `desks` section 6.

use super::Stated;
use crate::ledger::{Account, ChartAccount, Journal, Posting, Purpose, Side, SourceKind};
use crate::money::Money;
use crate::refusal::{Code, Refusal};

/// Makes the journal entry of a step that states this.
pub type Booking = fn(&Stated) -> Result<Journal, Refusal>;

/// How steps book this source kind; nothing where they cannot.
pub fn booking(source: SourceKind) -> Option<Booking> {
    match source {
        SourceKind::Payout => Some(payout),
        SourceKind::Settlement
        | SourceKind::Cancellation
        | SourceKind::Contribution
        | SourceKind::Refund
        | SourceKind::Clearing
        | SourceKind::Transfer
        | SourceKind::Interest
        | SourceKind::AccountClearing
        | SourceKind::Correction
        | SourceKind::LegacyCorrection => None,
    }
}

/// A claim is paid out of the payment account: the field `refund`.
fn payout(stated: &Stated) -> Result<Journal, Refusal> {
    let stated = stated.get("refund").map_or("", String::as_str);
    let amount = match stated.parse::<Money>() {
        Ok(amount) if amount > Money::ZERO => amount,
        _ => return Err(Refusal::new(Code::Amount, format!("拨付金额“{stated}”应为大于0的金额；请核对"))),
    };
    between(ChartAccount::Benefits, ChartAccount::PaymentDeposit, amount)
}

fn between(debit: ChartAccount, credit: ChartAccount, amount: Money) -> Result<Journal, Refusal> {
    let posting = |account, side| Posting { account: Account::Chart(account), side, amount, purpose: Purpose::Payout };
    Journal::new(vec![posting(debit, Side::Debit), posting(credit, Side::Credit)])
        .map_err(|wrong| Refusal::new(Code::Amount, format!("借贷不平，不能记账：{wrong}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn booked(refund: &str) -> Result<Journal, Refusal> {
        booking(SourceKind::Payout).unwrap()(&Stated::from([("refund".to_owned(), refund.to_owned())]))
    }

    #[test]
    fn a_payout_debits_benefits_and_credits_the_payment_account() {
        let journal = booked("280.05").unwrap();
        let told: Vec<(String, Side, Money)> =
            journal.postings().iter().map(|posting| (posting.account.name(), posting.side, posting.amount)).collect();
        let amount = Money::fen(28_005);
        assert_eq!(told, [("chart/5001".into(), Side::Debit, amount), ("chart/1004".into(), Side::Credit, amount)]);
    }

    #[test]
    fn nothing_is_paid_out_without_an_amount() {
        for wrong in ["", "0", "0.00", "-1.00", "一百"] {
            assert_eq!(booked(wrong).unwrap_err().code, Code::Amount, "{wrong}");
        }
    }
}
