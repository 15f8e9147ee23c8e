//! What came of a call, and the HTTP response that says so.
//!
//! Success and refusal are 200, because clients take any other status for an outage. A fault, a full
//! queue and a platform that stops are 503 with `Retry-After`, in the same envelope.

use super::caller::Caller;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::DateTime;
use std::borrow::Cow;
use yibao_domain::refusal::{Code, Refusal};
use yibao_engine::Answer;
use yibao_interface::gateway::ApiRefusal;
use yibao_interface::{Answer as Said, Catalogue, Reply, in_dialect};

/// What the caller is told of a fault. The codes stand in `/docs/errors`.
pub(crate) const FAULT: (&str, &str) = ("S501", "平台发生故障，请用原报文(msgid不变)重新发送，不会重复记账");
/// What the caller is told of a full queue.
pub(crate) const BUSY: (&str, &str) = ("S502", "平台繁忙，请稍候用原报文(msgid不变)重新发送，不会重复记账");

/// The transaction that answers with a file.
const DOWNLOAD: &str = "9102";

/// A file in place of the envelope.
fn download(name: &str, bytes: &[u8]) -> Response {
    let safe: String = name.chars().filter(|letter| letter.is_ascii_graphic() && !"\"\\;".contains(*letter)).collect();
    let mut response =
        (StatusCode::OK, [(header::CONTENT_TYPE, "application/octet-stream")], bytes.to_vec()).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{safe}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// What came of a call.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Success, with the remarks of the checks before it.
    Answered(Answer, Vec<String>),
    /// Refused, with the remarks of the checks before it.
    Refused(Refusal, Vec<String>),
    /// Form B of the gateway turned the caller away, without envelope.
    TurnedAwayBare(ApiRefusal),
    /// We could not answer: the chain of causes, for the log.
    Fault(String),
    /// The queue is full.
    Busy,
    /// The platform stops.
    Closing,
}

