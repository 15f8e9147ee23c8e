//! The electronic voucher (医保电子凭证) in the demonstration, whose simulated issuer decodes what is shown at the counter.

use crate::support::client::{Client, agent};
use crate::support::program::ROOT;
use crate::support::providers::Provider;
use crate::support::server::{LEASH, free_port};
use serde_json::json;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The demonstration's hospital whose account is open.
static HOSPITAL: Provider = Provider {
    code: "H52050200102",
    name: "七星关示范区人民医院",
    admdvs: "520502",
    benefit_level: "2",
    hosp_lv: "5",
    gateway: "none",
    paas_id: "",
    paas_secret: "",
    infcode_form: "number",
    dialect: "",
    supplies_special_drugs: false,
};
/// Another hospital of the city.
static OTHER: Provider = Provider { code: "H52050200101", name: "毕节示范市第一人民医院", ..HOSPITAL };

/// Zhao of the demonstration.
const CERTNO: &str = "520521196801089032";

struct Demonstration {
    leash: Child,
    base: String,
    _folder: TempDir,
}

impl Demonstration {
    fn start() -> Demonstration {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let listen = format!("127.0.0.1:{}", free_port());
        let mut command = Command::new("sh");
        command.args(["-c", LEASH, "leash"]).arg(folder.path()).arg(env!("CARGO_BIN_EXE_yibao"));
        command.args(["demo", "--listen", &listen, "--data"]).arg(folder.path().join("demo"));
        command.current_dir(ROOT).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let base = format!("http://{listen}");
        let demonstration = Demonstration { leash: command.spawn().unwrap(), base, _folder: folder };
        let began = Instant::now();
        while agent().get(format!("{}/healthz", demonstration.base)).call().is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the demonstration does not answer");
            thread::sleep(Duration::from_millis(20));
        }
        demonstration
    }

    fn client(&self, provider: &'static Provider) -> Client {
        Client::new(self.base.clone(), provider, "2021-07-07T09:00:00")
    }
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        // The leash ends it where this does not get through.
        let _ = self.leash.stdin.take().map(|mut input| input.write_all(b"kill\n"));
        let _ = self.leash.wait();
    }
}

#[test]
fn a_code_is_decoded_and_its_token_alone_tells_who_it_is_where_it_was_shown() {
    let demonstration = Demonstration::start();
    let (client, other) = (demonstration.client(&HOSPITAL), demonstration.client(&OTHER));
    let shown = |code: &str| json!({"InData": [{"orgId": HOSPITAL.code, "businessType": "01301", "ecQrCode": code}]});
    assert!(client.call("6101", shown("nonsense")).refusal().contains("ec:"));
    let decoded = client.call("6101", shown(&format!("ec:{CERTNO}"))).output();
    let token = decoded["OutData"][0]["ecToken"].as_str().unwrap().to_owned();
    assert_eq!(
        (&decoded["OutData"][0]["idNo"], &decoded["OutData"][0]["userName"]),
        (&json!(CERTNO), &json!("赵示泰"))
    );
    let read = |client: &Client, token: &str, certno: &str| {
        client.call("1101", json!({"data": {"mdtrt_cert_type": "01", "mdtrt_cert_no": token, "certno": certno}}))
    };
    // Some clients put the token where the identity number belongs as well.
    for certno in ["", token.as_str()] {
        assert_eq!(read(&client, &token, certno).output()["baseinfo"]["certno"], json!(CERTNO));
    }
    assert!(read(&client, "0000000000", "").refusal().contains("6101"));
    assert!(read(&other, &token, "").refusal().contains("重新扫码"));
    let as_1162 = client.call("1162", json!({"data": {"businessType": "01301", "ecQrCode": format!("ec:{CERTNO}")}}));
    assert_eq!(as_1162.output()["data"]["idNo"], json!(CERTNO));
}
