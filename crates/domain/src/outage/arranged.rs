//! What comes of what a plan says around its closings, and how it is told wherever a plan is shown: [`Plan::arrangements`].

use super::difference::Part;
use super::{Business, Continuity, Degraded, Due, DueAt, Freeze, Invariant, Moments, Pattern, Plan, Question, Scope};
use crate::calendar::Calendar;
use crate::entitlement::InsuranceRow;
use crate::time::{Date, DateTime, Moment, moment_name};
use jiff::ToSpan;

/// One of them in words, for whatever shows a plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrangement {
    /// The part of the plan.
    pub part: Part,
    /// Its id.
    pub id: String,
    /// Where it stands in the file.
    pub line: u32,
    /// Its clauses.
    pub clauses: Vec<String>,
    /// The businesses.
    pub businesses: Vec<Pattern>,
    /// For whom and where.
    pub scope: Scope,
    /// What holds, with its moments, without the advice.
    pub text: String,
    /// What people are told.
    pub advice: String,
    /// The moment by which it is ordered: its end where it has one.
    pub moment: Option<DateTime>,
    /// Whether that moment ends a right.
    pub is_deadline: bool,
}

/// How a reader writes moments, days and deadlines.
pub struct Writing<'a> {
    /// A moment.
    pub moment: &'a dyn Fn(Moment) -> String,
    /// A day.
    pub day: &'a dyn Fn(Date) -> String,
    /// Until when somebody has to be insured again.
    pub due: &'a dyn Fn(&Continuity) -> String,
}

fn covers(businesses: &[Pattern], business: &Business) -> bool {
    businesses.iter().any(|pattern| pattern.covers(business))
}

impl Plan {
    /// What to say of a business that is open and slow.
    pub(super) fn slow(&self, question: &Question, now: DateTime) -> impl Iterator<Item = String> {
        let known = self.with_present_county(question).into_owned();
        let reopened = self.reopened_before(question, now);
        self.degraded.iter().filter_map(move |slow| {
            let begun = slow.from.map_or(reopened, |from| from <= now);
            let concerns = covers(&slow.businesses, &known.business) && self.covers(&slow.scope, &known);
            (begun && concerns && now < slow.until).then(|| {
                format!("{}{}。{}", self.name_of(&known.business), slow_until(slow, &moment_name), slow.advice)
            })
        })
    }

    /// Whether a window of the business has ended by now.
    fn reopened_before(&self, question: &Question, now: DateTime) -> bool {
        self.closings(question).iter().any(|closing| !closing.window.reopens.is_after(now))
    }

    /// Why a settlement of this business that was made at `settled` may not be cancelled at `now`.
    pub fn frozen(&self, question: &Question, settled: DateTime, now: DateTime) -> Option<&Freeze> {
        if !question.concerns(&self.pool) {
            return None;
        }
        let known = self.with_present_county(question);
        let mut frozen = self.freezes.iter().filter(|freeze| settled < freeze.at && freeze.at <= now);
        frozen.find(|freeze| covers(&freeze.businesses, &known.business) && self.covers(&freeze.scope, &known))
    }

    /// Whether a count is made at the provider of a question.
    pub fn counts_at(&self, one: &Invariant, question: &Question) -> bool {
        self.covers(&one.scope, &self.with_present_county(question))
    }

    /// The rows of a person's insurance with the breaks closed that come from the outage: who is insured again in time is
    /// insured from the day after the earlier insurance. `whose` says scheme and populations of a row.
    pub fn unbroken(
        &self,
        mut rows: Vec<InsuranceRow>,
        whose: impl Fn(&InsuranceRow) -> Question,
        calendar: &Calendar,
    ) -> Vec<InsuranceRow> {
        for one in &self.continuities {
            let ends = match self.end_of(&one.due, &Moments::default(), calendar) {
                DueAt::At(moment) => moment,
                // The reopening from which it counts is still awaited: it has not ended.
                DueAt::NotYetKnown => DateTime::MAX,
                DueAt::Unknowable(_) => continue,
            };
            let begins: Vec<Option<Date>> = rows.iter().map(|row| bridged(one, &rows, row, ends)).collect();
            for (row, begin) in rows.iter_mut().zip(begins) {
                if let Some(begin) = begin.filter(|_| self.covers(&one.scope, &whose(row))) {
                    row.begin = begin;
                }
            }
        }
        rows
    }

