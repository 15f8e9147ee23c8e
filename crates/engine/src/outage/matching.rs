//! A settlement and its register entry (台账对应): whoever settles care that met an outage settles its entry.
//!
//! Loads the person's entries, asks `yibao_domain::register::matching` which is meant and what becomes of it, and records
//! that with the writer. A cancelled settlement gives its entry back. Invariant: the claim right of care is used once,
//! however often and by whatever way it is entered.

use crate::call::{Call, Stop};
use crate::facts::question::{self, Asked};
use crate::facts::{EVERY, entries};
use crate::outage::met::MetOutage;
use crate::outage::way;
use crate::outage::{frozen, kept_bed, later};
use crate::policies::Policies;
use crate::register::draft::begun;
use crate::register::{Actor, writer};
use crate::settlement::cancellation;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Plan, RegisterKind};
use yibao_domain::party::PartyKind;
use yibao_domain::register::matching::{self, Beside, Care, INTERFACE, Paid};
use yibao_domain::register::{
    EarlierLeg, Entry, Filed, Leg, State, by_platform, earlier_leg, orders_legs, suspected_doubles,
};
use yibao_domain::register::{Mark, Split};
use yibao_store::encounter::{Encounter, EncounterState, Setting};
use yibao_store::filing::Filing;
use yibao_store::person::PersonFacts;
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;
use yibao_store::{Fault, Tx};

/// The care of a settlement, as the registers see it.
pub(crate) fn care_of<'a>(call: &'a Call, settlement: &'a Settlement, of: &'a Encounter) -> Care<'a> {
    Care { invono: &settlement.invono, charged: settlement.medfee_sumamt, ..care(call, of) }
}

/// The care of an encounter; what it cost and the receipt are not told yet.
pub(crate) fn care<'a>(call: &'a Call, of: &'a Encounter) -> Care<'a> {
    Care {
        psn_no: &of.psn_no,
        fixmedins_code: &of.fixmedins_code,
        mdtrt_id: &of.mdtrt_id,
        is_stay: of.setting == Setting::Inpatient,
        begun: of.begntime,
        ended: of.endtime,
        invono: "",
        charged: Money::ZERO,
        own: call.origin.entry(),
        redoes: call.origin.redone(),
    }
}

/// The person's entries, as this care sees them: what names a visit that is gone names none. A purchase is gone with its
/// settlement, for what is sold again is a purchase of its own.
fn entries_for(tx: &mut dyn Tx, care: &Care<'_>) -> Result<Vec<Entry>, Stop> {
    let mut found = entries::of_person(tx, care.psn_no)?;
    for entry in found.iter_mut().filter(|entry| matching::names_another_visit(entry, care)) {
        let named = tx.encounter(&entry.mdtrt_id)?;
        if named.is_none_or(|of| of.state == EncounterState::Cancelled || of.setting == Setting::Pharmacy) {
            entry.mdtrt_id.clear();
        }
    }
    Ok(found)
}

/// The entries that care may be, of whatever plan: those of a stay, or the one of a visit. `surely` leaves out what only
/// the day suggests.
pub(crate) fn candidates(tx: &mut dyn Tx, care: &Care<'_>, surely: bool) -> Result<Vec<Entry>, Stop> {
    Ok(matching::candidates(entries_for(tx, care)?, care, surely))
}

/// The entries of the care that is about to be settled; refuses care that another route has.
pub(crate) fn entries_of(
    tx: &mut dyn Tx,
    call: &Call,
    met: &MetOutage,
    settlement: &Settlement,
    of: &Encounter,
) -> Result<Vec<Entry>, Stop> {
    let care = care_of(call, settlement, of);
    let all = entries_for(tx, &care)?;
    let holder = match care.receipt().and_then(|receipt| receipt.key()) {
        Some(key) => tx.claim_holder(&key)?,
        None => None,
    };
    let holder = match holder {
        Some(number) => tx.entry(&number)?,
        None => None,
    };
    let entries = matching::candidates(all.clone(), &care, !met.inside);
    match matching::refused(&care, &entries, &all, holder.as_ref()) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(entries),
    }
}

