//! The public board (公告板): what is open and closed now, what changes next, what to do meanwhile, whom to ask.
//!
//! At the top stands what the gate answers for the main businesses; below it the rules of each plan, a row a rule, by
//! its own window. Which of several rules holds for one person is the gate's to say: the narrower one wins.

use super::headline::{Headline, reopening_name};
use super::timeline::Timeline;
use crate::frame::Frame;
use crate::office::sizes::BoardView;
use askama::Template;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::sync::Arc;
use yibao_domain::outage::{Disposition, Pattern, Plan, Requirement, Rule, Stage, Window, moment_name};
use yibao_interface::Catalogue;

/// What a rule on all business is called beside rules on single ones.
const REST: &str = "未单列的其他业务";

/// The board.
#[derive(Template)]
#[template(path = "board.html")]
pub(super) struct Board {
    frame: Frame,
    /// Plans that still concern somebody.
    current: Vec<PlanView>,
    /// Plans whose last deadline is over.
    past: Vec<PlanView>,
    /// How far the registers of each plan are, without names.
    registers: Arc<Vec<BoardView>>,
}

/// One plan.
struct PlanView {
    id: String,
    title: String,
    /// The pool's six digits.
    division: String,
    pool: String,
    issuer: String,
    issued: String,
    headline: Headline,
    /// Something is closed now.
    closed_now: bool,
    groups: Vec<Group>,
    timeline: Option<Timeline>,
    offices: Vec<Office>,
}

/// The rules in one state.
struct Group {
    state: State,
    rows: Vec<Row>,
}

/// One rule.
struct Row {
    names: String,
    scope: String,
    /// Since when and until when; `None` where it goes on.
    times: Option<(String, String)>,
    /// When those of each stage reopen, where that is another time.
    waves: Vec<String>,
    disposition: &'static str,
    advice: String,
    evidence: String,
    deadline: String,
    clauses: String,
}

/// An office to ask (咨询电话).
struct Office {
    county: String,
    name: String,
    telephones: Vec<String>,
}

/// Where a rule stands in time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum State {
    Closed,
    Partly,
    Soon,
    Later,
    Open,
    Restored,
}

impl State {
    /// By the rule's own window and those that stages give it.
    fn of(rule: &Rule, plan: &Plan, now: DateTime) -> State {
        let Some(own) = rule.window.as_ref().filter(|_| rule.disposition != Disposition::Open) else {
            return State::Open;
        };
        let staged = plan.staged_windows(rule);
        let as_a_whole = staged.iter().any(|(stage, _)| plan.is_moved_as_a_whole(rule, stage));
        let mut windows: Vec<&Window> = staged.iter().map(|(_, window)| window).collect();
        windows.extend((!as_a_whole).then_some(own));
        let closed = windows.iter().any(|window| window.contains(now));
        let reopened = windows.iter().filter(|window| !window.reopens.is_after(now)).count();
        match own.closes {
            _ if closed && reopened > 0 => State::Partly,
            _ if closed => State::Closed,
            _ if reopened == windows.len() => State::Restored,
            closes if closes <= now.saturating_add(i64::from(plan.ahead_hours).hours()) => State::Soon,
            _ => State::Later,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            State::Closed => "停办中",
            State::Partly => "部分恢复",
            State::Soon => "即将停办",
            State::Later => "将要停办",
            State::Open => "照常办理",
            State::Restored => "已恢复",
        }
    }

    fn class(self) -> &'static str {
        match self {
            State::Closed | State::Partly => "closed",
            State::Soon => "soon",
            State::Later => "later",
            State::Open | State::Restored => "open",
        }
    }

    fn is_restored(self) -> bool {
        self == State::Restored
    }
}

