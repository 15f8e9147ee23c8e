//! The national tables as data: transactions, nodes, fields (code tables: `codes.rs`).
//!
//! Parsed once from `interface/*.tsv`, which `interface/README.md` explains. Whether a transaction is
//! live here is not written there: that is the engine's to know.
//! Invariant: every field belongs to a node, every node to a transaction of the table.

use crate::alias::{Spoken, aliases};
use crate::codes::{self, CodeTable};
use crate::tsv::{columns, rows};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// The national catalogue: what the interface knows about each transaction.
#[derive(Debug)]
pub struct Catalogue {
    transactions: Vec<Transaction>,
    by_infno: HashMap<String, usize>,
    by_path: HashMap<String, usize>,
    code_tables: BTreeMap<String, CodeTable>,
    divisions: Vec<Division>,
    file_columns: HashMap<String, Vec<String>>,
}

/// One transaction (交易) of the interface.
#[derive(Debug)]
pub struct Transaction {
    /// Its number (交易编号): 4 digits, or with a variant's letter (`2203A`), or `100001`.
    pub infno: String,
    /// Its Chinese name.
    pub name: String,
    /// Its English name, where the sources have one.
    pub english: String,
    /// The chapter it belongs to (人员, 门诊, 住院, …).
    pub group: String,
    /// Sent by us to institutions instead of by them to us.
    pub callback: bool,
    /// What it does to money.
    pub money: MoneyEffect,
    /// The dotted name by which outage plans open and close it; `{kind}` stands for what the medical
    /// type (医疗类别) or the kind of filing decides.
    pub business: String,
    /// The path of a client that has one address a service.
    pub path: Option<String>,
    /// Letters of the sources that know it.
    pub sources: String,
    input: Vec<Node>,
    output: Vec<Node>,
}

/// What a transaction does to money.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MoneyEffect {
    /// Nothing.
    None,
    /// It computes without recording (预结算).
    Trial,
    /// It pays.
    Pays,
    /// It takes a payment back.
    Refunds,
    /// It undoes another message (冲正).
    Reverses,
}

/// One node (节点) of a transaction's input or output.
#[derive(Debug)]
pub struct Node {
    /// Its name; `*` is input or output itself.
    pub name: String,
    /// Whether it holds one record or many.
    pub shape: Shape,
    /// Nothing can be done without this node.
    pub demanded: bool,
    /// The node that contains it, where it is not directly under input or output.
    pub within: Option<String>,
    /// Other names under which clients send it.
    pub aliases: Vec<String>,
    /// How dialects read it in a reply.
    pub(crate) spoken: Vec<Spoken>,
    /// Its fields in the order of the specification.
    pub fields: Vec<Field>,
}

/// Whether a node holds one record or many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// One record.
    Object,
    /// Any number of records, an array even for one.
    List,
    /// The rows of an uploaded or downloaded file, not part of the message.
    File,
}

/// One field (字段) of a node.
#[derive(Debug)]
pub struct Field {
    /// Its name, in the letters of the specification.
    pub name: String,
    /// Other names under which clients send it.
    pub aliases: Vec<String>,
    /// Its Chinese name.
    pub chinese: String,
    /// What its values look like.
    pub kind: FieldKind,
    /// The printed length in characters, of texts.
    pub length: Option<usize>,
    /// We refuse a record without it.
    pub demanded: bool,
    /// The specification prints it as required, whether or not we demand it.
    pub printed_required: bool,
    /// Its code table; `?` where the specification calls it coded and prints no table.
    pub code_table: Option<String>,
    /// The remark of the specification.
    pub remark: String,
    /// Letters of the sources that have it.
    pub sources: String,
}

/// What the values of a field look like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// 字符型.
    Text,
    /// 数值型: so many digits in all, so many of them decimals.
    Number {
        /// Digits in all.
        digits: u32,
        /// Digits after the point.
        decimals: u32,
    },
    /// 日期型.
    Date,
    /// 日期时间型.
    Moment,
    /// An object or array inside the record, kept as JSON text.
    Node,
    /// Bytes, truth values and shapes of single transactions: taken as they come.
    Other,
}

/// One insurance division (医保区划).
#[derive(Debug)]
pub struct Division {
    /// Its six-digit code.
    pub admdvs: String,
    /// Its Chinese name.
    pub name: String,
    /// Its level, in a word or a few.
    pub level: String,
}

