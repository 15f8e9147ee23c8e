//! The engine as its callers meet it, without a server: a small city in a temporary store, checked messages
//! submitted one after the other, the clock an argument.

#![expect(clippy::unwrap_used, reason = "every line here runs in a test; the lint sees that of #[test] functions only")]

mod around;
mod backfill;
mod backfill_bills;
mod backfill_killed;
mod backfill_runs;
mod bounded;
mod by_itself;
mod care;
mod city;
mod costs;
mod counted;
mod dates;
mod day;
mod desk_deeds;
mod doubles;
mod failing;
mod fees;
mod filings;
mod gate;
mod histories;
mod lanes;
mod mappings;
mod matched;
mod once;
mod order;
mod order_who;
mod ordering;
mod paid_once;
mod parties;
mod persons;
mod queries;
mod read_before;
mod receipts;
mod register_calls;
mod register_decisions;
mod register_judged;
mod register_lists;
mod register_persons;
mod register_plans;
mod register_shapes;
mod register_sheets;
mod register_steps;
mod register_twins;
mod register_writer;
mod registers;
mod replanned;
mod reversals;
mod sessions;
mod stays;
mod twin;
mod users;
mod visits;
mod work_items;
