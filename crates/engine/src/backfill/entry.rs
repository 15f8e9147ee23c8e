//! One register entry through the ordinary calls (逐条补录), whole or not at all.
//!
//! What is at the platform already (a visit, a stay, lines, a discharge) is not sent again. The last call settles the entry
//! by [`crate::outage::matching`]; a refusal undoes the whole entry, and is then recorded with its words and code.
//! Invariant: an entry is settled once, however often this runs.

use crate::backfill::bill;
use crate::backfill::messages::Messages;
use crate::backfill::whose::{person_of, with_person};
use crate::call::{Call, Stop};
use crate::facts::filing::TRANSFER;
use crate::facts::question;
use crate::policies::Policies;
use crate::register::at_platform::{encounter_of, left_at};
use crate::register::draft::begun;
use crate::register::subject::settlement_of_stay;
use crate::register::{double, writer};
use crate::run::run;
use serde_json::Value;
use std::sync::Arc;
use yibao_domain::money::Money;
use yibao_domain::outage::{self, FallbackWhen, Path, Question, RegisterKind, Stay, Verdict, path_of_stay, plan_named};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Entry, EntryLine, Mark, State, by_platform, field, is_claimed, rule_of};
use yibao_domain::time::{Date, DateTime};
use yibao_interface::spoken;
use yibao_store::encounter::{Encounter, EncounterState};
use yibao_store::{Fault, Subjects, Tx};

/// States from which an entry is backfilled.
pub(crate) const OPEN: &[State] = &[State::Waiting, State::Failed, State::Converted, State::Restored];

/// What an attempt came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Attempt {
    /// Settled now.
    Settled,
    /// Nothing to do: finished before.
    Finished,
    /// Lacks something that the provider has to add first.
    NotReady(String),
}

/// Takes an entry through its calls. A refusal has to be undone by the caller and recorded by [`fail`].
pub(crate) fn settle(
    tx: &mut dyn Tx,
    policies: &Policies,
    number: &str,
    by: &str,
    now: DateTime,
) -> Result<Attempt, Stop> {
    let Some(found) = tx.entry(number)? else { return Ok(Attempt::Finished) };
    tx.foresee(&subjects(&found, now))?;
    let Some(entry) = tx.entry(number)? else { return Ok(Attempt::Finished) };
    if !OPEN.contains(&entry.state) || !entry.kind.is_settled() {
        return Ok(Attempt::Finished);
    }
    let lines = tx.entry_lines(number)?;
    let of = encounter_of(tx, &entry)?;
    let lines = match ready(tx, policies, &entry, &lines, of.as_ref(), now)? {
        Ok(lines) => lines,
        Err(waits_for) => return Ok(Attempt::NotReady(waits_for)),
    };
    let person = person_of(tx, &entry)?;
    let provider = tx.provider(&entry.fixmedins_code)?.ok_or_else(|| unknown_provider(&entry.fixmedins_code))?;
    let provider = Arc::new(provider);
    let entry = if entry.psn_no.is_empty() {
        let known = with_person(tx, policies, entry, &person, by, now)?;
        if let Some(undecided) = double::waits_for(tx, &known)? {
            return Ok(Attempt::NotReady(undecided));
        }
        known
    } else {
        entry
    };
    let messages = Messages { entry: &entry, person: &person, provider, by, now };
    match entry.kind {
        RegisterKind::CashVisit => visit(tx, policies, &messages, &lines, of)?,
        _ => hospital_stay(tx, policies, &messages, &lines, of)?,
    }
    match tx.entry(number)? {
        Some(entry) if entry.state == State::Settled => Ok(Attempt::Settled),
        _ => Err(Fault::new("backfilling", number, "its own settlement did not settle the entry").into()),
    }
}

/// Records that an entry's attempt was refused, with the reason; of who is not entitled the case is opened (P-26).
pub(crate) fn fail(
    tx: &mut dyn Tx,
    policies: &Policies,
    number: &str,
    refusal: &Refusal,
    by: &str,
    now: DateTime,
) -> Result<(), Stop> {
    let Some(entry) = tx.entry(number)? else { return Ok(()) };
    // Who reads it at the register knows no names of the interface.
    let refusal = &Refusal { text: spoken(&refusal.text), ..refusal.clone() };
    let not_entitled = refusal.code == Code::NotEntitled;
    let self_pays = not_entitled && pays_by_plan(policies, &entry);
    let Some(deed) = by_platform::failed(&policies.work, &entry, refusal, self_pays) else { return Ok(()) };
    writer::take(tx, &deed, by, now)?;
    if not_entitled {
        open_case(tx, policies, deed.entry(), refusal, by, now)?;
    }
    Ok(())
}

