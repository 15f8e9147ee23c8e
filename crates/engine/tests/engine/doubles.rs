//! What only looks like the same care is taken in by every way, listed, not paid before a person has decided, and then paid.

use super::backfill::{TOWN, entry, record, reopened, visit_at};
use super::backfill_runs::line;
use super::care::{admission, settle_visit, visit_settlement};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, clerk};
use super::register_lists::registers;
use super::registers::{act, add, agency, hospital, in_the_outage, why};
use jiff::civil::{DateTime, date};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, Mark, OTHER_CARE, State};
use yibao_engine::desks::registers::{Actor, Kept, ListFilter, NotDone};
use yibao_store::person::Person;

/// The town, whose agency takes papers in.
fn town() -> City {
    let papers = "[[rule]]\nid = \"papers\"\nclause = \"T-06\"\nbusiness = \"reimbursement\"\n\
                  disposition = \"register_later\"\nadvice = \"先收件。\"\n";
    let city = City::with_plan(&format!("{TOWN}\n{papers}"));
    city.clock.set(in_the_outage());
    city
}

type Fields<'a> = &'a [(&'a str, &'a str)];

fn with<'a>(usual: Fields<'a>, more: Fields<'a>) -> Vec<(&'a str, &'a str)> {
    let rest = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    rest.chain(more).copied().collect()
}

fn cash(city: &City, more: Fields<'_>) -> Result<Kept, NotDone> {
    let usual = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "100.00"),
    ];
    add(city, &hospital(), RegisterKind::CashVisit, &with(&usual, more))
}

fn papers(city: &City, more: Fields<'_>) -> Result<Kept, NotDone> {
    let usual = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("business", "reimbursement.manual"),
        ("begntime", "2021-07-12 14:30"),
        ("papers", "报销资料"),
        ("care_provider", HOSPITAL),
        ("care_begntime", "2021-07-12 10:00"),
        ("medfee_sumamt", "100.00"),
    ];
    add(city, &agency(), RegisterKind::Papers, &with(&usual, more))
}

/// A line of what a cash visit cost, so that it lacks nothing.
fn line_of(city: &City, number: &str, price: &str) {
    let care_from = found(city, number).care_from;
    city.write(|tx| tx.put_entry_lines(number, &[line("1", care_from, price)]));
}

fn found(city: &City, number: &str) -> Entry {
    city.look(|tx| tx.entry(number)).unwrap()
}

fn state(city: &City, number: &str) -> State {
    found(city, number).state
}

fn backfill(city: &City, number: &str) -> Result<Entry, String> {
    city.backfill().entry(&clerk(), city.clock.get(), number).map_err(|stop| format!("{stop:?}"))
}

fn reimburse(city: &City, number: &str) -> Result<Kept, NotDone> {
    let stated = [("refund", "10.00"), ("out_of_order", "先办")];
    act(city, &agency(), number, Action::Reimburse, &stated)
}

fn tell_apart(city: &City, by: &Actor, number: &str) -> Entry {
    let stated = [("told_apart_by", "赵医生"), ("told_apart_reason", "两张处方")];
    act(city, by, number, Action::TellApart, &stated).unwrap().entry
}

/// The numbers of what is listed as a suspected double.
fn listed(city: &City) -> Vec<String> {
    let filter = ListFilter { doubles: true, ..ListFilter::default() };
    let listing = registers(city).list(&agency(), city.clock.get(), filter).unwrap();
    listing.rows.into_iter().map(|row| row.entry.number).collect()
}

#[test]
fn the_same_minute_and_sum_without_a_receipt_is_taken_listed_and_held_until_somebody_tells_them_apart() {
    let city = town();
    let first = cash(&city, &[]).unwrap().entry.number;
    let kept = cash(&city, &[("rx_no", "2")]).unwrap();
    assert!(kept.is_new && kept.remarks.iter().any(|remark| remark.contains(&first)), "{:?}", kept.remarks);
    let second = kept.entry.number;
    assert_eq!(listed(&city), std::slice::from_ref(&second));
    for number in [&first, &second] {
        line_of(&city, number, "100.00");
    }
    city.clock.set(reopened());
    assert_eq!(city.backfill_all("town").settled, 1);
    assert_eq!((state(&city, &first), state(&city, &second)), (State::Settled, State::Waiting));
    assert!(backfill(&city, &second).unwrap_err().contains(&format!("疑似与 {first}")));
    assert_eq!(tell_apart(&city, &hospital(), &second).marked(Mark::Double), "");
    assert_eq!(listed(&city), Vec::<String>::new());
    assert_eq!(backfill(&city, &second).unwrap().state, State::Settled);
    city.verify();
}

