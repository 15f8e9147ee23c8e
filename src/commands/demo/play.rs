//! The play (一场演示): a thread that plays the city as fast as is wanted, and tells the pages how far it is.
//!
//! Whatever somebody wants of it is a wish that the thread reads between two pieces of time; nobody else moves the time. The
//! platform's workers are at home: whoever waits for an answer drives them, and the thread does so between two pieces, so that
//! a call is answered whether time goes on or stands still.

use super::judgement::judgement;
use super::told::Teller;
use crate::clock::Stopwatch;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use yibao_domain::outage::Plan;
use yibao_domain::register::WorkTable;
use yibao_engine::Platform;
use yibao_policy::rules::RuleBook;
use yibao_sim::attribution::compared;
use yibao_sim::city::City;
use yibao_sim::judge::judged;
use yibao_sim::life::Event;
use yibao_sim::office::Office;
use yibao_sim::run::{Wish, setting};
use yibao_sim::twins::differences;
use yibao_sim::world::{Course as LeftOut, World};
use yibao_store::{Fault, Store};
use yibao_web::played::{Act, Demonstration, Standing, Steering};

/// How long the shown part takes, in seconds, where nobody changes its speed: with what comes after it, five minutes.
const SECONDS: i64 = 260;
/// Milliseconds of a piece of time.
const PIECE: i64 = 100;
/// Milliseconds after which the pages are told how far it is, while it is played as fast as it can be.
const TOLD_EVERY: i64 = 300;
/// Days in which nobody has come or is expected any more, after which the books are closed.
const QUIET: i64 = 3;
/// Minutes of the city a second, at least and at most.
const PACE_MIN: u32 = 1;
const PACE_MAX: u32 = 1_440;

/// The moments of a play.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// The first that is shown; what was before is played at once.
    pub begins: DateTime,
    /// When the agency enters what is left.
    pub run: DateTime,
    /// The last that is shown at the speed that was chosen.
    pub shown_until: DateTime,
    /// When the books are closed.
    pub ends: DateTime,
}

/// What is played.
pub struct Stage {
    pub wish: Wish,
    pub rules: Arc<RuleBook>,
    pub work: Arc<WorkTable>,
    pub city: City,
    pub history: Vec<Event>,
    pub office: Office,
    /// Where the same weeks without the outage are played: once as far as the outage let them be, once whole.
    pub twins: [Arc<dyn Store>; 2],
}

/// A play, shared by the thread that plays it and the pages that show it.
pub struct Play {
    course: Course,
    wishes: Mutex<Wishes>,
    changed: Condvar,
    standing: Mutex<Arc<Standing>>,
}

#[derive(Clone, Copy, Debug)]
struct Wishes {
    is_paused: bool,
    minutes_a_second: u32,
    jumps_to: Option<DateTime>,
    stops: bool,
}

/// What the thread does next.
enum Next {
    /// Plays on, by so many seconds of the city.
    Piece {
        seconds: i64,
    },
    /// Plays on to this moment, as fast as it can.
    Jump(DateTime),
    /// Time stands still.
    Rest,
    Stop,
}

impl Play {
    /// A play that has not begun.
    pub fn new(plan: &Plan, city: &City, course: Course) -> Play {
        let minutes = course.begins.duration_until(course.shown_until).as_mins() / SECONDS;
        let minutes_a_second = u32::try_from(minutes).unwrap_or(PACE_MAX).clamp(PACE_MIN, PACE_MAX);
        let jumps_to = Some(course.begins);
        let standing = Standing {
            plan: plan.id.clone(),
            pool: city.pool.clone(),
            persons: city.persons,
            begins: course.begins,
            shown_until: course.shown_until,
            ends: course.ends,
            now: city.begins.at(0, 0, 0, 0),
            minutes_a_second,
            is_paused: false,
            jumps_to,
            act: Act::Business,
            cares: Vec::new(),
            latest: Vec::new(),
        };
        Play {
            course,
            wishes: Mutex::new(Wishes { is_paused: false, minutes_a_second, jumps_to, stops: false }),
            changed: Condvar::new(),
            standing: Mutex::new(Arc::new(standing)),
        }
    }

    /// Has the thread come to its end.
    pub fn stop(&self) {
        self.wishes().stops = true;
        self.changed.notify_all();
    }

    /// Whether the thread, told to stop, comes to its end in a moment: between two pieces it looks, while it judges and compares
    /// it does not.
    pub fn comes_to_its_end(&self) -> bool {
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        !matches!(standing.act, Act::Closing | Act::Comparing)
    }

    /// Plays, on the thread that calls, until it is stopped. What cannot go on is told as broken; why is in the log.
    pub fn run(&self, stage: Stage) {
        let why = match catch_unwind(AssertUnwindSafe(|| self.whole(stage))) {
            Ok(Ok(())) => return,
            Ok(Err(fault)) => fault.chain(),
            Err(_) => "a panic, told above".to_owned(),
        };
        tracing::error!(fault = %why, "the play cannot go on");
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        *standing = Arc::new(Standing { act: Act::Broken, ..standing.as_ref().clone() });
    }