fn visit(
    tx: &mut dyn Tx,
    policies: &Policies,
    messages: &Messages<'_>,
    lines: &[EntryLine],
    known: Option<Encounter>,
) -> Result<(), Stop> {
    let entry = messages.entry;
    let total = Money::sum(lines.iter().map(|line| line.det_item_fee_sumamt));
    if messages.provider.fixmedins_code.starts_with('P') {
        send(tx, policies, messages.call(policies, "2102", &messages.purchase(total, lines))?)?;
        return Ok(());
    }
    let mdtrt_id = match known {
        Some(of) => of.mdtrt_id,
        None => {
            let registered = send(tx, policies, messages.call(policies, "2201", &messages.registration())?)?;
            let mdtrt_id = text(&registered["data"]["mdtrt_id"])?;
            send(tx, policies, messages.call(policies, "2203A", &messages.description(&mdtrt_id))?)?;
            mdtrt_id
        }
    };
    let there = tx.fee_lines(&mdtrt_id)?;
    let left = there.iter().find(|line| line.setl_id.is_empty()).map(|line| line.chrg_bchno.clone());
    let batch = left.unwrap_or_else(|| format!("{}-{}", entry.number, entry.version));
    if !lines.is_empty() {
        let fees = messages.fees(&mdtrt_id, &batch, field::MED_TYPE.of(entry), lines);
        send(tx, policies, messages.call(policies, "2204", &fees)?)?;
    }
    let open = tx.fee_lines(&mdtrt_id)?.into_iter().filter(|line| line.setl_id.is_empty() && line.chrg_bchno == batch);
    let total = Money::sum(open.map(|line| line.det_item_fee_sumamt));
    send(tx, policies, messages.call(policies, "2207", &messages.visit_settlement(&mdtrt_id, &batch, total))?)?;
    Ok(())
}

fn hospital_stay(
    tx: &mut dyn Tx,
    policies: &Policies,
    messages: &Messages<'_>,
    lines: &[EntryLine],
    stay: Option<Encounter>,
) -> Result<(), Stop> {
    let entry = messages.entry;
    let stay = match stay {
        Some(stay) => stay,
        None => {
            let admitted = send(tx, policies, messages.call(policies, "2401", &messages.admission())?)?;
            let mdtrt_id = text(&admitted["result"]["mdtrt_id"])?;
            tx.encounter(&mdtrt_id)?
                .ok_or_else(|| Fault::new("backfilling", &mdtrt_id, "the admission is not there"))?
        }
    };
    let mdtrt_id = stay.mdtrt_id.as_str();
    if entry.kind == RegisterKind::Transfer {
        state_transfer(tx, policies, messages)?;
    }
    if !lines.is_empty() {
        let fees = messages.fees(mdtrt_id, "", &stay.med_type, lines);
        send(tx, policies, messages.call(policies, "2301", &fees)?)?;
    }
    if stay.state == EncounterState::Open
        && let Some(endtime) = entry.care_until
    {
        let discharge = messages.discharge(mdtrt_id, &stay.insutype, endtime);
        send(tx, policies, messages.call(policies, "2402", &discharge)?)?;
    }
    let open = tx.fee_lines(mdtrt_id)?.into_iter().filter(|line| line.setl_id.is_empty());
    let total = Money::sum(open.map(|line| line.det_item_fee_sumamt));
    send(tx, policies, messages.call(policies, "2304", &messages.stay_settlement(mdtrt_id, &stay.insutype, total))?)?;
    Ok(())
}

