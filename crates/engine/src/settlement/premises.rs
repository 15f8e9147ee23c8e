//! What a settlement that counts at another time than now is built on (计入前提): the person's settlements that count before
//! it, as they stood then (`yibao_domain::settlement::order`).
//!
//! Read once for a person; what a correction changes is laid over it, so that a whole correction is worked out before anything
//! is recorded. Invariant: totals, stays, standards and account all go by one and the same answer to what counts before.

use crate::call::Stop;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use yibao_domain::money::Money;
use yibao_domain::settlement::order::{Life, Of, Order, Place};
use yibao_domain::settlement::totals::RunningTotal;
use yibao_domain::time::{Date, DateTime};
use yibao_store::Tx;
use yibao_store::encounter::StaySettlement;
use yibao_store::person::RunningTotalRow;
use yibao_store::settlement::{PastSettlement, Settlement};

/// A person's settlements in the order of recording.
pub(crate) struct History {
    recorded: Vec<PastSettlement>,
    order: Order,
    by_id: HashMap<String, usize>,
    /// The same with what a correction has worked out so far; it moves none of them in the order.
    put_right: Vec<Arc<Settlement>>,
    /// What stands has added to the totals.
    standing_totals: Totals,
    /// What stands has taken from the account.
    taken: Money,
}

/// A place in the order, with what counts before it.
pub(crate) struct Premises {
    /// When the settlement counts.
    pub counts_at: DateTime,
    /// What the totals of that place have more, or less, than those that stand.
    pub totals: Vec<RunningTotalRow>,
    /// What the account may pay: what was on it then, as far as it is there now.
    pub account: Money,
    before: Vec<Arc<Settlement>>,
}

/// Totals by scheme, period and name.
type Totals = BTreeMap<(String, String, String), i64>;

impl History {
    /// Reads what can matter to care of this day: chains of stays may reach over New Year.
    pub fn load(tx: &mut dyn Tx, psn_no: &str, day: Date) -> Result<History, Stop> {
        let recorded = tx.settlements_of_person(psn_no, day.year() - 1)?;
        let standing = || recorded.iter().filter(|past| past.stands()).map(|past| &past.settlement);
        let taken = Money::sum(standing().map(|settlement| settlement.acct_pay));
        let mut standing_totals = Totals::new();
        standing().for_each(|settlement| add(&mut standing_totals, settlement));
        Ok(History {
            order: Order::new(recorded.iter().map(life).collect()),
            by_id: (0..).zip(&recorded).map(|(at, past)| (past.settlement.setl_id.clone(), at)).collect(),
            put_right: recorded.iter().map(|past| Arc::new(past.settlement.clone())).collect(),
            recorded,
            standing_totals,
            taken,
        })
    }

    /// What stands, with whether it counts at this place or later, in the order in which it counts.
    pub fn standing_since(&self, since: DateTime) -> Vec<Settlement> {
        let ordered = self.order.in_order().into_iter().map(|number| &self.recorded[number]);
        let since = ordered.filter(|past| past.stands() && past.settlement.counts_at >= since);
        since.map(|past| past.settlement.clone()).collect()
    }

    /// When the last of what stands of these encounters counts.
    pub fn latest_of(&self, encounters: &[String]) -> Option<DateTime> {
        let standing = self.recorded.iter().filter(|past| past.stands()).map(|past| &past.settlement);
        standing
            .filter(|settlement| encounters.contains(&settlement.mdtrt_id))
            .map(|settlement| settlement.counts_at)
            .max()
    }

    /// The standing settlement of this id.
    pub fn standing(&self, setl_id: &str) -> Option<&Settlement> {
        let found = self.by_id.get(setl_id).map(|at| &self.recorded[*at]);
        found.filter(|past| past.stands()).map(|past| &past.settlement)
    }

    /// Where it was recorded itself.
    pub fn recorded_as(&self, setl_id: &str) -> usize {
        let own = self.by_id.get(setl_id).copied();
        own.unwrap_or(self.recorded.len())
    }

    /// Lays over a standing settlement what it is in the order.
    pub fn put_right(&mut self, setl_id: &str, as_it_is: &Settlement) {
        if let Some(at) = self.by_id.get(setl_id) {
            let kept = &self.recorded[*at].settlement;
            self.put_right[*at] = Arc::new(Settlement {
                setl_id: kept.setl_id.clone(),
                restores: kept.restores.clone(),
                round: kept.round,
                setl_time: kept.setl_time,
                ..as_it_is.clone()
            });
        }
    }

    /// What counts before a place; the account, which has `balance` now, may pay at most `available`.
    pub fn before(&self, place: Place<'_>, balance: Money, available: Money) -> Premises {
        let counting = self.put_right.iter().zip(self.order.before(place)).filter(|(_, counts)| *counts);
        let before: Vec<Arc<Settlement>> = counting.map(|(settlement, _)| settlement.clone()).collect();
        let mut totals: Totals = self.standing_totals.iter().map(|(key, value)| (key.clone(), -value)).collect();
        before.iter().for_each(|settlement| add(&mut totals, settlement));
        let row = |((insutype, period, name), value)| RunningTotalRow { insutype, period, name, value };
        let totals = totals.into_iter().filter(|(_, value)| *value != 0).map(row).collect();
        let spent = Money::sum(before.iter().map(|settlement| settlement.acct_pay));
        // The account without what stands, then with what counts before.
        let account = balance.plus(self.taken).less(spent).min(available);
        Premises { counts_at: place.at, totals, account, before }
    }
}

impl Premises {
    /// What a stay's settlements that count before did to the deductible.
    pub fn of_stay(&self, mdtrt_id: &str) -> Vec<StaySettlement> {
        let of_stay = self.before.iter().filter(|settlement| settlement.mdtrt_id == mdtrt_id);
        of_stay.map(|settlement| stay_settlement(settlement)).collect()
    }

    /// By how much those of a year and scheme have moved a running total together.
    pub fn moved(&self, year: i16, insutype: &str, name: &str) -> i64 {
        let same = |settlement: &&Arc<Settlement>| settlement.year == year && settlement.insutype == insutype;
        let added = self.before.iter().filter(same).flat_map(|settlement| &settlement.accumulations);
        added.filter(|added| added.name == name).map(|added| added.delta).sum()
    }

    /// The highest deductible standard of a year, scheme and clearing type.
    pub fn highest_standard(&self, year: i16, insutype: &str, clr_type: &str) -> Option<Money> {
        let same = |settlement: &&Arc<Settlement>| {
            settlement.year == year && settlement.insutype == insutype && settlement.clr_type == clr_type
        };
        self.before.iter().filter(same).map(|settlement| settlement.dedc_std).max()
    }
}

/// Ids of the person's settlements of the same benefit year that stand and count after this one, in that order.
pub(crate) fn later_of_year(tx: &mut dyn Tx, than: &Settlement) -> Result<Vec<String>, Stop> {
    let mut of_year = tx.settlements_of_person(&than.psn_no, than.year)?;
    of_year.retain(|past| past.settlement.year == than.year);
    let order = Order::new(of_year.iter().map(life).collect());
    let place = Place { at: than.counts_at, of: Of::Settled(than.root()) };
    Ok(order.standing_after(place).into_iter().map(|life| life.setl_id.clone()).collect())
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

/// Adds what a settlement added to the totals.
fn add(totals: &mut Totals, settlement: &Settlement) {
    for added in &settlement.accumulations {
        let key = (settlement.insutype.clone(), added.period.clone(), added.name.clone());
        *totals.entry(key).or_default() += added.delta;
    }
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
