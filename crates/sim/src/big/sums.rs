//! What a large city's course comes to in numbers: hour by hour, and by the way that money went.

use crate::life::Event;
use crate::world::{Case, Met, World};
use jiff::Unit;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Bucket, State};
use yibao_store::Fault;
use yibao_store::register::EntryCount;
use yibao_store::settlement::{PastSettlement, Settlement};

/// One register of claims at a moment; what somebody only has to be told is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Register {
    /// Entries that it has.
    pub entries: u64,
    /// Those of them that wait.
    pub waiting: u64,
}

impl Register {
    pub(super) fn of(counts: &[EntryCount]) -> BTreeMap<RegisterKind, Register> {
        let mut registers: BTreeMap<RegisterKind, Register> = BTreeMap::new();
        for count in counts.iter().filter(|count| count.kind.is_settled()) {
            let register = registers.entry(count.kind).or_default();
            register.entries += count.count;
            if waits(&count.state) {
                register.waiting += count.count;
            }
        }
        registers
    }
}

/// Whether an entry still waits for the platform, a provider or the agency's run. What the notice leaves to the agency by hand, once the
/// person asks for it, does not.
pub(super) fn waits(state: &State) -> bool {
    state.bucket() == Bucket::Waiting && *state != State::Reimbursing
}

/// What stood in the registers at a moment.
pub(super) struct Noted {
    pub at: DateTime,
    pub registers: BTreeMap<RegisterKind, Register>,
}

/// One hour of the course.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hour {
    /// Visits, purchases and admissions that began in it.
    pub arrivals: u64,
    /// Settlements that were made in it.
    pub settled: u64,
    /// What stood in the registers when it began; empty where they were not looked at.
    pub registers: BTreeMap<RegisterKind, Register>,
    /// When it began.
    pub at: DateTime,
}

/// The hour that a moment lies in.
pub(super) fn hour_of(at: DateTime) -> DateTime {
    let round = jiff::civil::DateTimeRound::new().smallest(Unit::Hour).mode(jiff::RoundMode::Trunc);
    at.round(round).unwrap_or(at)
}

/// When settlements were made.
pub(super) fn settled(world: &World<'_>) -> Vec<DateTime> {
    world.cases.values().flat_map(|case| case.settled.iter().map(|one| one.at)).collect()
}

/// The hours from the first event to the last thing that was noted.
pub(super) fn hours(noted: &[Noted], histories: &[Vec<Event>], settled: &[DateTime]) -> Vec<Hour> {
    let mut hours: BTreeMap<DateTime, Hour> = BTreeMap::new();
    for event in histories.iter().flatten() {
        hours.entry(hour_of(event.at)).or_default().arrivals += 1;
    }
    for moment in settled {
        hours.entry(hour_of(*moment)).or_default().settled += 1;
    }
    for noted in noted {
        hours.entry(hour_of(noted.at)).or_default().registers.clone_from(&noted.registers);
    }
    hours.into_iter().map(|(at, hour)| Hour { at, ..hour }).collect()
}

/// The way that money of an event went.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Path {
    /// Settled on the spot (现场结算).
    OnTheSpot,
    /// Waited for the reopening, and was settled then (补录).
    Backfilled,
    /// Cash, and the notice gives no way back (现金、未规定补报).
    NoRoute,
    /// Cash; it was to be made good, and nobody came before the deadline (逾期未补录).
    TooLate,
    /// To be claimed at the agency (待报销).
    ToClaim,
    /// Cancelled, and not settled anew (撤销).
    Cancelled,
    /// Found not to be insured, and the person's to pay (自费).
    SelfPaid,
    /// Nothing of these: what the judges have found.
    Open,
}

impl Path {
    /// All of them, in their order.
    pub const ALL: [Path; 8] = [
        Path::OnTheSpot,
        Path::Backfilled,
        Path::NoRoute,
        Path::TooLate,
        Path::ToClaim,
        Path::Cancelled,
        Path::SelfPaid,
        Path::Open,
    ];

