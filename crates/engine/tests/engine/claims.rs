//! What the agency pays back (经办机构报销): who keeps it, until when it is claimed, with which papers, wherever the care was.

use super::backfill::reopened;
use super::backfill_runs::line;
use super::care::{admission, admit, text};
use super::city::{City, HOSPITAL, LI, WANG};
use super::register_lists::{entries, registers};
use super::registers::{act, add, agency, hospital, in_the_outage, why};
use jiff::civil::date;
use std::collections::BTreeMap;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Action, HandBack, State};
use yibao_engine::desks::registers::{EntryView, Kept, ListFilter, NotDone};

/// Settlement stops; what becomes of it, the rest says.
pub fn plan(rest: &str) -> String {
    format!(
        "[plan]\nid = \"t\"\ntitle = \"小城停机方案\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
         closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n\
         silent_ok = [\"settlement\", \"encounter\"]\n\n{rest}"
    )
}

/// Visits and stays are claimed at the agency until the end of September.
pub const CLAIMED: &str = r#"[[rule]]
id = "visits"
clause = "1"
business = ["settlement.outpatient", "settlement.inpatient"]
disposition = "cash_claim"
evidence = "invoice"
by = "2021-09-30 24:00"
after_deadline = "refuse"
advice = "付现金，9月底前凭发票到经办机构报销。"

[[duty]]
id = "enter"
clause = "2"
kind = "backfill"
who = "hospital"
business = "settlement"
what = "恢复后10个工作日内补录"
within_working_days = 10
after_reopening_of = "settlement"
after_deadline = "listed"
"#;

pub fn city(rest: &str) -> City {
    let city = City::with_plan(&plan(rest));
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    city
}

pub const VISIT: [(&str, &str); 7] = [
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "11"),
    ("begntime", "2021-07-12 09:30"),
    ("medfee_sumamt", "36.00"),
    ("invono", "700001"),
];

/// What is usual, but for what is said otherwise, the last time that it is said.
fn with<'a>(usual: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let said: BTreeMap<&str, &str> = usual.iter().chain(more).copied().collect();
    said.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

pub fn visit(city: &City, more: &[(&str, &str)]) -> Result<Kept, NotDone> {
    add(city, &hospital(), RegisterKind::CashVisit, &with(&VISIT, more))
}

const PAPERS: [(&str, &str); 9] = [
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("business", "reimbursement.manual"),
    ("begntime", "2021-09-20 10:00"),
    ("care_provider", HOSPITAL),
    ("care_begntime", "2021-07-08 08:00"),
    ("care_endtime", "2021-07-13 10:00"),
    ("medfee_sumamt", "900.00"),
    ("invono", "800001"),
];

pub fn papers(city: &City, more: &[(&str, &str)]) -> Result<Kept, NotDone> {
    add(city, &agency(), RegisterKind::Papers, &with(&PAPERS, more))
}

pub fn view(city: &City, number: &str) -> EntryView {
    registers(city).entry(&agency(), city.clock.get(), number).unwrap()
}

pub fn back(city: &City, number: &str, more: &[(&str, &str)]) -> Result<Kept, NotDone> {
    act(city, &agency(), number, Action::Reimburse, &with(&[("refund", "20.00")], more))
}

#[test]
fn what_the_agency_pays_back_is_never_offered_as_a_backfill() {
    for disposition in ["cash_claim", "agency_reimburses"] {
        let city = city(&CLAIMED.replace("cash_claim", disposition));
        let number = visit(&city, &[]).unwrap().entry.number;
        city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
        let seen = view(&city, &number);
        assert_eq!((seen.entry.state, seen.backfills, seen.waits_for), (State::Reimbursing, false, None));
        assert!(seen.responsible.contains("经办机构"), "{}", seen.responsible);
        assert_eq!(seen.due, DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)), "the claim's, not the hospital's");
        let waits = |by, step| {
            let filter = ListFilter { step: Some(step), ..ListFilter::default() };
            registers(&city).list(&by, city.clock.get(), filter).unwrap().total
        };
        assert_eq!((waits(hospital(), Action::Settle), waits(agency(), Action::Reimburse)), (0, 1));
        let backfill = city.platform.backfill(&Pool::new("520500")).unwrap();
        assert!(backfill.entry(&hospital(), city.clock.get(), &number).is_err());
        let run = backfill.start(&hospital(), city.clock.get(), "t", "").unwrap();
        assert_eq!(run.found, 0);
        assert_eq!(back(&city, &number, &[]).unwrap().entry.state, State::Reimbursed);
        city.verify();
    }
}

