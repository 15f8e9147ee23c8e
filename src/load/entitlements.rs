//! What a person has beside insurances: `attributes.csv`, `special_diseases.csv` and `filings.csv`.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::insurances::Insurances;
use crate::load::kind::{Astray, Kind, books_of_person, one_by_one};
use crate::load::persons::Persons;
use crate::load::providers::{Providers, is_provider_code};
use crate::load::table::Column;
use sha2::{Digest as _, Sha256};
use std::hash::Hash;
use yibao_domain::written::hexadecimal;
use yibao_store::filing::Filing;
use yibao_store::person::{Attribute, SpecialDisease};
use yibao_store::{Change, Fault, Tx};

/// `attributes.csv`: attributes of persons (人员身份类别), such as 2303 低保.
pub struct Attributes;

impl Kind for Attributes {
    type Row = Attribute;
    const FILE: &'static str = "attributes.csv";
    const BUILDS_ON: &'static [&'static str] = &[Persons::FILE, Insurances::FILE];

    fn columns() -> Vec<Column> {
        vec![
            Column::required("psn_no", "人员编号"),
            Column::required("psn_idet_type", "人员身份类别"),
            Column::required("begndate", "开始日期"),
            Column::optional("enddate", "结束日期"),
        ]
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> Attribute {
        let (begndate, enddate) = fields.period();
        Attribute {
            psn_no: fields.needed_id("psn_no"),
            psn_idet_type: fields.needed_digits("psn_idet_type", 2..=6),
            begndate,
            enddate,
        }
    }

    fn key(row: &Attribute) -> impl Hash {
        (&row.psn_no, &row.psn_idet_type, row.begndate)
    }

    fn person(row: &Attribute) -> Option<&str> {
        Some(&row.psn_no)
    }

    fn books(row: &Attribute, areas: &Areas<'_>, home: Home) -> Result<Books, Astray> {
        books_of_person(&row.psn_no, home, areas)
    }

    fn put(tx: &mut dyn Tx, rows: &[&Attribute]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_attribute(row))
    }
}

/// `special_diseases.csv`: qualifications for chronic and special disease, two diseases, special drugs.
pub struct SpecialDiseases;

impl Kind for SpecialDiseases {
    type Row = SpecialDisease;
    const FILE: &'static str = "special_diseases.csv";
    const BUILDS_ON: &'static [&'static str] = &[Persons::FILE, Insurances::FILE];

    fn columns() -> Vec<Column> {
        vec![
            Column::required("psn_no", "人员编号"),
            Column::required("opsp_dise_code", "门慢门特病种目录代码"),
            Column::required("begndate", "开始日期"),
            Column::optional("opsp_dise_name", "门慢门特病种名称"),
            Column::optional("enddate", "结束日期"),
        ]
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> SpecialDisease {
        let (begndate, enddate) = fields.period();
        SpecialDisease {
            psn_no: fields.needed_id("psn_no"),
            opsp_dise_code: fields.needed_id("opsp_dise_code"),
            opsp_dise_name: fields.text("opsp_dise_name"),
            begndate,
            enddate,
            trt_dcla_detl_sn: String::new(),
        }
    }

    fn key(row: &SpecialDisease) -> impl Hash {
        (&row.psn_no, &row.opsp_dise_code, row.begndate)
    }

    fn person(row: &SpecialDisease) -> Option<&str> {
        Some(&row.psn_no)
    }

    fn books(row: &SpecialDisease, areas: &Areas<'_>, home: Home) -> Result<Books, Astray> {
        books_of_person(&row.psn_no, home, areas)
    }

    fn put(tx: &mut dyn Tx, rows: &[&SpecialDisease]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_special_disease(row))
    }
}

/// `filings.csv`: filings (备案) that stand.
pub struct Filings;

/// The words that the platform's own transactions write; others are kept and have no effect.
const FILING_KINDS: &[&str] = &["transfer", "special_drug", "remote", "special_disease", "designated"];

impl Kind for Filings {
    type Row = Filing;
    const FILE: &'static str = "filings.csv";
    const BUILDS_ON: &'static [&'static str] = &[Providers::FILE, Persons::FILE, Insurances::FILE];

    fn columns() -> Vec<Column> {
        vec![
            Column::required("psn_no", "人员编号"),
            Column::required("kind", "备案种类"),
            Column::required("begndate", "开始日期"),
            Column::optional("care_admdvs", "就医地医保区划"),
            Column::optional("fixmedins_code", "定点医药机构编号"),
            Column::optional("fixmedins_name", "定点医药机构名称"),
            Column::optional("insutype", "险种类型"),
            Column::optional("enddate", "结束日期"),
        ]
    }

    fn read(fields: &mut Fields<'_>, _areas: &Areas<'_>, _accounts: &Accounts) -> Filing {
        let (begndate, enddate) = fields.period();
        let kind = fields.needed_id("kind");
        if !kind.is_empty() && !FILING_KINDS.contains(&kind.as_str()) {
            let known = FILING_KINDS.join("、");
            fields.remark(format!("备案种类 {kind} 不是平台使用的种类（{known}），已保存但不影响待遇"));
        }
        let fixmedins_code = fields.text("fixmedins_code");
        if !fixmedins_code.is_empty() && !is_provider_code(&fixmedins_code) {
            fields.refuse("fixmedins_code", "不是国家定点医药机构编号", "应为 12 位，例如 H52050200001；没有的留空");
        }
        let care_admdvs = fields.division("care_admdvs");
        if care_admdvs.is_empty() && kind == "remote" {
            fields.refuse("care_admdvs", "异地备案必须写就医地", "请填六位医保区划代码，例如 520100（贵阳市）");
        }
        let mut filing = Filing {
            trt_dcla_detl_sn: String::new(),
            psn_no: fields.needed_id("psn_no"),
            kind,
            insutype: fields.text("insutype"),
            care_admdvs,
            fixmedins_code,
            fixmedins_name: fields.text("fixmedins_name"),
            begndate,
            enddate,
            filed_by: String::new(),
            // When it was filed is not in the file; the first day of its effect is the latest it can have been.
            filed_at: begndate.at(0, 0, 0, 0),
            cancelled_at: None,
            details: "{}".to_owned(),
        };
        filing.trt_dcla_detl_sn = serial(&filing);
        filing
    }

    fn key(row: &Filing) -> impl Hash {
        (&row.psn_no, &row.kind, row.begndate, &row.care_admdvs, &row.fixmedins_code)
    }

    fn person(row: &Filing) -> Option<&str> {
        Some(&row.psn_no)
    }

    fn books(row: &Filing, areas: &Areas<'_>, home: Home) -> Result<Books, Astray> {
        books_of_person(&row.psn_no, home, areas)
    }

    fn put(tx: &mut dyn Tx, rows: &[&Filing]) -> Result<Vec<Option<Change>>, Fault> {
        one_by_one(rows, |row| tx.put_filing(row))
    }
}

/// The serial of a loaded filing follows from its key, so that loading it again finds it.
fn serial(row: &Filing) -> String {
    let key = format!("{}|{}|{}|{}|{}", row.psn_no, row.kind, row.begndate, row.care_admdvs, row.fixmedins_code);
    let digest = Sha256::digest(key.as_bytes());
    format!("LD{}", hexadecimal(&digest[..12]).to_uppercase())
}
