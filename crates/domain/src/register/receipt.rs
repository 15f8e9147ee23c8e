//! A receipt (发票、票据): the paper that the claim right of a visit hangs on.
//!
//! Its number alone is nobody's: each provider counts for itself, and the fiscal authority by bill code (票据代码). However a
//! number is written (leading zeros, spaces, full width), it is the same paper. Invariant: [`Receipt::key`] is the same for
//! two receipts with an issuer exactly where [`Receipt::compare`] says they are one and both or neither state a code.

use super::{Entry, field};
use crate::written::half_width;

/// A receipt as it is stated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt<'a> {
    /// The provider where the care was, which issued it; empty where it is not known.
    pub provider: &'a str,
    /// The bill code; empty where none is stated.
    pub code: &'a str,
    /// The number.
    pub number: &'a str,
}

/// Whether two receipts are one paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SamePaper {
    /// Same issuer and number.
    Yes,
    /// Another issuer or number.
    No,
    /// The same number, and one does not tell its issuer.
    Perhaps,
}

impl Receipt<'_> {
    /// The claim key; none where the issuer is not known, so that nobody is refused for another's paper.
    pub fn key(&self) -> Option<String> {
        let number = bare(self.number);
        match (bare(self.code), self.provider) {
            (code, _) if !code.is_empty() => Some(format!("bill:{code}:{number}")),
            (_, "") => None,
            (_, provider) => Some(format!("receipt:{provider}:{number}")),
        }
    }

    /// Whether this is the same paper as another.
    pub fn compare(&self, other: &Receipt<'_>) -> SamePaper {
        if bare(self.number) != bare(other.number) {
            return SamePaper::No;
        }
        let (code, other_code) = (bare(self.code), bare(other.code));
        let same = |is_same| if is_same { SamePaper::Yes } else { SamePaper::No };
        if !code.is_empty() && !other_code.is_empty() {
            same(code == other_code)
        } else if self.provider.is_empty() || other.provider.is_empty() {
            SamePaper::Perhaps
        } else {
            same(self.provider == other.provider)
        }
    }
}

impl Entry {
    /// The receipt that it states, if any.
    pub fn receipt(&self) -> Option<Receipt<'_>> {
        let stated = Receipt { provider: self.place(), code: field::BILL_CODE.of(self), number: &self.invono };
        (!bare(stated.number).is_empty()).then_some(stated)
    }
}

/// A number as it is compared: half width, capitals, without spaces, dashes and leading zeros.
fn bare(number: &str) -> String {
    let told: String =
        half_width(number).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    match told.trim_start_matches('0') {
        "" if !told.is_empty() => "0".to_owned(),
        significant => significant.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt<'a>(provider: &'a str, code: &'a str, number: &'a str) -> Receipt<'a> {
        Receipt { provider, code, number }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let written = ["00123456", "123456", " 0012 3456 ", "０0１２３４５６", "0012-3456", "123456　"];
        for number in written {
            assert_eq!(receipt("H1", "", number).key().as_deref(), Some("receipt:H1:123456"), "{number:?}");
            assert_eq!(receipt("H1", "", number).compare(&receipt("H1", "", "123456")), SamePaper::Yes);
        }
        assert_eq!(receipt("H1", "", "ａ-001").key(), receipt("H1", "", "A001").key());
        assert_eq!(receipt("H1", "", "0000").key().as_deref(), Some("receipt:H1:0"));
    }

    #[test]
    fn another_issuers_receipt_of_the_same_number_is_another_paper() {
        let of_hospital = receipt("H1", "", "12345678");
        let of_pharmacy = receipt("P1", "", "12345678");
        assert_eq!(of_hospital.compare(&of_pharmacy), SamePaper::No);
        assert_ne!(of_hospital.key(), of_pharmacy.key());
        // A bill code is an issuer by itself, wherever it turns up.
        assert_eq!(receipt("H1", "51010120", "7").compare(&receipt("H1", "51010121", "7")), SamePaper::No);
        assert_eq!(receipt("H1", "51010120", "7").key(), receipt("", "51010120", "07").key());
        assert_eq!(receipt("H1", "51010120", "7").compare(&receipt("", "51010120", "7")), SamePaper::Yes);
    }

    #[test]
    fn a_paper_whose_issuer_nobody_tells_claims_nothing_and_may_be_any() {
        let unknown = receipt("", "", "12345678");
        assert_eq!(unknown.key(), None);
        assert_eq!(unknown.compare(&receipt("H1", "", "12345678")), SamePaper::Perhaps);
        assert_eq!(unknown.compare(&receipt("H1", "", "12345679")), SamePaper::No);
    }
}
