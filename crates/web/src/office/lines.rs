//! Fee lines as people type or paste them, a line each: their columns as a head above them says, else in the order of
//! `registers/lines.tsv`.

use crate::sheets::{self, Cell, Pairs};
use std::collections::BTreeMap;
use yibao_domain::register::{EntryLine, FieldKind, WorkTable};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::{Columns, read_line};
use yibao_policy::registers::line_fields;

/// A row with so many known heads is a head.
const HEADS_MIN: usize = 2;

/// Which field a column holds.
type Order = BTreeMap<usize, (String, String, FieldKind)>;

/// Reads pasted lines; each wrong one is named with all that is wrong with it.
pub(super) fn read(work: &WorkTable, text: &str) -> Result<Vec<EntryLine>, Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let book = sheets::read_text(text).map_err(|unreadable| vec![unreadable.0])?;
    let known = Columns::of_lines(work);
    let own = line_fields().iter().map(|field| (field.name.clone(), field.label.clone(), field.holds.clone()));
    let mut order: Order = own.enumerate().collect();
    let mut pairs = Pairs::default();
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    let rows =
        book.sheets.iter().flat_map(|sheet| sheet.rows.iter().map(move |(number, cells)| (sheet, number, cells)));
    let mut width = order.len();
    for (sheet, number, cells) in rows {
        if let Some(head) = head(cells, &known) {
            (order, pairs) = head;
            width = sheet.widths.get(number).copied().unwrap_or(width);
            continue;
        }
        if let Some(why) = sheet.wider_than(*number, Some(width)) {
            problems.push(format!("第{number}行{why}"));
            continue;
        }
        match line(cells, &order, &pairs, lines.len() + problems.len() + 1) {
            Ok(line) => lines.push(line),
            Err(texts) => problems.push(format!("第{number}行{}", texts.join("，"))),
        }
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

/// The order of columns that a head states; `None` where the row is none.
fn head(cells: &BTreeMap<usize, Cell>, known: &Columns) -> Option<(Order, Pairs)> {
    let (mut order, mut pairs) = (Order::new(), Pairs::default());
    for (at, cell) in cells {
        let (text, column) = (cell.text(), known.find(&cell.text()));
        let same = order.iter().find(|(_, (name, ..))| column.is_some_and(|column| column.name == *name));
        let before = same.or_else(|| order.last_key_value().filter(|_| column.is_none()));
        let before = before.map(|(at, (_, _, holds))| (*at, holds));
        if !pairs.take_up(*at, &text, before, same.is_some())
            && let Some(column) = column.filter(|_| same.is_none())
        {
            order.insert(*at, (column.name.clone(), column.label.clone(), column.holds.clone()));
        }
    }
    (order.len() >= HEADS_MIN).then_some((order, pairs))
}

/// Reads a row: what is wrong with its cells, and with what else is read from them.
fn line(cells: &BTreeMap<usize, Cell>, order: &Order, pairs: &Pairs, serial: usize) -> Result<EntryLine, Vec<String>> {
    let (mut values, mut problems, mut unread) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (at, (name, label, holds)) in order {
        let cell = pairs.cell(cells, *at);
        match cell.and_then(|cell| cell.map_or(Ok(String::new()), |cell| cell.value(name, holds))) {
            Ok(value) => drop(values.insert(name.clone(), value)),
            Err(problem) => {
                unread.push(format!("“{label}”"));
                problems.push(format!("“{label}”{problem}"));
            }
        }
    }
    match read_line(&values, serial) {
        Ok(line) if problems.is_empty() => Ok(line),
        Ok(_) => Err(problems),
        Err(more) => {
            // What cannot be read is not missing besides.
            problems.extend(more.into_iter().filter(|text| !unread.iter().any(|label| text.starts_with(label))));
            Err(problems)
        }
    }
}

/// Heads of the columns of a line.
pub(super) fn heads() -> impl Iterator<Item = &'static str> {
    line_fields().iter().map(|field| field.label.as_str())
}

/// A line's cells, in the order of its heads.
pub(super) fn cells(line: &EntryLine) -> Vec<String> {
    let of = |name: &str| match name {
        "feedetl_sn" => line.feedetl_sn.clone(),
        "fee_ocur_time" => super::shown::value(&FieldKind::Moment, &moment_text(line.fee_ocur_time)),
        "med_list_codg" => line.med_list_codg.clone(),
        "medins_list_codg" => line.medins_list_codg.clone(),
        "cnt" => line.cnt.to_string(),
        "pric" => line.pric.to_string(),
        "det_item_fee_sumamt" => line.det_item_fee_sumamt.to_string(),
        "hosp_appr_flag" => line.hosp_appr_flag.clone(),
        "init_feedetl_sn" => line.init_feedetl_sn.clone(),
        "prd_days" => line.prd_days.clone(),
        other => unreachable!("registers/lines.tsv has {other}, which no line keeps"),
    };
    line_fields().iter().map(|field| of(&field.name)).collect()
}

