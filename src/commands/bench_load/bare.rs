//! The reference: a city's rows written straight to the engine, by the barest code that is as durable.
//!
//! The schema is the platform's. Prepared inserts, so many rows a transaction as serves the engine best, the log
//! flushed at every commit; the rows are made by another thread, so that only the engine's work counts.

use crate::city::{Citizen, INSURED_SINCE, YEAR, numbers};
use anyhow::Context as _;
use indicatif::ProgressBar;
use rusqlite::{Connection, params};
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

const PERSONS_PER_TRANSACTION: usize = 10_000;

/// Writes the city into the embedded engine's file and says how long that took, closing included.
pub fn write(file: &Path, persons: u64) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let mut connection = Connection::open(file).with_context(|| format!("打开 {}", file.display()))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -256 * 1024)?;
    connection.pragma_update(None, "wal_autocheckpoint", 16 * 1024)?;
    for (at, put) in [put_persons as Put, put_insurances, put_totals].into_iter().enumerate() {
        let (made, taken) = sync_channel::<Vec<Citizen>>(2);
        let bar = ProgressBar::new(persons);
        std::thread::scope(|scope| -> anyhow::Result<()> {
            scope.spawn(move || {
                let mut numbers = numbers(persons, at as u64).map(Citizen::new);
                loop {
                    let chunk: Vec<Citizen> = numbers.by_ref().take(PERSONS_PER_TRANSACTION).collect();
                    // Nobody takes them any more: the writer has failed and says so.
                    if chunk.is_empty() || made.send(chunk).is_err() {
                        return;
                    }
                }
            });
            for chunk in taken {
                let open = connection.transaction()?;
                put(&open, &chunk)?;
                open.commit()?;
                bar.inc(chunk.len() as u64);
            }
            Ok(())
        })?;
        bar.finish_and_clear();
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(started.elapsed())
}

type Put = fn(&Connection, &[Citizen]) -> rusqlite::Result<()>;

fn put_persons(open: &Connection, chunk: &[Citizen]) -> rusqlite::Result<()> {
    let mut insert = open.prepare_cached(
        "INSERT INTO person (psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
         VALUES (?1, '01', ?2, ?3, ?4, ?5, '01', ?6)",
    )?;
    for one in chunk {
        insert.execute(params![one.psn_no, one.certno, one.psn_name, one.gend, one.brdy.to_string(), one.card_no])?;
    }
    Ok(())
}

fn put_insurances(open: &Connection, chunk: &[Citizen]) -> rusqlite::Result<()> {
    let mut insert = open.prepare_cached(
        "INSERT INTO insurance (psn_no, insutype, begndate, psn_type, insuplc_admdvs, emp_name, continuous_years,
                                cvlserv_flag)
         VALUES (?1, ?2, ?3, ?4, ?5, '示例单位', 5, 0)",
    )?;
    let mut account =
        open.prepare_cached("INSERT INTO account (psn_no, opening_fen, balance_fen) VALUES (?1, ?2, ?2)")?;
    for one in chunk {
        for (insutype, psn_type) in one.insurances {
            insert.execute(params![one.psn_no, insutype, INSURED_SINCE, psn_type, one.insuplc_admdvs])?;
        }
        if let Some(balance) = one.balance_fen {
            account.execute(params![one.psn_no, balance])?;
        }
    }
    Ok(())
}

fn put_totals(open: &Connection, chunk: &[Citizen]) -> rusqlite::Result<()> {
    let mut insert = open.prepare_cached(
        "INSERT INTO running_total (psn_no, period, insutype, name, opening, value) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )?;
    for one in chunk {
        for (name, value) in &one.totals {
            insert.execute(params![one.psn_no, YEAR, one.insurances[0].0, name, value])?;
        }
    }
    Ok(())
}
