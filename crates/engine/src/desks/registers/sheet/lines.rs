//! Fee lines (费用明细): their columns, and what ties them to a row or an entry: 台账号, 本机构单据号, 住院号.

use crate::desks::registers::sheet::columns::{Columns, NUMBER};
use crate::desks::registers::sheet::given::{Reading, Sheet, SheetRow};
use crate::desks::registers::sheet::verdict::Verdict;
use std::collections::BTreeMap;
use yibao_domain::money::{Money, decimal};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{EntryLine, Stated, bare_amount, field, half_width, moment};
use yibao_interface::Catalogue;
use yibao_policy::registers::line_fields;

/// How lines name their entry, the surest way first.
pub(crate) const TIES: [&str; 3] = [NUMBER, field::OWN_REF.name(), field::IPT_OTP_NO.name()];

/// Whether entries of this register keep fee lines for their backfill.
pub fn keeps_lines(kind: RegisterKind) -> bool {
    kind.is_settled()
}

/// Reads a line from its values by field name; one without a serial gets `serial`, one without an amount quantity times
/// price. Errors name label, value and remedy.
pub fn read_line(values: &Stated, serial: usize) -> Result<EntryLine, String> {
    let label = |name: &str| line_fields().iter().find(|own| own.name == name).map_or("", |own| own.label.as_str());
    let said = |name: &str| values.get(name).map_or("", String::as_str).trim();
    let wrong = |name: &str, what: &str| format!("“{}”“{}”{what}", label(name), said(name));
    if let Some(needed) = line_fields().iter().find(|own| own.needed && said(&own.name).is_empty()) {
        return Err(format!("“{}”为空;请补填", needed.label));
    }
    let number = |name: &str| {
        let bare = bare_amount(&half_width(said(name)));
        bare.and_then(|digits| decimal(&digits)).ok_or_else(|| wrong(name, "不是数字;请核对"))
    };
    let (cnt, pric) = (number("cnt")?, number("pric")?);
    let det_item_fee_sumamt = match said("det_item_fee_sumamt") {
        "" => Money::of_quantity(cnt, pric).ok_or_else(|| wrong("cnt", "乘单价过大;请核对"))?,
        amount => {
            let read = bare_amount(&half_width(amount)).and_then(|digits| digits.parse().ok());
            read.ok_or_else(|| wrong("det_item_fee_sumamt", "不是金额;应为最多两位小数的元数,如 128.50"))?
        }
    };
    let occurred = moment(said("fee_ocur_time"));
    let days = said("prd_days");
    if !days.is_empty() && days.parse::<u16>().is_err() {
        return Err(wrong("prd_days", "不是整数;请填天数"));
    }
    Ok(EntryLine {
        feedetl_sn: if said("feedetl_sn").is_empty() { serial.to_string() } else { said("feedetl_sn").to_owned() },
        fee_ocur_time: occurred
            .ok_or_else(|| wrong("fee_ocur_time", "不是时间;应按24小时制写到分钟,如 2021-07-12 10:30"))?,
        med_list_codg: said("med_list_codg").to_owned(),
        medins_list_codg: said("medins_list_codg").to_owned(),
        cnt,
        pric,
        det_item_fee_sumamt,
        hosp_appr_flag: approval(said("hosp_appr_flag"))
            .ok_or_else(|| wrong("hosp_appr_flag", "不认得;审批通过填1,未通过填2,无须审批填0"))?,
        init_feedetl_sn: said("init_feedetl_sn").to_owned(),
        prd_days: days.to_owned(),
    })
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
    /// The lines, or what is wrong with the first wrong one.
    pub lines: Result<Vec<EntryLine>, String>,
    is_taken: bool,
}

/// What names an entry, and its value.
type Tie = (&'static str, String);

/// Lines by what they belong to.
pub(crate) struct Lines<'a> {
    groups: BTreeMap<Tie, Group<'a>>,
    /// Lines that say to nobody whose they are.
    orphans: Vec<Verdict>,
}

impl<'a> Lines<'a> {
    /// Reads the rows.
    pub fn read(columns: &Columns, rows: &'a [SheetRow]) -> Lines<'a> {
        let mut lines = Lines { groups: BTreeMap::new(), orphans: Vec::new() };
        for row in rows.iter().filter(|row| !matches!(row.reading, Reading::NoEntry(_))) {
            let named =
                row.cells.iter().filter_map(|(head, value)| Some((columns.find(head)?.name.clone(), value.clone())));
            lines.take_in(row, &named.collect());
        }
        lines
    }

    fn take_in(&mut self, row: &'a SheetRow, values: &Stated) {
        let tie = TIES
            .into_iter()
            .find_map(|tie| Some((tie, values.get(tie)?.trim().to_owned())).filter(|(_, of)| !of.is_empty()));
        let problem = match &row.reading {
            Reading::Wrong(problem) => Some(problem.clone()),
            _ => None,
        };
        let Some(tie) = tie else {
            let nobodys = "没有台账号、本机构单据号或住院号,不知属于哪笔;请至少填一项".to_owned();
            return self.orphans.push(Verdict::of_lines(row, Err(problem.unwrap_or(nobodys))));
        };
        let new = || Group { first: row, lines: Ok(Vec::new()), is_taken: false };
        let group = self.groups.entry(tie).or_insert_with(new);
        let Ok(lines) = &mut group.lines else { return };
        match problem.map_or_else(|| read_line(values, lines.len() + 1), Err) {
            Ok(line) => lines.push(line),
            Err(text) => group.lines = Err(format!("{}{text}", row.place(Sheet::Lines))),
        }
    }

    /// The lines of a row; none where there are none.
    pub fn of(&mut self, row: &Stated) -> Result<Vec<EntryLine>, String> {
        let named = TIES.into_iter().filter_map(|tie| Some((tie, row.get(tie)?.clone())));
        for tie in named {
            if let Some(group) = self.groups.get_mut(&tie) {
                group.is_taken = true;
                return group.lines.clone();
            }
        }
        Ok(Vec::new())
    }

    /// What belongs to no row: to nothing, or to entries of before.
    pub fn left(self) -> (Vec<Verdict>, impl Iterator<Item = (Tie, Group<'a>)>) {
        (self.orphans, self.groups.into_iter().filter(|(_, group)| !group.is_taken))
    }
}
