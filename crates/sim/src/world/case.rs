//! What an event and an application came to, as those know it who were there; and what a course leaves out.

use super::Heard;
use crate::life::{Application, Applied};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind, Stood};
use yibao_domain::register::Stated;

/// How an event met the outage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Met {
    /// It waited, and is made good at the provider.
    Waited {
        /// The clauses of the rule.
        clauses: Vec<String>,
    },
    /// It is claimed at the agency.
    ToClaim {
        /// The clauses of the rule.
        clauses: Vec<String>,
    },
    /// Cash, and the notice gives no way back.
    NoRoute {
        /// The clauses of the rule.
        clauses: Vec<String>,
    },
    /// It was to be made good, and nobody came before the deadline.
    TooLate {
        /// The clauses of the rule.
        clauses: Vec<String>,
    },
    /// It was found not to be insured, and is the person's to pay.
    SelfPays {
        /// The clauses of the duty; none where the outage plays no part.
        clauses: Vec<String>,
        /// It was insured by all that was known when it was to be settled.
        put_off: bool,
    },
}

/// What a client was told of a settlement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// 结算ID.
    pub setl_id: String,
    /// By which transaction, or `register`.
    pub by: String,
    /// When its client asked for it first; a reply may be lost on the way.
    pub sent: DateTime,
    /// When its client heard of it.
    pub at: DateTime,
    /// What the funds pay, in fen; `None` where the client was not told.
    pub funds: Option<i64>,
    /// Whether it was cancelled later.
    pub cancelled: bool,
    /// The whole reply; nothing where a desk entered it.
    pub reply: Heard,
    /// The whole reply of its cancellation, with when it came.
    pub undone: Option<(DateTime, Heard)>,
    /// Since when a closing has kept a stay, that was over, from it; there it counts (decision 7).
    pub waited_since: Option<DateTime>,
}

/// A message that was taken, around an outage.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Taken {
    /// The transaction.
    pub infno: &'static str,
    /// When it was sent first.
    pub sent: DateTime,
    /// When its answer was heard.
    pub heard: DateTime,
}

/// What an event came to, as far as its clients know.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Case {
    /// 就诊ID; empty where the platform does not know the care.
    pub mdtrt_id: String,
    /// All settlements, in their order.
    pub settled: Vec<Settled>,
    /// 台账号; empty where nothing was written down.
    pub entry: String,
    /// The register.
    pub kind: Option<RegisterKind>,
    /// Lines that were uploaded, in their order.
    pub uploaded: usize,
    /// Lines that a settlement in mid-stay took, or the first of two bills.
    pub parted: usize,
    /// The platform knows the discharge.
    pub discharged: bool,
    /// How it met the outage.
    pub met: Option<Met>,
    /// The settlement in mid-stay was not made, because of the outage.
    pub without_part: bool,
    /// It was not cancelled, because of the outage.
    pub without_cancellation: bool,
    /// Why it is not finished.
    pub stuck: String,
    /// What the agency has paid of it by hand.
    pub reimbursed: Option<Money>,
    /// When its money was handed back first.
    pub handed: Option<DateTime>,
    /// When the agency agreed that it is made good after its deadline.
    pub agreed: Option<DateTime>,
    /// When it was refused because of an outage, and how.
    pub closed: Vec<(DateTime, String)>,
    /// When a cancellation of it was reversed.
    pub put_back: Vec<DateTime>,
    /// How its lines were split when they were sent, by serial.
    pub split: BTreeMap<String, Heard>,
    /// What was taken of its messages while an outage was near.
    pub taken: Vec<Taken>,
    /// When it was refused because the care is not insured, and how.
    pub not_entitled: Vec<(DateTime, String)>,
    /// When nobody knew the person, and how that was told.
    pub unknown: Vec<(DateTime, String)>,
    /// What of its entry is to be corrected.
    pub(crate) mend: Stated,
    /// The number of a second entry of it, which is to be withdrawn.
    pub(crate) double: String,
    pub(super) tries: u32,
}

impl Case {
    /// All settlements that ended it.
    pub fn ends(&self) -> &[Settled] {
        self.settled.get(usize::from(self.parted > 0)..).unwrap_or_default()
    }

    /// The same, as long as they stood.
    pub fn stood(&self) -> Vec<Stood> {
        let undone = |one: &Settled| one.undone.as_ref().map(|(at, _)| *at);
        self.ends().iter().map(|one| Stood { recorded: one.at, cancelled: undone(one) }).collect()
    }

    /// The settlement that stands after a cancellation.
    pub(super) fn anew(&self) -> Option<&Settled> {
        let anew = self.settled.last().filter(|last| !last.cancelled);
        anew.filter(|_| self.settled.iter().any(|one| one.cancelled))
    }

    /// Whether a settlement that ends it stands.
    pub fn is_settled(&self) -> bool {
        self.settled.last().is_some_and(|last| !last.cancelled) && self.settled.len() > usize::from(self.parted > 0)
    }
}

/// What became of an application, as far as those who asked know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filed {
    /// The application.
    pub application: Application,
    /// When it was refused because of an outage, and how.
    pub closed: Vec<(DateTime, String)>,
    /// The clauses by which papers were taken in.
    pub clauses: Vec<String>,
    /// 台账号 of the papers; empty where none were handed in.
    pub papers: String,
    /// When they were handed in.
    pub handed_in: Option<DateTime>,
    /// The day from which it holds, as the desk says.
    pub effective: Option<Date>,
    /// 待遇申报明细流水号, and when it was given.
    pub filed: Option<(String, DateTime)>,
}

impl Filed {
    pub(super) fn new(application: Application) -> Filed {
        let (closed, clauses, papers) = (Vec::new(), Vec::new(), String::new());
        Filed { application, closed, clauses, papers, handed_in: None, effective: None, filed: None }
    }

    /// What is filed, as plans name it.
    pub fn business(&self) -> Business {
        Business::named(match self.application.what {
            Applied::Disease => "filing.special_disease",
            Applied::Designated => "filing.designated",
        })
    }
}

/// What a clerk's sheet has of what was read in before.
#[derive(Clone, Default)]
pub(super) struct Sheet {
    pub rows: Vec<BTreeMap<String, String>>,
    pub lines: Vec<BTreeMap<String, String>>,
}