#[test]
fn papers_beside_a_cash_visit_are_taken_listed_and_not_paid_until_somebody_tells_them_apart() {
    let city = town();
    let visit = cash(&city, &[("invono", "7")]).unwrap().entry.number;
    let claimed = papers(&city, &[]).unwrap().entry;
    assert_eq!(claimed.marked(Mark::Double), visit);
    city.clock.set(reopened());
    assert!(why(reimburse(&city, &claimed.number)).contains(&visit));
    tell_apart(&city, &agency(), &claimed.number);
    assert_eq!(reimburse(&city, &claimed.number).unwrap().entry.state, State::Reimbursed);
    line_of(&city, &visit, "100.00");
    assert_eq!(backfill(&city, &visit).unwrap().state, State::Settled);
    city.verify();
}

#[test]
fn a_cash_visit_beside_papers_is_taken_listed_and_not_backfilled_until_somebody_tells_them_apart() {
    let city = town();
    let claimed = papers(&city, &[]).unwrap().entry.number;
    let visit = cash(&city, &[]).unwrap().entry;
    assert_eq!((visit.marked(Mark::Double), listed(&city)), (claimed.as_str(), vec![visit.number.clone()]));
    line_of(&city, &visit.number, "100.00");
    city.clock.set(reopened());
    assert_eq!(city.backfill_all("town").settled, 0);
    assert_eq!(reimburse(&city, &claimed).unwrap().entry.state, State::Reimbursed);
    assert!(backfill(&city, &visit.number).unwrap_err().contains(&claimed));
    tell_apart(&city, &hospital(), &visit.number);
    assert_eq!(backfill(&city, &visit.number).unwrap().state, State::Settled);
    city.verify();
}

#[test]
fn a_receipt_whose_issuer_nobody_tells_is_taken_and_held() {
    let city = town();
    let visit = cash(&city, &[("invono", "12345678")]).unwrap().entry.number;
    let unknown = [("care_provider", ""), ("care_begntime", ""), ("medfee_sumamt", ""), ("invono", "012345678")];
    let claimed = papers(&city, &unknown).unwrap().entry;
    assert_eq!(claimed.marked(Mark::Double), visit);
    city.clock.set(reopened());
    assert!(why(reimburse(&city, &claimed.number)).contains("没有登记垫付金额"), "nobody knows how much was paid");
    // Once the issuer is told it is the very receipt.
    let told = [("care_provider", HOSPITAL), ("care_begntime", "2021-07-12 10:00")];
    assert!(why(act(&city, &agency(), &claimed.number, Action::Correct, &told)).contains(&visit));
    act(&city, &agency(), &claimed.number, Action::Withdraw, &[("reason", "重复")]).unwrap();
    assert_eq!(listed(&city), Vec::<String>::new());
    city.verify();
}

#[test]
fn papers_from_the_day_of_a_stay_that_tell_no_discharge_are_held_and_those_that_tell_it_are_that_stay() {
    let city = town();
    let stay = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("begntime", "2021-07-05 08:00"),
        ("endtime", "2021-07-11 10:00"),
        ("choice", "恢复后结算"),
    ];
    let stay = add(&city, &hospital(), RegisterKind::DeferredDischarge, &stay).unwrap().entry.number;
    let began = ("care_begntime", "2021-07-05 07:00");
    assert!(why(papers(&city, &[began, ("care_endtime", "2021-07-11 10:00"), ("invono", "9")])).contains(&stay));
    let claimed = papers(&city, &[began, ("invono", "9")]).unwrap().entry;
    assert_eq!(claimed.marked(Mark::Double), stay);
    city.clock.set(reopened());
    assert!(why(reimburse(&city, &claimed.number)).contains(&stay));
    city.verify();
}

#[test]
fn a_live_settlement_of_what_may_be_claimed_by_papers_goes_through_and_the_papers_wait() {
    let city = town();
    let claimed = papers(&city, &[]).unwrap().entry.number;
    city.clock.set(reopened());
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    let made = listed(&city);
    assert_eq!(made.len(), 1, "the entry of the settlement");
    assert_eq!(found(&city, &made[0]).marked(Mark::Double), claimed);
    assert!(why(reimburse(&city, &claimed)).contains(&made[0]));
    // Whoever settled it may say so as well as the agency of its papers.
    tell_apart(&city, &hospital(), &made[0]);
    assert_eq!(listed(&city), Vec::<String>::new());
    reimburse(&city, &claimed).unwrap();
    city.verify();
}

