//! Inpatient settlement (住院结算): 2303 trial, 2304 settlement of a discharge or of a part of a stay.

use crate::call::{Call, Done, Stop};
use crate::calls::settling;
use crate::calls::visit_settlement::{certificate, must_be_the_visits_scheme};
use crate::encounter::dates;
use crate::facts::care_kind;
use crate::outage::{self, one_hospital, settling::Settling};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::{encounter, settlement};
use yibao_domain::encounter::FeeTimes;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::order::discharged_at;
use yibao_domain::time::Date;
use yibao_interface::Fields;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState, FeeLine, Setting};

/// 2303 (住院预结算): the same amounts, nothing recorded; a stay that goes on is tried as of today.
pub(crate) fn try_out(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    Ok(settling::tried(prepared(tx, call, policies, String::new())?.1))
}

/// 2304 (住院结算).
pub(crate) fn settle(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let setl_id = settlement::new_id(tx, policies, call)?;
    let (stay, settling) = prepared(tx, call, policies, setl_id)?;
    settling::record(tx, call, policies, stay, settling)
}

fn prepared(tx: &mut dyn Tx, call: &Call, policies: &Policies, setl_id: String) -> Result<(Encounter, Settling), Stop> {
    let trial = setl_id.is_empty();
    let fields = call.input.node("data")?;
    let stay = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&stay, Setting::Inpatient)?;
    let goes_on = fields.text("mid_setl_flag") == "1";
    if goes_on && stay.state == EncounterState::Discharged {
        let text = format!("就诊ID {} 已办理出院，不能中途结算；请将 mid_setl_flag 填 0 办理出院结算", stay.mdtrt_id);
        return Err(Refusal::new(Code::WrongState, text).into());
    }
    let end = last_day(call, fields, &stay, goes_on || trial)?;
    let lines = unsettled_lines(tx, &stay)?;
    let until = discharged_at(stay.begntime, stay.endtime, end);
    if stay.endtime.is_none() {
        one_hospital::must_be_in_no_other(tx, &stay.psn_no, &stay.mdtrt_id, stay.begntime, Some(until))?;
    }
    dates::lines_must_lie_within(&FeeTimes::of(stay.begntime, Some(until), call.now), &lines)?;
    let insutype = fields.get("insutype").unwrap_or(&stay.insutype);
    must_be_the_visits_scheme(&stay, insutype)?;
    let kind = care_kind::kind_of(policies, &stay.med_type)?;
    let basis = Basis {
        encounter: &stay,
        lines,
        kind,
        med_type: &stay.med_type,
        insutype,
        chrg_bchno: "",
        invono: fields.text("invono"),
        mdtrt_cert_type: certificate(fields, &stay),
        acct_used_flag: fields.text("acct_used_flag"),
        medfee_sumamt: fields.demand_money("medfee_sumamt")?,
        end,
        stay_goes_on: Some(goes_on),
    };
    let settling = outage::settling::prepared(tx, call, policies, basis, setl_id, None)?;
    Ok((stay, settling))
}

/// The day of discharge; for a part or a trial of a stay that goes on, the day of the call.
fn last_day(call: &Call, fields: &Fields, stay: &Encounter, may_go_on: bool) -> Result<Date, Stop> {
    if let Some(endtime) = stay.endtime {
        return Ok(endtime.date());
    }
    match fields.date("dscgTime")? {
        Some(day) if day < stay.begntime.date() => {
            let text = format!("出院时间 dscgTime {day} 早于入院日期 {}；请核对", stay.begntime.date());
            Err(Refusal::new(Code::Dates, text).into())
        }
        Some(day) => {
            encounter::must_not_lie_ahead(call, "dscgTime", day.at(0, 0, 0, 0))?;
            Ok(day)
        }
        None if may_go_on => Ok(call.now.date().max(stay.begntime.date())),
        None => Err(Refusal::new(
            Code::WrongState,
            format!(
                "就诊ID {} 尚未办理出院；请先办理出院(2402)，或填写 dscgTime；中途结算请填 mid_setl_flag 1",
                stay.mdtrt_id
            ),
        )
        .into()),
    }
}

fn unsettled_lines(tx: &mut dyn Tx, stay: &Encounter) -> Result<Vec<FeeLine>, Stop> {
    let all = tx.fee_lines(&stay.mdtrt_id)?;
    let rounds = tx.rounds(&stay.mdtrt_id)?;
    if let Some(round) = rounds.iter().find(|round| round.stands && !round.mid_stay) {
        return Err(Refusal::new(
            Code::AlreadySettled,
            format!(
                "就诊ID {} 已出院结算(结算ID {})；退费或重新结算请先撤销(2305)，再按应收的明细结算",
                stay.mdtrt_id, round.setl_id
            ),
        )
        .into());
    }
    let unsettled: Vec<FeeLine> = all.into_iter().filter(|line| line.setl_id.is_empty()).collect();
    // Where parts took every line, the discharge settles nothing and closes the stay.
    if unsettled.is_empty() && !rounds.iter().any(|round| round.stands) {
        let text = format!("就诊ID {} 没有未结算的费用明细；请先以2301上传明细", stay.mdtrt_id);
        return Err(Refusal::new(Code::NotFound, text).into());
    }
    Ok(unsettled)
}
