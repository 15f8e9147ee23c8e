//! How a large city was made, and what its ways are called.

use std::time::Duration;
use yibao_sim::big::{Path, Phase};

/// How it was made.
pub(in super::super) struct Made {
    /// The command that does the same again.
    pub again: String,
    /// In all.
    pub took: Duration,
    /// Each phase, in its order.
    pub phases: Vec<(Phase, Duration)>,
    /// The most memory that the process had, in KiB.
    pub peak_kib: u64,
    /// All books together.
    pub bytes: u64,
}

impl Made {
    /// What grows with the people: all but the course of some of them in which nothing is left out, which comes last.
    pub fn of_everybody(&self) -> Duration {
        let last = self.phases.iter().position(|(phase, _)| *phase == Phase::Judging);
        self.phases[..last.map_or(0, |last| last + 1)].iter().map(|(_, took)| *took).sum()
    }

    /// Both courses of everybody, from moving in to the closed books.
    pub fn both_courses(&self) -> Duration {
        let courses = self.phases.iter().take_while(|(phase, _)| *phase != Phase::Judging);
        courses.filter(|(phase, _)| *phase != Phase::Drawing).map(|(_, took)| *took).sum()
    }
}

/// What a phase is called.
pub(in super::super) fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Drawing => "造城",
        Phase::MovingIn => "装入参保人",
        Phase::WithOutage => "停机一遍",
        Phase::Without => "不停机一遍",
        Phase::Whole => "什么也不少的一遍",
        Phase::Remaining => "最后的病人出院",
        Phase::Closing => "关账",
        Phase::Judging => "逐人核对",
    }
}

/// What a way is called.
pub(super) fn path_name(path: Path) -> &'static str {
    match path {
        Path::OnTheSpot => "现场结算",
        Path::Backfilled => "恢复后补录",
        Path::NoRoute => "现金、未规定补报",
        Path::TooLate => "逾期未补录",
        Path::ToClaim => "待报销",
        Path::Cancelled => "已撤销",
        Path::SelfPaid => "不在待遇期、自费",
        Path::Open => "没有着落",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_with_the_people_leaves_out_the_course_of_some_of_them() {
        let seconds = Duration::from_secs;
        let course = |phase| [(Phase::MovingIn, seconds(1)), (phase, seconds(10)), (Phase::Closing, seconds(2))];
        let mut phases = vec![(Phase::Drawing, seconds(5))];
        phases.extend(course(Phase::WithOutage).into_iter().chain(course(Phase::Without)));
        phases.push((Phase::Judging, seconds(7)));
        phases.extend(course(Phase::Whole));
        let made = Made { again: String::new(), took: seconds(51), phases, peak_kib: 0, bytes: 0 };
        assert_eq!((made.both_courses(), made.of_everybody()), (seconds(26), seconds(38)));
    }
}
