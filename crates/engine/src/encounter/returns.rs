//! Returns (退费明细) of an encounter's lines, of a purchase or of a register entry: they fit what was charged, or are refused
//! with the way that is left.

use crate::call::Stop;
use std::collections::HashSet;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::EntryLine;
use yibao_domain::settlement::returns::{Charged, Misfit, Quantity, misfit};
use yibao_store::encounter::FeeLine;

/// Whether a line can take something back: only then the lines before it have to be looked at.
pub(crate) fn takes_back(line: &FeeLine) -> bool {
    charged(line).is_return() || !line.init_feedetl_sn.is_empty()
}

/// Refuses lines that take back what was not charged.
pub(crate) fn must_fit(lines: &[FeeLine]) -> Result<(), Stop> {
    judge(&lines.iter().map(charged).collect::<Vec<_>>())
}

/// The same of lines that are kept with a register entry. Where the platform may have `others` of the care, an original that is not
/// among these is looked for there once they are sent.
pub(crate) fn kept_must_fit(lines: &[EntryLine], others: bool) -> Result<(), Stop> {
    let serials: HashSet<&str> = lines.iter().map(|line| line.feedetl_sn.as_str()).collect();
    let is_judged = |original: &str| !others || serials.contains(original);
    judge(&lines.iter().map(|line| charged_by_kept(line, is_judged(&line.init_feedetl_sn))).collect::<Vec<_>>())
}

fn charged_by_kept(line: &EntryLine, names_original: bool) -> Charged<'_> {
    Charged {
        serial: &line.feedetl_sn,
        item: &line.med_list_codg,
        quantity: line.cnt,
        amount: line.det_item_fee_sumamt,
        returns: if names_original { &line.init_feedetl_sn } else { "" },
    }
}

fn charged(line: &FeeLine) -> Charged<'_> {
    Charged {
        serial: &line.feedetl_sn,
        item: &line.med_list_codg,
        quantity: line.cnt,
        amount: line.det_item_fee_sumamt,
        returns: &line.init_feedetl_sn,
    }
}

fn judge(lines: &[Charged<'_>]) -> Result<(), Stop> {
    let Some(misfit) = misfit(lines) else { return Ok(()) };
    let sums = |charged: Quantity, returned: Quantity| {
        format!("收费数量 {}、金额 {}，累计退 {}、{}", charged.count, charged.amount, returned.count, returned.amount)
    };
    let refusal = match misfit {
        Misfit::NoOriginal { serial, returns } => Refusal::new(
            Code::NotFound,
            format!(
                "退费明细 {serial} 的原流水号 init_feedetl_sn {returns} 不存在、不是收费明细或不是同一项目；\
                 请核对，撤销原明细前先撤销其退费"
            ),
        ),
        Misfit::BeyondOriginal { serial, charged, returned } => Refusal::new(
            Code::Amount,
            format!("明细 {serial} {}，超过原数量或原金额；请核对退费明细", sums(charged, returned)),
        ),
        Misfit::BeyondItem { item, charged, returned } => Refusal::new(
            Code::Amount,
            format!(
                "本次就诊项目 med_list_codg {item} {}，超过已收的数量或金额；请核对退费明细，退另一次就诊的费用请撤销那次结算",
                sums(charged, returned)
            ),
        ),
    };
    Err(refusal.into())
}
