//! Which entry care is, and what becomes of it: tables of cases, and histories of any order and route.

mod histories;

use jiff::civil::{DateTime, date};
use std::slice::from_ref;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, Population, Question, Records, RegisterKind};
use yibao_domain::provider::BenefitLevel;
use yibao_domain::refusal::Code;
use yibao_domain::register::matching::{
    Beside, Care, Meeting, Paid, candidates, doubt, drafted, missing, refused, settled,
};
use yibao_domain::register::{
    Action, Deed, Duplicate, EarlierLeg, Entry, Filed, Leg, Mark, Source, Split, State, by_platform, duplicate_of,
    earlier_leg, lay_out, question_of, suspected_doubles,
};
use yibao_policy::registers::built_in;

fn at(day: i8, hour: i8) -> DateTime {
    date(2021, 7, day).at(hour, 0, 0, 0)
}

fn entry(number: &str, kind: RegisterKind, fields: &[(&str, &str)]) -> Entry {
    let business = Business::named("settlement.outpatient.ordinary");
    let mut entry = Entry {
        number: number.into(),
        plan: "p".into(),
        rule: "r".into(),
        fixmedins_code: "H1".into(),
        admdvs: "520502".into(),
        psn_no: "51".into(),
        charged: Money::yuan(100),
        ..Entry::draft(kind, business, at(12, 9), Source::Page, "a", at(12, 10))
    };
    let stated = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    lay_out(&mut entry, &stated);
    entry
}

fn visit(number: &str, fields: &[(&str, &str)]) -> Entry {
    entry(number, RegisterKind::CashVisit, fields)
}

fn care<'a>(invono: &'a str, own: Option<&'a str>) -> Care<'a> {
    Care {
        psn_no: "51",
        fixmedins_code: "H1",
        mdtrt_id: "M1",
        is_stay: false,
        begun: at(12, 9),
        ended: None,
        invono,
        charged: Money::yuan(100),
        own,
        redoes: None,
    }
}

fn meeting() -> Meeting {
    Meeting {
        plan: "p".into(),
        rule: "r".into(),
        kind: RegisterKind::CashVisit,
        business: Business::named("settlement.outpatient.ordinary"),
        counts_at: at(12, 9),
        late: None,
        converts: false,
        asked: Question::about(Business::named("settlement.outpatient.ordinary")),
        inside: true,
    }
}

const SPLIT: Split = Split { funds: Money::yuan(50), account: Money::yuan(10), own: Money::yuan(40) };
const PAID: Paid<'_> = Paid { setl_id: "S1", split: SPLIT, insutype: "390", med_type: "11" };

#[test]
fn what_the_platform_writes_down_itself_keeps_what_the_records_say() {
    let records = Records { level: Some(BenefitLevel::Village), ..Records::default() };
    let populations = vec![Population::RegisteredPoor];
    let asked = Question { records, populations, ..meeting().asked };
    let meeting = Meeting { asked: asked.clone(), ..meeting() };
    let entry = drafted(&meeting, RegisterKind::CashVisit, &care("I1", None), &PAID, "520502", at(20, 9));
    let told = question_of(&entry, &Pool::new("520500"));
    assert_eq!((told.records.level, told.populations), (asked.records.level, asked.populations));
}

#[track_caller]
fn check_meant(entries: &[Entry], care: &Care<'_>, surely: bool, expected: Option<&str>) {
    let found = candidates(entries.to_vec(), care, surely);
    let found: Vec<&str> = found.iter().map(|entry| entry.number.as_str()).collect();
    assert_eq!(found, Vec::from_iter(expected));
}

