//! Counties and the telephone numbers that answer for them (县区、咨询电话).

use super::Insurance;

/// A county-level division (县区) that the plan speaks of, or the city itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct County {
    /// Six-digit division code.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Other codes that records may carry for it: withdrawn ones, the city-level unit.
    pub also: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
}

/// A telephone number to ask (咨询电话), B-28.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    /// The county's code.
    pub county: String,
    /// The office that answers.
    pub office: String,
    /// The branch of insurance it answers for; `None`: all.
    pub insurance: Option<Insurance>,
    /// The number.
    pub telephone: String,
    /// Where it stands in the file.
    pub line: u32,
}

impl Contact {
    /// The number with the branch of insurance that it is for: `0857-8296182（职工医保）`.
    pub fn number(&self) -> String {
        match self.insurance {
            Some(insurance) => format!("{}（{}）", self.telephone, insurance.name()),
            None => self.telephone.clone(),
        }
    }
}
