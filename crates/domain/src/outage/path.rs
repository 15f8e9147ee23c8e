//! The way back (补办途径): what becomes of care that met the outage, once its business is open again.
//!
//! The gate asks when a call is made; this asks when the care was given. Care of a closed moment goes by the rule that
//! governed then: entered afterwards at the same provider, or not there at all, with advice. A stay has two such moments,
//! admission and discharge, and one set of rules answers for all its paths (B-09). Deadlines are told, not judged:
//! whether a late case has been agreed to is the engine's to know.
//! Invariant: care that no closed window holds is ordinary.

use super::{
    AfterDeadline, Business, Closed, Closing, Deadline, Disposition, DueAt, Fallback, FallbackWhen, Moments, Plan,
    Question, RegisterKind, moment_name,
};
use crate::calendar::Calendar;
use crate::refusal::{Code, Refusal};
use crate::time::DateTime;

/// Which way care goes.
#[derive(Clone, Debug)]
pub enum Path<'a> {
    /// Its business was open when the care was given.
    Ordinary,
    /// Entered afterwards at the same provider and settled through the ordinary transactions.
    Backfill(Way<'a>),
    /// Not at the provider: claimed at the agency, or by no route at all.
    Elsewhere(Way<'a>),
}

/// The rule that governed when the care was given, and what it says now.
#[derive(Clone, Debug)]
pub struct Way<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The rule with the window that held for this care.
    pub closing: Closing<'a>,
    /// The fallback that applies in place of the rule.
    pub fallback: Option<&'a Fallback>,
    /// What was asked, the business of the rule included.
    pub question: Question,
    /// The moment of care that met the window.
    pub met_at: DateTime,
}

/// A stay, as far as its path depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stay {
    /// Admission (入院).
    pub admitted: DateTime,
    /// Discharge (出院), where it is known.
    pub discharged: Option<DateTime>,
    /// The person has chosen to pay in full and claim (B-10).
    pub chose_to_claim: bool,
}

/// A settlement that ended a stay, as long as it stood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stood {
    /// When it was recorded.
    pub recorded: DateTime,
    /// When it was cancelled (撤销), if it was.
    pub cancelled: Option<DateTime>,
}

impl Stood {
    /// Whether it stood at that moment.
    fn at(&self, moment: DateTime) -> bool {
        self.recorded < moment && self.cancelled.is_none_or(|cancelled| moment <= cancelled)
    }
}

/// A stay that waited at a closing.
#[derive(Clone, Debug)]
pub struct Waited<'a> {
    /// The rule by which it waited.
    pub way: Way<'a>,
    /// Since when it could have been settled: its discharge, or a cancellation after that.
    pub since: DateTime,
}

/// The path of a visit or purchase; the question names its settlement.
pub fn path_of_visit<'a>(plans: &'a [Plan], question: &Question, care: DateTime) -> Path<'a> {
    match closed_at(plans, question, care) {
        None => Path::Ordinary,
        Some(way) if way.closing.rule.disposition.is_entered() => Path::Backfill(way),
        Some(way) => Path::Elsewhere(way),
    }
}

/// The path of a stay; the question names its settlement.
///
/// Admitted while closed: by the rule of admissions, and where it was over before the reopening, by that rule's fallback.
/// Discharged while closed: settled later by the rule of settlements, unless the person chose that rule's fallback.
pub fn path_of_stay<'a>(plans: &'a [Plan], question: &Question, stay: &Stay) -> Path<'a> {
    let of_admission = Question { business: Business::named("encounter.admission"), ..question.clone() };
    let entering = closed_at(plans, &of_admission, stay.admitted);
    let leaving = stay.discharged.and_then(|discharged| closed_at(plans, question, discharged));
    if let Some(way) = &entering {
        let inside = stay.discharged.is_some_and(|discharged| way.closing.window.contains(discharged));
        if inside && let Some(fallback) = way.fallback(FallbackWhen::DischargedBeforeReopening) {
            return Path::Elsewhere(Way { fallback: Some(fallback), ..way.clone() });
        }
        if !way.closing.rule.disposition.is_entered() {
            return Path::Elsewhere(way.clone());
        }
    }
    if let Some(way) = &leaving {
        if stay.chose_to_claim
            && let Some(fallback) = way.fallback(FallbackWhen::PersonChooses)
        {
            return Path::Elsewhere(Way { fallback: Some(fallback), ..way.clone() });
        }
        // Settling a stay is no care: while it was refused it has only waited.
        let waited = way.closing.rule.disposition == Disposition::Refuse;
        if !waited && !way.closing.rule.disposition.is_entered() {
            return Path::Elsewhere(way.clone());
        }
    }
    leaving.or(entering).map_or(Path::Ordinary, Path::Backfill)
}

