//! Reads what an entry names: businesses, for whom and where, papers.

use super::{Reader, values, words};
use crate::plan::nearest_business;
use crate::plan::source::{At, Table};
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Actor, Business, Channel, Evidence, Insurance, InsuredIn, Pattern, PersonIn, Place, Population, ProviderIn,
    Requirement, Scope,
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
                self.source.problem(line, format!("{key} 须写明业务，不能是 *"));
                None
            }
        }
    }

    fn pattern(&self, text: At<String>) -> Option<Pattern> {
        match Pattern::new(&text.value) {
            Some(Pattern::Under(business)) if !self.names.contains_key(&business) => {
                let near = nearest_business(&text.value, self.names);
                let near: Vec<String> =
                    near.into_iter().map(|business| format!("{business}（{}）", self.names[business])).collect();
                let hint = if near.is_empty() { String::new() } else { format!("是否指：{}？", near.join("、")) };
                let text_of =
                    format!("没有“{}”这项业务。{hint}确为新业务的，请先在 [businesses] 中写明其中文名", text.value);
                self.source.problem(text.line, text_of);
                None
            }
            Some(pattern) => Some(pattern),
            None => {
                let wanted = "应为以点分隔的小写英文词，如 settlement.pharmacy，或 * 表示全部";
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
            providers: table.texts("providers").into_iter().filter_map(|text| self.provider_in(text)).collect(),
            counties: values(table.texts("counties")),
            populations: table.texts("populations").into_iter().filter_map(|text| self.person_in(text)).collect(),
            schemes: table.words("schemes", Insurance::of_word, words!(Insurance)),
            places: table.words("places", Place::of_word, words!(Place)),
            channels: table.texts("channels").into_iter().filter_map(|text| self.channel(text)).collect(),
        }
    }

    /// A channel of the platform or of the plan's own.
    fn channel(&self, text: At<String>) -> Option<Channel> {
        let own = || self.channels.iter().copied().find(|channel| channel.word() == text.value);
        let found = Channel::of_word(&text.value).or_else(own);
        if found.is_none() {
            let all = Channel::KNOWN.iter().chain(&self.channels).map(|channel| channel.word());
            let all = all.collect::<Vec<_>>().join("、");
            let text_of =
                format!("channels 没有“{}”这个取值，可用：{all}；其他渠道请先在 [channels] 中写明", text.value);
            self.source.problem(text.line, text_of);
        }
        found
    }

    /// A provider by its code, or those of a group.
    fn provider_in(&self, text: At<String>) -> Option<ProviderIn> {
        match self.groups.iter().find(|group| group.id == text.value) {
            Some(group) if !group.is_of_persons() => Some(ProviderIn::Group(Arc::clone(group))),
            Some(group) => {
                let text_of = format!("分组 {}（{}）是人员，请写在 populations", group.id, group.name);
                self.source.problem(text.line, text_of);
                None
            }
            None => Some(ProviderIn::Code(text.value)),
        }
    }

    /// A population, or the persons of a group.
    fn person_in(&self, text: At<String>) -> Option<PersonIn> {
        if let Some(population) = Population::of_word(&text.value) {
            return Some(PersonIn::Population(population));
        }
        match self.groups.iter().find(|group| group.id == text.value) {
            Some(group) if group.is_of_persons() => return Some(PersonIn::Group(Arc::clone(group))),
            Some(group) => {
                let text_of = format!("分组 {}（{}）是医药机构，请写在 providers", group.id, group.name);
                self.source.problem(text.line, text_of);
            }
            None => {
                let groups = self.groups.iter().filter(|group| group.is_of_persons()).map(|group| group.id.as_str());
                let all: Vec<&str> = words!(Population).iter().copied().chain(groups).collect();
                let text_of = format!(
                    "populations 没有“{}”这个取值，可用：{}；其他人群请先以 [[group]] 写明",
                    text.value,
                    all.join("、")
                );
                self.source.problem(text.line, text_of);
            }
        }
        None
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
                let own = || self.own_evidence.iter().copied().find(|own| own.word() == word.trim());
                let evidence = Evidence::of_word(word.trim()).or_else(own);
                if evidence.is_none() {
                    let all = Evidence::KNOWN.iter().chain(&self.own_evidence).map(|known| known.word());
                    let all = all.collect::<Vec<_>>().join("、");
                    let text_of =
                        format!("没有“{}”这种凭据，可用：{all}；其他凭据请先在 [evidence] 中写明", word.trim());
                    self.source.problem(text.line, text_of);
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
            self.source.problem(table.line, format!("{}缺少必填项 {key}，{remedy}", table.name()));
        }
    }
}
