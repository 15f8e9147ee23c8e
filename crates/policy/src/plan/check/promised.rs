//! What a plan promises or demands and nobody can keep (落空的安排): a deposit without its amount, calls without telephone numbers,
//! claims at an office that does not open again, duties and news for who has no part in the business, patients without any way.

use super::Checker;
use super::meeting::may_meet;
use super::reach::channels_of;
use yibao_domain::outage::{
    Actor, Business, Channel, Disposition, DueAt, Duty, DutyKind, Evidence, Pattern, PersonIn, Population, Question,
    RegisterKind, Requirement, Rule, Scope, Which, moment_name,
};

/// Papers that say who somebody is.
const CARDS: &[Evidence] = &[
    Evidence::IdCard,
    Evidence::IdCardCopy,
    Evidence::SocialSecurityCard,
    Evidence::SocialSecurityCardCopy,
    Evidence::ResidentCard,
    Evidence::ElectronicVoucher,
    Evidence::HouseholdBook,
];

/// Whether somebody never has anything to do with a business: care is nothing of employers' or the tax office's, papers at the
/// agency nothing of a pharmacy's.
fn is_never_with(actor: Actor, business: &Business) -> bool {
    let under = |names: &[&str]| {
        let rest = |name: &str| business.as_str().strip_prefix(name);
        names.iter().any(|name| rest(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let is_care = under(&["settlement", "encounter"]);
    match actor {
        Actor::Tax | Actor::Employer | Actor::Insurer | Actor::InformationCentre => is_care,
        Actor::DrugSupplier => is_care && !under(&["settlement.outpatient.special_drug"]),
        Actor::Pharmacy => under(&["filing", "enrolment", "contribution", "reimbursement"]),
        _ => false,
    }
}

impl Checker<'_> {
    pub(super) fn promised(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            self.deposits(rule);
            self.statements(rule);
            self.claims(rule);
            self.heard_by_nobody(rule);
            self.account_alone(rule);
        }
        for duty in &plan.duties {
            self.done_by_nobody(duty);
            self.calls(duty);
            self.conversions(duty);
            if duty.kind == DutyKind::Worklist && duty.register().is_none() {
                let text = format!(
                    "责任事项 {}（逐人办理清单）没有写 register，列不出人来；请写清单所在的台账，如 {}（{}）",
                    duty.id,
                    RegisterKind::InpatientNotice.word(),
                    RegisterKind::InpatientNotice.name()
                );
                self.warn(duty.line, text);
            }
        }
        plan.duties.iter().for_each(|duty| self.listed_by_nobody(duty));
        self.promises_about_no_filing();
        self.admissions();
        self.discharges();
        plan.rules.iter().for_each(|rule| self.not_yet_known(rule));
    }

    /// What is made good in time is a filing: care itself is settled under the rules of its closing.
    fn promises_about_no_filing(&mut self) {
        const CARE: [&str; 4] = ["settlement", "encounter", "account", "catalogue"];
        let plan = self.plan;
        for promise in &plan.hold_harmless {
            let is_care = |pattern: &&Pattern| match pattern {
                Pattern::All => true,
                Pattern::Under(business) => CARE.iter().any(|care| business.is_within(&Business::named(care))),
            };
            if let Some(pattern) = promise.businesses.iter().find(is_care) {
                let name = match pattern {
                    Pattern::All => "全部业务（*）".to_owned(),
                    Pattern::Under(business) => format!("“{}”（{business}）", plan.name_of(business)),
                };
                let text = format!(
                    "待遇不受损 {} 的 business 写的是{name}，不是备案：补办了什么才不受损，无从说起；请写停办期间办不了的备案，如 filing.transfer、filing.remote",
                    promise.id
                );
                self.problem(promise.line, text);
            }
        }
    }

    /// Lists that the platform fills by itself.
    fn listed_by_nobody(&mut self, duty: &Duty) {
        const FILLED: [RegisterKind; 3] =
            [RegisterKind::InpatientNotice, RegisterKind::StayConversion, RegisterKind::Publicity];
        let Some(register) = duty.stated_register.filter(|register| !FILLED.contains(register)) else { return };
        if duty.kind == DutyKind::Worklist {
            let text = format!(
                "责任事项 {}（逐人办理清单）的 register 写的是 {}（{}），平台不会往里面列人，清单一直是空的；请改为 {}（{}），由人登记的改用 kind = \"register\"",
                duty.id,
                register.word(),
                register.name(),
                RegisterKind::InpatientNotice.word(),
                RegisterKind::InpatientNotice.name()
            );
            self.warn(duty.line, text);
        }
    }

    /// A deposit is settled both ways: its amount has to be known.
    fn deposits(&mut self, rule: &Rule) {
        let own = (rule.disposition, &rule.evidence, rule.line);
        let fallbacks = rule.fallbacks.iter().map(|one| (one.disposition, &one.evidence, one.line));
        for (disposition, evidence, line) in fallbacks.chain([own]) {
            if disposition == Disposition::Deposit && !asks_for(evidence, Evidence::Prepayment) {
                let text = format!(
                    "规则 {} 收押金（deposit）、恢复后多退少补，却没有要求登记收了多少；请在 evidence 里写 prepayment",
                    rule.id
                );
                self.warn(line, text);
            }
        }
    }

    /// Who is admitted on a statement made one: it has to be kept, or some paper stands in for it. A card says who somebody is, and
    /// nothing of the benefits.
    fn statements(&mut self, rule: &Rule) {
        let own = (rule.disposition, &rule.evidence, rule.line);
        let fallbacks = rule.fallbacks.iter().map(|one| (one.disposition, &one.evidence, one.line));
        for (disposition, evidence, line) in fallbacks.chain([own]) {
            let states = |word: &Evidence| {
                [Evidence::Statement, Evidence::StatementSignature].contains(word)
                    || (word.row().is_brought && !CARDS.contains(word))
            };
            let stated = evidence.iter().flat_map(|one| one.any_of.iter().flatten()).any(states);
            if disposition == Disposition::AdmitOnStatement && !stated {
                let text = format!(
                    "规则 {} 凭陈述收治（admit_on_statement），却没有要求记录陈述；请在 evidence 里写 statement（{}），凭证明收治的改用 paper_certificate",
                    rule.id,
                    Evidence::Statement.name()
                );
                self.warn(line, text);
            }
        }
    }

    /// Who is listed to be converted, where no rule converts anybody: the stays go on and are settled later.
    fn conversions(&mut self, duty: &Duty) {
        use Disposition::{CancelRecreate, ConvertSelfPay};
        let list = RegisterKind::StayConversion;
        if duty.kind != DutyKind::Worklist || duty.register() != Some(list) {
            return;
        }
        let converts = |rule: &&Rule| {
            let way = [ConvertSelfPay, CancelRecreate].contains(&rule.disposition) || rule.keeps(list);
            way && may_meet(&rule.scope, &duty.scope, &self.plan.pool)
        };
        let closers = || self.covered(&duty.businesses).into_iter().flat_map(|one| self.closers(one, &duty.scope));
        if let (None, Some(rule)) = (self.plan.rules.iter().find(converts), closers().next()) {
            let text = format!(
                "责任事项 {} 把在院的人列出来转自费（{}），而没有一条规则转自费：第{}行的规则 {} 是 {}（{}）；请删去，或给 encounter.fees 写 convert_self_pay 的规则",
                duty.id,
                list.word(),
                rule.line,
                rule.id,
                rule.disposition.word(),
                rule.disposition.name()
            );
            self.warn(duty.line, text);
        }
    }

    /// Who paid cash claims at the agency: it has to be open for that before the claim is too late.
    fn claims(&mut self, rule: &Rule) {
        let plan = self.plan;
        let own = (rule.disposition, rule.deadline.as_ref(), rule.line);
        let fallbacks = rule.fallbacks.iter().map(|one| (one.disposition, one.deadline.as_ref(), one.line));
        let claims = [Disposition::CashClaim, Disposition::AgencyReimburses];
        let claimed: Vec<_> = fallbacks.chain([own]).filter(|(way, ..)| claims.contains(way)).collect();
        let Some(somebody) = plan.somebody(&[&rule.scope]) else { return };
        let reimbursement = Business::named("reimbursement");
        let question = Question { business: reimbursement.clone(), channel: None, provider: None, ..somebody };
        let takes_nothing = |rule: &&Rule| matches!(rule.disposition, Disposition::Refuse | Disposition::RejectRefund);
        let Some(closing) = plan.governing(&question).into_iter().find(takes_nothing) else { return };
        let name = plan.name_of(&reimbursement);
        let own_reopening = rule.window.as_ref().and_then(|window| window.reopens.moment());
        for (way, deadline, line) in claimed {
            let end = deadline.and_then(|one| plan.end_for(&one.due, rule, self.calendar).moment());
            let text = match (plan.reopening(&question, Which::Actual), end) {
                (DueAt::Unknowable(_), _) => "不再恢复".to_owned(),
                // What ends before its own business is open again is told elsewhere.
                (DueAt::At(reopens), Some(end)) if end <= reopens && Some(end) >= own_reopening => {
                    format!("到{}才恢复，不早于期限{}", moment_name(reopens), moment_name(end))
                }
                _ => continue,
            };
            let text = format!(
                "规则 {} 让人到经办机构报销（{}），而“{name}”（{reimbursement}，第{}行 {}）{text}，谁也报不了；请改正其中一条",
                rule.id,
                way.word(),
                closing.line,
                closing.id
            );
            self.problem(line, text);
        }
    }

    /// Told to providers only that never have the business.
    fn heard_by_nobody(&mut self, rule: &Rule) {
        if let Some((business, actors)) = self.strangers(&rule.businesses, &rule.stated_audience) {
            let text = format!(
                "规则 {} 只告知{actors}（audience），而“{}”（{business}）不在那里办理；请核对 audience",
                rule.id,
                self.plan.name_of(business)
            );
            self.warn(rule.line, text);
            return;
        }
        let told = &rule.stated_audience;
        let is_strange = |pattern: &Pattern| match pattern {
            Pattern::All => false,
            Pattern::Under(business) => told.iter().all(|actor| is_never_with(*actor, business)),
        };
        let Some(Pattern::Under(business)) = rule.businesses.first().filter(|_| !told.is_empty()) else { return };
        if rule.businesses.iter().all(is_strange) {
            let actors: Vec<&str> = told.iter().map(|actor| actor.name()).collect();
            let text = format!(
                "规则 {} 只告知{}（audience），而“{}”（{business}）与其无关，患者和办理的机构都不会被告知；请核对 audience",
                rule.id,
                actors.join("、"),
                self.plan.name_of(business)
            );
            self.warn(rule.line, text);
        }
    }

    /// To be done by providers only that never have the business.
    fn done_by_nobody(&mut self, duty: &Duty) {
        use DutyKind::*;
        let at_the_counter = matches!(duty.kind, Worklist | Call | Register | Backfill | Cutoff);
        if let Some((business, actors)) = self.strangers(&duty.businesses, &duty.who).filter(|_| at_the_counter) {
            let text = format!(
                "责任事项 {}（{}）要{actors}办，而“{}”（{business}）不在那里办理；请改正 who 或 business",
                duty.id,
                duty.kind.name(),
                self.plan.name_of(business)
            );
            self.problem(duty.line, text);
        }
    }

    /// The first of some businesses, and the providers, where none of these ever has any of those.
    fn strangers<'b>(&self, businesses: &'b [Pattern], actors: &[Actor]) -> Option<(&'b Business, String)> {
        let at = |actor: &Actor| match actor {
            Actor::Hospital => Some(Channel::Hospital),
            Actor::Pharmacy => Some(Channel::Pharmacy),
            _ => None,
        };
        let channels: Vec<Channel> = actors.iter().map(at).collect::<Option<_>>()?;
        let apart = |pattern: &Pattern| match pattern {
            Pattern::All => false,
            Pattern::Under(business) => {
                let reaches = channels_of(business);
                !reaches.is_empty() && !channels.iter().any(|channel| reaches.contains(channel))
            }
        };
        let Some(Pattern::Under(first)) = businesses.first() else { return None };
        let nobody = !channels.is_empty() && businesses.iter().all(apart);
        nobody.then(|| (first, channels.iter().map(|one| one.name()).collect::<Vec<_>>().join("、")))
    }

    /// Who is to be called left a number.
    fn calls(&mut self, duty: &Duty) {
        if duty.kind != DutyKind::Call || duty.businesses.is_empty() {
            return;
        }
        let covered = self.covered(&duty.businesses);
        // Who claims at the agency is not called.
        let without = covered.iter().find_map(|business| {
            let closers = self.closers(business, &duty.scope).into_iter();
            let mut lacking = closers.filter(|rule| {
                let kept = rule.register(business).is_some_and(|kind| kind != RegisterKind::Papers);
                kept && !asks_for(&rule.evidence, Evidence::Telephone)
            });
            lacking.next().map(|rule| (*business, rule))
        });
        if let Some((business, rule)) = without {
            let text = format!(
                "责任事项 {}（{}）要打电话，而第{}行的规则 {} 办“{}”（{business}）时没有要求留电话；请在那条的 evidence 里写 telephone",
                duty.id,
                duty.kind.name(),
                rule.line,
                rule.id,
                self.plan.name_of(business)
            );
            self.warn(duty.line, text);
        }
    }

    /// An account is paid from in settlements: alone it does not close.
    fn account_alone(&mut self, rule: &Rule) {
        let account = Business::named("account");
        let of_accounts =
            |pattern: &Pattern| matches!(pattern, Pattern::Under(business) if business.is_within(&account));
        if rule.window.is_none() || !rule.businesses.iter().any(of_accounts) {
            return;
        }
        let counters = ["settlement.pharmacy", "settlement.outpatient"].map(Business::named);
        let open = |business: &&Business| self.closers(business, &rule.scope).is_empty();
        let open: Vec<String> = counters
            .iter()
            .filter(open)
            .map(|business| format!("“{}”（{business}）", self.plan.name_of(business)))
            .collect();
        if !open.is_empty() {
            let text = format!(
                "规则 {} 停办个人账户，而{}照常：那里照常结算，只是不用个人账户、由个人付现金；确实如此的不必改，否则请连同它们停办",
                rule.id,
                open.join("、")
            );
            self.warn(rule.line, text);
        }
    }

    /// Who is enrolled for the first time has no records yet that could tell a population; a newborn is known by the certificate or
    /// the day of birth.
    fn not_yet_known(&mut self, rule: &Rule) {
        let first = Business::named("enrolment.new");
        let is_first = |pattern: &Pattern| matches!(pattern, Pattern::Under(business) if business.is_within(&first));
        let is_known = |person: &PersonIn| *person == PersonIn::Population(Population::Newborn);
        let populations = &rule.scope.populations;
        let is_told = !populations.is_empty() && !populations.iter().any(is_known);
        if is_told && rule.businesses.iter().all(is_first) {
            let text = format!(
                "规则 {} 限定人群，而新参保的人平台还没有档案，除新生儿（newborn）外分不出人群，永远用不上；请去掉 populations，在 advice 里写明对谁怎么办",
                rule.id
            );
            self.problem(rule.line, text);
        }
    }

    /// Patients that come while only "everything else" is refused.
    fn admissions(&mut self) {
        let plan = self.plan;
        let admission = Business::named("encounter.admission");
        if plan.silent_ok.iter().any(|pattern| pattern.covers(&admission)) {
            return;
        }
        let turned_away = |rule: &&Rule| {
            let by_all = rule.businesses.iter().any(|pattern| matches!(pattern, Pattern::All));
            let named =
                rule.businesses.iter().any(|pattern| matches!(pattern, Pattern::Under(of) if admission.is_within(of)));
            rule.disposition == Disposition::Refuse && by_all && !named && rule.scope.is_everybody()
        };
        let governing = plan.governing(&Question::about(admission.clone()));
        if let Some(rule) = governing.into_iter().find(turned_away) {
            let text = format!(
                "规则 {} 用“*”停办其余业务，新来住院的（{admission}）也在其内而没有办法；请给“{}”单独写规则（如 admit_on_statement、convert_self_pay、register_later），确实不办的写明 refuse",
                rule.id,
                plan.name_of(&admission)
            );
            self.warn(rule.line, text);
        }
    }

    /// Patients who are taken in as insured while "everything else" refuses the settlement of stays: who leaves meanwhile is
    /// written down nowhere, unless he came during the stop.
    fn discharges(&mut self) {
        let plan = self.plan;
        let everybody = Scope::default();
        let [admission, settlement] = ["encounter.admission", "settlement.inpatient"].map(Business::named);
        let admitting = self
            .closers(&admission, &everybody)
            .into_iter()
            .find(|rule| rule.disposition.is_entered() && rule.register(&admission) == Some(RegisterKind::Admission));
        let settling = self.closers(&settlement, &everybody);
        let named = |rule: &&Rule| {
            rule.businesses.iter().any(|pattern| matches!(pattern, Pattern::Under(of) if of.is_within(&settlement)))
        };
        let waits = |rule: &Rule| matches!(rule.disposition, Disposition::Refuse | Disposition::RejectRefund);
        if let (Some(admitting), Some(rule)) = (admitting, settling.first())
            && settling.iter().all(|rule| waits(rule) && !named(rule))
        {
            let text = format!(
                "规则 {} 让医院照常收治，而“{}”（{settlement}）由第{}行的规则 {} 停办、没有办法：停机期间出院的记不进“{}”台账，只能等恢复后由医院自己的系统办出院、结算；请给 settlement.inpatient、encounter.discharge 写 defer_settlement 的规则，确实如此的在规则里写明 refuse",
                admitting.id,
                plan.name_of(&settlement),
                rule.line,
                rule.id,
                RegisterKind::DeferredDischarge.name()
            );
            self.warn(admitting.line, text);
        }
    }
}

/// Whether such a paper or note is among what is asked for, demanded or wanted.
fn asks_for(evidence: &[Requirement], wanted: Evidence) -> bool {
    evidence.iter().flat_map(|requirement| requirement.any_of.iter().flatten()).any(|one| *one == wanted)
}
