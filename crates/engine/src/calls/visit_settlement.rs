//! Outpatient settlement (门诊结算): 2206 trial, 2207 settlement of a charging batch.

use crate::call::{Call, Done, Stop};
use crate::calls::settling;
use crate::encounter::dates;
use crate::facts::care_kind;
use crate::outage::{self, settling::Settling};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::{encounter, settlement};
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::Fields;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting};

/// 2206 (门诊预结算): the same amounts, nothing recorded.
pub(crate) fn try_out(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    Ok(settling::tried(prepared(tx, call, policies, String::new())?.1))
}

/// 2207 (门诊结算).
pub(crate) fn settle(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let setl_id = settlement::new_id(tx, policies, call)?;
    let (visit, settling) = prepared(tx, call, policies, setl_id)?;
    settling::record(tx, call, policies, visit, settling)
}

fn prepared(tx: &mut dyn Tx, call: &Call, policies: &Policies, setl_id: String) -> Result<(Encounter, Settling), Stop> {
    let fields = call.input.node("data")?;
    let visit = encounter::of_message(tx, call, fields.demand("mdtrt_id")?, fields.text("psn_no"))?;
    encounter::must_be(&visit, Setting::Outpatient)?;
    let med_type = fields.demand("med_type")?;
    let day = visit.begntime.date();
    let kind = care_kind::kind_of(policies, med_type)?;
    must_be_the_visits_kind(policies, &visit, med_type)?;
    let batch = fields.text("chrg_bchno");
    let lines = lines_of_batch(tx, &visit, batch)?;
    dates::lines_must_lie_within(&dates::fee_times(&visit, call.now), &lines)?;
    let insutype = fields.get("insutype").unwrap_or(&visit.insutype);
    must_be_the_visits_scheme(&visit, insutype)?;
    let basis = Basis {
        encounter: &visit,
        lines,
        kind,
        med_type,
        insutype,
        chrg_bchno: batch,
        invono: fields.text("invono"),
        mdtrt_cert_type: certificate(fields, &visit),
        acct_used_flag: fields.text("acct_used_flag"),
        medfee_sumamt: fields.demand_money("medfee_sumamt")?,
        end: day,
        stay_goes_on: None,
    };
    let settling = outage::settling::prepared(tx, call, policies, basis, setl_id, None)?;
    Ok((visit, settling))
}

/// The credential presented now, else the one of the registration.
pub(crate) fn certificate<'a>(fields: &'a Fields, encounter: &'a Encounter) -> &'a str {
    fields.get("mdtrt_cert_type").unwrap_or(&encounter.mdtrt_cert_type)
}

/// A visit has one care type: 2203 says it, the settlement repeats it.
fn must_be_the_visits_kind(policies: &Policies, visit: &Encounter, med_type: &str) -> Result<(), Stop> {
    let kind = care_kind::kind_of(policies, med_type)?;
    let refuse = |text: String| Err(Refusal::new(Code::WrongState, text).into());
    if kind.is_stay() {
        return refuse(format!("医疗类别 med_type {med_type} 属于住院，不能用于门诊结算；住院请用2304"));
    }
    if !visit.med_type.is_empty() && care_kind::kind_of(policies, &visit.med_type)? != kind {
        return refuse(format!(
            "医疗类别 med_type {med_type} 与就诊信息(2203)的 {} 不同类；请更正，或以2203重传就诊信息",
            visit.med_type
        ));
    }
    Ok(())
}

/// The scheme of registration and of settlement is one.
pub(crate) fn must_be_the_visits_scheme(encounter: &Encounter, insutype: &str) -> Result<(), Stop> {
    if encounter.insutype == insutype {
        return Ok(());
    }
    Err(Refusal::new(
        Code::WrongState,
        format!(
            "险种 insutype {insutype} 与登记的险种 {} 不同；请按登记险种结算，或撤销后重新登记",
            encounter.insutype
        ),
    )
    .into())
}

fn lines_of_batch(tx: &mut dyn Tx, visit: &Encounter, batch: &str) -> Result<Vec<FeeLine>, Stop> {
    let all = tx.fee_lines(&visit.mdtrt_id)?;
    let of_batch = |line: &&FeeLine| line.chrg_bchno == batch || line.chrg_bchno.is_empty();
    let unsettled: Vec<FeeLine> = all.iter().filter(of_batch).filter(|line| line.setl_id.is_empty()).cloned().collect();
    if !unsettled.is_empty() {
        return Ok(unsettled);
    }
    Err(match all.iter().find(|line| line.chrg_bchno == batch) {
        Some(settled) => Refusal::new(
            Code::AlreadySettled,
            format!(
                "收费批次号 chrg_bchno {batch} 已结算(结算ID {})；退费或重新结算请先撤销(2208)，再按应收的明细结算",
                settled.setl_id
            ),
        ),
        None => Refusal::new(
            Code::NotFound,
            format!("就诊ID {} 没有收费批次号 chrg_bchno {batch} 的未结算明细；请先以2204上传明细", visit.mdtrt_id),
        ),
    }
    .into())
}
