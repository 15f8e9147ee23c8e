//! The protocol as clients meet it: bytes in, a checked input or a refusal out.

mod clients;
mod fuzz;
mod tables;

use yibao_domain::refusal::Refusal;
use yibao_interface::{Catalogue, Checked, Envelope, check};

/// A request with this transaction and input, in an ordinary envelope.
fn request(infno: &str, input: &str) -> String {
    format!(
        r#"{{"infno":"{infno}","msgid":"H52050200001202107092000000001","mdtrtarea_admvs":"520502",
        "insuplc_admdvs":"520502","recer_sys_code":"99","dev_no":"null","dev_safe_info":"null","cainfo":"null",
        "signtype":"SM2","infver":"1.0.0","opter_type":"1","opter":"0053","opter_name":"测试员",
        "inf_time":"2021-07-09 20:00:00","fixmedins_code":"H52050200001","fixmedins_name":"毕节市测试医院",
        "sign_no":"null","input":{input}}}"#
    )
}

/// Reads and checks the bytes of a request.
fn receive(bytes: &[u8]) -> Result<Checked, Refusal> {
    check(&Envelope::parse(bytes)?, Catalogue::national())
}

/// Reads and checks an input.
fn take(infno: &str, input: &str) -> Result<Checked, Refusal> {
    receive(request(infno, input).as_bytes())
}
