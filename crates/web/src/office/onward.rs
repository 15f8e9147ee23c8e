//! Where a sign-in leads on to: the page that was asked for, of the office alone.

use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};

/// A page of the office; empty where the address is anything else.
pub(super) fn own_page(address: &str) -> String {
    let is_own = address.starts_with("/office/") && !address.contains(['\\', '\r', '\n']);
    if is_own { address.to_owned() } else { String::new() }
}

/// Sends somebody who is not signed in to the sign-in, from where it goes on to the page that was asked for.
pub(super) fn first(asked: &Uri) -> Response {
    let to = own_page(asked.path_and_query().map_or("", |asked| asked.as_str()));
    let query = serde_urlencoded::to_string([("to", &to)]).unwrap_or_default();
    let query = if to.is_empty() { String::new() } else { format!("?{query}") };
    Redirect::to(&format!("/office/sign-in{query}")).into_response()
}