impl Board {
    pub(super) fn of(frame: Frame, all: &[Plan], now: DateTime) -> Board {
        let (past, current): (Vec<&Plan>, Vec<&Plan>) = all.iter().partition(|plan| plan.ends <= now);
        let views = |plans: Vec<&Plan>| {
            let mut views: Vec<PlanView> = plans.into_iter().map(|plan| PlanView::of(plan, all, now)).collect();
            views.sort_by_key(|view| !view.closed_now);
            views
        };
        Board { frame, current: views(current), past: views(past), registers: Arc::default() }
    }

    /// The same with the registers' sizes.
    pub(super) fn with_registers(self, registers: Arc<Vec<BoardView>>) -> Board {
        Board { registers, ..self }
    }
}

impl PlanView {
    fn of(plan: &Plan, all: &[Plan], now: DateTime) -> PlanView {
        let mut rules: Vec<(State, &Rule)> = plan.rules.iter().map(|rule| (State::of(rule, plan, now), rule)).collect();
        rules.sort_by_key(|(state, rule)| (*state, next_change(*state, rule), names_all(rule), rule.line));
        let mut groups: Vec<Group> = Vec::new();
        for (state, rule) in &rules {
            let row = Row::of(*state, rule, plan);
            match groups.last_mut().filter(|group| group.state == *state) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { state: *state, rows: vec![row] }),
            }
        }
        PlanView {
            id: plan.id.clone(),
            title: plan.title.clone(),
            division: plan.pool.to_string(),
            pool: division_name(plan.pool.as_str()),
            issuer: plan.issuer.clone(),
            issued: plan.issued.to_string(),
            headline: Headline::of(plan, all, now),
            closed_now: rules.iter().any(|(state, _)| matches!(state, State::Closed | State::Partly)),
            groups,
            timeline: Timeline::of(&closings(plan), now),
            offices: offices(plan),
        }
    }
}

impl Row {
    fn of(state: State, rule: &Rule, plan: &Plan) -> Row {
        let times = match (state, &rule.window) {
            (State::Open, _) | (_, None) => None,
            (_, Some(window)) => Some((moment_name(window.closes), reopening_name(&window.reopens))),
        };
        let ahead = rule.advice_ahead.clone().filter(|_| matches!(state, State::Soon | State::Later));
        Row {
            names: names(rule, plan).join("、"),
            scope: plan.whom(&rule.scope),
            times,
            waves: waves(rule, plan),
            disposition: rule.disposition.name(),
            advice: ahead.into_iter().chain([rule.advice.clone()]).collect::<Vec<_>>().join(""),
            evidence: rule.evidence.iter().map(Requirement::name).collect::<Vec<_>>().join("、"),
            deadline: rule
                .deadline
                .as_ref()
                .map(|deadline| format!("{}，{}", deadline.name(), deadline.after.name()))
                .unwrap_or_default(),
            clauses: rule.clauses.join("、"),
        }
    }
}

fn next_change(state: State, rule: &Rule) -> Option<DateTime> {
    match state {
        State::Closed | State::Partly => rule.window.as_ref()?.reopens.expected(),
        State::Soon | State::Later => rule.window.as_ref().map(|window| window.closes.at),
        State::Open | State::Restored => None,
    }
}

/// When those of each stage reopen, where that is another time than the rule's own.
fn waves(rule: &Rule, plan: &Plan) -> Vec<String> {
    let own = rule.window.as_ref().map(|window| &window.reopens);
    let staged = plan.staged_windows(rule).into_iter().filter(|(_, window)| Some(&window.reopens) != own);
    let said =
        staged.map(|(stage, window)| format!("{}：{}", stage_name(stage, plan), reopening_name(&window.reopens)));
    said.collect()
}

/// Whom a stage is for, else what it is about.
fn stage_name(stage: &Stage, plan: &Plan) -> String {
    match plan.whom(&stage.scope) {
        whom if !whom.is_empty() => whom,
        _ => pattern_names(&stage.businesses, plan).join("、"),
    }
}

/// The rest of all business is said last.
fn names_all(rule: &Rule) -> bool {
    rule.businesses.contains(&Pattern::All)
}

