//! Code mapping (目录对照): a provider's own catalogue code to the national one (3301, 3302).

use crate::engine::{Engine, Selection, sql};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::time::{Date, DateTime};

/// One mapping.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Mapping {
    pub fixmedins_code: String,
    pub fixmedins_hilist_id: String,
    pub fixmedins_hilist_name: String,
    pub list_type: String,
    pub med_list_codg: String,
    pub begndate: Date,
    pub enddate: Option<Date>,
    pub uploaded_at: DateTime,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<DateTime>,
    /// The other national fields, as one canonical JSON object text; opaque here.
    pub details: String,
}

/// A selection of mappings for 1316 and 1317; absent parts select all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct MappingFilter {
    pub fixmedins_code: Option<String>,
    pub fixmedins_hilist_id: Option<String>,
    pub name_part: Option<String>,
    pub list_type: Option<String>,
    pub med_list_codg: Option<String>,
    pub valid_on: Option<Date>,
    pub uploaded_since: Option<DateTime>,
}

/// Questions and records about mappings.
pub trait Mappings {
    /// Standing mappings of a selection in a stable order: `(page, total)`.
    fn mappings(&mut self, filter: &MappingFilter, offset: usize, limit: usize) -> Result<(Vec<Mapping>, u64), Fault>;
    /// Records a mapping. `false` where the provider's code is mapped already and stands, and then nothing changes.
    fn add_mapping(&mut self, row: &Mapping) -> Result<bool, Fault>;
    /// Withdraws a mapping; `false` where none stands.
    fn withdraw_mapping(
        &mut self,
        fixmedins_code: &str,
        fixmedins_hilist_id: &str,
        med_list_codg: &str,
        at: DateTime,
    ) -> Result<bool, Fault>;
}

record! {
    Mapping = "mapping", "目录对照", key [fixmedins_code, fixmedins_hilist_id];
    fields {
        fixmedins_code, fixmedins_hilist_id, fixmedins_hilist_name, list_type, med_list_codg, begndate, enddate,
        uploaded_at, withdrawn_at, details,
    }
}

impl<E: Engine> Mappings for E {
    fn mappings(&mut self, filter: &MappingFilter, offset: usize, limit: usize) -> Result<(Vec<Mapping>, u64), Fault> {
        let mut selection = Selection::default();
        selection.add("withdrawn_at IS NULL");
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("fixmedins_hilist_id = ?", &filter.fixmedins_hilist_id);
        selection.add_some("instr(fixmedins_hilist_name, ?) > 0", &filter.name_part);
        selection.add_some("list_type = ?", &filter.list_type);
        selection.add_some("med_list_codg = ?", &filter.med_list_codg);
        selection.add_some("begndate <= ?", &filter.valid_on);
        selection.add_some("coalesce(enddate, '9999-12-31') >= ?", &filter.valid_on);
        selection.add_some("uploaded_at >= ?", &filter.uploaded_since);
        let order = "fixmedins_code, fixmedins_hilist_id";
        self.page(("reading mappings", ""), selection, order, (offset, limit))
    }

    fn add_mapping(&mut self, row: &Mapping) -> Result<bool, Fault> {
        let sql = sql!(
            "{} ON CONFLICT (fixmedins_code, fixmedins_hilist_id) WHERE withdrawn_at IS NULL DO NOTHING",
            Mapping::table().insert.one
        );
        Ok(self.run(("recording mapping", &row.fixmedins_hilist_id), sql, &row.values())? == 1)
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
        let values = values![fixmedins_code, fixmedins_hilist_id, med_list_codg, at];
        Ok(self.run(("withdrawing mapping", fixmedins_hilist_id), sql, &values)? == 1)
    }
}
