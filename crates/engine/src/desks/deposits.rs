//! What providers have deposited (资料上传), counted by provider, kind and day.

use crate::desks::registers::{Actor, NotDone};
use crate::platform::Platform;
use crate::platform::queue::Lane;
use crate::policies::Policies;
use yibao_domain::code::Pool;
use yibao_domain::time::Date;
use yibao_store::Mode;
use yibao_store::Tx;
pub use yibao_store::deposit::DepositCount;

impl Platform {
    /// What was deposited in a pool between two days: a provider's own, or that of all; the latest day first. Nothing where the
    /// pool is not served here.
    pub fn deposit_counts(
        &self,
        pool: &Pool,
        by: &Actor,
        since: Date,
        until: Date,
    ) -> Option<Result<Vec<DepositCount>, NotDone>> {
        let own = by.role.keeps_to_its_own().then(|| by.fixmedins_code.clone());
        let count = move |tx: &mut dyn Tx, _: &Policies| Ok(tx.deposit_counts(own.as_deref(), since, until)?);
        Some(self.counter(pool)?.ask(Mode::Read, by.party(), Lane::Today, count).wait())
    }
}
