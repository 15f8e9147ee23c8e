//! Code mapping (目录对照): 3301 upload, 3302 withdrawal, 1316 and 1317 the queries.

use crate::call::{Call, Done, Stop};
use crate::calls::catalogue::{Page, last_day, paged};
use crate::facts::details;
use crate::policies::Policies;
use crate::settlement::line;
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Fields, Record};
use yibao_store::Tx;
use yibao_store::mapping::{Mapping, MappingFilter};

/// Rows one message may map.
const ROWS_MAX: usize = 100;

const COLUMNS: &[&str] =
    &["fixmedins_hilist_id", "fixmedins_hilist_name", "list_type", "med_list_codg", "begndate", "enddate"];

/// 3301 (目录对照上传): maps a provider's codes, at most 100; a changed mapping is withdrawn first.
pub(crate) fn upload(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let rows = rows(call)?;
    let items = line::items(tx, call, policies, rows)?;
    for (position, row) in rows.iter().enumerate() {
        let med_list_codg = row.demand("med_list_codg")?;
        let begndate = row.date("begndate")?.unwrap_or(call.now.date());
        let item = items.get(med_list_codg).expect("the items of all rows were asked for");
        if item.rows.iter().all(|item| !item.holds_on(call.now.date())) {
            return Err(Refusal::new(
                Code::UnknownItem,
                format!(
                    "第{}行医疗目录编码 med_list_codg {med_list_codg} 不在现行医保目录内；请核对后重新对照",
                    position + 1
                ),
            )
            .into());
        }
        let enddate = row.date("enddate")?;
        if enddate.is_some_and(|enddate| enddate < begndate) {
            let text = format!("第{}行结束日期 enddate 早于开始日期 begndate {begndate}；请核对", position + 1);
            return Err(Refusal::new(Code::Dates, text).into());
        }
        let hilist_id = row.demand("fixmedins_hilist_id")?;
        let mapped = tx.add_mapping(&Mapping {
            fixmedins_code: call.provider()?.fixmedins_code.clone(),
            fixmedins_hilist_id: hilist_id.to_owned(),
            fixmedins_hilist_name: row.text("fixmedins_hilist_name").to_owned(),
            list_type: row.text("list_type").to_owned(),
            med_list_codg: med_list_codg.to_owned(),
            begndate,
            enddate,
            uploaded_at: call.now,
            withdrawn_at: None,
            details: details::pack(row, COLUMNS),
        })?;
        if !mapped {
            return Err(Refusal::new(
                Code::WrongState,
                format!("第{}行机构目录编号 {hilist_id} 已有对照；更改对照请先撤销(3302)再上传", position + 1),
            )
            .into());
        }
    }
    Ok(Done::silently())
}

/// 3302 (目录对照撤销): withdraws mappings.
pub(crate) fn withdraw(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    for (position, row) in rows(call)?.iter().enumerate() {
        let (hilist_id, code) = (row.text("fixmedins_hilist_id"), row.demand("med_list_codg")?);
        if !tx.withdraw_mapping(&call.provider()?.fixmedins_code, hilist_id, code, call.now)? {
            return Err(Refusal::new(
                Code::NotFound,
                format!("第{}行没有机构目录编号 {hilist_id} 与 {code} 的有效对照；请用1317查询现有对照", position + 1),
            )
            .into());
        }
    }
    Ok(Done::silently())
}

fn rows(call: &Call) -> Result<&[Fields], Stop> {
    call.input.node("data")?;
    let rows = call.input.nodes("data");
    if rows.len() > ROWS_MAX {
        let text = format!("一次最多对照 {ROWS_MAX} 行，本次 {} 行；请分批上传", rows.len());
        return Err(Refusal::new(Code::FieldShape, text).into());
    }
    Ok(rows)
}

/// 1317 (医药机构目录匹配信息查询): a provider's own mappings.
pub(crate) fn by_provider(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let mine = call.provider()?.fixmedins_code.as_str();
    let asked = fields.get("fixmedins_code").unwrap_or(mine);
    if asked != mine {
        let text = format!("只能查询本机构的目录对照；fixmedins_code 请填 {mine} 或留空");
        return Err(Refusal::new(Code::NotYours, text).into());
    }
    let filter = MappingFilter {
        fixmedins_code: Some(mine.to_owned()),
        fixmedins_hilist_id: fields.get("medins_list_codg").map(str::to_owned),
        name_part: fields.get("medins_list_name").map(str::to_owned),
        list_type: fields.get("list_type").map(str::to_owned),
        med_list_codg: fields.get("med_list_codg").map(str::to_owned),
        valid_on: fields.date("query_date")?,
        uploaded_since: fields.moment("updt_time")?,
    };
    let page = Page::of(fields)?;
    let (rows, total) = tx.mappings(&filter, page.offset(), page.size)?;
    let records = rows.iter().map(|row| provider_record(row, policies)).collect();
    Ok(Done::with(paged(records, total, &page)))
}

/// 1316 (医疗目录与医保目录匹配信息查询): in this pool a national code is its own benefit code.
pub(crate) fn by_national_code(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let named = fields.get("med_list_codg").map(str::to_owned).or(fields.get("hilist_code").map(str::to_owned));
    let filter = crate::calls::catalogue::filter(fields, policies, named)?;
    let page = Page::of(fields)?;
    let (items, total) = tx.catalogue_page(&filter, page.offset(), page.size)?;
    let records = items
        .iter()
        .map(|item| {
            let record = Record::new().text("med_list_codg", &item.med_list_codg);
            crate::calls::catalogue::common(record, item, policies).text("list_type", &item.list_type)
        })
        .collect();
    Ok(Done::with(paged(records, total, &page)))
}

fn provider_record(row: &Mapping, policies: &Policies) -> Record {
    let more = details::Details::read(&row.details);
    let mut record = Record::new()
        .text("fixmedins_code", &row.fixmedins_code)
        .text("medins_list_codg", &row.fixmedins_hilist_id)
        .text("medins_list_name", &row.fixmedins_hilist_name)
        .text("insu_admdvs", policies.pool.pool.as_str())
        .text("list_type", &row.list_type)
        .text("med_list_codg", &row.med_list_codg)
        .date("begndate", Some(row.begndate))
        .date("enddate", Some(last_day(row.enddate)));
    for name in ["aprvno", "dosform", "exct_cont", "item_cont", "prcunt", "spec", "pacspec", "memo"] {
        record = record.text(name, more.text(name));
    }
    record
        .text("vali_flag", "1")
        .text("rid", &format!("{}-{}", row.fixmedins_code, row.fixmedins_hilist_id))
        .moment("updt_time", Some(row.uploaded_at))
        .moment("crte_time", Some(row.uploaded_at))
        .moment("opt_time", Some(row.uploaded_at))
        .text("poolarea_no", policies.pool.pool.as_str())
}
