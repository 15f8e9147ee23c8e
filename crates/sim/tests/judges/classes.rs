//! Classes of faults that large numbers of cities once found, planted again by what they leave in the books: each has to be found again.

use super::somewhere::found_somewhere;
use super::{book, settlement};

#[test]
fn a_stay_that_waited_and_counts_after_later_care_is_found() {
    let late = || settlement("counts_at = NEW.setl_time", "NEW.med_type = '21' AND NEW.counts_at < NEW.setl_time");
    found_somewhere("a stay that counts when it was recorded", late, 3, "counts_at is");
}

#[test]
fn a_readmission_that_a_transfer_takes_with_it_is_found() {
    let taken = || {
        book(
            "CREATE TRIGGER planted AFTER UPDATE OF dscg_way ON encounter WHEN NEW.dscg_way = '1' BEGIN
             UPDATE encounter SET dscg_way = '2' WHERE mdtrt_id = NEW.mdtrt_id; END;",
        )
    };
    found_somewhere("a discharge home that leads to the next admission", taken, 3, "act_pay_dedc is");
}

#[test]
fn a_register_that_forgets_the_approval_of_a_line_is_found() {
    let forgets = || {
        book(
            "CREATE TRIGGER planted AFTER INSERT ON register_line WHEN NEW.hosp_appr_flag <> '' BEGIN
             UPDATE register_line SET hosp_appr_flag = '' WHERE number = NEW.number AND seq = NEW.seq; END;",
        )
    };
    found_somewhere("a register that forgets an approval", forgets, 3, " is ");
}

#[test]
fn a_correction_that_still_counts_a_cancelled_visit_is_found() {
    let counted = || {
        book(
            "CREATE TRIGGER planted AFTER INSERT ON cancellation BEGIN
             UPDATE running_total SET value = value + coalesce((SELECT sum(delta) FROM accumulation AS was
             WHERE was.setl_id = NEW.setl_id AND was.period = running_total.period AND was.name = running_total.name), 0)
             WHERE psn_no = (SELECT psn_no FROM settlement WHERE setl_id = NEW.setl_id); END;",
        )
    };
    found_somewhere("a cancelled visit that is still in the totals", counted, 3, " is ");
}

#[test]
fn a_special_disease_whose_deductible_later_care_has_used_is_found() {
    let used = || {
        settlement(
            "act_pay_dedc_fen = 0, hifp_pay_fen = hifp_pay_fen + act_pay_dedc_fen,
             fund_pay_sumamt_fen = fund_pay_sumamt_fen + act_pay_dedc_fen,
             psn_part_amt_fen = psn_part_amt_fen - act_pay_dedc_fen, psn_cash_pay_fen = psn_cash_pay_fen - act_pay_dedc_fen",
            "NEW.med_type = '14' AND NEW.counts_at < NEW.setl_time AND NEW.act_pay_dedc_fen > 0
             AND NEW.psn_cash_pay_fen >= NEW.act_pay_dedc_fen",
        )
    };
    found_somewhere("a deductible that was used before its time", used, 3, "act_pay_dedc is");
}

#[test]
fn a_stay_that_was_entered_before_its_last_line_was_there_is_found() {
    let too_early = || {
        book(
            "CREATE TRIGGER planted AFTER UPDATE OF setl_id ON fee_line
             WHEN (SELECT counts_at < setl_time AND med_type = '21' FROM settlement WHERE setl_id = NEW.setl_id)
             AND NEW.seq = (SELECT max(seq) FROM fee_line WHERE mdtrt_id = NEW.mdtrt_id) BEGIN
             UPDATE fee_line SET setl_id = NULL WHERE mdtrt_id = NEW.mdtrt_id AND feedetl_sn = NEW.feedetl_sn; END;",
        )
    };
    found_somewhere("a line that came after the settlement", too_early, 3, " is ");
}

#[test]
fn a_correction_of_a_stay_that_forgets_what_a_part_of_it_has_met_is_found() {
    let forgets = || {
        settlement(
            "act_pay_dedc_fen = act_pay_dedc_fen + (SELECT max(act_pay_dedc_fen) FROM settlement AS part
             WHERE part.mdtrt_id = NEW.mdtrt_id AND part.mid_stay = 1)",
            "NEW.restores <> '' AND NEW.mid_stay = 0 AND EXISTS (SELECT 1 FROM settlement AS part
             WHERE part.mdtrt_id = NEW.mdtrt_id AND part.mid_stay = 1 AND part.act_pay_dedc_fen > 0)",
        )
    };
    found_somewhere("a deductible that is asked again beside a part", forgets, 3, "act_pay_dedc is");
}
