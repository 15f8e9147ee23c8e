//! The postings of a settlement and of its cancellation.

use crate::facts::*;
use yibao_domain::ledger::{Account, Journal, NotBalanced, Posting, Purpose, Side};
use yibao_domain::money::Money;
use yibao_domain::person::Population::*;
use yibao_domain::provider::BenefitLevel::*;
use yibao_domain::settlement::case::AccountUse;
use yibao_domain::settlement::{Bill, CareKind, Case, Fund, RunningTotal};

#[track_caller]
fn check(journal: &Journal, expected: &[(&str, Side, &str)]) {
    let rows: Vec<_> = journal
        .postings()
        .iter()
        .map(|posting| (posting.account.name(), posting.side, posting.amount.to_string()))
        .collect();
    let expected: Vec<_> =
        expected.iter().map(|(account, side, amount)| ((*account).to_owned(), *side, (*amount).to_owned())).collect();
    assert_eq!(rows, expected);
}

#[test]
fn payers_are_debited_and_the_provider_is_credited() {
    let bill = Bill::ordinary(yuan("2500"), Money::ZERO, yuan("3500"), yuan("54000"));
    let case = case(City::Bijie, CareKind::Inpatient, Retired, Level3, bill);
    let case = with_total(with_stays(case, 1), RunningTotal::BasicPaid, "120000");
    let case = Case { account: AccountUse::Own { balance: yuan("2000") }, ..case };
    let journal = Journal::of_settlement(&settled(City::Bijie, &case));
    use Side::{Credit, Debit};
    check(
        &journal,
        &[
            ("fund/310100", Debit, "30000.00"),
            ("fund/330100", Debit, "16475.29"),
            ("person/account", Debit, "2000.00"),
            ("person/cash", Debit, "11524.71"),
            ("provider/receivable", Credit, "48475.29"),
            ("provider/cash", Credit, "11524.71"),
        ],
    );
    assert_eq!(journal.mirrored().mirrored(), journal);
    assert_eq!(journal.mirrored().postings()[0].side, Credit);
}

#[test]
fn decision_46_sums_paid_out_are_postings_of_their_own() {
    let mut case = case(City::Panzhihua, CareKind::MaternityInpatient, Active, Level3, in_scope("1850"));
    case.maternity.matn_type = Some("1".to_owned());
    let journal = Journal::of_settlement(&settled(City::Panzhihua, &case));
    let of = |purpose: Purpose| {
        let rows = journal.postings().iter().filter(|posting| posting.purpose == purpose);
        rows.map(|posting| (posting.account, posting.side, posting.amount)).collect::<Vec<_>>()
    };
    let fund = Account::Fund(Fund::Maternity);
    assert_eq!(
        of(Purpose::Bill),
        [(fund, Side::Debit, yuan("1850")), (Account::ProviderReceivable, Side::Credit, yuan("1850"))]
    );
    assert_eq!(
        of(Purpose::Payout),
        [
            (fund, Side::Debit, yuan("150")),
            (Account::PersonPayable, Side::Credit, yuan("150")),
            (fund, Side::Debit, yuan("700")),
            (Account::PersonPayable, Side::Credit, yuan("700")),
        ]
    );
}

#[test]
fn a_journal_cannot_be_built_unbalanced() {
    let posting = |account, side, amount: &str, purpose| Posting { account, side, amount: yuan(amount), purpose };
    let uneven = vec![
        posting(Account::PersonCash, Side::Debit, "10.00", Purpose::Bill),
        posting(Account::ProviderCash, Side::Credit, "9.99", Purpose::Bill),
    ];
    assert!(matches!(Journal::new(uneven), Err(NotBalanced::Differs { .. })));
    // A bill may not be balanced by a payout.
    let crossed = vec![
        posting(Account::PersonCash, Side::Debit, "10.00", Purpose::Bill),
        posting(Account::PersonPayable, Side::Credit, "10.00", Purpose::Payout),
    ];
    assert!(matches!(Journal::new(crossed), Err(NotBalanced::Differs { .. })));
    let nothing = vec![posting(Account::PersonCash, Side::Debit, "0", Purpose::Bill)];
    assert_eq!(Journal::new(nothing), Err(NotBalanced::NotPositive(Money::ZERO)));
}
