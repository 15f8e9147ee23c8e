//! Fee lines (费用明细): their columns, and what ties them to a row or an entry: 台账号, 本机构单据号, 住院号.

use crate::desks::registers::sheet::columns::{Columns, NUMBER};
use crate::desks::registers::sheet::given::{Reading, Sheet, SheetRow};
use crate::desks::registers::sheet::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::spelling::{kept, moment, money, price, quantity};
use yibao_domain::register::{EntryLine, FieldKind, Stated, field};
use yibao_interface::Catalogue;
use yibao_policy::registers::line_fields;

/// How lines name their entry, the surest way first.
pub(crate) const TIES: [&str; 3] = [NUMBER, field::OWN_REF.name(), field::IPT_OTP_NO.name()];
/// How many rows or entries a refusal names.
const NAMED_MAX: usize = 5;

/// Whether entries of this register keep fee lines for their backfill.
pub fn keeps_lines(kind: RegisterKind) -> bool {
    kind.is_settled()
}

/// Reads a line from its values by field name; one without a serial gets `serial`, one without an amount quantity times
/// price. All that is wrong is named at once, by label, value and remedy.
pub fn read_line(values: &Stated, serial: usize) -> Result<EntryLine, Vec<String>> {
    let mut of = LineReader { values, problems: Vec::new() };
    let missing = line_fields().iter().filter(|own| own.needed && of.said(&own.name).is_empty());
    of.problems = missing.map(|own| format!("“{}”为空；请补填", own.label)).collect();
    let (cnt, pric) = (of.read("cnt", quantity), of.read("pric", price));
    let stated = of.read("det_item_fee_sumamt", money);
    let product = cnt.zip(pric).map(|(cnt, pric)| Money::of_quantity(cnt, pric));
    if stated.is_none() && product == Some(None) {
        of.problems.push(of.wrong("cnt", "乘单价过大；请核对"));
    }
    let days = of.read("prd_days", |days| kept("prd_days", &FieldKind::Count, days)).unwrap_or_default();
    let fee_ocur_time = of.read("fee_ocur_time", moment);
    let approval = of.read("hosp_appr_flag", |said| {
        approval(said).ok_or_else(|| format!("“{said}”不认得；审批通过填1，未通过填2，无须审批填0"))
    });
    let own_serial = of.text("feedetl_sn");
    let (med_list_codg, medins_list_codg, init_feedetl_sn) =
        (of.text("med_list_codg"), of.text("medins_list_codg"), of.text("init_feedetl_sn"));
    let (Some(cnt), Some(pric), Some(fee_ocur_time), Some(det_item_fee_sumamt), []) =
        (cnt, pric, fee_ocur_time, stated.or(product.flatten()), of.problems.as_slice())
    else {
        return Err(of.problems);
    };
    Ok(EntryLine {
        feedetl_sn: if own_serial.is_empty() { serial.to_string() } else { own_serial },
        fee_ocur_time,
        med_list_codg,
        medins_list_codg,
        cnt,
        pric,
        det_item_fee_sumamt,
        hosp_appr_flag: approval.unwrap_or_default(),
        init_feedetl_sn,
        prd_days: days,
    })
}

/// Reads the values of a line, and keeps what is wrong with them.
struct LineReader<'a> {
    values: &'a Stated,
    problems: Vec<String>,
}

impl LineReader<'_> {
    fn said(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str).trim()
    }

    fn wrong(&self, name: &str, what: &str) -> String {
        format!("“{}”“{}”{what}", label(name), self.said(name))
    }

    /// What was stated; `None` where nothing was, or what cannot be read.
    fn read<T>(&mut self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let said = Some(self.said(name)).filter(|said| !said.is_empty())?;
        match read(said) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(format!("“{}”{problem}", label(name)));
                None
            }
        }
    }

    fn text(&mut self, name: &'static str) -> String {
        self.read(name, |said| kept(name, &FieldKind::Text, said)).unwrap_or_default()
    }
}

fn label(name: &str) -> &'static str {
    line_fields().iter().find(|own| own.name == name).map_or("", |own| own.label.as_str())
}

/// The code of an approval, from the code or its meaning.
fn approval(said: &str) -> Option<String> {
    if said.is_empty() {
        return Some(String::new());
    }
    let mut known = Catalogue::national().codes("hosp_appr_flag")?.values.iter();
    known.find(|value| value.code == said || value.meaning == said).map(|value| value.code.clone())
}

/// The lines of one row or entry.
pub(crate) struct Group<'a> {
    /// Its first row.
    pub first: &'a SheetRow,
    /// The lines that can be read.
    pub lines: Vec<EntryLine>,
    /// What is wrong with the others, by line.
    pub problems: Vec<String>,
    /// What tells the entries of the sheet whose they may be from others.
    claims: BTreeSet<Stated>,
    /// Where the first row of each stands.
    places: Vec<String>,
}

