//! Reference data: designated providers (定点医药机构) and the benefit catalogue (医保目录).

use crate::fault::Fault;
use crate::seam::Change;
use yibao_domain::money::{Decimal, Rate};
use yibao_domain::time::Date;

/// A provider's master record.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Provider {
    pub fixmedins_code: String,
    pub fixmedins_name: String,
    pub admdvs: String,
    /// `village`, `township`, `community`, `1`, `2`, `3`, or empty: by `hosp_lv`.
    pub benefit_level: String,
    pub hosp_lv: String,
    pub dedc_hosp_lv: String,
    pub lmtpric_hosp_lv: String,
    /// `none`, `tif` (form A) or `api` (form B).
    pub gateway: String,
    pub paas_id: String,
    pub paas_secret: String,
    /// `number` or `string`.
    pub infcode_form: String,
    pub uscc: String,
    /// 1 hospital, 2 pharmacy, …; empty: by the code's first letter.
    pub fixmedins_type: String,
    /// `0` where the provider supplies no special drugs (供药机构); `1` or empty: it does.
    pub special_drug_supplier: String,
}

/// A row of the benefit catalogue; the most specific of several valid rows counts.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct CatalogueItem {
    pub med_list_codg: String,
    pub hilist_name: String,
    pub list_type: String,
    pub chrgitm_lv: String,
    pub selfpay_prop: Option<Rate>,
    pub hilist_pric_uplmt_amt: Option<Decimal>,
    pub begndate: Date,
    pub enddate: Option<Date>,
    /// Empty, `single_payment` or `high_value`.
    pub special: String,
    pub med_chrgitm_type: String,
    /// `1` where the item is restricted (限制使用).
    pub lmt_used_flag: String,
    /// Empty: every pool.
    pub pool: String,
    /// Empty: every scheme; else `310`, `390`.
    pub scheme: String,
    /// Empty: every level; else a word of `benefit_level`.
    pub level: String,
}

/// A selection of catalogue rows for 1312, 1318, 1319; absent parts select all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct CatalogueFilter {
    pub med_list_codg: Option<String>,
    pub name_part: Option<String>,
    pub list_type: Option<String>,
    pub chrgitm_lv: Option<String>,
    pub valid_on: Option<Date>,
    /// Rows for this pool or for every pool.
    pub pool: String,
    /// Only rows with a limit price (1318).
    pub with_limit_price: bool,
    /// Only rows with a ratio (1319).
    pub with_selfpay_prop: bool,
}

/// Questions about reference data, and its rows.
pub trait References {
    /// One provider.
    fn provider(&mut self, fixmedins_code: &str) -> Result<Option<Provider>, Fault>;
    /// The provider with this gateway account.
    fn provider_by_paas_id(&mut self, paas_id: &str) -> Result<Option<Provider>, Fault>;
    /// Providers by kind (`fixmedins_type`, empty: all) and part of the name, by code, at most `limit`.
    fn providers(&mut self, fixmedins_type: &str, name_part: &str, limit: usize) -> Result<Vec<Provider>, Fault>;
    /// All catalogue rows of some codes for this pool or every pool, whatever their days, by code, begndate, pool,
    /// scheme and level.
    fn catalogue_items(&mut self, codes: &[&str], pool: &str) -> Result<Vec<CatalogueItem>, Fault>;
    /// Catalogue rows of a selection in a stable order: `(page, total)`.
    fn catalogue_page(
        &mut self,
        filter: &CatalogueFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<CatalogueItem>, u64), Fault>;

    /// Stores a provider, by its code.
    fn put_provider(&mut self, row: &Provider) -> Result<Change, Fault>;
    /// Stores a catalogue row, by code, begndate, pool, scheme and level.
    fn put_catalogue_item(&mut self, row: &CatalogueItem) -> Result<Change, Fault>;
}
