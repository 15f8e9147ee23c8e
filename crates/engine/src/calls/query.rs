//! Queries (查询): 5201-5206 and 5301-5304, from the records as they are.
//!
//! A provider sees its own visits, settlements and lines; a person's totals, qualifications and filings
//! it sees whole, since it settles by them. A range covers whole days.

mod bill;
mod care;
mod person;

use crate::call::{Call, Done, Stop};
use crate::facts::details::Details;
pub(crate) use bill::{drug_use, lines, settlement};
pub(crate) use care::{diagnoses, encounters, in_hospital};
pub(crate) use person::{designated_providers, running_totals, special_diseases, transfers};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::DateTime;
use yibao_interface::{Fields, Output, Record};

/// Rows one answer shows at most; a remark says where more were found.
const SHOWN_MAX: usize = 2_000;

/// A list of records; `cut` where more were found than are shown.
fn listed(node: &'static str, records: Vec<Record>, cut: bool) -> Done {
    let done = Done::with(Output::new().list(node, records));
    if cut { done.remark(format!("结果仅返回前 {SHOWN_MAX} 条；请缩小查询范围")) } else { done }
}

/// Whole days: from the first second of `begntime` to the last of `endtime`, today where it is absent.
fn range(fields: &Fields, call: &Call) -> Result<(DateTime, DateTime), Stop> {
    let from = fields.demand_date("begntime")?;
    let to = fields.date("endtime")?.unwrap_or(call.now.date().max(from));
    if to < from {
        return Err(Refusal::new(
            Code::Dates,
            format!("结束时间 endtime {to} 早于开始时间 begntime {from}；请核对查询范围"),
        )
        .into());
    }
    Ok((from.at(0, 0, 0, 0), to.at(23, 59, 59, 0)))
}

/// The details of these names, as they were stated.
fn copied(mut record: Record, more: &Details, names: &[&'static str]) -> Record {
    for name in names {
        record = record.text(name, more.text(name));
    }
    record
}
