//! A provider's system: builds envelopes in its vendor's habits, posts them, and reads what comes back.

use super::people::Person;
use super::providers::Provider;
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const ENTRY: &str = "/fsi/api/rsfComIfsService/callService";

/// How a vendor's client talks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Vendor {
    /// One path, JSON, compact, amounts as numbers.
    SinglePath,
    /// The number appended to the path, `text/plain`, pretty-printed, amounts as texts.
    NumberedPath,
    /// One path a service, `input` as a JSON string.
    PathByService,
    /// The draft of 2021: a base of its own, node names that the specification has dropped since.
    Draft2021,
}

/// One provider's system.
#[derive(Clone)]
pub struct Client {
    pub provider: &'static Provider,
    pub vendor: Vendor,
    /// Further headers of each call.
    pub headers: Vec<(&'static str, String)>,
    /// Where its patients are insured.
    insured_at: &'static str,
    base: String,
    clock: String,
    agent: ureq::Agent,
}

/// What came back, before anybody judges it.
pub struct Raw {
    pub status: u16,
    pub text: String,
}

impl Raw {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("HTTP {}: not JSON: {}", self.status, self.text))
    }
}

/// A reply in the national envelope.
#[derive(Clone, Debug)]
pub struct Reply {
    pub body: Value,
    pub msgid: String,
    text: String,
}

static SERIAL: AtomicU64 = AtomicU64::new(1);

/// An HTTP client that takes every status for an answer.
pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into()
}

impl Client {
    pub fn new(base: String, provider: &'static Provider, clock: &str) -> Client {
        let clock = clock.replace('T', " ");
        Client {
            provider,
            vendor: Vendor::SinglePath,
            headers: vec![],
            insured_at: provider.admdvs,
            base,
            clock,
            agent: agent(),
        }
    }

    /// The same provider with another vendor's system.
    #[must_use]
    pub fn speaking(mut self, vendor: Vendor) -> Client {
        self.vendor = vendor;
        self
    }

    /// The same for patients who are insured elsewhere.
    #[must_use]
    pub fn for_people_of(mut self, admdvs: &'static str) -> Client {
        self.insured_at = admdvs;
        self
    }

