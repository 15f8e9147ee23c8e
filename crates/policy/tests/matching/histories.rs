//! Histories of any order and route: a claim right is used once.

use super::{PAID, at, care, entry, meeting, visit};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::matching::{Beside, Care, Paid, candidates, drafted, missing, refused, settled};
use yibao_domain::register::{Duplicate, Entry, State, by_platform, claim_keys, duplicate_of, lay_out};
use yibao_policy::registers::built_in;

/// Something that happens to care of one person at one provider.
#[derive(Clone, Debug)]
enum Happening {
    /// A clerk registers a visit or papers of it.
    Registers { papers: bool, day: i8, hour: i8, invono: &'static str, code: &'static str },
    /// The provider settles it over the interface.
    Settles { day: i8, hour: i8, invono: &'static str },
    /// An entry's own backfill settles it.
    Backfills { which: usize },
    /// A settlement is cancelled.
    Cancels { which: usize },
}

fn happening() -> impl Strategy<Value = Happening> {
    let invono = prop::sample::select(vec!["", "7", "007", "８", "8"]);
    let code = prop::sample::select(vec!["", "5101"]);
    let (day, hour) = (12_i8..14, 9_i8..11);
    prop_oneof![
        (any::<bool>(), day.clone(), hour.clone(), invono.clone(), code)
            .prop_map(|(papers, day, hour, invono, code)| Happening::Registers { papers, day, hour, invono, code }),
        (day, hour, invono).prop_map(|(day, hour, invono)| Happening::Settles { day, hour, invono }),
        (0_usize..6).prop_map(|which| Happening::Backfills { which }),
        (0_usize..6).prop_map(|which| Happening::Cancels { which }),
    ]
}

/// Registers and settlements as the engine keeps them, on nothing but the pure decisions.
#[derive(Default)]
struct Book {
    entries: Vec<Entry>,
    rights: BTreeMap<String, String>,
    settled: u32,
}

impl Book {
    fn keep(&mut self, entry: Entry) -> Result<(), ()> {
        let keys = if entry.state.keeps_claim() { claim_keys(&entry) } else { Vec::new() };
        if keys.iter().any(|key| self.rights.get(key).is_some_and(|holder| *holder != entry.number)) {
            return Err(());
        }
        self.rights.retain(|_, holder| *holder != entry.number);
        self.rights.extend(keys.into_iter().map(|key| (key, entry.number.clone())));
        self.entries.retain(|known| known.number != entry.number);
        self.entries.push(entry);
        Ok(())
    }

    fn add(&mut self, mut entry: Entry) -> Result<Entry, ()> {
        entry.number = format!("T{}", self.entries.len() + 1);
        self.keep(entry.clone())?;
        Ok(entry)
    }

    fn register(&mut self, entry: Entry) -> Result<(), ()> {
        let told = self.entries.iter().map(|standing| duplicate_of(&entry, standing));
        if told.into_iter().any(|told| matches!(told, Duplicate::SameCare | Duplicate::SentAgain)) {
            return Err(());
        }
        self.add(entry).map(drop)
    }

    fn settle(&mut self, care: &Care<'_>) -> Result<(), ()> {
        let mut meant = candidates(self.entries.clone(), care, false);
        let key = care.receipt().and_then(|receipt| receipt.key());
        let holder = key.and_then(|key| self.rights.get(&key)).cloned();
        let holder = holder.and_then(|number| self.entries.iter().find(|entry| entry.number == number));
        if refused(care, &meant, &self.entries, holder).is_some() {
            return Err(());
        }
        self.settled += 1;
        let setl_id = format!("S{}", self.settled);
        let paid = Paid { setl_id: &setl_id, ..PAID };
        for kind in missing(&meeting(), &meant, false) {
            meant.push(self.add(drafted(&meeting(), kind, care, &paid, "520502", at(20, 9)))?);
        }
        for deed in settled(&built_in(), &meeting(), care, &paid, &meant, &Beside::default(), at(20, 9)).ok_or(())? {
            self.keep(deed.entry().clone())?;
        }
        Ok(())
    }

    fn happens(&mut self, happening: &Happening) {
        let before = (self.entries.clone(), self.rights.clone());
        let id = format!("M{}", self.settled);
        let done = match happening {
            Happening::Registers { papers, day, hour, invono, code } => {
                let moment = format!("2021-07-{day} {hour:02}:00:00");
                let told = [("invono", *invono), ("bill_code", *code)];
                let mut entry = match papers {
                    true => entry("", RegisterKind::Papers, &[("care_provider", "H1"), ("care_begntime", &moment)]),
                    false => visit("", &[]),
                };
                lay_out(&mut entry, &told.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
                entry.care_from = at(*day, *hour);
                self.register(entry)
            }
            Happening::Settles { day, hour, invono } => {
                self.settle(&Care { begun: at(*day, *hour), mdtrt_id: &id, ..care(invono, None) })
            }
            Happening::Backfills { which } => match self.entries.get(*which).cloned() {
                Some(own) if own.kind == RegisterKind::CashVisit && !own.state.is_final() => {
                    let begun = own.care_from;
                    let own_care = care(&own.invono, Some(&own.number));
                    self.settle(&Care { begun, mdtrt_id: &id, ..own_care })
                }
                _ => Ok(()),
            },
            Happening::Cancels { which } => {
                let open = self.entries.get(*which).and_then(|entry| by_platform::unsettled(&built_in(), entry));
                open.map_or(Ok(()), |deed| self.keep(deed.entry().clone()))
            }
        };
        // What was refused keeps nothing, as a transaction that is given up.
        if done.is_err() {
            (self.entries, self.rights) = before;
        }
    }
}

proptest! {
    #[test]
    fn a_claim_right_is_used_once_whatever_the_order_and_route(history in prop::collection::vec(happening(), 1..14)) {
        let mut book = Book::default();
        for happening in &history {
            book.happens(happening);
            let standing: Vec<&Entry> = book.entries.iter().filter(|entry| entry.state.keeps_claim()).collect();
            // One receipt, one entry: on whatever day and route.
            for (index, one) in standing.iter().enumerate() {
                for other in &standing[index + 1..] {
                    let papers = one.receipt().zip(other.receipt()).map(|(one, other)| one.compare(&other));
                    prop_assert_ne!(papers, Some(yibao_domain::register::SamePaper::Yes), "{:?} {:?}", one, other);
                }
            }
            // One settlement, one entry; what is settled is at no other route.
            let settled: Vec<&str> =
                standing.iter().filter(|it| it.state == State::Settled).map(|it| it.setl_id.as_str()).collect();
            prop_assert_eq!(settled.len(), settled.iter().collect::<BTreeSet<_>>().len());
            let held: Vec<(String, String)> = standing
                .iter()
                .flat_map(|entry| claim_keys(entry).into_iter().map(|key| (key, entry.number.clone())))
                .collect();
            let mut rights: Vec<(String, String)> = book.rights.clone().into_iter().collect();
            rights.sort();
            let mut held = held;
            held.sort();
            prop_assert_eq!(rights, held);
        }
    }
}
