//! What a stay continues (连续住院): its own earlier parts, and the legs of a chain of transfers (`decisions` 19, 20).

use crate::call::{Call, Stop};
use crate::facts::{entries, filing, scheme};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::premises::Premises;
use yibao_domain::code::Scheme;
use yibao_domain::encounter::leaves_for_another;
use yibao_domain::money::Money;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::Entry;
use yibao_domain::settlement::Rules;
use yibao_domain::settlement::case::{Continued, StayFacts};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState, StayRow, StaySettlement};
use yibao_store::filing::Filing;

/// What is known of the legs of a transfer beyond stays and filings: used while a stay is read among the person's stays.
pub(crate) struct Legs<'a> {
    /// Why another leg comes first, where one is written down and not settled (P-12).
    pub first_leg: Option<Refusal>,
    /// Whether a filing counts although it was made after the arrival at the later stay.
    pub excuses: &'a dyn Fn(&Filing, &Encounter) -> bool,
    /// Whether its hospital settles a leg no more, because it goes another way in an outage.
    pub goes_another_way: &'a dyn Fn(&mut dyn Tx, &Encounter) -> Result<bool, Stop>,
}

/// What a stay continues: its own earlier parts, and the legs of a chain of transfers (`decisions` 19, 20).
/// An earlier leg that is not settled yet stops the later one. Where the stay counts at another time than now, each stay is
/// what of it counts before (`decisions` 7, 8). Visits and purchases continue nothing.
pub(crate) fn stay(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    basis: &Basis,
    premises: Option<&Premises>,
    legs: &Legs<'_>,
) -> Result<StayFacts, Stop> {
    let Some(goes_on) = basis.stay_goes_on else { return Ok(StayFacts::default()) };
    let (encounter, day) = (basis.encounter, basis.end);
    let around = Around::load(tx, policies, basis)?;
    let stays = &around.stays;
    let arrivals = around.arrivals(legs);
    let leads = |before: &Encounter, after: &Encounter| leads(&arrivals, before, after);
    let connected = |one: &Encounter, other: &Encounter| leads(one, other) || leads(other, one);
    let earlier = reached(encounter, stays, leads);
    for leg in &earlier {
        must_be_settled(tx, call, leg, premises, legs)?;
    }
    if let Some(first_leg) = &legs.first_leg {
        return Err(first_leg.clone().into());
    }
    let counting: Vec<StayRow> = match premises {
        Some(premises) => stays.iter().map(|row| counting_before(row, premises, &earlier)).collect(),
        None => stays.clone(),
    };
    let own = counting.iter().find(|row| row.encounter.mdtrt_id == encounter.mdtrt_id);
    let others = reached(encounter, &counting, connected);
    let in_chain: Vec<&str> = own.iter().chain(&others).map(|row| row.encounter.mdtrt_id.as_str()).collect();
    Ok(StayFacts {
        parts: own.filter(|row| !row.settlements.is_empty()).map(|row| continued([row], day.year())),
        transfer: (!others.is_empty()).then(|| continued(others.iter().copied(), day.year())),
        goes_on,
        uncounted: uncounted(&counting, &in_chain, day.year(), connected),
    })
}

/// The legs that a stay came from, by their encounters: it counts after them, whenever each was settled.
pub(crate) fn legs_before(
    tx: &mut dyn Tx,
    policies: &Policies,
    basis: &Basis,
    legs: &Legs<'_>,
) -> Result<Vec<String>, Stop> {
    let around = Around::load(tx, policies, basis)?;
    if !around.chains {
        return Ok(Vec::new());
    }
    let arrivals = around.arrivals(legs);
    let earlier = reached(basis.encounter, &around.stays, |before, after| leads(&arrivals, before, after));
    Ok(earlier.into_iter().map(|leg| leg.encounter.mdtrt_id.clone()).collect())
}

/// The person's stays around one, and what is filed about transfers between them.
struct Around {
    /// Whether legs make up the difference of their deductibles.
    chains: bool,
    /// By admission.
    stays: Vec<StayRow>,
    filings: Vec<Filing>,
    /// Arrivals that are only written down: the platform does not know these stays yet.
    written_down: Vec<Encounter>,
}

impl Around {
    fn load(tx: &mut dyn Tx, policies: &Policies, basis: &Basis) -> Result<Around, Stop> {
        let (encounter, day, span) = (basis.encounter, basis.end, jiff::Span::new);
        // Also those after this one: a leg that is not settled at present still links the legs beside it.
        let (since, until) = (encounter.begntime.date().saturating_sub(span().days(400)), day.last_of_year());
        let mut stays = tx.stays(&encounter.psn_no, day.year(), since, until.saturating_add(span().days(1)))?;
        stays.retain(|row| row.encounter.insutype == encounter.insutype);
        let chains = makes_up_difference(&policies.rules_on(day), scheme::scheme_of(&encounter.insutype)?);
        let filings = if chains { tx.filings(&encounter.psn_no, Some(filing::TRANSFER))? } else { Vec::new() };
        let is_left = |row: &StayRow| leaves_for_another(&row.encounter.dscg_way);
        let written_down = if filings.is_empty() && !(chains && stays.iter().any(is_left)) {
            Vec::new()
        } else {
            written_down(tx, encounter, &stays)?
        };
        Ok(Around { chains, stays, filings, written_down })
    }

