//! Care is paid once: what the platform has surely settled is taken into no register, what it may have settled is held.

use super::backfill::{stay, visit_at};
use super::backfill_runs::line;
use super::care::settle_visit;
use super::city::{City, HOSPITAL, LI, clerk};
use super::register_lists::WAITING;
use super::registers::{act, add, agency, hospital, in_the_outage, why};
use jiff::civil::date;
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Mark};
use yibao_engine::desks::registers::{Kept, NotDone};

/// The plan, declared once the care of the test went through.
fn declare(city: &City) {
    city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    registers.publish_plan(&agency(), city.clock.get(), WAITING).unwrap();
    city.clock.set(date(2021, 7, 7).at(9, 0, 0, 0));
}

fn cash(city: &City, begntime: &str, charged: &str, invono: &str) -> Result<Kept, NotDone> {
    let stated = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", begntime),
        ("medfee_sumamt", charged),
        ("tel", "13900000000"),
        ("invono", invono),
    ];
    add(city, &hospital(), RegisterKind::CashVisit, &stated)
}

fn papers(city: &City, more: &[(&str, &str)]) -> Result<Kept, NotDone> {
    let mut stated = vec![
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("business", "reimbursement.manual"),
        ("begntime", "2021-07-12 08:30"),
        ("papers", "报销资料"),
        ("slip", "S1"),
        ("invono", "B-1"),
    ];
    stated.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    stated.extend_from_slice(more);
    add(city, &agency(), RegisterKind::Papers, &stated)
}

#[test]
fn what_may_have_been_settled_on_line_before_the_stop_was_declared_is_held() {
    let city = City::new();
    city.clock.set(date(2021, 7, 6).at(10, 0, 0, 0));
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-06 09:30:00", "100.00");
    let settled = settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    declare(&city);
    // Its receipt was not told: what looks like it by minute or sum is taken in, and not paid before somebody has decided.
    for (begntime, invono) in [("2021-07-06 09:30", "0001"), ("2021-07-06 11:00", "0003")] {
        let kept = cash(&city, begntime, "100.00", invono).unwrap();
        assert!(kept.entry.marked(Mark::Double).ends_with(&format!("结算{}", settled.setl_id)), "{:?}", kept.entry);
        let number = kept.entry.number;
        city.write(|tx| tx.put_entry_lines(&number, &[line("1", kept.entry.care_from, "100.00")]));
        let waits = city.backfill().entry(&clerk(), city.clock.get(), &number).unwrap_err();
        assert!(format!("{waits:?}").contains(&settled.setl_id), "{waits:?}");
        let told = [("told_apart_by", "赵医生"), ("told_apart_reason", "两张处方")];
        act(&city, &hospital(), &number, Action::TellApart, &told).unwrap();
        let waits = city.backfill().entry(&clerk(), city.clock.get(), &number).unwrap_err();
        assert!(format!("{waits:?}").contains("仍在停办"), "{waits:?}");
    }
    // Another hour and another sum is another visit.
    let other = cash(&city, "2021-07-06 16:00", "55.00", "0002").unwrap();
    assert_eq!(other.entry.marked(Mark::Double), "");
    city.verify();
}

#[test]
fn papers_of_a_settled_stay_are_refused_whatever_their_invoice_and_held_where_they_may_be_of_a_visit() {
    let city = City::before_the_switch_over();
    city.clock.set(date(2021, 7, 6).at(20, 0, 0, 0));
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-03 09:30:00", "100.00");
    let visited = settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    let settled = stay(&city, HOSPITAL, LI, "2021-07-05 08:00:00", "2021-07-06 10:00:00", "3000.00");
    city.clock.set(in_the_outage());
    let of_visit = [("care_provider", HOSPITAL), ("care_begntime", "2021-07-03 09:30"), ("medfee_sumamt", "100.00")];
    let began = [("care_provider", HOSPITAL), ("care_begntime", "2021-07-05 08:00"), ("medfee_sumamt", "3000.00")];
    let of_stay = [&began[..], &[("care_endtime", "2021-07-06 10:00")]].concat();
    assert!(why(papers(&city, &of_stay)).contains(&settled.setl_id));
    for (stated, setl_id) in [(of_visit, visited.setl_id), (began, settled.setl_id)] {
        let held = papers(&city, &[&stated[..], &[("invono", setl_id.as_str())]].concat()).unwrap().entry;
        assert_eq!(held.marked(Mark::Double), format!("结算{setl_id}"));
        city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
        let paid = [("refund", "10.00"), ("out_of_order", "先办")];
        assert!(why(act(&city, &agency(), &held.number, Action::Reimburse, &paid)).contains(&setl_id));
    }
    city.verify();
}

#[test]
fn papers_that_state_a_sum_say_where_and_when_the_care_was() {
    let city = super::registers::city();
    let text = why(papers(&city, &[("medfee_sumamt", "3000.00"), ("care_provider", HOSPITAL)]));
    assert!(text.contains("就诊（入院）时间"), "{text}");
    let text = why(papers(&city, &[("medfee_sumamt", "3000.00"), ("care_begntime", "2021-07-06 09:30")]));
    assert!(text.contains("就医机构代码"), "{text}");
}

#[test]
fn papers_from_the_day_of_a_registered_stay_are_refused_with_its_number_where_they_tell_the_discharge() {
    let city = super::registers::city();
    let left = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-11 10:00"),
        ("tel", "13900000000"),
        ("fees_kept", "是"),
        ("choice", "恢复后结算"),
    ];
    let number = add(&city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap().entry.number;
    let began = [("care_provider", HOSPITAL), ("care_begntime", "2021-07-05 08:00"), ("medfee_sumamt", "3000.00")];
    let of_stay = [&began[..], &[("care_endtime", "2021-07-11 10:00")]].concat();
    assert!(why(papers(&city, &of_stay)).contains(&number));
    assert_eq!(papers(&city, &began).unwrap().entry.marked(Mark::Double), number);
}
