//! Which way care goes that met a closed window (去向), by the judge's own reading of the notice: which rule governs, from when until
//! when it closes, and what becomes of whoever comes in that time. The plan is data here; what the platform makes of it plays no part.

use crate::life::{Event, Kind};
use jiff::civil::DateTime;
use std::cmp::Reverse;
use yibao_domain::outage::{
    Business, Deadline, Disposition, Fallback, FallbackWhen, Freeze, Group, InsuredIn, Members, Pattern, PersonIn,
    Persons, Place, Plan, ProviderIn, Question, RegisterKind, Reopens, Rule, Scope, Stage, Stood,
};

/// A rule that closes a business, with the time in which it does.
#[derive(Clone)]
pub(crate) struct Shut<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The rule.
    pub rule: &'a Rule,
    /// What applies in place of the rule.
    pub fallback: Option<&'a Fallback>,
    /// The first closed moment.
    pub closes: DateTime,
    reopens: Reopens,
    /// When it was to reopen before anything moved.
    pub planned: Option<DateTime>,
}

impl<'a> Shut<'a> {
    /// The first open moment after it, where it is known.
    pub fn reopens(&self) -> Option<DateTime> {
        match self.reopens {
            Reopens::At(moment) => Some(moment.at),
            Reopens::Awaits { .. } | Reopens::Never => None,
        }
    }

    /// Whether it is closed then: from the first second on, and no more at that of the reopening.
    pub fn holds(&self, at: DateTime) -> bool {
        self.closes <= at && !self.is_over(at)
    }

    /// Whether it has reopened by then.
    pub fn is_over(&self, at: DateTime) -> bool {
        self.reopens().is_some_and(|reopens| reopens <= at)
    }

    /// The clauses that say so.
    pub fn clauses(&self) -> &'a [String] {
        &self.rule.clauses
    }

    /// Until when it is made good.
    pub fn deadline(&self) -> Option<&'a Deadline> {
        self.fallback.map_or(self.rule.deadline.as_ref(), |fallback| fallback.deadline.as_ref())
    }

    fn by(self, when: FallbackWhen) -> Option<Shut<'a>> {
        let fallback = self.rule.fallbacks.iter().find(|fallback| fallback.when.contains(&when))?;
        Some(Shut { fallback: Some(fallback), ..self })
    }
}

/// Which way care goes.
pub(crate) enum Way<'a> {
    /// It met nothing.
    Ordinary,
    /// It is settled afterwards at the provider that gave it.
    Back(Shut<'a>),
    /// It is claimed at the agency, or nobody pays.
    Elsewhere(Shut<'a>),
}

/// What closes the business of a question in any plan, at any time.
pub(crate) fn closings<'a>(plans: &'a [Plan], asked: &Question) -> Vec<Shut<'a>> {
    let here = asked.care_pool.as_ref();
    plans.iter().filter(|plan| here == Some(&plan.pool)).flat_map(|plan| of_plan(plan, asked)).collect()
}

/// The same in one plan.
pub(crate) fn of_plan<'a>(plan: &'a Plan, asked: &Question) -> Vec<Shut<'a>> {
    let covering = plan.rules.iter().filter_map(|rule| Some((rank_of_rule(plan, rule, asked)?, rule)));
    let covering: Vec<(Rank, &Rule)> = covering.collect();
    let most = covering.iter().map(|(rank, _)| *rank).max();
    let governing = covering.into_iter().filter(|(rank, _)| Some(*rank) == most).map(|(_, rule)| rule);
    let mut closings: Vec<Shut<'_>> = governing.filter_map(|rule| by_rule(plan, rule)).collect();
    let stages = plan.stages.iter().filter_map(|stage| Some((rank_of_stage(plan, stage, asked)?, stage)));
    if let Some((_, stage)) = stages.max_by_key(|(rank, stage)| (*rank, &stage.reopens, Reverse(&stage.id))) {
        moved(&mut closings, stage);
    }
    closings
}

/// What stops the use of the personal account of who asks at that moment: a rule that names accounts. Settlement goes on without it.
pub(crate) fn account_stopped<'a>(plans: &'a [Plan], asked: &Question, at: DateTime) -> Option<Shut<'a>> {
    let account = Question { business: Business::named("account.use"), ..asked.clone() };
    let last = closings(plans, &account)
        .into_iter()
        .filter(|shut| shut.holds(at))
        .max_by(|one, other| (&one.reopens, &other.rule.id).cmp(&(&other.reopens, &one.rule.id)));
    last.filter(|shut| words(&shut.rule.businesses, account.business.as_str()).is_some_and(|words| words > 0))
}

