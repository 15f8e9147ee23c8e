//! What a request carries: a message, or a message with a file beside it (multipart, 9101).

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use std::sync::Arc;
use yibao_domain::refusal::{Code, Refusal};

/// The part that holds the envelope.
const MESSAGE: &str = "jsonStr";

/// A message, and the file that came with it.
pub(super) struct Sent {
    /// The envelope's bytes.
    pub message: Bytes,
    /// The file.
    pub file: Option<Arc<Vec<u8>>>,
}

/// Takes a request's body apart where it has parts.
pub(super) async fn sent(headers: &HeaderMap, body: Bytes) -> Result<Sent, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        return Ok(Sent { message: body, file: None });
    }
    let broken = || Refusal::new(Code::Unreadable, "多部分报文(multipart)读不开；请核对边界(boundary)后重发");
    let mut request = Request::new(Body::from(body));
    *request.headers_mut() = headers.clone();
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let (mut message, mut file) = (None, None);
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let is_message = part.name() == Some(MESSAGE) || (part.file_name().is_none() && message.is_none());
        let bytes = part.bytes().await.map_err(|_| broken())?;
        if is_message {
            message = Some(bytes);
        } else {
            file = Some(Arc::new(bytes.to_vec()));
        }
    }
    let text = format!("多部分报文(multipart)缺少{MESSAGE}部分；报文信封放在{MESSAGE}，文件放在file");
    let message = message.ok_or_else(|| Refusal::new(Code::Unreadable, text))?;
    Ok(Sent { message, file })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(kind: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))])
    }

    #[tokio::test]
    async fn a_file_stands_beside_its_message() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"jsonStr\"\r\n\r\n{\"infno\":\"9101\"}\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\nPK\r\n--b--\r\n";
        let sent = sent(&headers("multipart/form-data; boundary=b"), Bytes::from(body)).await.unwrap();
        assert_eq!(sent.message, "{\"infno\":\"9101\"}");
        assert_eq!(sent.file.unwrap().as_slice(), b"PK");
    }

    #[tokio::test]
    async fn what_has_no_parts_is_the_message() {
        let sent = sent(&headers("application/json"), Bytes::from("{}")).await.unwrap();
        assert!(sent.file.is_none() && sent.message == "{}");
    }

    #[tokio::test]
    async fn parts_without_a_message_are_refused() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nPK\r\n--b--\r\n";
        let refused = sent(&headers("multipart/form-data; boundary=b"), Bytes::from(body)).await.err().unwrap();
        assert!(refused.text.contains("jsonStr"));
    }
}
