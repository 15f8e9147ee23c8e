//! The books (账): what was posted and what moved on the accounts, against what the settlements have to come to: by entry, by
//! person, by provider, by fund.

use crate::city::City;
use crate::judge::Wrong;
use crate::judge::actuary::Actuary;
use crate::judge::priced::Account;
use crate::judge::row::wrong_of;
use crate::world::World;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::settlement::Fund;
use yibao_store::Fault;
use yibao_store::ledger::AccountMovement;

/// What the books have to come to, by the settlements that stand.
#[derive(Default)]
pub(super) struct Sums {
    /// By provider, what the agency owes it.
    receivable: BTreeMap<String, Money>,
    /// By fund, what it pays.
    paid: BTreeMap<Fund, Money>,
}

impl Sums {
    /// With those of others.
    pub(super) fn join(&mut self, other: Sums) {
        for (place, owed) in other.receivable {
            let own = self.receivable.entry(place).or_insert(Money::ZERO);
            *own = own.plus(owed);
        }
        for (fund, paid) in other.paid {
            let own = self.paid.entry(fund).or_insert(Money::ZERO);
            *own = own.plus(paid);
        }
    }
}

/// Compares the mirror of each cancellation and the movements of a person's account, and adds up what stands.
pub(super) fn of_person(
    world: &World<'_>,
    actuary: &Actuary<'_>,
    account: &Account<'_>,
    sums: &mut Sums,
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    for row in account.rows {
        if let Some(cancellation) = &row.booked.cancellation {
            let of = |postings: &[yibao_store::ledger::Posting], sign: fn(Money) -> Money| {
                let mut told: Vec<String> =
                    postings.iter().map(|posting| format!("{} {}", posting.account, sign(posting.amount))).collect();
                told.sort();
                told
            };
            if of(&cancellation.postings, Money::negated) != of(&row.booked.settlement.postings, |amount| amount) {
                let what = format!("{} is not the mirror of what it cancels", cancellation.cancellation_id);
                wrong.push(wrong_of(row, what));
            }
        }
    }
    for (at, priced) in &account.standing {
        let row = &account.rows[*at];
        let place = &actuary.city.places[row.event.place].code;
        let shares = &priced.decision.shares;
        let owed = sums.receivable.entry(place.clone()).or_insert(Money::ZERO);
        *owed = owed.plus(shares.funds()).plus(shares.account);
        let payments = priced.decision.payments.iter().map(|payment| (payment.fund, payment.amount));
        let payouts = priced.decision.payouts.iter().map(|payout| (payout.fund, payout.amount));
        for (fund, amount) in payments.chain(payouts) {
            let paid = sums.paid.entry(fund).or_insert(Money::ZERO);
            *paid = paid.plus(amount);
        }
    }
    totals(world, actuary, account, wrong)?;
    movements(world, actuary, account, wrong)
}

/// What was there before the city's time, with what each settlement that stands adds.
fn totals(
    world: &World<'_>,
    actuary: &Actuary<'_>,
    account: &Account<'_>,
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    let person = &actuary.person;
    let mut must: BTreeMap<(String, String), i64> = BTreeMap::new();
    let year = actuary.city.begins.year();
    for (name, value) in person.totals_before() {
        must.insert((year.to_string(), name.to_owned()), value);
    }
    for (name, value) in person.totals_of_last_year() {
        must.insert(((year - 1).to_string(), name.to_owned()), value);
    }
    for priced in account.standing.values() {
        for (total, delta) in &priced.decision.accumulated {
            let key = (total.period_text(priced.case.day), total.name().to_owned());
            *must.entry(key).or_default() += delta;
        }
    }
    must.retain(|_, value| *value != 0);
    let rows = world.office.look(|tx| tx.running_totals(&person.psn_no))?;
    let is = rows.into_iter().filter(|row| row.value != 0).map(|row| ((row.period, row.name), row.value));
    let is: BTreeMap<(String, String), i64> = is.collect();
    if is != must {
        wrong.push(Wrong::of(3, person.number, format!("the totals are {is:?} and must be {must:?}")));
    }
    Ok(())
}

/// What moved on the account: what each settlement took, and what each cancellation gave back, each once.
fn movements(
    world: &World<'_>,
    actuary: &Actuary<'_>,
    account: &Account<'_>,
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    let psn_no = &actuary.person.psn_no;
    let (found, balance) = world.office.look(|tx| {
        let balance = tx.person_facts(psn_no, &[])?.and_then(|facts| facts.balance);
        Ok((tx.account_movements(psn_no)?, balance))
    })?;
    let mut must: Vec<(DateTime, Money)> = Vec::new();
    for (row, priced) in account.rows.iter().zip(&account.recorded) {
        let paid = priced.account();
        if paid != Money::ZERO {
            must.push((row.recorded_at(), paid.negated()));
            must.extend(row.cancelled_at().map(|at| (at, paid)));
        }
    }
    let of_settlements = |movement: &&AccountMovement| movement.moved_at.is_some();
    let mut is: Vec<(DateTime, Money)> = found
        .iter()
        .filter(of_settlements)
        .map(|movement| (movement.moved_at.unwrap_or(DateTime::MIN), movement.amount))
        .collect();
    must.sort();
    is.sort();
    let person = actuary.person.number;
    if is != must {
        let text = |all: &[(DateTime, Money)]| {
            let told: Vec<String> = all.iter().map(|(at, amount)| format!("{at} {amount}")).collect();
            told.join(", ")
        };
        let what = format!("the account moved by {} and must by {}", text(&is), text(&must));
        wrong.push(Wrong::of(3, person, what));
    }
    let must = account.opening.plus(Money::sum(must.into_iter().map(|(_, amount)| amount)));
    if balance.unwrap_or(Money::ZERO) != must {
        wrong.push(Wrong::of(3, person, format!("{balance:?} is on the account and must be {must}")));
    }
    Ok(())
}

/// Compares the sums of the whole book.
pub(super) fn of_all(world: &World<'_>, city: &City, sums: &Sums, wrong: &mut Vec<Wrong>) -> Result<(), Fault> {
    let posted = world.office.look(|tx| tx.posted_by_account())?;
    let sum = |account: String| posted.get(&account).copied().unwrap_or(Money::ZERO);
    for place in &city.places {
        let must = sums.receivable.get(&place.code).copied().unwrap_or(Money::ZERO);
        let owed = sum(format!("provider/receivable/{}", place.code)).negated();
        if owed != must {
            let what = format!("{} is owed {owed} in the books and must be {must}", place.code);
            wrong.push(Wrong::of_book(3, what));
        }
    }
    for fund in Fund::ALL.into_iter().filter(|fund| *fund != Fund::PersonalAccount) {
        let must = sums.paid.get(&fund).copied().unwrap_or(Money::ZERO);
        let paid = sum(format!("fund/{}", fund.code()));
        if paid != must {
            let what = format!("fund {} has paid {paid} in the books and must have {must}", fund.code());
            wrong.push(Wrong::of_book(3, what));
        }
    }
    Ok(())
}
