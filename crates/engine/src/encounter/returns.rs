//! Returns (退费明细) of an encounter's lines, of a purchase or of a register entry: they fit what was charged, or are refused
//! with the way that is left.

use crate::call::Stop;
use std::collections::{BTreeSet, HashSet};
use yibao_domain::money::Decimal;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::EntryLine;
use yibao_domain::settlement::returns::{Charged, Items, Misfit, Quantity, misfit, misfit_of};
use yibao_store::Tx;
use yibao_store::encounter::{Charges, FeeLine};

/// Whether a line can take something back: only then the lines before it have to be looked at.
pub(crate) fn takes_back(line: &FeeLine) -> bool {
    charged(line).is_return() || !line.init_feedetl_sn.is_empty()
}

/// Refuses lines of a whole bill that take back what was not charged.
pub(crate) fn must_fit(lines: &[FeeLine]) -> Result<(), Stop> {
    answer(misfit(&lines.iter().map(charged).collect::<Vec<_>>()))
}

/// Refuses lines that would be added to an encounter and take back what was not charged there. Only what they name and
/// their items are asked for.
pub(crate) fn must_fit_in(tx: &mut dyn Tx, mdtrt_id: &str, new: &[FeeLine]) -> Result<(), Stop> {
    let named: BTreeSet<&str> = new.iter().map(|line| &*line.init_feedetl_sn).filter(|sn| !sn.is_empty()).collect();
    let of: BTreeSet<&str> = new.iter().map(|line| &*line.med_list_codg).collect();
    let there = tx.charges(mdtrt_id, &Vec::from_iter(named.iter().copied()), &Vec::from_iter(of))?;
    let mut items = items(&there);
    for line in new {
        items.add(&line.med_list_codg, line.cnt, line.det_item_fee_sumamt);
    }
    let lines: Vec<Charged<'_>> = judged(&there, &named).chain(new.iter().map(charged)).collect();
    answer(misfit_of(&lines, &items))
}

/// Refuses that lines, by serial and item, were taken out of an encounter from under their returns.
pub(crate) fn must_fit_without(tx: &mut dyn Tx, mdtrt_id: &str, gone: &[(String, String)]) -> Result<(), Stop> {
    if gone.is_empty() {
        return Ok(());
    }
    let serials: BTreeSet<&str> = gone.iter().map(|(serial, _)| &**serial).collect();
    let of: BTreeSet<&str> = gone.iter().map(|(_, item)| &**item).collect();
    let there = tx.charges(mdtrt_id, &Vec::from_iter(serials.iter().copied()), &Vec::from_iter(of))?;
    let lines: Vec<Charged<'_>> = judged(&there, &serials).collect();
    answer(misfit_of(&lines, &items(&there)))
}

/// The lines that were asked for; what others of them name was looked at when they came.
fn judged<'a>(there: &'a Charges, named: &BTreeSet<&str>) -> impl Iterator<Item = Charged<'a>> {
    there.lines.iter().map(|line| {
        let own = charged(line);
        Charged { returns: if named.contains(own.returns) { own.returns } else { "" }, ..own }
    })
}

fn items(there: &Charges) -> Items<'_> {
    let mut items = Items::default();
    for of in &there.items {
        items.add(&of.med_list_codg, of.cnt * Decimal::from(of.lines), of.det_item_fee_sumamt);
    }
    items
}

/// The same of lines that are kept with a register entry. Where the platform may have `others` of the care, an original that is not
/// among these is looked for there once they are sent.
pub(crate) fn kept_must_fit(lines: &[EntryLine], others: bool) -> Result<(), Stop> {
    let serials: HashSet<&str> = lines.iter().map(|line| line.feedetl_sn.as_str()).collect();
    let is_judged = |original: &str| !others || serials.contains(original);
    answer(misfit(
        &lines.iter().map(|line| charged_by_kept(line, is_judged(&line.init_feedetl_sn))).collect::<Vec<_>>(),
    ))
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

fn answer(misfit: Option<Misfit<'_>>) -> Result<(), Stop> {
    let Some(misfit) = misfit else { return Ok(()) };
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
