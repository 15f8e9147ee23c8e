//! The order of a settlement.

use super::{Case, Decision, Rules};
use crate::refusal::Refusal;

/// Decides one settlement.
pub fn decide(_case: &Case, _rules: &Rules) -> Result<Decision, Refusal> {
    unimplemented!("follows in the next commit")
}
