//! The actuary (精算): what a settlement has to come to, by the history alone.
//!
//! The person, the place, the lines and their catalogue rows are those that the city has drawn; only the pure rules of the domain
//! decide. What the platform has read, remembered or rounded plays no part, so that an error that both courses share shows.

use crate::city::{Citizen, City, Item, Place, PlaceKind};
use crate::judge::row::Row;
use crate::life::{Event, EventId, Kind, Leaves, Line};
use crate::till;
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::sync::Arc;
use yibao_domain::catalogue::{Class, SpecialDrug};
use yibao_domain::code::Scheme;
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::person::{PersonFacts, Population};
use yibao_domain::provider::BenefitLevel;
use yibao_domain::settlement::case::{Continued, Diagnoses, MaternityFacts, ProviderFacts, Qualification, StayFacts};
use yibao_domain::settlement::line::{Bill, LineFacts, split_line};
use yibao_domain::settlement::rules::LineRules;
use yibao_domain::settlement::{
    AccountUse, CareKind, Case, Decision, Filing, Place as PlaceOfCare, RunningTotal, Totals, decide,
};
use yibao_domain::time::Date;
use yibao_policy::rules::RuleBook;

/// A settlement with what it has to come to.
#[derive(Clone)]
pub(super) struct Priced {
    /// What it was decided by.
    pub case: Case,
    /// What it comes to.
    pub decision: Decision,
    /// Which stay of the year it is; 0 for what is no stay.
    pub stay_number: i64,
}

impl Priced {
    /// What the account pays.
    pub fn account(&self) -> Money {
        self.decision.shares.account
    }

    /// Whether the stay stands in the year's count through it.
    fn is_counted(&self) -> bool {
        self.decision.accumulated.iter().any(|(total, delta)| *total == RunningTotal::InpatientStays && *delta > 0)
    }
}

/// A settlement that counts before another one.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// Which.
    pub row: &'a Row<'a>,
    /// What it comes to.
    pub priced: &'a Priced,
    /// It counts later, and only what was met of the deductible in it is met all the same: an earlier leg.
    pub only_met: bool,
}

/// Prices the settlements of one person.
pub(super) struct Actuary<'a> {
    /// The city.
    pub city: &'a City,
    /// The rules.
    pub rules: &'a Arc<RuleBook>,
    /// Whose.
    pub person: Citizen,
    /// The stays that the platform knows, by admission.
    pub stays: Vec<&'a Event>,
    /// Whether the pool pays for special drugs apart.
    pub special_drugs: bool,
}