#[test]
fn of_two_visits_of_a_day_the_receipt_the_visit_the_minute_and_the_sum_tell_which_is_meant() {
    let morning = Entry { care_from: at(12, 8), ..visit("T1", &[("invono", "0017")]) };
    let noon = Entry { charged: Money::yuan(30), ..visit("T2", &[]) };
    let evening = Entry { care_from: at(12, 18), mdtrt_id: "M1".into(), ..visit("T3", &[]) };
    let all = [morning.clone(), noon.clone(), evening.clone()];
    check_meant(&all, &care("17", None), false, Some("T1"));
    check_meant(&all, &care("", None), false, Some("T3"));
    check_meant(&[morning.clone(), noon.clone()], &care("", None), false, Some("T2"));
    check_meant(&all, &care("", Some("T1")), false, Some("T1"));
    // Another receipt is another visit; a day alone is no proof.
    check_meant(from_ref(&morning), &care("18", None), false, None);
    let later = Care { begun: at(12, 15), charged: Money::yuan(7), ..care("", None) };
    check_meant(from_ref(&noon), &later, false, None);
    check_meant(&[Entry { state: State::Withdrawn, ..evening }], &care("", None), false, None);
    // The only one that waits that day and tells no sum may be it, and of two neither.
    let untold = Entry { charged: Money::ZERO, ..noon.clone() };
    check_meant(from_ref(&untold), &later, false, Some("T2"));
    check_meant(from_ref(&untold), &later, true, None);
    check_meant(&[untold, noon], &later, false, None);
    // Pages state no seconds.
    let sharp = Care { begun: at(12, 9).with().second(45).build().unwrap(), ..care("", None) };
    check_meant(&[Entry { charged: Money::yuan(30), ..visit("T1", &[]) }], &sharp, true, Some("T1"));
    // Of two of one minute the sum tells.
    let dearer = Entry { charged: Money::yuan(500), ..visit("T1", &[]) };
    check_meant(&[dearer, visit("T2", &[])], &care("", None), false, Some("T2"));
}

#[test]
fn an_entry_that_names_another_visit_is_meant_by_its_receipt_or_its_own_backfill_alone() {
    let named = Entry { mdtrt_id: "M2".into(), ..visit("T1", &[]) };
    check_meant(from_ref(&named), &care("", None), false, None);
    check_meant(from_ref(&named), &care("", Some("T1")), false, Some("T1"));
    check_meant(&[Entry { invono: "7".into(), ..named.clone() }], &care("7", None), false, Some("T1"));
    // The visit that it names is meant at whatever sum it is billed again.
    let again = Care { mdtrt_id: "M2", begun: at(12, 15), charged: Money::yuan(7), ..care("", None) };
    check_meant(&[visit("T0", &[("medfee_sumamt", "7.00")]), named], &again, true, Some("T1"));
}

#[test]
fn what_is_settled_is_other_care_unless_the_receipt_or_the_settlement_made_anew_says_that_it_is_this() {
    let settled = Entry { state: State::Settled, setl_id: "S1".into(), mdtrt_id: "M1".into(), ..visit("T1", &[]) };
    let of_another = Entry { mdtrt_id: "M2".into(), ..settled.clone() };
    for standing in [&settled, &of_another] {
        check_meant(from_ref(standing), &care("", None), false, None);
        // One that waits, of that very minute and sum, is meant though the settled one comes first.
        let both = [standing.clone(), visit("T2", &[])];
        check_meant(&both, &care("", None), false, Some("T2"));
        check_refused(&both, &care("", None), None, None);
    }
    // Another batch is other care, and so is what only has the minute or the sum in common, or what nobody registered.
    check_refused(from_ref(&settled), &care("", None), None, None);
    let of_message = Entry { source: Source::Interface, ..of_another.clone() };
    check_refused(&[of_message], &care("", None), None, None);
    let other_sum = Care { charged: Money::yuan(7), ..care("", None) };
    for other in [other_sum, Care { begun: at(12, 15), ..care("", None) }] {
        check_refused(from_ref(&of_another), &other, None, None);
    }
    // What says the very same as a registered visit waits until somebody has told it apart.
    check_refused(from_ref(&of_another), &care("", None), None, Some("在T1上办“核实为另一次就诊”"));
    let mut told_apart = of_another.clone();
    told_apart.tell_apart();
    check_refused(&[told_apart], &care("", None), None, None);
    let redone = |setl_id| Care { redoes: Some(setl_id), ..care("", None) };
    check_meant(from_ref(&settled), &redone("S1"), true, Some("T1"));
    check_meant(from_ref(&settled), &redone("S2"), true, None);
    let receipted = Entry { invono: "007".into(), ..of_another };
    check_refused(from_ref(&receipted), &care("7", None), None, Some("已结算"));
    check_refused(from_ref(&receipted), &care("8", None), None, None);
}

