//! 1201 (医药机构信息获取): designated providers by code, or by kind and part of the name.

use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use yibao_interface::{Output, Record};
use yibao_store::Tx;
use yibao_store::reference::Provider;

/// Providers one answer shows at most.
const SHOWN_MAX: usize = 200;

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

/// `fixmedins_type`: as recorded, else by the first letter of the code (H hospital, P pharmacy).
pub(crate) fn kind(provider: &Provider) -> &str {
    match provider.fixmedins_type.as_str() {
        "" if provider.fixmedins_code.starts_with('P') => "2",
        "" => "1",
        recorded => recorded,
    }
}
