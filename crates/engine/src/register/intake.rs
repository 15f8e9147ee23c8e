//! Takes a statement into a register: who, what, under which rule; not twice, and not what is claimed elsewhere.

use crate::facts::question::{self, is_elsewhere};
use crate::policies::Policies;
use crate::register::agreed;
use crate::register::at_platform::encounter_of;
use crate::register::at_platform::insured_as_its_stay;
use crate::register::record::own_entry;
use crate::register::{Actor, Kept, NewEntry, NotDone, double, paid, record, subject, writer};
use yibao_domain::money::Money;
use yibao_domain::outage::{Place, RegisterKind};
use yibao_domain::refusal::Code;
use yibao_domain::register::field::{self, Values};
use yibao_domain::register::{
    Action, Draft, Entry, FieldProblem, Governed, Intake, Keeper, Promise, Role, Stated, care_moment, keep_asked_as,
    lay_out,
};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// Where problems of fee lines stand among those of fields.
pub(crate) const LINES: &str = "lines";

/// A statement that has been judged, before it has a number.
pub(crate) struct Judged {
    pub entry: Entry,
    /// Whether the plan promises anything for it.
    pub promised: Promise,
    pub stated: Stated,
    pub remarks: Vec<String>,
}

/// Takes a statement in, or finds the entry that it made before.
pub(crate) fn take_in(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    new: &NewEntry,
) -> Result<Kept, NotDone> {
    let Judged { mut entry, promised, stated, mut remarks } = judge(tx, policies, by, now, new, None)?;
    record::check_lines(tx, &entry, &new.lines, now)?;
    if let Some(standing) = double::standing(tx, &entry)? {
        return Ok(Kept { entry: standing, remarks, is_new: false });
    }
    paid::refuse_settled(tx, &entry)?;
    remarks.extend(double::suspect(tx, &mut entry)?);
    let draft = Draft::of(&policies.work, by.role, entry, promised).ok_or_else(|| not_begun(policies, new.kind))?;
    let entry = writer::add(tx, &policies.pool.pool, by, &draft.telling(stated, remarks.clone()), &new.lines)?;
    Ok(Kept { entry, remarks, is_new: true })
}

/// Why a statement is not taken of which something cannot be read: what is wrong with its fields, then with its fee lines, of which the
/// problems are given.
pub(crate) fn why_not_taken(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    new: &NewEntry,
    lines: &[String],
) -> NotDone {
    let mut problems = match judge(tx, policies, by, now, new, None) {
        Ok(_) => Vec::new(),
        Err(NotDone::Fields(problems)) => problems,
        Err(NotDone::Refused(refusal)) => {
            let of_lines = (!lines.is_empty()).then(|| format!("费用明细{}", lines.join("；")));
            let texts: Vec<String> = [refusal.text].into_iter().chain(of_lines).collect();
            return NotDone::refused(refusal.code, texts.join("；"));
        }
        Err(other) => return other,
    };
    let of_line =
        |text: &String| FieldProblem { field: LINES.into(), label: "费用明细".into(), text: text.clone() };
    problems.extend(lines.iter().map(of_line));
    NotDone::Fields(problems)
}

/// What is told of a stay that ends and that the platform has never heard of.
const NOT_ADMITTED: &str = "平台没有该人员这次住院的入院登记，没有它恢复后不能补录：停机前入院的，请恢复后先补报入院登记；停机期间入院的，\
                            请撤回后改登“停机期间入院”";

