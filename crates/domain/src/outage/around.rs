//! What a plan says beside its closings: a service that is slow after the reopening, settlements that stay as they are,
//! insurance that counts as unbroken, and counts that have to be zero at an instant. What comes of it is in `arranged`.

use super::{Due, Pattern, Scope};
use crate::time::{Date, Moment};

/// A service that is open and slow (恢复初期): advice is given while it lasts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Degraded {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses that are slow.
    pub businesses: Vec<Pattern>,
    /// For whom and where.
    pub scope: Scope,
    /// From when on; `None`: from the reopening.
    pub from: Option<Moment>,
    /// The first moment at which it is as usual.
    pub until: Moment,
    /// What people are told meanwhile.
    pub advice: String,
}

/// Settlements made before the switch are not cancelled after it (结算冻结): the two systems know nothing of each other's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Freeze {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The settlements.
    pub businesses: Vec<Pattern>,
    /// For whom and where.
    pub scope: Scope,
    /// The switch: what was settled before is frozen from then on.
    pub at: Moment,
    /// What to do instead of cancelling.
    pub advice: String,
}

/// A break of insurance that comes from the outage is none (待遇连续): who could not pay or be transferred and is insured
/// again in time is insured throughout, and waits for nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Continuity {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// Whose: schemes and populations.
    pub scope: Scope,
    /// First and last day on which the break begins, which is the first day without insurance.
    pub breaks: (Date, Date),
    /// Insured again before then.
    pub due: Due,
    /// What people are told.
    pub advice: String,
}

/// What is counted at an instant, from the platform's own books.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Counted {
    /// 在院: admitted and not discharged.
    InHospital,
    /// 已出院未结算: discharged and not settled.
    Discharged,
    /// 门诊未结算: a visit registered and not settled.
    Visits,
}

impl Counted {
    /// All of them.
    pub const ALL: &'static [Counted] = &[Counted::InHospital, Counted::Discharged, Counted::Visits];

    /// The word in a plan.
    pub fn word(self) -> &'static str {
        match self {
            Counted::InHospital => "in_hospital",
            Counted::Discharged => "discharged_unsettled",
            Counted::Visits => "visits_unsettled",
        }
    }

    /// The count with this word.
    pub fn of_word(word: &str) -> Option<Counted> {
        Counted::ALL.iter().copied().find(|known| known.word() == word)
    }

    /// In Chinese.
    pub fn name(self) -> &'static str {
        match self {
            Counted::InHospital => "在院未出院",
            Counted::Discharged => "已出院未结算",
            Counted::Visits => "门诊已登记未结算",
        }
    }
}

/// Something that has to be zero at an instant (时点清零): nothing in flight at 17:30.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invariant {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// At this instant.
    pub at: Moment,
    /// What is counted.
    pub counts: Vec<Counted>,
    /// At which providers: by code or county.
    pub scope: Scope,
    /// What is to be done to reach it.
    pub advice: String,
}
