//! 1101 (人员信息获取): who stands at the counter.

use crate::call::{Call, Done, Stop};
use crate::calls::voucher;
use crate::facts::person::{Said, by_document, elsewhere, facts, in_full, own_fields, the_one};
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::Date;
use yibao_domain::written::name::alike;
use yibao_domain::written::number::{document_or_as_written, doubt};
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::person::{Attribute, Insurance, Person, PersonFacts};

/// 1101: finds the person by credential and shows insurances, attributes and balance.
pub(crate) fn read(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let number = document_or_as_written(fields.text("mdtrt_cert_no"));
    let stated = fields.text("mdtrt_cert_type");
    let mut certno = document_or_as_written(fields.text("certno"));
    if stated == "03" && certno == number {
        // A card reader's client repeats the card's number where the identity number belongs.
        certno.clear();
    }
    let (name, cert_type) = (fields.text("psn_name"), fields.text("psn_cert_type"));
    // A token alone tells who it is; some put it where the identity number belongs as well.
    let by_token = if stated == "01" { voucher::document_of(tx, call, fields.text("mdtrt_cert_no"))? } else { None };
    let (kind, number, certno) = match by_token {
        Some(document) => ("02", document_or_as_written(&document), String::new()),
        None => (stated, number, certno),
    };
    let presented = Credential { kind, number, certno, name, cert_type };
    let person = find(tx, call, policies, &presented)?;
    if !name.is_empty() && !alike(name, &person.psn_name) {
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
    name: &'a str,
    cert_type: &'a str,
}

fn find(tx: &mut dyn Tx, call: &Call, policies: &Policies, presented: &Credential) -> Result<Person, Stop> {
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
                "就诊凭证类型 mdtrt_cert_type 为电子凭证或刷脸，而令牌不是本平台解析的；请先扫码(6101)，或同时填写 certno，或改用身份证(02)、社保卡(03)",
            )
            .into());
        }
    };
    let fits = |person: &Person| presented.certno.is_empty() || in_full(&person.certno) == in_full(&presented.certno);
    let fitting: Vec<Person> = found.into_iter().filter(fits).collect();
    let several = fitting.len() > 1;
    match the_one(fitting, Said { psn_name: presented.name, psn_cert_type: presented.cert_type }) {
        Ok(Some(person)) => Ok(person),
        Ok(None) if several => {
            let text =
                "该凭证对应多个人员，没有一个与所填姓名 psn_name、证件类型 psn_cert_type 一致；请核对姓名和证件类型";
            Err(Refusal::new(Code::UnknownPerson, text).into())
        }
        Ok(None) => Err(unknown(call, policies, presented).into()),
        Err(several) => {
            let text = format!(
                "该凭证对应多个人员（{several}），无法确定；请填写姓名 psn_name 和人员证件类型 psn_cert_type，仍分不清的请到医保经办机构核对"
            );
            Err(Refusal::new(Code::UnknownPerson, text).into())
        }
    }
}

/// Refuses a person this book does not know: whose number is none, or who is insured elsewhere where the message says so.
fn unknown(call: &Call, policies: &Policies, presented: &Credential) -> Refusal {
    let stated = [("certno", &presented.certno), ("mdtrt_cert_no", &presented.number)];
    let documents = stated.into_iter().filter(|(field, _)| *field == "certno" || presented.kind == "02");
    let doubts = documents.filter_map(|(field, number)| Some(format!("{field} 的{}", doubt(number)?)));
    if let Some(doubt) = doubts.into_iter().next() {
        return Refusal::new(Code::UnknownPerson, doubt);
    }
    match elsewhere(call, policies) {
        Some(refusal) => refusal,
        None => Refusal::new(
            Code::UnknownPerson,
            format!(
                "在{}未找到该人员的参保信息；请核对凭证，外统筹区参保人员请填写参保地医保区划 insuplc_admdvs",
                policies.pool.name
            ),
        ),
    }
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
