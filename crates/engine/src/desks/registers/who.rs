//! Whom a clerk has before the counter (认人): by the number of the person or the document, the name, the insurance of the day, and
//! what is registered already.
//!
//! Looks only, records nothing. It tells no more than 1101 tells any provider of the pool; of entries, the clerk's own ones.

use crate::desks::registers::Registers;
use crate::facts::entries;
use crate::facts::person::{self, Said};
use crate::policies::Policies;
use crate::register::Actor;
use crate::register::problem::NotDone;
use yibao_domain::register::{Entry, Stated, field};
use yibao_domain::time::{Date, DateTime};
use yibao_domain::written::name::alike;
use yibao_domain::written::number::doubt;
use yibao_store::Tx;
use yibao_store::person::{Insurance, Person};

/// Entries that are named, the latest first.
const ENTRIES_MAX: usize = 10;

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Who {
    /// Fields to fill in, by name; empty ones are to be emptied.
    pub fields: Stated,
    /// What is to be said of it, for people.
    pub told: String,
    /// What was typed and does not fit the records, for people; empty where all does.
    pub warning: String,
    /// The person's entries that the clerk may see, the latest first.
    pub entries: Vec<Entry>,
    /// How many more there are.
    pub more: usize,
}

impl Registers<'_> {
    /// Who is meant by the numbers, name and kind of document of a form. `number` names the field whose number was typed last; of two it
    /// decides, and not the other one of somebody before.
    pub fn who(&self, by: &Actor, now: DateTime, stated: &Stated, number: &str) -> Result<Who, NotDone> {
        let (by, stated, number) = (by.clone(), stated.clone(), number.to_owned());
        self.read(by.party(), move |tx, _: &Policies| look(tx, &by, now, &stated, &number)).wait()
    }
}

fn look(tx: &mut dyn Tx, by: &Actor, now: DateTime, stated: &Stated, number: &str) -> Result<Who, NotDone> {
    let left = left_over(tx, stated, number)?;
    let is_set_aside = |name: &String| {
        let is_other_number = name == field::CERTNO.name() && is_by_person(stated, number);
        is_other_number || left.contains_key(name)
    };
    let stated: &Stated = &stated.iter().filter(|(name, _)| !is_set_aside(name)).map(owned).collect();
    let certno = field::CERTNO.of(stated);
    let nobody = |told: String| Ok(Who { fields: left.clone(), told, ..Who::default() });
    let person = if certno.is_empty() {
        match field::PSN_NO.of(stated) {
            "" => return nobody("请先填证件号码或人员编号".to_owned()),
            psn_no => match tx.person(psn_no)? {
                Some(person) => person,
                None => return nobody(format!("“人员编号”“{psn_no}”不存在；请核对，或改填证件号码")),
            },
        }
    } else {
        let found = person::by_document(tx, certno)?;
        // A name of before may stand there: it tells several apart and decides nothing where there is one.
        let psn_name = if found.len() > 1 { field::PSN_NAME.of(stated) } else { "" };
        match person::the_one(found, Said { psn_name, psn_cert_type: field::PSN_CERT_TYPE.of(stated) }) {
            Ok(Some(person)) => person,
            Ok(None) if !psn_name.is_empty() => {
                return nobody("证件号码对应多个人员，没有一个与所填的姓名、证件类型一致；请核对".to_owned());
            }
            Ok(None) => {
                let doubt = doubt(certno).unwrap_or_else(|| "证件号码在本统筹区查无此人".to_owned());
                return nobody(format!("{doubt}；照样可以登记，补录前须核实"));
            }
            Err(several) => return nobody(format!("证件号码对应多个人员（{several}），请先填姓名或证件类型")),
        }
    };
    let said = Said { psn_name: field::PSN_NAME.of(stated), psn_cert_type: field::PSN_CERT_TYPE.of(stated) };
    if said.is_child_on(&person, field::BRDY.of(stated)) {
        let told = format!("证件号码登记的是{}，所填的像是用母亲号码、还没有参保的新生儿", person.psn_name);
        let fields = left.into_iter().chain([field::PSN_NO.with("")]).collect();
        return Ok(Who { fields, told: format!("{told}；照样可以登记，补录前须核实"), ..Who::default() });
    }
    let insured = tx.person_facts(&person.psn_no, &[])?.map_or_else(Vec::new, |facts| facts.insurances);
    let own = |entry: &Entry| !by.role.keeps_to_its_own() || entry.fixmedins_code == by.fixmedins_code;
    let mut entries: Vec<Entry> = entries::of_person(tx, &person.psn_no)?.into_iter().filter(own).collect();
    entries.reverse();
    let more = entries.len().saturating_sub(ENTRIES_MAX);
    entries.truncate(ENTRIES_MAX);
    let told = told(&person, &insured, now.date());
    let mut fields: Stated = left.into_iter().chain(fields(&person, &insured, now.date())).collect();
    // A name that somebody has typed stays: whether it is that of the number is just what is to be looked at.
    let typed = field::PSN_NAME.of(stated);
    let mut warning = String::new();
    if !typed.is_empty() {
        fields.remove(field::PSN_NAME.name());
        if !alike(typed, &person.psn_name) {
            warning = format!("所填的姓名“{typed}”与号码登记的“{}”不一致；请核对姓名和号码", person.psn_name);
        }
    }
    Ok(Who { fields, told, warning, entries, more })
}

