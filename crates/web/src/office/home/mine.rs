//! How long until the next business of one's own closes or reopens (离我的业务停办还有多久).
//!
//! A hospital's clerk is told of what hospitals do, a pharmacy's of what pharmacies do, the agency's of what people and employers come to
//! its counters for: as the notice speaks to them. The windows are those that hold for an ordinary local person at that provider.

use crate::office::Visitor;
use crate::pages::{Group, main_of, question};
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::code::Scheme;
use yibao_domain::outage::{Business, Channel, Pattern, Place, Plan, Question, Records, Reopens, Window, moment_name};
use yibao_domain::time::Moment;

/// Businesses that a sentence names.
const NAMED_MAX: usize = 3;

const SCHEMES: [Scheme; 2] = [Scheme::Employee, Scheme::Resident];

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
    /// What the platform keeps of it that a rule may name.
    pub records: Records,
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

    /// The ways by which people reach them, the usual one first.
    fn channels(&self) -> &'static [Channel] {
        match self.groups.first() {
            Some(Group::Pharmacies) => &[Channel::Pharmacy],
            Some(Group::Hospitals) => &[Channel::Hospital],
            _ => &[Channel::Agency, Channel::Tax],
        }
    }

    /// The businesses of a plan that are theirs, settlement and stays first: those its rules name, and where one is about all the rest
    /// (`*`), what people come to them for.
    fn businesses(&self, plan: &Plan) -> Vec<Business> {
        let is_mine = |group: &Group| *group == Group::Everybody || self.groups.contains(group);
        let rules = plan.rules.iter().filter(|rule| Group::of(&rule.audience()).iter().any(is_mine));
        let mut named: BTreeSet<Business> = BTreeSet::new();
        for pattern in rules.flat_map(|rule| &rule.businesses) {
            match pattern {
                Pattern::All => named.extend(main_of(self.channels())),
                Pattern::Under(business) => drop(named.insert(business.clone())),
            }
        }
        let mut ordered: Vec<Business> = named.into_iter().collect();
        let care = ["settlement", "encounter"].map(Business::named);
        ordered.sort_by_key(|business| !care.iter().any(|care| business.is_within(care)));
        ordered
    }

    /// The windows of those businesses, each with their names: for both schemes at once where they are alike.
    fn windows(&self, plan: &Plan) -> Vec<(Window, Vec<String>)> {
        let mut windows: Vec<(Window, Vec<String>)> = Vec::new();
        for business in self.businesses(plan) {
            let of_scheme = |scheme: Scheme| -> Vec<Window> {
                let closings = self.channels().iter().flat_map(|channel| {
                    let question = Question {
                        care_pool: Some(plan.pool.clone()),
                        provider: self.provider.as_ref().map(|at| at.code.clone()),
                        county: self.provider.as_ref().map(|at| at.county.clone()),
                        records: self.provider.as_ref().map_or_else(Records::default, |at| at.records.clone()),
                        ..question(plan, business.clone(), scheme, Place::Local, *channel)
                    };
                    plan.closings(&question).into_iter().map(|closing| closing.window).collect::<Vec<_>>()
                });
                closings.collect()
            };
            let of_each = SCHEMES.map(|scheme| (scheme, of_scheme(scheme)));
            for (scheme, own) in &of_each {
                for window in own {
                    let is_of_all = of_each.iter().all(|(_, others)| others.contains(window));
                    let name = plan.name_of(&business);
                    let name = if is_of_all { name.to_owned() } else { format!("{name}（{}）", scheme.name()) };
                    match windows.iter_mut().find(|(known, _)| known == window) {
                        Some((_, names)) if names.contains(&name) => {}
                        Some((_, names)) => names.push(name),
                        None => windows.push((window.clone(), vec![name])),
                    }
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
        let is_none = windows.is_empty();
        let class = match (&coming, &standing) {
            (Some(_), _) => "soon",
            (None, Some(_)) => "closed",
            (None, None) if now < plan.ends => "open",
            (None, None) => "later",
        };
        let texts: Vec<String> = coming.into_iter().chain(standing).collect();
        let text = match class {
            "open" if is_none => format!("您的业务照常办理，本方案到{}收尾", moment_name(plan.ends)),
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
    use yibao_domain::outage::Contract;
    use yibao_domain::provider::BenefitLevel;

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

    /// A plan of one city, whose rules these are.
    fn says(rules: &str, group: Group, now: DateTime) -> String {
        PlanView::of(&of_rules(rules), &Whose { groups: vec![group], provider: None }, now).text
    }

    fn of_rules(rules: &str) -> Plan {
        let text = format!(
            "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
             closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n{rules}"
        );
        yibao_policy::plan::read(&text).unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn rule(id: &str, what: &str) -> String {
        format!(
            "[[rule]]\nid = \"{id}\"\nclause = \"1\"\n{what}\ndisposition = \"refuse\"\nadvice = \"请改日再来。\"\n"
        )
    }

    #[test]
    fn what_closes_all_the_rest_closes_ones_own_too() {
        let all = rule("all", "business = \"*\"");
        let before = date(2021, 7, 9).at(12, 0, 0, 0);
        for (group, name) in
            [(Group::Pharmacies, "药店购药"), (Group::Hospitals, "住院结算"), (Group::Agencies, "新参保登记")]
        {
            let text = says(&all, group, before);
            assert!(text.contains(name) && text.contains("将于2021-07-09 24:00停办"), "{text}");
        }
        let within = says(&all, Group::Pharmacies, date(2021, 7, 12).at(12, 0, 0, 0));
        assert!(within.contains("停办中：药店购药"), "{within}");
        let narrow = rule("stays", "business = \"settlement.inpatient\"");
        let text = says(&narrow, Group::Pharmacies, before);
        assert_eq!(text, "您的业务照常办理，本方案到2021-12-31 24:00收尾");
    }

    #[test]
    fn a_scheme_that_closes_earlier_is_named_with_its_own_moment() {
        let early = "business = \"settlement.inpatient\"\nschemes = \"resident\"\ncloses = \"2021-07-08 20:00\"";
        let rules = [rule("all", "business = \"*\""), rule("residents", early)].concat();
        let text = says(&rules, Group::Hospitals, date(2021, 7, 8).at(12, 0, 0, 0));
        assert!(text.contains("住院结算（居民医保）将于2021-07-08 20:00停办，还有8小时0分钟"), "{text}");
        let text = says(&rules, Group::Hospitals, date(2021, 7, 9).at(12, 0, 0, 0));
        assert!(text.contains("住院结算（职工医保）") && text.contains("将于2021-07-09 24:00停办"), "{text}");
    }

    /// Groups by level and by contract are told as at the gate.
    #[test]
    fn what_closes_for_ones_own_group_closes_for_oneself() {
        let groups = "[[group]]\nid = \"grassroots\"\nname = \"基层\"\nlevels = [\"township\"]\n\
                      [[group]]\nid = \"suppliers\"\nname = \"供药机构\"\ncontracts = [\"special_drugs\"]\n";
        let early = |group: &str| {
            format!("business = \"settlement.inpatient\"\nproviders = [\"{group}\"]\ncloses = \"2021-07-08 20:00\"")
        };
        let at = |records: Records| {
            let (code, kind) = ("H52050000001".to_owned(), "1".to_owned());
            let provider = Some(At { code, county: "520502".to_owned(), kind, records });
            Whose { groups: vec![Group::Hospitals], provider }
        };
        let township = at(Records { level: Some(BenefitLevel::Township), ..Records::default() });
        let supplier = at(Records { contracts: vec![Contract::SpecialDrugs], ..Records::default() });
        let (noon, others) = (date(2021, 7, 8).at(12, 0, 0, 0), at(Records::default()));
        for (group, whose) in [("grassroots", &township), ("suppliers", &supplier)] {
            let rules = [groups.to_owned(), rule("all", "business = \"*\""), rule("own", &early(group))].concat();
            let plan = of_rules(&rules);
            let text = PlanView::of(&plan, whose, noon).text;
            assert!(text.contains("2021-07-08 20:00停办，还有8小时"), "{group}: {text}");
            assert!(!PlanView::of(&plan, &others, noon).text.contains("2021-07-08"), "{group}");
        }
    }

    #[test]
    fn after_the_last_closing_the_next_reopening_is_counted_then_the_end() {
        let at = |month, day, hour| date(2021, month, day).at(hour, 0, 0, 0);
        check("bijie", Group::Hospitals, at(7, 14, 0), "closed", &["停办中：", "2021-07-15 24:00", "还有2天0小时"]);
        check("bijie", Group::Hospitals, at(7, 20, 8), "open", &["各项业务已恢复"]);
        check("bijie", Group::Hospitals, date(2022, 12, 20).at(8, 0, 0, 0), "later", &["收尾"]);
    }
}
