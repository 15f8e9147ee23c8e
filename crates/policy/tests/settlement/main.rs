//! Settlements decided by the rules that the program brings along. Expectations come from the texts of
//! the worked cases and of the numbered decisions, recomputed by hand.

mod assistance;
mod books;
mod entitled;
mod facts;
mod inpatient;
mod maternity;
mod outpatient;
mod properties;
mod rules_as_data;
mod second_tier;
mod worked_cases;
