//! Days on which nothing but the bed was charged (疑似挂床, P-25): nobody is kept in bed because a discharge cannot be settled.
//!
//! Only remarked where the stay is settled; whether the bed was kept, people find out.

use crate::call::Stop;
use std::collections::BTreeMap;
use yibao_domain::time::Date;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, Setting};

/// The charge of the bed (`med_chrgitm_type`, 床位费).
const BED: &str = "01";

/// What is to be looked at; nothing where every charged day has more than the bed.
pub(crate) fn remark(tx: &mut dyn Tx, of: &Encounter) -> Result<Option<String>, Stop> {
    if of.setting != Setting::Inpatient {
        return Ok(None);
    }
    let mut only_bed: BTreeMap<Date, bool> = BTreeMap::new();
    for line in tx.fee_lines(&of.mdtrt_id)? {
        let day = only_bed.entry(line.fee_ocur_time.date()).or_insert(true);
        *day &= line.med_chrgitm_type == BED;
    }
    let days: Vec<String> = only_bed.iter().filter(|(_, only)| **only).map(|(day, _)| day.to_string()).collect();
    Ok((!days.is_empty()).then(|| format!("{}只有床位费，请核查是否挂床", days.join("、"))))
}
