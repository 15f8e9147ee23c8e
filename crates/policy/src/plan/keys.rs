//! Every key of a plan, and where it acts (各项在何处起作用): a file of the program that goes by it, or the words for what its desk
//! will do. What is here as text is told as such in `explain`, in the working view of the notice and in `docs/plans.md`.
//!
//! Invariant: a key that is accepted is here, and one that is here is accepted (`tests/keys.rs`).

/// What becomes of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acts {
    /// This file under `crates/` goes by it.
    In(&'static str),
    /// It is printed, and names things for people.
    Named(&'static str),
    /// Nothing goes by it yet.
    Text,
}

use Acts::{In, Named, Text};

/// Keys that several tables share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SharedBy {
    /// For whom and where.
    Scope,
    /// When something is due.
    Due,
    /// From when on something counts.
    Start,
    /// What comes after a deadline.
    After,
    /// How a closing ends.
    Reopening,
}

/// What is shared: keys with where they act.
pub const SHARED: &[(SharedBy, &[&str], Acts)] = &[
    (
        SharedBy::Scope,
        &["schemes", "populations", "places", "pools", "counties", "providers", "channels"],
        In("domain/src/outage/scope.rs"),
    ),
    (
        SharedBy::Due,
        &["by", "within_working_days", "within_calendar_days", "within_months", "within_hours", "same_month"],
        In("domain/src/outage/due.rs"),
    ),
    (
        SharedBy::Start,
        &["after_reopening_of", "after_closing_of", "after", "counted_from"],
        In("domain/src/outage/due.rs"),
    ),
    (SharedBy::After, &["after_deadline"], In("engine/src/outage/care.rs")),
    (SharedBy::After, &["rest_day_ok"], In("policy/src/plan/check/times.rs")),
    (SharedBy::Reopening, &["reopens", "reopens_on", "expected"], In("domain/src/outage/window.rs")),
    (SharedBy::Reopening, &["planned_reopens"], In("domain/src/outage/version.rs")),
];

/// A table, what it shares, and its own keys.
type Part = (&'static str, &'static [SharedBy], &'static [(&'static str, Acts)]);

