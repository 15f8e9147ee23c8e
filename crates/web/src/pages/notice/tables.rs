//! The tables of a notice: what stops when, what comes before, what a patient does, what is due.

use super::groups::{Group, is_before, who};
use super::until::{Stages, Until, end, until, until_of};
use super::words::{
    about, day_words, for_persons, is_care, moment_words, named, names, papers, reopening_words, sentence,
};
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{
    Actor, Arrangement, CarePeriod, Due, FallbackWhen, Part, Pattern, Plan, Question, Rule, Scope, Window, Writing,
};
use yibao_domain::time::Moment;

/// A text with the clauses it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub text: String,
    pub clauses: String,
}

/// Businesses that stop and come back together.
pub(super) struct Closing {
    window: Window,
    pub closes: String,
    pub reopens: String,
    pub names: Vec<Said>,
}

/// A stage of reopening.
pub(super) struct Wave {
    pub whom: String,
    pub names: String,
    pub reopens: String,
    pub advice: String,
    pub clauses: String,
}

/// What somebody does before the stop.
pub(super) struct Before {
    at: Moment,
    pub until: String,
    pub who: String,
    pub items: Vec<Said>,
}

/// What an insured person meets at a hospital or pharmacy.
pub(super) struct Care {
    pub names: Vec<String>,
    pub does: String,
    /// What to do where that leads nowhere.
    pub fallbacks: Vec<String>,
    pub papers: String,
    pub until: Option<Until>,
    clauses: Vec<String>,
}

/// What is due at one time from somebody.
pub(super) struct Late {
    pub until: Until,
    pub who: String,
    pub items: Vec<Said>,
}

impl Closing {
    /// Whether the reopening is a moment, not an event with a name of any length.
    pub(super) fn is_dated(&self) -> bool {
        self.window.reopens.moment().is_some()
    }
}

impl Care {
    pub(super) fn clauses(&self) -> String {
        self.clauses.join("、")
    }
}

fn said(text: String, clauses: &[String]) -> Said {
    Said { text, clauses: clauses.join("、") }
}

/// What stops together, earliest first; the rest of all business stands last in its row. A rule for some people only is
/// left out of the row that names its businesses for everybody.
pub(super) fn closings(plan: &Plan) -> Vec<Closing> {
    let mut rules: Vec<(Window, &Rule)> =
        plan.rules.iter().filter_map(|rule| Some((window_of(rule, plan)?, rule))).collect();
    rules.sort_by_key(|(window, rule)| (window.clone(), rule.businesses.contains(&Pattern::All), rule.line));
    let mut closings: Vec<Closing> = Vec::new();
    for (window, rule) in &rules {
        let for_everybody = |pattern: &Pattern| {
            let mut others = rules.iter().filter(|(its, other)| its == window && other.scope.is_everybody());
            others.any(|(_, other)| other.businesses.contains(pattern))
        };
        if !rule.scope.is_everybody() && rule.businesses.iter().all(for_everybody) {
            continue;
        }
        if closings.last().is_none_or(|last| last.window != *window) {
            closings.push(Closing {
                window: window.clone(),
                closes: moment_words(window.closes, plan.issued),
                reopens: reopening_words(&window.reopens, plan.issued),
                names: Vec::new(),
            });
        }
        if let Some(closing) = closings.last_mut() {
            closing.names.push(said(named(rule, plan), &rule.clauses));
        }
    }
    closings
}

/// What goes on, and how.
pub(super) fn goes_on(rule: &Rule, plan: &Plan) -> Said {
    said(format!("{}：{}", about(rule, plan), sentence(&rule.advice)), &rule.clauses)
}

/// When a rule's businesses are closed: where a stage for everybody moves them all, until that stage.
pub(super) fn window_of(rule: &Rule, plan: &Plan) -> Option<Window> {
    let window = rule.window.clone()?;
    let staged = |pattern: &Pattern| match pattern {
        Pattern::All => plan.stages.iter().find(|stage| stage.scope == Scope::default() && stage.businesses.is_empty()),
        Pattern::Under(business) => {
            let question = Question { business: business.clone(), ..plan.somebody(&[&rule.scope])? };
            let closings = plan.closings(&question);
            closings.into_iter().find(|closing| closing.rule.id == rule.id)?.stage
        }
    };
    let mut stages = rule.businesses.iter().map(staged);
    let first = stages.next().flatten();
    let alike = stages.all(|stage| stage.map(|stage| &stage.id) == first.map(|stage| &stage.id));
    match first.filter(|stage| alike && stage.reopens.is_after(window.closes.at)) {
        Some(stage) => Some(Window { reopens: stage.reopens.clone(), ..window }),
        None => Some(window),
    }
}

