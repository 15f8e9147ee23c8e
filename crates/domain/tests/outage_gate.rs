//! The gate over invented plans: half-open windows, specificity, and indifference to the order of rules.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Channel, Disposition, Insurance, InsuredIn, Outcome, Pattern, PersonIn, Place, Plan, Population,
    ProviderIn, Question, Reopens, Rule, Scope, Stage, Switches, Verdict, Window, decide, explain,
};

fn hour(hours: i64) -> DateTime {
    date(2021, 7, 1).at(0, 0, 0, 0) + hours.hours()
}

fn rule(id: &str, business: &str, closes: i64, reopens: i64, disposition: Disposition) -> Rule {
    Rule {
        id: id.to_owned(),
        clauses: vec!["T-00".to_owned()],
        line: 1,
        businesses: vec![Pattern::new(business).unwrap()],
        except: Vec::new(),
        prevails: false,
        scope: Scope::default(),
        window: (disposition != Disposition::Open).then(|| Window::between(hour(closes), hour(reopens))),
        planned_reopens: None,
        disposition,
        advice: "请稍后。".to_owned(),
        advice_ahead: None,
        evidence: Vec::new(),
        not_before: None,
        deadline: None,
        effective: None,
        fallbacks: Vec::new(),
        stated_register: None,
        stated_audience: Vec::new(),
        reading: None,
    }
}

fn plan(rules: Vec<Rule>) -> Plan {
    Plan {
        id: "t".to_owned(),
        title: "试".to_owned(),
        issuer: "试".to_owned(),
        pool: Pool::new("520500"),
        version: 1,
        replaces: None,
        unplanned: false,
        declared: None,
        issued: date(2021, 6, 1),
        ends: hour(10_000).into(),
        window: Window::between(hour(0), hour(24)),
        planned_reopens: None,
        benefit_year_begins: (1, 1),
        silent_ok: Vec::new(),
        line: 1,
        ahead_hours: 4,
        switches: Switches::default(),
        systems: Vec::new(),
        rules,
        duties: Vec::new(),
        supplies: Vec::new(),
        events: Vec::new(),
        stages: Vec::new(),
        extensions: Vec::new(),
        tolerances: Vec::new(),
        hold_harmless: Vec::new(),
        degraded: Vec::new(),
        freezes: Vec::new(),
        continuities: Vec::new(),
        invariants: Vec::new(),
        checklists: Vec::new(),
        counties: Vec::new(),
        contacts: Vec::new(),
        names: Default::default(),
        evidence: Vec::new(),
        channels: Vec::new(),
        groups: Vec::new(),
        pool_names: Default::default(),
        provider_names: Default::default(),
        text: String::new(),
        own_names: Default::default(),
    }
}

fn about(business: &str) -> Question {
    Question::about(Business::new(business).unwrap())
}

fn answering(rules: &[Rule], question: &Question, now: i64) -> Option<String> {
    match decide(&[plan(rules.to_vec())], question, hour(now)) {
        Verdict::Closed(closed) => Some(closed.rule.clone()),
        Verdict::Open { .. } => None,
    }
}

#[test]
fn a_business_that_no_rule_names_is_open() {
    let rules = [rule("a", "settlement", 0, 10, Disposition::Refuse)];
    assert_eq!(answering(&rules, &about("enrolment"), 5), None);
    assert_eq!(answering(&[], &about("settlement"), 5), None);
}

#[test]
fn a_business_keeps_its_own_window_when_everything_else_is_still_closed() {
    let rules = [rule("all", "*", 0, 10, Disposition::Refuse), rule("own", "contribution", -2, 4, Disposition::Refuse)];
    for (now, expected) in [(-3, None), (-2, Some("own")), (3, Some("own")), (4, None), (9, None)] {
        assert_eq!(answering(&rules, &about("contribution.employee"), now).as_deref(), expected, "{now}");
    }
}

#[test]
fn the_business_decides_before_any_refinement_does() {
    let mut narrow = rule("provider", "settlement", 0, 10, Disposition::NoRoute);
    narrow.scope.providers = vec![ProviderIn::Code("H1".to_owned())];
    let rules = [narrow, rule("deep", "settlement.inpatient", 0, 10, Disposition::Refuse)];
    let mut question = about("settlement.inpatient");
    question.provider = Some("H1".to_owned());
    assert_eq!(answering(&rules, &question, 5).as_deref(), Some("deep"));
}

