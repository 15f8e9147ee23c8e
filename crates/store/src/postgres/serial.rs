//! Numbers are drawn in blocks, for all books of a process, on a connection and in transactions of their own: no call
//! waits for another's commit to get a number, and what a process has not used when it ends is skipped.

use super::line::Line;
use super::migration::schema_of;
use super::trouble::Trouble;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use tokio_postgres::Config;
use yibao_domain::code::Pool;

/// Numbers a process takes at once: one flush of the server's disk for so many calls.
const BLOCK: i64 = 1_000;

/// The numbers that are drawn and not used yet.
pub(super) struct Serials {
    config: Config,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    line: Option<Line>,
    left: HashMap<(Pool, &'static str), RangeInclusive<i64>>,
}

impl Serials {
    /// Nothing is drawn yet.
    pub(super) fn new(config: Config) -> Serials {
        Serials { config, state: Mutex::default() }
    }

    /// A number of the pool's series that nobody else gets.
    pub(super) fn draw(&self, pool: &Pool, series: &'static str) -> Result<i64, Trouble> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { line, left } = &mut *state;
        let left = left.entry((pool.clone(), series)).or_insert(RangeInclusive::new(1, 0));
        if let Some(number) = left.next() {
            return Ok(number);
        }
        let last = match self.draw_block(line, pool, series) {
            // The connection may have been idle since before the server was restarted.
            Err(trouble) if trouble.ends_connection() => self.draw_block(line, pool, series)?,
            other => other?,
        };
        *left = last - BLOCK + 2..=last;
        Ok(last - BLOCK + 1)
    }

    fn draw_block(&self, line: &mut Option<Line>, pool: &Pool, series: &'static str) -> Result<i64, Trouble> {
        let line = match line {
            Some(line) if line.is_usable() => line,
            _ => line.insert(Line::open(&self.config)?),
        };
        let sql = format!(
            "INSERT INTO {}.serial AS drawn (series, last) VALUES ($1, $2)
             ON CONFLICT (series) DO UPDATE SET last = drawn.last + excluded.last RETURNING last",
            schema_of(pool)
        );
        let rows = line.ask(&sql, &[&series, &BLOCK])?;
        let row = rows.first().ok_or_else(|| Trouble::lasting("no number came back"))?;
        Ok(row.try_get(0)?)
    }
}
