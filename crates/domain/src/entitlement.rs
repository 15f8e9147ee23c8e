//! Entitlement (待遇) on the day of care: which insurance row entitles, or why none does.
//!
//! Judged on the admission day of a stay, on the day itself otherwise (`decisions` 2). A waiting period
//! is applied only where the insurance rows show a late or interrupted joining; what the facts do not
//! show is not held against the person.

use crate::code::Scheme;
use crate::refusal::{Code, Refusal};
use crate::settlement::rules::{EntitlementRules, Figure, Rules};
use crate::time::Date;
use jiff::{Span, ToSpan};

/// One row of a person's insurance (参保信息).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InsuranceRow {
    /// Insutype: 310 and 390 entitle to basic care, 320 to the civil-servant subsidy.
    pub insutype: String,
    /// `psn_type`.
    pub psn_type: String,
    /// The insured area (`insuplc_admdvs`).
    pub insured_area: String,
    /// First day.
    pub begin: Date,
    /// Last day; open where absent.
    pub end: Option<Date>,
    /// First day of a pause (暂停、欠费封锁); none where absent.
    pub paused_from: Option<Date>,
    /// Continuous years of contribution; 0 where not known.
    pub continuous_years: u32,
}

impl InsuranceRow {
    /// The last day that the row covers; open where absent.
    pub(crate) fn last_day(&self) -> Option<Date> {
        let before_pause = self.paused_from.map(|paused| paused.yesterday().unwrap_or(Date::MIN));
        match (self.end, before_pause) {
            (Some(end), Some(paused)) => Some(end.min(paused)),
            (end, paused) => end.or(paused),
        }
    }

    fn covers(&self, day: Date) -> bool {
        self.begin <= day && self.last_day().is_none_or(|last| day <= last)
    }
}

/// The row that entitles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entitled<'a> {
    /// The insurance row.
    pub row: &'a InsuranceRow,
    /// Its scheme.
    pub scheme: Scheme,
    /// First day of entitlement by this row.
    pub from: Date,
}

/// Judges entitlement on `day` by a person's rows. `insutype` narrows to one scheme where the call names
/// one; otherwise an entitling employee row goes before a resident row. `rules` are those of `day`.
pub fn judge<'a>(
    rows: &'a [InsuranceRow],
    insutype: Option<&str>,
    day: Date,
    born: Option<Date>,
    rules: &Rules,
) -> Result<Entitled<'a>, Refusal> {
    let mut candidates: Vec<(&InsuranceRow, Scheme)> = rows
        .iter()
        .filter(|row| insutype.is_none_or(|wanted| wanted == row.insutype))
        .filter_map(|row| Scheme::of_insutype(&row.insutype).map(|scheme| (row, scheme)))
        .collect();
    if candidates.is_empty() {
        let wanted =
            insutype.map_or("职工或居民基本医疗保险".to_owned(), |code| format!("险种(insutype){code}"));
        return Err(Refusal::new(Code::NotEntitled, format!("参保人无{wanted}参保记录，请核对险种或先办理参保登记")));
    }
    // The latest begun row explains a refusal best, so it is judged last among the rows of a scheme.
    candidates.sort_by_key(|(row, scheme)| (*scheme, row.begin));
    let mut refused: Option<(bool, Date, Refusal)> = None;
    for (row, scheme) in candidates {
        match judge_row(rows, row, scheme, day, born, &rules.scheme(scheme).entitlement) {
            Ok(from) => return Ok(Entitled { row, scheme, from }),
            Err(refusal) => {
                let rank = (row.begin <= day, row.begin);
                if refused.as_ref().is_none_or(|(begun, begin, _)| (*begun, *begin) <= rank) {
                    refused = Some((rank.0, rank.1, refusal));
                }
            }
        }
    }
    Err(refused.expect("there was a candidate, and each was refused").2)
}

/// Whether an entitlement to the civil-servant subsidy (320) stands on the day (`decisions` 34).
pub fn civil_servant(rows: &[InsuranceRow], day: Date) -> bool {
    rows.iter().any(|row| row.insutype == "320" && row.covers(day))
}

/// The first day of entitlement by this row, if the day is covered.
fn judge_row(
    rows: &[InsuranceRow],
    row: &InsuranceRow,
    scheme: Scheme,
    day: Date,
    born: Option<Date>,
    rules: &EntitlementRules,
) -> Result<Date, Refusal> {
    let name = scheme.name();
    let refuse = |text: String| Err(Refusal::new(Code::NotEntitled, format!("就医日{day}无{name}待遇：{text}")));
    let (from, waiting) = entitled_from(rows, row, scheme, born, rules);
    if let Some(end) = row.end.filter(|end| *end < day) {
        return refuse(format!("参保已于{end}终止，请办理续保，或改按自费"));
    }
    if let Some(paused) = row.paused_from.filter(|paused| *paused <= day) {
        return refuse(format!("参保自{paused}起暂停（欠费或停保），请到经办机构补缴或办理续保"));
    }
    if day < from {
        return match waiting {
            Some(why) if row.begin <= day => {
                refuse(format!("{}参保，{why}，自{from}起享受待遇，此前费用由个人负担", row.begin))
            }
            _ => refuse(format!("参保自{from}起生效，请核对就医日期，或改按自费")),
        };
    }
    Ok(from)
}

/// From which day a row entitles, and what makes a person wait.
fn entitled_from(
    rows: &[InsuranceRow],
    row: &InsuranceRow,
    scheme: Scheme,
    born: Option<Date>,
    rules: &EntitlementRules,
) -> (Date, Option<String>) {
    let number = |figure: &Option<Figure<i32>>| figure.as_ref().map(|figure| figure.value);
    if let (Some(days), Some(born)) = (number(&rules.newborn_days), born)
        && born <= row.begin
        && row.begin <= later(born, days.days())
    {
        return (born, None);
    }
    let before = rows
        .iter()
        .filter(|other| Scheme::of_insutype(&other.insutype).is_some() && other.begin < row.begin)
        .filter_map(|other| other.last_day().map_or(Some(row.begin), Some))
        .max();
    let without_gap = before.is_some_and(|last| later(last, 1.days()) >= row.begin);
    if without_gap || row.continuous_years >= 1 {
        return (row.begin, None);
    }
    match scheme {
        Scheme::Resident => match number(&rules.waiting_days_outside_campaign) {
            // Who joins in the campaign is insured from the first of January.
            Some(days) if (row.begin.month(), row.begin.day()) != (1, 1) => {
                (later(row.begin, days.days()), Some(format!("属集中参保期外参保，等待期{days}天")))
            }
            _ => (row.begin, None),
        },
        Scheme::Employee => match (before, number(&rules.gap_months_max), number(&rules.waiting_months_after_gap)) {
            (Some(last), Some(gap), Some(wait)) if later(later(last, 1.days()), gap.months()) < row.begin => {
                let why = format!("此前参保止于{last}，中断超过{gap}个月，等待期{wait}个月");
                (later(row.begin, wait.months()), Some(why))
            }
            _ => (row.begin, None),
        },
    }
}

fn later(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}
