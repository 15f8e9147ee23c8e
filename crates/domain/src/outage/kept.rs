//! Which register keeps what met a rule (由哪个台账登记): decided by the business of the case and the rule's disposition, so that
//! a rule over many businesses sends each case where it can be carried out.

use super::{Business, Channel, Concern, Disposition, Pattern, Plan, RegisterKind, Rule};
use crate::work::Governed;

/// How what met a rule is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kept {
    /// In this register.
    In(RegisterKind),
    /// There is nothing to write down.
    Nothing,
    /// The disposition leads nowhere for such a business.
    NoWay,
}

impl Kept {
    /// As a disposition keeps a case, where the plan names no register.
    pub fn usual(disposition: Disposition, concern: Concern) -> Kept {
        use Concern::*;
        use Disposition::*;
        use RegisterKind as In;
        let kind = match (disposition, concern) {
            (Open | Refuse | RejectRefund, _) => return Kept::Nothing,
            (RegisterLater | PaperCertificate, Papers | Own) => In::Papers,
            (DispenseAhead, Counter) => In::Supply,
            // Without a way back there is only what somebody paid at a counter to be noted.
            (NoRoute, Counter) => In::CashVisit,
            (NoRoute, _) => return Kept::Nothing,
            (CashClaim | AgencyReimburses, Counter) => In::CashVisit,
            (CashClaim | AgencyReimburses, Staying) => return Kept::Nothing,
            (CashClaim | AgencyReimburses, _) => In::Papers,
            (ConvertSelfPay | CancelRecreate, Staying) => In::StayConversion,
            // Who leaves while converted is discharged as anybody is, and settled later.
            (ConvertSelfPay | CancelRecreate, Settlement) => In::DeferredDischarge,
            (ConvertSelfPay | CancelRecreate, Admission | Transfer) => In::Admission,
            (CashReenter | RegisterLater | DeferSettlement | OnAccount | Deposit, Counter) => In::CashVisit,
            (
                CashReenter | RegisterLater | DeferSettlement | OnAccount | Deposit | AdmitOnStatement
                | PaperCertificate,
                other,
            ) => {
                match other {
                    Settlement => In::DeferredDischarge,
                    Admission => In::Admission,
                    Transfer => In::Transfer,
                    // Who is in hospital stays there: what counts is how the stay ends.
                    Staying => return Kept::Nothing,
                    Counter | Papers | Own => return Kept::NoWay,
                }
            }
            (DispenseAhead | ConvertSelfPay | CancelRecreate, _) => return Kept::NoWay,
        };
        Kept::In(kind)
    }
}

/// Whether a register has the fields of such cases.
pub fn fits(kind: RegisterKind, concern: Concern) -> bool {
    use Concern::*;
    if concern == Own {
        return true;
    }
    let is_stay = matches!(concern, Settlement | Admission | Staying | Transfer);
    match kind {
        RegisterKind::CashVisit | RegisterKind::Supply => concern == Counter,
        RegisterKind::DeferredDischarge => concern == Settlement,
        RegisterKind::Transfer => matches!(concern, Transfer | Admission),
        RegisterKind::InpatientNotice | RegisterKind::StayConversion | RegisterKind::Admission => is_stay,
        RegisterKind::NotEntitled => concern != Papers,
        // Papers and incidents may be about anything, and so may what a city adds.
        _ => true,
    }
}

impl Plan {
    /// The rules that a statement to a register may come to stand under: not those that a rule for everybody, on a longer name of
    /// the same business, leaves nobody.
    pub fn stated_to(&self, kind: RegisterKind) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| {
            let cases = if kind.row().governed == Governed::Care { rule.cases_stated_to(kind) } else { Vec::new() };
            rule.is_stated_to(kind) && (cases.is_empty() || cases.iter().any(|case| !self.is_taken_over(rule, case)))
        })
    }

    fn is_taken_over(&self, rule: &Rule, case: &Business) -> bool {
        let own = rule.specificity(case);
        let takes_over = |other: &&Rule| {
            other.scope.is_everybody()
                && !other.is_excepted(case)
                && other.specificity(case).is_some_and(|its| Some(its) > own)
        };
        own.is_some_and(|own| !own.prevails) && self.rules.iter().any(|other| takes_over(&other))
    }
}

impl Rule {
    /// How a case of this business is kept: in the register that the rule names, where that has room for such a case, else
    /// as its disposition keeps it.
    pub fn kept(&self, business: &Business) -> Kept {
        let concern = Concern::of(business);
        let stated = self.stated_register.filter(|kind| fits(*kind, concern));
        stated.map_or_else(|| Kept::usual(self.disposition, concern), Kept::In)
    }

    /// The register that keeps a case of this business; `None` where nothing is kept.
    pub fn register(&self, business: &Business) -> Option<RegisterKind> {
        match self.kept(business) {
            Kept::In(kind) => Some(kind),
            Kept::Nothing | Kept::NoWay => None,
        }
    }

    /// Whether cases of any of its businesses are kept in this register.
    pub fn keeps(&self, kind: RegisterKind) -> bool {
        self.registers().contains(&kind)
    }

    /// Whether a statement to a register may come to stand under it: one of care is about that register's own businesses alone,
    /// and is made by a provider.
    pub fn is_stated_to(&self, kind: RegisterKind) -> bool {
        if kind.row().governed != Governed::Care {
            return self.keeps(kind);
        }
        !self.cases_stated_to(kind).is_empty()
    }

