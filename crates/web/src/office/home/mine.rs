//! How long until the next business of one's own closes or reopens (离我的业务停办还有多久).
//!
//! A hospital's clerk is told of what hospitals do, a pharmacy's of what pharmacies do, the agency's of what people and employers come to
//! its counters for: as the notice speaks to them. The windows are those that hold for an ordinary local person at that provider, and of
//! whoever comes there and is named for himself: visitors, care elsewhere, a scheme, a channel.

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

/// What a window closes: businesses by whom it closes them for; nobody named: everybody.
#[derive(Clone, Default)]
struct Closed(Vec<(String, Vec<String>)>);

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

    /// The windows of those businesses, each with whom it is for and their names: for both schemes at once where they are alike.
    fn windows(&self, plan: &Plan) -> Vec<(Window, Closed)> {
        let mut windows: Vec<(Window, Closed)> = Vec::new();
        for business in self.businesses(plan) {
            let of_each = SCHEMES.map(|scheme| (scheme, self.of_scheme(plan, &business, scheme)));
            for (scheme, own) in &of_each {
                for (whom, window) in own {
                    let is_of_all = of_each.iter().all(|(_, others)| others.contains(&(whom.clone(), window.clone())));
                    let name = plan.name_of(&business);
                    let name = if is_of_all { name.to_owned() } else { format!("{name}（{}）", scheme.name()) };
                    let at = windows.iter().position(|(known, _)| known == window).unwrap_or_else(|| {
                        windows.push((window.clone(), Closed::default()));
                        windows.len() - 1
                    });
                    windows[at].1.add(whom, name);
                }
            }
        }
        windows
    }

    /// What closes a business for those of a scheme who come here, with whom: nobody named for an ordinary person, then those who are
    /// named for themselves and meet other windows.
    fn of_scheme(&self, plan: &Plan, business: &Business, scheme: Scheme) -> Vec<(String, Window)> {
        let closings = self.channels().iter().flat_map(|channel| {
            let question = Question {
                care_pool: Some(plan.pool.clone()),
                provider: self.provider.as_ref().map(|at| at.code.clone()),
                county: self.provider.as_ref().map(|at| at.county.clone()),
                records: self.provider.as_ref().map_or_else(Records::default, |at| at.records.clone()),
                ..question(plan, business.clone(), scheme, Place::Local, *channel)
            };
            let usual = plan.closings(&question).into_iter().map(|closing| (String::new(), closing.window));
            let apart = plan.closed_apart(&question).into_iter();
            usual
                .chain(apart.flat_map(|(whom, windows)| windows.into_iter().map(move |window| (whom.clone(), window))))
                .collect::<Vec<_>>()
        });
        closings.collect()
    }
}

impl Closed {
    fn add(&mut self, whom: &str, name: String) {
        match self.0.iter_mut().find(|(known, _)| known == whom) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => self.0.push((whom.to_owned(), vec![name])),
        }
    }

    fn join(&mut self, other: &Closed) {
        for (whom, names) in &other.0 {
            names.iter().for_each(|name| self.add(whom, name.clone()));
        }
    }

    /// As it is said: `住院结算、门诊结算；省内异地的住院结算`.
    fn named(&self) -> String {
        let said = self.0.iter().map(|(whom, names)| {
            let of = if whom.is_empty() { String::new() } else { format!("{whom}的") };
            format!("{of}{}", named(names))
        });
        said.collect::<Vec<_>>().join("，")
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
        let ahead = by_moment(windows.iter().filter(|(window, _)| now < window.closes), |window| Some(window.closes));
        let closed: Vec<_> = windows.iter().filter(|(window, _)| window.contains(now)).collect();
        let back = by_moment(closed.iter().copied(), |window| match &window.reopens {
            Reopens::At(at) => Some(*at),
            Reopens::Awaits { .. } | Reopens::Never => None,
        });
        let waiting = closed.iter().filter(|(window, _)| window.reopens.moment().is_none()).map(|(_, of)| of);
        let waiting = waiting.fold(Closed::default(), |mut all, of| {
            all.join(of);
            all
        });
        let coming = ahead.first().map(|(closes, of)| {
            format!("{}将于{}停办，还有{}", of.named(), moment_name(*closes), span(now, closes.at))
        });
        // Each reopening, the nearest with how long it is until then.
        let mut standing: Vec<String> = back
            .iter()
            .map(|(at, of)| (moment_name(*at), of.named()))
            .enumerate()
            .map(|(nth, (at, names))| match nth {
                0 => format!("停办中：{names}{at}恢复，还有{}", span(now, back[0].0.at)),
                _ => format!("{names}{at}恢复"),
            })
            .collect();
        if !waiting.0.is_empty() {
            let begins = if standing.is_empty() { "停办中：" } else { "" };
            standing.push(format!("{begins}{}恢复时间待定", waiting.named()));
        }
        let standing = (!standing.is_empty()).then(|| standing.join("；"));
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

/// The moments of several windows in their order, with what belongs to each.
fn by_moment<'a>(
    windows: impl Iterator<Item = &'a (Window, Closed)>,
    moment: impl Fn(&Window) -> Option<Moment>,
) -> Vec<(Moment, Closed)> {
    let mut by_moment: BTreeMap<Moment, Closed> = BTreeMap::new();
    for (window, of) in windows {
        if let Some(at) = moment(window) {
            by_moment.entry(at).or_default().join(of);
        }
    }
    by_moment.into_iter().collect()
}

