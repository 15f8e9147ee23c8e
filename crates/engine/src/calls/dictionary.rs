//! 1901 (字典表查询): the values of a code table, or of all.

use crate::call::{Call, Done, Stop};
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::{CodeTable, Output, Record};
use yibao_store::Tx;

/// 1901: lists a code table of the national tables, or all of them where none is named.
pub(crate) fn list(_tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let name = call.input.node("data")?.text("type");
    if name.is_empty() {
        let all = policies.tables.code_tables().flat_map(|table| values(&table.table, table));
        return Ok(Done::with(Output::new().list("list", all)));
    }
    // Clients write the names of dictionaries in small letters or in capitals.
    let Some(table) = policies.tables.codes(name).or_else(|| policies.tables.codes(&name.to_lowercase())) else {
        let text = format!("字典类型 type {name} 不存在；可用的字典见 /docs/interface");
        return Err(Refusal::new(Code::NotFound, text).into());
    };
    Ok(Done::with(Output::new().list("list", values(name, table))))
}

fn values<'a>(name: &'a str, table: &'a CodeTable) -> impl Iterator<Item = Record> + 'a {
    table.values.iter().enumerate().map(move |(position, value)| {
        Record::new()
            .text("type", name)
            .text("label", &value.meaning)
            .text("value", &value.code)
            .text("parentValue", "")
            .integer("sort", i64::try_from(position + 1).expect("a code table is short"))
            .text("valiFlag", "1")
            .text("createUser", "")
            .null("createDate")
            .integer("version", 1)
    })
}
