//! A plan of one outage (停机方案): everything that a city's notice says, as typed data.
//!
//! It holds and finds; it decides nothing. Every entry carries the clauses it comes from and the line it stands on, so
//! that whatever follows from it can be shown with its reason.

use super::{
    Actor, Business, Channel, Contact, Continuity, County, Deadline, Degraded, Disposition, Duty, Effective, Event,
    Evidence, Extension, FallbackWhen, Freeze, Group, HoldHarmless, Insurance, Invariant, Pattern, Question,
    RegisterKind, Reopens, Requirement, Scope, Specificity, Stage, Tolerance, Window,
};
use crate::code::Pool;
use crate::time::{Date, DateTime, Moment};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// Businesses under those that it does not cover.
    pub except: Vec<Business>,
    /// Wins over every rule that does not prevail, however specific their businesses are.
    pub prevails: bool,
    /// For whom and where it holds.
    pub scope: Scope,
    /// When it is closed; an `open` rule has no window.
    pub window: Option<Window>,
    /// The reopening that had been planned before it was moved; `None`: what the window says.
    pub planned_reopens: Option<DateTime>,
    /// What becomes of the business meanwhile.
    pub disposition: Disposition,
    /// What to do instead, in a sentence that the refusal prints.
    pub advice: String,
    /// What to do before it closes; said while the closing is near.
    pub advice_ahead: Option<String>,
    /// What has to be recorded or shown.
    pub evidence: Vec<Requirement>,
    /// The first moment at which it can be made good, where that is later than the reopening.
    pub not_before: Option<Moment>,
    /// Until when it is made good.
    pub deadline: Option<Deadline>,
    /// From when on what is made good takes effect (生效日期), where the notice says so.
    pub effective: Option<Effective>,
    /// What to do instead where the disposition leads nowhere, in the order of trying; at most three.
    pub fallbacks: Vec<Fallback>,
    /// The register that keeps it, where the plan names one; see [`Rule::kept`].
    pub stated_register: Option<RegisterKind>,
    /// Whom the notice tells of it, where the plan says so; see [`Rule::audience`].
    pub stated_audience: Vec<Actor>,
    /// Where the notice is silent or doubtful: how this plan reads it.
    pub reading: Option<String>,
}

impl Rule {
    /// How specific the rule is about a business; `None` where it does not cover it.
    pub fn specificity(&self, business: &Business) -> Option<Specificity> {
        if self.is_excepted(business) {
            return None;
        }
        let depth = self.businesses.iter().filter(|pattern| pattern.covers(business)).map(Pattern::depth).max()?;
        Some(Specificity { prevails: self.prevails, ..self.scope.specificity(depth) })
    }

    /// Whether it leaves the business to other rules.
    pub(super) fn is_excepted(&self, business: &Business) -> bool {
        self.except.iter().any(|except| business.is_within(except))
    }
}

/// What to do where the way before it leads nowhere (备用办法).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fallback {
    /// In which case.
    pub when: Vec<FallbackWhen>,
    /// What becomes of the business then.
    pub disposition: Disposition,
    /// What to do, in a sentence.
    pub advice: String,
    /// What has to be recorded or shown.
    pub evidence: Vec<Requirement>,
    /// Until when.
    pub deadline: Option<Deadline>,
    /// Where it stands in the file.
    pub line: u32,
}

impl Fallback {
    /// Whether it leads to the agency.
    pub fn is_at_the_agency(&self) -> bool {
        self.disposition.is_claimed() || self.disposition == Disposition::RegisterLater
    }

    /// In which case it takes over: `逾期未办或核实不在待遇期`.
    pub fn case(&self) -> String {
        self.when.iter().map(|when| when.name()).collect::<Vec<_>>().join("或")
    }
}

