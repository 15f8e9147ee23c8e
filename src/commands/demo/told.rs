//! What those at the tills saw (见闻): every care with what became of it, and what happened last, in words.

use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use yibao_domain::money::Money;
use yibao_sim::city::City;
use yibao_sim::life::{Event, EventId, Kind};
use yibao_sim::world::{Case, Met, World};
use yibao_web::played::{Care, Happening, Outcome};

/// How many of the last happenings are told.
const LATEST: usize = 12;

/// Compares what clients know now with what they knew before.
pub struct Teller<'a> {
    city: &'a City,
    history: &'a [Event],
    seen: BTreeMap<EventId, Seen>,
    latest: VecDeque<Happening>,
    /// By the person's number.
    names: BTreeMap<u64, String>,
}

/// What was known of a care.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Seen {
    settlements: usize,
    is_cancelled: bool,
    is_admitted: bool,
    is_discharged: bool,
    met_at: Option<DateTime>,
}

impl<'a> Teller<'a> {
    /// Knows nothing yet.
    pub fn new(city: &'a City, history: &'a [Event]) -> Teller<'a> {
        let names = history.iter().map(|event| event.id.person).collect::<BTreeSet<u64>>();
        let names = names.into_iter().map(|number| (number, city.person(number).name)).collect();
        Teller { city, history, seen: BTreeMap::new(), latest: VecDeque::new(), names }
    }

    /// All care until now, and what happened last.
    pub fn told(&mut self, world: &World<'_>) -> (Vec<Care>, Vec<Happening>) {
        let now = world.office.now();
        let mut happened = Vec::new();
        let mut cares = Vec::new();
        for event in self.history.iter().filter(|event| event.at <= now) {
            let Some(case) = world.cases.get(&event.id) else { continue };
            let before = self.seen.get(&event.id).copied().unwrap_or_default();
            let after = Seen::of(case, &before, now);
            let name = self.names.get(&event.id.person).cloned().unwrap_or_default();
            let place = self.city.places[event.place].name.clone();
            if after != before {
                self.seen.insert(event.id, after);
                let tell = |(at, text, is_of_outage)| Happening {
                    at,
                    name: name.clone(),
                    text,
                    care: id(event),
                    story: story(case),
                    is_of_outage,
                };
                happened.extend(happenings(event, case, &before, &after, &place, now).into_iter().map(tell));
            }
            cares.push(care(event, case, &after, name, place, now));
        }
        happened.sort_by_key(|one| one.at);
        for one in happened {
            self.latest.push_front(one);
        }
        self.latest.truncate(LATEST);
        (cares, self.latest.iter().cloned().collect())
    }
}

impl Seen {
    fn of(case: &Case, before: &Seen, now: DateTime) -> Seen {
        Seen {
            settlements: case.settled.len(),
            is_cancelled: case.settled.last().is_some_and(|last| last.cancelled),
            is_admitted: !case.mdtrt_id.is_empty(),
            is_discharged: case.discharged,
            met_at: before.met_at.or(met_the_outage(case).then_some(now)),
        }
    }
}

/// Which care it is, to the pages.
fn id(event: &Event) -> String {
    format!("{}-{}", event.id.person, event.id.ordinal)
}

/// Where its story is asked for.
fn story(case: &Case) -> String {
    if case.mdtrt_id.is_empty() { case.entry.clone() } else { case.mdtrt_id.clone() }
}

fn funds(case: &Case) -> Money {
    Money::fen(case.settled.iter().filter(|one| !one.cancelled).filter_map(|one| one.funds).sum())
}