/// What names an entry, and its value.
type Tie = (&'static str, String);

/// Lines by what they belong to.
pub(crate) struct Lines<'a> {
    columns: &'a Columns,
    groups: BTreeMap<Tie, Group<'a>>,
    /// Lines that say to nobody whose they are.
    orphans: Vec<Verdict>,
}

impl<'a> Lines<'a> {
    /// Reads the rows.
    pub fn read(columns: &'a Columns, rows: &'a [SheetRow]) -> Lines<'a> {
        let mut lines = Lines { columns, groups: BTreeMap::new(), orphans: Vec::new() };
        for row in rows.iter().filter(|row| !matches!(row.reading, Reading::NoEntry(_))) {
            let named =
                row.cells.iter().filter_map(|(head, value)| Some((columns.find(head)?.name.clone(), value.clone())));
            lines.take_in(row, &named.collect());
        }
        lines
    }

    fn take_in(&mut self, row: &'a SheetRow, values: &Stated) {
        let tie = ties(values).next();
        let problem = match &row.reading {
            Reading::Wrong(problem) => Some(problem.clone()),
            _ => None,
        };
        let Some(tie) = tie else {
            let nobodys = "没有台账号、本机构单据号或住院号，不知属于哪笔；请至少填一项".to_owned();
            return self.orphans.push(Verdict::of_lines(row, Err(problem.unwrap_or(nobodys))));
        };
        let new = || Group { first: row, lines: vec![], problems: vec![], claims: BTreeSet::new(), places: vec![] };
        let columns = self.columns;
        let group = self.groups.entry(tie).or_insert_with(new);
        let serial = group.lines.len() + group.problems.len() + 1;
        let read = match problem {
            None => read_line(values, serial),
            // What cannot be read is not missing besides.
            Some(problem) => {
                let label = |head: &String| Some(format!("“{}”", columns.find(head)?.label));
                let unread: Vec<String> = row.unread.iter().filter_map(label).collect();
                let more = if unread.is_empty() { Ok(()) } else { read_line(values, serial).map(drop) };
                let more = more.err().unwrap_or_default().into_iter();
                let others = more.filter(|text| !unread.iter().any(|label| text.starts_with(label)));
                Err([problem].into_iter().chain(others).collect())
            }
        };
        match read {
            Ok(line) => group.lines.push(line),
            Err(problems) => group.problems.push(format!("{}{}", row.place(Sheet::Lines), problems.join("，"))),
        }
    }

    /// The lines that a row's values tie to it, the surest tie first.
    fn tied(&self, row: &Stated) -> Option<Tie> {
        ties(row).find(|tie| self.groups.contains_key(tie))
    }

    /// Says before rows are read that lines may be those of a row; asked only where there are such lines, what tells its
    /// entry from others, and where it stands.
    pub fn claim(&mut self, row: &Stated, of: impl FnOnce() -> (Stated, String)) {
        let Some(group) = self.tied(row).and_then(|tie| self.groups.get_mut(&tie)) else { return };
        let (entry, place) = of();
        if group.claims.insert(entry) {
            group.places.push(place);
        }
    }

    /// The lines of a row; none where there are none. Refused, each wrong one by its place, where they cannot be read or may as well
    /// be another row's.
    pub fn of(&self, row: &Stated) -> Result<Vec<EntryLine>, Vec<String>> {
        let Some(tie) = self.tied(row) else { return Ok(Vec::new()) };
        let group = &self.groups[&tie];
        if group.places.len() > 1 {
            let (named, places) = (self.named(&tie), first_of(&group.places));
            let text = format!("{named}同时写在{places}，不知费用明细属于哪一行；请改用各自的本机构单据号");
            return Err(vec![text]);
        }
        if group.problems.is_empty() { Ok(group.lines.clone()) } else { Err(group.problems.clone()) }
    }

    /// What lines are tied by, in words.
    pub fn named(&self, (tie, value): &Tie) -> String {
        let label = self.columns.find(tie).map_or("单据", |column| column.label.as_str());
        format!("“{label}”“{value}”")
    }

    /// What belongs to no row: to nothing, or to entries of before.
    pub fn left(&mut self) -> (Vec<Verdict>, Vec<(Tie, Group<'a>)>) {
        let groups = std::mem::take(&mut self.groups).into_iter().filter(|(_, group)| group.claims.is_empty());
        (std::mem::take(&mut self.orphans), groups.collect())
    }
}

/// The first of several, and how many there are where that is not all.
pub(crate) fn first_of(several: &[String]) -> String {
    let named = several[..several.len().min(NAMED_MAX)].join("、");
    if several.len() > NAMED_MAX { format!("{named}等{}处", several.len()) } else { named }
}

/// What may tie lines to an entry of which this is said, the surest way first.
fn ties(values: &Stated) -> impl Iterator<Item = Tie> {
    let named = TIES.into_iter().filter_map(|tie| Some((tie, values.get(tie)?.trim().to_owned())));
    named.filter(|(_, value)| !value.is_empty())
}
