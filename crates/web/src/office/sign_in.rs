//! Signing in and out, and changing one's password.

use super::visitor::{Visitor, forget, keep};
use super::{Chrome, Trouble, blocking, guard};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeMap;
use yibao_domain::code::Pool;
use yibao_engine::desks::users::{Change, Outcome, PASSWORD_LENGTH_MIN};

/// Fields of a form; each comes once.
pub(super) type Stated = BTreeMap<String, String>;

/// The page with the form.
#[derive(Template)]
#[template(path = "office/sign_in.html")]
struct SignInPage {
    frame: Frame,
    /// Code and name of the pools to choose from; empty where there is only one.
    pools: Vec<(String, String)>,
    pool: String,
    login: String,
    problem: String,
}

impl SignInPage {
    fn of(app: &App, pool: &str, login: &str, problem: impl Into<String>) -> SignInPage {
        let served = app.platform.pools();
        let infos = app.platform.rules().pools().iter().filter(|info| served.contains(&info.pool));
        let mut pools: Vec<_> = infos.map(|info| (info.pool.to_string(), info.name.clone())).collect();
        if pools.len() < 2 {
            pools.clear();
        }
        let (pool, login) = (pool.to_owned(), login.to_owned());
        SignInPage { frame: app.frame(), pools, pool, login, problem: problem.into() }
    }
}

pub(super) async fn show(State(app): State<App>) -> Response {
    shown(&SignInPage::of(&app, "", "", ""))
}

pub(super) async fn submit(State(app): State<App>, headers: HeaderMap, Form(stated): Form<Stated>) -> Response {
    let said = |name: &str| stated.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let (pool, login) = (said("pool"), said("login").to_lowercase());
    let password = stated.get("password").cloned().unwrap_or_default();
    let served = app.platform.pools();
    let Some(chosen) = served.iter().find(|known| known.as_str() == pool || served.len() == 1).cloned() else {
        let page = SignInPage::of(&app, &pool, &login, "请选择统筹区");
        return (StatusCode::UNPROCESSABLE_ENTITY, shown(&page)).into_response();
    };
    match tried(&app, chosen.clone(), login.clone(), password).await {
        Ok(Outcome::SignedIn(secret)) => {
            ([(header::SET_COOKIE, keep(&chosen, &secret, &headers))], Redirect::to("/office")).into_response()
        }
        Ok(Outcome::Wrong) => {
            let page = SignInPage::of(&app, &pool, &login, "登录名或密码不对，请核对后再试；忘记密码请找管理员");
            (StatusCode::FORBIDDEN, shown(&page)).into_response()
        }
        Ok(Outcome::Wait(seconds)) => {
            let minutes = (seconds + 59) / 60;
            let page = SignInPage::of(&app, &pool, &login, format!("密码连续输错，请{minutes}分钟后再试"));
            (StatusCode::TOO_MANY_REQUESTS, shown(&page)).into_response()
        }
        Err(trouble) => trouble.answer(&app),
    }
}

/// A password's hash takes 19 MB and a tenth of a second: at most two are worked on at once.
async fn tried(app: &App, pool: Pool, login: String, password: String) -> Result<Outcome, Trouble> {
    let _turn = app.hashing.acquire().await.map_err(|_| Trouble::Busy)?;
    blocking(app, move |app| Ok(app.users.sign_in(&pool, &login, &password, app.clock.now())?)).await
}

pub(super) async fn leave(State(app): State<App>, visitor: Visitor, Form(stated): Form<Stated>) -> Response {
    let left = async {
        guard::is_token(stated.get("token").map(String::as_str), &visitor.token())?;
        blocking(&app, move |app| Ok(app.users.sign_out(&visitor.user.pool, visitor.secret(), app.clock.now())?)).await
    };
    match left.await {
        Ok(()) => ([(header::SET_COOKIE, forget())], Redirect::to("/office/sign-in")).into_response(),
        Err(trouble) => trouble.answer(&app),
    }
}

/// The page on which a user changes the password.
#[derive(Template)]
#[template(path = "office/password.html")]
struct PasswordPage {
    frame: Frame,
    chrome: Chrome,
    length_min: usize,
    problem: String,
}

impl PasswordPage {
    fn of(app: &App, visitor: &Visitor, problem: impl Into<String>) -> PasswordPage {
        let problem = problem.into();
        PasswordPage { frame: app.frame(), chrome: visitor.chrome(), length_min: PASSWORD_LENGTH_MIN, problem }
    }
}

pub(super) async fn show_password(State(app): State<App>, visitor: Visitor) -> Response {
    shown(&PasswordPage::of(&app, &visitor, ""))
}

pub(super) async fn change_password(
    State(app): State<App>,
    visitor: Visitor,
    Form(mut stated): Form<Stated>,
) -> Response {
    let mut said = |name: &str| stated.remove(name).unwrap_or_default();
    let (token, submission) = (said("token"), said("submission"));
    let (present, new, again) = (said("present"), said("new"), said("again"));
    if let Err(trouble) = guard::is_token(Some(&token), &visitor.token()) {
        return trouble.answer(&app);
    }
    let refused = |text: String| {
        (StatusCode::UNPROCESSABLE_ENTITY, shown(&PasswordPage::of(&app, &visitor, text))).into_response()
    };
    if new != again {
        return refused("两次输入的新密码不同，请重新输入".to_owned());
    }
    let Ok(_turn) = app.hashing.acquire().await else { return Trouble::Busy.answer(&app) };
    let by = visitor.user.clone();
    let changed =
        blocking(&app, move |app| Ok(app.users.change_password(&by, app.clock.now(), &submission, &present, &new)?));
    match changed.await {
        Ok(Change::Changed) => ([(header::SET_COOKIE, forget())], Redirect::to("/office/sign-in")).into_response(),
        Ok(Change::Wrong) => refused("现在的密码不对，请重新输入".to_owned()),
        Ok(Change::NotTaken(text)) => refused(text),
        Err(trouble) => trouble.answer(&app),
    }
}
