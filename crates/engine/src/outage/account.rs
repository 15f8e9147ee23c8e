//! The personal account while a plan stops its use (个人账户停用): what is settled then is paid without it, and whoever settles is told so.
//! A till that sends the flag by habit is not refused: nobody is kept from care because an account rests.

use crate::call::Call;
use crate::facts::question::{self, Asked};
use crate::policies::Policies;
use crate::settlement::basis::Basis;
use yibao_domain::outage::{self, Business};
use yibao_store::person::PersonFacts;

/// The flag of a settlement that uses the account, and of one that does not.
const USED: &str = "1";
const NOT_USED: &str = "0";

/// Takes the account out of a settlement while its use is stopped, and says why.
pub(crate) fn set_aside(call: &Call, policies: &Policies, person: &PersonFacts, basis: &mut Basis) -> Option<String> {
    // What is made anew was decided when it was made first.
    if basis.acct_used_flag != USED || call.origin.redone().is_some() {
        return None;
    }
    let account = Business::named("account.use");
    let asked = Asked { insutype: basis.insutype, person: Some(person), day: basis.encounter.begntime.date() };
    let question = question::about(policies, call.provider.as_deref(), &call.insuplc_admdvs, &asked, account);
    let closed = outage::account_stopped(&policies.plans(), &question, call.now)?;
    basis.acct_used_flag = NOT_USED;
    Some(closed.without_account())
}
