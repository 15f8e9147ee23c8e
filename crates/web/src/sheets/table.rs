//! A sheet as a table: the head row among titles and remarks, and below it the rows by head, each cell in the one form
//! that the registers take. Which heads there are is the engine's to say.

use super::cell::Cell;
use super::pair::Pairs;
use super::workbook::Sheet;
use std::collections::BTreeMap;
use yibao_domain::register::FieldKind;
use yibao_engine::desks::registers::{Column, Columns, Reading, SheetRow, Unit};

/// How far down the head may stand: titles, offices and remarks come before it.
const HEAD_ROWS_MAX: usize = 30;
/// What begins a row that sums up.
const SUMS: [&str; 3] = ["合计", "总计", "小计"];
/// What begins a row that is no data but remarks; a colon or nothing follows.
const REMARKS: [&str; 4] = ["盖章", "公章", "说明", "注"];
/// Who signs a list, and what of him stands there: `经办人签名：`, `填表日期：`.
const SIGNED_BY: [&str; 9] = ["填表", "填报", "制表", "经办", "审核", "复核", "负责", "单位", "领导"];
const SIGNED: [&str; 9] = ["负责", "人", "员", "签名", "签字", "签章", "盖章", "公章", "日期"];

/// A table.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Heads that no column of the register bears; their cells are left out.
    pub unknown: Vec<String>,
    /// Heads of columns that stand there twice; the first one counts.
    pub twice: Vec<String>,
    /// The rows below the head.
    pub rows: Vec<SheetRow>,
    columns: BTreeMap<usize, Headed>,
    pairs: Pairs,
}

/// A column with its head as it is written.
#[derive(Debug)]
struct Headed {
    head: String,
    column: Column,
}

impl Table {
    /// The table on a sheet; `None` where no row looks like a head. Its rows are told by that name of the sheet.
    pub(crate) fn of(sheet: &Sheet, name: &str, known: &Columns) -> Option<Table> {
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
        let mut table = Table::default();
        let of_caption = |cells: &BTreeMap<usize, Cell>| {
            let texts: Vec<String> = cells.values().map(Cell::text).collect();
            match Unit::of_caption(texts.iter().map(String::as_str)) {
                Some(Unit::Other(unit)) => Some(unit),
                Some(Unit::Yuan) | None => None,
            }
        };
        let unit_above = sheet.rows.range(..head_line).find_map(|(_, cells)| of_caption(cells));
        for (at, cell) in head {
            let head = cell.text();
            let found = known.find(&head);
            let same =
                table.columns.iter().find(|(_, other)| found.is_some_and(|found| other.column.name == found.name));
            let before = same.or_else(|| table.columns.last_key_value().filter(|_| found.is_none()));
            let before = before.map(|(at, before)| (*at, &before.column.holds));
            if table.pairs.take_up(*at, &head, before, same.is_some()) {
                continue;
            }
            match found {
                Some(found) if table.columns.values().any(|other| other.head == head || other.column == *found) => {
                    table.twice.push(head);
                }
                // What stands in other units is read as none, as under a head that says so itself.
                Some(found) if found.is_of_yuan() && unit_above.is_some() && Unit::of_head(&head).is_none() => {
                    table.unknown.push(format!("{head}（表头上方写着单位{}）", unit_above.unwrap_or_default()));
                }
                Some(found) => {
                    table.columns.insert(*at, Headed { head, column: found.clone() });
                }
                // A number of its own a row is no field, and nobody misses it.
                None if matches!(head.as_str(), "序号" | "编号" | "序 号") => {}
                None => table.unknown.push(head),
            }
        }
        let below = sheet.rows.range(head_line + 1..);
        for at in table.pairs.keep_where(below.clone().map(|(_, cells)| cells)) {
            table.twice.push(head[&at].text());
        }
        let width = sheet.widths.get(&head_line).copied();
        let wider = |line: usize| sheet.wider_than(line, width);
        let row = |(line, cells): (&usize, _)| {
            let is_shared = |at: usize| sheet.shared.contains(&(*line, at));
            table.row(
                SheetRow { sheet: name.to_owned(), line: *line, ..SheetRow::default() },
                cells,
                head,
                wider(*line),
                &is_shared,
            )
        };
        table.rows = below.map(row).collect();
        Some(table)
    }

