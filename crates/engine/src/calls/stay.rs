//! Inpatient stays (住院): 2401 admission, 2402 discharge, 2403 change, 2404 and 2405 their cancellations.

use crate::call::{Call, Done, Stop};
use crate::encounter;
use crate::encounter::{dates, diagnosis};
use crate::facts::{care_kind, details, entitled, person};
use crate::outage::{admission_order as order, one_hospital};
use crate::policies::Policies;
use yibao_domain::encounter::FeeTimes;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::maternity::CHILDREN_MAX;
use yibao_domain::time::{DateTime, moment_text};
use yibao_interface::{Fields, Output, Record};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState, Setting};

const COLUMNS: &[&str] = &[
    "mdtrt_id",
    "psn_no",
    "insutype",
    "begntime",
    "endtime",
    "mdtrt_cert_type",
    "mdtrt_cert_no",
    "certno",
    "med_type",
    "ipt_no",
    "ipt_otp_no",
    "dise_codg",
    "dise_name",
    "dscg_maindiag_code",
    "dscg_maindiag_name",
    "dscg_way",
    "matn_type",
    "birctrl_type",
    "geso_val",
    "fetus_cnt",
    "birctrl_matn_date",
];

/// 2401 (入院办理): opens a stay of an entitled person who is in no other hospital then.
pub(crate) fn admit(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("mdtrtinfo")?;
    let psn_no = fields.demand("psn_no")?;
    let begntime = fields.demand_moment("begntime")?;
    encounter::must_not_lie_ahead(call, "begntime", begntime)?;
    must_be_of_a_stay(policies, fields.demand("med_type")?)?;
    let facts = person::local_facts(tx, call, policies, psn_no, &[])?;
    let insutype = fields.demand("insutype")?;
    entitled::on_day(&facts, insutype, begntime.date(), policies)?;
    one_hospital::must_be_in_no_other(tx, psn_no, "", begntime, None)?;
    order::transferring_stay_must_be_settled(tx, call, policies, psn_no, begntime)?;
    let mdtrt_id = encounter::new_id(tx, policies, call)?;
    let blank = encounter::blank(call, &mdtrt_id, Setting::Inpatient, psn_no, insutype)?;
    tx.add_encounter(&with_stay_fields(Encounter { begntime, ..blank }, fields)?)?;
    diagnosis::record(tx, &mdtrt_id, diagnosis::AT_BEGIN, call.input.nodes("diseinfo"))?;
    let reply = Record::new().text("mdtrt_id", &mdtrt_id).null("exp_content");
    Ok(Done::with(Output::new().object("result", reply)).effect(mdtrt_id))
}

/// 2402 (出院办理): ends the stay.
pub(crate) fn discharge(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("dscginfo")?;
    let stay = of_message(tx, call, fields)?;
    if stay.state == EncounterState::Discharged {
        let text = format!("就诊ID {} 已办理出院；如需更改请先撤销出院(2405)", stay.mdtrt_id);
        return Err(Refusal::new(Code::WrongState, text).into());
    }
    let endtime = fields.demand_moment("endtime")?;
    encounter::must_not_lie_ahead(call, "endtime", endtime)?;
    must_follow(stay.begntime, endtime)?;
    must_agree_with_settled(tx, &stay, endtime)?;
    one_hospital::must_be_in_no_other(tx, &stay.psn_no, &stay.mdtrt_id, stay.begntime, Some(endtime))?;
    let times = FeeTimes::of(stay.begntime, Some(endtime), call.now);
    dates::recorded_lines_must_lie_within(tx, &stay.mdtrt_id, &times)?;
    let discharged = with_stay_fields(
        Encounter {
            state: EncounterState::Discharged,
            endtime: Some(endtime),
            dscg_way: fields.text("dscg_way").to_owned(),
            ..stay
        },
        fields,
    )?;
    tx.update_encounter(&discharged)?;
    diagnosis::record(tx, &discharged.mdtrt_id, diagnosis::AT_END, call.input.nodes("diseinfo"))?;
    Ok(Done::silently())
}

/// 2403 (住院信息变更): changes what was said at admission; diagnoses by number.
pub(crate) fn change(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("adminfo")?;
    let stay = of_message(tx, call, fields)?;
    let begntime = fields.moment("begntime")?.unwrap_or(stay.begntime);
    encounter::must_not_lie_ahead(call, "begntime", begntime)?;
    let med_type = fields.text("med_type");
    if !med_type.is_empty() {
        must_be_of_a_stay(policies, med_type)?;
    }
    let other_day = begntime.date() != stay.begntime.date();
    if other_day || (!med_type.is_empty() && med_type != stay.med_type) {
        encounter::must_be_unsettled(tx, &stay, "2305")?;
    }
    if other_day {
        let facts = person::facts(tx, &stay.psn_no, &[])?;
        entitled::on_day(&facts, &stay.insutype, begntime.date(), policies)?;
    }
    if let Some(endtime) = stay.endtime {
        must_follow(begntime, endtime)?;
    }
    if begntime != stay.begntime {
        one_hospital::must_be_in_no_other(tx, &stay.psn_no, &stay.mdtrt_id, begntime, stay.endtime)?;
    }
    let changed = with_stay_fields(Encounter { begntime, ..stay.clone() }, fields)?;
    dates::moved_begin_must_leave_lines(tx, &stay, &changed, call.now)?;
    tx.update_encounter(&changed)?;
    diagnosis::record(tx, &changed.mdtrt_id, diagnosis::AT_BEGIN, call.input.nodes("diseinfo"))?;
    Ok(Done::silently())
}

/// 2404 (入院撤销): cancels a stay that has no lines and no settlement.
pub(crate) fn cancel_admission(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let stay = of_message(tx, call, call.input.node("data")?)?;
    undo_admission(tx, stay, call.now)?;
    Ok(Done::silently())
}