/// Lines as they could have been pasted.
pub(super) fn text(lines: &[EntryLine]) -> String {
    lines.iter().map(|line| cells(line).join("\t").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use yibao_policy::registers::built_in;

    #[test]
    fn pasted_lines_are_read_with_or_without_their_head() {
        let pasted = "费用明细流水号\t费用发生时间\t医疗目录编码\t院内编码\t数量\t单价\t金额\n\
                      1\t2021/7/12 10:30\tXA01\tYP1\t2\t1.80\t3.60\n2\t2021-07-12 10:31\tXA02\t\t1\t5\t5\n";
        let lines = read(&built_in(), pasted).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].det_item_fee_sumamt.to_string(), "3.60");
        assert_eq!(read(&built_in(), &text(&lines)).unwrap(), lines);
    }

    #[test]
    fn the_head_says_the_order_of_the_pasted_columns() {
        let pasted = "数量\t医保编码\t单价\t规格\t费用时间\t医院审批标志\n\
                      2\tXA01\t1.80\t盒\t2021/7/12 10:30\t审批通过\n";
        let [line] = read(&built_in(), pasted).unwrap().try_into().unwrap();
        assert_eq!((line.feedetl_sn.as_str(), line.med_list_codg.as_str()), ("1", "XA01"));
        assert_eq!((line.cnt.to_string(), line.hosp_appr_flag.as_str()), ("2".to_owned(), "1"));
        assert_eq!(line.det_item_fee_sumamt.to_string(), "3.60");
    }

    #[test]
    fn day_and_time_of_day_may_stand_in_two_columns() {
        let pasted = "费用日期\t时间\t医保编码\t数量\t单价\n2021/7/12\t10:30\tXA01\t2\t1.80\n";
        assert_eq!(cells(&read(&built_in(), pasted).unwrap()[0])[1], "2021-07-12 10:30");
    }

    #[test]
    fn amounts_of_lines_are_read_as_those_of_sheets_and_pages_are() {
        let with = |cnt: &str, pric: &str, sum: &str| {
            read(&built_in(), &format!("1\t2021-07-12 10:30\tXA01\tYP1\t{cnt}\t{pric}\t{sum}\n"))
        };
        assert_eq!(with("1,000", "￥1.80", "1，800元").unwrap()[0].det_item_fee_sumamt.to_string(), "1800.00");
        for (cnt, pric, sum) in
            [("1", "12,50", "12.50"), ("1", "12.50", "12，50"), ("2盒", "1", "2"), ("1", "1 200", "1200")]
        {
            let problems = with(cnt, pric, sum).unwrap_err();
            assert!(problems[0].contains("第1行“"), "{problems:?}");
        }
    }

    #[test]
    fn a_line_that_a_comma_has_moved_is_no_other_line() {
        let head = "费用时间,医保编码,数量,单价,金额";
        let wrong = read(&built_in(), &format!("{head}\n2021-07-12 10:30,XA01,1,1,234.50,1234.50\n")).unwrap_err();
        assert!(wrong[0].contains("第2行比表头多1栏"), "{wrong:?}");
    }

    #[test]
    fn a_serial_may_begin_with_any_letters() {
        let lines = read(&built_in(), "PK001\t2021-07-12 10:30\tXA01\tYP1\t2\t1.80\t3.60\n").unwrap();
        assert_eq!(lines[0].feedetl_sn, "PK001");
    }

    #[test]
    fn a_line_of_midnight_is_taken() {
        let lines = read(&built_in(), "1\t2021-07-12 00:00\tXA01\tYP1\t2\t1.80\t3.60\n").unwrap();
        assert_eq!(cells(&lines[0])[1], "2021-07-12 00:00");
    }

    #[test]
    fn each_wrong_line_is_named_with_field_value_and_remedy() {
        let problems =
            read(&built_in(), "1\t昨天\tXA01\tYP1\t2\t1.80\t3.60\n2\t2021-07-12 10:31\t\t\t1\t5\t5\n").unwrap_err();
        assert!(problems[0].contains("第1行") && problems[0].contains("昨天") && problems[0].contains("写到分钟"));
        assert!(problems[1].contains("第2行") && problems[1].contains("医疗目录编码"), "{problems:?}");
    }
}