#[test]
fn what_another_route_has_is_refused_as_it_was_registered_and_what_only_looks_like_it_once_it_is_paid() {
    let claimed = |state, fields: &[(&str, &str)]| Entry { state, ..visit("T1", fields) };
    let other_sum = [("medfee_sumamt", "55.00")];
    let later = Care { begun: at(12, 15), ..care("", None) };
    let apart = Care { charged: Money::yuan(7), ..later };
    for (state, looks_like_it) in [(State::Reimbursing, None), (State::Reimbursed, Some("核实为另一次就诊"))] {
        check_refused(&[claimed(state, &[])], &care("", None), None, Some("在T1上办“核实为另一次就诊”"));
        check_refused(&[claimed(state, &other_sum)], &care("", None), None, looks_like_it);
        check_refused(&[claimed(state, &[])], &later, None, looks_like_it);
        check_refused(&[claimed(state, &[])], &apart, None, None);
        let mut told_apart = claimed(state, &[]);
        told_apart.tell_apart();
        check_refused(&[told_apart], &care("", None), None, None);
        // The very receipt is certain.
        check_refused(&[claimed(state, &[("invono", "7")])], &Care { invono: "7", ..apart }, None, Some(state.name()));
    }
    check_refused(&[claimed(State::Refused, &other_sum)], &care("", None), None, None);
}

#[test]
fn an_entry_of_another_person_provider_or_day_is_never_meant() {
    for stranger in [
        Entry { psn_no: "52".into(), ..visit("T1", &[]) },
        Entry { fixmedins_code: "H2".into(), ..visit("T1", &[]) },
        Entry { care_from: at(13, 9), ..visit("T1", &[]) },
        entry("T1", RegisterKind::Admission, &[]),
    ] {
        check_meant(&[stranger], &care("", Some("T1")), false, None);
    }
}

#[track_caller]
fn check_refused(entries: &[Entry], care: &Care<'_>, holder: Option<&Entry>, expected: Option<&str>) {
    let meant = candidates(entries.to_vec(), care, false);
    let found = refused(care, &meant, entries, holder).map(|refusal| refusal.text);
    match (found, expected) {
        (None, None) => {}
        (Some(text), Some(part)) => assert!(text.contains(part), "{text}"),
        (found, expected) => panic!("{found:?} instead of {expected:?}"),
    }
}

#[test]
fn care_that_another_route_has_is_refused_with_its_number() {
    let is_at = |state| Entry { state, ..visit("T1", &[]) };
    for (state, expected) in [
        (State::Waiting, None),
        (State::Failed, None),
        (State::Reimbursing, Some("T1")),
        (State::Reimbursed, Some("T1")),
        (State::Settled, Some("在T1上办“核实为另一次就诊”")),
        (State::Refused, Some("重新打开")),
        (State::SelfPaid, Some("重新打开")),
        (State::Withdrawn, None),
    ] {
        check_refused(&[is_at(state)], &care("", None), None, expected);
    }
    let papers = |fields: &[(&str, &str)]| {
        let stated = [&[("care_provider", "H1"), ("care_begntime", "2021-07-12 10:30:00")], fields].concat();
        entry("T2", RegisterKind::Papers, &stated)
    };
    // What only looks like it is refused once it is paid, until somebody has told either of them apart.
    check_refused(&[papers(&[])], &care("", None), None, None);
    let paid = Entry { state: State::Reimbursed, ..papers(&[]) };
    check_refused(from_ref(&paid), &care("", None), None, Some("在T2上办“核实为另一次就诊”"));
    let told_apart = |mut entry: Entry| {
        entry.tell_apart();
        entry
    };
    check_refused(&[told_apart(paid.clone())], &care("", None), None, None);
    check_refused(&[paid, told_apart(visit("T1", &[]))], &care("", None), None, None);
    // An entry waits for its own backfill where its double was settled before it.
    let mut double = Entry { state: State::Settled, care_from: at(12, 18), ..visit("T3", &[]) };
    double.mark(Mark::Double, "T1".into());
    let both = [visit("T1", &[]), double.clone()];
    check_refused(&both, &care("", Some("T1")), None, Some("在T3上办"));
    check_refused(&[visit("T1", &[]), told_apart(double)], &care("", Some("T1")), None, None);
    check_refused(&[papers(&[("invono", "8")])], &care("7", None), None, None);
    check_refused(&[papers(&[("invono", "007")])], &care("7", None), None, Some("T2"));
    check_refused(&[Entry { state: State::Refused, ..papers(&[]) }], &care("", None), None, None);
    // Papers that tell another day hold the receipt all the same.
    let other_day =
        entry("T2", RegisterKind::Papers, &[("care_provider", "H1"), ("invono", "7"), ("bill_code", "5101")]);
    check_refused(&[other_day], &care("7", None), None, Some("T2"));
}

