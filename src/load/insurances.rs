//! `insurances.csv`: insurance periods (参保信息) and the opening balance of the personal account.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::kind::{Astray, Kind};
use crate::load::persons::Persons;
use crate::load::table::Column;
use std::hash::Hash;
use yibao_domain::code::Scheme;
use yibao_domain::money::Money;
use yibao_store::person::Insurance;
use yibao_store::{Change, Fault, Tx};

/// The kind of file.
pub struct Insurances;

/// Insurance types (险种类型) of the national code table.
const INSURANCE_TYPES: &[&str] =
    &["310", "320", "330", "340", "350", "360", "370", "380", "390", "391", "392", "399", "39905", "410", "510"];

/// An insurance period and, once an account, its opening balance.
pub struct InsuranceRow {
    insurance: Insurance,
    opening: Option<Money>,
}

impl Kind for Insurances {
    type Row = InsuranceRow;
    const FILE: &'static str = "insurances.csv";
    const BUILDS_ON: &'static [&'static str] = &[Persons::FILE];

    fn columns() -> Vec<Column> {
        vec![
            Column::required("psn_no", "人员编号"),
            Column::required("insutype", "险种类型"),
            Column::required("psn_type", "人员类别"),
            Column::required("insuplc_admdvs", "参保地医保区划"),
            Column::required("begndate", "开始日期"),
            Column::optional("enddate", "结束日期"),
            Column::optional("paused_from", "暂停参保日期"),
            Column::optional("emp_name", "单位名称"),
            Column::optional("balc", "个人账户余额"),
            Column::optional("continuous_years", "连续缴费年限"),
            Column::optional("cvlserv_flag", "公务员标志"),
        ]
    }

    fn read(fields: &mut Fields<'_>, areas: &Areas<'_>, accounts: &Accounts) -> InsuranceRow {
        let psn_no = fields.needed_id("psn_no");
        let insutype = fields.word("insutype", INSURANCE_TYPES);
        if insutype.is_empty() {
            fields.refuse("insutype", "没有填写", "例如 310 职工基本医疗保险、390 城乡居民基本医疗保险");
        }
        let insuplc_admdvs = fields.needed_division("insuplc_admdvs");
        let book = areas.book_of(&insuplc_admdvs);
        if insuplc_admdvs.len() == 6 && book.is_empty() {
            let remedy = format!("已知统筹区：{}；请改正区划，或先为该统筹区建立规则", areas.known());
            fields.refuse("insuplc_admdvs", "不属于任何已知统筹区", remedy);
        }
        let (begndate, enddate) = fields.period();
        let paused_from = fields.date("paused_from");
        if paused_from.is_some_and(|paused| paused < begndate) {
            fields.refuse("paused_from", "早于开始日期", "请填暂停参保的第一天；没有暂停的留空");
        }
        let opening = opening_balance(fields, &psn_no, &insutype, book, accounts);
        let insurance = Insurance {
            psn_no,
            insutype,
            psn_type: fields.needed_digits("psn_type", 2..=6),
            insuplc_admdvs,
            begndate,
            enddate,
            paused_from,
            emp_name: fields.text("emp_name"),
            continuous_years: fields.whole("continuous_years", 0..=80).unwrap_or(0),
            cvlserv_flag: fields.flag("cvlserv_flag"),
        };
        InsuranceRow { insurance, opening }
    }

    fn key(row: &InsuranceRow) -> impl Hash {
        let insurance = &row.insurance;
        (&insurance.psn_no, &insurance.insutype, insurance.begndate)
    }

    fn person(row: &InsuranceRow) -> Option<&str> {
        Some(&row.insurance.psn_no)
    }

    fn books(row: &InsuranceRow, areas: &Areas<'_>, home: Home) -> Result<Books, Astray> {
        if !home.is_known() {
            return Err(Astray::unknown_person(&row.insurance.psn_no));
        }
        Ok(areas.book_of(&row.insurance.insuplc_admdvs))
    }

    fn may_clash(row: &InsuranceRow) -> bool {
        row.opening.is_some()
    }

    /// The accounts first: a row whose account is refused is not stored at all.
    fn put(tx: &mut dyn Tx, rows: &[&InsuranceRow]) -> Result<Vec<Option<Change>>, Fault> {
        let openings: Vec<(&str, Money)> =
            rows.iter().filter_map(|row| Some((row.insurance.psn_no.as_str(), row.opening?))).collect();
        let mut accounts = tx.put_opening_balances(&openings)?.into_iter();
        let account = |row: &&InsuranceRow| match row.opening {
            Some(_) => accounts.next().flatten(),
            None => Some(Change::Unchanged),
        };
        let accounts: Vec<Option<Change>> = rows.iter().map(account).collect();
        let kept = rows.iter().zip(&accounts).filter(|(_, account)| account.is_some());
        let insurances: Vec<&Insurance> = kept.map(|(row, _)| &row.insurance).collect();
        let mut insurances = tx.put_insurances(&insurances)?.into_iter();
        let mut both = |account: Change| match (insurances.next()?, account) {
            (Change::Unchanged, Change::Unchanged) => Some(Change::Unchanged),
            (Change::Added, _) => Some(Change::Added),
            // A new account on an old insurance row is a correction of that row.
            _ => Some(Change::Updated),
        };
        Ok(accounts.into_iter().map(|account| account.and_then(&mut both)).collect())
    }

    fn clash(row: &InsuranceRow) -> Astray {
        Astray {
            field: "balc",
            value: row.opening.map(|opening| opening.to_string()).unwrap_or_default(),
            problem: "低于装入以来已从个人账户支付的金额，余额会变成负数".to_owned(),
            remedy: "balc 是期初余额，不是当前余额；请改正或留空".to_owned(),
        }
    }
}

/// The opening balance that this row brings: the account is one a person and pool, so of several rows with
/// an amount the one of the latest insurance counts.
fn opening_balance(
    fields: &mut Fields<'_>,
    psn_no: &str,
    insutype: &str,
    book: Books,
    accounts: &Accounts,
) -> Option<Money> {
    let amount = fields.amount("balc")?;
    if insutype != Scheme::Employee.insutype() {
        if amount > Money::ZERO {
            fields.refuse("balc", "只有职工基本医疗保险（310）有个人账户", "请把余额写在该人的 310 行，本行留空");
        }
        return None;
    }
    if !accounts.opens(fields.line(), psn_no, book) {
        fields.remark("同一人有多行写了 balc，只取开始日期最晚的一行");
        return None;
    }
    Some(amount)
}
