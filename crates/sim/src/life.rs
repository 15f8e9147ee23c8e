//! What happens to people (就医经历): purchases, visits, long diseases with their supply, special drugs, stays with their days
//! and parts, transfers; late claims, cancellations and new settlements.
//!
//! A life is drawn from the seed alone and knows of no outage: what an outage makes of it is what is compared. Each person
//! has a stream of chance of his own, and each event its own id (`person`, `ordinal`), so that a history with events left out is
//! still the same history.

mod applied;
mod birth;
mod drawn;

pub use applied::{Application, Applied, applied};
pub use birth::born;
pub use drawn::lived;

use crate::city::Citizen;
use jiff::civil::{Date, DateTime};

/// An event by its person and its place in the person's life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventId {
    /// The person's number.
    pub person: u64,
    /// Counted from 0.
    pub ordinal: u32,
}

/// A line of a bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its serial within the care.
    pub serial: String,
    /// When.
    pub at: DateTime,
    /// 医保目录编码.
    pub code: &'static str,
    /// Pieces.
    pub count: i64,
    /// Price of one, in fen.
    pub price: i64,
    /// 医院审批标志: `0` nothing was asked, `1` approved, `2` not approved, so that the person pays.
    pub approval: &'static str,
    /// The line that it takes back (退费); it has a negative count.
    pub returns: Option<String>,
}

impl Line {
    /// What it comes to, in fen.
    pub fn sum(&self) -> i64 {
        self.count * self.price
    }
}

/// The kinds of care.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A purchase at a pharmacy (药店购药).
    Purchase,
    /// An ordinary outpatient visit (普通门诊).
    Visit,
    /// A visit for a long disease (门诊慢特病); its supply lasts so many days.
    SpecialDisease {
        /// 病种代码.
        code: &'static str,
        /// Days.
        supply_days: i64,
    },
    /// Drugs for a long disease, bought at a pharmacy (药店购慢特病用药).
    LongDiseaseDrugs {
        /// 病种代码.
        code: &'static str,
    },
    /// A visit for one of the two diseases (门诊两病).
    TwoDiseases,
    /// A special drug at a supplier (特殊药品).
    SpecialDrug,
    /// Prenatal care (产前检查).
    Prenatal,
    /// A procedure of family planning (计划生育手术).
    FamilyPlanning,
    /// A stay (住院).
    Stay {
        /// Discharge.
        until: DateTime,
        /// A settlement in mid-stay (中途结算), of the lines before it.
        part: Option<DateTime>,
        /// Where the patient goes from there.
        leaves: Leaves,
        /// How many seconds after the discharge it is settled.
        settled_after: i64,
    },
}

/// Where a patient goes from a hospital.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leaves {
    /// Home.
    Home,
    /// To another hospital, as the discharge says (离院方式 2); the next event is that leg.
    ForAnother,
    /// The same, as a filing of the hospital says (转院备案) and the discharge does not.
    Filed,
}

impl Kind {
    /// In Chinese.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Purchase => "药店购药",
            Kind::Visit => "普通门诊",
            Kind::SpecialDisease { .. } => "门诊慢特病",
            Kind::LongDiseaseDrugs { .. } => "药店购慢特病用药",
            Kind::TwoDiseases => "门诊两病",
            Kind::SpecialDrug => "特殊药品",
            Kind::Prenatal => "产前检查",
            Kind::FamilyPlanning => "计划生育手术",
            Kind::Stay { .. } => "住院",
        }
    }

    /// Whether it is bought: purchase, lines and settlement are one message.
    pub fn is_bought(&self) -> bool {
        matches!(self, Kind::Purchase | Kind::LongDiseaseDrugs { .. } | Kind::SpecialDrug)
    }

    /// 病种代码 of care for a long disease.
    pub fn disease(&self) -> Option<&'static str> {
        match self {
            Kind::SpecialDisease { code, .. } | Kind::LongDiseaseDrugs { code } => Some(code),
            _ => None,
        }
    }

    /// Whether it is a stay that another leg follows.
    pub fn is_followed(&self) -> bool {
        matches!(self, Kind::Stay { leaves: Leaves::ForAnother | Leaves::Filed, .. })
    }
}

/// A diagnosis: its code and name.
pub type Diagnosis = (&'static str, &'static str);

/// Birth and family planning, as papers state them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Birth {
    /// 生育类别; empty for a procedure.
    pub matn_type: &'static str,
    /// 计划生育手术类别; empty for anything else.
    pub birctrl_type: &'static str,
    /// The day.
    pub day: Date,
    /// Weeks of the pregnancy.
    pub weeks: i64,
    /// 胎儿数; nothing where nobody was born.
    pub children: Option<i64>,
}

/// Care that somebody has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Which.
    pub id: EventId,
    /// The place's position in [`City::places`].
    pub place: usize,
    /// Visit, purchase, admission.
    pub at: DateTime,
    /// What.
    pub kind: Kind,
    /// The bill.
    pub lines: Vec<Line>,
    /// What somebody has, the main one first; empty where nobody is asked.
    pub diagnoses: Vec<Diagnosis>,
    /// Birth and family planning.
    pub birth: Option<Birth>,
    /// Whether the person's account may pay.
    pub uses_account: bool,
    /// Claimed at the provider only then, though nothing stood in the way (补记账).
    pub claimed: Option<DateTime>,
    /// Cancelled then (撤销).
    pub cancelled: Option<DateTime>,
    /// Settled anew then, after the cancellation.
    pub again: Option<DateTime>,
}

impl Event {
    /// When it was over.
    pub fn ended(&self) -> DateTime {
        match self.kind {
            Kind::Stay { until, .. } => until,
            _ => self.at,
        }
    }

    /// Whether the person is entitled to it, by all that the platform was told until a moment: insured on its first day, and
    /// qualified where it asks for that.
    pub fn is_entitled(&self, person: &Citizen, told: DateTime) -> bool {
        let asks = self.kind.disease().is_some();
        person.cover.entitles(self.at.date(), told) && (person.is_qualified || !asks)
    }

    /// What is charged in all, in fen.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(Line::sum).sum()
    }
}
