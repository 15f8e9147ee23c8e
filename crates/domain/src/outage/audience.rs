//! Whom the public notice tells of a rule, a duty or a supply (告知对象): those whom the plan names, else whoever does the business,
//! comes for it, or has to act.

use super::{Actor, Business, Channel, Disposition, Duty, Pattern, RegisterKind, Rule, Supply};

/// Who serves a channel, or comes by it with such a business.
fn of_channel(channel: Channel, patterns: &[Pattern]) -> Vec<Actor> {
    match channel {
        Channel::Hospital => vec![Actor::Hospital],
        Channel::Pharmacy => vec![Actor::Pharmacy],
        _ => {
            let whose = of_patterns(patterns);
            let comes = |actor: &Actor| whose.contains(actor) || whose.contains(&Actor::All);
            let coming: Vec<Actor> = [Actor::Person, Actor::Employer].into_iter().filter(comes).collect();
            if coming.is_empty() { vec![Actor::Person] } else { coming }
        }
    }
}

/// Who does a business, and the person where he or she has a part in it: pays, waits or comes back.
fn of_business(business: &Business) -> &'static [Actor] {
    use Actor::*;
    let mut words = business.as_str().split('.');
    match (words.next().unwrap_or_default(), words.next(), words.next()) {
        ("settlement", Some("pharmacy"), _) | ("account", ..) => &[Pharmacy, Person],
        ("settlement", None, _) => &[Hospital, Pharmacy, Person],
        ("settlement", _, Some("special_drug")) => &[Hospital, DrugSupplier, Person],
        ("settlement", ..) | ("encounter", Some("admission" | "transfer"), _) => &[Hospital, Person],
        ("filing", Some("special_drug"), _) => &[Hospital, DrugSupplier, Person],
        ("filing" | "approval", ..) => &[Hospital, Person],
        ("encounter" | "catalogue" | "session" | "query" | "reversal", ..) => &[Hospital],
        ("clearing", ..) => &[Hospital, Pharmacy],
        ("contribution" | "enrolment", ..) => &[Employer, Person],
        ("disbursement" | "attribute", ..) => &[Agency],
        _ => &[Person],
    }
}

fn collected<'a>(actors: impl Iterator<Item = &'a Actor>) -> Vec<Actor> {
    let mut actors: Vec<Actor> = actors.copied().collect();
    actors.sort();
    actors.dedup();
    actors
}

fn of_patterns(patterns: &[Pattern]) -> Vec<Actor> {
    collected(patterns.iter().flat_map(|pattern| match pattern {
        Pattern::All => &[Actor::All],
        Pattern::Under(business) => of_business(business),
    }))
}

impl Rule {
    /// Whom its advice is for.
    pub fn audience(&self) -> Vec<Actor> {
        if !self.stated_audience.is_empty() {
            return collected(self.stated_audience.iter());
        }
        if !self.scope.channels.is_empty() {
            let of_channels = self.scope.channels.iter().flat_map(|channel| of_channel(*channel, &self.businesses));
            return collected(of_channels.collect::<Vec<_>>().iter());
        }
        of_patterns(&self.businesses)
    }

    /// Who keeps its deadline: papers that were taken in are finished by the agency; else who is told.
    pub fn kept_by(&self) -> Vec<Actor> {
        let of_papers = |pattern: &Pattern| match pattern {
            Pattern::All => false,
            Pattern::Under(business) => self.register(business) == Some(RegisterKind::Papers),
        };
        let taken_in = self.disposition == Disposition::RegisterLater && self.businesses.iter().all(of_papers);
        if taken_in { vec![Actor::Agency] } else { self.audience() }
    }
}

impl Duty {
    /// Whom it is told: who has to act, unless the plan names others.
    pub fn audience(&self) -> Vec<Actor> {
        collected(if self.stated_audience.is_empty() { self.who.iter() } else { self.stated_audience.iter() })
    }
}

impl Supply {
    /// Whom it is told: the person, and who dispenses.
    pub fn audience(&self) -> Vec<Actor> {
        of_patterns(&self.businesses)
    }
}

impl Actor {
    /// Whether a provider is meant: by its channel, and where it supplies special drugs, as a supplier.
    pub fn is_met_by(self, channel: Channel, supplies_special_drugs: bool) -> bool {
        match self {
            Actor::All => true,
            Actor::Provider => matches!(channel, Channel::Hospital | Channel::Pharmacy),
            Actor::Hospital => channel == Channel::Hospital,
            Actor::Pharmacy => channel == Channel::Pharmacy,
            Actor::DrugSupplier => supplies_special_drugs,
            _ => false,
        }
    }
}
