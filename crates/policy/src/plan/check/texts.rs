//! Every text of a plan that people write in their own words (方案里的文字), with what it is and its line.

use yibao_domain::outage::Plan;

/// A text that people wrote.
pub(super) struct Text {
    /// What it is: `规则 a 的 advice`.
    pub(super) what: String,
    pub(super) text: String,
    pub(super) line: u32,
    /// Whether people outside the offices are told it.
    pub(super) is_told: bool,
}

/// All of them.
pub(super) fn texts(plan: &Plan) -> Vec<Text> {
    let told = |what: String, text: &str, line| Text { what, text: text.to_owned(), line, is_told: true };
    let kept = |what: String, text: &str, line| Text { what, text: text.to_owned(), line, is_told: false };
    let mut texts = vec![told("方案的 title".to_owned(), &plan.title, plan.line)];
    for rule in &plan.rules {
        let id = &rule.id;
        texts.push(told(format!("规则 {id} 的 advice"), &rule.advice, rule.line));
        texts.extend(rule.advice_ahead.iter().map(|text| told(format!("规则 {id} 的 advice_ahead"), text, rule.line)));
        texts.extend(rule.reading.iter().map(|text| kept(format!("规则 {id} 的 reading"), text, rule.line)));
        let fallbacks = rule.fallbacks.iter();
        texts.extend(fallbacks.map(|one| told(format!("规则 {id} 的 fallback 的 advice"), &one.advice, one.line)));
    }
    for stage in &plan.stages {
        let advice = stage.advice.iter();
        texts.extend(advice.map(|text| told(format!("分批恢复 {} 的 advice", stage.id), text, stage.line)));
    }
    for duty in &plan.duties {
        texts.push(told(format!("责任事项 {} 的 what", duty.id), &duty.what, duty.line));
        let reading = duty.reading.iter();
        texts.extend(reading.map(|text| kept(format!("责任事项 {} 的 reading", duty.id), text, duty.line)));
    }
    let supplies = plan.supplies.iter();
    texts.extend(supplies.map(|one| told(format!("提前备药 {} 的 advice", one.id), &one.advice, one.line)));
    let promises = plan.hold_harmless.iter();
    texts.extend(promises.map(|one| told(format!("待遇不受损 {} 的 advice", one.id), &one.advice, one.line)));
    let around = plan.arrangements().into_iter();
    texts.extend(around.map(|one| told(format!("{} {} 的 advice", one.part.name(), one.id), &one.advice, one.line)));
    for list in &plan.checklists {
        let items = list.items.iter().map(|text| kept(format!("核对清单 {} 的 items", list.id), text, list.line));
        texts.push(kept(format!("核对清单 {} 的 title", list.id), &list.title, list.line));
        texts.extend(items);
    }
    texts
}