#[test]
fn a_statement_that_is_corrected_comes_to_the_agency_or_back_from_it_but_not_what_was_handed_over() {
    let claimed_special =
        CLAIMED.replace("[\"settlement.outpatient\", \"settlement.inpatient\"]", "\"settlement.outpatient.special\"");
    let entered = "[[rule]]\nid = \"others\"\nclause = \"3\"\nbusiness = \"settlement\"\ndisposition = \"cash_reenter\"\n\
                   advice = \"回原机构补录。\"\n";
    let city = city(&format!("{claimed_special}\n{entered}"));
    let number = visit(&city, &[]).unwrap().entry.number;
    let correct =
        |fields: &[(&str, &str)]| act(&city, &hospital(), &number, Action::Correct, fields).unwrap().entry.state;
    assert_eq!(view(&city, &number).entry.state, State::Waiting);
    assert_eq!(correct(&[("med_type", "14")]), State::Reimbursing);
    assert_eq!(correct(&[("med_type", "11")]), State::Waiting);
    act(&city, &hospital(), &number, Action::ToReimbursement, &[("reason", "机构停业")]).unwrap();
    assert_eq!(correct(&[("medfee_sumamt", "37.00")]), State::Reimbursing, "handed over is handed over");
    city.verify();
}

#[test]
fn whoever_is_insured_elsewhere_is_only_noted_where_the_claim_is_the_home_agencys() {
    let visitors = CLAIMED.replace("disposition", "pools = \"elsewhere\"\ndisposition");
    let city = city(&visitors);
    let refused = why(visit(&city, &[]));
    assert!(refused.contains("没有停办"), "a local person: {refused}");
    let unknown = [
        ("psn_no", ""),
        ("certno", "510104199001010031"),
        ("psn_name", "周某"),
        ("insutype", "310"),
        ("insuplc_admdvs", "510104"),
    ];
    let kept = visit(&city, &unknown).unwrap();
    assert_eq!(kept.entry.state, State::Outside);
    assert!(kept.remarks.iter().any(|remark| remark.contains("不承诺退费")), "{:?}", kept.remarks);
    let wrong = why(visit(&city, &[&unknown[..], &[("insuplc_admdvs", "成都"), ("invono", "700002")]].concat()));
    assert!(wrong.contains("参保地区划") && wrong.contains("成都"), "{wrong}");
    city.verify();
}

#[test]
fn papers_about_care_of_the_stop_are_taken_in_by_its_rule_until_its_deadline() {
    let city = city(CLAIMED);
    city.clock.set(date(2021, 9, 20).at(10, 0, 0, 0));
    let kept = papers(&city, &[]).unwrap();
    assert_eq!((kept.entry.rule.as_str(), kept.entry.state), ("visits", State::Waiting));
    assert_eq!(view(&city, &kept.entry.number).due, DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)));
    let named = [("business", "settlement.inpatient"), ("care_begntime", "2021-07-07 08:00"), ("invono", "800002")];
    assert_eq!(papers(&city, &named).unwrap().entry.rule, "visits");
    let before = [("care_begntime", "2021-07-01 08:00"), ("care_endtime", "2021-07-05 10:00"), ("invono", "800003")];
    let refused = why(papers(&city, &before));
    assert!(refused.contains("没有停办"), "care before the stop: {refused}");
    let no_invoice = why(papers(&city, &[("invono", ""), ("care_begntime", "2021-07-06 08:00")]));
    assert!(no_invoice.contains("发票"), "{no_invoice}");
    let visit = [("business", "settlement.outpatient"), ("care_endtime", ""), ("care_begntime", "2021-07-12 08:00")];
    let kept_there = why(papers(&city, &with(&visit, &[("invono", "800004")])));
    assert!(kept_there.contains("现金就诊"), "{kept_there}");
    city.clock.set(date(2021, 10, 8).at(10, 0, 0, 0));
    let late = [("begntime", "2021-10-08 10:00"), ("invono", "800005"), ("care_begntime", "2021-07-09 08:00")];
    let refused = why(papers(&city, &late));
    assert!(refused.contains("2021-09-30 24:00") && refused.contains("特殊情况请示"), "{refused}");
    agree(&city, "");
    assert_eq!(papers(&city, &late).unwrap().entry.rule, "visits", "the agency has agreed");
    city.verify();
}