fn named(names: &[String]) -> String {
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

    /// As the gate answers who comes there, not an ordinary local person alone.
    #[test]
    fn what_is_closed_for_visitors_care_elsewhere_or_a_channel_is_no_business_that_is_open_again() {
        let away = |id: &str, whom: &str, closes: &str, reopens: &str| {
            let what = "business = [\"settlement.outpatient\", \"settlement.inpatient\"]";
            rule(id, &format!("{what}\n{whom}\ncloses = \"2021-07-{closes}\"\nreopens = \"2021-07-{reopens}\""))
        };
        let rules = [
            "[channels]\ntaxapp = \"陇税通\"\n".to_owned(),
            rule("all", "business = \"*\""),
            rule("own", "business = [\"settlement.outpatient\", \"settlement.inpatient\"]"),
            away("province", "places = \"in_province\"", "08 18:00", "17 08:00"),
            away("visitors", "pools = \"elsewhere\"", "07 18:00", "20 08:00"),
            rule("tax", "business = \"contribution\""),
            rule("app", "business = \"contribution\"\nchannels = \"taxapp\"\nreopens = \"2021-07-18 08:00\""),
        ]
        .concat();
        let hospital = |day| says(&rules, Group::Hospitals, date(2021, 7, day).at(9, 0, 0, 0));
        let before = hospital(8);
        assert!(
            before.contains("停办中：外地参保的住院结算、门诊结算") && before.contains("2021-07-20 08:00恢复"),
            "{before}"
        );
        assert!(
            before.starts_with("省内异地的住院结算、门诊结算")
                && before.contains("将于2021-07-08 18:00停办，还有9小时"),
            "{before}"
        );
        let after = hospital(16);
        let parts =
            ["停办中：省内异地的住院结算", "2021-07-17 08:00恢复", "外地参保的住院结算", "2021-07-20 08:00恢复"];
        assert!(parts.iter().all(|part| after.contains(part)), "{after}");
        assert!(hospital(21).contains("各项业务已恢复"));
        let agency = says(&rules, Group::Agencies, date(2021, 7, 16).at(9, 0, 0, 0));
        assert!(agency.contains("陇税通的") && agency.contains("2021-07-18 08:00恢复"), "{agency}");
        // At a hospital of one's own one is told of who comes there: visitors, and not of care elsewhere.
        let (code, kind) = ("H52050000001".to_owned(), "1".to_owned());
        let provider = Some(At { code, county: "520502".to_owned(), kind, records: Records::default() });
        let whose = Whose { groups: vec![Group::Hospitals], provider };
        let text = PlanView::of(&of_rules(&rules), &whose, date(2021, 7, 16).at(9, 0, 0, 0)).text;
        assert!(text.contains("停办中：外地参保的住院结算") && text.contains("2021-07-20 08:00恢复"), "{text}");
        assert!(!text.contains("省内异地"), "{text}");
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
