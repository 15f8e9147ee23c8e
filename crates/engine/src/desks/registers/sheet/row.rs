//! One row of a sheet: what it asks for.

use crate::desks::once;
use crate::desks::registers::sheet::columns::{ACTION, Columns, NUMBER, PROVIDER};
use crate::desks::registers::sheet::given::{Reading, Sheet, SheetRow};
use crate::desks::registers::sheet::lines::{Lines, TIES};
use crate::desks::registers::sheet::verdict::{Outcome, Verdict};
use crate::register::problem::NotDone;
use crate::register::{Actor, Kept, NewEntry};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::field::{self, Field, Text};
use yibao_domain::register::{Action, EntryLine, Source, Stated, WorkTable};

/// What a row asks for.
pub(crate) enum Asks {
    /// A new statement, with its fee lines.
    New(NewEntry),
    /// A step, or a correction.
    Step { number: String, action: Action, fields: Stated },
    /// New fee lines for an entry.
    Lines { number: String, lines: Vec<EntryLine> },
    /// A statement with cells or fee lines that cannot be read: what else is wrong with it is to be told beside that.
    NotTaken { new: NewEntry, lines: Vec<String>, unread: Unread },
    /// Nothing that can be done.
    Nothing(Outcome),
}

/// Cells that cannot be read.
#[derive(Default)]
pub(crate) struct Unread {
    /// What is wrong with them.
    text: String,
    /// The fields that they hold, of which nothing more is said.
    fields: Vec<String>,
}

impl Unread {
    /// Why the row is not taken, with what else is wrong with it.
    fn told(&self, mut rest: NotDone) -> String {
        if let NotDone::Fields(problems) = &mut rest {
            problems.retain(|problem| !self.fields.contains(&problem.field));
        }
        let rest = Some(rest.to_string()).filter(|rest| !rest.is_empty());
        [self.text.clone()].into_iter().chain(rest).collect::<Vec<_>>().join("；")
    }
}

impl Asks {
    /// In short, what is asked for, wherever the row stands; empty where nothing is.
    fn digest(&self) -> String {
        match self {
            Asks::New(new) => once::digest(&once::statement(new)),
            Asks::Step { number, action, fields } => once::digest(&json!([action.word(), once::step(number, fields)])),
            Asks::Lines { number, lines } => once::digest(&once::replacement(number, lines)),
            Asks::NotTaken { .. } | Asks::Nothing(_) => String::new(),
        }
    }
}

/// A row that is understood.
pub(crate) struct Row<'a> {
    of: &'a SheetRow,
    pub asks: Asks,
    /// What tells its deed from others of the sheet: what it asks for, and the how manieth row with that it is. So a row is
    /// the same in a sheet with others before it.
    pub key: String,
    /// Fee lines of an entry that a step is taken with.
    step_lines: Vec<EntryLine>,
    /// Heads of filled columns that the register does not know.
    unknown: Vec<String>,
    /// Heads that call a field otherwise than its label does, by the field.
    heads: BTreeMap<String, String>,
}

