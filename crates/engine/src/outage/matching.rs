//! A settlement and its register entry (台账对应): whoever settles care that met an outage settles its entry.
//!
//! The entry is that of the same provider, person and day of care; invoices tell two of a day apart. Care without one gets
//! one, so that the closing sum counts it. What another route has taken is refused with that entry's number, and a
//! cancelled settlement gives its entry back. Invariant: the claim right of care is used once, however often and by whatever
//! way it is entered.

use crate::call::{Call, Stop};
use crate::outage::met::{self, MetOutage};
use crate::outage::{kept_bed, later};
use crate::policies::Policies;
use crate::register::record::REMARK;
use crate::settlement::cancellation;
use std::collections::BTreeMap;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, CARE, Entry, Event, Role, Source, State, claim_keys, invoice_key, step};
use yibao_domain::time::{Date, DateTime, moment_text};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, Setting};
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;

/// Who acts on an entry where a provider's message does.
const INTERFACE: &str = "国家接口";
/// Who asks where nobody does.
const PLATFORM: &str = "平台";
/// What is wrong with a certificate that the person's attributes do not bear out.
const NOT_REGISTERED_POOR: &str = "凭纸质身份证明收治,补录核验时未标识为建档立卡脱贫人口,请核实证明";
/// Entries of one person that are looked at, at most.
const OF_PERSON_MAX: usize = 500;

/// What a settlement says that tells its entry from others.
pub(crate) struct Sought<'a> {
    pub psn_no: &'a str,
    pub fixmedins_code: &'a str,
    pub invono: &'a str,
    pub charged: Money,
    /// The message that settles.
    pub msgid: &'a str,
}

