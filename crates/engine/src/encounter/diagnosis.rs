//! Diagnoses (诊断) as visits, admissions and discharges bring them.

use crate::call::Stop;
use crate::facts::details;
use std::collections::HashMap;
use yibao_interface::Fields;
use yibao_store::Tx;
use yibao_store::encounter::Diagnosis;

/// `inout_diag_type` of a visit or admission.
pub(crate) const AT_BEGIN: &str = "1";
/// `inout_diag_type` of a discharge.
pub(crate) const AT_END: &str = "2";

const COLUMNS: &[&str] =
    &["mdtrt_id", "psn_no", "diag_type", "diag_srt_no", "maindiag_flag", "diag_code", "diag_name", "vali_flag"];

/// Records the diagnoses of a message: an existing number is changed, a new one added, and one with
/// `vali_flag` 0 is voided. Clients that number Western and Chinese medicine apart use a number twice; the
/// later one gets the next free number, so that none is lost.
pub(crate) fn record(tx: &mut dyn Tx, mdtrt_id: &str, stage: &str, rows: &[Fields]) -> Result<(), Stop> {
    let mut used = HashMap::new();
    for (position, row) in rows.iter().enumerate() {
        if row.text("diag_code").is_empty() {
            continue;
        }
        let counted = i64::try_from(position + 1).expect("a message has few diagnoses");
        let number = take_free(&mut used, row.integer("diag_srt_no")?.unwrap_or(counted));
        tx.put_diagnosis(&Diagnosis {
            mdtrt_id: mdtrt_id.to_owned(),
            inout_diag_type: stage.to_owned(),
            diag_srt_no: number,
            diag_type: row.text("diag_type").to_owned(),
            maindiag_flag: row.text("maindiag_flag") == "1",
            diag_code: row.text("diag_code").to_owned(),
            diag_name: row.text("diag_name").to_owned(),
            valid: row.text("vali_flag") != "0",
            details: details::pack(row, COLUMNS),
        })?;
    }
    Ok(())
}

/// Takes the first free number from this one on. `used` says of a used number where to go on looking, so that many
/// diagnoses of one number cost no more than others.
fn take_free(used: &mut HashMap<i64, i64>, number: i64) -> i64 {
    let (mut free, mut passed) = (number, Vec::new());
    while let Some(next) = used.get(&free) {
        passed.push(free);
        free = *next;
    }
    used.extend(passed.into_iter().chain([free]).map(|taken| (taken, free + 1)));
    free
}

/// Voids all diagnoses of a stage, since what they belonged to is cancelled.
pub(crate) fn void_stage(tx: &mut dyn Tx, mdtrt_id: &str, stage: &str) -> Result<(), Stop> {
    for row in tx.diagnoses(mdtrt_id)?.into_iter().filter(|row| row.valid && row.inout_diag_type == stage) {
        tx.put_diagnosis(&Diagnosis { valid: false, ..row })?;
    }
    Ok(())
}