impl Row<'_> {
    /// Its fee lines.
    pub fn lines(&self) -> &[EntryLine] {
        match &self.asks {
            Asks::New(new) => &new.lines,
            Asks::Lines { lines, .. } => lines,
            Asks::Step { .. } | Asks::NotTaken { .. } | Asks::Nothing(_) => &self.step_lines,
        }
    }

    /// Persons, documents, invoices and entries that the row is about.
    pub fn subjects(&self) -> Vec<&str> {
        const NAMED: [Field<Text>; 5] = [field::PSN_NO, field::CERTNO, field::INVONO, field::OF_ENTRY, field::PSN_NAME];
        let (number, fields) = match &self.asks {
            Asks::New(new) => ("", Some(&new.fields)),
            Asks::Step { number, fields, .. } => (number.as_str(), Some(fields)),
            Asks::Lines { number, .. } => (number.as_str(), None),
            Asks::NotTaken { .. } | Asks::Nothing(_) => return Vec::new(),
        };
        let stated = NAMED.into_iter().filter_map(|named| Some(named.of(fields?)));
        stated.chain([number]).filter(|subject| !subject.is_empty()).collect()
    }

    /// Says of wrong fields under which head of the sheet they stand.
    fn name_heads(&self, not_done: &mut NotDone) {
        let NotDone::Fields(problems) = not_done else { return };
        for problem in problems {
            if let Some(head) = self.heads.get(&problem.field) {
                problem.text = format!("{}（表头“{head}”）", problem.text);
            }
        }
    }

    /// The verdict, once it is known how it went; `None`: nothing was asked for.
    pub fn verdict(&self, answer: Option<Result<Kept, NotDone>>) -> Verdict {
        let (number, action) = match &self.asks {
            Asks::Step { number, action, .. } => (Some(number.clone()), Some(*action)),
            Asks::Lines { number, .. } => (Some(number.clone()), None),
            Asks::New(_) | Asks::NotTaken { .. } | Asks::Nothing(_) => (None, None),
        };
        let mut remarks = self.of.remarks.clone();
        if !self.unknown.is_empty() {
            remarks.push(format!("未采用的栏目：{}", self.unknown.join("、")));
        }
        let (number, outcome) = match (&self.asks, answer) {
            (Asks::Nothing(outcome), _) => (number, outcome.clone()),
            (_, Some(Ok(kept))) => {
                remarks.extend(kept.remarks);
                let outcome = match self.asks {
                    _ if !kept.is_new => Outcome::Unchanged,
                    Asks::New(_) => Outcome::Added,
                    _ => Outcome::Changed,
                };
                (Some(kept.entry.number), outcome)
            }
            (_, Some(Err(mut not_done))) => {
                self.name_heads(&mut not_done);
                if let Asks::NotTaken { unread, .. } = &self.asks
                    && !unread.text.is_empty()
                    && matches!(not_done, NotDone::Fields(_) | NotDone::Refused(_))
                {
                    let outcome = Outcome::Refused(unread.told(not_done));
                    return Verdict { remarks, ..Verdict::new(Sheet::Entries, self.of, None, outcome) };
                }
                if let NotDone::Fault(fault) = &not_done {
                    tracing::error!(line = self.of.line, causes = fault.chain(), "a row of a sheet was not taken in");
                }
                (number, Outcome::Refused(not_done.to_string()))
            }
            (_, None) => (number, Outcome::Refused("没有办理；请重新导入".to_owned())),
        };
        let action = action.filter(|action| *action != Action::Correct);
        Verdict { action, remarks, ..Verdict::new(Sheet::Entries, self.of, number, outcome) }
    }
}

/// What rows are read by.
pub(crate) struct Reader<'a> {
    pub work: &'a WorkTable,
    pub columns: &'a Columns,
    pub kind: RegisterKind,
    /// Whose rows they are where a row does not say.
    pub provider: &'a str,
    pub by: &'a Actor,
}