/// Whether the person's own number was typed last.
fn is_by_person(stated: &Stated, number: &str) -> bool {
    number == field::PSN_NO.name() && field::PSN_NO.is_stated(stated)
}

fn owned((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

/// What an earlier look-up of somebody else has left in the form, to be emptied: a number was typed that is not that person's.
/// The insurance goes with every look-up, since nothing tells whose it was.
fn left_over(tx: &mut dyn Tx, stated: &Stated, number: &str) -> Result<Stated, NotDone> {
    let (certno, psn_no) = (field::CERTNO.of(stated), field::PSN_NO.of(stated));
    if certno.is_empty() && psn_no.is_empty() {
        return Ok(Stated::new());
    }
    let mut left = Stated::from([field::INSUTYPE.with("")]);
    if certno.is_empty() || psn_no.is_empty() {
        return Ok(left);
    }
    let by_person = is_by_person(stated, number);
    let before = match by_person {
        true => person::by_document(tx, certno)?
            .into_iter()
            .find(|before| alike(field::PSN_NAME.of(stated), &before.psn_name)),
        false => tx.person(psn_no)?,
    };
    // The number that was typed last says who it is.
    let is_of_before = |before: &Person| match by_person {
        true => before.psn_no != psn_no,
        false => !before.certno.is_empty() && person::writings(&before.certno).is_disjoint(&person::writings(certno)),
    };
    let Some(before) = before.filter(is_of_before) else { return Ok(left) };
    if !by_person {
        left.extend([field::PSN_NO.with("")]);
    }
    if alike(field::PSN_NAME.of(stated), &before.psn_name) {
        left.extend([field::PSN_NAME.with(""), field::PSN_CERT_TYPE.with("")]);
    }
    Ok(left)
}

/// The insurances of a day, each kind once.
fn kinds_on(insured: &[Insurance], day: Date) -> Vec<&str> {
    let lasts = |row: &&Insurance| {
        row.begndate <= day
            && row.enddate.is_none_or(|last| day <= last)
            && row.paused_from.is_none_or(|paused| day < paused)
    };
    let mut kinds: Vec<&str> = insured.iter().filter(lasts).map(|row| row.insutype.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn fields(person: &Person, insured: &[Insurance], day: Date) -> Stated {
    let mut fields = Stated::from([field::PSN_NO.with(&person.psn_no), field::PSN_NAME.with(&person.psn_name)]);
    if !person.certno.is_empty() {
        field::CERTNO.put(&mut fields, &person.certno);
    }
    if !person.psn_cert_type.is_empty() {
        field::PSN_CERT_TYPE.put(&mut fields, &person.psn_cert_type);
    }
    if let [only] = kinds_on(insured, day).as_slice() {
        field::INSUTYPE.put(&mut fields, only);
    }
    fields
}

fn told(person: &Person, insured: &[Insurance], day: Date) -> String {
    let table = yibao_interface::Catalogue::national().codes("insutype");
    let named = |code: &&str| match table.and_then(|table| table.meaning(code)) {
        Some(meaning) => format!("{code} {meaning}"),
        None => (*code).to_owned(),
    };
    let kinds = kinds_on(insured, day);
    let kinds: Vec<String> = kinds.iter().map(named).collect();
    let name = &person.psn_name;
    match kinds.as_slice() {
        [] => format!("{name}，今天没有正常参保，险种请按就诊当天填写"),
        [only] => format!("{name}，{only}"),
        several => format!("{name}，参保有 {}，险种请选择", several.join("、")),
    }
}
