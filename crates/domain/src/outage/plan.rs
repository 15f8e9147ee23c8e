//! A plan of one outage (停机方案): everything that a city's notice says, as typed data.
//!
//! It holds and finds; it decides nothing. Every entry carries the clauses it comes from and the line it stands on, so
//! that whatever follows from it can be shown with its reason.

use super::{
    Actor, AfterDeadline, Business, Disposition, DutyKind, Evidence, Insurance, Pattern, Question, Scope, Specificity,
};
use crate::calendar::Calendar;
use crate::code::Pool;
use crate::time::{Date, DateTime};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A half-open stretch of time: closed from `closes` on, open again at `reopens` itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// The first closed moment.
    pub closes: DateTime,
    /// The first open moment.
    pub reopens: DateTime,
}

impl Window {
    /// Whether it is closed at `now`.
    pub fn contains(&self, now: DateTime) -> bool {
        self.closes <= now && now < self.reopens
    }

    /// Whether the two share a moment.
    pub fn overlaps(&self, other: &Window) -> bool {
        self.closes < other.reopens && other.closes < self.reopens
    }
}

/// When something is due (期限).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// Before this moment.
    By(DateTime),
    /// Before the end of the n-th working day after this business reopens.
    WorkingDays {
        /// How many working days.
        days: u32,
        /// The business whose reopening starts the count.
        after: Business,
    },
}

/// A deadline and what comes after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// When.
    pub due: Due,
    /// What happens to who is late.
    pub after: AfterDeadline,
}

impl Deadline {
    /// The deadline in words, without a calendar: `2020-12-31 24:00前`, `恢复后10个工作日内`.
    pub fn name(&self) -> String {
        match &self.due {
            Due::By(moment) => format!("{}前", super::moment_name(*moment)),
            Due::WorkingDays { days, .. } => format!("恢复后{days}个工作日内"),
        }
    }
}

/// Evidence that has to be there: one of several sets, or optional.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirement {
    /// Any one of these sets does; all of a set are needed.
    pub any_of: Vec<Vec<Evidence>>,
    /// Wanted, not demanded.
    pub optional: bool,
}

/// What holds for some businesses and some people while their window is closed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses it names.
    pub businesses: Vec<Pattern>,
    /// For whom and where it holds.
    pub scope: Scope,
    /// When it is closed; an `open` rule has no window.
    pub window: Option<Window>,
    /// What becomes of the business meanwhile.
    pub disposition: Disposition,
    /// What to do instead, in a sentence that the refusal prints.
    pub advice: String,
    /// What to do before it closes; said while the closing is near.
    pub advice_ahead: Option<String>,
    /// What has to be recorded or shown.
    pub evidence: Vec<Requirement>,
    /// Until when it is made good.
    pub deadline: Option<Deadline>,
    /// Where the notice is silent or doubtful: how this plan reads it.
    pub reading: Option<String>,
}

impl Rule {
    /// How specific the rule is about a business; `None` where it does not name it.
    pub fn specificity(&self, business: &Business) -> Option<Specificity> {
        let depth = self.businesses.iter().filter(|pattern| pattern.covers(business)).map(Pattern::depth).max()?;
        Some(self.scope.specificity(depth))
    }
}

/// Something that somebody has to do because of the outage (责任事项).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duty {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// What kind of duty.
    pub kind: DutyKind,
    /// Who must.
    pub who: Vec<Actor>,
    /// What, in our own words.
    pub what: String,
    /// The businesses it belongs to.
    pub businesses: Vec<Pattern>,
    /// What has to be recorded or shown.
    pub evidence: Vec<Requirement>,
    /// Until when.
    pub deadline: Option<Deadline>,
    /// Where the notice is silent or doubtful: how this plan reads it.
    pub reading: Option<String>,
}

/// Dispensing ahead of the window (提前开药): for whom, before when, for how long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Supply {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses whose supply it is.
    pub businesses: Vec<Pattern>,
    /// First and last day on which a supply may end for its person to be on the worklist.
    pub ends_between: Option<(Date, Date)>,
    /// Dispensed before this moment.
    pub dispense_before: DateTime,
    /// The last day that the supply may reach.
    pub lasts_until: Option<Date>,
    /// What the person is told.
    pub advice: String,
}

/// A county-level division (县区) that the plan speaks of, or the city itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct County {
    /// Six-digit division code.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Other codes that records may carry for it: withdrawn ones, the city-level unit.
    pub also: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
}

/// A telephone number to ask (咨询电话), B-28.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// The county's code.
    pub county: String,
    /// The office that answers.
    pub office: String,
    /// The branch of insurance it answers for; `None`: all.
    pub insurance: Option<Insurance>,
    /// The number.
    pub telephone: String,
    /// Where it stands in the file.
    pub line: u32,
}

/// A system that the notice names, old or new (B-03: each settlement has one owner).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct System {
    /// Short name, such as `legacy`.
    pub id: String,
    /// What the notice calls it.
    pub name: String,
    /// What it is to this plan.
    pub role: String,
}

