//! 1101 (人员信息获取): who stands at the counter, and the lookups of persons that others share.

use crate::call::{Call, Stop};
use crate::desk::{Desk, Done};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::{Date, full_years};
use yibao_interface::{IdNumber, Output, Record};
use yibao_store::Tx;
use yibao_store::person::{Attribute, Insurance, Person, PersonFacts};

/// 1101: finds the person by credential and shows insurances, attributes and balance.
pub(crate) fn read(tx: &mut dyn Tx, call: &Call, desk: &Desk) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    // Loaded numbers are in capitals: `x` as the last figure of an identity number is common.
    let number = fields.text("mdtrt_cert_no").to_uppercase();
    let kind = fields.text("mdtrt_cert_type");
    let mut certno = fields.text("certno").to_uppercase();
    if kind == "03" && certno == number {
        // A card reader's client repeats the card's number where the identity number belongs.
        certno.clear();
    }
    let presented = Credential { kind, number, certno };
    let person = find(tx, call, desk, &presented)?;
    let name = fields.text("psn_name");
    if !name.is_empty() && name != person.psn_name {
        let text = "人员姓名 psn_name 与凭证登记的姓名不一致；请核对凭证与姓名后重新读取";
        return Err(Refusal::new(Code::UnknownPerson, text).into());
    }
    let facts = facts(tx, &person.psn_no, &[])?;
    let today = call.now.date();
    let past = fields.date("begntime")?.is_some();
    let shown = facts
        .insurances
        .iter()
        .filter(|row| past || row.enddate.is_none_or(|end| end >= today) || is_latest(row, &facts));
    let insurances: Vec<Record> = shown.map(|row| insurance_record(row, &facts, today)).collect();
    let attributes = facts.attributes.iter().filter(|row| holds(row, today)).map(attribute_record);
    let output = Output::new()
        .object("baseinfo", own_fields(Record::new(), &person, today).null("exp_content"))
        .list("insuinfo", insurances)
        .list("idetinfo", attributes);
    Ok(Done::with(output))
}

/// What was presented at the counter.
struct Credential<'a> {
    kind: &'a str,
    number: String,
    certno: String,
}

fn find(tx: &mut dyn Tx, call: &Call, desk: &Desk, presented: &Credential) -> Result<Person, Stop> {
    let found = match presented.kind {
        "02" => by_document(tx, &presented.number)?,
        "03" => {
            let mut found = tx.persons_by_card(&presented.number)?;
            if found.is_empty() && !presented.certno.is_empty() {
                found = by_document(tx, &presented.certno)?;
            }
            found
        }
        _ if !presented.certno.is_empty() => by_document(tx, &presented.certno)?,
        _ => {
            return Err(Refusal::new(
                Code::UnknownPerson,
                "就诊凭证类型 mdtrt_cert_type 为电子凭证或刷脸时，本平台尚不能解码令牌；请同时填写 certno，或改用身份证(02)、社保卡(03)",
            )
            .into());
        }
    };
    let fits = |person: &Person| presented.certno.is_empty() || in_full(&person.certno) == in_full(&presented.certno);
    let mut fitting = found.into_iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(person), None) => Ok(person),
        (Some(_), Some(_)) => {
            Err(Refusal::new(Code::UnknownPerson, "该凭证对应多个人员，无法确定；请到医保经办机构核对人员信息").into())
        }
        (None, _) => Err(unknown(call, desk).into()),
    }
}

/// The persons with this document: as it is written, and an identity number in its old 15 and its present 18
/// characters, since old numbers stand on old cards and in migrated data.
pub(crate) fn by_document(tx: &mut dyn Tx, number: &str) -> Result<Vec<Person>, Stop> {
    let mut found = tx.persons_by_certno(number)?;
    let full = in_full(number);
    if full != number {
        found.extend(tx.persons_by_certno(&full)?);
    } else if full.len() == 18 && full.is_ascii() && &full[6..8] == "19" {
        found.extend(tx.persons_by_certno(&format!("{}{}", &full[..6], &full[8..17]))?);
    }
    Ok(found)
}

