//! Sheets of clerks (表格): a good row among a wrong one, and the same sheet once more.

use super::World;
use crate::life::{Event, Line};
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::{NewEntry, Outcome, SheetRow};

impl World<'_> {
    /// Reads a statement in by a sheet: the wrong row is refused with its reason, the good one is taken once.
    pub(super) fn by_sheet(&mut self, event: &Event, statement: &NewEntry) {
        let own_ref = format!("DJ{}{:03}", event.id.person, event.id.ordinal);
        let mut good: BTreeMap<String, String> = statement.fields.clone().into_iter().collect();
        good.insert("own_ref".to_owned(), own_ref.clone());
        let mut wrong = good.clone();
        wrong.insert("med_type".to_owned(), "看病".to_owned());
        wrong.insert("own_ref".to_owned(), format!("{own_ref}X"));
        let rows = [row(2, wrong), row(3, good)];
        let lines: Vec<SheetRow> = (2..).zip(&event.lines).map(|(at, line)| fee_row(at, &own_ref, line)).collect();
        for taken in ["已登记", "相同"] {
            let turn = self.turn(event);
            let verdicts = match self.office.import(turn, &self.clerk(event), statement.kind, &rows, &lines) {
                Ok(verdicts) => verdicts,
                Err(why) => {
                    self.surprises.push(format!("a sheet with {:?} at {}: {why}", event.id, self.office.now()));
                    continue;
                }
            };
            let told: Vec<String> = verdicts.iter().map(yibao_engine::desks::registers::Verdict::sentence).collect();
            let refused = matches!(&verdicts[0].outcome, Outcome::Refused(why) if why.contains("看病"));
            if !refused || verdicts[1].outcome.word() != taken {
                self.surprises.push(format!("a sheet with {:?} at {}: {told:?}", event.id, self.office.now()));
            }
        }
    }
}

fn row(line: usize, cells: BTreeMap<String, String>) -> SheetRow {
    SheetRow { line, cells, ..SheetRow::default() }
}

fn fee_row(at: usize, own_ref: &str, line: &Line) -> SheetRow {
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
    row(at, cells)
}
