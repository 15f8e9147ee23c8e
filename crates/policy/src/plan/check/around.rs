//! What holds around the closings: slow periods, frozen settlements, unbroken insurance, counts at an instant.

use super::Checker;
use super::meeting::may_meet;
use yibao_domain::outage::{
    Business, Continuity, Counted, Degraded, Freeze, Insurance, Invariant, Pattern, Question, Reopens, Rule, Scope,
    Stage, moment_name,
};
use yibao_domain::time::DateTime;

impl Checker<'_> {
    pub(super) fn around(&mut self) {
        let plan = self.plan;
        plan.degraded.iter().for_each(|slow| self.slow(slow));
        plan.freezes.iter().for_each(|freeze| self.freeze(freeze));
        plan.continuities.iter().for_each(|one| self.continuity(one));
        plan.invariants.iter().for_each(|one| self.invariant(one));
    }

    fn slow(&mut self, slow: &Degraded) {
        let (id, plan) = (&slow.id, self.plan);
        if slow.from.is_some_and(|from| slow.until <= from) {
            let text = format!("{id} 的缓慢时段止于{}，不晚于起点，请核对 from 与 until", moment_name(slow.until));
            self.problem(slow.line, text);
        }
        self.within_plan(id, "until ", slow.until, slow.line);
        let still_closed = |business: &Business| {
            let Some(somebody) = plan.somebody(&[&slow.scope]) else { return false };
            let question = Question { business: business.clone(), ..somebody };
            let closings = plan.closings(&question);
            let reopened = |last: DateTime| slow.until <= last;
            let ends = closings.iter().map(|closing| closing.window.reopens.expected());
            let begun = |closing: &yibao_domain::outage::Closing<'_>| {
                slow.from.is_none_or(|from| closing.window.closes <= from)
            };
            let from_the_reopening = slow.from.is_none() && closings.is_empty();
            let all = closings.iter().all(begun) && ends.into_iter().all(|end| end.is_some_and(reopened));
            from_the_reopening || !closings.is_empty() && all
        };
        let earlier_for_some = plan.stages.iter().any(|stage| {
            let meets = may_meet(&stage.scope, &slow.scope, &plan.pool);
            meets && stage.reopens.expected().is_none_or(|reopens| reopens < slow.until.at)
        });
        let is_closed = slow.businesses.iter().any(|pattern| self.is_closed_ever(pattern, &slow.scope));
        let covered = self.covered(&slow.businesses);
        if is_closed && !earlier_for_some && covered.iter().all(|business| still_closed(business)) {
            let until = moment_name(slow.until);
            self.problem(slow.line, format!("{id} 到{until}为止业务都还停办，没有缓慢的时候，请把 until 写到恢复之后"));
        }
        if slow.from.is_none() && !slow.businesses.iter().any(|pattern| self.is_closed_ever(pattern, &slow.scope)) {
            let text = format!("{id} 从恢复起算，而它的业务从不停办，请写明 from，或改正 business");
            self.problem(slow.line, text);
        }
    }

    fn is_closed_ever(&self, pattern: &Pattern, scope: &Scope) -> bool {
        let plan = self.plan;
        let Some(somebody) = plan.somebody(&[scope]) else { return true };
        plan.names.keys().filter(|business| pattern.covers(business)).any(|business| {
            let question = Question { business: business.clone(), ..somebody.clone() };
            !plan.closings(&question).is_empty()
        })
    }

    fn freeze(&mut self, freeze: &Freeze) {
        let settlement = Business::named("settlement");
        for pattern in &freeze.businesses {
            let is_settlement = matches!(pattern, Pattern::Under(business) if business.is_within(&settlement));
            if !is_settlement {
                let name = match pattern {
                    Pattern::All => "*",
                    Pattern::Under(business) => business.as_str(),
                };
                let text = format!("{} 冻结的“{name}”不是结算，只有 settlement 及其下的业务有可撤销的结算", freeze.id);
                self.problem(freeze.line, text);
            }
        }
        self.within_plan(&freeze.id, "at ", freeze.at, freeze.line);
        let covered = self.covered(&freeze.businesses);
        let closers: Vec<&Rule> = covered.iter().flat_map(|business| self.closers(business, &freeze.scope)).collect();
        let first = closers.iter().filter_map(|rule| rule.window.as_ref()).map(|window| window.closes).min();
        if let Some(first) = first.filter(|first| freeze.at < *first) {
            let text = format!(
                "{} 从{}起不能撤销结算，那时结算还没有停办（{}）；请核对 at，通常写停办或切换的时刻",
                freeze.id,
                moment_name(freeze.at),
                moment_name(first)
            );
            self.warn(freeze.line, text);
        }
        let stages = self.plan.stages.iter().filter(|stage| closers.iter().any(|rule| self.moves(stage, rule)));
        let of_rules = closers.iter().filter_map(|rule| rule.window.as_ref()).map(|window| &window.reopens);
        let reopenings: Option<Vec<DateTime>> =
            stages.map(|stage| &stage.reopens).chain(of_rules).map(Reopens::expected).collect();
        let last = reopenings.unwrap_or_default().into_iter().max();
        if let Some(last) = last.filter(|last| freeze.at > *last) {
            let text = format!(
                "{} 从{}起不能撤销结算，那时结算已经恢复（{}）：恢复后新办的结算到时也不能撤销；请核对 at，通常写停办或切换的时刻",
                freeze.id,
                moment_name(freeze.at),
                moment_name(last)
            );
            self.warn(freeze.line, text);
        }
    }

    fn continuity(&mut self, one: &Continuity) {
        let (id, (first, last)) = (&one.id, one.breaks);
        if last < first {
            let text = format!("{id} 的中断区间先止（{last}）后起（{first}），请核对 breaks_from 与 breaks_until");
            self.problem(one.line, text);
        }
        let scope = &one.scope;
        if !scope.providers.is_empty() || !scope.places.is_empty() || !scope.channels.is_empty() {
            let text = format!(
                "{id} 说的是参保，不能限定 providers、places、channels，请改用 schemes、populations、pools、counties"
            );
            self.problem(one.line, text);
        }
        let moment = self.moment_of(id, &one.due, scope, one.line);
        if let Some(moment) = moment {
            self.within_plan(&format!("待遇连续 {id}"), "续保期限", moment, one.line);
        }
        if let Some(moment) = moment.filter(|moment| *moment <= first.at(0, 0, 0, 0)) {
            let text = format!("{id} 的续保期限{}早于中断区间的首日{first}，请核对", moment_name(moment));
            self.problem(one.line, text);
        } else if let Some(moment) = moment
            && let Some((reopens, business)) = self.paid_too_late(scope, moment)
        {
            let text = format!(
                "{id} 的续保期限{}不晚于“{}”（{business}）恢复（{}），停办期间断保的来不及缴费续保；请核对期限",
                moment_name(moment),
                self.plan.name_of(business),
                moment_name(reopens)
            );
            self.warn(one.line, text);
        }
    }

    /// The contribution that first takes money again, and when, where that is too late for who has to be insured again by a moment.
    fn paid_too_late(&self, scope: &Scope, moment: DateTime) -> Option<(DateTime, &Business)> {
        let of = [(Insurance::Employee, "contribution.employee"), (Insurance::Resident, "contribution.resident")];
        let asked = of.into_iter().filter(|(scheme, _)| scope.schemes.is_empty() || scope.schemes.contains(scheme));
        let mut first: Option<(DateTime, &Business)> = None;
        for (_, name) in asked {
            let business = Business::named(name);
            let is_earlier = |stage: &&Stage| {
                stage.specificity(&business).is_some()
                    && stage.reopens.expected().is_none_or(|reopens| reopens < moment)
            };
            // One that stays open, or comes back by an event, may be paid.
            let paid = self.first_reopening(&[Pattern::Under(business.clone())], scope);
            let (reopens, business) = paid.filter(|_| !self.plan.stages.iter().any(|stage| is_earlier(&stage)))?;
            if reopens < moment {
                return None;
            }
            first = first.filter(|(earliest, _)| *earliest <= reopens).or(Some((reopens, business)));
        }
        first
    }

    fn invariant(&mut self, one: &Invariant) {
        let (id, scope, plan) = (&one.id, &one.scope, self.plan);
        self.within_plan(id, "at ", one.at, one.line);
        let persons = !scope.schemes.is_empty() || !scope.populations.is_empty() || !scope.pools.is_empty();
        if persons || !scope.places.is_empty() || !scope.channels.is_empty() {
            let text = format!("{id} 按机构清点，只能限定 providers、counties");
            self.problem(one.line, text);
        }
        let mut seen: Vec<Counted> = Vec::new();
        for counted in &one.counts {
            if seen.contains(counted) {
                self.problem(one.line, format!("{id} 的 counts 里“{}”写了两次，请删去一个", counted.word()));
            }
            seen.push(*counted);
            let opened_by = match counted {
                Counted::Visits => "settlement.outpatient.ordinary",
                Counted::InHospital | Counted::Discharged => "encounter.admission",
            };
            let question =
                plan.somebody(&[scope]).map(|somebody| Question { business: Business::named(opened_by), ..somebody });
            let closes = question.as_ref().map(|question| plan.closings(question));
            let still_open = closes.is_some_and(|closings| {
                closings.is_empty() || closings.iter().all(|closing| one.at < closing.window.closes)
            });
            if still_open {
                let text = format!(
                    "{id} 要求{}{}为零，而那时{}尚未停办，仍会有新的，请核对 at",
                    moment_name(one.at),
                    counted.name(),
                    plan.name_of(&Business::named(opened_by))
                );
                self.warn(one.line, text);
            }
            let ended_by = match counted {
                Counted::Visits => "settlement.outpatient.ordinary",
                Counted::Discharged => "settlement.inpatient",
                Counted::InHospital => "encounter.discharge",
            };
            let ended_by = Business::named(ended_by);
            let question = plan.somebody(&[scope]).map(|somebody| Question { business: ended_by.clone(), ..somebody });
            let closings = question.as_ref().map(|question| plan.closings(question)).unwrap_or_default();
            let while_closed = closings
                .iter()
                .find(|closing| closing.window.closes < one.at && closing.window.reopens.is_after(one.at.at));
            if let Some(closing) = while_closed {
                let text = format!(
                    "{id} 要求{}{}为零，而“{}”已在{}停办，其后不能再办结；请把 at 写到停办时刻或更早",
                    moment_name(one.at),
                    counted.name(),
                    plan.name_of(&ended_by),
                    moment_name(closing.window.closes)
                );
                self.warn(one.line, text);
            }
        }
    }
}
