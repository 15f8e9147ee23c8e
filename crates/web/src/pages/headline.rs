//! The headline table (现在能办什么): what the gate itself answers now for the main businesses.
//!
//! Each line asks [`decide`] for an ordinary insured person of the pool, so the board and a refusal cannot differ.
//! Rules on single populations or providers are not asked for here; the board lists them below as the plan has them.

use jiff::civil::DateTime;
use yibao_domain::code::Scheme;
use yibao_domain::outage::{
    Business, Channel, Closed, Insurance, Place, Plan, Population, Question, Reopens, Requirement, Scope, Stage,
    Verdict, decide, moment_name,
};
use yibao_domain::time::Moment;

/// What people ask for first: business, the schemes that have it, place of care, channel.
const MAIN: [(&str, &[Scheme], Place, Channel); 14] = [
    ("settlement.inpatient", BOTH, Place::Local, Channel::Hospital),
    ("settlement.inpatient", BOTH, Place::Remote, Channel::Hospital),
    ("encounter.admission", BOTH, Place::Local, Channel::Hospital),
    ("settlement.outpatient.ordinary", BOTH, Place::Local, Channel::Hospital),
    ("settlement.outpatient.special", BOTH, Place::Local, Channel::Hospital),
    ("settlement.outpatient.special_drug", BOTH, Place::Local, Channel::Hospital),
    ("settlement.pharmacy", &[Scheme::Employee], Place::Local, Channel::Pharmacy),
    ("account.use", &[Scheme::Employee], Place::Local, Channel::Hospital),
    ("filing.remote", BOTH, Place::Local, Channel::Agency),
    ("enrolment.new", BOTH, Place::Local, Channel::Agency),
    ("contribution.employee", &[Scheme::Employee], Place::Local, Channel::Tax),
    ("contribution.resident", &[Scheme::Resident], Place::Local, Channel::Tax),
    ("reimbursement.manual", BOTH, Place::Local, Channel::Agency),
    ("query", BOTH, Place::Local, Channel::Hospital),
];
const BOTH: &[Scheme] = &[Scheme::Employee, Scheme::Resident];

/// What can be done now, and what changes next.
pub(super) struct Headline {
    /// Each with its class.
    pub sentences: Vec<Sentence>,
    pub lines: Vec<Line>,
    /// What those of a stage are answered otherwise, one table a stage.
    pub waves: Vec<Wave>,
    /// Whom to ask, for the whole city.
    pub ask: String,
}

/// Those of a stage, or of several that are answered alike (分批恢复).
pub(super) struct Wave {
    pub whom: String,
    pub lines: Vec<Line>,
}

/// A sentence at the top of a plan.
pub(super) struct Sentence {
    pub class: &'static str,
    pub text: String,
}

/// One business, for one scheme or for both.
pub(super) struct Line {
    pub name: String,
    pub scheme: &'static str,
    pub answer: Answer,
}

/// What the gate answers, and the change that comes next.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Closed until then.
    Closed { until: Reopens, instead: Instead },
    /// Open, and closing then; `near` once the plan advises of it.
    Closing { at: Moment, until: Reopens, near: bool, ahead: String, instead: Instead },
    /// Open; where it was closed, again since then.
    Open { since: Option<Moment> },
}

/// What to do while it is closed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Instead {
    pub disposition: &'static str,
    pub advice: String,
    pub papers: String,
    pub deadline: String,
}

