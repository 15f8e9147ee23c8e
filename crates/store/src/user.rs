//! Users of the pages (经办账号) and their sign-ins.

use crate::engine::{Engine, select, sql};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::time::DateTime;

/// Somebody who may sign in to the pages of a pool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// The name that is typed in; lower-case letters, digits, `-`, `_`, `.`.
    pub login: String,
    /// The person's name, kept with what he or she does.
    pub name: String,
    /// `provider` or `agency`.
    pub role: String,
    /// The provider; empty for the agency.
    pub fixmedins_code: String,
    /// The password's hash (PHC string); never the password.
    pub password: String,
    /// When it was set up.
    pub created_at: DateTime,
    /// When it was closed; `None` while it may sign in.
    pub closed_at: Option<DateTime>,
}

/// A sign-in to the pages (登录会话).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageSession {
    /// Digest of the secret in the cookie; never the secret.
    pub digest: String,
    /// Who.
    pub login: String,
    /// Since when.
    pub since: DateTime,
    /// Until when.
    pub until: DateTime,
}

/// Questions and records about users.
pub trait Users {
    /// One user.
    fn user(&mut self, login: &str) -> Result<Option<User>, Fault>;
    /// Every user by login.
    fn users(&mut self) -> Result<Vec<User>, Fault>;
    /// Records a user, or a user's new password, name or closing; when it was first set up stays as it is.
    fn put_user(&mut self, user: &User) -> Result<(), Fault>;
    /// A sign-in by the digest of its secret.
    fn page_session(&mut self, digest: &str) -> Result<Option<PageSession>, Fault>;
    /// Records a sign-in.
    fn add_page_session(&mut self, session: &PageSession) -> Result<(), Fault>;
    /// Ends a sign-in; and forgets all that ended before `now`.
    fn end_page_session(&mut self, digest: &str, now: DateTime) -> Result<(), Fault>;
}

record! {
    User = "page_user", "页面账号", key [login];
    fields { login, name, role, fixmedins_code, password, created_at, closed_at }
}

record! {
    PageSession = "page_session", "页面登录会话", key [digest];
    fields { digest, login, since, until }
}

impl<E: Engine> Users for E {
    fn user(&mut self, login: &str) -> Result<Option<User>, Fault> {
        self.first(("reading user", login), select!(User, "WHERE login = ?1"), &values![login], User::read)
    }

    fn users(&mut self) -> Result<Vec<User>, Fault> {
        self.all(("reading users", ""), select!(User, "ORDER BY login"), &[], User::read)
    }

    fn put_user(&mut self, user: &User) -> Result<(), Fault> {
        let sql = sql!("{} {}", User::table().insert.one, User::table().or_replace(&["created_at"]));
        self.record(("recording user", &user.login), sql, user.values())
    }

    fn page_session(&mut self, digest: &str) -> Result<Option<PageSession>, Fault> {
        let sql = select!(PageSession, "WHERE digest = ?1");
        self.first(("reading a sign-in to the pages", ""), sql, &values![digest], PageSession::read)
    }

    fn add_page_session(&mut self, session: &PageSession) -> Result<(), Fault> {
        self.add(("recording the sign-in of", &session.login), session)
    }

    fn end_page_session(&mut self, digest: &str, now: DateTime) -> Result<(), Fault> {
        let sql = "DELETE FROM page_session WHERE digest = ?1 OR until < ?2";
        self.record(("ending a sign-in to the pages", ""), sql, values![digest, now].into())
    }
}
