//! What is named (写到的名称): ids given twice, values twice in one list, businesses of the plan's own that no entry names.

use super::Checker;
use super::scopes::{Scoped, scoped};
use crate::plan::code_table::codes_under;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::{Business, Due, InsuredIn, Members, Pattern, PersonIn, Plan, ProviderIn, Scope};

impl Checker<'_> {
    pub(super) fn ids(&mut self) {
        let plan = self.plan;
        let rules = plan.rules.iter().map(|entry| (&entry.id, entry.line));
        let duties = plan.duties.iter().map(|entry| (&entry.id, entry.line));
        let supplies = plan.supplies.iter().map(|entry| (&entry.id, entry.line));
        let events = plan.events.iter().map(|entry| (&entry.id, entry.line));
        let stages = plan.stages.iter().map(|entry| (&entry.id, entry.line));
        let extensions = plan.extensions.iter().map(|entry| (&entry.id, entry.line));
        let tolerances = plan.tolerances.iter().map(|entry| (&entry.id, entry.line));
        let promises = plan.hold_harmless.iter().map(|entry| (&entry.id, entry.line));
        let checklists = plan.checklists.iter().map(|entry| (&entry.id, entry.line));
        let around = plan.arrangements();
        let groups = plan.groups.iter().map(|group| (&group.id, group.line));
        let around = around.iter().map(|entry| (&entry.id, entry.line)).chain(groups);
        let grants = extensions.chain(tolerances).chain(promises).chain(checklists).chain(around);
        let mut entries: Vec<(&String, u32)> =
            rules.chain(duties).chain(supplies).chain(events).chain(stages).chain(grants).collect();
        entries.sort_by_key(|(_, line)| *line);
        let all: Vec<(&String, u32)> = [(&plan.id, plan.line)].into_iter().chain(entries.iter().copied()).collect();
        self.odd_ids(&all);
        let mut seen: BTreeMap<&String, u32> = BTreeMap::new();
        for (id, line) in entries {
            if let Some(first) = seen.get(id) {
                let text = format!("编号 {id} 与第{first}行重复，请换一个");
                self.problem(line, text);
            } else {
                seen.insert(id, line);
            }
        }
    }

    /// Names are put together of ids and other signs, in the books and in addresses: an id has none of those.
    fn odd_ids(&mut self, ids: &[(&String, u32)]) {
        for (id, line) in ids {
            if let Some(odd) = id.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
                let text = format!(
                    "编号“{id}”里有“{odd}”；编号只用字母、数字、汉字、连字符（-）、下划线（_）和点（.），请改写"
                );
                self.problem(*line, text);
            }
        }
    }

    /// One value twice in a list.
    pub(super) fn twice_in_a_list(&mut self) {
        let plan = self.plan;
        for Scoped { businesses, scope, line, .. } in scoped(plan) {
            self.twice("business", businesses, Pattern::to_string, line);
            self.twice_in_scope(scope, line);
        }
        for rule in &plan.rules {
            self.twice("except", &rule.except, Business::to_string, rule.line);
        }
        for duty in &plan.duties {
            self.twice("who", &duty.who, |actor| actor.word().to_owned(), duty.line);
        }
    }

    fn twice_in_scope(&mut self, scope: &Scope, line: u32) {
        let provider = |one: &ProviderIn| match one {
            ProviderIn::Code(code) => code.clone(),
            ProviderIn::Group(group) => group.id.clone(),
        };
        let person = |one: &PersonIn| match one {
            PersonIn::Population(population) => population.word().to_owned(),
            PersonIn::Group(group) => group.id.clone(),
        };
        self.twice("providers", &scope.providers, provider, line);
        self.twice("counties", &scope.counties, String::clone, line);
        self.twice("populations", &scope.populations, person, line);
        self.twice("schemes", &scope.schemes, |one| one.word().to_owned(), line);
        self.twice("places", &scope.places, |one| one.word().to_owned(), line);
        self.twice("channels", &scope.channels, |one| one.word().to_owned(), line);
        let pool = |one: &InsuredIn| match one {
            InsuredIn::Pool(pool) => pool.to_string(),
            InsuredIn::Elsewhere => "elsewhere".to_owned(),
        };
        self.twice("pools", &scope.pools, pool, line);
    }

    fn twice<T>(&mut self, key: &str, values: &[T], word: impl Fn(&T) -> String, line: u32) {
        let mut seen = BTreeSet::new();
        for value in values.iter().map(word) {
            if seen.contains(&value) {
                self.problem(line, format!("{key} 里“{value}”写了两次；请删去一个"));
            }
            seen.insert(value);
        }
    }

    /// Codes of groups that look like none: nobody would ever be of the group.
    pub(super) fn codes_of_groups(&mut self) {
        let digits = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
        let of_type = |code: &String| digits(code) && code.len() <= 4;
        for group in &self.plan.groups {
            let Members::Persons(persons) = &group.members else { continue };
            let wrong = |codes: &[String], fits: &dyn Fn(&String) -> bool| {
                codes.iter().filter(|code| !fits(code)).cloned().collect::<Vec<_>>().join("、")
            };
            let lists = [
                (
                    "diseases",
                    wrong(&persons.diseases, &|code| looks_like_a_disease(code)),
                    "病种或特药代码（如 M07801、XA01）",
                ),
                ("person_types", wrong(&persons.person_types, &of_type), "人员类别代码（如 12、1103）"),
                ("attributes", wrong(&persons.attributes, &of_type), "人员身份类别代码（如 2303）"),
            ];
            for (key, codes, wanted) in lists.into_iter().filter(|(_, codes, _)| !codes.is_empty()) {
                let text = format!("分组 {} 的 {key}“{codes}”不像{wanted}，恐怕没有人属于本组；请核对", group.id);
                self.warn(group.line, text);
            }
            // Codes of the right shape that the nation does not have: a province may have added them.
            let unknown = |table: &str, codes: &[String], is_prefix: bool| {
                let is_there = |code: &String| codes_under(table, code).any(|known| is_prefix || known == code);
                let unknown = codes.iter().filter(|code| of_type(code) && !is_there(code));
                unknown.cloned().collect::<Vec<_>>().join("、")
            };
            let tables = [
                ("attributes", unknown("psn_idet_type", &persons.attributes, false), "人员身份类别 psn_idet_type"),
                ("person_types", unknown("psn_type", &persons.person_types, true), "人员类别 psn_type"),
            ];
            for (key, codes, table) in tables.into_iter().filter(|(_, codes, _)| !codes.is_empty()) {
                let text = format!(
                    "分组 {} 的 {key}“{codes}”不在国家代码表（{table}）里，恐怕没有人属于本组；请核对，本省扩展的代码不必改",
                    group.id
                );
                self.warn(group.line, text);
            }
        }
    }

    /// Businesses of the plan's own that no entry names, nor anything above or below them.
    pub(super) fn unused_businesses(&mut self) {
        let plan = self.plan;
        let named = everything_named(self.plan);
        for (business, line) in &plan.own_names {
            let uses = |other: &&&Business| business.is_within(other) || other.is_within(business);
            if !named.iter().any(|other| uses(&other)) {
                let name = plan.name_of(business);
                let text = format!("自写的业务“{name}”（{business}）没有一处用到；请删去，或在规则等处写明它");
                self.problem(*line, text);
            }
        }
    }
}

