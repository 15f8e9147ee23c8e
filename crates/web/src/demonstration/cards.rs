//! The numbers (数字): each with what it means and where it leads.

use crate::played::{Care, Outcome, Standing};
use yibao_domain::money::Money;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::ClosingSum;
use yibao_engine::desks::registers::{Board, Sizes};

/// A number.
pub(super) struct Card {
    /// For programs.
    pub word: &'static str,
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
            Which::Elsewhere => {
                let elsewhere = [Outcome::ToClaim, Outcome::NoRoute, Outcome::TooLate, Outcome::SelfPays];
                care.met_at.is_some() && elsewhere.contains(&care.outcome)
            }
        }
    }
}

/// The cards, from what happens at the tills to the closing sum.
pub(super) fn cards(plan: &Plan, standing: &Standing, board: &Board) -> Vec<Card> {
    let of = |which: Which| standing.cares.iter().filter(move |care| which.has(care));
    let count = |which: Which| of(which).count();
    let funds = |which: Which| of(which).fold(Money::ZERO, |sum, care| sum.plus(care.funds));
    let charged = |which: Which| of(which).fold(Money::ZERO, |sum, care| sum.plus(care.charged));
    let outcome = |outcome: Outcome| {
        standing.cares.iter().filter(|care| care.met_at.is_some() && care.outcome == outcome).count()
    };
    let sizes = |kind: RegisterKind| board.registers.iter().find(|(of, _)| *of == kind).map(|(_, sizes)| sizes.clone());
    let stays = sizes(RegisterKind::StayConversion).unwrap_or_default();
    let list = |word: &str| format!("/outage-demo/people/{word}");
    let sum = board.total.sum;
    let care_registers = board.registers.iter().filter(|(kind, _)| kind.is_settled());
    let overdue: u64 = care_registers.map(|(_, sizes)| sizes.overdue).sum();
    let all = vec![
        Card {
            word: "settled",
            name: "当场结算",
            number: count(Which::AtOnce).to_string(),
            unit: "笔",
            note: format!("{}以来，基金支付{}元", since(standing), funds(Which::AtOnce)),
            leads: list("settled"),
            class: "open",
        },
        Card {
            word: "met",
            name: "遇上停机",
            number: count(Which::Met).to_string(),
            unit: "人次",
            note: format!("费用{}元", charged(Which::Met)),
            leads: list("met"),
            class: "closed",
        },
        Card {
            word: "waiting",
            name: "等待补录",
            number: count(Which::Waiting).to_string(),
            unit: "笔",
            note: if overdue == 0 { "没有逾期".to_owned() } else { format!("其中逾期{overdue}笔") },
            leads: list("waiting"),
            class: "soon",
        },
        Card {
            word: "stays",
            name: "在院病人名单",
            number: (stays.sum.taken_in + stays.sum.outside).to_string(),
            unit: "人",
            note: format!("停机时转自费，恢复后转回；{}人已转回或已出院", finished(&stays)),
            leads: format!("/office/registers/{}", RegisterKind::StayConversion.word()),
            class: "soon",
        },
        Card {
            word: "entered",
            name: "已补录",
            number: count(Which::Later).to_string(),
            unit: "笔",
            note: format!("基金和个人账户补付{}元", board.total.refunded),
            leads: list("entered"),
            class: "open",
        },
        Card {
            word: "to_sign",
            name: "待退款签收",
            number: board.total.to_hand_back.to_string(),
            unit: "笔",
            note: format!("基金和个人账户部分{}元", board.total.to_hand_back_sum),
            leads: format!("/office/registers/{}?bucket=settled", RegisterKind::CashVisit.word()),
            class: "soon",
        },
        Card {
            word: "elsewhere",
            name: "不由医院补录",
            number: count(Which::Elsewhere).to_string(),
            unit: "人次",
            note: elsewhere([Outcome::ToClaim, Outcome::NoRoute, Outcome::TooLate, Outcome::SelfPays].map(outcome)),
            leads: list("elsewhere"),
            class: "later",
        },
        closing(&sum),
    ];
    all.into_iter().filter(|card| card.word != "stays" || converts_stays(plan)).collect()
}

/// Whether who is in hospital becomes self-paying for the time of the stop.
pub(super) fn converts_stays(plan: &Plan) -> bool {
    plan.duties.iter().any(|duty| duty.register() == Some(RegisterKind::StayConversion))
}

/// The closing sum, without what is nothing.
fn closing(sum: &ClosingSum) -> Card {
    let parts = [
        ("办结", sum.settled),
        ("报销", sum.reimbursed),
        ("拒绝", sum.refused),
        ("撤回", sum.withdrawn),
        ("待办", sum.waiting),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}{count}")).collect();
    let (class, number) = match (sum.adds_up(), sum.closes()) {
        (true, true) => ("open", "平"),
        (true, false) => ("soon", "平"),
        (false, _) => ("closed", "不平"),
    };
    let order = match sum.awaiting_order {
        0 => String::new(),
        count => format!("；其中{count}件补在前面，其后的结算正在更正次序"),
    };
    let note = match sum.taken_in {
        0 => "台账里还没有登记".to_owned(),
        all => format!("各类台账共登记{all}件＝{}{order}", parts.join("＋")),
    };
    Card {
        word: "sum",
        name: "关账核对",
        number: number.to_owned(),
        unit: "",
        note,
        leads: "/office/board".to_owned(),
        class,
    }
}

/// What becomes of care that no hospital enters.
fn elsewhere([to_claim, no_route, too_late, self_pays]: [usize; 4]) -> String {
    let some = |count: usize, what: &str| if count == 0 { String::new() } else { format!("，{what}{count}") };
    let (late, own) = (some(too_late, "逾期未补录"), some(self_pays, "不在待遇期"));
    format!("到经办机构报销{to_claim}，公告未规定补报{no_route}{late}{own}")
}

/// The day of the first care: 6月22日.
fn since(standing: &Standing) -> String {
    let first = standing.cares.iter().map(|care| care.at).min().unwrap_or(standing.now);
    first.strftime("%-m月%-d日").to_string()
}

/// How many of a register are finished.
fn finished(sizes: &Sizes) -> u64 {
    let sum = sizes.sum;
    sum.settled + sum.reimbursed + sum.refused + sum.withdrawn + sum.outside
}
