//! The businesses that plans can name, from `rules/nation/businesses.toml`.

use super::Problem;
use super::source::{Source, Table};
use std::collections::BTreeMap;
use toml::de::DeTable;
use yibao_domain::outage::Business;

/// Known businesses with their Chinese names.
pub fn known_businesses() -> BTreeMap<Business, String> {
    let text = include_str!("../../../../rules/nation/businesses.toml");
    let root = DeTable::parse(text).expect("the business names that come with the program are tested");
    let source = Source::new(text);
    let names = {
        let root = Table::new(&source, root.get_ref(), "文件", root.span());
        root.table("businesses", "[businesses]").map(|table| read_names(&table, &source)).unwrap_or_default()
    };
    let problems: Vec<Problem> = source.into_problems();
    assert!(problems.is_empty(), "the business names that come with the program are tested: {problems:?}");
    names
}

/// Reads a table of dotted names and Chinese names.
pub(super) fn read_names(table: &Table<'_>, source: &Source) -> BTreeMap<Business, String> {
    let mut names = BTreeMap::new();
    for (key, name) in table.free_texts() {
        match Business::new(&key.value) {
            Some(business) => {
                names.insert(business, name.value);
            }
            None => source
                .problem(key.line, format!("业务名“{}”应为以点分隔的小写英文词,如 settlement.pharmacy", key.value)),
        }
    }
    names
}

/// Known names that resemble this one: the same last word, or the nearest known name above it.
pub fn nearest_business<'a>(name: &str, known: impl Iterator<Item = &'a Business>) -> Vec<&'a Business> {
    let words: Vec<&str> = name.split('.').collect();
    known
        .filter(|business| {
            let parts: Vec<&str> = business.as_str().split('.').collect();
            parts.last() == words.last() || (parts.first() == words.first() && parts.len() >= words.len())
        })
        .take(6)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_business_has_a_name_and_so_has_what_is_above_it() {
        let known = known_businesses();
        assert!(known.len() > 50);
        for business in known.keys() {
            if let Some((above, _)) = business.as_str().rsplit_once('.') {
                assert!(known.contains_key(&Business::new(above).unwrap()), "{above}");
            }
        }
    }
}
