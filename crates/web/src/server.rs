//! The routes, and the server that runs them until it is told to stop.

use crate::app::App;
use crate::frame::missing;
use crate::{demonstration, national, office, pages};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use std::any::Any;
use std::time::Duration;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

/// How long callers that are being answered may take once the server stops.
const GRACE: Duration = Duration::from_secs(20);

/// Everything that is answered over HTTP.
pub fn router(app: App) -> Router {
    let demonstration = app.demonstration.as_ref().map_or_else(Router::new, |_| demonstration::routes());
    let is_demonstration = app.demonstration.is_some();
    let routes = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/metrics", get(metrics))
        .merge(pages::routes())
        .merge(office::routes(&app))
        .merge(demonstration)
        .fallback(other)
        .method_not_allowed_fallback(not_taken)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(guarded));
    let counted = from_fn_with_state(app.clone(), demonstration::visited::counted);
    if is_demonstration { routes.layer(counted).with_state(app) } else { routes.with_state(app) }
}

/// Serves until `stop` completes, then answers the calls under way and returns.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    // A reply is one small write; waiting to join it with a second one would cost the caller 40 ms.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "connection without TCP_NODELAY");
        }
    });
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(async move {
        stop.await;
        // The other end is gone only when the server is, and then nobody waits any more.
        let _ = stopping.send(());
    });
    #[expect(clippy::disallowed_methods, reason = "callers under way get so much real time")]
    let grace = || tokio::time::sleep(GRACE);
    tokio::select! {
        result = server.into_future() => result,
        () = async { if stopped.await.is_ok() { grace().await } else { std::future::pending().await } } => {
            tracing::warn!("stopped with connections still open");
            Ok(())
        }
    }
}

/// The national endpoint has many paths and any prefix, and clients have bases of their own: what is posted to no form of the
/// office is a message, and answered as one. Everything else is a page that does not exist.
async fn other(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    match national::Address::of(path) {
        Some(address) => national::answer(app, address, request).await,
        None if is_message(&request) => {
            let address = national::Address::posted_to(path);
            national::answer(app, address, request).await
        }
        None => missing(&app),
    }
}

/// A path that is there, but not by this method.
async fn not_taken(State(app): State<App>, request: Request) -> Response {
    if is_message(&request) {
        let address = national::Address::posted_to(request.uri().path());
        return national::answer(app, address, request).await;
    }
    let text = "此地址不接受这种请求；网页请从首页进入，交易请以POST发送到/fsi/api/rsfComIfsService/callService\n";
    (StatusCode::METHOD_NOT_ALLOWED, text).into_response()
}

/// Whether a request that no route takes is a client's message: people post from the pages of the office alone.
fn is_message(request: &Request) -> bool {
    request.method() == Method::POST && !request.uri().path().starts_with("/office")
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
        app.metrics.text(app.clock.now()),
    )
}

/// Pages hold no scripts but one file of ours and load nothing from elsewhere, and browsers are told so.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; form-action 'self'; \
                  script-src 'self'; connect-src 'self'";
    let headers = response.headers_mut();
    // The page of a demonstration has a stricter word of its own on the one script that it holds.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}

/// A page that panicked. Calls never come here: their panics are answered in the envelope.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a page panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "页面出错，已记录，请稍后再试\n").into_response()
}
