//! 1101 (人员信息获取): who stands at the counter, and the lookups of persons that others share.

use crate::call::{Call, Stop};
use crate::policies::Policies;
use std::collections::BTreeSet;
use std::fmt;
use yibao_domain::code::Scheme;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::{Date, full_years};
use yibao_domain::written::identity::IdNumber;
use yibao_domain::written::name::alike;
use yibao_domain::written::number::document_or_as_written;
use yibao_interface::{Catalogue, Record};
use yibao_store::Tx;
use yibao_store::person::{Insurance, Person, PersonFacts};

/// The persons with this document, however it is written: an identity number in its old 15 and its present 18 characters, since
/// old numbers stand on old cards and in migrated data.
pub(crate) fn by_document(tx: &mut dyn Tx, number: &str) -> Result<Vec<Person>, Stop> {
    let number = document_or_as_written(number);
    let mut found = tx.persons_by_certno(&number)?;
    if let Some(other) = otherwise(&number) {
        found.extend(tx.persons_by_certno(&other)?);
    }
    Ok(found)
}

/// An old identity number as it is written now, or a present one as it was; none of any other document.
fn otherwise(number: &str) -> Option<String> {
    let full = in_full(number);
    if full != number {
        return Some(full);
    }
    let was_old = full.len() == 18 && full.is_ascii() && &full[6..8] == "19";
    was_old.then(|| format!("{}{}", &full[..6], &full[8..17]))
}

/// All ways of writing a document, as statements have it; none of an empty one.
pub(crate) fn writings(number: &str) -> BTreeSet<String> {
    let upper = document_or_as_written(number);
    let mut writings = BTreeSet::from([number.to_owned(), number.to_lowercase()]);
    writings.extend(otherwise(&upper).into_iter().flat_map(|other| [other.to_lowercase(), other]));
    writings.insert(upper);
    writings.remove("");
    writings
}

/// What is said of somebody besides the document; empty texts say nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Said<'a> {
    pub psn_name: &'a str,
    pub psn_cert_type: &'a str,
}

impl Said<'_> {
    /// Whether it is this person's name, or says none.
    pub fn names(self, person: &Person) -> bool {
        self.psn_name.is_empty() || alike(&person.psn_name, self.psn_name)
    }
}

impl Said<'_> {
    /// Whether it speaks of a child on this person's number, as a newborn has the mother's until it has one of its own: under another name,
    /// with another kind of document, another day of birth, or as somebody's child (王某之女).
    pub fn is_child_on(self, person: &Person, born: Option<Date>) -> bool {
        let is_other_document = !self.psn_cert_type.is_empty()
            && !person.psn_cert_type.is_empty()
            && self.psn_cert_type != person.psn_cert_type;
        let is_born_otherwise = born.is_some_and(|born| person.brdy.is_some_and(|known| known < born));
        let child = self.psn_name.split_once('之').filter(|(_, child)| !child.is_empty());
        let is_named_so = child.is_some_and(|(mother, _)| alike(&person.psn_name, mother));
        !self.names(person) && (is_other_document || is_born_otherwise || is_named_so)
    }
}

/// The one person of several with a document: by the name, then by the kind of document. A newborn may have the mother's number.
pub(crate) fn the_one(mut found: Vec<Person>, said: Said<'_>) -> Result<Option<Person>, Several> {
    if found.len() > 1 {
        found.retain(|person| said.names(person));
    }
    if found.len() > 1 && !said.psn_cert_type.is_empty() {
        found.retain(|person| person.psn_cert_type == said.psn_cert_type);
    }
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let mut kinds: Vec<String> = found.into_iter().map(|person| person.psn_cert_type).collect();
    kinds.sort();
    Err(Several { kinds })
}

/// Several persons have what was stated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Several {
    /// Their kinds of document, one a person, which is all that may be told of people whom nobody has named.
    kinds: Vec<String>,
}

