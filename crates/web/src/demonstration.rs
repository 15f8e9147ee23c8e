//! The pages of a demonstration (停机演示): a cutover that is watched, and steered, and clicked down to single persons.
//!
//! They are there only where the platform was started to demonstrate. The page works without its script, by asking again; the
//! script puts in what has changed.

mod cards;
mod curve;
mod ending;
mod fate;
mod people;
mod scene;
pub(crate) mod visited;

use crate::app::App;
use crate::frame::{Frame, shown};
use crate::office::blocking;
use crate::office::form::said;
use crate::office::guard::same_site;
use crate::played::Steering;
use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::civil::DateTime;
use scene::Scene;

/// The addresses.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/outage-demo", get(page))
        .route("/outage-demo/live", get(live))
        .route("/outage-demo/steer", post(steer))
        .route("/outage-demo/script.js", get(script))
        .route("/outage-demo/people/{which}", get(people::show))
        .route("/outage-demo/care/{id}", get(fate::show))
        .layer(from_fn(same_site))
}

/// The page with everything around what moves.
#[derive(Template)]
#[template(path = "demonstration/page.html")]
struct Page {
    frame: Frame,
    scene: Scene,
}

/// What moves, alone.
#[derive(Template)]
#[template(path = "demonstration/scene.html")]
struct Live {
    scene: Scene,
}

async fn scene(app: &App) -> Result<Scene, Response> {
    let Some(standing) = app.demonstration.as_ref().map(|play| play.standing()) else {
        return Err(crate::frame::missing(app));
    };
    blocking(app, move |app| Scene::of(app, &standing)).await.map_err(|trouble| trouble.answer(app))
}

async fn page(State(app): State<App>) -> Response {
    match scene(&app).await {
        Ok(scene) => {
            let policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; form-action 'self'; \
                          script-src 'self'; connect-src 'self'";
            let mut response = shown(&Page { frame: app.frame(), scene });
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            response
        }
        Err(answer) => answer,
    }
}

async fn live(State(app): State<App>) -> Response {
    match scene(&app).await {
        Ok(scene) => ([(header::CACHE_CONTROL, "no-store")], shown(&Live { scene })).into_response(),
        Err(answer) => answer,
    }
}

/// It is asked for with every page: that of a program of yesterday would not know the page of today.
async fn script() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../templates/demonstration/script.js"))
}

async fn steer(State(app): State<App>, Form(form): Form<Vec<(String, String)>>) -> Response {
    let Some(play) = &app.demonstration else { return crate::frame::missing(&app) };
    match wished(&form) {
        Some(wish) => {
            play.steer(wish);
            Redirect::to("/outage-demo").into_response()
        }
        None => (StatusCode::UNPROCESSABLE_ENTITY, "没有这样的操作；请用演示页上的按钮\n").into_response(),
    }
}

/// What a button wants.
fn wished(form: &[(String, String)]) -> Option<Steering> {
    match said(form, "wish") {
        "pause" => Some(Steering::Pause),
        "go" => Some(Steering::GoOn),
        "slower" => Some(Steering::Slower),
        "faster" => Some(Steering::Faster),
        "" => said(form, "to").parse::<DateTime>().ok().map(Steering::To),
        _ => None,
    }
}
