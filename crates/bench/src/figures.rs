//! Figures (数字): what the table and the report say of a side, medians over its rounds.

use crate::measured::{Cost, Latencies, Round, median, per_1000_s};
use crate::results::Compared;
use std::collections::BTreeSet;

/// The platform or the reference with its rounds.
#[derive(Debug)]
pub(crate) struct Side<'a> {
    /// 平台 or 引擎.
    pub name: &'static str,
    rounds: &'a [Round],
}

/// One transaction of a side.
pub(crate) struct Call<'a> {
    /// Number of the transaction.
    pub infno: &'a str,
    rounds: Vec<(&'a Latencies, &'a Round)>,
}

/// What one process, or the database's, cost a side; texts, because there may be nothing to say.
#[derive(Debug)]
pub(crate) struct Part {
    pub name: &'static str,
    pub settled: String,
    pub cpu_s: String,
    pub cpu_ms_a_call: String,
    pub written_mib: String,
    pub flushes: String,
    pub memory_mib: String,
}

impl<'a> Side<'a> {
    /// A side with these rounds.
    pub(crate) fn new(name: &'static str, rounds: &'a [Round]) -> Side<'a> {
        Side { name, rounds }
    }

    /// The sides of a comparison that were measured, the platform first.
    pub(crate) fn of(compared: &'a Compared) -> Vec<Side<'a>> {
        let sides = [Side::new("平台", &compared.platform), Side::new("引擎", &compared.reference)];
        sides.into_iter().filter(|side| !side.rounds.is_empty()).collect()
    }

    fn median(&self, figure: impl Fn(&Round) -> u64) -> u64 {
        median(self.rounds.iter().map(figure).collect())
    }

    /// Settlements in 1,000 seconds.
    pub(crate) fn settled_in_1000_s(&self) -> u64 {
        self.median(Round::settled_in_1000_s)
    }

    /// A percentile of all its recording and trial calls.
    pub(crate) fn permille_us(&self, permille: u64) -> u64 {
        self.median(|round| all(round).permille_us(permille))
    }

    /// CPU of the platform or reference and of its database, in microseconds a call.
    pub(crate) fn cpu_us_a_call(&self) -> u64 {
        self.median(|round| (round.server.cpu_ms + round.database.cpu_ms) * 1_000 / round.count().max(1))
    }

    /// Its transactions by number.
    pub(crate) fn calls(&self) -> Vec<Call<'a>> {
        let infnos: BTreeSet<&'a String> = self.rounds.iter().flat_map(|round| round.calls.keys()).collect();
        let rounds_of = |infno: &String| {
            let with = |round: &'a Round| Some((round.calls.get(infno)?, round));
            self.rounds.iter().filter_map(with).collect()
        };
        infnos.into_iter().map(|infno| Call { infno, rounds: rounds_of(infno) }).collect()
    }

    /// Its processes: platform or reference, driver, database.
    pub(crate) fn parts(&self) -> Vec<Part> {
        type CostOf = fn(&Round) -> Cost;
        let parts: [(&str, CostOf); 3] = [
            ("服务进程", |round| round.server),
            ("驱动进程", |round| round.driver),
            ("数据库", |round| round.database),
        ];
        let mut shown = Vec::new();
        for (name, cost) in parts {
            let of = |figure: fn(&Cost) -> u64| self.median(|round| figure(&cost(round)));
            let cpu_ms = of(|cost| cost.cpu_ms);
            if !shown.is_empty() && cpu_ms == 0 {
                continue;
            }
            let cpu_us_a_call = self.median(|round| cost(round).cpu_ms * 1_000 / round.count().max(1));
            let flushes: Option<Vec<u64>> = self.rounds.iter().map(|round| cost(round).flushes).collect();
            let memory = self.rounds.iter().filter_map(|round| cost(round).memory_kib).max();
            shown.push(Part {
                name,
                settled: if shown.is_empty() { thousandths(self.settled_in_1000_s(), 1) } else { String::new() },
                cpu_s: thousandths(cpu_ms, 2),
                cpu_ms_a_call: thousandths(cpu_us_a_call, 3),
                written_mib: (of(|cost| cost.written) / 1_048_576).to_string(),
                flushes: flushes.map_or_else(|| "-".to_owned(), |flushes| median(flushes).to_string()),
                memory_mib: memory.map_or_else(|| "-".to_owned(), memory_mib),
            });
        }
        shown
    }

    /// All latencies of all rounds.
    pub(crate) fn latencies(&self) -> Latencies {
        let mut latencies = Latencies::default();
        self.rounds.iter().for_each(|round| latencies.merge(&all(round)));
        latencies
    }
}

impl Call<'_> {
    fn median(&self, figure: impl Fn(&Latencies, &Round) -> u64) -> u64 {
        median(self.rounds.iter().map(|(latencies, round)| figure(latencies, round)).collect())
    }

    /// How many.
    pub(crate) fn count(&self) -> u64 {
        self.median(|latencies, _| latencies.count())
    }

    /// How many in 1,000 seconds.
    pub(crate) fn per_1000_s(&self) -> u64 {
        self.median(|latencies, round| per_1000_s(latencies.count(), round.took))
    }

    /// A percentile.
    pub(crate) fn permille_us(&self, permille: u64) -> u64 {
        self.median(|latencies, _| latencies.permille_us(permille))
    }
}

/// All transactions of a round together.
fn all(round: &Round) -> Latencies {
    let mut all = Latencies::default();
    round.calls.values().for_each(|latencies| all.merge(latencies));
    all
}

/// `1.25` of 1,250 thousandths with two decimals; up to three.
pub(crate) fn thousandths(value: u64, decimals: u32) -> String {
    let divisor = 10_u64.pow(3 - decimals.min(3));
    let rounded = (value + divisor / 2) / divisor;
    let unit = 10_u64.pow(decimals);
    match usize::try_from(decimals) {
        Ok(width @ 1..) => format!("{}.{:0width$}", rounded / unit, rounded % unit),
        _ => rounded.to_string(),
    }
}

/// Milliseconds of a latency.
pub(crate) fn milliseconds(latency_us: u64, decimals: u32) -> String {
    thousandths(latency_us, decimals)
}

/// MiB of KiB.
pub(crate) fn memory_mib(kib: u64) -> String {
    (kib / 1_024).to_string()
}

/// `0.62` of two numbers.
pub(crate) fn ratio(part: u64, whole: u64) -> String {
    (part * 1_000).checked_div(whole).map_or_else(|| "-".to_owned(), |ratio| thousandths(ratio, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_rounded_half_up() {
        assert_eq!(thousandths(1_250, 1), "1.3");
        assert_eq!(thousandths(1_249, 1), "1.2");
        assert_eq!(thousandths(9_999, 2), "10.00");
        assert_eq!(thousandths(1_499, 0), "1");
        assert_eq!(thousandths(7, 3), "0.007");
        assert_eq!(ratio(600, 1_000), "0.60");
        assert_eq!(ratio(1, 0), "-");
    }
}