    /// The play from its beginning until it is stopped.
    fn whole(&self, stage: Stage) -> Result<(), Fault> {
        let Stage { wish, rules, work, city, history, office, twins } = stage;
        let setting = setting(&wish, &rules, &work, &city, &history)?;
        let mut world = World::new(&city, office, &history, LeftOut::default(), setting.special_drugs);
        let mut teller = Teller::new(&city, &history);
        if !self.business(&mut world, &mut teller)? {
            return Ok(());
        }
        self.tell(&world, &mut teller, Act::Closing);
        if self.wishes().stops {
            return Ok(());
        }
        world.close()?;
        world.sign_for_the_rest()?;
        let wrong = judged(&world, &setting, &world.went_by(setting.plan))?;
        self.tell(&world, &mut teller, Act::Comparing);
        let [twin, whole] = twins;
        let without = setting.without_outage(twin, world.course())?;
        let differing = differences(&world, &without, city.numbers(), city.begins.year())?;
        let whole = setting.without_outage(whole, LeftOut::default())?;
        let changed = compared(&world, &whole, std::slice::from_ref(setting.plan), &history)?;
        self.tell(&world, &mut teller, Act::Over(judgement(&wrong, &differing, &changed)));
        // The books stay open to whoever looks, until they are no longer wanted.
        self.answer_until_stopped(&world.office.platform());
        Ok(())
    }

    /// The weeks of business; `false` where it was stopped before their end.
    fn business(&self, world: &mut World<'_>, teller: &mut Teller<'_>) -> Result<bool, Fault> {
        let Course { run, shown_until, ends, .. } = self.course;
        let platform = world.office.platform();
        let mut watch = Stopwatch::started();
        let mut since_told = Stopwatch::started();
        let (mut untold, mut has_run, mut quiet) = (TOLD_EVERY, false, None);
        while world.office.now() < ends {
            let now = world.office.now();
            let until = match self.next(&mut watch) {
                Next::Stop => return Ok(false),
                Next::Rest => {
                    while platform.step() {}
                    continue;
                }
                Next::Jump(to) => now.saturating_add(1.hour()).min(to),
                Next::Piece { seconds } => now.saturating_add(seconds.seconds()),
            };
            while platform.step() {}
            // Nothing is passed over that has to happen at its moment.
            let until = if has_run { until } else { until.min(run) }.min(ends);
            let is_quiet = *quiet.get_or_insert(now) <= now.saturating_sub(QUIET.days());
            if has_run && is_quiet && until.date() > shown_until.date() {
                world.rest(ends)?;
            } else {
                world.play_on(until)?;
            }
            quiet = quiet.filter(|_| world.is_at_rest());
            if until == run && !has_run {
                has_run = true;
                world.enter_the_rest()?;
            }
            let now = world.office.now();
            self.arrived(now, now >= shown_until);
            untold += since_told.lap();
            if untold >= TOLD_EVERY || self.wishes().jumps_to.is_none() {
                untold = 0;
                self.tell(world, teller, Act::Business);
            }
        }
        Ok(true)
    }

    /// Waits until the next piece is due.
    fn next(&self, watch: &mut Stopwatch) -> Next {
        let wishes = *self.wishes();
        if wishes.stops {
            return Next::Stop;
        }
        if let Some(to) = wishes.jumps_to {
            return Next::Jump(to);
        }
        self.wait_a_piece();
        let passed = watch.lap();
        let wishes = *self.wishes();
        if wishes.is_paused || wishes.stops || wishes.jumps_to.is_some() {
            return Next::Rest;
        }
        // A machine that is too slow slows the city down; it does not jump.
        let milliseconds = passed.min(3 * PIECE);
        Next::Piece { seconds: i64::from(wishes.minutes_a_second) * 60 * milliseconds / 1_000 }
    }

    /// Waits as long as a piece lasts, or until something is wished for.
    fn wait_a_piece(&self) {
        let piece = Duration::from_millis(PIECE.unsigned_abs());
        #[expect(clippy::disallowed_methods, reason = "here a city waits for real time")]
        drop(self.changed.wait_timeout(self.wishes(), piece));
    }

    /// A jump is over where it was to lead; what comes after the shown part is played as fast as it can be.
    fn arrived(&self, now: DateTime, is_past_shown: bool) {
        let mut wishes = self.wishes();
        if wishes.jumps_to.is_some_and(|to| to <= now) {
            wishes.jumps_to = None;
        }
        if is_past_shown && !wishes.is_paused && wishes.jumps_to.is_none() {
            wishes.jumps_to = Some(self.course.ends);
        }
    }

    fn answer_until_stopped(&self, platform: &Platform) {
        while !self.wishes().stops {
            while platform.step() {}
            self.wait_a_piece();
        }
    }

    fn tell(&self, world: &World<'_>, teller: &mut Teller<'_>, act: Act) {
        let (cares, latest) = teller.told(world);
        let wishes = *self.wishes();
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        *standing = Arc::new(Standing {
            now: world.office.now(),
            minutes_a_second: wishes.minutes_a_second,
            is_paused: wishes.is_paused,
            jumps_to: wishes.jumps_to,
            act,
            cares,
            latest,
            ..standing.as_ref().clone()
        });
    }

    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        self.wishes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Demonstration for Play {
    fn standing(&self) -> Arc<Standing> {
        let told = self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let wishes = *self.wishes();
        // What was wished for shows at once.
        Arc::new(Standing {
            minutes_a_second: wishes.minutes_a_second,
            is_paused: wishes.is_paused,
            jumps_to: wishes.jumps_to,
            ..told.as_ref().clone()
        })
    }

    fn steer(&self, wish: Steering) {
        let mut wishes = self.wishes();
        match wish {
            // Who stops a jump wants to look.
            Steering::Pause => (wishes.is_paused, wishes.jumps_to) = (true, None),
            Steering::GoOn => wishes.is_paused = false,
            Steering::Slower => wishes.minutes_a_second = (wishes.minutes_a_second / 2).max(PACE_MIN),
            Steering::Faster => wishes.minutes_a_second = (wishes.minutes_a_second * 2).min(PACE_MAX),
            Steering::To(to) => wishes.jumps_to = Some(to.min(self.course.ends)),
        }
        drop(wishes);
        self.changed.notify_all();
    }
}
