//! The server as a caller meets it: raw requests over a socket, against a real platform with an empty book.

#![expect(clippy::disallowed_methods, reason = "the server runs beside the test, as it does in the binary")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

use jiff::civil::{DateTime, date};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use yibao_domain::refusal::{Code, Refusal};
use yibao_engine::call::Voucher;
use yibao_engine::desks::users::Users;
use yibao_engine::{Parts, Places, Platform, Worker};
use yibao_interface::gateway::{ApiHeaders, TifHeaders};
use yibao_policy::rules::RuleBook;
use yibao_store::reference::Provider;
use yibao_store::sqlite::SqliteStore;
use yibao_store::{Mode, Store};
use yibao_web::{App, Clock, Metrics, Presented, VoucherIssuer};

/// The platform lives in the evening of the switch-over, the gateway in real time.
struct Evening;

const REAL_SECONDS: i64 = 1_900_000_000;
const ENTRY: &str = "/fsi/api/rsfComIfsService/callService";

impl Clock for Evening {
    fn now(&self) -> DateTime {
        date(2021, 7, 9).at(20, 0, 0, 0)
    }
    fn real_now(&self) -> DateTime {
        date(2030, 3, 18).at(1, 46, 40, 0)
    }
    fn real_unix_seconds(&self) -> i64 {
        REAL_SECONDS
    }
    fn rehearsal(&self) -> Option<DateTime> {
        Some(date(2021, 7, 9).at(19, 55, 0, 0))
    }
}

/// A running server; its books go when it goes.
struct Server {
    address: String,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
    _books: tempfile::TempDir,
}

fn provider(code: &str, gateway: &str, infcode_form: &str) -> Provider {
    Provider {
        fixmedins_code: code.into(),
        fixmedins_name: "毕节市试验医院".into(),
        admdvs: "520502".into(),
        hosp_lv: "3".into(),
        gateway: gateway.into(),
        paas_id: code.into(),
        paas_secret: "secret".into(),
        infcode_form: infcode_form.into(),
        fixmedins_type: "1".into(),
        ..Provider::default()
    }
}