/// The agency agrees to what comes late, about an entry or about the person.
fn agree(city: &City, of_entry: &str) {
    let now = city.clock.get().strftime("%Y-%m-%d %H:%M").to_string();
    let asked = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("of_entry", of_entry),
        ("begntime", now.as_str()),
        ("subject", "逾期报销"),
        ("tel", "0857-8296182"),
        ("asked_by", "张三"),
    ];
    let asked = add(city, &agency(), RegisterKind::Escalation, &with(&asked, &[])).unwrap().entry.number;
    let decided =
        [("decision", "同意"), ("reason", "住院治疗"), ("decided_by", "李主任"), ("decided_at", now.as_str())];
    act(city, &agency(), &asked, Action::Decide, &decided).unwrap();
}

#[test]
fn a_claim_of_a_visit_that_comes_late_is_refused_unless_the_agency_has_agreed() {
    let city = city(CLAIMED);
    let number = visit(&city, &[]).unwrap().entry.number;
    city.clock.set(date(2021, 10, 8).at(10, 0, 0, 0));
    let late = why(back(&city, &number, &[]));
    assert!(late.contains("2021-09-30 24:00") && late.contains("特殊情况请示"), "{late}");
    let other = visit(&city, &[("invono", "700009"), ("begntime", "2021-07-13 08:00")]).unwrap().entry.number;
    assert!(back(&city, &other, &[("claimed_at", "2021-09-29 10:00")]).is_ok(), "asked for in time");
    agree(&city, &number);
    assert_eq!(back(&city, &number, &[]).unwrap().entry.state, State::Reimbursed);
    city.verify();
}

/// Visits are entered again; whoever misses that claims with invoice and list until the end of September.
const FALLBACK: &str = r#"[[rule]]
id = "visits"
clause = "1"
business = "settlement.outpatient"
disposition = "cash_reenter"
within_working_days = 10
after_reopening_of = "settlement.outpatient"
after_deadline = "listed"
advice = "恢复后10个工作日内回原机构补录。"

[[rule.fallback]]
when = "provider_cannot"
disposition = "register_later"
advice = "由医疗机构收取资料送经办机构。"

[[rule.fallback]]
when = "deadline_missed"
disposition = "cash_claim"
advice = "逾期的9月底前持发票和费用清单报销。"
evidence = ["invoice", "fee_list"]
by = "2021-09-30 24:00"
after_deadline = "refuse"
"#;

