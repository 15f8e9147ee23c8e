//! Which rows of the files are entries, and which are fee lines. What a row means is the engine's to say.

use crate::sheets::{self, Sheet, Table, Unreadable};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::WorkTable;
use yibao_engine::desks::registers::{Columns, SheetRow, keeps_lines};

/// What was found in the files.
#[derive(Default)]
pub(super) struct Read {
    /// The rows of entries, in order.
    pub rows: Vec<SheetRow>,
    /// The rows of fee lines, in order.
    pub lines: Vec<SheetRow>,
    /// The heads of the entries' columns, in order.
    pub heads: Vec<String>,
    /// What should be said about the files as a whole.
    pub remarks: Vec<String>,
}

/// Reads the files that were sent together.
pub(super) fn read(work: &WorkTable, kind: RegisterKind, files: &[Vec<u8>]) -> Result<Read, Unreadable> {
    if files.is_empty() {
        return Err(Unreadable("没有选择文件；请选择CSV或XLSX文件".into()));
    }
    let (entries, fee_lines) = (Columns::of(work, kind), Columns::of_lines(work));
    let books = files.iter().map(|bytes| sheets::read(bytes)).collect::<Result<Vec<_>, _>>()?;
    let all: Vec<&Sheet> =
        books.iter().flat_map(|book| &book.sheets).filter(|sheet| !sheet.name.contains("填写说明")).collect();
    let several = all.iter().filter(|sheet| !sheet.rows.is_empty()).count() > 1;
    let mut read = Read::default();
    let mut tables = 0;
    for sheet in all {
        let name = if several { sheet.name.as_str() } else { "" };
        // A sheet of fee lines has their columns; one of entries has none of the catalogue's codes.
        let as_lines = Table::of(sheet, name, &fee_lines).filter(|table| table.has("med_list_codg"));
        if let Some(table) = as_lines.filter(|_| keeps_lines(kind)) {
            tables += 1;
            read.tell(&sheet.name, &table);
            read.lines.extend(table.rows);
        } else if let Some(table) = Table::of(sheet, name, &entries) {
            tables += 1;
            read.tell(&sheet.name, &table);
            for head in table.heads() {
                if !read.heads.iter().any(|known| known == head) {
                    read.heads.push(head.to_owned());
                }
            }
            read.rows.extend(table.rows);
        } else if !sheet.rows.is_empty() && several {
            read.remarks.push(format!("工作表“{}”里没有认得的表头，没有导入", sheet.name));
        }
    }
    if tables == 0 {
        let wanted: Vec<&str> = entries.labels().take(5).collect();
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use yibao_engine::desks::registers::Reading;
    use yibao_policy::registers::built_in;

    #[test]
    fn entries_and_their_fee_lines_are_told_apart() {
        let entries = "本机构单据号,姓名,就诊时间,费用总额,血型\nM1,王试,2021/7/12 10:30,3.60,A\n合计,,,3.60,\n";
        let fees = "本机构单据号,费用明细流水号,费用发生时间,医保目录编码,数量,单价,金额\n\
                    M1,1,2021-07-12 10:30,XA01,2,1.80,3.60\nM1,2,2021-07-12,6.9010283E+12,2,1.80,3.60\n";
        let read = read(&built_in(), RegisterKind::CashVisit, &[entries.into(), fees.into()]).unwrap();
        assert_eq!(read.remarks, ["有不认得的列，没有导入：血型"]);
        assert_eq!(read.heads, ["本机构单据号", "姓名", "就诊时间", "费用总额"]);
        assert_eq!(read.rows[0].reading, Reading::Whole);
        assert_eq!(read.rows[1].reading, Reading::NoEntry("合计行"));
        assert_eq!(read.lines[0].cells["金额"], "3.60");
        assert!(matches!(&read.lines[1].reading, Reading::Wrong(why) if why.contains("医保目录编码")));
        assert_eq!(read.lines[1].cells["本机构单据号"], "M1", "a wrong line keeps whose it is");
    }

    #[test]
    fn a_file_without_a_head_is_refused_with_the_columns_that_are_wanted() {
        let refused = read(&built_in(), RegisterKind::CashVisit, &[b"a,b\n1,2\n".to_vec()]).err().unwrap();
        assert!(refused.0.contains("模板") && refused.0.contains("姓名"), "{refused:?}");
    }
}
