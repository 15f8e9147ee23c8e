//! Whether the platform has settled already what a statement is about (已结算核对): a stop is often declared after it began,
//! and what went through meanwhile is not paid a second time from a register.

use crate::call::Stop;
use crate::facts::EVERY;
use yibao_domain::money::Money;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{
    Duplicate, Entry, Receipt, SettledCare, State, compare_settled, field, must_be_told_from,
};
use yibao_domain::work::Settles;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState, Setting};
use yibao_store::settlement::Settlement;

/// Refuses care whose settlement surely stands, with its number; and what claims more beside a settlement than was paid alone there.
pub(crate) fn refuse_settled(tx: &mut dyn Tx, entry: &Entry) -> Result<(), Stop> {
    if entry.is_of_self_pay() {
        return refuse_beyond_self_pay(tx, entry);
    }
    let same = |(of, settled): &&Found| compare_settled(entry, &care_of(of, settled)) == Duplicate::SameCare;
    match standing(tx, entry)?.iter().find(same) {
        None => Ok(()),
        Some((_, settled)) => {
            let text = format!(
                "该次就诊已在平台结算（结算ID {}，{}）；不能再登记补录或报销，确为另一次就诊的请核对就诊时间和发票号",
                settled.root(),
                settled.setl_time.strftime("%Y-%m-%d %H:%M")
            );
            Err(Refusal::new(Code::AlreadySettled, text).into())
        }
    }
}

/// What somebody paid alone of settled care is claimed up to what the settlements of that care say (全自费金额).
fn refuse_beyond_self_pay(tx: &mut dyn Tx, entry: &Entry) -> Result<(), Stop> {
    let stays = field::CARE_ENDTIME.is_stated(entry);
    let found = standing(tx, entry)?;
    let of_that_care = found.iter().filter(|(of, _)| (of.setting == Setting::Inpatient) == stays);
    let alone: Vec<Money> = of_that_care.map(|(_, settled)| settled.fulamt_ownpay_amt).collect();
    let paid = alone.iter().copied().fold(Money::ZERO, Money::plus);
    let text = match (entry.psn_no.is_empty(), alone.is_empty()) {
        (true, _) => "补报自费项目须按人员编号核对结算；请先核实人员编号，再登记".to_owned(),
        (false, true) => {
            "该人员当日在该机构没有已结算的就诊，没有自费项目可补报；住院的请填写出院时间，尚未结算的请先结算"
                .to_owned()
        }
        (false, false) if paid < entry.charged => {
            format!("申请补报{}元，该次就诊结算中的全自费金额为{paid}元，不能超过；请核对垫付金额", entry.charged)
        }
        (false, false) => return Ok(()),
    };
    Err(Refusal::new(Code::Amount, text).into())
}

/// Settlements that an entry is perhaps the same care as, by their numbers as people read them. What the person's `others`
/// among the entries were settled with is compared by these.
pub(crate) fn suspected(tx: &mut dyn Tx, entry: &Entry, others: &[Entry]) -> Result<Vec<String>, Stop> {
    named(tx, others, entry, |settled| compare_settled(entry, settled) == Duplicate::Suspected)
}

/// Settlements from which people have to tell an entry apart before it is paid.
pub(crate) fn to_be_told_from(tx: &mut dyn Tx, entry: &Entry, others: &[Entry]) -> Result<Vec<String>, Stop> {
    named(tx, others, entry, |settled| must_be_told_from(entry, settled))
}

fn named(
    tx: &mut dyn Tx,
    others: &[Entry],
    entry: &Entry,
    counts: impl Fn(&SettledCare<'_>) -> bool,
) -> Result<Vec<String>, Stop> {
    let has_an_entry =
        |of: &Encounter| others.iter().any(|other| other.state == State::Settled && other.mdtrt_id == of.mdtrt_id);
    let found = standing(tx, entry)?.into_iter();
    let counted = found.filter(|(of, settled)| !has_an_entry(of) && counts(&care_of(of, settled)));
    Ok(counted.map(|(_, settled)| format!("结算{}", settled.root())).collect())
}

/// A visit, purchase or stay, and a settlement of it that stands.
type Found = (Encounter, Settlement);

/// The settlements that stand of care of the entry's person, at its place on its day.
fn standing(tx: &mut dyn Tx, entry: &Entry) -> Result<Vec<Found>, Stop> {
    // What is settled is the provider's own care; papers state whose care they are about.
    let provider = match entry.kind.is_settled() {
        true => entry.fixmedins_code.as_str(),
        false => field::CARE_PROVIDER.of(entry),
    };
    if provider.is_empty() || entry.psn_no.is_empty() {
        return Ok(Vec::new());
    }
    let day = entry.care_from.date();
    let filter = EncounterFilter {
        fixmedins_code: Some(provider.to_owned()),
        psn_no: Some(entry.psn_no.clone()),
        begun_from: Some(day.at(0, 0, 0, 0)),
        begun_to: Some(day.at(23, 59, 59, 0)),
        ..EncounterFilter::default()
    };
    let mut found = Vec::new();
    for of in tx.encounters(&filter, EVERY)? {
        if of.state == EncounterState::Cancelled || !may_be(entry, &of) {
            continue;
        }
        let standing = tx.settlements_of(&of.mdtrt_id)?.into_iter().filter(|row| row.stands());
        found.extend(standing.map(|row| (of.clone(), row.settlement)));
    }
    Ok(found)
}

/// Papers may be about a visit or a stay; a register of the provider knows which.
fn may_be(entry: &Entry, of: &Encounter) -> bool {
    match entry.kind.row().settles {
        Settles::Nothing => true,
        Settles::Visit => of.setting != Setting::Inpatient,
        Settles::Stay => of.setting == Setting::Inpatient,
    }
}

fn care_of<'a>(of: &Encounter, settled: &'a Settlement) -> SettledCare<'a> {
    SettledCare {
        is_stay: of.setting == Setting::Inpatient,
        mid_stay: settled.mid_stay,
        begun: of.begntime,
        receipt: Receipt { provider: &settled.fixmedins_code, code: "", number: &settled.invono },
        charged: settled.medfee_sumamt,
    }
}