#[test]
fn what_has_fallen_back_goes_by_the_fallbacks_deadline_papers_and_responsible_party() {
    let city = city(FALLBACK);
    city.clock.set(date(2021, 7, 14).at(15, 0, 0, 0));
    let number = visit(&city, &[]).unwrap().entry.number;
    let (early, late) = (
        visit(&city, &[("invono", "700002"), ("begntime", "2021-07-13 08:00")]),
        visit(&city, &[("invono", "700003"), ("begntime", "2021-07-14 08:00")]),
    );
    let (early, late) = (early.unwrap().entry.number, late.unwrap().entry.number);
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    let hand_over = |number: &str| act(&city, &hospital(), number, Action::ToReimbursement, &[("reason", "未能补录")]);
    hand_over(&early).unwrap();
    let seen = view(&city, &early);
    assert!(seen.governing.unwrap().advice.contains("由医疗机构收取资料"));
    assert_eq!(seen.due, DueAt::Unknowable("方案未规定期限"));
    city.clock.set(date(2021, 8, 20).at(10, 0, 0, 0));
    assert!(view(&city, &number).overdue && view(&city, &number).responsible.contains(HOSPITAL));
    hand_over(&number).unwrap();
    let seen = view(&city, &number);
    assert_eq!((seen.due, seen.overdue), (DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)), false));
    let governing = seen.governing.unwrap();
    assert!(governing.advice.starts_with("逾期的") && governing.evidence.len() == 2, "{governing:?}");
    assert!(seen.responsible.contains("经办机构"));
    let missing = why(back(&city, &number, &[]));
    assert!(missing.contains("费用明细清单") && !missing.contains("发票"), "{missing}");
    city.clock.set(date(2021, 10, 8).at(10, 0, 0, 0));
    let refused = why(hand_over(&late));
    assert!(refused.contains("2021-09-30 24:00"), "{refused}");
    let straight = why(back(&city, &late, &[("brought", "费用明细清单")]));
    assert!(straight.contains("2021-09-30 24:00"), "nor is it paid back without that: {straight}");
    // What was handed over in time is paid back in the agency's own time.
    assert_eq!(back(&city, &number, &[("brought", "费用明细清单")]).unwrap().entry.state, State::Reimbursed);
    city.verify();
}

/// Births leave on account, other stays are claimed.
const BIRTHS: &str = r#"[[rule]]
id = "stays"
clause = "1"
business = "settlement.inpatient"
disposition = "cash_claim"
advice = "住院自费结清后报销。"

[[rule]]
id = "births"
clause = "2"
business = "settlement.inpatient.maternity"
disposition = "on_account"
advice = "生育住院挂账离院，恢复后结算。"
"#;

#[test]
fn a_birth_is_kept_by_the_rule_of_births_as_the_live_call_answers_it() {
    let city = City::with_plan(&plan(BIRTHS));
    let mut birth = admission(WANG, "2021-07-01 10:00:00");
    birth["mdtrtinfo"]["med_type"] = "52".into();
    let born = text(&city.done(HOSPITAL, "2401", &birth).output["result"]["mdtrt_id"]);
    let other = admit(&city, LI);
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    let stay = |psn_no, name, more: &[(&str, &str)]| {
        let usual =
            [("psn_no", psn_no), ("psn_name", name), ("begntime", "2021-07-01 10:00"), ("endtime", "2021-07-12 10:00")];
        add(&city, &hospital(), RegisterKind::DeferredDischarge, &with(&usual, more))
    };
    for how in [vec![("mdtrt_id", born.as_str())], Vec::new()] {
        let kept = stay(WANG, "王某", &how).unwrap().entry;
        assert_eq!((kept.rule.as_str(), kept.business.as_str()), ("births", "settlement.inpatient.maternity"));
    }
    let claimed = why(stay(LI, "李某", &[("mdtrt_id", other.as_str())]));
    assert!(claimed.contains("收件登记"), "{claimed}");
    // Of a stay that the platform does not know, the statement tells it.
    let said = [("begntime", "2021-07-03 10:00"), ("matn_type", "1")];
    assert_eq!(stay(LI, "李某", &said).unwrap().entry.rule, "births");
    city.clock.set(date(2021, 7, 20).at(15, 0, 0, 0));
    let entry = entries(&city, RegisterKind::DeferredDischarge).into_iter().find(|(entry, ..)| entry.psn_no == WANG);
    let waits = view(&city, &entry.unwrap().0.number).waits_for;
    assert!(waits.as_ref().is_none_or(|waits| !waits.contains("停办")), "{waits:?}");
    city.verify();
}

/// Only care elsewhere is closed.
pub const REMOTE: &str = r#"[[rule]]
id = "elsewhere"
clause = "1"
business = "settlement"
places = ["in_province", "remote"]
disposition = "cash_claim"
by = "2021-09-30 24:00"
after_deadline = "refuse"
advice = "异地就医先付现金，回来报销。"
"#;

