//! What is asked and recorded of persons.

use super::{Attribute, Insurance, Person, PersonFacts, Persons, RunningTotalRow, SpecialDisease};
use crate::engine::{Engine, Question, select};
use crate::fault::{Fault, masked};
use crate::load::{Loads, opening_total};
use crate::record::{Change, Record};
use crate::value::values;
use yibao_domain::money::Money;

impl<E: Engine> Persons for E {
    fn person(&mut self, psn_no: &str) -> Result<Option<Person>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.person_facts(psn_no, &[])) {
            return Ok(known.map(|facts| facts.person));
        }
        let sql = select!(Person, "WHERE psn_no = ?1");
        self.first(("reading person", &masked(psn_no)), sql, &values![psn_no], Person::read)
    }

    fn persons_by_certno(&mut self, certno: &str) -> Result<Vec<Person>, Fault> {
        let sql = select!(Person, "WHERE certno = ?1 ORDER BY psn_no");
        // The number is personal data and stays out of the fault.
        self.all(("finding persons by identity number", ""), sql, &values![certno], Person::read)
    }

    fn persons_by_card(&mut self, card_no: &str) -> Result<Vec<Person>, Fault> {
        let sql = select!(Person, "WHERE card_no = ?1 AND card_no <> '' ORDER BY psn_no");
        self.all(("finding persons by card", ""), sql, &values![card_no], Person::read)
    }

    fn person_facts(&mut self, psn_no: &str, periods: &[String]) -> Result<Option<PersonFacts>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.person_facts(psn_no, periods)) {
            return Ok(known);
        }
        let of_person = values![psn_no];
        let of_periods: Vec<_> = periods.iter().map(|period| values![psn_no, period]).collect();
        let (mut person, mut insurances, mut attributes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut special_diseases, mut balance) = (Vec::new(), Vec::new());
        let mut totals: Vec<Vec<RunningTotalRow>> = periods.iter().map(|_| Vec::new()).collect();
        let mut questions = vec![
            Question::new(&mut person, select!(Person, "WHERE psn_no = ?1"), &of_person, Person::read),
            Question::new(
                &mut insurances,
                select!(Insurance, "WHERE psn_no = ?1 ORDER BY begndate, insutype"),
                &of_person,
                Insurance::read,
            ),
            Question::new(
                &mut attributes,
                select!(Attribute, "WHERE psn_no = ?1 ORDER BY begndate, psn_idet_type"),
                &of_person,
                Attribute::read,
            ),
            Question::new(
                &mut special_diseases,
                select!(SpecialDisease, "WHERE psn_no = ?1 ORDER BY begndate, opsp_dise_code"),
                &of_person,
                SpecialDisease::read,
            ),
            Question::new(&mut balance, "SELECT balance_fen FROM account WHERE psn_no = ?1", &of_person, |row| {
                row.take()
            }),
        ];
        let of_period = select!(RunningTotalRow, "WHERE psn_no = ?1 AND period = ?2 ORDER BY insutype, name");
        questions.extend(
            totals
                .iter_mut()
                .zip(&of_periods)
                .map(|(rows, values)| Question::new(rows, of_period, values, RunningTotalRow::read)),
        );
        self.ask(("reading the facts of person", &masked(psn_no)), &mut questions)?;
        drop(questions);
        let totals = totals.into_iter().flatten().collect();
        let facts =
            |person| PersonFacts { person, insurances, attributes, special_diseases, balance: balance.pop(), totals };
        Ok(person.pop().map(facts))
    }

    fn running_totals(&mut self, psn_no: &str) -> Result<Vec<RunningTotalRow>, Fault> {
        let sql = select!(RunningTotalRow, "WHERE psn_no = ?1 ORDER BY period, insutype, name");
        let key = masked(psn_no);
        self.all(("reading running totals of person", &key), sql, &values![psn_no], RunningTotalRow::read)
    }

    fn put_person(&mut self, row: &Person) -> Result<Change, Fault> {
        self.put(("storing person", &masked(&row.psn_no)), &Person::table().put, &row.values())
    }

    fn put_insurance(&mut self, row: &Insurance) -> Result<Change, Fault> {
        self.put(("storing insurance of person", &masked(&row.psn_no)), &Insurance::table().put, &row.values())
    }

    fn put_opening_balance(&mut self, psn_no: &str, opening: Money) -> Result<Option<Change>, Fault> {
        Ok(self.put_opening_balances(&[(psn_no, opening)])?.pop().flatten())
    }

    fn put_attribute(&mut self, row: &Attribute) -> Result<Change, Fault> {
        self.put(("storing attribute of person", &masked(&row.psn_no)), &Attribute::table().put, &row.values())
    }

    fn put_special_disease(&mut self, row: &SpecialDisease) -> Result<Change, Fault> {
        let put = &SpecialDisease::table().put;
        self.put(("storing qualification of person", &masked(&row.psn_no)), put, &row.values())
    }

    fn remove_special_disease(&mut self, psn_no: &str, trt_dcla_detl_sn: &str) -> Result<bool, Fault> {
        // Loaded rows have no filing and are never meant.
        let sql = "DELETE FROM special_disease WHERE psn_no = ?1 AND trt_dcla_detl_sn = ?2 AND trt_dcla_detl_sn <> ''";
        let values = values![psn_no, trt_dcla_detl_sn];
        Ok(self.run(("removing the qualification of filing", trt_dcla_detl_sn), sql, &values)? > 0)
    }

    fn put_opening_total(&mut self, psn_no: &str, row: &RunningTotalRow) -> Result<Change, Fault> {
        let values = values![psn_no, &row.period, &row.insutype, &row.name, row.value];
        self.put(("storing the opening total of person", &masked(psn_no)), opening_total(), &values)
    }
}
