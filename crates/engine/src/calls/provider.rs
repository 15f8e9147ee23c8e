//! 1201 (医药机构信息获取): designated providers by code, or by kind and part of the name. 5102 (医执人员信息查询): who
//! practises at the provider that asks.

use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::practitioner::{Practitioner, PractitionerFilter};
use yibao_store::reference::Provider;

/// Providers one answer shows at most.
const SHOWN_MAX: usize = 200;
/// Practitioners one answer shows at most; a large hospital has some thousands.
const PRACTITIONERS_MAX: usize = 5_000;

/// 1201: the providers that the question names.
pub(crate) fn find(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("medinsinfo")?;
    let code = fields.text("fixmedins_code");
    let found = if code.is_empty() {
        tx.providers(fields.text("fixmedins_type"), fields.text("fixmedins_name"), SHOWN_MAX)?
    } else {
        tx.provider(code)?.into_iter().collect()
    };
    let cut = found.len() == SHOWN_MAX;
    let done = Done::with(Output::new().list("medinsinfo", found.iter().map(record)));
    Ok(if cut {
        done.remark(format!("结果超过 {SHOWN_MAX} 家，仅返回前 {SHOWN_MAX} 家；请缩小查询范围"))
    } else {
        done
    })
}

fn record(provider: &Provider) -> Record {
    Record::new()
        .text("fixmedins_code", &provider.fixmedins_code)
        .text("fixmedins_name", &provider.fixmedins_name)
        .text("uscc", &provider.uscc)
        .text("fixmedins_type", kind(provider))
        .text("hosp_lv", &provider.hosp_lv)
        .null("exp_content")
}

/// 5102: the provider's own practitioners of a kind.
pub(crate) fn practitioners(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let said = |name: &str| fields.get(name).map(str::to_owned);
    let filter = PractitionerFilter {
        fixmedins_code: call.provider()?.fixmedins_code.clone(),
        prac_psn_type: Some(fields.demand("prac_psn_type")?.to_owned()),
        prac_psn_code: said("prac_psn_code"),
        prac_psn_name: said("prac_psn_name"),
        certno: said("certno"),
    };
    let (rows, total) = tx.practitioners(&filter, PRACTITIONERS_MAX)?;
    let is_cut = total > u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let done = Done::with(Output::new().list("feedetail", rows.iter().map(practitioner)));
    Ok(if is_cut {
        done.remark(format!("共 {total} 人，仅返回前 {PRACTITIONERS_MAX} 人；请按代码、姓名或证件号码查询"))
    } else {
        done
    })
}

fn practitioner(row: &Practitioner) -> Record {
    Record::new()
        .text("psn_cert_type", &row.psn_cert_type)
        .text("certno", &row.certno)
        .text("prac_psn_no", &row.prac_psn_no)
        .text("prac_psn_code", &row.prac_psn_code)
        .text("prac_psn_name", &row.prac_psn_name)
        .text("prac_psn_type", &row.prac_psn_type)
        .text("prac_psn_cert", &row.prac_psn_cert)
        .text("prac_cert_no", &row.prac_cert_no)
        .text("hi_dr_flag", &row.hi_dr_flag)
        .moment("begntime", Some(row.begndate.at(0, 0, 0, 0)))
        .moment("endtime", row.enddate.map(|day| day.at(23, 59, 59, 0)))
        .text("chg_rea", &row.chg_rea)
}

/// `fixmedins_type`: as recorded, else by the first letter of the code (H hospital, P pharmacy).
pub(crate) fn kind(provider: &Provider) -> &str {
    match provider.fixmedins_type.as_str() {
        "" if provider.fixmedins_code.starts_with('P') => "2",
        "" => "1",
        recorded => recorded,
    }
}