static NATIONAL: LazyLock<Catalogue> = LazyLock::new(Catalogue::read);

impl Catalogue {
    /// The national tables, parsed at the first call.
    pub fn national() -> &'static Catalogue {
        &NATIONAL
    }

    /// Every transaction, in the order of the table.
    pub fn transactions(&self) -> &[Transaction] {
        &self.transactions
    }

    /// The transaction with this number; letters may be small.
    pub fn transaction(&self, infno: &str) -> Option<&Transaction> {
        let at = self.by_infno.get(infno).or_else(|| self.by_infno.get(&infno.to_ascii_uppercase()))?;
        Some(&self.transactions[*at])
    }

    /// The transaction that a request path names: the path of a single service, or a path that ends
    /// in the transaction's number. `None` for the common entry, where only the body decides. What a
    /// proxy puts before `/fsi/` does not count, nor does the size of letters.
    pub fn transaction_of_path(&self, path: &str) -> Option<&Transaction> {
        let path = path.trim_end_matches('/');
        let path = path.find("/fsi/").map_or(path, |at| &path[at..]);
        if let Some(at) = self.by_path.get(&path.to_ascii_lowercase()) {
            return Some(&self.transactions[*at]);
        }
        self.transaction(path.rsplit('/').next()?)
    }

    /// The code table of this name.
    pub fn codes(&self, table: &str) -> Option<&CodeTable> {
        self.code_tables.get(table)
    }

    /// Every code table, by name.
    pub fn code_tables(&self) -> impl Iterator<Item = &CodeTable> {
        self.code_tables.values()
    }

    /// The columns of a catalogue file (1301-1327), in their order; none where the specification prints none.
    pub fn file_columns(&self, infno: &str) -> &[String] {
        self.file_columns.get(infno).map_or(&[], Vec::as_slice)
    }

    /// The divisions listed; a division that is not listed is no error.
    pub fn divisions(&self) -> &[Division] {
        &self.divisions
    }

    fn read() -> Catalogue {
        let mut transactions: Vec<Transaction> = Vec::new();
        let mut by_infno = HashMap::new();
        let mut by_path = HashMap::new();
        for row in rows(include_str!("../../../interface/transactions.tsv")) {
            let [infno, name, english, group, direction, money, _mode, business, path, sources] = columns(&row);
            let at = transactions.len();
            by_infno.insert(infno.clone(), at);
            let path = Some(path).filter(|path| !path.is_empty());
            if let Some(path) = &path {
                // The first wins where a source prints one path for two transactions (3202 and 3302).
                by_path.entry(path.to_ascii_lowercase()).or_insert(at);
            }
            transactions.push(Transaction {
                infno,
                name,
                english,
                group,
                callback: direction == "callback",
                money: MoneyEffect::of(&money),
                business,
                path,
                sources,
                input: Vec::new(),
                output: Vec::new(),
            });
        }
        for row in rows(include_str!("../../../interface/nodes.tsv")) {
            let [infno, side, name, shape, demanded, within] = columns(&row);
            let at = by_infno.get(&infno).expect("nodes.tsv names transactions of transactions.tsv");
            let node = Node {
                name,
                shape: Shape::of(&shape),
                demanded: demanded == "Y",
                within: Some(within).filter(|within| !within.is_empty()),
                aliases: Vec::new(),
                spoken: Vec::new(),
                fields: Vec::new(),
            };
            transactions[*at].side_mut(&side).push(node);
        }
        for row in rows(include_str!("../../../interface/fields.tsv")) {
            let [infno, side, node, name, chinese, kind, length, demanded, required, _, codes, remark, sources] =
                columns(&row);
            let at = by_infno.get(&infno).expect("fields.tsv names transactions of transactions.tsv");
            let nodes = transactions[*at].side_mut(&side);
            let node = nodes.iter_mut().find(|known| known.name == node).expect("fields.tsv names nodes of nodes.tsv");
            node.fields.push(Field {
                name,
                aliases: Vec::new(),
                chinese,
                kind: FieldKind::of(&kind, &length),
                length: length.parse().ok().filter(|_| kind == "text"),
                demanded: demanded == "Y",
                printed_required: required == "Y",
                code_table: Some(codes).filter(|table| !table.is_empty()),
                remark,
                sources,
            });
        }
        put_aliases(&mut transactions, &by_infno);
        let (code_tables, divisions, file_columns) = (codes::read(), divisions(), file_columns());
        Catalogue { transactions, by_infno, by_path, code_tables, divisions, file_columns }
    }
}

