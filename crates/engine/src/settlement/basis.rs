//! What is settled (结算对象), as the transaction says it.

use yibao_domain::money::Money;
use yibao_domain::settlement::CareKind;
use yibao_domain::time::Date;
use yibao_store::encounter::{Encounter, FeeLine};

/// What is settled, as the transaction says it.
pub(crate) struct Basis<'a> {
    pub encounter: &'a Encounter,
    /// The unsettled lines it takes.
    pub lines: Vec<FeeLine>,
    pub kind: CareKind,
    pub med_type: &'a str,
    pub insutype: &'a str,
    pub chrg_bchno: &'a str,
    pub invono: &'a str,
    pub mdtrt_cert_type: &'a str,
    pub acct_used_flag: &'a str,
    /// The bill as the sender states it.
    pub medfee_sumamt: Money,
    /// Last day of care: discharge, visit or purchase.
    pub end: Date,
    /// Of a stay, whether it goes on (中途结算); nothing for visits and purchases.
    pub stay_goes_on: Option<bool>,
}
