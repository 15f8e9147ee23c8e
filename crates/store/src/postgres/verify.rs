//! Checking a book: the shared questions and the walk through the entries, and the references that the schema leaves to
//! them.

use super::line::Line;
use super::serial::Serials;
use super::transaction::PostgresTx;
use super::trouble::Trouble;
use crate::fault::Fault;
use crate::seam::{Check, Mode};
use crate::verify::entry;
use crate::verify::{Question, SHOWN, questions};
use tokio_postgres::Config;
use yibao_domain::code::Pool;
use yibao_domain::register::WorkTable;

macro_rules! without {
    ($table:literal . $column:literal => $parent:literal . $key:literal, $shown:literal) => {
        concat!(
            "SELECT '",
            $table,
            "：' || ",
            $shown,
            " || '在",
            $parent,
            "中没有对应记录' FROM ",
            $table,
            " WHERE ",
            $column,
            " IS NOT NULL AND NOT EXISTS (SELECT FROM ",
            $parent,
            " WHERE ",
            $parent,
            ".",
            $key,
            " = ",
            $table,
            ".",
            $column,
            ")"
        )
    };
}

/// Rows whose parent is missing: foreign keys can be switched off, and some are left out for speed. And rules of the
/// schema that were taken away or do not hold for all rows.
const SCHEMA: Question = Question {
    name: "账簿文件：结构完整，约束成立",
    examined: "SELECT count(*) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace",
    broken: concat!(
        "SELECT conrelid::regclass || '：约束' || conname || '没有检查过已有的行'
         FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
         UNION ALL ",
        without!("encounter"."psn_no" => "person"."psn_no", "mdtrt_id"),
        " UNION ALL ",
        without!("diagnosis"."mdtrt_id" => "encounter"."mdtrt_id", "mdtrt_id"),
        " UNION ALL ",
        without!("fee_line"."mdtrt_id" => "encounter"."mdtrt_id", "mdtrt_id || '/' || feedetl_sn"),
        " UNION ALL ",
        without!("settlement"."mdtrt_id" => "encounter"."mdtrt_id", "setl_id"),
        " UNION ALL ",
        without!("fund_share"."setl_id" => "settlement"."setl_id", "setl_id"),
        " UNION ALL ",
        without!("accumulation"."setl_id" => "settlement"."setl_id", "setl_id"),
        " UNION ALL ",
        without!("filing"."psn_no" => "person"."psn_no", "trt_dcla_detl_sn")
    ),
};

/// Runs all checks on one state of the book. Where a question must look at the table and not at its index, the server
/// is kept from using one.
pub(super) fn checks(line: &mut Line, work: &WorkTable) -> Result<Vec<Check>, Fault> {
    const DOING: &str = "verifying";
    let fault = |trouble: Trouble| trouble.fault(DOING, "");
    // Questions compare days as text.
    line.batch(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL work_mem = '256MB'; SET LOCAL datestyle = 'ISO'",
    )
    .map_err(fault)?;
    let checks: Result<_, Fault> = questions().chain([&SCHEMA]).map(|question| ask(line, question)).collect();
    line.batch("ROLLBACK").map_err(fault)?;
    let mut checks: Vec<Check> = checks?;
    checks.extend(walk(line, work)?);
    Ok(checks)
}

/// The walk through the entries, of one state of the book; it draws no numbers.
fn walk(line: &mut Line, work: &WorkTable) -> Result<Vec<Check>, Fault> {
    let (serials, pool) = (Serials::new(Config::new()), Pool::new(""));
    entry::checks(&mut PostgresTx::new(line, &serials, &pool, Mode::Read, None), work)
}

fn ask(line: &mut Line, question: &Question) -> Result<Check, Fault> {
    let fault = |trouble: Trouble| trouble.fault("verifying", question.name);
    let text = question.broken.replace(" NOT INDEXED", "");
    let by_index = if text == question.broken { "on" } else { "off" };
    line.batch(&format!(
        "SET LOCAL enable_indexscan = {by_index}; SET LOCAL enable_indexonlyscan = {by_index};
         SET LOCAL enable_bitmapscan = {by_index}"
    ))
    .map_err(fault)?;
    let examined = line.ask(question.examined, &[]).map_err(fault)?;
    let examined: i64 = match examined.first() {
        Some(row) => row.try_get(0).map_err(|error| fault(error.into()))?,
        None => 0,
    };
    let rows = line.ask(&format!("SELECT * FROM ({text}) AS line LIMIT {SHOWN}"), &[]).map_err(fault)?;
    let broken =
        rows.iter().map(|row| row.try_get(0).map_err(|error| fault(error.into()))).collect::<Result<_, _>>()?;
    Ok(Check { name: question.name, examined: examined.unsigned_abs(), broken })
}