    fn of(event: &Event, case: &Case) -> Path {
        match &case.met {
            Some(Met::ToClaim { .. }) => Path::ToClaim,
            Some(Met::NoRoute { .. }) => Path::NoRoute,
            Some(Met::TooLate { .. }) => Path::TooLate,
            Some(Met::SelfPays { .. }) => Path::SelfPaid,
            Some(Met::Waited { .. }) if case.is_settled() => Path::Backfilled,
            None if case.is_settled() => Path::OnTheSpot,
            None if event.cancelled.is_some() => Path::Cancelled,
            _ => Path::Open,
        }
    }
}

/// What events of one way come to, in fen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sum {
    /// How many.
    pub events: u64,
    /// What was charged.
    pub charged: i64,
    /// What each fund paid, by its name.
    pub funds: BTreeMap<&'static str, i64>,
    /// What accounts paid.
    pub account: i64,
    /// What persons paid, with what hospitals bear; all of it where nothing was settled.
    pub own: i64,
}

/// By way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Paths(pub BTreeMap<Path, Sum>);

impl Paths {
    pub(super) fn join(&mut self, other: &Paths) {
        for (path, sum) in &other.0 {
            self.0.entry(*path).or_default().join(sum);
        }
    }
}

impl Sum {
    /// With another.
    pub fn join(&mut self, other: &Sum) {
        self.events += other.events;
        self.charged += other.charged;
        self.account += other.account;
        self.own += other.own;
        for (fund, paid) in &other.funds {
            *self.funds.entry(fund).or_default() += paid;
        }
    }
}

/// What each fund paid of a settlement.
fn of_funds(settlement: &Settlement) -> [(&'static str, Money); 7] {
    [
        ("基本医疗统筹基金", settlement.hifp_pay),
        ("大病保险", settlement.hifmi_pay),
        ("大额医疗补助", settlement.hifob_pay),
        ("公务员医疗补助", settlement.cvlserv_pay),
        ("企业补充医疗保险", settlement.hifes_pay),
        ("医疗救助", settlement.maf_pay),
        ("其他基金", settlement.oth_pay),
    ]
}

/// What the people of a history paid by the books, and how many settlements they have.
pub(super) fn paths(world: &World<'_>, history: &[Event], year: i16) -> Result<(Paths, u64), Fault> {
    let (mut paths, mut settlements) = (Paths::default(), 0);
    let mut of_person: Option<(u64, Vec<PastSettlement>)> = None;
    for event in history {
        let person = event.id.person;
        if of_person.as_ref().is_none_or(|(of, _)| *of != person) {
            let psn_no = crate::city::psn_no(world.office.pool.as_str(), person);
            let past = world.office.look(|tx| tx.settlements_of_person(&psn_no, year))?;
            settlements += past.len() as u64;
            of_person = Some((person, past));
        }
        let past = of_person.as_ref().map_or(&[][..], |(_, past)| past.as_slice());
        let nothing = Case::default();
        let case = world.cases.get(&event.id).unwrap_or(&nothing);
        let sum = paths.0.entry(Path::of(event, case)).or_default();
        sum.events += 1;
        sum.charged += event.total();
        let mut left = event.total();
        for row in past.iter().filter(|row| row.stands() && row.settlement.mdtrt_id == case.mdtrt_id) {
            for (fund, paid) in of_funds(&row.settlement).into_iter().filter(|(_, paid)| *paid != Money::ZERO) {
                *sum.funds.entry(fund).or_default() += paid.as_fen();
            }
            sum.account += row.settlement.acct_pay.as_fen();
            left -= row.settlement.fund_pay_sumamt.as_fen() + row.settlement.acct_pay.as_fen();
        }
        sum.own += left;
    }
    Ok((paths, settlements))
}
