//! The addresses of the endpoint: one entry for all transactions, the same with a number, one a service.
//!
//! The body's `infno` decides in every style. Whatever stands before `/fsi/` is the way through somebody's
//! gateway and means nothing here.

use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Catalogue, Envelope};

/// The one entry, as the specification prints it.
const ENTRY: &str = "/fsi/api/rsfComIfsService/callService";

/// A request path of the endpoint, from `/fsi/` on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address(String);

impl Address {
    /// The address in a request path; `None` where the path is no business of the endpoint.
    pub(crate) fn of(path: &str) -> Option<Address> {
        // Clients put base and number together themselves: `…/callService//1101`.
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let at = parts.iter().position(|part| part.eq_ignore_ascii_case("fsi"))?;
        let named = parts.get(at + 1..).filter(|named| !named.is_empty())?;
        Some(Address(format!("/fsi/{}", named.join("/"))))
    }

    /// The path from `/fsi/` on.
    pub(crate) fn path(&self) -> &str {
        &self.0
    }

    /// Refuses an address that names no service, or another transaction than the body does.
    pub(crate) fn allow(&self, envelope: &Envelope, catalogue: &Catalogue) -> Result<(), Refusal> {
        let named = catalogue.transaction_of_path(&self.0);
        if named.is_none() && !self.0.eq_ignore_ascii_case(ENTRY) {
            let shown: String = self.0.chars().take(80).collect();
            return Err(Refusal::new(Code::PathDiffers, format!("接口地址{shown}不存在，请把交易发送到{ENTRY}")));
        }
        envelope.agrees_with_path(&self.0, catalogue)
    }
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
    fn an_address_of_another_transaction_or_of_none_is_refused() {
        check("/fsi/api/rsfComIfsService/callService/2207", "1101", Some(Code::PathDiffers));
        check("/fsi/api/fsiPsnInfoService/queryPsnInfo", "2207", Some(Code::PathDiffers));
        check("/fsi/api/rsfComIfsService/callService/nothing", "1101", Some(Code::PathDiffers));
        check("/fsi/api", "1101", Some(Code::PathDiffers));
        check("/fsi/api/rsfComIfsService/callService/2207", "2207A", None);
        check("/fsi/api/rsfComIfsService/callService/2203A", "2203", None);
    }

    #[test]
    fn a_path_without_fsi_is_no_address_of_the_endpoint() {
        assert_eq!(Address::of("/docs/interface"), None);
        assert_eq!(Address::of("/fsi"), None);
    }
}
