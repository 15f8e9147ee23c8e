//! Sheets of clerks (表格): a wrong row that is mended, among one that nobody mends and those that were read in before; and the
//! same sheet once more.

use super::World;
use crate::life::{Event, Line};
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::{NewEntry, Outcome, SheetRow, Verdict};

/// What is wrong with a row until its clerk mends it: the field, what is written there, and whether it is one of its fee lines.
type Mistake = (&'static str, &'static str, bool);

const MISTAKES: [Mistake; 3] = [("med_type", "看病", false), ("begntime", "前天", false), ("cnt", "两盒", true)];

impl World<'_> {
    /// Reads a statement in by its clerk's sheet, below what was read in before: its row is wrong and refused with the reason,
    /// taken once it is mended and the sheet is read in again, and the same after that; the others are taken once all the time.
    pub(super) fn by_sheet(&mut self, event: &Event, statement: &NewEntry) {
        let own_ref = format!("DJ{}{:03}", event.id.person, event.id.ordinal);
        let mut good: BTreeMap<String, String> = statement.fields.clone().into_iter().collect();
        good.insert("own_ref".to_owned(), own_ref.clone());
        let mut fees: Vec<_> = event.lines.iter().map(|line| fee_cells(&own_ref, line)).collect();
        let habit = self.dice(event, "habit").pick(&[Habit::Plain, Habit::Signs, Habit::Words, Habit::Wide]);
        for cells in fees.iter_mut().chain([&mut good]) {
            let written = |(name, text): (&String, &String)| (name.clone(), habit.written(name, text));
            *cells = cells.iter().map(written).collect();
        }
        let (field, said, of_line) = self.dice(event, "sheet").pick(&MISTAKES);
        let (mut wrong, mut wrong_fees) = (good.clone(), fees.clone());
        let cells = if of_line { wrong_fees.last_mut() } else { Some(&mut wrong) };
        cells.map(|cells| cells.insert(field.to_owned(), said.to_owned()));
        // A row that nobody mends.
        let mut never = good.clone();
        never.insert("med_type".to_owned(), "看病".to_owned());
        never.insert("own_ref".to_owned(), format!("{own_ref}X"));
        let before = self.sheets.entry(event.place).or_default().clone();
        let rows =
            |own: &BTreeMap<String, String>| [own, &never].into_iter().cloned().chain(before.rows.clone()).collect();
        let lines = |own: &[BTreeMap<String, String>]| own.iter().cloned().chain(before.lines.clone()).collect();
        let (refused, of_never) = (Told::Refused(said), Told::Refused("看病"));
        for (own, fees, told) in
            [(&wrong, &wrong_fees, refused), (&good, &fees, Told::As("已登记")), (&good, &fees, Told::As("相同"))]
        {
            let expected = [told, of_never].into_iter().chain(before.rows.iter().map(|_| Told::As("相同"))).collect();
            self.read_in(event, statement, rows(own), lines(fees), expected);
        }
        let kept = self.sheets.entry(event.place).or_default();
        kept.rows.push(good);
        kept.lines.extend(fees);
    }

    fn read_in(
        &mut self,
        event: &Event,
        statement: &NewEntry,
        rows: Vec<BTreeMap<String, String>>,
        lines: Vec<BTreeMap<String, String>>,
        expected: Vec<Told>,
    ) {
        let numbered = |cells: Vec<BTreeMap<String, String>>| -> Vec<SheetRow> {
            (2..).zip(cells).map(|(line, cells)| SheetRow { line, cells, ..SheetRow::default() }).collect()
        };
        let (rows, lines) = (numbered(rows), numbered(lines));
        let (turn, clerk) = (self.turn(event), self.clerk(event));
        let at = self.office.now();
        match self.office.import(turn, &clerk, statement.kind, &rows, &lines) {
            Ok(verdicts) => {
                // A page says first what is to be mended, whatever its place in the sheet.
                let mut left: Vec<&Verdict> = verdicts.iter().collect();
                let is_told = |told: &Told| {
                    let at = left.iter().position(|verdict| told.is(&verdict.outcome));
                    at.map(|at| left.remove(at)).is_some()
                };
                if verdicts.len() != expected.len() || !expected.iter().all(is_told) {
                    let told: Vec<String> = verdicts.iter().map(Verdict::sentence).collect();
                    self.surprises.push(format!("a sheet with {:?} at {at}: {told:?}, not {expected:?}", event.id));
                }
            }
            Err(why) => self.surprises.push(format!("a sheet with {:?} at {at}: {why}", event.id)),
        }
    }
}

