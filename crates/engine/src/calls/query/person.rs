//! What a person has: 5206 (人员累计信息查询), 5301 (人员慢特病备案查询), 5302 (人员定点信息查询), 5304 (转院信息查询).

use super::{copied, listed, range};
use crate::call::{Call, Done, Stop};
use crate::facts::details::Details;
use crate::facts::{filing, person};
use crate::policies::Policies;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::refusal::Code;
use yibao_domain::settlement::totals::{Period, RunningTotal, Unit};
use yibao_interface::{Fields, Record};
use yibao_store::Tx;
use yibao_store::filing::Filing;
use yibao_store::person::PersonFacts;

/// 5206 (人员累计信息查询).
pub(crate) fn running_totals(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    person::local_facts(tx, call, policies, psn_no, &[])?;
    let (year, month) = year_and_month(fields, call)?;
    let mut records = Vec::new();
    for row in tx.running_totals(psn_no)? {
        let Some(total) = RunningTotal::of_name(&row.name) else { continue };
        if total.period() != Period::Year || row.period != year {
            continue;
        }
        let value = match total.unit() {
            Unit::Fen => Money::fen(row.value).as_yuan(),
            Unit::Count => Decimal::from(row.value),
        };
        records.push(
            Record::new()
                .text("insutype", &row.insutype)
                .text("year", &year)
                .text("cum_ym", &month)
                .text("cum_type_code", total.cum_type_code())
                .text("cum_type_name", total.chinese())
                .decimal("cum", value),
        );
    }
    Ok(listed("cuminfo", records, false))
}

/// The year whose totals are asked for, and the month they run to (`cum_ym`, yyyyMM); this month where none is named.
fn year_and_month(fields: &Fields, call: &Call) -> Result<(String, String), Stop> {
    let Some(asked) = fields.get("cum_ym") else {
        return Ok((format!("{:04}", call.now.year()), call.now.strftime("%Y%m").to_string()));
    };
    let digits = asked.bytes().all(|byte| byte.is_ascii_digit());
    let month = asked.get(4..).and_then(|month| month.parse().ok()).unwrap_or(1);
    if !digits || !matches!(asked.len(), 4 | 6) || !(1..=12).contains(&month) {
        return Err(fields.refuse(Code::FieldShape, "cum_ym", "应为年月yyyyMM").into());
    }
    Ok((asked[..4].to_owned(), asked.to_owned()))
}

/// 5301 (人员慢特病备案查询).
pub(crate) fn special_diseases(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let facts = person::local_facts(tx, call, policies, fields.demand("psn_no")?, &[])?;
    let records = facts.special_diseases.iter().map(|row| {
        Record::new()
            .text("opsp_dise_code", &row.opsp_dise_code)
            .text("opsp_dise_name", &row.opsp_dise_name)
            .date("begndate", Some(row.begndate))
            .date("enddate", row.enddate)
            .null("exp_content")
    });
    Ok(listed("feedetail", records.collect(), false))
}

/// 5302 (人员定点信息查询).
pub(crate) fn designated_providers(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    person::local_facts(tx, call, policies, psn_no, &[])?;
    let found = tx.filings(psn_no, Some(filing::DESIGNATED))?;
    let asked = fields.text("biz_appy_type");
    let kind_of = |row: &Filing| Details::read(&row.details).text("biz_appy_type").to_owned();
    let chosen = found.iter().filter(|row| asked.is_empty() || kind_of(row).is_empty() || kind_of(row) == asked);
    let records = chosen.map(|row| {
        let more = Details::read(&row.details);
        Record::new()
            .text("psn_no", psn_no)
            .text("insutype", &row.insutype)
            .text("fix_srt_no", more.text("fix_srt_no"))
            .text("fixmedins_code", &row.fixmedins_code)
            .text("fixmedins_name", &row.fixmedins_name)
            .date("begndate", Some(row.begndate))
            .date("enddate", row.enddate)
            .text("memo", more.text("memo"))
    });
    Ok(listed("psnfixmedin", records.collect(), false))
}

/// 5304 (转院信息查询).
pub(crate) fn transfers(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let psn_no = fields.demand("psn_no")?;
    let facts = person::local_facts(tx, call, policies, psn_no, &[])?;
    let (from, to) = range(fields, call)?;
    let found = tx.filings(psn_no, Some(filing::TRANSFER))?;
    let chosen = found.iter().filter(|row| (from.date()..=to.date()).contains(&row.begndate));
    Ok(listed("refmedin", chosen.map(|row| transfer_record(row, &facts)).collect(), false))
}

fn transfer_record(row: &Filing, facts: &PersonFacts) -> Record {
    let more = Details::read(&row.details);
    let person = &facts.person;
    let record = Record::new()
        .text("insutype", &row.insutype)
        .text("dcla_souc", if row.filed_by.is_empty() { "02" } else { "01" })
        .text("psn_no", &person.psn_no)
        .text("psn_cert_type", &person.psn_cert_type)
        .text("certno", &person.certno)
        .text("psn_name", &person.psn_name)
        .text("gend", &person.gend)
        .date("brdy", person.brdy);
    copied(record, &more, &["tel", "addr", "insu_optins", "diag_code", "diag_name", "dise_cond_dscr"])
        .text("emp_name", facts.insurances.last().map_or("", |row| row.emp_name.as_str()))
        .text("reflin_medins_no", &row.fixmedins_code)
        .text("reflin_medins_name", &row.fixmedins_name)
        .text("out_flag", if matches!(more.text("refl_type"), "2" | "3") { "1" } else { "0" })
        .text(
            "refl_date",
            match more.text("refl_date") {
                "" => row.begndate.to_string(),
                day => day.to_owned(),
            }
            .as_str(),
        )
        .text("refl_rea", more.text("refl_rea"))
        .date("begndate", Some(row.begndate))
        .date("enddate", row.enddate)
        .text("hosp_agre_refl_flag", more.text("hosp_agre_refl_flag"))
        .moment("opt_time", Some(row.filed_at))
}
