//! Reference data: designated providers (定点医药机构) and the benefit catalogue (医保目录).

use crate::engine::{Engine, Selection, count, select};
use crate::fault::Fault;
use crate::record::{Change, Record, record};
use crate::value::values;
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
    /// The dialect in which its client reads replies (`interface/dialects.tsv`); empty: as the specification has it.
    pub dialect: String,
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

/// A line of a national list (国家目录) as it was published, tab-separated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListLine {
    /// The transaction by which the list is fetched (`1307`).
    pub infno: String,
    /// 唯一记录号.
    pub rid: String,
    /// The whole line.
    pub line: String,
    /// 版本号 of the line.
    pub version: String,
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

    /// The latest first day among the catalogue rows of a selection, and how many they are.
    fn catalogue_newest(&mut self, filter: &CatalogueFilter) -> Result<(Option<Date>, u64), Fault>;
    /// How many lines a national list has, and its latest version.
    fn list_version(&mut self, infno: &str) -> Result<(i64, String), Fault>;
    /// Lines of a national list behind a 唯一记录号, in its order.
    fn list_lines(&mut self, infno: &str, after: &str, limit: usize) -> Result<Vec<ListLine>, Fault>;
    /// Stores a line of a national list, by transaction and 唯一记录号.
    fn put_list_line(&mut self, row: &ListLine) -> Result<Change, Fault>;

    /// Stores a provider, by its code.
    fn put_provider(&mut self, row: &Provider) -> Result<Change, Fault>;
    /// Stores a catalogue row, by code, begndate, pool, scheme and level.
    fn put_catalogue_item(&mut self, row: &CatalogueItem) -> Result<Change, Fault>;
}

record! {
    Provider = "reference.provider", "定点医药机构", key [fixmedins_code];
    fields {
        fixmedins_code, fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv, lmtpric_hosp_lv, gateway, paas_id,
        paas_secret, infcode_form, uscc, fixmedins_type, special_drug_supplier, dialect,
    }
}

record! {
    CatalogueItem = "reference.catalogue_item", "医保目录", key [med_list_codg, begndate, pool, scheme, level];
    fields {
        med_list_codg, begndate, pool, scheme, level, enddate, hilist_name, list_type, chrgitm_lv, selfpay_prop,
        hilist_pric_uplmt_amt, special, med_chrgitm_type, lmt_used_flag,
    }
}

record! {
    ListLine = "reference.list_line", "国家目录", key [infno, rid];
    fields { infno, rid, line, version }
}

impl CatalogueFilter {
    fn selection(&self) -> Selection<'_> {
        let mut selection = Selection::default();
        selection.add_values("pool IN ('', ?)", values![&self.pool]);
        selection.add_some("med_list_codg = ?", &self.med_list_codg);
        selection.add_some("instr(hilist_name, ?) > 0", &self.name_part);
        selection.add_some("list_type = ?", &self.list_type);
        selection.add_some("chrgitm_lv = ?", &self.chrgitm_lv);
        selection.add_some("begndate <= ?", &self.valid_on);
        selection.add_some("coalesce(enddate, '9999-12-31') >= ?", &self.valid_on);
        if self.with_limit_price {
            selection.add("hilist_pric_uplmt_amt IS NOT NULL");
        }
        if self.with_selfpay_prop {
            selection.add("selfpay_prop_bp IS NOT NULL");
        }
        selection
    }
}

impl<E: Engine> References for E {
    fn provider(&mut self, fixmedins_code: &str) -> Result<Option<Provider>, Fault> {
        let sql = select!(Provider, "WHERE fixmedins_code = ?1");
        self.first(("reading provider", fixmedins_code), sql, &values![fixmedins_code], Provider::read)
    }

    fn provider_by_paas_id(&mut self, paas_id: &str) -> Result<Option<Provider>, Fault> {
        let sql = select!(Provider, "WHERE paas_id = ?1 AND paas_id <> ''");
        self.first(("finding the provider of gateway account", paas_id), sql, &values![paas_id], Provider::read)
    }

    fn providers(&mut self, fixmedins_type: &str, name_part: &str, limit: usize) -> Result<Vec<Provider>, Fault> {
        // The code's first letter says hospital or pharmacy where the loaded row does not.
        let sql = select!(
            Provider,
            "WHERE (?1 = '' OR ?1 = CASE WHEN fixmedins_type <> '' THEN fixmedins_type
                                         WHEN substr(fixmedins_code, 1, 1) = 'H' THEN '1'
                                         WHEN substr(fixmedins_code, 1, 1) = 'P' THEN '2'
                                         ELSE '' END)
               AND instr(fixmedins_name, ?2) > 0
             ORDER BY fixmedins_code LIMIT ?3"
        );
        self.all(("finding providers", ""), sql, &values![fixmedins_type, name_part, count(limit)], Provider::read)
    }

    fn catalogue_items(&mut self, codes: &[&str], pool: &str) -> Result<Vec<CatalogueItem>, Fault> {
        let sql = select!(
            CatalogueItem,
            "WHERE med_list_codg IN (SELECT value FROM json_each(?1)) AND pool IN ('', ?2)
             ORDER BY med_list_codg, begndate, pool, scheme, level"
        );
        let values = values![codes, pool];
        self.all(("reading catalogue rows of", &codes.join(" ")), sql, &values, CatalogueItem::read)
    }

    fn catalogue_page(
        &mut self,
        filter: &CatalogueFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<CatalogueItem>, u64), Fault> {
        let selection = filter.selection();
        let order = "med_list_codg, begndate, pool, scheme, level";
        self.page(("reading the catalogue", ""), selection, order, (offset, limit))
    }

    fn catalogue_newest(&mut self, filter: &CatalogueFilter) -> Result<(Option<Date>, u64), Fault> {
        let selection = filter.selection();
        let sql = format!("SELECT max(begndate), count(*) FROM {} {}", CatalogueItem::table().name, selection.clause());
        self.the(("looking at the catalogue", ""), &sql, &selection.values, |row| {
            Ok((row.take()?, row.take::<i64>()?.unsigned_abs()))
        })
    }

    fn list_version(&mut self, infno: &str) -> Result<(i64, String), Fault> {
        let sql = "SELECT count(*), coalesce(max(version), '') FROM reference.list_line WHERE infno = ?1";
        self.the(("looking at the national list", infno), sql, &values![infno], |row| Ok((row.take()?, row.take()?)))
    }

    fn list_lines(&mut self, infno: &str, after: &str, limit: usize) -> Result<Vec<ListLine>, Fault> {
        let sql = select!(ListLine, "WHERE infno = ?1 AND rid > ?2 ORDER BY rid LIMIT ?3");
        self.all(("reading the national list", infno), sql, &values![infno, after, count(limit)], ListLine::read)
    }

    fn put_list_line(&mut self, row: &ListLine) -> Result<Change, Fault> {
        self.put(("storing a line of the national list", &row.infno), &ListLine::table().put, &row.values())
    }

    fn put_provider(&mut self, row: &Provider) -> Result<Change, Fault> {
        self.put(("storing provider", &row.fixmedins_code), &Provider::table().put, &row.values())
    }

    fn put_catalogue_item(&mut self, row: &CatalogueItem) -> Result<Change, Fault> {
        self.put(("storing catalogue row of", &row.med_list_codg), &CatalogueItem::table().put, &row.values())
    }
}
