//! The facts of one settlement. The caller gathers them; [`super::decide`] judges them alone.

use super::care_kind::CareKind;
use super::line::Bill;
use super::totals::Totals;
use crate::code::Scheme;
use crate::money::Money;
use crate::person::{PersonFacts, Population};
use crate::provider::BenefitLevel;
use crate::time::Date;

/// Where care happens, seen from the insured pool (`decisions` 49).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// Inside the insured pool (本统筹区).
    Home,
    /// Elsewhere in the province (省内异地).
    InProvince,
    /// In another province (跨省异地).
    OutOfProvince,
}

/// How remote care was announced (异地就医备案).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Filing {
    /// Not at all.
    None,
    /// Filed or referred (已备案、转诊).
    Filed,
    /// Emergency, which counts as filed (急诊).
    Emergency,
    /// Long-term resident there, which counts as at home (长期居住备案).
    LongTerm,
}

/// What of a stay was settled before under the same stay number: earlier parts of the same stay, or
/// earlier legs of a transfer chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Continued {
    /// Deductible actually met in them, together.
    pub met: Money,
    /// How often their stay stands in this year's stay count. More than once, until the order is put right, where a part was settled
    /// before the leg that it follows.
    pub counted: u32,
}

/// What a deductible depends on besides hospital and bill.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StayFacts {
    /// Earlier mid-stay settlements of this stay that stand (`decisions` 20).
    pub parts: Option<Continued>,
    /// The other settled legs of the chain of transfers that this stay belongs to: discharge way 2 or 3 or a
    /// transfer filing, and admission on the same or the next day (`decisions` 19). Each leg with all its parts.
    /// Legs come in their order, so these are earlier ones, but for a leg that is settled again after a cancellation.
    pub transfer: Option<Continued>,
    /// A part of a stay that goes on (中途结算): for the record only, the amounts are the same.
    pub goes_on: bool,
    /// Other stays of the year that stand but are missing in the running total of stays, because the part or leg
    /// that counted them was cancelled (`decisions` 8, 16), less those that stand in it more than once.
    pub uncounted: i64,
}

impl StayFacts {
    /// How often the stay itself, or its chain, stands in the year's stay count.
    pub fn counted(&self) -> u32 {
        self.parts.iter().chain(&self.transfer).map(|continued| continued.counted).sum()
    }

    /// Which stay of the year it is, with so many in the running total and `added` by its own settlement.
    pub fn number(&self, total: i64, added: i64) -> i64 {
        total + self.uncounted - i64::from(self.counted().saturating_sub(1)) + added
    }
}

/// A recognised disease (慢特病资格).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Qualification {
    /// `opsp_dise_code`.
    pub code: String,
    /// `opsp_dise_name`.
    pub name: String,
    /// First day: the day of certification.
    pub begin: Date,
    /// Last day; open where absent.
    pub end: Option<Date>,
}

/// The code under which a qualification for special drugs (特药资格) stands among the recognised diseases.
const SPECIAL_DRUG: &str = "special_drug";

impl Qualification {
    /// A qualification for special drugs as such (特药资格), from the day of its certification. It is no disease:
    /// special-disease care does not go by it.
    pub fn special_drug(begin: Date, end: Option<Date>) -> Qualification {
        Qualification { code: SPECIAL_DRUG.to_owned(), name: "特药资格".to_owned(), begin, end }
    }

    /// Whether it is one for special drugs as such.
    pub fn is_special_drug(&self) -> bool {
        self.code == SPECIAL_DRUG
    }

    /// Whether it holds on the day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.begin <= day && self.end.is_none_or(|end| day <= end)
    }
}

/// Diagnoses (诊断) by ICD code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagnoses {
    /// The main discharge diagnosis.
    pub main: Option<String>,
    /// All others.
    pub others: Vec<String>,
}

/// What maternity settlements depend on.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MaternityFacts {
    /// 生育类别 (`matn_type`).
    pub matn_type: Option<String>,
    /// 计划生育手术类别 (`birctrl_type`).
    pub birctrl_type: Option<String>,
    /// Children of this birth (胎儿数, `fetus_cnt`).
    pub children: Option<u32>,
    /// Full weeks of gestation (孕周数, `geso_val`).
    pub weeks: Option<u32>,
}

/// Whether and how the personal account pays (`acct_used_flag`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountUse {
    /// Not asked for.
    No,
    /// The person's own account, with what is in it.
    Own {
        /// Its balance.
        balance: Money,
    },
    /// A family member's account (家庭共济).
    Family,
}

impl AccountUse {
    /// Reads `acct_used_flag`: 1 own, 2 family, else no.
    pub fn of_flag(flag: Option<&str>, balance: Money) -> AccountUse {
        match flag {
            Some("1") => AccountUse::Own { balance },
            Some("2") => AccountUse::Family,
            _ => AccountUse::No,
        }
    }
}

/// The provider as a decision sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProviderFacts {
    /// The level or kind that ratios go by.
    pub level: BenefitLevel,
    /// The level or kind that the deductible goes by.
    pub deductible_level: BenefitLevel,
    /// Designated to supply special drugs (供药机构).
    pub supplies_special_drugs: bool,
}

/// All facts of one settlement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The basic scheme that entitles.
    pub scheme: Scheme,
    /// What is settled.
    pub kind: CareKind,
    /// The person on the day of entitlement.
    pub person: PersonFacts,
    /// The provider.
    pub provider: ProviderFacts,
    /// Where care happens.
    pub place: Place,
    /// How remote care was announced.
    pub filing: Filing,
    /// The place of care is the person's own county (参保县).
    pub own_county: bool,
    /// Day of visit or purchase; for stays the day of discharge, for births that or the end of
    /// pregnancy. Qualifications are judged on it.
    pub day: Date,
    /// The priced lines.
    pub bill: Bill,
    /// Diagnoses.
    pub diagnoses: Diagnoses,
    /// What the stay continues.
    pub stay: StayFacts,
    /// Maternity facts, for maternity kinds.
    pub maternity: MaternityFacts,
    /// The disease that the call names (`dise_codg`).
    pub disease_code: Option<String>,
    /// The person's recognised diseases and qualifications for special drugs, any dates.
    pub qualifications: Vec<Qualification>,
    /// Running totals before this settlement.
    pub totals: Totals,
    /// The personal account.
    pub account: AccountUse,
    /// What a package price puts on the provider (`hosp_part_amt`); 0 unless one does.
    pub hospital_part: Money,
}

impl Case {
    /// A case at home without anything special; fill in the rest with struct update.
    pub fn plain(
        scheme: Scheme,
        kind: CareKind,
        population: Population,
        age: i16,
        level: BenefitLevel,
        day: Date,
        bill: Bill,
    ) -> Case {
        Case {
            scheme,
            kind,
            person: PersonFacts::plain(population, age),
            provider: ProviderFacts { level, deductible_level: level, supplies_special_drugs: true },
            place: Place::Home,
            filing: Filing::None,
            own_county: false,
            day,
            bill,
            diagnoses: Diagnoses::default(),
            stay: StayFacts::default(),
            maternity: MaternityFacts::default(),
            disease_code: None,
            qualifications: Vec::new(),
            totals: Totals::default(),
            account: AccountUse::No,
            hospital_part: Money::ZERO,
        }
    }
}
