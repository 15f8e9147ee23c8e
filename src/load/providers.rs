//! `providers.csv`: designated providers (定点医药机构).

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::kind::{Astray, Kind, one_by_one};
use crate::load::table::{Column, Shown};
use std::hash::Hash;
use yibao_domain::provider::BenefitLevel;
use yibao_interface::dialects;
use yibao_store::reference::Provider;
use yibao_store::{Change, Fault, Tx};

/// The kind of file.
pub struct Providers;

const HOSPITAL_LEVELS: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14"];

impl Kind for Providers {
    type Row = Provider;
    const FILE: &'static str = "providers.csv";
    const BUILDS_ON: &'static [&'static str] = &[];
    const IN_BOOKS: bool = false;

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号"),
            Column::required("fixmedins_name", "定点医药机构名称"),
            Column::required("admdvs", "医保区划"),
            Column::optional("benefit_level", "待遇等级"),
            Column::optional("hosp_lv", "医院等级"),
            Column::optional("dedc_hosp_lv", "起付线医院等级"),
            Column::optional("lmtpric_hosp_lv", "限价医院等级"),
            Column::optional("gateway", "网关签名方式"),
            Column::optional("paas_id", "网关账户"),
            Column::optional("paas_secret", "网关密钥").masked(Shown::Secret),
            Column::optional("infcode_form", "交易状态码形式"),
            Column::optional("uscc", "统一社会信用代码"),
            Column::optional("fixmedins_type", "定点医疗服务机构类型"),
            Column::optional("special_drug_supplier", "供药机构标志"),
            Column::optional("dialect", "接口方言"),
        ]
    }

    fn read(fields: &mut Fields<'_>, areas: &Areas<'_>, _accounts: &Accounts) -> Provider {
        let fixmedins_code = fields.needed_id("fixmedins_code");
        let hospital = fixmedins_code.starts_with('H');
        if !fixmedins_code.is_empty() && !is_provider_code(&fixmedins_code) {
            fields.refuse(
                "fixmedins_code",
                "不是国家定点医药机构编号",
                "应为 12 位：H（医疗机构）或 P（零售药店）加 6 位区划加 5 位顺序号，例如 H52050200001",
            );
        }
        let admdvs = fields.needed_division("admdvs");
        if !admdvs.is_empty() && areas.book_of(&admdvs).is_empty() {
            fields.remark(format!("机构所在区划不属于已知统筹区（{}），其结算报文在本平台无法受理", areas.known()));
        }
        let levels: Vec<&str> = BenefitLevel::ALL.iter().map(|level| level.column()).collect();
        let benefit_level = fields.word("benefit_level", &levels);
        let hosp_lv = hospital_level(fields, "hosp_lv");
        if hospital && benefit_level.is_empty() && hosp_lv.is_empty() {
            fields.remark("benefit_level 和 hosp_lv 都没有填写，按未定级（一级）计算待遇");
        }
        let gateway = fields.word("gateway", &["none", "tif", "api"]);
        let gateway = if gateway.is_empty() { "none".to_owned() } else { gateway };
        let paas_id = fields.text("paas_id");
        let paas_secret = fields.text("paas_secret");
        if gateway == "tif" || gateway == "api" {
            for (name, value) in [("paas_id", &paas_id), ("paas_secret", &paas_secret)] {
                if value.is_empty() {
                    fields.refuse(
                        name,
                        format!("gateway 为 {gateway} 时必须填写"),
                        "请填写发给该机构的网关账户和密钥；不校验网关签名的机构，gateway 填 none",
                    );
                }
            }
        }
        let infcode_form = fields.word("infcode_form", &["number", "string"]);
        let uscc = fields.text("uscc");
        if !uscc.is_empty() && uscc.chars().count() != 18 {
            fields.remark("统一社会信用代码不是 18 位");
        }
        Provider {
            fixmedins_code,
            fixmedins_name: fields.needed("fixmedins_name"),
            admdvs,
            benefit_level,
            hosp_lv,
            dedc_hosp_lv: hospital_level(fields, "dedc_hosp_lv"),
            lmtpric_hosp_lv: hospital_level(fields, "lmtpric_hosp_lv"),
            gateway,
            paas_id,
            paas_secret,
            infcode_form: if infcode_form.is_empty() { "number".to_owned() } else { infcode_form },
            uscc,
            fixmedins_type: fields.word("fixmedins_type", &["1", "2", "3", "4", "5"]),
            special_drug_supplier: fields.word("special_drug_supplier", &["0", "1"]),
            dialect: fields.word("dialect", &dialects().iter().map(String::as_str).collect::<Vec<_>>()),
        }
    }

    fn key(row: &Provider) -> impl Hash {
        &row.fixmedins_code
    }

    fn person(_row: &Provider) -> Option<&str> {
        None
    }

    fn books(_row: &Provider, _areas: &Areas<'_>, _home: Home) -> Result<Books, Astray> {
        Ok(Books::FIRST)
    }

    fn put(tx: &mut dyn Tx, rows: &[&Provider]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_provider(row))
    }
}

/// `H` or `P` and eleven digits.
pub fn is_provider_code(code: &str) -> bool {
    let Some(digits) = code.strip_prefix(['H', 'P']) else { return false };
    digits.len() == 11 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A `hosp_lv` code from 1 to 14; a leading zero is dropped.
fn hospital_level(fields: &mut Fields<'_>, name: &str) -> String {
    let text = fields.text(name).trim_start_matches('0').to_owned();
    if !text.is_empty() && !HOSPITAL_LEVELS.contains(&text.as_str()) {
        fields.refuse(
            name,
            "不是医院等级代码",
            "可填 1 至 14：1-4、12 三级，5-7、13 二级，8-10、14 一级，11 未定级；没有的留空",
        );
    }
    text
}
