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

/// The known names that resemble this one most, by what they share at the beginning and at the end; at most four.
pub fn nearest_business<'a>(name: &str, known: impl Iterator<Item = &'a Business>) -> Vec<&'a Business> {
    let shared = |one: &mut dyn Iterator<Item = u8>, other: &mut dyn Iterator<Item = u8>| {
        one.zip(other).take_while(|(one, other)| one == other).count()
    };
    let likeness = |business: &Business| {
        let other = business.as_str();
        shared(&mut name.bytes(), &mut other.bytes()) + shared(&mut name.bytes().rev(), &mut other.bytes().rev())
    };
    let mut near: Vec<(usize, &Business)> = known.map(|business| (likeness(business), business)).collect();
    near.retain(|(likeness, _)| *likeness >= 4);
    near.sort_by_key(|(likeness, business)| (std::cmp::Reverse(*likeness), business.as_str().len()));
    near.into_iter().take(4).map(|(_, business)| business).collect()
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