/// What keeps settlements of before a switch as they are at that moment, whoever would cancel them or put them in order.
pub(crate) fn frozen<'a>(plans: &'a [Plan], asked: &Question, settled: DateTime, at: DateTime) -> Option<&'a Freeze> {
    let here = plans.iter().filter(|plan| asked.care_pool.as_ref() == Some(&plan.pool));
    let mut all = here.flat_map(|plan| plan.freezes.iter().map(move |freeze| (plan, freeze)));
    let holds = |(plan, freeze): &(&Plan, &Freeze)| {
        settled < freeze.at.at
            && freeze.at.at <= at
            && words(&freeze.businesses, asked.business.as_str()).is_some()
            && fits(plan, &freeze.scope, asked)
    };
    all.find(holds).map(|(_, freeze)| freeze)
}

fn by_rule<'a>(plan: &'a Plan, rule: &'a Rule) -> Option<Shut<'a>> {
    let window = rule.window.as_ref()?;
    let (closes, reopens) = (window.closes.at, window.reopens.clone());
    let planned = rule.planned_reopens.or_else(|| expected(&reopens));
    Some(Shut { plan, rule, fallback: None, closes, reopens, planned })
}

fn expected(reopens: &Reopens) -> Option<DateTime> {
    match reopens {
        Reopens::At(moment) => Some(moment.at),
        Reopens::Awaits { expected, .. } => expected.map(|expected| expected.at),
        Reopens::Never => None,
    }
}

/// A stage reopens what would open later; where nothing would, it keeps closed what was closed last.
fn moved(closings: &mut [Shut<'_>], stage: &Stage) {
    let begun = |shut: &Shut<'_>| !matches!(stage.reopens, Reopens::At(moment) if *moment <= shut.closes);
    let shortens = closings.iter().any(|shut| begun(shut) && shut.reopens > stage.reopens);
    let last = closings.iter().filter(|shut| begun(shut)).map(|shut| shut.closes).max();
    for shut in closings.iter_mut().filter(|shut| begun(shut)) {
        if if shortens { shut.reopens > stage.reopens } else { Some(shut.closes) == last } {
            shut.reopens = stage.reopens.clone();
            if !stage.added {
                shut.planned = stage.planned_reopens.or_else(|| expected(&stage.reopens));
            }
        }
    }
}

/// How closely something names a question: whether it prevails, by how many words it names the business, and what else it names.
type Rank = (bool, usize, [bool; 7]);

fn rank_of_rule(plan: &Plan, rule: &Rule, asked: &Question) -> Option<Rank> {
    let business = asked.business.as_str();
    if rule.except.iter().any(|except| lies_under(business, except.as_str())) {
        return None;
    }
    let words = words(&rule.businesses, business)?;
    fits(plan, &rule.scope, asked).then(|| (rule.prevails, words, names(&rule.scope)))
}

fn rank_of_stage(plan: &Plan, stage: &Stage, asked: &Question) -> Option<Rank> {
    let named = words(&stage.businesses, asked.business.as_str());
    let words = if stage.businesses.is_empty() { 0 } else { named? };
    fits(plan, &stage.scope, asked).then(|| (stage.prevails, words, names(&stage.scope)))
}

/// By how many words the business is named, at most; nothing where it is not.
fn words(patterns: &[Pattern], business: &str) -> Option<usize> {
    let by = |pattern: &Pattern| match pattern {
        Pattern::All => Some(0),
        Pattern::Under(name) => lies_under(business, name.as_str()).then(|| name.as_str().split('.').count()),
    };
    patterns.iter().filter_map(by).max()
}

fn lies_under(business: &str, name: &str) -> bool {
    business.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn names(scope: &Scope) -> [bool; 7] {
    let Scope { providers, counties, populations, schemes, places, pools, channels } = scope;
    let named = [providers.is_empty(), counties.is_empty(), populations.is_empty(), places.is_empty()];
    let [provider, county, population, place] = named.map(|empty| !empty);
    [provider, county, population, !pools.is_empty(), place, !schemes.is_empty(), !channels.is_empty()]
}

/// Whether everything fits that is named. Whoever lives here is insured and cared for here.
fn fits(plan: &Plan, scope: &Scope, asked: &Question) -> bool {
    fn one_of<T: PartialEq>(named: &[T], said: Option<&T>) -> bool {
        named.is_empty() || said.is_some_and(|said| named.contains(said))
    }
    let present = |code: &String| {
        let known = plan.counties.iter().find(|county| county.also.contains(code));
        known.map_or_else(|| code.clone(), |county| county.code.clone())
    };
    let insured_here = |insured: &InsuredIn| matches!(insured, InsuredIn::Pool(pool) if *pool == plan.pool);
    let is_named = |named: &ProviderIn| match named {
        ProviderIn::Code(code) => asked.provider.as_ref() == Some(code),
        ProviderIn::Group(group) => belongs(group, asked),
    };
    let is_one = |named: &PersonIn| match named {
        PersonIn::Population(population) => asked.populations.contains(population),
        PersonIn::Group(group) => belongs(group, asked),
    };
    (scope.providers.is_empty() || scope.providers.iter().any(is_named))
        && one_of(&scope.counties, asked.county.as_ref().map(present).as_ref())
        && (scope.populations.is_empty() || scope.populations.iter().any(is_one))
        && one_of(&scope.schemes, asked.scheme.as_ref())
        && one_of(&scope.places, Some(&Place::Local))
        && (scope.pools.is_empty() || scope.pools.iter().any(insured_here))
        && one_of(&scope.channels, asked.channel.as_ref())
}

/// Whether somebody is of a group: of each list that it has one value fits.
fn belongs(group: &Group, asked: &Question) -> bool {
    fn one_fits<T>(list: &[T], fits: impl Fn(&T) -> bool) -> bool {
        list.is_empty() || list.iter().any(fits)
    }
    let told = &asked.records;
    match &group.members {
        Members::Providers { codes, levels, contracts } => {
            one_fits(codes, |code| asked.provider.as_ref() == Some(code))
                && one_fits(levels, |level| told.level == Some(*level))
                && one_fits(contracts, |contract| told.contracts.contains(contract))
        }
        Members::Persons(persons) => {
            let Persons { attributes, person_types, diseases, employers, ages, civil_servants } = persons;
            one_fits(attributes, |code| told.attributes.contains(code))
                && one_fits(person_types, |code| told.person_type.starts_with(code))
                && one_fits(diseases, |code| told.diseases.iter().any(|held| held.starts_with(code)))
                && one_fits(employers, |name| told.employer == *name)
                && ages.is_none_or(|(first, last)| told.age.is_some_and(|age| first <= age && age <= last))
                && (!civil_servants || told.civil_servant)
        }
    }
}

/// What held the business of a question at a moment: of several what reopens last.
fn held<'a>(plans: &'a [Plan], asked: &Question, at: DateTime) -> Option<Shut<'a>> {
    let held = closings(plans, asked).into_iter().filter(|shut| shut.holds(at));
    held.min_by_key(|shut| (Reverse(shut.reopens.clone()), shut.rule.id.clone(), shut.plan.id.clone()))
}