impl<'a> Actuary<'a> {
    /// What a settlement of these lines has to come to, after what counts before it and with so much that the account may pay.
    pub fn price(&self, row: &Row<'_>, before: &[Before<'_>], account: Money) -> Result<Priced, String> {
        let case = self.case(row, before, account)?;
        let decision = self.decided(&case)?;
        let stay_number = stay_number(&case, &decision);
        Ok(Priced { case, decision, stay_number })
    }

    /// Decides a case by the rules of its day.
    pub fn decided(&self, case: &Case) -> Result<Decision, String> {
        let rules = self.rules.rules(&self.city.pool, case.day).ok_or("no rules know this pool")?;
        decide(case, &rules).map_err(|refusal| refusal.text)
    }

    fn case(&self, row: &Row<'_>, before: &[Before<'_>], account: Money) -> Result<Case, String> {
        let (event, person) = (row.event, &self.person);
        let place = &self.city.places[event.place];
        let kind = self.kind(event)?;
        let (begin, day) = (event.at.date(), row.last_day);
        let rules = self.rules.rules(&self.city.pool, day).ok_or("no rules know this pool")?;
        let provider = provider(place);
        let line_rules = rules.lines(person.scheme, kind, provider.supplies_special_drugs);
        let pool = self.rules.pool(&self.city.pool).ok_or("no rules know this pool")?;
        Ok(Case {
            scheme: person.scheme,
            kind,
            person: facts(person, begin),
            provider,
            place: PlaceOfCare::Home,
            filing: Filing::None,
            own_county: pool.same_area(&person.division, &place.division),
            day,
            bill: self.bill(event, row.lines, &line_rules)?,
            diagnoses: diagnoses(event),
            stay: self.stay(row, before, day),
            maternity: maternity(event),
            disease_code: event.kind.disease().map(str::to_owned),
            qualifications: self.qualifications(),
            totals: self.totals(kind, before, day),
            account: AccountUse::of_flag(Some(if row.uses_account { "1" } else { "0" }), account),
            hospital_part: Money::ZERO,
        })
    }

    fn kind(&self, event: &Event) -> Result<CareKind, String> {
        let med_type = till::med_type(event, self.special_drugs);
        self.rules.care_kind(med_type).ok_or_else(|| format!("no care kind {med_type}"))
    }

    fn bill(&self, event: &Event, lines: &[Line], rules: &LineRules) -> Result<Bill, String> {
        // The message of a pharmacy (2102) has no place for an approval.
        let tells_approval = !event.kind.is_bought();
        let mut splits = Vec::new();
        for line in lines {
            let item = self.item(line.code).ok_or_else(|| format!("{} is not sold here", line.code))?;
            // A line is what the catalogue says on its own day.
            let says = item.on(self.city.begins, line.at.date());
            let facts = LineFacts {
                quantity: Decimal::from(line.count),
                amount: Money::fen(line.sum()),
                class: match says.class {
                    "01" => Class::A,
                    "02" => Class::B,
                    _ => Class::C,
                },
                limit_price: says.limit.map(|fen| Money::fen(fen).as_yuan()),
                self_pay_rate: says.own_share.map(Rate::basis_points),
                own_paid: tells_approval && item.is_own_paid(line.approval),
                special: match item.special {
                    "single_payment" => Some(SpecialDrug::SinglePayment),
                    "high_value" => Some(SpecialDrug::HighValue),
                    _ => None,
                },
            };
            splits.push(split_line(&facts, rules).ok_or("a line leaves the range of amounts")?);
        }
        Ok(Bill::of_lines(&splits))
    }

    pub fn item(&self, code: &str) -> Option<&Item> {
        let stock = &self.city.stock;
        let all = [&stock.drugs, &stock.long_term, &stock.special, &stock.services, &stock.operations];
        all.into_iter().flatten().find(|item| item.code == code)
    }

    fn qualifications(&self) -> Vec<Qualification> {
        let since = self.city.begins.saturating_sub(jiff::Span::new().years(5));
        let held = self.person.recognised().into_iter();
        let diseases = held.map(|(code, name, end)| Qualification {
            code: code.to_owned(),
            name: name.to_owned(),
            begin: since,
            end,
        });
        let drug = self.person.special_drug.then(|| Qualification::special_drug(since, None));
        diseases.chain(drug).collect()
    }

    /// The totals of the year and the day after what counts before, those from before the city's time included.
    fn totals(&self, kind: CareKind, before: &[Before<'_>], day: Date) -> Totals {
        let mut totals = Totals::default();
        if day.year() == self.city.begins.year() {
            for (name, value) in self.person.totals_before() {
                RunningTotal::of_name(name).into_iter().for_each(|total| totals.set(total, value));
            }
        }
        let counting = || before.iter().filter(|one| !one.only_met);
        for one in counting() {
            for (total, delta) in &one.priced.decision.accumulated {
                if total.period_text(one.priced.case.day) == total.period_text(day) {
                    totals.add(&[(*total, *delta)]);
                }
            }
        }
        if kind == CareKind::SpecialDisease {
            let same =
                counting().filter(|one| one.priced.case.kind == kind && one.priced.case.day.year() == day.year());
            let standard = RunningTotal::SpecialDiseaseDeductibleStandard;
            if let Some(highest) = same.map(|one| one.priced.decision.deductible.standard).max() {
                totals.set(standard, self.standard_before(day).max(highest.as_fen()));
            }
        }
        totals
    }

    /// The special-disease deductible standard from before the city's time.
    fn standard_before(&self, day: Date) -> i64 {
        let before = self.person.totals_before().into_iter().filter(|_| day.year() == self.city.begins.year());
        before.filter(|(name, _)| *name == "special_disease_deductible_standard").map(|(_, value)| value).sum()
    }

    /// What a stay continues: its own parts, and the other legs of its transfers.
    fn stay(&self, row: &Row<'_>, before: &[Before<'_>], day: Date) -> StayFacts {
        if !matches!(row.event.kind, Kind::Stay { .. }) {
            return StayFacts::default();
        }
        let of = |chain: &BTreeSet<EventId>| -> Vec<&Before<'_>> {
            before.iter().filter(|one| chain.contains(&one.row.event.id)).collect()
        };
        let own = of(&BTreeSet::from([row.event.id]));
        let mut others = self.chain(row.event);
        others.remove(&row.event.id);
        let mut seen: BTreeSet<EventId> = self.chain(row.event);
        let mut uncounted = 0;
        for one in before.iter().filter(|one| one.priced.stay_number > 0 && one.priced.case.day.year() == day.year()) {
            if seen.contains(&one.row.event.id) {
                continue;
            }
            let chain = self.chain(one.row.event);
            uncounted += 1 - i64::from(continued(&of(&chain), day).counted);
            seen.extend(chain);
        }
        StayFacts {
            parts: (!own.is_empty()).then(|| continued(&own, day)),
            transfer: (!others.is_empty()).then(|| continued(&of(&others), day)),
            goes_on: row.part,
            uncounted,
        }
    }

    /// The stay and all that transfers link it with, directly or over others, where the pool makes up the difference.
    pub fn chain(&self, of: &Event) -> BTreeSet<EventId> {
        let linked = |one: &Event, other: &Event| self.leads(one, other) || self.leads(other, one);
        self.reached(of, &linked)
    }

    /// The stay and the legs that it came from.
    pub fn legs_before(&self, of: &Event) -> BTreeSet<EventId> {
        let mut legs = self.reached(of, &|from, leg| self.leads(leg, from));
        legs.remove(&of.id);
        legs
    }

    fn reached(&self, of: &Event, step: &dyn Fn(&Event, &Event) -> bool) -> BTreeSet<EventId> {
        let mut found = BTreeSet::from([of.id]);
        let mut open = vec![of];
        while let Some(here) = open.pop().filter(|_| self.chains(of.ended().date())) {
            for stay in &self.stays {
                if step(here, stay) && found.insert(stay.id) {
                    open.push(stay);
                }
            }
        }
        found
    }

    /// Whether a stay ended in a transfer to another one: a filing or a discharge for another hospital is about one arrival.
    fn leads(&self, one: &Event, other: &Event) -> bool {
        let Kind::Stay { leaves, .. } = one.kind else { return false };
        match leaves {
            Leaves::Home => false,
            Leaves::ForAnother => {
                self.stays.iter().find(|stay| follows(one, stay)).is_some_and(|stay| stay.id == other.id)
            }
            Leaves::Filed => follows(one, other) && other.id.ordinal == one.id.ordinal + 1,
        }
    }

    fn chains(&self, day: Date) -> bool {
        let rules = self.rules.rules(&self.city.pool, day);
        let rule = |rules: &yibao_domain::settlement::Rules| {
            let rule = rules.scheme(self.person.scheme).inpatient.transfer_makes_up_difference.as_ref();
            rule.is_some_and(|rule| rule.value)
        };
        rules.is_some_and(|rules| rule(&rules))
    }
}