/// Files the transfer that the entry states, where no filing says it yet, so that the transfer rule holds.
fn state_transfer(tx: &mut dyn Tx, policies: &Policies, messages: &Messages<'_>) -> Result<(), Stop> {
    let from = field::FROM_PROVIDER.of(messages.entry);
    let filed = tx.filings(&messages.person.psn_no, Some(TRANSFER))?;
    let day = messages.entry.care_from.date();
    let says_it = |code: &str, begin: Date| code == messages.provider.fixmedins_code && begin <= day;
    if from.is_empty() || filed.iter().any(|filing| says_it(&filing.fixmedins_code, filing.begndate)) {
        return Ok(());
    }
    let provider = tx.provider(from)?.ok_or_else(|| unknown_provider(from))?;
    let call = messages.call_of(policies, "2501A", &messages.transfer(), Arc::new(provider))?;
    send(tx, policies, call)?;
    Ok(())
}

fn send(tx: &mut dyn Tx, policies: &Policies, call: Call) -> Result<Value, Stop> {
    let answer = run(tx, &call, policies)?;
    serde_json::from_str(&answer.output).map_err(|error| Fault::new("reading the answer of", call.infno, error).into())
}

fn text(value: &Value) -> Result<String, Stop> {
    let missing = || Fault::new("reading an answer", "mdtrt_id", "it is not there");
    Ok(value.as_str().ok_or_else(missing)?.to_owned())
}

/// What an open entry waits for, told without trying it; nothing where it can be tried.
pub(crate) fn waits_for(
    tx: &mut dyn Tx,
    policies: &Policies,
    entry: &Entry,
    now: DateTime,
) -> Result<Option<String>, Stop> {
    let lines = tx.entry_lines(&entry.number)?;
    let of = encounter_of(tx, entry)?;
    Ok(ready(tx, policies, entry, &lines, of.as_ref(), now)?.err())
}

/// The lines that are to be sent, or what the entry waits for.
fn ready(
    tx: &mut dyn Tx,
    policies: &Policies,
    entry: &Entry,
    lines: &[EntryLine],
    of: Option<&Encounter>,
    now: DateTime,
) -> Result<Result<Vec<EntryLine>, String>, Stop> {
    // Whether it is another's visit, people say before it is paid; where a receipt tells them apart, it is only listed.
    if !entry.marked(Mark::Double).is_empty()
        && let Some(undecided) = double::waits_for(tx, entry)?
    {
        return Ok(Err(undecided));
    }
    if let Some(lacking) = lacking(policies, entry, lines, of) {
        return Ok(Err(lacking));
    }
    // As long as its business is closed nobody has to have the lines together.
    if let Some(closed) = closed(tx, policies, entry, now)? {
        return Ok(Err(closed));
    }
    bill::to_send(tx, entry, lines, of)
}

/// Until when the entry's settlement is closed, in words; nothing where it is open.
pub(crate) fn closed(
    tx: &mut dyn Tx,
    policies: &Policies,
    entry: &Entry,
    now: DateTime,
) -> Result<Option<String>, Stop> {
    let facts = if entry.psn_no.is_empty() { None } else { tx.person_facts(&entry.psn_no, &[])? };
    let mut question = question::of_entry(policies, entry, facts.as_ref());
    if entry.kind != RegisterKind::CashVisit {
        let stay = encounter_of(tx, entry)?;
        question.business = settlement_of_stay(policies, entry, stay.as_ref());
    }
    match outage::decide(&policies.plans(), &question, now) {
        Verdict::Open { .. } => Ok(None),
        Verdict::Closed(closed) => Ok(Some(format!("{}仍在停办，{}", closed.business_name, closed.until.name()))),
    }
}

/// What the provider has to do before the entry can be settled.
fn lacking(policies: &Policies, entry: &Entry, lines: &[EntryLine], stay: Option<&Encounter>) -> Option<String> {
    let plans = policies.plans();
    if is_claimed(plan_named(&plans, &policies.pool.pool, &entry.plan), entry) {
        let whose = if entry.claims_afterwards() {
            "患者选择自费结清后报销"
        } else {
            "按停机方案由经办机构报销"
        };
        return Some(format!("{whose}，不在医药机构补录，请转手工报销"));
    }
    if entry.psn_no.is_empty() && entry.certno.is_empty() {
        return Some("缺人员编号或证件号码".to_owned());
    }
    if entry.kind != RegisterKind::CashVisit && claims_by_plan(policies, entry, stay) {
        return Some("按停机方案由经办机构报销，不在本机构补录，请转手工报销".to_owned());
    }
    let at_platform = stay.is_some() || !entry.mdtrt_id.is_empty();
    if lines.is_empty() && !at_platform {
        return Some("缺费用明细".to_owned());
    }
    if entry.kind == RegisterKind::CashVisit {
        return None;
    }
    if entry.claims_afterwards() {
        return Some("患者选择自费结清后报销，不在本机构补录，请转手工报销".to_owned());
    }
    if left_at(entry, stay).is_none() {
        return Some("缺出院时间".to_owned());
    }
    if stay.is_none() && matches!(entry.kind, RegisterKind::StayConversion | RegisterKind::DeferredDischarge) {
        return Some("平台没有对应的住院，请核对就诊ID和入院时间".to_owned());
    }
    None
}