/// The stages, by their reopening.
pub(super) fn waves(plan: &Plan) -> Vec<Wave> {
    let mut stages: Vec<_> = plan.stages.iter().collect();
    stages.sort_by_key(|stage| (&stage.reopens, stage.line));
    let wave = |stage: &yibao_domain::outage::Stage| {
        let about = names(&stage.businesses, &Default::default(), plan);
        Wave {
            whom: plan.whom(&stage.scope),
            names: if about.is_empty() { "停办的各项业务".to_owned() } else { about },
            reopens: reopening_words(&stage.reopens, plan.issued),
            advice: stage.advice.as_deref().map(sentence).unwrap_or_default(),
            clauses: stage.clauses.join("、"),
        }
    };
    stages.into_iter().map(wave).collect()
}

/// Supply, duties and advice that come before the stop, by their last moment and by who acts.
pub(super) fn before(plan: &Plan, calendar: &Calendar) -> Vec<Before> {
    let mut rows: Vec<Before> = Vec::new();
    let mut add = |at: Moment, groups: Vec<Group>, text: &str, clauses: &[String]| {
        let (who, item) = (who(&groups), said(sentence(text), clauses));
        match rows.iter_mut().find(|row| row.at == at && row.who == who) {
            Some(row) => row.items.push(item),
            None => {
                let until = format!("{}前", moment_words(at, plan.issued));
                rows.push(Before { at, until, who, items: vec![item] });
            }
        }
    };
    for duty in plan.duties.iter().filter(|duty| is_before(duty, plan)) {
        let at = match duty.deadline.as_ref().map(|deadline| &deadline.due) {
            Some(Due::By(by)) => *by,
            _ => plan.window.closes,
        };
        let whom = plan.whom(&duty.scope);
        let what = if whom.is_empty() { duty.what.clone() } else { format!("{whom}：{}", duty.what) };
        add(at, Group::of(&duty.audience()), &what, &duty.clauses);
    }
    for supply in &plan.supplies {
        let whom = plan.whom(&supply.scope);
        let advice = if whom.is_empty() { supply.advice.clone() } else { format!("{whom}：{}", supply.advice) };
        add(supply.dispense_before, Group::of(&supply.audience()), &advice, &supply.clauses);
    }
    for rule in &plan.rules {
        if let (Some(window), Some(advice)) = (&rule.window, &rule.advice_ahead) {
            let about = about(rule, plan);
            add(window.closes, Group::of(&rule.audience()), &format!("{about}：{advice}"), &rule.clauses);
        }
    }
    // What is to be zero at an instant is done by then.
    for one in arranged(plan, calendar).iter().filter(|one| one.part == Part::Invariant) {
        let zero = plan.invariants.iter().find(|zero| zero.id == one.id);
        if let Some(zero) = zero {
            add(zero.at, vec![Group::Hospitals], &around(one, plan).text, &one.clauses);
        }
    }
    rows.sort_by_key(|row| row.at);
    rows
}

/// What an insured person does at hospitals and pharmacies, one row for all businesses that are treated alike.
pub(super) fn care(plan: &Plan, calendar: &Calendar) -> Vec<Care> {
    let mut rows: Vec<Care> = Vec::new();
    for rule in plan.rules.iter().filter(|rule| is_care(rule) && is_told_to_patients(rule)) {
        let does = for_persons(rule);
        let papers = papers(&rule.evidence);
        let mut until = until_of(rule, plan, calendar, Stages::InTheTable);
        // What becomes of who is late stands among the fallbacks.
        let late = rule.fallbacks.iter().any(|fallback| fallback.when.contains(&FallbackWhen::DeadlineMissed));
        until.iter_mut().filter(|_| late).for_each(|until| until.late.clear());
        let fallbacks = fallbacks(rule, plan, calendar);
        let names = about(rule, plan);
        let alike = |row: &&mut Care| {
            (&row.does, &row.papers, &row.until, &row.fallbacks) == (&does, &papers, &until, &fallbacks)
        };
        match rows.iter_mut().find(alike) {
            Some(row) => {
                row.names.push(names);
                row.clauses.extend(rule.clauses.iter().cloned());
                row.clauses.sort();
                row.clauses.dedup();
            }
            None => {
                rows.push(Care { names: vec![names], does, fallbacks, papers, until, clauses: rule.clauses.clone() });
            }
        }
    }
    rows
}