#[test]
fn claims_of_care_elsewhere_end_at_the_agency_by_the_place_of_the_provider() {
    for clock in [date(2021, 7, 12), date(2021, 7, 20)] {
        let city = city(REMOTE);
        city.clock.set(clock.at(10, 0, 0, 0));
        let came = city.clock.get().strftime("%Y-%m-%d %H:%M").to_string();
        let at = |business: &str, provider: &str, invoice: &str, more: &[(&str, &str)]| {
            let said =
                [("business", business), ("care_provider", provider), ("invono", invoice), ("begntime", came.as_str())];
            let visit = [("care_begntime", "2021-07-11 08:00"), ("care_endtime", "")];
            papers(&city, &[&said[..], &visit[..], more].concat())
        };
        for (serial, business) in
            ["settlement.outpatient", "reimbursement.remote", "reimbursement.manual"].iter().enumerate()
        {
            let (other_city, other_province) = (format!("90000{serial}"), format!("91000{serial}"));
            assert_eq!(at(business, "H52010000001", &other_city, &[]).unwrap().entry.rule, "elsewhere");
            let kept = at(business, "H51010000001", &other_province, &[]).unwrap().entry;
            assert_eq!(kept.rule, "elsewhere");
            assert_eq!(view(&city, &kept.number).due, DueAt::At(date(2021, 10, 1).at(0, 0, 0, 0)));
        }
        let here = why(at("settlement.outpatient", HOSPITAL, "920001", &[]));
        assert!(here.contains("没有停办"), "{here}");
        // Whose provider is not known says where it was.
        let stated = |place: &'static str| [("care_provider", ""), ("care_place", place), ("medfee_sumamt", "310.00")];
        let kept = at("reimbursement.remote", "", "920002", &stated("跨省异地")).unwrap().entry;
        assert_eq!((kept.rule.as_str(), kept.charged), ("elsewhere", "310.00".parse().unwrap()));
        let here = why(at("reimbursement.manual", "", "920003", &stated("统筹区内")));
        assert!(here.contains("就医机构代码") && here.contains("就医地"), "{here}");
        city.verify();
    }
}

#[test]
fn an_entry_shows_the_window_of_its_case_where_a_stage_has_moved_it() {
    let stage = format!(
        "\n[[stage]]\nid = \"first\"\nproviders = \"{HOSPITAL}\"\nreopens = \"2021-07-13 08:00\"\nadvice = \"首批机构7月13日恢复。\"\n"
    );
    let city = city(&format!("{FALLBACK}{stage}"));
    let number = visit(&city, &[]).unwrap().entry.number;
    let governing = view(&city, &number).governing.unwrap();
    assert!(governing.window.contains("2021-07-13 08:00恢复"), "{}", governing.window);
    assert!(governing.advice.contains("首批机构"), "{}", governing.advice);
}

#[test]
fn a_deposit_on_a_stay_is_an_amount_that_is_settled_both_ways() {
    let city = City::with_plan(&plan(
        "[[rule]]\nid = \"stays\"\nclause = \"1\"\nbusiness = \"settlement.inpatient\"\ndisposition = \"deposit\"\n\
         evidence = \"prepayment\"\nadvice = \"收押金，恢复后多退少补。\"\n",
    ));
    let stay = admit(&city, LI);
    city.clock.set(date(2021, 7, 12).at(15, 0, 0, 0));
    let left = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("mdtrt_id", stay.as_str()),
        ("begntime", "2021-07-01 10:00"),
        ("endtime", "2021-07-12 10:00"),
    ];
    let lacking = why(add(&city, &hospital(), RegisterKind::DeferredDischarge, &left));
    assert!(lacking.contains("预收金额"), "{lacking}");
    let paid = [&left[..], &[("prepayment", "800.00")]].concat();
    let kept = add(&city, &hospital(), RegisterKind::DeferredDischarge, &paid).unwrap();
    assert_eq!(kept.remarks, Vec::<String>::new());
    assert_eq!(kept.entry.paid_by_person().map(|paid| paid.to_string()).as_deref(), Some("800.00"));
}

