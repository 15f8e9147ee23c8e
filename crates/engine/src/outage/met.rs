//! How care met an outage (停机就医), as its settlement sees it.

use crate::facts::care_kind;
use crate::facts::question::{self, Asked};
use crate::policies::Policies;
use yibao_domain::outage::{
    Business, Moments, Path, Question, RegisterKind, Stay, Stood, Waited, Way, conversion_of, path_of_stay,
    path_of_visit, waited_for,
};
pub(crate) use yibao_domain::register::matching::Meeting as MetOutage;
use yibao_domain::settlement::CareKind;
use yibao_domain::settlement::order::{self, KeptBack};
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
    /// The settlements that ended the stay before.
    pub stood: Vec<Stood>,
    pub now: DateTime,
}

impl Settled<'_> {
    /// When it counts, kept back by an outage.
    pub fn counts_at(&self) -> DateTime {
        let kept_back = match (self.setting, self.endtime) {
            (Setting::Inpatient, Some(discharged)) => KeptBack::Stay { discharged },
            _ => KeptBack::Visit { begins: self.begntime },
        };
        order::counts_at(self.now, Some(kept_back))
    }

    /// What is asked of the plans about it.
    pub fn question(&self, policies: &Policies) -> Question {
        let asked = Asked { insutype: self.insutype, person: Some(self.person), day: self.begntime.date() };
        question::about(
            policies,
            Some(self.provider),
            "",
            &asked,
            care_kind::settlement_business(self.setting, self.kind),
        )
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
        return Some(on_the_way(&way, RegisterKind::CashVisit, business, settled, &moments, policies));
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
    let waited =
        if converts || met_inside { None } else { waited_for(&plans, &question, &stay, &settled.stood, settled.now) };
    let kind = if converts && !met_inside { RegisterKind::StayConversion } else { RegisterKind::DeferredDischarge };
    // What has only waited is ordinary but for its order: it has no deadline of the outage.
    if let Some(Waited { way, since }) = waited {
        let counts_at = order::counts_at(settled.now, Some(KeptBack::Stay { discharged: since }));
        let met = on_the_way(&way, kind, business, settled, &moments, policies);
        return Some(MetOutage { counts_at, inside: false, late: None, ..met });
    }
    let way = inside.or(conversion)?;
    let met = on_the_way(&way, kind, business, settled, &moments, policies);
    Some(MetOutage { converts, inside: met_inside, ..met })
}

fn on_the_way(
    way: &Way<'_>,
    usual: RegisterKind,
    business: Business,
    settled: &Settled<'_>,
    moments: &Moments<'_>,
    policies: &Policies,
) -> MetOutage {
    let rule = way.closing.rule;
    MetOutage {
        plan: way.plan.name_in(&policies.pool.pool),
        rule: rule.id.clone(),
        kind: rule.register(&way.question.business).filter(|kind| kind.is_settled()).unwrap_or(usual),
        business,
        counts_at: settled.counts_at(),
        late: way.missed(moments, &policies.calendar, settled.now).map(|(due, _)| due),
        converts: false,
        asked: way.question.clone(),
        inside: true,
    }
}
