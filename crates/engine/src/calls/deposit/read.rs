//! What is asked of documents: 3508-3511 a provider's stock, 4103 a settlement list, 5101 departments.

use super::list_of;
use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use serde_json::{Map, Value};
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{Catalogue, Node, Output, Record, deposited};
use yibao_store::Tx;
use yibao_store::deposit::{Deposit, DepositFilter};

/// Documents one question looks at, the latest first; a remark says where there are more.
const SHOWN_MAX: usize = 2_000;

/// Which documents a query of the stock is about.
fn kinds_of(infno: &str) -> Vec<String> {
    let of = match infno {
        "3508" => &["3501"][..],
        "3509" => &["3502"],
        "3510" => &["3503", "3504"],
        _ => &["3505", "3506"],
    };
    of.iter().flat_map(|infno| deposited(infno)).map(|rule| rule.kind.clone()).collect()
}

/// 3508-3511 (进销存查询): a provider's own stock, changes, purchases and sales, of the days on which they came.
pub(crate) fn stock(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let own = &call.provider()?.fixmedins_code;
    let stated = fields.text("fixmedins_code");
    if !stated.is_empty() && stated != own {
        return Err(fields.refuse(Code::NotYours, "fixmedins_code", "不是本机构；只能查询本机构的进销存").into());
    }
    let batch = fields.text("fixmedins_bchno");
    let filter = DepositFilter {
        fixmedins_code: Some(own.clone()),
        kinds: kinds_of(&call.infno),
        subject: (!batch.is_empty()).then(|| batch.to_owned()),
        since: fields.date("begndate")?,
        until: fields.date("enddate")?,
        ..DepositFilter::default()
    };
    let (rows, total) = tx.deposits(&filter, 0, SHOWN_MAX)?;
    let node = output(&call.infno, "*")?;
    let wanted = |name: &str, row: &Map<String, Value>| {
        let asked = fields.text(name);
        asked.is_empty() || text_of(row, stored_name(name)) == asked
    };
    let mut records = Vec::new();
    for row in &rows {
        let Some(content) = first_row(row, None) else { continue };
        if wanted("medins_list_codg", &content) && wanted("med_list_codg", &content) {
            records.push(in_camel_case(node, row, &content));
        }
    }
    Ok(told(Output::bare(records), rows.len(), total))
}

/// An answer, with how many were looked at where those are not all there are.
fn told(output: Output, looked_at: usize, total: u64) -> Done {
    let done = Done::with(output);
    let is_cut = total > u64::try_from(looked_at).unwrap_or(u64::MAX);
    if is_cut {
        done.remark(format!("共 {total} 份，只查了最近的 {looked_at} 份；请缩小查询范围"))
    } else {
        done
    }
}

/// The query writes in camel case what was deposited in the national spelling.
fn in_camel_case(node: &'static Node, row: &Deposit, content: &Map<String, Value>) -> Record {
    node.fields.iter().fold(Record::new(), |record, field| {
        let name = snake_case(&field.name);
        match name.as_str() {
            "fixmedins_code" => record.text(&field.name, &row.fixmedins_code),
            "crte_time" => record.moment(&field.name, Some(row.received_at)),
            "updt_time" | "opt_time" => record.moment(&field.name, Some(row.changed_at)),
            "rid" => record.text(&field.name, &row.number.to_string()),
            "vali_flag" => record.text(&field.name, "1"),
            name if name.starts_with("medins_prod_") => record.text(&field.name, &row.number.to_string()),
            name => record.stated(field, &text_of(content, stored_name(name))),
        }
    })
}

