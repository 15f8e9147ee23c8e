//! Whose a register entry is (台账的人员), found out at the latest when it is settled.

use crate::call::Stop;
use crate::facts::entries::said;
use crate::facts::{person, question};
use crate::policies::Policies;
use crate::register::{double, writer};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Entry, by_platform, field, keep_asked_as};
use yibao_domain::time::DateTime;
use yibao_domain::written::number::doubt;
use yibao_store::Tx;
use yibao_store::person::Person;

/// The person by number, or by a document, its name and its kind.
pub(super) fn person_of(tx: &mut dyn Tx, entry: &Entry) -> Result<Person, Stop> {
    let found = if entry.psn_no.is_empty() {
        person::by_document(tx, &entry.certno)?
    } else {
        tx.person(&entry.psn_no)?.into_iter().collect()
    };
    let several = found.len() > 1;
    match person::the_one(found, said(entry)) {
        // Who is known by the document alone may have it from the mother, whom alone the platform knows by it.
        Ok(Some(person)) if entry.psn_no.is_empty() && !said(entry).names(&person) => {
            let text = "台账的姓名与证件号码登记的姓名不一致；请核对姓名和证件号码";
            Err(Refusal::new(Code::UnknownPerson, text).into())
        }
        Ok(Some(person)) => Ok(person),
        Ok(None) if several => {
            let text = "证件号码对应多个人员，没有一个与台账的姓名、证件类型一致；请核对姓名和证件类型";
            Err(Refusal::new(Code::UnknownPerson, text).into())
        }
        Ok(None) => {
            // Who is insured elsewhere is in no book here, and is not made known by looking at the number again.
            let stated = field::INSUPLC_ADMDVS.of(entry);
            if !stated.is_empty() {
                let text = format!(
                    "没有该人员的参保信息，台账写明参保地 {stated}：外地参保的不在本机构补录，请告知患者持发票、处方和费用清单到参保地经办机构报销"
                );
                return Err(Refusal::new(Code::UnknownPerson, text).into());
            }
            let doubt = doubt(&entry.certno).filter(|_| entry.psn_no.is_empty());
            let text = doubt.unwrap_or_else(|| "没有该人员的参保信息；请核对台账的人员编号和证件号码".to_owned());
            Err(Refusal::new(Code::UnknownPerson, text).into())
        }
        Err(several) => {
            let text = format!("证件号码对应多个人员（{several}）；请在台账中填写证件类型或人员编号 psn_no");
            Err(Refusal::new(Code::UnknownPerson, text).into())
        }
    }
}

/// The entry with the person's number, now that it is known; compared anew with what that person has.
pub(super) fn with_person(
    tx: &mut dyn Tx,
    policies: &Policies,
    entry: Entry,
    person: &Person,
    by: &str,
    now: DateTime,
) -> Result<Entry, Stop> {
    let mut known = double::under(tx, &person.psn_no, &entry)?;
    let facts = tx.person_facts(&person.psn_no, &[])?;
    keep_asked_as(&mut known, &question::of_entry(policies, &entry, facts.as_ref()));
    let Some(deed) = by_platform::identified(&policies.work, &entry, &known) else { return Ok(entry) };
    writer::take(tx, &deed, by, now)?;
    Ok(deed.entry().clone())
}
