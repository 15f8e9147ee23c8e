//! Short ways to say facts, and the embedded rules.

use jiff::civil::{Date, date};
use std::sync::{Arc, LazyLock};
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::money::Money;
use yibao_domain::person::Population;
use yibao_domain::provider::BenefitLevel;
use yibao_domain::refusal::Refusal;
use yibao_domain::settlement::case::Qualification;
use yibao_domain::settlement::rules::LineRules;
use yibao_domain::settlement::{
    Bill, CareKind, Case, Decision, LineFacts, LineSplit, Rules, RunningTotal, decide, split_line,
};
use yibao_policy::rules::RuleBook;

pub static BOOK: LazyLock<RuleBook> = LazyLock::new(|| RuleBook::embedded().expect("the embedded rules are right"));

/// One of the two cities, on its own day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum City {
    Bijie,
    Panzhihua,
}

impl City {
    pub fn day(self) -> Date {
        match self {
            City::Bijie => date(2021, 7, 1),
            City::Panzhihua => date(2020, 9, 1),
        }
    }

    pub fn pool(self) -> Pool {
        Pool::new(match self {
            City::Bijie => "520500",
            City::Panzhihua => "510400",
        })
    }

    pub fn rules(self, day: Date) -> Arc<Rules> {
        BOOK.rules(&self.pool(), day).expect("the pool is known")
    }
}

/// Yuan as text.
pub fn yuan(text: &str) -> Money {
    text.parse().expect("a test writes amounts right")
}

/// A bill that is wholly in scope.
pub fn in_scope(text: &str) -> Bill {
    Bill::ordinary(Money::ZERO, Money::ZERO, Money::ZERO, yuan(text))
}

/// A plain case of a city.
pub fn case(city: City, kind: CareKind, population: Population, level: BenefitLevel, bill: Bill) -> Case {
    let scheme = match population {
        Population::Active | Population::Retired => Scheme::Employee,
        Population::Adult | Population::Minor => Scheme::Resident,
    };
    let age = match population {
        Population::Minor => 10,
        Population::Retired => 65,
        _ => 40,
    };
    Case::plain(scheme, kind, population, age, level, city.day(), bill)
}

pub fn stay(city: City, population: Population, level: BenefitLevel, in_scope_yuan: &str) -> Case {
    case(city, CareKind::Inpatient, population, level, in_scope(in_scope_yuan))
}

#[track_caller]
pub fn settled(city: City, case: &Case) -> Decision {
    match decide(case, &city.rules(case.day)) {
        Ok(decision) => decision,
        Err(refusal) => panic!("refused: {refusal}"),
    }
}

#[track_caller]
pub fn refused(city: City, case: &Case) -> Refusal {
    match decide(case, &city.rules(case.day)) {
        Ok(decision) => panic!("not refused: {decision:?}"),
        Err(refusal) => refusal,
    }
}

/// Splits a line, which a test keeps within the range of an amount.
pub fn split(line: &LineFacts, rules: &LineRules) -> LineSplit {
    split_line(line, rules).expect("a test's amounts are small")
}

/// Settles one case after the other, each with the totals that the earlier ones left.
#[track_caller]
pub fn settled_in_turn<const N: usize>(city: City, cases: [Case; N]) -> [Decision; N] {
    let mut totals = cases[0].totals.clone();
    cases.map(|case| {
        let decision = settled(city, &Case { totals: totals.clone(), ..case });
        totals.add(&decision.accumulated);
        decision
    })
}

pub fn with_total(mut case: Case, total: RunningTotal, value: &str) -> Case {
    case.totals.set(total, yuan(value).as_fen());
    case
}

pub fn with_stays(mut case: Case, earlier: i64) -> Case {
    case.totals.set(RunningTotal::InpatientStays, earlier);
    case
}

pub fn with_attributes(mut case: Case, codes: &[&str]) -> Case {
    case.person.attributes = codes.iter().map(|code| (*code).to_owned()).collect();
    case
}

pub fn with_disease(mut case: Case, code: &str, name: &str) -> Case {
    case.qualifications.push(Qualification {
        code: code.to_owned(),
        name: name.to_owned(),
        begin: date(2019, 1, 1),
        end: None,
    });
    case
}

#[track_caller]
pub fn assert_yuan(actual: Money, expected: &str) {
    assert_eq!(actual.to_string(), expected);
}
