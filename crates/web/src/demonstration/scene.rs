//! What is going on (场面): the headline, where in the course of a cutover one is, what has just closed or reopened and what comes
//! next, in words for somebody who sees it for the first time.

use super::cards::{Card, cards, converts_stays};
use super::curve;
use super::ending::closed_with;
use crate::app::App;
use crate::office::Trouble;
use crate::office::story::chinese_day;
use crate::pages::{Timeline, closings};
use crate::played::{Act, Changed, Happening, Outcome, Standing, Verdict};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::sync::atomic::Ordering;
use yibao_domain::outage::{Disposition, Plan, Window, moment_name, plan_named};
use yibao_engine::desks::registers::Actor;

/// Everything that moves on the page.
pub(super) struct Scene {
    pub title: String,
    pub persons: u64,
    /// How long the whole of it takes, in words.
    pub lasts: &'static str,
    /// For programs: the moment, and what is going on.
    pub now: String,
    pub act: &'static str,
    /// 2021年7月12日, 09:30.
    pub day: String,
    pub hour: String,
    pub headline: Headline,
    pub steps: Vec<Step>,
    pub is_over: bool,
    /// The books are being closed and compared, which nobody can steer.
    pub is_closing: bool,
    pub is_paused: bool,
    pub is_jumping: bool,
    /// Minutes of the city in a second, and in words.
    pub minutes: u32,
    pub pace: String,
    pub jumps: Vec<(&'static str, String)>,
    pub cards: Vec<Card>,
    pub timeline: Option<Timeline>,
    pub turns: Vec<Turn>,
    pub curves: Vec<(&'static str, String)>,
    pub latest: Vec<Row>,
    pub verdicts: Vec<Verdict>,
    pub changed: Vec<Changed>,
}

/// The state in one line, and what it means.
pub(super) struct Headline {
    pub class: &'static str,
    pub text: String,
    pub meaning: String,
}

/// A step of every cutover.
pub(super) struct Step {
    pub name: &'static str,
    /// `done`, `now` or `coming`.
    pub class: &'static str,
}

/// What closed or reopened last, or does so next.
pub(super) struct Turn {
    pub class: &'static str,
    pub word: &'static str,
    pub text: String,
    pub clause: String,
}

/// Something that happened.
pub(super) struct Row {
    pub at: String,
    pub name: String,
    pub text: String,
    pub told_at: String,
    pub class: &'static str,
}

/// Where in its course a cutover is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stage {
    Before,
    Closing,
    Stopped,
    Back,
    Over,
}

/// People whose city a machine plays as fast as it is shown.
const IN_FIVE_MINUTES: u64 = 1_000;

const STEPS: [(Stage, &str); 5] = [
    (Stage::Before, "照常结算"),
    (Stage::Closing, "逐项停办"),
    (Stage::Stopped, "停机登记"),
    (Stage::Back, "恢复补录"),
    (Stage::Over, "关账核对"),
];

impl Scene {
    pub(super) fn of(app: &App, standing: &Standing) -> Result<Scene, Trouble> {
        let plans = app.platform.plans();
        let plan = plan_named(&plans, &standing.pool, &standing.plan).ok_or(Trouble::Missing)?;
        let registers = app.platform.registers(&standing.pool).ok_or(Trouble::Missing)?;
        let board = registers.board(&Actor::platform(), standing.now, &standing.plan)?;
        let stage = Stage::of(plan, standing);
        let waiting = standing.cares.iter().filter(|care| care.outcome == Outcome::Waits).count();
        let judgement = match &standing.act {
            Act::Over(judgement) => Some(judgement),
            _ => None,
        };
        Ok(Scene {
            title: plan.title.clone(),
            persons: standing.persons,
            lasts: if standing.persons <= IN_FIVE_MINUTES {
                "约五分钟演完"
            } else {
                "人多，五分钟演不完"
            },
            now: standing.now.to_string(),
            act: act(&standing.act),
            day: format!("{} {}", chinese_day(standing.now), weekday(standing.now)),
            hour: standing.now.strftime("%H:%M").to_string(),
            headline: headline(plan, standing, stage, (waiting, app.visited.load(Ordering::Relaxed))),
            steps: STEPS.iter().map(|(of, name)| Step { name, class: step_class(*of, stage, standing) }).collect(),
            is_over: matches!(standing.act, Act::Over(_) | Act::Broken),
            is_closing: matches!(standing.act, Act::Closing | Act::Comparing),
            is_paused: standing.is_paused,
            is_jumping: standing.jumps_to.is_some(),
            minutes: standing.minutes_a_second,
            pace: pace(standing.minutes_a_second),
            jumps: jumps(plan, standing).into_iter().map(|(name, at)| (name, at.to_string())).collect(),
            cards: cards(plan, standing, &board),
            timeline: Timeline::of(&closings(plan), standing.now),
            turns: if judgement.is_some() { Vec::new() } else { turns(plan, standing.now) },
            curves: curve::draw(plan, standing),
            latest: standing.latest.iter().map(Row::of).collect(),
            verdicts: judgement.map(|judgement| judgement.verdicts.clone()).unwrap_or_default(),
            changed: judgement.map(|judgement| judgement.changed.clone()).unwrap_or_default(),
        })
    }
}

impl Stage {
    fn of(plan: &Plan, standing: &Standing) -> Stage {
        let now = standing.now;
        match standing.act {
            Act::Business if now < plan.first_closing() => Stage::Before,
            Act::Business if now < plan.window.closes => Stage::Closing,
            Act::Business if plan.window.reopens.is_after(now) => Stage::Stopped,
            Act::Business => Stage::Back,
            _ => Stage::Over,
        }
    }
}

fn step_class(of: Stage, stage: Stage, standing: &Standing) -> &'static str {
    match of {
        _ if matches!(standing.act, Act::Over(_)) => "done",
        of if of == stage => "now",
        of if of < stage => "done",
        _ => "coming",
    }
}

