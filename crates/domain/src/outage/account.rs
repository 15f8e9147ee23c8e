//! The personal account while its use is stopped (个人账户停用): settlement goes on, and is paid without it.

use super::{Business, Closed, Pattern, Plan, Question, Verdict, decide};
use crate::time::DateTime;

/// What stops the use of the personal account of who asks, whichever business they ask for. A rule stops it that names accounts; what
/// closes everything else leaves an account usable wherever settlement itself goes on.
pub fn account_stopped(plans: &[Plan], question: &Question, now: DateTime) -> Option<Box<Closed>> {
    let account = Business::named("account.use");
    let asked = Question { business: account.clone(), ..question.clone() };
    let Verdict::Closed(closed) = decide(plans, &asked, now) else { return None };
    let named = |pattern: &Pattern| matches!(pattern, Pattern::Under(of) if account.is_within(of));
    closed.rule_in(plans).filter(|rule| rule.businesses.iter().any(named))?;
    Some(closed)
}

impl Closed {
    /// What whoever settles without the account is told.
    pub fn without_account(&self) -> String {
        format!("{}本次结算未使用个人账户。{}", self.headline(), self.advice)
    }
}
