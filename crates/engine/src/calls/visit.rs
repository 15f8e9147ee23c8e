//! Outpatient visits (门诊就诊): 2201 registration, 2202 its cancellation, 2203 and 2203A what the visit is.

use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::encounter::{dates, diagnosis};
use crate::facts::{care_kind, details, entitled, person};
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState, Setting, WhichLines};

const REGISTRATION_COLUMNS: &[&str] =
    &["psn_no", "insutype", "begntime", "mdtrt_cert_type", "mdtrt_cert_no", "certno", "psn_name", "ipt_otp_no"];
const VISIT_COLUMNS: &[&str] = &[
    "mdtrt_id",
    "psn_no",
    "med_type",
    "begntime",
    "dise_codg",
    "dise_name",
    "matn_type",
    "birctrl_type",
    "geso_val",
    "birctrl_matn_date",
];

/// 2201 (门诊挂号): opens a visit of an entitled person.
pub(crate) fn register(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    let begntime = fields.moment("begntime")?.unwrap_or(call.now);
    encounter::must_not_lie_ahead(call, "begntime", begntime)?;
    let facts = person::local_facts(tx, call, policies, psn_no, &[])?;
    let insutype = fields.demand("insutype")?;
    entitled::on_day(&facts, insutype, begntime.date(), policies)?;
    let mdtrt_id = encounter::new_id(tx, policies, call)?;
    tx.add_encounter(&Encounter {
        begntime,
        ipt_otp_no: fields.text("ipt_otp_no").to_owned(),
        mdtrt_cert_type: fields.text("mdtrt_cert_type").to_owned(),
        details: details::pack(fields, REGISTRATION_COLUMNS),
        ..encounter::blank(call, &mdtrt_id, Setting::Outpatient, psn_no, insutype)?
    })?;
    let reply = Record::new()
        .text("mdtrt_id", &mdtrt_id)
        .text("psn_no", psn_no)
        .text("ipt_otp_no", fields.text("ipt_otp_no"))
        .null("exp_content");
    Ok(Done::with(Output::new().object("data", reply)).effect(mdtrt_id))
}

/// 2202 (门诊挂号撤销): cancels a visit that has no settlement, and withdraws its lines: who declines a trial sends nothing else.
pub(crate) fn cancel(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let visit = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&visit, Setting::Outpatient)?;
    encounter::must_be_unsettled(tx, &visit, "2208")?;
    let withdrawn = tx.delete_fee_lines(&visit.mdtrt_id, &WhichLines::All)?.len();
    let remark = (withdrawn > 0).then(|| format!("就诊ID {} 未结算的费用明细 {withdrawn} 条一并撤销", visit.mdtrt_id));
    tx.update_encounter(&Encounter { state: EncounterState::Cancelled, cancelled_at: Some(call.now), ..visit })?;
    Ok(remark.into_iter().fold(Done::silently(), Done::remark))
}

/// 2203, 2203A (门诊就诊信息上传): care type, disease and diagnoses of the visit.
pub(crate) fn describe(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("mdtrtinfo")?;
    let visit = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&visit, Setting::Outpatient)?;
    let med_type = fields.demand("med_type")?;
    let kind = care_kind::kind_of(policies, med_type)?;
    if kind.is_stay() {
        let text = format!("医疗类别 med_type {med_type} 属于住院；门诊请填写门诊类医疗类别，住院请用入院办理(2401)");
        return Err(Refusal::new(Code::FieldCode, text).into());
    }
    let begntime = fields.moment("begntime")?.unwrap_or(visit.begntime);
    encounter::must_not_lie_ahead(call, "begntime", begntime)?;
    if visit.med_type != med_type || visit.begntime.date() != begntime.date() {
        encounter::must_be_unsettled(tx, &visit, "2208")?;
    }
    let described = Encounter {
        med_type: med_type.to_owned(),
        begntime,
        dise_codg: fields.text("dise_codg").to_owned(),
        dise_name: fields.text("dise_name").to_owned(),
        matn_type: fields.text("matn_type").to_owned(),
        birctrl_type: fields.text("birctrl_type").to_owned(),
        geso_val: fields.integer("geso_val")?,
        birctrl_matn_date: fields.date("birctrl_matn_date")?,
        details: details::lay_over(&visit.details, &details::pack(fields, VISIT_COLUMNS)),
        ..visit.clone()
    };
    dates::moved_begin_must_leave_lines(tx, &visit, &described, call.now)?;
    tx.update_encounter(&described)?;
    diagnosis::record(tx, &described.mdtrt_id, diagnosis::AT_BEGIN, call.input.nodes("diseinfo"))?;
    Ok(Done::silently())
}
