//! What a question costs the embedded engine, in its own steps: what is asked for each row of a sheet must not cost more
//! the more rows came before.

use super::{SqliteBook, SqliteStore};
use crate::register::{EntryFilter, Statement};
use crate::seam::{Book, Mode, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Entry, Source, State, Stated};
use yibao_domain::time::DateTime;

const CARE: DateTime = DateTime::constant(2021, 7, 12, 9, 0, 0, 0);

/// A row of one provider and day, of somebody without a person number.
fn row(serial: u32) -> Entry {
    Entry {
        number: format!("TJ520500-2021-{serial:06}"),
        plan: "cutover".into(),
        rule: "cash".into(),
        kind: RegisterKind::CashVisit,
        business: Business::named("settlement.outpatient"),
        fixmedins_code: "H1".into(),
        admdvs: "520502".into(),
        psn_no: String::new(),
        certno: if serial.is_multiple_of(2) { format!("C{serial}") } else { String::new() },
        mdtrt_id: format!("E{serial}"),
        care_from: CARE,
        care_until: None,
        invono: format!("I{serial}"),
        charged: Money::yuan(30),
        refunded: Money::ZERO,
        setl_id: format!("S{serial}"),
        state: State::Waiting,
        reason: String::new(),
        source: Source::Page,
        taken_at: CARE,
        taken_by: "赵六".into(),
        details: said(serial),
        version: 1,
    }
}

fn said(serial: u32) -> Stated {
    Stated::from([("of_entry".to_owned(), format!("O{serial}")), ("tel".to_owned(), serial.to_string())])
}

/// Steps of the engine that a question takes.
fn steps(book: &mut SqliteBook, question: impl Fn(&mut dyn Tx) -> usize) -> u64 {
    let taken = Arc::new(AtomicU64::new(0));
    let counted = taken.clone();
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    book.reader.progress_handler(1, Some(count)).unwrap();
    let mut found = 0;
    book.transact(Mode::Read, &mut |tx| {
        found = question(tx);
        Ok(())
    })
    .unwrap();
    book.reader.progress_handler(1, None::<fn() -> bool>).unwrap();
    assert_eq!(found, 1, "the question finds its row");
    taken.load(Ordering::Relaxed)
}

#[test]
fn what_is_asked_for_a_row_of_a_sheet_costs_the_same_after_four_thousand_rows_as_after_ten() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path(), &[]).unwrap();
    let mut book = store.book(&Pool::new("520500")).unwrap();
    let all = EntryFilter::default;
    let of_nobody = Statement { kind: RegisterKind::CashVisit, care_from: CARE, details: said(7) };
    let questions: [(&str, EntryFilter); 6] = [
        ("statement", EntryFilter { statement: Some(of_nobody), ..all() }),
        ("document", EntryFilter { certno: Some("C8".into()), ..all() }),
        ("document in the plan", EntryFilter { certno: Some("C8".into()), plan: Some("cutover".into()), ..all() }),
        ("encounter", EntryFilter { mdtrt_id: Some("E7".into()), ..all() }),
        ("settlement", EntryFilter { setl_id: Some("S7".into()), ..all() }),
        ("entry", EntryFilter { of_entry: Some("O7".into()), ..all() }),
    ];
    let mut cost = |from: u32, to: u32| -> Vec<u64> {
        let add = &mut |tx: &mut dyn Tx| {
            (from..to).try_for_each(|serial| {
                tx.add_entry(&row(serial))?;
                tx.take_claim(&format!("key {serial}"), &row(serial).number)
            })
        };
        book.transact(Mode::Write, add).unwrap();
        let mut costs: Vec<u64> = Vec::new();
        for (_, filter) in &questions {
            costs.push(steps(&mut book, |tx| tx.entries(filter, 5_000).unwrap().len()));
        }
        costs.push(steps(&mut book, |tx| usize::from(tx.claim_holder("key 7").unwrap().is_some())));
        costs
    };
    let (few, many) = (cost(0, 10), cost(10, 4_000));
    let names = questions.iter().map(|(name, _)| *name).chain(["claim"]);
    for ((name, few), many) in names.zip(few).zip(many) {
        assert!(many <= few + 20, "by {name}: {few} steps after ten rows, {many} after four thousand");
    }
}
