//! Insured persons: a profile says what a person is, and a city holds several copies of each, so that every test
//! gets somebody nobody else has used.

use super::vocabulary::Used;

/// One row of `insurances.csv`.
#[derive(Clone)]
pub struct Insurance {
    pub insutype: &'static str,
    pub psn_type: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub paused_from: &'static str,
    pub balance: &'static str,
}

/// What a person is.
#[derive(Clone)]
pub struct Profile {
    pub key: &'static str,
    pub admdvs: &'static str,
    pub born: &'static str,
    pub copies: usize,
    pub insurances: Vec<Insurance>,
    pub years: u32,
    pub attributes: Vec<&'static str>,
    /// Code and name, and the first day of the qualification.
    pub diseases: Vec<((&'static str, &'static str), &'static str)>,
    /// Scheme, total and amount, in the city's year.
    pub used: Vec<(&'static str, Used, &'static str)>,
}

impl Profile {
    fn new(key: &'static str, admdvs: &'static str, insutype: &'static str, psn_type: &'static str) -> Profile {
        Profile {
            key,
            admdvs,
            born: "1985-04-12",
            copies: 12,
            insurances: vec![Insurance {
                insutype,
                psn_type,
                from: "2016-01-01",
                until: "",
                paused_from: "",
                balance: "0.00",
            }],
            years: 2,
            attributes: vec![],
            diseases: vec![],
            used: vec![],
        }
    }

    /// An adult of the residents' scheme.
    pub fn resident(key: &'static str, admdvs: &'static str) -> Profile {
        Profile::new(key, admdvs, "390", "1501")
    }

    /// A pupil of the residents' scheme.
    pub fn pupil(key: &'static str, admdvs: &'static str) -> Profile {
        Profile { born: "2009-09-01", ..Profile::new(key, admdvs, "390", "1403") }
    }

    /// An active employee.
    pub fn employee(key: &'static str, admdvs: &'static str) -> Profile {
        Profile::new(key, admdvs, "310", "1101")
    }

    /// A retired employee.
    pub fn retired(key: &'static str, admdvs: &'static str) -> Profile {
        Profile { born: "1952-02-03", ..Profile::new(key, admdvs, "310", "1201") }
    }

    #[must_use]
    pub fn born(mut self, day: &'static str) -> Profile {
        self.born = day;
        self
    }

    #[must_use]
    pub fn copies(mut self, copies: usize) -> Profile {
        self.copies = copies;
        self
    }

    #[must_use]
    pub fn balance(mut self, balance: &'static str) -> Profile {
        self.insurances[0].balance = balance;
        self
    }

    #[must_use]
    pub fn insured(mut self, from: &'static str, until: &'static str, paused_from: &'static str) -> Profile {
        self.insurances[0].from = from;
        self.insurances[0].until = until;
        self.insurances[0].paused_from = paused_from;
        self
    }

    /// Insured in one more scheme.
    #[must_use]
    pub fn also(mut self, insutype: &'static str) -> Profile {
        let further = Insurance { insutype, balance: "0.00", ..self.insurances[0].clone() };
        self.insurances.push(further);
        self
    }

    #[must_use]
    pub fn years(mut self, years: u32) -> Profile {
        self.years = years;
        self
    }

    #[must_use]
    pub fn attribute(mut self, psn_idet_type: &'static str) -> Profile {
        self.attributes.push(psn_idet_type);
        self
    }

    /// Qualified for a disease since 2019-11-01.
    #[must_use]
    pub fn disease(self, disease: (&'static str, &'static str)) -> Profile {
        self.disease_from(disease, "2019-11-01")
    }

    /// Qualified for a disease since that day.
    #[must_use]
    pub fn disease_from(mut self, disease: (&'static str, &'static str), day: &'static str) -> Profile {
        self.diseases.push((disease, day));
        self
    }

    #[must_use]
    pub fn used(mut self, total: Used, amount: &'static str) -> Profile {
        let insutype = self.insurances[0].insutype;
        self.used.push((insutype, total, amount));
        self
    }
}

/// One person, as the card reader and 1101 know them.
#[derive(Clone)]
pub struct Person {
    pub psn_no: String,
    pub certno: String,
    pub name: String,
    pub insutype: &'static str,
    pub psn_type: &'static str,
    pub admdvs: &'static str,
}

impl Person {
    /// The number of the social-security card, as `persons.csv` has it.
    pub fn card_number(&self) -> String {
        format!("A{:08}", self.psn_no[6..].parse::<u64>().unwrap() - 1)
    }
}

/// The `number`-th person of a city: numbers are below 1,000, so certificates never repeat.
pub fn person(profile: &Profile, number: usize) -> Person {
    assert!(number < 1_000, "a test city has fewer than a thousand people");
    let body = format!("{}{}{:03}", profile.admdvs, profile.born.replace('-', ""), number);
    let scheme = &profile.insurances[0];
    Person {
        psn_no: format!("{}{:014}", profile.admdvs, number + 1),
        certno: format!("{body}{}", check_character(&body)),
        name: name(number),
        insutype: scheme.insutype,
        psn_type: scheme.psn_type,
        admdvs: profile.admdvs,
    }
}

/// 1 for men, 2 for women, by the certificate's serial.
pub fn gender(number: usize) -> &'static str {
    if number % 2 == 1 { "1" } else { "2" }
}

/// A name that stands out in any log it should not be in.
fn name(number: usize) -> String {
    const FIRST: [&str; 10] = ["文", "德", "玉", "春", "国", "建", "志", "秀", "海", "明"];
    const LAST: [&str; 10] = ["山", "林", "兰", "梅", "强", "芳", "平", "云", "峰", "霞"];
    format!("欧阳{}{}", FIRST[number / 10 % 10], LAST[number % 10])
}

/// The check character of GB 11643.
fn check_character(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).expect("digits") * weight).sum();
    "10X98765432".chars().nth((sum % 11) as usize).expect("eleven characters")
}
