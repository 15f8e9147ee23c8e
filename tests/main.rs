//! Drives the real `yibao` binary from outside, as hospitals, pharmacies and operators do.
//!
//! Expected amounts are computed by hand from the rule text and stand in the tests as figures; nothing but
//! `tidy` reads the platform's own code. `support` knows how clients talk, the other folders say what they must get.

#![expect(clippy::disallowed_methods, reason = "a program that runs outside is waited for in real time")]
#![expect(clippy::unwrap_used, reason = "in a test an unwrap is an assertion, in its helpers too")]

mod tidy {
    mod arrows;
    mod clauses;
    mod deeds;
    mod document;
    mod limits;
    mod map;
    mod named;
    mod punctuation;
    mod reader;
    mod writer;
}

mod support {
    pub mod amounts;
    pub mod browser;
    pub mod catalogue;
    pub mod city;
    pub mod clerk;
    pub mod client;
    pub mod counter;
    pub mod driven;
    pub mod form;
    pub mod full_disk;
    pub mod inpatient;
    pub mod looked_at;
    pub mod office;
    pub mod outpatient;
    pub mod patroni;
    pub mod people;
    pub mod pharmacy;
    pub mod play;
    pub mod program;
    pub mod providers;
    pub mod relay;
    pub mod server;
    pub mod settled;
    pub mod sql;
    pub mod vocabulary;
}

mod benefits {
    mod account;
    mod assistance;
    mod cities;
    mod entitlement;
    mod lines;
    mod maternity;
    mod outpatient_bijie;
    mod outpatient_panzhihua;
    mod second_tier;
    mod special_drugs;
    mod stays_bijie;
    mod stays_panzhihua;
    mod worked_cases;
}

mod interface {
    mod broken_bytes;
    mod deposits;
    mod dialects;
    mod fields;
    mod files;
    mod gateway;
    mod habits;
    mod once;
    mod privacy;
    mod queries;
    mod samples;
    mod shapes;
    mod town;
    mod transactions;
    mod vendors;
    mod vouchers;
}

mod outage {
    mod bijie_2021;
    mod bijie_carried;
    mod gate;
    mod killed;
    mod order;
    mod panzhihua_2020;
    mod panzhihua_carried;
    mod panzhihua_stays;
    mod panzhihua_town;
    mod plan_commands;
    mod plan_words;
    mod plans;
    mod replanned;
    mod spellings;
    mod spreadsheets;
    mod work_items;
}

mod measuring {
    mod bench;
}

mod durability {
    mod commands;
    mod connection;
    mod failover;
    mod full_disk;
    mod kill;
    mod load;
    mod load_broken_off;
    mod moving;
    mod processes;
    mod third_city;
}

mod pages {
    mod access;
    mod answered;
    mod board;
    mod bulk;
    mod deeds;
    mod demonstration;
    mod deposits;
    mod documents;
    mod found;
    mod kept;
    mod keyboard;
    mod layout;
    mod less_typing;
    mod lines;
    mod mine;
    mod notice;
    mod office;
    mod replan;
    mod site;
    mod slip;
    mod story;
    mod try_out;
    mod unlost;
    mod untouched;
    mod visitors;
    mod wrongly_sent;
}

mod simulation {
    mod asked;
    mod interrupted;
    mod over_http;
}

mod scale {
    mod rows_by_person;
}
