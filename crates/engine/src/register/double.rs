//! Doubles (重复登记、疑似重复): the same statement sent again, what is surely registered already, and what only looks so.

use crate::call::Stop;
use crate::facts::{EVERY, entries, person};
use crate::register::paid;
use yibao_domain::outage::RegisterKind;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Duplicate, Entry, Mark, duplicate_of, must_be_decided, suspected_doubles};
use yibao_store::Tx;
use yibao_store::register::{EntryFilter, Statement};

/// The entry that says the very same; refused where another one is surely about the same care.
pub(crate) fn standing(tx: &mut dyn Tx, entry: &Entry) -> Result<Option<Entry>, Stop> {
    let mut same_care = None;
    for standing in comparable(tx, entry)? {
        match duplicate_of(entry, &standing) {
            Duplicate::SentAgain => return Ok(tx.entry(&standing.number)?),
            Duplicate::SameCare => same_care = same_care.or(Some(standing)),
            _ if is_same_statement(entry, &standing) => return Ok(Some(standing)),
            Duplicate::No | Duplicate::Suspected => {}
        }
    }
    match same_care {
        Some(standing) => Err(same(&standing).into()),
        None => Ok(None),
    }
}

/// Refuses an entry that is now surely about care of another entry.
pub(crate) fn refuse_same_care(tx: &mut dyn Tx, entry: &Entry) -> Result<(), Stop> {
    let is_same = |other: &Entry| {
        other.number != entry.number && matches!(duplicate_of(entry, other), Duplicate::SameCare | Duplicate::SentAgain)
    };
    match comparable(tx, entry)?.into_iter().find(is_same) {
        Some(other) => Err(same(&other).into()),
        None => Ok(()),
    }
}

/// Marks an entry that is perhaps the same care as others, or as what is settled already (疑似重复), with the remark; people
/// decide, and say where it is other care after all.
pub(crate) fn suspect(tx: &mut dyn Tx, entry: &mut Entry) -> Result<Option<String>, Stop> {
    let mut doubles = Vec::new();
    if !entry.is_told_apart() {
        let others = comparable(tx, entry)?;
        doubles.extend(suspected_doubles(entry, &others).into_iter().map(|other| other.number.clone()));
        doubles.extend(paid::suspected(tx, entry, &others)?);
    }
    let doubles = doubles.join("、");
    let remark = (!doubles.is_empty()).then(|| undecided(&doubles));
    entry.mark(Mark::Double, doubles);
    Ok(remark)
}

/// An entry that was known by the document alone, under the person's number: compared anew with what that person has, and
/// refused where it is surely the same care.
pub(crate) fn under(tx: &mut dyn Tx, psn_no: &str, entry: &Entry) -> Result<Entry, Stop> {
    let mut known = Entry { psn_no: psn_no.to_owned(), ..entry.clone() };
    refuse_same_care(tx, &known)?;
    paid::refuse_settled(tx, &known)?;
    suspect(tx, &mut known)?;
    Ok(known)
}

/// The same, where the document has one person by now; the entry as it is where nobody is known by it, or several are.
pub(crate) fn found_out(tx: &mut dyn Tx, entry: &Entry) -> Result<Entry, Stop> {
    if !entry.psn_no.is_empty() || entry.certno.is_empty() {
        return Ok(entry.clone());
    }
    let found = person::by_document(tx, &entry.certno)?;
    match person::the_one(found, entries::said(entry)) {
        Ok(Some(person)) if entries::said(entry).names(&person) => under(tx, &person.psn_no, entry),
        Ok(_) | Err(_) => Ok(entry.clone()),
    }
}

/// What people have to decide before an entry is paid, in words: whether it is a double.
pub(crate) fn waits_for(tx: &mut dyn Tx, entry: &Entry) -> Result<Option<String>, Stop> {
    if entry.is_told_apart() {
        return Ok(None);
    }
    let others = comparable(tx, entry)?;
    let doubles = others.iter().filter(|other| must_be_decided(entry, other)).map(|other| other.number.clone());
    let mut doubles: Vec<String> = doubles.collect();
    doubles.extend(paid::to_be_told_from(tx, entry, &others)?);
    Ok((!doubles.is_empty()).then(|| undecided(&doubles.join("、"))))
}

fn undecided(doubles: &str) -> String {
    format!("疑似与 {doubles} 为同一次就诊，请先核实：重复的请撤回，确为另一次的请办“核实为另一次就诊”")
}

/// Entries that a statement may say again: all of its person, else of its document, else those that say the same of nobody.
/// Never a provider's whole day, which grows while a sheet is read in. Those of the person all state the number here, also
/// where only the document was known.
fn comparable(tx: &mut dyn Tx, entry: &Entry) -> Result<Vec<Entry>, Stop> {
    match (entry.psn_no.as_str(), entry.certno.as_str()) {
        ("", "") => {
            let (kind, care_from, details) = (entry.kind, entry.care_from, entry.details.clone());
            let statement = Some(Statement { kind, care_from, details });
            Ok(tx.entries(&EntryFilter { statement, ..EntryFilter::default() }, EVERY)?)
        }
        ("", certno) => {
            let mut found = entries::of_document(tx, certno)?;
            // A child that is known by the mother's number alone has not been where she was.
            if let Ok(Some(known)) = person::the_one(person::by_document(tx, certno)?, entries::said(entry))
                && !entries::said(entry).names(&known)
            {
                let is_hers = |other: &Entry| match other.psn_no.as_str() {
                    "" => entries::said(other).names(&known),
                    psn_no => psn_no == known.psn_no,
                };
                found.retain(|other| !is_hers(other));
            }
            found.iter_mut().for_each(|other| certno.clone_into(&mut other.certno));
            Ok(found)
        }
        (psn_no, _) => Ok(entries::under_number(entries::of_person(tx, psn_no)?, psn_no)),
    }
}

/// Statements that are about nobody: incidents, escalations, papers of an employer, told again word by word.
fn is_same_statement(new: &Entry, standing: &Entry) -> bool {
    new.psn_no.is_empty()
        && new.certno.is_empty()
        && new.kind == standing.kind
        && new.fixmedins_code == standing.fixmedins_code
        && new.care_from == standing.care_from
        && new.business == standing.business
        && new.invono == standing.invono
        && new.details == standing.details
}

/// The refusal of care that is registered already.
fn same(standing: &Entry) -> Refusal {
    let remedy = match standing.kind {
        RegisterKind::CashVisit | RegisterKind::Papers => {
            "确为另一次就诊的请填写发票号及就医机构代码或票据代码以示区别，要更改的请更正原台账"
        }
        _ => "一次住院只能结算或报销一次，请在该台账上办理",
    };
    let (kind, state) = (standing.kind.name(), standing.state.name());
    let text = format!("该次就诊已登记为 {}（{kind}，{state}）；{remedy}", standing.number);
    Refusal::new(Code::AlreadySettled, text)
}