    /// Whether a column of this field stands there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.values().any(|headed| headed.column.name == name)
    }

    /// The heads of its columns, in order.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &str> {
        self.columns.values().map(|headed| headed.head.as_str())
    }

    /// Fills a row in. `wider`: why it cannot be read at all; `is_shared`: whether a cell has its value together with others.
    fn row(
        &self,
        mut row: SheetRow,
        cells: &BTreeMap<usize, Cell>,
        head: &BTreeMap<usize, Cell>,
        wider: Option<String>,
        is_shared: &impl Fn(usize) -> bool,
    ) -> SheetRow {
        if let Some(what) = self.no_entry(cells, head) {
            row.reading = Reading::NoEntry(what);
            return row;
        }
        if let Some(why) = wider {
            row.reading = Reading::Wrong(why);
            return row;
        }
        let mut wrong = Vec::new();
        for (at, Headed { head, column }) in &self.columns {
            let cell = self.pairs.cell(cells, *at);
            let may_be_a_day = matches!(&cell, Ok(Some(cell)) if cell.may_be_a_day());
            match cell.and_then(|cell| self.value(cells, cell, column, *at, is_shared(*at))) {
                Ok(value) => {
                    if column.holds == FieldKind::Moment && may_be_a_day {
                        row.remarks.push(format!("“{head}”按当天0:00登记，单元格里只写了日期的请更正到分钟"));
                    }
                    row.cells.insert(head.clone(), value);
                }
                Err(problem) => {
                    wrong.push(format!("“{head}”{problem}"));
                    row.cells.insert(head.clone(), self.pairs.typed(cells, *at));
                    row.unread.push(head.clone());
                }
            }
        }
        if !wrong.is_empty() {
            row.reading = Reading::Wrong(wrong.join("；"));
        }
        row
    }

    /// What a column keeps of a cell.
    fn value(
        &self,
        cells: &BTreeMap<usize, Cell>,
        cell: Option<Cell>,
        column: &Column,
        at: usize,
        is_shared: bool,
    ) -> Result<String, String> {
        let Some(cell) = cell else { return Ok(String::new()) };
        if column.only_tells() {
            return Ok(cell.text());
        }
        if column.holds == FieldKind::Money && self.is_half_a_sum(cells, at) {
            return Err("像是被逗号拆成两栏的金额；请去掉金额中的逗号或给该栏加英文引号".to_owned());
        }
        // A name that stands beside several rows is that of each; a sum is that of all together.
        if is_shared && matches!(column.holds, FieldKind::Money | FieldKind::Quantity | FieldKind::Count) {
            let text = cell.text();
            return Err(format!("“{text}”是合并单元格，看不出这一行是多少；请取消合并，每行各填自己的"));
        }
        cell.value(&column.name, &column.holds)
    }

    /// Whether an amount and the text beside it look like the halves of one sum that was written with a comma: `1`, `234.50`.
    fn is_half_a_sum(&self, cells: &BTreeMap<usize, Cell>, at: usize) -> bool {
        let (Some(Cell::Text(sum)), Some(Cell::Text(beside))) = (cells.get(&at), cells.get(&(at + 1))) else {
            return false;
        };
        let is_text = self.columns.get(&(at + 1)).is_none_or(|headed| headed.column.holds == FieldKind::Text);
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = beside
            .split_once('.')
            .is_some_and(|(whole, rest)| whole.len() == 3 && are_digits(whole) && are_digits(rest));
        is_text && decimals && sum.len() <= 3 && are_digits(sum)
    }

    /// What a row is that is no entry.
    fn no_entry(&self, cells: &BTreeMap<usize, Cell>, head: &BTreeMap<usize, Cell>) -> Option<&'static str> {
        let first = cells.values().next().map(Cell::text).unwrap_or_default();
        let first: String = first.chars().filter(|c| !c.is_whitespace()).collect();
        if SUMS.iter().any(|word| first.starts_with(word)) {
            return Some("合计行");
        }
        let label = first.split([':', '：']).next().unwrap_or_default();
        if REMARKS.contains(&label) || is_signature(label) {
            return Some("说明或签名行");
        }
        if self.columns.keys().all(|at| cells.get(at).is_none()) {
            return Some("没有台账内容的行");
        }
        self.columns.keys().all(|at| cells.get(at) == head.get(at)).then_some("重复的表头")
    }
}

