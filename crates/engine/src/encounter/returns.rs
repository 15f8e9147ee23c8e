//! Returns (退费明细) of an encounter's lines, of a purchase or of a register entry: they fit what was charged, or are refused
//! with the way that is left.

use crate::call::Stop;
use std::collections::{BTreeSet, HashSet};
use yibao_domain::money::{Decimal, Money};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::EntryLine;
use yibao_domain::settlement::returns::{Charged, Items, Misfit, Quantity, misfit, misfit_of};
use yibao_store::Tx;
use yibao_store::encounter::{Charges, FeeLine};

/// Refuses lines of a whole bill that take back what was not charged.
pub(crate) fn must_fit(lines: &[FeeLine]) -> Result<(), Stop> {
    answer(misfit(&lines.iter().map(charged).collect::<Vec<_>>()))
}

/// Refuses lines that would be added to an encounter and take back what was not charged there.
pub(crate) fn must_fit_in(tx: &mut dyn Tx, mdtrt_id: &str, new: &[FeeLine]) -> Result<(), Stop> {
    must_fit_beside(tx, mdtrt_id, &new.iter().map(charged).collect::<Vec<_>>())
}

/// The same of lines that are kept with a register entry, which will be added to the encounter at the platform that it is
/// about, `of`; without one they are the whole bill. Lines that are there already are not counted twice.
pub(crate) fn kept_must_fit(tx: &mut dyn Tx, of: Option<&str>, kept: &[EntryLine]) -> Result<(), Stop> {
    let mut lines: Vec<Charged<'_>> = kept.iter().map(charged_by_kept).collect();
    let Some(mdtrt_id) = of else { return answer(misfit(&lines)) };
    if !lines.iter().any(can_take_back) {
        return Ok(());
    }
    let there = tx.charges(mdtrt_id, &Vec::from_iter(lines.iter().map(|line| line.serial)), &[])?.lines;
    let there: HashSet<_> = there.iter().map(|line| same(&charged(line))).collect();
    lines.retain(|line| !there.contains(&same(line)));
    must_fit_beside(tx, mdtrt_id, &lines)
}

/// Whether a line can take something back: only then the lines before it have to be looked at.
fn can_take_back(line: &Charged<'_>) -> bool {
    line.is_return() || !line.returns.is_empty()
}

/// What a line is known for the same by: serial, item, quantity and amount.
fn same<'a>(line: &Charged<'a>) -> (&'a str, &'a str, Decimal, Money) {
    (line.serial, line.item, line.quantity, line.amount)
}

/// Only what the lines name and their items are asked for, and nothing where they only charge.
fn must_fit_beside(tx: &mut dyn Tx, mdtrt_id: &str, new: &[Charged<'_>]) -> Result<(), Stop> {
    if !new.iter().any(can_take_back) {
        return Ok(());
    }
    let named: BTreeSet<&str> = new.iter().map(|line| line.returns).filter(|serial| !serial.is_empty()).collect();
    let of: BTreeSet<&str> = new.iter().map(|line| line.item).collect();
    let there = tx.charges(mdtrt_id, &Vec::from_iter(named.iter().copied()), &Vec::from_iter(of))?;
    let mut items = items(&there);
    for line in new {
        items.add(line.item, line.quantity, line.amount);
    }
    let lines: Vec<Charged<'_>> = judged(&there, &named).chain(new.iter().copied()).collect();
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

fn charged_by_kept(line: &EntryLine) -> Charged<'_> {
    Charged {
        serial: &line.feedetl_sn,
        item: &line.med_list_codg,
        quantity: line.cnt,
        amount: line.det_item_fee_sumamt,
        returns: &line.init_feedetl_sn,
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
