//! Fee lines as people type or paste them: a line each, seven columns.

use crate::sheets;
use yibao_domain::money::{Money, decimal as plain_decimal};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{EntryLine, FieldKind, moment};

/// The columns in order: field, label, what it holds.
pub(super) const COLUMNS: [(&str, &str, FieldKind); 7] = [
    ("feedetl_sn", "费用明细流水号", FieldKind::Text),
    ("fee_ocur_time", "费用发生时间", FieldKind::Moment),
    ("med_list_codg", "医疗目录编码", FieldKind::Text),
    ("medins_list_codg", "医药机构目录编码", FieldKind::Text),
    ("cnt", "数量", FieldKind::Money),
    ("pric", "单价", FieldKind::Money),
    ("det_item_fee_sumamt", "明细项目费用总额", FieldKind::Money),
];

/// Whether entries of this register keep fee lines for their backfill.
pub(super) fn belong_to(kind: RegisterKind) -> bool {
    use RegisterKind::*;
    matches!(kind, CashVisit | Admission | DeferredDischarge | Transfer | StayConversion)
}

/// Reads pasted lines; each wrong one is named.
pub(super) fn read(text: &str) -> Result<Vec<EntryLine>, Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let book = sheets::read(text.as_bytes()).map_err(|unreadable| vec![unreadable.0])?;
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (number, cells) in book.sheets.iter().flat_map(|sheet| &sheet.rows) {
        let is_head =
            cells.values().any(|cell| COLUMNS.iter().any(|(name, label, _)| [*name, *label].contains(&&*cell.text())));
        if is_head {
            continue;
        }
        let value = |at: usize| match cells.get(&at) {
            Some(cell) => cell.value(&COLUMNS[at].2),
            None => Ok(String::new()),
        };
        match line(&value) {
            Ok(line) => lines.push(line),
            Err(text) => problems.push(format!("第{number}行{text}")),
        }
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

/// A line from its seven values.
pub(super) fn line(value: &dyn Fn(usize) -> Result<String, String>) -> Result<EntryLine, String> {
    let of = |at: usize| value(at).map_err(|problem| format!("“{}”{problem}", COLUMNS[at].1));
    let wanted = |at: usize| match of(at)?.as_str() {
        "" => Err(format!("“{}”为空，请补填", COLUMNS[at].1)),
        text => Ok(text.to_owned()),
    };
    let wrong = |at: usize, text: &str, what: &str| format!("“{}”写作“{text}”，{what}", COLUMNS[at].1);
    let decimal = |at: usize| -> Result<_, String> {
        let text = wanted(at)?;
        plain_decimal(&text).ok_or_else(|| wrong(at, &text, "应为数字"))
    };
    let amount = |at: usize| -> Result<Money, String> {
        let text = wanted(at)?;
        text.parse().map_err(|_| wrong(at, &text, "应为元，至多两位小数"))
    };
    let occurred = wanted(1)?;
    Ok(EntryLine {
        feedetl_sn: wanted(0)?,
        fee_ocur_time: moment(&occurred).ok_or_else(|| wrong(1, &occurred, "应写到分钟，如 2021-07-12 10:30"))?,
        med_list_codg: wanted(2)?,
        medins_list_codg: of(3)?,
        cnt: decimal(4)?,
        pric: decimal(5)?,
        det_item_fee_sumamt: amount(6)?,
    })
}

/// A line's cells, for a table.
pub(super) fn cells(line: &EntryLine) -> [String; 7] {
    [
        line.feedetl_sn.clone(),
        super::shown::minute(line.fee_ocur_time),
        line.med_list_codg.clone(),
        line.medins_list_codg.clone(),
        line.cnt.to_string(),
        line.pric.to_string(),
        line.det_item_fee_sumamt.to_string(),
    ]
}

/// Lines as they could have been pasted.
pub(super) fn text(lines: &[EntryLine]) -> String {
    lines.iter().map(|line| cells(line).join("\t")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_lines_are_read_with_or_without_their_head() {
        let pasted = "费用明细流水号\t费用发生时间\t医疗目录编码\t院内编码\t数量\t单价\t金额\n\
                      1\t2021/7/12 10:30\tXA01\tYP1\t2\t1.80\t3.60\n2\t2021-07-12 10:31\tXA02\t\t1\t5\t5\n";
        let lines = read(pasted).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0].det_item_fee_sumamt.to_string(), "3.60");
        assert_eq!(read(&text(&lines)).unwrap(), lines);
    }

    #[test]
    fn each_wrong_line_is_named_with_field_value_and_remedy() {
        let problems = read("1\t昨天\tXA01\tYP1\t2\t1.80\t3.60\n2\t2021-07-12 10:31\t\t\t1\t5\t5\n").unwrap_err();
        assert!(problems[0].contains("第1行") && problems[0].contains("昨天") && problems[0].contains("写到分钟"));
        assert!(problems[1].contains("第2行") && problems[1].contains("医疗目录编码"), "{problems:?}");
    }
}