/// `恢复前已出院：先自费结清后报销。带发票、出院小结。`
fn fallbacks(rule: &Rule, plan: &Plan, calendar: &Calendar) -> Vec<String> {
    let words = rule.fallbacks.iter().map(|fallback| {
        let papers = papers(&fallback.evidence);
        let papers = if papers.is_empty() { papers } else { format!("带{papers}。") };
        let until = until(fallback.deadline.as_ref(), rule, None, plan, calendar, Stages::InTheTable);
        let until = until.map(|until| until.sentence()).unwrap_or_default();
        format!("{}：{}{papers}{until}", fallback.case(), sentence(&fallback.advice))
    });
    words.collect()
}

/// Whether patients read of it: unless the plan tells it to others alone.
fn is_told_to_patients(rule: &Rule) -> bool {
    let told = &rule.stated_audience;
    told.is_empty() || told.iter().any(|actor| matches!(actor, Actor::Person | Actor::All))
}

/// What is due from the stop on, by its moment and by who acts; what has no date yet comes last.
pub(super) fn deadlines(plan: &Plan, calendar: &Calendar) -> Vec<Late> {
    let of_rules = plan.rules.iter().filter_map(|rule| {
        rule.deadline.as_ref()?;
        let mut until = until_of(rule, plan, calendar, Stages::Here)?;
        let about = about(rule, plan);
        let keepers = rule.kept_by();
        let text = if keepers == rule.audience() {
            format!("{about}：{}", for_persons(rule))
        } else {
            until.late.clear();
            format!("{about}：收件后在此期限内办结。")
        };
        // A patient comes back in time, whomever the advice speaks to by itself.
        let patient = (is_care(rule) && is_told_to_patients(rule)).then_some(Actor::Person);
        let groups = Group::of(&patient.into_iter().chain(keepers).collect::<Vec<_>>());
        Some((until, who(&groups), said(text, &rule.clauses)))
    });
    let of_duties = plan.duties.iter().filter(|duty| !is_before(duty, plan)).filter_map(|duty| {
        let until = until(Some(duty.deadline.as_ref()?), &duty.scope, duty.not_before, plan, calendar, Stages::Here)?;
        let whom = plan.whom(&duty.scope);
        let what = if whom.is_empty() { duty.what.clone() } else { format!("{whom}：{}", duty.what) };
        Some((until, who(&Group::of(&duty.audience())), said(sentence(&what), &duty.clauses)))
    });
    let mut rows: Vec<Late> = Vec::new();
    for (until, who, item) in of_rules.chain(of_duties) {
        match rows.iter_mut().find(|row| row.until == until && row.who == who) {
            Some(row) => row.items.push(item),
            None => rows.push(Late { until, who, items: vec![item] }),
        }
    }
    rows.sort_by_key(|row| (row.until.moment.is_none(), row.until.moment));
    rows
}

/// For the offices: how the notice is read where it is doubtful, and what is text until its desk comes.
pub(super) fn working(plan: &Plan) -> Vec<Said> {
    let of_rules = plan.rules.iter().map(|rule| (rule.line, &rule.reading, &rule.clauses));
    let of_duties = plan.duties.iter().map(|duty| (duty.line, &duty.reading, &duty.clauses));
    let read = of_rules.chain(of_duties).filter_map(|(line, reading, clauses)| {
        let reading = reading.as_ref()?;
        Some(said(format!("第{line}行读法：{}", sentence(reading)), clauses))
    });
    let text = plan.unserved();
    let text = text.iter().map(|text| said(format!("第{}行{}：{}。", text.line, text.what, text.desk), &[]));
    read.chain(text).collect()
}

