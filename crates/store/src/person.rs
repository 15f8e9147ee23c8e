//! The insured person (参保人): master data, insurances, attributes, account, running totals.

use crate::engine::{Engine, Question, once, select};
use crate::fault::{Fault, masked};
use crate::load::Loads;
use crate::record::{Batch, Put, Record, record};
use crate::seam::Change;
use crate::value::values;
use yibao_domain::money::Money;
use yibao_domain::time::Date;

/// Master data of a person, by national field names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Person {
    pub psn_no: String,
    pub psn_cert_type: String,
    pub certno: String,
    pub psn_name: String,
    pub gend: String,
    pub brdy: Option<Date>,
    pub naty: String,
    pub card_no: String,
}

/// One insurance period (参保信息) of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Insurance {
    pub psn_no: String,
    pub insutype: String,
    pub psn_type: String,
    pub insuplc_admdvs: String,
    pub begndate: Date,
    /// Last day of insurance, inclusive; open where empty.
    pub enddate: Option<Date>,
    /// First day of the pause (暂停参保), inclusive; not paused where empty.
    pub paused_from: Option<Date>,
    pub emp_name: String,
    /// Uninterrupted years of contribution (连续缴费年限).
    pub continuous_years: i64,
    pub cvlserv_flag: bool,
}

/// A person's attribute (人员身份类别), such as 2303 低保.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Attribute {
    pub psn_no: String,
    pub psn_idet_type: String,
    pub begndate: Date,
    pub enddate: Option<Date>,
}

/// A qualification for outpatient chronic or special disease, two diseases or a special drug.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct SpecialDisease {
    pub psn_no: String,
    pub opsp_dise_code: String,
    pub opsp_dise_name: String,
    pub begndate: Date,
    pub enddate: Option<Date>,
    /// The filing (2503) it came from; empty where loaded.
    pub trt_dcla_detl_sn: String,
}

/// A running total (累计) as it stands: what was migrated plus what stands settled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunningTotalRow {
    /// The scheme it belongs to.
    pub insutype: String,
    /// `2021` for a benefit year, `2021-07-01` for a day.
    pub period: String,
    /// Stable name, `yibao_domain`'s list.
    pub name: String,
    /// Fen, or a count, as the name says.
    pub value: i64,
}

/// Everything a settlement needs to know about the person, in one question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonFacts {
    /// Master data.
    pub person: Person,
    /// All insurance periods of the book, oldest first.
    pub insurances: Vec<Insurance>,
    /// All attributes, whatever their dates.
    pub attributes: Vec<Attribute>,
    /// All qualifications, whatever their dates.
    pub special_diseases: Vec<SpecialDisease>,
    /// Balance of the personal account; `None` where the person has none.
    pub balance: Option<Money>,
    /// Running totals of the periods asked for, all schemes.
    pub totals: Vec<RunningTotalRow>,
}

/// Questions about persons, and reference rows about them.
pub trait Persons {
    /// Master data by the national person number.
    fn person(&mut self, psn_no: &str) -> Result<Option<Person>, Fault>;
    /// Master data by identity document number; several where a number was used twice.
    fn persons_by_certno(&mut self, certno: &str) -> Result<Vec<Person>, Fault>;
    /// Master data by social security card number.
    fn persons_by_card(&mut self, card_no: &str) -> Result<Vec<Person>, Fault>;
    /// The facts a settlement needs; `periods` are those of the running totals wanted.
    fn person_facts(&mut self, psn_no: &str, periods: &[String]) -> Result<Option<PersonFacts>, Fault>;
    /// All running totals of a person, for 5206.
    fn running_totals(&mut self, psn_no: &str) -> Result<Vec<RunningTotalRow>, Fault>;

    /// Stores master data, by `psn_no`.
    fn put_person(&mut self, row: &Person) -> Result<Change, Fault>;
    /// Stores an insurance period, by `psn_no`, `insutype` and `begndate`.
    fn put_insurance(&mut self, row: &Insurance) -> Result<Change, Fault>;
    /// Sets the balance an account was opened with (migrated). What was paid since stays paid;
    /// `None` where that would make the balance negative, and then nothing changes.
    fn put_opening_balance(&mut self, psn_no: &str, opening: Money) -> Result<Option<Change>, Fault>;
    /// Stores an attribute, by `psn_no`, `psn_idet_type` and `begndate`.
    fn put_attribute(&mut self, row: &Attribute) -> Result<Change, Fault>;
    /// Stores a qualification, by `psn_no`, `opsp_dise_code` and `begndate`.
    fn put_special_disease(&mut self, row: &SpecialDisease) -> Result<Change, Fault>;
    /// Ends a qualification that a filing gave (2504): it never held.
    fn remove_special_disease(&mut self, psn_no: &str, trt_dcla_detl_sn: &str) -> Result<bool, Fault>;
    /// Sets the migrated part of a running total; what was settled here comes on top.
    fn put_opening_total(&mut self, psn_no: &str, row: &RunningTotalRow) -> Result<Change, Fault>;
}

