//! Code mapping (目录对照): a provider's own catalogue code to the national one (3301, 3302).

use crate::fault::Fault;
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
