//! The walk through the entries: what only the domain, or the fields of the history, can say of each.
//!
//! An entry whose state keeps its claim holds exactly the keys that the domain gives it, its history goes by the table of
//! steps, and it is what its history tells it to be, column by column: what it says of its settlement, its refund and its
//! lines too. Columns that no fact of the history names are held against it elsewhere (`register.rs`): the number and the
//! state, who took the entry in and when, and the version, which is how many events there are. Entries come plan by plan in the order of care, a page
//! at a time, with the rights, events and lines of that page: each is read once by an index, in bounded memory.

use super::SHOWN;
use super::booked::{self, Taken};
use super::walk::Walk;
use crate::fault::Fault;
use crate::register::{EntryFilter, fields_of_text};
use crate::seam::Check;
use std::collections::{BTreeMap, HashMap};
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Action, Entry, Source, State, WorkTable, claim_keys, differing, facts, told};

/// Entries that are looked at together.
const PAGE: usize = 1_000;

const WORDS: &str = "台账：登记册、业务、状态、来源、操作都用已知的词";
const RIGHTS: &str = "台账：占用报销权的条目恰好持有其全部报销权";
const STEPS: &str = "台账：操作记录的每一步都是该登记册允许的";
const EYES: &str = "台账：须由另一人办理的步骤确由另一人办理";
const HISTORY: &str = "台账：结算、退付和费用明细与操作记录所记相同";
const FACTS: &str = "台账：条目的每一栏都是操作记录所记的";

const ALL_WORDS: &str = "SELECT min(number), 'kind', kind, '', '' FROM register_entry GROUP BY kind
                         UNION ALL SELECT min(number), 'business', business, '', '' FROM register_entry GROUP BY business
                         UNION ALL SELECT min(number), 'state', state, '', '' FROM register_entry GROUP BY state
                         UNION ALL SELECT min(number), 'source', source, '', '' FROM register_entry GROUP BY source
                         UNION ALL SELECT min(number), 'action', action, '', '' FROM register_event GROUP BY action
                         UNION ALL SELECT min(number), 'state', state, '', '' FROM register_event GROUP BY state";
const PLANS: &str = "SELECT DISTINCT plan, '', '', '', '' FROM register_entry ORDER BY 1";
const RIGHTS_OF: &str =
    "SELECT number, claim_key, '', '', '' FROM claim_right WHERE number IN (SELECT value FROM json_each(?1))";
const EVENTS_OF: &str = "SELECT number, action, state, fields, actor FROM register_event WHERE number IN (SELECT value FROM json_each(?1)) ORDER BY number, seq";
const LINES_OF: &str = "SELECT number, CAST(count(*) AS text), CAST(sum(det_item_fee_sumamt_fen) AS text), '', ''
                        FROM register_line WHERE number IN (SELECT value FROM json_each(?1)) GROUP BY number";

/// Walks through all entries, which go by this table of work. Entries with unknown words cannot be read: these are named, and the rest is left.
pub(crate) fn checks(tx: &mut dyn Walk, work: &WorkTable) -> Result<Vec<Check>, Fault> {
    let check = |name| Check { name, examined: 0, broken: Vec::new() };
    let (mut words, mut rights) = (check(WORDS), check(RIGHTS));
    let (mut steps, mut eyes, mut history, mut all) = (check(STEPS), check(EYES), check(HISTORY), check(FACTS));
    let mut booked = check(booked::NAME);
    for [number, column, word, ..] in tx.texts(ALL_WORDS, &[])? {
        let unknown = !is_known(work, &column, &word);
        note(&mut words, unknown.then(|| format!("{number}等：{column}是不认识的词，条目没有逐条检查")));
    }
    let plans = if words.broken.is_empty() { tx.texts(PLANS, &[])? } else { Vec::new() };
    for [plan, ..] in plans {
        let mut filter = EntryFilter { plan: Some(plan), ..EntryFilter::default() };
        loop {
            let page = tx.entries(&filter, PAGE)?;
            let Some(last) = page.last() else { break };
            filter.after = Some((last.care_from, last.number.clone()));
            let beside = Beside::read(tx, &page)?;
            for entry in &page {
                note(&mut rights, beside.wrong_rights(entry));
                note(&mut steps, beside.wrong_step(work, entry));
                note(&mut eyes, beside.same_eyes(work, entry));
                note(&mut history, beside.wrong_history(entry));
                note(&mut all, beside.wrong_facts(entry));
            }
            for wrong in booked::wrong(tx, work, page.iter().flat_map(|entry| beside.taken(entry)))? {
                note(&mut booked, wrong);
            }
        }
    }
    for stray in booked::strays(tx)? {
        note(&mut booked, Some(stray));
    }
    Ok(vec![words, rights, steps, eyes, history, all, booked])
}

