//! `growth` (规模): the same purchases with few and with many persons in store.
//!
//! All sizes are loaded first and served side by side; rounds go from one to the next in turn, so that a machine whose
//! speed drifts is the same to all.

use crate::bench::Bench;
use crate::driver::Load;
use crate::ground::Ground;
use crate::measured::Round;
use crate::server::Server;
use crate::settings::Scenario;
use crate::traffic::Traffic;

/// What was measured with one number of persons.
#[derive(Debug)]
pub(crate) struct Size {
    pub persons: u64,
    /// The book after loading.
    pub book_bytes: u64,
    pub rounds: Vec<Round>,
}

/// Loads every size and measures them in turn under this load.
pub(crate) fn measure(
    bench: &Bench<'_>,
    ground: &dyn Ground,
    persons: &[u64],
    load: Load,
) -> anyhow::Result<Vec<Size>> {
    let mut sizes: Vec<Size> = Vec::new();
    let mut served = Vec::new();
    for persons in persons {
        let place = bench.load(ground, &format!("city{persons}"), *persons)?;
        sizes.push(Size { persons: *persons, book_bytes: ground.book_bytes(&place)?, rounds: Vec::new() });
        served.push((bench.serve(&place, &format!("serve{persons}"))?, 0));
    }
    for round in 1..=bench.settings.rounds {
        for (size, (server, next_journey)) in sizes.iter_mut().zip(&mut served) {
            bench.say(&format!("growth 规模 {} 人：第 {round}/{} 轮", size.persons, bench.settings.rounds));
            let traffic = Traffic { mix: Scenario::Pharmacy.mix(), persons: size.persons, seed: bench.settings.seed };
            size.rounds.push(bench.platform_round(ground, server, &traffic, load, next_journey)?);
        }
    }
    served.into_iter().try_for_each(|(server, _): (Server, u64)| server.stop())?;
    Ok(sizes)
}