/// What a rule names, in Chinese.
fn names(rule: &Rule, plan: &Plan) -> Vec<String> {
    pattern_names(&rule.businesses, plan)
}

fn pattern_names(patterns: &[Pattern], plan: &Plan) -> Vec<String> {
    let name = |pattern: &Pattern| match pattern {
        Pattern::All => REST.to_owned(),
        Pattern::Under(business) => plan.name_of(business).to_owned(),
    };
    patterns.iter().map(name).collect()
}

/// The windows of a plan in order, each with everything that it closes.
pub(crate) fn closings(plan: &Plan) -> Vec<(Window, Vec<String>)> {
    let mut closings: Vec<(Window, Vec<String>)> = Vec::new();
    for rule in plan.rules.iter().filter(|rule| rule.disposition != Disposition::Open) {
        let Some(window) = &rule.window else { continue };
        let staged = plan.staged_windows(rule);
        for (stage, window) in &staged {
            let at = place_of(window, &mut closings);
            let whom = plan.whom(&stage.scope);
            let all =
                if stage.businesses.is_empty() { names(rule, plan) } else { pattern_names(&stage.businesses, plan) };
            let said = all.into_iter().map(|name| if whom.is_empty() { name } else { format!("{name}（{whom}）") });
            for name in said {
                if !closings[at].1.contains(&name) {
                    closings[at].1.push(name);
                }
            }
        }
        if staged.iter().any(|(stage, _)| plan.is_moved_as_a_whole(rule, stage)) {
            continue;
        }
        let at = place_of(window, &mut closings);
        let scope = plan.whom(&rule.scope);
        for name in names(rule, plan) {
            let name = if scope.is_empty() { name } else { format!("{name}（{scope}）") };
            if !closings[at].1.contains(&name) {
                closings[at].1.push(name);
            }
        }
    }
    closings.iter_mut().for_each(|(_, names)| leave_out_parts(names));
    let rest = |name: &String| *name == REST;
    closings.iter_mut().for_each(|(_, names)| names.sort_by_key(rest));
    closings.sort_by(|(one, _), (other, _)| one.cmp(other));
    closings
}

/// Where a window stands among those that are known, at the end if it is new.
fn place_of(window: &Window, closings: &mut Vec<(Window, Vec<String>)>) -> usize {
    closings.iter().position(|(known, _)| known == window).unwrap_or_else(|| {
        closings.push((window.clone(), Vec::new()));
        closings.len() - 1
    })
}

/// What closes as a whole is not named once more with its parts.
fn leave_out_parts(names: &mut Vec<String>) {
    let whole: BTreeSet<String> = names.iter().cloned().collect();
    names.retain(|name| name.split_once('（').is_none_or(|(of, _)| !whole.contains(of)));
}

fn offices(plan: &Plan) -> Vec<Office> {
    let mut offices: Vec<Office> = Vec::new();
    for contact in &plan.contacts {
        let telephone = contact.number();
        let county = plan.counties.iter().find(|county| county.code == contact.county);
        let county = county.map_or_else(|| division_name(&contact.county), |county| county.name.clone());
        match offices.iter_mut().find(|office| office.county == county && office.name == contact.office) {
            Some(office) => office.telephones.push(telephone),
            None => offices.push(Office { county, name: contact.office.clone(), telephones: vec![telephone] }),
        }
    }
    offices
}

