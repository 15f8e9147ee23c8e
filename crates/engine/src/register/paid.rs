//! Whether the platform has settled already what a statement is about (已结算核对): a stop is often declared after it began,
//! and what went through meanwhile is not paid a second time from a register.

use crate::facts::EVERY;
use crate::register::NotDone;
use yibao_domain::refusal::Code;
use yibao_domain::register::{Entry, Receipt, SamePaper, field};
use yibao_domain::time::DateTime;
use yibao_domain::work::Settles;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState, Setting};
use yibao_store::settlement::Settlement;

/// Refuses care whose settlement stands, with its number.
pub(crate) fn refuse_settled(tx: &mut dyn Tx, entry: &Entry) -> Result<(), NotDone> {
    // What is settled is the provider's own care; papers state whose care they are about.
    let provider = match entry.kind.is_settled() {
        true => entry.fixmedins_code.as_str(),
        false => field::CARE_PROVIDER.of(entry),
    };
    if provider.is_empty() || entry.psn_no.is_empty() {
        return Ok(());
    }
    let day = entry.care_from.date();
    let filter = EncounterFilter {
        fixmedins_code: Some(provider.to_owned()),
        psn_no: Some(entry.psn_no.clone()),
        begun_from: Some(day.at(0, 0, 0, 0)),
        begun_to: Some(day.at(23, 59, 59, 0)),
        ..EncounterFilter::default()
    };
    for of in tx.encounters(&filter, EVERY)? {
        if of.state == EncounterState::Cancelled || !may_be(entry, &of) {
            continue;
        }
        let standing = tx.settlements_of(&of.mdtrt_id)?.into_iter().filter(|row| row.stands());
        let mut standing = standing.map(|row| row.settlement);
        if let Some(settled) = standing.find(|settled| is_same(entry, &of, settled)) {
            let text = format!(
                "该次就诊已在平台结算(结算ID {},{});不能再登记补录或报销,确为另一次就诊的请核对就诊时间和发票号",
                settled.root(),
                settled.setl_time.strftime("%Y-%m-%d %H:%M")
            );
            return Err(NotDone::refused(Code::AlreadySettled, text));
        }
    }
    Ok(())
}

/// Papers may be about a visit or a stay; a register of the provider knows which.
fn may_be(entry: &Entry, of: &Encounter) -> bool {
    match entry.kind.row().settles {
        Settles::Nothing => true,
        Settles::Visit => of.setting != Setting::Inpatient,
        Settles::Stay => of.setting == Setting::Inpatient,
    }
}

/// A stay is one stay. Visits of a day are told apart by their invoices, else by the minute and by what they cost.
fn is_same(entry: &Entry, of: &Encounter, settled: &Settlement) -> bool {
    if of.setting == Setting::Inpatient {
        return !settled.mid_stay;
    }
    let told = Receipt { provider: &settled.fixmedins_code, code: "", number: &settled.invono };
    if let Some(stated) = entry.receipt().filter(|_| !settled.invono.is_empty()) {
        return stated.compare(&told) == SamePaper::Yes;
    }
    minute(entry.care_from) == minute(of.begntime) || entry.charged == settled.medfee_sumamt
}

fn minute(moment: DateTime) -> (yibao_domain::time::Date, i8, i8) {
    (moment.date(), moment.hour(), moment.minute())
}
