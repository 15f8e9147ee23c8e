//! Whether a statement is taken into a register, under which rule, and what is remarked about it.
//!
//! The rule that governed the business *at the time of the care* decides: care outside its closed window needs no register,
//! and each rule has one register. Work that no plan governs is taken as it comes. What is stated field by field is checked in
//! `stated`; who the person is, and whether the same care is there already, is found out by the engine. Invariant: nothing is
//! taken that no rule, duty or kind keeps.

mod papers;

use super::field::{self, Decision, Field, Holds, Values};
use super::{Action, Entry, Governed, NO_PLAN, Promise};
use super::{
    FieldProblem, FieldTable, Stated,
    due::{duty_for, listed_under},
    is_met, keeps_own, missing_evidence, promise_of,
};
use crate::calendar::Calendar;
use crate::code::Pool;
use crate::money::{Money, Rate};
use crate::outage::{Business, Closing, Disposition, Plan, Question, RegisterKind, Requirement, VISITORS, moment_name};
use crate::refusal::{Code, Refusal};
use crate::time::DateTime;
use crate::written::text::is_lost_number;
use std::collections::BTreeMap;

/// What the engine has found out about a statement.
pub struct Intake<'a> {
    /// The register that it was made to.
    pub kind: RegisterKind,
    /// The pool in whose book it is kept.
    pub pool: &'a Pool,
    /// Its business, person and provider, as the gate asks.
    pub question: &'a Question,
    /// What is stated, in the form that is kept.
    pub stated: &'a Stated,
    /// The plans in force.
    pub plans: &'a [Plan],
    /// The businesses that are known everywhere, with their Chinese names.
    pub businesses: &'a BTreeMap<Business, String>,
    /// The fields of all registers.
    pub table: &'a FieldTable,
    /// The official calendar.
    pub calendar: &'a Calendar,
    /// The plan that it stands under already, where what was stated is corrected.
    pub under: Option<&'a str>,
    /// What policy leaves to the person of a stay.
    pub own_part: Option<OwnPart>,
    /// What the gate would be asked about settling the care that papers are about, where it was given, as far as they tell it.
    pub care: Option<&'a Question>,
    /// What the agency has decided about the care, should it be late (P-20).
    pub agreed: Option<Decision>,
    /// The present moment.
    pub now: DateTime,
}

/// What policy leaves to the person of a stay: the deductible, then the rest of the pool's ratio.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OwnPart {
    /// The deductible of a first stay at this level.
    pub deductible: Money,
    /// What the pool pays above it.
    pub ratio: Rate,
}

impl OwnPart {
    /// What a stay that costs so much may ask in advance: the deductible and the person's ratio of the rest.
    pub fn of(self, expected: Money) -> Money {
        let above = expected.less(self.deductible);
        expected.minus(above.share(self.ratio))
    }
}

/// What is wrong where other diagnoses have no main one.
pub(super) const MAIN_MISSING: &str = "填写了其他诊断的，主要诊断必填；请补填";

/// Why a statement is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotTaken {
    /// Fields are missing or wrong.
    Fields(Vec<FieldProblem>),
    /// The plan, or the state of things, does not provide for it.
    Refused(Refusal),
}

/// Where a statement belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// The plan's id.
    pub plan: String,
    /// The rule, duty or supply that it stands under; empty where the plan has none for it.
    pub rule: String,
    /// What the plan promises; where nothing, it is recorded beside the promise.
    pub promised: Promise,
    /// The business of the care by whose rule papers were taken in.
    pub care_business: Option<Business>,
    /// The person has paid nothing at the counter, by the rule, and nobody states otherwise.
    pub is_unpaid: bool,
    /// What is to be looked at, for people.
    pub remarks: Vec<String>,
}

impl Taken {
    /// Made good by whoever keeps it, under a rule or duty of a plan.
    fn under(plan: &str, rule: &str, remarks: Vec<String>) -> Taken {
        let (plan, rule) = (plan.to_owned(), rule.to_owned());
        Taken { plan, rule, promised: Promise::MadeGood, care_business: None, is_unpaid: false, remarks }
    }
}

