//! How long until the next business of one's own closes or reopens (离我的业务停办还有多久).
//!
//! A hospital's clerk is told of what hospitals do, a pharmacy's of what pharmacies do, the agency's of what people and employers come to
//! its counters for: as the notice speaks to them. The windows are those that hold for an ordinary local person at that provider.

use crate::office::Visitor;
use crate::pages::Group;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::{Business, Pattern, Plan, Question, Reopens, Window, moment_name};
use yibao_domain::time::Moment;

/// Businesses that a sentence names.
const NAMED_MAX: usize = 3;

/// Whose business it is.
pub(super) struct Whose {
    groups: Vec<Group>,
    /// None for the agency.
    provider: Option<At>,
}

/// The provider whose clerk it is.
pub(super) struct At {
    pub code: String,
    pub county: String,
    /// `fixmedins_type`; empty: by the code.
    pub kind: String,
}

/// A plan and its next change for somebody.
pub(super) struct PlanView {
    pub title: String,
    pub class: &'static str,
    pub text: String,
}

impl Whose {
    pub fn of(visitor: &Visitor, provider: Option<At>) -> Whose {
        let groups = match &provider {
            _ if visitor.is_agency() => vec![Group::Agencies, Group::Persons, Group::Employers],
            Some(at) if at.is_pharmacy() => vec![Group::Pharmacies],
            _ => vec![Group::Hospitals],
        };
        Whose { groups, provider }
    }

    /// The businesses of a plan that are theirs, settlement and stays first.
    fn businesses(&self, plan: &Plan) -> Vec<Business> {
        let is_mine = |group: &Group| *group == Group::Everybody || self.groups.contains(group);
        let rules = plan.rules.iter().filter(|rule| Group::of(&rule.audience()).iter().any(is_mine));
        let named = rules.flat_map(|rule| &rule.businesses).filter_map(|pattern| match pattern {
            Pattern::All => None,
            Pattern::Under(business) => Some(business.clone()),
        });
        let named: BTreeSet<Business> = named.collect();
        let mut ordered: Vec<Business> = named.into_iter().collect();
        let care = ["settlement", "encounter"].map(Business::named);
        ordered.sort_by_key(|business| !care.iter().any(|care| business.is_within(care)));
        ordered
    }

    /// The windows of those businesses, each with their names.
    fn windows(&self, plan: &Plan) -> Vec<(Window, Vec<String>)> {
        let mut windows: Vec<(Window, Vec<String>)> = Vec::new();
        for business in self.businesses(plan) {
            let question = Question {
                care_pool: Some(plan.pool.clone()),
                provider: self.provider.as_ref().map(|at| at.code.clone()),
                county: self.provider.as_ref().map(|at| at.county.clone()),
                ..Question::about(business.clone())
            };
            for closing in plan.closings(&question) {
                let name = plan.name_of(&business).to_owned();
                match windows.iter_mut().find(|(window, _)| *window == closing.window) {
                    Some((_, names)) if names.contains(&name) => {}
                    Some((_, names)) => names.push(name),
                    None => windows.push((closing.window, vec![name])),
                }
            }
        }
        windows
    }
}

impl At {
    /// As recorded, else by the first letter of the code.
    fn is_pharmacy(&self) -> bool {
        if self.kind.is_empty() { self.code.starts_with('P') } else { self.kind == "2" }
    }
}

