//! The slip that the person takes home (登记单): what was paid, by whom, what comes back, and the signature for it. It prints on A5 and
//! on A4.

use super::{Chrome, Visitor, entry, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Bucket, Entry, HandBack, field};
use yibao_domain::written::capitals::in_capitals;
use yibao_engine::desks::registers::EntryView;

/// The slip.
#[derive(Template)]
#[template(path = "office/slip.html")]
struct Slip {
    frame: Frame,
    chrome: Chrome,
    number: String,
    kind: RegisterKind,
    kind_name: &'static str,
    state: &'static str,
    provider: String,
    facts: Vec<(String, String)>,
    grounds: Vec<(&'static str, String)>,
    bill: Option<Bill>,
}

/// Who paid what, and what comes back.
struct Bill {
    /// What was charged; empty where nobody has stated it yet.
    charged: String,
    /// Who, and how much.
    paid: Vec<(&'static str, String)>,
    back: String,
    /// The amount to be signed for, in figures and written out; empty where it is not known yet.
    amount: String,
    capitals: String,
    /// Who has signed, and when; empty where nobody has.
    received_by: String,
    received_at: String,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor, Path(number): Path<String>) -> Response {
    match entry::found(&app, &visitor, number).await {
        Ok(view) => {
            let (entry, under) = (&view.entry, view.disposition);
            let work = app.platform.work().worded(under, entry.kind);
            shown(&Slip {
                frame: app.frame(),
                chrome: visitor.chrome(),
                number: view.entry.number.clone(),
                kind: entry.kind,
                kind_name: work.said(under, entry.kind, entry.kind.word(), entry.kind.name()),
                state: work.said(under, entry.kind, entry.state.word(), entry.state.name()),
                provider: view.kept_by.clone(),
                facts: words::stated(&work, entry),
                grounds: entry::grounds(&view),
                bill: bill(&view),
            })
        }
        Err(trouble) => trouble.answer(&app),
    }
}

/// None where the register is about no money of a person.
fn bill(view: &EntryView) -> Option<Bill> {
    let entry = &view.entry;
    if !entry.kind.is_settled() && entry.kind != RegisterKind::Papers {
        return None;
    }
    let yuan = |amount: Money| format!("{amount}元");
    let mut paid: Vec<(&'static str, String)> = Vec::new();
    let by_person = match entry.kind {
        RegisterKind::CashVisit => "患者当时付的现金",
        RegisterKind::Papers => "患者垫付的现金",
        _ => "患者已付（预收）",
    };
    let of_person = entry.paid_by_person().or(Some(entry.charged).filter(|_| entry.kind == RegisterKind::Papers));
    paid.push((by_person, of_person.map_or_else(|| "未登记".to_owned(), yuan)));
    if let Some(split) = entry.split() {
        paid.push(("其中医保基金应付", yuan(split.funds)));
        paid.push(("其中个人账户应付", yuan(split.account)));
        paid.push(("个人应负担", yuan(split.own)));
    }
    let (back, amount) = comes_back(entry);
    let received_by = entry.value("received_by");
    Some(Bill {
        charged: if entry.charged == Money::ZERO { String::new() } else { yuan(entry.charged) },
        paid,
        back,
        amount: amount.map_or_else(String::new, yuan),
        capitals: amount.map_or_else(String::new, in_capitals),
        received_at: field::HANDED_BACK_AT.text(entry).get(..16).unwrap_or_default().to_owned(),
        received_by,
    })
}

/// What comes back, and the amount to be signed for where it is known.
fn comes_back(entry: &Entry) -> (String, Option<Money>) {
    let handed_back = Some(entry.handed_back()).filter(|amount| *amount > Money::ZERO);
    match (entry.state.bucket(), entry.to_hand_back(None)) {
        (Bucket::Reimbursed, _) => {
            let refund = entry.refunded;
            (format!("手工报销{refund}元，由经办机构拨付"), Some(refund))
        }
        (_, Some(HandBack::Back(due))) => (format!("应退患者{due}元"), Some(due)),
        (_, Some(HandBack::Collect(due))) => (format!("患者还应补交{due}元"), None),
        (_, Some(HandBack::Even)) => match handed_back {
            Some(amount) => (format!("已退患者{amount}元，两清"), Some(amount)),
            None => ("款项两清，没有要退的".to_owned(), None),
        },
        (_, Some(HandBack::Unknown)) => ("患者已付的减去个人应负担，多退少补".to_owned(), None),
        (Bucket::Settled, None) => ("已随同一次就诊的另一笔台账结清".to_owned(), None),
        (Bucket::Waiting, None) if entry.kind == RegisterKind::Papers => ("审核后才知道报销多少".to_owned(), None),
        (Bucket::Waiting, None) if entry.paid_by_person() == Some(Money::ZERO) => {
            ("恢复后补录结算，结算后才知道个人应付多少".to_owned(), None)
        }
        (Bucket::Waiting, None) => {
            ("恢复后补录结算，结算后才知道退多少：基金和个人账户应付的退还患者".to_owned(), None)
        }
        (Bucket::Refused | Bucket::Withdrawn, None) => {
            let why = if entry.reason.is_empty() { String::new() } else { format!("（{}）", entry.reason) };
            (format!("{}{why}，没有要退的", entry.state.name()), None)
        }
        (Bucket::Outside, None) => ("不在停机方案的补录范围，不退".to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_domain::register::{Source, State, usual_business};

    #[test]
    fn a_slip_says_what_comes_back_as_far_as_it_is_known() {
        let (kind, care) = (RegisterKind::CashVisit, date(2020, 9, 12).at(9, 0, 0, 0));
        let draft = Entry::draft(kind, usual_business(kind), care, Source::Page, "", care);
        let mut entry = Entry { charged: "100.00".parse().unwrap(), ..draft };
        assert!(comes_back(&entry).0.contains("结算后才知道") && comes_back(&entry).1.is_none());
        for (name, amount) in [("fund_pay_sumamt", "60.00"), ("acct_pay", "10.00"), ("psn_cash_pay", "30.00")] {
            entry.details.insert(name.to_owned(), amount.to_owned());
        }
        entry.state = State::Settled;
        assert_eq!(comes_back(&entry), ("应退患者70.00元".to_owned(), Some("70.00".parse().unwrap())));
        entry.details.insert("handed_back".to_owned(), "70.00".to_owned());
        assert_eq!(comes_back(&entry).0, "已退患者70.00元，两清");
    }
}
