//! Reads what an entry names: businesses, for whom and where, papers.

use super::{Reader, values, words};
use crate::plan::nearest_business;
use crate::plan::source::{At, Table};
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Actor, Business, Channel, Evidence, Insurance, InsuredIn, Pattern, Place, Population, Requirement, Scope,
};

impl Reader<'_> {
    /// Business names of an entry; each has to be known.
    pub(super) fn patterns(&self, table: &Table<'_>, key: &'static str) -> Vec<Pattern> {
        table.texts(key).into_iter().filter_map(|text| self.pattern(text)).collect()
    }

    /// The same, where at least one is needed.
    pub(super) fn needed_patterns(&self, table: &Table<'_>) -> Vec<Pattern> {
        table.needed_texts("business").into_iter().filter_map(|text| self.pattern(text)).collect()
    }

    /// A single business under a key; `*` is none.
    pub(super) fn business(&self, table: &Table<'_>, key: &'static str) -> Option<Business> {
        table.text(key).and_then(|text| self.single(key, text))
    }

    /// Several businesses under a key; `*` is none.
    pub(super) fn businesses(&self, table: &Table<'_>, key: &'static str) -> Vec<Business> {
        table.texts(key).into_iter().filter_map(|text| self.single(key, text)).collect()
    }

    fn single(&self, key: &str, text: At<String>) -> Option<Business> {
        let line = text.line;
        match self.pattern(text)? {
            Pattern::Under(business) => Some(business),
            Pattern::All => {
                self.source.problem(line, format!("{key} 须写明业务,不能是 *"));
                None
            }
        }
    }

    fn pattern(&self, text: At<String>) -> Option<Pattern> {
        match Pattern::new(&text.value) {
            Some(Pattern::Under(business)) if !self.names.contains_key(&business) => {
                let near = nearest_business(&text.value, self.names.keys());
                let near: Vec<&str> = near.into_iter().map(Business::as_str).collect();
                let hint = if near.is_empty() { String::new() } else { format!("是否指:{}?", near.join("、")) };
                let text_of =
                    format!("没有“{}”这项业务。{hint}确为新业务的,请先在 [businesses] 中写明其中文名", text.value);
                self.source.problem(text.line, text_of);
                None
            }
            Some(pattern) => Some(pattern),
            None => {
                let wanted = "应为以点分隔的小写英文词,如 settlement.pharmacy,或 * 表示全部";
                self.source.problem(text.line, format!("业务名“{}”{wanted}", text.value));
                None
            }
        }
    }

    pub(super) fn scope(&self, table: &Table<'_>) -> Scope {
        let pools = table.texts("pools");
        let pools = pools.into_iter().filter_map(|text| {
            if text.value == "elsewhere" {
                return Some(InsuredIn::Elsewhere);
            }
            self.division(&text).then(|| InsuredIn::Pool(Pool::new(text.value)))
        });
        Scope {
            pools: pools.collect(),
            providers: values(table.texts("providers")),
            counties: values(table.texts("counties")),
            populations: table.words("populations", Population::of_word, words!(Population)),
            schemes: table.words("schemes", Insurance::of_word, words!(Insurance)),
            places: table.words("places", Place::of_word, words!(Place)),
            channels: table.words("channels", Channel::of_word, words!(Channel)),
        }
    }

    /// Who has to act; at least one.
    pub(super) fn who(&self, table: &Table<'_>) -> Vec<Actor> {
        self.demand(table, "who", "请写明责任方");
        table.words("who", Actor::of_word, words!(Actor))
    }

    /// `"invoice"`, `"id_card | resident_card"`, `"id_card + household_book"`, `"statement_signature?"`.
    pub(super) fn evidence(&self, table: &Table<'_>) -> Vec<Requirement> {
        let read = |text: At<String>| {
            let (sets, optional) = match text.value.strip_suffix('?') {
                Some(sets) => (sets, true),
                None => (text.value.as_str(), false),
            };
            let item = |word: &str| {
                let evidence = Evidence::of_word(word.trim());
                if evidence.is_none() {
                    let all = words!(Evidence).join("、");
                    self.source.problem(text.line, format!("没有“{}”这种凭据,可用:{all}", word.trim()));
                }
                evidence
            };
            let set = |set: &str| set.split('+').map(item).collect::<Option<Vec<Evidence>>>();
            Some(Requirement { any_of: sets.split('|').map(set).collect::<Option<Vec<_>>>()?, optional })
        };
        table.texts("evidence").into_iter().filter_map(read).collect()
    }

    /// Tells that a key is missing.
    pub(super) fn demand(&self, table: &Table<'_>, key: &'static str, remedy: &str) {
        if !table.has(key) {
            self.source.problem(table.line, format!("{}缺少必填项 {key},{remedy}", table.name()));
        }
    }
}