/// Each table by what people call it.
pub const KEYS: &[Part] = &[
    (
        "[plan]",
        &[SharedBy::Reopening],
        &[
            ("id", In("domain/src/outage/version.rs")),
            ("title", Named("web/src/pages/notice.rs")),
            ("issuer", Named("web/src/pages/notice.rs")),
            ("pool", In("domain/src/outage/gate.rs")),
            ("version", In("domain/src/outage/version.rs")),
            ("replaces", In("engine/src/desks/registers/publish.rs")),
            ("unplanned", In("policy/src/plan/check/times.rs")),
            ("declared", In("domain/src/outage/due.rs")),
            ("issued", In("engine/src/desks/registers/worklist.rs")),
            ("ends", In("domain/src/outage/path.rs")),
            ("closes", In("domain/src/outage/gate.rs")),
            ("benefit_year_begins", Text),
            ("silent_ok", In("policy/src/plan/check/rules.rs")),
            ("ahead_hours", In("domain/src/outage/gate.rs")),
        ],
    ),
    (
        "[switches]",
        &[],
        &[
            ("hold_debtor_benefits", In("domain/src/register/act.rs")),
            ("review_clock_stops", In("domain/src/outage/review.rs")),
            ("late_payment_forgiven", Text),
        ],
    ),
    (
        "[[rule]]",
        &[SharedBy::Scope, SharedBy::Due, SharedBy::Start, SharedBy::After, SharedBy::Reopening],
        &[
            ("id", In("domain/src/register/due.rs")),
            ("clause", Named("domain/src/outage/answer.rs")),
            ("business", In("domain/src/outage/plan.rs")),
            ("except", In("domain/src/outage/plan.rs")),
            ("prevails", In("domain/src/outage/scope.rs")),
            ("disposition", In("domain/src/outage/kept.rs")),
            ("closes", In("domain/src/outage/gate.rs")),
            ("advice", In("domain/src/outage/answer.rs")),
            ("advice_ahead", In("domain/src/outage/gate.rs")),
            ("evidence", In("domain/src/register/intake.rs")),
            ("not_before", In("domain/src/outage/path.rs")),
            ("effective", In("domain/src/register/act.rs")),
            ("fallback", In("domain/src/outage/path.rs")),
            ("register", In("domain/src/outage/kept.rs")),
            ("audience", In("domain/src/outage/audience.rs")),
            ("reading", Named("web/src/pages/notice/tables.rs")),
        ],
    ),
    (
        "[[rule.fallback]]",
        &[SharedBy::Due, SharedBy::Start, SharedBy::After],
        &[
            ("when", In("domain/src/outage/path.rs")),
            ("disposition", In("domain/src/outage/path.rs")),
            ("advice", In("domain/src/outage/path.rs")),
            ("evidence", In("domain/src/outage/path.rs")),
        ],
    ),
    (
        "[[stage]]",
        &[SharedBy::Scope, SharedBy::Reopening],
        &[
            ("id", In("domain/src/outage/version.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", In("domain/src/outage/window.rs")),
            ("prevails", In("domain/src/outage/window.rs")),
            ("advice", In("domain/src/outage/closing.rs")),
        ],
    ),
    (
        "[[duty]]",
        &[SharedBy::Scope, SharedBy::Due, SharedBy::Start, SharedBy::After],
        &[
            ("id", In("domain/src/register/due.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("kind", In("domain/src/register/due.rs")),
            ("who", In("domain/src/register/due.rs")),
            ("what", Named("web/src/pages/notice/tables.rs")),
            ("business", In("domain/src/register/due.rs")),
            ("evidence", In("domain/src/register/intake.rs")),
            ("not_before", Named("web/src/pages/notice/until.rs")),
            ("register", In("domain/src/register/due.rs")),
            ("audience", In("domain/src/outage/audience.rs")),
            ("reading", Named("web/src/pages/notice/tables.rs")),
        ],
    ),
    (
        "[[supply]]",
        &[SharedBy::Scope],
        &[
            ("id", In("domain/src/register/act.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", In("engine/src/desks/registers/supply.rs")),
            ("ends_from", In("engine/src/desks/registers/supply.rs")),
            ("ends_until", In("engine/src/desks/registers/supply.rs")),
            ("dispense_before", In("domain/src/register/act.rs")),
            ("lasts_until", In("domain/src/register/act.rs")),
            ("advice", Named("web/src/pages/notice/tables.rs")),
        ],
    ),
    (
        "[[extension]]",
        &[SharedBy::Scope, SharedBy::Due, SharedBy::Start],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", In("domain/src/register/due.rs")),
            ("care_from", In("domain/src/outage/granted.rs")),
            ("care_until", In("domain/src/outage/granted.rs")),
            ("limit_ends_from", In("domain/src/outage/granted.rs")),
            ("limit_ends_until", In("domain/src/outage/granted.rs")),
        ],
    ),
    (
        "[[tolerance]]",
        &[SharedBy::Scope, SharedBy::Start],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", Text),
            ("days", Text),
            ("unit", Text),
        ],
    ),
    (
        "[[hold_harmless]]",
        &[SharedBy::Scope, SharedBy::Due, SharedBy::Start],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", In("engine/src/outage/settling.rs")),
            ("care_from", In("domain/src/outage/granted.rs")),
            ("care_until", In("domain/src/outage/granted.rs")),
            // The deductible of a transfer acts; the other words are text, which `outage/unserved` tells.
            ("protects", In("engine/src/outage/settling.rs")),
            ("advice", Named("web/src/pages/notice/tables.rs")),
        ],
    ),
    (
        "[[degraded]]",
        &[SharedBy::Scope],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", In("domain/src/outage/arranged.rs")),
            ("from", In("domain/src/outage/arranged.rs")),
            ("until", In("domain/src/outage/arranged.rs")),
            ("advice", In("domain/src/outage/arranged.rs")),
        ],
    ),
    (
        "[[freeze]]",
        &[SharedBy::Scope],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("business", In("engine/src/outage/frozen.rs")),
            ("at", In("domain/src/outage/arranged.rs")),
            ("advice", In("engine/src/outage/frozen.rs")),
        ],
    ),
    (
        "[[continuity]]",
        &[SharedBy::Scope, SharedBy::Due, SharedBy::Start],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("breaks_from", In("domain/src/outage/arranged.rs")),
            ("breaks_until", In("domain/src/outage/arranged.rs")),
            ("advice", Named("web/src/pages/notice/tables.rs")),
        ],
    ),
    (
        "[[invariant]]",
        &[SharedBy::Scope],
        &[
            ("id", Named("domain/src/outage/difference/facts.rs")),
            ("clause", Named("web/src/pages/notice/tables.rs")),
            ("at", In("engine/src/policies/in_flight.rs")),
            ("counts", In("domain/src/outage/arranged.rs")),
            ("advice", Named("web/src/pages/notice/tables.rs")),
        ],
    ),
    (
        "[[event]]",
        &[],
        &[
            ("id", In("domain/src/outage/version.rs")),
            ("name", Named("domain/src/outage/window.rs")),
            ("who", Named("domain/src/outage/difference/facts.rs")),
        ],
    ),
    (
        "[[checklist]]",
        &[],
        &[("id", Text), ("clause", Text), ("title", Text), ("who", Text), ("items", Text), ("by", Text)],
    ),
    ("[[system]]", &[], &[("id", Text), ("name", Text), ("role", Text)]),
    (
        "[[county]]",
        &[],
        &[
            ("code", In("domain/src/outage/plan.rs")),
            ("name", Named("domain/src/outage/whom.rs")),
            ("also", In("domain/src/outage/plan.rs")),
        ],
    ),
    (
        "[[contact]]",
        &[],
        &[
            ("county", In("domain/src/outage/plan.rs")),
            ("office", Named("domain/src/outage/answer.rs")),
            ("scheme", In("domain/src/outage/plan.rs")),
            ("telephone", Named("domain/src/outage/answer.rs")),
        ],
    ),
    (
        "[[group]]",
        &[],
        &[
            ("id", In("domain/src/outage/group.rs")),
            ("name", Named("domain/src/outage/whom.rs")),
            ("providers", In("domain/src/outage/group.rs")),
            ("levels", In("domain/src/outage/group.rs")),
            ("contracts", In("domain/src/outage/group.rs")),
            ("attributes", In("domain/src/outage/group.rs")),
            ("person_types", In("domain/src/outage/group.rs")),
            ("diseases", In("domain/src/outage/group.rs")),
            ("employers", In("domain/src/outage/group.rs")),
            ("age_from", In("domain/src/outage/group.rs")),
            ("age_until", In("domain/src/outage/group.rs")),
            ("civil_servants", In("domain/src/outage/group.rs")),
        ],
    ),
];
