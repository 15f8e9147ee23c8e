//! Reads the tables row by row into the domain's types; a wrong row is told with the words that would do.

use super::source::{Place, Sheet, WrongRow};
use yibao_domain::ledger::SourceKind;
use yibao_domain::money::Money;
use yibao_domain::outage::{Disposition, Evidence, RegisterKind};
use yibao_domain::register::{
    Action, Books, FieldKind, FieldSpec, Need, OtherNames, Proposal, Role, Spoken, State, Step, SumBound, Wording,
    WorkTable, booking,
};
use yibao_domain::work::{About, ActionRow, Bucket, Governed, Keeper, KindRow, RoleRow, Sees, Settles, StateRow};

/// What a group of kinds is called in the table of steps.
const OF_OUTAGE: &str = "@outage";
const OF_CARE: &str = "@care";
/// The heads of the tables that the domain does not know as rows.
const STEPS: [&str; 8] = ["kinds", "action", "from", "to", "roles", "other_than", "books", "sum"];
const FIELDS: [&str; 8] = ["kind", "action", "field", "label", "type", "needed", "evidence", "note"];
const LABELS: [&str; 2] = ["field", "names"];
const WORDINGS: [&str; 4] = ["disposition", "kind", "word", "name"];
const SPOKEN: [&str; 3] = ["table", "said", "code"];

/// Where the rows of a table stand, for the checks of the whole.
#[derive(Default)]
pub(super) struct Places {
    /// Beside [`WorkTable::kinds`].
    pub kinds: Vec<Place>,
    /// Beside [`WorkTable::steps`].
    pub steps: Vec<Place>,
    /// Beside the fields of [`WorkTable::fields`].
    pub fields: Vec<Place>,
}

/// Reads tables one after the other.
#[derive(Default)]
pub(super) struct Reader {
    table: WorkTable,
    wrong: Vec<WrongRow>,
    places: Places,
}

impl Reader {
    /// What was read, what was wrong, and where the rows stand.
    pub fn into_parts(self) -> (WorkTable, Vec<WrongRow>, Places) {
        (self.table, self.wrong, self.places)
    }

    /// Reads a table; wrong rows are kept to be told.
    pub fn read(&mut self, sheet: &Sheet) {
        match sheet.kind.as_str() {
            "roles.tsv" => self.each(sheet, RoleRow::COLUMNS, Reader::role),
            "states.tsv" => self.each(sheet, StateRow::COLUMNS, Reader::state),
            "actions.tsv" => self.each(sheet, ActionRow::COLUMNS, Reader::action),
            "kinds.tsv" => self.each(sheet, KindRow::COLUMNS, Reader::kind),
            "steps.tsv" => self.each(sheet, STEPS, Reader::step),
            "fields.tsv" => self.each(sheet, FIELDS, Reader::field),
            "labels.tsv" => self.each(sheet, LABELS, Reader::label),
            "spoken.tsv" => self.each(sheet, SPOKEN, Reader::spoken),
            _ => self.each(sheet, WORDINGS, Reader::wording),
        }
    }