/// Whether a label is that of a signature, whatever of it is asked for.
fn is_signature(label: &str) -> bool {
    let Some(mut rest) = SIGNED_BY.iter().find_map(|by| label.strip_prefix(by)) else { return false };
    while let Some(left) = SIGNED.iter().find_map(|of| rest.strip_prefix(of)) {
        rest = left;
    }
    // Of a unit that only its name stands there, nobody has signed.
    rest.is_empty() && label != "单位"
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use yibao_domain::outage::RegisterKind;

    fn table(text: &str) -> Option<Table> {
        Table::of(
            &read(text.as_bytes()).unwrap().sheets[0],
            "",
            &Columns::of(&yibao_policy::registers::built_in(), RegisterKind::CashVisit),
        )
    }

    #[test]
    fn a_signature_is_told_from_what_somebody_is_called() {
        let signed = ["经办人签名", "填表日期", "单位负责人", "审核", "制表人", "单位盖章", "经办人员签字", "复核人"];
        let others = ["单位", "经办机构", "审核费", "张三", "负责科室", "日期"];
        let found: Vec<&str> = signed.into_iter().chain(others).filter(|label| is_signature(label)).collect();
        assert_eq!(found, signed);
    }

    #[test]
    fn the_head_is_found_below_titles_and_its_rows_are_named_by_field() {
        let found = table(
            "攀枝花市停机期间现金就诊登记表,,,\n填报单位：试验医院,,,\n序号,患者姓名,就诊日期,总费用,血型\n\
             1,王试,2020/9/12 10:30,\"¥1,200.00\",A\n\n合计,,,1200,\n填表人：赵,,,\n",
        )
        .unwrap();
        assert_eq!(found.unknown, ["血型"]);
        let cells = [("患者姓名", "王试"), ("就诊日期", "2020-09-12 10:30"), ("总费用", "1200.00")];
        let cells = cells.map(|(head, value)| (head.to_owned(), value.to_owned()));
        assert_eq!(found.rows[0], SheetRow { line: 4, cells: BTreeMap::from(cells), ..SheetRow::default() });
        let passed: Vec<_> = found.rows[1..].iter().map(|row| (row.line, &row.reading)).collect();
        assert_eq!(passed, [(6, &Reading::NoEntry("合计行")), (7, &Reading::NoEntry("说明或签名行"))]);
        assert!(found.has("psn_name") && !found.has("tel"));
    }

    #[test]
    fn a_sheet_without_a_head_is_no_table_and_a_column_twice_is_told() {
        assert!(table("说明,第一条\n第二条,第三条\n").is_none());
        assert_eq!(table("姓名,联系电话,手机\n王,1,2\n").unwrap().twice, ["手机"]);
    }

    #[test]
    fn an_amount_that_a_comma_has_taken_apart_is_no_other_amount() {
        let why = |text: &str| match &table(text).unwrap().rows[0].reading {
            Reading::Wrong(why) => why.clone(),
            other => panic!("{text}: {other:?}"),
        };
        let wide = why("姓名,就诊时间,费用总额\n王,2020-09-12 10:30,1,234.50\n");
        assert!(wide.contains("多1栏") && wide.contains("1,234.50"), "{wide}");
        assert!(why("姓名,就诊时间,费用总额,发票号\n王,2020-09-12 10:30,1,234.50,FP-1\n").contains("多1栏"));
        // The row is no longer than its head where the last cell is empty.
        let halves = why("姓名,就诊时间,费用总额,发票号\n王,2020-09-12 10:30,1,234.50\n");
        assert!(halves.contains("费用总额") && halves.contains("拆成两栏"), "{halves}");
        let quoted = table("姓名,就诊时间,费用总额,发票号\n王,2020-09-12 10:30,\"1,234.50\",\n").unwrap();
        assert_eq!(quoted.rows[0].cells["费用总额"], "1234.50");
        let two_sums = table("姓名,就诊时间,费用总额,预收金额\n王,2020-09-12 10:30,300,120.50\n").unwrap();
        assert_eq!(
            (two_sums.rows[0].reading.clone(), two_sums.rows[0].cells["费用总额"].as_str()),
            (Reading::Whole, "300.00")
        );
    }

    #[test]
    fn a_time_may_stand_in_two_columns_under_names_of_one_field_or_beside_each_other() {
        for heads in [
            "姓名,就诊日期,就诊时间,总费用",
            "姓名,就诊时间,就诊日期,总费用",
            "姓名,日期,时间,总费用",
            "姓名,就诊日期,时间,总费用",
        ] {
            let found =
                table(&format!("{heads}\n王试,2020/9/12,上午9:30,1\n李试,2020-09-12,24:00,1\n赵试,2020-09-12,,1\n"))
                    .unwrap();
            assert!(found.twice.is_empty() && found.unknown.is_empty(), "{found:?}");
            let at = heads.split(',').nth(1).unwrap();
            let read: Vec<&str> = found.rows.iter().map(|row| row.cells[at].as_str()).collect();
            assert_eq!(read, ["2020-09-12 09:30", "2020-09-13 00:00", "2020-09-12"], "{heads}");
        }
        let wrong = table("姓名,就诊日期,就诊时间\n王试,2020/9/12,晚上12:00\n").unwrap();
        assert!(
            matches!(&wrong.rows[0].reading, Reading::Wrong(why) if why.contains("就诊日期") && why.contains("24小时制"))
        );
    }

    #[test]
    fn a_time_that_two_columns_do_not_make_hides_nothing_else() {
        let found = table("姓名,就诊日期,就诊时间,总费用\n王试,2020/9/12,晚上12:00,\"12,50\"\n").unwrap();
        let row = &found.rows[0];
        assert!(matches!(&row.reading, Reading::Wrong(why) if why.contains("就诊日期")), "{row:?}");
        assert_eq!(row.unread, ["就诊日期"]);
        assert_eq!((row.cells["就诊日期"].as_str(), row.cells["总费用"].as_str()), ("2020/9/12 晚上12:00", "12,50"));
    }

    #[test]
    fn sums_below_another_unit_are_not_read_as_yuan() {
        for caption in ["单位：万元,,", "现金就诊登记表（金额单位：万元）,,", "单位：,万元,"]
        {
            let found = table(&format!("{caption}\n姓名,就诊时间,费用总额\n王,2020-09-12 10:30,1.2\n")).unwrap();
            assert!(!found.has("medfee_sumamt"), "{caption}");
            assert!(found.unknown.iter().any(|head| head.contains("费用总额") && head.contains("万元")), "{found:?}");
        }
        let own = table("单位：万元,,\n姓名,就诊时间,费用总额（元）\n王,2020-09-12 10:30,1.2\n").unwrap();
        assert!(own.has("medfee_sumamt"), "a head that says yuan is one of yuan");
        let yuan = table("单位：元,,\n姓名,就诊时间,费用总额\n王,2020-09-12 10:30,1.2\n").unwrap();
        assert!(yuan.has("medfee_sumamt"));
    }

    #[test]
    fn a_sum_that_rows_share_is_told_and_a_name_is_that_of_each() {
        let mut made = rust_xlsxwriter::Workbook::new();
        let (sheet, plain) = (made.add_worksheet(), rust_xlsxwriter::Format::new());
        for (at, head) in ["姓名", "联系电话", "费用总额", "发票号", "孕周数"].into_iter().enumerate() {
            sheet.write_string(0, u16::try_from(at).unwrap(), head).unwrap();
        }
        sheet.merge_range(1, 0, 2, 0, "王试", &plain).unwrap();
        sheet.merge_range(1, 2, 2, 2, "", &plain).unwrap().write_number(1, 2, 300).unwrap();
        sheet.write_string(1, 3, "FP-1").unwrap().write_string(2, 3, "FP-2").unwrap();
        // A sum over two lines of one row is that row's.
        sheet.merge_range(3, 2, 4, 2, "", &plain).unwrap().write_number(3, 2, 50).unwrap();
        sheet.write_string(3, 0, "李试").unwrap();
        let book = read(&made.save_to_buffer().unwrap()).unwrap();
        let known = Columns::of(&yibao_policy::registers::built_in(), RegisterKind::CashVisit);
        let found = Table::of(&book.sheets[0], "", &known).unwrap();
        for row in &found.rows[..2] {
            assert!(
                matches!(&row.reading, Reading::Wrong(why) if why.contains("费用总额") && why.contains("合并")),
                "{row:?}"
            );
            assert_eq!((row.cells["姓名"].as_str(), row.unread.len()), ("王试", 1));
        }
        assert_eq!((&found.rows[2].reading, found.rows[2].cells["费用总额"].as_str()), (&Reading::Whole, "50.00"));
    }

    #[test]
    fn what_a_column_only_tells_is_not_judged() {
        let text = format!("姓名,联系电话,{}\n王试,13800000001,5.2E+17\n", "结算ID");
        assert_eq!(table(&text).unwrap().rows[0].reading, Reading::Whole);
    }

    #[test]
    fn two_columns_of_whole_times_are_told_and_the_first_one_counts() {
        let found = table("姓名,就诊时间,登记时间\n王试,2020-09-12 10:30,2020-09-13 8:00\n").unwrap();
        assert_eq!(found.twice, ["登记时间"]);
        assert_eq!(found.rows[0].cells["就诊时间"], "2020-09-12 10:30");
    }

    #[test]
    fn a_head_that_is_repeated_on_the_next_printed_page_is_no_entry() {
        let found = table("姓名,联系电话\n王试,13800000001\n姓名,联系电话\n").unwrap();
        assert_eq!(found.rows[1].reading, Reading::NoEntry("重复的表头"));
    }
}
