//! National code values that decisions turn on. Tables of names are data (`interface/codes.tsv`).

use std::fmt;

/// A pool (统筹区) by its six-digit division: one pool, one book.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pool(String);

impl Pool {
    /// The pool with this division code, such as `520500`.
    pub fn new(admdvs: impl Into<String>) -> Self {
        Pool(admdvs.into())
    }

    /// Its division code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The basic scheme (险种) that a settlement draws on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// 职工基本医疗保险, insutype 310.
    Employee,
    /// 城乡居民基本医疗保险, insutype 390.
    Resident,
}

impl Scheme {
    /// The scheme of a national `insutype`; other insutypes are no basic scheme.
    pub fn of_insutype(insutype: &str) -> Option<Scheme> {
        match insutype {
            "310" => Some(Scheme::Employee),
            "390" => Some(Scheme::Resident),
            _ => None,
        }
    }

    /// Its national `insutype`.
    pub fn insutype(self) -> &'static str {
        match self {
            Scheme::Employee => "310",
            Scheme::Resident => "390",
        }
    }

    /// The word that rules and plans use: `employee`, `resident`.
    pub fn word(self) -> &'static str {
        match self {
            Scheme::Employee => "employee",
            Scheme::Resident => "resident",
        }
    }

    /// Its Chinese name, for operators.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Employee => "职工医保",
            Scheme::Resident => "居民医保",
        }
    }
}