#[test]
fn a_live_settlement_waits_for_the_decision_where_the_papers_are_paid() {
    let city = town();
    let claimed = papers(&city, &[]).unwrap().entry.number;
    city.clock.set(reopened());
    reimburse(&city, &claimed).unwrap();
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 09:30:00", "100.00");
    city.refused(HOSPITAL, "2207", &visit_settlement(LI, &mdtrt_id, "B1", "100.00"), "核实为另一次就诊");
    tell_apart(&city, &agency(), &claimed);
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    city.verify();
}

#[test]
fn an_entry_whose_double_was_settled_before_it_waits_for_its_own_backfill() {
    let city = town();
    let first = cash(&city, &[]).unwrap().entry.number;
    let second = cash(&city, &[("begntime", "2021-07-12 11:00")]).unwrap().entry.number;
    line_of(&city, &first, "100.00");
    city.clock.set(reopened());
    // The hospital settles what was listed.
    let mdtrt_id = visit_at(&city, LI, "390", "2021-07-12 11:00:00", "100.00");
    settle_visit(&city, LI, &mdtrt_id, "B1", "100.00");
    assert_eq!((state(&city, &first), state(&city, &second)), (State::Waiting, State::Settled));
    assert!(backfill(&city, &first).unwrap_err().contains(&second));
    tell_apart(&city, &hospital(), &second);
    assert_eq!(backfill(&city, &first).unwrap().state, State::Settled);
    city.verify();
}

#[test]
fn a_decision_is_about_the_care_that_it_was_and_falls_when_that_is_corrected() {
    let city = town();
    let first = cash(&city, &[]).unwrap().entry.number;
    let second = cash(&city, &[("begntime", "2021-07-12 11:00")]).unwrap().entry.number;
    tell_apart(&city, &hospital(), &second);
    let kept = act(&city, &hospital(), &second, Action::Correct, &[("rx_no", "77")]).unwrap();
    assert!(kept.entry.is_told_apart() && kept.entry.marked(Mark::Double).is_empty());
    // A form sends all of its fields, the decision among them.
    let moved = [("begntime", "2021-07-12 09:40"), (OTHER_CARE, "是")];
    let kept = act(&city, &hospital(), &second, Action::Correct, &moved).unwrap();
    assert_eq!((kept.entry.is_told_apart(), kept.entry.marked(Mark::Double)), (false, first.as_str()));
    assert!(act(&city, &hospital(), &second, Action::Correct, &[(OTHER_CARE, "是")]).unwrap().entry.is_told_apart());
    city.verify();
}

const NEW: &str = "52050000000000000077";
const DOCUMENT: &str = "11010119900307765X";

/// Somebody of whom the platform is told only now.
fn make_known(city: &City) {
    city.write(|tx| {
        let somebody = tx.person(LI)?.expect("somebody of the city");
        let (psn_name, card_no) = ("钱某".to_owned(), "A7".to_owned());
        let insured = tx.person_facts(LI, &[])?.expect("somebody of the city").insurances.remove(0);
        tx.put_person(&Person { psn_no: NEW.into(), certno: DOCUMENT.into(), psn_name, card_no, ..somebody })?;
        tx.put_insurance(&yibao_store::person::Insurance { psn_no: NEW.into(), ..insured }).map(drop)
    });
}

const BY_DOCUMENT: Fields<'static> = &[("psn_no", ""), ("psn_name", "钱某"), ("certno", "11010119900307765x")];
const BY_NUMBER: Fields<'static> = &[("psn_no", NEW), ("psn_name", "钱某")];

#[test]
fn who_was_known_by_document_alone_is_compared_when_a_later_entry_comes_under_the_number() {
    let city = town();
    let first = cash(&city, BY_DOCUMENT).unwrap().entry;
    assert_eq!(first.psn_no, "");
    make_known(&city);
    let second = cash(&city, &with(BY_NUMBER, &[("begntime", "2021-07-12 11:00")])).unwrap().entry;
    assert_eq!(second.marked(Mark::Double), first.number);
    // The same statement, now that the person is known, is the entry that it made.
    let again = cash(&city, BY_DOCUMENT).unwrap();
    assert_eq!((again.is_new, again.entry.number.as_str()), (false, first.number.as_str()));
    // A stay has one key, whichever way its person is told.
    let stay = [("choice", "恢复后结算"), ("begntime", "2021-07-05 08:00"), ("endtime", "2021-07-11 10:00")];
    let taken = city_before_known(&stay);
    make_known(&taken.0);
    let by_number = add(&taken.0, &hospital(), RegisterKind::DeferredDischarge, &with(BY_NUMBER, &stay[..]));
    let other_end = with(&stay, &[("endtime", "2021-07-12 10:00")]);
    assert!(!by_number.unwrap().is_new);
    let refused = add(&taken.0, &hospital(), RegisterKind::DeferredDischarge, &with(BY_NUMBER, &other_end));
    assert!(why(refused).contains(&taken.1));
    city.verify();
}