/// Whether somebody arrived when a stay was over, on that or the next day.
fn follows(one: &Event, other: &Event) -> bool {
    let Kind::Stay { until, .. } = one.kind else { return false };
    let arrived = other.at.date();
    one.id != other.id
        && matches!(other.kind, Kind::Stay { .. })
        && one.at <= other.at
        && (arrived == until.date() || until.date().tomorrow().is_ok_and(|next| arrived == next))
}

fn continued(settled: &[&Before<'_>], day: Date) -> Continued {
    let counted =
        |one: &&&Before<'_>| !one.only_met && one.priced.case.day.year() == day.year() && one.priced.is_counted();
    Continued {
        met: Money::sum(settled.iter().map(|one| one.priced.decision.deductible.met)),
        counted: u32::try_from(settled.iter().filter(counted).count()).unwrap_or(u32::MAX),
    }
}

fn stay_number(case: &Case, decision: &Decision) -> i64 {
    if case.kind != CareKind::Inpatient {
        return 0;
    }
    let counted = decision.accumulated.iter().find(|(total, _)| *total == RunningTotal::InpatientStays);
    case.stay.number(case.totals.get(RunningTotal::InpatientStays), counted.map_or(0, |(_, one)| *one))
}

/// The person on the first day of the care.
fn facts(person: &Citizen, begin: Date) -> PersonFacts {
    PersonFacts {
        population: match (person.scheme, person.psn_type.get(..2)) {
            (Scheme::Employee, Some("12")) => Population::Retired,
            (Scheme::Employee, _) => Population::Active,
            (Scheme::Resident, Some("14")) => Population::Minor,
            (Scheme::Resident, _) => Population::Adult,
        },
        age: person.age(begin),
        continuous_years: person.continuous_years,
        attributes: person.attributes_on(begin).into_iter().map(str::to_owned).collect(),
        civil_servant: person.is_subsidised_on(begin),
    }
}

fn provider(place: &Place) -> ProviderFacts {
    let level = BenefitLevel::of_column(place.level).unwrap_or(BenefitLevel::Level1);
    ProviderFacts { level, deductible_level: level, supplies_special_drugs: place.kind != PlaceKind::Pharmacy }
}

fn diagnoses(event: &Event) -> Diagnoses {
    let mut codes = event.diagnoses.iter().map(|(code, _)| (*code).to_owned());
    Diagnoses { main: codes.next(), others: codes.collect() }
}

/// Birth and family planning, as papers state them.
fn maternity(event: &Event) -> MaternityFacts {
    let Some(birth) = event.birth else { return MaternityFacts::default() };
    let stated = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    MaternityFacts {
        matn_type: stated(birth.matn_type),
        birctrl_type: stated(birth.birctrl_type),
        children: birth.children.and_then(|count| u32::try_from(count).ok()),
        weeks: u32::try_from(birth.weeks).ok(),
    }
}

/// An input of a settlement that may have been read wrongly, by its name.
type Misread = (&'static str, fn(&mut Case));

const MISREAD: &[Misread] = &[
    ("the level of the place is third", |case| level(case, BenefitLevel::Level3)),
    ("the level of the place is second", |case| level(case, BenefitLevel::Level2)),
    ("the level of the place is first", |case| level(case, BenefitLevel::Level1)),
    ("the place is a township's", |case| level(case, BenefitLevel::Township)),
    ("the place is a village's", |case| level(case, BenefitLevel::Village)),
    ("the level of the deductible is third", |case| case.provider.deductible_level = BenefitLevel::Level3),
    ("the level of the deductible is second", |case| case.provider.deductible_level = BenefitLevel::Level2),
    ("the level of the deductible is first", |case| case.provider.deductible_level = BenefitLevel::Level1),
    ("the person's attributes are forgotten", |case| case.person.attributes.clear()),
    ("the person is a civil servant", |case| case.person.civil_servant = true),
    ("the person is no civil servant", |case| case.person.civil_servant = false),
    ("the person's qualifications are forgotten", |case| case.qualifications.clear()),
    ("the person is active", |case| case.person.population = Population::Active),
    ("the person is retired", |case| case.person.population = Population::Retired),
    ("the person is a child", |case| case.person.population = Population::Minor),
    ("the person is an adult", |case| case.person.population = Population::Adult),
    ("the age is forgotten", |case| case.person.age = 0),
    ("the age is a year more", |case| case.person.age += 1),
    ("the county is taken for another", |case| case.own_county = !case.own_county),
    ("the totals are forgotten", |case| case.totals = Totals::default()),
    ("the stay's parts are forgotten", |case| case.stay.parts = None),
    ("the other legs of the transfer are forgotten", |case| case.stay.transfer = None),
    ("an earlier stay is forgotten", |case| case.totals.add(&[(RunningTotal::InpatientStays, -1)])),
    ("a stay is counted once more", |case| case.totals.add(&[(RunningTotal::InpatientStays, 1)])),
    ("the account is not asked", |case| case.account = AccountUse::No),
    ("the account is taken for empty", |case| case.account = AccountUse::Own { balance: Money::ZERO }),
    ("the account is taken for full", |case| case.account = AccountUse::Own { balance: Money::yuan(1_000_000) }),
    ("the disease is forgotten", |case| case.disease_code = None),
    ("the diagnoses are forgotten", |case| case.diagnoses = Diagnoses::default()),
];

fn level(case: &mut Case, level: BenefitLevel) {
    case.provider.level = level;
    case.provider.deductible_level = level;
}

impl Actuary<'_> {
    /// The one input that, read wrongly, gives what was booked; nothing where none does.
    pub fn misread(&self, priced: &Priced, is_booked: impl Fn(&Decision) -> bool) -> Option<&'static str> {
        let gives = |(_, misread): &&Misread| {
            let mut case = priced.case.clone();
            misread(&mut case);
            case != priced.case && self.decided(&case).is_ok_and(|decision| is_booked(&decision))
        };
        MISREAD.iter().find(gives).map(|(name, _)| *name)
    }
}

/// When what an outage kept back counts: its care, a stay its discharge (`decisions` 7).
pub(super) fn due_at(event: &Event) -> DateTime {
    event.ended()
}
