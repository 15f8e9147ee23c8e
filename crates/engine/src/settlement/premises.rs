//! What a settlement that counts at another time than now is built on (计入前提): the person's settlements that count before
//! it, as they stood then (`yibao_domain::settlement::order`).
//!
//! Read once for a person; what a correction changes is laid over it, so that a whole correction is worked out before anything
//! is recorded. Invariant: totals, stays, standards and account all go by one and the same answer to what counts before.

use crate::call::Stop;
use yibao_domain::money::Money;
use yibao_domain::settlement::order::{self, Life, Place};
use yibao_domain::settlement::totals::RunningTotal;
use yibao_domain::time::{Date, DateTime};
use yibao_store::Tx;
use yibao_store::encounter::StaySettlement;
use yibao_store::person::RunningTotalRow;
use yibao_store::settlement::{PastSettlement, Settlement};

/// A person's settlements in the order of recording.
pub(crate) struct History {
    recorded: Vec<PastSettlement>,
    /// The same with what a correction has worked out so far.
    put_right: Vec<PastSettlement>,
}

/// A place in the order, with what counts before it.
pub(crate) struct Premises {
    /// When the settlement counts.
    pub counts_at: DateTime,
    /// What the totals of that place have more, or less, than those that stand.
    pub totals: Vec<RunningTotalRow>,
    /// What the account may pay: what was on it then, as far as it is there now.
    pub account: Money,
    before: Vec<Settlement>,
}

impl History {
    /// Reads what can matter to care of this day: chains of stays may reach over New Year.
    pub fn load(tx: &mut dyn Tx, psn_no: &str, day: Date) -> Result<History, Stop> {
        let recorded = tx.settlements_of_person(psn_no, day.year() - 1)?;
        Ok(History { put_right: recorded.clone(), recorded })
    }

    /// What stands, with whether it counts at this place or later, in the order in which it counts.
    pub fn standing_since(&self, since: DateTime) -> Vec<Settlement> {
        let standing = self.recorded.iter().filter(|past| past.stands() && past.settlement.counts_at >= since);
        let mut found: Vec<(usize, &Settlement)> =
            standing.map(|past| (self.rank(&past.settlement), &past.settlement)).collect();
        found.sort_by_key(|(rank, settlement)| (settlement.counts_at, *rank, settlement.round));
        found.into_iter().map(|(_, settlement)| settlement.clone()).collect()
    }

    /// The standing settlement of this id.
    pub fn standing(&self, setl_id: &str) -> Option<&Settlement> {
        let found = self.recorded.iter().find(|past| past.settlement.setl_id == setl_id);
        found.filter(|past| past.stands()).map(|past| &past.settlement)
    }

    /// Where a settlement's first amounts were recorded.
    fn rank(&self, of: &Settlement) -> usize {
        let first = self.recorded.iter().position(|past| past.settlement.root() == of.root());
        first.unwrap_or(self.recorded.len())
    }

    /// Where it was recorded itself.
    pub fn recorded_as(&self, setl_id: &str) -> usize {
        let own = self.recorded.iter().position(|past| past.settlement.setl_id == setl_id);
        own.unwrap_or(self.recorded.len())
    }

    /// Lays over a standing settlement what it is in the order.
    pub fn put_right(&mut self, setl_id: &str, as_it_is: &Settlement) {
        if let Some(past) = self.put_right.iter_mut().find(|past| past.settlement.setl_id == setl_id) {
            let kept = past.settlement.clone();
            past.settlement = Settlement {
                setl_id: kept.setl_id,
                restores: kept.restores,
                round: kept.round,
                setl_time: kept.setl_time,
                ..as_it_is.clone()
            };
        }
    }

    /// What counts before a place; the account, which has `balance` now, may pay at most `available`.
    pub fn before(&self, place: Place<'_>, balance: Money, available: Money) -> Premises {
        let lives: Vec<Life> = self.put_right.iter().map(life).collect();
        let counting = order::count_before(&lives, place);
        let before: Vec<Settlement> = self
            .put_right
            .iter()
            .zip(counting)
            .filter(|(_, counts)| *counts)
            .map(|(past, _)| past.settlement.clone())
            .collect();
        let standing = self.recorded.iter().filter(|past| past.stands()).map(|past| &past.settlement);
        let less = standing.flat_map(|settlement| rows(settlement, -1));
        let totals = less.chain(before.iter().flat_map(|settlement| rows(settlement, 1))).collect();
        let spent = Money::sum(before.iter().map(|settlement| settlement.acct_pay));
        // The account without what stands, then with what counts before.
        let taken = Money::sum(self.recorded.iter().filter(|past| past.stands()).map(|past| past.settlement.acct_pay));
        let account = balance.plus(taken).less(spent).min(available);
        Premises { counts_at: place.at, totals, account, before }
    }
}

impl Premises {
    /// What a stay's settlements that count before did to the deductible.
    pub fn of_stay(&self, mdtrt_id: &str) -> Vec<StaySettlement> {
        self.before.iter().filter(|settlement| settlement.mdtrt_id == mdtrt_id).map(stay_settlement).collect()
    }

    /// The highest deductible standard of a year, scheme and clearing type.
    pub fn highest_standard(&self, year: i16, insutype: &str, clr_type: &str) -> Option<Money> {
        let same = |settlement: &&Settlement| {
            settlement.year == year && settlement.insutype == insutype && settlement.clr_type == clr_type
        };
        self.before.iter().filter(same).map(|settlement| settlement.dedc_std).max()
    }
}

fn life(past: &PastSettlement) -> Life {
    let settlement = &past.settlement;
    Life {
        setl_id: settlement.setl_id.clone(),
        root: settlement.root().to_owned(),
        encounter: settlement.mdtrt_id.clone(),
        batch: settlement.chrg_bchno.clone(),
        provider: settlement.fixmedins_code.clone(),
        counts_at: settlement.counts_at,
        recorded_at: settlement.setl_time,
        cancelled_at: past.cancelled_at,
    }
}

/// What a settlement added to the totals, times `sign`.
fn rows(settlement: &Settlement, sign: i64) -> impl Iterator<Item = RunningTotalRow> + '_ {
    settlement.accumulations.iter().map(move |added| RunningTotalRow {
        insutype: settlement.insutype.clone(),
        period: added.period.clone(),
        name: added.name.clone(),
        value: sign * added.delta,
    })
}

fn stay_settlement(settlement: &Settlement) -> StaySettlement {
    let stays = RunningTotal::InpatientStays.name();
    StaySettlement {
        setl_id: settlement.setl_id.clone(),
        insutype: settlement.insutype.clone(),
        dedc_std: settlement.dedc_std,
        crt_dedc: settlement.crt_dedc,
        act_pay_dedc: settlement.act_pay_dedc,
        year: settlement.year,
        mid_stay: settlement.mid_stay,
        stay_number: settlement.stay_number,
        counted: settlement.accumulations.iter().any(|added| added.name == stays && added.delta > 0),
    }
}
