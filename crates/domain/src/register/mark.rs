//! What the platform notes about an entry (平台标注), and what its statement says about the way of the care, by type.
//!
//! Kept among the entry's details, so that lists, sheets and pages show them; here is the one place that knows their names.

use super::{Bucket, Entry, State, field};
use crate::encounter::leaves_for_another;
use crate::outage::{Business, RegisterKind};
use crate::time::{Date, DateTime};

/// Says that it is other care than what it looks like, stated with the registration or found out later.
pub const OTHER_CARE: &str = "other_care";

/// A note of the platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// It was entered after its deadline.
    Late,
    /// The provider's fault: a stay that nobody converted (B-02).
    Fault,
    /// The certificate is not borne out by the person's attributes (B-11).
    Certificate,
    /// Later care was settled before it by other premises and awaits correction.
    LaterCare,
    /// Perhaps the same care as other entries or settlements, for people to decide: their numbers.
    Double,
}

impl Mark {
    /// Every note.
    pub const ALL: [Mark; 5] = [Mark::Late, Mark::Fault, Mark::Certificate, Mark::LaterCare, Mark::Double];

    /// The name among the details and in the history.
    pub const fn word(self) -> &'static str {
        match self {
            Mark::Late => "late",
            Mark::Fault => "fault",
            Mark::Certificate => "certificate",
            Mark::LaterCare => "later_settlements",
            Mark::Double => "suspected_double",
        }
    }

    /// The label that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Mark::Late => "逾期补录",
            Mark::Fault => "差错",
            Mark::Certificate => "纸质证明核验",
            Mark::LaterCare => "就诊在后、已先结算的",
            Mark::Double => "疑似重复",
        }
    }
}

impl Entry {
    /// Notes something, or takes it away where the text is empty.
    pub fn mark(&mut self, mark: Mark, text: String) {
        if text.is_empty() {
            self.details.remove(mark.word());
        } else {
            self.details.insert(mark.word().to_owned(), text);
        }
    }

    /// What is noted; empty where nothing is.
    pub fn marked(&self, mark: Mark) -> &str {
        self.field(mark.word())
    }

    /// Whether later care that was settled before it awaits correction.
    pub fn awaits_order(&self) -> bool {
        self.state == State::Settled && !self.marked(Mark::LaterCare).is_empty()
    }

    /// Whether the person has had the refund: what was paid out is not taken back without somebody's decision.
    pub fn is_paid_out(&self) -> bool {
        field::HANDED_BACK_AT.is_stated(self)
    }

    /// Whether it is perhaps the same care as another entry, and nobody has decided yet.
    pub fn is_suspected(&self) -> bool {
        self.state.keeps_claim() && !self.marked(Mark::Double).is_empty()
    }

    /// Somebody has found that it is other care than what it looks like (核实为另一次就诊).
    pub fn tell_apart(&mut self) {
        self.details.insert(OTHER_CARE.to_owned(), "是".to_owned());
        self.mark(Mark::Double, String::new());
    }

    /// Whether somebody has found that.
    pub fn is_told_apart(&self) -> bool {
        self.field(OTHER_CARE) == "是"
    }

    /// Whether money has gone out for it.
    pub fn is_paid(&self) -> bool {
        matches!(self.state, State::Settled | State::Reimbursed)
    }

    /// The entry that it is about: of an escalation, or of a case of who is not entitled.
    pub fn about(&self) -> &str {
        field::OF_ENTRY.of(self)
    }

    /// Whether the patient was treated on a paper certificate.
    pub fn rests_on_certificate(&self) -> bool {
        field::CERTIFICATE_ISSUER.is_stated(self)
    }

    /// Whether the patient chose to pay the stay in full and to claim (B-10).
    pub fn claims_afterwards(&self) -> bool {
        field::CHOICE.of(self) == Some(field::Leaving::ClaimsAfterwards)
    }

    /// Whether these are papers of care that somebody has paid for, and not of enrolment, filings and the like.
    pub fn is_claim_by_papers(&self) -> bool {
        let is_within = |root: &'static str| self.business.is_within(&Business::named(root));
        self.kind == RegisterKind::Papers && (is_within("reimbursement") || is_within("settlement"))
    }

    /// Whether it is of care of somebody who is insured elsewhere, and waits to be made good there.
    pub fn is_made_good_elsewhere(&self) -> bool {
        let waits = matches!(self.state.bucket(), Bucket::Waiting | Bucket::Outside);
        self.kind.is_settled() && waits && field::INSUPLC_ADMDVS.is_stated(self)
    }

    /// The hospital that a transferred patient came from (P-12); empty where none is stated.
    pub fn came_from(&self) -> &str {
        if self.kind == RegisterKind::Transfer { field::FROM_PROVIDER.of(self) } else { "" }
    }

    /// Whether the patient left for another hospital (离院方式 2, 3).
    pub fn left_for_another(&self) -> bool {
        leaves_for_another(field::DSCG_WAY.of(self))
    }

    /// Where the care was: papers state it, all else is the provider's own.
    pub fn place(&self) -> &str {
        match self.kind {
            RegisterKind::Papers => field::CARE_PROVIDER.of(self),
            _ => &self.fixmedins_code,
        }
    }

    /// When the care began: papers state it beside the day on which they came in.
    pub fn care_began(&self) -> Option<DateTime> {
        match self.kind {
            RegisterKind::Papers => field::CARE_BEGNTIME.of(self),
            _ => Some(self.care_from),
        }
    }

    /// The day on which the care began.
    pub fn care_day(&self) -> Option<Date> {
        self.care_began().map(DateTime::date)
    }
}
