//! How a large city was made, and what its ways are called.

use std::time::Duration;
use yibao_sim::big::Path;

/// How it was made.
pub(in super::super) struct Made {
    /// The command that does the same again.
    pub again: String,
    /// In all.
    pub took: Duration,
    /// Each phase.
    pub phases: Vec<(&'static str, Duration)>,
    /// The most memory that the process had, in KiB.
    pub peak_kib: u64,
    /// All books together.
    pub bytes: u64,
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
