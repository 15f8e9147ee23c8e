//! What stands there and says nothing (空话): advice without Chinese, clauses without a number, a business that is silent on purpose
//! and is closed all the same, advice a season ahead.

use super::Checker;
use super::texts::{Text, texts};
use yibao_domain::outage::{Business, Disposition, Pattern};

/// Nobody is told more than a month ahead.
const AHEAD_HOURS_MAX: u32 = 31 * 24;

impl Checker<'_> {
    pub(super) fn written(&mut self) {
        self.in_chinese();
        self.clauses();
        self.silent_and_closed();
        let plan = self.plan;
        if plan.ahead_hours > AHEAD_HOURS_MAX {
            let text = format!(
                "ahead_hours = {}，停办前{}天就开始提示，比一个月还长；请核对是否写错",
                plan.ahead_hours,
                plan.ahead_hours / 24
            );
            self.warn(plan.line, text);
        }
    }

    /// People are told in Chinese.
    fn in_chinese(&mut self) {
        for Text { what, text, line, .. } in texts(self.plan).into_iter().filter(|text| text.is_told) {
            if !text.chars().any(is_chinese) {
                let said = text.trim();
                self.problem(line, format!("{what}（“{said}”）没有一个汉字，群众看不明白；请用中文写"));
            }
        }
    }

    fn clauses(&mut self) {
        let plan = self.plan;
        let rules = plan.rules.iter().map(|rule| ("规则", &rule.id, &rule.clauses, rule.line));
        let duties = plan.duties.iter().map(|duty| ("责任事项", &duty.id, &duty.clauses, duty.line));
        let stages = plan.stages.iter().map(|stage| ("分批恢复", &stage.id, &stage.clauses, stage.line));
        let supplies = plan.supplies.iter().map(|supply| ("提前备药", &supply.id, &supply.clauses, supply.line));
        for (kind, id, clauses, line) in rules.chain(duties).chain(stages).chain(supplies) {
            if clauses.iter().any(|clause| clause.trim().is_empty()) {
                let text =
                    format!("{kind} {id} 的 clause 是空的，答复和公告说不出依据；请写公告的条款号，如 \"二（三）\"");
                self.problem(line, text);
            }
        }
    }

    /// On what a rule closes for everybody the plan is not silent.
    fn silent_and_closed(&mut self) {
        let plan = self.plan;
        for silent in plan.silent_ok.iter().filter_map(named) {
            let names = |pattern: &Pattern| matches!(pattern, Pattern::Under(of) if silent.is_within(of));
            let mut closing = plan.rules.iter().filter(|rule| rule.disposition != Disposition::Open);
            let closes = closing.find(|rule| {
                rule.scope.is_everybody() && rule.specificity(silent).is_some() && rule.businesses.iter().any(names)
            });
            if let Some(rule) = closes {
                let text = format!(
                    "silent_ok 写着有意不提“{}”（{silent}），而第{}行的规则 {} 停办它；请从 silent_ok 删去",
                    plan.name_of(silent),
                    rule.line,
                    rule.id
                );
                self.warn(plan.line, text);
            }
        }
    }
}

/// The business of a pattern that is not all there is.
fn named(pattern: &Pattern) -> Option<&Business> {
    match pattern {
        Pattern::All => None,
        Pattern::Under(business) => Some(business),
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}
