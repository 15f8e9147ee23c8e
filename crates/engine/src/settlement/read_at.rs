//! What a decision was read at (读取版本): so that a reader may decide what the writer records.
//!
//! The writer asks again how far the book has come with the person, which is little beside deciding anew. What only grows is
//! compared by its numbers ([`Progress`]), what may change in place by itself. A provider's record is no part of it: a live
//! call, too, knows one from a moment ago. Invariant: where it still holds, deciding again gives the same result.

use crate::call::Stop;
use crate::facts::EVERY;
use crate::facts::person::writings;
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_domain::outage::Plan;
use yibao_store::Tx;
use yibao_store::encounter::{Diagnosis, Encounter, EncounterFilter};
use yibao_store::filing::Filing;
use yibao_store::person::{PersonFacts, RunningTotalRow};
use yibao_store::register::Hold;
use yibao_store::settlement::Progress;

/// What a decision about a person was read at.
#[derive(Clone, PartialEq)]
pub(crate) struct ReadAt {
    psn_no: String,
    progress: Progress,
    person: Option<PersonFacts>,
    totals: Vec<RunningTotalRow>,
    encounters: Vec<Encounter>,
    /// Of the encounters that are decided about.
    diagnoses: BTreeMap<String, Vec<Diagnosis>>,
    filings: Vec<Filing>,
    holds: Vec<Hold>,
    plans: Arc<Vec<Plan>>,
}