/// Which way an event goes.
pub(crate) fn of_event<'a>(plans: &'a [Plan], asked: &Question, event: &Event) -> Way<'a> {
    match event.kind {
        Kind::Stay { until, .. } => of_stay(plans, asked, event.at, until),
        _ => held(plans, asked, event.at).map_or(Way::Ordinary, by_disposition),
    }
}

/// Admitted while closed it goes by the rule of admissions, unless it was over before the reopening; left while closed, by that of
/// settlements. That only the settlement was refused is no way of its own: it has waited.
fn of_stay<'a>(plans: &'a [Plan], asked: &Question, admitted: DateTime, left: DateTime) -> Way<'a> {
    let entering = held(plans, &about(asked, "encounter.admission"), admitted);
    let leaving = held(plans, asked, left);
    if let Some(shut) = entering.clone() {
        if shut.holds(left)
            && let Some(claims) = shut.clone().by(FallbackWhen::DischargedBeforeReopening)
        {
            return Way::Elsewhere(claims);
        }
        if !comes_back(shut.rule.disposition) {
            return Way::Elsewhere(shut);
        }
    }
    if let Some(shut) = leaving.clone().filter(|shut| shut.rule.disposition != Disposition::Refuse)
        && !comes_back(shut.rule.disposition)
    {
        return Way::Elsewhere(shut);
    }
    leaving.or(entering).map_or(Way::Ordinary, Way::Back)
}

