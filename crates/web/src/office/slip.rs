//! The slip that the person takes home (登记单): what was paid, by whom, what comes back, and the signature for it. It prints on A5 and
//! on A4.

use super::{Chrome, Visitor, entry, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use yibao_domain::money::Money;
use yibao_domain::outage::{RegisterKind, VISITORS};
use yibao_domain::register::{self, Bucket, Entry, HandBack, field};
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
    /// Whether the hospital may have money to hand back, which is signed for.
    is_signed_for: bool,
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
    if !entry.kind.is_settled() && !entry.is_claim_by_papers() {
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
    if entry.collected() > Money::ZERO {
        paid.push(("恢复后补收", yuan(entry.collected())));
    }
    let Back { said: back, signed_for } = comes_back(entry, view.is_claimed);
    let amount = signed_for.flatten();
    let received_by = entry.value("received_by");
    Some(Bill {
        charged: if entry.charged == Money::ZERO { String::new() } else { yuan(entry.charged) },
        paid,
        back,
        is_signed_for: signed_for.is_some(),
        amount: amount.map_or_else(String::new, yuan),
        capitals: amount.map_or_else(String::new, in_capitals),
        received_at: field::HANDED_BACK_AT.text(entry).get(..16).unwrap_or_default().to_owned(),
        received_by,
    })
}

/// What comes back.
#[derive(PartialEq, Eq, Debug)]
struct Back {
    said: String,
    /// The hospital hands money back, or may have to: `Some(None)` where the amount is not known yet.
    signed_for: Option<Option<Money>>,
}

impl Back {
    /// Money that the hospital hands back is signed for.
    fn by_the_hospital(said: impl Into<String>, amount: Option<Money>) -> Back {
        Back { said: said.into(), signed_for: Some(amount) }
    }

    /// Nothing comes back from the hospital.
    fn not_here(said: impl Into<String>) -> Back {
        Back { said: said.into(), signed_for: None }
    }
}

/// What comes back; `is_claimed`: the agency pays it, and no hospital.
fn comes_back(entry: &Entry, is_claimed: bool) -> Back {
    let handed_back = Some(entry.handed_back()).filter(|amount| *amount > Money::ZERO);
    match (entry.state.bucket(), entry.to_hand_back(None)) {
        (Bucket::Reimbursed, _) => Back::not_here(format!("手工报销{}元，由经办机构拨付", entry.refunded)),
        (_, Some(HandBack::Back(due))) => Back::by_the_hospital(format!("应退患者{due}元"), Some(due)),
        (_, Some(HandBack::Collect(due))) => Back::not_here(format!("没有要退的，患者还应补交{due}元")),
        (_, Some(HandBack::Even)) => match handed_back {
            Some(amount) => Back::by_the_hospital(format!("已退患者{amount}元，两清"), Some(amount)),
            None => Back::not_here("款项两清，没有要退的"),
        },
        (_, Some(HandBack::Unknown)) => Back::by_the_hospital("患者已付的减去个人应负担，多退少补", None),
        (Bucket::Settled, None) => Back::not_here("已随同一次就诊的另一笔台账结清"),
        (Bucket::Waiting, None) => while_it_waits(entry, is_claimed),
        (Bucket::Refused, None) if entry.state == register::State::SelfPaid && has_paid_ahead(entry) => {
            Back::by_the_hospital("按自费结清，医保不支付：已收的与实际费用由医院同患者多退少补", None)
        }
        (Bucket::Refused | Bucket::Withdrawn, None) => {
            let why = if entry.reason.is_empty() { String::new() } else { format!("（{}）", entry.reason) };
            Back::not_here(format!("{}{why}，没有要退的", entry.state.name()))
        }
        (Bucket::Outside, None) => Back::not_here("不在停机方案的补录范围，不退"),
    }
}

/// Whether the person has paid a hospital something before it was known what the care came to.
fn has_paid_ahead(entry: &Entry) -> bool {
    field::PREPAYMENT.of(entry).is_some_and(|paid| paid > Money::ZERO)
}

fn while_it_waits(waiting: &Entry, is_claimed: bool) -> Back {
    if waiting.kind == RegisterKind::Papers {
        return Back::not_here("由经办机构审核报销，审核后才知道报销多少");
    }
    if waiting.is_made_good_elsewhere() {
        return Back::not_here(VISITORS);
    }
    if is_claimed {
        return Back::not_here("由经办机构报销，机构不退款：请按“依据”里的办法和期限到经办机构办理");
    }
    match waiting.paid_by_person() {
        Some(paid) if paid > Money::ZERO && waiting.kind == RegisterKind::CashVisit => {
            Back::by_the_hospital("恢复后补录结算，结算后才知道退多少：基金和个人账户应付的退还患者", None)
        }
        Some(paid) if paid > Money::ZERO => {
            Back::by_the_hospital(format!("恢复后补录结算，已付的{paid}元与个人应付的多退少补"), None)
        }
        // Nobody has paid anything ahead: there is nothing to hand back.
        Some(_) => Back::not_here("恢复后补录结算，结算后才知道个人应付多少"),
        None => Back::not_here("恢复后补录结算，结算后才知道个人应付多少；已付的登记后多退少补"),
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
        assert!(comes_back(&entry, false).said.contains("结算后才知道退多少"));
        assert_eq!(comes_back(&entry, false).signed_for, Some(None));
        let claimed = comes_back(&entry, true);
        assert!(claimed.said.contains("到经办机构办理") && claimed.signed_for.is_none(), "{claimed:?}");
        for (name, amount) in [("fund_pay_sumamt", "60.00"), ("acct_pay", "10.00"), ("psn_cash_pay", "30.00")] {
            entry.details.insert(name.to_owned(), amount.to_owned());
        }
        entry.state = State::Settled;
        let due = Some("70.00".parse().unwrap());
        assert_eq!(comes_back(&entry, false), Back::by_the_hospital("应退患者70.00元", due));
        entry.details.insert("handed_back".to_owned(), "70.00".to_owned());
        assert_eq!(comes_back(&entry, false).said, "已退患者70.00元，两清");
    }

    #[test]
    fn who_has_paid_a_deposit_and_pays_all_alone_is_told_that_the_rest_comes_back() {
        let (kind, care) = (RegisterKind::Admission, date(2020, 9, 12).at(9, 0, 0, 0));
        let draft = Entry::draft(kind, usual_business(kind), care, Source::Page, "", care);
        let mut entry = Entry { state: State::SelfPaid, ..draft };
        assert!(comes_back(&entry, false).said.contains("没有要退的"));
        entry.details.insert("prepayment".to_owned(), "900.00".to_owned());
        let told = comes_back(&entry, false);
        assert!(told.said.contains("多退少补") && told.signed_for == Some(None), "{told:?}");
    }

    #[test]
    fn a_stay_on_which_nothing_was_paid_promises_no_refund_and_who_owes_signs_for_none() {
        let (kind, care) = (RegisterKind::DeferredDischarge, date(2020, 9, 12).at(9, 0, 0, 0));
        let draft = Entry::draft(kind, usual_business(kind), care, Source::Page, "", care);
        let mut entry = Entry { charged: "2000.00".parse().unwrap(), ..draft };
        let waiting = comes_back(&entry, false);
        assert!(waiting.said.contains("个人应付多少") && waiting.signed_for.is_none(), "{waiting:?}");
        entry.details.insert("prepayment".to_owned(), "1500.00".to_owned());
        let deposit = comes_back(&entry, false);
        assert!(
            deposit.said.contains("1500.00元与个人应付的多退少补") && deposit.signed_for == Some(None),
            "{deposit:?}"
        );
        for (name, amount) in [("fund_pay_sumamt", "100.00"), ("acct_pay", "0.00"), ("psn_cash_pay", "1900.00")] {
            entry.details.insert(name.to_owned(), amount.to_owned());
        }
        entry.state = State::Settled;
        assert_eq!(comes_back(&entry, false), Back::not_here("没有要退的，患者还应补交400.00元"));
    }
}