#[test]
fn refinements_rank_provider_county_population_pool_place_scheme_channel() {
    let refined = |id: &str, refine: fn(&mut Scope)| {
        let mut rule = rule(id, "settlement", 0, 10, Disposition::Refuse);
        refine(&mut rule.scope);
        rule
    };
    let ranked = [
        refined("provider", |scope| scope.providers = vec![ProviderIn::Code("H1".to_owned())]),
        refined("county", |scope| scope.counties = vec!["520502".to_owned()]),
        refined("population", |scope| scope.populations = vec![PersonIn::Population(Population::Retired)]),
        refined("pool", |scope| scope.pools = vec![InsuredIn::Pool(Pool::new("520500"))]),
        refined("place", |scope| scope.places = vec![Place::Local]),
        refined("scheme", |scope| scope.schemes = vec![Insurance::Employee]),
        refined("channel", |scope| scope.channels = vec![Channel::Hospital]),
        refined("none", |_| ()),
    ];
    let mut question = about("settlement.inpatient");
    question.provider = Some("H1".to_owned());
    question.county = Some("520502".to_owned());
    question.populations = vec![Population::Retired];
    question.scheme = Some(Insurance::Employee);
    question.channel = Some(Channel::Hospital);
    for first in 0..ranked.len() {
        assert_eq!(answering(&ranked[first..], &question, 5).as_ref(), Some(&ranked[first].id));
    }
}

#[test]
fn what_the_question_does_not_say_fits_no_rule_that_asks_for_it() {
    let mut resident = rule("resident", "settlement", 0, 10, Disposition::Refuse);
    resident.scope.schemes = vec![Insurance::Resident];
    assert_eq!(answering(&[resident], &about("settlement"), 5), None);
}

#[test]
fn an_open_rule_opens_its_business_inside_a_closed_whole() {
    let rules = [rule("all", "*", 0, 10, Disposition::Refuse), rule("open", "complaint", 0, 0, Disposition::Open)];
    assert_eq!(answering(&rules, &about("complaint"), 5), None);
    let explanation = explain(&[plan(rules.to_vec())], &about("complaint"), hour(5));
    assert_eq!(
        (explanation.considered[0].rule.as_str(), &explanation.considered[0].outcome),
        ("open", &Outcome::Answers)
    );
    assert_eq!(explanation.considered[1].outcome, Outcome::LessSpecific { than: "open".to_owned() });
}

#[test]
fn windows_that_touch_are_one_closing() {
    let rules = [rule("a", "hall", 0, 5, Disposition::Refuse), rule("b", "hall", 5, 9, Disposition::RegisterLater)];
    let Verdict::Closed(closed) = decide(&[plan(rules.to_vec())], &about("hall"), hour(4)) else { panic!("open") };
    assert_eq!((closed.rule.as_str(), closed.since.at, closed.until.moment()), ("a", hour(0), Some(hour(9))));
}

#[test]
fn of_two_plans_that_close_the_one_that_reopens_last_answers() {
    let mut later = plan(vec![rule("later", "hall", 0, 9, Disposition::Refuse)]);
    later.id = "later".to_owned();
    let sooner = plan(vec![rule("sooner", "hall", 0, 5, Disposition::Refuse)]);
    for plans in [[later.clone(), sooner.clone()], [sooner, later]] {
        let Verdict::Closed(closed) = decide(&plans, &about("hall"), hour(4)) else { panic!("open") };
        assert_eq!(closed.plan, "later");
    }
}

#[test]
fn a_closing_is_announced_within_the_hours_ahead() {
    let plans = [plan(vec![rule("a", "hall", 0, 5, Disposition::Refuse)])];
    let remarked = |now: i64| matches!(decide(&plans, &about("hall"), hour(now)), Verdict::Open { remarks } if !remarks.is_empty());
    assert_eq!([-5, -4, -1, 5].map(remarked), [false, true, true, false]);
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let businesses = prop::sample::select(vec!["*", "a", "a.b", "a.b.c", "d", "query"]);
    let dispositions = prop::sample::select(vec![Disposition::Open, Disposition::Refuse, Disposition::CashClaim]);
    let scheme = prop::option::of(prop::sample::select(vec![Insurance::Employee, Insurance::Resident]));
    let place = prop::option::of(prop::sample::select(vec![Place::Local, Place::Remote]));
    (businesses, 0i64..20, 1i64..10, dispositions, scheme, place).prop_map(
        |(business, closes, hours, disposition, scheme, place)| {
            let mut rule = rule("", business, closes, closes + hours, disposition);
            rule.scope.schemes = scheme.into_iter().collect();
            rule.scope.places = place.into_iter().collect();
            rule
        },
    )
}

