//! Who may take an entry from which state to which. One table; what it does not list is refused.

use super::{Action, Role, State};
use crate::outage::RegisterKind;

/// A step that an entry may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The registers that have it; empty means all.
    pub kinds: &'static [RegisterKind],
    /// What is done.
    pub action: Action,
    /// From where.
    pub from: &'static [State],
    /// To where; `None`: the state stays.
    pub to: Option<State>,
    /// Who may.
    pub roles: &'static [Role],
}

use Action as A;
use RegisterKind as K;
use Role::{Agency, Platform, Provider};
use State as S;

/// Registers whose entries end in a settlement.
pub const CARE: &[K] = &[K::StayConversion, K::Admission, K::CashVisit, K::DeferredDischarge, K::Transfer];
/// Where nothing is settled, refused, withdrawn or handed over yet.
const UNDER_WAY: &[S] = &[S::Waiting, S::Failed, S::Converted, S::Restored, S::Approved];

const STEPS: &[Step] = &[
    Step {
        kinds: &[],
        action: A::Correct,
        from: &[S::Waiting, S::Failed, S::Approved, S::Converted, S::Restored, S::Reimbursing, S::Outside],
        to: None,
        roles: &[Provider, Agency],
    },
    // What is owed may turn out otherwise while the case is with the agency (P-26).
    Step {
        kinds: &[K::NotEntitled],
        action: A::Correct,
        from: &[S::Reported, S::Held],
        to: None,
        roles: &[Provider, Agency],
    },
    // Who the person is, and that later care was put in order, the platform finds out by itself.
    Step {
        kinds: CARE,
        action: A::Correct,
        from: &[S::Waiting, S::Failed, S::Converted, S::Restored, S::Settled],
        to: None,
        roles: &[Platform],
    },
    Step {
        kinds: &[K::InpatientNotice],
        action: A::Tell,
        from: &[S::Waiting],
        to: Some(S::Done),
        roles: &[Provider, Agency],
    },
    Step {
        kinds: &[K::InpatientNotice, K::StayConversion],
        action: A::Process,
        from: &[S::Waiting],
        to: Some(S::Done),
        roles: &[Platform],
    },
    Step {
        kinds: &[K::StayConversion],
        action: A::Process,
        from: &[S::Converted, S::Restored, S::Failed],
        to: Some(S::Done),
        roles: &[Platform],
    },
    Step { kinds: &[K::Supply], action: A::Tell, from: &[S::Waiting], to: None, roles: &[Provider] },
    Step {
        kinds: &[K::Supply],
        action: A::Dispense,
        from: &[S::Waiting],
        to: Some(S::Done),
        roles: &[Provider, Platform],
    },
    Step {
        kinds: &[K::StayConversion],
        action: A::Convert,
        from: &[S::Waiting],
        to: Some(S::Converted),
        roles: &[Provider, Agency],
    },
    Step {
        kinds: &[K::StayConversion],
        action: A::ConvertBack,
        from: &[S::Converted],
        to: Some(S::Restored),
        roles: &[Provider, Agency, Platform],
    },
    Step {
        kinds: &[K::StayConversion],
        action: A::Charge,
        from: &[S::Converted, S::Restored],
        to: None,
        roles: &[Provider, Agency],
    },
    Step {
        kinds: &[K::Admission, K::Transfer],
        action: A::Discharge,
        from: &[S::Waiting, S::Failed],
        to: None,
        roles: &[Provider],
    },
    Step {
        kinds: &[K::StayConversion],
        action: A::Discharge,
        from: &[S::Converted, S::Restored, S::Failed],
        to: None,
        roles: &[Provider],
    },
    Step {
        kinds: &[K::DeferredDischarge, K::Admission, K::StayConversion],
        action: A::Call,
        from: UNDER_WAY,
        to: None,
        roles: &[Provider],
    },
    Step { kinds: &[K::DeferredDischarge], action: A::Choose, from: UNDER_WAY, to: None, roles: &[Provider] },
    Step { kinds: CARE, action: A::Settle, from: UNDER_WAY, to: Some(S::Settled), roles: &[Platform] },
    Step { kinds: CARE, action: A::Fail, from: UNDER_WAY, to: Some(S::Failed), roles: &[Platform] },
    Step { kinds: CARE, action: A::HandBack, from: &[S::Settled], to: None, roles: &[Provider, Agency] },
    Step { kinds: CARE, action: A::Unsettle, from: &[S::Settled], to: Some(S::Waiting), roles: &[Platform] },
    Step {
        kinds: CARE,
        action: A::ToReimbursement,
        from: UNDER_WAY,
        to: Some(S::Reimbursing),
        roles: &[Provider, Agency],
    },
    Step {
        kinds: &[K::StayConversion, K::Admission, K::CashVisit, K::DeferredDischarge, K::Transfer, K::Papers],
        action: A::Reimburse,
        from: &[S::Reimbursing, S::Waiting, S::Approved],
        to: Some(S::Reimbursed),
        roles: &[Agency],
    },
    Step {
        kinds: CARE,
        action: A::SelfPay,
        from: &[S::Waiting, S::Failed, S::Converted, S::Restored],
        to: Some(S::SelfPaid),
        roles: &[Provider, Agency, Platform],
    },
    Step { kinds: &[K::Papers], action: A::PreApprove, from: &[S::Waiting], to: Some(S::Approved), roles: &[Agency] },
    Step {
        kinds: &[K::Papers, K::Incident],
        action: A::Process,
        from: &[S::Waiting, S::Approved],
        to: Some(S::Done),
        roles: &[Agency],
    },
    Step {
        kinds: &[K::NotEntitled],
        action: A::Explain,
        from: &[S::Waiting, S::Reported, S::Held],
        to: None,
        roles: &[Provider, Agency],
    },
    Step {
        kinds: &[K::NotEntitled],
        action: A::Report,
        from: &[S::Waiting],
        to: Some(S::Reported),
        roles: &[Provider, Agency],
    },
    Step { kinds: &[K::NotEntitled], action: A::Hold, from: &[S::Reported], to: Some(S::Held), roles: &[Agency] },
    Step { kinds: &[K::NotEntitled], action: A::Release, from: &[S::Held], to: Some(S::Reported), roles: &[Agency] },
    Step {
        kinds: &[K::NotEntitled],
        action: A::Pay,
        from: &[S::Waiting, S::Reported, S::Held],
        to: Some(S::Done),
        roles: &[Provider, Agency],
    },
    Step { kinds: &[K::Escalation], action: A::Decide, from: &[S::Waiting], to: Some(S::Done), roles: &[Agency] },
    Step { kinds: &[K::Publicity], action: A::Acknowledge, from: &[S::Waiting], to: Some(S::Done), roles: &[Provider] },
    Step { kinds: &[K::Publicity], action: A::Supervise, from: &[S::Waiting, S::Done], to: None, roles: &[Agency] },
    Step {
        kinds: &[],
        action: A::Refuse,
        from: &[S::Waiting, S::Failed, S::Approved, S::Reimbursing, S::Restored],
        to: Some(S::Refused),
        roles: &[Agency],
    },
    Step {
        kinds: &[],
        action: A::Withdraw,
        from: &[S::Waiting, S::Failed, S::Approved, S::Reimbursing],
        to: Some(S::Withdrawn),
        roles: &[Provider, Agency],
    },
    Step {
        kinds: &[],
        action: A::Reopen,
        from: &[S::Refused, S::Withdrawn, S::SelfPaid],
        to: Some(S::Waiting),
        roles: &[Agency],
    },
];

