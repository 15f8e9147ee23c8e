//! A sheet as a table: the head row among titles and remarks, and below it the rows by field.

use super::cell::Cell;
use super::head::{Columns, Known};
use super::workbook::Sheet;
use std::collections::BTreeMap;

/// How far down the head may stand: titles, offices and remarks come before it.
const HEAD_ROWS_MAX: usize = 30;
/// What begins a row that sums up.
const SUMS: [&str; 3] = ["合计", "总计", "小计"];
/// What begins a row that is no data but signatures and remarks; a colon or nothing follows.
const REMARKS: [&str; 12] =
    ["填表人", "填报人", "制表人", "制表", "经办人", "审核人", "审核", "复核", "单位盖章", "盖章", "说明", "注"];

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    /// Heads that no column of the register bears; their cells are left out.
    pub unknown: Vec<String>,
    /// Labels of columns that stand there twice; the first one counts.
    pub twice: Vec<String>,
    /// The rows below the head.
    pub rows: Vec<TableRow>,
    columns: Vec<Known>,
}

/// A row below the head.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct TableRow {
    /// Its number as the spreadsheet program shows it.
    pub line: usize,
    /// What it is.
    pub content: Content,
}

/// What a row is.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Content {
    /// Cells by field name; empty ones are absent.
    Fields(BTreeMap<String, String>),
    /// Cells that cannot be taken, each with its label.
    Wrong(String),
    /// Not an entry: a sum, a repeated head, a signature.
    PassedOver(&'static str),
}

impl Table {
    /// The table on a sheet; `None` where no row looks like a head.
    pub(crate) fn of(sheet: &Sheet, known: &Columns) -> Option<Table> {
        let named = |cells: &BTreeMap<usize, Cell>| {
            let mut names: Vec<&str> =
                cells.values().filter_map(|cell| Some(known.find(&cell.text())?.name.as_str())).collect();
            names.sort_unstable();
            names.dedup();
            names.len()
        };
        let candidates = sheet.rows.iter().take(HEAD_ROWS_MAX).map(|(line, cells)| (named(cells), *line, cells));
        // Of equally good rows the first one is the head.
        let (count, head_line, head) = candidates.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        if count < 2 {
            return None;
        }
        let mut table = Table { unknown: vec![], twice: vec![], rows: vec![], columns: vec![] };
        let mut columns: BTreeMap<usize, Known> = BTreeMap::new();
        for (at, cell) in head {
            match known.find(&cell.text()) {
                Some(found) if columns.values().any(|other| other.name == found.name) => {
                    table.twice.push(cell.text());
                }
                Some(found) => {
                    columns.insert(*at, found.clone());
                }
                // A number of its own a row is no field, and nobody misses it.
                None if matches!(cell.text().as_str(), "序号" | "编号" | "序 号") => {}
                None => table.unknown.push(cell.text()),
            }
        }
        let below = sheet.rows.range(head_line + 1..);
        table.rows =
            below.map(|(line, cells)| TableRow { line: *line, content: content(cells, head, &columns) }).collect();
        table.columns = columns.into_values().collect();
        Some(table)
    }

    /// Whether a column of this field stands there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }
}

fn content(cells: &BTreeMap<usize, Cell>, head: &BTreeMap<usize, Cell>, columns: &BTreeMap<usize, Known>) -> Content {
    let first = cells.values().next().map(Cell::text).unwrap_or_default();
    let first: String = first.chars().filter(|c| !c.is_whitespace()).collect();
    if SUMS.iter().any(|word| first.starts_with(word)) {
        return Content::PassedOver("合计行");
    }
    let is_remark =
        |word: &str| first.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '：']));
    if REMARKS.iter().any(|word| is_remark(word)) {
        return Content::PassedOver("说明或签名行");
    }
    if columns.keys().all(|at| cells.get(at) == head.get(at)) {
        return Content::PassedOver("重复的表头");
    }
    let mut fields = BTreeMap::new();
    let mut wrong = Vec::new();
    for (at, column) in columns {
        let Some(cell) = cells.get(at) else { continue };
        match cell.value(&column.holds) {
            Ok(value) => {
                fields.insert(column.name.clone(), value);
            }
            Err(problem) => wrong.push(format!("“{}”{problem}", column.label)),
        }
    }
    match (wrong.is_empty(), fields.is_empty()) {
        (false, _) => Content::Wrong(wrong.join("；")),
        (true, true) => Content::PassedOver("没有台账内容的行"),
        (true, false) => Content::Fields(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::super::workbook::read;
    use super::*;
    use yibao_domain::register::FieldKind;

    fn columns() -> Columns {
        let mut columns = Columns::default();
        columns.add("psn_name", "姓名", FieldKind::Text);
        columns.add("tel", "联系电话", FieldKind::Telephone);
        columns.add("begntime", "就诊(购药)时间", FieldKind::Moment);
        columns.add("medfee_sumamt", "费用总额", FieldKind::Money);
        columns.with_aliases()
    }

    fn table(text: &str) -> Option<Table> {
        Table::of(&read(text.as_bytes()).unwrap().sheets[0], &columns())
    }

    #[test]
    fn the_head_is_found_below_titles_and_its_rows_are_named_by_field() {
        let found = table(
            "攀枝花市停机期间现金就诊登记表,,,\n填报单位：试验医院,,,\n序号,患者姓名,就诊日期,总费用,血型\n\
             1,王试,2020/9/12 10:30,\"¥1,200.00\",A\n\n合计,,,1200,\n填表人：赵,,,\n",
        )
        .unwrap();
        assert_eq!(found.unknown, ["血型"]);
        let fields = [("psn_name", "王试"), ("begntime", "2020-09-12 10:30"), ("medfee_sumamt", "1200.00")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let passed = |line, why| TableRow { line, content: Content::PassedOver(why) };
        assert_eq!(
            found.rows,
            [
                TableRow { line: 4, content: Content::Fields(BTreeMap::from(fields)) },
                passed(6, "合计行"),
                passed(7, "说明或签名行"),
            ]
        );
        assert!(found.has("psn_name") && !found.has("tel"));
    }

    #[test]
    fn a_sheet_without_a_head_is_no_table_and_a_column_twice_is_told() {
        assert!(table("说明,第一条\n第二条,第三条\n").is_none());
        assert_eq!(table("姓名,联系电话,手机\n王,1,2\n").unwrap().twice, ["手机"]);
    }

    #[test]
    fn a_head_that_is_repeated_on_the_next_printed_page_is_no_entry() {
        let found = table("姓名,联系电话\n王试,13800000001\n姓名,联系电话\n").unwrap();
        assert_eq!(found.rows[1].content, Content::PassedOver("重复的表头"));
    }
}