/// Judges a statement by its fields and the plan: the one that it stands under already, where it is corrected.
pub(crate) fn judge(
    tx: &mut dyn Tx,
    policies: &Policies,
    by: &Actor,
    now: DateTime,
    new: &NewEntry,
    under: Option<&str>,
) -> Result<Judged, NotDone> {
    let provider_code = responsible(policies, by, new)?;
    let mut stated = subject::read(policies, now, new.kind, Action::Register, &new.fields)?;
    let mut remarks = Vec::new();
    let facts = subject::person(tx, new.kind, &mut stated, &mut remarks)?;
    let provider = match provider_code.as_str() {
        "" => None,
        code if by.role == Role::Agency && subject::is_listed_elsewhere(policies, new.kind, code) => None,
        code if is_elsewhere(policies, code) && new.kind.row().governed == Governed::Care => {
            let text = format!(
                "医药机构 {code} 在本统筹区外，不能登记到“{}”；统筹区外就医的，由经办机构登记到“{}”",
                new.kind.name(),
                RegisterKind::Papers.name()
            );
            return Err(NotDone::refused(Code::UnknownProvider, text));
        }
        code => Some(subject::provider(tx, policies, code)?),
    };
    if new.kind == RegisterKind::Papers && field::MEDFEE_SUMAMT.is_stated(&stated) {
        let asked = [(field::CARE_PROVIDER.name(), "就医机构代码"), (field::CARE_BEGNTIME.name(), "就诊（入院）时间")];
        // Whoever was treated elsewhere need not know the provider's code; nothing of it is settled here.
        let was_elsewhere = field::CARE_PLACE.of(&stated).is_some_and(|place| place != Place::Local);
        for (name, label) in asked {
            let is_needed = name != field::CARE_PROVIDER.name() || !was_elsewhere;
            if is_needed && stated.text(name).is_empty() {
                let remedy = match name == field::CARE_PROVIDER.name() {
                    true => "请补填；在统筹区外就医、不知道代码的请填“就医地”",
                    false => "请补填",
                };
                let text = format!("填写了垫付金额时必填，据此核对是否已由医院结算；{remedy}");
                return Err(NotDone::field(name, label, text));
            }
        }
    }
    let begun = care_moment(new.kind, &stated).unwrap_or(now);
    let care_from = field::CARE_BEGNTIME.of(&stated).or_else(|| field::BEGNTIME.of(&stated)).unwrap_or(begun);
    let business = subject::business(policies, new.kind, &provider_code, &stated)?;
    let mut entry = Entry {
        admdvs: match &provider {
            Some(provider) => provider.admdvs.clone(),
            None => question::area_of(&provider_code).unwrap_or(policies.pool.pool.as_str()).to_owned(),
        },
        fixmedins_code: provider_code,
        ..Entry::draft(new.kind, business, care_from, new.source, &by.signature(), now)
    };
    lay_out(&mut entry, &stated);
    linked(tx, policies, by, &mut entry, &stated)?;
    subject::place_of_insurance(&stated)?;
    if let Some(business) = subject::business_of_stay(tx, policies, &entry)? {
        entry.business = business;
    }
    if entry.kind == RegisterKind::DeferredDischarge
        && !entry.psn_no.is_empty()
        && under.is_none()
        && encounter_of(tx, &entry)?.is_none()
    {
        remarks.push(NOT_ADMITTED.to_owned());
    }
    let agreed = match entry.kind {
        RegisterKind::Papers => agreed::about_papers(tx, &entry.psn_no, entry.place(), entry.care_began())?,
        _ => None,
    };
    let insured = insured_as_its_stay(tx, &entry)?;
    let question = question::of_statement(policies, &insured, provider.as_ref(), facts.as_ref());
    let care = match subject::business_of_care(policies, &entry) {
        Some(business) => Some(question::of_care(tx, &question, field::CARE_PROVIDER.of(&entry), business)?),
        None => None,
    };
    let plans = policies.plans();
    let intake = Intake {
        kind: new.kind,
        pool: &policies.pool.pool,
        question: &question,
        stated: &stated,
        plans: &plans,
        businesses: &policies.businesses,
        table: &policies.work.fields,
        calendar: &policies.calendar,
        own_part: subject::own_part(policies, &entry, facts.as_ref(), provider.as_ref()),
        under,
        care: care.as_ref(),
        agreed,
        now,
    };
    let taken = intake.decide()?;
    keep_asked_as(&mut entry, care.as_ref().unwrap_or(&question));
    entry.plan = taken.plan;
    entry.rule = taken.rule;
    let care_business = taken.care_business.as_ref().map(|business| business.as_str());
    field::CARE_BUSINESS.put_or_clear(&mut entry.details, care_business);
    if taken.is_unpaid {
        field::PREPAYMENT.put(&mut stated, Money::ZERO);
        field::PREPAYMENT.put(&mut entry.details, Money::ZERO);
    }
    // A plan without a duty for who is not entitled leaves the case under the rule of the care.
    if entry.rule.is_empty() && entry.kind == RegisterKind::NotEntitled {
        entry.rule = own_entry(tx, by, entry.about())?.rule;
    }
    remarks.extend(taken.remarks);
    Ok(Judged { entry, promised: taken.promised, stated, remarks })
}

