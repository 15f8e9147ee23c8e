//! What a demonstration (停机演示) is to the pages: a made-up city that somebody else plays, told and steered through here.
//!
//! Registers, amounts and stories are asked of the platform as on every other page; from the play come the time, how fast it
//! goes, and what those at the tills saw.

use jiff::civil::DateTime;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;

/// A play under way.
pub trait Demonstration: Send + Sync {
    /// How far it is.
    fn standing(&self) -> Arc<Standing>;
    /// Steers it; what is not possible now changes nothing.
    fn steer(&self, wish: Steering);
}

/// What whoever watches wants.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Steering {
    /// Time stands still.
    Pause,
    /// Time goes on.
    GoOn,
    /// Half as fast.
    Slower,
    /// Twice as fast.
    Faster,
    /// On to this moment, as fast as the machine can.
    To(DateTime),
}

/// How far a play is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The plan's id.
    pub plan: String,
    /// The pool of the city.
    pub pool: Pool,
    /// How many people live in it.
    pub persons: u64,
    /// The first moment that is shown.
    pub begins: DateTime,
    /// The last moment of the pictures: what comes after is soon over.
    pub shown_until: DateTime,
    /// When the books are closed.
    pub ends: DateTime,
    /// The moment up to which has been played.
    pub now: DateTime,
    /// How many minutes of the city pass in a second.
    pub minutes_a_second: u32,
    /// Time stands still.
    pub is_paused: bool,
    /// It is being played up to this moment as fast as the machine can.
    pub jumps_to: Option<DateTime>,
    /// What is going on.
    pub act: Act,
    /// All care so far, in the order of person and time.
    pub cares: Vec<Care>,
    /// What happened last, the latest first.
    pub latest: Vec<Happening>,
}

/// The acts of a play.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// People come for care.
    Business,
    /// The books are closed, and looked through.
    Closing,
    /// The same weeks are played without the outage, to be compared.
    Comparing,
    /// It is over, with what was found.
    Over(Judgement),
    /// It could not go on; why is in the log.
    Broken,
}

/// What was found at the end, statement by statement, and what the outage changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Judgement {
    /// The statements, in their order.
    pub verdicts: Vec<Verdict>,
    /// What the outage changed, against the same weeks in which nothing is left out; the largest difference first, the sum
    /// last.
    pub changed: Vec<Changed>,
}

/// A statement of the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// What it is called, in Chinese.
    pub name: &'static str,
    /// What is so where it holds, in Chinese.
    pub says: &'static str,
    /// What was found against it; nothing where it holds.
    pub found: Vec<String>,
}

impl Judgement {
    /// Whether all statements hold.
    pub(crate) fn holds(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.found.is_empty())
    }
}

/// A line of what the outage changed, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// What became of such care, in Chinese.
    pub what: &'static str,
    /// The clauses, and decisions on the order of settlement, that allow it.
    pub by: Vec<String>,
    /// How many times.
    pub events: String,
    /// For how many people.
    pub persons: String,
    /// What funds and accounts paid with the outage, in yuan.
    pub with: String,
    /// What they pay without.
    pub without: String,
    /// By how much more the outage has them pay.
    pub difference: String,
    /// The sum of all other lines.
    pub is_sum: bool,
}

/// Care that somebody came for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Care {
    /// Which, by the person's number and the care's among hers: `17-3`.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// What kind of care, in Chinese.
    pub kind: &'static str,
    /// The provider's name.
    pub place: String,
    /// When it began.
    pub at: DateTime,
    /// What was charged so far.
    pub charged: Money,
    /// What the funds pay, as far as the till was told.
    pub funds: Money,
    /// What became of it.
    pub outcome: Outcome,
    /// When it met the outage.
    pub met_at: Option<DateTime>,
    /// When it was settled.
    pub settled_at: Option<DateTime>,
    /// The clauses of the notice that it fell under.
    pub clauses: Vec<String>,
    /// When the platform refused it because of the outage, and in which words.
    pub refused: Vec<(DateTime, String)>,
    /// 就诊ID or 台账号, by which its story is asked for; empty where the platform knows neither, and only those at the till can tell.
    pub story: String,
}

impl Care {
    /// Where its story is told.
    pub(crate) fn told_at(&self) -> String {
        told_at(&self.story, &self.id)
    }

    /// Whether it waits to be entered afterwards, or did.
    pub(crate) fn waited(&self) -> bool {
        matches!(self.outcome, Outcome::Waits | Outcome::EnteredLater)
    }
}

/// What became of care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It goes on, or will be settled today.
    UnderWay,
    /// Settled in the ordinary way.
    Settled,
    /// Settled and cancelled, by the person's own wish.
    Cancelled,
    /// It met the outage and waits.
    Waits,
    /// It met the outage and was settled afterwards.
    EnteredLater,
    /// It met the outage and is claimed at the agency.
    ToClaim,
    /// It met the outage, was paid in cash, and the notice gives no way back.
    NoRoute,
    /// It met the outage and was to be made good, and nobody came before the deadline.
    TooLate,
    /// It was found not to be insured, and is the person's to pay.
    SelfPays,
}

/// Something that happened to somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// When.
    pub at: DateTime,
    /// The person's name.
    pub name: String,
    /// What, as a sentence without its subject.
    pub text: String,
    /// See [`Care::id`].
    pub care: String,
    /// See [`Care::story`].
    pub story: String,
    /// Whether it comes of the outage.
    pub is_of_outage: bool,
}

impl Happening {
    /// Where the story of its care is told.
    pub(crate) fn told_at(&self) -> String {
        told_at(&self.story, &self.care)
    }
}

/// By the office, from the books; what the books do not hold, by the demonstration, from what those at the till saw.
fn told_at(story: &str, care: &str) -> String {
    if story.is_empty() { format!("/outage-demo/care/{care}") } else { format!("/office/stories/{story}#asked") }
}
