//! What was sent in another way than our forms send it (收不进来的提交): files where none belong, a form as a file, a question that cannot be
//! read. The framework turns it away before any page is asked, in English; here it is said as everything else is.

use super::Trouble;
use crate::app::App;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Says in Chinese what the framework has turned away.
pub(super) async fn said(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_plain =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !response.status().is_client_error() || !is_plain {
        return response;
    }
    let status = response.status();
    let text = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "提交的内容太大，没有办理；请分几次提交，单个文件不超过10MB",
        StatusCode::METHOD_NOT_ALLOWED => "这个地址不能这样打开；请从办理台的首页进入",
        _ => "提交的方式与页面的表单不同，读不出来，没有办理；请打开这一页重新填写，再点页面上的按钮提交",
    };
    let mut answer = Trouble::Refused(text.to_owned()).answer(&app);
    *answer.status_mut() = status;
    answer
}
