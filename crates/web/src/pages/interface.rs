//! The interface documentation (接口说明), rendered from the tables that the checks go by.

use crate::frame::Frame;
use askama::Template;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use yibao_domain::outage::Business;
use yibao_engine::Service;
use yibao_interface::{Catalogue, CodeTable, Does, Field, FieldKind, MoneyEffect, Node, Shape, Transaction, deposited};

static BUSINESSES: LazyLock<BTreeMap<Business, String>> = LazyLock::new(yibao_policy::plan::known_businesses);

/// All transactions by group.
#[derive(Template)]
#[template(path = "transactions.html")]
pub(super) struct Transactions {
    frame: Frame,
    groups: Vec<Group>,
    live: usize,
    all: usize,
}

struct Group {
    name: &'static str,
    rows: Vec<Row>,
}

struct Row {
    transaction: &'static Transaction,
    service: Service,
}

impl Transactions {
    pub(super) fn of(frame: Frame, service_of: impl Fn(&str) -> Service) -> Transactions {
        let mut groups: Vec<Group> = Vec::new();
        let transactions = Catalogue::national().transactions();
        for transaction in transactions {
            let row = Row { transaction, service: service_of(&transaction.infno) };
            match groups.iter_mut().find(|group| group.name == transaction.group) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { name: &transaction.group, rows: vec![row] }),
            }
        }
        let live = groups.iter().flat_map(|group| &group.rows).filter(|row| row.is_live()).count();
        Transactions { frame, groups, live, all: transactions.len() }
    }
}

impl Row {
    fn is_live(&self) -> bool {
        self.service != Service::NotOffered
    }

    fn does(&self) -> &'static str {
        does(self.transaction, self.service)
    }

    fn business(&self) -> &'static str {
        business_name(self.transaction)
    }

    fn money(&self) -> &'static str {
        money_name(self.transaction.money)
    }
}

/// One transaction with its fields.
#[derive(Template)]
#[template(path = "transaction.html")]
pub(super) struct TransactionPage {
    frame: Frame,
    transaction: &'static Transaction,
    live: bool,
    does: &'static str,
    business: &'static str,
    money: &'static str,
    /// Of what is kept: what tells one document from another, and that fields of no table are kept.
    kept: Option<String>,
    sample: String,
    sides: [Side; 2],
}

/// Input or output.
struct Side {
    name: &'static str,
    anchor: &'static str,
    nothing: &'static str,
    nodes: &'static [Node],
}

impl TransactionPage {
    pub(super) fn of(frame: Frame, transaction: &'static Transaction, service: Service) -> TransactionPage {
        let input = Side {
            name: "输入", anchor: "input", nothing: "规范未列出输入字段。", nodes: transaction.input()
        };
        let output =
            Side {
                name: "输出", anchor: "output", nothing: "无输出，output为null。", nodes: transaction.output()
            };
        TransactionPage {
            frame,
            transaction,
            live: service != Service::NotOffered,
            does: does(transaction, service),
            kept: kept(transaction),
            sample: serde_json::to_string_pretty(&transaction.sample()).unwrap_or_default(),
            business: business_name(transaction),
            money: money_name(transaction.money),
            sides: [input, output],
        }
    }

    fn shape(&self, node: &Node) -> &'static str {
        match node.shape {
            Shape::Object => "对象",
            Shape::List => "数组，一行也是数组",
            Shape::File => "文件行，不在报文内",
        }
    }

    fn kind(&self, field: &Field) -> String {
        match (field.kind, field.length) {
            (FieldKind::Text, Some(length)) => format!("字符 {length}"),
            (FieldKind::Text, None) => "字符".to_owned(),
            (FieldKind::Number { digits, decimals: 0 }, _) => format!("数值 {digits}"),
            (FieldKind::Number { digits, decimals }, _) => format!("数值 {digits},{decimals}"),
            (FieldKind::Date, _) => "日期".to_owned(),
            (FieldKind::Moment, _) => "日期时间".to_owned(),
            (FieldKind::Node, _) => "节点".to_owned(),
            (FieldKind::Other, _) => "其他".to_owned(),
        }
    }

    /// The code table of a field, where it is printed.
    fn codes(&self, field: &Field) -> Option<&'static CodeTable> {
        Catalogue::national().codes(field.code_table.as_deref()?)
    }
}

/// All code tables.
#[derive(Template)]
#[template(path = "code_tables.html")]
pub(super) struct CodeTables {
    frame: Frame,
    tables: Vec<&'static CodeTable>,
}

impl CodeTables {
    pub(super) fn of(frame: Frame) -> CodeTables {
        CodeTables { frame, tables: Catalogue::national().code_tables().collect() }
    }
}