/// The name under which a deposit has what a query calls otherwise.
fn stored_name(asked: &str) -> &str {
    match asked {
        "medins_list_codg" => "fixmedins_hilist_id",
        "medins_list_name" => "fixmedins_hilist_name",
        "bilg_dr_name" => "prsc_dr_name",
        other => other,
    }
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// 4103 (结算清单查询): the list of a settlement as it was uploaded, with what the settlement itself says.
pub(crate) fn settlement_list(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let setl_id = fields.demand("setl_id")?;
    let own = &call.provider()?.fixmedins_code;
    let Some(row) = list_of(tx, own, setl_id)? else {
        let text = format!("结算ID {setl_id} 没有上传过结算清单；请先上传(4101)");
        return Err(Refusal::new(Code::NotFound, text).into());
    };
    if !row.psn_no.is_empty() && !fields.text("psn_no").is_empty() && row.psn_no != fields.text("psn_no") {
        return Err(fields.refuse(Code::NotYours, "psn_no", "与结算清单的人员不同；请核对").into());
    }
    let nodes = nodes_of(&row);
    let main = first_row(&row, Some("setlinfo")).unwrap_or_default();
    let settled = tx.settlement(setl_id)?;
    let transaction = Catalogue::national().transaction(&call.infno).expect("a transaction that is offered");
    let mut answer = Output::new();
    for node in transaction.output() {
        if node.name == "setlinfo" {
            let record = node.fields.iter().fold(Record::new(), |record, field| match field.name.as_str() {
                "setl_list_sn" => record.text(&field.name, &row.number.to_string()),
                "fixmedins_code" => record.text(&field.name, own),
                "stas_type" => record.text(&field.name, if row.review.is_empty() { "0" } else { &row.review }),
                "insutype" => {
                    let insutype = settled.as_ref().map_or("", |row| row.settlement.insutype.as_str());
                    record.text(&field.name, insutype)
                }
                name => record.stated(field, &text_of(&main, uploaded_name(name))),
            });
            answer = answer.object(&node.name, record);
        } else {
            let rows = nodes.get(&node.name).and_then(Value::as_array).cloned().unwrap_or_default();
            let rows = rows.iter().filter_map(Value::as_object).map(|row| as_uploaded(node, row));
            answer = answer.list(&node.name, rows.collect::<Vec<_>>());
        }
    }
    Ok(Done::with(answer))
}

/// The name under which 4101 uploads what 4103 shows under another.
fn uploaded_name(shown: &str) -> &str {
    match shown {
        "emp_poscode" => "poscode",
        "adm_way_code" => "adm_way",
        "opsp_mdtrt_time" => "opsp_mdtrt_date",
        "otp_wm_diag_dise_code" => "wm_dise_code",
        "otp_tcm_diag_dise_code" => "tcm_dise_code",
        other => other,
    }
}

/// 5101 (科室信息查询): a provider's departments.
pub(crate) fn departments(tx: &mut dyn Tx, call: &Call, _policies: &Policies) -> Result<Done, Stop> {
    let kinds = deposited("3401").iter().map(|rule| rule.kind.clone()).collect();
    let own = call.provider()?.fixmedins_code.clone();
    let filter = DepositFilter { fixmedins_code: Some(own), kinds, ..DepositFilter::default() };
    let (mut rows, total) = tx.deposits(&filter, 0, SHOWN_MAX)?;
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    let node = output(&call.infno, "feedetail")?;
    let records = rows.iter().filter_map(|row| Some(as_uploaded(node, &first_row(row, None)?)));
    Ok(told(Output::new().list("feedetail", records.collect::<Vec<_>>()), rows.len(), total))
}

/// A row as it was uploaded, with the fields of the answer's node.
fn as_uploaded(node: &'static Node, row: &Map<String, Value>) -> Record {
    node.fields.iter().fold(Record::new(), |record, field| record.stated(field, &text_of(row, &field.name)))
}

fn output(infno: &str, node: &str) -> Result<&'static Node, Stop> {
    let found = Catalogue::national().transaction(infno).and_then(|transaction| transaction.output_node(node));
    found.ok_or_else(|| Refusal::new(Code::NotOffered, format!("交易{infno}没有输出节点{node}")).into())
}

fn nodes_of(row: &Deposit) -> Map<String, Value> {
    match serde_json::from_str(&row.content) {
        Ok(Value::Object(nodes)) => nodes,
        _ => Map::new(),
    }
}

/// The first row of a document's node, or of the one that its kind is about.
fn first_row(row: &Deposit, node: Option<&str>) -> Option<Map<String, Value>> {
    let nodes = nodes_of(row);
    let main = || deposited(&row.infno).iter().map(|rule| rule.node.as_str()).find(|name| nodes.contains_key(*name));
    let records = nodes.get(node.or_else(main)?)?.as_array()?;
    records.first()?.as_object().cloned()
}

fn text_of(row: &Map<String, Value>, name: &str) -> String {
    row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_is_read_as_the_national_spelling() {
        assert_eq!(snake_case("fixmedinsBchno"), "fixmedins_bchno");
        assert_eq!(stored_name(&snake_case("medinsListCodg")), "fixmedins_hilist_id");
    }
}