/// The rule by which a stay in hospital at the closing was to become self-paying, and insured again after (B-02).
pub fn conversion_of<'a>(plans: &'a [Plan], question: &Question, stay: &Stay) -> Option<Way<'a>> {
    let question = Question { business: Business::named("encounter.fees"), ..question.clone() };
    let concerned = plans.iter().filter(|plan| question.concerns(&plan.pool));
    let ways = concerned.flat_map(|plan| plan.closings(&question).into_iter().map(move |closing| (plan, closing)));
    let mut held = ways.filter(|(_, closing)| {
        let closes = closing.window.closes.at;
        let in_hospital = stay.admitted < closes && stay.discharged.is_none_or(|discharged| closes < discharged);
        in_hospital && closing.rule.register(&question.business) == Some(RegisterKind::StayConversion)
    });
    let (plan, closing) = held.next()?;
    let met_at = closing.window.closes.at;
    Some(Way { plan, closing, fallback: None, question, met_at })
}

/// The rule by which a stay that was over and not settled at a closing has waited (出院未结算): the question names its settlement,
/// `stood` are the settlements that ended it before. It is settled by the ordinary way whenever it comes, but counts when it could have
/// been settled; once the plan has ended it is ordinary.
pub fn waited_for<'a>(
    plans: &'a [Plan],
    question: &Question,
    stay: &Stay,
    stood: &[Stood],
    now: DateTime,
) -> Option<Waited<'a>> {
    let discharged = stay.discharged?;
    let concerned = plans.iter().filter(|plan| question.concerns(&plan.pool) && now < plan.ends);
    let closings = concerned.flat_map(|plan| plan.closings(question).into_iter().map(move |closing| (plan, closing)));
    let waited = closings.filter(|(_, closing)| {
        let closes = closing.window.closes.at;
        closing.rule.disposition != Disposition::Open
            && discharged < closes
            && closes <= now
            && !stood.iter().any(|settlement| settlement.at(closes))
    });
    let (plan, closing) =
        waited.min_by_key(|(plan, closing)| (closing.window.closes, closing.rule.id.clone(), &plan.id, &plan.pool))?;
    let undone = stood.iter().filter_map(|settlement| settlement.cancelled);
    let undone = undone.filter(|cancelled| *cancelled < closing.window.closes).max();
    let since = undone.map_or(discharged, |undone| undone.max(discharged));
    let way = Way { plan, closing, fallback: None, question: question.clone(), met_at: since };
    Some(Waited { way, since })
}

/// What closed the business of a question at a moment; of several the one that reopens last, then the smaller id.
pub fn closed_at<'a>(plans: &'a [Plan], question: &Question, moment: DateTime) -> Option<Way<'a>> {
    let concerned = plans.iter().filter(|plan| question.concerns(&plan.pool));
    let closings = concerned.flat_map(|plan| plan.closings(question).into_iter().map(move |closing| (plan, closing)));
    let closed = closings.filter(|(_, closing)| closing.window.contains(moment));
    let last = closed.min_by_key(|(plan, closing)| {
        (std::cmp::Reverse(closing.window.reopens.clone()), closing.rule.id.clone(), &plan.id, &plan.pool)
    });
    let (plan, closing) = last?;
    Some(Way { plan, closing, fallback: None, question: question.clone(), met_at: moment })
}

