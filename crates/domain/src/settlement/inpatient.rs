//! Ordinary inpatient care (住院), whole stays and parts of stays (`decisions` 15-21).

use super::ratio::EarnedBy;
use super::rules::Cover;
use super::totals::RunningTotal;
use super::working::Working;
use super::{basic, deductible, ratio};

/// Works out a stay. It counts as a stay of the year even where the pool pays nothing (`decisions` 16).
pub(super) fn pay(work: &mut Working) {
    let due = deductible::of_stay(work);
    let ratio = ratio::inpatient_ratio(work, EarnedBy::Diagnoses);
    if !deductible::already_counted(work) {
        work.count(RunningTotal::InpatientStays, 1);
    }
    basic::pay(work, Cover::Inpatient, due, ratio);
}
