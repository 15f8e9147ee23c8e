//! The headline table (现在能办什么): what the gate itself answers now for the main businesses.
//!
//! Each line asks [`decide`] for an ordinary insured person of the pool, so the board and a refusal cannot differ, and then for those
//! whom rules and stages name for themselves: where it is closed for them at other times, they have a table and sentences of their own.

use jiff::civil::DateTime;
use yibao_domain::code::Scheme;
use yibao_domain::outage::{
    Business, Channel, Closed, Insurance, Place, Plan, Population, Question, Reopens, Requirement, Verdict, decide,
    moment_name,
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
    /// What those are answered otherwise whom stages and rules name for themselves, one table for each of them.
    pub waves: Vec<Wave>,
    /// Whom to ask, for the whole city.
    pub ask: String,
}

/// Those of a stage (分批恢复), or for whom there are other rules (省内异地).
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
    /// Care at home; care elsewhere is said beside it.
    pub is_home: bool,
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
                let answer = Answer::of(plans, &question, now);
                let line = Line { name, scheme: scheme.name(), is_home: place == Place::Local, answer };
                let apart = if place == Place::Local { apart(plan, plans, &question, &line, now) } else { Vec::new() };
                for (whom, line) in apart {
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

/// What those are answered whom rules and stages name for themselves, where that is otherwise than the others are: another time, or,
/// in another wave, anything else.
fn apart(plan: &Plan, plans: &[Plan], asked: &Question, others: &Line, now: DateTime) -> Vec<(String, Line)> {
    let answered = plan.singled_out(asked).into_iter().filter_map(|one| {
        let answer = Answer::of(plans, &one.question, now);
        let is_told = if one.is_wave { answer != others.answer } else { answer.changes_otherwise(&others.answer) };
        is_told.then(|| (one.whom, Line { name: others.name.clone(), scheme: others.scheme, is_home: true, answer }))
    });
    answered.collect()
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

    /// Whether it is closed at other times than another is, of which one is closed or will be.
    fn changes_otherwise(&self, other: &Answer) -> bool {
        match (self, other) {
            (Answer::Closed { until, .. }, Answer::Closed { until: of_other, .. }) => until != of_other,
            (Answer::Closing { at, until, .. }, Answer::Closing { at: other_at, until: other_until, .. }) => {
                (at, until) != (other_at, other_until)
            }
            (Answer::Open { .. }, Answer::Open { .. }) => false,
            _ => true,
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

    /// When it closes, where it is open and will.
    fn closes(&self) -> Option<Moment> {
        match self {
            Answer::Closing { at, .. } => Some(*at),
            Answer::Closed { .. } | Answer::Open { .. } => None,
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

/// What is closed now, what closes next, when things reopen; then what of it is otherwise for those who are named apart.
fn sentences(lines: &[Line], waves: &[Wave]) -> Vec<Sentence> {
    // What is said of those who are away from home is not said once more of one business.
    let is_said = |line: &Line, wave: &Wave| {
        wave.lines.iter().any(|other| line.name == format!("{}（{}）", other.name, wave.whom))
    };
    let is_told = |line: &&Line| line.is_home || !waves.iter().any(|wave| is_said(line, wave));
    let lines: Vec<&Line> = lines.iter().filter(is_told).collect();
    let closes_with_others = |line: &Line| {
        let of_others = lines.iter().filter(|other| other.name == line.name).filter_map(|other| other.answer.closes());
        line.answer.closes().is_some_and(|at| of_others.clone().any(|other| other == at))
    };
    let mut sentences = closed("现在停办", &lines);
    sentences.extend(closing("接下来停办", &lines));
    let mut still: Vec<Sentence> = Vec::new();
    for wave in waves {
        let theirs: Vec<&Line> = wave.lines.iter().filter(|line| !closes_with_others(line)).collect();
        still.extend(closed(&format!("{}停办", wave.whom), &theirs));
        still.extend(closing(&format!("{}接下来停办", wave.whom), &theirs));
    }
    if !lines.iter().any(|line| line.answer.is_closed()) {
        let but = if still.iter().all(|sentence| sentence.class != "closed") {
            ""
        } else {
            "，下列地区、机构或人员除外"
        };
        let text = format!("现在主要业务照常办理{but}。");
        sentences.insert(0, Sentence { class: "open", text });
    }
    sentences.append(&mut still);
    sentences
}

/// What closes next.
fn closing(beginning: &str, lines: &[&Line]) -> Option<Sentence> {
    let closing = grouped(lines, Answer::closes);
    let (at, names) = closing.into_iter().next()?;
    let text = format!("{beginning}：{} 起，{}。", moment_name(at), names.join("、"));
    Some(Sentence { class: "soon", text })
}

/// What is closed, a sentence a reopening.
fn closed(beginning: &str, lines: &[&Line]) -> Vec<Sentence> {
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
fn grouped<T: Ord>(lines: &[&Line], moment: impl Fn(&Answer) -> Option<T>) -> Vec<(T, Vec<String>)> {
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