/// Settles the entries of a settlement that was just recorded, or makes one where there is none.
pub(crate) fn settle(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    met: &MetOutage,
    settlement: &Settlement,
    entries: Vec<Entry>,
    of: &Encounter,
) -> Result<(), Stop> {
    let work = &policies.work;
    let care = care_of(call, settlement, of);
    let paid = Paid {
        setl_id: &settlement.setl_id,
        split: Split { funds: settlement.fund_pay_sumamt, account: settlement.acct_pay, own: settlement.psn_cash_pay },
        insutype: &settlement.insutype,
        med_type: &settlement.med_type,
    };
    let later = later::care(tx, settlement)?;
    let mut entries = entries;
    for kind in matching::missing(met, &entries, !later.is_empty()) {
        let draft = matching::drafted(met, kind, &care, &paid, &call.admdvs, call.now);
        entries.push(add(tx, policies, draft)?);
    }
    let mut remarks = Vec::from_iter(kept_bed::remark(tx, of)?);
    if entries.iter().any(|entry| !entry.came_from().is_empty())
        && let EarlierLeg::NotInSight(refusal) = first_leg(tx, call, policies, of, None)?
    {
        remarks.push(refusal.text);
    }
    let beside = Beside { later, remarks };
    let Some(deeds) = matching::settled(work, met, &care, &paid, &entries, &beside, call.now) else {
        return Err(Fault::new("settling the entries of", &settlement.setl_id, "no step leads there").into());
    };
    for deed in deeds {
        writer::take(tx, &deed, by(call, deed.entry()).as_str(), call.now)?;
        ask_about_certificate(tx, call, policies, deed.entry())?;
    }
    Ok(())
}

/// Makes an entry of care that nobody registered; what it may be a double of is listed.
fn add(tx: &mut dyn Tx, policies: &Policies, mut draft: Entry) -> Result<Entry, Stop> {
    let others = entries::under_number(entries::of_person(tx, &draft.psn_no)?, &draft.psn_no);
    let doubles: Vec<&str> = suspected_doubles(&draft, &others).into_iter().map(|it| it.number.as_str()).collect();
    draft.mark(Mark::Double, doubles.join("、"));
    begin(tx, policies, draft)
}

/// Registers what the platform has drafted.
fn begin(tx: &mut dyn Tx, policies: &Policies, drafted: Entry) -> Result<Entry, Stop> {
    let draft = begun(policies, drafted)?;
    let by = draft.entry().taken_by.as_str();
    writer::add(tx, &policies.pool.pool, by, &draft, &[])
}

/// Puts a paper certificate that the person's attributes do not bear out before the agency, once an entry (B-11).
fn ask_about_certificate(tx: &mut dyn Tx, call: &Call, policies: &Policies, settled: &Entry) -> Result<(), Stop> {
    if settled.marked(Mark::Certificate).is_empty() {
        return Ok(());
    }
    let filter = EntryFilter {
        kind: Some(RegisterKind::Escalation),
        of_entry: Some(settled.number.clone()),
        ..EntryFilter::default()
    };
    let asked = tx.entries(&filter, EVERY)?;
    let Some(draft) = matching::doubt(settled, &asked, &Actor::platform().signature(), call.now) else {
        return Ok(());
    };
    begin(tx, policies, draft).map(drop)
}

/// Cancels a standing settlement that no plan has frozen, and gives its entries back; the account's balance after it.
pub(crate) fn cancel(tx: &mut dyn Tx, call: &Call, policies: &Policies, standing: &Settlement) -> Result<Money, Stop> {
    frozen::refuse(tx, call, policies, standing)?;
    unsettle(tx, call, policies, standing)?;
    cancellation::record(tx, call, policies, standing)
}

/// Gives the entries of a cancelled settlement back.
fn unsettle(tx: &mut dyn Tx, call: &Call, policies: &Policies, cancelled: &Settlement) -> Result<(), Stop> {
    if !concerns(policies, cancelled) {
        return Ok(());
    }
    let filter = EntryFilter { setl_id: Some(cancelled.setl_id.clone()), ..EntryFilter::default() };
    for entry in tx.entries(&filter, EVERY)? {
        if let Some(deed) = by_platform::unsettled(&policies.work, &entry) {
            writer::take(tx, &deed, by(call, &entry).as_str(), call.now)?;
        }
    }
    Ok(())
}

/// Converts a stay back to an insured one (转回医保) as soon as the provider goes on with it: once.
pub(crate) fn restore(tx: &mut dyn Tx, call: &Call, policies: &Policies, of: &Encounter) -> Result<(), Stop> {
    let filter = EntryFilter {
        kind: Some(RegisterKind::StayConversion),
        mdtrt_id: Some(of.mdtrt_id.clone()),
        states: vec![State::Converted],
        ..EntryFilter::default()
    };
    for entry in tx.entries(&filter, EVERY)? {
        let by = by(call, &entry);
        if let Some(deed) = by_platform::restored(&policies.work, &entry, &by, call.now) {
            writer::take(tx, &deed, by.as_str(), call.now)?;
        }
    }
    Ok(())
}

