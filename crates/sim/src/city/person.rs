//! A person of the city: family, insurance, employer, long diseases. Drawn by number.

use super::cover::Cover;
use super::more::More;
use super::name::{Named, SURNAMES};
use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};
use yibao_domain::code::Scheme;
use yibao_domain::money::Money;
use yibao_domain::written::identity::IdNumber;

/// A long disease (门诊慢特病) that somebody is qualified for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chronic {
    /// 病种代码.
    pub code: &'static str,
    /// 病种名称.
    pub name: &'static str,
    /// Days that a prescription lasts.
    pub supply_days: i64,
}

const CHRONIC: [Chronic; 4] = [
    Chronic { code: "M03900", name: "高血压", supply_days: 14 },
    Chronic { code: "M01600", name: "糖尿病", supply_days: 10 },
    Chronic { code: "M00500", name: "恶性肿瘤门诊治疗", supply_days: 7 },
    Chronic { code: "M04600", name: "冠心病", supply_days: 12 },
];

/// A person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Citizen {
    /// Counted from 0.
    pub number: u64,
    /// 人员编号.
    pub psn_no: String,
    /// 证件号码.
    pub certno: String,
    /// 姓名.
    pub name: String,
    /// `1` male, `2` female.
    pub gend: &'static str,
    /// Birth.
    pub born: Date,
    /// The county that the insurance is of.
    pub division: String,
    /// The basic scheme.
    pub scheme: Scheme,
    /// 人员类别.
    pub psn_type: &'static str,
    /// The employer's number, where there is one.
    pub employer: Option<u64>,
    /// What was on the personal account when the time begins; employees only.
    pub balance: Option<Money>,
    /// 人员身份类别, where there is one.
    pub attribute: Option<&'static str>,
    /// The day from which on it holds, where it has not always.
    pub attribute_since: Option<Date>,
    /// Its last day, where it ends.
    pub attribute_until: Option<Date>,
    /// Another one, which holds beside it throughout.
    pub attribute_beside: Option<&'static str>,
    /// A long disease.
    pub chronic: Option<Chronic>,
    /// Another long disease, recognised as well, for which nobody comes here.
    pub also: Option<Chronic>,
    /// Which of the two diseases (两病) are recognised as such, by code and name; of residents alone.
    pub two_diseases: &'static [(&'static str, &'static str)],
    /// The last day of that recognition, where it ends.
    pub also_until: Option<Date>,
    /// Whether that disease is recognised, as the person states (慢特病资格).
    pub is_qualified: bool,
    /// Qualified for special drugs.
    pub special_drug: bool,
    /// The last day of an approval of special drugs that has ended (特药备案), of whose disease gives none by itself.
    pub special_drug_until: Option<Date>,
    /// What the scheme had paid in the year before the time begins.
    pub paid_before: Money,
    /// Full years of contribution without a gap.
    pub continuous_years: u32,
    /// The first day of the present insurance, of who joined anew when another had ended on the day before (续保).
    pub renewed: Option<Date>,
    /// How the person is insured.
    pub cover: Cover,
    /// The first and the last day of a civil servant's subsidy (公务员医疗补助).
    pub subsidy: Option<(Date, Option<Date>)>,
    /// The other basic scheme, of who is insured by both at once and goes by the first.
    pub insured_also: Option<Scheme>,
}

impl Citizen {
    /// Whether the person is so old on a day, in full years.
    pub fn age(&self, day: Date) -> i16 {
        let age = day.year() - self.born.year();
        let had_birthday = (day.month(), day.day()) >= (self.born.month(), self.born.day());
        if had_birthday { age } else { age - 1 }
    }

    /// The long diseases that are recognised on a day.
    pub fn recognised_on(&self, day: Date) -> impl Iterator<Item = Chronic> {
        let also = self.also.filter(|_| self.also_until.is_none_or(|until| day <= until));
        self.chronic.into_iter().chain(also).filter(|_| self.is_qualified)
    }

    /// The document in its old 15 characters, of who was born early enough to have had it so.
    fn old_certno(&self) -> Option<String> {
        (self.born.year() < 2000).then(|| format!("{}{}", &self.certno[..6], &self.certno[8..17]))
    }

    /// The document as the platform has it: some came from systems that never wrote it anew.
    pub fn certno_as_booked(&self) -> String {
        self.old_certno().filter(|_| self.number % 7 == 3).unwrap_or_else(|| self.certno.clone())
    }

