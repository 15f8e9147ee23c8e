//! `practitioners.csv`: who practises at which provider (医执人员), as 5102 answers.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::kind::{Astray, Kind, one_by_one};
use crate::load::providers::{Providers, is_provider_code};
use crate::load::table::{Column, Shown};
use std::hash::Hash;
use yibao_interface::Catalogue;
use yibao_store::practitioner::Practitioner;
use yibao_store::{Change, Fault, Tx};

/// The kind of file.
pub struct Practitioners;

impl Kind for Practitioners {
    type Row = Practitioner;
    const FILE: &'static str = "practitioners.csv";
    const BUILDS_ON: &'static [&'static str] = &[Providers::FILE];
    const IN_BOOKS: bool = false;

    fn columns() -> Vec<Column> {
        vec![
            Column::required("fixmedins_code", "定点医药机构编号"),
            Column::required("prac_psn_code", "执业人员代码"),
            Column::required("prac_psn_name", "执业人员姓名").masked(Shown::Name),
            Column::required("prac_psn_type", "执业人员分类"),
            Column::required("begndate", "开始日期"),
            Column::optional("enddate", "结束日期"),
            Column::optional("psn_cert_type", "人员证件类型"),
            Column::optional("certno", "证件号码").masked(Shown::Number),
            Column::optional("prac_psn_no", "执业人员自编号"),
            Column::optional("prac_psn_cert", "执业人员资格证书编码"),
            Column::optional("prac_cert_no", "执业证书编号"),
            Column::optional("hi_dr_flag", "医保医师标志"),
            Column::optional("chg_rea", "变更原因"),
        ]
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> Practitioner {
        let fixmedins_code = fields.needed_id("fixmedins_code");
        if !fixmedins_code.is_empty() && !is_provider_code(&fixmedins_code) {
            let remedy = "应为 12 位：H（医疗机构）或 P（零售药店）加 6 位区划加 5 位顺序号，与 providers.csv 一致";
            fields.refuse("fixmedins_code", "不是国家定点医药机构编号", remedy);
        }
        let table = Catalogue::national().codes("medins_psn_type");
        let types: Vec<&str> = table.iter().flat_map(|table| &table.values).map(|known| known.code.as_str()).collect();
        fields.needed("prac_psn_type");
        let (begndate, enddate) = fields.period();
        Practitioner {
            fixmedins_code,
            prac_psn_code: fields.needed_id("prac_psn_code"),
            prac_psn_no: fields.text("prac_psn_no"),
            prac_psn_name: fields.needed_name("prac_psn_name"),
            prac_psn_type: fields.word("prac_psn_type", &types),
            psn_cert_type: fields.text("psn_cert_type"),
            certno: fields.document("certno"),
            prac_psn_cert: fields.text("prac_psn_cert"),
            prac_cert_no: fields.text("prac_cert_no"),
            hi_dr_flag: if fields.flag("hi_dr_flag") { "1".to_owned() } else { "0".to_owned() },
            begndate,
            enddate,
            chg_rea: fields.text("chg_rea"),
        }
    }

    fn key(row: &Practitioner) -> impl Hash {
        (&row.fixmedins_code, &row.prac_psn_code)
    }

    fn person(_row: &Practitioner) -> Option<&str> {
        None
    }

    fn books(_row: &Practitioner, _areas: &Areas<'_>, _home: Home) -> Result<Books, Astray> {
        Ok(Books::FIRST)
    }

    fn put(tx: &mut dyn Tx, rows: &[&Practitioner]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_practitioner(row))
    }
}