/// Cancels an admission, for 2404 and for the reversal of 2401.
pub(crate) fn undo_admission(tx: &mut dyn Tx, stay: Encounter, now: DateTime) -> Result<(), Stop> {
    encounter::must_be_unsettled(tx, &stay, "2305")?;
    encounter::must_have_no_lines(tx, &stay, "2302(feedetl_sn 填 0000)")?;
    tx.update_encounter(&Encounter { state: EncounterState::Cancelled, cancelled_at: Some(now), ..stay })?;
    Ok(())
}

/// 2405 (出院撤销): the person is in hospital again; only before the discharge is settled.
pub(crate) fn cancel_discharge(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let stay = of_message(tx, call, call.input.node("data")?)?;
    if stay.state != EncounterState::Discharged {
        let text = format!("就诊ID {} 尚未办理出院，无需撤销", stay.mdtrt_id);
        return Err(Refusal::new(Code::WrongState, text).into());
    }
    if let Some(round) = tx.rounds(&stay.mdtrt_id)?.iter().find(|round| round.stands && !round.mid_stay) {
        let text = format!("就诊ID {} 已出院结算(结算ID {})；请先撤销结算(2305)", stay.mdtrt_id, round.setl_id);
        return Err(Refusal::new(Code::AlreadySettled, text).into());
    }
    one_hospital::must_not_be_elsewhere_now(tx, &stay)?;
    let back = Encounter { state: EncounterState::Open, endtime: None, dscg_way: String::new(), ..stay };
    tx.update_encounter(&back)?;
    diagnosis::void_stage(tx, &back.mdtrt_id, diagnosis::AT_END)?;
    Ok(Done::silently())
}

fn of_message(tx: &mut dyn Tx, call: &Call, fields: &Fields) -> Result<Encounter, Stop> {
    let stay = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&stay, Setting::Inpatient)?;
    Ok(stay)
}

/// Lays the fields of 2401, 2402 or 2403 over a stay; an absent field leaves what was there.
fn with_stay_fields(stay: Encounter, fields: &Fields) -> Result<Encounter, Stop> {
    let newer = |name: &str, older: String| match fields.text(name) {
        "" => older,
        text => text.to_owned(),
    };
    let number = if fields.text("ipt_no").is_empty() { "ipt_otp_no" } else { "ipt_no" };
    Ok(Encounter {
        med_type: newer("med_type", stay.med_type),
        ipt_otp_no: newer(number, stay.ipt_otp_no),
        mdtrt_cert_type: newer("mdtrt_cert_type", stay.mdtrt_cert_type),
        dise_codg: newer("dise_codg", stay.dise_codg),
        dise_name: newer("dise_name", stay.dise_name),
        dscg_maindiag_code: newer("dscg_maindiag_code", stay.dscg_maindiag_code),
        dscg_maindiag_name: newer("dscg_maindiag_name", stay.dscg_maindiag_name),
        matn_type: newer("matn_type", stay.matn_type),
        birctrl_type: newer("birctrl_type", stay.birctrl_type),
        geso_val: fields.integer("geso_val")?.or(stay.geso_val),
        fetus_cnt: children(fields)?.or(stay.fetus_cnt),
        birctrl_matn_date: fields.date("birctrl_matn_date")?.or(stay.birctrl_matn_date),
        details: details::lay_over(&stay.details, &details::pack(fields, COLUMNS)),
        ..stay
    })
}

/// How many children a birth has; money hangs on it.
fn children(fields: &Fields) -> Result<Option<i64>, Stop> {
    let Some(count) = fields.integer("fetus_cnt")? else { return Ok(None) };
    if !(0..=i64::from(CHILDREN_MAX)).contains(&count) {
        let text = format!("胎儿数 fetus_cnt {count} 不在0至{CHILDREN_MAX}之间；请核对");
        return Err(Refusal::new(Code::FieldShape, text).into());
    }
    Ok(Some(count))
}

fn must_be_of_a_stay(policies: &Policies, med_type: &str) -> Result<(), Stop> {
    if care_kind::kind_of(policies, med_type)?.is_stay() {
        return Ok(());
    }
    let text = format!("医疗类别 med_type {med_type} 不属于住院；住院请填写住院类医疗类别(如21)，门诊请用挂号(2201)");
    Err(Refusal::new(Code::FieldCode, text).into())
}

/// What is settled already binds the day of discharge: a settled discharge is of its own day, and a settled
/// part lies before.
fn must_agree_with_settled(tx: &mut dyn Tx, stay: &Encounter, endtime: DateTime) -> Result<(), Stop> {
    if tx.rounds(&stay.mdtrt_id)?.iter().all(|round| !round.stands) {
        return Ok(());
    }
    for row in tx.settlements_of(&stay.mdtrt_id)?.into_iter().filter(|row| row.stands()) {
        let settled = row.settlement;
        let agrees =
            if settled.mid_stay { settled.enddate <= endtime.date() } else { settled.enddate == endtime.date() };
        if !agrees {
            let text = format!(
                "出院时间 endtime {} 与已结算至 {} 的结算(结算ID {})不符；请核对日期，或先撤销结算(2305)",
                moment_text(endtime),
                settled.enddate,
                settled.setl_id
            );
            return Err(Refusal::new(Code::Dates, text).into());
        }
    }
    Ok(())
}

fn must_follow(begntime: DateTime, endtime: DateTime) -> Result<(), Stop> {
    if endtime >= begntime {
        return Ok(());
    }
    let text = format!("出院时间 endtime {} 早于入院时间 {}；请核对", moment_text(endtime), moment_text(begntime));
    Err(Refusal::new(Code::Dates, text).into())
}