    /// The document as it stands on papers: on an old card, or with a small letter.
    pub fn certno_on_papers(&self) -> String {
        let old = self.old_certno().filter(|_| self.number % 3 == 1);
        old.unwrap_or_else(|| if self.born.year() < 2000 { self.certno.to_lowercase() } else { self.certno.clone() })
    }

    /// All that is recognised, by code and name, each with its last day where it ends.
    pub fn recognised(&self) -> Vec<(&'static str, &'static str, Option<Date>)> {
        let own = self.chronic.map(|chronic| (chronic.code, chronic.name, None));
        let also = self.also.map(|also| (also.code, also.name, self.also_until));
        let long = own.into_iter().chain(also).filter(|_| self.is_qualified);
        long.chain(self.two_diseases.iter().map(|(code, name)| (*code, *name, None))).collect()
    }

    /// The attributes that hold on a day.
    pub fn attributes_on(&self, day: Date) -> Vec<&'static str> {
        let has_begun = self.attribute_since.is_none_or(|since| since <= day);
        let holds = has_begun && self.attribute_until.is_none_or(|until| day <= until);
        self.attribute.filter(|_| holds).into_iter().chain(self.attribute_beside).collect()
    }

    /// 单位名称; empty without an employer.
    pub fn employer_name(&self) -> String {
        self.employer.map_or_else(String::new, |employer| format!("仿真单位{employer}"))
    }

    /// Whether a civil servant's subsidy holds on a day.
    pub fn is_subsidised_on(&self, day: Date) -> bool {
        self.subsidy.is_some_and(|(from, until)| from <= day && until.is_none_or(|until| day <= until))
    }

    /// Whether a birth is to be thought of on that day.
    pub fn can_give_birth(&self, day: Date) -> bool {
        self.gend == "2" && (20..=42).contains(&self.age(day))
    }

    /// What the running totals of the year were when the time begins, by name, in fen or stays: of who has had care before.
    pub fn totals_before(&self) -> Vec<(&'static str, i64)> {
        let paid = self.paid_before.as_fen();
        if paid == 0 {
            return Vec::new();
        }
        let mut totals = vec![("basic_paid", paid), ("inpatient_stays", 1)];
        if self.scheme == Scheme::Resident {
            totals.push(("second_tier_base", if paid > 2_000_000 { 1_250_000 } else { 350_000 }));
        }
        if self.chronic.is_some() {
            totals
                .extend([("special_disease_deductible_standard", 40_000), ("special_disease_deductible_met", 25_000)]);
        }
        totals
    }

    /// What the running totals of the year before were, which is over: they count for nothing now.
    pub fn totals_of_last_year(&self) -> Vec<(&'static str, i64)> {
        let had_care = self.paid_before != Money::ZERO;
        if had_care { vec![("basic_paid", 777_700), ("inpatient_stays", 2)] } else { Vec::new() }
    }

    /// The number of the family.
    pub fn family(&self) -> u64 {
        self.number / FAMILY
    }
}

/// Persons of a family, at most.
const FAMILY: u64 = 4;

/// What persons of a city have in common.
pub(crate) struct Among<'a> {
    pub seed: u64,
    pub pool: &'a str,
    pub persons: u64,
    pub begins: Date,
    /// Where they live: one of these, by chance.
    pub divisions: &'a [String],
    /// How many in a hundred have a long disease: of the old, and of the others.
    pub long_diseases: (u64, u64),
    /// Whether everybody is insured throughout.
    pub insured_throughout: bool,
    /// Whether residents have benefits for the two diseases.
    pub two_diseases: bool,
}

/// 人员编号 of the person with this number.
pub fn psn_no(pool: &str, number: u64) -> String {
    format!("{pool}88{number:012}")
}

/// The number of the person with this 人员编号.
pub fn number_of(psn_no: &str) -> Option<u64> {
    psn_no.get(psn_no.len().checked_sub(12)?..)?.parse().ok()
}

