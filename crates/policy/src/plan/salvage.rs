//! What can still be told of a published plan whose text cannot be read, when no version of it can: the businesses that
//! the text names, and when it closes them. They are closed until a version can be read: a gate that does not know fails
//! closed.

use super::businesses::known_businesses;
use super::source::read_moment;
use jiff::ToSpan;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::code::Pool;
use yibao_domain::outage::{Business, Disposition, Pattern, Plan, Reopens, Rule, Scope, Switches, Window};
use yibao_domain::time::{DateTime, Moment};

/// For how long a plan of which nothing is known counts as present.
const YEARS: i64 = 10;

/// A plan in place of one that cannot be read: the businesses that its text names are closed, from the first closing that
/// it states, else from its publication on.
pub fn salvaged(pool: &Pool, id: &str, version: u32, text: &str, published_at: DateTime) -> Plan {
    let lines: Vec<(&str, Vec<&str>)> = text.lines().map(key_and_quoted).collect();
    let moments = lines.iter().filter(|(key, _)| *key == "closes").flat_map(|(_, quoted)| quoted);
    let closes = moments.filter_map(|text| read_moment(text)).min().unwrap_or(published_at);
    let window = Window { closes: Moment::beginning(closes), reopens: Reopens::unreadable(version) };
    let rule = Rule {
        id: "unreadable".to_owned(),
        clauses: vec![format!("{id}第{version}版")],
        line: 1,
        businesses: named(&lines),
        except: Vec::new(),
        prevails: false,
        scope: Scope::default(),
        window: Some(window.clone()),
        planned_reopens: None,
        disposition: Disposition::Refuse,
        advice: "停机方案无法读取，这项业务从严停办，请联系经办机构。".to_owned(),
        advice_ahead: None,
        evidence: Vec::new(),
        not_before: None,
        deadline: None,
        effective: None,
        fallbacks: Vec::new(),
        stated_register: None,
        stated_audience: Vec::new(),
        reading: None,
    };
    Plan {
        id: id.to_owned(),
        title: format!("停机方案 {id}（第{version}版无法读取，所列业务从严停办）"),
        issuer: String::new(),
        pool: pool.clone(),
        version,
        replaces: None,
        unplanned: true,
        declared: None,
        issued: published_at.date().min(closes.date()),
        ends: published_at.max(closes).saturating_add(YEARS.years()).into(),
        window,
        planned_reopens: None,
        benefit_year_begins: (1, 1),
        silent_ok: Vec::new(),
        line: 1,
        ahead_hours: 0,
        switches: Switches::default(),
        systems: Vec::new(),
        rules: vec![rule],
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
        names: known_businesses(),
        evidence: Vec::new(),
        channels: Vec::new(),
        groups: Vec::new(),
        pool_names: BTreeMap::new(),
        provider_names: BTreeMap::new(),
        text: text.to_owned(),
        own_names: BTreeMap::new(),
    }
}

/// The key of a line, and what stands between its quotes; a line of a list has no key.
fn key_and_quoted(line: &str) -> (&str, Vec<&str>) {
    if line.trim_start().starts_with('#') {
        return ("", Vec::new());
    }
    let key = line.split_once('=').map_or("", |(key, _)| key.trim());
    (key, line.split(['"', '\'']).skip(1).step_by(2).collect())
}

/// The known businesses that the text names anywhere, for where is not known; all of them where a line says so.
fn named(lines: &[(&str, Vec<&str>)]) -> Vec<Pattern> {
    let known = known_businesses();
    let mut named = BTreeSet::new();
    for (key, quoted) in lines {
        if *key == "business" && quoted.contains(&"*") {
            return vec![Pattern::All];
        }
        named.extend(quoted.iter().filter_map(|text| Business::new(text)).filter(|name| known.contains_key(name)));
    }
    named.into_iter().map(Pattern::Under).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_domain::outage::{Question, decide};

    const TEXT: &str = r#"
[plan]
id = "town"
closes = "2021-07-10 08:00"
surprise = "a key of tomorrow"

[[rule]]
business = ["settlement.outpatient",
    'encounter.admission']
closes = "2021-07-09 20:00"
"#;

    #[test]
    fn what_the_text_names_is_closed_from_its_first_closing_and_nothing_reopens() {
        let published_at = date(2021, 7, 5).at(9, 0, 0, 0);
        let plan = salvaged(&Pool::new("520500"), "town", 3, TEXT, published_at);
        let is_open = |business: &'static str, day: i16| {
            let question =
                Question { care_pool: Some(plan.pool.clone()), ..Question::about(Business::named(business)) };
            decide(std::slice::from_ref(&plan), &question, date(2021, 7, 9).at(20, 0, 0, 0).saturating_add(day.days()))
                .is_open()
        };
        assert!(is_open("settlement.outpatient.ordinary", -1));
        for day in [0, 400] {
            assert!(!is_open("settlement.outpatient.ordinary", day) && !is_open("encounter.admission", day));
            assert!(is_open("settlement.inpatient", day));
        }
        let unknown = salvaged(&Pool::new("520500"), "town", 3, "\u{0}", published_at);
        assert_eq!((unknown.rules[0].businesses.len(), unknown.window.closes.at), (0, published_at));
    }
}