/// A stage on some business and scheme, at a moment, awaited or never.
fn any_stage() -> impl Strategy<Value = Stage> {
    let businesses = prop::sample::select(vec![None, Some("*"), Some("a"), Some("a.b")]);
    let scheme = prop::option::of(prop::sample::select(vec![Insurance::Employee, Insurance::Resident]));
    let awaited = Reopens::Awaits { event: "e".to_owned(), name: "验收".to_owned(), expected: None };
    let reopens = prop_oneof![8 => (0i64..32).prop_map(|hours| Reopens::At(hour(hours).into())), 1 => Just(awaited), 1 => Just(Reopens::Never)];
    (businesses, scheme, reopens).prop_map(|(business, scheme, reopens)| Stage {
        id: String::new(),
        clauses: Vec::new(),
        line: 1,
        businesses: business.into_iter().map(|name| Pattern::new(name).unwrap()).collect(),
        scope: Scope { schemes: scheme.into_iter().collect(), ..Scope::default() },
        prevails: false,
        reopens,
        planned_reopens: None,
        added: false,
        advice: None,
    })
}

fn any_stages() -> impl Strategy<Value = Vec<Stage>> {
    prop::collection::vec(any_stage(), 0..4).prop_map(|mut stages| {
        stages.iter_mut().enumerate().for_each(|(index, stage)| stage.id = format!("s{index}"));
        stages
    })
}

fn any_question() -> impl Strategy<Value = Question> {
    let businesses = prop::sample::select(vec!["a", "a.b", "a.b.c", "d", "d.e", "f", "query.x"]);
    let scheme = prop::option::of(prop::sample::select(vec![Insurance::Employee, Insurance::Resident]));
    let place = prop::option::of(prop::sample::select(vec![Place::Local, Place::Remote]));
    (businesses, scheme, place).prop_map(|(business, scheme, place)| {
        let mut question = about(business);
        question.scheme = scheme;
        question.place = place;
        question
    })
}

proptest! {
    #[test]
    fn the_order_of_rules_means_nothing(
        (rules, shuffled) in prop::collection::vec(any_rule(), 1..12).prop_flat_map(|mut rules| {
            for (index, rule) in rules.iter_mut().enumerate() {
                rule.id = format!("r{index}");
            }
            (Just(rules.clone()), Just(rules).prop_shuffle())
        }),
        stages in any_stages(),
        question in any_question(),
        now in -6i64..40,
    ) {
        let reversed = stages.iter().rev().cloned().collect();
        let (one, other) = ([Plan { stages, ..plan(rules) }], [Plan { stages: reversed, ..plan(shuffled) }]);
        prop_assert_eq!(decide(&one, &question, hour(now)), decide(&other, &question, hour(now)));
        let considered = |plans: &[Plan]| {
            let mut outcomes = explain(plans, &question, hour(now)).considered;
            outcomes.sort_by(|one, other| one.rule.cmp(&other.rule));
            outcomes.into_iter().map(|entry| (entry.rule, matches!(entry.outcome, Outcome::Answers))).collect::<Vec<_>>()
        };
        prop_assert_eq!(considered(&one), considered(&other));
    }

    #[test]
    fn a_closing_holds_from_its_first_moment_to_just_before_its_last(
        mut rules in prop::collection::vec(any_rule(), 1..12),
        stages in any_stages(),
        question in any_question(),
        now in -6i64..40,
    ) {
        rules.iter_mut().enumerate().for_each(|(index, rule)| rule.id = format!("r{index}"));
        let plans = [Plan { stages, ..plan(rules) }];
        if let Verdict::Closed(closed) = decide(&plans, &question, hour(now)) {
            let open = |moment: DateTime| decide(&plans, &question, moment).is_open();
            prop_assert!(closed.since <= hour(now) && open(closed.since.at - 1.nanosecond()) && !open(closed.since.at));
            match closed.until.moment() {
                Some(until) => prop_assert!(hour(now) < until && open(until) && !open(until - 1.nanosecond())),
                None => prop_assert!(!open(hour(1_000_000))),
            }
        }
    }
}