/// An identity number in 18 characters; any other document as it is.
fn in_full(number: &str) -> String {
    IdNumber::parse(number).map_or_else(|_| number.to_owned(), |full| full.as_str().to_owned())
}

/// Refuses a person this book does not know: insured elsewhere where the message says so.
fn unknown(call: &Call, desk: &Desk) -> Refusal {
    match elsewhere(call, desk) {
        Some(refusal) => refusal,
        None => Refusal::new(
            Code::UnknownPerson,
            format!(
                "在{}未找到该人员的参保信息；请核对凭证，外统筹区参保人员请填写参保地医保区划 insuplc_admdvs",
                desk.pool.name
            ),
        ),
    }
}

/// The refusal where the message says that the person is insured in another pool; until remote care
/// comes, that is answered with advice.
pub(crate) fn elsewhere(call: &Call, desk: &Desk) -> Option<Refusal> {
    let area = call.insuplc_admdvs.as_str();
    if area.is_empty() || desk.covers(area) { None } else { Some(insured_in(area, desk)) }
}

/// Refuses care of a person who is insured in another pool's area.
pub(crate) fn insured_in(area: &str, desk: &Desk) -> Refusal {
    let known = desk.rules.pool_of_area(area).map_or_else(|| "外统筹区".to_owned(), |pool| pool.name.clone());
    Refusal::new(
        Code::OtherPool,
        format!(
            "参保地医保区划 {area} 属于{known}，不在{}；本平台暂未开通异地直接结算，请按自费收费并告知患者回参保地报销",
            desk.pool.name
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
    desk: &Desk,
    psn_no: &str,
    periods: &[String],
) -> Result<PersonFacts, Stop> {
    if let Some(refusal) = elsewhere(call, desk) {
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

/// Whether it is the last period of its scheme: who is no longer insured is shown as such, not as unknown.
fn is_latest(row: &Insurance, facts: &PersonFacts) -> bool {
    facts.insurances.iter().all(|other| other.insutype != row.insutype || other.begndate <= row.begndate)
}

fn holds(row: &Attribute, day: Date) -> bool {
    row.begndate <= day && row.enddate.is_none_or(|end| day <= end)
}

fn insurance_record(row: &Insurance, facts: &PersonFacts, day: Date) -> Record {
    let balance = if row.insutype == "310" { facts.balance.unwrap_or_default() } else { Default::default() };
    Record::new()
        .money("balc", balance)
        .text("insutype", &row.insutype)
        .text("psn_type", &row.psn_type)
        .text("psn_insu_stas", insurance_state(row, day))
        .date("psn_insu_date", Some(row.begndate))
        .date("paus_insu_date", row.paused_from)
        .text("cvlserv_flag", if row.cvlserv_flag { "1" } else { "0" })
        .text("insuplc_admdvs", &row.insuplc_admdvs)
        .text("emp_name", &row.emp_name)
}

/// 人员参保状态 on the day: 0 not yet, 1 insured, 2 paused, 4 ended.
fn insurance_state(row: &Insurance, day: Date) -> &'static str {
    if row.enddate.is_some_and(|end| end < day) {
        "4"
    } else if row.begndate > day {
        "0"
    } else if row.paused_from.is_some_and(|from| from <= day) {
        "2"
    } else {
        "1"
    }
}

fn attribute_record(row: &Attribute) -> Record {
    let midnight = |date: Date| date.at(0, 0, 0, 0);
    Record::new()
        .text("psn_idet_type", &row.psn_idet_type)
        .null("psn_type_lv")
        .null("memo")
        .moment("begntime", Some(midnight(row.begndate)))
        .moment("endtime", row.enddate.map(midnight))
}
