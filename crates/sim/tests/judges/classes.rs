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