impl Transaction {
    /// The input nodes in the order of the specification.
    pub fn input(&self) -> &[Node] {
        &self.input
    }

    /// The output nodes in the order of the specification.
    pub fn output(&self) -> &[Node] {
        &self.output
    }

    /// The input node of this name.
    pub fn input_node(&self, name: &str) -> Option<&Node> {
        self.input.iter().find(|node| node.name == name)
    }

    /// The output node of this name.
    pub fn output_node(&self, name: &str) -> Option<&Node> {
        self.output.iter().find(|node| node.name == name)
    }

    pub(crate) fn side_mut(&mut self, side: &str) -> &mut Vec<Node> {
        if side == "input" { &mut self.input } else { &mut self.output }
    }
}

impl Node {
    /// The field of this name: as printed, or else differing in the size of letters only.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .or_else(|| self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)))
    }
}

impl Field {
    /// Type and length as the specification prints them: `字符型 30`, `数值型 16,2`.
    pub fn printed_type(&self) -> String {
        match (self.kind, self.length) {
            (FieldKind::Text, Some(length)) => format!("字符型 {length}"),
            (FieldKind::Text, None) => "字符型".into(),
            (FieldKind::Number { digits, decimals: 0 }, _) => format!("数值型 {digits}"),
            (FieldKind::Number { digits, decimals }, _) => format!("数值型 {digits},{decimals}"),
            (FieldKind::Date, _) => "日期型".into(),
            (FieldKind::Moment, _) => "日期时间型".into(),
            (FieldKind::Node, _) => "节点".into(),
            (FieldKind::Other, _) => "其他".into(),
        }
    }
}

impl MoneyEffect {
    fn of(word: &str) -> MoneyEffect {
        match word {
            "trial" => MoneyEffect::Trial,
            "yes" => MoneyEffect::Pays,
            "refund" => MoneyEffect::Refunds,
            "reversal" => MoneyEffect::Reverses,
            _ => MoneyEffect::None,
        }
    }
}

impl Shape {
    fn of(word: &str) -> Shape {
        match word {
            "list" => Shape::List,
            "file" => Shape::File,
            _ => Shape::Object,
        }
    }
}

impl FieldKind {
    fn of(word: &str, length: &str) -> FieldKind {
        match word {
            "text" => FieldKind::Text,
            "number" => {
                let (digits, decimals) = length.split_once(',').unwrap_or((length, "0"));
                match (digits.parse(), decimals.parse()) {
                    (Ok(digits), Ok(decimals)) => FieldKind::Number { digits, decimals },
                    // Nothing printed: what the widest number of the specification holds.
                    _ => FieldKind::Number { digits: 22, decimals: 6 },
                }
            }
            "date" => FieldKind::Date,
            "moment" => FieldKind::Moment,
            "node" => FieldKind::Node,
            _ => FieldKind::Other,
        }
    }
}

/// Writes the other names and shapes into nodes and fields.
fn put_aliases(transactions: &mut [Transaction], by_infno: &HashMap<String, usize>) {
    for row in aliases() {
        for infno in &row.infnos {
            let at = by_infno.get(infno).expect("dialects.tsv names transactions of transactions.tsv");
            let nodes = transactions[*at].side_mut(&row.side);
            let node = nodes.iter_mut().find(|known| known.name == row.node);
            let node = node.expect("dialects.tsv names nodes of nodes.tsv");
            match (row.side.as_str(), row.field.as_str()) {
                ("input", "") => node.aliases.push(row.alias.clone()),
                ("input", field) => {
                    let known = node.fields.iter_mut().find(|known| known.name == field);
                    known.expect("dialects.tsv names fields of fields.tsv").aliases.push(row.alias.clone());
                }
                _ => node.spoken.push(row.spoken()),
            }
        }
    }
}

fn file_columns() -> HashMap<String, Vec<String>> {
    let mut columns_of: HashMap<String, Vec<String>> = HashMap::new();
    for row in rows(include_str!("../../../interface/catalogue_columns.tsv")) {
        let [infno, _number, name, _source] = columns(&row);
        columns_of.entry(infno).or_default().push(name);
    }
    columns_of
}

