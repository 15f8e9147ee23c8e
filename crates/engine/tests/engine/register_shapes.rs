//! What a plan says is carried out, whatever its shape: one rule over many businesses sends each case to the register that has
//! room for it, and what the rule demands has a field there.

use super::city::{City, LI, WANG};
use super::register_lists::registers;
use super::registers::{add, agency, hospital, why};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::Stated;

const HEAD: &str = r#"[plan]
id = "shape"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-09 24:00"
reopens = "2021-07-15 24:00"
ends = "2021-12-31 24:00"
silent_ok = ["settlement", "encounter"]
"#;

/// A city under one rule, in the middle of its window.
fn under(rule: &str) -> City {
    let city = City::new();
    city.clock.set(date(2021, 7, 8).at(9, 0, 0, 0));
    let text = format!("{HEAD}\n[[rule]]\nid = \"one\"\nclause = \"1\"\nadvice = \"请按台账登记。\"\n{rule}\n");
    registers(&city).publish_plan(&agency(), city.clock.get(), &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    city.clock.set(date(2021, 7, 12).at(10, 40, 0, 0));
    city
}

const VISIT: &[(&str, &str)] = &[
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "11"),
    ("begntime", "2021-07-12 09:05"),
    ("medfee_sumamt", "128.50"),
    ("invono", "F001"),
];
const PURCHASE: &[(&str, &str)] = &[
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "41"),
    ("begntime", "2021-07-12 09:45"),
    ("medfee_sumamt", "28.50"),
    ("invono", "F002"),
];
const ADMITTED: &[(&str, &str)] = &[
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "21"),
    ("begntime", "2021-07-12 10:30"),
    ("ipt_otp_no", "Z001"),
    ("diag_code", "J18.900"),
    ("diag_name", "肺炎"),
];
const LEFT: &[(&str, &str)] =
    &[("psn_no", WANG), ("psn_name", "王某"), ("begntime", "2021-07-05 08:00"), ("endtime", "2021-07-12 10:20")];

/// A case with what it shows besides.
fn shows<'a>(case: &[(&'a str, &'a str)], shown: &'a str) -> Vec<(&'a str, &'a str)> {
    case.iter().copied().chain((!shown.is_empty()).then_some(("shown", shown))).collect()
}

#[test]
fn each_way_that_a_provider_makes_good_takes_purchases_visits_admissions_and_discharges() {
    for disposition in ["cash_reenter", "deposit", "on_account", "defer_settlement", "register_later"] {
        let rule = format!(
            "business = [\"settlement\", \"encounter\"]\ndisposition = \"{disposition}\"\n\
             evidence = [\"fee_list\", \"id_card + social_security_card\", \"prepayment | telephone\"]"
        );
        let city = under(&rule);
        let cases = [
            (RegisterKind::CashVisit, VISIT),
            (RegisterKind::CashVisit, PURCHASE),
            (RegisterKind::Admission, ADMITTED),
            (RegisterKind::DeferredDischarge, LEFT),
        ];
        for (kind, case) in cases {
            let told = |shown: &str| {
                let case = shows(case, shown);
                let with: Vec<_> = case.into_iter().chain([("tel", "13900000000")]).collect();
                add(&city, &hospital(), kind, &with)
            };
            let lacking = why(told("身份证"));
            assert!(lacking.contains("费用明细清单") && lacking.contains("其他凭据"), "{disposition}: {lacking}");
            let entry = told("费用明细清单、身份证，社会保障卡")
                .unwrap_or_else(|refused| panic!("{disposition}: {refused}"))
                .entry;
            assert_eq!((entry.rule.as_str(), entry.kind), ("one", kind), "{disposition}");
            assert_eq!(entry.details.get("shown").map(String::as_str), Some("费用明细清单、身份证、社会保障卡"));
        }
        city.verify();
    }
}

#[test]
fn what_is_claimed_is_written_down_where_it_was_paid_and_a_stay_by_its_papers() {
    let city = under("business = \"settlement\"\ndisposition = \"cash_claim\"\nevidence = [\"fee_list\", \"invoice\"]");
    let visit = add(&city, &hospital(), RegisterKind::CashVisit, &shows(VISIT, "费用明细清单")).unwrap().entry;
    assert_eq!(visit.rule, "one");
    let refused = why(add(&city, &hospital(), RegisterKind::DeferredDischarge, LEFT));
    assert!(refused.contains("请改在“收件登记”登记"), "{refused}");
    let papers: Stated = [
        ("psn_no", WANG),
        ("psn_name", "王某"),
        ("business", "settlement.inpatient"),
        ("begntime", "2021-07-12 10:30"),
        ("care_begntime", "2021-07-05 08:00"),
        ("care_endtime", "2021-07-12 10:20"),
        ("invono", "F003"),
        ("fee_list", "是"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let papers: Vec<(&str, &str)> = papers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kept = add(&city, &agency(), RegisterKind::Papers, &papers).unwrap_or_else(|refused| panic!("{refused}")).entry;
    assert_eq!((kept.rule.as_str(), kept.kind), ("one", RegisterKind::Papers));
    city.verify();
}

#[test]
fn papers_that_nobody_knows_are_named() {
    let city = under("business = \"settlement\"\ndisposition = \"cash_reenter\"");
    let unknown = why(add(&city, &hospital(), RegisterKind::CashVisit, &shows(VISIT, "发票、结婚证")));
    assert!(unknown.contains("结婚证") && !unknown.contains("“发票"), "{unknown}");
}

#[test]
fn a_code_may_be_said_as_offices_say_it() {
    let city = under("business = \"settlement.outpatient\"\ndisposition = \"cash_reenter\"");
    let said = |insutype: &'static str, med_type: &'static str| {
        let of = |(name, value): &(&'static str, &'static str)| match *name {
            "insutype" => ("insutype", insutype),
            "med_type" => ("med_type", med_type),
            name => (name, *value),
        };
        let typed: Vec<_> = VISIT.iter().map(of).collect();
        add(&city, &hospital(), RegisterKind::CashVisit, &typed)
    };
    let unknown = why(said("居保", "门诊"));
    assert!(unknown.contains("险种") && unknown.contains("居保"), "{unknown}");
    let kept = said("居民医保", "门诊").unwrap().entry;
    assert_eq!((kept.value("insutype").as_str(), kept.value("med_type").as_str()), ("390", "11"));
}