/// How a clerk writes times, sums and counts in a sheet.
#[derive(Clone, Copy, Debug)]
enum Habit {
    /// `2021-07-12 09:05:30`, `1234.50`
    Plain,
    /// `2021/07/12 09:05:30`, `￥1,234.50`
    Signs,
    /// `2021年07月12日 09:05:30`, `1,234.50元`
    Words,
    /// `２０２１-０７-１２ ０９:０５:３０`, `１２３４.５０`
    Wide,
}

impl Habit {
    fn written(self, name: &str, text: &str) -> String {
        let is_sum = ["medfee_sumamt", "pric"].contains(&name);
        let time = text.parse::<DateTime>().ok().filter(|_| text.contains(':'));
        let Some(at) = time else {
            return match self {
                Habit::Signs if is_sum => format!("￥{}", grouped(text)),
                Habit::Words if is_sum => format!("{}元", grouped(text)),
                Habit::Wide if is_sum || name == "cnt" => wide(text),
                _ => text.to_owned(),
            };
        };
        match self {
            Habit::Plain => text.to_owned(),
            Habit::Signs => text.replace('-', "/"),
            Habit::Words => format!("{}年{:02}月{:02}日 {}", at.year(), at.month(), at.day(), at.time()),
            Habit::Wide => wide(text),
        }
    }
}

/// The yuan of a sum in groups of three.
fn grouped(sum: &str) -> String {
    let (yuan, rest) = sum.split_at(sum.find('.').unwrap_or(sum.len()));
    let groups: Vec<&str> = yuan.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",") + rest
}

fn wide(text: &str) -> String {
    let wide = |c: char| c.to_digit(10).and_then(|digit| char::from_u32('０' as u32 + digit)).unwrap_or(c);
    text.chars().map(wide).collect()
}

/// What a row has to be told.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// Refused, with what is wrong.
    Refused(&'static str),
    /// Done, as this word says.
    As(&'static str),
}

impl Told {
    fn is(self, outcome: &Outcome) -> bool {
        match self {
            Told::Refused(said) => matches!(outcome, Outcome::Refused(why) if why.contains(said)),
            Told::As(word) => outcome.word() == word,
        }
    }
}

fn fee_cells(own_ref: &str, line: &Line) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::from([
        ("own_ref".to_owned(), own_ref.to_owned()),
        ("feedetl_sn".to_owned(), line.serial.clone()),
        ("fee_ocur_time".to_owned(), moment_text(line.at)),
        ("med_list_codg".to_owned(), line.code.to_owned()),
        ("medins_list_codg".to_owned(), format!("Y{}", line.code)),
        ("cnt".to_owned(), line.count.to_string()),
        ("pric".to_owned(), Money::fen(line.price).to_string()),
        ("hosp_appr_flag".to_owned(), line.approval.to_owned()),
    ]);
    if let Some(returned) = &line.returns {
        cells.insert("init_feedetl_sn".to_owned(), returned.clone());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_habit_writes_its_way() {
        let ways = |name: &str, text: &str| {
            [Habit::Plain, Habit::Signs, Habit::Words, Habit::Wide].map(|habit| habit.written(name, text))
        };
        assert_eq!(
            ways("medfee_sumamt", "1234567.50"),
            ["1234567.50", "￥1,234,567.50", "1,234,567.50元", "１２３４５６７.５０"]
        );
        let at = "2021-07-12 09:05:30";
        let written = [at, "2021/07/12 09:05:30", "2021年07月12日 09:05:30", "２０２１-０７-１２ ０９:０５:３０"];
        assert_eq!(ways("begntime", at), written);
        assert_eq!(ways("cnt", "-2"), ["-2", "-2", "-2", "-２"]);
        assert_eq!(ways("psn_name", "王某"), ["王某"; 4]);
    }
}
