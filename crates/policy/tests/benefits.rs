//! What a plan has made good and the pool's benefit rules pay nothing for.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use yibao_policy::plan::{Problem, read, without_benefit};
use yibao_policy::rules::RuleBook;

fn told(pool: &str, rule: &str) -> Vec<Problem> {
    let head = format!(
        "[plan]\nid = \"t\"\ntitle = \"试\"\nissuer = \"试\"\npool = \"{pool}\"\nissued = \"2021-07-01\"\ncloses = \"2021-07-09 24:00\"\n\
         reopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n"
    );
    let rule = format!("[[rule]]\nid = \"drugs\"\nclause = \"1\"\nadvice = \"请等恢复。\"\n{rule}\n");
    without_benefit(&read(&format!("{head}{rule}")).unwrap(), &RuleBook::embedded().unwrap())
}

const DRUGS: &str = "business = \"settlement.outpatient.special_drug\"\ndisposition = \"cash_reenter\"";

#[test]
fn special_drugs_where_no_scheme_pays_for_them_are_told() {
    let found = told("520500", DRUGS);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].line, 10);
    for part in ["规则 drugs", "职工", "居民", "没有特药购药待遇", "随门诊"] {
        assert!(found[0].text.contains(part), "{part}: {found:?}");
    }
    let of_residents = told("520500", &format!("{DRUGS}\nschemes = \"resident\""));
    assert!(!of_residents[0].text.contains("职工"), "{of_residents:?}");
}

#[test]
fn special_drugs_that_are_paid_for_refused_or_of_visitors_are_not() {
    assert_eq!(told("510400", DRUGS), []);
    assert_eq!(told("110000", DRUGS), [], "a pool without rules is told otherwise");
    assert_eq!(told("520500", &DRUGS.replace("cash_reenter", "refuse")), []);
    assert_eq!(told("520500", &DRUGS.replace(".special_drug", "")), []);
    assert_eq!(told("520500", &format!("{DRUGS}\npools = \"elsewhere\"")), []);
}
