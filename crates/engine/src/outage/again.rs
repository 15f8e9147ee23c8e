//! A settlement made anew with the same lines (重新结算): its premises were put right, so its amounts may differ.
//!
//! The sender knows it by the id it was first given, so the new one stands under that id (`restores`), by the message that
//! made the first one. Working it out reads only; recording it is a cancellation and a settlement.

use crate::call::{Call, Origin, Stop};
use crate::encounter::settling_infno;
use crate::facts::care_kind;
use crate::outage::settling::Settling;
use crate::outage::{frozen, matching, settling};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::new_id;
use crate::settlement::premises::Premises;
use std::sync::Arc;
use yibao_domain::money::Money;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::DateTime;
use yibao_interface::Input;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting};
use yibao_store::settlement::Settlement;

/// A standing settlement with what it was made of.
#[derive(Clone)]
pub(crate) struct Standing {
    pub settlement: Settlement,
    encounter: Encounter,
    /// The lines that it took.
    lines: Vec<FeeLine>,
    /// The call it is redone by.
    call: Call,
}

impl Standing {
    /// Loads a standing settlement, to be redone by this person at this time.
    pub fn load(tx: &mut dyn Tx, setl_id: &str, by: &str, now: DateTime) -> Result<Standing, Stop> {
        let missing = || Refusal::new(Code::NotFound, format!("结算ID {setl_id} 不存在或已撤销"));
        let row = tx.settlement(setl_id)?.filter(|row| row.stands()).ok_or_else(missing)?;
        let encounter = tx.encounter(&row.settlement.mdtrt_id)?.ok_or_else(missing)?;
        let mut lines = tx.fee_lines(&encounter.mdtrt_id)?;
        lines.retain(|line| line.setl_id == setl_id);
        for line in &mut lines {
            line.setl_id.clear();
        }
        let provider = tx.provider(&row.settlement.fixmedins_code)?.ok_or_else(missing)?;
        let infno = settling_infno(encounter.setting);
        let call = Call {
            infno: infno.to_owned(),
            party: Party::platform(&provider.fixmedins_code),
            msgid: row.settlement.msgid.clone(),
            admdvs: provider.admdvs.clone(),
            provider: Some(Arc::new(provider)),
            insuplc_admdvs: String::new(),
            opter: row.settlement.opter.clone(),
            opter_name: by.to_owned(),
            input: Input::default(),
            now,
            file: None,
            voucher: None,
            origin: Origin::Correction { by: by.to_owned(), of: setl_id.to_owned() },
        };
        Ok(Standing { settlement: row.settlement, encounter, lines, call })
    }

    /// Cancels it; its lines are free again.
    pub fn cancel(&self, tx: &mut dyn Tx, policies: &Policies) -> Result<(), Stop> {
        let call = Call { msgid: format!("GZ{}", self.settlement.setl_id), ..self.call.clone() };
        matching::cancel(tx, &call, policies, &self.settlement).map(drop)
    }

    /// Whether a plan has frozen it: it stays as it is, whatever its place in the order would make of it.
    pub fn is_frozen(&self, tx: &mut dyn Tx, policies: &Policies) -> Result<bool, Stop> {
        Ok(frozen::why(tx, &self.call, policies, &self.settlement)?.is_some())
    }

    /// What the same lines come to at their place in the order; nothing is recorded.
    pub fn worked_out(&self, tx: &mut dyn Tx, policies: &Policies, premises: Premises) -> Result<Settling, Stop> {
        let (before, of) = (&self.settlement, &self.encounter);
        let basis = Basis {
            encounter: of,
            lines: self.lines.clone(),
            kind: care_kind::kind_of(policies, &before.med_type)?,
            med_type: &before.med_type,
            insutype: &before.insutype,
            chrg_bchno: &before.chrg_bchno,
            invono: &before.invono,
            mdtrt_cert_type: &before.mdtrt_cert_type,
            acct_used_flag: &before.acct_used_flag,
            medfee_sumamt: before.medfee_sumamt,
            end: before.enddate,
            stay_goes_on: (of.setting == Setting::Inpatient).then_some(before.mid_stay),
        };
        settling::prepared(tx, &self.call, policies, basis, String::new(), Some(premises))
    }

    /// Records what was worked out, once this one is cancelled; the account has so much before it.
    pub fn record(
        &self,
        tx: &mut dyn Tx,
        policies: &Policies,
        settling: &mut Settling,
        account: Money,
    ) -> Result<(), Stop> {
        let settlement = &mut settling.prepared.settlement;
        settlement.setl_id = new_id(tx, policies, &self.call)?;
        self.settlement.root().clone_into(&mut settlement.restores);
        settlement.round = 1 + tx.rounds(&self.encounter.mdtrt_id)?.last().map_or(0, |last| last.round);
        settlement.balc = account.minus(settlement.acct_pay);
        settling.record(tx, &self.call, policies, &self.encounter)
    }
}
