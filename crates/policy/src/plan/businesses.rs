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
                .problem(key.line, format!("业务名“{}”应为以点分隔的小写英文词，如 settlement.pharmacy", key.value)),
        }
    }
    names
}

/// How many near names are offered.
const OFFERED: usize = 5;

/// The known businesses whose dotted or Chinese name resembles a text most; none where nothing does.
///
/// A Chinese name that contains the text, or is contained in it, is the nearest; else the share of letters in common order and place
/// decides (Jaro-Winkler for dotted names, Sørensen-Dice for Chinese ones, whose parts change places).
pub fn nearest_business<'a>(text: &str, known: &'a BTreeMap<Business, String>) -> Vec<&'a Business> {
    let asked = text.trim().to_lowercase();
    let is_latin = asked.is_ascii();
    let likeness = |(business, name): &(&'a Business, &'a String)| -> f64 {
        if is_latin {
            let last = business.as_str().rsplit('.').next().unwrap_or_default();
            strsim::jaro_winkler(&asked, business.as_str()).max(strsim::jaro_winkler(&asked, last))
        } else if name.contains(&asked) || asked.contains(name.as_str()) {
            1.0
        } else {
            strsim::sorensen_dice(&asked, name)
        }
    };
    let least = if is_latin { 0.78 } else { 0.3 };
    let mut near: Vec<(f64, &'a Business)> =
        known.iter().map(|entry| (likeness(&entry), entry.0)).filter(|(likeness, _)| *likeness >= least).collect();
    let length = |business: &Business| (business.depth(), business.as_str().len());
    near.sort_by(|(one, first), (other, second)| other.total_cmp(one).then(length(first).cmp(&length(second))));
    near.into_iter().take(OFFERED).map(|(_, business)| business).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_by_their_chinese_and_by_their_dotted_names() {
        let known = known_businesses();
        let near =
            |text: &str| -> Vec<&str> { nearest_business(text, &known).iter().map(|one| one.as_str()).collect() };
        assert_eq!(near("门诊")[0], "settlement.outpatient");
        assert!(
            near("住院").contains(&"settlement.inpatient")
                && near("慢特病结算").contains(&"settlement.outpatient.special")
        );
        assert_eq!(near("settlement.farmacy")[0], "settlement.pharmacy");
        assert_eq!(near("pharmcy")[0], "settlement.pharmacy");
        assert_eq!(near("天气"), [""; 0]);
    }

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
