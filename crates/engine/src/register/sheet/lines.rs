//! The sheet of fee lines (费用明细), tied to rows by 本机构单据号 and to entries by 台账号.

use super::row::{SheetRow, plain};
use std::collections::BTreeMap;
use yibao_domain::money::{Money, decimal};
use yibao_domain::register::{EntryLine, moment};

/// Heads and field names of the columns.
const COLUMNS: &[(&str, &str)] = &[
    ("本机构单据号", "own_ref"),
    ("台账号", "number"),
    ("费用明细流水号", "feedetl_sn"),
    ("费用发生时间", "fee_ocur_time"),
    ("医疗目录编码", "med_list_codg"),
    ("医药机构目录编码", "medins_list_codg"),
    ("数量", "cnt"),
    ("单价", "pric"),
    ("金额", "det_item_fee_sumamt"),
];

/// Heads of the sheet, in the order of the template.
pub(super) fn heads() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|(head, _)| *head)
}

/// Lines by what they belong to.
pub(super) struct Lines(BTreeMap<String, Group>);

/// The lines of one row or entry, or what is wrong with the first wrong one.
pub(super) struct Group {
    /// The first one's row.
    pub first: usize,
    /// The lines.
    pub lines: Result<Vec<EntryLine>, String>,
}

impl Lines {
    /// Reads the sheet.
    pub fn read(rows: &[SheetRow]) -> Lines {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for row in rows {
            let cells = Cells(row);
            let key = [cells.text("number"), cells.text("own_ref")].into_iter().find(|key| !key.is_empty());
            let group = groups
                .entry(key.unwrap_or_default())
                .or_insert_with(|| Group { first: row.line, lines: Ok(Vec::new()) });
            let read = match &group.lines {
                Ok(lines) => cells.line(lines.len() + 1).map_err(|text| format!("费用明细第{}行:{text}", row.line)),
                Err(_) => continue,
            };
            match (read, &mut group.lines) {
                (Ok(line), Ok(lines)) => lines.push(line),
                (Err(text), lines) => *lines = Err(text),
                (Ok(_), Err(_)) => {}
            }
        }
        Lines(groups)
    }

    /// The lines of a row; none where it names none.
    pub fn take(&mut self, own_ref: &str) -> Result<Vec<EntryLine>, String> {
        if own_ref.is_empty() {
            return Ok(Vec::new());
        }
        self.0.remove(own_ref).map_or(Ok(Vec::new()), |group| group.lines)
    }

    /// What belongs to no row of the sheet: to entries of before, or to nothing.
    pub fn left(self) -> impl Iterator<Item = (String, Group)> {
        self.0.into_iter()
    }
}

struct Cells<'a>(&'a SheetRow);

impl Cells<'_> {
    fn text(&self, name: &str) -> String {
        let head = COLUMNS.iter().find(|(_, own)| *own == name).map_or("", |(head, _)| *head);
        let found = self.0.cells.iter().find(|(own, _)| plain(own) == head || own.trim() == name);
        found.map_or(String::new(), |(_, value)| value.trim().to_owned())
    }

    /// The line; one without a serial is numbered in the order of the sheet.
    fn line(&self, place: usize) -> Result<EntryLine, String> {
        let wrong = |name: &str, what: &str| {
            let head = COLUMNS.iter().find(|(_, own)| *own == name).map_or("", |(head, _)| *head);
            format!("“{head}”“{}”{what}", self.text(name))
        };
        let number =
            |name: &str| decimal(&self.text(name).replace(',', "")).ok_or_else(|| wrong(name, "不是数;请核对"));
        let (cnt, pric) = (number("cnt")?, number("pric")?);
        let amount = self.text("det_item_fee_sumamt").replace(['\u{a5}', '\u{ffe5}', ','], "");
        let det_item_fee_sumamt = match amount.as_str() {
            "" => Money::of_quantity(cnt, pric).ok_or_else(|| wrong("cnt", "乘单价过大;请核对"))?,
            text => text.parse().map_err(|_| wrong("det_item_fee_sumamt", "不是金额;应为最多两位小数的元数"))?,
        };
        let feedetl_sn = match self.text("feedetl_sn") {
            empty if empty.is_empty() => place.to_string(),
            serial => serial,
        };
        if self.text("own_ref").is_empty() && self.text("number").is_empty() {
            return Err("本机构单据号和台账号都为空;请至少填一项".to_owned());
        }
        Ok(EntryLine {
            feedetl_sn,
            fee_ocur_time: moment(&self.text("fee_ocur_time"))
                .ok_or_else(|| wrong("fee_ocur_time", "不是时间;应写到分钟,如 2021-07-12 10:30"))?,
            med_list_codg: self.text("med_list_codg"),
            medins_list_codg: self.text("medins_list_codg"),
            cnt,
            pric,
            det_item_fee_sumamt,
        })
    }
}