/// What is handed back is what was paid: who left on account owes the own share, and a deposit is settled both ways.
#[test]
fn a_visit_on_account_hands_nothing_back_and_a_deposit_what_is_over() {
    let settled = |disposition: &str, prepaid: &str| {
        let text = format!(
            "[plan]\nid = \"t\"\ntitle = \"小城停机方案\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
             closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-11-30 24:00\"\n\n\
             [[rule]]\nid = \"visits\"\nclause = \"1\"\nbusiness = [\"settlement.outpatient\", \"settlement.pharmacy\"]\n\
             disposition = \"{disposition}\"\nadvice = \"先不结算。\"\n\n[[rule]]\nid = \"rest\"\nclause = \"2\"\nbusiness = \"*\"\n\
             disposition = \"refuse\"\nadvice = \"请稍后。\"\n"
        );
        let city = City::with_plan(&text);
        city.clock.set(in_the_outage());
        let mut stated = vec![
            ("psn_no", WANG),
            ("psn_name", "王某"),
            ("insutype", "310"),
            ("med_type", "11"),
            ("begntime", "2021-07-12 09:30"),
            ("acct_used_flag", "是"),
            ("medfee_sumamt", "1200.00"),
        ];
        stated.extend((!prepaid.is_empty()).then_some(("prepayment", prepaid)));
        let number = add(&city, &hospital(), RegisterKind::CashVisit, &stated).unwrap().entry.number;
        let care_from = city.look(|tx| tx.entry(&number)).unwrap().care_from;
        city.write(|tx| tx.put_entry_lines(&number, &[line("1", care_from, "1200.00")]));
        city.clock.set(reopened());
        assert_eq!(city.backfill_all("t").settled, 1);
        city.verify();
        let entry = city.look(|tx| tx.entry(&number)).unwrap();
        let own = entry.split().unwrap().own;
        let zero = [
            ("handed_back", "0.00"),
            ("received_by", "本人"),
            ("receipt_signed", "是"),
            ("handed_back_at", "2021-07-16 10:00"),
            ("handed_by", "张三"),
        ];
        city.clock.set(date(2021, 7, 16).at(10, 0, 0, 0));
        let signed = act(&city, &hospital(), &number, Action::HandBack, &zero);
        (entry.to_hand_back(None).unwrap(), own, signed.is_ok())
    };
    let (due, own, signed) = settled("on_account", "");
    assert!(own > Money::ZERO && due == HandBack::Collect(own) && signed, "{due:?}");
    assert_eq!(settled("defer_settlement", "").0, HandBack::Collect(own));
    let bill = Money::yuan(1200);
    assert_eq!(settled("deposit", "1200.00").0, HandBack::Back(bill.minus(own)));
    assert_eq!(settled("cash_reenter", "").0, HandBack::Back(bill.minus(own)));
    assert!(!settled("cash_reenter", "").2, "what is due is handed back");
}

/// Nobody who writes a visit down has to have seen what the person brings to the agency.
#[test]
fn what_is_brought_to_the_agency_is_asked_for_there_and_not_where_the_care_was_given() {
    let city = City::with_plan(&plan(CLAIMED));
    city.clock.set(in_the_outage());
    let visit = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("insutype", "390"),
        ("med_type", "11"),
        ("begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "100.00"),
    ];
    let number = add(&city, &hospital(), RegisterKind::CashVisit, &visit).unwrap().entry.number;
    city.clock.set(date(2021, 7, 20).at(9, 0, 0, 0));
    let paid = |more: &[(&str, &str)]| {
        let stated: Vec<_> = [("refund", "60.00")].iter().chain(more).copied().collect();
        act(&city, &agency(), &number, Action::Reimburse, &stated)
    };
    let told = why(paid(&[]));
    assert!(told.contains("收到的凭据") && told.contains("报销时有发票"), "{told}");
    assert_eq!(paid(&[("brought", "发票")]).unwrap().entry.state, State::Reimbursed);
    city.verify();
}
