//! `catalogue.csv`: the benefit catalogue (医保目录), class, ratio and limit price as dated data.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::kind::{Astray, Kind, one_by_one};
use crate::load::table::Column;
use std::hash::Hash;
use yibao_domain::catalogue::Class;
use yibao_domain::provider::BenefitLevel;
use yibao_store::reference::CatalogueItem;
use yibao_store::{Change, Fault, Tx};

/// The kind of file.
pub struct Catalogue;

const LIST_TYPES: &[&str] = &["101", "102", "103", "104", "105", "106", "201", "301"];
const CHARGE_TYPES: &[&str] = &["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14"];

impl Kind for Catalogue {
    type Row = CatalogueItem;
    const FILE: &'static str = "catalogue.csv";
    const BUILDS_ON: &'static [&'static str] = &[];
    const IN_BOOKS: bool = false;

    fn columns() -> Vec<Column> {
        vec![
            Column::required("med_list_codg", "医疗目录编码"),
            Column::required("hilist_name", "医保目录名称"),
            Column::required("list_type", "目录类别"),
            Column::required("chrgitm_lv", "收费项目等级"),
            Column::required("begndate", "开始日期"),
            Column::optional("selfpay_prop", "自付比例"),
            Column::optional("hilist_pric_uplmt_amt", "医保目录定价上限金额"),
            Column::optional("enddate", "结束日期"),
            Column::optional("special", "特殊药品"),
            Column::optional("med_chrgitm_type", "医疗收费项目类别"),
            Column::optional("lmt_used_flag", "限制使用标志"),
            Column::optional("pool", "统筹区"),
            Column::optional("scheme", "险种"),
            Column::optional("level", "机构等级"),
        ]
    }

    fn read(fields: &mut Fields<'_>, areas: &Areas<'_>, _accounts: &Accounts) -> CatalogueItem {
        let (begndate, enddate) = fields.period();
        let list_type = fields.word("list_type", LIST_TYPES);
        if list_type.is_empty() {
            fields.refuse("list_type", "没有填写", "例如 101 西药中成药、102 中药饮片、201 医疗服务项目、301 医用材料");
        }
        let levels: Vec<&str> = BenefitLevel::ALL.iter().map(|level| level.column()).collect();
        CatalogueItem {
            med_list_codg: fields.needed_id("med_list_codg"),
            hilist_name: fields.needed("hilist_name"),
            list_type,
            chrgitm_lv: class(fields),
            selfpay_prop: fields.ratio("selfpay_prop"),
            hilist_pric_uplmt_amt: fields.price("hilist_pric_uplmt_amt"),
            begndate,
            enddate,
            special: fields.word("special", &["single_payment", "high_value"]),
            med_chrgitm_type: fields.word("med_chrgitm_type", CHARGE_TYPES),
            lmt_used_flag: if fields.flag("lmt_used_flag") { "1".to_owned() } else { "0".to_owned() },
            pool: pool(fields, areas),
            scheme: scheme(fields),
            level: fields.word("level", &levels),
        }
    }

    fn key(row: &CatalogueItem) -> impl Hash {
        (&row.med_list_codg, row.begndate, &row.pool, &row.scheme, &row.level)
    }

    fn person(_row: &CatalogueItem) -> Option<&str> {
        None
    }

    fn books(_row: &CatalogueItem, _areas: &Areas<'_>, _home: Home) -> Result<Books, Astray> {
        Ok(Books::FIRST)
    }

    fn put(tx: &mut dyn Tx, rows: &[&CatalogueItem]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_catalogue_item(row))
    }
}

/// Classes are written in three ways in the lists that circulate; the national code is stored.
fn class(fields: &mut Fields<'_>) -> String {
    let text = fields.needed("chrgitm_lv");
    let code = match text.as_str() {
        "甲" | "甲类" | "A" | "a" => "01",
        "乙" | "乙类" | "B" | "b" => "02",
        "丙" | "丙类" | "C" | "c" | "自费" => "03",
        other => other,
    };
    match Class::of_chrgitm_lv(code) {
        Some(class) => class.as_chrgitm_lv().to_owned(),
        None if text.is_empty() => String::new(),
        None => {
            fields.refuse("chrgitm_lv", "不是收费项目等级", "可填 01（甲类）、02（乙类）、03（丙类）");
            String::new()
        }
    }
}

/// The pool that the row is for, from its own division or one inside it.
fn pool(fields: &mut Fields<'_>, areas: &Areas<'_>) -> String {
    let text = fields.division("pool");
    if text.is_empty() {
        return text;
    }
    match (areas.pool_of)(&text) {
        Some(pool) if areas.pools.iter().any(|(known, _)| *known == pool) => pool.to_string(),
        _ => {
            fields.refuse("pool", "不是已知统筹区", format!("已知统筹区：{}；各统筹区相同的留空", areas.known()));
            text
        }
    }
}

fn scheme(fields: &mut Fields<'_>) -> String {
    let text = fields.word("scheme", &["310", "390", "employee", "resident"]);
    match text.as_str() {
        "employee" => "310".to_owned(),
        "resident" => "390".to_owned(),
        _ => text,
    }
}
