//! What the fee lines kept with an entry have to be so that the message of its backfill takes them: in the shape of its fields, with an
//! amount that is quantity times price, and in the time of the care.

use crate::call::Stop;
use crate::encounter::dates;
use yibao_domain::encounter::FeeTimes;
use yibao_domain::outage::Business;
use yibao_domain::register::{Entry, EntryLine};
use yibao_domain::settlement::line::{LINE_AMOUNT_MAX, LineFault, line_fault};
use yibao_domain::time::DateTime;
use yibao_interface::Catalogue;
use yibao_policy::registers::line_fields;
use yibao_store::Tx;

/// What of a line the message of its backfill would refuse, each with label, value and remedy.
pub(crate) fn unfit(entry: &Entry, line: &EntryLine) -> Vec<String> {
    let (infno, node) = match () {
        () if entry.kind.is_stay() => ("2301", "feedetail"),
        () if entry.business.is_within(&Business::named("settlement.pharmacy")) => ("2102", "drugdetail"),
        () => ("2204", "feedetail"),
    };
    let fields = Catalogue::national().transaction(infno).and_then(|message| message.input_node(node));
    let mut problems = Vec::new();
    for own in line_fields() {
        let (name, value) = (own.name.as_str(), value(line, &own.name));
        let of_message = fields.and_then(|fields| fields.field(name)).filter(|_| !value.is_empty());
        if let Some(Err(why)) = of_message.map(|field| field.shaped(&value)) {
            problems.push(format!("“{}”“{value}”{why}；请核对", own.label));
        }
    }
    if problems.is_empty() {
        problems.extend(disagreement(line));
    }
    problems
}

/// Why a line's amount is not its quantity times its price.
fn disagreement(line: &EntryLine) -> Option<String> {
    let EntryLine { cnt, pric, det_item_fee_sumamt: amount, .. } = line;
    Some(match line_fault(*cnt, *pric, *amount)? {
        LineFault::NegativePrice => format!("“单价”“{pric}”为负；退费请填写负的数量"),
        LineFault::NoQuantity => format!("“数量”为0而金额为{amount}；请填写实际数量，退费为负数"),
        LineFault::TooMuch => format!("“明细项目费用总额”“{amount}”超出单条明细上限{LINE_AMOUNT_MAX}；请核对"),
        LineFault::Differs { expected, tolerance } => {
            let tolerance = tolerance.normalize();
            format!("数量{cnt}×单价{pric}={expected}，不等于金额{amount}，超出舍入误差{tolerance}元；请核对")
        }
        LineFault::OutOfRange => format!("数量{cnt}×单价{pric}超出金额范围；请核对"),
    })
}

/// What a line keeps under a name of `registers/lines.tsv` that a field of a message holds by its shape; empty under any other.
fn value(line: &EntryLine, name: &str) -> String {
    match name {
        "feedetl_sn" => line.feedetl_sn.clone(),
        "med_list_codg" => line.med_list_codg.clone(),
        "medins_list_codg" => line.medins_list_codg.clone(),
        "cnt" => line.cnt.to_string(),
        "pric" => line.pric.to_string(),
        "init_feedetl_sn" => line.init_feedetl_sn.clone(),
        "prd_days" => line.prd_days.clone(),
        _ => String::new(),
    }
}

/// The times that a fee of the entry's care may have; `None` where the entry is not about care.
pub(crate) fn fee_times(entry: &Entry, now: DateTime) -> Option<FeeTimes> {
    let purchase = entry.business.is_within(&Business::named("settlement.pharmacy")).then_some(entry.care_from);
    let end = entry.care_until.or(purchase);
    entry.kind.is_settled().then(|| FeeTimes::of(entry.care_from, end, now))
}

/// Lines that are kept already stay within the care when its times are stated anew.
pub(crate) fn must_stay_within(tx: &mut dyn Tx, before: &Entry, after: &Entry, now: DateTime) -> Result<(), Stop> {
    if (before.care_from, before.care_until) == (after.care_from, after.care_until) {
        return Ok(());
    }
    let Some(times) = fee_times(after, now) else { return Ok(()) };
    for line in tx.entry_lines(&after.number)? {
        dates::must_lie_within(&times, &format!("费用明细 {}", line.feedetl_sn), line.fee_ocur_time)?;
    }
    Ok(())
}