impl<'a> Sought<'a> {
    pub fn by(settlement: &'a Settlement) -> Sought<'a> {
        Sought {
            psn_no: &settlement.psn_no,
            fixmedins_code: &settlement.fixmedins_code,
            invono: &settlement.invono,
            charged: settlement.medfee_sumamt,
            msgid: &settlement.msgid,
        }
    }

    /// Whether an entry's own backfill settles.
    pub fn is_own_backfill(&self, pool: &Pool) -> bool {
        self.msgid.strip_prefix("TJ").is_some_and(|rest| rest.starts_with(pool.as_str()))
    }
}

/// The entries that care may be, of whatever plan: those of a stay, or the one of a visit. `surely` leaves out what only
/// the day suggests.
pub(crate) fn candidates(
    tx: &mut dyn Tx,
    sought: &Sought<'_>,
    of: &Encounter,
    surely: bool,
) -> Result<Vec<Entry>, Stop> {
    let filter = EntryFilter {
        psn_no: Some(sought.psn_no.to_owned()),
        fixmedins_code: Some(sought.fixmedins_code.to_owned()),
        care_day: Some(of.begntime.date()),
        ..EntryFilter::default()
    };
    let fitting = tx.entries(&filter, OF_PERSON_MAX)?.into_iter().filter(|entry| fits(entry, of));
    let candidates: Vec<Entry> = fitting.filter(|entry| entry.state != State::Withdrawn).collect();
    if of.setting == Setting::Inpatient {
        return Ok(candidates);
    }
    Ok(the_one(candidates, sought, of, surely).into_iter().collect())
}

/// The entries of the care that is about to be settled; refuses care that another route has.
pub(crate) fn entries_of(
    tx: &mut dyn Tx,
    met: &MetOutage,
    settlement: &Settlement,
    of: &Encounter,
) -> Result<Vec<Entry>, Stop> {
    refuse_papers(tx, settlement, of)?;
    if !settlement.invono.is_empty() {
        refuse_invoice_elsewhere(tx, settlement)?;
    }
    let candidates = candidates(tx, &Sought::by(settlement), of, !met.inside)?;
    for entry in &candidates {
        refuse_taken(entry)?;
    }
    Ok(candidates)
}

/// Settles the entries of a settlement that was just recorded, or makes one where there is none. A stay that was to be
/// converted is in that list too: without it nobody converted it (B-02).
pub(crate) fn settle(
    tx: &mut dyn Tx,
    call: &Call,
    pool: &Pool,
    met: &MetOutage,
    settlement: &Settlement,
    entries: Vec<Entry>,
    of: &Encounter,
) -> Result<(), Stop> {
    let mut entries = entries;
    let is_conversion = |entry: &Entry| entry.kind == RegisterKind::StayConversion;
    let later = later::care(tx, settlement)?;
    // What only waited for the reopening is written down where its order has to be put right.
    let keeps_the_mark = entries.is_empty() && !met.converts && !later.is_empty();
    if (met.inside || keeps_the_mark) && entries.iter().all(is_conversion) {
        entries.push(add(tx, call, pool, met, met.kind, settlement, of)?);
    }
    if met.converts && !entries.iter().any(is_conversion) {
        entries.push(add(tx, call, pool, met, RegisterKind::StayConversion, settlement, of)?);
    }
    let kept_bed = kept_bed::remark(tx, of)?;
    let refunded_elsewhere = entries.iter().any(|entry| !is_conversion(entry));
    for entry in entries {
        let mut fields = BTreeMap::from([("setl_id".to_owned(), settlement.setl_id.clone())]);
        let mut details = entry.details.clone();
        // A stay in two registers is marked once.
        let later: &[String] = if is_conversion(&entry) && refunded_elsewhere { &[] } else { &later };
        if !later.is_empty() {
            fields.insert(later::LATER.to_owned(), later.join("、"));
        }
        later::mark(&mut details, later);
        if let Some(due) = met.late {
            let late = format!("期限{},于{}补录", moment_text(due), moment_text(call.now));
            fields.insert("late".to_owned(), late.clone());
            details.insert("late".to_owned(), late);
        }
        if entry.kind == RegisterKind::StayConversion && entry.state == State::Waiting {
            let fault = "停办时未转自费收治(差错)".to_owned();
            fields.insert("fault".to_owned(), fault.clone());
            details.insert("fault".to_owned(), fault);
        }
        if let Some(remark) = kept_bed.as_ref().filter(|_| !is_conversion(&entry)) {
            fields.insert(REMARK.to_owned(), remark.clone());
        }
        let doubted = !entry.field("certificate_issuer").is_empty() && !met.registered_poor;
        if doubted {
            fields.insert("certificate".to_owned(), NOT_REGISTERED_POOR.to_owned());
            details.insert("certificate".to_owned(), NOT_REGISTERED_POOR.to_owned());
        }
        let mut settled = Entry {
            state: State::Settled,
            setl_id: settlement.setl_id.clone(),
            mdtrt_id: settlement.mdtrt_id.clone(),
            // What nobody stated when it was registered, the settlement knows.
            charged: if entry.charged == Money::ZERO && !(is_conversion(&entry) && refunded_elsewhere) {
                settlement.medfee_sumamt
            } else {
                entry.charged
            },
            // A stay in two registers is refunded once.
            refunded: if is_conversion(&entry) && refunded_elsewhere {
                Money::ZERO
            } else {
                settlement.fund_pay_sumamt.plus(settlement.acct_pay)
            },
            reason: String::new(),
            care_until: entry.care_until.or(of.endtime),
            details,
            version: entry.version + 1,
            ..entry.clone()
        };
        if settled.invono.is_empty() && !settlement.invono.is_empty() {
            settled.invono.clone_from(&settlement.invono);
        }
        take_claims(tx, &settled)?;
        tx.update_entry(&settled)?;
        add_event(tx, call, &settled, Action::Settle, fields)?;
        if doubted {
            doubt_certificate(tx, call, pool, &settled)?;
        }
    }
    Ok(())
}

/// Puts a paper certificate that the person's attributes do not bear out before the agency, once an entry (B-11).
fn doubt_certificate(tx: &mut dyn Tx, call: &Call, pool: &Pool, of: &Entry) -> Result<(), Stop> {
    let filter = EntryFilter {
        plan: Some(of.plan.clone()),
        kind: Some(RegisterKind::Escalation),
        psn_no: Some(of.psn_no.clone()),
        ..EntryFilter::default()
    };
    if tx.entries(&filter, OF_PERSON_MAX)?.iter().any(|asked| asked.field("of_entry") == of.number) {
        return Ok(());
    }
    let serial = tx.next_serial("register")?;
    let details = [
        ("of_entry", of.number.as_str()),
        ("psn_name", of.field("psn_name")),
        ("subject", NOT_REGISTERED_POOR),
        ("asked_by", PLATFORM),
        ("tel", of.field("tel")),
    ];
    let stated = details.into_iter().filter(|(_, value)| !value.is_empty());
    let asked = Entry {
        number: format!("TJ{pool}-{}-{serial:06}", call.now.year()),
        kind: RegisterKind::Escalation,
        mdtrt_id: String::new(),
        care_from: call.now,
        care_until: None,
        invono: String::new(),
        charged: Money::ZERO,
        refunded: Money::ZERO,
        setl_id: String::new(),
        state: State::Waiting,
        reason: String::new(),
        source: Source::Worklist,
        taken_at: call.now,
        taken_by: PLATFORM.to_owned(),
        details: stated.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        version: 1,
        ..of.clone()
    };
    tx.add_entry(&asked)?;
    append(tx, &asked, Action::Register, PLATFORM, call.now, asked.details.clone())
}

/// Cancels a standing settlement and gives its entries back; the account's balance after it.
pub(crate) fn cancel(tx: &mut dyn Tx, call: &Call, policies: &Policies, standing: &Settlement) -> Result<Money, Stop> {
    unsettle(tx, call, policies, standing)?;
    cancellation::record(tx, call, policies, standing)
}

/// Gives the entries of a cancelled settlement back.
fn unsettle(tx: &mut dyn Tx, call: &Call, policies: &Policies, cancelled: &Settlement) -> Result<(), Stop> {
    if !concerns(policies, cancelled.begndate, cancelled.enddate) {
        return Ok(());
    }
    let filter = EntryFilter { setl_id: Some(cancelled.setl_id.clone()), ..EntryFilter::default() };
    for entry in tx.entries(&filter, OF_PERSON_MAX)? {
        let Some(step) = step(entry.kind, entry.state, Action::Unsettle, Role::Platform) else { continue };
        let open = Entry {
            state: step.to.unwrap_or(entry.state),
            setl_id: String::new(),
            refunded: Money::ZERO,
            version: entry.version + 1,
            ..entry
        };
        tx.update_entry(&open)?;
        let fields = BTreeMap::from([("setl_id".to_owned(), cancelled.setl_id.clone())]);
        add_event(tx, call, &open, Action::Unsettle, fields)?;
    }
    Ok(())
}

/// Converts a stay back to an insured one (转回医保) as soon as the provider goes on with it: once.
pub(crate) fn restore(tx: &mut dyn Tx, call: &Call, of: &Encounter) -> Result<(), Stop> {
    let filter = EntryFilter {
        kind: Some(RegisterKind::StayConversion),
        mdtrt_id: Some(of.mdtrt_id.clone()),
        states: vec![State::Converted],
        ..EntryFilter::default()
    };
    for entry in tx.entries(&filter, OF_PERSON_MAX)? {
        let mut details = entry.details.clone();
        details.insert("restored_at".to_owned(), moment_text(call.now));
        details.insert("restored_by".to_owned(), by(call, &entry));
        let restored = Entry { state: State::Restored, details, version: entry.version + 1, ..entry };
        tx.update_entry(&restored)?;
        let fields = BTreeMap::from([("restored_at".to_owned(), moment_text(call.now))]);
        add_event(tx, call, &restored, Action::ConvertBack, fields)?;
    }
    Ok(())
}

/// Whether a plan of the pool concerns care between these days; entries are asked for only then. A window may have moved
/// since care was registered, so it is not the windows that are asked.
pub(crate) fn concerns(policies: &Policies, begin: Date, end: Date) -> bool {
    let plans = policies.plans();
    let mut own = plans.iter().filter(|plan| plan.pool == policies.pool.pool);
    own.any(|plan| plan.lasts_between(begin, end))
}

/// Why a leg of a transfer has to wait whose earlier leg is in a register and not settled (P-12): the leg that the transfer's entry
/// names, and where the pool makes up the difference of deductibles, any that was left for another hospital just before.
pub(crate) fn first_leg(tx: &mut dyn Tx, call: &Call, of: &Encounter, chains: bool) -> Result<Option<Refusal>, Stop> {
    let filter = EntryFilter { psn_no: Some(of.psn_no.clone()), ..EntryFilter::default() };
    let entries = tx.entries(&filter, OF_PERSON_MAX)?;
    let day = of.begntime.date();
    let its_own = |entry: &&Entry| {
        entry.kind == RegisterKind::Transfer
            && entry.fixmedins_code == of.fixmedins_code
            && entry.care_from.date() == day
    };
    let from_provider = entries.iter().find(its_own).map_or("", |entry| entry.field("from_provider"));
    let open_leg = entries.iter().find(|entry| {
        let is_stay = CARE.contains(&entry.kind) && entry.kind != RegisterKind::CashVisit;
        let just_left = entry
            .care_until
            .is_some_and(|left| left.date() == day || left.date().tomorrow().is_ok_and(|next| next == day));
        let transferred = chains && just_left && matches!(entry.field("dscg_way"), "2" | "3");
        is_stay
            && entry.fixmedins_code != of.fixmedins_code
            && entry.care_from <= of.begntime
            && !entry.state.is_final()
            && (entry.fixmedins_code == from_provider || transferred)
    });
    Ok(open_leg.map(|leg| {
        Refusal::new(
            Code::WrongState,
            format!(
                "转院前的住院(台账 {},机构 {})尚未补录结算;请先由转出医院结算,再由{}结算",
                leg.number, leg.fixmedins_code, call.provider.fixmedins_name
            ),
        )
    }))
}

fn fits(entry: &Entry, of: &Encounter) -> bool {
    if of.setting != Setting::Inpatient {
        return entry.kind == RegisterKind::CashVisit;
    }
    let its_own = entry.mdtrt_id.is_empty() || entry.mdtrt_id == of.mdtrt_id;
    CARE.contains(&entry.kind) && entry.kind != RegisterKind::CashVisit && its_own
}

/// Of several visits of a day, the one that is meant: the one that is being backfilled, else by invoice, then by minute,
/// then by what was charged.
fn the_one(candidates: Vec<Entry>, sought: &Sought<'_>, of: &Encounter, surely: bool) -> Option<Entry> {
    if let Some(own) = candidates.iter().find(|entry| sought.msgid.starts_with(&entry.number)) {
        return Some(own.clone());
    }
    let same_invoice = |entry: &Entry| !entry.invono.is_empty() && entry.invono == sought.invono;
    if let Some(found) = candidates.iter().find(|entry| same_invoice(entry)) {
        return Some(found.clone());
    }
    let tells_apart = |entry: &&Entry| entry.invono.is_empty() || sought.invono.is_empty();
    let alike: Vec<&Entry> = candidates.iter().filter(tells_apart).collect();
    let same_minute = |entry: &&&Entry| entry.care_from == of.begntime;
    let same_charge = |entry: &&&Entry| entry.charged == sought.charged && entry.state != State::Settled;
    let open = |entry: &&&Entry| !surely && !entry.state.is_final();
    let found = alike.iter().find(same_minute).or_else(|| alike.iter().find(same_charge));
    found.or_else(|| alike.iter().find(open)).map(|entry| (*entry).clone())
}

/// Refuses what the entry's state gives to another route, or what the agency has refused.
fn refuse_taken(entry: &Entry) -> Result<(), Stop> {
    match entry.state {
        State::Reimbursing | State::Reimbursed => Err(met::taken(&entry.number, entry.state.name())),
        State::Settled => Err(met::taken(&entry.number, &format!("已结算(结算ID {})", entry.setl_id))),
        State::Refused | State::SelfPaid => Err(Refusal::new(
            Code::WrongState,
            format!(
                "台账 {} 为“{}”({});如需补录结算,请先由经办机构重新打开该台账",
                entry.number,
                entry.state.name(),
                entry.reason
            ),
        )
        .into()),
        _ => Ok(()),
    }
}

/// Refuses care whose papers are with the agency for manual reimbursement.
fn refuse_papers(tx: &mut dyn Tx, settlement: &Settlement, of: &Encounter) -> Result<(), Stop> {
    let filter = EntryFilter {
        kind: Some(RegisterKind::Papers),
        psn_no: Some(settlement.psn_no.clone()),
        ..EntryFilter::default()
    };
    let day = of.begntime.date().to_string();
    for papers in tx.entries(&filter, OF_PERSON_MAX)? {
        let same_care = papers.field("care_provider") == settlement.fixmedins_code
            && papers.field("care_begntime").starts_with(&day);
        // Another invoice may be another visit; a stay is one stay.
        let other_invoice = of.setting != Setting::Inpatient
            && !papers.invono.is_empty()
            && !settlement.invono.is_empty()
            && invoice_key(&papers.invono) != invoice_key(&settlement.invono);
        if same_care && !other_invoice && papers.state.keeps_claim() {
            return Err(met::taken(&papers.number, papers.state.name()));
        }
    }
    Ok(())
}

/// Refuses an invoice that another provider's entry, or another person's, holds.
fn refuse_invoice_elsewhere(tx: &mut dyn Tx, settlement: &Settlement) -> Result<(), Stop> {
    let key = invoice_key(&settlement.invono);
    let Some(number) = tx.claim_holder(&key)? else { return Ok(()) };
    let holder = tx.entry(&number)?;
    let is_its_own = holder.as_ref().is_some_and(|entry| {
        CARE.contains(&entry.kind)
            && entry.psn_no == settlement.psn_no
            && entry.fixmedins_code == settlement.fixmedins_code
    });
    if is_its_own {
        return Ok(());
    }
    Err(met::taken(&number, holder.map_or("", |entry| entry.state.name())))
}

/// An entry for care that nobody registered.
fn add(
    tx: &mut dyn Tx,
    call: &Call,
    pool: &Pool,
    met: &MetOutage,
    kind: RegisterKind,
    settlement: &Settlement,
    of: &Encounter,
) -> Result<Entry, Stop> {
    let serial = tx.next_serial("register")?;
    let details = [("insutype", &settlement.insutype), ("med_type", &settlement.med_type)];
    let entry = Entry {
        number: format!("TJ{pool}-{}-{serial:06}", call.now.year()),
        plan: met.plan.clone(),
        rule: met.rule.clone(),
        kind,
        business: met.business.clone(),
        fixmedins_code: settlement.fixmedins_code.clone(),
        admdvs: call.provider.admdvs.clone(),
        psn_no: settlement.psn_no.clone(),
        certno: String::new(),
        mdtrt_id: settlement.mdtrt_id.clone(),
        care_from: of.begntime,
        care_until: of.endtime,
        invono: settlement.invono.clone(),
        charged: settlement.medfee_sumamt,
        refunded: Money::ZERO,
        setl_id: String::new(),
        state: State::Waiting,
        reason: String::new(),
        source: Source::Interface,
        taken_at: call.now,
        taken_by: INTERFACE.to_owned(),
        details: details.map(|(name, value)| (name.to_owned(), value.clone())).into(),
        version: 1,
    };
    tx.add_entry(&entry)?;
    add_event(tx, call, &entry, Action::Register, entry.details.clone())?;
    Ok(entry)
}

/// Takes the keys that the entry does not hold yet.
fn take_claims(tx: &mut dyn Tx, entry: &Entry) -> Result<(), Stop> {
    for key in claim_keys(entry) {
        match tx.claim_holder(&key)? {
            None => tx.take_claim(&key, &entry.number)?,
            Some(holder) if holder == entry.number => {}
            Some(holder) => return Err(met::taken(&holder, "占用同一报销权")),
        }
    }
    Ok(())
}

/// Who acts: the platform where the call is a step of the entry's own backfill.
fn by(call: &Call, entry: &Entry) -> String {
    if call.msgid.starts_with(&entry.number) { call.opter_name.clone() } else { INTERFACE.to_owned() }
}

fn add_event(
    tx: &mut dyn Tx,
    call: &Call,
    entry: &Entry,
    action: Action,
    fields: BTreeMap<String, String>,
) -> Result<(), Stop> {
    append(tx, entry, action, &by(call, entry), call.now, fields)
}

/// Adds what was done to an entry's history.
pub(crate) fn append(
    tx: &mut dyn Tx,
    entry: &Entry,
    action: Action,
    by: &str,
    at: DateTime,
    fields: BTreeMap<String, String>,
) -> Result<(), Stop> {
    let seq = tx.history(&entry.number)?.last().map_or(0, |last| last.seq) + 1;
    tx.add_event(&entry.number, &Event { seq, at, by: by.to_owned(), action, state: entry.state, fields })?;
    Ok(())
}
