//! Catalogue files (目录下载): 1301-1303, 1305-1311, 1313-1315. What a list has is told by its number, and made when it is fetched
//! (9102): it lies nowhere meanwhile.
//!
//! A national list that was loaded (`yibao load`, `1307.txt`) is given out as it was published; without one, drugs, items and
//! materials come from the benefit catalogue, as far as that knows them.

use crate::call::{Call, Done, Stop};
use crate::calls::archive;
use crate::policies::Policies;
use yibao_domain::time::{Date, moment_text};
use yibao_interface::{Catalogue, Output};
use yibao_store::reference::{CatalogueFilter, CatalogueItem, ListLine};
use yibao_store::{Fault, Tx};

/// Before the number of a list's file.
const NUMBER: &str = "ML";
/// Rows that are read at a time.
const PAGE: usize = 20_000;

/// The list type (目录类别) of the benefit catalogue that a file has.
fn list_type(infno: &str) -> Option<&'static str> {
    match infno {
        "1301" => Some("101"),
        "1302" => Some("102"),
        "1303" => Some("103"),
        "1305" => Some("201"),
        "1306" | "1306A" => Some("301"),
        _ => None,
    }
}

/// 1301 and its like: the number of the file, and how many rows it has. Who has the present version is given none.
pub(crate) fn offer(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let infno = call.infno.as_str();
    let (count, version) = present(tx, policies, infno)?;
    let is_up_to_date = fields.text("ver") == version;
    let count = if is_up_to_date { 0 } else { count };
    let number = format!("{NUMBER}{infno}-{version}{}", if is_up_to_date { "-0" } else { "" });
    let ends = moment_text(archive::ends_at(call.now));
    let reply = |output: yibao_interface::Record| {
        output
            .text("file_qury_no", &number)
            .text("filename", &format!("{infno}_{version}.zip"))
            .text("dld_end_time", &ends)
            .integer("data_cnt", count)
    };
    Ok(Done::with(Output::new().member(reply)))
}

/// How many rows a list has at present, and its version.
fn present(tx: &mut dyn Tx, policies: &Policies, infno: &str) -> Result<(i64, String), Stop> {
    let (count, version) = tx.list_version(infno)?;
    if count > 0 {
        return Ok((count, version));
    }
    let Some(filter) = filter_of(policies, infno) else { return Ok((0, "0".to_owned())) };
    let (newest, total) = tx.catalogue_newest(&filter)?;
    let version = newest.map_or_else(|| "0".to_owned(), |day| day.strftime("%Y%m%d").to_string());
    Ok((i64::try_from(total).unwrap_or(i64::MAX), version))
}

fn filter_of(policies: &Policies, infno: &str) -> Option<CatalogueFilter> {
    Some(CatalogueFilter {
        list_type: Some(list_type(infno)?.to_owned()),
        pool: policies.pool.pool.as_str().to_owned(),
        ..CatalogueFilter::default()
    })
}

/// The file of a number that a list was offered under; nothing where the number is another file's.
pub(crate) fn of_number(tx: &mut dyn Tx, policies: &Policies, number: &str) -> Result<Option<(String, Vec<u8>)>, Stop> {
    let Some((infno, version)) = number.strip_prefix(NUMBER).and_then(|rest| rest.split_once('-')) else {
        return Ok(None);
    };
    let failed = |why: String| Fault::new("packing a catalogue", number, why);
    let is_empty = version.ends_with("-0");
    let version = version.trim_end_matches("-0");
    let mut packing = archive::Packing::begin(&format!("{infno}_{version}.txt")).map_err(failed)?;
    if !is_empty && !put_list(tx, infno, &mut |line| packing.add(line).map_err(failed))? {
        put_catalogue(tx, policies, infno, &mut |line| packing.add(line).map_err(failed))?;
    }
    Ok(Some((format!("{infno}_{version}.zip"), packing.end().map_err(failed)?)))
}

/// Puts the lines of a loaded list; says whether there is one.
fn put_list(tx: &mut dyn Tx, infno: &str, put: &mut dyn FnMut(&str) -> Result<(), Fault>) -> Result<bool, Stop> {
    let mut after = String::new();
    loop {
        let page = tx.list_lines(infno, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(!after.is_empty()) };
        for ListLine { line, .. } in &page {
            put(line)?;
            put("\n")?;
        }
        after.clone_from(&last.rid);
    }
}

/// Puts a line for each row of the benefit catalogue.
fn put_catalogue(
    tx: &mut dyn Tx,
    policies: &Policies,
    infno: &str,
    put: &mut dyn FnMut(&str) -> Result<(), Fault>,
) -> Result<(), Stop> {
    let Some(filter) = filter_of(policies, infno) else { return Ok(()) };
    let columns = Catalogue::national().file_columns(infno);
    let mut offset = 0;
    loop {
        let (page, _) = tx.catalogue_page(&filter, offset, PAGE)?;
        for item in &page {
            let cells: Vec<String> = columns.iter().map(|column| cell(item, column)).collect();
            put(&cells.join("\t"))?;
            put("\n")?;
        }
        offset += page.len();
        if page.len() < PAGE {
            return Ok(());
        }
    }
}

/// What the benefit catalogue knows of a column; `null` where it is silent.
fn cell(item: &CatalogueItem, column: &str) -> String {
    let day = |day: Date| moment_text(day.at(0, 0, 0, 0));
    let said = match column {
        "医疗目录编码" => item.med_list_codg.clone(),
        "药品商品名" | "药品通用名" | "注册名称" | "单味药名称" | "医疗服务项目名称" | "耗材名称" => {
            item.hilist_name.clone()
        }
        "开始日期" | "开始时间" | "生效时间" | "数据创建时间" | "数据更新时间" => {
            day(item.begndate)
        }
        "结束日期" | "结束时间" | "失效时间" => item.enddate.map(day).unwrap_or_default(),
        "有效标志" | "下发标志" => "1".to_owned(),
        "限制使用标志" => item.lmt_used_flag.clone(),
        "唯一记录号" => format!("{}-{}", item.med_list_codg, item.begndate),
        "版本号" | "版本名称" => item.begndate.strftime("%Y%m%d").to_string(),
        _ => String::new(),
    };
    // A cell neither ends its line nor its column.
    let said = said.replace(['\t', '\n', '\r'], " ");
    if said.is_empty() { "null".to_owned() } else { said }
}
