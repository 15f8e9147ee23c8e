//! Users of the pages and their sign-ins.

use super::SqliteTx;
use super::value::{Columns, Moment};
use crate::fault::Fault;
use crate::user::{PageSession, User, Users};
use rusqlite::params;
use yibao_domain::time::DateTime;

fn read_user(row: &mut Columns<'_, '_>) -> rusqlite::Result<User> {
    Ok(User {
        login: row.take()?,
        name: row.take()?,
        role: row.take()?,
        fixmedins_code: row.take()?,
        password: row.take()?,
        created_at: row.moment()?,
        closed_at: row.some_moment()?,
    })
}

impl Users for SqliteTx<'_> {
    fn user(&mut self, login: &str) -> Result<Option<User>, Fault> {
        let sql = "SELECT login, name, role, fixmedins_code, password, created_at, closed_at
                   FROM page_user WHERE login = ?1";
        self.first("reading user", login, sql, params![login], read_user)
    }

    fn users(&mut self) -> Result<Vec<User>, Fault> {
        let sql = "SELECT login, name, role, fixmedins_code, password, created_at, closed_at
                   FROM page_user ORDER BY login";
        self.all("reading users", "", sql, &[], read_user)
    }

    fn put_user(&mut self, user: &User) -> Result<(), Fault> {
        let sql = "INSERT INTO page_user (login, name, role, fixmedins_code, password, created_at, closed_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT (login) DO UPDATE SET (name, role, fixmedins_code, password, closed_at)
                                                   = (?2, ?3, ?4, ?5, ?7)";
        let values = params![
            user.login,
            user.name,
            user.role,
            user.fixmedins_code,
            user.password,
            Moment(user.created_at),
            user.closed_at.map(Moment)
        ];
        self.run_on_one("recording user", &user.login, sql, values)
    }

    fn page_session(&mut self, digest: &str) -> Result<Option<PageSession>, Fault> {
        let sql = "SELECT digest, login, since, until FROM page_session WHERE digest = ?1";
        self.first("reading a sign-in to the pages", "", sql, params![digest], |row| {
            Ok(PageSession { digest: row.take()?, login: row.take()?, since: row.moment()?, until: row.moment()? })
        })
    }

    fn add_page_session(&mut self, session: &PageSession) -> Result<(), Fault> {
        let sql = "INSERT INTO page_session (digest, login, since, until) VALUES (?1, ?2, ?3, ?4)";
        let values = params![session.digest, session.login, Moment(session.since), Moment(session.until)];
        self.run_on_one("recording the sign-in of", &session.login, sql, values)
    }

    fn end_page_session(&mut self, digest: &str, now: DateTime) -> Result<(), Fault> {
        let sql = "DELETE FROM page_session WHERE digest = ?1 OR until < ?2";
        self.run("ending a sign-in to the pages", "", sql, params![digest, Moment(now)]).map(drop)
    }
}
