//! Takes rows in, one after the other, each whole or not at all.

use super::super::{Trouble, Visitor};
use super::book::{Lines, Read, TIES};
use crate::app::App;
use crate::sheets::{Column, Content, Grid};
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, EntryLine, Role, Source, Stated};
use yibao_engine::register::{Actor, Kept, ListFilter, NewEntry, NotDone, Registers};
use yibao_policy::registers::fields;

pub(super) const ADDED: &str = "已登记";
pub(super) const CHANGED: &str = "已更新";
pub(super) const SAME: &str = "相同";
pub(super) const REFUSED: &str = "拒绝";
pub(super) const PASSED: &str = "未导入";

/// What became of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    /// Which row.
    pub place: String,
    /// One of the five words.
    pub outcome: &'static str,
    /// The entry's number, where there is one.
    pub number: String,
    /// The whole sentence.
    pub text: String,
}

impl Verdict {
    fn new(place: &str, outcome: &'static str, number: &str, text: impl Into<String>) -> Verdict {
        Verdict { place: place.to_owned(), outcome, number: number.to_owned(), text: text.into() }
    }

    fn refused(place: &str, number: &str, why: impl std::fmt::Display) -> Verdict {
        Verdict::new(place, REFUSED, number, format!("拒绝：{place}{why}"))
    }

    fn of(place: &str, action: Option<Action>, kept: &Kept) -> Verdict {
        let number = &kept.entry.number;
        let remarks: String = kept.remarks.iter().map(|remark| format!("；注意：{remark}")).collect();
        let (outcome, text) = match action {
            _ if !kept.is_new => (SAME, format!("与{number}相同，未重复登记")),
            None => (ADDED, format!("已登记 {number}")),
            Some(Action::Correct) => (CHANGED, format!("已更新 {number}")),
            Some(action) => (CHANGED, format!("已更新 {number}：{}", action.name())),
        };
        Verdict::new(place, outcome, number, text + &remarks)
    }
}

/// Who imports, where and when.
struct Import<'a> {
    registers: Registers<'a>,
    by: Actor,
    app: &'a App,
    kind: RegisterKind,
    provider: &'a str,
}

/// Takes all rows in and says what became of each.
pub(super) fn take_in(
    app: &App,
    visitor: &Visitor,
    kind: RegisterKind,
    provider: &str,
    read: &Read,
) -> Result<Vec<Verdict>, Trouble> {
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let import = Import { registers, by: visitor.actor(), app, kind, provider };
    let mut verdicts = Vec::new();
    let mut used = BTreeSet::new();
    for row in &read.rows {
        verdicts.push(match &row.content {
            Content::PassedOver(why) => Verdict::new(&row.place, PASSED, "", format!("未导入：{why}")),
            Content::Wrong(why) => Verdict::refused(&row.place, "", why),
            Content::Fields(cells) => {
                let tie = TIES.iter().find_map(|tie| {
                    let key = (*tie, cells.get(*tie)?.clone());
                    Some((key.clone(), read.lines.get(&key)?))
                });
                let lines = tie.map(|(key, lines)| {
                    used.insert(key);
                    lines
                });
                import.row(&row.place, cells, lines)?
            }
        });
    }
    let left = read.lines.iter().filter(|(key, _)| !used.contains(*key));
    verdicts.extend(import.lines_alone(left)?);
    Ok(verdicts)
}

