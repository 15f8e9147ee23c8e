//! Users of the pages and their sign-ins.

use super::transaction::PostgresTx;
use super::value::{Columns, Unreadable, kept};
use crate::fault::Fault;
use crate::user::{PageSession, User, Users};
use yibao_domain::time::DateTime;

fn read_user(row: &mut Columns<'_>) -> Result<User, Unreadable> {
    Ok(User {
        login: row.take()?,
        name: row.take()?,
        role: row.take()?,
        fixmedins_code: row.take()?,
        password: row.take()?,
        created_at: row.take()?,
        closed_at: row.take()?,
    })
}

impl Users for PostgresTx<'_> {
    fn user(&mut self, login: &str) -> Result<Option<User>, Fault> {
        let sql = "SELECT login, name, role, fixmedins_code, password, created_at, closed_at
                   FROM page_user WHERE login = $1";
        self.first("reading user", login, sql, &[&login], read_user)
    }

    fn users(&mut self) -> Result<Vec<User>, Fault> {
        let sql = "SELECT login, name, role, fixmedins_code, password, created_at, closed_at
                   FROM page_user ORDER BY login";
        self.all("reading users", "", sql, &[], read_user)
    }

    fn put_user(&mut self, user: &User) -> Result<(), Fault> {
        let sql = "INSERT INTO page_user (login, name, role, fixmedins_code, password, created_at, closed_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)
                   ON CONFLICT (login) DO UPDATE SET (name, role, fixmedins_code, password, closed_at)
                                                   = ($2, $3, $4, $5, $7)";
        let values = kept![
            user.login,
            user.name,
            user.role,
            user.fixmedins_code,
            user.password,
            user.created_at,
            user.closed_at
        ];
        self.record("recording user", &user.login, sql, values)
    }

    fn page_session(&mut self, digest: &str) -> Result<Option<PageSession>, Fault> {
        let sql = "SELECT digest, login, since, until FROM page_session WHERE digest = $1";
        self.first("reading a sign-in to the pages", "", sql, &[&digest], |row| {
            Ok(PageSession { digest: row.take()?, login: row.take()?, since: row.take()?, until: row.take()? })
        })
    }

    fn add_page_session(&mut self, session: &PageSession) -> Result<(), Fault> {
        let sql = "INSERT INTO page_session (digest, login, since, until) VALUES ($1, $2, $3, $4)";
        let values = kept![session.digest, session.login, session.since, session.until];
        self.record("recording the sign-in of", &session.login, sql, values)
    }

    fn end_page_session(&mut self, digest: &str, now: DateTime) -> Result<(), Fault> {
        let sql = "DELETE FROM page_session WHERE digest = $1 OR until < $2";
        self.record("ending a sign-in to the pages", "", sql, kept![*digest, now])
    }
}
