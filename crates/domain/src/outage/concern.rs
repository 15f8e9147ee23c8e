//! What a case of a business is (业务大类): businesses that are kept alike.

use super::Business;

/// Businesses that are kept alike (业务大类).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Concern {
    /// A purchase or visit, paid at the counter.
    Counter,
    /// A stay that is over and is to be settled.
    Settlement,
    /// A stay that begins.
    Admission,
    /// A stay that goes on.
    Staying,
    /// A stay that begins where another one ended.
    Transfer,
    /// What goes by papers, at an agency.
    Papers,
    /// A business of the plan's own, another insurance's say: kept where the plan says.
    Own,
}

/// Whether a provider has a part in a business: what people and employers do at offices alone goes on or stops whatever providers do.
pub(super) fn is_at_providers(business: &Business) -> bool {
    const OFFICES: [&str; 6] = ["contribution", "enrolment", "reimbursement", "disbursement", "attribute", "clearing"];
    !OFFICES.iter().any(|root| business.is_within(&Business::named(root)))
}

impl Concern {
    pub(super) const ALL: [Concern; 7] = [
        Concern::Counter,
        Concern::Settlement,
        Concern::Admission,
        Concern::Staying,
        Concern::Transfer,
        Concern::Papers,
        Concern::Own,
    ];

    /// The names under which it stands; a plan's own have all others.
    pub(super) fn roots(self) -> &'static [&'static str] {
        match self {
            Concern::Counter => &["settlement.outpatient", "settlement.pharmacy", "account"],
            Concern::Settlement => &["settlement.inpatient", "encounter.discharge"],
            Concern::Admission => &["encounter.admission"],
            Concern::Staying => &["encounter.fees", "encounter"],
            Concern::Transfer => &["encounter.transfer"],
            Concern::Papers => &[
                "filing",
                "catalogue",
                "clearing",
                "contribution",
                "enrolment",
                "attribute",
                "reimbursement",
                "disbursement",
                "hall",
                "approval",
                "complaint",
                "policy_advice",
                "outage",
            ],
            Concern::Own => &[],
        }
    }

    /// What a case of this business is; the name that is nearest to it decides.
    pub fn of(business: &Business) -> Concern {
        let nearest = |concern: Concern| {
            let above = concern.roots().iter().map(|root| Business::named(root));
            above.filter(|root| business.is_within(root)).map(|root| root.depth()).max()
        };
        let best = Concern::ALL.into_iter().filter_map(|concern| Some((nearest(concern)?, concern)));
        best.max_by_key(|(depth, _)| *depth).map_or(Concern::Own, |(_, concern)| concern)
    }
}
