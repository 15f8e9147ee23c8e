//! Settlements that a plan has frozen at the switch (结算冻结): nobody cancels them across systems, the platform included.

use crate::call::{Call, Stop};
use crate::facts::question::{self, Asked};
use crate::facts::{care_kind, person};
use crate::policies::Policies;
use yibao_domain::outage::Plan;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::moment_name;
use yibao_store::Tx;
use yibao_store::settlement::Settlement;

/// Refuses to cancel what a plan has frozen.
pub(crate) fn refuse(tx: &mut dyn Tx, call: &Call, policies: &Policies, standing: &Settlement) -> Result<(), Stop> {
    match why(tx, call, policies, standing)? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Why a settlement stays as it is; nothing where no plan has frozen it.
pub(crate) fn why(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    standing: &Settlement,
) -> Result<Option<Refusal>, Stop> {
    let plans = policies.plans();
    let freezes = |plan: &&Plan| plan.freezes.iter().any(|one| standing.setl_time < one.at && one.at <= call.now);
    if !plans.iter().any(|plan| freezes(&plan)) {
        return Ok(None);
    }
    let Some(of) = tx.encounter(&standing.mdtrt_id)? else { return Ok(None) };
    let facts = person::facts(tx, &standing.psn_no, &[])?;
    let asked = Asked { insutype: &standing.insutype, person: Some(&facts), day: standing.begndate };
    let business = care_kind::settlement_business(of.setting, care_kind::kind_of(policies, &standing.med_type)?);
    let question = question::about(policies, call.provider.as_deref(), "", &asked, business);
    let frozen = plans.iter().find_map(|plan| plan.frozen(&question, standing.setl_time, call.now));
    let Some(freeze) = frozen else { return Ok(None) };
    let text = format!(
        "结算ID {}于{}结算，{}切换后不再撤销",
        standing.root(),
        moment_name(standing.setl_time),
        moment_name(freeze.at)
    );
    Ok(Some(Refusal::new(Code::Closed, text).advise(&freeze.advice)))
}
