//! What every engine promises about a person's settlements: whatever they are of, in the order of recording, with when each
//! counts and whether it stands.

use crate::engine::{Engine, book, check_verifies, read, write};
use crate::registers;
use crate::rows::{add_person, add_with_line, cancel, july, line, posting, settle, settlement, stay, visit};
use yibao_domain::ledger::{MovementKind, SourceKind};
use yibao_domain::money::Money;
use yibao_domain::register::Entry;
use yibao_store::encounter::{Encounter, EncounterState, WhichLines};
use yibao_store::ledger::{JournalEntry, Movement};
use yibao_store::settlement::{Accumulation, Settlement};
use yibao_store::{Fault, Tx};

fn added(fen: i64) -> Vec<Accumulation> {
    vec![Accumulation { period: "2021".into(), name: "pool_paid".into(), delta: fen }]
}

/// A settlement that counts on a day of July and adds so many fen to the year's `pool_paid`.
fn counting(number: i64, psn_no: &str, day: i8, fen: i64) -> Settlement {
    let settled = settlement(&format!("S{number}"), &format!("E{number}"), psn_no);
    Settlement { counts_at: july(day), accumulations: added(fen), ..settled }
}

pub fn a_persons_settlements_come_in_the_order_of_recording_with_when_they_count(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")?;
        // A stay in two parts, a transfer, a visit of the year before and somebody else's, in another order than that of care.
        let left = Encounter { state: EncounterState::Discharged, endtime: Some(july(20)), ..stay("E1", "P1") };
        add_with_line(tx, &left)?;
        settle(tx, &Settlement { mid_stay: true, acct_used_flag: "0".into(), ..counting(1, "P1", 12, 70) })?;
        add_with_line(tx, &visit("E2", "P1"))?;
        settle(tx, &counting(2, "P1", 9, 5))?;
        let transferred = Encounter { dscg_way: "2".into(), begntime: july(20), ..stay("E3", "P1") };
        add_with_line(tx, &transferred)?;
        let arrived = july(20).date();
        let of_days = Settlement { begndate: arrived, enddate: arrived, ..counting(3, "P1", 22, 900) };
        settle(tx, &Settlement { insutype: "390".into(), ..of_days })?;
        add_with_line(tx, &visit("E4", "P1"))?;
        settle(tx, &Settlement { year: 2020, accumulations: Vec::new(), ..counting(4, "P1", 9, 1) })?;
        add_with_line(tx, &visit("E5", "P2"))?;
        settle(tx, &counting(5, "P2", 9, 6_000))
    });
    let cancelled = counting(2, "P1", 9, 5);
    write(book.as_mut(), |tx| cancel(tx, &cancelled).map(drop));
    // The cancellation is reversed: the same amounts as a new round, that counts when the first one did.
    let back =
        Settlement { setl_id: "S6".into(), round: 2, restores: "S2".into(), acct_pay: Money::yuan(6), ..cancelled };
    write(book.as_mut(), |tx| tx.record_settlement(&back, &["L1".into()]));
    read(book.as_mut(), |tx| {
        let of = |rows: Vec<yibao_store::settlement::PastSettlement>| -> Vec<(String, i8, bool, i64)> {
            let told = |row: yibao_store::settlement::PastSettlement| {
                let sum = row.settlement.accumulations.iter().map(|one| one.delta).sum();
                (row.settlement.setl_id.clone(), row.settlement.counts_at.day(), row.stands(), sum)
            };
            rows.into_iter().map(told).collect()
        };
        let all = tx.settlements_of_person("P1", 2021)?;
        assert_eq!(all[1].cancelled_at, Some(july(10)));
        assert_eq!((all[0].settlement.mid_stay, all[0].settlement.acct_used_flag.as_str()), (true, "0"));
        assert_eq!(all[2].settlement.insutype, "390");
        assert_eq!(all[3].settlement.root(), "S2");
        let told = |id: &str, day, stands, sum| (id.to_owned(), day, stands, sum);
        let expected =
            [told("S1", 12, true, 70), told("S2", 9, false, 5), told("S3", 22, true, 900), told("S6", 9, true, 5)];
        assert_eq!(of(all), expected);
        assert_eq!(of(tx.settlements_of_person("P1", 2020)?).len(), 5);
        assert_eq!(of(tx.settlements_of_person("P9", 2020)?), []);
        Ok(())
    });
    check_verifies(book.as_mut());
}

/// Whatever is recorded about a person moves the book on, to where it has not been; what is recorded about others does not.
pub fn a_book_tells_how_far_it_has_come_with_a_person(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_person(tx, "P2")?;
        add_with_line(tx, &visit("E1", "P1"))?;
        settle(tx, &settlement("S1", "E1", "P1"))
    });
    let first = settlement("S1", "E1", "P1");
    let again = Settlement { round: 2, restores: "S1".into(), ..settlement("S2", "E1", "P1") };
    let back =
        JournalEntry { source: SourceKind::Correction, source_id: "C1".into(), psn_no: "P1".into(), at: july(10) };
    let moved =
        Movement { psn_no: "P1".into(), kind: MovementKind::Credited, amount: Money::yuan(5), day: july(10).date() };
    let posted = [posting("person/account/P1", -500), posting("fund/310100", 500)];
    let registered = registers::entry("TJ1");
    let by_document = Entry { psn_no: String::new(), certno: "C1x".into(), ..registers::entry("TJ2") };
    let documents = ["C1X".to_owned(), "C1x".to_owned()];
    type Records<'a> = &'a dyn Fn(&mut dyn Tx) -> Result<(), Fault>;
    let changes: [(&str, Records<'_>); 9] = [
        ("a line", &|tx| tx.add_fee_lines(&[line("E1", "L2")])),
        ("a line less", &|tx| tx.delete_fee_lines("E1", &WhichLines::Line("L2".into())).map(drop)),
        ("a cancellation", &|tx| cancel(tx, &first).map(drop)),
        ("a settlement", &|tx| tx.record_settlement(&again, &["L1".into()])),
        ("an account movement", &|tx| tx.record_journal_entry(&back, &posted, std::slice::from_ref(&moved))),
        ("an entry", &|tx| tx.add_entry(&registered)),
        ("a step of it", &|tx| tx.update_entry(&Entry { version: 2, ..registered.clone() })),
        ("an entry of the document alone", &|tx| tx.add_entry(&by_document)),
        ("a step of that", &|tx| tx.update_entry(&Entry { version: 2, ..by_document.clone() })),
    ];
    for (what, record) in changes {
        let before = read(book.as_mut(), |tx| tx.progress("P1", &documents));
        let of_another = read(book.as_mut(), |tx| tx.progress("P2", &["C2".to_owned()]));
        write(book.as_mut(), record);
        assert_ne!(read(book.as_mut(), |tx| tx.progress("P1", &documents)), before, "{what}");
        assert_eq!(read(book.as_mut(), |tx| tx.progress("P2", &["C2".to_owned()])), of_another, "{what}");
    }
    let of_nobody = read(book.as_mut(), |tx| tx.progress("P3", &[]));
    assert_eq!((of_nobody.settlements, of_nobody.movements, of_nobody.charged), (0, 0, 0));
}