/// One code table with its values.
#[derive(Template)]
#[template(path = "code_table.html")]
pub(super) struct CodeTablePage {
    pub frame: Frame,
    pub table: &'static CodeTable,
}

/// The Chinese name of a business by its dotted one; nothing where a plan has made it up.
pub(crate) fn business_called(name: &str) -> Option<&'static str> {
    Business::new(name).and_then(|business| BUSINESSES.get(&business)).map(String::as_str)
}

/// The Chinese name of the business that outage plans open and close.
fn business_name(transaction: &Transaction) -> &'static str {
    let mut name = transaction.business.trim_end_matches(".{kind}");
    loop {
        if let Some(chinese) = Business::new(name).and_then(|business| BUSINESSES.get(&business)) {
            return chinese;
        }
        match name.rsplit_once('.') {
            Some((above, _)) => name = above,
            None => return "",
        }
    }
}

/// What a transaction does here, in a few words.
fn does(transaction: &Transaction, service: Service) -> &'static str {
    match (service, transaction.money) {
        (Service::NotOffered, _) => "未开通",
        (Service::Asks, MoneyEffect::Trial) => "试算",
        (Service::Asks, _) => "查询",
        (Service::Deposits, _) => "资料上传",
        (Service::Records, MoneyEffect::Pays | MoneyEffect::Refunds | MoneyEffect::Reverses) => "结算",
        (Service::Records, _) => "登记",
    }
}

/// How a transaction's documents are told apart; nothing where it deposits none.
fn kept(transaction: &Transaction) -> Option<String> {
    let rule = deposited(&transaction.infno).iter().find(|rule| rule.does == Does::Keep)?;
    let node = transaction.input_node(&rule.node);
    let named = |field: &String| match node.and_then(|node| node.field(field)) {
        Some(known) => format!("{field}（{}）", known.chinese),
        None => field.clone(),
    };
    let key: Vec<String> = rule.key.iter().map(named).collect();
    let shape = if transaction.input().is_empty() {
        "公开的规范没有列出字段，照同类交易的结构受理；"
    } else {
        ""
    };
    Some(format!(
        "{shape}节点{}的每一行是一份“{}”，以{}区分；同一份再传的，以后传的更正先传的；规范以外的字段一并保存。",
        rule.node,
        rule.name,
        key.join("、")
    ))
}

fn money_name(money: MoneyEffect) -> &'static str {
    match money {
        MoneyEffect::None => "",
        MoneyEffect::Trial => "试算",
        MoneyEffect::Pays => "记账",
        MoneyEffect::Refunds => "退款",
        MoneyEffect::Reverses => "冲正",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::frame;
    use super::*;

    fn page(infno: &str) -> TransactionPage {
        TransactionPage::of(frame(), Catalogue::national().transaction(infno).unwrap(), Service::Records)
    }

    impl Transactions {
        pub(in crate::pages) fn samples() -> Vec<Transactions> {
            let service = |infno: &str| if infno.starts_with('2') { Service::Records } else { Service::NotOffered };
            vec![Transactions::of(frame(), service)]
        }
    }

    impl TransactionPage {
        /// A settlement, a bare output, one without fields.
        pub(in crate::pages) fn samples() -> Vec<TransactionPage> {
            ["2207", "5204", "2206A", "1101", "2401"].map(page).into()
        }
    }

    impl CodeTables {
        pub(in crate::pages) fn samples() -> Vec<CodeTables> {
            vec![CodeTables::of(frame())]
        }
    }

    impl CodeTablePage {
        pub(in crate::pages) fn samples() -> Vec<CodeTablePage> {
            vec![CodeTablePage { frame: frame(), table: Catalogue::national().codes("med_type").unwrap() }]
        }
    }

    #[test]
    fn every_transaction_has_a_page_and_a_row() {
        let list = Transactions::of(frame(), |_| Service::NotOffered).render().unwrap();
        for transaction in Catalogue::national().transactions() {
            let text = page(&transaction.infno).render().unwrap();
            assert!(text.contains(&transaction.name), "{}", transaction.infno);
            assert!(list.contains(&format!("/docs/interface/{}\"", transaction.infno)), "{}", transaction.infno);
        }
    }

    #[test]
    fn a_field_shows_type_demand_and_code_table() {
        let text = page("2207").render().unwrap();
        for part in ["psn_no", "人员编号", "必填", "/docs/interface/codes/med_type", "/fsi/api/", "门诊结算"]
        {
            assert!(text.contains(part), "{part}");
        }
    }

    #[test]
    fn every_business_of_the_table_has_a_name() {
        for transaction in Catalogue::national().transactions() {
            let live = ["settlement", "encounter", "filing", "query", "session", "reversal"];
            if live.iter().any(|root| transaction.business.starts_with(root)) {
                assert!(!business_name(transaction).is_empty(), "{}", transaction.business);
            }
        }
    }
}
