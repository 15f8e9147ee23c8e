//! The benefit catalogue (医保目录): 1312 items, 1318 limit prices, 1319 pre-payment ratios, page by page.

use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use yibao_domain::money::{Decimal, Rate};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::Date;
use yibao_interface::{Catalogue, Field, Fields, Output, Record};
use yibao_store::Tx;
use yibao_store::reference::{CatalogueFilter, CatalogueItem};

/// Rows a page holds at most. Some clients ask for everything at once and never for a second page.
const PAGE_SIZE_MAX: usize = 20_000;

/// 1312 (医保目录信息查询).
pub(crate) fn items(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    answer(tx, call, policies, |filter| filter, item_record)
}

/// The list of ethnic drugs (目录类别: 民族药品).
const ETHNIC_DRUGS: &str = "104";

/// 1304 (民族药品目录查询): the loaded list of ethnic drugs, page by page; without one, those of the benefit catalogue.
pub(crate) fn ethnic_drugs(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let page = Page::of(fields)?;
    let (count, _) = tx.list_version(&call.infno)?;
    if count > 0 {
        return listed_ethnic_drugs(tx, call, fields, &page);
    }
    let name = fields.get("drug_genname").or(fields.get("drug_prodname")).map(str::to_owned);
    let filter = CatalogueFilter {
        name_part: name,
        list_type: Some(ETHNIC_DRUGS.to_owned()),
        ..filter(fields, policies, fields.get("med_list_codg").map(str::to_owned))?
    };
    let (items, total) = tx.catalogue_page(&filter, page.offset(), page.size)?;
    let records = items.iter().map(|item| {
        let since = Some(item.begndate);
        Record::new()
            .text("med_list_codg", &item.med_list_codg)
            .text("drug_prodname", &item.hilist_name)
            .text("drug_genname", &item.hilist_name)
            .date("begndate", since)
            .date("enddate", Some(last_day(item.enddate)))
            .text("vali_flag", "1")
            .text("rid", &format!("{}-{}", item.med_list_codg, item.begndate))
            .date("crte_time", since)
            .date("updt_time", since)
            .text("ver", &item.begndate.strftime("%Y%m%d").to_string())
    });
    Ok(Done::with(paged(records.collect(), total, &page)))
}

/// Names are asked for by a part; everything else has to be the same. The days ask since when a row was changed, and a list
/// whose rows do not say is shown whole.
fn listed_ethnic_drugs(tx: &mut dyn Tx, call: &Call, fields: &Fields, page: &Page) -> Result<Done, Stop> {
    const NAMES: [&str; 2] = ["drug_genname", "drug_prodname"];
    const SAME: [&str; 5] = ["med_list_codg", "genname_codg", "vali_flag", "rid", "ver"];
    let transaction = Catalogue::national().transaction(&call.infno).expect("a transaction that is offered");
    let columns: &[Field] = transaction.output_node("data").map_or(&[], |node| &node.fields);
    let since = fields.date("updt_time")?.map(|day| day.to_string());
    let is_meant = |cell: &dyn Fn(&str) -> String| {
        let has_name = |name: &&str| cell(name).contains(fields.text(name));
        let is_same = |name: &&str| fields.text(name).is_empty() || cell(name) == fields.text(name);
        let (changed, since) = (cell("updt_time"), since.as_deref().unwrap_or_default());
        NAMES.iter().all(has_name) && SAME.iter().all(is_same) && (changed.is_empty() || changed.as_str() >= since)
    };
    let (mut total, mut shown, mut after) = (0, Vec::new(), String::new());
    loop {
        let lines = tx.list_lines(&call.infno, &after, PAGE_SIZE_MAX)?;
        let Some(last) = lines.last() else { break };
        after.clone_from(&last.rid);
        for line in &lines {
            let cells: Vec<&str> = line.line.split('\t').map(|cell| if cell == "null" { "" } else { cell }).collect();
            let place = |name: &str| columns.iter().position(|column| column.name == name);
            let cell = |name: &str| place(name).and_then(|at| cells.get(at)).copied().unwrap_or_default().to_owned();
            if !is_meant(&cell) {
                continue;
            }
            if (page.offset()..page.offset().saturating_add(page.size)).contains(&total) {
                let put = |record: Record, (column, cell): (&'static Field, &&str)| match column.name.as_str() {
                    "enddate" if cell.is_empty() => record.date(&column.name, Some(last_day(None))),
                    _ => record.stated(column, cell),
                };
                shown.push(columns.iter().zip(&cells).fold(Record::new(), put));
            }
            total += 1;
        }
    }
    Ok(Done::with(paged(shown, u64::try_from(total).unwrap_or(u64::MAX), page)))
}

/// 1318 (医保目录限价信息查询).
pub(crate) fn limit_prices(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    answer(
        tx,
        call,
        policies,
        |filter| CatalogueFilter { with_limit_price: true, ..filter },
        |item, policies| {
            common(Record::new(), item, policies)
                .text("hilist_lmtpric_type", "1")
                .text("overlmt_dspo_way", "1")
                .decimal("hilist_pric_uplmt_amt", item.hilist_pric_uplmt_amt.unwrap_or(Decimal::ZERO))
                .text("tabname", "")
        },
    )
}

