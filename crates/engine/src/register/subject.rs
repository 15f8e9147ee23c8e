//! Whom and what a statement is about: the person, the provider, the business, and the question that the plan is asked.

use crate::facts::person::Said;
use crate::facts::question::is_elsewhere;
use crate::facts::{care_kind, person};
use crate::policies::Policies;
use crate::register::at_platform::encounter_of;
use crate::register::{NotDone, shape};
use yibao_domain::code::Scheme;
use yibao_domain::outage::{Business, Channel, RegisterKind};
use yibao_domain::person::Population as Group;
use yibao_domain::provider::BenefitLevel;
use yibao_domain::refusal::Code;
use yibao_domain::register::{Entry, OwnPart, Reader, Stated, field, usual_business};
use yibao_domain::settlement::CareKind;
use yibao_domain::time::DateTime;
use yibao_domain::written::name::alike;
use yibao_domain::written::number::doubt;
use yibao_interface::CodeMatch;
use yibao_store::encounter::{Encounter, Setting};
use yibao_store::person::PersonFacts;
use yibao_store::reference::Provider;
use yibao_store::{Subjects, Tx};

/// Reads stated fields against the national tables and the businesses that are known.
pub(crate) fn read(
    policies: &Policies,
    now: DateTime,
    kind: RegisterKind,
    action: yibao_domain::register::Action,
    stated: &Stated,
) -> Result<Stated, NotDone> {
    let code = |name: &str, value: &str| {
        let table = policies.tables.codes(name)?;
        // People write 居民身份证 where the table says 居民身份证（户口簿）.
        let means = |meaning: &str| meaning == value || meaning.split('（').next() == Some(value);
        let of_meaning = || {
            let exact = table.values.iter().find(|known| known.meaning == value);
            let meant: Vec<_> = table.values.iter().filter(|known| means(&known.meaning)).collect();
            let only = exact.or(if let [only] = meant.as_slice() { Some(*only) } else { None });
            only.map(|known| known.code.clone())
        };
        match table.matches(value) {
            CodeMatch::Known(code) => Some(code.to_owned()),
            CodeMatch::Extension => Some(value.to_owned()),
            CodeMatch::Unknown => of_meaning().or_else(|| policies.work.code_said(name, value).map(str::to_owned)),
        }
    };
    let business = |name: &str| {
        let plans = policies.plans();
        let named = policies.businesses.iter().chain(plans.iter().flat_map(|plan| &plan.names));
        let mut found = named.filter(|(business, chinese)| business.as_str() == name || chinese.as_str() == name);
        found.next().map(|(business, _)| business.clone())
    };
    let plans = policies.plans();
    let own_evidence = |name: &str| plans.iter().flat_map(|plan| &plan.evidence).any(|own| own.name() == name);
    let channel = |said: &str| {
        let mut known = Channel::KNOWN.iter().chain(plans.iter().flat_map(|plan| &plan.channels));
        known.find(|channel| channel.word() == said || channel.name() == said).map(|channel| channel.name().to_owned())
    };
    let table = &policies.work.fields;
    let reader =
        Reader { table, code: &code, business: &business, own_evidence: &own_evidence, channel: &channel, now };
    let read = reader.read(kind, action, stated).map_err(NotDone::Fields)?;
    match shape::problems(table, kind, action, &read) {
        problems if problems.is_empty() => Ok(read),
        problems => Err(NotDone::Fields(problems)),
    }
}

/// The provider, which has to be one of the pool.
pub(crate) fn provider(tx: &mut dyn Tx, policies: &Policies, code: &str) -> Result<Provider, NotDone> {
    let found = tx.provider(code)?.filter(|provider| policies.covers(&provider.admdvs));
    found.ok_or_else(|| {
        let text = format!("医药机构 {code} 不是本统筹区登记的定点机构；请核对机构代码");
        NotDone::refused(Code::UnknownProvider, text)
    })
}

/// What the pool's agency is called, for people.
pub(crate) fn agency_name(policies: &Policies) -> String {
    format!("{}医疗保障经办机构", policies.pool.name)
}

/// Whether the agency may list such a stay for a provider outside the pool.
pub(crate) fn is_listed_elsewhere(policies: &Policies, kind: RegisterKind, code: &str) -> bool {
    matches!(kind, RegisterKind::InpatientNotice | RegisterKind::StayConversion) && is_elsewhere(policies, code)
}