    /// Everything of these kinds in words, by its line.
    pub fn arrangements(&self) -> Vec<Arrangement> {
        self.arrangements_in(&Writing {
            moment: &|moment| moment_name(moment),
            day: &|day| day.to_string(),
            due: &|one| one.due.name(),
        })
    }

    /// The same, with moments and days as a reader writes them.
    pub fn arrangements_in(&self, writing: &Writing<'_>) -> Vec<Arrangement> {
        let degraded = self.degraded.iter().map(|slow| Arrangement {
            part: Part::Degraded,
            id: slow.id.clone(),
            line: slow.line,
            clauses: slow.clauses.clone(),
            businesses: slow.businesses.clone(),
            scope: slow.scope.clone(),
            text: slow_until(slow, writing.moment),
            advice: slow.advice.clone(),
            moment: Some(slow.until.at),
            is_deadline: false,
        });
        let freezes = self.freezes.iter().map(|freeze| Arrangement {
            part: Part::Freeze,
            id: freeze.id.clone(),
            line: freeze.line,
            clauses: freeze.clauses.clone(),
            businesses: freeze.businesses.clone(),
            scope: freeze.scope.clone(),
            text: format!("{}前的结算，此后不再撤销", (writing.moment)(freeze.at)),
            advice: freeze.advice.clone(),
            moment: Some(freeze.at.at),
            is_deadline: true,
        });
        let continuities = self.continuities.iter().map(|one| Arrangement {
            part: Part::Continuity,
            id: one.id.clone(),
            line: one.line,
            clauses: one.clauses.clone(),
            businesses: vec![Pattern::Under(Business::named("enrolment"))],
            scope: one.scope.clone(),
            text: format!(
                "{}至{}中断参保的，{}续保即视为未中断，不设等待期",
                (writing.day)(one.breaks.0),
                (writing.day)(one.breaks.1),
                (writing.due)(one)
            ),
            advice: one.advice.clone(),
            moment: match one.due {
                Due::By(by) => Some(by.at),
                _ => None,
            },
            is_deadline: true,
        });
        let invariants = self.invariants.iter().map(|one| {
            let counts: Vec<&str> = one.counts.iter().map(|counted| counted.name()).collect();
            Arrangement {
                part: Part::Invariant,
                id: one.id.clone(),
                line: one.line,
                clauses: one.clauses.clone(),
                businesses: Vec::new(),
                scope: one.scope.clone(),
                text: format!("{}{}应为零", (writing.moment)(one.at), counts.join("、")),
                advice: one.advice.clone(),
                moment: Some(one.at.at),
                is_deadline: false,
            }
        });
        let mut all: Vec<Arrangement> = degraded.chain(freezes).chain(continuities).chain(invariants).collect();
        all.sort_by_key(|one| one.line);
        all
    }
}

fn slow_until(slow: &Degraded, moment: &dyn Fn(Moment) -> String) -> String {
    match slow.from {
        Some(from) => format!("{}至{}办理可能缓慢", moment(from), moment(slow.until)),
        None => format!("恢复初期（至{}）办理可能缓慢", moment(slow.until)),
    }
}

/// The day on which a row begins where the break before it is closed.
fn bridged(one: &Continuity, rows: &[InsuranceRow], row: &InsuranceRow, ends: DateTime) -> Option<Date> {
    let is_basic = |insutype: &str| crate::code::Scheme::of_insutype(insutype).is_some();
    let earlier = rows.iter().filter(|other| is_basic(&other.insutype) && other.begin < row.begin);
    let broke = earlier.filter_map(InsuranceRow::last_day).max()?.saturating_add(1.days());
    let in_time = row.begin.at(0, 0, 0, 0) < ends;
    let from_outage = (one.breaks.0..=one.breaks.1).contains(&broke);
    (is_basic(&row.insutype) && broke < row.begin && from_outage && in_time).then_some(broke)
}