/// Whether a plan of the pool concerns a settlement, from the care on until it was recorded: what was over before the notice may
/// have waited all the same. Entries are asked for only then. A window may have moved since care was registered, so it is not
/// the windows that are asked.
pub(crate) fn concerns(policies: &Policies, settlement: &Settlement) -> bool {
    let (begin, end) = (settlement.begndate, settlement.enddate.max(settlement.setl_time.date()));
    let plans = policies.plans();
    let mut own = plans.iter().filter(|plan| plan.pool == policies.pool.pool);
    own.any(|plan| plan.lasts_between(begin, end))
}

/// What became of the leg before a stay (P-12). `chains` has the transfers that hold for the arrival, where the pool makes up
/// the difference of the legs' deductibles.
pub(crate) fn first_leg(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    of: &Encounter,
    chains: Option<&[Filing]>,
) -> Result<EarlierLeg, Stop> {
    let entries = entries::of_person(tx, &of.psn_no)?;
    let day = of.begntime.date();
    let since = day.saturating_sub(jiff::Span::new().days(400));
    let stays = tx.stays(&of.psn_no, day.year(), since, day)?;
    // Only a hospital that a transfer's entry names is asked about.
    let left: Vec<&str> = entries.iter().map(Entry::came_from).filter(|from| !from.is_empty()).collect();
    let person = if left.is_empty() { None } else { tx.person_facts(&of.psn_no, &[])? };
    let mut legs: Vec<Leg<'_>> = Vec::new();
    for row in stays.iter().filter(|row| row.encounter.state != EncounterState::Cancelled) {
        let is_settled = row.settlements.iter().any(|part| !part.mid_stay);
        let of = &row.encounter;
        let is_left = left.contains(&of.fixmedins_code.as_str());
        legs.push(Leg {
            fixmedins_code: &of.fixmedins_code,
            mdtrt_id: &of.mdtrt_id,
            begun: of.begntime,
            left: of.endtime,
            is_settled,
            goes_another_way: match &person {
                Some(person) if is_left && !is_settled => way::goes_another_way(tx, call, policies, person, of)?,
                _ => false,
            },
        });
    }
    let filed: Option<Vec<Filed<'_>>> = chains.map(|filings| filings.iter().map(as_filed).collect());
    Ok(earlier_leg(&entries, &legs, &care(call, of), filed.as_deref(), &call.provider()?.fixmedins_name))
}

fn as_filed(filing: &Filing) -> Filed<'_> {
    Filed { from: &filing.filed_by, to: &filing.fixmedins_code, begins: filing.begndate, ends: filing.enddate }
}

/// Whether a plan of the pool that concerned the admission orders the legs of a transfer inside the city.
pub(crate) fn legs_are_ordered(call: &Call, policies: &Policies, person: &PersonFacts, of: &Encounter) -> bool {
    let asked = Asked { insutype: &of.insutype, person: Some(person), day: of.begntime.date() };
    let business = Business::named("encounter.transfer");
    let question = question::about(policies, call.provider.as_deref(), "", &asked, business);
    under(policies, of, |plan| orders_legs(plan, &question))
}

/// Whether a plan of the pool concerned the admission.
pub(crate) fn begun_under_a_plan(policies: &Policies, of: &Encounter) -> bool {
    under(policies, of, |_| true)
}

fn under(policies: &Policies, of: &Encounter, says: impl Fn(&Plan) -> bool) -> bool {
    let (plans, day) = (policies.plans(), of.begntime.date());
    let mut own = plans.iter().filter(|plan| plan.pool == policies.pool.pool && plan.lasts_between(day, day));
    own.any(says)
}

/// Who acts on an entry: whoever runs its own backfill or a correction, else the party that sends.
fn by(call: &Call, entry: &Entry) -> String {
    match (call.origin.actor_on(&entry.number), call.party.kind()) {
        (Some(by), _) => by.to_owned(),
        (None, PartyKind::Provider | PartyKind::Platform) => INTERFACE.to_owned(),
        (None, kind) => format!("{}({})", kind.name(), call.party.code()),
    }
}
