//! The one way of every call: resent? → gate → handler → journal. The worker owns the transaction.

use crate::call::{Answer, Call, Stop};
use crate::desk::Desk;
use crate::offered::{self, Leaves};
use crate::{gate, journal};
use yibao_domain::refusal::{Code, Refusal};
use yibao_store::Tx;

/// Answers one call inside the worker's open transaction.
pub(crate) fn run(tx: &mut dyn Tx, call: &Call, desk: &Desk) -> Result<Answer, Stop> {
    let Some(offered) = offered::find(&call.infno) else { return Err(not_offered(call, desk).into()) };
    if offered.leaves == Leaves::Records
        && let Some(answer) = journal::answered_before(tx, call)?
    {
        return Ok(answer);
    }
    let mut remarks = gate::pass(tx, call, desk)?;
    let done = (offered.handler)(tx, call, desk)?;
    remarks.extend(done.remarks.iter().cloned());
    let answer = Answer { output: done.output.to_json(), remarks };
    if offered.leaves == Leaves::Records {
        journal::record(tx, call, &done, &answer)?;
    }
    Ok(answer)
}

fn not_offered(call: &Call, desk: &Desk) -> Refusal {
    let name = desk.tables.transaction(&call.infno).map_or("", |transaction| transaction.name.as_str());
    Refusal::new(
        Code::NotOffered,
        format!("本平台暂未开通交易 {}（{name}）；已开通的交易见接口文档 /docs/interface", call.infno),
    )
}
