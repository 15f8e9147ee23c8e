//! What people at tills and desks read in an answer (答复): a page tells it in words alone.

use yibao_domain::refusal::{Code, Refusal};

/// Whether somebody was told that the care is not insured, or that the person is not qualified for it.
pub(super) fn is_not_entitled(refusal: &Refusal) -> bool {
    matches!(refusal.code, Code::NotEntitled | Code::NotQualified) || says_not_entitled(&refusal.text)
}

/// Whether a text says so.
pub(super) fn says_not_entitled(text: &str) -> bool {
    text.contains("就医日") && text.contains("待遇：") || text.contains("无有效的门诊慢特病资格")
}
