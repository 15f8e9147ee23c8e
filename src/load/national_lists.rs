//! `1301.txt` and its like: national lists (国家目录) as they were published, which hospitals fetch again (1301-1315), and
//! `1304.csv`, the ethnic drugs, which they ask for page by page.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::kind::{Astray, Kind, one_by_one};
use crate::load::table::{Column, Form};
use std::hash::Hash;
use yibao_interface::Catalogue;
use yibao_store::reference::ListLine;
use yibao_store::{Change, Fault, Tx};

/// A list that is fetched as a file, by the number of its transaction.
pub struct List<const NUMBER: u16>;

/// The ethnic drugs (民族药品目录).
pub struct EthnicDrugs;

/// 唯一记录号 and 版本号 as the files' columns are called.
const RID: &str = "唯一记录号";
const VERSION: &str = "版本号";
/// The longest cell of a list, a package leaflet.
const CELL_CHARS_MAX: usize = 4_000;

const fn file(number: u16) -> &'static str {
    match number {
        1301 => "1301.txt",
        1302 => "1302.txt",
        1303 => "1303.txt",
        1305 => "1305.txt",
        1306 => "1306.txt",
        1307 => "1307.txt",
        1308 => "1308.txt",
        1309 => "1309.txt",
        1310 => "1310.txt",
        1311 => "1311.txt",
        1313 => "1313.txt",
        1314 => "1314.txt",
        1315 => "1315.txt",
        _ => panic!("no list is fetched under this number"),
    }
}

fn infno_of(file: &str) -> &str {
    file.split('.').next().unwrap_or_default()
}

impl<const NUMBER: u16> Kind for List<NUMBER> {
    type Row = ListLine;
    const FILE: &'static str = file(NUMBER);
    const BUILDS_ON: &'static [&'static str] = &[];
    const IN_BOOKS: bool = false;
    const FORM: Form = Form::Lines;

    fn columns() -> Vec<Column> {
        let names = Catalogue::national().file_columns(infno_of(Self::FILE));
        names.iter().map(|name| Column::optional(name, "")).collect()
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> ListLine {
        let infno = infno_of(Self::FILE).to_owned();
        let (rid, version) = (fields.needed(RID), fields.text(VERSION));
        ListLine { infno, rid, line: fields.line_of_cells(CELL_CHARS_MAX), version }
    }

    fn key(row: &ListLine) -> impl Hash {
        &row.rid
    }

    fn person(_row: &ListLine) -> Option<&str> {
        None
    }

    fn books(_row: &ListLine, _areas: &Areas<'_>, _home: Home) -> Result<Books, Astray> {
        Ok(Books::FIRST)
    }

    fn put(tx: &mut dyn Tx, rows: &[&ListLine]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_list_line(row))
    }
}

impl Kind for EthnicDrugs {
    type Row = ListLine;
    const FILE: &'static str = "1304.csv";
    const BUILDS_ON: &'static [&'static str] = &[];
    const IN_BOOKS: bool = false;

    fn columns() -> Vec<Column> {
        let of = Catalogue::national().transaction("1304").and_then(|transaction| transaction.output_node("data"));
        let column = |name: &'static str, chinese: &'static str| match name {
            "med_list_codg" | "drug_genname" => Column::required(name, chinese),
            _ => Column::optional(name, chinese),
        };
        of.iter().flat_map(|node| &node.fields).map(|field| column(&field.name, &field.chinese)).collect()
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> ListLine {
        let code = fields.needed_id("med_list_codg");
        fields.needed("drug_genname");
        let (rid, version) = (fields.text("rid"), fields.text("ver"));
        let rid = if rid.is_empty() { code } else { rid };
        ListLine { infno: "1304".to_owned(), rid, line: fields.line_of_columns(CELL_CHARS_MAX), version }
    }

    fn key(row: &ListLine) -> impl Hash {
        &row.rid
    }

    fn person(_row: &ListLine) -> Option<&str> {
        None
    }

    fn books(_row: &ListLine, _areas: &Areas<'_>, _home: Home) -> Result<Books, Astray> {
        Ok(Books::FIRST)
    }

    fn put(tx: &mut dyn Tx, rows: &[&ListLine]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_list_line(row))
    }
}