async fn started() -> Server {
    let books = tempfile::tempdir().unwrap();
    let rules = RuleBook::embedded().unwrap();
    let pools: Vec<_> = rules.pools().iter().map(|info| info.pool.clone()).collect();
    let store = SqliteStore::open(books.path(), &pools).unwrap();
    let rows = [
        provider("H52050200001", "none", "number"),
        provider("H52050200002", "tif", "string"),
        provider("H52050200003", "api", "number"),
    ];
    let put = &mut |tx: &mut dyn yibao_store::Tx| rows.iter().try_for_each(|row| tx.put_provider(row).map(drop));
    store.open(&pools[0]).unwrap().transact(Mode::Write, put).unwrap();
    let (_, plan) = yibao_policy::plan::SHIPPED[0];
    let metrics = Arc::new(Metrics::new());
    let users = Users::open(&store, &pools, Arc::new(|_| Ok(()))).unwrap();
    let platform = Platform::open(Parts {
        store: Arc::new(store),
        pools: rules.pools().iter().map(|info| info.pool.clone()).collect(),
        calendar: Arc::new(yibao_policy::plan::national_calendar()),
        rules: Arc::new(rules),
        plans: Arc::new(vec![yibao_policy::plan::read(plan).unwrap()]),
        work: yibao_policy::registers::built_in(),
        observer: metrics.clone(),
        reply_serial: 1,
        places: Places::default(),
    });
    let platform = Arc::new(platform.unwrap());
    for worker in platform.workers() {
        std::thread::spawn(move || Worker::run(worker));
    }
    let app = App::new(platform, Arc::new(users), Arc::new(Evening), metrics).with_issuer(Arc::new(Issuer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(yibao_web::serve(listener, app, async { drop(stopped.await) }));
    Server { address, stop: Some(stop), served, _books: books }
}

/// Knows one code.
struct Issuer;

impl VoucherIssuer for Issuer {
    fn decode(&self, presented: &Presented<'_>) -> Result<Voucher, Refusal> {
        if presented.code != "good" {
            return Err(Refusal::new(Code::UnknownPerson, "请使用医保电子凭证二维码"));
        }
        Ok(Voucher {
            token: "token-of-good".into(),
            certno: "520502190001010019".into(),
            name: "王测试".into(),
            insured_at: "520500".into(),
            auth_no: "7".into(),
            business_type: presented.business_type.into(),
            ends_at: presented.at.saturating_add(jiff::Span::new().minutes(5)),
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_decoded_by_the_issuer_and_its_token_tells_who_it_is() {
    let server = started().await;
    let numbered = |number: u8, infno: &str, input: Value| {
        message(infno, "H52050200001", input).replace("2000000001\"", &format!("200000000{number}\""))
    };
    let presented = |code: &str| json!({"InData": [{"orgId": "1", "businessType": "01301", "ecQrCode": code}]});
    let wrong = server.called(ENTRY, "", &numbered(2, "6101", presented("bad"))).await;
    assert!(wrong["err_msg"].as_str().unwrap().contains("二维码"), "{wrong}");
    let decoded = server.called(ENTRY, "", &numbered(3, "6101", presented("good"))).await;
    assert_eq!(decoded["output"]["OutData"][0]["ecToken"], "token-of-good", "{decoded}");
    let read = |number, token: &str| {
        numbered(number, "1101", json!({"data": {"mdtrt_cert_type": "01", "mdtrt_cert_no": token, "certno": ""}}))
    };
    let unknown = server.called(ENTRY, "", &read(4, "another")).await;
    assert!(unknown["err_msg"].as_str().unwrap().contains("6101"), "{unknown}");
    // The token is known; nobody of that number is insured in this book.
    let known = server.called(ENTRY, "", &read(5, "token-of-good")).await;
    assert!(!known["err_msg"].as_str().unwrap().contains("令牌"), "{known}");
}

impl Server {
    /// Status, head and body of one request.
    async fn asked(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> (u16, String, String) {
        let mut connection = TcpStream::connect(&self.address).await.unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(body).await.unwrap();
        let mut text = Vec::new();
        connection.read_to_end(&mut text).await.unwrap();
        let text = String::from_utf8(text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), head.to_ascii_lowercase(), body.to_owned())
    }

    async fn called(&self, path: &str, headers: &str, body: &str) -> Value {
        let (status, _, text) = self.asked("POST", path, headers, body.as_bytes()).await;
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

fn message(infno: &str, provider: &str, input: Value) -> String {
    json!({
        "infno": infno, "msgid": format!("{provider}202107092000000001"), "mdtrtarea_admvs": "520502",
        "insuplc_admdvs": "", "recer_sys_code": "99", "infver": "1.0.0", "opter_type": "1", "opter": "1",
        "opter_name": "测试员", "inf_time": "2021-07-09 20:00:00", "fixmedins_code": provider,
        "fixmedins_name": "毕节市试验医院", "sign_no": "null", "input": input,
    })
    .to_string()
}

fn sign_in(provider: &str) -> String {
    message("9001", provider, json!({"signIn": {"opter_no": "1", "mac": "0", "ip": "10.0.0.1"}}))
}

fn lines<const N: usize>(pairs: [(&str, &str); N]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect()
}

#[track_caller]
fn check_refused(reply: &Value, code: &str) {
    assert_eq!(reply["infcode"].to_string().trim_matches('"'), "-1", "{reply}");
    let text = reply["err_msg"].as_str().unwrap();
    assert!(text.ends_with(&format!("[{code}]")), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_is_answered_on_all_three_styles_of_path() {
    let server = started().await;
    let body = sign_in("H52050200001");
    for path in [ENTRY.to_owned(), format!("/ebus/gateway{ENTRY}"), format!("{ENTRY}/9001")] {
        let reply = server.called(&path, "Content-Type: text/plain; charset=utf-8\r\n", &body).await;
        assert_eq!(reply["infcode"], 0, "{path} {reply}");
        assert!(reply["output"]["signinoutb"]["sign_no"].is_string(), "{reply}");
        assert!(reply["refmsg_time"].as_str().unwrap().starts_with("20210709200000"), "{reply}");
        assert_eq!(reply["inf_refmsgid"].as_str().unwrap().len(), 30);
    }
    check_refused(&server.called(&format!("{ENTRY}/1101"), "", &body).await, "E108");
    check_refused(&server.called(&format!("{ENTRY}/9999"), "", &body).await, "E106");
    // A path that names nothing leaves it to the body, whoever's base it is.
    for path in ["/fsi/api/nothing/here", "/CSB"] {
        assert_eq!(server.called(path, "", &body).await["infcode"], 0, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_is_answered_in_the_envelope() {
    let server = started().await;
    for body in ["", "{", "[]", "\u{1}", r#"{"infno":"9001"}"#] {
        let reply = server.called(ENTRY, "", body).await;
        assert!(reply["err_msg"].as_str().unwrap().contains("[E10"), "{body} {reply}");
        assert_eq!(reply["infcode"], -1);
    }
    check_refused(&server.called(ENTRY, "", &sign_in("H00000000000")).await, "E201");
    check_refused(&server.called(ENTRY, "", &message("9999", "H52050200001", json!({}))).await, "E106");
    let (status, head, body) = server.asked("POST", ENTRY, "", &vec![b' '; 17 * 1024 * 1024]).await;
    assert_eq!(status, 200);
    assert!(head.contains("connection: close") && body.contains("16MB") && body.contains("[E101]"), "{head} {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_business_is_refused_with_advice_and_counted_without_the_person() {
    let server = started().await;
    let data = json!({"mdtrt_cert_type": "02", "mdtrt_cert_no": "520502199001011234", "psn_no": "P1",
        "medfee_sumamt": 10, "psn_setlway": "01", "mdtrt_id": "1", "setl_id": "1", "insutype": "390",
        "med_type": "21", "mid_setl_flag": "0", "acct_used_flag": "0", "fulamt_ownpay_amt": 0,
        "overlmt_selfpay": 0, "preselfpay_amt": 0, "inscp_scp_amt": 10, "dscgTime": "2021-07-09 19:00:00"});
    let reply = server.called(ENTRY, "", &message("2304", "H52050200001", json!({"data": data}))).await;
    check_refused(&reply, "E401");
    assert!(reply["warn_msg"].as_str().unwrap().contains("恢复后"), "{reply}");
    let (_, _, metrics) = server.asked("GET", "/metrics", "", b"").await;
    assert!(metrics.contains(r#"yibao_calls_total{transaction="2304",outcome="refused"} 1"#), "{metrics}");
    assert!(metrics.contains(r#"yibao_refusals_total{reason="E401"} 1"#), "{metrics}");
    assert!(!metrics.contains("520502199001011234"));
}

#[tokio::test(flavor = "multi_thread")]
async fn form_a_is_checked_at_the_real_time_and_refused_in_the_provider_s_envelope() {
    let server = started().await;
    let body = sign_in("H52050200002");
    let signed = |nonce: &str, at| lines(TifHeaders::sign("H52050200002", "secret", nonce, at).pairs());
    assert_eq!(server.called(ENTRY, &signed("a", REAL_SECONDS), &body).await["infcode"], "0");
    check_refused(&server.called(ENTRY, &signed("a", REAL_SECONDS), &body).await, "E109");
    check_refused(&server.called(ENTRY, &signed("b", REAL_SECONDS - 1801), &body).await, "E109");
    check_refused(&server.called(ENTRY, "", &body).await, "E109");
}

#[tokio::test(flavor = "multi_thread")]
async fn form_b_is_refused_bare() {
    let server = started().await;
    let body = sign_in("H52050200003");
    let signed = |at: i64| lines(ApiHeaders::sign("9001", "1.0.0", "H52050200003", "secret", at).pairs());
    assert_eq!(server.called(ENTRY, &signed(REAL_SECONDS * 1000), &body).await["infcode"], 0);
    let late = server.called(ENTRY, &signed((REAL_SECONDS - 1801) * 1000), &body).await;
    assert_eq!(late, json!({"code": 401, "message": "签名时间戳超时!"}));
    assert_eq!(server.called(ENTRY, "", &body).await["message"], "缺少服务网关的请求头!");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_health_and_helpful_wrong_ways_are_served() {
    let server = started().await;
    for path in [
        "/",
        "/docs",
        "/docs/errors",
        "/docs/interface",
        "/docs/interface/2207",
        "/docs/interface/codes",
        "/docs/interface/codes/med_type",
    ] {
        let (status, head, body) = server.asked("GET", path, "", b"").await;
        assert_eq!(status, 200, "{path}");
        assert!(head.contains("text/html") && head.contains("content-security-policy"), "{path} {head}");
        assert!(body.contains("演练时间") && body.contains("2021-07-09 20:00:00"), "{path}");
    }
    assert_eq!(server.asked("GET", "/healthz", "", b"").await.2, "ok");
    assert_eq!(server.asked("GET", "/style.css", "", b"").await.0, 200);
    for path in ["/nothing", "/docs/interface/9999", "/docs/interface/codes/nothing"] {
        let (status, _, body) = server.asked("GET", path, "", b"").await;
        assert!(status == 404 && body.contains("没有此页"), "{path} {status}");
    }
    let (status, head, body) = server.asked("GET", ENTRY, "", b"").await;
    assert!(status == 405 && head.contains("allow: post") && body.contains("POST"), "{head}");
    let (status, _, body) = server.asked("POST", "/docs", "", b"").await;
    assert!(status == 200 && body.contains("[E101]"), "what is posted is a message, on a page's path too: {body}");
    let (status, _, body) = server.asked("PUT", "/docs", "", b"").await;
    assert!(status == 405 && body.contains("callService"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_the_server() {
    let mut server = started().await;
    server.stop.take().unwrap().send(()).unwrap();
    server.served.await.unwrap().unwrap();
}
