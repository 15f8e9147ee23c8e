//! What somebody paid alone, of care that is settled, because an outage closed what would have had it paid: claimed beside the settlement.

use super::care::{Line, Settled, cancellation, description, fees, one, registration, settle_visit, text};
use super::city::{City, DRUG, HOSPITAL, LI};
use super::registers::{add, agency, in_the_outage, why};
use jiff::civil::date;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::OTHER_CARE;
use yibao_engine::desks::registers::{Kept, NotDone};
use yibao_store::reference::CatalogueItem;

/// Approvals and claims stop, settlement goes on; the plan's own words for lines that could not be approved.
fn plan(rest: &str) -> String {
    format!(
        "[plan]\nid = \"t\"\ntitle = \"小城停机方案\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
         closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-11-30 24:00\"\n\n\
         [[rule]]\nid = \"approvals\"\nclause = \"1\"\nbusiness = [\"approval\", \"catalogue.mapping\"]\n\
         disposition = \"refuse\"\nadvice = \"恢复后再审批。\"\n\n{rest}"
    )
}

const CLAIM: &str = r#"[[duty]]
id = "self-pay-lines"
clause = "2"
kind = "register"
who = "agency"
business = "reimbursement.self_pay"
what = "停机期间因不能审批而自费的项目，凭发票和费用清单补报"
evidence = ["invoice", "fee_list"]
by = "2021-09-30 24:00"
after_deadline = "refuse"
"#;

/// A limited drug that could not be approved: it is paid alone.
const LIMITED: &str = "XN02BEB071A001010101999";
const ALONE: Line = Line { serial: "2", item: LIMITED, quantity: "1", price: "70.00", amount: "70.00", returns: "" };

/// The city after a visit in the outage, of 100 of which 70 were paid alone.
fn city(plan_text: &str) -> (City, String, Settled) {
    let city = City::with_plan(plan_text);
    city.write(|tx| {
        let drug = tx.catalogue_items(&[DRUG], "520500")?.into_iter().next().expect("the city's drug");
        let limited = CatalogueItem { med_list_codg: LIMITED.into(), lmt_used_flag: "1".into(), ..drug };
        tx.put_catalogue_item(&limited).map(drop)
    });
    city.clock.set(in_the_outage());
    let (begun, batch) = ("2021-07-12 09:30:00", "B1");
    let registered = city.done(HOSPITAL, "2201", &registration(LI, "390", begun));
    let mdtrt_id = text(&registered.output["data"]["mdtrt_id"]);
    city.done(HOSPITAL, "2203A", &description(LI, &mdtrt_id, "11", begun));
    city.done(HOSPITAL, "2204", &fees(LI, &mdtrt_id, batch, &[one("1", "30.00"), ALONE]));
    let settled = settle_visit(&city, LI, &mdtrt_id, batch, "100.00");
    assert_eq!(settled.info["fulamt_ownpay_amt"].to_string(), "70.00");
    (city, mdtrt_id, settled)
}

fn claim(city: &City, more: &[(&str, &str)]) -> Result<Kept, NotDone> {
    let usual = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("business", "reimbursement.self_pay"),
        ("begntime", "2021-07-20 10:00"),
        ("care_provider", HOSPITAL),
        ("care_begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "70.00"),
        ("invono", "900001"),
        ("fee_list", "是"),
    ];
    let rest = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    let stated: Vec<_> = rest.chain(more).copied().filter(|(_, value)| !value.is_empty()).collect();
    add(city, &agency(), RegisterKind::Papers, &stated)
}

#[test]
fn what_was_paid_alone_because_of_the_outage_is_claimed_once_beside_the_settlement() {
    let (city, ..) = city(&plan(CLAIM));
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    // The whole bill was settled: it is no claim of its own.
    let whole = [("business", "reimbursement.manual"), ("medfee_sumamt", "100.00")];
    assert!(claim(&city, &whole).is_err(), "the whole bill is settled");
    let taken = claim(&city, &[]).unwrap();
    assert_eq!((taken.entry.plan.as_str(), taken.entry.rule.as_str()), ("t", "self-pay-lines"));
    assert_eq!(taken.remarks, Vec::<String>::new(), "no suspected double: it is claimed beside the settlement");
    assert!(!claim(&city, &[]).unwrap().is_new, "the same claim again is one entry");
    let twice = why(claim(&city, &[("medfee_sumamt", "10.00"), ("invono", "900002")]));
    assert!(twice.contains(&taken.entry.number), "{twice}");
    city.verify();
}

#[test]
fn a_claim_of_what_was_paid_alone_is_held_against_the_settlement_the_window_and_the_deadline() {
    let (city, mdtrt_id, settled) = city(&plan(CLAIM));
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    let more = why(claim(&city, &[("medfee_sumamt", "70.01")]));
    assert!(more.contains("70.01") && more.contains("70.00元，不能超过"), "{more}");
    let no_care = why(claim(&city, &[("care_begntime", "2021-07-13 09:30")]));
    assert!(no_care.contains("没有已结算的就诊"), "{no_care}");
    let before = why(claim(&city, &[("care_begntime", "2021-07-08 09:30")]));
    assert!(before.contains("不在停办时段内"), "{before}");
    let no_paper = why(claim(&city, &[("fee_list", "")]));
    assert!(no_paper.contains("费用明细清单"), "{no_paper}");
    let no_sum = why(claim(&city, &[("medfee_sumamt", "")]));
    assert!(no_sum.contains("垫付金额"), "{no_sum}");
    let apart = why(claim(&city, &[("medfee_sumamt", "70.01"), (OTHER_CARE, "是")]));
    assert!(apart.contains("不能超过"), "nothing is told apart from its own settlement: {apart}");
    city.clock.set(date(2021, 10, 1).at(0, 0, 0, 0));
    let late = why(claim(&city, &[("begntime", "2021-10-01 00:00")]));
    assert!(late.contains("2021-09-30 24:00前提交"), "{late}");
    city.clock.set(date(2021, 7, 20).at(10, 0, 0, 0));
    city.done(HOSPITAL, "2208", &cancellation(LI, &mdtrt_id, &settled.setl_id));
    let cancelled = why(claim(&city, &[]));
    assert!(cancelled.contains("没有已结算的就诊"), "{cancelled}");
}

#[test]
fn nobody_claims_what_was_paid_alone_where_no_plan_names_it() {
    let claims = CLAIM.replace("reimbursement.self_pay", "reimbursement");
    let closed = "[[rule]]\nid = \"claims\"\nclause = \"3\"\nbusiness = \"reimbursement\"\n\
                  disposition = \"register_later\"\nadvice = \"先收件。\"\n\n";
    let (city, ..) = city(&plan(&format!("{closed}{claims}")));
    let refused = why(claim(&city, &[("begntime", "2021-07-12 15:00")]));
    assert!(refused.contains("没有规定停机期间的自费项目可以补报"), "{refused}");
}
