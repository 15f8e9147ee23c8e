//! Code mappings.

use super::SqliteTx;
use super::statement::{Selection, count};
use super::value::{Columns, Day, Moment};
use crate::fault::Fault;
use crate::mapping::{Mapping, MappingFilter, Mappings};
use rusqlite::params;
use yibao_domain::time::DateTime;

fn read_mapping(row: &mut Columns<'_, '_>) -> rusqlite::Result<Mapping> {
    Ok(Mapping {
        fixmedins_code: row.take()?,
        fixmedins_hilist_id: row.take()?,
        fixmedins_hilist_name: row.take()?,
        list_type: row.take()?,
        med_list_codg: row.take()?,
        begndate: row.day()?,
        enddate: row.some_day()?,
        uploaded_at: row.moment()?,
        withdrawn_at: row.some_moment()?,
        details: row.take()?,
    })
}

impl Mappings for SqliteTx<'_> {
    fn mappings(&mut self, filter: &MappingFilter, offset: usize, limit: usize) -> Result<(Vec<Mapping>, u64), Fault> {
        const DOING: &str = "reading mappings";
        let valid_on = filter.valid_on.map(Day);
        let uploaded_since = filter.uploaded_since.map(Moment);
        let mut selection = Selection::default();
        selection.add("withdrawn_at IS NULL");
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("fixmedins_hilist_id = ?", &filter.fixmedins_hilist_id);
        selection.add_some("instr(fixmedins_hilist_name, ?) > 0", &filter.name_part);
        selection.add_some("list_type = ?", &filter.list_type);
        selection.add_some("med_list_codg = ?", &filter.med_list_codg);
        selection.add_some("begndate <= ?", &valid_on);
        selection.add_some("coalesce(enddate, '9999-12-31') >= ?", &valid_on);
        selection.add_some("uploaded_at >= ?", &uploaded_since);
        let chosen = selection.clause();

        let sql = format!("SELECT count(*) FROM mapping {chosen}");
        let total: i64 = self.the(DOING, "", &sql, &selection.values(&[]), |row| row.take())?;
        let sql = format!(
            "SELECT fixmedins_code, fixmedins_hilist_id, fixmedins_hilist_name, list_type, med_list_codg, begndate,
                    enddate, uploaded_at, withdrawn_at, details
             FROM mapping {chosen} ORDER BY fixmedins_code, fixmedins_hilist_id LIMIT ? OFFSET ?"
        );
        let page = self.all(DOING, "", &sql, &selection.values(&[&count(limit), &count(offset)]), read_mapping)?;
        Ok((page, total.unsigned_abs()))
    }

    fn add_mapping(&mut self, row: &Mapping) -> Result<bool, Fault> {
        let sql = "INSERT INTO mapping (fixmedins_code, fixmedins_hilist_id, fixmedins_hilist_name, list_type,
                                        med_list_codg, begndate, enddate, uploaded_at, withdrawn_at, details)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                   ON CONFLICT (fixmedins_code, fixmedins_hilist_id) WHERE withdrawn_at IS NULL DO NOTHING";
        let values = params![
            row.fixmedins_code,
            row.fixmedins_hilist_id,
            row.fixmedins_hilist_name,
            row.list_type,
            row.med_list_codg,
            Day(row.begndate),
            row.enddate.map(Day),
            Moment(row.uploaded_at),
            row.withdrawn_at.map(Moment),
            row.details
        ];
        Ok(self.run("recording mapping", &row.fixmedins_hilist_id, sql, values)? == 1)
    }

    fn withdraw_mapping(
        &mut self,
        fixmedins_code: &str,
        fixmedins_hilist_id: &str,
        med_list_codg: &str,
        at: DateTime,
    ) -> Result<bool, Fault> {
        let sql = "UPDATE mapping SET withdrawn_at = ?4
                   WHERE fixmedins_code = ?1 AND fixmedins_hilist_id = ?2 AND med_list_codg = ?3
                     AND withdrawn_at IS NULL";
        let values = params![fixmedins_code, fixmedins_hilist_id, med_list_codg, Moment(at)];
        Ok(self.run("withdrawing mapping", fixmedins_hilist_id, sql, values)? == 1)
    }
}
