//! 1101 (人员信息获取): who stands at the counter, and the lookups of persons that others share.

use crate::call::{Call, Stop};
use crate::policies::Policies;
use std::collections::BTreeSet;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::{Date, full_years};
use yibao_interface::{IdNumber, Record};
use yibao_store::Tx;
use yibao_store::person::{Insurance, Person, PersonFacts};

/// The persons with this document: as it is written, and an identity number in its old 15 and its present 18
/// characters, since old numbers stand on old cards and in migrated data.
pub(crate) fn by_document(tx: &mut dyn Tx, number: &str) -> Result<Vec<Person>, Stop> {
    let mut found = tx.persons_by_certno(number)?;
    if let Some(other) = otherwise(number) {
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
    let upper = number.to_uppercase();
    let mut writings = BTreeSet::from([number.to_owned(), number.to_lowercase()]);
    writings.extend(otherwise(&upper).into_iter().flat_map(|other| [other.to_lowercase(), other]));
    writings.insert(upper);
    writings.remove("");
    writings
}

/// The one person of several with a document: by the name, then by the kind of document; empty ones say nothing. A newborn
/// may have the mother's number.
pub(crate) fn the_one(mut found: Vec<Person>, psn_name: &str, psn_cert_type: &str) -> Result<Option<Person>, Several> {
    let sieves =
        [(psn_name, (|person| &person.psn_name) as fn(&Person) -> &String), (psn_cert_type, |p| &p.psn_cert_type)];
    for (said, of) in sieves {
        if found.len() > 1 && !said.is_empty() {
            found.retain(|person| of(person) == said);
        }
    }
    let first = found.pop();
    if found.is_empty() { Ok(first) } else { Err(Several) }
}

/// Several persons have what was stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Several;

/// An identity number in 18 characters; any other document as it is.
pub(crate) fn in_full(number: &str) -> String {
    IdNumber::parse(number).map_or_else(|_| number.to_owned(), |full| full.as_str().to_owned())
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
    let of_type = || facts.insurances.iter().filter(|row| row.insutype == insutype);
    of_type().rfind(|row| row.begndate <= day).or_else(|| of_type().next())
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
