//! A call: a checked message of a party, and the answer it gets.

use std::sync::Arc;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::DateTime;
use yibao_interface::{Input, Output};
use yibao_store::Fault;
use yibao_store::message::MessageKey;
use yibao_store::reference::Provider;

/// The most rows that one message may have, and the most fee lines that one register entry keeps. A call has the pool's
/// writer for itself, and so many lines are a matter of some tenths of a second; whoever has more sends several messages.
pub(crate) const ROWS_MAX: usize = 5_000;

/// A message that has passed the envelope, the gateway and the generic checks of the tables.
#[derive(Clone, Debug)]
pub struct Call {
    /// Transaction number (交易编号).
    pub infno: String,
    /// Who answers for it: the sender of the message, or the platform where a backfill or a correction makes the call.
    pub party: Party,
    /// The sender's message id; with the party and the transaction the key of once-and-only-once.
    pub msgid: String,
    /// The provider that calls, or in whose name a call is made; none where the party is no provider.
    pub provider: Option<Arc<Provider>>,
    /// The division (医保区划) whose pool keeps the book: the provider's, else the one that the party names.
    pub admdvs: String,
    /// Where the person is insured, as the sender believes; empty means here.
    pub insuplc_admdvs: String,
    /// Operator (经办人).
    pub opter: String,
    /// The operator's name.
    pub opter_name: String,
    /// What the transaction says, in canonical form.
    pub input: Input,
    /// The file that came beside the message (9101).
    pub file: Option<Arc<Vec<u8>>>,
    /// What the issuer says of the code that was presented (6101, 1162).
    pub voucher: Option<Voucher>,
    /// When the platform took the message: the clock of recording, which the gate goes by.
    pub now: DateTime,
    /// What it comes from.
    pub origin: Origin,
}

/// What the issuer of the electronic voucher (医保电子凭证) says of a code that was presented.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Voucher {
    /// 身份核验令牌 (`ecToken`).
    pub token: String,
    /// Identity number (`idNo`).
    pub certno: String,
    /// Name; empty where the issuer does not tell it.
    pub name: String,
    /// 参保地 (`insuOrg`); empty where the issuer does not tell it.
    pub insured_at: String,
    /// 授权流水号 (`authNo`).
    pub auth_no: String,
    /// 用码业务类型.
    pub business_type: String,
    /// From when on the token counts no more.
    pub ends_at: DateTime,
}

impl Call {
    /// What tells its message from every other.
    pub fn key(&self) -> MessageKey {
        MessageKey::new(self.party.clone(), &self.msgid, &self.infno)
    }

    /// The provider whose care or records it is about; refuses a party that is none.
    pub(crate) fn provider(&self) -> Result<&Arc<Provider>, Refusal> {
        self.provider.as_ref().ok_or_else(|| {
            let (infno, party) = (&self.infno, &self.party);
            let text =
                format!("交易 {infno} 须由定点医药机构发送,发送方是{}({party});请由医药机构办理", party.kind().name());
            Refusal::new(Code::ProviderKind, text)
        })
    }
}

/// The refusal of a party whose division belongs to none of the pools here, or to another one than the person.
pub(crate) fn not_of_this_platform(party: &Party, admdvs: &str) -> Refusal {
    let (kind, code) = (party.kind().name(), party.code());
    let text = format!("{kind} {code} 的医保区划 {admdvs} 不属于这里办理的统筹区；请核对登记信息和接入地址");
    Refusal::new(Code::UnknownProvider, text)
}

/// What a call comes from. A fact of who makes it, never read from what a message says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// A message of the party.
    Message,
    /// A step of a register entry's own backfill.
    Backfill {
        /// The entry's number.
        entry: String,
        /// Who runs it.
        by: String,
    },
    /// A settlement made anew in its order, or put back.
    Correction {
        /// Who corrects.
        by: String,
        /// The standing settlement that is made anew; empty where one is put back.
        of: String,
    },
}

impl Origin {
    /// The entry whose own backfill it is.
    pub(crate) fn entry(&self) -> Option<&str> {
        match self {
            Origin::Backfill { entry, .. } => Some(entry),
            Origin::Message | Origin::Correction { .. } => None,
        }
    }

    /// The standing settlement that it makes anew.
    pub(crate) fn redone(&self) -> Option<&str> {
        match self {
            Origin::Correction { of, .. } if !of.is_empty() => Some(of),
            Origin::Message | Origin::Backfill { .. } | Origin::Correction { .. } => None,
        }
    }

    /// Who acts on an entry by it, where that is a person who was named when it was made.
    pub(crate) fn actor_on(&self, number: &str) -> Option<&str> {
        match self {
            Origin::Backfill { entry, by } if entry == number => Some(by),
            Origin::Correction { by, .. } => Some(by),
            Origin::Message | Origin::Backfill { .. } => None,
        }
    }
}

/// What a call is answered with when it succeeds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The reply's `output` as JSON text; `null` where the transaction has none.
    pub output: String,
    /// Remarks for `warn_msg`; empty where there are none.
    pub remarks: Vec<String>,
    /// A file that is answered in place of the envelope (9102): its name and its bytes.
    pub file: Option<(String, Arc<Vec<u8>>)>,
}

/// Called once with the outcome of a call: by a worker, or at once where nobody lets it in.
pub(crate) type ReplyTo = Box<dyn FnOnce(Result<Answer, Stop>) + Send>;

/// Why a call is not answered with success.
#[derive(Debug)]
pub enum Stop {
    /// Understood and answered "no"; nothing changed.
    Refused(Refusal),
    /// We could not answer; nothing was kept, sending again is safe.
    Fault(Fault),
    /// The queue is full; nothing was kept, sending again after a moment is safe.
    Busy,
    /// The platform stops; nothing was kept, sending again once it serves is safe.
    Closing,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(fault)
    }
}

/// What a handler has done.
pub(crate) struct Done {
    /// The reply's output.
    pub output: Output,
    /// Remarks for the operator.
    pub remarks: Vec<String>,
    /// The record it made that 2601 can name: a setl_id, or a mdtrt_id for 2401. Empty otherwise.
    pub effect: String,
    /// A file that is answered in place of the envelope.
    pub file: Option<(String, Arc<Vec<u8>>)>,
}

impl Done {
    /// An answer with output.
    pub fn with(output: Output) -> Self {
        Done { output, remarks: Vec::new(), effect: String::new(), file: None }
    }

    /// An answer of a transaction that has no output.
    pub fn silently() -> Self {
        Done::with(Output::None)
    }

    /// The same answer with a remark for the operator.
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// The same answer with the record it made.
    pub fn effect(mut self, id: impl Into<String>) -> Self {
        self.effect = id.into();
        self
    }
}
