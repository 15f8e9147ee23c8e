//! What somebody has to do because of the outage (责任事项).

use super::{
    Actor, Business, Channel, Concern, Contract, Deadline, DutyKind, Pattern, Question, RegisterKind, Requirement,
    Scope, Specificity,
};
use crate::time::Moment;

/// The channels of those who give care.
const PROVIDERS: [Channel; 2] = [Channel::Hospital, Channel::Pharmacy];

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

    /// How specific the duty is about a business; `None` where it is not about it.
    pub fn specificity(&self, business: &Business) -> Option<Specificity> {
        let depth = self.businesses.iter().filter(|pattern| pattern.covers(business)).map(Pattern::depth).max()?;
        Some(self.scope.specificity(depth))
    }

    /// Whether it may be that of the provider that is asked about: one of hospitals is no pharmacy's. Where no provider is asked about,
    /// or none has to act, it is whoever's it is about.
    pub(super) fn is_of(&self, question: &Question) -> bool {
        let Some(channel) = question.channel.filter(|channel| PROVIDERS.contains(channel)) else { return true };
        let supplies = question.records.contracts.contains(&Contract::SpecialDrugs);
        let met = |channel, supplies| self.who.iter().any(|actor| actor.is_met_by(channel, supplies));
        met(channel, supplies) || !self.names_providers()
    }

    /// Whether providers of any kind have to act.
    fn names_providers(&self) -> bool {
        self.meets().next().is_some()
    }

    /// The kinds of providers that have to act, those that supply special drugs apart.
    fn meets(&self) -> impl Iterator<Item = (Channel, bool)> {
        let kinds = PROVIDERS.iter().flat_map(|channel| [(*channel, false), (*channel, true)]);
        kinds.filter(|(channel, supplies)| self.who.iter().any(|actor| actor.is_met_by(*channel, *supplies)))
    }

    /// Whether somebody may have to do both.
    pub fn may_be_of_one(&self, other: &Duty) -> bool {
        self.who.iter().any(|actor| other.who.contains(actor))
            || self.meets().any(|one| other.meets().any(|two| one == two))
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
