//! A settlement and its outage (停机与结算): the circumstances are worked out before it, its register entry is tied after it.
//!
//! Every settlement goes this way, over the interface, by backfill and when it is made anew. Invariant: what is recorded and what
//! the register says of it are one transaction.

use crate::call::{Call, Origin, Stop};
use crate::facts::question::{self, Asked};
use crate::facts::{care_kind, person, place, scheme};
use crate::outage::account;
use crate::outage::matching;
use crate::outage::met::{self, MetOutage, Settled};
use crate::outage::registered;
use crate::outage::way;
use crate::policies::Policies;
use crate::register::hold;
use crate::settlement::basis::Basis;
use crate::settlement::chain::{self, Legs};
use crate::settlement::circumstances::Circumstances;
use crate::settlement::grounds::Grounds;
use crate::settlement::premises::{History, Premises};
use crate::settlement::prepare::{Prepared, prepare};
use crate::settlement::{self, facts};
use yibao_domain::outage::{Business, Protection, Stood};
use yibao_domain::refusal::Refusal;
use yibao_domain::register::matching::Care;
use yibao_domain::register::{EarlierLeg, Entry};
use yibao_domain::settlement::order::{Bill, Of, Place, after_leg, discharged_at};
use yibao_domain::time::Date;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, Setting};
use yibao_store::filing::Filing;
use yibao_store::person::PersonFacts;
use yibao_store::settlement::Settlement;

/// A settlement that is prepared, with how its care met an outage.
#[derive(Clone)]
pub(crate) struct Settling {
    pub prepared: Prepared,
    met: Option<MetOutage>,
}

/// Prepares a settlement under the circumstances of its care. Its premises are given where it is put in order; else care that
/// met an outage counts at its own time, though not before the leg of a transfer that it came from, and other care when it is
/// recorded (`decisions` 6, 7, 19).
pub(crate) fn prepared(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    mut basis: Basis,
    setl_id: String,
    premises: Option<Premises>,
) -> Result<Settling, Stop> {
    scheme::scheme_of(basis.insutype)?;
    let periods = facts::periods(basis.end);
    let person = person::local_facts(tx, call, policies, &basis.encounter.psn_no, &periods)?;
    let set_aside = account::set_aside(call, policies, &person, &mut basis);
    let mut met = how_met(tx, call, policies, &basis, &person)?;
    let excuses = |filing: &Filing, after: &Encounter| excused(call, policies, &person, basis.end, filing, after);
    let of_leg = |tx: &mut dyn Tx, leg: &Encounter| way::goes_another_way(tx, call, policies, &person, leg);
    let premises = match (premises, &mut met) {
        (None, Some(met)) => {
            let balance = person.balance.unwrap_or_default();
            let history = History::load(tx, &basis.encounter.psn_no, met.counts_at.date())?;
            let legs = Legs { first_leg: None, excuses: &excuses, goes_another_way: &of_leg };
            let before = if basis.stay_goes_on == Some(false) {
                chain::legs_before(tx, policies, &basis, &legs)?
            } else {
                Vec::new()
            };
            met.counts_at = after_leg(met.counts_at, history.latest_of(&before));
            let bill = Bill {
                encounter: &basis.encounter.mdtrt_id,
                batch: basis.chrg_bchno,
                provider: &basis.encounter.fixmedins_code,
            };
            Some(history.before(Place { at: met.counts_at, of: Of::New(bill) }, balance, balance))
        }
        (premises, _) => premises,
    };
    let of = basis.encounter;
    let (place, filing) =
        place::place_and_filing(tx, policies, call.provider()?, &person, basis.insutype, of.begntime.date())?;
    let held = hold::standing(tx, policies, &of.psn_no, of.begntime)?;
    let first_leg = first_leg(tx, call, policies, &person, &basis, premises.is_some(), &excuses)?;
    let legs = Legs { first_leg, excuses: &excuses, goes_another_way: &of_leg };
    let circumstances = Circumstances { place, filing, premises, held };
    let grounds = Grounds::load(tx, call, policies, &basis, &person, &circumstances, &legs)?;
    let mut prepared = prepare(call, policies, basis, person, &circumstances, grounds, setl_id)?;
    prepared.remarks.extend(set_aside);
    Ok(Settling { prepared, met })
}

impl Settling {
    /// The register entries of the care; refuses what another route has taken.
    pub fn entries(&self, tx: &mut dyn Tx, call: &Call, of: &Encounter) -> Result<Vec<Entry>, Stop> {
        match &self.met {
            Some(met) => matching::entries_of(tx, call, met, &self.prepared.settlement, of),
            None => Ok(Vec::new()),
        }
    }

    /// Settles those entries with the settlement that was just recorded.
    pub fn tie(
        &self,
        tx: &mut dyn Tx,
        call: &Call,
        policies: &Policies,
        entries: Vec<Entry>,
        of: &Encounter,
    ) -> Result<(), Stop> {
        match &self.met {
            Some(met) => matching::settle(tx, call, policies, met, &self.prepared.settlement, entries, of),
            None => Ok(()),
        }
    }

    /// Records it with its entries.
    pub fn record(&self, tx: &mut dyn Tx, call: &Call, policies: &Policies, of: &Encounter) -> Result<(), Stop> {
        let entries = self.entries(tx, call, of)?;
        settlement::record(tx, &self.prepared)?;
        self.tie(tx, call, policies, entries, of)
    }
}