impl Headline {
    /// For the pool of this plan, by all plans of that pool.
    pub(super) fn of(plan: &Plan, plans: &[Plan], now: DateTime) -> Headline {
        let (mut lines, mut waves) = (Vec::new(), Vec::<Wave>::new());
        for (business, schemes, place, channel) in MAIN {
            let mut own: Vec<Line> = Vec::new();
            for scheme in schemes {
                let question = question(plan, Business::named(business), *scheme, place, channel);
                let name = plan.name_of(&question.business);
                let name =
                    if place == Place::Local { name.to_owned() } else { format!("{name}（{}）", place.name()) };
                let line = Line { name, scheme: scheme.name(), answer: Answer::of(plans, &question, now) };
                for (whom, line) in staged(plan, plans, &question, &line, now) {
                    match waves.iter_mut().find(|wave| wave.whom == whom) {
                        Some(wave) => wave.lines.push(line),
                        None => waves.push(Wave { whom, lines: vec![line] }),
                    }
                }
                own.push(line);
            }
            lines.extend(as_one(own));
        }
        lines.sort_by_key(|line| line.answer.rank());
        for wave in &mut waves {
            wave.lines = by_name(std::mem::take(&mut wave.lines));
            wave.lines.sort_by_key(|line| line.answer.rank());
        }
        Headline { sentences: sentences(&lines, &waves), lines, waves, ask: ask(plan) }
    }
}

/// The lines of one business: said once where all schemes are answered alike.
fn as_one(mut own: Vec<Line>) -> Vec<Line> {
    if own.windows(2).all(|pair| pair[0].answer == pair[1].answer) {
        own.truncate(1);
        own.iter_mut().for_each(|line| line.scheme = "");
    }
    own
}

/// Lines of several businesses, each said once where all its schemes are answered alike.
fn by_name(lines: Vec<Line>) -> Vec<Line> {
    let mut businesses: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        match businesses.last_mut().filter(|of| of.iter().all(|other| other.name == line.name)) {
            Some(of) => of.push(line),
            None => businesses.push(vec![line]),
        }
    }
    businesses.into_iter().flat_map(as_one).collect()
}

/// What those of each stage are answered whom it concerns, where that is otherwise than the others are.
fn staged(plan: &Plan, plans: &[Plan], asked: &Question, others: &Line, now: DateTime) -> Vec<(String, Line)> {
    let base = Scope {
        schemes: asked.scheme.into_iter().collect(),
        places: asked.place.into_iter().collect(),
        channels: asked.channel.into_iter().collect(),
        ..Scope::default()
    };
    let concerns = |stage: &&Stage| {
        let names = stage.businesses.is_empty() || stage.businesses.iter().any(|own| own.covers(&asked.business));
        names && !stage.scope.is_everybody()
    };
    let answered = |stage: &Stage| {
        let of_stage = plan.somebody(&[&base, &stage.scope])?;
        let populations = match of_stage.populations.is_empty() {
            true => asked.populations.clone(),
            false => of_stage.populations.clone(),
        };
        let insured_pool = of_stage.insured_pool.clone().or_else(|| asked.insured_pool.clone());
        let question = Question { business: asked.business.clone(), populations, insured_pool, ..of_stage };
        let answer = Answer::of(plans, &question, now);
        let line = Line { name: others.name.clone(), scheme: others.scheme, answer };
        (line.answer != others.answer).then(|| (plan.whom(&stage.scope), line))
    };
    plan.stages.iter().filter(concerns).filter_map(answered).collect()
}

/// What people ask for first of those who are reached by these channels: here, not elsewhere.
pub(crate) fn main_of(channels: &[Channel]) -> impl Iterator<Item = Business> {
    let asked = MAIN.iter().filter(|(.., place, channel)| *place == Place::Local && channels.contains(channel));
    asked.map(|(business, ..)| Business::named(business))
}

/// What an ordinary person of a scheme asks who is insured in the plan's pool.
pub(crate) fn question(plan: &Plan, business: Business, scheme: Scheme, place: Place, channel: Channel) -> Question {
    let population = match scheme {
        Scheme::Employee => Population::Active,
        Scheme::Resident => Population::Adult,
    };
    Question {
        insured_pool: Some(plan.pool.clone()),
        place: Some(place),
        scheme: Some(Insurance::from(scheme)),
        populations: vec![population],
        channel: Some(channel),
        ..Question::about(business)
    }
}

