//! How care met an outage (停机就医), as its settlement sees it.

use crate::facts::care_kind;
use crate::facts::question::{self, Asked};
use crate::policies::Policies;
use yibao_domain::outage::{
    Business, Moments, Path, Population, Question, RegisterKind, Stay, Way, conversion_of, path_of_stay, path_of_visit,
};
pub(crate) use yibao_domain::register::matching::Meeting as MetOutage;
use yibao_domain::settlement::CareKind;
use yibao_domain::time::DateTime;
use yibao_store::encounter::Setting;
use yibao_store::person::PersonFacts;
use yibao_store::reference::Provider;

/// What is settled, as far as it matters whether it met an outage.
pub(crate) struct Settled<'a> {
    pub provider: &'a Provider,
    pub person: &'a PersonFacts,
    pub insutype: &'a str,
    pub setting: Setting,
    pub kind: CareKind,
    pub begntime: DateTime,
    /// Of a stay that is over.
    pub endtime: Option<DateTime>,
    pub now: DateTime,
}

impl Settled<'_> {
    /// What is asked of the plans about it.
    pub fn question(&self, policies: &Policies) -> Question {
        let asked = Asked { insutype: self.insutype, person: Some(self.person), day: self.begntime.date() };
        question::about(policies, self.provider, "", &asked, care_kind::settlement_business(self.setting, self.kind))
    }
}

/// How the outage was met; nothing for care that it did not touch, and for a stay that goes on.
pub(crate) fn by_plan(policies: &Policies, settled: &Settled<'_>) -> Option<MetOutage> {
    let plans = policies.plans();
    if plans.iter().all(|plan| plan.pool != policies.pool.pool) {
        return None;
    }
    let question = settled.question(policies);
    let business = question.business.clone();
    let moments = Moments {
        care: Some(settled.begntime),
        discharge: settled.endtime,
        question: Some(&question),
        ..Moments::default()
    };
    if settled.setting != Setting::Inpatient {
        let Path::Backfill(way) = path_of_visit(&plans, &question, settled.begntime) else { return None };
        return Some(on_the_way(
            &way,
            RegisterKind::CashVisit,
            business,
            settled.begntime,
            &moments,
            policies,
            settled.now,
        ));
    }
    let discharged = settled.endtime?;
    let stay = Stay { admitted: settled.begntime, discharged: Some(discharged), chose_to_claim: false };
    let conversion = conversion_of(&plans, &question, &stay);
    let inside = match path_of_stay(&plans, &question, &stay) {
        Path::Backfill(way) => Some(way),
        Path::Ordinary | Path::Elsewhere(_) => None,
    };
    let converts = conversion.is_some();
    let met_inside = inside.is_some();
    let way = inside.or(conversion)?;
    let kind = if met_inside { RegisterKind::DeferredDischarge } else { RegisterKind::StayConversion };
    let registered_poor = question.populations.contains(&Population::RegisteredPoor);
    Some(MetOutage {
        converts,
        registered_poor,
        inside: met_inside,
        ..on_the_way(&way, kind, business, discharged, &moments, policies, settled.now)
    })
}

fn on_the_way(
    way: &Way<'_>,
    usual: RegisterKind,
    business: Business,
    counts_at: DateTime,
    moments: &Moments<'_>,
    policies: &Policies,
    now: DateTime,
) -> MetOutage {
    let rule = way.closing.rule;
    MetOutage {
        plan: way.plan.id.clone(),
        rule: rule.id.clone(),
        kind: rule.register().filter(|kind| kind.is_settled()).unwrap_or(usual),
        business,
        counts_at,
        late: way.missed(moments, &policies.calendar, now).map(|(due, _)| due),
        converts: false,
        registered_poor: false,
        inside: true,
    }
}