impl fmt::Display for Several {
    /// `2人，证件类型分别为 01 居民身份证（户口簿）、99 其他身份证件`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = Catalogue::national().codes("psn_cert_type");
        let named = self.kinds.iter().map(|code| match table.and_then(|table| table.meaning(code)) {
            Some(meaning) => format!("{code} {meaning}"),
            None => code.clone(),
        });
        write!(f, "{}人，证件类型分别为 {}", self.kinds.len(), named.collect::<Vec<_>>().join("、"))
    }
}

/// An identity number in 18 characters; any other document in the form in which it is looked up.
pub(crate) fn in_full(number: &str) -> String {
    let number = document_or_as_written(number);
    IdNumber::parse(&number).map_or(number, |full| full.as_str().to_owned())
}

/// The refusal where the message says that the person is insured in another pool; until remote care
/// comes, that is answered with advice.
pub(crate) fn elsewhere(call: &Call, policies: &Policies) -> Option<Refusal> {
    let area = call.insuplc_admdvs.as_str();
    if area.is_empty() || policies.covers(area) { None } else { Some(insured_in(area, policies)) }
}

/// Refuses care of a person who is insured in another pool's area.
pub(crate) fn insured_in(area: &str, policies: &Policies) -> Refusal {
    let known = policies.rules.pool_of_area(area).map_or_else(|| "外统筹区".to_owned(), |pool| pool.name.clone());
    Refusal::new(
        Code::OtherPool,
        format!(
            "参保地医保区划 {area} 属于{known}，不在{}；本平台暂未开通异地直接结算，请按自费收费并告知患者回参保地报销",
            policies.pool.name
        ),
    )
    .advise("请患者保留发票、费用明细清单、疾病证明书、出院小结，回参保地医保经办机构申请手工报销；住院请提醒患者先办理异地就医备案。")
}

/// A person's insurance of this `insutype` on `day`: the period that had begun last, else the first one.
pub(crate) fn insurance_on<'a>(facts: &'a PersonFacts, insutype: &str, day: Date) -> Option<&'a Insurance> {
    insurance_that(facts, day, |row| row.insutype == insutype)
}

/// The same of all insurances that fit.
pub(crate) fn insurance_that(facts: &PersonFacts, day: Date, fits: impl Fn(&Insurance) -> bool) -> Option<&Insurance> {
    let rows = || facts.insurances.iter().filter(|row| fits(row));
    let begun = rows().filter(|row| row.begndate <= day).max_by_key(|row| row.begndate);
    begun.or_else(|| rows().min_by_key(|row| row.begndate))
}

/// The insurance by which somebody is insured on a day: the employees' or the residents'. What stands beside it (large sums, 330;
/// maternity, 510) is none by itself.
pub(crate) fn basic_insurance(facts: &PersonFacts, day: Date) -> Option<&Insurance> {
    let basic = insurance_that(facts, day, |row| Scheme::of_insutype(&row.insutype).is_some());
    basic.or_else(|| insurance_that(facts, day, |_| true))
}

/// Everything a decision needs to know of a person; refuses an unknown one.
pub(crate) fn facts(tx: &mut dyn Tx, psn_no: &str, periods: &[String]) -> Result<PersonFacts, Stop> {
    tx.person_facts(psn_no, periods)?.ok_or_else(|| {
        Refusal::new(Code::UnknownPerson, format!("人员编号 psn_no {psn_no} 不存在；请先用1101读取人员信息")).into()
    })
}

/// The person of a message, in this pool.
pub(crate) fn local_facts(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    psn_no: &str,
    periods: &[String],
) -> Result<PersonFacts, Stop> {
    if let Some(refusal) = elsewhere(call, policies) {
        return Err(refusal.into());
    }
    facts(tx, psn_no, periods)
}

/// Adds the person's own fields as replies show them, with the age on `day`.
pub(crate) fn own_fields(record: Record, person: &Person, day: Date) -> Record {
    record
        .text("psn_no", &person.psn_no)
        .text("psn_cert_type", &person.psn_cert_type)
        .text("certno", &person.certno)
        .text("psn_name", &person.psn_name)
        .text("gend", &person.gend)
        .text("naty", &person.naty)
        .date("brdy", person.brdy)
        .integer("age", person.brdy.map_or(0, |born| i64::from(full_years(born, day))))
}