    /// The same with these headers.
    #[must_use]
    pub fn with_headers(mut self, headers: Vec<(&'static str, String)>) -> Client {
        self.headers = headers;
        self
    }

    /// A message id of the national shape that nobody has used.
    pub fn next_msgid(&self) -> String {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        format!("{}20210701{:06}{:04}", self.provider.code, serial / 10_000, serial % 10_000)
    }

    /// The whole envelope.
    pub fn envelope(&self, infno: &str, msgid: &str, input: Value) -> Value {
        json!({
            "infno": infno,
            "msgid": msgid,
            "mdtrtarea_admvs": self.provider.admdvs,
            "insuplc_admdvs": self.insured_at,
            "recer_sys_code": "99",
            "dev_no": "null",
            "dev_safe_info": "null",
            "cainfo": "null",
            "signtype": "SM2",
            "infver": "1.0.0",
            "opter_type": "1",
            "opter": "0053",
            "opter_name": "收费员",
            "inf_time": self.clock,
            "fixmedins_code": self.provider.code,
            "fixmedins_name": self.provider.name,
            "sign_no": "null",
            "input": input
        })
    }

    /// Calls, under a new message id.
    #[track_caller]
    pub fn call(&self, infno: &str, input: Value) -> Reply {
        self.send(infno, &self.next_msgid(), input)
    }

    /// Calls under this message id. Without any answer the reply is neither a success nor a refusal.
    #[track_caller]
    pub fn send(&self, infno: &str, msgid: &str, input: Value) -> Reply {
        let body = json!({"err_msg": format!("{infno}: no answer")});
        let silence = || Reply { text: body.to_string(), body, msgid: msgid.to_owned() };
        self.try_send(infno, msgid, input).unwrap_or_else(silence)
    }

    /// Calls under this message id; nothing where the connection broke or the platform reported a fault.
    #[track_caller]
    pub fn try_send(&self, infno: &str, msgid: &str, input: Value) -> Option<Reply> {
        let envelope = self.envelope(infno, msgid, input);
        let (path, content_type, body) = self.vendor.write(infno, envelope);
        let raw = self.try_post(&path, content_type, body.as_bytes())?;
        if raw.status == 503 {
            return None;
        }
        assert_eq!(raw.status, 200, "{infno}: {}", raw.text);
        Some(Reply { body: raw.json(), msgid: msgid.to_owned(), text: raw.text })
    }

    /// Calls under this message id and hands out what came back, whatever it is.
    #[track_caller]
    pub fn send_raw(&self, infno: &str, msgid: &str, input: Value) -> Raw {
        let (path, content_type, body) = self.vendor.write(infno, self.envelope(infno, msgid, input));
        self.post(&path, content_type, body.as_bytes())
    }

    /// Calls for a file and hands out its bytes.
    #[track_caller]
    pub fn fetched(&self, infno: &str, input: Value) -> Vec<u8> {
        let (path, content_type, body) = self.vendor.write(infno, self.envelope(infno, &self.next_msgid(), input));
        let request = self.agent.post(format!("{}{path}", self.base)).header("content-type", content_type);
        let mut reply = request.send(body.as_bytes()).expect("the platform answers");
        let kind = reply.headers()["content-type"].to_str().unwrap_or_default().to_owned();
        let bytes = reply.body_mut().read_to_vec().expect("a whole answer");
        assert_eq!(kind, "application/octet-stream", "{}", String::from_utf8_lossy(&bytes));
        bytes
    }

    /// Calls under this message id, again and again until the platform answers: what every provider's system does.
    #[track_caller]
    pub fn send_until_answered(&self, infno: &str, msgid: &str, input: &Value) -> Reply {
        let started = Instant::now();
        loop {
            if let Some(reply) = self.try_send(infno, msgid, input.clone()) {
                return reply;
            }
            assert!(started.elapsed() < Duration::from_secs(180), "{infno} {msgid} is never answered");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends the message and does not wait for the answer: nobody hears it once what is returned is dropped.
    pub fn send_and_hang_up(&self, infno: &str, msgid: &str, input: &Value) -> TcpStream {
        let (path, content_type, body) = self.vendor.write(infno, self.envelope(infno, msgid, input.clone()));
        let host = self.base.strip_prefix("http://").expect("the platform speaks HTTP");
        let length = body.len();
        let mut connection = TcpStream::connect(host).expect("the platform listens");
        let head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {content_type}\r\n");
        write!(connection, "{head}content-length: {length}\r\n\r\n{body}").expect("the platform listens");
        connection
    }

    /// Posts bytes to a path.
    #[track_caller]
    pub fn post(&self, path: &str, content_type: &str, body: &[u8]) -> Raw {
        self.try_post(path, content_type, body).expect("the platform answers")
    }

    /// Posts bytes to the one entry.
    #[track_caller]
    pub fn post_bytes(&self, body: &[u8]) -> Raw {
        self.post(ENTRY, "application/json", body)
    }

    fn try_post(&self, path: &str, content_type: &str, body: &[u8]) -> Option<Raw> {
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("content-type", content_type);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut reply = request.send(body).ok()?;
        let status = reply.status().as_u16();
        let text = reply.body_mut().read_to_string().ok()?;
        Some(Raw { status, text })
    }

    /// 1101 by identity card.
    #[track_caller]
    pub fn read_person(&self, person: &Person) -> Reply {
        let input = json!({"data": {
            "mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno, "card_sn": "NULL", "begntime": "",
            "psn_cert_type": "01", "certno": "", "psn_name": ""
        }});
        self.call("1101", input)
    }

    /// 9001, and the sign-in number.
    #[track_caller]
    pub fn sign_in(&self) -> String {
        let input = json!({"signIn": {"opter_no": "0053", "mac": "30-9C-23-6A-1F-02", "ip": "10.12.3.44"}});
        let output = self.call("9001", input).output();
        output["signinoutb"]["sign_no"].as_str().expect("a sign-in number").to_owned()
    }

    /// 2601 for a message of this provider.
    #[track_caller]
    pub fn reverse(&self, person: &Person, infno: &str, msgid: &str) -> Reply {
        self.call("2601", json!({"data": {"psn_no": person.psn_no, "omsgid": msgid, "oinfno": infno}}))
    }
}

impl Reply {
    /// The output, byte by byte as it was sent.
    #[track_caller]
    pub fn output_text(&self) -> &str {
        assert!(self.is_success(), "refused: {}", self.body);
        let (_, output) = self.text.split_once("\"output\":").expect("a success has an output");
        output.strip_suffix('}').expect("the output stands last in the envelope")
    }

    /// Whether it says success, in either form of infcode.
    pub fn is_success(&self) -> bool {
        self.body["infcode"] == 0 || self.body["infcode"] == "0"
    }

    /// The output of a success.
    #[track_caller]
    pub fn output(&self) -> Value {
        assert!(self.is_success(), "refused: {}", self.body);
        self.body["output"].clone()
    }

    /// The output, or the refusal's words.
    pub fn outcome(&self) -> Result<Value, String> {
        if self.is_success() { Ok(self.body["output"].clone()) } else { Err(self.words()) }
    }

    /// The text of a refusal, whose form is checked: at most 200 characters, a code in brackets at the end.
    #[track_caller]
    pub fn refusal(&self) -> String {
        assert!(!self.is_success(), "should have been refused: {}", self.body);
        assert!(self.body["infcode"] == -1 || self.body["infcode"] == "-1", "neither 0 nor -1: {}", self.body);
        let text = self.body["err_msg"].as_str().expect("err_msg is a text");
        assert!(text.chars().count() <= 200, "longer than 200 characters: {text}");
        assert!(text.ends_with(']') && text.contains('['), "no code in brackets at its end: {text}");
        text.to_owned()
    }

    /// All that a person reads: err_msg and warn_msg.
    pub fn words(&self) -> String {
        let text = |key: &str| self.body[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("err_msg"), text("warn_msg"))
    }
}

impl Vendor {
    fn write(self, infno: &str, mut envelope: Value) -> (String, &'static str, String) {
        match self {
            Vendor::SinglePath => (ENTRY.to_owned(), "application/json;charset=utf-8", envelope.to_string()),
            Vendor::NumberedPath => {
                texts(&mut envelope);
                let pretty = serde_json::to_string_pretty(&envelope).expect("JSON is writable");
                (format!("{ENTRY}/{infno}"), "text/plain; charset=utf-8", pretty)
            }
            Vendor::PathByService => {
                envelope["input"] = Value::String(envelope["input"].to_string());
                envelope["enc_type"] = json!("");
                (service_path(infno), "application/json", envelope.to_string())
            }
            Vendor::Draft2021 => {
                as_in_the_draft(infno, &mut envelope["input"]);
                (format!("/ebus/gzyb/{infno}"), "application/json;charset=utf-8", envelope.to_string())
            }
        }
    }
}

/// The node and field names of the draft.
fn as_in_the_draft(infno: &str, input: &mut Value) {
    let renamed = match infno {
        "2201" | "2206" | "2207" | "2208" | "2304" | "2305" => ("data", "mdtrtinfo"),
        "2402" => ("dscginfo", "mdtrtinfo"),
        "9001" => ("signIn", "data"),
        _ => return,
    };
    let members = input.as_object_mut().expect("an input is an object");
    let mut node = members.remove(renamed.0).expect("the specification's name");
    if let Some(department) = node.as_object_mut().and_then(|node| node.remove("dscg_dept_codg")) {
        node["dscg_dept_code"] = department;
    }
    members.insert(renamed.1.to_owned(), node);
}

/// Turns every number into its text.
fn texts(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Array(members) => members.iter_mut().for_each(texts),
        Value::Object(members) => members.values_mut().for_each(texts),
        _ => {}
    }
}

fn service_path(infno: &str) -> String {
    let service = match infno {
        "1101" => "fsiPsnInfoService/queryPsnInfo",
        "2201" => "outpatientDocInfoService/outpatientRregistration",
        "2202" => "outpatientDocInfoService/outpatientRegistrationCancel",
        "2203A" => "outpatientDocInfoService/outpatientMdtrtinfoUpA",
        "2204" => "outpatientDocInfoService/outpatientFeeListUp",
        "2205" => "outpatientDocInfoService/outpatientFeeListUpCancel",
        "2206" => "outpatientSettleService/preSettletment",
        "2207" => "outpatientSettleService/saveSettletmentV2",
        "2208" => "outpatientSettleService/cancleSettletment",
        "2301" => "hospFeeDtlService/feeDtlUp",
        "2302" => "hospFeeDtlService/feeDtlCl",
        "2303" => "hospSettService/preSett",
        "2304" => "hospSettService/settV2",
        "2305" => "hospSettService/settCl",
        "2401" => "hospitalRegisterService/hospitalRegisterSave",
        "2402" => "dscgService/dischargeProcess",
        "2601" => "reverseService/revsMethod",
        "9001" => "signInSignOutService/signIn",
        _ => return ENTRY.to_owned(),
    };
    format!("/fsi/api/{service}")
}