/// The person of a statement, whom the number or the document names; adds the number to what is stated.
///
/// Somebody whom nobody knows is registered all the same: the platform is closed, and nobody is to be lost. The
/// entry is not settled before the person is known, and says so.
pub(crate) fn person(
    tx: &mut dyn Tx,
    kind: RegisterKind,
    stated: &mut Stated,
    remarks: &mut Vec<String>,
) -> Result<Option<PersonFacts>, NotDone> {
    let (mut psn_no, certno) = (field::PSN_NO.of(stated).to_owned(), field::CERTNO.of(stated).to_owned());
    if psn_no.is_empty() && !certno.is_empty() {
        let found = person::by_document(tx, &certno)?;
        let several = found.len() > 1;
        let said = Said { psn_name: field::PSN_NAME.of(stated), psn_cert_type: field::PSN_CERT_TYPE.of(stated) };
        match person::the_one(found, said) {
            Ok(Some(only)) => psn_no = only.psn_no,
            Ok(None) if several => {
                let text = "证件号码对应多个人员，没有一个与所填的姓名、证件类型一致，补录前须核实姓名和证件类型";
                remarks.push(text.to_owned());
            }
            Ok(None) => {
                let doubt = doubt(&certno).unwrap_or_else(|| "证件号码在本统筹区查无此人".to_owned());
                remarks.push(format!("{doubt}，补录前须核实"));
            }
            Err(several) => {
                remarks.push(format!("证件号码对应多个人员（{several}），补录前须填写证件类型或人员编号"));
            }
        }
    }
    if psn_no.is_empty() {
        if certno.is_empty() && kind.is_about_a_person() {
            return Err(NotDone::field(field::PSN_NO.name(), "人员编号", "与证件号码至少填一项；请补填"));
        }
        return Ok(None);
    }
    let encounters =
        Some(field::MDTRT_ID.of(stated)).filter(|id| !id.is_empty()).map(str::to_owned).into_iter().collect();
    tx.foresee(&Subjects { persons: vec![psn_no.clone()], encounters, ..Subjects::default() })?;
    let Some(facts) = tx.person_facts(&psn_no, &[])? else {
        return Err(NotDone::field(
            field::PSN_NO.name(),
            "人员编号",
            format!("“{psn_no}”不存在；不知道人员编号的请填证件号码"),
        ));
    };
    let name = field::PSN_NAME.of(stated);
    let is_other = !name.is_empty() && !alike(name, &facts.person.psn_name);
    // A newborn on the mother's number is nobody in the records yet, and is locked out nowhere. The number of the person may stand
    // there because the document was looked up.
    let said = Said { psn_name: name, psn_cert_type: field::PSN_CERT_TYPE.of(stated) };
    if is_other && !certno.is_empty() {
        let is_child = said.is_child_on(&facts.person, field::BRDY.of(stated));
        if is_child || (is_enrolled_now(kind, stated) && field::PSN_NO.of(stated).is_empty()) {
            let told = "证件号码在平台登记的是另一人，按用母亲号码、还没有参保的新生儿登记，补录或办理参保前须核实";
            remarks.push(told.to_owned());
            stated.remove(field::PSN_NO.name());
            return Ok(None);
        }
    }
    if is_other {
        let text = "与人员编号（证件号码）登记的姓名不一致；请核对姓名和号码，是用母亲号码、还没有参保的新生儿的，\
                    “证件类型”请改填孩子的（如 990201 医学出生证明）";
        return Err(NotDone::field(field::PSN_NAME.name(), "姓名", text));
    }
    let own = person::writings(&facts.person.certno);
    if !certno.is_empty() && !own.is_empty() && own.is_disjoint(&person::writings(&certno)) {
        let text = "不是人员编号登记的证件号码；请核对两个号码，只知道其中一个的填一个";
        return Err(NotDone::field(field::CERTNO.name(), "证件号码", text));
    }
    field::PSN_NO.put(stated, &psn_no);
    Ok(Some(facts))
}

/// Whether papers are about somebody who is enrolled by them.
fn is_enrolled_now(kind: RegisterKind, stated: &Stated) -> bool {
    let enrolment = Business::named("enrolment.new");
    kind == RegisterKind::Papers && Business::new(field::BUSINESS.of(stated)).is_some_and(|of| of.is_within(&enrolment))
}

/// The business that a statement is about. What a pharmacy sells for a long disease is its sale, as at its till: it is entered by
/// that message (2102), and another rule would promise what that one cannot keep.
pub(crate) fn business(
    policies: &Policies,
    kind: RegisterKind,
    provider: &str,
    stated: &Stated,
) -> Result<Business, NotDone> {
    let med_type = field::MED_TYPE.of(stated);
    let is_sale = kind == RegisterKind::CashVisit && provider.starts_with('P');
    match kind {
        RegisterKind::CashVisit | RegisterKind::Supply => match care_kind::kind_of(policies, med_type)? {
            CareKind::Pharmacy => Ok(Business::named("settlement.pharmacy")),
            CareKind::Inpatient | CareKind::MaternityInpatient => Err(NotDone::field(
                field::MED_TYPE.name(),
                "医疗类别",
                format!("“{med_type}”是住院类别；住院请登记到“停机期间入院”或“暂缓结算出院”"),
            )),
            care if is_sale => Ok(care_kind::settlement_business(Setting::Pharmacy, care)),
            care => Ok(care_kind::settlement_business(Setting::Outpatient, care)),
        },
        RegisterKind::Admission | RegisterKind::Transfer => match care_kind::kind_of(policies, med_type)? {
            CareKind::Inpatient | CareKind::MaternityInpatient => Ok(usual_business(kind)),
            _ => Err(NotDone::field(
                field::MED_TYPE.name(),
                "医疗类别",
                format!("“{med_type}”不是住院类别；门诊、购药请登记到“现金就诊”"),
            )),
        },
        _ => Ok(Business::new(field::BUSINESS.of(stated)).unwrap_or_else(|| usual_business(kind))),
    }
}

