//! 2001 (人员待遇享受检查): which funds would pay for care of a kind on a day, and why one would not.

use crate::call::{Call, Done, Stop};
use crate::facts::{care_kind, entitled, person, scheme};
use crate::policies::Policies;
use yibao_domain::code::Scheme;
use yibao_domain::settlement::{CareKind, Fund};
use yibao_domain::time::Date;
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::person::PersonFacts;

/// 待遇检查类型: a fund (基金项检查).
const FUND: &str = "01";

/// 2001: one row a fund, with 510100 where maternity is asked about. Who is not entitled is told so in the rows: it is a
/// question, and no refusal.
pub(crate) fn check(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let (psn_no, insutype) = (fields.demand("psn_no")?, fields.demand("insutype")?);
    let asked = scheme::scheme_of(insutype)?;
    let kind = care_kind::kind_of(policies, fields.demand("med_type")?)?;
    let day = fields.date("begntime")?.unwrap_or(call.now.date());
    let facts = person::local_facts(tx, call, policies, psn_no, &[])?;
    let rows = entitled::rows(&facts, policies);
    let judged = entitled::judge(&rows, &facts, insutype, day, policies);
    let (begin, end, barred) = match judged {
        Ok(entitled) => (Some(entitled.from), entitled.row.end, None),
        Err(Stop::Refused(refusal)) => (None, None, Some(refusal.text)),
        Err(other) => return Err(other),
    };
    let is_maternity = is_of_birth(kind) || fields.get("matn_type").or(fields.get("birctrl_type")).is_some();
    let disease = fields.text("dise_codg");
    let barred = barred.or_else(|| not_for(policies, &facts, asked, kind, disease, day));
    let text = barred.as_deref().unwrap_or("待遇享受正常");
    let records = funds(asked, kind, is_maternity, &facts).into_iter().map(|fund| {
        Record::new()
            .text("psn_no", psn_no)
            .text("trt_chk_type", FUND)
            .text("fund_pay_type", fund.code())
            .text("trt_enjymnt_flag", if barred.is_none() { "1" } else { "0" })
            .date("begndate", begin.or(Some(day)))
            .date("enddate", end)
            .text("trt_chk_rslt", text)
            .null("exp_content")
    });
    Ok(Done::with(Output::new().list("trtinfo", records.collect::<Vec<_>>())))
}

fn is_of_birth(kind: CareKind) -> bool {
    matches!(kind, CareKind::MaternityOutpatient | CareKind::MaternityInpatient | CareKind::FamilyPlanning)
}

/// Why an entitled person has no benefit for this care all the same.
fn not_for(
    policies: &Policies,
    facts: &PersonFacts,
    of: Scheme,
    kind: CareKind,
    disease: &str,
    day: Date,
) -> Option<String> {
    if !policies.rules_on(day).scheme(of).offers(kind) {
        return Some("本统筹区该险种没有这一医疗类别的待遇".to_owned());
    }
    let is_of_disease = matches!(kind, CareKind::SpecialDisease | CareKind::TwoDisease);
    let holds = |code: &str| facts.special_diseases_on(day).any(|held| held == code);
    (is_of_disease && !disease.is_empty() && !holds(disease))
        .then(|| format!("没有病种 {disease} 的有效资格；请先办理病种备案(2503)"))
}

/// The funds that pay for care of a kind, whoever the person is.
fn funds(of: Scheme, kind: CareKind, is_maternity: bool, facts: &PersonFacts) -> Vec<Fund> {
    let pool = match of {
        Scheme::Employee => Fund::EmployeePool,
        Scheme::Resident => Fund::ResidentPool,
    };
    let mut funds = vec![pool];
    if is_maternity && of == Scheme::Employee {
        funds.push(Fund::Maternity);
    }
    let has_more = matches!(kind, CareKind::Inpatient | CareKind::SpecialDisease | CareKind::SpecialDrug);
    if has_more {
        funds.push(match of {
            Scheme::Employee => Fund::LargeAmount,
            Scheme::Resident => Fund::SeriousIllness,
        });
    }
    if of == Scheme::Employee && facts.balance.is_some() {
        funds.push(Fund::PersonalAccount);
    }
    funds
}