/// The step of this action from this state for this role, if there is one.
pub fn step(kind: RegisterKind, state: State, action: Action, role: Role) -> Option<&'static Step> {
    steps_from(kind, state, role).find(|step| step.action == action)
}

/// Every step that an entry may take now.
pub fn steps_from(kind: RegisterKind, state: State, role: Role) -> impl Iterator<Item = &'static Step> {
    STEPS.iter().filter(move |step| {
        (step.kinds.is_empty() || step.kinds.contains(&kind))
            && step.from.contains(&state)
            && step.roles.contains(&role)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stay_is_converted_and_converted_back_once_each() {
        let kind = K::StayConversion;
        assert_eq!(step(kind, S::Waiting, A::Convert, Provider).unwrap().to, Some(S::Converted));
        assert_eq!(step(kind, S::Converted, A::ConvertBack, Provider).unwrap().to, Some(S::Restored));
        assert!(step(kind, S::Converted, A::Convert, Provider).is_none());
        assert!(step(kind, S::Restored, A::ConvertBack, Provider).is_none());
        assert!(step(kind, S::Restored, A::Convert, Provider).is_none());
    }

    #[test]
    fn what_is_settled_goes_back_only_with_its_settlement() {
        for role in [Provider, Agency] {
            let steps: Vec<_> = steps_from(K::CashVisit, S::Settled, role).collect();
            assert!(steps.iter().all(|step| step.action == A::HandBack && step.to.is_none()));
        }
        assert_eq!(step(K::CashVisit, S::Settled, A::Unsettle, Platform).unwrap().to, Some(S::Waiting));
    }

    #[test]
    fn everything_that_waits_can_be_finished_by_somebody() {
        let ends = |kind, state| {
            let mut seen = vec![state];
            let mut at = 0;
            while at < seen.len() {
                let roles = [Provider, Agency, Platform];
                let here = seen[at];
                let next = roles.into_iter().flat_map(|role| steps_from(kind, here, role)).filter_map(|step| step.to);
                for to in next {
                    if !seen.contains(&to) {
                        seen.push(to);
                    }
                }
                at += 1;
            }
            seen.into_iter().any(S::is_final)
        };
        for kind in K::ALL {
            assert!(ends(*kind, S::Waiting), "{kind:?}");
        }
    }
}
