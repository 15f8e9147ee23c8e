//! Counties and telephone numbers: codes given twice, counties that are not the plan's, numbers doubled or missing by scheme.

use super::Checker;
use super::texts::texts;
use std::collections::BTreeMap;
use yibao_domain::outage::{Contact, Insurance};
use yibao_domain::written::half_width;

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
        self.spoken_numbers();
    }

    /// Numbers in what people are told that no office of the plan has. Short ones (12393, 12345) are the nation's.
    fn spoken_numbers(&mut self) {
        let plan = self.plan;
        let of_contacts = plan.contacts.iter().map(|contact| contact.telephone.as_str());
        let named = of_contacts.chain(plan.channels.iter().map(|channel| channel.name()));
        let known: Vec<String> = named.flat_map(figures_in).map(|(_, number)| digits_of(&number)).collect();
        for told in texts(plan).into_iter().filter(|text| text.is_told) {
            for number in telephones_in(&told.text) {
                let digits = digits_of(&number);
                // With or without the code of the area.
                if !known.iter().any(|known| known.ends_with(&digits) || digits.ends_with(known)) {
                    let text = format!(
                        "{} 说到电话“{number}”，不在方案的 [[contact]] 中；请核对号码，或补一条 [[contact]]",
                        told.what
                    );
                    self.warn(told.line, text);
                }
            }
        }
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

/// The runs of figures and dashes in a text, and what of their clause stands before each.
fn figures_in(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for clause in half_width(text).split(['，', '。', '；', ',', ';']) {
        let (mut before, mut run) = (String::new(), String::new());
        for c in clause.chars().chain([' ']) {
            match c {
                '0'..='9' => run.push(c),
                '-' if !run.is_empty() => run.push(c),
                _ => {
                    if !run.is_empty() {
                        found.push((before.clone(), run.trim_end_matches('-').to_owned()));
                        before.push_str(&run);
                        run.clear();
                    }
                    before.push(c);
                }
            }
        }
    }
    found
}

fn digits_of(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The telephone numbers in a text: with the code of an area, mobile, 400; without one where the text says that it is a number to call.
fn telephones_in(text: &str) -> Vec<String> {
    let is_telephone = |(before, run): &(String, String)| {
        let digits = digits_of(run);
        let to_be_called = ["电话", "拨打", "致电", "热线", "手机"].iter().any(|word| before.contains(word));
        let of_area = digits.starts_with('0') && (10..=12).contains(&digits.len());
        let mobile = digits.len() == 11 && digits.starts_with('1') && !digits[1..].starts_with(['0', '1', '2']);
        let free = digits.len() == 10 && ["400", "800"].iter().any(|begin| digits.starts_with(begin));
        let local = to_be_called && (7..=8).contains(&digits.len());
        // Behind a letter it is the code of a provider or a drug.
        !before.ends_with(|c: char| c.is_ascii_alphanumeric()) && (of_area || mobile || free || local)
    };
    figures_in(text).into_iter().filter(is_telephone).map(|(_, run)| run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_told_from_other_figures() {
        assert_eq!(telephones_in("请拨打0857-8296182、１３８１２３４５６７８。"), ["0857-8296182", "13812345678"]);
        assert_eq!(telephones_in("咨询电话：8245518"), ["8245518"]);
        assert_eq!(telephones_in("机构H52050200001，2021-07-15，编号20210715，12393热线，0857地区，10000元"), [""; 0]);
    }
}
