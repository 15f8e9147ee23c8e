//! One course of a large city: the groups side by side, hour by hour.

#![expect(
    clippy::disallowed_methods,
    reason = "groups of a large city are played by threads of their own, and so are the workers"
)]

use super::step::{Counter, Phase, Step};
use super::sums::{Noted, Register, hour_of};
use crate::faults::Level;
use crate::life::Event;
use crate::office::{Furnishing, Office};
use crate::twins::{Setting, WATCHED_AFTER};
use crate::world::{Course, World};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use yibao_domain::outage::Plan;
use yibao_store::{Fault, Store};

/// A course with the worlds of its groups. The first keeps house.
pub(super) struct Played<'a> {
    pub worlds: Vec<World<'a>>,
    /// What stood in the registers.
    pub noted: Vec<Noted>,
    workers: Vec<JoinHandle<()>>,
    /// Events by their hour.
    arrivals: BTreeMap<DateTime, u64>,
    arrived: u64,
    plan: Plan,
    /// When the books are closed.
    closes: DateTime,
    phase: Phase,
    watch: &'a (dyn Fn(Step) + Sync),
}

impl Drop for Played<'_> {
    fn drop(&mut self) {
        // The platform stops with the first office, and with it the workers.
        self.worlds.clear();
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl<'a> Played<'a> {
    pub fn with_outage(
        setting: &Setting<'a>,
        histories: &[Vec<Event>],
        courses: Vec<Course>,
        store: Arc<dyn Store>,
        watch: &'a (dyn Fn(Step) + Sync),
    ) -> Result<Played<'a>, Fault> {
        let (plans, people) = (vec![setting.plan.clone()], setting.city.persons);
        Played::begun(setting, plans, (histories, courses), (store, people), (Phase::WithOutage, watch))?.ended(setting)
    }

    pub fn without(
        setting: &Setting<'a>,
        histories: &[Vec<Event>],
        courses: Vec<Course>,
        store: Arc<dyn Store>,
        watch: &'a (dyn Fn(Step) + Sync),
    ) -> Result<Played<'a>, Fault> {
        let people = setting.city.persons;
        Played::begun(setting, Vec::new(), (histories, courses), (store, people), (Phase::Without, watch))?
            .ended(setting)
    }

    /// The course without the outage in which nothing is left out, of the first so many people.
    pub fn whole(
        setting: &Setting<'a>,
        histories: &[Vec<Event>],
        (store, people): (Arc<dyn Store>, u64),
        watch: &'a (dyn Fn(Step) + Sync),
    ) -> Result<Played<'a>, Fault> {
        let courses = vec![Course::default(); histories.len()];
        Played::begun(setting, Vec::new(), (histories, courses), (store, people), (Phase::Whole, watch))?.ended(setting)
    }

    fn begun(
        setting: &Setting<'a>,
        plans: Vec<Plan>,
        (histories, courses): (&[Vec<Event>], Vec<Course>),
        (store, people): (Arc<dyn Store>, u64),
        (phase, watch): (Phase, &'a (dyn Fn(Step) + Sync)),
    ) -> Result<Played<'a>, Fault> {
        let city = setting.city;
        watch(Step { phase: Phase::MovingIn, done: 0, of: people });
        let mut moved = |done| watch(Step { phase: Phase::MovingIn, done, of: people });
        let (rules, work) = (setting.rules.clone(), setting.work.clone());
        let furnishing = Furnishing { ground: store.into(), rules, work, plans, faults: Level::None };
        let office = Office::open_watched(city, people, furnishing, &mut moved)?;
        let workers = office.workers().into_iter().map(|worker| thread::spawn(move || worker.run())).collect();
        let mut offices = vec![office];
        for _ in 1..histories.len() {
            offices.push(offices[0].beside());
        }
        let mut played = Played {
            worlds: Vec::new(),
            noted: Vec::new(),
            workers,
            arrivals: BTreeMap::new(),
            arrived: 0,
            plan: setting.plan.clone(),
            closes: setting.closes,
            phase,
            watch,
        };
        for ((office, history), course) in offices.into_iter().zip(histories).zip(courses) {
            for event in history {
                *played.arrivals.entry(hour_of(event.at)).or_default() += 1;
            }
            played.worlds.push(World::new(city, office, history, course, setting.special_drugs));
        }
        Ok(played)
    }

    fn ended(mut self, setting: &Setting<'a>) -> Result<Played<'a>, Fault> {
        self.play(setting.agency_comes(&self.worlds[0].plans()))?;
        self.enter_the_rest(&|| ())?;
        self.play(setting.closes)?;
        let closing = Counter::new(Phase::Closing, 2 * self.worlds.len() as u64, self.watch);
        closing.add(0);
        self.enter_the_rest(&|| closing.add(1))?;
        self.worlds[0].put_right()?;
        each(self.worlds.iter_mut(), |world| {
            world.hand_back()?;
            closing.add(1);
            Ok(())
        })?;
        self.note()?;
        Ok(self)
    }

    /// Messages that were sent.
    pub fn sent(&self) -> u64 {
        self.worlds.iter().map(|world| world.office.sent()).sum()
    }

    fn play(&mut self, until: DateTime) -> Result<(), Fault> {
        while self.now() < until {
            let hour = self.now().saturating_add(1.hour()).min(until);
            let is_quiet = self.worlds.iter().all(|world| !world.is_busy(hour));
            each(self.worlds.iter_mut().filter(|world| world.is_busy(hour)), |world| world.play_part(hour))?;
            self.worlds.iter().for_each(|world| world.office.at(hour));
            self.tell(hour);
            if is_quiet && !self.is_looked_at_often() && hour.hour() != 0 {
                continue;
            }
            self.worlds[0].enter_events()?;
            self.worlds[0].office.tend();
            let listed = self.worlds[0].conversions()?;
            if !listed.is_empty() {
                each(self.worlds.iter_mut(), |world| {
                    world.convert_stays(&listed);
                    Ok(())
                })?;
            }
            self.note()?;
        }
        Ok(())
    }

    /// Tells how far it is: in events while people come, then in hours.
    fn tell(&mut self, hour: DateTime) {
        let all: u64 = self.arrivals.values().sum();
        let begun = self.arrivals.range(..hour).map(|(_, count)| count).sum();
        if begun > self.arrived {
            self.arrived = begun;
            (self.watch)(Step { phase: self.phase, done: begun, of: all });
        } else if let Some(last) = self.arrivals.keys().next_back().copied().filter(|_| begun == all) {
            let hours = |until: DateTime| u64::try_from(until.duration_since(last).as_hours()).unwrap_or(0);
            (self.watch)(Step { phase: Phase::Remaining, done: hours(hour), of: hours(self.closes).max(hours(hour)) });
        }
    }

    /// Has the runs enter everything that waits; `seen` is called after each group.
    fn enter_the_rest(&mut self, seen: &(dyn Fn() + Sync)) -> Result<(), Fault> {
        self.worlds[0].run_all()?;
        let now = self.now();
        each_in_turn(self.worlds.iter_mut(), |world| {
            world.office.at(now);
            world.take_stock()?;
            seen();
            Ok(())
        })?;
        self.note()
    }

    fn now(&self) -> DateTime {
        self.worlds[0].office.now()
    }

    /// Whether the platform does its own work and the registers are looked at every hour; later when somebody does something, and
    /// once a day.
    fn is_looked_at_often(&self) -> bool {
        let reopens = self.plan.window.reopens.expected().unwrap_or(self.now());
        self.now() < reopens.saturating_add(WATCHED_AFTER.days())
    }

    /// Notes what stands in the registers: each hour until some days after the reopening, then once a day.
    fn note(&mut self) -> Result<(), Fault> {
        let (now, first) = (self.now(), &self.worlds[0]);
        let often = self.is_looked_at_often();
        if first.plans().is_empty() || now.date() < self.plan.issued || !(often || now.hour() == 0) {
            return Ok(());
        }
        let counts = first.office.look(|tx| tx.count_entries(&self.plan.id))?;
        self.noted.push(Noted { at: now, registers: Register::of(&counts) });
        Ok(())
    }
}

/// Does it with each at the same time, for what waits for the platform; their answers in the same order.
pub(super) fn each<A: Send, T: Send>(
    of: impl Iterator<Item = A>,
    work: impl Fn(A) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Fault> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = of.map(|one| scope.spawn(move || work(one))).collect();
        let answers = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        answers.collect()
    })
}

/// Does it with each, with as many at the same time as the machine has cores, for what computes and reads.
pub(super) fn each_in_turn<A: Send, T: Send>(
    of: impl Iterator<Item = A> + Send,
    work: impl Fn(A) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Fault> {
    let next = Mutex::new(of.enumerate());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let of_cores = each(0..cores, |_| {
        let mut done = Vec::new();
        loop {
            let taken = next.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, one)) = taken else { return Ok(done) };
            done.push((number, work(one)?));
        }
    })?;
    let mut done: Vec<(usize, T)> = of_cores.into_iter().flatten().collect();
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, answer)| answer).collect())
}