fn act(act: &Act) -> &'static str {
    match act {
        Act::Business => "business",
        Act::Closing => "closing",
        Act::Comparing => "comparing",
        Act::Over(_) => "over",
        Act::Broken => "broken",
    }
}

fn weekday(at: DateTime) -> &'static str {
    ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
        [usize::try_from(at.date().weekday().to_monday_zero_offset()).unwrap_or(0)]
}

/// How fast the city's time goes.
fn pace(minutes: u32) -> String {
    match minutes {
        0..60 => format!("1秒走{minutes}分钟"),
        _ if minutes.is_multiple_of(60) => format!("1秒走{}小时", minutes / 60),
        _ => format!("1秒走{}小时{}分", minutes / 60, minutes % 60),
    }
}

fn headline(plan: &Plan, standing: &Standing, stage: Stage, (waiting, visited): (usize, u64)) -> Headline {
    let now = standing.now;
    let day = |since: DateTime| since.date().until(now.date()).map_or(0, |span| span.get_days()) + 1;
    let (class, text, meaning) = match (&standing.act, stage) {
        (Act::Broken, _) => ("closed", "演示中断".to_owned(), "平台出错，已记入日志。请重新启动演示。".to_owned()),
        (Act::Over(judgement), _) if judgement.holds() => {
            let meaning = closed_with(standing) + &with_visitors(visited, "，没有影响核对");
            ("open", "账已关平：一笔不少，一笔不重，一分不差".to_owned(), meaning)
        }
        (Act::Over(_), _) if visited > 0 => {
            let so = "，不符之处可能由此而来，列在下面。要看没有人插手的一遍，请重新启动演示";
            ("soon", "有参观者办理过业务，核对与没有插手时不同".to_owned(), with_visitors(visited, so))
        }
        (Act::Over(_), _) => ("closed", "核对发现不符".to_owned(), "不符之处列在下面。".to_owned()),
        (Act::Comparing, _) => (
            "soon",
            "正在对照".to_owned(),
            "另起两套账，让同样的人、同样的病、同样的几周不停机再走两遍，看停机改变了什么。人少时不到一分钟，人多时要几分钟。".to_owned(),
        ),
        (Act::Closing, _) => ("soon", "正在关账".to_owned(), "逐笔核对、更正次序、退款签收。".to_owned()),
        (_, Stage::Before) => (
            "open",
            format!("照常办理 · 还有{}开始停办", left(now, plan.first_closing())),
            "病人看完病，医院通过平台当场结算：医保基金付它那份，病人只付自己那份。".to_owned(),
        ),
        (_, Stage::Closing) => (
            "soon",
            format!("陆续停办 · 还有{}全面停机", left(now, plan.window.closes.at)),
            if converts_stays(plan) {
                "换系统之前，各项业务按公告的时刻逐项停办；在院病人先列出名单，停机时转为自费记账。".to_owned()
            } else {
                "换系统之前，各项业务按公告的时刻逐项停办；药快用完的病人先备药。".to_owned()
            },
        ),
        (_, Stage::Stopped) => (
            "closed",
            format!("停机中 · 第{}天", day(plan.window.closes.at)),
            "系统停着，看病不停：病人先付现金或挂账，医院把每一次登进台账，公告写明事后怎么补。".to_owned(),
        ),
        (_, Stage::Back | Stage::Over) if waiting == 0 => {
            ("open", "已恢复 · 台账里的就诊都补完了".to_owned(), "再等最后几位病人出院，就可以关账。".to_owned())
        }
        (_, Stage::Back | Stage::Over) => {
            let since = plan.window.reopens.expected().unwrap_or(now);
            (
                "soon",
                format!("已恢复 · 第{}天 · 还有{waiting}笔待补", day(since)),
                "台账里的每一笔按看病那天的待遇补算，该由基金付的退给病人；先看的病先算。".to_owned(),
            )
        }
    };
    Headline { class, text, meaning }
}

