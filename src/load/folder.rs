//! What has to be known of a folder as a whole before its rows can be judged: who is in it, and which
//! pools insure them.

use crate::load::fields::read_date;
use crate::load::home::{Areas, Books};
use crate::load::table::Table;
use std::collections::{HashMap, HashSet};
use yibao_domain::code::Scheme;
use yibao_domain::time::Date;

/// The persons of a folder.
#[derive(Default)]
pub struct Folder {
    /// Persons whose row in `persons.csv` is good.
    pub persons: HashSet<String>,
    insured: HashMap<String, Books>,
    accounts: HashMap<(String, u32), (Date, u64)>,
}

impl Folder {
    /// Reads from `insurances.csv` which pools insure whom, and which line opens whose account. A row that
    /// will be refused for another field counts too: it tells where the person belongs all the same.
    pub fn scan_insurances(&mut self, table: &Table, areas: &Areas<'_>) -> anyhow::Result<()> {
        // A file that is not UTF-8 further down is reported when its rows are checked.
        let _unreadable = table.each_row(&mut |row| {
            let psn_no = row.text("psn_no");
            let book = areas.book_of(row.text("insuplc_admdvs"));
            if psn_no.is_empty() || book.is_empty() {
                return Ok(());
            }
            let known = self.insured.entry(psn_no.to_owned()).or_default();
            *known = known.with(book);
            if row.text("insutype") == Scheme::Employee.insutype() && !row.text("balc").is_empty() {
                let begin = read_date(row.text("begndate")).unwrap_or(Date::MIN);
                let key = (psn_no.to_owned(), book.place());
                let latest = self.accounts.entry(key).or_insert((begin, row.line));
                if begin > latest.0 {
                    *latest = (begin, row.line);
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The pools that the folder says insure a person.
    pub fn insuring(&self, psn_no: &str) -> Books {
        self.insured.get(psn_no).copied().unwrap_or_default()
    }

    /// The line of `insurances.csv` that opens a person's account in this book.
    pub fn account_line(&self, psn_no: &str, book: Books) -> Option<u64> {
        self.accounts.get(&(psn_no.to_owned(), book.place())).map(|(_, line)| *line)
    }
}