/// Choices that a notice leaves to the city.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Switches {
    /// P-26: later benefits of a person who owes are held until paid. Off unless a plan says so.
    pub hold_debtor_benefits: bool,
    /// P-14: the agency's time limit for finishing a claim stands still while its business is closed.
    pub review_clock_stops: bool,
    /// P-03: a payment that is late because of the outage costs no benefit, once verified and paid.
    pub late_payment_forgiven: bool,
}

/// An outage of one pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Short unique name, such as `bijie-2021`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Who issued the notice.
    pub issuer: String,
    /// The pool whose business it is.
    pub pool: Pool,
    /// The day the notice was issued: nothing of the plan is earlier.
    pub issued: Date,
    /// The end of its last deadline: nothing of the plan is later.
    pub ends: DateTime,
    /// The main window, which rules without one of their own take.
    pub window: Window,
    /// Where its head stands in the file.
    pub line: u32,
    /// For how many hours before a closing the advice for it is given.
    pub ahead_hours: u32,
    /// What the notice leaves to the city.
    pub switches: Switches,
    /// Systems.
    pub systems: Vec<System>,
    /// Rules, in the order of the file, which means nothing.
    pub rules: Vec<Rule>,
    /// Duties.
    pub duties: Vec<Duty>,
    /// Supply ahead of the window.
    pub supplies: Vec<Supply>,
    /// Counties.
    pub counties: Vec<County>,
    /// Telephone numbers.
    pub contacts: Vec<Contact>,
    /// Chinese names of businesses, for what people read.
    pub names: BTreeMap<Business, String>,
}

impl Plan {
    /// The Chinese name of a business: its own, or that of the nearest name above it.
    pub fn name_of(&self, business: &Business) -> &str {
        let mut name = business.as_str();
        loop {
            if let Some(chinese) = Business::new(name).and_then(|business| self.names.get(&business)) {
                return chinese;
            }
            match name.rsplit_once('.') {
                Some((above, _)) => name = above,
                None => return "该项业务",
            }
        }
    }

    /// The rules that govern a question: of those that cover it, the most specific ones. Time plays no part, so a
    /// business keeps the window of its own rule when a broader one closes earlier or reopens later.
    pub fn governing(&self, question: &Question) -> Vec<&Rule> {
        let question = self.with_present_county(question);
        let covering: Vec<(Specificity, &Rule)> = self
            .rules
            .iter()
            .filter(|rule| rule.scope.mismatches(&question, &self.pool).is_empty())
            .filter_map(|rule| Some((rule.specificity(&question.business)?, rule)))
            .collect();
        let most = covering.iter().map(|(specificity, _)| *specificity).max();
        covering.into_iter().filter(|(specificity, _)| Some(*specificity) == most).map(|(_, rule)| rule).collect()
    }

    /// The question with the county's present code where it names one by another (黔西: 520522, now 520581).
    fn with_present_county<'a>(&self, question: &'a Question) -> Cow<'a, Question> {
        match question.county.as_deref().and_then(|code| self.county(code)) {
            Some(county) if Some(&county.code) != question.county.as_ref() => {
                Cow::Owned(Question { county: Some(county.code.clone()), ..question.clone() })
            }
            _ => Cow::Borrowed(question),
        }
    }

    /// The county with this code, present or former.
    fn county(&self, code: &str) -> Option<&County> {
        self.counties.iter().find(|county| county.code == code || county.also.iter().any(|also| also == code))
    }

    /// When a business reopens: for an ordinary local person, or where only some are closed, for the last of them.
    /// `None` where nothing closes it.
    pub fn reopening_of(&self, business: &Business) -> Option<DateTime> {
        let question = Question::about(business.clone());
        let last = |rules: &mut dyn Iterator<Item = &Rule>| {
            rules.filter_map(|rule| rule.window).map(|window| window.reopens).max()
        };
        last(&mut self.governing(&question).into_iter())
            .or_else(|| last(&mut self.rules.iter().filter(|rule| rule.specificity(business).is_some())))
    }

    /// The moment of a deadline, half-open: what happens at it is late.
    /// `None` where the business never closes or the calendar does not reach.
    pub fn moment_of(&self, due: &Due, calendar: &Calendar) -> Option<DateTime> {
        match due {
            Due::By(moment) => Some(*moment),
            Due::WorkingDays { days, after } => calendar.add_working_days(self.reopening_of(after)?, *days),
        }
    }

    /// Numbers to ask for a county and a branch of insurance: the county's own, else the city's. B-28.
    pub fn contacts_for(&self, county: Option<&str>, insurance: Option<Insurance>) -> Vec<&Contact> {
        let county = county.and_then(|code| self.county(code));
        let at = |code: &str| -> Vec<&Contact> {
            let fits = |contact: &&Contact| {
                contact.county == code
                    && (insurance.is_none() || contact.insurance.is_none() || contact.insurance == insurance)
            };
            self.contacts.iter().filter(fits).collect()
        };
        let own = county.map(|county| at(&county.code)).unwrap_or_default();
        if own.is_empty() { at(self.pool.as_str()) } else { own }
    }
}