#[test]
fn a_receipt_that_another_persons_entry_holds_is_refused_and_the_persons_own_is_not() {
    let of_other = Entry { psn_no: "52".into(), ..visit("T9", &[("invono", "7")]) };
    check_refused(&[], &care("7", None), Some(&of_other), Some("T9"));
    let own = visit("T1", &[("invono", "7")]);
    check_refused(from_ref(&own), &care("7", None), Some(&own), None);
}

#[test]
fn care_without_an_entry_gets_one_and_a_stay_that_nobody_converted_one_of_that_list_too() {
    let stay = Meeting { kind: RegisterKind::DeferredDischarge, converts: true, ..meeting() };
    let conversion = entry("T1", RegisterKind::StayConversion, &[]);
    assert_eq!(missing(&meeting(), &[], false), [RegisterKind::CashVisit]);
    assert_eq!(missing(&meeting(), &[visit("T1", &[])], false), []);
    assert_eq!(missing(&stay, &[], false), [RegisterKind::DeferredDischarge, RegisterKind::StayConversion]);
    assert_eq!(missing(&stay, from_ref(&conversion), false), [RegisterKind::DeferredDischarge]);
    let only_in_hospital = Meeting { kind: RegisterKind::StayConversion, inside: false, ..stay.clone() };
    assert_eq!(missing(&only_in_hospital, &[], false), [RegisterKind::StayConversion]);
    assert_eq!(missing(&Meeting { inside: false, converts: false, ..stay }, &[conversion], false), []);
}

#[track_caller]
fn settle_all(meeting: &Meeting, entries: &[Entry], beside: &Beside) -> Vec<Deed> {
    settled(&built_in(), meeting, &care("7", None), &PAID, entries, beside, at(20, 9))
        .expect("the table lets them settle")
}

#[test]
fn a_settled_entry_keeps_what_was_paid_why_it_is_late_and_which_later_care_waits() {
    let late = Meeting { late: Some(at(19, 0)), ..meeting() };
    let beside = Beside { later: vec!["S7".into(), "S8".into()], remarks: vec!["只有床位费".into()] };
    let before = Entry { charged: Money::ZERO, reason: "原来的".into(), ..visit("T1", &[]) };
    let [deed] = settle_all(&late, &[before], &beside).try_into().unwrap();
    let entry = deed.entry();
    assert_eq!((entry.state, entry.version, deed.action()), (State::Settled, 2, Action::Settle));
    assert_eq!((entry.charged, entry.refunded), (Money::yuan(100), Money::yuan(60)));
    let named = (entry.setl_id.as_str(), entry.mdtrt_id.as_str(), entry.invono.as_str(), entry.reason.as_str());
    assert_eq!(named, ("S1", "M1", "7", ""));
    assert!(entry.marked(Mark::Late).contains("2021-07-19"));
    assert_eq!((entry.marked(Mark::LaterCare), entry.awaits_order()), ("S7、S8", true));
    assert_eq!(deed.remarks(), ["只有床位费"]);
    let checked = by_platform::order_checked(&built_in(), entry, &[]).expect("a settled entry is put in order");
    assert!(!checked.entry().awaits_order() && checked.entry().state == State::Settled);
    let open = by_platform::unsettled(&built_in(), entry).expect("its settlement was cancelled");
    let open = (open.entry().state, open.entry().refunded, open.entry().setl_id.as_str());
    assert_eq!(open, (State::Waiting, Money::ZERO, ""));
}

