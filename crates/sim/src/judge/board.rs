//! The board (切换看板) and its closing sums, counted again entry by entry: by register, business and provider, and all together.

use crate::judge::Wrong;
use crate::world::World;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::{Bucket, Entry, State};
use yibao_engine::desks::registers::{Board, Sizes};
use yibao_store::Fault;
use yibao_store::register::EntryFilter;

/// What is counted: taken in, settled, reimbursed, refused, withdrawn, waiting, outside, awaiting order, and to be handed back.
type Counts = [u64; 9];
/// What is summed: charged, refunded, to be handed back.
type Amounts = [Money; 3];

#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Counted {
    counts: Counts,
    amounts: Amounts,
}

impl Counted {
    fn add(&mut self, entry: &Entry, charged: Money, has_costs: bool) {
        let place = match entry.state.bucket() {
            Bucket::Settled => 1,
            Bucket::Reimbursed => 2,
            Bucket::Refused => 3,
            Bucket::Withdrawn => 4,
            Bucket::Waiting => 5,
            Bucket::Outside => 6,
        };
        self.counts[place] += 1;
        self.counts[0] += u64::from(place != 6);
        self.counts[7] += u64::from(entry.awaits_order());
        if has_costs {
            self.counts[8] += u64::from(entry.awaits_hand_back());
            let to_hand_back = if entry.awaits_hand_back() { entry.refunded } else { Money::ZERO };
            for (sum, amount) in self.amounts.iter_mut().zip([charged, entry.refunded, to_hand_back]) {
                *sum = sum.plus(amount);
            }
        }
    }

    fn of(shown: &Sizes) -> Counted {
        let sum = &shown.sum;
        Counted {
            counts: [
                sum.taken_in,
                sum.settled,
                sum.reimbursed,
                sum.refused,
                sum.withdrawn,
                sum.waiting,
                sum.outside,
                sum.awaiting_order,
                shown.to_hand_back,
            ],
            amounts: [shown.charged, shown.refunded, shown.to_hand_back_sum],
        }
    }
}

/// Judges the board of each plan: it shows what is in the registers, and its sum closes.
pub(super) fn judge(world: &World<'_>, plans: &[Plan], wrong: &mut Vec<Wrong>) -> Result<(), Fault> {
    for plan in plans {
        let board = world.office.board(&World::agency(), &plan.id);
        let board = board.map_err(|why| Fault::new("looking at the board", &plan.id, why.to_string()))?;
        // Where an order cannot be put right, the sum says so.
        let closes = board.total.sum.adds_up() && (board.total.sum.closes() == world.unordered.is_empty());
        if !closes {
            wrong.push(Wrong::of_book(1, format!("the sum of {} does not close: {:?}", plan.id, board.total.sum)));
        }
        let counted = counted(world, plan)?;
        for (name, shown) in shown(&board) {
            let must = counted.get(&name).cloned().unwrap_or_default();
            if shown != must {
                let what = format!("the board of {} shows {shown:?} for {name} and must show {must:?}", plan.id);
                wrong.push(Wrong::of_book(1, what));
            }
        }
    }
    Ok(())
}

/// What the board shows, by the names of its lines.
fn shown(board: &Board) -> BTreeMap<String, Counted> {
    let registers = board.registers.iter().map(|(kind, sizes)| (of_register(*kind), sizes));
    let businesses = board.businesses.iter().map(|line| (of_business(line.business.as_str()), &line.sizes));
    let providers = board.providers.iter().map(|line| (of_provider(&line.fixmedins_code), &line.sizes));
    let lines = registers.chain(businesses).chain(providers).chain([("all".to_owned(), &board.total)]);
    lines.map(|(name, sizes)| (name, Counted::of(sizes))).collect()
}

fn of_register(kind: RegisterKind) -> String {
    format!("register {}", kind.word())
}

fn of_business(name: &str) -> String {
    format!("business {name}")
}

fn of_provider(code: &str) -> String {
    format!("provider {code}")
}

/// The same from the entries.
fn counted(world: &World<'_>, plan: &Plan) -> Result<BTreeMap<String, Counted>, Fault> {
    let filter = EntryFilter { plan: Some(plan.id.clone()), ..EntryFilter::default() };
    let entries = world.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))?;
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    for entry in entries {
        // Who has stated the lines alone is not settled yet.
        let charged = if entry.charged == Money::ZERO && entry.state != State::Settled {
            let lines = world.office.look(|tx| tx.entry_lines(&entry.number))?;
            Money::sum(lines.iter().map(|line| line.det_item_fee_sumamt))
        } else {
            entry.charged
        };
        let counts = !matches!(entry.state.bucket(), Bucket::Outside | Bucket::Withdrawn);
        // What is owed was charged by the care's own entry.
        let is_debt = entry.kind == RegisterKind::NotEntitled;
        let has_costs = counts && !is_debt;
        let mut add = |name: String| counted.entry(name).or_default().add(&entry, charged, has_costs);
        add("all".to_owned());
        add(of_register(entry.kind));
        if !is_debt {
            add(of_business(entry.business.as_str()));
        }
        if entry.kind != RegisterKind::Publicity {
            add(of_provider(&entry.fixmedins_code));
        }
        if is_debt && counts {
            let owed = &mut counted.entry(of_register(entry.kind)).or_default().amounts[0];
            *owed = owed.plus(charged);
        }
    }
    Ok(counted)
}
