//! The hold on a person's later benefits (暂停待遇): funds pay nothing for later care until it is released, as a debtor's until
//! the debt is paid (P-26).
//!
//! Looked at only where a plan of the pool has the switch on, or work that no plan governs holds benefits, so that ordinary calls
//! cost no statement more.

use crate::call::Stop;
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// Why care that began then is not paid, while a hold on the person stands.
pub(crate) fn standing(
    tx: &mut dyn Tx,
    policies: &Policies,
    psn_no: &str,
    begun: DateTime,
) -> Result<Option<Refusal>, Stop> {
    let plans = policies.plans();
    let by_plan = plans.iter().any(|plan| plan.pool == policies.pool.pool && plan.switches.hold_debtor_benefits);
    if !by_plan && !policies.work.holds_without_plan() {
        return Ok(None);
    }
    let holds = tx.holds(psn_no)?;
    let hold = holds.iter().find(|hold| hold.until.is_none() && hold.since <= begun);
    Ok(hold.map(|hold| {
        let text =
            format!("该人员的医保待遇已由台账 {} 暂停；请按自费收取，所欠缴清、事由了结后由经办机构解除", hold.number);
        Refusal::new(Code::NotEntitled, text)
    }))
}