#[test]
fn b02_a_stay_in_two_registers_is_refunded_once_and_unconverted_it_is_a_fault() {
    let conversion = |state| Entry { state, charged: Money::ZERO, ..entry("T1", RegisterKind::StayConversion, &[]) };
    let left = Entry { charged: Money::ZERO, ..entry("T2", RegisterKind::DeferredDischarge, &[]) };
    let beside = Beside { later: vec!["S7".into()], remarks: Vec::new() };
    let deeds = settle_all(&meeting(), &[conversion(State::Waiting), left], &beside);
    let amounts = deeds.iter().map(|deed| (deed.entry().charged, deed.entry().refunded));
    assert_eq!(amounts.collect::<Vec<_>>(), [(Money::ZERO, Money::ZERO), (Money::yuan(100), Money::yuan(60))]);
    assert!(deeds[0].entry().marked(Mark::Fault).contains("差错"));
    let waits: Vec<bool> = deeds.iter().map(|deed| deed.entry().awaits_order()).collect();
    assert_eq!(waits, [false, true]);
    let [alone] = settle_all(&meeting(), &[conversion(State::Restored)], &Beside::default()).try_into().unwrap();
    assert_eq!((alone.entry().refunded, alone.entry().marked(Mark::Fault)), (Money::yuan(60), ""));
}

#[test]
fn b11_a_certificate_in_doubt_is_asked_about_once() {
    let on_paper = entry("T1", RegisterKind::Admission, &[("certificate_issuer", "某乡人民政府")]);
    let settled_as = |is_registered_poor: bool| {
        let populations = is_registered_poor.then_some(Population::RegisteredPoor).into_iter().collect();
        let meeting = Meeting { asked: Question { populations, ..meeting().asked }, ..meeting() };
        settle_all(&meeting, from_ref(&on_paper), &Beside::default()).remove(0).entry().clone()
    };
    assert_eq!(doubt(&settled_as(true), &[], "平台", at(20, 9)), None);
    let asked = doubt(&settled_as(false), &[], "平台", at(20, 9)).expect("it is in doubt");
    assert_eq!((asked.kind, asked.about(), asked.state), (RegisterKind::Escalation, "T1", State::Waiting));
    assert_eq!(doubt(&settled_as(false), &[asked], "平台", at(20, 9)), None);
}

#[test]
fn p26_who_paid_in_cash_owes_nothing_and_who_was_treated_on_credit_owes_the_stay() {
    let refusal = yibao_domain::refusal::Refusal::new(Code::NotEntitled, "断保");
    let debt = |of: &Entry| by_platform::debt_of(of, None, Money::yuan(100), &refusal, "a", at(20, 9));
    assert_eq!(debt(&visit("T1", &[])), None);
    assert_eq!(debt(&entry("T1", RegisterKind::DeferredDischarge, &[("choice", "自费结清后报销")])), None);
    let owed = debt(&entry("T1", RegisterKind::Admission, &[])).expect("a stay on credit");
    assert_eq!((owed.about(), owed.charged, owed.reason.as_str()), ("T1", Money::yuan(100), "断保"));
    // A prepayment is paid in cash too.
    let prepaid = |paid: &str| debt(&entry("T1", RegisterKind::Admission, &[("prepayment", paid)]));
    assert_eq!(prepaid("100.00"), None);
    assert_eq!(prepaid("5000.00"), None);
    let rest = prepaid("70.00").expect("a part is owed");
    assert_eq!((rest.charged, rest.reason.as_str()), (Money::yuan(30), "断保；费用100.00元，已预收70.00元"));
    assert_eq!(prepaid("0.00").map(|owed| (owed.charged, owed.reason)), Some((Money::yuan(100), "断保".into())));
    // What the stay has cost is not known yet.
    let of = entry("T1", RegisterKind::Admission, &[("prepayment", "70.00")]);
    let unknown =
        by_platform::debt_of(&of, None, Money::ZERO, &refusal, "a", at(20, 9)).expect("somebody is to say it");
    assert_eq!((unknown.charged, unknown.reason.as_str()), (Money::ZERO, "断保"));
}

