//! When care was (就诊起止): a fee line lies in its encounter, whichever of the two was stated first.

use crate::call::Stop;
use yibao_domain::encounter::{AFTER_DAYS, Astray, FeeTimes};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::{DateTime, moment_text};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting};

/// The times that a fee of an encounter may have. A purchase is over as soon as it is made.
pub(crate) fn fee_times(of: &Encounter, now: DateTime) -> FeeTimes {
    let end = if of.setting == Setting::Pharmacy { Some(of.begntime) } else { of.endtime };
    FeeTimes::of(of.begntime, end, now)
}

/// Refuses a fee that is not one of its care. `which` names the line.
pub(crate) fn must_lie_within(times: &FeeTimes, which: &str, fee: DateTime) -> Result<(), Refusal> {
    let Some(astray) = times.astray(fee) else { return Ok(()) };
    let text = match (astray, times.end) {
        (Astray::Before, _) => format!("早于就诊(入院)时间 {}", moment_text(times.begin)),
        (Astray::After, Some(end)) => {
            format!("晚于出院(购药)时间 {}，最多可晚{AFTER_DAYS}天入账", moment_text(end))
        }
        (Astray::After, None) => "晚于平台当前时间".to_owned(),
    };
    let fee = moment_text(fee);
    let text = format!("{which} 的费用发生时间 fee_ocur_time {fee} {text}；请核对费用时间，或更正就诊起止时间后再办");
    Err(Refusal::new(Code::Dates, text))
}

/// Refuses to settle lines that are not of the care.
pub(crate) fn lines_must_lie_within(times: &FeeTimes, lines: &[FeeLine]) -> Result<(), Stop> {
    for line in lines {
        must_lie_within(times, &named(&line.feedetl_sn), line.fee_ocur_time)?;
    }
    Ok(())
}

/// Refuses new times of an encounter that would leave one of its lines outside.
pub(crate) fn recorded_lines_must_lie_within(tx: &mut dyn Tx, mdtrt_id: &str, times: &FeeTimes) -> Result<(), Stop> {
    match tx.fee_outside(mdtrt_id, times.first(), times.last())? {
        Some((serial, fee)) => Ok(must_lie_within(times, &named(&serial), fee)?),
        None => Ok(()),
    }
}

/// The same where nothing but the beginning has changed: asked only where that has moved the first time of a fee.
pub(crate) fn moved_begin_must_leave_lines(
    tx: &mut dyn Tx,
    before: &Encounter,
    after: &Encounter,
    now: DateTime,
) -> Result<(), Stop> {
    let times = fee_times(after, now);
    if times.first() <= fee_times(before, now).first() {
        return Ok(());
    }
    recorded_lines_must_lie_within(tx, &after.mdtrt_id, &times)
}

fn named(serial: &str) -> String {
    format!("费用明细 {serial}")
}
