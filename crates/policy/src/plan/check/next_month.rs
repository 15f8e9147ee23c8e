//! Months that a text counts from the reopening (次月、当月): `次月10日`, `次月内` beside a deadline that ends with the month of the reopening.

use super::Checker;
use super::dates::dates_in;
use super::texts::{Text, texts};
use yibao_domain::outage::{Due, moment_name};
use yibao_domain::time::Date;

const NEXT: [&str; 3] = ["次月", "下个月", "下月"];
const SAME: [&str; 2] = ["当月", "本月"];
const WITHIN: [&str; 5] = ["内", "之内", "以内", "底", "末"];

impl Checker<'_> {
    pub(super) fn spoken_months(&mut self) {
        self.days_of_the_next_month();
        let plan = self.plan;
        let rules = plan.rules.iter().flat_map(|rule| {
            let fallbacks = rule.fallbacks.iter();
            let own = (format!("规则 {} 的 advice", rule.id), &rule.advice, rule.line, &rule.deadline);
            let fallbacks = fallbacks
                .map(|one| (format!("规则 {} 的 fallback 的 advice", rule.id), &one.advice, one.line, &one.deadline));
            fallbacks.chain([own])
        });
        let duties = plan.duties.iter();
        let duties =
            duties.map(|duty| (format!("责任事项 {} 的 what", duty.id), &duty.what, duty.line, &duty.deadline));
        for (what, text, line, deadline) in rules.chain(duties).collect::<Vec<_>>() {
            let Some(due) = deadline.as_ref().map(|deadline| &deadline.due) else { continue };
            let wrong: &[&str] = match due {
                Due::EndOfMonth { .. } => &NEXT,
                Due::Counted { .. } => &SAME,
                Due::By(_) => continue,
            };
            if let Some(said) = within(text, wrong) {
                let text = format!("{what} 说到“{said}”，而期限写的是{}；请核对，写成一样", due.name());
                self.warn(line, text);
            }
        }
    }

    /// `次月10日前`, as the month after that of the main reopening.
    fn days_of_the_next_month(&mut self) {
        let Some(reopens) = self.plan.window.reopens.expected() else { return };
        let next: Date = reopens.date().first_of_month().saturating_add(jiff::Span::new().months(1));
        let whole = self.known_to_plan();
        for Text { what, text, line, is_told } in texts(self.plan) {
            for word in NEXT.iter().filter(|_| is_told) {
                for (at, _) in text.match_indices(word) {
                    let rest: String = text[at + word.len()..].chars().take(12).collect();
                    let spelled = format!("{}年{}月{rest}", next.year(), next.month());
                    let Some(spoken) = dates_in(&spelled).into_iter().next().filter(|spoken| !whole.has(spoken)) else {
                        continue;
                    };
                    let reopens = moment_name(reopens);
                    let said = format!("{word}{}", spoken.text.rsplit('月').next().unwrap_or_default());
                    let text = format!(
                        "{what} 说到“{said}”（照{reopens}恢复是{}），方案没有这个时刻；请核对，写明几月几日",
                        spoken.text
                    );
                    self.warn(line, text);
                }
            }
        }
    }
}

/// What a text says of these months as of a term: `次月内`, `次月底前`.
fn within(text: &str, months: &[&str]) -> Option<String> {
    months.iter().find_map(|month| {
        text.match_indices(month).find_map(|(at, _)| {
            let rest = &text[at + month.len()..];
            let word = WITHIN.iter().find(|word| rest.starts_with(**word))?;
            Some(format!("{month}{word}"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_a_month_are_found_and_months_of_payouts_are_none() {
        assert_eq!(within("恢复次月内补缴", &NEXT).as_deref(), Some("次月内"));
        assert_eq!(within("下个月底前补缴", &NEXT).as_deref(), Some("下个月底"));
        assert_eq!(within("次月应发的待遇，次月10日拨付", &NEXT), None);
    }
}
