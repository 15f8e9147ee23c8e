//! Each part of a plan, narrowed by each key; what comes of it.

use super::{about, at, plan, problems};
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Actor, Channel, DueAt, FallbackWhen, Insurance, Moments, Place, Plan, Population, Question, RegisterKind, Verdict,
    decide,
};
use yibao_domain::register::{duty_for, listed_under, posted_by};
use yibao_policy::plan::national_calendar;

/// A question that says everything, and for each key of a scope one that differs in it alone.
fn questions(business: &str) -> (Question, Vec<(&'static str, Question)>) {
    let full = Question {
        insured_pool: Some(Pool::new("520600")),
        scheme: Some(Insurance::Resident),
        populations: vec![Population::Adult],
        channel: Some(Channel::Hospital),
        provider: Some("H52050000001".into()),
        county: Some("520526".into()),
        ..about(business)
    };
    let others = vec![
        ("schemes", Question { scheme: Some(Insurance::Employee), ..full.clone() }),
        ("populations", Question { populations: vec![Population::StudentChild], ..full.clone() }),
        ("places", Question { place: Some(Place::Remote), ..full.clone() }),
        ("pools", Question { insured_pool: Some(Pool::new("520300")), ..full.clone() }),
        ("counties", Question { county: Some("520521".into()), ..full.clone() }),
        ("providers", Question { provider: Some("H52050000002".into()), ..full.clone() }),
        ("channels", Question { channel: Some(Channel::Pharmacy), ..full.clone() }),
    ];
    (full, others)
}

const SCOPE: &str = r#"
schemes = "resident"
populations = "adult"
places = "in_province"
pools = "520600"
counties = "520526"
providers = "H52050000001"
channels = "hospital"
"#;

/// Every part of a plan that has a scope, with what it does for a question.
type Acts = (&'static str, fn(&Plan, &Question) -> bool);

const PARTS: &[(&str, &str, Acts)] = &[
    (
        "filing.remote",
        "[[rule]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing.remote\"\ndisposition = \"open\"\nadvice = \"照常。\"",
        ("rule", |plan, question| {
            matches!(
                decide(std::slice::from_ref(plan), question, "2022-03-05 10:00".parse().unwrap()),
                Verdict::Open { .. }
            )
        }),
    ),
    (
        "settlement.pharmacy",
        "[[stage]]\nid = \"x\"\nreopens = \"2022-03-07 08:00\"",
        ("stage", |plan, question| plan.stage_of(question).is_some()),
    ),
    (
        "settlement.inpatient",
        "[[duty]]\nid = \"x\"\nclause = \"1\"\nkind = \"worklist\"\nwho = \"hospital\"\nwhat = \"逐人告知\"\nregister = \"inpatient_notice\"",
        ("duty", |plan, question| {
            let found = duty_for(plan, RegisterKind::InpatientNotice, question).is_some();
            assert_eq!(found, listed_under(plan, RegisterKind::InpatientNotice, question).is_some());
            found
        }),
    ),
    (
        "settlement.outpatient.special",
        "[[supply]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"settlement.outpatient.special\"\ndispense_before = \"2022-03-04 18:00\"\nadvice = \"请提前开药。\"",
        ("supply", |plan, question| plan.supply_for(question).is_some()),
    ),
    (
        "reimbursement",
        "[[extension]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"reimbursement\"\nlimit_ends_from = \"2022-03-01\"\nlimit_ends_until = \"2022-03-31\"\nby = \"2022-04-29 24:00\"",
        ("extension", |plan, question| {
            let limit = "2022-03-15 00:00".parse().unwrap();
            plan.extended(question, None, limit, &national_calendar()) != DueAt::At(limit)
        }),
    ),
    (
        "filing.remote",
        "[[tolerance]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing.remote\"\ndays = 3\nunit = \"working_days\"",
        ("tolerance", |plan, question| {
            let limit = "2022-03-15 00:00".parse().unwrap();
            plan.tolerated(question, limit, &national_calendar()) != DueAt::At(limit)
        }),
    ),
    (
        "filing.transfer",
        "[[hold_harmless]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing.transfer\"\nprotects = \"deductible\"\nadvice = \"不受影响。\"",
        ("hold_harmless", |plan, question| {
            let (needed, filed) = ("2022-03-05 10:00".parse().unwrap(), "2022-03-11 10:00".parse().unwrap());
            plan.held_harmless(question, needed, filed, &national_calendar()).is_some()
        }),
    ),
];

#[test]
fn each_key_of_a_scope_narrows_each_part_of_a_plan() {
    for (business, entry, (part, acts)) in PARTS {
        let (full, others) = questions(business);
        let everybody = plan(entry);
        assert!(acts(&everybody, &full), "{part} for everybody");
        let narrow = plan(&format!("{entry}{SCOPE}"));
        assert!(acts(&narrow, &full), "{part} for whom it names");
        for (key, other) in others {
            assert!(acts(&everybody, &other), "{part}, {key}: for everybody");
            assert!(!acts(&narrow, &other), "{part} is narrowed by {key}");
        }
    }
}

#[test]
fn a_part_is_granted_and_told_for_whom_it_names() {
    let extension = PARTS.iter().find(|(.., (part, _))| *part == "extension").unwrap().1;
    let narrow = plan(&format!("{extension}\nschemes = \"resident\""));
    let told = |scheme| {
        let question = Question { scheme: Some(scheme), ..about("reimbursement") };
        narrow.relief_of(&question, &national_calendar()).len()
    };
    assert_eq!((told(Insurance::Resident), told(Insurance::Employee)), (1, 0));
    assert_eq!(narrow.whom(&narrow.extensions[0].scope), "居民医保");
}

#[test]
fn a_county_that_the_plan_does_not_list_is_told_in_every_part() {
    for (_, entry, (part, _)) in PARTS {
        let found = problems(&format!("{entry}\ncounties = \"520521\"")).join("\n");
        assert!(found.contains("的区划 520521 不在方案的 [[county]] 中"), "{part}: {found}");
    }
}

#[test]
fn several_cases_share_a_remedy() {
    let text = r#"
[[rule]]
id = "stays"
clause = "1"
business = "settlement.inpatient"
disposition = "defer_settlement"
advice = "恢复后结算。"

[[rule.fallback]]
when = ["person_chooses", "provider_cannot", "system_failure_after_reopening"]
disposition = "cash_claim"
advice = "自费结清后报销。"
"#;
    let plan = plan(text);
    let fallback = &plan.rules[1].fallbacks[0];
    assert_eq!(fallback.when.len(), 3);
    assert!(fallback.when.contains(&FallbackWhen::ProviderCannot));
    assert_eq!(fallback.case(), "本人选择或原机构不能办理或恢复后因系统原因不能结算");
    assert_eq!(problems(text), Vec::<String>::new());
}

#[test]
fn who_is_told_follows_from_the_business_unless_the_plan_says_so() {
    let rule = |business: &str, more: &str| {
        let text = format!(
            "[[rule]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"{business}\"\ndisposition = \"cash_claim\"\nadvice = \"报销。\"\n{more}"
        );
        plan(&text).rules[1].audience()
    };
    use Actor::*;
    assert_eq!(rule("settlement.inpatient", ""), [Hospital, Person]);
    assert_eq!(rule("settlement.pharmacy", ""), [Pharmacy, Person]);
    assert_eq!(rule("settlement.outpatient.special_drug", ""), [Hospital, DrugSupplier, Person]);
    assert_eq!(rule("settlement.inpatient", "audience = \"hospital\""), [Hospital]);
    assert_eq!(rule("settlement.inpatient", "audience = [\"person\", \"insurer\"]"), [Insurer, Person]);
    let duty = |more: &str| {
        let text = format!(
            "[[duty]]\nid = \"x\"\nclause = \"1\"\nkind = \"check\"\nwho = \"agency\"\nwhat = \"核对\"\n{more}"
        );
        plan(&text).duties[0].audience()
    };
    assert_eq!((duty(""), duty("audience = \"employer\"")), (vec![Agency], vec![Employer]));
}

#[test]
fn the_notice_is_posted_by_whom_the_duty_names() {
    let duty = |who: &str, more: &str| {
        let text =
            format!("[[duty]]\nid = \"x\"\nclause = \"1\"\nkind = \"publicity\"\nwho = {who}\nwhat = \"张贴\"\n{more}");
        plan(&text)
    };
    let asks = |plan: &Plan, channel, county: &str| {
        let question = Question { channel: Some(channel), county: Some(county.into()), ..about("outage.publicity") };
        posted_by(plan, &question).is_some()
    };
    let hospitals = duty("\"hospital\"", "");
    assert!(asks(&hospitals, Channel::Hospital, "520526") && !asks(&hospitals, Channel::Pharmacy, "520526"));
    let agency = duty("\"agency\"", "");
    assert!(!asks(&agency, Channel::Hospital, "520526"));
    let county = duty("\"provider\"", "counties = \"520526\"");
    assert!(asks(&county, Channel::Pharmacy, "520526") && !asks(&county, Channel::Pharmacy, "520500"));
}

#[test]
fn the_clock_of_review_stands_while_the_business_is_closed() {
    let text = r#"
[[duty]]
id = "finish"
clause = "1"
kind = "register"
who = "agency"
what = "办结报销"
business = "reimbursement"
within_working_days = 5
after = "intake"
after_deadline = "listed"
"#;
    let due = |switch: &str, intake: &str, more: &str| {
        let plan = plan(&format!("{text}{more}\n[switches]\nreview_clock_stops = {switch}"));
        let question = about("reimbursement");
        let moments = Moments { intake: Some(at(intake)), question: Some(&question), ..Default::default() };
        plan.due(plan.duties[0].deadline.as_ref().unwrap(), &moments, &national_calendar())
    };
    // Taken in on Wednesday 2 March: 3, 4, then 10, 11, 14; closed on 5 to 9.
    assert_eq!(due("true", "2022-03-02 10:00", ""), DueAt::At(at("2022-03-15 00:00")));
    assert_eq!(due("false", "2022-03-02 10:00", ""), DueAt::At(at("2022-03-10 00:00")));
    // Taken in while it is closed: 10, 11, 14, 15, 16.
    assert_eq!(due("true", "2022-03-07 10:00", ""), DueAt::At(at("2022-03-17 00:00")));
    // A day counts that the business is open for from its beginning to its end.
    let later = "\n[[stage]]\nid = \"x\"\nbusiness = \"reimbursement\"\nreopens = \"2022-03-10 08:00\"";
    assert_eq!(due("true", "2022-03-02 10:00", later), DueAt::At(at("2022-03-16 00:00")));
    let awaited = "\n[[event]]\nid = \"ok\"\nname = \"验收\"\n[[stage]]\nid = \"x\"\nbusiness = \"reimbursement\"\nreopens_on = \"ok\"";
    assert_eq!(due("true", "2022-03-02 10:00", awaited), DueAt::NotYetKnown);
    assert_eq!(due("false", "2022-03-02 10:00", awaited), DueAt::At(at("2022-03-10 00:00")));
}

#[test]
fn relief_may_be_keyed_to_the_period_of_care() {
    let period = "care_from = \"2022-03-01 00:00\"\ncare_until = \"2022-03-15 24:00\"\n";
    let promise = |period: &str| {
        plan(&format!(
            "[[hold_harmless]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"filing.transfer\"\nprotects = \"deductible\"\nadvice = \"不变。\"\n{period}"
        ))
    };
    let held = |plan: &Plan, needed: &str| {
        plan.held_harmless(&about("filing.transfer"), at(needed), at("2022-03-20 10:00"), &national_calendar())
            .is_some()
    };
    let (keyed, closed) = (promise(period), promise(""));
    // Open on the 2nd and the 12th, closed on the 5th.
    assert!(held(&keyed, "2022-03-02 10:00") && held(&keyed, "2022-03-15 23:59") && !held(&keyed, "2022-03-16 00:00"));
    assert!(held(&closed, "2022-03-05 10:00") && !held(&closed, "2022-03-12 10:00"));
    let extension = plan(&format!(
        "[[extension]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"reimbursement\"\nlimit_ends_from = \"2022-03-01\"\nlimit_ends_until = \"2022-06-15\"\nby = \"2022-06-30 24:00\"\n{period}"
    ));
    let limit = at("2022-05-01 00:00");
    let extended = |care: Option<&str>| {
        let care = care.map(at);
        extension.extended(&about("reimbursement"), care, limit, &national_calendar()) != DueAt::At(limit)
    };
    assert!(extended(Some("2022-03-03 10:00")) && !extended(Some("2022-03-16 10:00")) && !extended(None));
    let told = &extension.relief_of(&about("reimbursement"), &national_calendar())[0].text;
    assert!(told.contains("就医时间在2022-03-01 00:00至2022-03-15 24:00的"), "{told}");
    let found = problems(
        "[[extension]]\nid = \"x\"\nclause = \"1\"\nbusiness = \"reimbursement\"\nlimit_ends_from = \"2022-03-01\"\nlimit_ends_until = \"2022-06-15\"\nby = \"2022-06-30 24:00\"\ncare_from = \"2022-03-01 00:00\"",
    );
    assert!(found.join("").contains("care_from 与 care_until 须同时填写"), "{found:?}");
}
