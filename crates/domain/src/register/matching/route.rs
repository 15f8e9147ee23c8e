//! What another route has (另一途径已办): the refusals of care by the state of its entry.

use crate::refusal::{Code, Refusal};
use crate::register::{Entry, State};

/// The refusal of care that another route has already (B-09, P-09).
pub(super) fn taken(number: &str, how: &str) -> Refusal {
    let text =
        format!("该次费用已在台账 {number} 登记并{how}，不能重复结算；请核对台账，确需改由本机构结算的请联系经办机构");
    Refusal::new(Code::AlreadySettled, text)
}

/// What an entry's state gives to another route, or what the agency has refused.
pub(super) fn given_away(entry: &Entry) -> Option<Refusal> {
    match entry.state {
        State::Reimbursing | State::Reimbursed => Some(taken(&entry.number, entry.state.name())),
        State::Settled => Some(taken(&entry.number, &format!("已结算（结算ID {}）", entry.setl_id))),
        State::Refused | State::SelfPaid => Some(Refusal::new(
            Code::WrongState,
            format!(
                "台账 {} 为“{}”（{}）；如需补录结算，请先由经办机构重新打开该台账",
                entry.number,
                entry.state.name(),
                entry.reason
            ),
        )),
        _ => None,
    }
}