/// The business of settling a stay (住院结算的业务): births by their own name, as the live call has it, by what the platform knows of
/// the stay, else by what the entry says.
pub(crate) fn settlement_of_stay(policies: &Policies, entry: &Entry, stay: Option<&Encounter>) -> Business {
    let stated = field::MED_TYPE.of(entry);
    let med_type = stay.map(|stay| stay.med_type.as_str()).filter(|known| !known.is_empty()).unwrap_or(stated);
    let kind = care_kind::kind_of(policies, med_type).ok().filter(|kind| kind.is_stay());
    let is_birth = || field::MATN_TYPE.is_stated(entry) || entry.business.depth() > 2;
    let kind = kind.unwrap_or(if is_birth() { CareKind::MaternityInpatient } else { CareKind::Inpatient });
    care_kind::settlement_business(Setting::Inpatient, kind)
}

/// The business of a statement to a register of stays that are settled, where that follows from the stay.
pub(crate) fn business_of_stay(
    tx: &mut dyn Tx,
    policies: &Policies,
    entry: &Entry,
) -> Result<Option<Business>, NotDone> {
    if !entry.kind.is_stay() || !entry.business.is_within(&Business::named("settlement.inpatient")) {
        return Ok(None);
    }
    let stay = encounter_of(tx, entry)?;
    Ok(Some(settlement_of_stay(policies, entry, stay.as_ref())))
}

/// The business of settling the care that papers are about: what they name, or what the care has been; nothing where they are not
/// about care.
pub(crate) fn business_of_care(policies: &Policies, entry: &Entry) -> Option<Business> {
    let is_about_care = entry.kind == RegisterKind::Papers && field::CARE_BEGNTIME.is_stated(entry);
    let (settlement, claims) = (Business::named("settlement"), Business::named("reimbursement"));
    if !is_about_care || !(entry.business.is_within(&settlement) || entry.business.is_within(&claims)) {
        return None;
    }
    let is_stay = field::CARE_ENDTIME.is_stated(entry);
    let is_purchase = field::CARE_PROVIDER.of(entry).starts_with('P');
    let special_drug = entry.business.is_within(&Business::named("reimbursement.special_drug"));
    let guessed = match () {
        () if special_drug => CareKind::SpecialDrug,
        () if is_stay => CareKind::Inpatient,
        () if is_purchase => CareKind::Pharmacy,
        () => CareKind::Outpatient,
    };
    let stated = care_kind::kind_of(policies, field::MED_TYPE.of(entry)).ok();
    let kind = stated.unwrap_or(guessed);
    let setting = match kind {
        CareKind::Pharmacy => Setting::Pharmacy,
        kind if kind.is_stay() => Setting::Inpatient,
        _ => Setting::Outpatient,
    };
    let known = care_kind::settlement_business(setting, kind);
    // What the papers name is the care, unless they tell more of it.
    let is_named = entry.business.is_within(&settlement) && (stated.is_none() || !known.is_within(&entry.business));
    Some(if is_named { entry.business.clone() } else { known })
}

/// Where a person is insured is told by the six digits of a division.
pub(crate) fn place_of_insurance(stated: &Stated) -> Result<(), NotDone> {
    let area = field::INSUPLC_ADMDVS.of(stated);
    if area.is_empty() || (area.len() == 6 && area.bytes().all(|byte| byte.is_ascii_digit())) {
        return Ok(());
    }
    let text = format!("“{area}”不是六位区划代码；请填参保地的区划代码，本地参保的不填");
    Err(NotDone::field(field::INSUPLC_ADMDVS.name(), "参保地区划", text))
}

/// What policy leaves to the person of a stay at this provider: the deductible and the ratio of the person's group.
pub(crate) fn own_part(
    policies: &Policies,
    entry: &Entry,
    facts: Option<&PersonFacts>,
    provider: Option<&Provider>,
) -> Option<OwnPart> {
    let (facts, provider) = (facts?, provider?);
    let insutype = field::INSUTYPE.of(entry);
    let scheme = Scheme::of_insutype(insutype)?;
    let day = entry.care_from.date();
    let group = Group::of(scheme, &person::insurance_on(facts, insutype, day)?.psn_type);
    let stated = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (kind, level) = (stated(&provider.benefit_level), stated(&provider.hosp_lv));
    let level = BenefitLevel::for_ratio(kind.as_deref(), level.as_deref());
    let rules = policies.rules_on(day);
    let inpatient = &rules.scheme(scheme).inpatient;
    let deductible = inpatient.deductible.as_ref()?.value.at(level)?;
    let ratio = inpatient.ratio.as_ref()?.value.get(&group)?.at(level)?;
    Some(OwnPart { deductible, ratio })
}
