//! The walk through the entries: what only the domain, or the fields of the history, can say of each.
//!
//! An entry whose state keeps its claim holds exactly the keys that the domain gives it, and what it says of its
//! settlement, its refund and its lines is what its history says. Entries come plan by plan in the order of care, a page
//! at a time, with the rights, events and lines of that page: each is read once by an index, in bounded memory.

use super::SHOWN;
use crate::fault::Fault;
use crate::register::{EntryFilter, fields_of_text};
use crate::seam::{Check, Tx};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, State, claim_keys};

/// Entries that are looked at together.
const PAGE: usize = 1_000;

const RIGHTS: &str = "台账：占用报销权的条目恰好持有其全部报销权";
const HISTORY: &str = "台账：结算、退付和费用明细与操作记录所记相同";

/// In these questions the place of the numbers asked about; an engine puts its own words for a list there.
pub(crate) const NUMBERS: &str = "{numbers}";
const PLANS: &str = "SELECT DISTINCT plan, '', '' FROM register_entry ORDER BY 1";
const RIGHTS_OF: &str = "SELECT number, claim_key, '' FROM claim_right WHERE number IN ({numbers})";
const EVENTS_OF: &str =
    "SELECT number, action, fields FROM register_event WHERE number IN ({numbers}) ORDER BY number, seq";
const LINES_OF: &str = "SELECT number, CAST(count(*) AS text), CAST(sum(det_item_fee_sumamt_fen) AS text)
                        FROM register_line WHERE number IN ({numbers}) GROUP BY number";

/// Three columns of text.
pub(crate) type Texts = [String; 3];

/// What the walk asks of an engine beside the seam.
pub(crate) trait Walk: Tx {
    /// The rows of a question; `numbers` is a JSON array of entries' numbers.
    fn texts(&mut self, sql: &str, numbers: &str) -> Result<Vec<Texts>, Fault>;
}

/// Walks through all entries.
pub(crate) fn checks(tx: &mut dyn Walk) -> Result<Vec<Check>, Fault> {
    let check = |name| Check { name, examined: 0, broken: Vec::new() };
    let (mut rights, mut history) = (check(RIGHTS), check(HISTORY));
    for [plan, ..] in tx.texts(PLANS, "[]")? {
        let mut filter = EntryFilter { plan: Some(plan), ..EntryFilter::default() };
        loop {
            let page = tx.entries(&filter, PAGE)?;
            let Some(last) = page.last() else { break };
            filter.after = Some((last.care_from, last.number.clone()));
            let beside = Beside::read(tx, &page)?;
            for entry in &page {
                note(&mut rights, beside.wrong_rights(entry));
                note(&mut history, beside.wrong_history(entry));
            }
        }
    }
    Ok(vec![rights, history])
}

fn note(check: &mut Check, broken: Option<String>) {
    check.examined += 1;
    check.broken.extend(broken.filter(|_| check.broken.len() < SHOWN));
}

/// What a page's entries have beside them, by number.
struct Beside {
    rights: HashMap<String, Vec<String>>,
    events: HashMap<String, Vec<(String, String)>>,
    lines: HashMap<String, (String, Money)>,
}

impl Beside {
    fn read(tx: &mut dyn Walk, page: &[Entry]) -> Result<Beside, Fault> {
        let numbers = Json::from_iter(page.iter().map(|entry| entry.number.as_str())).to_string();
        let mut beside = Beside { rights: HashMap::new(), events: HashMap::new(), lines: HashMap::new() };
        for [number, key, _] in tx.texts(RIGHTS_OF, &numbers)? {
            beside.rights.entry(number).or_default().push(key);
        }
        for [number, action, fields] in tx.texts(EVENTS_OF, &numbers)? {
            beside.events.entry(number).or_default().push((action, fields));
        }
        for [number, count, fen] in tx.texts(LINES_OF, &numbers)? {
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

    fn wrong_history(&self, entry: &Entry) -> Option<String> {
        let events = self.events.get(&entry.number).map_or(&[][..], Vec::as_slice);
        let wrong = wrong_settlement(entry, events)
            .or_else(|| wrong_refund(entry, events))
            .or_else(|| wrong_lines(entry, events, self.lines.get(&entry.number)))?;
        Some(format!("{}：{wrong}", entry.number))
    }
}

/// The fields of the latest of these actions.
fn latest(events: &[(String, String)], actions: &[Action]) -> Option<(Action, BTreeMap<String, String>)> {
    events.iter().rev().find_map(|(word, fields)| {
        let action = Action::of_word(word).filter(|action| actions.contains(action))?;
        Some((action, fields_of_text(fields).unwrap_or_default()))
    })
}

/// A settled entry names the settlement of its last 补录结算; an entry whose last one stands is settled.
fn wrong_settlement(entry: &Entry, events: &[(String, String)]) -> Option<String> {
    let (action, fields) =
        latest(events, &[Action::Settle, Action::Unsettle]).unwrap_or((Action::Unsettle, BTreeMap::new()));
    let noted = if action == Action::Settle { fields.get("setl_id").map_or("", String::as_str) } else { "" };
    (noted != entry.setl_id).then(|| format!("记着结算“{}”，操作记录的最后一次结算是“{noted}”", entry.setl_id))
}

/// What was paid out by hand is what was stated when it was.
fn wrong_refund(entry: &Entry, events: &[(String, String)]) -> Option<String> {
    if entry.state != State::Reimbursed {
        return None;
    }
    let (_, fields) = latest(events, &[Action::Reimburse])?;
    let noted = fields.get("refund").and_then(|refund| refund.parse().ok()).unwrap_or(Money::ZERO);
    (noted != entry.refunded).then(|| format!("退付{}元，报销时所记为{noted}元", entry.refunded))
}

/// Lines are those of their last correction; those of a cash visit that came with its registration add up to what was
/// charged then.
fn wrong_lines(entry: &Entry, events: &[(String, String)], lines: Option<&(String, Money)>) -> Option<String> {
    let corrected = events.iter().rev().find_map(|(_, fields)| {
        let fields = fields_of_text(fields).unwrap_or_default();
        Some((fields.get("lines")?.clone(), fields.get("det_item_fee_sumamt")?.parse::<Money>().ok()?))
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
