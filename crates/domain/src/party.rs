//! Parties (交互方): whoever sends something to the platform, and answers for it.
//!
//! A party is in the call, in the key of the journal and in the turns of the queue, so that what one sends neither collides
//! with another's nor holds it up.

use crate::outage::words::vocabulary;
use std::fmt;

vocabulary! {
    /// What a party is.
    PartyKind {
        Provider = "provider", "定点医药机构";
        Tax = "tax", "税务征收渠道";
        Bank = "bank", "合作银行";
        Insurer = "insurer", "大病保险承办公司";
        /// The national hub of remote care.
        Hub = "hub", "异地就医结算平台";
        /// The book of another pool.
        Pool = "pool", "其他统筹区";
        /// The platform itself, in the name of the provider whose code it bears: a backfill, a correction of order.
        Platform = "platform", "平台代办";
        /// A person at a desk of the agency or of a provider.
        Clerk = "clerk", "经办人员";
    }
}

/// One party: a provider by its code, a pool by its division, a clerk by the login.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Party {
    kind: PartyKind,
    code: String,
}

impl Party {
    /// The party of this kind and code.
    pub fn new(kind: PartyKind, code: impl Into<String>) -> Party {
        Party { kind, code: code.into() }
    }

    /// A provider (定点医药机构).
    pub fn provider(fixmedins_code: &str) -> Party {
        Party::new(PartyKind::Provider, fixmedins_code)
    }

    /// The platform in the name of a provider (平台代办): what a provider sends never stands in the way of it.
    pub fn platform(fixmedins_code: &str) -> Party {
        Party::new(PartyKind::Platform, fixmedins_code)
    }

    /// A person at a desk (经办人员).
    pub fn clerk(login: &str) -> Party {
        Party::new(PartyKind::Clerk, login)
    }

    /// What it is.
    pub fn kind(&self) -> PartyKind {
        self.kind
    }

    /// Its code among those of its kind.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The party that [`Party`]'s text names: `provider/H52050200102`.
    pub fn of_text(text: &str) -> Option<Party> {
        let (kind, code) = text.split_once('/')?;
        Some(Party::new(PartyKind::of_word(kind)?, code))
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.word(), self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_told_by_its_kind_and_code_whatever_the_code_holds() {
        for kind in PartyKind::ALL {
            for code in ["H52050200102", "", "a/b", "张三"] {
                let party = Party::new(*kind, code);
                assert_eq!(Party::of_text(&party.to_string()), Some(party));
            }
        }
        assert_eq!(Party::of_text("nobody/1"), None);
        assert_eq!(Party::of_text("provider"), None);
        assert_ne!(Party::provider("1"), Party::clerk("1"));
    }
}
