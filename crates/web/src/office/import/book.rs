//! Which rows of the files are entries, and which are the fee lines of which entry.

use super::super::lines;
use crate::sheets::{self, Columns, Content, Table, Unreadable};
use std::collections::BTreeMap;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, EntryLine, FieldKind};
use yibao_policy::registers::fields;

/// Columns of our own exports that say what the platform knows; they are read and left alone.
const KNOWN_TO_US: [&str; 11] =
    ["状态", "业务名称", "期限", "是否逾期", "基金支付(元)", "结算ID", "原因", "收件时间", "经办人", "结果", "说明"];
/// How fee lines name their entry, the surest way first.
pub(super) const TIES: [&str; 3] = ["number", "own_ref", "ipt_otp_no"];

/// What was found in the files.
pub(super) struct Read {
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// Fee lines by what names their entry, tie and value.
    pub lines: BTreeMap<(&'static str, String), Lines>,
    /// What should be said about the files as a whole.
    pub remarks: Vec<String>,
}

/// A row.
pub(super) struct Row {
    /// `第3行`, with the sheet where there are several.
    pub place: String,
    pub content: Content,
}

/// The fee lines of one entry.
#[derive(Default)]
pub(super) struct Lines {
    pub place: String,
    pub lines: Vec<EntryLine>,
    pub problems: Vec<String>,
}

/// Reads the files that were sent together.
pub(super) fn read(kind: RegisterKind, files: &[Vec<u8>]) -> Result<Read, Unreadable> {
    let (entries, line_columns) = (entry_columns(kind), line_columns());
    let mut read = Read { rows: vec![], lines: BTreeMap::new(), remarks: vec![] };
    let mut heads = 0;
    if files.is_empty() {
        return Err(sheets::read(&[]).err().unwrap_or_else(|| Unreadable("没有选择文件".into())));
    }
    let books = files.iter().map(|bytes| sheets::read(bytes)).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<_> =
        books.iter().flat_map(|book| &book.sheets).filter(|sheet| !sheet.name.contains("填写说明")).collect();
    let several = all.iter().filter(|sheet| !sheet.rows.is_empty()).count() > 1;
    for sheet in all {
        let place = |line: usize| match several && !sheet.name.is_empty() {
            true => format!("“{}”第{line}行", sheet.name),
            false => format!("第{line}行"),
        };
        // A sheet of fee lines has their columns; one of entries has none of the catalogue's codes.
        let as_lines = Table::of(sheet, &line_columns).filter(|table| table.has("med_list_codg"));
        if let Some(table) = as_lines.filter(|_| lines::belong_to(kind)) {
            heads += 1;
            read.tell(&sheet.name, &table);
            for row in table.rows {
                read.take_line(&place(row.line), row.content);
            }
        } else if let Some(table) = Table::of(sheet, &entries) {
            heads += 1;
            read.tell(&sheet.name, &table);
            read.rows.extend(table.rows.into_iter().map(|row| Row { place: place(row.line), content: row.content }));
        } else if !sheet.rows.is_empty() && several {
            read.remarks.push(format!("工作表“{}”里没有认得的表头，没有导入", sheet.name));
        }
    }
    if heads == 0 {
        let wanted: Vec<&str> = entries.all().iter().skip(3).take(5).map(|known| known.label.as_str()).collect();
        let text = format!("没有找到表头；请用本页的模板，或让表头含有“{}”等栏目", wanted.join("”“"));
        return Err(Unreadable(text));
    }
    Ok(read)
}

impl Read {
    fn tell(&mut self, sheet: &str, table: &Table) {
        let of = if sheet.is_empty() { String::new() } else { format!("工作表“{sheet}”") };
        if !table.unknown.is_empty() {
            self.remarks.push(format!("{of}有不认得的列，没有导入：{}", table.unknown.join("、")));
        }
        if !table.twice.is_empty() {
            self.remarks.push(format!("{of}有重复的列，只用了靠左的一列：{}", table.twice.join("、")));
        }
    }

