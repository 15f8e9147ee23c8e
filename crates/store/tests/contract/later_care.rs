//! What every engine promises about a person's settlements: whatever they are of, in the order of recording, with when each
//! counts and whether it stands.

use crate::engine::{Engine, book, check_verifies, read, write};
use crate::rows::{add_person, add_with_line, cancel, july, settle, settlement, stay, visit};
use yibao_domain::money::Money;
use yibao_store::encounter::{Encounter, EncounterState};
use yibao_store::settlement::{Accumulation, Settlement};

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
