//! A refusal (业务拒绝): the request is understood and answered "no", with what to do next.
//!
//! A refusal changes nothing and loses nothing; it is judged anew when the message comes again. A
//! fault, by contrast, is ours and lives where acting happens.

use std::fmt;

/// Why a request is refused. The published code ends every `err_msg`, in brackets; a code is never
/// reused for another meaning. The page `/docs/errors` lists them from here.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// The bytes are no envelope that can be read (E1xx: the message itself).
    Unreadable,
    /// A required field is missing.
    FieldMissing,
    /// A field has the wrong type or shape, or is too long.
    FieldShape,
    /// A coded field holds a value that its code table lacks.
    FieldCode,
    /// The node that the transaction expects is not there.
    NodeMissing,
    /// No transaction of that number exists.
    UnknownTransaction,
    /// The transaction exists, and is not offered here.
    NotOffered,
    /// Path and body name different transactions.
    PathDiffers,
    /// The gateway's headers are missing, late, repeated or wrong (form A).
    Gateway,
    /// The provider is not known here (E2xx: who calls).
    UnknownProvider,
    /// The provider is of a kind that may not do this.
    ProviderKind,
    /// The same msgid came before with other content (E3xx: once and only once).
    MessageDiffers,
    /// The message was reversed before it came, and can have no effect any more.
    MessageReversed,
    /// 2601 names a transaction that cannot be reversed.
    NotReversible,
    /// The business is closed by the outage plan (E4xx: the gate).
    Closed,
    /// No such person, or a credential that does not fit (E5xx: the person).
    UnknownPerson,
    /// Insured in another pool.
    OtherPool,
    /// No entitlement on the date of care.
    NotEntitled,
    /// The qualification that this business needs is missing.
    NotQualified,
    /// No such visit, settlement, line or record (E6xx: the state of things).
    NotFound,
    /// The record belongs to another person or provider.
    NotYours,
    /// The record's state does not allow this.
    WrongState,
    /// Already settled.
    AlreadySettled,
    /// Line or message totals differ.
    TotalsDiffer,
    /// A catalogue code that is unknown or not valid on the line's day.
    UnknownItem,
    /// Dates contradict each other.
    Dates,
    /// An amount or quantity is impossible.
    Amount,
    /// The pool's rules do not provide for it.
    NotProvided,
}

impl Code {
    /// Every code, in order, for the documentation pages.
    pub const ALL: &[Code] = &[
        Code::Unreadable,
        Code::FieldMissing,
        Code::FieldShape,
        Code::FieldCode,
        Code::NodeMissing,
        Code::UnknownTransaction,
        Code::NotOffered,
        Code::PathDiffers,
        Code::Gateway,
        Code::UnknownProvider,
        Code::ProviderKind,
        Code::MessageDiffers,
        Code::MessageReversed,
        Code::NotReversible,
        Code::Closed,
        Code::UnknownPerson,
        Code::OtherPool,
        Code::NotEntitled,
        Code::NotQualified,
        Code::NotFound,
        Code::NotYours,
        Code::WrongState,
        Code::AlreadySettled,
        Code::TotalsDiffer,
        Code::UnknownItem,
        Code::Dates,
        Code::Amount,
        Code::NotProvided,
    ];

    /// The published code.
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// What it means, in a few Chinese words.
    pub fn meaning(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        match self {
            Code::Unreadable => ("E101", "报文无法解析"),
            Code::FieldMissing => ("E102", "必填字段缺失"),
            Code::FieldShape => ("E103", "字段类型、格式或长度不符"),
            Code::FieldCode => ("E104", "字段代码不在代码表内"),
            Code::NodeMissing => ("E105", "缺少交易节点"),
            Code::UnknownTransaction => ("E106", "交易编号不存在"),
            Code::NotOffered => ("E107", "本平台暂未开通该交易"),
            Code::PathDiffers => ("E108", "地址与报文的交易编号不一致"),
            Code::Gateway => ("E109", "网关签名校验未通过"),
            Code::UnknownProvider => ("E201", "定点医药机构未登记"),
            Code::ProviderKind => ("E202", "机构类型不可办理该业务"),
            Code::MessageDiffers => ("E301", "报文ID重复而内容不同"),
            Code::MessageReversed => ("E302", "报文已被冲正"),
            Code::NotReversible => ("E303", "交易不可冲正"),
            Code::Closed => ("E401", "业务停办"),
            Code::UnknownPerson => ("E501", "人员不存在或凭证不符"),
            Code::OtherPool => ("E502", "外统筹区参保"),
            Code::NotEntitled => ("E503", "就医日无待遇"),
            Code::NotQualified => ("E504", "缺少待遇资格"),
            Code::NotFound => ("E601", "记录不存在"),
            Code::NotYours => ("E602", "记录不属于该人员或机构"),
            Code::WrongState => ("E603", "记录状态不允许"),
            Code::AlreadySettled => ("E604", "已结算"),
            Code::TotalsDiffer => ("E605", "金额合计不符"),
            Code::UnknownItem => ("E606", "目录编码无效"),
            Code::Dates => ("E607", "日期矛盾"),
            Code::Amount => ("E608", "金额或数量无效"),
            Code::NotProvided => ("E609", "统筹区政策未规定"),
        }
    }
}

/// A refusal: what is wrong with its values, then what to do, in Chinese for the operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The published reason.
    pub code: Code,
    /// What is wrong, with field and value, and the remedy. Short: an `err_msg` holds 200 characters.
    pub text: String,
    /// Longer advice, which travels in `warn_msg`: whom to telephone, which way to go instead.
    pub advice: Option<String>,
}

impl Refusal {
    /// A refusal without longer advice.
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Refusal { code, text: text.into(), advice: None }
    }

    /// The same refusal with longer advice.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.text, self.code.as_str())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_used_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{} is used twice", code.as_str());
        }
    }

    #[test]
    fn a_refusal_ends_in_its_code() {
        assert_eq!(Refusal::new(Code::NotFound, "就诊ID 1 不存在").to_string(), "就诊ID 1 不存在[E601]");
    }
}
