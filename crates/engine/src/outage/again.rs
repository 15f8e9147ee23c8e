//! A settlement made anew with the same lines (重新结算): its premises were put right, so its amounts may differ.
//!
//! The sender knows it by the id it was first given, so the new one stands under that id (`restores`), by the message that
//! made the first one.

use crate::call::{Call, Origin, Stop};
use crate::encounter::settling_infno;
use crate::facts::care_kind;
use crate::outage::{matching, settling};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use crate::settlement::new_id;
use std::sync::Arc;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::DateTime;
use yibao_interface::Input;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, FeeLine, Setting};
use yibao_store::settlement::Settlement;

/// A standing settlement with what it was made of.
pub(crate) struct Standing {
    pub settlement: Settlement,
    pub encounter: Encounter,
    /// The lines that it took.
    pub lines: Vec<FeeLine>,
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
            msgid: row.settlement.msgid.clone(),
            provider: Arc::new(provider),
            insuplc_admdvs: String::new(),
            opter: row.settlement.opter.clone(),
            opter_name: by.to_owned(),
            input: Input::default(),
            now,
            origin: Origin::Correction { by: by.to_owned() },
        };
        Ok(Standing { settlement: row.settlement, encounter, lines, call })
    }

    /// When it counts among the person's settlements: visit or purchase, of a stay its last day.
    pub fn counts_at(&self) -> DateTime {
        match self.encounter.setting {
            Setting::Inpatient => self.encounter.endtime.unwrap_or_else(|| self.settlement.enddate.at(0, 0, 0, 0)),
            Setting::Outpatient | Setting::Pharmacy => self.encounter.begntime,
        }
    }

    /// Cancels it; its lines are free again.
    pub fn cancel(&self, tx: &mut dyn Tx, policies: &Policies) -> Result<(), Stop> {
        let call = Call { msgid: format!("GZ{}", self.settlement.setl_id), ..self.call.clone() };
        matching::cancel(tx, &call, policies, &self.settlement).map(drop)
    }

    /// Settles the same lines again, as of the time at which it counts.
    pub fn settle(&self, tx: &mut dyn Tx, policies: &Policies) -> Result<Settlement, Stop> {
        let (before, of, call) = (&self.settlement, &self.encounter, &self.call);
        let basis = Basis {
            encounter: of,
            lines: self.lines.clone(),
            kind: care_kind::kind_of(policies, &before.med_type)?,
            med_type: &before.med_type,
            insutype: &before.insutype,
            chrg_bchno: &before.chrg_bchno,
            invono: &before.invono,
            mdtrt_cert_type: &before.mdtrt_cert_type,
            acct_used_flag: if before.acct_pay.as_fen() > 0 { "1" } else { "0" },
            medfee_sumamt: before.medfee_sumamt,
            end: before.enddate,
            stay_goes_on: (of.setting == Setting::Inpatient).then_some(before.mid_stay),
        };
        let setl_id = new_id(tx, policies, call)?;
        let mut settling = settling::prepared(tx, call, policies, basis, setl_id, Some(self.counts_at()))?;
        settling.prepared.settlement.restores = before.root().to_owned();
        settling.prepared.settlement.round = 1 + tx.rounds(&of.mdtrt_id)?.last().map_or(0, |last| last.round);
        settling.record(tx, call, policies, of)?;
        Ok(settling.prepared.settlement)
    }
}
