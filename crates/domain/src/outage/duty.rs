//! What somebody has to do because of the outage (责任事项).

use super::{Actor, Concern, Deadline, DutyKind, Pattern, RegisterKind, Requirement, Scope};
use crate::time::Moment;

/// Something that somebody has to do because of the outage (责任事项).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Duty {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// What kind of duty.
    pub kind: DutyKind,
    /// Who must.
    pub who: Vec<Actor>,
    /// What, in our own words.
    pub what: String,
    /// The businesses it belongs to.
    pub businesses: Vec<Pattern>,
    /// For whom and where it is to be done.
    pub scope: Scope,
    /// What has to be recorded or shown.
    pub evidence: Vec<Requirement>,
    /// The first moment at which it can be done, where the notice says so.
    pub not_before: Option<Moment>,
    /// Until when.
    pub deadline: Option<Deadline>,
    /// The register that keeps it, where the plan names one; see [`Duty::register`].
    pub stated_register: Option<RegisterKind>,
    /// Whom the notice tells of it, where the plan says so; see [`Duty::audience`].
    pub stated_audience: Vec<Actor>,
    /// Where the notice is silent or doubtful: how this plan reads it.
    pub reading: Option<String>,
}

impl Duty {
    /// The register that keeps it: the one it names, else the one of its kind.
    pub fn register(&self) -> Option<RegisterKind> {
        self.stated_register.or(match self.kind {
            DutyKind::Publicity => Some(RegisterKind::Publicity),
            DutyKind::Escalation => Some(RegisterKind::Escalation),
            DutyKind::Worklist if self.is_of_stays() => Some(RegisterKind::InpatientNotice),
            _ => None,
        })
    }

    /// Whether it is about people in hospital: a list of them is that of who is to be told.
    fn is_of_stays(&self) -> bool {
        self.businesses.iter().any(|pattern| match pattern {
            Pattern::Under(business) => {
                matches!(Concern::of(business), Concern::Settlement | Concern::Admission | Concern::Staying)
            }
            Pattern::All => false,
        })
    }
}
