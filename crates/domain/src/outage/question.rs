//! What the plans are asked (停办问询): whose business, where, and what the records say of provider and person.

use super::{Business, Channel, Insurance, Place, Population};
use crate::code::Pool;
use crate::provider::BenefitLevel;
use crate::words::vocabulary;

vocabulary! {
    /// What a provider has agreed to do (服务协议), as far as its record tells.
    Contract {
        /// Supplies special drugs.
        SpecialDrugs = "special_drugs", "供药机构";
    }
}

/// What the platform keeps of provider and person, on the day that is asked about. What it does not keep stays empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Records {
    /// The provider's level or kind.
    pub level: Option<BenefitLevel>,
    /// What the provider has agreed to do.
    pub contracts: Vec<Contract>,
    /// The person's attribute codes.
    pub attributes: Vec<String>,
    /// The person's type.
    pub person_type: String,
    /// What the person is certified for.
    pub diseases: Vec<String>,
    /// The person's employer.
    pub employer: String,
    /// The person's age in full years.
    pub age: Option<i16>,
    /// Whether the person is a civil servant.
    pub civil_servant: bool,
    /// Groups of the plan to which provider or person is said to belong, whatever else is kept.
    pub groups: Vec<String>,
}

/// What the gate is asked. What the caller does not know stays empty, and no rule that names it applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Which business.
    pub business: Business,
    /// The pool of the provider or office that does it; `None`: the insured pool.
    pub care_pool: Option<Pool>,
    /// The person's pool; `None`: the pool of care (an empty insuplc_admdvs means local).
    pub insured_pool: Option<Pool>,
    /// The place of care; `None`: derived from the two pools.
    pub place: Option<Place>,
    /// The branch of insurance.
    pub scheme: Option<Insurance>,
    /// Every population that the person belongs to.
    pub populations: Vec<Population>,
    /// The channel.
    pub channel: Option<Channel>,
    /// The provider's code.
    pub provider: Option<String>,
    /// The county where the business is done: the provider's, else where the person is insured. Scopes go by it.
    pub county: Option<String>,
    /// The county where the person is insured, where it is known: whose telephone numbers are told.
    pub insured_county: Option<String>,
    /// What else is kept of provider and person, for groups.
    pub records: Records,
}

/// The division that a provider's code carries: a letter, six digits of the division, five of its own.
pub fn area_of_provider(code: &str) -> Option<&str> {
    code.get(1..7).filter(|area| code.len() == 12 && area.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Question {
    /// A question about a business, with nothing else known: a local person, no scheme, no provider.
    pub fn about(business: Business) -> Question {
        Question {
            business,
            care_pool: None,
            insured_pool: None,
            place: None,
            scheme: None,
            populations: Vec::new(),
            channel: None,
            provider: None,
            county: None,
            insured_county: None,
            records: Records::default(),
        }
    }

    /// Whether a plan of this pool has anything to say: care or insurance is there, or neither is stated.
    pub fn concerns(&self, pool: &Pool) -> bool {
        let pools = [&self.care_pool, &self.insured_pool];
        pools.iter().all(|stated| stated.is_none()) || pools.iter().any(|stated| stated.as_ref() == Some(pool))
    }

    /// Makes it a question about what the provider of this code does; a code carries its division after the first letter. Nothing changes
    /// where there is no code.
    pub fn is_at(&mut self, code: &str) {
        if code.is_empty() {
            return;
        }
        self.provider = Some(code.to_owned());
        self.channel = Some(if code.starts_with('P') { Channel::Pharmacy } else { Channel::Hospital });
        if let Some(area) = area_of_provider(code) {
            self.county = Some(area.to_owned());
        }
    }

    /// The county whose offices answer: the person's, else where the business is done.
    pub fn answering_county(&self) -> Option<&str> {
        self.insured_county.as_deref().or(self.county.as_deref())
    }

    /// The place of care as stated, or by the two pools: the same, the same province (first two digits), another.
    pub fn place(&self) -> Place {
        match (self.place, &self.care_pool, &self.insured_pool) {
            (Some(place), _, _) => place,
            (None, Some(care), Some(insured)) if care != insured => {
                if care.as_str().get(..2) == insured.as_str().get(..2) { Place::InProvince } else { Place::Remote }
            }
            _ => Place::Local,
        }
    }
}
