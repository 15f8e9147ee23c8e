//! Who asks for a page: a signed-in user, by the cookie.

use super::{Chrome, Trouble, blocking, onward};
use crate::app::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use cookie::{Cookie, SameSite};
use sha2::{Digest, Sha256};
use yibao_domain::code::Pool;
use yibao_domain::register::Role;
use yibao_domain::written::hexadecimal;
use yibao_engine::desks::registers::Actor;
use yibao_engine::desks::users::SignedIn;

/// The cookie's name.
const COOKIE: &str = "yibao_office";
/// Where it is sent: to the office only.
const PATH: &str = "/office";

/// A signed-in user.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub user: SignedIn,
    /// What the browser keeps.
    secret: String,
    /// Tells the forms of the page that is being asked for from those of every other one.
    submission: String,
    /// The name of the user's provider; empty for the agency.
    provider: String,
    /// The name of the pool.
    pool: String,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, Response> {
        if let Some(known) = parts.extensions.get::<Visitor>() {
            return Ok(known.clone());
        }
        Visitor::of(&parts.headers, app).await.map_err(|trouble| match trouble {
            Trouble::SignIn if parts.method == Method::GET => onward::first(&parts.uri),
            trouble => trouble.answer(app),
        })
    }
}

fn find(app: &App, pool: &Pool, secret: String) -> Result<Visitor, Trouble> {
    // A cookie may be of another platform at the same address, with other pools.
    if app.platform.registers(pool).is_none() {
        return Err(Trouble::SignIn);
    }
    let user = app.users.signed_in(pool, &secret, app.clock.now())?.ok_or(Trouble::SignIn)?;
    let provider = match user.fixmedins_code.as_str() {
        "" => String::new(),
        code => {
            let found = app.platform.provider(code, app.clock.now())?;
            found.map_or_else(|| code.to_owned(), |found| found.fixmedins_name.clone())
        }
    };
    let pool = app.platform.rules().pool(pool).map_or_else(|| pool.to_string(), |info| info.name.clone());
    let submission = app.users.form_number()?;
    Ok(Visitor { user, secret, submission, provider, pool })
}

/// Who comes to a demonstration without signing in: somebody of the agency of the made-up city.
fn guest(app: &App, pool: Pool) -> Result<Visitor, Trouble> {
    let (login, name) = ("canguan".to_owned(), "参观者".to_owned());
    let user = SignedIn { pool: pool.clone(), login, name, role: Role::Agency, fixmedins_code: String::new() };
    let pool = app.platform.rules().pool(&pool).map_or_else(|| pool.to_string(), |info| info.name.clone());
    let submission = app.users.form_number()?;
    Ok(Visitor { user, secret: app.guests.to_string(), submission, provider: String::new(), pool })
}

impl Visitor {
    /// Who sends a request; [`Trouble::SignIn`] where nobody is signed in, or not any more.
    pub(super) async fn of(headers: &HeaderMap, app: &App) -> Result<Visitor, Trouble> {
        let found = match kept(headers) {
            Some((pool, secret)) => blocking(app, move |app| find(app, &pool, secret)).await,
            None => Err(Trouble::SignIn),
        };
        match (found, &app.demonstration) {
            (Err(Trouble::SignIn), Some(demonstration)) => guest(app, demonstration.standing().pool.clone()),
            (found, _) => found,
        }
    }

    /// Whether the whole pool's entries are shown, as the agency sees them.
    pub(super) fn is_agency(&self) -> bool {
        !self.user.role.keeps_to_its_own()
    }

    /// The user as the registers know whoever acts.
    pub(super) fn actor(&self) -> Actor {
        let SignedIn { login, name, role, fixmedins_code, .. } = self.user.clone();
        Actor { login, name, role, fixmedins_code }
    }

    /// What stands around this user's pages.
    pub(super) fn chrome(&self) -> Chrome {
        let place = match self.user.role {
            Role::Agency => "医保经办机构".to_owned(),
            role if self.is_agency() => role.name().to_owned(),
            _ => self.provider.clone(),
        };
        Chrome {
            name: self.user.name.clone(),
            place,
            pool: self.pool.clone(),
            is_agency: self.is_agency(),
            token: self.token(),
            submission: self.submission.clone(),
        }
    }

    /// Stands in this user's forms: nobody who does not know the secret can tell its first half, and the second one is the user's
    /// in every sign-in.
    pub(super) fn token(&self) -> String {
        let digest = Sha256::digest(format!("form {}", self.secret));
        format!("{}.{}", hexadecimal(&digest[..16]), self.mark())
    }

    /// Tells this user's forms from those of others. It proves nothing: it decides only to whom a form is shown again.
    pub(super) fn mark(&self) -> String {
        let digest = Sha256::digest(format!("user {} {}", self.user.pool, self.user.login));
        hexadecimal(&digest[..8])
    }

    pub(super) fn secret(&self) -> &str {
        &self.secret
    }
}

/// Pool and secret from the cookie.
fn kept(headers: &HeaderMap) -> Option<(Pool, String)> {
    let texts = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let cookies = texts.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let value = cookies.into_iter().find(|cookie| cookie.name() == COOKIE)?.value().to_owned();
    let (pool, secret) = value.split_once('.')?;
    Some((Pool::new(pool), secret.to_owned()))
}

/// The cookie of a sign-in. It has no lifetime of its own: the platform ends the sign-in, the browser forgets it when it is closed.
pub(super) fn keep(pool: &Pool, secret: &str, headers: &HeaderMap) -> String {
    let is_secure = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let cookie = Cookie::build((COOKIE, format!("{pool}.{secret}"))).path(PATH).http_only(true);
    cookie.same_site(SameSite::Strict).secure(is_secure).build().to_string()
}

/// The same as a browser sends it.
pub(super) fn sent(pool: &Pool, secret: &str) -> String {
    format!("{COOKIE}={pool}.{secret}")
}

/// The cookie that takes it back.
pub(super) fn forget() -> String {
    Cookie::build((COOKIE, "")).path(PATH).removal().build().to_string()
}
