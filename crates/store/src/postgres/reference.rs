//! Reference data, in the attached file.

use super::line::Value;
use super::selection::{Selection, count, numbered};
use super::transaction::PostgresTx;
use super::value::{Columns, Unreadable, kept};
use crate::fault::Fault;
use crate::reference::{CatalogueFilter, CatalogueItem, Provider, References};
use crate::seam::Change;

pub(super) fn read_provider(row: &mut Columns<'_>) -> Result<Provider, Unreadable> {
    Ok(Provider {
        fixmedins_code: row.take()?,
        fixmedins_name: row.take()?,
        admdvs: row.take()?,
        benefit_level: row.take()?,
        hosp_lv: row.take()?,
        dedc_hosp_lv: row.take()?,
        lmtpric_hosp_lv: row.take()?,
        gateway: row.take()?,
        paas_id: row.take()?,
        paas_secret: row.take()?,
        infcode_form: row.take()?,
        uscc: row.take()?,
        fixmedins_type: row.take()?,
        special_drug_supplier: row.take()?,
    })
}

pub(super) fn read_catalogue_item(row: &mut Columns<'_>) -> Result<CatalogueItem, Unreadable> {
    Ok(CatalogueItem {
        med_list_codg: row.take()?,
        hilist_name: row.take()?,
        list_type: row.take()?,
        chrgitm_lv: row.take()?,
        selfpay_prop: row.some_rate()?,
        hilist_pric_uplmt_amt: row.take()?,
        begndate: row.take()?,
        enddate: row.take()?,
        special: row.take()?,
        med_chrgitm_type: row.take()?,
        lmt_used_flag: row.take()?,
        pool: row.take()?,
        scheme: row.take()?,
        level: row.take()?,
    })
}