    /// The businesses of a register of care that its statements come to stand under it by.
    fn cases_stated_to(&self, kind: RegisterKind) -> Vec<Business> {
        let at_providers = |channel: &Channel| matches!(*channel, Channel::Hospital | Channel::Pharmacy);
        let by_providers = self.scope.channels.is_empty() || self.scope.channels.iter().any(at_providers);
        let is_stated = |case: &Business| {
            let own = [kind.row().business, "settlement.pharmacy"].into_iter().take(if kind.is_stay() { 1 } else { 2 });
            own.into_iter().any(|own| case.is_within(&Business::named(own)))
        };
        if !by_providers {
            return Vec::new();
        }
        let cases = self.businesses.iter().flat_map(cases).filter(|case| !self.is_excepted(case));
        cases.filter(|case| is_stated(case) && self.register(case) == Some(kind)).collect()
    }

    /// The registers that keep cases of its businesses, in the order of the businesses.
    pub fn registers(&self) -> Vec<RegisterKind> {
        let mut registers = Vec::new();
        let cases = self.businesses.iter().flat_map(cases).filter(|case| !self.is_excepted(case));
        for kind in cases.filter_map(|case| self.register(&case)) {
            if !registers.contains(&kind) {
                registers.push(kind);
            }
        }
        registers
    }
}

/// What a pattern covers, a case of each concern.
fn cases(pattern: &Pattern) -> Vec<Business> {
    let roots = || Concern::ALL.into_iter().flat_map(Concern::roots).map(|root| Business::named(root));
    let under = roots().filter(|root| pattern.covers(root));
    match pattern {
        Pattern::All => under.collect(),
        Pattern::Under(name) => under.chain([name.clone()]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concern(name: &'static str) -> Concern {
        Concern::of(&Business::named(name))
    }

    #[test]
    fn the_nearest_name_says_what_a_case_is() {
        assert_eq!(concern("settlement.outpatient.special"), Concern::Counter);
        assert_eq!(concern("settlement.inpatient.maternity"), Concern::Settlement);
        assert_eq!(concern("encounter.discharge"), Concern::Settlement);
        assert_eq!(concern("encounter.fees"), Concern::Staying);
        assert_eq!(concern("encounter.transfer"), Concern::Transfer);
        assert_eq!(concern("filing.transfer"), Concern::Papers);
        assert_eq!(concern("injury.settlement"), Concern::Own);
    }

    #[test]
    fn every_way_that_is_made_good_by_the_provider_has_a_register_for_each_end_of_a_stay() {
        use Disposition::*;
        for disposition in [CashReenter, DeferSettlement, OnAccount, Deposit] {
            assert_eq!(Kept::usual(disposition, Concern::Counter), Kept::In(RegisterKind::CashVisit));
            assert_eq!(Kept::usual(disposition, Concern::Settlement), Kept::In(RegisterKind::DeferredDischarge));
            assert_eq!(Kept::usual(disposition, Concern::Admission), Kept::In(RegisterKind::Admission));
            assert_eq!(Kept::usual(disposition, Concern::Transfer), Kept::In(RegisterKind::Transfer));
            assert_eq!(Kept::usual(disposition, Concern::Papers), Kept::NoWay);
        }
        assert_eq!(Kept::usual(ConvertSelfPay, Concern::Counter), Kept::NoWay);
        assert_eq!(Kept::usual(DispenseAhead, Concern::Admission), Kept::NoWay);
    }

    #[test]
    fn a_register_that_is_usual_fits() {
        for &disposition in Disposition::ALL {
            for concern in Concern::ALL {
                if let Kept::In(kind) = Kept::usual(disposition, concern) {
                    assert!(fits(kind, concern), "{disposition:?} {concern:?} {kind:?}");
                }
            }
        }
    }

    #[test]
    fn what_a_register_demands_is_that_of_its_own_businesses() {
        let rule = |businesses: &[&'static str], channels: Vec<Channel>| Rule {
            id: "r".into(),
            clauses: Vec::new(),
            line: 1,
            businesses: businesses.iter().map(|name| Pattern::Under(Business::named(name))).collect(),
            except: Vec::new(),
            prevails: false,
            scope: crate::outage::Scope { channels, ..crate::outage::Scope::default() },
            window: None,
            planned_reopens: None,
            disposition: Disposition::RegisterLater,
            advice: String::new(),
            advice_ahead: None,
            evidence: Vec::new(),
            not_before: None,
            deadline: None,
            effective: None,
            fallbacks: Vec::new(),
            stated_register: None,
            stated_audience: Vec::new(),
            reading: None,
        };
        let window = rule(&["filing", "account"], Vec::new());
        assert!(window.keeps(RegisterKind::CashVisit) && !window.is_stated_to(RegisterKind::CashVisit));
        assert!(window.is_stated_to(RegisterKind::Papers));
        let all = rule(&["settlement"], Vec::new());
        assert!(all.is_stated_to(RegisterKind::CashVisit) && all.is_stated_to(RegisterKind::DeferredDischarge));
        assert!(rule(&["settlement.pharmacy"], Vec::new()).is_stated_to(RegisterKind::CashVisit));
        assert!(!rule(&["settlement"], vec![Channel::Agency]).is_stated_to(RegisterKind::CashVisit));
    }
}
