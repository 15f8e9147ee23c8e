//! Encounters (就诊): visits (2201-2203) and stays (2401-2405), and the checks that others share: `dates` holds fees to the
//! time of their care, `returns` what is taken back to what was charged.

pub(crate) mod dates;
pub(crate) mod diagnosis;
pub(crate) mod returns;

use crate::call::{Call, Stop};
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::{DateTime, moment_text};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState, Setting};

/// The encounter that a message names, if it is this provider's and this person's.
/// `psn_no` is not compared where the message has none.
pub(crate) fn of_message(tx: &mut dyn Tx, call: &Call, mdtrt_id: &str, psn_no: &str) -> Result<Encounter, Stop> {
    let Some(encounter) = tx.encounter(mdtrt_id)? else {
        return Err(Refusal::new(
            Code::NotFound,
            format!("就诊ID mdtrt_id {mdtrt_id} 不存在；请核对挂号(2201)或入院(2401)返回的就诊ID"),
        )
        .into());
    };
    let provider = call.provider()?;
    if encounter.fixmedins_code != provider.fixmedins_code {
        return Err(Refusal::new(
            Code::NotYours,
            format!("就诊ID {mdtrt_id} 不是机构 {} 的就诊；请核对就诊ID", provider.fixmedins_code),
        )
        .into());
    }
    if !psn_no.is_empty() && encounter.psn_no != psn_no {
        return Err(Refusal::new(
            Code::NotYours,
            format!("就诊ID {mdtrt_id} 不是人员编号 psn_no {psn_no} 的就诊；请核对两者是否对应"),
        )
        .into());
    }
    Ok(encounter)
}

/// The transaction that settles encounters of a setting.
pub(crate) fn settling_infno(setting: Setting) -> &'static str {
    match setting {
        Setting::Pharmacy => "2102",
        Setting::Outpatient => "2207",
        Setting::Inpatient => "2304",
    }
}

/// Refuses an encounter of the wrong setting or a cancelled one.
pub(crate) fn must_be(encounter: &Encounter, setting: Setting) -> Result<(), Stop> {
    if encounter.setting != setting {
        let (is, use_instead) = match encounter.setting {
            Setting::Outpatient => ("门诊就诊", "22xx"),
            Setting::Inpatient => ("住院就诊", "23xx、24xx"),
            Setting::Pharmacy => ("药店购药", "2102、2103"),
        };
        return Err(Refusal::new(
            Code::WrongState,
            format!("就诊ID {} 是{is}，请改用交易 {use_instead}", encounter.mdtrt_id),
        )
        .into());
    }
    if encounter.state == EncounterState::Cancelled {
        return Err(Refusal::new(
            Code::WrongState,
            format!("就诊ID {} 已撤销；请重新办理挂号或入院登记", encounter.mdtrt_id),
        )
        .into());
    }
    Ok(())
}

/// Refuses while a settlement of the encounter stands.
pub(crate) fn must_be_unsettled(tx: &mut dyn Tx, encounter: &Encounter, remedy: &str) -> Result<(), Stop> {
    if let Some(round) = tx.rounds(&encounter.mdtrt_id)?.into_iter().find(|round| round.stands) {
        return Err(Refusal::new(
            Code::AlreadySettled,
            format!("就诊ID {} 已结算(结算ID {})；请先以{remedy}撤销该结算", encounter.mdtrt_id, round.setl_id),
        )
        .into());
    }
    Ok(())
}

/// Refuses while unsettled fee lines stand in the way of a cancellation.
pub(crate) fn must_have_no_lines(tx: &mut dyn Tx, encounter: &Encounter, remedy: &str) -> Result<(), Stop> {
    let lines = tx.fee_lines(&encounter.mdtrt_id)?.len();
    if lines > 0 {
        return Err(Refusal::new(
            Code::WrongState,
            format!("就诊ID {} 尚有 {lines} 条费用明细；请先以{remedy}撤销明细", encounter.mdtrt_id),
        )
        .into());
    }
    Ok(())
}

/// A new encounter id: pool (6), date (8), 1, serial. The ninth figure tells encounters, settlements (2),
/// filings (3) and sign-ins (9) apart.
pub(crate) fn new_id(tx: &mut dyn Tx, policies: &Policies, call: &Call) -> Result<String, Stop> {
    let serial = tx.next_serial("encounter")?;
    Ok(format!("{}{}1{serial:08}", policies.pool.pool, call.now.strftime("%Y%m%d")))
}

/// An encounter at the provider that calls, with nothing but its key facts.
pub(crate) fn blank(
    call: &Call,
    mdtrt_id: &str,
    setting: Setting,
    psn_no: &str,
    insutype: &str,
) -> Result<Encounter, Refusal> {
    Ok(Encounter {
        mdtrt_id: mdtrt_id.to_owned(),
        psn_no: psn_no.to_owned(),
        fixmedins_code: call.provider()?.fixmedins_code.clone(),
        setting,
        state: EncounterState::Open,
        insutype: insutype.to_owned(),
        med_type: String::new(),
        begntime: call.now,
        endtime: None,
        ipt_otp_no: String::new(),
        mdtrt_cert_type: String::new(),
        dise_codg: String::new(),
        dise_name: String::new(),
        dscg_maindiag_code: String::new(),
        dscg_maindiag_name: String::new(),
        dscg_way: String::new(),
        matn_type: String::new(),
        birctrl_type: String::new(),
        geso_val: None,
        fetus_cnt: None,
        birctrl_matn_date: None,
        recorded_at: call.now,
        cancelled_at: None,
        details: "{}".to_owned(),
    })
}

/// Refuses care that lies ahead of the platform's clock by more than clocks differ: a day.
pub(crate) fn must_not_lie_ahead(call: &Call, field: &str, moment: DateTime) -> Result<(), Stop> {
    if moment.date() <= call.now.date().tomorrow().unwrap_or(call.now.date()) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Dates,
        format!("{field} {} 晚于平台当前时间 {}；请核对日期", moment_text(moment), moment_text(call.now)),
    )
    .into())
}