fn by_disposition(shut: Shut<'_>) -> Way<'_> {
    if comes_back(shut.rule.disposition) { Way::Back(shut) } else { Way::Elsewhere(shut) }
}

fn about(asked: &Question, business: &'static str) -> Question {
    Question { business: Business::named(business), ..asked.clone() }
}

/// Whether the provider settles it afterwards.
fn comes_back(disposition: Disposition) -> bool {
    use Disposition::*;
    !matches!(disposition, Refuse | CashClaim | DispenseAhead | RejectRefund | NoRoute | AgencyReimburses)
}

/// What keeps an event back at its provider: the window that it met, or of somebody in hospital at the closing the conversion.
pub(crate) fn way_back<'a>(plans: &'a [Plan], asked: &Question, event: &Event) -> Option<Shut<'a>> {
    match (of_event(plans, asked, event), &event.kind) {
        (Way::Back(shut), _) => Some(shut),
        (_, Kind::Stay { until, .. }) => converted(plans, asked, event.at, *until),
        _ => None,
    }
}

/// The rules under which an entry of a register may stand that is about an event: those that held any business of its care when it
/// was given. None where nothing did, because a window has moved since.
pub(crate) fn rules_of<'a>(
    plans: &'a [Plan],
    asked: &Question,
    event: &Event,
    register: RegisterKind,
) -> Vec<Shut<'a>> {
    let held_at = |name: &'static str, at: DateTime| held(plans, &about(asked, name), at);
    let Kind::Stay { until, .. } = event.kind else { return held(plans, asked, event.at).into_iter().collect() };
    let found = match register {
        // The list of stays stands under the duty to keep it.
        RegisterKind::StayConversion => Vec::new(),
        RegisterKind::Admission => vec![held_at("encounter.admission", event.at)],
        RegisterKind::Transfer => {
            vec![held_at("encounter.transfer", event.at), held_at("encounter.admission", event.at)]
        }
        _ => {
            let waited = closings(plans, asked).into_iter().filter(|shut| until < shut.closes);
            let now = [held(plans, asked, until), held_at("encounter.discharge", until)];
            return now.into_iter().flatten().chain(held_at("encounter.admission", event.at)).chain(waited).collect();
        }
    };
    found.into_iter().flatten().collect()
}

/// What turned a stay into a self-paying one, of who was in hospital when it closed.
fn converted<'a>(plans: &'a [Plan], asked: &Question, admitted: DateTime, left: DateTime) -> Option<Shut<'a>> {
    let fees = closings(plans, &about(asked, "encounter.fees"));
    let converts =
        |shut: &Shut<'_>| shut.rule.register(&Business::named("encounter.fees")) == Some(RegisterKind::StayConversion);
    fees.into_iter().find(|shut| converts(shut) && admitted < shut.closes && shut.closes < left)
}

/// What an event has waited for that was over and not settled at a closing and is settled at that moment, after it, and since when;
/// once the plan has ended nothing waits. `stood` are the settlements that ended it before.
pub(crate) fn waited<'a>(
    plans: &'a [Plan],
    asked: &Question,
    event: &Event,
    stood: &[Stood],
    at: DateTime,
) -> Option<(Shut<'a>, DateTime)> {
    let Kind::Stay { until, .. } = event.kind else { return None };
    let is_settled = |closes: DateTime| {
        let stands = |one: &Stood| one.recorded < closes && one.cancelled.is_none_or(|gone| closes <= gone);
        stood.iter().any(stands)
    };
    let holds = |shut: &Shut<'_>| {
        shut.rule.disposition != Disposition::Open
            && at < shut.plan.ends
            && until < shut.closes
            && shut.closes <= at
            && !is_settled(shut.closes)
    };
    let all = closings(plans, asked).into_iter().filter(holds);
    let shut = all.min_by_key(|shut| (shut.closes, shut.rule.id.clone(), shut.plan.id.clone()))?;
    let undone = stood.iter().filter_map(|one| one.cancelled).filter(|gone| *gone < shut.closes).max();
    let since = undone.map_or(until, |undone| undone.max(until));
    Some((shut, since))
}