/// That visitors have done something, and what that means; nothing where nobody did.
fn with_visitors(visited: u64, so: &str) -> String {
    if visited == 0 {
        String::new()
    } else {
        format!("演示中参观者经办理台或接口办理过{visited}次{so}。")
    }
}

/// 2天5小时.
fn left(now: DateTime, until: DateTime) -> String {
    let hours = now.duration_until(until).as_hours();
    match (hours / 24, hours % 24) {
        (0, 0) => "不到1小时".to_owned(),
        (0, hours) => format!("{hours}小时"),
        (days, 0) => format!("{days}天"),
        (days, hours) => format!("{days}天{hours}小时"),
    }
}

/// What closed or reopened last, and what does so next, with what the notice says.
fn turns(plan: &Plan, now: DateTime) -> Vec<Turn> {
    let closing = closings(plan);
    let moments = |window: &Window| {
        let back = window.reopens.moment().map(|at| (at, false));
        [(window.closes.at, true)].into_iter().chain(back)
    };
    let all: Vec<(DateTime, bool)> = closing.iter().flat_map(|(window, _)| moments(window)).collect();
    let last = all.iter().filter(|(at, _)| *at <= now).max().copied();
    let next = all.iter().filter(|(at, _)| now < *at).min().copied();
    let turn = |word, (at, closes): (DateTime, bool)| {
        let concerns = |window: &&(Window, Vec<String>)| moments(&window.0).any(|one| one == (at, closes));
        let names: Vec<&str> =
            closing.iter().filter(concerns).flat_map(|(_, names)| names).map(String::as_str).collect();
        let what = if closes { "停办" } else { "恢复" };
        let text = format!("{} {what}：{}", moment_name(at), some_of(&names));
        Turn { class: if closes { "closed" } else { "open" }, word, text, clause: clause(plan, at, closes) }
    };
    let last = last.map(|at| turn("最近", at));
    last.into_iter().chain(next.map(|at| turn("接下来", at))).collect()
}

/// Names that fit a line, and how many there are.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).copied().collect::<Vec<_>>().join("、");
    if names.len() > SHOWN { format!("{shown}等{}项", names.len()) } else { shown }
}

/// The clause behind it that says most to a patient: of a single business before that of all.
fn clause(plan: &Plan, at: DateTime, closes: bool) -> String {
    let window_of = |rule: &&yibao_domain::outage::Rule| {
        let Some(window) = rule.window.as_ref().filter(|_| rule.disposition != Disposition::Open) else { return false };
        if closes { window.closes == at } else { window.reopens.moment() == Some(at) }
    };
    let said = plan.rules.iter().filter(window_of).min_by_key(|rule| rule.disposition == Disposition::Refuse);
    said.filter(|_| closes)
        .map(|rule| format!("公告条款{}：{}", rule.clauses.join("、"), rule.advice))
        .unwrap_or_default()
}

impl Row {
    fn of(happening: &Happening) -> Row {
        Row {
            at: happening.at.strftime("%-m月%-d日 %H:%M").to_string(),
            name: happening.name.clone(),
            text: happening.text.clone(),
            told_at: happening.told_at(),
            class: if happening.is_of_outage { "soon" } else { "open" },
        }
    }
}

/// Where one may jump to from here, in the order of time.
fn jumps(plan: &Plan, standing: &Standing) -> Vec<(&'static str, DateTime)> {
    let today = standing.now.date().at(8, 0, 0, 0);
    let morning = if standing.now < today { today } else { today.saturating_add(1.day()) };
    let places = [
        Some(("到早上8点", morning)),
        Some(("到停机", plan.window.closes.at)),
        plan.window.reopens.expected().map(|at| ("到恢复", at)),
        Some(("到关账", standing.ends)),
    ];
    places.into_iter().flatten().filter(|(_, at)| standing.now < *at).collect()
}