impl<'a> Way<'a> {
    /// Whether what this way was about is open again at `now`: its own window, and those of `question` that it shares a
    /// moment with. A converted stay is insured again only then (B-02), whatever may be sent before.
    pub fn is_over(&self, plans: &[Plan], question: &Question, now: DateTime) -> bool {
        let concerned = plans.iter().filter(|plan| question.concerns(&plan.pool));
        let mut windows = concerned.flat_map(|plan| plan.closings(question)).map(|closing| closing.window);
        let own = &self.closing.window;
        !own.reopens.is_after(now) && !windows.any(|window| window.overlaps(own) && window.reopens.is_after(now))
    }

    /// The fallback of the rule for this case.
    pub fn fallback(&self, when: FallbackWhen) -> Option<&'a Fallback> {
        let rule: &'a super::Rule = self.closing.rule;
        rule.fallbacks.iter().find(|fallback| fallback.when.contains(&when))
    }

    /// Whether the person may choose to pay in full and claim instead.
    pub fn has_choice(&self) -> bool {
        self.fallback(FallbackWhen::PersonChooses).is_some()
    }

    /// The deadline that holds: the fallback's, else the rule's, else that of the duty to enter it.
    pub fn deadline(&self) -> Option<&'a Deadline> {
        let rule: &'a super::Rule = self.closing.rule;
        match self.fallback {
            Some(fallback) => fallback.deadline.as_ref(),
            None => self.plan.made_good_until(rule, &self.question),
        }
    }

    /// When it is due, for one case.
    pub fn due(&self, moments: &Moments<'_>, calendar: &Calendar) -> Option<DueAt> {
        Some(self.plan.due(self.deadline()?, moments, calendar))
    }

    /// The deadline that has passed at `now`, with what follows from it.
    pub fn missed(
        &self,
        moments: &Moments<'_>,
        calendar: &Calendar,
        now: DateTime,
    ) -> Option<(DateTime, AfterDeadline)> {
        let due = self.due(moments, calendar)?.missed_at(now)?;
        Some((due, self.deadline().map_or(AfterDeadline::Listed, |deadline| deadline.after)))
    }

    /// The refusal at the provider: why not here, what to do instead, until when.
    pub fn refusal(&self, moments: &Moments<'_>, calendar: &Calendar) -> Refusal {
        let mut closed = Closed::by(&self.closing, self.plan, &self.question, self.met_at);
        if let Some(fallback) = self.fallback {
            closed.advice.clone_from(&fallback.advice);
            closed.evidence.clone_from(&fallback.evidence);
            closed.deadline.clone_from(&fallback.deadline);
        }
        let until = self.due(moments, calendar).and_then(DueAt::moment);
        let until = until.map(|due| format!("在{}前", moment_name(due)));
        let from = self.closing.rule.not_before.map(|from| format!("自{}起", moment_name(from)));
        let when: Vec<String> = from.into_iter().chain(until).collect();
        let until = if when.is_empty() { String::new() } else { format!("请{}办理。", when.join("、")) };
        let head = format!(
            "{}发生在停办期间（{}），不能在本机构补办结算。{until}",
            closed.business_name,
            self.met_at.strftime("%Y-%m-%d %H:%M")
        );
        closed.refusal_beginning_with(head)
    }

    /// The refusal of who comes after a deadline; `remedy` says what may still be done.
    pub fn too_late(&self, due: DateTime, remedy: &str) -> Refusal {
        let closed = Closed::by(&self.closing, self.plan, &self.question, due);
        let instead = self.fallback(FallbackWhen::DeadlineMissed).map_or("", |fallback| fallback.advice.as_str());
        let text = format!("{}的补录期限已于{}届满。{remedy}{instead}", closed.business_name, moment_name(due));
        Refusal::new(Code::Closed, text).advise(closed.guidance())
    }

    /// The refusal of who comes before this way is open, where it opens later than the business.
    pub fn too_early(&self, now: DateTime) -> Option<Refusal> {
        let from = self.closing.rule.not_before.filter(|from| now < *from)?;
        let name = self.plan.name_of(&self.question.business);
        Some(Refusal::new(Code::Closed, format!("停办期间的{name}自{}起补办，请届时再来", moment_name(from))))
    }
}