pub(crate) fn drawn(city: &Among<'_>, number: u64) -> Citizen {
    let (family, member) = (number / FAMILY, number % FAMILY);
    // What a family shares is drawn from its own stream.
    let mut shared = Dice::of(city.seed, "family", family);
    let at = usize::try_from(shared.below(city.divisions.len() as u64)).unwrap_or(0);
    let division = city.divisions[at].clone();
    let surname = shared.pick(&SURNAMES);
    let works_in_town = shared.percent(30);
    let poor = shared.percent(12);
    let mut dice = Dice::of(city.seed, "person", number);
    // Two of working age, a child, and one of the grandparents.
    let age = match member {
        0 | 1 => dice.between(22, 58),
        2 => dice.between(1, 21),
        _ => dice.between(60, 88),
    };
    let born =
        date(city.begins.year() - i16::try_from(age).unwrap_or(40), 1, 1).saturating_add(dice.between(0, 364).days());
    let gend = dice.pick(&["1", "2"]);
    let (scheme, psn_type) = match member {
        0 | 1 if works_in_town => (Scheme::Employee, "1101"),
        3 if works_in_town || dice.percent(10) => (Scheme::Employee, "1201"),
        2 => (Scheme::Resident, "1401"),
        _ => (Scheme::Resident, "1501"),
    };
    let employed = scheme == Scheme::Employee && psn_type == "1101";
    let employer = employed.then(|| dice.below(city.persons / 40 + 1));
    let balance = (scheme == Scheme::Employee).then(|| Money::fen(dice.pick(&[0, 3_017, 21_009, 104_050, 512_301])));
    let attribute = match (scheme, poor) {
        (Scheme::Resident, true) => Some(dice.pick(&["2302", "2303", "2302", "2303", "2304", "2305", "2306"])),
        _ => None,
    };
    let chronic = dice
        .percent(if member == 3 { city.long_diseases.0 } else { city.long_diseases.1 })
        .then(|| dice.pick(&CHRONIC));
    let special_drug = chronic.is_some_and(|chronic| chronic.code == "M00500") && dice.percent(30);
    // Some have little left under the year's cap.
    let states_falsely = !city.insured_throughout && Dice::of(city.seed, "qualification", number).one_in(10);
    let cover = if city.insured_throughout { Cover::Throughout } else { Cover::drawn(city.seed, number, city.begins) };
    let paid_before = Money::fen(dice.weighed(&[
        (0, 62),
        (1_200_000, 18),
        (9_000_000, 5),
        (14_200_000, 5),
        (24_700_000, 5),
        (29_600_000, 5),
    ]));
    // Some are found to be in need while much is closed: who is in hospital then is not yet.
    let found = Dice::of(city.seed, "attribute", number).between(14, 26);
    let attribute_since = (attribute == Some("2303")).then(|| city.begins.saturating_add(found.days()));
    let named =
        Named { seed: city.seed, number, surname, is_man: gend == "1", is_child: member == 2, born: born.year() };
    let years = Dice::of(city.seed, "continuous years", number).pick(&[1, 2, 3, 4, 5, 8, 10, 12]);
    let renewed = renewed(city, number, cover).filter(|renewed| born < *renewed);
    let more = More::drawn((city.seed, city.begins), number, scheme, psn_type, attribute);
    Citizen {
        number,
        psn_no: psn_no(city.pool, number),
        certno: certno(&division, born, number, gend),
        name: named.name(),
        gend,
        born,
        division,
        scheme,
        psn_type,
        employer,
        balance,
        attribute,
        attribute_since,
        attribute_until: more.attribute_until.filter(|_| attribute_since.is_none()),
        attribute_beside: more.attribute_beside,
        chronic,
        two_diseases: if chronic.is_none() && city.two_diseases { more.two_diseases } else { &[] },
        also: chronic.and_then(|chronic| another(city.seed, number, chronic)),
        also_until: recognised_until(city.seed, number, city.begins),
        is_qualified: special_drug || !states_falsely,
        special_drug,
        special_drug_until: chronic
            .filter(|chronic| ["M03900", "M01600"].contains(&chronic.code))
            .map(|_| city.begins.saturating_sub(Dice::of(city.seed, "approved until", number).between(1, 90).days())),
        paid_before,
        // Nobody has counted the years of who joined anew.
        continuous_years: if renewed.is_some() { 0 } else { years },
        renewed,
        cover,
        subsidy: more.subsidy,
        insured_also: more.insured_also,
    }
}

/// When somebody joined anew without a day between.
fn renewed(city: &Among<'_>, number: u64, cover: Cover) -> Option<Date> {
    let mut dice = Dice::of(city.seed, "renewed", number);
    let renews = cover == Cover::Throughout && !city.insured_throughout && dice.one_in(8);
    renews.then(|| city.begins.saturating_sub(dice.between(5, 55).days()))
}