    /// The stays, left and arrived at, that each discharge for another hospital and each filed transfer names: the first arrival
    /// that it fits, be it only written down. Either is about one arrival; who is discharged from there and admitted again
    /// begins anew.
    fn arrivals(&self, legs: &Legs<'_>) -> Vec<(&str, &str)> {
        if !self.chains {
            return Vec::new();
        }
        let known = || self.stays.iter().map(|row| &row.encounter);
        let mut arrived: Vec<&Encounter> = known().chain(&self.written_down).collect();
        arrived.sort_by_key(|after| after.begntime);
        let mut named = Vec::new();
        for before in known().filter(|before| leaves_for_another(&before.dscg_way)) {
            if let Some(after) = arrived.iter().find(|after| comes_after(before, after)) {
                named.push((before.mdtrt_id.as_str(), after.mdtrt_id.as_str()));
            }
        }
        for filing in &self.filings {
            let left = |after: &Encounter| {
                let left = known()
                    .filter(|before| comes_after(before, after) && names_transfer(filing, legs, before, after))
                    .map(|before| before.mdtrt_id.as_str());
                left.collect::<Vec<_>>()
            };
            let mut found = arrived.iter().map(|after| (left(after), after.mdtrt_id.as_str()));
            if let Some((left, after)) = found.find(|(left, _)| !left.is_empty()) {
                named.extend(left.into_iter().map(|before| (before, after)));
            }
        }
        named
    }
}

/// The stays of a person that a register has and the platform does not know yet, as arrivals.
fn written_down(tx: &mut dyn Tx, of: &Encounter, known: &[StayRow]) -> Result<Vec<Encounter>, Stop> {
    let is_known = |entry: &Entry| {
        known.iter().any(|row| {
            let there = &row.encounter;
            there.mdtrt_id == entry.mdtrt_id
                || (there.fixmedins_code == entry.fixmedins_code && there.begntime.date() == entry.care_from.date())
        })
    };
    let entries = entries::of_person(tx, &of.psn_no)?.into_iter();
    let waiting = entries.filter(|entry| entry.kind.is_stay() && !entry.state.is_final() && !is_known(entry));
    let arrival = |entry: Entry| Encounter {
        mdtrt_id: entry.number,
        fixmedins_code: entry.fixmedins_code,
        begntime: entry.care_from,
        endtime: None,
        state: EncounterState::Open,
        ..of.clone()
    };
    Ok(waiting.map(arrival).collect())
}

/// A stay with what of it counts before. Of an earlier leg that was settled late, what was met there is met all the same;
/// its number comes after.
fn counting_before(row: &StayRow, premises: &Premises, earlier: &[&StayRow]) -> StayRow {
    let mut settlements = premises.of_stay(&row.encounter.mdtrt_id);
    if earlier.iter().any(|leg| leg.encounter.mdtrt_id == row.encounter.mdtrt_id) {
        let known = |part: &StaySettlement| settlements.iter().any(|other| other.setl_id == part.setl_id);
        let late: Vec<_> = row.settlements.iter().filter(|part| !known(part)).cloned().collect();
        settlements.extend(late.into_iter().map(|part| StaySettlement { counted: false, ..part }));
    }
    StayRow { encounter: row.encounter.clone(), settlements }
}

/// A leg is settled by its discharge, or by parts that took all its lines; or it was at the place in the order; or it is never to be.
fn must_be_settled(
    tx: &mut dyn Tx,
    call: &Call,
    leg: &StayRow,
    premises: Option<&Premises>,
    legs: &Legs<'_>,
) -> Result<(), Stop> {
    let of = &leg.encounter;
    let then = premises.map_or_else(Vec::new, |premises| premises.of_stay(&of.mdtrt_id));
    if leg.settlements.iter().chain(&then).any(|part| !part.mid_stay) {
        return Ok(());
    }
    if !leg.settlements.is_empty() && tx.fee_lines(&of.mdtrt_id)?.iter().all(|line| !line.setl_id.is_empty()) {
        return Ok(());
    }
    if (legs.goes_another_way)(tx, of)? {
        return Ok(());
    }
    let name = &call.provider()?.fixmedins_name;
    Err(Refusal::new(
        Code::WrongState,
        format!(
            "转院前的住院(就诊ID {}，机构 {})尚未结算；请先由转出医院结算，再由{}结算",
            of.mdtrt_id, of.fixmedins_code, name
        ),
    )
    .into())
}