/// Whether it may be the code of a disease or drug, or its beginning: a disease has one letter and then figures (`M07801`, `I10.x00`),
/// a drug two, the first an X, Z or T. A letter among the figures of a disease is an O for a 0 or an I for a 1.
fn looks_like_a_disease(code: &str) -> bool {
    let letters = code.bytes().take_while(u8::is_ascii_uppercase).count();
    let (letters, rest) = code.split_at(letters);
    let has_figure = rest.is_empty() || rest.starts_with(|first: char| first.is_ascii_digit());
    match letters.len() {
        1 => has_figure && !rest.contains(|c: char| c.is_ascii_uppercase() && c != 'X'),
        2 => has_figure && letters.starts_with(['X', 'Z', 'T']),
        _ => false,
    }
}

/// Every business that an entry names.
fn everything_named(plan: &Plan) -> Vec<&Business> {
    let of_rules = plan.rules.iter().map(|rule| &rule.businesses);
    let of_stages = plan.stages.iter().map(|stage| &stage.businesses);
    let of_duties = plan.duties.iter().map(|duty| &duty.businesses);
    let of_supplies = plan.supplies.iter().map(|supply| &supply.businesses);
    let of_grants = plan.tolerances.iter().map(|one| &one.businesses);
    let of_grants = of_grants.chain(plan.extensions.iter().map(|one| &one.businesses));
    let of_grants = of_grants.chain(plan.hold_harmless.iter().map(|one| &one.businesses));
    let of_grants = of_grants.chain(plan.degraded.iter().map(|one| &one.businesses));
    let of_grants = of_grants.chain(plan.freezes.iter().map(|one| &one.businesses));
    let lists = of_rules.chain(of_stages).chain(of_duties).chain(of_supplies).chain(of_grants);
    let patterns = lists.chain([&plan.silent_ok]).flatten().filter_map(|pattern| match pattern {
        Pattern::Under(business) => Some(business),
        Pattern::All => None,
    });
    let of_rules = plan.rules.iter().filter_map(|rule| rule.deadline.as_ref());
    let of_duties = plan.duties.iter().filter_map(|duty| duty.deadline.as_ref());
    let starts = of_rules.chain(of_duties).filter_map(|deadline| Due::start(&deadline.due)?.business());
    patterns.chain(plan.rules.iter().flat_map(|rule| &rule.except)).chain(starts).collect()
}

#[cfg(test)]
mod tests {
    use super::looks_like_a_disease;

    #[test]
    fn letters_among_figures_are_no_code() {
        for code in
            ["M07801", "M078", "M", "I10.x00", "I10.X00", "C34.900", "E10", "XA10ABM012B002010100005", "XA", "ZA09"]
        {
            assert!(looks_like_a_disease(code), "{code}");
        }
        for code in ["M0780I", "M07O01", "MO7801", "ZZZ999", "07801", "", "透析"] {
            assert!(!looks_like_a_disease(code), "{code}");
        }
    }
}
