//! A register written as a table of text, whose heads the import understands.

use crate::desks::registers::list::{ListFilter, ListRow};
use crate::desks::registers::{Registers, list};
use crate::register::Actor;
use crate::register::problem::NotDone;
use yibao_domain::money::Money;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::refusal::Code;
use yibao_domain::register::{FieldKind, FieldSpec, HANDED_BACK_AT, HandBack, WorkTable};
use yibao_domain::time::{DateTime, moment_text};

/// The most rows of one export.
const EXPORT_MAX: usize = 50_000;
/// Columns before the register's own.
const FIRST: [&str; 4] = ["台账号", "操作", "状态", "业务"];
/// Columns behind them.
const LAST: [&str; 16] = [
    "机构代码",
    "期限",
    "是否逾期",
    "费用总额(元)",
    "基金支付(元)",
    "个人账户支付(元)",
    "个人应负担(元)",
    "应退患者(元)",
    "退款金额(元)",
    "退款时间",
    "领款人",
    "就诊ID",
    "结算ID",
    "原因",
    "收件时间",
    "经办人",
];
/// Columns of yuan.
const AMOUNTS: [&str; 6] =
    ["费用总额(元)", "基金支付(元)", "个人账户支付(元)", "个人应负担(元)", "应退患者(元)", "退款金额(元)"];
/// A register as a table of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SheetTable {
    /// Heads of columns.
    pub labels: Vec<String>,
    /// Which columns hold yuan.
    pub amounts: Vec<bool>,
    /// Rows in the order of care.
    pub rows: Vec<Vec<String>>,
}

impl Registers<'_> {
    /// The entries of a selection from one register, with all that is known of each. Masking is the caller's affair.
    pub fn export(
        &self,
        by: &Actor,
        now: DateTime,
        kind: RegisterKind,
        filter: ListFilter,
    ) -> Result<SheetTable, NotDone> {
        let (by, filter) = (by.clone(), ListFilter { kind: Some(kind), rows: EXPORT_MAX, ..filter });
        let read = self.read(by.party(), move |tx, policies| {
            let listing = list::list(tx, policies, &by, now, &filter)?;
            if !listing.next.is_empty() {
                let text = format!("超过{EXPORT_MAX}行;请先按进展或机构筛选,再分别导出");
                return Err(NotDone::refused(Code::FieldShape, text));
            }
            Ok(table(&policies.work, kind, &listing.rows, &policies.plans()))
        });
        read.wait()
    }
}

fn table(work: &WorkTable, kind: RegisterKind, rows: &[ListRow], plans: &[Plan]) -> SheetTable {
    let own = own_columns(work, kind);
    let last: Vec<usize> = (0..LAST.len()).filter(|at| own.iter().all(|(_, label)| label != LAST[*at])).collect();
    let labels = FIRST.map(str::to_owned).into_iter().chain(own.iter().map(|(_, label)| label.clone()));
    let labels: Vec<String> = labels.chain(last.iter().map(|at| LAST[*at].to_owned())).collect();
    let row = |row: &ListRow| {
        let [first, behind] = [before_own(row, plans).to_vec(), behind_own(row).to_vec()];
        let own = own.iter().map(|(field, _)| value(field, row));
        first.into_iter().chain(own).chain(last.iter().map(|at| behind[*at].clone())).collect()
    };
    SheetTable {
        amounts: labels.iter().map(|label| AMOUNTS.contains(&label.as_str())).collect(),
        rows: rows.iter().map(row).collect(),
        labels,
    }
}

fn before_own(row: &ListRow, plans: &[Plan]) -> [String; FIRST.len()] {
    let entry = &row.entry;
    let plan = plans.iter().find(|plan| plan.id == entry.plan);
    let business = plan.map_or_else(|| entry.business.to_string(), |plan| plan.name_of(&entry.business).to_owned());
    [entry.number.clone(), String::new(), entry.state.name().to_owned(), business]
}

fn behind_own(row: &ListRow) -> [String; LAST.len()] {
    let entry = &row.entry;
    let split = entry.split();
    let yuan = |amount: Option<Money>| amount.map_or(String::new(), |amount| amount.to_string());
    let due = entry.to_hand_back(None).and_then(|due| match due {
        HandBack::Back(due) => Some(due),
        HandBack::Collect(due) => Some(due.negated()),
        HandBack::Even => Some(Money::ZERO),
        HandBack::Unknown => None,
    });
    [
        entry.fixmedins_code.clone(),
        if entry.state.is_final() { String::new() } else { row.due.to_string() },
        if row.overdue { "是" } else { "否" }.to_owned(),
        // Nothing where nobody has stated it: a sheet that is read in again takes back nothing and states nothing.
        yuan(Some(entry.charged).filter(|charged| *charged > Money::ZERO)),
        split.map_or(entry.refunded, |split| split.funds).to_string(),
        yuan(split.map(|split| split.account)),
        yuan(split.map(|split| split.own)),
        yuan(due),
        yuan(Some(entry.handed_back()).filter(|amount| *amount > Money::ZERO)),
        to_the_minute(entry.field(HANDED_BACK_AT)),
        entry.field("received_by").to_owned(),
        entry.mdtrt_id.clone(),
        entry.setl_id.clone(),
        entry.reason.clone(),
        to_the_minute(&moment_text(entry.taken_at)),
        entry.taken_by.clone(),
    ]
}

fn value(field: &FieldSpec, row: &ListRow) -> String {
    let value = row.entry.value(&field.name);
    if field.holds == FieldKind::Moment { to_the_minute(&value) } else { value }
}

/// A moment without seconds that are none, as people write it.
fn to_the_minute(moment: &str) -> String {
    moment.strip_suffix(":00").filter(|rest| rest.len() == "2021-07-12 10:30".len()).unwrap_or(moment).to_owned()
}

/// Every field of a register once, in the order of the table, with its head: one whose label an earlier one has names its
/// step too. What stands under a head of its own is left out.
fn own_columns(work: &WorkTable, kind: RegisterKind) -> Vec<(&FieldSpec, String)> {
    let mut columns: Vec<(&FieldSpec, String)> = Vec::new();
    for field in work.fields.fields.iter().filter(|field| field.kind == Some(kind) && field.name != "reason") {
        let has_own_head =
            FIRST.contains(&field.label.as_str()) || AMOUNTS.contains(&format!("{}(元)", field.label).as_str());
        if has_own_head || columns.iter().any(|(known, _)| known.name == field.name) {
            continue;
        }
        let head = match columns.iter().any(|(known, _)| known.label == field.label) {
            true => format!("{}({})", field.label, field.action.name()),
            false => field.label.clone(),
        };
        columns.push((field, head));
    }
    columns
}