record! {
    Person = "person", "参保人", key [psn_no];
    fields { psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no }
}

record! {
    Insurance = "insurance", "参保信息", key [psn_no, insutype, begndate];
    fields {
        psn_no, insutype, begndate, enddate, paused_from, psn_type, insuplc_admdvs, emp_name, continuous_years,
        cvlserv_flag,
    }
}

record! {
    Attribute = "attribute", "人员身份类别", key [psn_no, psn_idet_type, begndate];
    fields { psn_no, psn_idet_type, begndate, enddate }
}

record! {
    SpecialDisease = "special_disease", "门慢门特资格", key [psn_no, opsp_dise_code, begndate];
    fields { psn_no, opsp_dise_code, begndate, enddate, opsp_dise_name, trt_dcla_detl_sn }
}

/// A personal account (个人账户).
pub(crate) struct Account {
    psn_no: String,
    /// Migrated.
    opening: Money,
    balance: Money,
    /// How many movements it has beside its opening.
    movements: i64,
}

record! {
    Account = "account", "个人账户", key [psn_no];
    fields { psn_no, opening, balance, movements }
    sums { "个人账户余额合计（分）" = "balance_fen" }
}

record! {
    RunningTotalRow = "running_total", "累计", key [psn_no, period, insutype, name];
    given { opening: i64, psn_no: String }
    fields { period, insutype, name, value }
    sums { "累计值合计" = "value" }
}

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

/// Stores the migrated part of a running total; what was settled here comes on top.
pub(crate) fn opening_total() -> &'static Put {
    const NEW: &str = "unnest(?1::text[], ?2::text[], ?3::text[], ?4::text[], ?5::bigint[])
                       AS new (psn_no, period, insutype, name, opening)";
    const INSERT: &str = "INSERT INTO running_total (psn_no, period, insutype, name, opening, value)";
    const KEY: &str = "psn_no, period, insutype, name";
    once!(
        Put,
        Put {
            insert: Batch {
                one: format!("{INSERT} VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT ({KEY}) DO NOTHING"),
                many: format!(
                    "{INSERT} SELECT {KEY}, opening, opening FROM {NEW} ORDER BY {KEY}
                 ON CONFLICT ({KEY}) DO NOTHING RETURNING {KEY}"
                ),
            },
            update: Batch {
                one: "UPDATE running_total SET opening = ?5, value = value - opening + ?5
                  WHERE psn_no = ?1 AND period = ?2 AND insutype = ?3 AND name = ?4 AND opening <> ?5"
                    .to_owned(),
                many: format!(
                    "UPDATE running_total AS old SET opening = new.opening, value = value - old.opening + new.opening
                 FROM {NEW}
                 WHERE (old.psn_no, old.period, old.insutype, old.name)
                       = (new.psn_no, new.period, new.insutype, new.name) AND old.opening <> new.opening
                 RETURNING old.psn_no, old.period, old.insutype, old.name"
                ),
            },
            updated: (0..5).collect(),
        }
    )
}

/// Stores the balance that an account was opened with, unless what was paid since would make it negative.
pub(crate) fn opening_balance() -> &'static Put {
    const NEW: &str = "unnest(?1::text[], ?2::bigint[]) AS new (psn_no, opening)";
    const INSERT: &str = "INSERT INTO account (psn_no, opening_fen, balance_fen)";
    once!(
        Put,
        Put {
            insert: Batch {
                one: format!("{INSERT} VALUES (?1, ?2, ?2) ON CONFLICT (psn_no) DO NOTHING"),
                many: format!(
                    "{INSERT} SELECT psn_no, opening, opening FROM {NEW} ORDER BY psn_no
                 ON CONFLICT (psn_no) DO NOTHING RETURNING psn_no"
                ),
            },
            update: Batch {
                one: "UPDATE account SET opening_fen = ?2, balance_fen = balance_fen - opening_fen + ?2
                  WHERE psn_no = ?1 AND opening_fen <> ?2 AND balance_fen - opening_fen + ?2 >= 0"
                    .to_owned(),
                many: format!(
                "UPDATE account SET opening_fen = new.opening, balance_fen = balance_fen - opening_fen + new.opening
                 FROM {NEW}
                 WHERE account.psn_no = new.psn_no AND opening_fen <> new.opening
                   AND balance_fen - opening_fen + new.opening >= 0
                 RETURNING account.psn_no"
            ),
            },
            updated: vec![0, 1],
        }
    )
}