fn divisions() -> Vec<Division> {
    rows(include_str!("../../../interface/admdvs.tsv"))
        .map(|row| {
            let [admdvs, name, level] = columns(&row);
            Division { admdvs, name, level }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_transactions_of_the_specification_are_known() {
        let catalogue = Catalogue::national();
        assert_eq!(catalogue.transactions().len(), 225);
        for infno in ["1101", "2203A", "2206A", "100001", "4101A", "2501A", "9102"] {
            assert!(catalogue.transaction(infno).is_some(), "{infno}");
        }
        assert!(catalogue.transaction("2203a").is_some());
        assert!(catalogue.transaction("9999").is_none());
        assert!(catalogue.codes("insutype").unwrap().values.len() > 10);
    }

    #[track_caller]
    fn check_demanded(infno: &str, node: &str, field: &str, demanded: bool) {
        let transaction = Catalogue::national().transaction(infno).unwrap();
        let field = transaction.input_node(node).unwrap().field(field).unwrap();
        assert_eq!(field.demanded, demanded, "{infno} {node} {}", field.name);
    }

    #[test]
    fn what_one_served_client_omits_is_not_demanded_and_identifiers_are() {
        check_demanded("2207", "data", "psn_no", true);
        check_demanded("2207", "data", "medfee_sumamt", true);
        check_demanded("2207", "data", "certno", false);
        check_demanded("2207", "data", "psn_cert_type", false);
        check_demanded("2201", "data", "certno", false);
        check_demanded("2201", "data", "caty", true);
        check_demanded("2304", "data", "psn_name", false);
        check_demanded("2401", "mdtrtinfo", "psn_no", true);
        check_demanded("2301", "feedetail", "pric", true);
        check_demanded("2101", "druginfo", "medfee_sumamt", true);
        check_demanded("2101", "druginfo", "psn_type", false);
        check_demanded("2203A", "diseinfo", "diag_code", false);
        check_demanded("2204", "feedetail", "chrg_bchno", false);
        check_demanded("5204", "data", "setl_id", true);
    }

    #[test]
    fn a_service_path_and_a_numbered_path_name_their_transaction() {
        let of = |path| Catalogue::national().transaction_of_path(path).map(|found| found.infno.as_str());
        assert_eq!(of("/fsi/api/fsiPsnInfoService/queryPsnInfo"), Some("1101"));
        assert_eq!(of("/fsi/api/rsfComIfsService/callService/2203A/"), Some("2203A"));
        assert_eq!(of("/isp/fsi/api/outpatientSettleService/saveSettletmentV2"), Some("2207"));
        assert_eq!(of("/fsi/api/rsfComIfsService/callService"), None);
        let transaction = Catalogue::national().transaction("2207").unwrap();
        let data = transaction.input_node("data").unwrap();
        assert_eq!(data.field("medfee_sumamt").unwrap().printed_type(), "数值型 16,2");
        assert_eq!(data.field("psn_no").unwrap().printed_type(), "字符型 30");
    }

    #[test]
    fn businesses_are_dotted_names_that_plans_can_name() {
        for (infno, business) in [
            ("2102", "settlement.pharmacy"),
            ("2207", "settlement.outpatient.{kind}"),
            ("2301", "encounter.fees"),
            ("2401", "encounter.admission"),
            ("2405", "encounter.discharge"),
            ("2304", "settlement.inpatient"),
            ("2503", "filing.special_disease"),
            ("3301", "catalogue.mapping"),
            ("3201", "clearing.reconcile"),
            ("9001", "session"),
            ("2601", "reversal"),
        ] {
            assert_eq!(Catalogue::national().transaction(infno).unwrap().business, business);
        }
        for transaction in Catalogue::national().transactions() {
            assert!(!transaction.business.is_empty(), "{}", transaction.infno);
        }
    }

    #[test]
    fn output_nodes_have_the_shapes_that_clients_read() {
        for (infno, node, shape) in [
            ("1101", "baseinfo", Shape::Object),
            ("1101", "insuinfo", Shape::List),
            ("2204", "result", Shape::List),
            ("2401", "result", Shape::Object),
            ("2207", "setldetail", Shape::List),
            ("5203", "setlinfo", Shape::Object),
            ("5204", "*", Shape::List),
            ("5303", "data", Shape::List),
            ("9001", "signinoutb", Shape::Object),
        ] {
            let transaction = Catalogue::national().transaction(infno).unwrap();
            assert_eq!(transaction.output_node(node).unwrap().shape, shape, "{infno} {node}");
        }
    }
}
