//! What an entry's bill still lacks at the platform (明细是否齐全): the facts for [`yibao_domain::register::Bill`].

use crate::call::Stop;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Bill, Entry, EntryLine, LineThere, field};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine};

/// The lines to be sent, or what the entry waits for; `of` is the stay or visit at the platform, where there is one.
pub(crate) fn to_send(
    tx: &mut dyn Tx,
    entry: &Entry,
    kept: &[EntryLine],
    of: Option<&Encounter>,
) -> Result<Result<Vec<EntryLine>, String>, Stop> {
    let there = match of {
        Some(of) => tx.fee_lines(&of.mdtrt_id)?.into_iter().map(line_there).collect(),
        None => Vec::new(),
    };
    let is_visit = entry.kind == RegisterKind::CashVisit;
    let stated = if is_visit || is_stated(tx, entry)? { Some(entry.charged) } else { None };
    let bill = Bill {
        kept,
        there: &there,
        stated: stated.filter(|total| *total > Money::ZERO),
        complete: field::LINES_COMPLETE.of(entry),
        grows: of.is_some() && !is_visit,
    };
    Ok(bill.to_send())
}

/// Whether somebody stated what the care costs; else the entry has it from a settlement.
fn is_stated(tx: &mut dyn Tx, entry: &Entry) -> Result<bool, Stop> {
    if entry.charged == Money::ZERO {
        return Ok(false);
    }
    let states = |action| matches!(action, Action::Register | Action::Correct | Action::Discharge);
    let history = tx.history(&entry.number)?;
    let mut said = history.iter().rev().filter(|event| states(event.action));
    // The last word on it: a correction may have taken the total away.
    let last = said.find(|event| event.fields.contains_key(field::MEDFEE_SUMAMT.name()));
    Ok(last.is_some_and(|event| field::MEDFEE_SUMAMT.is_stated(event)))
}

fn line_there(line: FeeLine) -> LineThere {
    LineThere {
        feedetl_sn: line.feedetl_sn,
        fee_ocur_time: line.fee_ocur_time,
        med_list_codg: line.med_list_codg,
        cnt: line.cnt,
        det_item_fee_sumamt: line.det_item_fee_sumamt,
        open: line.setl_id.is_empty(),
    }
}
