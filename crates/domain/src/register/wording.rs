//! How the words of a register are said (说法) under a disposition that its usual ones do not fit: a stay whose registration is
//! cancelled before the outage and made anew is not converted to self-pay.

use super::stands::Stands;
use super::table::WorkTable;
use super::{Action, Entry};
use crate::outage::{Business, Disposition, Plan, Question, RegisterKind};
use std::borrow::Cow;

impl WorkTable {
    /// What a word of a register is called under this disposition; `name` where nothing else is written.
    pub fn said(&self, under: Option<Disposition>, kind: RegisterKind, word: &str, name: &'static str) -> &'static str {
        let own = |wording: &&super::Wording| {
            wording.kind == kind && wording.word == word && under == Some(wording.disposition)
        };
        self.wordings.iter().find(own).map_or(name, |wording| wording.name)
    }

    /// What an action with entries of a register is called under this disposition.
    pub fn action_said(&self, under: Option<Disposition>, kind: RegisterKind, action: Action) -> &'static str {
        self.said(under, kind, action.word(), action.name())
    }

    /// The same table with the fields of a register called as they are under this disposition.
    pub fn worded(&self, under: Option<Disposition>, kind: RegisterKind) -> Cow<'_, WorkTable> {
        let is_own = |wording: &super::Wording| wording.kind == kind && under == Some(wording.disposition);
        if !self.wordings.iter().any(is_own) {
            return Cow::Borrowed(self);
        }
        let mut table = self.clone();
        for field in table.fields.fields.iter_mut().filter(|field| field.kind.is_none_or(|own| own == kind)) {
            if let Some(wording) = self.wordings.iter().find(|own| is_own(own) && own.word == field.name) {
                wording.name.clone_into(&mut field.label);
            }
        }
        Cow::Owned(table)
    }
}

/// The disposition by which an entry is kept: that of its rule, else of the rule that governs what it is about.
pub fn disposition_of(plan: &Plan, entry: &Entry) -> Option<Disposition> {
    let of_rule = Stands::of(plan, entry).map(|stands| stands.rule.disposition);
    let governing = || {
        let business = Business::named(entry.kind.row().business);
        let question = Question { business, ..super::question_of(entry, &plan.pool) };
        plan.governing(&question).first().map(|rule| rule.disposition)
    };
    of_rule.or_else(governing)
}

/// The disposition of all rules by which plans keep a register, where they have one.
pub fn disposition_kept(plans: &[Plan], kind: RegisterKind) -> Option<Disposition> {
    let mut kept = plans.iter().flat_map(|plan| &plan.rules).filter(|rule| rule.keeps(kind));
    let first = kept.next()?.disposition;
    kept.all(|rule| rule.disposition == first).then_some(first)
}