/// `3月1日0时至3月15日24时就医的，`.
fn period(care: Option<CarePeriod>, plan: &Plan) -> String {
    let name = |period: CarePeriod| {
        let (from, until) = (moment_words(period.from, plan.issued), moment_words(period.until, plan.issued));
        format!("{from}至{until}就医的，")
    };
    care.map(name).unwrap_or_default()
}

/// Longer limits, tolerance, who loses nothing, and what holds around the closings.
pub(super) fn relief(plan: &Plan, calendar: &Calendar) -> Vec<Said> {
    let about = |patterns: &[Pattern], scope: &Scope| names(patterns, scope, plan);
    let extensions = plan.extensions.iter().map(|extension| {
        let (first, last) = extension.limit_ends;
        let days = match first == last {
            true => day_words(first, plan.issued),
            false => format!("在{}至{}", day_words(first, plan.issued), day_words(last, plan.issued)),
        };
        let text = format!(
            "{}：{}期限{days}届满的，顺延至{}。",
            about(&extension.businesses, &extension.scope),
            period(extension.care, plan),
            end(&extension.due, &extension.scope, plan, calendar, Stages::Here).1
        );
        said(text, &extension.clauses)
    });
    let tolerances = plan.tolerances.iter().map(|tolerance| {
        let days = || format!("期限届满后{}{}内", tolerance.days, tolerance.unit.name());
        let end = tolerance.due().map_or_else(days, |due| end(&due, &tolerance.scope, plan, calendar, Stages::Here).1);
        said(
            format!("{}：{end}补办的，视为按时办理。", about(&tolerance.businesses, &tolerance.scope)),
            &tolerance.clauses,
        )
    });
    let harmless = plan.hold_harmless.iter().map(|promise| {
        let protects: Vec<&str> = promise.protects.iter().map(|protection| protection.name()).collect();
        let until = promise
            .due
            .as_ref()
            .map(|due| format!("{}补办的，", end(due, &promise.scope, plan, calendar, Stages::Here).1));
        let (until, advice) = (until.unwrap_or_default(), sentence(&promise.advice));
        let (about, care) = (about(&promise.businesses, &promise.scope), period(promise.care, plan));
        let text = format!("{about}：{care}{until}{}。{advice}", protects.join("，"));
        said(text, &promise.clauses)
    });
    let unbroken = arranged(plan, calendar).into_iter().filter(|one| one.part == Part::Continuity);
    let clock =
        plan.switches.review_clock_stops.then(|| said("停办期间，经办机构的审核时限停止计算。".to_owned(), &[]));
    let debtors = (plan.switches.hold_debtor_benefits)
        .then(|| said("补录后应由个人支付的部分逾期不付清的，可以暂停其后续待遇。".to_owned(), &[]));
    let unbroken = unbroken.map(|one| around(&one, plan));
    extensions.chain(tolerances).chain(harmless).chain(unbroken).chain(clock).chain(debtors).collect()
}

/// What holds around the closings, beside when they are: slow periods, settlements that stay as they are.
pub(super) fn beside_closings(plan: &Plan, calendar: &Calendar) -> Vec<Said> {
    let beside = |one: &Arrangement| matches!(one.part, Part::Degraded | Part::Freeze);
    arranged(plan, calendar).into_iter().filter(beside).map(|one| around(&one, plan)).collect()
}

fn arranged(plan: &Plan, calendar: &Calendar) -> Vec<Arrangement> {
    plan.arrangements_in(&Writing {
        moment: &|moment| moment_words(moment, plan.issued),
        day: &|day| day_words(day, plan.issued),
        due: &|one| end(&one.due, &one.scope, plan, calendar, Stages::Here).1,
    })
}

fn around(one: &Arrangement, plan: &Plan) -> Said {
    let (about, whom) = (names(&one.businesses, &Scope::default(), plan), plan.whom(&one.scope));
    let of = [whom, about].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("，");
    let of = if of.is_empty() { of } else { format!("{of}：") };
    said(format!("{of}{}。{}", one.text, sentence(&one.advice)), &one.clauses)
}