/// A list of things to tick off (核对清单): before the stop, before the reopening.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checklist {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// What people call it.
    pub title: String,
    /// Who goes through it.
    pub who: Vec<Actor>,
    /// The items, in order.
    pub items: Vec<String>,
    /// All ticked before this moment.
    pub by: Option<Moment>,
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
    /// For whom and where.
    pub scope: Scope,
    /// First and last day on which a supply may end for its person to be on the worklist.
    pub ends_between: Option<(Date, Date)>,
    /// Dispensed before this moment.
    pub dispense_before: Moment,
    /// The last day that the supply may reach.
    pub lasts_until: Option<Date>,
    /// What the person is told.
    pub advice: String,
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
    /// Which version of the plan this is, from 1; a re-plan (改期) counts up.
    pub version: u32,
    /// The version that it replaces.
    pub replaces: Option<u32>,
    /// Nobody planned the stop: it is declared after it began (突发停机).
    pub unplanned: bool,
    /// When the stop was declared, where the plan says so to the minute.
    pub declared: Option<DateTime>,
    /// The day the notice was issued: nothing of a plan is earlier, unless it is unplanned or a re-plan.
    pub issued: Date,
    /// The end of its last deadline: nothing of the plan is later.
    pub ends: Moment,
    /// The main window, which rules without one of their own take.
    pub window: Window,
    /// The main reopening that had been planned before it was moved; `None`: what the window says.
    pub planned_reopens: Option<DateTime>,
    /// Month and day on which a benefit year begins (待遇年度).
    pub benefit_year_begins: (i8, i8),
    /// Businesses on which the plan is silent on purpose.
    pub silent_ok: Vec<Pattern>,
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
    /// Events that reopenings wait for.
    pub events: Vec<Event>,
    /// Stages of reopening.
    pub stages: Vec<Stage>,
    /// Legal limits that are extended.
    pub extensions: Vec<Extension>,
    /// Days late that count as in time.
    pub tolerances: Vec<Tolerance>,
    /// Who is priced as if they had filed.
    pub hold_harmless: Vec<HoldHarmless>,
    /// Services that are open and slow.
    pub degraded: Vec<Degraded>,
    /// Settlements that are not cancelled across the switch.
    pub freezes: Vec<Freeze>,
    /// Breaks of insurance that are none.
    pub continuities: Vec<Continuity>,
    /// Counts that have to be zero at an instant.
    pub invariants: Vec<Invariant>,
    /// Lists to tick off.
    pub checklists: Vec<Checklist>,
    /// Counties.
    pub counties: Vec<County>,
    /// Telephone numbers.
    pub contacts: Vec<Contact>,
    /// Chinese names of businesses, for what people read.
    pub names: BTreeMap<Business, String>,
    /// Evidence of the plan's own.
    pub evidence: Vec<Evidence>,
    /// Channels of the plan's own.
    pub channels: Vec<Channel>,
    /// Groups that scopes name.
    pub groups: Vec<Arc<Group>>,
    /// What pools and other divisions are called, by code.
    pub pool_names: BTreeMap<String, String>,
    /// What providers are called, by code.
    pub provider_names: BTreeMap<String, String>,
    /// The text that it was read from.
    pub text: String,
    /// Businesses that the plan itself names, and where.
    pub own_names: BTreeMap<Business, u32>,
}

impl Plan {
    /// Whether it concerns any of these days: from its notice or closing on, until its last deadline.
    pub fn lasts_between(&self, begin: Date, end: Date) -> bool {
        let closings = self.rules.iter().filter_map(|rule| rule.window.as_ref()).map(|window| window.closes.date());
        let from = closings.chain([self.issued, self.window.closes.date()]).min().unwrap_or(self.issued);
        from <= end && begin <= self.ends.date()
    }

    /// Every demand for evidence, with the line of what makes it.
    pub fn demands(&self) -> impl Iterator<Item = (&Requirement, u32)> {
        let own = self.rules.iter().map(|rule| (&rule.evidence, rule.line));
        let fallbacks = self.rules.iter().flat_map(|rule| &rule.fallbacks).map(|one| (&one.evidence, one.line));
        let of_duties = self.duties.iter().map(|duty| (&duty.evidence, duty.line));
        own.chain(fallbacks).chain(of_duties).flat_map(|(all, line)| all.iter().map(move |one| (one, line)))
    }