/// A stay of somebody known by document alone, and its number.
fn city_before_known(stay: Fields<'_>) -> (City, String) {
    let city = town();
    let taken = add(&city, &hospital(), RegisterKind::DeferredDischarge, &with(BY_DOCUMENT, stay)).unwrap();
    (city, taken.entry.number)
}

#[test]
fn who_is_found_out_in_the_backfill_or_by_a_correction_is_compared_then() {
    let city = town();
    let first = cash(&city, BY_DOCUMENT).unwrap().entry.number;
    let other_document = [("psn_no", ""), ("psn_name", "钱某"), ("certno", "G1234567")];
    let later = ("begntime", "2021-07-12 11:00");
    let second = cash(&city, &with(&other_document, &[later])).unwrap().entry;
    let third = cash(&city, &with(BY_DOCUMENT, &[("begntime", "2021-07-11 11:00")])).unwrap().entry;
    assert_eq!((second.marked(Mark::Double), third.marked(Mark::Double)), ("", ""));
    // Corrected to the document of the first.
    let told = [("certno", DOCUMENT)];
    let corrected = act(&city, &hospital(), &second.number, Action::Correct, &told).unwrap().entry;
    assert_eq!(corrected.marked(Mark::Double), first);
    // Found out by the run: a visit of that day came in under the number of somebody else's document meanwhile.
    make_known(&city);
    let fourth = entry("TJ520500-2021-000904", RegisterKind::CashVisit, NEW, at(11, 12));
    city.write(|tx| record(tx, &fourth));
    line_of(&city, &third.number, "100.00");
    city.clock.set(reopened());
    city.backfill_all("town");
    let third = found(&city, &third.number);
    assert_eq!(
        (third.psn_no.as_str(), third.state, third.marked(Mark::Double)),
        (NEW, State::Waiting, "TJ520500-2021-000904")
    );
    city.verify();
}

fn at(day: i8, hour: i8) -> DateTime {
    date(2021, 7, day).at(hour, 0, 0, 0)
}

#[test]
fn a_live_settlement_finds_the_entry_of_who_was_known_by_document_alone() {
    let city = town();
    let taken = cash(&city, BY_DOCUMENT).unwrap().entry.number;
    make_known(&city);
    city.clock.set(reopened());
    let mdtrt_id = visit_at(&city, NEW, "390", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, NEW, &mdtrt_id, "B1", "100.00");
    let settled = found(&city, &taken);
    assert_eq!((settled.state, settled.psn_no.as_str()), (State::Settled, NEW));
    city.verify();
}

#[test]
fn papers_that_tell_the_document_alone_are_held_against_what_the_person_has_settled() {
    // The one was settled as ordinary care, the other has an entry of the outage.
    for day in [9, 12] {
        let city = town();
        let (began, begntime) = (format!("2021-07-{day:02} 10:00"), format!("2021-07-{day:02} 10:00:30"));
        let claimed = papers(&city, &with(BY_DOCUMENT, &[("care_begntime", began.as_str())])).unwrap().entry.number;
        make_known(&city);
        city.clock.set(reopened());
        let mdtrt_id = visit_at(&city, NEW, "390", &begntime, "100.00");
        let settled = settle_visit(&city, NEW, &mdtrt_id, "B1", "100.00");
        let double = listed(&city).pop().unwrap_or_else(|| format!("结算{}", settled.setl_id));
        let held = why(reimburse(&city, &claimed));
        assert!(held.contains(&double), "{held}");
        tell_apart(&city, &agency(), &claimed);
        assert_eq!(reimburse(&city, &claimed).unwrap().entry.state, State::Reimbursed);
        city.verify();
    }
}

#[test]
fn who_left_in_an_outage_as_a_register_knows_by_document_alone_is_admitted_elsewhere() {
    let city = City::with_plan(TOWN);
    city.clock.set(date(2021, 7, 1).at(9, 0, 0, 0));
    city.done(HOSPITAL, "2401", &admission(LI, "2021-07-01 08:00:00"));
    city.clock.set(reopened());
    city.refused(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 08:00:00"), "尚未办理出院");
    let mut left = entry("TJ520500-2021-000901", RegisterKind::DeferredDischarge, "", at(1, 8));
    (left.certno, left.care_until) = ("520502600101001".into(), Some(at(12, 10)));
    city.write(|tx| record(tx, &left));
    city.refused(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-11 08:00:00"), "重叠");
    city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 08:00:00"));
    city.verify();
}