    fn each<const N: usize>(
        &mut self,
        sheet: &Sheet,
        heads: [&str; N],
        read: fn(&mut Reader, &Place, [&'static str; N]) -> Result<(), String>,
    ) {
        for row in sheet.rows(heads) {
            match row {
                Ok((place, cells)) => {
                    if let Err(text) = read(self, &place, cells) {
                        self.wrong.push(place.wrong(text));
                    }
                }
                Err(wrong) => self.wrong.push(wrong),
            }
        }
    }

    fn role(&mut self, _: &Place, cells: [&'static str; 4]) -> Result<(), String> {
        let row = RoleRow::of_cells(cells)
            .map_err(|at| cell(&RoleRow::COLUMNS, at, cells[at], &[words(Sees::ALL, Sees::word), YES_NO.join("、")]))?;
        named(row.word, row.name)?;
        put(&mut self.table.roles, Role::define(row).map_err(|known| redefined(known.word()))?, row.word)
    }

    fn state(&mut self, _: &Place, cells: [&'static str; 4]) -> Result<(), String> {
        let row = StateRow::of_cells(cells).map_err(|at| {
            cell(&StateRow::COLUMNS, at, cells[at], &[words(Bucket::ALL, Bucket::word), YES_NO.join("、")])
        })?;
        named(row.word, row.name)?;
        put(&mut self.table.states, State::define(row).map_err(|known| redefined(known.word()))?, row.word)
    }

    fn action(&mut self, _: &Place, cells: [&'static str; 4]) -> Result<(), String> {
        let row = ActionRow::of_cells(cells)
            .map_err(|at| cell(&ActionRow::COLUMNS, at, cells[at], &[YES_NO.join("、"), YES_NO.join("、")]))?;
        named(row.word, row.name)?;
        if self.table.actions.iter().any(|known| known.name() == row.name && known.word() != row.word) {
            return Err(format!("已有名为“{}”的操作；请另取名，表格里以名称区分", row.name));
        }
        put(&mut self.table.actions, Action::define(row).map_err(|known| redefined(known.word()))?, row.word)
    }

    fn kind(&mut self, place: &Place, cells: [&'static str; 11]) -> Result<(), String> {
        let row = KindRow::of_cells(cells).map_err(|at| {
            let wanted = match at {
                2 => words(About::ALL, About::word),
                3 => words(Keeper::ALL, Keeper::word),
                4 => words(Governed::ALL, Governed::word),
                5 => words(Settles::ALL, Settles::word),
                7 => "工作日数或 -".to_owned(),
                _ => YES_NO.join("、"),
            };
            wrong_cell(KindRow::COLUMNS[at], cells[at], &wanted)
        })?;
        named(row.word, row.name)?;
        if yibao_domain::outage::Business::new(row.business).is_none() {
            return Err(wrong_cell("business", row.business, "业务名，小写字母和下划线，以点分层"));
        }
        put(&mut self.table.kinds, RegisterKind::define(row).map_err(|known| redefined(known.word()))?, row.word)?;
        self.places.kinds.push(place.clone());
        Ok(())
    }

    fn step(&mut self, place: &Place, cells: [&'static str; 8]) -> Result<(), String> {
        let [kinds, action, from, to, roles, other_than, books, sum] = cells;
        let of_state = |word: &str| known(&self.table.states, word, State::word, "状态");
        let of_action = |word: &str| known(&self.table.actions, word, Action::word, "操作");
        let several: Vec<&str> = to.split('|').collect();
        let (to, unpromised, claimed) = match several.as_slice() {
            ["="] => (None, None, None),
            [to] => (Some(of_state(to)?), None, None),
            [promised, unpromised] => (Some(of_state(promised)?), Some(of_state(unpromised)?), None),
            [promised, unpromised, claimed] => {
                (Some(of_state(promised)?), Some(of_state(unpromised)?), Some(of_state(claimed)?))
            }
            _ => return Err("to 至多写三个状态，以 | 分开：有补办承诺的、没有承诺的、由经办机构报销的".to_owned()),
        };
        let step = Step {
            kinds: self.kinds(kinds)?,
            action: of_action(action)?,
            from: listed(from).map(of_state).collect::<Result<_, _>>()?,
            to,
            unpromised,
            claimed,
            roles: listed(roles)
                .map(|word| known(&self.table.roles, word, Role::word, "角色"))
                .collect::<Result<Vec<_>, _>>()?,
            other_than: listed(other_than).map(of_action).collect::<Result<_, _>>()?,
            books: does_to_the_books(books)?,
            sum: bound(sum)?,
        };
        if step.roles.is_empty() {
            return Err("roles 为空；请写明谁可以办这一步".to_owned());
        }
        if step.from.is_empty() != (step.action == Action::Register) {
            return Err("只有“登记”（register）没有起始状态；from 的“-”只用于 register".to_owned());
        }
        if step.from.is_empty() && step.to.is_none() {
            return Err("登记之后总有一个状态；请在 to 写明".to_owned());
        }
        self.table.steps.push(step);
        self.places.steps.push(place.clone());
        Ok(())
    }

    fn kinds(&self, cell: &str) -> Result<Vec<RegisterKind>, String> {
        let mut kinds = Vec::new();
        for word in listed(cell) {
            let all = self.table.kinds.iter().copied();
            match word {
                OF_OUTAGE => kinds.extend(all.filter(|kind| kind.is_of_outage())),
                OF_CARE => kinds.extend(all.filter(|kind| kind.is_settled())),
                word => kinds.push(known(&self.table.kinds, word, RegisterKind::word, "台账")?),
            }
        }
        if kinds.is_empty() { Err("kinds 为空；请写明哪些台账有这一步".to_owned()) } else { Ok(kinds) }
    }

    fn field(&mut self, place: &Place, cells: [&'static str; 8]) -> Result<(), String> {
        let [kind, action, name, label, holds, need, evidence, note] = cells;
        let kind = match kind {
            "*" => None,
            word => Some(known(&self.table.kinds, word, RegisterKind::word, "台账")?),
        };
        named(name, label)?;
        let (holds, proposed) = proposing(holds);
        let attested = evidence.split(',').filter(|word| !word.is_empty());
        let field = FieldSpec {
            kind,
            action: known(&self.table.actions, action, Action::word, "操作")?,
            name: name.to_owned(),
            label: label.to_owned(),
            holds: holding(holds)?,
            need: match need {
                "yes" => Need::Yes,
                "no" => Need::No,
                "plan" => Need::ByPlan,
                other => return Err(wrong_cell("needed", other, "yes、no、plan")),
            },
            evidence: attested
                .map(|word| Evidence::of_word(word).ok_or_else(|| format!("没有凭据 {word}")))
                .collect::<Result<_, _>>()?,
            note: note.to_owned(),
            proposed,
        };
        let fields = &mut self.table.fields.fields;
        let same =
            |other: &FieldSpec| (other.kind, other.action, &other.name) == (field.kind, field.action, &field.name);
        match fields.iter().position(same) {
            Some(at) if self.places.fields[at].file == place.file => {
                Err(format!("这一步的 {name} 在第{}行已经写过", self.places.fields[at].line))
            }
            Some(at) => {
                fields[at] = field;
                self.places.fields[at] = place.clone();
                Ok(())
            }
            None => {
                fields.push(field);
                self.places.fields.push(place.clone());
                Ok(())
            }
        }
    }

    fn wording(&mut self, _: &Place, cells: [&'static str; 4]) -> Result<(), String> {
        let [disposition, kind, word, name] = cells;
        let table = &self.table;
        let wording = Wording {
            disposition: Disposition::of_word(disposition).ok_or_else(|| format!("没有办法 {disposition}"))?,
            kind: known(&table.kinds, kind, RegisterKind::word, "台账")?,
            word: word.to_owned(),
            name,
        };
        named(word, name)?;
        let is_known = word == kind
            || table.actions.iter().any(|action| action.word() == word)
            || table.states.iter().any(|state| state.word() == word)
            || table.fields.fields.iter().any(|field| field.name == word);
        if !is_known {
            return Err(format!("{word} 不是台账、操作、状态或栏目；请写它们的英文词"));
        }
        self.table.wordings.push(wording);
        Ok(())
    }

    fn spoken(&mut self, _: &Place, cells: [&'static str; 3]) -> Result<(), String> {
        let [table, said, code] = cells.map(str::to_owned);
        if let Some(known) = self.table.code_said(&table, &said) {
            return Err(format!("“{said}”已指{known}；一种说法只能指一个代码，请删去一行"));
        }
        self.table.spoken.push(Spoken { table, said, code });
        Ok(())
    }

    fn label(&mut self, _: &Place, cells: [&'static str; 2]) -> Result<(), String> {
        let [field, names] = cells;
        let names = names.split('|').map(str::to_owned).collect();
        self.table.other_names.push(OtherNames { field: field.to_owned(), names });
        Ok(())
    }
}

const YES_NO: [&str; 2] = ["yes", "no"];

/// The words of a cell that lists several; `-`: none.
fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(',').map(str::trim).filter(|word| !word.is_empty() && *word != "-")
}

/// The value of a word that a table before has.
fn known<T: Copy>(all: &[T], word: &str, word_of: fn(T) -> &'static str, what: &str) -> Result<T, String> {
    let found = all.iter().copied().find(|value| word_of(*value) == word);
    found.ok_or_else(|| format!("没有{what} {word}；已有 {}", words(all, word_of)))
}

fn words<T: Copy>(all: &[T], word_of: fn(T) -> &'static str) -> String {
    all.iter().map(|value| word_of(*value)).collect::<Vec<_>>().join("、")
}

/// What is wrong with one of the last two cells of a row of four.
fn cell(columns: &[&str; 4], at: usize, value: &str, wanted: &[String; 2]) -> String {
    wrong_cell(columns[at], value, &wanted[at - 2])
}

fn wrong_cell(column: &str, value: &str, wanted: &str) -> String {
    format!("{column} 应为 {wanted}，不是“{value}”")
}

fn redefined(word: &str) -> String {
    format!("{word} 已有另一个意思；一个词只能有一个意思，请另取一个词")
}

/// A word that addresses and books can carry, with a name for people.
fn named(word: &str, name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if word.is_empty() || !word.starts_with(|c: char| c.is_ascii_lowercase()) || !word.chars().all(fits) {
        return Err(format!("“{word}”应以小写字母开头，只用小写字母、数字和下划线"));
    }
    if name.trim().is_empty() { Err(format!("{word} 没有中文名称；请补填")) } else { Ok(()) }
}

/// Adds a value once.
fn put<T: PartialEq>(all: &mut Vec<T>, value: T, word: &str) -> Result<(), String> {
    if all.contains(&value) {
        return Err(format!("{word} 已经写过；每个词只写一行"));
    }
    all.push(value);
    Ok(())
}

/// What a step does to the books; a journal entry only of a source kind that steps can book.
fn does_to_the_books(cell: &str) -> Result<Books, String> {
    let sources = SourceKind::ALL.iter().copied().filter(|source| booking(*source).is_some());
    let journals: Vec<Books> = sources.map(Books::Journal).collect();
    let known: Vec<String> = Books::PLAIN.iter().chain(&journals).map(|books| books.word()).collect();
    match Books::of_word(cell) {
        Some(Books::Journal(source)) if booking(source).is_none() => {
            let text = format!("“{}”还不能由台账的步骤记账", source.name());
            Err(format!("{text};{}", wrong_cell("books", cell, &known.join("、"))))
        }
        Some(books) => Ok(books),
        None => Err(wrong_cell("books", cell, &known.join("、"))),
    }
}

fn bound(cell: &str) -> Result<Option<SumBound>, String> {
    if cell == "-" {
        return Ok(None);
    }
    let wrong = || wrong_cell("sum", cell, "-,或如 >50000.00、<=50000.00");
    let amount = |text: &str| text.parse::<Money>().map_err(|_| wrong());
    match (cell.strip_prefix("<="), cell.strip_prefix('>')) {
        (Some(text), _) => Ok(Some(SumBound::UpTo(amount(text)?))),
        (None, Some(text)) => Ok(Some(SumBound::Above(amount(text)?))),
        (None, None) => Err(wrong()),
    }
}

/// What a type proposes: `text:clerk`, `moment:now`.
fn proposing(cell: &'static str) -> (&'static str, Option<Proposal>) {
    match cell {
        "text:clerk" => ("text", Some(Proposal::Clerk)),
        "moment:now" => ("moment", Some(Proposal::Now)),
        other => (other, None),
    }
}

pub(super) fn holding(word: &str) -> Result<FieldKind, String> {
    Ok(match word.split_once(':') {
        None => match word {
            "text" => FieldKind::Text,
            "telephone" => FieldKind::Telephone,
            "moment" => FieldKind::Moment,
            "date" => FieldKind::Day,
            "money" => FieldKind::Money,
            "count" => FieldKind::Count,
            "diagnoses" => FieldKind::Diagnoses,
            "yes_no" => FieldKind::YesNo,
            "business" => FieldKind::Business,
            "papers" => FieldKind::Papers,
            "channel" => FieldKind::Channel,
            other => return Err(format!("没有类型 {other}")),
        },
        Some(("code", table)) => FieldKind::Code(table.to_owned()),
        Some(("choice", words)) => FieldKind::Choice(words.split('|').map(str::to_owned).collect()),
        Some((other, _)) => return Err(format!("没有类型 {other}")),
    })
}