/// The refusal of what the table does not let somebody register.
fn not_begun(policies: &Policies, kind: RegisterKind) -> NotDone {
    let may = policies.work.first_roles(kind).filter(|role| role.signs_in()).map(Role::name);
    let may = may.collect::<Vec<_>>().join("、");
    let text = match may.as_str() {
        "" => format!("本平台不办理“{}”", kind.name()),
        may => format!("“{}”由{may}登记；请联系参保地经办机构", kind.name()),
    };
    NotDone::refused(Code::NotProvided, text)
}

/// The provider that a new entry is of: what the agency keeps is nobody's else.
fn responsible(policies: &Policies, by: &Actor, new: &NewEntry) -> Result<String, NotDone> {
    if policies.work.first_step(new.kind, by.role).is_none() {
        return Err(not_begun(policies, new.kind));
    }
    let code = match new.kind.row().keeper {
        Keeper::Agency => "",
        _ if by.role.keeps_to_its_own() => &by.fixmedins_code,
        Keeper::Provider if new.fixmedins_code.is_empty() => {
            return Err(NotDone::field("fixmedins_code", "医药机构代码", "必填；请填负责办理的医药机构"));
        }
        Keeper::Provider | Keeper::Either => &new.fixmedins_code,
    };
    Ok(code.to_owned())
}

/// What a statement refers to: another entry, a stay at the platform, the provider that a patient came from.
fn linked(tx: &mut dyn Tx, policies: &Policies, by: &Actor, entry: &mut Entry, stated: &Stated) -> Result<(), NotDone> {
    if field::OF_ENTRY.is_stated(stated) {
        let of = own_entry(tx, by, field::OF_ENTRY.of(stated))?;
        entry.business = of.business;
        if entry.kind == RegisterKind::NotEntitled {
            entry.fixmedins_code = of.fixmedins_code;
        }
    }
    if !entry.mdtrt_id.is_empty()
        && let Some(stay) = tx.encounter(&entry.mdtrt_id)?
        && (stay.fixmedins_code != entry.fixmedins_code || (!entry.psn_no.is_empty() && stay.psn_no != entry.psn_no))
    {
        let text = format!("“{}”不是本机构该人员的就诊；请核对", entry.mdtrt_id);
        return Err(NotDone::field(field::MDTRT_ID.name(), "就诊ID", text));
    }
    if entry.kind == RegisterKind::Transfer {
        let from = field::FROM_PROVIDER.of(stated);
        if from == entry.fixmedins_code {
            return Err(NotDone::field(field::FROM_PROVIDER.name(), "转出机构代码", "与转入机构相同；请核对"));
        }
        if subject::provider(tx, policies, from).is_err() {
            let text = format!("“{from}”不是本统筹区的定点机构；转市外的按转院备案办理");
            return Err(NotDone::field(field::FROM_PROVIDER.name(), "转出机构代码", text));
        }
    }
    Ok(())
}
