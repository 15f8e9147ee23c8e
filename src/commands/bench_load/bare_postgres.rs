//! The reference on PostgreSQL: a city's rows copied straight into the tables, a `COPY` and a transaction a table.
//!
//! The schema is the platform's, the server flushes its log at every commit. `psql` carries the rows, so that nothing
//! of ours stands between them and the server.

use crate::city::{Citizen, INSURED_SINCE, POOL, YEAR, numbers};
use anyhow::{Context as _, ensure};
use indicatif::ProgressBar;
use std::io::{BufWriter, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Copies the city into the database at `url` and says how long that took.
pub fn write(url: &str, persons: u64) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let person = "person (psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)";
    copy(url, person, numbers(persons, 0), persons, |one, to| {
        let Citizen { psn_no, certno, psn_name, gend, brdy, card_no, .. } = one;
        writeln!(to, "{psn_no},01,{certno},{psn_name},{gend},{brdy},01,{card_no}")
    })?;
    let insurance = "insurance (psn_no, insutype, begndate, psn_type, insuplc_admdvs, emp_name, continuous_years,
                                cvlserv_flag)";
    copy(url, insurance, numbers(persons, 1), persons, |one, to| {
        for (insutype, psn_type) in one.insurances {
            writeln!(to, "{},{insutype},{INSURED_SINCE},{psn_type},{},示例单位,5,f", one.psn_no, one.insuplc_admdvs)?;
        }
        Ok(())
    })?;
    copy(url, "account (psn_no, opening_fen, balance_fen)", numbers(persons, 1), persons, |one, to| {
        one.balance_fen.map_or(Ok(()), |balance| writeln!(to, "{},{balance},{balance}", one.psn_no))
    })?;
    let running_total = "running_total (psn_no, period, insutype, name, opening, value)";
    copy(url, running_total, numbers(persons, 2), persons, |one, to| {
        for (name, value) in &one.totals {
            writeln!(to, "{},{YEAR},{},{name},{value},{value}", one.psn_no, one.insurances[0].0)?;
        }
        Ok(())
    })?;
    Ok(started.elapsed())
}

fn copy(
    url: &str,
    table: &str,
    numbers: impl Iterator<Item = u64>,
    persons: u64,
    line: impl Fn(&Citizen, &mut dyn Write) -> std::io::Result<()>,
) -> anyhow::Result<()> {
    let mut psql = Command::new(yibao_cluster::programs()?.join("psql"))
        .args([url, "-q", "-v", "ON_ERROR_STOP=1", "-c"])
        .arg(format!("COPY \"book_{POOL}\".{table} FROM STDIN (FORMAT csv)"))
        .stdin(Stdio::piped())
        .spawn()
        .context("starting psql")?;
    let bar = ProgressBar::new(persons);
    let mut to = BufWriter::with_capacity(1 << 16, psql.stdin.take().context("psql has no input")?);
    for one in numbers.map(Citizen::new) {
        line(&one, &mut to).context("sending rows to psql")?;
        bar.inc(1);
    }
    to.flush().context("sending rows to psql")?;
    drop(to);
    bar.finish_and_clear();
    ensure!(psql.wait().context("waiting for psql")?.success(), "psql did not take the rows of {table}");
    Ok(())
}