impl Reader<'_> {
    /// Reads the rows of a sheet, with their fee lines.
    pub fn read_all<'a>(&self, rows: &'a [SheetRow], lines: &mut Lines<'_>) -> Vec<Row<'a>> {
        for row in rows.iter().filter(|row| !matches!(row.reading, Reading::NoEntry(_))) {
            lines.claim(&self.ties(row), || (self.entry(row), row.place(Sheet::Entries)));
        }
        let mut alike: HashMap<String, usize> = HashMap::new();
        let keyed = |mut row: Row<'a>| {
            let digest = row.asks.digest();
            let before = alike.entry(digest.clone()).or_default();
            *before += 1;
            row.key = format!("{digest}/{before}");
            row
        };
        rows.iter().map(|row| self.read(row, lines)).map(keyed).collect()
    }

    /// What fee lines may name a row by.
    fn ties(&self, row: &SheetRow) -> Stated {
        TIES.into_iter().map(|tie| (tie.to_owned(), self.cell(row, tie))).collect()
    }

    /// What tells the entry of a row from others: its number, else all that is registered.
    fn entry(&self, row: &SheetRow) -> Stated {
        match self.cell(row, NUMBER) {
            number if !number.is_empty() => Stated::from([(NUMBER.to_owned(), number)]),
            _ => {
                let provider = (PROVIDER.to_owned(), self.cell(row, PROVIDER));
                self.fields(row, Action::Register).into_iter().chain([provider]).collect()
            }
        }
    }

    /// Reads a row, with its fee lines.
    fn read<'a>(&self, row: &'a SheetRow, lines: &Lines<'_>) -> Row<'a> {
        let unknown =
            row.cells.iter().filter(|(head, value)| !value.trim().is_empty() && self.columns.find(head).is_none());
        let unknown = unknown.map(|(head, _)| head.clone()).collect();
        let asks = Asks::Nothing(Outcome::PassedOver(""));
        let named = row.cells.keys().filter_map(|head| Some((self.columns.find(head)?, head)));
        let heads = named.filter(|(column, head)| column.label != **head);
        let heads = heads.map(|(column, head)| (column.name.clone(), head.clone())).collect();
        let mut read = Row { of: row, asks, key: String::new(), step_lines: Vec::new(), unknown, heads };
        read.asks = match &row.reading {
            Reading::NoEntry(what) => Asks::Nothing(Outcome::PassedOver(what)),
            Reading::Wrong(text) => {
                let of_lines = lines.of(&self.ties(row)).err().unwrap_or_default();
                let fields = row.unread.iter().filter_map(|head| Some(self.columns.find(head)?.name.clone())).collect();
                match self.asks(row, Ok(Vec::new()), &mut Vec::new()) {
                    Ok(Asks::New(new)) if !row.unread.is_empty() => {
                        Asks::NotTaken { new, lines: of_lines, unread: Unread { text: text.clone(), fields } }
                    }
                    _ => {
                        let texts: Vec<String> = [text.clone()].into_iter().chain(of_lines).collect();
                        Asks::Nothing(Outcome::Refused(texts.join("；")))
                    }
                }
            }
            Reading::Whole => {
                let asks = self.asks(row, lines.of(&self.ties(row)), &mut read.step_lines);
                asks.unwrap_or_else(|text| Asks::Nothing(Outcome::Refused(text)))
            }
        };
        read
    }

    fn asks(
        &self,
        row: &SheetRow,
        lines: Result<Vec<EntryLine>, Vec<String>>,
        step_lines: &mut Vec<EntryLine>,
    ) -> Result<Asks, String> {
        let (number, step) = (self.cell(row, NUMBER), self.cell(row, ACTION));
        let action = match step.as_str() {
            "" if number.is_empty() => Action::Register,
            "" => Action::Correct,
            word => self.action(word)?,
        };
        if number.is_empty() {
            if action != Action::Register {
                return Err(format!("写了操作“{step}”却没有台账号；请补填台账号，新登记的请把操作留空"));
            }
            let fixmedins_code = self.provider(row)?;
            let fields = self.fields(row, action);
            let of = |lines| NewEntry { kind: self.kind, fixmedins_code, fields, lines, source: Source::File };
            return Ok(match lines {
                Ok(lines) => Asks::New(of(lines)),
                Err(problems) => Asks::NotTaken { new: of(Vec::new()), lines: problems, unread: Unread::default() },
            });
        }
        let lines = lines.map_err(|problems| problems.join("；"))?;
        if action == Action::Register {
            return Err(format!("{number}已经登记；要更正的请把操作留空"));
        }
        let fields = self.fields(row, action);
        // Nothing but a number corrects nothing: such rows stand in the results of earlier imports.
        if action == Action::Correct && fields.values().all(String::is_empty) {
            return Ok(match lines.is_empty() {
                true => Asks::Nothing(Outcome::PassedOver("只有台账号，没有内容")),
                false => Asks::Lines { number, lines },
            });
        }
        *step_lines = lines;
        Ok(Asks::Step { number, action, fields })
    }

    fn cell(&self, row: &SheetRow, name: &str) -> String {
        let found =
            row.cells.iter().find(|(head, _)| self.columns.find(head).is_some_and(|column| column.name == name));
        found.map_or(String::new(), |(_, value)| value.trim().to_owned())
    }

    fn action(&self, word: &str) -> Result<Action, String> {
        self.work.action_named(word).ok_or_else(|| {
            let own = self.work.fields.fields.iter().filter(|field| field.kind.is_none_or(|kind| kind == self.kind));
            let steps = own.map(|field| field.action).filter(|action| *action != Action::Register);
            let mut names: Vec<&str> = steps.chain([Action::Correct]).map(Action::name).collect();
            names.dedup();
            format!("“操作”“{word}”不认得；可以写：{}", names.join("、"))
        })
    }

    /// The responsible provider. A provider's entries are its own whatever the sheet says; a row of another's is not made
    /// into one of them.
    fn provider(&self, row: &SheetRow) -> Result<String, String> {
        let said = self.cell(row, PROVIDER);
        let code = if said.is_empty() { self.provider.to_owned() } else { said };
        if self.by.role.keeps_to_its_own() && !code.is_empty() && code != self.by.fixmedins_code {
            return Err(format!("“机构代码”“{code}”不是本机构；请删去这一行，或由该机构、经办机构导入"));
        }
        Ok(code)
    }

    /// The cells that belong to a step.
    fn fields(&self, row: &SheetRow, action: Action) -> Stated {
        let form = if action == Action::Correct { Action::Register } else { action };
        let mut fields = Stated::new();
        for by_step in [true, false] {
            for (head, value) in &row.cells {
                let Some(name) = self.columns.field(head, form, by_step) else { continue };
                if !value.trim().is_empty() || action == Action::Correct {
                    fields.entry(name.to_owned()).or_insert_with(|| value.trim().to_owned());
                }
            }
        }
        fields
    }
}