fn continued<'a>(rows: impl IntoIterator<Item = &'a StayRow>, year: i16) -> Continued {
    let settled: Vec<_> = rows.into_iter().flat_map(|row| &row.settlements).collect();
    Continued {
        met: Money::sum(settled.iter().map(|part| part.act_pay_dedc)),
        counted: u32::try_from(settled.iter().filter(|part| part.year == year && part.counted).count())
            .unwrap_or(u32::MAX),
    }
}

/// How many other stays or chains of the year stand without a number in the running total, because the part or
/// leg that brought it was cancelled while another stands (`decisions` 8, 16), less those that have more than one.
fn uncounted(
    stays: &[StayRow],
    in_chain: &[&str],
    year: i16,
    connected: impl Fn(&Encounter, &Encounter) -> bool,
) -> i64 {
    let stands = |row: &StayRow| row.settlements.iter().any(|part| part.year == year && part.stay_number > 0);
    let mut seen: Vec<&str> = in_chain.to_vec();
    let mut missing = 0;
    for row in stays.iter().filter(|row| stands(row)) {
        if seen.contains(&row.encounter.mdtrt_id.as_str()) {
            continue;
        }
        let mut chain = reached(&row.encounter, stays, &connected);
        chain.push(row);
        seen.extend(chain.iter().map(|leg| leg.encounter.mdtrt_id.as_str()));
        missing += 1 - i64::from(continued(chain, year).counted);
    }
    missing
}

/// The other stays that a step, taken once or repeatedly, reaches from this one: each leg of a chain, however
/// many follow one another on one day.
fn reached<'a>(
    from: &Encounter,
    stays: &'a [StayRow],
    step: impl Fn(&Encounter, &Encounter) -> bool,
) -> Vec<&'a StayRow> {
    let mut legs: Vec<&StayRow> = Vec::new();
    let mut next = 0;
    loop {
        let here = if next == 0 { from } else { &legs[next - 1].encounter };
        for row in stays {
            let known = row.encounter.mdtrt_id == from.mdtrt_id
                || legs.iter().any(|leg| leg.encounter.mdtrt_id == row.encounter.mdtrt_id);
            if !known && step(&row.encounter, here) {
                legs.push(row);
            }
        }
        next += 1;
        if next > legs.len() {
            return legs;
        }
    }
}

/// Whether one stay leads to another by transfer: discharge way 2 or 3 or a transfer filing, and admission on
/// the same or the next day (`decisions` 19).
fn leads(arrivals: &[(&str, &str)], before: &Encounter, after: &Encounter) -> bool {
    arrivals.contains(&(before.mdtrt_id.as_str(), after.mdtrt_id.as_str()))
}

/// Whether the later stay began when the earlier one was over, on the same or the next day.
fn comes_after(before: &Encounter, after: &Encounter) -> bool {
    before.mdtrt_id != after.mdtrt_id
        && before.state == EncounterState::Discharged
        && before.begntime <= after.begntime
        && follows_at_once(before, after)
}

fn follows_at_once(before: &Encounter, after: &Encounter) -> bool {
    let Some(left) = before.endtime else { return false };
    let arrived = after.begntime.date();
    arrived == left.date() || left.date().tomorrow().is_ok_and(|next| arrived == next)
}

fn names_transfer(filing: &Filing, legs: &Legs<'_>, before: &Encounter, after: &Encounter) -> bool {
    let names_arrival = filing.fixmedins_code.is_empty() || filing.fixmedins_code == after.fixmedins_code;
    let begins = had_begun(filing, legs.excuses, after);
    let holds = begins && filing.enddate.is_none_or(|end| before.begntime.date() <= end);
    // The hospital that is left files; another's filing is about a stay of its own.
    let is_of_the_left = filing.filed_by.is_empty() || filing.filed_by == before.fixmedins_code;
    names_arrival && is_of_the_left && holds && filing.begndate >= before.begntime.date()
}

/// Whether a filing held when somebody arrived, or counts although it was made afterwards.
fn had_begun(filing: &Filing, excuses: &dyn Fn(&Filing, &Encounter) -> bool, after: &Encounter) -> bool {
    filing.begndate <= after.begntime.date() || excuses(filing, after)
}

/// The filed transfers that hold for an arrival, wherever it came from.
pub(crate) fn transfers_to(
    tx: &mut dyn Tx,
    after: &Encounter,
    excuses: &dyn Fn(&Filing, &Encounter) -> bool,
) -> Result<Vec<Filing>, Stop> {
    let mut filings = tx.filings(&after.psn_no, Some(filing::TRANSFER))?;
    filings.retain(|filing| had_begun(filing, excuses, after));
    Ok(filings)
}

/// Whether the pool makes up the difference of deductibles between the legs of a transfer (`decisions` 19).
pub(crate) fn makes_up_difference(rules: &Rules, scheme: Scheme) -> bool {
    rules.scheme(scheme).inpatient.transfer_makes_up_difference.as_ref().is_some_and(|rule| rule.value)
}
