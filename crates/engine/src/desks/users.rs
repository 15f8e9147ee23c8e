//! Users of the pages (经办账号): who may sign in, and who has.
//!
//! It knows passwords as hashes and secrets as digests only. A sign-in is bound to the password it was made with: a new
//! password, or closing the account, ends them all. Invariant: no answer tells whether a login exists.

mod guesses;
mod password;

use crate::desks::once::{self, Done, Once};
use crate::desks::users::guesses::Guesses;
pub use crate::desks::users::password::{PASSWORD_LENGTH_MIN, PasswordRefused, Randomness, hashed, random};
use jiff::ToSpan;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use yibao_domain::code::Pool;
use yibao_domain::party::Party;
use yibao_domain::register::Role;
use yibao_domain::time::DateTime;
use yibao_domain::written::hexadecimal;
use yibao_store::user::{PageSession, User};
use yibao_store::{Book, Fault, Mode, Store, Tx};

/// How long a sign-in lasts: a working day with its evening.
const HOURS: i64 = 12;

/// Who has signed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedIn {
    /// The pool whose pages are open to the user.
    pub pool: Pool,
    /// What was typed in.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// On whose side.
    pub role: Role,
    /// The provider; empty for the agency.
    pub fixmedins_code: String,
}

/// What came of a sign-in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The secret that the browser keeps, shown once.
    SignedIn(String),
    /// No such login, another password, or a closed account.
    Wrong,
    /// Too many wrong passwords: not before this many seconds.
    Wait(i64),
}

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

/// The users of all pools that this process serves.
pub struct Users {
    books: HashMap<Pool, Mutex<Box<dyn Book>>>,
    guesses: Guesses,
    randomness: Randomness,
}

impl Users {
    /// Opens a connection of its own to each pool's book. Secrets and salts are drawn from this randomness.
    pub fn open(store: &dyn Store, pools: &[Pool], randomness: Randomness) -> Result<Users, Fault> {
        let open = |pool: &Pool| Ok((pool.clone(), Mutex::new(store.open(pool)?)));
        let books = pools.iter().map(open).collect::<Result<_, Fault>>()?;
        Ok(Users { books, guesses: Guesses::default(), randomness })
    }

    /// The hash that is kept of a new password.
    pub fn hashed(&self, password: &str) -> Result<String, PasswordRefused> {
        hashed(password, &self.randomness)
    }

    /// A number for the forms of one page, which no other page has (提交号).
    pub fn form_number(&self) -> Result<String, Fault> {
        password::number(&self.randomness)
    }

    /// Signs a user in, who gets a secret that is good for twelve hours. Takes the time and memory of a password hash:
    /// at most two of these should run at once.
    pub fn sign_in(&self, pool: &Pool, login: &str, password: &str, now: DateTime) -> Result<Outcome, Fault> {
        if let Some(seconds) = self.guesses.wait(pool, login, now) {
            return Ok(Outcome::Wait(seconds));
        }
        let user = self.user(pool, login)?.filter(|user| user.closed_at.is_none());
        let known = user.as_ref().filter(|user| role(user).is_some());
        // An unknown login costs the same time as a known one.
        let verified = password::verify(password, known.map(|user| user.password.as_str()));
        let Some(user) = known.filter(|_| verified) else {
            self.guesses.wrong(pool, login, now);
            return Ok(Outcome::Wrong);
        };
        self.guesses.right(pool, login);
        let secret = format!("{login}:{}", password::secret(&self.randomness)?);
        let session = PageSession {
            digest: digest(&secret, user),
            login: login.to_owned(),
            since: now,
            until: now.saturating_add(HOURS.hours()),
        };
        self.write(pool, |tx| tx.add_page_session(&session))?;
        Ok(Outcome::SignedIn(secret))
    }

