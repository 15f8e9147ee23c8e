//! What every engine promises behind the seam: one list of promises, run against each engine.
//!
//! A promise is a function over [`engine::Engine`]. A new engine adds a file like `sqlite.rs`, which
//! says how to make a store and calls `every_promise!`; a new promise is one line below.

#![expect(clippy::disallowed_methods, reason = "several write at once, each in a thread of its own")]
#![expect(clippy::unwrap_used, reason = "every line here runs in a test; the lint sees that of #[test] functions only")]

mod books;
mod damage;
mod deposits;
mod durability;
mod encounters;
mod engine;
mod hazards;
mod later_care;
mod memory;
mod outages;
mod postgres;
mod reference_data;
mod registers;
mod rows;
mod sample;
mod settlements;
mod sqlite;
mod users;

/// Makes a test of every promise; `$engine` is an expression that makes a fresh engine.
#[macro_export]
macro_rules! every_promise {
    ($engine:expr) => {
        $crate::every_promise! { within one process: $engine }
        $crate::every_promise! { $engine;
            durability: a_reader_sees_one_state_while_a_writer_commits;
            damage: the_undamaged_sample_passes_every_check_and_each_looks_at_something;
            damage: every_check_has_an_error_planted_for_it;
            damage: damage_to_settlements_and_lines_is_found;
            damage: damage_to_the_ledger_is_found;
            damage: damage_to_journal_entries_and_account_movements_is_found;
            damage: records_moved_to_another_person_are_found;
            damage: damage_to_the_journal_is_found;
            damage: damage_to_the_registers_is_found;
            damage: damage_to_the_documents_is_found;
            damage: damage_past_the_engines_own_rules_is_found;
            damage: a_settlement_of_nothing_needs_no_entry;
        }
    };
    // Without what needs a file or a server: readers beside a writer, and damage done past the store.
    (within one process: $engine:expr) => {
        $crate::every_promise! { $engine;
            durability: a_commit_survives_reopening;
            durability: a_failed_transaction_leaves_nothing;
            durability: a_panic_leaves_nothing_and_the_book_goes_on;
            durability: a_call_that_fails_does_not_spoil_the_others_of_its_transaction;
            durability: writing_while_reading_is_a_fault;
            durability: a_serial_is_never_drawn_twice;
            durability: books_are_apart_and_reference_data_are_shared;
            durability: a_pool_that_is_no_code_is_refused;
            hazards: at_whatever_moment_the_disk_fails_what_failed_has_left_nothing;
            hazards: at_whatever_moment_the_disk_is_full_what_failed_has_left_nothing;
            hazards: at_whatever_moment_the_connection_is_cut_what_failed_has_left_nothing;
            hazards: a_commit_whose_answer_is_lost_is_kept;
            hazards: a_full_disk_is_told_by_the_engine_itself_and_recovered_from;
            reference_data: a_row_stored_twice_changes_nothing;
            reference_data: many_rows_at_once_are_stored_as_one_by_one;
            reference_data: marks_of_loading_are_kept_until_removed;
            reference_data: persons_are_found_by_number_and_card;
            reference_data: a_person_comes_with_all_facts;
            reference_data: a_new_opening_keeps_what_was_paid_since;
            reference_data: a_qualification_ends_with_its_filing;
            reference_data: filings_are_listed_until_cancelled;
            reference_data: a_code_is_mapped_once_at_a_time;
            reference_data: mappings_come_by_page;
            reference_data: providers_are_found_by_kind_name_and_account;
            reference_data: catalogue_rows_come_by_code_for_their_pool;
            reference_data: the_catalogue_comes_by_page;
            reference_data: practitioners_and_lines_of_lists_are_stored_once_and_found;
            reference_data: a_sign_in_ends_once;
            deposits: documents_are_kept_once_corrected_by_their_key_and_found;
            deposits: files_and_tokens_are_there_for_their_time;
            deposits: a_providers_trades_are_its_settlements_and_what_cancelled_them;
            encounters: an_encounter_comes_back_as_recorded;
            encounters: encounters_are_selected_by_each_part_of_the_filter;
            encounters: what_was_in_flight_at_a_moment_is_counted_at_any_time_after;
            encounters: stays_that_were_not_over_before_a_day_are_found;
            encounters: a_fee_outside_of_a_time_is_found;
            encounters: a_diagnosis_is_replaced_by_stage_and_number;
            encounters: fee_lines_keep_the_order_of_upload_and_their_decimals;
            encounters: what_was_charged_and_returned_is_told_by_line_and_by_item;
            encounters: a_line_serial_is_taken_once_in_an_encounter;
            encounters: settled_lines_are_neither_deleted_nor_repriced;
            encounters: lines_of_a_person_come_by_time_with_their_encounters;
            encounters: stays_count_by_overlap_or_by_the_year_they_were_settled_in;
            settlements: a_settlement_comes_back_whole;
            settlements: the_rounds_of_an_encounter_tell_which_stand;
            settlements: a_line_may_be_recorded_as_settled;
            settlements: the_highest_deductible_standard_is_that_of_settlements_that_stand;
            settlements: a_cancellation_puts_everything_back;
            settlements: a_settlement_is_cancelled_once;
            settlements: a_round_is_taken_once;
            settlements: an_overdraft_is_refused_and_changes_nothing;
            settlements: amounts_that_do_not_add_up_are_refused;
            settlements: postings_that_do_not_balance_are_refused;
            settlements: a_line_is_settled_once;
            settlements: a_message_is_recorded_once;
            settlements: a_tombstone_stands_without_its_message;
            settlements: many_tills_never_overdraw_an_account;
            settlements: of_racing_settlements_one_gets_the_round;
            settlements: a_busy_book_verifies;
            settlements: the_census_counts_and_sums_what_is_there;
            settlements: any_history_is_the_sum_of_what_stands;
            books: a_contribution_and_its_refund_go_the_one_way_into_the_books;
            books: money_that_comes_in_opens_an_account;
            books: what_does_not_agree_is_kept_out_of_the_books;
            books: an_account_tells_what_moved_it_in_the_order_of_recording;
            books: a_new_opening_takes_the_place_of_the_old_one;
            later_care: a_persons_settlements_come_in_the_order_of_recording_with_when_they_count;
            later_care: a_book_tells_how_far_it_has_come_with_a_person;
            registers: an_entry_comes_back_as_recorded;
            registers: every_word_of_the_registers_comes_back;
            registers: entries_are_selected_by_each_part_of_the_filter;
            registers: the_papers_that_came_in_first_and_still_wait_are_found;
            registers: entries_come_in_the_order_of_care_page_by_page;
            registers: an_entry_changes_only_from_the_version_before;
            registers: of_racing_changes_of_an_entry_one_is_kept;
            registers: a_history_is_only_added_to;
            registers: lines_of_an_entry_are_replaced_whole;
            registers: a_claim_is_taken_once_and_given_back;
            registers: of_racing_claims_one_is_taken;
            registers: entries_are_counted_by_register_business_provider_and_state;
            registers: a_hold_stands_until_it_ends;
            outages: versions_of_a_plan_stay_side_by_side;
            outages: a_proposed_plan_is_decided_once;
            outages: an_event_of_a_plan_happens_once;
            outages: backfill_runs_come_newest_first_with_their_progress;
            users: a_user_is_set_up_and_changed;
            users: a_sign_in_to_the_pages_ends_and_is_forgotten;
        }
    };
    ($engine:expr; $($subject:ident: $promise:ident;)+) => {
        $(#[test]
        fn $promise() {
            $crate::$subject::$promise(&$engine);
        })+
    };
}
