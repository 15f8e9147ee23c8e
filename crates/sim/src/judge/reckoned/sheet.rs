//! The sheet on which a settlement is reckoned (核算单).

use super::fen::left_of;
use super::split::Split;
use crate::city::{Citizen, Place};
use crate::judge::tariff::Figures;
use crate::life::Event;
use std::collections::BTreeMap;
use yibao_domain::code::Scheme;
use yibao_domain::time::Date;

/// A settlement that is being reckoned.
pub(super) struct Sheet<'a> {
    pub figures: Figures<'a>,
    pub person: &'a Citizen,
    pub event: &'a Event,
    pub place: &'a Place,
    /// The first day of the care.
    pub begin: Date,
    pub split: Split,
    /// By name, what the totals were before.
    pub before: BTreeMap<&'static str, i64>,
    /// The deductible: unreduced, due and met.
    pub standard: i64,
    pub due: i64,
    pub met: i64,
    /// The ratio of the pool, in basis points.
    pub ratio: i64,
    /// By fund, what it pays of the bill.
    pub paid: BTreeMap<&'static str, i64>,
    /// By fund, what it pays to the person beside the bill.
    pub beside: BTreeMap<&'static str, i64>,
    /// By name, what the totals grow by.
    pub added: BTreeMap<&'static str, i64>,
}

impl Sheet<'_> {
    /// What the rules call the level of the place.
    pub fn level(&self) -> &'static str {
        match self.place.level {
            "3" => "level_3",
            "2" => "level_2",
            "township" => "township",
            "village" => "village",
            _ => "level_1",
        }
    }

    /// What the rules call the group of the person.
    pub fn population(&self) -> &'static str {
        match self.person.psn_type.get(..2) {
            Some("12") => "retired",
            Some("11") => "active",
            Some("14") => "minor",
            _ => "adult",
        }
    }

    /// 人员身份类别 on the first day.
    pub fn attributes(&self) -> Vec<&'static str> {
        self.person.attributes_on(self.begin)
    }

    /// The pool of the scheme.
    pub fn pool(&self) -> &'static str {
        if self.person.scheme == Scheme::Employee { "310100" } else { "390100" }
    }

    pub fn total(&self, name: &str) -> i64 {
        self.before.get(name).copied().unwrap_or(0)
    }

    /// What no fund has paid yet of what is in scope.
    pub fn left_in_scope(&self) -> i64 {
        left_of(self.split.in_scope(), self.paid.values().sum())
    }

    pub fn pays(&mut self, fund: &'static str, fen: i64) {
        *self.paid.entry(fund).or_default() += fen;
    }

    pub fn pays_beside(&mut self, fund: &'static str, fen: i64) {
        *self.beside.entry(fund).or_default() += fen;
    }

    pub fn adds(&mut self, total: &'static str, by: i64) {
        *self.added.entry(total).or_default() += by;
    }
}
