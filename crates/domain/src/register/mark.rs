//! What the platform notes about an entry (平台标注), and what its statement says about the way of the care, by type.
//!
//! Kept among the entry's details, so that lists, sheets and pages show them; here is the one place that knows their names.

use super::refund::HANDED_BACK_AT;
use super::{Entry, State};
use crate::outage::RegisterKind;
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
        !self.field(HANDED_BACK_AT).is_empty()
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
        self.field("of_entry")
    }

    /// Whether the patient was treated on a paper certificate.
    pub fn rests_on_certificate(&self) -> bool {
        !self.field("certificate_issuer").is_empty()
    }

    /// Whether the patient chose to pay the stay in full and to claim (B-10).
    pub fn claims_afterwards(&self) -> bool {
        self.field("choice") == "自费结清后报销"
    }

    /// The hospital that a transferred patient came from (P-12); empty where none is stated.
    pub fn came_from(&self) -> &str {
        if self.kind == RegisterKind::Transfer { self.field("from_provider") } else { "" }
    }

    /// Whether the patient left for another hospital (离院方式 2, 3).
    pub fn left_for_another(&self) -> bool {
        matches!(self.field("dscg_way"), "2" | "3")
    }

    /// Where the care was: papers state it, all else is the provider's own.
    pub fn place(&self) -> &str {
        match self.kind {
            RegisterKind::Papers => self.field("care_provider"),
            _ => &self.fixmedins_code,
        }
    }

    /// When the care began: papers state it beside the day on which they came in.
    pub fn care_began(&self) -> Option<DateTime> {
        match self.kind {
            RegisterKind::Papers => super::moment(self.field("care_begntime")),
            _ => Some(self.care_from),
        }
    }

    /// The day on which the care began.
    pub fn care_day(&self) -> Option<Date> {
        self.care_began().map(DateTime::date)
    }
}