impl Answer {
    fn of(plans: &[Plan], question: &Question, now: DateTime) -> Answer {
        match decide(plans, question, now) {
            Verdict::Closed(closed) => {
                Answer::Closed { until: reopening(plans, question, &closed), instead: Instead::of(&closed) }
            }
            Verdict::Open { remarks } => match next_closing(plans, question, now) {
                Some(closed) => Answer::Closing {
                    at: closed.since,
                    until: reopening(plans, question, &closed),
                    near: !remarks.is_empty(),
                    ahead: closed.rule_in(plans).and_then(|rule| rule.advice_ahead.clone()).unwrap_or_default(),
                    instead: Instead::of(&closed),
                },
                None => Answer::Open { since: last_reopening(plans, question, now) },
            },
        }
    }

    /// Closed first, by reopening; then what closes, by when; then what is open.
    fn rank(&self) -> (u8, Reopens) {
        match self {
            Answer::Closed { until, .. } => (0, until.clone()),
            Answer::Closing { at, .. } => (1, Reopens::At(*at)),
            Answer::Open { .. } => (2, Reopens::Never),
        }
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            Answer::Closed { .. } => "停办中",
            Answer::Closing { near: true, .. } => "即将停办",
            Answer::Closing { near: false, .. } => "现可办理",
            Answer::Open { since: Some(_) } => "已恢复",
            Answer::Open { since: None } => "照常办理",
        }
    }

    pub(super) fn class(&self) -> &'static str {
        match self {
            Answer::Closed { .. } => "closed",
            Answer::Closing { near: true, .. } => "soon",
            Answer::Closing { near: false, .. } | Answer::Open { .. } => "open",
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(self, Answer::Closed { .. })
    }

    /// When it changes, a line each.
    pub(super) fn times(&self) -> Vec<String> {
        match self {
            Answer::Closed { until, .. } => vec![reopening_name(until)],
            Answer::Closing { at, until, .. } => {
                vec![format!("{} 起停办", moment_name(*at)), reopening_name(until)]
            }
            Answer::Open { since: Some(since) } => vec![format!("{} 起恢复", moment_name(*since))],
            Answer::Open { since: None } => Vec::new(),
        }
    }

    /// What to do before it closes; empty where nothing closes.
    pub(super) fn ahead(&self) -> &str {
        match self {
            Answer::Closing { ahead, .. } => ahead,
            _ => "",
        }
    }

    pub(super) fn instead(&self) -> Option<&Instead> {
        match self {
            Answer::Closed { instead, .. } | Answer::Closing { instead, .. } => Some(instead),
            Answer::Open { .. } => None,
        }
    }
}

impl Instead {
    fn of(closed: &Closed) -> Instead {
        let papers: Vec<String> = closed.evidence.iter().map(Requirement::name).collect();
        let deadline = closed.deadline.as_ref();
        Instead {
            disposition: closed.disposition.name(),
            advice: closed.advice.clone(),
            papers: papers.join("、"),
            deadline: deadline.map(|due| format!("{}，{}", due.name(), due.after.name())).unwrap_or_default(),
        }
    }
}

/// A reopening in a line of its own, with the moment apart from the word.
pub(super) fn reopening_name(reopens: &Reopens) -> String {
    match reopens {
        Reopens::At(moment) => format!("{} 恢复", moment_name(*moment)),
        other => other.name(),
    }
}

/// Every moment at which something may close.
fn closing_moments(plans: &[Plan]) -> impl Iterator<Item = DateTime> {
    plans.iter().flat_map(|plan| &plan.rules).filter_map(|rule| Some(rule.window.as_ref()?.closes.at))
}

/// Every moment at which something may reopen, by a rule or by a stage, as the plan writes it.
fn reopening_moments(plans: &[Plan]) -> impl Iterator<Item = Moment> {
    let of_rules = plans.iter().flat_map(|plan| &plan.rules).filter_map(|rule| Some(&rule.window.as_ref()?.reopens));
    let all = of_rules.chain(plans.iter().flat_map(|plan| &plan.stages).map(|stage| &stage.reopens));
    all.filter_map(|reopens| match reopens {
        Reopens::At(moment) => Some(*moment),
        Reopens::Awaits { .. } | Reopens::Never => None,
    })
}

