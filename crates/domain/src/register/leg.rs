//! The earlier leg of a transfer inside the city (市内转院, P-12): the hospital that the patient left settles first.

use super::matching::{Care, is_of_person};
use super::{Entry, State, is_with_the_agency};
use crate::outage::{Business, DutyKind, Plan, Question, RegisterKind};
use crate::refusal::{Code, Refusal};
use crate::time::{Date, DateTime};

/// A stay of the person at the platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg<'a> {
    /// Its hospital.
    pub fixmedins_code: &'a str,
    /// Its number.
    pub mdtrt_id: &'a str,
    /// Admission.
    pub begun: DateTime,
    /// Discharge; `None` where none is known.
    pub left: Option<DateTime>,
    /// Whether its discharge is settled.
    pub is_settled: bool,
    /// Whether its hospital settles it no more, because it goes another way in an outage.
    pub goes_another_way: bool,
}

/// A transfer that was filed (转院备案), and holds for who arrives now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Filed<'a> {
    /// The hospital that is left; empty where the filing does not say.
    pub from: &'a str,
    /// The hospital that it names; empty where it names none.
    pub to: &'a str,
    /// From when on it holds.
    pub begins: Date,
    /// Its last day; `None` where none is said.
    pub ends: Option<Date>,
}

/// What became of the leg before a stay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EarlierLeg {
    /// There is none, or it is settled.
    Fine,
    /// It is known and not settled yet: the later one has to wait.
    Open(Refusal),
    /// A transfer was stated, and the hospital that it came from has nothing of the person: neither stay nor entry.
    NotInSight(Refusal),
}

/// The leg before a stay: the one that the transfer's entry names, and where the pool makes up the difference of
/// deductibles (`chains` has the transfers that are filed then), any that was left for another hospital just before, by its
/// discharge or by a filing. `entries` and `stays` are the person's.
pub fn earlier_leg(
    entries: &[Entry],
    stays: &[Leg<'_>],
    care: &Care<'_>,
    chains: Option<&[Filed<'_>]>,
    name: &str,
) -> EarlierLeg {
    let transfer = entries.iter().find(|entry| is_transfer_of(entry, care));
    let from = transfer.map_or("", Entry::came_from);
    let legs = || entries.iter().filter(|entry| is_earlier_leg(entry, care));
    // What the agency pays by hand waits for no hospital, and no hospital for it.
    let open = legs().filter(|leg| !leg.state.is_final() && !is_with_the_agency(leg));
    let came_from = |leg: &Entry| leg.fixmedins_code == from && may_lead_to(leg.care_until, care);
    let mut open = open.filter(|leg| came_from(leg) || chains.is_some_and(|filed| was_just_left(leg, care, filed)));
    if let Some(leg) = open.next() {
        let which = format!("台账 {}，机构 {}", leg.number, leg.fixmedins_code);
        return EarlierLeg::Open(first(
            &format!("转院前的住院（{which}）尚未补录结算，由经办机构报销的请转出医院先转手工报销"),
            name,
        ));
    }
    let Some(transfer) = transfer.filter(|_| !from.is_empty()) else { return EarlierLeg::Fine };
    let ended = |leg: &Entry| came_from(leg) && !matches!(leg.state, State::Withdrawn | State::Refused);
    let is_leg =
        |stay: &&Leg<'_>| stay.fixmedins_code == from && stay.begun <= care.begun && may_lead_to(stay.left, care);
    let at_platform = || stays.iter().filter(is_leg);
    if at_platform().any(|stay| stay.is_settled || stay.goes_another_way) || legs().any(ended) {
        return EarlierLeg::Fine;
    }
    if let Some(stay) = at_platform().next() {
        let which = format!("就诊ID {}，机构 {from}", stay.mdtrt_id);
        return EarlierLeg::Open(first(&format!("转院前的住院（{which}）尚未结算"), name));
    }
    let text = format!(
        "台账 {} 写明由机构 {from} 转入，而该人员在该机构没有当日或前一日转出的住院登记、台账或结算",
        transfer.number
    );
    EarlierLeg::NotInSight(first(&text, name))
}

fn first(what: &str, name: &str) -> Refusal {
    Refusal::new(Code::WrongState, format!("{what}；请先由转出医院结算，再由{name}结算"))
}

fn is_transfer_of(entry: &Entry, care: &Care<'_>) -> bool {
    entry.kind == RegisterKind::Transfer
        && is_of_person(entry, care)
        && entry.fixmedins_code == care.fixmedins_code
        && entry.care_from.date() == care.begun.date()
        && entry.state != State::Withdrawn
}

fn is_earlier_leg(entry: &Entry, care: &Care<'_>) -> bool {
    entry.kind.is_stay()
        && is_of_person(entry, care)
        && entry.fixmedins_code != care.fixmedins_code
        && entry.care_from <= care.begun
}

fn was_just_left(leg: &Entry, care: &Care<'_>, filed: &[Filed<'_>]) -> bool {
    let is_filed = || filed.iter().any(|filed| is_about(filed, leg, care));
    leg.care_until.is_some() && may_lead_to(leg.care_until, care) && (leg.left_for_another() || is_filed())
}

/// Whether a filed transfer is about a stay in a register and this care: filed by the hospital that was left, in the stay's time.
fn is_about(filed: &Filed<'_>, leg: &Entry, care: &Care<'_>) -> bool {
    let names = |named: &str, hospital: &str| named.is_empty() || named == hospital;
    let admitted = leg.care_from.date();
    names(filed.from, &leg.fixmedins_code)
        && names(filed.to, care.fixmedins_code)
        && filed.begins >= admitted
        && filed.ends.is_none_or(|end| admitted <= end)
}

/// Whether who left then arrives by a transfer: on that day or the next one. Of a discharge that nobody knows it may be.
fn may_lead_to(left: Option<DateTime>, care: &Care<'_>) -> bool {
    let day = care.begun.date();
    left.is_none_or(|left| left.date() == day || left.date().tomorrow().is_ok_and(|next| next == day))
}

/// Whether a plan orders the legs of a transfer inside the city for whom and where a question is about: the first hospital
/// settles first.
pub fn orders_legs(plan: &Plan, question: &Question) -> bool {
    let transfer = Question { business: Business::named("encounter.transfer"), ..question.clone() };
    let mut orders = plan.duties.iter().filter(|duty| duty.kind == DutyKind::Order);
    orders.any(|duty| plan.is_about(&duty.businesses, &duty.scope, &transfer))
}