#[track_caller]
fn check_same(new: &[(&str, &str)], standing: &[(&str, &str)], expected: Duplicate) {
    let new = visit("", &[&[("tel", "1")], new].concat());
    assert_eq!(duplicate_of(&new, &visit("T1", standing)), expected, "{new:?}");
}

#[test]
fn one_receipt_is_one_visit_and_what_only_looks_alike_is_suspected() {
    check_same(&[("invono", "00123456")], &[("invono", "１23456")], Duplicate::SameCare);
    check_same(
        &[("invono", "7"), ("bill_code", "5101")],
        &[("invono", "7"), ("bill_code", "5102")],
        Duplicate::Suspected,
    );
    check_same(&[("invono", "8"), ("medfee_sumamt", "55.00")], &[("invono", "7")], Duplicate::No);
    // The same person, provider, day and sum under another number.
    check_same(&[("invono", "8")], &[("invono", "7")], Duplicate::Suspected);
    // Without receipts all is for people to decide: the same minute and sum, another hour or sum.
    check_same(&[], &[], Duplicate::Suspected);
    check_same(&[("medfee_sumamt", "55.00")], &[], Duplicate::Suspected);
    let at_noon = Entry { care_from: at(12, 12), ..visit("", &[("tel", "1")]) };
    assert_eq!(duplicate_of(&at_noon, &visit("T1", &[])), Duplicate::Suspected);
    assert_eq!(suspected_doubles(&at_noon, &[visit("T1", &[])]).len(), 1);
    let withdrawn = Entry { state: State::Withdrawn, ..visit("T1", &[]) };
    assert_eq!(duplicate_of(&at_noon, &withdrawn), Duplicate::No);
    // On another day the receipt alone speaks.
    let next_day = Entry { care_from: at(13, 9), ..visit("", &[("invono", "7")]) };
    assert_eq!(duplicate_of(&next_day, &visit("T1", &[("invono", "07")])), Duplicate::SameCare);
    assert_eq!(duplicate_of(&next_day, &visit("T1", &[("invono", "8")])), Duplicate::No);
}