    fn take_line(&mut self, place: &str, content: Content) {
        let (fields, problem) = match content {
            Content::Fields(fields) => (fields, None),
            Content::Wrong(problem) => (BTreeMap::new(), Some(problem)),
            Content::PassedOver(_) => return,
        };
        let tie = TIES.iter().find_map(|tie| Some((*tie, fields.get(*tie)?.clone())));
        let Some(tie) = tie else {
            let why = problem.unwrap_or_else(|| "没有台账号、本机构单据号或住院号，不知属于哪笔".to_owned());
            let row = Row { place: format!("费用明细{place}"), content: Content::Wrong(why) };
            return self.rows.push(row);
        };
        let group = self.lines.entry(tie).or_default();
        if group.place.is_empty() {
            group.place = place.to_owned();
        }
        let value = |at: usize| Ok(fields.get(lines::COLUMNS[at].0).cloned().unwrap_or_default());
        match lines::line(&value) {
            Ok(line) => group.lines.push(line),
            Err(problem) => group.problems.push(format!("费用明细{place}{problem}")),
        }
    }
}

/// Every column that a sheet of this register may have: of the registration and of each step.
fn entry_columns(kind: RegisterKind) -> Columns {
    let mut columns = Columns::default();
    columns.add("number", "台账号", FieldKind::Text);
    columns.add("action", "操作", FieldKind::Text);
    columns.add("fixmedins_code", "机构代码", FieldKind::Text);
    for field in fields().of(kind, Action::Register) {
        columns.add(&field.name, &field.label, field.holds.clone());
    }
    let steps = fields().fields.iter().filter(|field| field.kind.is_none_or(|own| own == kind));
    for field in steps.filter(|field| field.action != Action::Register) {
        columns.add(&field.name, &field.label, field.holds.clone());
    }
    for (at, label) in KNOWN_TO_US.iter().enumerate() {
        columns.add(&format!("_{at}"), label, FieldKind::Text);
    }
    columns.add("_charged", "费用总额(元)", FieldKind::Text);
    if columns.find("业务").is_none() {
        columns.add("_business", "业务", FieldKind::Text);
    }
    columns.with_aliases()
}

fn line_columns() -> Columns {
    let mut columns = Columns::default();
    columns.add("number", "台账号", FieldKind::Text);
    columns.add("own_ref", "本机构单据号", FieldKind::Text);
    columns.add("ipt_otp_no", "住院号", FieldKind::Text);
    for (name, label, holds) in lines::COLUMNS {
        columns.add(name, label, holds);
    }
    columns.with_aliases()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_their_fee_lines_are_told_apart_and_tied_by_the_office_s_own_number() {
        let entries = "本机构单据号,姓名,就诊时间,费用总额,血型\nM1,王试,2021/7/12 10:30,3.60,A\n合计,,,3.60,\n";
        let fees = "本机构单据号,费用明细流水号,费用发生时间,医保目录编码,数量,单价,金额\n\
                    M1,1,2021-07-12 10:30,XA01,2,1.80,3.60\nM1,2,2021-07-12,XA01,2,1.80,3.60\n,3,2021-07-12 10:30,XA01,2,1.80,3.60\n";
        let read = read(RegisterKind::CashVisit, &[entries.into(), fees.into()]).unwrap();
        assert_eq!(read.remarks, ["有不认得的列，没有导入：血型"]);
        let lines = &read.lines[&("own_ref", "M1".to_owned())];
        assert_eq!((lines.lines.len(), lines.problems.len()), (1, 1));
        assert!(lines.problems[0].contains("第3行") && lines.problems[0].contains("写到分钟"), "{:?}", lines.problems);
        assert!(matches!(read.rows[0].content, Content::Fields(_)));
        assert_eq!(read.rows[1].content, Content::PassedOver("合计行"));
        assert!(matches!(&read.rows[2].content, Content::Wrong(why) if why.contains("不知属于哪笔")));
    }

    #[test]
    fn a_file_without_a_head_is_refused_with_the_columns_that_are_wanted() {
        let refused = read(RegisterKind::CashVisit, &[b"a,b\n1,2\n".to_vec()]).err().unwrap();
        assert!(refused.0.contains("模板") && refused.0.contains("姓名"), "{refused:?}");
    }
}