impl Import<'_> {
    /// One row: a registration, a correction, or a step.
    fn row(&self, place: &str, cells: &Stated, lines: Option<&Lines>) -> Result<Verdict, Trouble> {
        let said = |name: &str| cells.get(name).map_or("", String::as_str);
        let number = said("number");
        if let Some(problem) = lines.and_then(|lines| lines.problems.first()) {
            return Ok(Verdict::refused(place, number, format!("的{problem}")));
        }
        let lines = lines.map(|lines| lines.lines.clone()).unwrap_or_default();
        let now = self.app.clock.now();
        if number.is_empty() {
            if !said("action").is_empty() && said("action") != Action::Register.name() {
                return Ok(Verdict::refused(
                    place,
                    "",
                    format!("写了操作“{}”却没有台账号；请补填台账号", said("action")),
                ));
            }
            let stated = self.own(Action::Register, cells);
            let code = if said("fixmedins_code").is_empty() { self.provider } else { said("fixmedins_code") };
            // A provider's entries are its own whatever the sheet says; a row of another's is not made into one of them.
            if self.by.role == Role::Provider && !code.is_empty() && code != self.by.fixmedins_code {
                let text = format!("的机构代码“{code}”不是本机构；请删去这一行，或由该机构、经办机构导入");
                return Ok(Verdict::refused(place, "", text));
            }
            let new = NewEntry {
                kind: self.kind,
                fixmedins_code: code.to_owned(),
                fields: stated,
                lines,
                source: Source::File,
            };
            return self.verdict(place, "", None, self.registers.add(&self.by, now, new));
        }
        let wanted = said("action");
        let action = match wanted {
            "" => Some(Action::Correct),
            word => Action::of_word(word).or_else(|| Action::ALL.iter().copied().find(|action| action.name() == word)),
        };
        let Some(action) = action else {
            let names: Vec<&str> = self.actions();
            let text = format!("的操作“{wanted}”不认得；可以写：{}", names.join("、"));
            return Ok(Verdict::refused(place, number, text));
        };
        let fields = self.own(if action == Action::Correct { Action::Register } else { action }, cells);
        let verdict =
            self.verdict(place, number, Some(action), self.registers.act(&self.by, now, number, action, fields))?;
        if lines.is_empty() || verdict.outcome == REFUSED {
            return Ok(verdict);
        }
        let put = self.put(place, number, lines)?;
        Ok(if put.outcome == SAME { verdict } else { put })
    }

    /// The steps that the register's sheets may name.
    fn actions(&self) -> Vec<&'static str> {
        let own = fields().fields.iter().filter(|field| field.kind.is_none_or(|kind| kind == self.kind));
        let mut names: Vec<&str> =
            own.map(|field| field.action).filter(|action| *action != Action::Register).map(Action::name).collect();
        names.push(Action::Correct.name());
        names.dedup();
        names
    }

    /// The cells that belong to a step.
    fn own(&self, action: Action, cells: &Stated) -> Stated {
        let names: BTreeSet<&str> = fields().of(self.kind, action).map(|field| field.name.as_str()).collect();
        let own = cells.iter().filter(|(name, _)| names.contains(name.as_str()));
        own.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn verdict(
        &self,
        place: &str,
        number: &str,
        action: Option<Action>,
        done: Result<Kept, NotDone>,
    ) -> Result<Verdict, Trouble> {
        match done {
            Ok(kept) => Ok(Verdict::of(place, action, &kept)),
            Err(problem @ NotDone::Fields(_)) => Ok(Verdict::refused(place, number, problem)),
            Err(problem @ NotDone::Refused(_)) => Ok(Verdict::refused(place, number, format!("：{problem}"))),
            Err(fault) => Err(fault.into()),
        }
    }

    fn put(&self, place: &str, number: &str, lines: Vec<EntryLine>) -> Result<Verdict, Trouble> {
        let put = self.registers.put_lines(&self.by, self.app.clock.now(), number, lines);
        self.verdict(place, number, Some(Action::Correct), put)
    }

    /// Fee lines whose entry is not in the file: it was registered before.
    fn lines_alone<'l>(
        &self,
        left: impl Iterator<Item = (&'l (&'static str, String), &'l Lines)>,
    ) -> Result<Vec<Verdict>, Trouble> {
        let mut known: Option<BTreeMap<(&str, String), String>> = None;
        let mut verdicts = Vec::new();
        for ((tie, value), lines) in left {
            let place = format!("费用明细{}", lines.place);
            if let Some(problem) = lines.problems.first() {
                verdicts.push(Verdict::refused("", "", problem));
                continue;
            }
            let number = if *tie == "number" {
                Some(value.clone())
            } else {
                if known.is_none() {
                    known = Some(self.known()?);
                }
                known.as_ref().and_then(|known| known.get(&(*tie, value.clone())).cloned())
            };
            verdicts.push(match number {
                Some(number) => self.put(&place, &number, lines.lines.clone())?,
                None => {
                    Verdict::refused(&place, "", format!("的单据“{value}”没有登记过；请先登记，或在同一文件里一起导入"))
                }
            });
        }
        Ok(verdicts)
    }

    /// Entries of the register by the office's own numbers.
    fn known(&self) -> Result<BTreeMap<(&'static str, String), String>, Trouble> {
        let filter = ListFilter { kind: Some(self.kind), rows: usize::MAX, ..ListFilter::default() };
        let listing = self.registers.list(&self.by, self.app.clock.now(), filter)?;
        let mut known = BTreeMap::new();
        for row in listing.rows {
            for tie in TIES.iter().skip(1) {
                let value = row.entry.field(tie);
                if !value.is_empty() {
                    known.insert((*tie, value.to_owned()), row.entry.number.clone());
                }
            }
        }
        Ok(known)
    }
}

/// The verdicts as a sheet, beside what stood in each row, to be corrected and sent again.
pub(super) fn grid(read: &Read, verdicts: &[Verdict]) -> Grid {
    let mut names: Vec<String> = Vec::new();
    for row in &read.rows {
        let Content::Fields(cells) = &row.content else { continue };
        for name in cells.keys().filter(|name| !name.starts_with('_') && *name != "number") {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    let label = |name: &String| {
        let found = fields().fields.iter().find(|field| field.name == *name);
        match name.as_str() {
            "action" => "操作".to_owned(),
            "fixmedins_code" => "机构代码".to_owned(),
            _ => found.map_or_else(|| name.clone(), |field| field.label.clone()),
        }
    };
    let heads = ["行".to_owned(), "结果".to_owned(), "台账号".to_owned(), "说明".to_owned()];
    let columns = heads.into_iter().chain(names.iter().map(label)).map(Column::text).collect();
    let cells_of = |at: usize| match read.rows.get(at).map(|row| &row.content) {
        Some(Content::Fields(cells)) => names.iter().map(|name| cells.get(name).cloned().unwrap_or_default()).collect(),
        _ => vec![String::new(); names.len()],
    };
    let row = |(at, verdict): (usize, &Verdict)| {
        let first = [verdict.place.clone(), verdict.outcome.to_owned(), verdict.number.clone(), verdict.text.clone()];
        first.into_iter().chain(cells_of(at)).collect()
    };
    Grid { name: "导入结果".into(), columns, rows: verdicts.iter().enumerate().map(row).collect() }
}
