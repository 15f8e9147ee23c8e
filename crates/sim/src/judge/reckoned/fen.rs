//! Whole fen and basis points (分与万分比).

/// A whole, in basis points.
pub(super) const WHOLE: i64 = 10_000;

/// So many basis points of an amount, rounded half up on the magnitude.
pub(super) fn share(fen: i64, basis_points: i64) -> i64 {
    let rounded = (fen.abs() * basis_points + WHOLE / 2) / WHOLE;
    if fen < 0 { -rounded } else { rounded }
}

/// The cost of which so many basis points are that payment, rounded half up.
pub(super) fn cost_of(paid: i64, basis_points: i64) -> i64 {
    (paid * 2 * WHOLE + basis_points) / (2 * basis_points)
}

/// What of a limit is left after what was used of it.
pub(super) fn left_of(limit: i64, used: i64) -> i64 {
    (limit - used).max(0)
}
