//! Signing in and out, and changing one's password.

use super::form::said;
use super::kept::{self, BODY_MAX, Kept, Routes};
use super::onward::own_page;
use super::visitor::{Visitor, forget, keep, sent};
use super::{Chrome, Said, Trouble, again, blocking, guard};
use crate::app::App;
use crate::frame::{Frame, shown};
use crate::national::body::{self, Unread};
use askama::Template;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
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
    /// A form that was sent after its sign-in had ended, or the page that was asked for.
    waits: Waits,
}

/// What comes after the sign-in.
#[derive(Clone, Default)]
struct Waits {
    to: String,
    kept: Option<Kept>,
}

impl Waits {
    fn of(typed: &[(String, String)]) -> Waits {
        Waits { to: own_page(said(typed, "to")), kept: Kept::of(typed) }
    }

    /// What the form carries of it.
    fn carried(&self) -> Vec<(String, String)> {
        let to = (!self.to.is_empty()).then(|| ("to".to_owned(), self.to.clone()));
        to.into_iter().chain(self.kept.iter().filter(|kept| !kept.is_too_long).flat_map(Kept::carried)).collect()
    }
}

/// Answers what is sent without a sign-in with the page of the sign-in, which carries it; and sees to it that no answer to a form
/// loses what was typed.
pub(super) async fn hold(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !kept::comes_back(request.uri().path()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let visitor = match Visitor::of(&parts.headers, &app).await {
        Ok(visitor) => visitor,
        Err(Trouble::SignIn) => {
            let kept = Kept::read(Request::from_parts(parts, body)).await;
            return with(&app, kept);
        }
        Err(trouble) => {
            let response = trouble.answer(&app);
            return again::with_form(&app, response, Request::from_parts(parts, body)).await;
        }
    };
    // However long a file takes on a slow line.
    let whole = match body::collect(body, BODY_MAX).await {
        Ok(whole) => whole,
        Err(unread) => {
            let text = match unread {
                Unread::TooLarge => {
                    "提交的内容超过21MB，没有办理；单个文件不超过10MB，请分成几个文件或去掉图片后再提交"
                }
                Unread::Broken | Unread::Slow => "提交的内容没有收完整，没有办理；请检查网络后再提交",
            };
            return Trouble::Refused(text.to_owned()).answer(&app);
        }
    };
    // Should the platform be too busy to show the form again, this brings it back.
    let mut once_more = Request::new(Body::from(whole.clone()));
    (*once_more.method_mut(), *once_more.uri_mut()) = (parts.method.clone(), parts.uri.clone());
    once_more.headers_mut().clone_from(&parts.headers);
    parts.extensions.insert(visitor);
    let response = next.run(Request::from_parts(parts, Body::from(whole))).await;
    again::with_form(&app, response, once_more).await
}

/// The page of the sign-in as the answer to a form that was sent without one, which it carries.
fn with(app: &App, kept: Kept) -> Response {
    let page = SignInPage::of(app, "", "", "", Waits { to: String::new(), kept: Some(kept) });
    (StatusCode::FORBIDDEN, shown(&page)).into_response()
}

impl SignInPage {
    fn of(app: &App, pool: &str, login: &str, problem: impl Into<String>, waits: Waits) -> SignInPage {
        let served = app.platform.pools();
        let infos = app.platform.rules().pools().iter().filter(|info| served.contains(&info.pool));
        let mut pools: Vec<_> = infos.map(|info| (info.pool.to_string(), info.name.clone())).collect();
        if pools.len() < 2 {
            pools.clear();
        }
        let (pool, login) = (pool.to_owned(), login.to_owned());
        SignInPage { frame: app.frame(), pools, pool, login, problem: problem.into(), waits }
    }

    /// The page where the platform could not do it, with all that it carries.
    fn again(app: &App, pool: &str, login: &str, trouble: Trouble, waits: Waits) -> Response {
        match trouble.said() {
            Ok(Said { status, text }) => {
                (status, shown(&SignInPage::of(app, pool, login, text, waits))).into_response()
            }
            Err(trouble) => trouble.answer(app),
        }
    }
}

pub(super) async fn show(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Response {
    shown(&SignInPage::of(&app, "", "", "", Waits { to: own_page(said(&query, "to")), kept: None }))
}

pub(super) async fn submit(
    State(app): State<App>,
    Extension(routes): Extension<Routes>,
    headers: HeaderMap,
    Form(typed): Form<Vec<(String, String)>>,
) -> Response {
    let (pool, login) = (said(&typed, "pool").to_owned(), said(&typed, "login").to_lowercase());
    let password =
        typed.iter().find(|(name, _)| name == "password").map(|(_, value)| value.clone()).unwrap_or_default();
    let waits = Waits::of(&typed);
    let served = app.platform.pools();
    let Some(chosen) = served.iter().find(|known| known.as_str() == pool || served.len() == 1).cloned() else {
        let page = SignInPage::of(&app, &pool, &login, "请选择统筹区", waits);
        return (StatusCode::UNPROCESSABLE_ENTITY, shown(&page)).into_response();
    };
    match tried(&app, chosen.clone(), login.clone(), password).await {
        Ok(Outcome::SignedIn(secret)) => {
            let cookie = keep(&chosen, &secret, &headers);
            let next = match &waits.kept {
                Some(kept) => kept.shown_again(&app, routes, &sent(&chosen, &secret)).await,
                None if waits.to.is_empty() => Ok(Redirect::to("/office").into_response()),
                None => Ok(Redirect::to(&waits.to).into_response()),
            };
            let next = match next {
                Ok(next) => next,
                Err(trouble @ (Trouble::Busy | Trouble::Fault(_))) => {
                    SignInPage::again(&app, &pool, &login, trouble, waits)
                }
                Err(trouble) => trouble.answer(&app),
            };
            ([(header::SET_COOKIE, cookie)], next).into_response()
        }
        Ok(Outcome::Wrong) => {
            let page = SignInPage::of(&app, &pool, &login, "登录名或密码不对，请核对后再试；忘记密码请找管理员", waits);
            (StatusCode::FORBIDDEN, shown(&page)).into_response()
        }
        Ok(Outcome::Wait(seconds)) => {
            let minutes = (seconds + 59) / 60;
            let page = SignInPage::of(&app, &pool, &login, format!("密码连续输错，请{minutes}分钟后再试"), waits);
            (StatusCode::TOO_MANY_REQUESTS, shown(&page)).into_response()
        }
        Err(trouble) => SignInPage::again(&app, &pool, &login, trouble, waits),
    }
}

/// A password's hash takes 19 MB and a tenth of a second: at most two are worked on at once.
async fn tried(app: &App, pool: Pool, login: String, password: String) -> Result<Outcome, Trouble> {
    let _turn = app.hashing.acquire().await.map_err(|_| Trouble::Busy)?;
    blocking(app, move |app| Ok(app.users.sign_in(&pool, &login, &password, app.clock.now())?)).await
}

pub(super) async fn leave(State(app): State<App>, visitor: Visitor, Form(stated): Form<Stated>) -> Response {
    let left = async {
        guard::is_token(stated.get("token").map_or("", String::as_str), &visitor)?;
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
    let refused = |text: String| {
        (StatusCode::UNPROCESSABLE_ENTITY, shown(&PasswordPage::of(&app, &visitor, text))).into_response()
    };
    match guard::is_token(&token, &visitor) {
        Ok(()) => {}
        // Passwords come back nowhere, not even to who has typed them.
        Err(Trouble::Refused(_)) => return refused("登录已更新，密码还没有更换；请重新输入".to_owned()),
        Err(trouble) => return trouble.answer(&app),
    }
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
        Err(trouble) => match trouble.said() {
            Ok(Said { status, text }) => (status, shown(&PasswordPage::of(&app, &visitor, text))).into_response(),
            Err(trouble) => trouble.answer(&app),
        },
    }
}