/// When the care was that a statement is about, or the papers came in.
pub fn care_moment(kind: RegisterKind, stated: &Stated) -> Option<DateTime> {
    stated.text(kind.row().moment).parse().ok()
}

impl<'a> Intake<'a> {
    /// Takes the statement or says why not.
    pub fn decide(&self) -> Result<Taken, NotTaken> {
        let care = care_moment(self.kind, self.stated).unwrap_or(self.now);
        self.times()?;
        self.main_diagnosis()?;
        let mut taken = match self.kind.row().governed {
            Governed::Duty => self.by_duty(care)?,
            Governed::Worklist => self.by_worklist()?,
            Governed::Supply => self.by_supply()?,
            Governed::Papers => self.papers(care)?,
            Governed::Care => {
                let (plan, closing) = self.closing_at(care)?;
                self.by_rule(plan, &closing, self.question)?
            }
            Governed::Nothing => Taken::under(NO_PLAN, "", Vec::new()),
        };
        taken.remarks.extend(self.remarks()?);
        Ok(taken)
    }

    /// Made good by whoever keeps it, under a rule or duty of a plan.
    fn taken_under(&self, plan: &Plan, rule: &str, remarks: Vec<String>) -> Taken {
        Taken::under(&plan.name_in(self.pool), rule, remarks)
    }

