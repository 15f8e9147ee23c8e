//! A plan whose latest version cannot be read: what it closes stays closed, for nobody knows when it reopens.

use super::{Plan, Reopens};
use crate::time::DateTime;

impl Plan {
    /// This plan, the last readable one before a version that was published at `since` and cannot be read: what had not
    /// reopened by then stays closed, or closes as planned and does not reopen, until a later version can be read. Title
    /// and reopening say so.
    pub fn held_closed(&self, unreadable: u32, since: DateTime) -> Plan {
        let hold = |reopens: &mut Reopens| -> Option<DateTime> {
            if *reopens == Reopens::Never || !reopens.is_after(since) {
                return None;
            }
            let expected = reopens.expected();
            *reopens = Reopens::unreadable(unreadable);
            expected
        };
        let mut plan = self.clone();
        plan.title = format!("{}（第{unreadable}版无法读取，按第{}版从严停办）", self.title, self.version);
        let expected = hold(&mut plan.window.reopens);
        plan.planned_reopens = plan.planned_reopens.or(expected);
        for rule in &mut plan.rules {
            let expected = rule.window.as_mut().and_then(|window| hold(&mut window.reopens));
            rule.planned_reopens = rule.planned_reopens.or(expected);
        }
        for stage in &mut plan.stages {
            let expected = hold(&mut stage.reopens);
            stage.planned_reopens = stage.planned_reopens.or(expected);
        }
        plan
    }
}

impl Reopens {
    /// How a business comes back whose plan's latest version cannot be read: no event that anybody enters opens it.
    pub fn unreadable(version: u32) -> Reopens {
        let name = format!("停机方案第{version}版无法读取，修复并重新发布");
        Reopens::Awaits { event: String::new(), name, expected: None }
    }
}