/// 1319 (医保目录先自付比例信息查询).
pub(crate) fn self_pay_ratios(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    answer(
        tx,
        call,
        policies,
        |filter| CatalogueFilter { with_selfpay_prop: true, ..filter },
        |item, policies| {
            common(Record::new(), item, policies)
                .text("selfpay_prop_psn_type", "")
                .text("selfpay_prop_type", "1")
                .rate("selfpay_prop", item.selfpay_prop.unwrap_or(Rate::ZERO))
                .text("tabname", "")
        },
    )
}

fn answer(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    narrow: impl Fn(CatalogueFilter) -> CatalogueFilter,
    record: impl Fn(&CatalogueItem, &Policies) -> Record,
) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let filter = narrow(filter(fields, policies, fields.get("hilist_code").map(str::to_owned))?);
    let page = Page::of(fields)?;
    let (items, total) = tx.catalogue_page(&filter, page.offset(), page.size)?;
    let records = items.iter().map(|item| record(item, policies)).collect();
    Ok(Done::with(paged(records, total, &page)))
}

/// The selection that a query's fields make.
pub(crate) fn filter(fields: &Fields, policies: &Policies, code: Option<String>) -> Result<CatalogueFilter, Stop> {
    Ok(CatalogueFilter {
        med_list_codg: code,
        name_part: fields.get("hilist_name").map(str::to_owned),
        list_type: fields.get("list_type").map(str::to_owned),
        chrgitm_lv: fields.get("chrgitm_lv").map(str::to_owned),
        valid_on: fields.date("query_date")?,
        pool: policies.pool.pool.as_str().to_owned(),
        with_limit_price: false,
        with_selfpay_prop: false,
    })
}

/// Which page is asked for; pages count from 1.
pub(crate) struct Page {
    number: usize,
    /// Rows a page.
    pub size: usize,
}

impl Page {
    /// Reads `page_num` and `page_size`; a page larger than the largest is cut to it.
    pub fn of(fields: &Fields) -> Result<Page, Stop> {
        let counted = |name: &str, default: usize| -> Result<usize, Stop> {
            let Some(asked) = fields.integer(name)? else { return Ok(default) };
            usize::try_from(asked)
                .ok()
                .filter(|asked| *asked >= 1)
                .ok_or_else(|| Refusal::new(Code::FieldShape, format!("{name} {asked} 超出范围；应从 1 起")).into())
        };
        Ok(Page { number: counted("page_num", 1)?, size: counted("page_size", 100)?.min(PAGE_SIZE_MAX) })
    }

    /// Rows before the page.
    pub fn offset(&self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }
}

/// A page of records directly under `output`, with the counters that clients page by.
pub(crate) fn paged(records: Vec<Record>, total: u64, page: &Page) -> Output {
    let whole = |count: usize| i64::try_from(count).expect("a page is small");
    let total_rows = i64::try_from(total).expect("a catalogue is countable");
    let size = whole(page.size);
    let pages = (total_rows + size - 1) / size;
    let number = whole(page.number);
    let shown = whole(records.len());
    let first = if shown == 0 { 0 } else { whole(page.offset()) + 1 };
    Output::new().list("data", records).member(|beside| {
        beside
            .integer("pageNum", number)
            .integer("pageSize", size)
            .integer("pages", pages)
            .integer("recordCounts", total_rows)
            .integer("size", shown)
            .integer("startRow", first)
            .integer("endRow", if shown == 0 { 0 } else { first + shown - 1 })
            .truth("firstPage", number == 1)
            .truth("lastPage", number >= pages)
    })
}

/// Until when a row holds. One without an end holds until a day that no bill sees: some clients compare the day without asking
/// whether there is one, others take it as it is.
pub(crate) fn last_day(enddate: Option<Date>) -> Date {
    const NEVER: Date = jiff::civil::date(2099, 12, 31);
    enddate.unwrap_or(NEVER)
}

/// The columns that all catalogue queries share.
pub(crate) fn common(record: Record, item: &CatalogueItem, policies: &Policies) -> Record {
    let parts = [&item.med_list_codg, &item.pool, &item.scheme, &item.level];
    let rid = format!("{}-{}", parts.map(String::as_str).join("-"), item.begndate);
    let since = item.begndate.at(0, 0, 0, 0);
    record
        .text("hilist_code", &item.med_list_codg)
        .text("insu_admdvs", policies.pool.pool.as_str())
        .date("begndate", Some(item.begndate))
        .date("enddate", Some(last_day(item.enddate)))
        .text("vali_flag", "1")
        .text("memo", "")
        .text("rid", &rid)
        .moment("updt_time", Some(since))
        .moment("crte_time", Some(since))
        .moment("opt_time", Some(since))
        .text("poolarea_no", policies.pool.pool.as_str())
}

fn item_record(item: &CatalogueItem, policies: &Policies) -> Record {
    common(Record::new(), item, policies)
        .text("hilist_name", &item.hilist_name)
        .text("med_chrgitm_type", &item.med_chrgitm_type)
        .text("chrgitm_lv", &item.chrgitm_lv)
        .text("lmt_used_flag", if item.lmt_used_flag == "1" { "1" } else { "0" })
        .text("list_type", &item.list_type)
        .text("med_use_flag", "1")
        .text("matn_used_flag", "1")
        .text("hilist_use_type", "1")
        .text("lmt_cpnd_type", "0")
        .text("wubi", "")
        .text("pinyin", "")
}
