//! Changing one's own password (更换密码), once a form.

use crate::desks::once::{self, Done, Once};
use crate::desks::users::{SignedIn, Users, password};
use serde_json::json;
use yibao_domain::party::Party;
use yibao_domain::time::DateTime;
use yibao_store::Fault;
use yibao_store::user::User;

/// What came of a change of password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// It is changed, and every sign-in has ended.
    Changed,
    /// The present password is another one, or the account was changed or closed while it was looked at.
    Wrong,
    /// The new one is not taken, with the reason.
    NotTaken(String),
}

impl Users {
    /// Changes a user's own password, which ends all sign-ins, once a submission. Neither password nor anything made of one
    /// comes into the journal: whether a submission says again what it said is told by the hash that stands.
    pub fn change_password(
        &self,
        by: &SignedIn,
        now: DateTime,
        submission: &str,
        present: &str,
        new: &str,
    ) -> Result<Change, Fault> {
        let said = json!([by.login]);
        let once = Once::new(Party::clerk(&by.login), submission, "", once::PASSWORD, &said);
        let once = (!submission.is_empty()).then_some(once);
        if let Some(told) = self.changed_before(by, once.as_ref(), new)? {
            return Ok(told);
        }
        let Some(user) = self.user(&by.pool, &by.login)? else { return Ok(Change::Wrong) };
        if !password::verify(present, Some(&user.password)) {
            return Ok(Change::Wrong);
        }
        let hash = match self.hashed(new) {
            Ok(hash) => hash,
            Err(refused) => return Ok(Change::NotTaken(refused.to_string())),
        };
        let mut is_changed = false;
        self.write(&by.pool, |tx| {
            // What stands now counts: hashing has taken its time.
            let standing = tx.user(&by.login)?;
            let unchanged = standing.filter(|now| now.password == user.password && now.closed_at.is_none());
            is_changed = unchanged.is_some();
            let Some(unchanged) = unchanged else { return Ok(()) };
            if let Some(once) = &once {
                once.record(tx, &Done, now)?;
            }
            tx.put_user(&User { password: hash.clone(), ..unchanged })
        })?;
        if is_changed {
            return Ok(Change::Changed);
        }
        // The same form may have come twice at one time.
        Ok(self.changed_before(by, once.as_ref(), new)?.unwrap_or(Change::Wrong))
    }

    /// What a submission was answered that has changed the password before.
    fn changed_before(&self, by: &SignedIn, once: Option<&Once>, new: &str) -> Result<Option<Change>, Fault> {
        let (mut message, mut user) = (None, None);
        self.read(&by.pool, &mut |tx| {
            message = once.map_or(Ok(None), |once| once.journalled(tx))?;
            user = tx.user(&by.login)?;
            Ok(())
        })?;
        let Some(message) = message else { return Ok(None) };
        let is_same = password::verify(new, user.as_ref().map(|user| user.password.as_str()));
        Ok(Some(if is_same { Change::Changed } else { Change::NotTaken(once::differs(&message).text) }))
    }
}
