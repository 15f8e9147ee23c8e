//! Reads rules, their fallbacks, stages and duties.

use super::{Head, Reader, each, values, words};
use crate::plan::source::Table;
use yibao_domain::outage::{
    Actor, Disposition, Duty, DutyKind, Effective, Fallback, FallbackWhen, RegisterKind, Rule, Stage, Window,
};

impl Reader<'_> {
    pub(super) fn rule(&self, table: &Table<'_>, main: Option<&Head>) -> Option<Rule> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        let businesses = self.needed_patterns(table);
        let except = self.businesses(table, "except");
        let prevails = table.flag("prevails");
        let scope = self.scope(table);
        let disposition = self.disposition(table);
        let closes = table.moment("closes");
        let reopens = self.reopens(table);
        let mut planned_reopens = table.moment("planned_reopens").map(|at| at.value.at);
        let advice = table.needed_text("advice");
        let advice_ahead = table.text("advice_ahead").map(|text| text.value);
        let evidence = self.evidence(table);
        let not_before = table.moment("not_before").map(|at| at.value);
        let deadline = self.deadline(table, &businesses);
        let effective = table.word("effective", Effective::of_word, words!(Effective));
        let fallbacks = each(table.tables("fallback", "[[rule.fallback]]"), |table| self.fallback(table));
        let stated_register = self.register(table);
        let stated_audience = self.audience(table);
        let reading = table.text("reading").map(|text| text.value);
        let disposition = disposition?;
        let window = if disposition == Disposition::Open {
            if ["closes", "reopens", "reopens_on", "planned_reopens"].iter().any(|key| table.has(key)) {
                let text = "照常办理（open）的规则没有停办时段，请删去 closes、reopens 等时刻";
                self.source.problem(table.line, text);
            }
            None
        } else {
            let closes = closes.map(|at| at.value).or(main.map(|main| main.window.closes));
            let written = table.has("reopens") || table.has("reopens_on");
            let main = main.filter(|_| !written);
            planned_reopens = planned_reopens.or_else(|| main?.planned_reopens);
            let inherited = main.map(|main| main.window.reopens.clone());
            Some(Window { closes: closes?, reopens: reopens.or(inherited)? })
        };
        Some(Rule {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            except,
            prevails,
            scope,
            window,
            planned_reopens,
            disposition,
            advice: advice?.value,
            advice_ahead,
            evidence,
            not_before,
            deadline,
            effective,
            fallbacks,
            stated_register,
            stated_audience,
            reading,
        })
    }

    fn audience(&self, table: &Table<'_>) -> Vec<Actor> {
        table.words("audience", Actor::of_word, words!(Actor))
    }

    fn disposition(&self, table: &Table<'_>) -> Option<Disposition> {
        self.demand(table, "disposition", "请写明处置方式");
        table.word("disposition", Disposition::of_word, words!(Disposition))
    }

    fn register(&self, table: &Table<'_>) -> Option<RegisterKind> {
        let kinds = crate::registers::built_in();
        let words: Vec<&str> = kinds.kinds.iter().map(|kind| kind.word()).collect();
        table.word("register", RegisterKind::of_word, &words)
    }

    fn fallback(&self, table: &Table<'_>) -> Option<Fallback> {
        self.demand(table, "when", "请写明什么情形");
        let when = table.words("when", FallbackWhen::of_word, words!(FallbackWhen));
        let disposition = self.disposition(table);
        let advice = table.needed_text("advice");
        let evidence = self.evidence(table);
        let deadline = self.deadline(table, &[]);
        Some(Fallback {
            when: Some(when).filter(|when| !when.is_empty())?,
            disposition: disposition?,
            advice: advice?.value,
            evidence,
            deadline,
            line: table.line,
        })
    }

    pub(super) fn stage(&self, table: &Table<'_>) -> Option<Stage> {
        let id = table.needed_text("id");
        let clauses = values(table.texts("clause"));
        let businesses = self.patterns(table, "business");
        let scope = self.scope(table);
        let prevails = table.flag("prevails");
        let reopens = self.reopens(table);
        if !table.has("reopens") && !table.has("reopens_on") {
            self.source.problem(table.line, "[[stage]]缺少必填项 reopens（或 reopens_on），请写明这一批何时恢复");
        }
        let planned_reopens = table.moment("planned_reopens").map(|at| at.value.at);
        let advice = table.text("advice").map(|text| text.value);
        Some(Stage {
            id: id?.value,
            clauses,
            line: table.line,
            businesses,
            scope,
            prevails,
            reopens: reopens?,
            planned_reopens,
            added: false,
            advice,
        })
    }

    pub(super) fn duty(&self, table: &Table<'_>) -> Option<Duty> {
        let id = table.needed_text("id");
        let clauses = values(table.needed_texts("clause"));
        self.demand(table, "kind", "请写明事项类别");
        let kind = table.word("kind", DutyKind::of_word, words!(DutyKind));
        let who = self.who(table);
        let what = table.needed_text("what");
        let businesses = self.patterns(table, "business");
        let scope = self.scope(table);
        let evidence = self.evidence(table);
        let not_before = table.moment("not_before").map(|at| at.value);
        let deadline = self.deadline(table, &businesses);
        let stated_register = self.register(table);
        let stated_audience = self.audience(table);
        let reading = table.text("reading").map(|text| text.value);
        Some(Duty {
            id: id?.value,
            clauses,
            line: table.line,
            kind: kind?,
            who,
            what: what?.value,
            businesses,
            scope,
            evidence,
            not_before,
            deadline,
            stated_register,
            stated_audience,
            reading,
        })
    }
}