impl ReadAt {
    /// Reads it, in the transaction in which these encounters of the person are decided about.
    pub fn take<'a>(
        tx: &mut dyn Tx,
        plans: Arc<Vec<Plan>>,
        psn_no: &str,
        encounters: impl IntoIterator<Item = &'a str>,
    ) -> Result<ReadAt, Stop> {
        let mut diagnoses = BTreeMap::new();
        for mdtrt_id in encounters {
            diagnoses.insert(mdtrt_id.to_owned(), tx.diagnoses(mdtrt_id)?);
        }
        let person = tx.person_facts(psn_no, &[])?;
        let certno = person.as_ref().map_or("", |facts| facts.person.certno.as_str());
        let documents = Vec::from_iter(writings(certno));
        let of_person = EncounterFilter { psn_no: Some(psn_no.to_owned()), ..EncounterFilter::default() };
        Ok(ReadAt {
            psn_no: psn_no.to_owned(),
            progress: tx.progress(psn_no, &documents)?,
            person,
            totals: tx.running_totals(psn_no)?,
            encounters: tx.encounters(&of_person, EVERY)?,
            diagnoses,
            filings: tx.filings(psn_no, None)?,
            holds: tx.holds(psn_no)?,
            plans,
        })
    }

    /// Whether it is all still so.
    pub fn still_hold(&self, tx: &mut dyn Tx, plans: Arc<Vec<Plan>>) -> Result<bool, Stop> {
        let encounters = self.diagnoses.keys().map(String::as_str);
        Ok(ReadAt::take(tx, plans, &self.psn_no, encounters)? == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_domain::code::Pool;
    use yibao_domain::money::Money;
    use yibao_store::encounter::{EncounterState, Setting};
    use yibao_store::person::{Attribute, Insurance, Person, SpecialDisease};
    use yibao_store::{Book, Fault, Mode, SqliteStore, Store};

    fn stay() -> Encounter {
        let begntime = date(2021, 7, 8).at(9, 0, 0, 0);
        let none = String::new;
        Encounter {
            mdtrt_id: "E1".into(),
            psn_no: "P1".into(),
            fixmedins_code: "H1".into(),
            setting: Setting::Inpatient,
            state: EncounterState::Open,
            insutype: "390".into(),
            med_type: "21".into(),
            begntime,
            endtime: None,
            ipt_otp_no: none(),
            mdtrt_cert_type: none(),
            dise_codg: none(),
            dise_name: none(),
            dscg_maindiag_code: none(),
            dscg_maindiag_name: none(),
            dscg_way: none(),
            matn_type: none(),
            birctrl_type: none(),
            geso_val: None,
            fetus_cnt: None,
            birctrl_matn_date: None,
            recorded_at: begntime,
            cancelled_at: None,
            details: "{}".into(),
        }
    }

    fn diagnosis() -> Diagnosis {
        Diagnosis {
            mdtrt_id: "E1".into(),
            inout_diag_type: "1".into(),
            diag_srt_no: 1,
            diag_type: "1".into(),
            maindiag_flag: true,
            diag_code: "I10.x00".into(),
            diag_name: "高血压".into(),
            valid: true,
            details: "{}".into(),
        }
    }

    fn filing() -> Filing {
        Filing {
            trt_dcla_detl_sn: "F1".into(),
            psn_no: "P1".into(),
            kind: "transfer".into(),
            insutype: "390".into(),
            care_admdvs: "520502".into(),
            fixmedins_code: "H2".into(),
            fixmedins_name: String::new(),
            begndate: date(2021, 7, 8),
            enddate: None,
            filed_by: String::new(),
            filed_at: date(2021, 7, 8).at(9, 0, 0, 0),
            cancelled_at: None,
            details: "{}".into(),
        }
    }

    fn insurance(psn_type: &str) -> Insurance {
        Insurance {
            psn_no: "P1".into(),
            insutype: "390".into(),
            psn_type: psn_type.into(),
            insuplc_admdvs: "520502".into(),
            begndate: date(2015, 1, 1),
            enddate: None,
            paused_from: None,
            emp_name: String::new(),
            continuous_years: 4,
            cvlserv_flag: false,
        }
    }

    fn total(value: i64) -> RunningTotalRow {
        RunningTotalRow { insutype: "390".into(), period: "2021".into(), name: "inpatient_stays".into(), value }
    }

    type Changes = fn(&mut dyn Tx) -> Result<(), Fault>;

    /// What a load, a filing or a message may change in place.
    const CHANGES: [(&str, Changes); 9] = [
        ("person", |tx| {
            let known = tx.person("P1")?.unwrap();
            tx.put_person(&Person { gend: "2".into(), ..known }).map(drop)
        }),
        ("insurance", |tx| tx.put_insurance(&insurance("1502")).map(drop)),
        ("attribute", |tx| {
            let row = Attribute {
                psn_no: "P1".into(),
                psn_idet_type: "2302".into(),
                begndate: date(2021, 1, 1),
                enddate: None,
            };
            tx.put_attribute(&row).map(drop)
        }),
        ("special disease", |tx| {
            let row = SpecialDisease {
                psn_no: "P1".into(),
                opsp_dise_code: "M03900".into(),
                opsp_dise_name: "高血压".into(),
                begndate: date(2021, 1, 1),
                enddate: None,
                trt_dcla_detl_sn: String::new(),
            };
            tx.put_special_disease(&row).map(drop)
        }),
        ("opening balance", |tx| tx.put_opening_balance("P1", Money::yuan(7)).map(drop)),
        ("opening total", |tx| tx.put_opening_total("P1", &total(2)).map(drop)),
        ("filing", |tx| tx.add_filing(&filing())),
        ("encounter", |tx| tx.update_encounter(&Encounter { state: EncounterState::Discharged, ..stay() })),
        ("diagnosis", |tx| tx.put_diagnosis(&Diagnosis { valid: false, ..diagnosis() })),
    ];

    fn write(book: &mut dyn Book, work: Changes) {
        book.transact(Mode::Write, &mut |tx| work(tx)).unwrap();
    }

    fn read<T>(book: &mut dyn Book, work: impl Fn(&mut dyn Tx) -> Result<T, Stop>) -> T {
        let mut answer = None;
        let read = book.transact(Mode::Read, &mut |tx| {
            answer = work(tx).ok();
            Ok(())
        });
        read.unwrap();
        answer.unwrap()
    }

    #[test]
    fn whatever_changes_in_place_is_seen_and_nothing_is_where_nothing_changed() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path(), &[]).unwrap();
        let mut book = store.open(&Pool::new("520500")).unwrap();
        write(book.as_mut(), |tx| {
            let person = Person { psn_no: "P1".into(), certno: "1".into(), gend: "1".into(), ..Person::default() };
            tx.put_person(&person)?;
            tx.put_insurance(&insurance("1501"))?;
            tx.put_opening_total("P1", &total(1))?;
            tx.add_encounter(&stay())?;
            tx.put_diagnosis(&diagnosis())
        });
        let plans = Arc::new(Vec::new());
        for (what, change) in CHANGES {
            let read_at = read(book.as_mut(), |tx| ReadAt::take(tx, plans.clone(), "P1", ["E1"]));
            assert!(read(book.as_mut(), |tx| read_at.still_hold(tx, plans.clone())), "before {what}");
            write(book.as_mut(), change);
            assert!(!read(book.as_mut(), |tx| read_at.still_hold(tx, plans.clone())), "{what}");
        }
    }
}
