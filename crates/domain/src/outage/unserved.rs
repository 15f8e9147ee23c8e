//! What a plan says and nothing carries out yet (待岗位办理): notice and explanation tell it, and whoever builds its desk goes by it.
//!
//! What is not here acts; `policy/plan/keys` says of each key where.

use super::{Business, DutyKind, InsuredIn, Pattern, Plan, Protection, Question, Scope};

/// Something that is text today.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unserved<'a> {
    /// Where it stands in the file.
    pub line: u32,
    /// What it says, in a few words.
    pub what: String,
    /// What its desk will do.
    pub desk: &'static str,
    /// The businesses that it is about; none: no one in particular.
    pub businesses: &'a [Pattern],
    /// For whom and where; nothing where the whole plan says it.
    pub scope: Option<&'a Scope>,
    /// The business that something of the whole plan bears on.
    bears_on: &'static str,
}

/// Where contributions are paid in.
const CONTRIBUTIONS: &str = "征缴业务上线后，据此认定迟缴不影响待遇";
/// Where filings are judged by their limits.
const FILINGS: &str = "备案时限由平台核对后，据此视为按时；目前由经办人员掌握";
/// Where benefits elsewhere and waiting periods are priced.
const PRICES: &str = "相应待遇由平台计算后，据此计价；目前由经办人员掌握";
/// Where accumulators of other years are kept.
const YEARS: &str = "年度累计按待遇规则计算，方案只说明所属年度";
/// Where care of people insured elsewhere is settled.
const VISITORS: &str = "异地就医直接结算上线后，据此补录结算；目前只登记，患者回参保地办理";
/// What people go through by themselves.
const BY_PEOPLE: &str = "由责任单位自行落实，平台只列入公告";

impl Plan {
    /// Everything of the plan that is text today, by line.
    pub fn unserved(&self) -> Vec<Unserved<'_>> {
        let of_plan = |what: &str, desk, bears_on| Unserved {
            line: self.line,
            what: what.to_owned(),
            desk,
            businesses: &[],
            scope: None,
            bears_on,
        };
        let mut found = Vec::new();
        if self.switches.late_payment_forgiven {
            found.push(of_plan("迟缴不影响待遇", CONTRIBUTIONS, "contribution"));
        }
        if self.benefit_year_begins != (1, 1) {
            found.push(of_plan("待遇年度起始", YEARS, "settlement"));
        }
        let is_of_others = |pool: &InsuredIn| !matches!(pool, InsuredIn::Pool(pool) if *pool == self.pool);
        let of_visitors = self.rules.iter().filter(|rule| {
            let alone = !rule.scope.pools.is_empty() && rule.scope.pools.iter().all(is_of_others);
            alone && rule.window.is_some() && rule.disposition.is_entered()
        });
        found.extend(of_visitors.map(|rule| Unserved {
            line: rule.line,
            what: format!("外地参保人员的“{}”{}", rule.disposition.name(), of_clauses(&rule.clauses)),
            desk: VISITORS,
            businesses: &rule.businesses,
            scope: Some(&rule.scope),
            bears_on: "",
        }));
        found.extend(self.tolerances.iter().map(|one| Unserved {
            line: one.line,
            what: format!("宽限{}", of_clauses(&one.clauses)),
            desk: FILINGS,
            businesses: &one.businesses,
            scope: Some(&one.scope),
            bears_on: "",
        }));
        for promise in &self.hold_harmless {
            let is_priced = |protection: &Protection| {
                *protection == Protection::Deductible && promise.businesses.iter().any(covers_transfers)
            };
            let text: Vec<&str> = promise.protects.iter().filter(|one| !is_priced(one)).map(|one| one.name()).collect();
            if !text.is_empty() {
                let what = format!("待遇不受损{}：{}", of_clauses(&promise.clauses), text.join("、"));
                let (businesses, scope) = (promise.businesses.as_slice(), Some(&promise.scope));
                found.push(Unserved { line: promise.line, what, desk: PRICES, businesses, scope, bears_on: "" });
            }
        }
        found.extend(self.duties.iter().filter(|duty| duty.register().is_none() && is_by_people(duty.kind)).map(
            |duty| {
                let what = format!("责任事项{}：{}", of_clauses(&duty.clauses), duty.kind.name());
                Unserved {
                    line: duty.line,
                    what,
                    desk: BY_PEOPLE,
                    businesses: &duty.businesses,
                    scope: Some(&duty.scope),
                    bears_on: "",
                }
            },
        ));
        found.extend(self.checklists.iter().map(|list| Unserved {
            line: list.line,
            what: format!("核对清单{}", of_clauses(&list.clauses)),
            desk: BY_PEOPLE,
            businesses: &[],
            scope: None,
            bears_on: "",
        }));
        found.sort_by_key(|one| one.line);
        found
    }

    /// The same of what is about the business of a question, for whoever asks.
    pub fn unserved_of(&self, question: &Question) -> Vec<Unserved<'_>> {
        let mut found = self.unserved();
        found.retain(|one| match one.scope {
            Some(scope) => self.is_about(one.businesses, scope, question),
            None => Business::new(one.bears_on).is_some_and(|root| question.business.is_within(&root)),
        });
        found
    }
}

/// `（条款P-11、P-12）`: people look it up in the notice by that, and in the file by its line.
fn of_clauses(clauses: &[String]) -> String {
    if clauses.is_empty() { String::new() } else { format!("（条款{}）", clauses.join("、")) }
}

/// A transfer out that was filed late is priced as one that was filed in time.
fn covers_transfers(pattern: &Pattern) -> bool {
    pattern.covers(&Business::named("filing.transfer"))
}

/// Duties of which the platform keeps nothing.
fn is_by_people(kind: DutyKind) -> bool {
    use DutyKind::*;
    match kind {
        // Lists, deadlines of entries, the order of stays, what the notice puts before the stop.
        Worklist | Call | Register | Backfill | Cutoff | Order | Publicity | Escalation => false,
        RunOff | Check | Monitor | Remedy | Report | Guide => true,
    }
}