/// Whether the plan sends a stay to the agency: one that was over before the reopening (B-09), or every one that ends inside.
pub(crate) fn claims_by_plan(policies: &Policies, entry: &Entry, stay: Option<&Encounter>) -> bool {
    let question =
        Question { business: settlement_of_stay(policies, entry, stay), ..question::of_entry(policies, entry, None) };
    let stay = Stay { admitted: entry.care_from, discharged: left_at(entry, stay), chose_to_claim: false };
    let plans = policies.plans();
    let Path::Elsewhere(way) = path_of_stay(&plans, &question, &stay) else { return false };
    match way.fallback {
        Some(fallback) => {
            fallback.is_at_the_agency() && fallback.when.contains(&FallbackWhen::DischargedBeforeReopening)
        }
        None => way.closing.rule.disposition.is_claimed(),
    }
}

fn unknown_provider(code: &str) -> Stop {
    Refusal::new(Code::UnknownProvider, format!("定点医药机构 {code} 未登记；请核对台账的机构代码")).into()
}

fn subjects(entry: &Entry, now: DateTime) -> Subjects {
    let named = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    Subjects {
        message: None,
        persons: Vec::from_iter(named(&entry.psn_no)),
        encounters: Vec::from_iter(named(&entry.mdtrt_id)),
        days: vec![now.date(), entry.care_from.date(), entry.care_until.unwrap_or(entry.care_from).date()],
    }
}

/// Whether the plan says at once that who is not entitled pays for himself.
fn pays_by_plan(policies: &Policies, entry: &Entry) -> bool {
    let plans = policies.plans();
    let own = plan_named(&plans, &policies.pool.pool, &entry.plan).and_then(|plan| rule_of(plan, entry));
    own.is_some_and(|rule| rule.fallbacks.iter().any(|fallback| fallback.when.contains(&FallbackWhen::NotEntitled)))
}

/// Opens the case of a person who is found not entitled (P-26), once an entry.
fn open_case(
    tx: &mut dyn Tx,
    policies: &Policies,
    of: &Entry,
    refusal: &Refusal,
    by: &str,
    now: DateTime,
) -> Result<(), Stop> {
    let charged = match of.charged {
        Money::ZERO => left_of(tx, of)?,
        charged => charged,
    };
    let plans = policies.plans();
    let plan = plan_named(&plans, &policies.pool.pool, &of.plan);
    let Some(case) = by_platform::debt_of(of, plan, charged, refusal, by, now) else { return Ok(()) };
    let mut stated = case.details.clone();
    field::REASON.put(&mut stated, &case.reason);
    field::MEDFEE_SUMAMT.put(&mut stated, case.charged);
    let draft = begun(policies, case)?;
    if writer::holder(tx, &draft)?.is_some() {
        return Ok(());
    }
    writer::add(tx, &policies.pool.pool, by, &draft.telling(stated, Vec::new()), &[]).map(drop)
}

/// What is left of a stay by its lines: those kept with the entry, else those at the platform that nothing has settled, whoever
/// has admitted it there since.
fn left_of(tx: &mut dyn Tx, of: &Entry) -> Result<Money, Stop> {
    let kept = Money::sum(tx.entry_lines(&of.number)?.iter().map(|line| line.det_item_fee_sumamt));
    match encounter_of(tx, of)? {
        Some(stay) if kept == Money::ZERO => {
            let open = tx.fee_lines(&stay.mdtrt_id)?.into_iter().filter(|line| line.setl_id.is_empty());
            Ok(Money::sum(open.map(|line| line.det_item_fee_sumamt)))
        }
        _ => Ok(kept),
    }
}