impl References for PostgresTx<'_> {
    fn provider(&mut self, fixmedins_code: &str) -> Result<Option<Provider>, Fault> {
        let sql = "SELECT fixmedins_code, fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv,
                          lmtpric_hosp_lv, gateway, paas_id, paas_secret, infcode_form, uscc, fixmedins_type,
                          special_drug_supplier
                   FROM reference.provider WHERE fixmedins_code = $1";
        self.first("reading provider", fixmedins_code, sql, &[&fixmedins_code], read_provider)
    }

    fn provider_by_paas_id(&mut self, paas_id: &str) -> Result<Option<Provider>, Fault> {
        let sql = "SELECT fixmedins_code, fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv,
                          lmtpric_hosp_lv, gateway, paas_id, paas_secret, infcode_form, uscc, fixmedins_type,
                          special_drug_supplier
                   FROM reference.provider WHERE paas_id = $1 AND paas_id <> ''";
        self.first("finding the provider of gateway account", paas_id, sql, &[&paas_id], read_provider)
    }

    fn providers(&mut self, fixmedins_type: &str, name_part: &str, limit: usize) -> Result<Vec<Provider>, Fault> {
        // The code's first letter says hospital or pharmacy where the loaded row does not.
        let sql = "SELECT fixmedins_code, fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv,
                          lmtpric_hosp_lv, gateway, paas_id, paas_secret, infcode_form, uscc, fixmedins_type,
                          special_drug_supplier
                   FROM reference.provider
                   WHERE ($1 = '' OR $1 = CASE WHEN fixmedins_type <> '' THEN fixmedins_type
                                               WHEN substr(fixmedins_code, 1, 1) = 'H' THEN '1'
                                               WHEN substr(fixmedins_code, 1, 1) = 'P' THEN '2'
                                               ELSE '' END)
                     AND strpos(fixmedins_name, $2) > 0
                   ORDER BY fixmedins_code LIMIT $3";
        let values: &[Value<'_>] = &[&fixmedins_type, &name_part, &count(limit)];
        self.all("finding providers", "", sql, values, read_provider)
    }

    fn catalogue_items(&mut self, codes: &[&str], pool: &str) -> Result<Vec<CatalogueItem>, Fault> {
        let sql = "SELECT med_list_codg, hilist_name, list_type, chrgitm_lv, selfpay_prop_bp, hilist_pric_uplmt_amt,
                          begndate, enddate, special, med_chrgitm_type, lmt_used_flag, pool, scheme, level
                   FROM reference.catalogue_item
                   WHERE med_list_codg = ANY($1) AND pool IN ('', $2)
                   ORDER BY med_list_codg, begndate, pool, scheme, level";
        self.all("reading catalogue rows of", &codes.join(" "), sql, &[&codes, &pool], read_catalogue_item)
    }

    fn catalogue_page(
        &mut self,
        filter: &CatalogueFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<CatalogueItem>, u64), Fault> {
        const DOING: &str = "reading the catalogue";
        let mut selection = Selection::default();
        selection.add_value("pool IN ('', ?)", &filter.pool);
        selection.add_some("med_list_codg = ?", &filter.med_list_codg);
        selection.add_some("strpos(hilist_name, ?) > 0", &filter.name_part);
        selection.add_some("list_type = ?", &filter.list_type);
        selection.add_some("chrgitm_lv = ?", &filter.chrgitm_lv);
        selection.add_some("begndate <= ?", &filter.valid_on);
        selection.add_some("coalesce(enddate, 'infinity') >= ?", &filter.valid_on);
        if filter.with_limit_price {
            selection.add("hilist_pric_uplmt_amt IS NOT NULL");
        }
        if filter.with_selfpay_prop {
            selection.add("selfpay_prop_bp IS NOT NULL");
        }
        let chosen = selection.clause();

        let sql = numbered(&format!("SELECT count(*) FROM reference.catalogue_item {chosen}"));
        let total: i64 = self.the(DOING, "", &sql, &selection.values(&[]), |row| row.take())?;
        let sql = numbered(&format!(
            "SELECT med_list_codg, hilist_name, list_type, chrgitm_lv, selfpay_prop_bp, hilist_pric_uplmt_amt,
                    begndate, enddate, special, med_chrgitm_type, lmt_used_flag, pool, scheme, level
             FROM reference.catalogue_item {chosen}
             ORDER BY med_list_codg, begndate, pool, scheme, level LIMIT ? OFFSET ?"
        ));
        let (limit, offset) = (count(limit), count(offset));
        let page = self.all(DOING, "", &sql, &selection.values(&[&limit, &offset]), read_catalogue_item)?;
        Ok((page, total.unsigned_abs()))
    }

    fn put_provider(&mut self, row: &Provider) -> Result<Change, Fault> {
        let insert = "INSERT INTO reference.provider
                          (fixmedins_code, fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv,
                           lmtpric_hosp_lv, gateway, paas_id, paas_secret, infcode_form, uscc, fixmedins_type,
                           special_drug_supplier)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                      ON CONFLICT (fixmedins_code) DO NOTHING";
        let update = "UPDATE reference.provider
                      SET (fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv, lmtpric_hosp_lv, gateway,
                           paas_id, paas_secret, infcode_form, uscc, fixmedins_type, special_drug_supplier)
                          = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                      WHERE fixmedins_code = $1
                        AND (fixmedins_name, admdvs, benefit_level, hosp_lv, dedc_hosp_lv, lmtpric_hosp_lv, gateway,
                             paas_id, paas_secret, infcode_form, uscc, fixmedins_type, special_drug_supplier)
                            IS DISTINCT FROM ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let values = kept![
            row.fixmedins_code,
            row.fixmedins_name,
            row.admdvs,
            row.benefit_level,
            row.hosp_lv,
            row.dedc_hosp_lv,
            row.lmtpric_hosp_lv,
            row.gateway,
            row.paas_id,
            row.paas_secret,
            row.infcode_form,
            row.uscc,
            row.fixmedins_type,
            row.special_drug_supplier
        ];
        self.put("storing provider", &row.fixmedins_code, [(insert, &values), (update, &values)])
    }

    fn put_catalogue_item(&mut self, row: &CatalogueItem) -> Result<Change, Fault> {
        let insert = "INSERT INTO reference.catalogue_item
                          (med_list_codg, begndate, pool, scheme, level, enddate, hilist_name, list_type, chrgitm_lv,
                           selfpay_prop_bp, hilist_pric_uplmt_amt, special, med_chrgitm_type, lmt_used_flag)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                      ON CONFLICT (med_list_codg, begndate, pool, scheme, level) DO NOTHING";
        let update = "UPDATE reference.catalogue_item
                      SET (enddate, hilist_name, list_type, chrgitm_lv, selfpay_prop_bp, hilist_pric_uplmt_amt,
                           special, med_chrgitm_type, lmt_used_flag) = ($6, $7, $8, $9, $10, $11, $12, $13, $14)
                      WHERE med_list_codg = $1 AND begndate = $2 AND pool = $3 AND scheme = $4 AND level = $5
                        AND (enddate, hilist_name, list_type, chrgitm_lv, selfpay_prop_bp, hilist_pric_uplmt_amt,
                             special, med_chrgitm_type, lmt_used_flag)
                            IS DISTINCT FROM ($6, $7, $8, $9, $10, $11, $12, $13, $14)";
        let values = kept![
            row.med_list_codg,
            row.begndate,
            row.pool,
            row.scheme,
            row.level,
            row.enddate,
            row.hilist_name,
            row.list_type,
            row.chrgitm_lv,
            row.selfpay_prop,
            row.hilist_pric_uplmt_amt,
            row.special,
            row.med_chrgitm_type,
            row.lmt_used_flag
        ];
        self.put("storing catalogue row of", &row.med_list_codg, [(insert, &values), (update, &values)])
    }
}
