//! The addresses of the endpoint: one entry for all transactions, the same with a number, one a service, and whatever base a
//! client has of its own.
//!
//! The body's `infno` decides in every style. Whatever stands before `/fsi/` is the way through somebody's
//! gateway and means nothing here.

use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Catalogue, Envelope};

/// The one entry, as the specification prints it.
const ENTRY: &str = "/fsi/api/rsfComIfsService/callService";

/// A request path that messages come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address(String);

impl Address {
    /// The address in a request path; `None` where the path is no business of the endpoint.
    pub(crate) fn of(path: &str) -> Option<Address> {
        // Clients put base and number together themselves: `…/callService//1101`.
        let parts = parts(path);
        let at = parts.iter().position(|part| part.eq_ignore_ascii_case("fsi"))?;
        let named = parts.get(at + 1..).filter(|named| !named.is_empty())?;
        Some(Address(format!("/fsi/{}", named.join("/"))))
    }

    /// The address in the path of somebody who has a base of his own (`/CSB`, `/ebus/…/2201`): any path that is posted to.
    pub(crate) fn posted_to(path: &str) -> Address {
        Address::of(path).unwrap_or_else(|| Address(format!("/{}", parts(path).join("/"))))
    }

    /// The path, from `/fsi/` on where it has that.
    pub(crate) fn path(&self) -> &str {
        &self.0
    }

    /// Refuses an address that names another transaction than the body does, or a number that no transaction has.
    pub(crate) fn allow(&self, envelope: &Envelope, catalogue: &Catalogue) -> Result<(), Refusal> {
        if catalogue.transaction_of_path(&self.0).is_none()
            && let Some(number) = self.0.rsplit('/').next().filter(|last| is_number(last))
        {
            let text = if number.eq_ignore_ascii_case(&envelope.infno) {
                format!("交易编号infno\"{number}\"不存在(接口地址末尾也是{number})，请核对接口规范的交易编号")
            } else {
                format!("接口地址末尾的交易编号{number}不存在，请核对接口地址，或把交易发送到{ENTRY}")
            };
            return Err(Refusal::new(Code::UnknownTransaction, text));
        }
        envelope.agrees_with_path(&self.0, catalogue)
    }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// Whether a part of a path looks like the number of a transaction: four to six digits, perhaps with the letter of a variant.
fn is_number(part: &str) -> bool {
    let digits = part.strip_suffix(|last: char| last.is_ascii_alphabetic()).unwrap_or(part);
    (4..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(infno: &str) -> Envelope {
        let body = format!(r#"{{"infno":"{infno}","msgid":"1","fixmedins_code":"H52050200001","input":{{}}}}"#);
        Envelope::parse(body.as_bytes()).unwrap()
    }

    #[track_caller]
    fn check(path: &str, infno: &str, expected: Option<Code>) {
        let address = Address::of(path).unwrap();
        let result = address.allow(&envelope(infno), Catalogue::national());
        assert_eq!(result.err().map(|refusal| refusal.code), expected, "{path} {infno}");
    }

    #[test]
    fn three_styles_lead_to_the_same_transaction_behind_any_prefix() {
        for path in [
            "/fsi/api/rsfComIfsService/callService",
            "/fsi/api/rsfComIfsService/callService/",
            "/ebus/gzyb/fsi/api/rsfComIfsService/callService",
            "/fsi/api/rsfComIfsService/callService/1101",
            "/a/b/fsi/api/rsfComIfsService/callService/1101",
            "/fsi/api/fsiPsnInfoService/queryPsnInfo",
            "/isp-api/fsi/api/fsiPsnInfoService/queryPsnInfo",
            "/fsi/api/rsfComIfsService/callService//1101/",
            "//FSI/API/RsfComIfsService/CallService",
            "/fsi/api/FsiPsnInfoService/QueryPsnInfo",
        ] {
            check(path, "1101", None);
        }
    }

    #[test]
    fn an_address_of_another_transaction_is_refused() {
        check("/fsi/api/rsfComIfsService/callService/2207", "1101", Some(Code::PathDiffers));
        check("/fsi/api/fsiPsnInfoService/queryPsnInfo", "2207", Some(Code::PathDiffers));
        check("/fsi/api/rsfComIfsService/callService/2207", "2207A", None);
        check("/fsi/api/rsfComIfsService/callService/2203A", "2203", None);
    }

    #[test]
    fn a_number_that_no_transaction_has_is_unknown_and_a_path_without_one_leaves_it_to_the_body() {
        check("/fsi/api/rsfComIfsService/callService/9999", "1101", Some(Code::UnknownTransaction));
        check("/fsi/api/rsfComIfsService/callService/9999A", "1101", Some(Code::UnknownTransaction));
        let own = Address::of("/fsi/api/rsfComIfsService/callService/2560").unwrap();
        let text = |infno| own.allow(&envelope(infno), Catalogue::national()).unwrap_err().text;
        assert!(
            text("2560").contains("交易编号infno\"2560\"不存在") && !text("2560").contains("发送到"),
            "{}",
            text("2560")
        );
        assert!(text("1101").contains("发送到/fsi/api/"), "{}", text("1101"));
        check("/fsi/api/rsfComIfsService/callService/nothing", "1101", None);
        check("/fsi/api", "1101", None);
    }

    #[test]
    fn a_base_of_a_clients_own_is_an_address_too() {
        let allow = |path: &str| Address::posted_to(path).allow(&envelope("2201"), Catalogue::national());
        for path in ["/CSB", "/", "/ebus/gzyb/2201", "/api/yb/", "/a/fsi/api/rsfComIfsService/callService"] {
            assert_eq!(allow(path), Ok(()), "{path}");
        }
        assert_eq!(allow("/ebus/gzyb/2207").unwrap_err().code, Code::PathDiffers);
        assert_eq!(allow("/ebus/gzyb/9999").unwrap_err().code, Code::UnknownTransaction);
    }

    #[test]
    fn a_path_without_fsi_is_no_address_of_the_endpoint() {
        assert_eq!(Address::of("/docs/interface"), None);
        assert_eq!(Address::of("/fsi"), None);
    }
}