    /// Who holds this secret; `None` once it has ended.
    pub fn signed_in(&self, pool: &Pool, secret: &str, now: DateTime) -> Result<Option<SignedIn>, Fault> {
        let Some((login, _)) = secret.rsplit_once(':') else { return Ok(None) };
        let mut found = None;
        self.read(pool, &mut |tx| {
            let Some(user) = tx.user(login)?.filter(|user| user.closed_at.is_none()) else { return Ok(()) };
            let session = tx.page_session(&digest(secret, &user))?;
            found = session.filter(|session| session.login == login && now < session.until).and(Some(user));
            Ok(())
        })?;
        Ok(found.and_then(|user| {
            let role = role(&user)?;
            let User { login, name, fixmedins_code, .. } = user;
            Some(SignedIn { pool: pool.clone(), login, name, role, fixmedins_code })
        }))
    }

    /// Ends a sign-in.
    pub fn sign_out(&self, pool: &Pool, secret: &str, now: DateTime) -> Result<(), Fault> {
        let Some((login, _)) = secret.rsplit_once(':') else { return Ok(()) };
        self.write(pool, |tx| match tx.user(login)? {
            Some(user) => tx.end_page_session(&digest(secret, &user), now),
            None => Ok(()),
        })
    }

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

    fn user(&self, pool: &Pool, login: &str) -> Result<Option<User>, Fault> {
        let mut found = None;
        self.read(pool, &mut |tx| {
            found = tx.user(login)?;
            Ok(())
        })?;
        Ok(found)
    }

