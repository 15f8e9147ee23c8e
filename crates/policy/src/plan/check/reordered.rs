//! What a moved reopening puts in another order (改期后的先后): a wave that came after the rest and now comes before it.

use super::super::Problem;
use yibao_domain::outage::{Plan, Reopens};

/// The stages of a version that reopened after the plan's main reopening in the version before and do so before it now, or the other way round.
pub fn reordered(old: &Plan, new: &Plan) -> Vec<Problem> {
    let moment = |reopens: &Reopens| reopens.expected();
    let (Some(main_before), Some(main)) = (moment(&old.window.reopens), moment(&new.window.reopens)) else {
        return Vec::new();
    };
    let told = new.stages.iter().filter_map(|stage| {
        let before = moment(&old.stages.iter().find(|earlier| earlier.id == stage.id)?.reopens)?;
        let now = moment(&stage.reopens)?;
        let (was, is) = match (before > main_before, now > main) {
            (true, false) if now < main => ("晚于", "早于"),
            (false, true) if before < main_before => ("早于", "晚于"),
            _ => return None,
        };
        let whom = new.whom(&stage.scope);
        let name = if whom.is_empty() { &stage.id } else { &whom };
        let text = format!(
            "分批恢复“{name}”原来{was}方案的恢复时刻，改后{is}它（{}，方案{}）；请核对是否也要改这一批",
            stage.reopens.name(),
            new.window.reopens.name()
        );
        Some(Problem { line: stage.line, text })
    });
    told.collect()
}
