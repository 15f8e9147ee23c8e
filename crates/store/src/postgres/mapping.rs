//! Code mappings.

use super::line::Value;
use super::selection::{Selection, count, numbered};
use super::transaction::{PostgresTx, borrowed};
use super::value::{Columns, Unreadable, kept};
use crate::fault::Fault;
use crate::mapping::{Mapping, MappingFilter, Mappings};
use yibao_domain::time::DateTime;

pub(super) fn read_mapping(row: &mut Columns<'_>) -> Result<Mapping, Unreadable> {
    Ok(Mapping {
        fixmedins_code: row.take()?,
        fixmedins_hilist_id: row.take()?,
        fixmedins_hilist_name: row.take()?,
        list_type: row.take()?,
        med_list_codg: row.take()?,
        begndate: row.take()?,
        enddate: row.take()?,
        uploaded_at: row.take()?,
        withdrawn_at: row.take()?,
        details: row.take()?,
    })
}

impl Mappings for PostgresTx<'_> {
    fn mappings(&mut self, filter: &MappingFilter, offset: usize, limit: usize) -> Result<(Vec<Mapping>, u64), Fault> {
        const DOING: &str = "reading mappings";
        let mut selection = Selection::default();
        selection.add("withdrawn_at IS NULL");
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("fixmedins_hilist_id = ?", &filter.fixmedins_hilist_id);
        selection.add_some("strpos(fixmedins_hilist_name, ?) > 0", &filter.name_part);
        selection.add_some("list_type = ?", &filter.list_type);
        selection.add_some("med_list_codg = ?", &filter.med_list_codg);
        selection.add_some("begndate <= ?", &filter.valid_on);
        selection.add_some("coalesce(enddate, 'infinity') >= ?", &filter.valid_on);
        selection.add_some("uploaded_at >= ?", &filter.uploaded_since);
        let chosen = selection.clause();

        let sql = numbered(&format!("SELECT count(*) FROM mapping {chosen}"));
        let total: i64 = self.the(DOING, "", &sql, &selection.values(&[]), |row| row.take())?;
        let sql = numbered(&format!(
            "SELECT fixmedins_code, fixmedins_hilist_id, fixmedins_hilist_name, list_type, med_list_codg, begndate,
                    enddate, uploaded_at, withdrawn_at, details
             FROM mapping {chosen} ORDER BY fixmedins_code, fixmedins_hilist_id LIMIT ? OFFSET ?"
        ));
        let (limit, offset) = (count(limit), count(offset));
        let page = self.all(DOING, "", &sql, &selection.values(&[&limit, &offset]), read_mapping)?;
        Ok((page, total.unsigned_abs()))
    }

    fn add_mapping(&mut self, row: &Mapping) -> Result<bool, Fault> {
        let sql = "INSERT INTO mapping (fixmedins_code, fixmedins_hilist_id, fixmedins_hilist_name, list_type,
                                        med_list_codg, begndate, enddate, uploaded_at, withdrawn_at, details)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                   ON CONFLICT (fixmedins_code, fixmedins_hilist_id) WHERE withdrawn_at IS NULL DO NOTHING";
        let values = kept![
            row.fixmedins_code,
            row.fixmedins_hilist_id,
            row.fixmedins_hilist_name,
            row.list_type,
            row.med_list_codg,
            row.begndate,
            row.enddate,
            row.uploaded_at,
            row.withdrawn_at,
            row.details
        ];
        Ok(self.run("recording mapping", &row.fixmedins_hilist_id, sql, &borrowed(&values))? == 1)
    }

    fn withdraw_mapping(
        &mut self,
        fixmedins_code: &str,
        fixmedins_hilist_id: &str,
        med_list_codg: &str,
        at: DateTime,
    ) -> Result<bool, Fault> {
        let sql = "UPDATE mapping SET withdrawn_at = $4
                   WHERE fixmedins_code = $1 AND fixmedins_hilist_id = $2 AND med_list_codg = $3
                     AND withdrawn_at IS NULL";
        let values: &[Value<'_>] = &[&fixmedins_code, &fixmedins_hilist_id, &med_list_codg, &at];
        Ok(self.run("withdrawing mapping", fixmedins_hilist_id, sql, values)? == 1)
    }
}