impl PlanView {
    /// What closes next, else what reopens next, else until when the rest is done.
    pub fn of(plan: &Plan, whose: &Whose, now: DateTime) -> PlanView {
        let windows = whose.windows(plan);
        let ahead = first(windows.iter().filter(|(window, _)| now < window.closes), |window| Some(window.closes));
        let closed: Vec<_> = windows.iter().filter(|(window, _)| window.contains(now)).collect();
        let back = first(closed.iter().copied(), |window| match &window.reopens {
            Reopens::At(at) => Some(*at),
            Reopens::Awaits { .. } | Reopens::Never => None,
        });
        let coming = ahead
            .map(|(closes, names)| format!("{names}将于{}停办，还有{}", moment_name(closes), span(now, closes.at)));
        let standing = match (&back, closed.is_empty()) {
            (_, true) => None,
            (Some((reopens, names)), _) => {
                Some(format!("停办中：{names}{}恢复，还有{}", moment_name(*reopens), span(now, reopens.at)))
            }
            (None, _) => Some(format!("停办中：{}恢复时间待定", named(closed.iter().flat_map(|(_, names)| names)))),
        };
        let class = match (&coming, &standing) {
            (Some(_), _) => "soon",
            (None, Some(_)) => "closed",
            (None, None) if now < plan.ends => "open",
            (None, None) => "later",
        };
        let texts: Vec<String> = coming.into_iter().chain(standing).collect();
        let text = match class {
            "open" => format!("各项业务已恢复，补录和收尾到{}", moment_name(plan.ends)),
            "later" => format!("已于{}收尾", moment_name(plan.ends)),
            _ => texts.join("；"),
        };
        PlanView { title: plan.title.clone(), class, text }
    }
}

/// The first moment of several windows, with the names of what belongs to it.
fn first<'a>(
    windows: impl Iterator<Item = &'a (Window, Vec<String>)>,
    moment: impl Fn(&Window) -> Option<Moment>,
) -> Option<(Moment, String)> {
    let mut by_moment: BTreeMap<Moment, Vec<&String>> = BTreeMap::new();
    for (window, names) in windows {
        if let Some(at) = moment(window) {
            by_moment.entry(at).or_default().extend(names);
        }
    }
    by_moment.into_iter().next().map(|(at, names)| (at, named(names.into_iter())))
}

fn named<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<&str> = names.map(String::as_str).collect();
    let shown = names[..names.len().min(NAMED_MAX)].join("、");
    if names.len() > NAMED_MAX { format!("{shown}等{}项", names.len()) } else { shown }
}

/// How long it is, in days and hours.
fn span(from: DateTime, to: DateTime) -> String {
    let minutes = to.duration_since(from).as_mins();
    match (minutes / 1440, minutes % 1440 / 60, minutes % 60) {
        (0, 0, minutes) => format!("{minutes}分钟"),
        (0, hours, minutes) => format!("{hours}小时{minutes}分钟"),
        (days, hours, _) => format!("{days}天{hours}小时"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[track_caller]
    fn check(city: &str, group: Group, now: DateTime, class: &str, parts: &[&str]) {
        let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(name, _)| name.contains(city)).unwrap();
        let whose = Whose { groups: vec![group], provider: None };
        let view = PlanView::of(&yibao_policy::plan::read(text).unwrap(), &whose, now);
        let says_all = parts.iter().all(|part| view.text.contains(part));
        assert!(view.class == class && says_all, "{now}: {} {}", view.class, view.text);
    }

    #[test]
    fn a_hospital_counts_down_to_what_hospitals_do_and_the_agency_to_its_own() {
        let noon = date(2021, 7, 9).at(12, 0, 0, 0);
        check("bijie", Group::Hospitals, noon, "soon", &["住院结算", "2021-07-09 20:00", "还有8小时0分钟"]);
        check("bijie", Group::Pharmacies, noon, "soon", &["药店购药", "2021-07-09 24:00", "还有12小时0分钟"]);
        check("bijie", Group::Persons, noon, "soon", &["2021-07-09 18:00", "还有6小时0分钟"]);
        let evening = date(2021, 7, 9).at(20, 30, 0, 0);
        // What is closed already does not hide what closes next.
        check("bijie", Group::Hospitals, evening, "soon", &["2021-07-09 24:00", "停办中：住院结算"]);
    }

    #[test]
    fn after_the_last_closing_the_next_reopening_is_counted_then_the_end() {
        let at = |month, day, hour| date(2021, month, day).at(hour, 0, 0, 0);
        check("bijie", Group::Hospitals, at(7, 14, 0), "closed", &["停办中：", "2021-07-15 24:00", "还有2天0小时"]);
        check("bijie", Group::Hospitals, at(7, 20, 8), "open", &["各项业务已恢复"]);
        check("bijie", Group::Hospitals, date(2022, 12, 20).at(8, 0, 0, 0), "later", &["收尾"]);
    }
}
