//! Fee lines as people type or paste them: a line each, seven columns in the engine's order.

use crate::sheets;
use std::collections::BTreeMap;
use yibao_domain::register::{EntryLine, FieldKind};
use yibao_engine::desks::registers::{LINE_FIELDS, read_line};

/// Reads pasted lines; each wrong one is named.
pub(super) fn read(text: &str) -> Result<Vec<EntryLine>, Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let book = sheets::read(text.as_bytes()).map_err(|unreadable| vec![unreadable.0])?;
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (number, cells) in book.sheets.iter().flat_map(|sheet| &sheet.rows) {
        let is_head = cells.values().any(|cell| {
            let said = cell.text();
            LINE_FIELDS.iter().any(|(name, label, _)| [*name, *label].contains(&said.as_str()))
        });
        if is_head {
            continue;
        }
        let value = |(at, (name, label, holds)): (usize, &(&str, &str, FieldKind))| {
            let value = cells.get(&at).map_or(Ok(String::new()), |cell| cell.value(holds));
            Ok(((*name).to_owned(), value.map_err(|problem| format!("“{label}”{problem}"))?))
        };
        let values: Result<BTreeMap<String, String>, String> = LINE_FIELDS.iter().enumerate().map(value).collect();
        match values.and_then(|values| read_line(&values, lines.len() + 1)) {
            Ok(line) => lines.push(line),
            Err(text) => problems.push(format!("第{number}行{text}")),
        }
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
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