fn is_known(work: &WorkTable, column: &str, word: &str) -> bool {
    match column {
        "kind" => work.kind(word).is_some(),
        "business" => Business::new(word).is_some(),
        "state" => work.states.iter().any(|state| state.word() == word),
        "source" => Source::of_word(word).is_some(),
        _ => work.action(word).is_some(),
    }
}

fn note(check: &mut Check, broken: Option<String>) {
    check.examined += 1;
    check.broken.extend(broken.filter(|_| check.broken.len() < SHOWN));
}

/// An event: what was done, the state after it, and what was stated.
struct Told {
    action: Option<Action>,
    state: Option<State>,
    /// The login of who did it; empty where nobody was signed in.
    actor: String,
    fields: BTreeMap<String, String>,
}

/// What a page's entries have beside them, by number.
struct Beside {
    rights: HashMap<String, Vec<String>>,
    events: HashMap<String, Vec<Told>>,
    lines: HashMap<String, (String, Money)>,
}

impl Beside {
    fn read(tx: &mut dyn Walk, page: &[Entry]) -> Result<Beside, Fault> {
        let numbers: Vec<&str> = page.iter().map(|entry| entry.number.as_str()).collect();
        let mut beside = Beside { rights: HashMap::new(), events: HashMap::new(), lines: HashMap::new() };
        for [number, key, ..] in tx.texts(RIGHTS_OF, &numbers)? {
            beside.rights.entry(number).or_default().push(key);
        }
        for [number, action, state, fields, actor] in tx.texts(EVENTS_OF, &numbers)? {
            let fields =
                fields_of_text(&fields).map_err(|error| Fault::new("reading the history of", &number, error))?;
            let (action, state) = (Action::of_word(&action), State::of_word(&state));
            let told = Told { action, state, actor, fields };
            beside.events.entry(number).or_default().push(told);
        }
        for [number, count, fen, ..] in tx.texts(LINES_OF, &numbers)? {
            let fen = fen.parse().map_err(|error| Fault::new("adding up the lines of entry", &number, error))?;
            beside.lines.insert(number, (count, Money::fen(fen)));
        }
        Ok(beside)
    }

    /// A key may name a person, so they are counted, not shown.
    fn wrong_rights(&self, entry: &Entry) -> Option<String> {
        let due = if entry.state.keeps_claim() { claim_keys(entry) } else { Vec::new() };
        let held = self.rights.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let lacking = due.iter().filter(|key| !held.contains(key)).count();
        let beyond = held.iter().filter(|key| !due.contains(key)).count();
        let number = &entry.number;
        match (lacking, beyond) {
            (0, 0) => None,
            (_, 0) => Some(format!("{number}：应有{}项报销权，少{lacking}项", due.len())),
            (0, _) => Some(format!("{number}：应有{}项报销权，多占{beyond}项", due.len())),
            _ => Some(format!("{number}：应有{}项报销权，少{lacking}项，另占不属于它的{beyond}项", due.len())),
        }
    }

    /// The steps that were taken with an entry.
    fn taken<'a>(&'a self, entry: &'a Entry) -> impl Iterator<Item = Taken<'a>> {
        let events = self.events.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let taken = |(seq, told): (usize, &'a Told)| {
            let (number, kind, fields) = (entry.number.as_str(), entry.kind, &told.fields);
            Some(Taken { number, kind, seq, action: told.action?, fields })
        };
        (1..).zip(events).filter_map(taken)
    }

    /// The first step that nobody may take.
    fn wrong_step(&self, work: &WorkTable, entry: &Entry) -> Option<String> {
        let events = self.events.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let wrong = events.windows(2).position(|pair| !is_allowed(work, entry.kind, &pair[0], &pair[1]))?;
        Some(format!("{}：操作记录第{}条不是从前一条的状态可办的", entry.number, wrong + 2))
    }

