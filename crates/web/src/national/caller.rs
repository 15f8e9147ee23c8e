//! Who calls, as far as it is known.

use crate::app::App;
use jiff::civil::DateTime;
use yibao_engine::Provider;
use yibao_interface::{Catalogue, InfcodeForm};

/// What the reply and the log need of whoever calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Caller {
    /// The transaction's number as the national table writes it, or `unknown`.
    pub transaction: &'static str,
    /// The sender's message id.
    pub msgid: String,
    /// The code of a provider that is registered here; empty before that is known.
    pub provider: String,
    /// How its client reads `infcode`.
    pub form: InfcodeForm,
    /// The dialect in which it reads replies; empty for most.
    pub dialect: String,
    /// 接收方报文ID.
    pub reply_id: String,
}

impl Caller {
    /// A caller of whom nothing is known yet.
    pub(super) fn unknown(app: &App, received: DateTime) -> Caller {
        Caller {
            transaction: "unknown",
            msgid: String::new(),
            provider: String::new(),
            form: InfcodeForm::default(),
            dialect: String::new(),
            reply_id: app.platform.reply_id(None, received),
        }
    }

    /// What a message says of itself.
    pub(super) fn says(&mut self, infno: &str, msgid: &str) {
        self.msgid = msgid.to_owned();
        if let Some(transaction) = Catalogue::national().transaction(infno) {
            self.transaction = &transaction.infno;
        }
    }

    /// It is this provider, which is answered in the name of its pool and as its client reads.
    pub(super) fn is(&mut self, app: &App, provider: &Provider, received: DateTime) {
        self.provider.clone_from(&provider.fixmedins_code);
        self.form = if provider.infcode_form == "string" { InfcodeForm::Text } else { InfcodeForm::Number };
        self.dialect.clone_from(&provider.dialect);
        self.reply_id = app.platform.reply_id(Some(provider), received);
    }
}
