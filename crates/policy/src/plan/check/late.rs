//! What a text says of who is late (文字里的逾期): "逾期不予受理" beside a deadline after which a list is kept, "逾期仍可" beside one
//! that ends the right.

use super::Checker;
use yibao_domain::outage::{AfterDeadline, Deadline, DutyKind, Pattern, Plan, Rule};

/// What a text says becomes of who is late.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Late {
    Refused,
    Served,
}

impl Checker<'_> {
    pub(super) fn spoken_lateness(&mut self) {
        let plan = self.plan;
        for rule in plan.rules.iter().filter(|rule| rule.window.is_some()) {
            let own = deadlines_of(plan, rule);
            for fallback in &rule.fallbacks {
                let own = fallback.deadline.as_ref().map_or_else(|| own.clone(), |deadline| vec![deadline]);
                let what = format!("规则 {} 的 fallback 的 advice", rule.id);
                self.judge_lateness(&what, &fallback.advice, &own, fallback.line);
            }
            // An advice may tell of its fallbacks, too.
            let fallbacks = rule.fallbacks.iter().filter_map(|fallback| fallback.deadline.as_ref());
            let all: Vec<&Deadline> = own.into_iter().chain(fallbacks).collect();
            self.judge_lateness(&format!("规则 {} 的 advice", rule.id), &rule.advice, &all, rule.line);
        }
        for duty in plan.duties.iter().filter(|duty| ends_rights(duty.kind)) {
            if let Some(deadline) = &duty.deadline {
                self.judge_lateness(&format!("责任事项 {} 的 what", duty.id), &duty.what, &[deadline], duty.line);
            }
        }
    }

    fn judge_lateness(&mut self, what: &str, text: &str, deadlines: &[&Deadline], line: u32) {
        for (late, said) in lateness_in(text) {
            let Some(first) = deadlines.first() else {
                if late == Late::Refused {
                    let text =
                        format!("{what} 说“{said}”，而没有期限可逾；请写明期限（by、within_… 等），或改写 advice");
                    self.warn(line, text);
                }
                continue;
            };
            let refuses = |deadline: &&&Deadline| deadline.after == AfterDeadline::Refuse;
            let other = match late {
                Late::Refused => deadlines.iter().find(refuses).is_none().then_some(AfterDeadline::Refuse),
                Late::Served => deadlines.iter().all(|one| refuses(&one)).then_some(AfterDeadline::Listed),
            };
            if let Some(other) = other {
                let text = format!(
                    "{what} 说“{said}”，而 after_deadline = \"{}\"（{}）；请改写文字，或改为 {}（{}）",
                    first.after.word(),
                    first.after.name(),
                    other.word(),
                    other.name()
                );
                self.problem(line, text);
            }
        }
    }
}

/// The deadline of a rule, else those of the duties to make good what it closes.
fn deadlines_of<'a>(plan: &'a Plan, rule: &'a Rule) -> Vec<&'a Deadline> {
    if let Some(deadline) = &rule.deadline {
        return vec![deadline];
    }
    let shares = |patterns: &[Pattern]| {
        let mut names = plan.names.keys().filter(|business| rule.specificity(business).is_some());
        names.any(|business| patterns.iter().any(|pattern| pattern.covers(business)))
    };
    let duties = plan.duties.iter().filter(|duty| ends_rights(duty.kind) && shares(&duty.businesses));
    duties.filter_map(|duty| duty.deadline.as_ref()).collect()
}

/// Whether what a duty of this kind demands ends somebody's right when it comes late.
fn ends_rights(kind: DutyKind) -> bool {
    matches!(kind, DutyKind::Backfill | DutyKind::Register | DutyKind::RunOff)
}

/// What a text says of who is late, each with its words. "逾期不能结算的，到经办机构报销" says where else to go, and nothing of this.
fn lateness_in(text: &str) -> Vec<(Late, String)> {
    let refusals = [
        "不受理",
        "不予受理",
        "不再受理",
        "不予办理",
        "不再办理",
        "不办理",
        "不予报销",
        "不再报销",
        "不报销",
        "不予补录",
        "不再补录",
        "不予补办",
        "不再补办",
        "不予结算",
        "不再结算",
        "不予支付",
        "不再支付",
        "不予认可",
        "作废",
        "无效",
        "视为放弃",
        "视同放弃",
        "视为自动放弃",
    ];
    let services = ["仍可", "仍予", "仍能", "仍然可", "也可", "亦可", "还可", "可补", "照常受理", "照常办理"];
    // That an office may decide otherwise is so under every deadline.
    let exceptions = ["特殊", "请示", "同意", "批准", "不可抗力"];
    let mut found = Vec::new();
    for (at, _) in text.match_indices("逾期") {
        let sentence: String = text[at..].chars().take_while(|c| !"。；;！".contains(*c)).collect();
        let rest = behind_whom(&sentence);
        let refused = refusals
            .iter()
            .find(|word| rest.strip_prefix(**word).is_some_and(|after| !after.starts_with(['的', '者'])));
        if let Some(word) = refused {
            found.push((Late::Refused, format!("逾期{word}")));
        } else if let Some(word) = services.iter().find(|word| sentence.contains(**word))
            && !exceptions.iter().any(|word| text.contains(word))
        {
            found.push((Late::Served, format!("逾期{word}")));
        }
    }
    found
}

/// What a sentence that begins with 逾期 says, without whom it says it of: `逾期未补录的，一律`.
fn behind_whom(sentence: &str) -> &str {
    let mut rest = sentence.strip_prefix("逾期").unwrap_or(sentence);
    if rest.starts_with(['未', '没']) {
        rest = rest.split_once(['的', '者', '，', ',']).map_or("", |(_, rest)| rest);
    }
    let mut before = "";
    while rest != before {
        before = rest;
        rest = rest.trim_start_matches(['的', '者', '，', ',', '将', '则', '概', '均']);
        rest = rest.strip_prefix("一律").or_else(|| rest.strip_prefix("原则上")).unwrap_or(rest);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_who_is_late_is_understood() {
        let found = |text: &str| lateness_in(text).into_iter().map(|(late, _)| late).collect::<Vec<_>>();
        for text in [
            "逾期不予受理。",
            "逾期未办理的，一律不再受理",
            "12月底前报销，逾期不再受理。",
            "逾期者作废",
            "逾期概不受理",
        ] {
            assert_eq!(found(text), [Late::Refused], "{text}");
        }
        for text in ["逾期仍可补录。", "逾期未办的，说明原因后也可报销"] {
            assert_eq!(found(text), [Late::Served], "{text}");
        }
        for text in [
            "逾期不能结算的，自费结清后报销。",
            "逾期不再补录的，到经办机构报销。",
            "逾期的9月底前报销。",
            "逾期的，特殊情况经同意仍可受理。",
            "逾期列入清单。",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
