//! What clients and desks hear of a settlement (结算结果), as they keep it until it is judged.

use super::{Heard, Settled, World};
use crate::life::Event;
use jiff::civil::DateTime;
use serde_json::Value;
use yibao_domain::money::Money;
use yibao_domain::register::Entry;

impl World<'_> {
    /// Keeps what a client was told of a settlement.
    pub(crate) fn note(&mut self, event: &Event, by: &str, answer: &Value) {
        let at = self.office.now();
        let sent = self.settling.take().filter(|(of, _)| *of == event.id).map_or(at, |(_, sent)| sent);
        let text = |name: &str| answer["setlinfo"][name].as_str().map(str::to_owned);
        let funds = answer["setlinfo"]["fund_pay_sumamt"].to_string().trim_matches('"').parse::<Money>();
        let setl_id = text("setl_id").unwrap_or_default();
        let funds = funds.ok().map(|funds| funds.as_fen());
        let case = self.case(event.id);
        case.stuck.clear();
        let (by, reply) = (by.to_owned(), Heard::from(answer));
        case.settled.push(Settled {
            setl_id,
            by,
            sent,
            at,
            funds,
            cancelled: false,
            reply,
            undone: None,
            waited_since: None,
        });
    }

    /// What the desk entered, who was asked to at that moment.
    pub(super) fn took(&mut self, event: &Event, entry: &Entry, sent: DateTime) {
        let at = self.office.now();
        // Where another entry of the same stay refunds it, this one does not say how it was split.
        let of_settlement = || self.office.look(|tx| tx.settlement(&entry.setl_id)).ok().flatten();
        let funds = entry.split().map(|split| split.funds);
        let funds = funds.or_else(|| Some(of_settlement()?.settlement.fund_pay_sumamt)).map(|funds| funds.as_fen());
        let case = self.case(event.id);
        case.stuck.clear();
        case.mdtrt_id.clone_from(&entry.mdtrt_id);
        let setl_id = entry.setl_id.clone();
        let (by, reply) = ("register".to_owned(), Heard::default());
        let settled =
            Settled { setl_id, by, sent, at, funds, cancelled: false, reply, undone: None, waited_since: None };
        case.settled.push(settled);
    }
}