/// Another long disease that some have beside the one they come for.
fn another(seed: u64, number: u64, chronic: Chronic) -> Option<Chronic> {
    let mut dice = Dice::of(seed, "another disease", number);
    let other = dice.pick(&[CHRONIC[0], CHRONIC[1]]);
    (dice.one_in(3) && other.code != chronic.code).then_some(other)
}

/// When the recognition of that other disease ends, for some: before the city's time, or within it.
fn recognised_until(seed: u64, number: u64, begins: Date) -> Option<Date> {
    let mut dice = Dice::of(seed, "recognised until", number);
    dice.percent(60).then(|| begins.saturating_add(dice.between(-20, 40).days()))
}

/// A child that was born to somebody in the city's time, and is enrolled at that moment.
pub(crate) fn newborn(seed: u64, pool: &str, number: u64, mother: &Citizen, born: Date, loaded: DateTime) -> Citizen {
    let mut dice = Dice::of(seed, "newborn", number);
    let gend = dice.pick(&["1", "2"]);
    let surname = dice.pick(&SURNAMES);
    let named = Named { seed, number, surname, is_man: gend == "1", is_child: true, born: born.year() };
    Citizen {
        number,
        psn_no: psn_no(pool, number),
        certno: certno(&mother.division, born, number, gend),
        name: named.name(),
        gend,
        born,
        division: mother.division.clone(),
        scheme: Scheme::Resident,
        psn_type: "1401",
        employer: None,
        balance: None,
        attribute: None,
        attribute_since: None,
        attribute_until: None,
        attribute_beside: None,
        chronic: None,
        two_diseases: &[],
        also: None,
        also_until: None,
        is_qualified: true,
        special_drug: false,
        special_drug_until: None,
        paid_before: Money::ZERO,
        continuous_years: 0,
        renewed: None,
        cover: Cover::Newborn { born, loaded },
        subsidy: None,
        insured_also: None,
    }
}

/// An identity number with its check digit. The digit before it is odd for men and even for women. Those of one county, day and
/// sex are told apart by the three digits that it ends, so that a few may be the same in a large city, as in a real one.
fn certno(division: &str, born: Date, number: u64, gend: &str) -> String {
    let serial = number % 500 * 2 + u64::from(gend == "1");
    let body = format!("{division}{}{serial:03}", born.strftime("%Y%m%d"));
    let checks = (0..=10).map(|digit| if digit == 10 { 'X' } else { char::from(b'0' + digit) });
    let mut numbers = checks.filter_map(|check| IdNumber::parse(&format!("{body}{check}")).ok());
    numbers.next().map(|number| number.as_str().to_owned()).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn all() -> Vec<Citizen> {
        let divisions = ["520502".to_owned(), "520521".to_owned()];
        let among = Among {
            seed: 3,
            pool: "520500",
            persons: 400,
            begins: date(2021, 6, 25),
            divisions: &divisions,
            long_diseases: (60, 25),
            insured_throughout: false,
            two_diseases: true,
        };
        (0..400).map(|number| drawn(&among, number)).collect()
    }

    fn surname(citizen: &Citizen) -> Option<char> {
        citizen.name.chars().next()
    }

    #[test]
    fn names_and_identity_numbers_fit_sex_and_family() {
        let all = all();
        let given = |citizen: &Citizen| citizen.name.chars().skip(1).collect::<String>();
        let of = |gend: &'static str| all.iter().filter(move |one| one.gend == gend);
        let (men, women): (BTreeSet<_>, BTreeSet<_>) = (of("1").map(given).collect(), of("2").map(given).collect());
        assert!(men.len() > 30 && women.len() > 30, "{men:?} {women:?}");
        assert_eq!(men.intersection(&women).next(), None);
        for citizen in &all {
            let number = IdNumber::parse(&citizen.certno).unwrap();
            assert_eq!((number.gend(), number.birth_date()), (citizen.gend, citizen.born), "{citizen:?}");
        }
        for family in all.chunks(4) {
            let child = surname(&family[2]);
            for man in family.iter().filter(|one| one.gend == "1") {
                assert_eq!(surname(man), child, "{family:?}");
            }
        }
        let names: BTreeSet<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert!(names.len() > 330, "few share a name: {}", names.len());
        let numbers: BTreeSet<&str> = all.iter().map(|one| one.certno.as_str()).collect();
        assert_eq!(numbers.len(), all.len());
    }
}