    fn stated<T: Holds>(&self, field: Field<T>) -> T::Value<'a> {
        field.of(self.stated)
    }

    /// Ends do not lie before their beginnings.
    fn times(&self) -> Result<(), NotTaken> {
        let pairs = [(field::BEGNTIME, field::ENDTIME), (field::CARE_BEGNTIME, field::CARE_ENDTIME)];
        let wrong = pairs.iter().filter_map(|(first, last)| {
            let (begin, end) = (self.stated(*first)?, self.stated(*last)?);
            (end < begin).then(|| {
                self.problem(
                    *last,
                    format!("{}早于{}{}；请核对", moment_name(end), self.label(first.name()), moment_name(begin)),
                )
            })
        });
        fields(wrong.collect())
    }

    /// Other diagnoses stand beside a main one.
    fn main_diagnosis(&self) -> Result<(), NotTaken> {
        if !field::OTHER_DIAGS.is_stated(self.stated) || field::DIAG_CODE.is_stated(self.stated) {
            return Ok(());
        }
        fields(vec![self.problem(field::DIAG_CODE, MAIN_MISSING)])
    }

    fn label(&self, name: &str) -> &str {
        self.table.of(self.kind, Action::Register).find(|field| field.name == name).map_or("", |field| &field.label)
    }

    fn problem<T>(&self, field: Field<T>, text: impl Into<String>) -> FieldProblem {
        let name = field.name();
        FieldProblem { field: name.to_owned(), label: self.label(name).to_owned(), text: text.into() }
    }

    /// The plan and the closing that governed the care; of several plans the one that reopens last.
    fn closing_at(&self, care: DateTime) -> Result<(&'a Plan, Closing<'a>), NotTaken> {
        let concerned = self.plans.iter().filter(|plan| self.question.concerns(&plan.pool));
        let mut near: Vec<(&'a Plan, Closing<'a>)> = concerned
            .flat_map(|plan| plan.closings(self.question).into_iter().map(move |closing| (plan, closing)))
            .filter(|(_, closing)| closing.rule.disposition != Disposition::Open)
            .collect();
        near.sort_by(|(_, one), (_, other)| other.window.reopens.cmp(&one.window.reopens));
        let inside = near.iter().position(|(_, closing)| closing.window.contains(care));
        // A stay that was over at the closing and not settled has waited as well (`decisions` 7).
        let waited = |(plan, closing): &(&Plan, Closing<'_>)| {
            self.kind == RegisterKind::DeferredDischarge
                && care < closing.window.closes
                && closing.window.closes <= self.now
                && self.now < plan.ends
        };
        let inside = inside.or_else(|| near.iter().position(waited));
        match (inside, near.first()) {
            (Some(at), _) => Ok(near.swap_remove(at)),
            (None, Some((plan, closing))) => Err(refused(
                Code::Dates,
                format!(
                    "{}不在{}的停办时段内（{}）；停办前后的业务请直接通过国家接口或窗口办理，不必登记",
                    moment_name(care),
                    plan.name_of(&self.question.business),
                    closing.window.name()
                ),
            )),
            (None, None) => Err(refused(
                Code::NotProvided,
                format!("现行停机方案没有停办“{}”；请直接办理，不必登记", self.business_name()),
            )),
        }
    }

    fn business_name(&self) -> String {
        let business = &self.question.business;
        let of_plan = self.plans.iter().find_map(|plan| plan.names.get(business));
        of_plan.or_else(|| self.businesses.get(business)).map_or("该项业务", String::as_str).to_owned()
    }

    fn by_rule(&self, plan: &Plan, closing: &Closing<'_>, question: &Question) -> Result<Taken, NotTaken> {
        let rule = closing.rule;
        match rule.register(&question.business) {
            Some(kind) if kind == self.kind => {}
            // Papers are taken in by the agency of the pool where the person is insured.
            Some(RegisterKind::Papers) if is_insured_elsewhere(plan, question) => {
                let text = format!("停机方案规定{}由参保地办理。{VISITORS}", plan.name_of(&question.business));
                return Err(refused(Code::NotProvided, text));
            }
            Some(kind) => {
                let text = format!(
                    "停机方案规定{}登记到“{}”台账，不是“{}”；请改在“{}”登记",
                    plan.name_of(&question.business),
                    kind.name(),
                    self.kind.name(),
                    kind.name()
                );
                return Err(refused(Code::NotProvided, text));
            }
            None => {
                let text = format!("停机方案没有为{}设台账。{}", plan.name_of(&question.business), closing.advice());
                return Err(refused(Code::NotProvided, text));
            }
        }
        let promised = promise_of(plan, rule, self.kind, question);
        // What people bring to the agency is asked for there, and not of who writes their care down.
        let is_brought_later = promised == Promise::Claimed;
        let mut remarks = if is_brought_later { Vec::new() } else { self.evidence(&rule.evidence)? };
        if promised == Promise::Nothing {
            remarks.push(format!("只作记录，不在补录范围，不承诺退费。{}", closing.advice()));
        }
        // Who leaves on account or settles later has paid nothing, unless something is stated.
        let is_unpaid = matches!(rule.disposition, Disposition::OnAccount | Disposition::DeferSettlement)
            && self.kind == RegisterKind::CashVisit
            && !field::PREPAYMENT.is_stated(self.stated);
        Ok(Taken { promised, is_unpaid, ..self.taken_under(plan, &rule.id, remarks) })
    }

    /// What a rule demands has to be attested by a field; what it only wishes is remarked.
    fn evidence(&self, wanted: &[Requirement]) -> Result<Vec<String>, NotTaken> {
        let attested = |word| self.table.attests(self.kind, Action::Register, self.stated, word);
        let missing = missing_evidence(wanted, attested).into_iter().map(|requirement| {
            let words: Vec<_> = requirement.any_of.iter().flatten().collect();
            let attests = |field: &&super::FieldSpec| {
                words.iter().any(|word| field.evidence.contains(word) || keeps_own(field, **word))
            };
            let own = self.table.of(self.kind, Action::Register).find(attests);
            let field = own.or_else(|| self.table.papers(self.kind));
            let text = format!("停机方案要求有{}；请补齐后登记", requirement.name());
            match field {
                Some(field) => FieldProblem::of(field, text),
                None => FieldProblem { field: String::new(), label: requirement.name(), text },
            }
        });
        fields(missing.collect())?;
        let wished = wanted
            .iter()
            .filter(|requirement| requirement.optional)
            .filter(|requirement| !is_met(requirement, attested));
        Ok(wished.map(|requirement| format!("未取得{}", requirement.name())).collect())
    }

    /// The plan that holds at a moment: the one that the entry stands under already, else the latest that provides for it, else
    /// the latest.
    fn plan_at(&self, moment: DateTime, provides: impl Fn(&'a Plan) -> bool) -> Result<&'a Plan, NotTaken> {
        let concerned = || self.plans.iter().filter(|plan| self.question.concerns(&plan.pool));
        if let Some(own) = concerned().find(|plan| self.under == Some(&*plan.name_in(self.pool))) {
            return Ok(own);
        }
        // Who asks for an exception, or still owes, does so after the last deadline too.
        let outlasts = matches!(self.kind, RegisterKind::Escalation | RegisterKind::NotEntitled);
        let begun = |plan: &&Plan| plan.issued.at(0, 0, 0, 0).min(plan.window.closes.at) <= moment;
        let holding = concerned().filter(begun).filter(|plan| outlasts || moment < plan.ends);
        holding.max_by_key(|plan| (provides(plan), plan.window.closes)).ok_or_else(|| {
            let text = format!("{}没有生效的停机方案；请核对时间", moment_name(moment));
            refused(Code::NotProvided, text)
        })
    }

    fn by_duty(&self, moment: DateTime) -> Result<Taken, NotTaken> {
        let duty = |plan: &'a Plan| duty_for(plan, self.kind, self.question);
        let plan = self.plan_at(moment, |plan| duty(plan).is_some())?;
        let rule = duty(plan).map_or(String::new(), |duty| duty.id.clone());
        Ok(self.taken_under(plan, &rule, Vec::new()))
    }

    /// Lists of stays: where the plan has the duty, or a rule with that register.
    fn by_worklist(&self) -> Result<Taken, NotTaken> {
        let rule = |plan: &'a Plan| listed_under(plan, self.kind, self.question);
        let plan = self.plan_at(self.now, |plan| rule(plan).is_some())?;
        let Some(rule) = rule(plan).map(str::to_owned) else {
            let text = format!("停机方案“{}”没有“{}”的要求；不必登记", plan.title, self.kind.name());
            return Err(refused(Code::NotProvided, text));
        };
        Ok(self.taken_under(plan, &rule, Vec::new()))
    }

    fn by_supply(&self) -> Result<Taken, NotTaken> {
        let supply = |plan: &'a Plan| plan.supply_for(self.question);
        let plan = self.plan_at(self.now, |plan| supply(plan).is_some())?;
        let Some(supply) = supply(plan) else {
            let business = plan.name_of(&self.question.business);
            let text = format!("停机方案没有为这样的{business}规定提前备药；不必登记");
            return Err(refused(Code::NotProvided, text));
        };
        if let (Some((first, last)), Some(ends)) = (supply.ends_between, self.stated(field::SUPPLY_ENDS))
            && !(first..=last).contains(&ends)
        {
            let text = format!("{ends}不在方案规定的{first}至{last}之间；不在此期间到期的不必提前备药");
            return Err(NotTaken::Fields(vec![self.problem(field::SUPPLY_ENDS, text)]));
        }
        Ok(self.taken_under(plan, &supply.id, Vec::new()))
    }

    /// What is to be looked at, or is wrong in itself.
    fn remarks(&self) -> Result<Vec<String>, NotTaken> {
        let mut remarks = Vec::new();
        if self.stated(field::INJURY) && !field::INJURY_CAUSE.is_stated(self.stated) {
            return Err(NotTaken::Fields(vec![self.problem(field::INJURY_CAUSE, "外伤的必须写明受伤原因；请补填")]));
        }
        remarks.extend(self.odd_numbers());
        if self.stated(field::ELECTIVE) {
            remarks.push("择期手术：原则上应安排在恢复以后（合规核查）".to_owned());
        }
        if let Some(prepaid) = self.stated(field::PREPAYMENT) {
            remarks.extend(self.prepayment(prepaid));
        }
        Ok(remarks)
    }

    /// Numbers of papers that look as if a spreadsheet program had shortened them. `5E17` may be one all the same, so it is taken; what
    /// is certainly shortened (`5.1E+17`) is refused where it is read.
    fn odd_numbers(&self) -> Vec<String> {
        const OF_PAPERS: [&str; 5] = ["invono", "bill_code", "ipt_otp_no", "rx_no", "payment_receipt"];
        let odd =
            OF_PAPERS.into_iter().map(|name| (name, self.stated.text(name))).filter(|(_, said)| is_lost_number(said));
        odd.map(|(name, said)| {
            let label = self.label(name);
            format!("“{label}”“{said}”像是表格软件缩写的长号码，请照原件核对；确是这样的不必改")
        })
        .collect()
    }

    /// Nobody with a stated entitlement is made to pay more ahead than policy leaves to the person (P-24).
    fn prepayment(&self, prepaid: Money) -> Option<String> {
        let asks = self.table.of(self.kind, Action::Register).any(|field| field.name == field::EXPECTED_COST.name());
        // Of a stay that is over the bill is known, or will be.
        let expected = if asks { self.stated(field::EXPECTED_COST) } else { self.stated(field::MEDFEE_SUMAMT) };
        let Some(expected) = expected else {
            return (asks && prepaid > Money::ZERO)
                .then(|| "未填预计总费用，不能核对预收是否超过个人应负担部分".to_owned());
        };
        let own = self.own_part?.of(expected);
        (prepaid > own).then(|| {
            format!(
                "预收{prepaid}元超过预计总费用{expected}元中个人应负担的{own}元：不得要求已申明待遇的参保人员多预交"
            )
        })
    }
}

/// The business of a register whose statements do not tell one.
pub fn usual_business(kind: RegisterKind) -> Business {
    Business::named(kind.row().business)
}

/// The entry's own columns from what is stated; the other fields go to its details.
pub fn lay_out(entry: &mut Entry, stated: &Stated) {
    for (name, value) in stated {
        match name.as_str() {
            "psn_no" => entry.psn_no.clone_from(value),
            "certno" => entry.certno.clone_from(value),
            "mdtrt_id" => entry.mdtrt_id.clone_from(value),
            "invono" => entry.invono.clone_from(value),
            "reason" => entry.reason.clone_from(value),
            "endtime" => entry.care_until = value.parse().ok(),
            "medfee_sumamt" => entry.charged = value.parse().unwrap_or(entry.charged),
            _ => {
                entry.details.insert(name.clone(), value.clone());
            }
        }
    }
}

/// What was stated at the registration, as the entry has it now.
pub fn statement(table: &FieldTable, entry: &Entry) -> Stated {
    let fields = table.of(entry.kind, Action::Register);
    fields.map(|field| (field.name.clone(), entry.value(&field.name))).filter(|(_, value)| !value.is_empty()).collect()
}

fn fields(problems: Vec<FieldProblem>) -> Result<(), NotTaken> {
    if problems.is_empty() { Ok(()) } else { Err(NotTaken::Fields(problems)) }
}

fn is_insured_elsewhere(plan: &Plan, question: &Question) -> bool {
    question.insured_pool.as_ref().is_some_and(|pool| *pool != plan.pool)
}

fn refused(code: Code, text: String) -> NotTaken {
    NotTaken::Refused(Refusal::new(code, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p24_what_may_be_asked_in_advance_is_the_deductible_and_the_persons_share() {
        let own = OwnPart { deductible: Money::yuan(600), ratio: Rate::percent(80) };
        assert_eq!(own.of(Money::yuan(5600)), Money::yuan(1600));
        assert_eq!(own.of(Money::yuan(500)), Money::yuan(500));
    }
}