/// Whether the notice leaves an event to another way than its provider.
pub(crate) fn goes_elsewhere(plans: &[Plan], asked: &Question, event: &Event) -> bool {
    matches!(of_event(plans, asked, event), Way::Elsewhere(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::{EventId, Leaves};
    use jiff::ToSpan;
    use yibao_domain::outage::{
        Channel, Insurance, Path, Population, Stay, conversion_of, path_of_stay, path_of_visit, waited_for,
    };
    use yibao_policy::plan::{SHIPPED, read};

    const BUSINESSES: [&str; 9] = [
        "settlement.pharmacy",
        "settlement.outpatient.ordinary",
        "settlement.outpatient.special",
        "settlement.outpatient.special_drug",
        "settlement.outpatient.maternity",
        "settlement.inpatient",
        "settlement.inpatient.maternity",
        "encounter.admission",
        "encounter.fees",
    ];

    fn questions(plan: &Plan) -> Vec<Question> {
        let mut asked = Vec::new();
        for business in BUSINESSES {
            for (scheme, population) in [
                (Insurance::Employee, Population::Active),
                (Insurance::Employee, Population::Retired),
                (Insurance::Resident, Population::Adult),
                (Insurance::Resident, Population::RegisteredPoor),
            ] {
                asked.push(Question {
                    care_pool: Some(plan.pool.clone()),
                    insured_pool: Some(plan.pool.clone()),
                    scheme: Some(scheme),
                    populations: vec![population],
                    channel: Some(Channel::Hospital),
                    ..Question::about(Business::named(business))
                });
            }
        }
        asked
    }

    /// The rule that an event goes by and whether it comes back, as the platform reads it.
    fn platforms(plans: &[Plan], asked: &Question, event: &Event) -> Option<(String, bool)> {
        let path = match event.kind {
            Kind::Stay { until, .. } => {
                let stay = Stay { admitted: event.at, discharged: Some(until), chose_to_claim: false };
                path_of_stay(plans, asked, &stay)
            }
            _ => path_of_visit(plans, asked, event.at),
        };
        match path {
            Path::Ordinary => None,
            Path::Backfill(way) => Some((way.closing.rule.id.clone(), true)),
            Path::Elsewhere(way) => Some((way.closing.rule.id.clone(), false)),
        }
    }

    fn judges(plans: &[Plan], asked: &Question, event: &Event) -> Option<(String, bool)> {
        match of_event(plans, asked, event) {
            Way::Ordinary => None,
            Way::Back(shut) => Some((shut.rule.id.clone(), true)),
            Way::Elsewhere(shut) => Some((shut.rule.id.clone(), false)),
        }
    }

    fn event(at: DateTime, kind: Kind) -> Event {
        let id = EventId { person: 0, ordinal: 0 };
        let (lines, diagnoses) = (Vec::new(), Vec::new());
        let (birth, claimed, cancelled, again) = (None, None, None, None);
        Event { id, place: 0, at, kind, lines, diagnoses, birth, uses_account: false, claimed, cancelled, again }
    }

    #[test]
    fn of_the_shipped_notices_the_judge_reads_what_the_platform_reads_to_the_second() {
        for (name, text) in SHIPPED {
            let plan = read(text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
            let windows = plan.rules.iter().filter_map(|rule| rule.window.as_ref());
            let edges = windows.flat_map(|window| [Some(window.closes.at), window.reopens.expected()]).flatten();
            let mut moments: Vec<DateTime> = edges
                .flat_map(|edge| [-90_000_i64, -1, 0, 1, 90_000].map(|by| edge.saturating_add(by.seconds())))
                .collect();
            moments.sort();
            moments.dedup();
            let plans = [plan];
            for asked in questions(&plans[0]) {
                for at in &moments {
                    let visit = event(*at, Kind::Visit);
                    assert_eq!(
                        judges(&plans, &asked, &visit),
                        platforms(&plans, &asked, &visit),
                        "{name} {asked:?} {at}"
                    );
                    for until in moments.iter().filter(|until| at < *until) {
                        let kind = Kind::Stay { until: *until, part: None, leaves: Leaves::Home, settled_after: 0 };
                        let left = event(*at, kind);
                        let which = format!("{name} {asked:?} {at} {until}");
                        assert_eq!(judges(&plans, &asked, &left), platforms(&plans, &asked, &left), "{which}");
                        let stay = Stay { admitted: *at, discharged: Some(*until), chose_to_claim: false };
                        let of_platform = conversion_of(&plans, &asked, &stay).map(|way| way.closing.rule.id.clone());
                        let own = converted(&plans, &asked, *at, *until).map(|shut| shut.rule.id.clone());
                        assert_eq!(own, of_platform, "{which}");
                        let settled = until.saturating_add(10.days());
                        let of_platform =
                            waited_for(&plans, &asked, &stay, &[], settled).map(|one| one.way.closing.rule.id.clone());
                        let own = waited(&plans, &asked, &left, &[], settled).map(|(shut, _)| shut.rule.id.clone());
                        assert_eq!(own, of_platform, "{which}");
                    }
                }
            }
        }
    }
}