impl Outcome {
    /// One word, for metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Outcome::Answered(..) => "answered",
            Outcome::Refused(..) | Outcome::TurnedAwayBare(_) => "refused",
            Outcome::Fault(_) => "fault",
            Outcome::Busy => "busy",
            Outcome::Closing => "closing",
        }
    }

    /// The published reason of a refusal.
    pub(super) fn refusal_code(&self) -> Option<Code> {
        match self {
            Outcome::Refused(refusal, _) => Some(refusal.code),
            Outcome::TurnedAwayBare(_) => Some(Code::Gateway),
            _ => None,
        }
    }

    /// The published code, for the log; `0` is success.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Outcome::Answered(..) => "0",
            Outcome::Fault(_) => FAULT.0,
            Outcome::Busy | Outcome::Closing => BUSY.0,
            Outcome::Refused(refusal, _) => refusal.code.as_str(),
            Outcome::TurnedAwayBare(_) => Code::Gateway.as_str(),
        }
    }

    /// The response to the caller.
    pub(super) fn into_response(self, caller: &Caller, received: DateTime, responded: DateTime) -> Response {
        let reply = |said: Said<'_>, remarks: &[String]| {
            let reply = Reply {
                infcode_form: caller.form,
                inf_refmsgid: &caller.reply_id,
                refmsg_time: received,
                respond_time: responded.max(received),
                remarks,
                // A client that fetches files looks for the word, else saves what came as a file.
                is_download: caller.transaction == DOWNLOAD,
                answer: said,
            };
            reply.to_bytes()
        };
        let ours = |(code, text): (&str, &str)| reply(Said::Fault(&format!("{text}[{code}]")), &[]);
        let (status, bytes) = match self {
            Outcome::Answered(Answer { file: Some((name, bytes)), .. }, _) => return download(&name, &bytes),
            Outcome::Answered(answer, mut remarks) => {
                remarks.extend(answer.remarks);
                let transaction = Catalogue::national().transaction(caller.transaction);
                let output = transaction.map_or(Cow::Borrowed(answer.output.as_str()), |transaction| {
                    in_dialect(transaction, &caller.dialect, &answer.output)
                });
                (StatusCode::OK, reply(Said::Output(&output), &remarks))
            }
            Outcome::Refused(refusal, remarks) => (StatusCode::OK, reply(Said::Refused(&refusal), &remarks)),
            Outcome::TurnedAwayBare(refusal) => (StatusCode::OK, refusal.body().into_bytes()),
            Outcome::Fault(_) => (StatusCode::SERVICE_UNAVAILABLE, ours(FAULT)),
            Outcome::Busy | Outcome::Closing => (StatusCode::SERVICE_UNAVAILABLE, ours(BUSY)),
        };
        let mut response = (status, [(header::CONTENT_TYPE, "application/json;charset=UTF-8")], bytes).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::{Value, json};
    use yibao_interface::InfcodeForm;

    fn caller(form: InfcodeForm) -> Caller {
        let reply_id = "520500202107092000030000000001".to_owned();
        Caller {
            transaction: "2207",
            msgid: "m".into(),
            provider: "H52050200001".into(),
            form,
            dialect: String::new(),
            reply_id,
        }
    }

    async fn said(outcome: Outcome, form: InfcodeForm) -> (u16, Value, Response) {
        let received = date(2021, 7, 9).at(20, 0, 3, 7_000_000);
        let response = outcome.into_response(&caller(form), received, received);
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let status = head.status.as_u16();
        (status, serde_json::from_slice(&bytes).unwrap(), Response::from_parts(head, axum::body::Body::empty()))
    }

    #[tokio::test]
    async fn a_success_carries_output_and_the_remarks_of_checks_and_engine() {
        let answer = Answer { output: r#"{"setlinfo":{}}"#.into(), remarks: vec!["后".into()], file: None };
        let (status, body, _) = said(Outcome::Answered(answer, vec!["先".into()]), InfcodeForm::Number).await;
        assert_eq!((status, &body["infcode"], &body["warn_msg"]), (200, &json!(0), &json!("先；后")));
        assert_eq!(body["output"], json!({"setlinfo": {}}));
        assert_eq!(body["refmsg_time"], "20210709200003007");
        assert_eq!(body["inf_refmsgid"], "520500202107092000030000000001");
    }

    #[tokio::test]
    async fn a_refusal_is_200_with_its_code_last_and_its_advice_first() {
        let refusal = Refusal::new(Code::Closed, "住院结算停办").advise("请拨打0857-8296182");
        let (status, body, _) = said(Outcome::Refused(refusal, vec!["备注".into()]), InfcodeForm::Text).await;
        assert_eq!((status, &body["infcode"]), (200, &json!("-1")));
        assert_eq!(body["err_msg"], "住院结算停办[E401]");
        assert_eq!(body["warn_msg"], "请拨打0857-8296182；备注");
        assert_eq!(body["output"], Value::Null);
    }

    #[tokio::test]
    async fn a_fault_and_a_full_queue_are_503_and_say_that_sending_again_is_safe() {
        for outcome in [Outcome::Fault("disk full".into()), Outcome::Busy] {
            let code = outcome.code();
            let (status, body, response) = said(outcome, InfcodeForm::Number).await;
            assert_eq!((status, &body["infcode"]), (503, &json!(-1)));
            let text = body["err_msg"].as_str().unwrap();
            assert!(text.contains("重新发送") && text.ends_with(&format!("[{code}]")), "{text}");
            assert!(!text.contains("disk"), "causes are for the log");
            assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        }
    }

    #[tokio::test]
    async fn form_b_turns_away_without_an_envelope() {
        let (status, body, _) = said(Outcome::TurnedAwayBare(ApiRefusal::Late), InfcodeForm::Number).await;
        assert_eq!((status, body), (200, json!({"code": 401, "message": "签名时间戳超时!"})));
    }
}