/// Records a settlement again whose cancellation is undone, with its entries.
pub(crate) fn restore(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    person: &PersonFacts,
    again: &Settlement,
    serials: &[String],
) -> Result<(), Stop> {
    let Some((met, of)) = how_restored_met(tx, call, policies, person, again)? else {
        return Ok(tx.record_settlement(again, serials)?);
    };
    let entries = matching::entries_of(tx, call, &met, again, &of)?;
    tx.record_settlement(again, serials)?;
    matching::settle(tx, call, policies, &met, again, entries, &of)
}

/// Why another leg of the stay's transfer comes first: asked where the stay counts at another time than now, and where it was begun
/// under a plan, where that or the pool orders the legs, because the leg that was left may be known to a register alone.
fn first_leg(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    person: &PersonFacts,
    basis: &Basis,
    is_put_in_order: bool,
    excuses: &dyn Fn(&Filing, &Encounter) -> bool,
) -> Result<Option<Refusal>, Stop> {
    if basis.stay_goes_on.is_none() {
        return Ok(None);
    }
    let encounter = basis.encounter;
    let chains = chain::makes_up_difference(&policies.rules_on(basis.end), scheme::scheme_of(&encounter.insutype)?);
    let is_ordered = matching::legs_are_ordered(call, policies, person, encounter);
    if !(is_put_in_order || is_ordered || (chains && matching::begun_under_a_plan(policies, encounter))) {
        return Ok(None);
    }
    let filings = if chains { Some(chain::transfers_to(tx, encounter, excuses)?) } else { None };
    Ok(match matching::first_leg(tx, call, policies, encounter, filings.as_deref())? {
        EarlierLeg::Open(refusal) => Some(refusal),
        EarlierLeg::NotInSight(refusal) if is_put_in_order && is_ordered => Some(refusal),
        EarlierLeg::Fine | EarlierLeg::NotInSight(_) => None,
    })
}

/// How the care met an outage: by its time, else by the entry that was made of it.
fn how_met(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    basis: &Basis,
    person: &PersonFacts,
) -> Result<Option<MetOutage>, Stop> {
    let settled = settled_care(tx, call, basis, person)?;
    if let Some(met) = met::by_plan(policies, &settled) {
        // What is only made anew is as late as it was when it was entered.
        let late = met.late.filter(|_| call.origin.redone().is_none());
        return Ok(Some(MetOutage { late, ..met }));
    }
    let care = Care { invono: basis.invono, charged: basis.medfee_sumamt, ..matching::care(call, basis.encounter) };
    registered::by_entry(tx, policies, &settled, &care, &call.origin)
}

/// The care that is settled, as the outage sees it.
fn settled_care<'a>(
    tx: &mut dyn Tx,
    call: &'a Call,
    basis: &'a Basis,
    person: &'a PersonFacts,
) -> Result<Settled<'a>, Stop> {
    let encounter = basis.encounter;
    let is_over = basis.stay_goes_on == Some(false);
    Ok(Settled {
        provider: call.provider()?,
        person,
        insutype: basis.insutype,
        setting: encounter.setting,
        kind: basis.kind,
        begntime: encounter.begntime,
        endtime: is_over.then(|| discharged_at(encounter.begntime, encounter.endtime, basis.end)),
        stood: if is_over { stood(tx, &encounter.mdtrt_id)? } else { Vec::new() },
        now: call.now,
    })
}

/// The settlements that have ended a stay so far.
fn stood(tx: &mut dyn Tx, mdtrt_id: &str) -> Result<Vec<Stood>, Stop> {
    let past = tx.settlements_of(mdtrt_id)?;
    let ending = past.iter().filter(|past| !past.settlement.mid_stay);
    let stood = ending.map(|past| Stood {
        recorded: past.settlement.setl_time,
        cancelled: past.cancellation.as_ref().map(|cancellation| cancellation.at),
    });
    Ok(stood.collect())
}

/// How the care of a settlement that is put back met an outage.
fn how_restored_met(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    person: &PersonFacts,
    again: &Settlement,
) -> Result<Option<(MetOutage, Encounter)>, Stop> {
    if !matching::concerns(policies, again) {
        return Ok(None);
    }
    let Some(of) = tx.encounter(&again.mdtrt_id)? else { return Ok(None) };
    let is_over = of.setting == Setting::Inpatient && !again.mid_stay;
    let settled = Settled {
        provider: call.provider()?,
        person,
        insutype: &again.insutype,
        setting: of.setting,
        kind: care_kind::kind_of(policies, &again.med_type)?,
        begntime: of.begntime,
        endtime: is_over.then(|| discharged_at(of.begntime, of.endtime, again.enddate)),
        stood: if is_over { stood(tx, &again.mdtrt_id)? } else { Vec::new() },
        now: call.now,
    };
    let met = match met::by_plan(policies, &settled) {
        Some(met) => Some(met),
        None => {
            // What is put back was settled before, be it by a backfill.
            let platform = Origin::Correction { by: String::new(), of: String::new() };
            registered::by_entry(tx, policies, &settled, &matching::care_of(call, again, &of), &platform)?
        }
    };
    Ok(met.map(|met| (met, of)))
}

/// Whether an outage kept the filing from being made when the person arrived, and the plan prices it as if it had been.
fn excused(
    call: &Call,
    policies: &Policies,
    person: &PersonFacts,
    day: Date,
    filing: &Filing,
    after: &Encounter,
) -> bool {
    let asked = Asked { insutype: &after.insutype, person: Some(person), day };
    let question = question::about(policies, call.provider.as_deref(), "", &asked, Business::named("filing.transfer"));
    policies.plans().iter().filter(|plan| question.concerns(&plan.pool)).any(|plan| {
        let promise = plan.held_harmless(&question, after.begntime, filing.filed_at, &policies.calendar);
        promise.is_some_and(|promise| promise.protects.contains(&Protection::Deductible))
    })
}
