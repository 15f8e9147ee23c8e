//! What providers have deposited (资料上传): counted by provider, kind and day, and listed.

use crate::desks::registers::{Actor, NotDone};
use crate::platform::Platform;
use crate::platform::queue::Lane;
use crate::policies::Policies;
use yibao_domain::code::Pool;
use yibao_domain::time::Date;
use yibao_store::Mode;
use yibao_store::Tx;
pub use yibao_store::deposit::{Deposit, DepositCount, DepositFilter};

impl Platform {
    /// Documents of a selection, those that came last first, and how many they are on all pages: a provider's own, or those of
    /// all. Nothing where the pool is not served here.
    pub fn deposits(
        &self,
        pool: &Pool,
        by: &Actor,
        filter: DepositFilter,
        skip: usize,
        rows: usize,
    ) -> Option<Result<(Vec<Deposit>, u64), NotDone>> {
        let filter = match by.role.keeps_to_its_own() {
            true => DepositFilter { fixmedins_code: Some(by.fixmedins_code.clone()), ..filter },
            false => filter,
        };
        let list = move |tx: &mut dyn Tx, _: &Policies| Ok(tx.deposits(&filter, skip, rows)?);
        Some(self.counter(pool)?.ask(Mode::Read, by.party(), Lane::Today, list).wait())
    }

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
