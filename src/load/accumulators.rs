//! `accumulators.csv`: running totals (累计) migrated from the legacy system, a column each.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::insurances::Insurances;
use crate::load::kind::{Astray, Kind, books_of_person, stronger};
use crate::load::persons::Persons;
use crate::load::table::Column;
use std::hash::Hash;
use yibao_domain::settlement::totals::{Period, RunningTotal, Unit};
use yibao_store::person::RunningTotalRow;
use yibao_store::{Change, Fault, Tx};

/// The kind of file.
pub struct Accumulators;

/// The totals of one person, scheme and year; a blank cell leaves what is stored.
pub struct AccumulatorRow {
    psn_no: String,
    insutype: String,
    year: String,
    insuplc_admdvs: String,
    totals: Vec<RunningTotalRow>,
}

impl Kind for Accumulators {
    type Row = AccumulatorRow;
    const FILE: &'static str = "accumulators.csv";
    const BUILDS_ON: &'static [&'static str] = &[Persons::FILE, Insurances::FILE];

    fn columns() -> Vec<Column> {
        let mut columns = vec![
            Column::required("psn_no", "人员编号"),
            Column::required("insutype", "险种类型"),
            Column::required("year", "年度"),
            Column::optional("insuplc_admdvs", "参保地医保区划"),
        ];
        columns.extend(yearly_totals().map(|total| Column::optional(total.name(), total.chinese())));
        columns
    }

    fn read(fields: &mut Fields<'_>, areas: &Areas<'_>, _accounts: &Accounts) -> AccumulatorRow {
        let psn_no = fields.needed_id("psn_no");
        let insutype = fields.word("insutype", &["310", "390"]);
        if insutype.is_empty() {
            fields.refuse("insutype", "没有填写", "请填 310（职工）或 390（居民）");
        }
        if fields.text("year").is_empty() {
            fields.refuse("year", "没有填写", "请填四位年度，例如 2021");
        }
        let year = fields.whole("year", 2000..=2100).unwrap_or(0).to_string();
        let insuplc_admdvs = fields.division("insuplc_admdvs");
        if insuplc_admdvs.len() == 6 && areas.book_of(&insuplc_admdvs).is_empty() {
            fields.refuse("insuplc_admdvs", "不属于任何已知统筹区", format!("已知统筹区：{}", areas.known()));
        }
        let mut totals = Vec::new();
        for total in yearly_totals() {
            let value = match total.unit() {
                Unit::Fen => fields.amount(total.name()).map(|amount| amount.as_fen()),
                Unit::Count => fields.whole(total.name(), 0..=366),
            };
            if let Some(value) = value {
                totals.push(RunningTotalRow {
                    insutype: insutype.clone(),
                    period: year.clone(),
                    name: total.name().to_owned(),
                    value,
                });
            }
        }
        AccumulatorRow { psn_no, insutype, year, insuplc_admdvs, totals }
    }

    fn key(row: &AccumulatorRow) -> impl Hash {
        (&row.psn_no, &row.insutype, &row.year, &row.insuplc_admdvs)
    }

    fn person(row: &AccumulatorRow) -> Option<&str> {
        Some(&row.psn_no)
    }

    /// An amount belongs to one pool; a person with two needs the division said.
    fn books(row: &AccumulatorRow, areas: &Areas<'_>, home: Home) -> Result<Books, Astray> {
        let books = books_of_person(&row.psn_no, home, areas)?;
        let named = areas.book_of(&row.insuplc_admdvs);
        if !named.is_empty() && named.among(books).is_empty() {
            return Err(Astray {
                field: "insuplc_admdvs",
                value: row.insuplc_admdvs.clone(),
                problem: format!("此人不在这个统筹区参保，而在{}", areas.names(books)),
                remedy: "请改正区划，或先装入此人的参保信息".to_owned(),
            });
        }
        match named.or(books) {
            one if one.count() == 1 => Ok(one),
            several => Err(Astray {
                field: "insuplc_admdvs",
                value: row.insuplc_admdvs.clone(),
                problem: format!("此人属于{}，累计额不能记在多处", areas.names(several)),
                remedy: "请在 insuplc_admdvs 列写明累计额属于哪个参保地".to_owned(),
            }),
        }
    }

    fn put(tx: &mut dyn Tx, rows: &[&AccumulatorRow]) -> Result<Vec<Option<Change>>, Fault> {
        let totals: Vec<(&str, &RunningTotalRow)> =
            rows.iter().flat_map(|row| row.totals.iter().map(|total| (row.psn_no.as_str(), total))).collect();
        let mut changes = tx.put_opening_totals(&totals)?.into_iter();
        let of_totals =
            |row: &&AccumulatorRow| Some(changes.by_ref().take(row.totals.len()).fold(Change::Unchanged, stronger));
        Ok(rows.iter().map(of_totals).collect())
    }
}

/// The totals that have a column: those of a year. Totals of a day begin anew and are not migrated.
fn yearly_totals() -> impl Iterator<Item = RunningTotal> {
    RunningTotal::ALL.iter().copied().filter(|total| total.period() == Period::Year)
}
