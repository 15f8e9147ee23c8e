//! The figures in force (现行待遇标准) as people read them: name, value in Chinese, source, and how sure it is.
//!
//! A listing of what [`super::RuleBook::rules`] resolves for the domain, by the same inheritance, so that a page that
//! prints it and a settlement that uses it cannot differ. Invariant: a figure is listed exactly where it has a value.

use jiff::civil::Date;

/// Which layer of the rules a figure stands in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tier {
    /// 统筹区.
    Pool,
    /// 省.
    Province,
    /// 国家.
    Nation,
}

impl Tier {
    /// Its Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Pool => "本市",
            Tier::Province => "本省",
            Tier::Nation => "国家",
        }
    }
}

/// A value as people read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// A few words: `250000元`.
    Text(String),
    /// A small table, by level, population or place.
    Table {
        /// Column heads.
        head: Vec<String>,
        /// Rows as wide as the head.
        rows: Vec<Vec<String>>,
    },
}

/// One figure in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FigureInForce {
    /// Chinese name of the subject: `住院`.
    pub subject: &'static str,
    /// The parameter, such as `inpatient.deductible`.
    pub parameter: &'static str,
    /// Its Chinese name.
    pub title: &'static str,
    /// Its value.
    pub value: Shown,
    /// Source tag, such as `[C] s1`.
    pub source: String,
    /// No figure of the city's own for that day (示意).
    pub illustrative: bool,
    /// The oldest figure known, applied before its own date.
    pub carried_back: bool,
    /// Where it is written.
    pub tier: Tier,
    /// First day.
    pub from: Date,
    /// Last day, where it is known.
    pub to: Option<Date>,
}
