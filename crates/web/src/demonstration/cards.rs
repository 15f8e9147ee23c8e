//! The numbers (数字): each with what it means and where it leads.

use crate::played::{Care, Outcome, Standing};
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_engine::desks::registers::{Board, Sizes};

/// A number.
pub(super) struct Card {
    pub name: &'static str,
    pub number: String,
    pub unit: &'static str,
    pub note: String,
    pub leads: String,
    pub class: &'static str,
}

/// Which care a list is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Which {
    AtOnce,
    Met,
    Waiting,
    Later,
    Elsewhere,
}

impl Which {
    pub(super) const ALL: [(Which, &'static str, &'static str); 5] = [
        (Which::AtOnce, "settled", "当场结算"),
        (Which::Met, "met", "遇上停机"),
        (Which::Waiting, "waiting", "等待补录"),
        (Which::Later, "entered", "已补录"),
        (Which::Elsewhere, "elsewhere", "不由医院补录"),
    ];

    pub(super) fn has(self, care: &Care) -> bool {
        match self {
            Which::AtOnce => care.outcome == Outcome::Settled,
            Which::Met => care.met_at.is_some(),
            Which::Waiting => care.outcome == Outcome::Waits,
            Which::Later => care.outcome == Outcome::EnteredLater,
            Which::Elsewhere => matches!(care.outcome, Outcome::ToClaim | Outcome::NoRoute),
        }
    }
}

/// The cards, from what happens at the tills to the closing sum.
pub(super) fn cards(standing: &Standing, board: &Board) -> Vec<Card> {
    let of = |which: Which| standing.cares.iter().filter(move |care| which.has(care));
    let count = |which: Which| of(which).count();
    let funds = |which: Which| of(which).fold(Money::ZERO, |sum, care| sum.plus(care.funds));
    let charged = |which: Which| of(which).fold(Money::ZERO, |sum, care| sum.plus(care.charged));
    let outcome = |outcome: Outcome| standing.cares.iter().filter(|care| care.outcome == outcome).count();
    let sizes = |kind: RegisterKind| board.registers.iter().find(|(of, _)| *of == kind).map(|(_, sizes)| sizes.clone());
    let stays = sizes(RegisterKind::StayConversion).unwrap_or_default();
    let list = |word: &str| format!("/outage-demo/people/{word}");
    let sum = board.total.sum;
    let care_registers = board.registers.iter().filter(|(kind, _)| kind.is_settled());
    let overdue: u64 = care_registers.map(|(_, sizes)| sizes.overdue).sum();
    vec![
        Card {
            name: "当场结算",
            number: count(Which::AtOnce).to_string(),
            unit: "笔",
            note: format!("基金支付{}元", funds(Which::AtOnce)),
            leads: list("settled"),
            class: "open",
        },
        Card {
            name: "遇上停机",
            number: count(Which::Met).to_string(),
            unit: "人次",
            note: format!("费用{}元", charged(Which::Met)),
            leads: list("met"),
            class: "closed",
        },
        Card {
            name: "等待补录",
            number: count(Which::Waiting).to_string(),
            unit: "笔",
            note: format!("其中逾期{overdue}笔"),
            leads: list("waiting"),
            class: "soon",
        },
        Card {
            name: "在院病人名单",
            number: (stays.sum.taken_in + stays.sum.outside).to_string(),
            unit: "人",
            note: format!("停机时转自费、恢复后转回：已了结{}人", finished(&stays)),
            leads: format!("/office/registers/{}", RegisterKind::StayConversion.word()),
            class: "soon",
        },
        Card {
            name: "已补录",
            number: count(Which::Later).to_string(),
            unit: "笔",
            note: format!("基金补付{}元", board.total.refunded),
            leads: list("entered"),
            class: "open",
        },
        Card {
            name: "待退款签收",
            number: board.total.to_hand_back.to_string(),
            unit: "笔",
            note: format!("基金和账户部分{}元", board.total.to_hand_back_sum),
            leads: format!("/office/registers/{}?bucket=settled", RegisterKind::CashVisit.word()),
            class: "soon",
        },
        Card {
            name: "不由医院补录",
            number: count(Which::Elsewhere).to_string(),
            unit: "人次",
            note: format!("到经办机构报销{}，公告未规定补报{}", outcome(Outcome::ToClaim), outcome(Outcome::NoRoute)),
            leads: list("elsewhere"),
            class: "later",
        },
        Card {
            name: "关账核对",
            number: if sum.closes() { "平" } else { "待更正" }.to_owned(),
            unit: "",
            note: format!(
                "收进{}＝已结算{}＋已报销{}＋已拒绝{}＋已撤回{}＋待办{}",
                sum.taken_in, sum.settled, sum.reimbursed, sum.refused, sum.withdrawn, sum.waiting
            ),
            leads: "/office/board".to_owned(),
            class: if sum.closes() { "open" } else { "closed" },
        },
    ]
}

/// How many of a register are finished.
fn finished(sizes: &Sizes) -> u64 {
    let sum = sizes.sum;
    sum.settled + sum.reimbursed + sum.refused + sum.withdrawn + sum.outside
}