    /// Every scope that it names.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        let governed = self.rules.iter().map(|rule| &rule.scope).chain(self.stages.iter().map(|stage| &stage.scope));
        let of_duties = self.duties.iter().map(|duty| &duty.scope).chain(self.supplies.iter().map(|one| &one.scope));
        let extended = self.extensions.iter().map(|extension| &extension.scope);
        let granted = extended.chain(self.tolerances.iter().map(|tolerance| &tolerance.scope));
        let promised = self.hold_harmless.iter().map(|promise| &promise.scope);
        let slow = self.degraded.iter().map(|slow| &slow.scope).chain(self.freezes.iter().map(|freeze| &freeze.scope));
        let unbroken = self.continuities.iter().map(|one| &one.scope);
        let around = slow.chain(unbroken).chain(self.invariants.iter().map(|one| &one.scope));
        governed.chain(of_duties).chain(granted).chain(promised).chain(around)
    }

    /// When the first of its businesses closes.
    pub fn first_closing(&self) -> DateTime {
        let windows = self.rules.iter().filter_map(|rule| rule.window.as_ref()).map(|window| window.closes.at);
        windows.chain([self.window.closes.at]).min().unwrap_or(self.window.closes.at)
    }

    /// The plan, each event knowing when the last of what waits for it closes: it cannot have happened before, else that would
    /// never close. A stage ends windows of rules, which may have
    /// closed with the plan.
    pub fn with_closings_of_events(mut self) -> Plan {
        let closes = |id: &str| {
            let awaits = |reopens: &Reopens| matches!(reopens, Reopens::Awaits { event, .. } if event == id);
            let windows = self.rules.iter().filter_map(|rule| rule.window.as_ref()).chain([&self.window]);
            let closes = windows.filter(|window| awaits(&window.reopens)).map(|window| window.closes.at);
            let staged = self.stages.iter().any(|stage| awaits(&stage.reopens)).then(|| self.first_closing());
            closes.chain(staged).max()
        };
        let closings: Vec<Option<DateTime>> = self.events.iter().map(|event| closes(&event.id)).collect();
        for (event, closes) in self.events.iter_mut().zip(closings) {
            event.closes = closes;
        }
        self
    }

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
            .filter(|rule| rule.scope.fits(&question, &self.pool))
            .filter_map(|rule| Some((rule.specificity(&question.business)?, rule)))
            .collect();
        let most = covering.iter().map(|(specificity, _)| *specificity).max();
        covering.into_iter().filter(|(specificity, _)| Some(*specificity) == most).map(|(_, rule)| rule).collect()
    }

    /// The question with the county's present code where it names one by another (黔西: 520522, now 520581).
    pub(super) fn with_present_county<'a>(&self, question: &'a Question) -> Cow<'a, Question> {
        match question.county.as_deref().and_then(|code| self.county(code)) {
            Some(county) if Some(&county.code) != question.county.as_ref() => {
                Cow::Owned(Question { county: Some(county.code.clone()), ..question.clone() })
            }
            _ => Cow::Borrowed(question),
        }
    }

    /// The county with this code, present or former.
    pub(super) fn county(&self, code: &str) -> Option<&County> {
        self.counties.iter().find(|county| county.code == code || county.also.iter().any(|also| also == code))
    }

    /// When the stop was declared: to the minute where the plan says so, else the day of the notice.
    pub fn declared_at(&self) -> DateTime {
        self.declared.unwrap_or_else(|| self.issued.at(0, 0, 0, 0))
    }

    /// The first and the last day of the benefit year (待遇年度) that a day belongs to. `None` at the end of time.
    pub fn benefit_year_of(&self, day: Date) -> Option<(Date, Date)> {
        let (month, first_day) = self.benefit_year_begins;
        let begins_in = |year: i16| Date::new(year, month, first_day).ok();
        let year = if day < begins_in(day.year())? { day.year().checked_sub(1)? } else { day.year() };
        Some((begins_in(year)?, begins_in(year.checked_add(1)?)?.yesterday().ok()?))
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