/// When the gate opens again: another plan may close where one ends.
fn reopening(plans: &[Plan], question: &Question, closed: &Closed) -> Reopens {
    let mut until = closed.until.clone();
    while let Some(moment) = until.moment()
        && let Verdict::Closed(next) = decide(plans, question, moment)
    {
        until = next.until;
    }
    until
}

/// The first moment from now on at which the gate closes: it can only be where some window begins.
fn next_closing(plans: &[Plan], question: &Question, now: DateTime) -> Option<Box<Closed>> {
    let mut moments: Vec<DateTime> = closing_moments(plans).filter(|at| now < *at).collect();
    moments.sort();
    moments.into_iter().find_map(|at| match decide(plans, question, at) {
        Verdict::Closed(closed) => Some(closed),
        Verdict::Open { .. } => None,
    })
}

/// The last moment until now at which the gate opened: it can only be where some window ends.
fn last_reopening(plans: &[Plan], question: &Question, now: DateTime) -> Option<Moment> {
    let before = |at: DateTime| at.saturating_sub(jiff::ToSpan::second(1));
    let ends = reopening_moments(plans).filter(|moment| moment.at <= now);
    ends.filter(|moment| !decide(plans, question, before(moment.at)).is_open()).max()
}

/// What is closed now, what closes next, when things reopen; then what of it is otherwise for those of stages.
fn sentences(lines: &[Line], waves: &[Wave]) -> Vec<Sentence> {
    let mut sentences = closed("现在停办", lines);
    let closing = grouped(lines, |answer| match answer {
        Answer::Closing { at, .. } => Some(*at),
        _ => None,
    });
    for (at, names) in closing.into_iter().take(1) {
        let text = format!("接下来停办：{} 起，{}。", moment_name(at), names.join("、"));
        sentences.push(Sentence { class: "soon", text });
    }
    let still = waves.iter().flat_map(|wave| closed(&format!("{}停办", wave.whom), &wave.lines));
    let mut still: Vec<Sentence> = still.collect();
    if !lines.iter().any(|line| line.answer.is_closed()) {
        let but = if still.is_empty() { "" } else { "，下列地区、机构或人员除外" };
        let text = format!("现在主要业务照常办理{but}。");
        sentences.insert(0, Sentence { class: "open", text });
    }
    sentences.append(&mut still);
    sentences
}

/// What is closed, a sentence a reopening.
fn closed(beginning: &str, lines: &[Line]) -> Vec<Sentence> {
    let by_reopening = grouped(lines, |answer| match answer {
        Answer::Closed { until, .. } => Some(until.clone()),
        _ => None,
    });
    let said = by_reopening.into_iter().map(|(until, names)| {
        let text = format!("{beginning}：{}。{}。", names.join("、"), reopening_name(&until));
        Sentence { class: "closed", text }
    });
    said.collect()
}

/// The names of the lines by a moment of theirs, in the order of the moments; with the scheme where others of the same business have
/// another moment, or none.
fn grouped<T: Ord>(lines: &[Line], moment: impl Fn(&Answer) -> Option<T>) -> Vec<(T, Vec<String>)> {
    let mut groups: std::collections::BTreeMap<T, Vec<String>> = std::collections::BTreeMap::new();
    for line in lines {
        let Some(at) = moment(&line.answer) else { continue };
        let mut others = lines.iter().filter(|other| other.name == line.name);
        let is_of_all = others.all(|other| moment(&other.answer).as_ref() == Some(&at));
        let name = if is_of_all { line.name.clone() } else { format!("{}（{}）", line.name, line.scheme) };
        let names = groups.entry(at).or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    groups.into_iter().collect()
}

/// The city's own numbers, or whom to turn to where the notice gives none.
fn ask(plan: &Plan) -> String {
    let contacts = plan.contacts_for(None, None);
    let Some(first) = contacts.first() else {
        return "公告没有列出咨询电话，请向参保地经办机构咨询".to_owned();
    };
    let numbers: Vec<String> = contacts.iter().map(|contact| contact.number()).collect();
    format!("{} {}", first.office, numbers.join("，"))
}

#[cfg(test)]
mod tests;
