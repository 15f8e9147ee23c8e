//! `persons.csv`: master data of insured persons (参保人基本信息).

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::kind::{Astray, Kind};
use crate::load::table::{Column, Shown};
use std::hash::Hash;
use yibao_domain::written::identity::IdNumber;
use yibao_domain::written::number::ends_in_noughts;
use yibao_store::person::Person;
use yibao_store::{Change, Fault, Tx};

/// The kind of file.
pub struct Persons;

/// Resident identity card (居民身份证) among the document types.
const IDENTITY_CARD: &str = "01";

impl Kind for Persons {
    type Row = Person;
    const FILE: &'static str = "persons.csv";
    const BUILDS_ON: &'static [&'static str] = &[];

    fn columns() -> Vec<Column> {
        vec![
            Column::required("psn_no", "人员编号"),
            Column::required("psn_cert_type", "人员证件类型"),
            Column::required("certno", "证件号码").masked(Shown::Number),
            Column::required("psn_name", "人员姓名").masked(Shown::Name),
            Column::optional("gend", "性别"),
            Column::optional("brdy", "出生日期"),
            Column::optional("naty", "民族"),
            Column::optional("card_no", "社会保障卡卡号").masked(Shown::Number),
        ]
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> Person {
        let mut person = Person {
            psn_no: fields.needed_id("psn_no"),
            psn_cert_type: document_type(fields),
            certno: fields.needed_document("certno"),
            psn_name: fields.needed_name("psn_name"),
            gend: sex(fields),
            brdy: fields.date("brdy"),
            naty: nationality(fields),
            card_no: fields.document("card_no"),
        };
        if person.psn_cert_type == IDENTITY_CARD && !person.certno.is_empty() {
            compare_with_identity_card(&mut person, fields);
        }
        if person.brdy.is_none() {
            fields.remark("没有出生日期，按年龄计算的待遇无法加点");
        }
        person
    }

    fn key(row: &Person) -> impl Hash {
        &row.psn_no
    }

    fn person(row: &Person) -> Option<&str> {
        Some(&row.psn_no)
    }

    fn document(row: &Person) -> Option<&str> {
        Some(&row.certno)
    }

    fn books(_row: &Person, areas: &Areas<'_>, home: Home) -> Result<Books, Astray> {
        Ok(home.insuring().with(home.knows).or(areas.all()))
    }

    fn put(tx: &mut dyn Tx, rows: &[&Person]) -> Result<Vec<Option<Change>>, Fault> {
        Ok(tx.put_persons(rows)?.into_iter().map(Some).collect())
    }
}

/// Fills what the number tells and the row does not; a contradiction is a remark, since migrated data are dirty.
fn compare_with_identity_card(person: &mut Person, fields: &mut Fields<'_>) {
    match IdNumber::parse(&person.certno) {
        Err(problem) => fields.remark(format!("证件号码{problem}，按原样装入，请核实")),
        Ok(identity) => {
            if ends_in_noughts(&person.certno) {
                fields.remark("证件号码末三位是 000，如是表格软件存成数字时丢失的请改正，按原样装入，请核实");
            }
            if person.certno.len() == 15 {
                fields.remark("15 位旧身份证号码已补为 18 位");
            }
            person.certno = identity.as_str().to_owned();
            if *person.brdy.get_or_insert(identity.birth_date()) != identity.birth_date() {
                fields.remark("出生日期与身份证号码不一致，按 brdy 装入，请核实");
            }
            if person.gend.is_empty() {
                person.gend = identity.gend().to_owned();
            } else if person.gend != identity.gend() {
                fields.remark("性别与身份证号码不一致，按 gend 装入，请核实");
            }
        }
    }
}

fn document_type(fields: &mut Fields<'_>) -> String {
    let text = fields.needed_digits("psn_cert_type", 1..=6);
    if text.len() == 1 { format!("0{text}") } else { text }
}

fn sex(fields: &mut Fields<'_>) -> String {
    match fields.word("gend", &["0", "1", "2", "9", "男", "女"]).as_str() {
        "男" => "1".to_owned(),
        "女" => "2".to_owned(),
        code => code.to_owned(),
    }
}

/// The code of a nationality, 1 to 56, or 97, 98 for others, with or without a leading zero.
fn nationality(fields: &mut Fields<'_>) -> String {
    let text = fields.text("naty");
    let is_code = text.parse::<u8>().is_ok_and(|number| matches!(number, 1..=56 | 97 | 98));
    if !text.is_empty() && !is_code {
        fields.refuse("naty", "不是民族代码", "请填代码，例如 01（汉族）、03（回族）、07（彝族）；不详的留空");
    }
    text
}
