//! The paper on which one settlement is worked out: what was said, used, paid and added so far.

use super::case::Case;
use super::decision::{Decision, DeductibleTaken, FigureUse, Fund, FundPayment, Payout, Shares};
use super::rules::{Figure, SchemeRules};
use super::totals::RunningTotal;
use crate::code::Scheme;
use crate::money::{Money, Rate};
use crate::refusal::{Code, Refusal};

/// One settlement being worked out.
pub(super) struct Working<'a> {
    /// The facts.
    pub case: &'a Case,
    /// The rules of the case's scheme.
    pub rules: &'a SchemeRules,
    /// The deductible, once taken.
    pub deductible: DeductibleTaken,
    /// The pool's ratio, once known.
    pub ratio: Rate,
    payments: Vec<FundPayment>,
    payouts: Vec<Payout>,
    accumulated: Vec<(RunningTotal, i64)>,
    figures: Vec<FigureUse>,
    trace: Vec<String>,
}

impl<'a> Working<'a> {
    /// A clean sheet.
    pub fn new(case: &'a Case, rules: &'a SchemeRules) -> Self {
        let parts = case.bill.parts();
        let mut work = Working {
            case,
            rules,
            deductible: DeductibleTaken::default(),
            ratio: Rate::ZERO,
            payments: Vec::new(),
            payouts: Vec::new(),
            accumulated: Vec::new(),
            figures: Vec::new(),
            trace: Vec::new(),
        };
        work.say(format!(
            "{}{}：总额{}＝全自费{}＋超限价{}＋先行自付{}＋符合范围{}",
            case.scheme.name(),
            case.kind.name(),
            parts.total(),
            parts.own_paid,
            parts.over_limit,
            parts.pre_paid,
            parts.in_scope
        ));
        work
    }

    /// The value of a figure, which is noted as used.
    pub fn used<T>(&mut self, figure: &'a Figure<T>) -> &'a T {
        let source = &figure.source;
        if !self.figures.iter().any(|noted| noted.parameter == source.parameter && noted.source == source.tag) {
            self.figures.push(FigureUse {
                parameter: source.parameter.clone(),
                title: source.title.clone(),
                source: source.tag.clone(),
                illustrative: source.illustrative,
            });
        }
        &figure.value
    }

    /// The value of a figure, if the pool has one.
    pub fn given<T>(&mut self, figure: &'a Option<Figure<T>>) -> Option<&'a T> {
        figure.as_ref().map(|figure| self.used(figure))
    }

    /// The value of a figure that applies to this case, which alone is noted as used.
    pub fn where_it<T>(&mut self, figure: &'a Option<Figure<T>>, applies: impl Fn(&T) -> bool) -> Option<&'a T> {
        figure.as_ref().filter(|figure| applies(&figure.value)).map(|figure| self.used(figure))
    }

    /// Notes a step.
    pub fn say(&mut self, step: String) {
        self.trace.push(step);
    }

    /// A fund pays, if it pays anything.
    pub fn pay(&mut self, fund: Fund, amount: Money, in_scope: Money, room: Option<Money>, explanation: String) {
        self.say(format!("{}：{explanation}", fund.name()));
        if amount > Money::ZERO {
            self.payments.push(FundPayment { fund, amount, in_scope, room, explanation });
        }
    }

    /// A fund pays the person outside the bill, if it pays anything.
    pub fn pay_out(&mut self, fund: Fund, amount: Money, reason: String) {
        if amount > Money::ZERO {
            self.say(format!("另付参保人{amount}：{reason}"));
            self.payouts.push(Payout { fund, amount, reason });
        }
    }

    /// A running total grows.
    pub fn add(&mut self, total: RunningTotal, amount: Money) {
        self.count(total, amount.as_fen());
    }

    /// A running total grows, in its own unit.
    pub fn count(&mut self, total: RunningTotal, delta: i64) {
        if delta != 0 {
            self.accumulated.push((total, delta));
        }
    }

    /// A running total before this settlement.
    pub fn total(&self, total: RunningTotal) -> Money {
        self.case.totals.money(total)
    }

    /// What the funds have paid so far.
    pub fn paid(&self) -> Money {
        Money::sum(self.payments.iter().map(|payment| payment.amount))
    }

    /// What no fund has paid yet of the in-scope amount (政策范围内个人负担).
    pub fn left_in_scope(&self) -> Money {
        self.case.bill.parts().in_scope.less(self.paid())
    }

    /// The pool of the case's scheme.
    pub fn pool(&self) -> Fund {
        match self.case.scheme {
            Scheme::Employee => Fund::EmployeePool,
            Scheme::Resident => Fund::ResidentPool,
        }
    }

    /// The account pays what it can of what the person owes, cash the rest; the identities are checked.
    pub fn finish(mut self) -> Result<Decision, Refusal> {
        let case = self.case;
        let parts = case.bill.parts();
        let funds = self.paid();
        let person = parts.total().minus(funds).minus(case.hospital_part);
        if person < Money::ZERO {
            return Err(Refusal::new(
                Code::Amount,
                format!("医院负担金额(hosp_part_amt){}超过基金支付后的余额，请核对", case.hospital_part),
            ));
        }
        let account = self.account_pays(person);
        let paid_by = |fund: Fund| {
            Money::sum(self.payments.iter().filter(|payment| payment.fund == fund).map(|payment| payment.amount))
        };
        let shares = Shares {
            hifp: Money::sum([Fund::EmployeePool, Fund::ResidentPool, Fund::Maternity].map(paid_by)),
            hifmi: paid_by(Fund::SeriousIllness),
            hifob: paid_by(Fund::LargeAmount),
            cvlserv: paid_by(Fund::CivilServant),
            maf: paid_by(Fund::Assistance),
            hospital: case.hospital_part,
            person,
            account,
            cash: person.minus(account),
            ..Shares::default()
        };
        self.say(format!("基金{funds}，个人负担{person}：账户{account}，现金{}", shares.cash));
        let decision = Decision {
            parts,
            deductible: self.deductible,
            ratio: self.ratio,
            payments: self.payments,
            shares,
            payouts: self.payouts,
            accumulated: self.accumulated,
            figures: self.figures,
            trace: self.trace,
        };
        decision.assert_identities();
        Ok(decision)
    }

    /// What the personal account pays (`decisions` 38), noted as a payment.
    fn account_pays(&mut self, person: Money) -> Money {
        let super::case::AccountUse::Own { balance } = self.case.account else { return Money::ZERO };
        if !self.given(&self.rules.account.exists).copied().unwrap_or(false) {
            return Money::ZERO;
        }
        let amount = balance.max(Money::ZERO).min(person);
        let explanation = format!("个人应付{person}，账户余额{balance}，账户支付{amount}");
        self.pay(Fund::PersonalAccount, amount, Money::ZERO, Some(balance), explanation);
        amount
    }
}
