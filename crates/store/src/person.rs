//! The insured person (参保人): master data, insurances, attributes, account, running totals.

mod asked;

use crate::fault::Fault;
use crate::record::{Change, record};
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

impl PersonFacts {
    /// The codes of the qualifications that hold on a day.
    pub fn special_diseases_on(&self, day: Date) -> impl Iterator<Item = &str> {
        let held = self.special_diseases.iter();
        let held = held.filter(move |row| row.begndate <= day && row.enddate.is_none_or(|end| day <= end));
        held.map(|row| row.opsp_dise_code.as_str())
    }
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
