//! Counties and telephone numbers: codes given twice, counties that are not the plan's, numbers doubled or missing by scheme.

use super::Checker;
use std::collections::BTreeMap;
use yibao_domain::outage::{Contact, Insurance};

/// A number has so many digits: 12393 is the shortest.
const DIGITS_MIN: usize = 5;

impl Checker<'_> {
    pub(super) fn contacts(&mut self) {
        let plan = self.plan;
        let known = |code: &String| plan.counties.iter().any(|county| county.code == *code);
        let mut seen = BTreeMap::new();
        for county in &plan.counties {
            for code in std::iter::once(&county.code).chain(&county.also) {
                if let Some(first) = seen.insert(code, county.line) {
                    self.problem(county.line, format!("区划 {code} 已在第{first}行出现；请删去一处"));
                }
            }
        }
        for contact in &plan.contacts {
            if !known(&contact.county) {
                let text = format!("联系电话的区划 {} 不在方案的 [[county]] 中，请补上或改正", contact.county);
                self.problem(contact.line, text);
            }
        }
        self.numbers();
        self.missing_numbers();
    }

    fn numbers(&mut self) {
        let plan = self.plan;
        let same = |one: &Contact, other: &Contact| {
            (&one.county, &one.office, one.insurance) == (&other.county, &other.office, other.insurance)
        };
        for (index, contact) in plan.contacts.iter().enumerate() {
            if contact.telephone.chars().filter(char::is_ascii_digit).count() < DIGITS_MIN {
                let text = format!("联系电话“{}”不是电话号码；请写号码，暂无的删去这一条", contact.telephone);
                self.problem(contact.line, text);
            }
            if let Some(first) = plan.contacts[..index].iter().find(|first| same(first, contact)) {
                let scheme = contact.insurance.map_or("各险种", Insurance::name);
                let text = format!(
                    "{}（{}）{scheme}的联系电话与第{}行重复；请合并为一条（telephone = \"号码一、号码二\"），或写明 scheme",
                    contact.office, contact.county, first.line
                );
                self.problem(contact.line, text);
            }
        }
    }

    /// Whom a refusal has no number for, although the plan has some.
    fn missing_numbers(&mut self) {
        let plan = self.plan;
        if plan.contacts.is_empty() {
            return;
        }
        let schemes = [Insurance::Employee, Insurance::Resident];
        let missing = |code: &str| -> Vec<&str> {
            let lacks = |scheme: &&Insurance| plan.contacts_for(Some(code), Some(**scheme)).is_empty();
            schemes.iter().filter(lacks).map(|scheme| scheme.name()).collect()
        };
        let of_city = missing(plan.pool.as_str());
        for county in plan.counties.iter().filter(|county| county.code != plan.pool.as_str()) {
            let own = missing(&county.code);
            if !own.is_empty() && own != of_city || own.len() == schemes.len() {
                let text = format!(
                    "{}（{}）的{}没有电话可问，市级也没有；请补 [[contact]]",
                    county.name,
                    county.code,
                    own.join("、")
                );
                self.warn(county.line, text);
            }
        }
        if of_city.len() == 1 {
            let of_pool = plan.contacts.iter().find(|contact| contact.county == plan.pool.as_str());
            let name = plan.counties.iter().find(|county| county.code == plan.pool.as_str());
            let name = name.map_or(plan.pool.as_str(), |county| &county.name);
            let line = of_pool.map_or(plan.line, |contact| contact.line);
            let text =
                format!("{name}的{}没有电话可问；请补一条 [[contact]]，号码通用的删去 scheme", of_city.join("、"));
            self.warn(line, text);
        }
    }
}