    fn read(&self, pool: &Pool, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault> {
        let Some(book) = self.books.get(pool) else { return Ok(()) };
        book.lock().unwrap_or_else(PoisonError::into_inner).transact(Mode::Read, work)
    }

    fn write(&self, pool: &Pool, mut work: impl FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault> {
        let Some(book) = self.books.get(pool) else { return Ok(()) };
        book.lock().unwrap_or_else(PoisonError::into_inner).transact(Mode::Write, &mut work)
    }
}

/// The side a user stands on; what is no role of a person signs nobody in.
fn role(user: &User) -> Option<Role> {
    Role::of_word(&user.role).filter(|role| role.signs_in())
}

/// What is kept of a sign-in. The password's hash is part of it, so a new password ends the sign-in.
fn digest(secret: &str, user: &User) -> String {
    let mut hash = Sha256::new();
    hash.update(secret);
    hash.update([0]);
    hash.update(&user.password);
    hexadecimal(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desks::users::password::counting;
    use jiff::civil::date;
    use yibao_store::SqliteStore;
    use yibao_store::message::MessageKey;

    const PASSWORD: &str = "long enough 123";

    fn noon() -> DateTime {
        date(2021, 7, 7).at(12, 0, 0, 0)
    }

    fn users() -> (tempfile::TempDir, Users, Pool) {
        let folder = tempfile::tempdir().unwrap();
        let pool = Pool::new("520500");
        let store = SqliteStore::open(folder.path(), std::slice::from_ref(&pool)).unwrap();
        let users = Users::open(&store, std::slice::from_ref(&pool), counting(1)).unwrap();
        let user = User {
            login: "yiyuan".into(),
            name: "收费员".into(),
            role: "provider".into(),
            fixmedins_code: "H52050200001".into(),
            password: users.hashed(PASSWORD).unwrap(),
            created_at: noon(),
            closed_at: None,
        };
        users.write(&pool, |tx| tx.put_user(&user)).unwrap();
        (folder, users, pool)
    }

    fn secret(users: &Users, pool: &Pool) -> String {
        match users.sign_in(pool, "yiyuan", PASSWORD, noon()).unwrap() {
            Outcome::SignedIn(secret) => secret,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_sign_in_lasts_twelve_hours_and_is_known_by_its_secret_only() {
        let (_folder, users, pool) = users();
        let secret = secret(&users, &pool);
        let found = users.signed_in(&pool, &secret, noon()).unwrap().unwrap();
        assert_eq!((found.role, found.fixmedins_code.as_str()), (Role::Provider, "H52050200001"));
        let evening = noon().saturating_add(12.hours());
        assert_eq!(users.signed_in(&pool, &secret, evening).unwrap(), None);
        assert_eq!(users.signed_in(&pool, "yiyuan:0000", noon()).unwrap(), None);
        users.sign_out(&pool, &secret, noon()).unwrap();
        assert_eq!(users.signed_in(&pool, &secret, noon()).unwrap(), None);
    }

    #[test]
    fn a_new_password_and_a_closed_account_end_every_sign_in() {
        let (_folder, users, pool) = users();
        let first = secret(&users, &pool);
        let by = users.signed_in(&pool, &first, noon()).unwrap().unwrap();
        let change = |present: &str, new: &str| users.change_password(&by, noon(), "", present, new).unwrap();
        assert_eq!(change("another wrong one", "another long one"), Change::Wrong);
        assert!(matches!(change(PASSWORD, "short"), Change::NotTaken(_)));
        assert_eq!(change(PASSWORD, "another long one"), Change::Changed);
        assert_eq!(users.signed_in(&pool, &first, noon()).unwrap(), None);
        let Outcome::SignedIn(second) = users.sign_in(&pool, "yiyuan", "another long one", noon()).unwrap() else {
            panic!("the new password signs in")
        };
        let user = users.user(&pool, "yiyuan").unwrap().unwrap();
        users.write(&pool, |tx| tx.put_user(&User { closed_at: Some(noon()), ..user.clone() })).unwrap();
        assert_eq!(users.signed_in(&pool, &second, noon()).unwrap(), None);
        assert_eq!(users.sign_in(&pool, "yiyuan", "another long one", noon()).unwrap(), Outcome::Wrong);
    }

    #[test]
    fn a_new_password_that_is_sent_twice_counts_once_and_leaves_no_trace_of_itself_in_the_journal() {
        let (_folder, users, pool) = users();
        let by = users.signed_in(&pool, &secret(&users, &pool), noon()).unwrap().unwrap();
        let change =
            |form: &str, present: &str, new: &str| users.change_password(&by, noon(), form, present, new).unwrap();
        // What was not done does not use the form up.
        assert_eq!(change("f1", "another wrong one", "another long one"), Change::Wrong);
        assert_eq!(change("f1", PASSWORD, "another long one"), Change::Changed);
        let hash = users.user(&pool, "yiyuan").unwrap().unwrap().password;
        assert_eq!(change("f1", PASSWORD, "another long one"), Change::Changed);
        assert_eq!(users.user(&pool, "yiyuan").unwrap().unwrap().password, hash, "it was not hashed again");
        let Change::NotTaken(text) = change("f1", PASSWORD, "yet another long one") else { panic!("it says another") };
        assert!(text.contains("提交过") && text.contains("刷新页面"), "{text}");
        assert_eq!(change("f2", PASSWORD, "another long one"), Change::Wrong, "another form asks anew");
        let mut journalled = None;
        let key = MessageKey::new(Party::clerk("yiyuan"), "f1", "change_password");
        let look = &mut |tx: &mut dyn Tx| {
            journalled = tx.message(&key)?;
            Ok(())
        };
        users.read(&pool, look).unwrap();
        let journalled = format!("{:?}", journalled.unwrap());
        let digest = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for secret in [PASSWORD, "another long one", &hash, &digest("another long one"), &digest(&hash)] {
            assert!(!journalled.contains(secret), "{secret} is in {journalled}");
        }
    }

    #[test]
    fn after_five_wrong_passwords_one_waits_whether_the_login_exists_or_not() {
        let (_folder, users, pool) = users();
        for login in ["yiyuan", "nobody"] {
            for _ in 0..5 {
                assert_eq!(users.sign_in(&pool, login, "wrong", noon()).unwrap(), Outcome::Wrong);
            }
            assert!(matches!(users.sign_in(&pool, login, PASSWORD, noon()).unwrap(), Outcome::Wait(1..)));
        }
        let later = noon().saturating_add(10.minutes());
        assert!(matches!(users.sign_in(&pool, "yiyuan", PASSWORD, later).unwrap(), Outcome::SignedIn(_)));
    }
}