    /// The first step that had to be another person's than one before it.
    fn same_eyes(&self, work: &WorkTable, entry: &Entry) -> Option<String> {
        let events = self.events.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let wrong = (1..events.len()).find(|at| {
            let (before, event) = (&events[..*at], &events[*at]);
            let (Some(from), Some(action)) = (before.last().and_then(|told| told.state), event.action) else {
                return false;
            };
            let own =
                |earlier: &Action| before.iter().any(|told| told.action == Some(*earlier) && told.actor == event.actor);
            let mut steps = work.roles.iter().filter_map(|role| work.step(entry.kind, from, action, *role)).peekable();
            !event.actor.is_empty() && steps.peek().is_some() && steps.all(|step| step.other_than.iter().any(own))
        })?;
        Some(format!("{}：操作记录第{}条与此前须由另一人办理的步骤是同一人所办", entry.number, wrong + 1))
    }

    /// What the entry is beside what its history tells. A history from before events told it says nothing to hold it against.
    fn wrong_facts(&self, entry: &Entry) -> Option<String> {
        let events = self.events.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let differing = differing(&facts(entry), &told(events.iter().map(|event| &event.fields))?);
        (!differing.is_empty()).then(|| format!("{}：{}与操作记录所记不同", entry.number, differing.join("、")))
    }

    fn wrong_history(&self, entry: &Entry) -> Option<String> {
        let events = self.events.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let wrong = wrong_settlement(entry, events)
            .or_else(|| wrong_refund(entry, events))
            .or_else(|| wrong_lines(entry, events, self.lines.get(&entry.number)))?;
        Some(format!("{}：{wrong}", entry.number))
    }
}

/// Whether anybody may do this from the state before it.
fn is_allowed(work: &WorkTable, kind: RegisterKind, before: &Told, after: &Told) -> bool {
    let (Some(from), Some(action), Some(to)) = (before.state, after.action, after.state) else { return false };
    // What an entry had cost by then is not told: any step of the action will do.
    let mut steps = work.roles.iter().flat_map(|role| work.steps_from(kind, from, *role));
    steps.any(|step| step.action == action && step.leads_to(from).any(|state| state == to))
}

/// The fields of the latest of these actions.
fn latest<'a>(events: &'a [Told], actions: &[Action]) -> Option<(Action, &'a BTreeMap<String, String>)> {
    let mut latest = events.iter().rev();
    latest.find_map(|told| Some((told.action.filter(|action| actions.contains(action))?, &told.fields)))
}

/// A settled entry names the settlement of its last 补录结算; an entry whose last one stands is settled.
fn wrong_settlement(entry: &Entry, events: &[Told]) -> Option<String> {
    let noted = match latest(events, &[Action::Settle, Action::Unsettle]) {
        Some((Action::Settle, fields)) => fields.get("setl_id").map_or("", String::as_str),
        _ => "",
    };
    (noted != entry.setl_id).then(|| format!("记着结算“{}”，操作记录的最后一次结算是“{noted}”", entry.setl_id))
}

/// What was paid out by hand is what was stated when it was.
fn wrong_refund(entry: &Entry, events: &[Told]) -> Option<String> {
    if entry.state != State::Reimbursed {
        return None;
    }
    let stated = latest(events, &[Action::Reimburse]).and_then(|(_, fields)| fields.get("refund"));
    let noted = stated.and_then(|refund| refund.parse().ok()).unwrap_or(Money::ZERO);
    (noted != entry.refunded).then(|| format!("退付{}元，报销时所记为{noted}元", entry.refunded))
}

/// Lines are those of their last correction; those of a cash visit that came with its registration add up to what was
/// charged then.
fn wrong_lines(entry: &Entry, events: &[Told], lines: Option<&(String, Money)>) -> Option<String> {
    let corrected = events.iter().rev().find_map(|told| {
        Some((told.fields.get("lines")?, told.fields.get("det_item_fee_sumamt")?.parse::<Money>().ok()?))
    });
    let (count, sum) = lines.map_or(("0", Money::ZERO), |(count, sum)| (count.as_str(), *sum));
    if let Some((noted, noted_sum)) = corrected {
        let agrees = noted == count && noted_sum == sum;
        return (!agrees).then(|| format!("费用明细{count}条{sum}元，操作记录为{noted}条{noted_sum}元"));
    }
    if entry.kind != RegisterKind::CashVisit || count == "0" {
        return None;
    }
    let (_, fields) = latest(events, &[Action::Register])?;
    let charged = fields.get("medfee_sumamt")?.parse::<Money>().ok()?;
    (charged != sum).then(|| format!("费用明细合计{sum}元，登记时的费用总额为{charged}元"))
}