#[test]
fn p12_a_leg_waits_for_the_one_before_and_says_where_that_is_nowhere() {
    let transfer = entry("T2", RegisterKind::Transfer, &[("from_provider", "H0")]);
    let first =
        Entry { fixmedins_code: "H0".into(), care_from: at(10, 9), ..entry("T1", RegisterKind::Admission, &[]) };
    let second = Care { is_stay: true, ..care("", None) };
    let found = |entries: &[Entry], stays: &[Leg<'_>]| earlier_leg(entries, stays, &second, None, "乙院");
    assert!(matches!(found(&[first.clone(), transfer.clone()], &[]), EarlierLeg::Open(why) if why.text.contains("T1")));
    // What the agency pays by hand no hospital settles: nobody waits for it.
    let handed_over = Entry { state: State::Reimbursing, ..first.clone() };
    assert_eq!(found(&[handed_over, transfer.clone()], &[]), EarlierLeg::Fine);
    let ended = Entry { state: State::Settled, ..first.clone() };
    assert_eq!(found(&[ended, transfer.clone()], &[]), EarlierLeg::Fine);
    assert!(matches!(found(from_ref(&transfer), &[]), EarlierLeg::NotInSight(why) if why.text.contains("H0")));
    let left_on = |day, is_settled| {
        let left = Some(at(day, 8));
        Leg { fixmedins_code: "H0", mdtrt_id: "M0", begun: at(9, 9), left, is_settled, goes_another_way: false }
    };
    for day in [11, 12] {
        assert_eq!(found(from_ref(&transfer), &[left_on(day, true)]), EarlierLeg::Fine);
    }
    let in_hospital = Leg { left: None, ..left_on(12, false) };
    let claimed = Leg { goes_another_way: true, ..left_on(12, false) };
    assert_eq!(found(from_ref(&transfer), &[claimed]), EarlierLeg::Fine);
    for leg in [in_hospital, left_on(12, false)] {
        assert!(matches!(found(from_ref(&transfer), &[leg]), EarlierLeg::Open(why) if why.text.contains("M0")));
    }
    // Who is known by document alone is the person of these entries.
    let by_document = |entry: &Entry| Entry { psn_no: String::new(), ..entry.clone() };
    let unnumbered = [by_document(&first), by_document(&transfer)];
    assert!(matches!(found(&unnumbered, &[]), EarlierLeg::Open(why) if why.text.contains("T1")));
    // Another stay there, long over, is no leg of this transfer: neither at the platform nor in a register.
    assert!(matches!(found(from_ref(&transfer), &[left_on(10, true)]), EarlierLeg::NotInSight(_)));
    let before = Entry { care_until: Some(at(10, 8)), care_from: at(9, 9), ..first };
    for state in [State::Waiting, State::Settled] {
        let other = Entry { state, ..before.clone() };
        assert!(matches!(found(&[other, transfer.clone()], &[]), EarlierLeg::NotInSight(_)), "{state:?}");
    }
    assert_eq!(found(&[], &[]), EarlierLeg::Fine);
}

/// Found by a simulated city (notice of Panzhihua, 12 persons, all faults, seed 5041).
#[test]
fn p12_a_filed_transfer_orders_the_legs_as_a_discharge_does() {
    let left = |fields: &[(&str, &str)]| Entry {
        fixmedins_code: "H0".into(),
        care_from: at(10, 9),
        care_until: Some(at(12, 8)),
        ..entry("T1", RegisterKind::DeferredDischarge, fields)
    };
    let (second, home) = (Care { is_stay: true, ..care("", None) }, left(&[("dscg_way", "1")]));
    let filed = |from, to, begins: DateTime, ends: Option<DateTime>| Filed {
        from,
        to,
        begins: begins.date(),
        ends: ends.map(|end| end.date()),
    };
    let of_the_left = filed("H0", "H1", at(12, 0), None);
    let waits =
        |leg: &Entry, chains: Option<&[Filed<'_>]>| match earlier_leg(from_ref(leg), &[], &second, chains, "乙院") {
            EarlierLeg::Open(why) => why.text.contains("T1"),
            _ => false,
        };
    let by_filing = |filed: Filed<'_>| waits(&home, Some(&[filed]));
    assert!(by_filing(of_the_left) && by_filing(filed("", "", at(10, 0), Some(at(10, 0)))));
    // Another hospital's, or to another one, of before the stay or over by then: about another stay.
    let of_others = [
        filed("H9", "H1", at(12, 0), None),
        filed("H0", "H9", at(12, 0), None),
        filed("H0", "H1", at(9, 0), None),
        filed("H0", "H1", at(12, 0), Some(at(9, 0))),
    ];
    assert_eq!(of_others.map(by_filing), [false; 4]);
    assert!(waits(&left(&[("dscg_way", "2")]), Some(&[])) && !waits(&home, Some(&[])));
    // Where the pool makes up no difference the legs stand for themselves.
    assert!(!waits(&home, None));
    let [ended, earlier] =
        [Entry { state: State::Settled, ..home.clone() }, Entry { care_until: Some(at(10, 20)), ..home.clone() }];
    assert!(!waits(&ended, Some(&[of_the_left])) && !waits(&earlier, Some(&[of_the_left])));
}