/// The Chinese name of a division, or its code where the tables lack it.
pub(crate) fn division_name(admdvs: &str) -> String {
    let divisions = Catalogue::national().divisions();
    divisions.iter().find(|division| division.admdvs == admdvs).map_or(admdvs, |division| &division.name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, rehearsal};
    use super::*;
    use jiff::civil::date;

    fn plans() -> Vec<Plan> {
        yibao_policy::plan::SHIPPED.iter().map(|(_, text)| yibao_policy::plan::read(text).unwrap()).collect()
    }

    impl Board {
        /// Both plans before, at the edges of and after their windows, and no plan at all.
        pub(in crate::pages) fn samples() -> Vec<Board> {
            let moments = [
                date(2021, 7, 9).at(19, 59, 59, 0),
                date(2021, 7, 10).at(0, 0, 0, 0),
                date(2021, 7, 16).at(0, 0, 0, 0),
                date(2020, 12, 21).at(9, 0, 0, 0),
            ];
            let boards = moments.map(|now| Board::of(rehearsal(now), &plans(), now));
            boards.into_iter().chain([Board::of(frame(), &[], moments[0])]).collect()
        }
    }

    #[track_caller]
    fn check(now: DateTime, business: &str, expected: State) {
        let plans = plans();
        let plan = plans.iter().find(|plan| plan.id == "bijie-2021").unwrap();
        let view = PlanView::of(plan, &plans, now);
        let of_business = |group: &&Group| group.rows.iter().any(|row| row.names == business && row.scope.is_empty());
        assert_eq!(view.groups.iter().find(of_business).unwrap().state, expected, "{business} at {now}");
    }

    #[test]
    fn the_board_changes_with_the_gate_to_the_second() {
        check(date(2021, 7, 9).at(19, 59, 59, 0), "住院结算", State::Soon);
        check(date(2021, 7, 9).at(20, 0, 0, 0), "住院结算", State::Closed);
        check(date(2021, 7, 9).at(23, 59, 59, 0), "门诊结算", State::Soon);
        check(date(2021, 7, 10).at(0, 0, 0, 0), "门诊结算", State::Closed);
        check(date(2021, 7, 15).at(23, 59, 59, 0), "门诊结算", State::Closed);
        check(date(2021, 7, 16).at(0, 0, 0, 0), "门诊结算", State::Restored);
        check(date(2021, 7, 1).at(0, 0, 0, 0), "门诊结算", State::Later);
    }

    #[test]
    fn a_closed_board_says_until_when_what_to_do_and_whom_to_ask() {
        let now = date(2021, 7, 12).at(8, 0, 0, 0);
        let text = Board::of(frame(), &plans(), now).render().unwrap();
        for part in ["停办中", "2021-07-09 20:00 起停办", "2021-07-15 24:00 恢复", "恢复后通知患者结算", "0857-"]
        {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn a_rule_that_waves_reopen_is_partly_restored_and_says_when_each_of_them_does() {
        let waves = "\n[[stage]]\nid = \"later\"\ncounties = \"520526\"\nreopens = \"2021-07-19 08:00\"\n";
        let plans = [yibao_policy::plan::read(&format!("{}{waves}", yibao_policy::plan::SHIPPED[0].1)).unwrap()];
        let state = |now| {
            let view = PlanView::of(&plans[0], &plans, now);
            let of_visits = |group: &&Group| group.rows.iter().any(|row| row.names == "门诊结算");
            view.groups.iter().find(of_visits).map(|group| group.state)
        };
        assert_eq!(state(date(2021, 7, 15).at(23, 59, 59, 0)), Some(State::Closed));
        assert_eq!(state(date(2021, 7, 16).at(0, 0, 0, 0)), Some(State::Partly));
        assert_eq!(state(date(2021, 7, 19).at(8, 0, 0, 0)), Some(State::Restored));
        let text = Board::of(frame(), &plans, date(2021, 7, 17).at(9, 0, 0, 0)).render().unwrap();
        assert!(text.contains("：2021-07-19 08:00 恢复") && text.contains("部分恢复"));
        let windows: Vec<Window> = closings(&plans[0]).into_iter().map(|(window, _)| window).collect();
        assert!(windows.iter().any(|window| window.reopens.moment() == Some(date(2021, 7, 19).at(8, 0, 0, 0))));
    }

    #[test]
    fn without_plans_everything_is_open() {
        let text = Board::of(frame(), &[], date(2026, 3, 2).at(9, 0, 0, 0)).render().unwrap();
        assert!(text.contains("没有停办安排"));
    }
}
