//! The catalogue rows of a message's items (医保目录), asked for once a message and kept for a moment.
//!
//! Reference data change by `yibao load` only; what it changes shows here once what was read is stale ([`is_fresh`]).

use crate::policies::fresh::is_fresh;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::catalogue::{CatalogueRow, Class, SpecialDrug};
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::provider::BenefitLevel;
use yibao_domain::time::DateTime;
use yibao_store::reference::CatalogueItem;
use yibao_store::{Fault, Tx};

/// Codes kept at most; a national catalogue has some 200,000, a city uses a few thousand of them.
const KEPT_MAX: usize = 50_000;

/// All rows of one code for the pool, as stored and as the domain reads them, side by side.
pub(crate) struct Item {
    pub stored: Vec<CatalogueItem>,
    pub rows: Vec<CatalogueRow>,
}

/// The items of one message by code; a code that the catalogue does not have is empty.
pub(crate) type Items = HashMap<String, Arc<Item>>;

/// What was asked for lately.
#[derive(Default)]
pub(crate) struct KnownItems {
    by_code: Mutex<HashMap<String, (DateTime, Arc<Item>)>>,
}

impl KnownItems {
    fn fresh(&self, codes: &[&str], now: DateTime) -> Items {
        let known = self.by_code.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = codes.iter().filter_map(|code| known.get_key_value(*code));
        fresh
            .filter(|(_, (seen, _))| is_fresh(*seen, now))
            .map(|(code, (_, item))| (code.clone(), item.clone()))
            .collect()
    }

    fn keep(&self, found: &Items, now: DateTime) {
        let mut known = self.by_code.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > KEPT_MAX {
            known.clear();
        }
        known.extend(found.iter().map(|(code, item)| (code.clone(), (now, item.clone()))));
    }
}

/// The items of these codes, one question for all that are not known at this time of the platform.
pub(crate) fn of_codes(
    tx: &mut dyn Tx,
    known: &KnownItems,
    pool: &Pool,
    codes: &[&str],
    now: DateTime,
) -> Result<Items, Fault> {
    let mut items = known.fresh(codes, now);
    let mut missing: Vec<&str> = codes.iter().copied().filter(|code| !items.contains_key(*code)).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(items);
    }
    let mut by_code: HashMap<String, Vec<CatalogueItem>> =
        missing.iter().map(|code| ((*code).to_owned(), Vec::new())).collect();
    for row in tx.catalogue_items(&missing, pool.as_str())? {
        by_code.entry(row.med_list_codg.clone()).or_default().push(row);
    }
    let found: Items = by_code
        .into_iter()
        .map(|(code, stored)| (code, Arc::new(Item { rows: stored.iter().map(catalogue_row).collect(), stored })))
        .collect();
    known.keep(&found, now);
    items.extend(found);
    Ok(items)
}

fn catalogue_row(item: &CatalogueItem) -> CatalogueRow {
    CatalogueRow {
        class: Class::of_chrgitm_lv(&item.chrgitm_lv).unwrap_or(Class::C),
        self_pay_rate: item.selfpay_prop,
        limit_price: item.hilist_pric_uplmt_amt,
        special: SpecialDrug::of_column(&item.special),
        begin: item.begndate,
        end: item.enddate,
        pool: Some(&item.pool).filter(|pool| !pool.is_empty()).map(|pool| Pool::new(pool.as_str())),
        scheme: Scheme::of_insutype(&item.scheme),
        level: BenefitLevel::of_column(&item.level),
    }
}
