//! What every measurement goes on with: a city loaded into a place, the platform that serves it, a round of it.

use crate::city;
use crate::driver::{self, Load, Span};
use crate::flush::{Counter, Shim};
use crate::ground::Ground;
use crate::measured::{Cost, Round};
use crate::server::{self, Server};
use crate::settings::Settings;
use crate::traffic::Traffic;
use anyhow::Context;
use indicatif::ProgressBar;
use std::cell::Cell;
use std::fs;
use std::path::Path;

/// What a measurement goes on with.
pub(crate) struct Bench<'a> {
    pub settings: &'a Settings,
    pub shim: Option<Shim>,
    pub folder: &'a Path,
    pub bar: ProgressBar,
}

impl Bench<'_> {
    /// A new place with a city of so many persons.
    pub(crate) fn load(&self, ground: &dyn Ground, name: &str, persons: u64) -> anyhow::Result<String> {
        self.say(&format!("装入 {persons} 人"));
        let folder = self.folder.join("files");
        city::write(&folder, persons)?;
        let place = ground.place(name)?;
        server::load(&self.settings.program, &place, &folder)?;
        fs::remove_dir_all(&folder).context("清理临时目录")?;
        Ok(place)
    }

    /// Serves a place.
    pub(crate) fn serve(&self, place: &str, name: &str) -> anyhow::Result<Server> {
        Server::start(&self.settings.program, place, &self.folder.join(format!("{name}.log")), self.counter(name)?)
    }

    /// One round of the platform.
    pub(crate) fn platform_round(
        &self,
        ground: &dyn Ground,
        server: &Server,
        traffic: &Traffic,
        load: Load,
        next_journey: &mut u64,
    ) -> anyhow::Result<Round> {
        let used = || ground.database().map_or_else(Cost::default, |database| database.used());
        let before = Cell::new((server.mark(), used()));
        let costs = Cell::new(None);
        let mark = |begins: bool| {
            if begins {
                before.set((server.mark(), used()));
            } else {
                let (mark, earlier) = before.get();
                costs.set(Some((server.since(mark), used().since(earlier))));
            }
        };
        let (mut round, next) = driver::drive(server.address(), traffic, load, self.span(), *next_journey, &mark)?;
        (round.server, round.database) = costs.get().unwrap_or_default();
        *next_journey = next;
        Ok(round)
    }

    /// The span of a round.
    pub(crate) fn span(&self) -> Span {
        Span { warm_up: self.settings.warm_up, counted: self.settings.counted }
    }

    /// Counts the flushes of a process that is started with it.
    pub(crate) fn counter(&self, name: &str) -> anyhow::Result<Counter> {
        self.shim.as_ref().map_or_else(|| Ok(Counter::absent()), |shim| shim.counter(name))
    }

    /// Says what goes on.
    pub(crate) fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }
}
