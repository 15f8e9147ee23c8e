//! Reads a request body within bounds of size and time.
//!
//! A body that is too large is still taken in and thrown away, up to a second bound: a caller reads the
//! reply only after it has sent everything.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use std::io::Read as _;
use std::time::Duration;
use yibao_domain::refusal::{Code, Refusal};

/// The largest body that is read: 16 MB, several times the largest fee list.
pub(crate) const BYTES_MAX: usize = 16 * 1024 * 1024;
/// How much more of a body that is too large is taken in and thrown away.
const DISCARDED_MAX: usize = 64 * 1024 * 1024;
/// The longest that a whole body may take to come.
const TIME_MAX: Duration = Duration::from_secs(60);

/// How a body begins that was packed with gzip.
const GZIP: &[u8] = b"\x1f\x8b";

/// Why a body could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unread {
    /// Larger than the bound.
    TooLarge,
    /// The connection broke, or the chunks were malformed.
    Broken,
    /// It did not come to its end in time.
    Slow,
}

impl Unread {
    /// What the caller is told.
    pub(crate) fn refusal(self) -> Refusal {
        let text = match self {
            Unread::TooLarge => "报文超过16MB，请分批上传后重发",
            Unread::Broken => "报文未收完整，请检查网络后原样重发",
            Unread::Slow => "报文在60秒内未收完整，请检查网络后原样重发",
        };
        Refusal::new(Code::Unreadable, text)
    }
}

/// Reads a body of at most `bytes_max`.
#[expect(clippy::disallowed_methods, reason = "a caller that sends slowly is given so much real time")]
pub(crate) async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Unread> {
    tokio::time::timeout(TIME_MAX, collect(body, bytes_max)).await.unwrap_or(Err(Unread::Slow))
}

/// The same however long it takes: a file on a slow line.
pub(crate) async fn collect(mut body: Body, bytes_max: usize) -> Result<Bytes, Unread> {
    let mut whole = Vec::new();
    let mut came: usize = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unread::Broken)?;
        let Ok(data) = frame.into_data() else { continue };
        came = came.saturating_add(data.len());
        if came > bytes_max.saturating_add(DISCARDED_MAX) {
            break;
        }
        if came > bytes_max {
            whole = Vec::new();
        } else {
            whole.extend_from_slice(&data);
        }
    }
    if came > bytes_max { Err(Unread::TooLarge) } else { Ok(whole.into()) }
}

/// A body as it was before its sender packed it, of at most `bytes_max`. Packed with gzip it is known by its first bytes, whether
/// or not its header says so: a proxy may have unpacked it and left the header.
pub(crate) fn unpacked(headers: &HeaderMap, body: Bytes, bytes_max: usize) -> Result<Bytes, Refusal> {
    if body.starts_with(GZIP) {
        let mut whole = Vec::new();
        let mut reader = MultiGzDecoder::new(&*body).take(bytes_max as u64 + 1);
        return match reader.read_to_end(&mut whole) {
            Ok(count) if count > bytes_max => Err(Unread::TooLarge.refusal()),
            Ok(_) => Ok(whole.into()),
            Err(_) => Err(Refusal::new(
                Code::Unreadable,
                "请求体是gzip压缩的，但解不开；请核对压缩是否完整，或发送未压缩的JSON",
            )),
        };
    }
    let said = headers.get(header::CONTENT_ENCODING).and_then(|said| said.to_str().ok()).unwrap_or_default();
    let is_packed = !matches!(said.to_ascii_lowercase().as_str(), "" | "identity" | "gzip" | "x-gzip");
    if is_packed && std::str::from_utf8(&body).is_err() {
        let shown: String = said.chars().filter(char::is_ascii_graphic).take(20).collect();
        return Err(Refusal::new(
            Code::Unreadable,
            format!("请求体是{shown}压缩的，本平台不受理；请发送未压缩的JSON，或改用gzip压缩"),
        ));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use std::fmt::Write as _;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// A server that answers what it read, and a connection to it.
    async fn connected(bytes_max: usize) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = move |body: Body| async move {
            match read(body, bytes_max).await {
                Ok(bytes) => format!("<{}>", String::from_utf8_lossy(&bytes)),
                Err(unread) => unread.refusal().to_string(),
            }
        };
        #[expect(clippy::disallowed_methods, reason = "the server runs beside the test")]
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(echo)).await });
        TcpStream::connect(address).await.unwrap()
    }

    async fn heard(connection: &mut TcpStream, until: &str) -> String {
        let mut text = String::new();
        let mut buffer = [0; 4096];
        while !text.contains(until) {
            let count = connection.read(&mut buffer).await.unwrap();
            assert!(count > 0, "ended after {text}");
            write!(text, "{}", String::from_utf8_lossy(&buffer[..count])).unwrap();
        }
        text
    }

    #[tokio::test]
    async fn a_client_that_expects_100_continue_is_told_to_go_on() {
        let mut connection = connected(100).await;
        let head = "POST /fsi/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
        connection.write_all(head.as_bytes()).await.unwrap();
        assert!(heard(&mut connection, "\r\n\r\n").await.starts_with("HTTP/1.1 100 Continue"));
        connection.write_all(b"hello").await.unwrap();
        assert!(heard(&mut connection, "<hello>").await.contains("200 OK"));
    }

    #[tokio::test]
    async fn a_body_in_chunks_is_put_together() {
        let mut connection = connected(100).await;
        let request =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";
        connection.write_all(request.as_bytes()).await.unwrap();
        heard(&mut connection, "<hello>").await;
    }

    #[tokio::test]
    async fn a_body_over_the_bound_is_taken_in_and_refused() {
        let mut connection = connected(100).await;
        let length = 3_000_000;
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(&vec![b'x'; length]).await.unwrap();
        heard(&mut connection, "[E101]").await;
    }

    #[test]
    fn a_packed_body_is_unpacked_within_the_bound_and_what_cannot_be_is_said_by_its_name() {
        use std::io::Write as _;
        let packed = |text: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(text).unwrap();
            Bytes::from(encoder.finish().unwrap())
        };
        let none = HeaderMap::new();
        let read = |body: Bytes| unpacked(&none, body, 1_000).map_err(|refusal| refusal.text);
        assert_eq!(read(packed("{\"医\":1}".as_bytes())).unwrap(), "{\"医\":1}");
        assert_eq!(read(Bytes::from("{}")).unwrap(), "{}");
        assert_eq!(read(packed(&[b' '; 1_000])).unwrap().len(), 1_000);
        assert!(read(packed(&[b' '; 1_001])).unwrap_err().contains("16MB"));
        let broken = packed(b"{}").slice(..12);
        assert!(read(broken).unwrap_err().contains("gzip压缩的，但解不开"));
        let brotli = HeaderMap::from_iter([(header::CONTENT_ENCODING, "br".parse().unwrap())]);
        let refused = unpacked(&brotli, Bytes::from_static(b"\x8b\x00\x80{}\x03"), 1_000).unwrap_err();
        assert!(refused.text.contains("请求体是br压缩的"), "{}", refused.text);
        assert_eq!(unpacked(&brotli, Bytes::from("{}"), 1_000).unwrap(), "{}", "what a proxy has unpacked");
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_bound_is_read() {
        assert_eq!(read(Body::from("12345"), 5).await.unwrap(), "12345");
        assert_eq!(read(Body::from("123456"), 5).await, Err(Unread::TooLarge));
        assert_eq!(read(Body::empty(), 5).await.unwrap(), "");
    }
}