fn care(event: &Event, case: &Case, seen: &Seen, name: String, place: String, now: DateTime) -> Care {
    let outcome = match &case.met {
        Some(Met::Waited { .. }) if case.is_settled() => Outcome::EnteredLater,
        Some(Met::Waited { .. }) => Outcome::Waits,
        Some(Met::ToClaim { .. }) => Outcome::ToClaim,
        Some(Met::NoRoute { .. }) => Outcome::NoRoute,
        Some(Met::TooLate { .. }) => Outcome::TooLate,
        Some(Met::SelfPays { .. }) => Outcome::SelfPays,
        None if case.is_settled() => Outcome::Settled,
        None if seen.is_cancelled => Outcome::Cancelled,
        None => Outcome::UnderWay,
    };
    let charged = event.lines.iter().filter(|line| line.at <= now).map(yibao_sim::life::Line::sum).sum();
    Care {
        id: id(event),
        name,
        kind: event.kind.name(),
        place,
        at: event.at,
        charged: Money::fen(charged),
        funds: funds(case),
        outcome,
        met_at: seen.met_at,
        settled_at: case.is_settled().then(|| case.settled.last().map(|last| last.at)).flatten(),
        clauses: clauses(case).to_vec(),
        refused: case.closed.clone(),
        story: story(case),
    }
}

/// Whether an outage has made something of it.
fn met_the_outage(case: &Case) -> bool {
    !matches!(&case.met, None | Some(Met::SelfPays { put_off: false, .. }))
}

/// The clauses that it fell under.
fn clauses(case: &Case) -> &[String] {
    match &case.met {
        Some(
            Met::Waited { clauses }
            | Met::ToClaim { clauses }
            | Met::NoRoute { clauses }
            | Met::TooLate { clauses }
            | Met::SelfPays { clauses, .. },
        ) => clauses,
        None => &[],
    }
}

/// When, what, and whether it comes of the outage.
fn happenings(
    event: &Event,
    case: &Case,
    before: &Seen,
    after: &Seen,
    place: &str,
    now: DateTime,
) -> Vec<(DateTime, String, bool)> {
    let mut happened = Vec::new();
    let (kind, charged) = (event.kind.name(), Money::fen(event.total()));
    let is_stay = matches!(event.kind, Kind::Stay { .. });
    if is_stay && after.is_admitted && !before.is_admitted {
        happened.push((event.at.min(now), format!("住进{place}"), false));
    }
    if after.met_at.is_some() && before.met_at.is_none() {
        let by = clauses(case).join("、");
        let by = if by.is_empty() { String::new() } else { format!("（公告条款{by}）") };
        let text = match &case.met {
            Some(Met::Waited { clauses }) if is_stay && clauses.is_empty() => {
                format!("正住在{place}，停机前转为自费记账")
            }
            Some(Met::Waited { .. }) => format!("在{place}{kind}遇上停机，恢复后补录{by}"),
            Some(Met::ToClaim { .. }) => format!("在{place}{kind}遇上停机，先付现金，以后到经办机构报销{by}"),
            Some(Met::SelfPays { .. }) => format!("在{place}{kind}，核实不在待遇期，自费{by}"),
            Some(Met::TooLate { .. }) => format!("在{place}{kind}遇上停机，逾期没有补录{by}"),
            Some(Met::NoRoute { .. }) | None => format!("在{place}{kind}遇上停机，付现金，公告没有规定补报{by}"),
        };
        // Somebody who lies in hospital already meets it now, everybody else by coming.
        let has_just_come = now < event.at.saturating_add(3.hours());
        happened.push((if has_just_come { event.at } else { now }, text, true));
    }
    if is_stay && after.is_discharged && !before.is_discharged {
        happened.push((event.ended().min(now), format!("从{place}出院"), false));
    }
    if after.settlements > before.settlements
        && let Some(last) = case.settled.last()
    {
        let paid = last.funds.map_or_else(String::new, |funds| format!("，基金支付{}元", Money::fen(funds)));
        let what = if met_the_outage(case) { "补录结算" } else { "结算" };
        happened.push((last.at, format!("{kind}{what}：费用{charged}元{paid}"), met_the_outage(case)));
    }
    if after.is_cancelled && !before.is_cancelled {
        happened.push((now, format!("撤销了在{place}的{kind}结算"), false));
    }
    happened
}
