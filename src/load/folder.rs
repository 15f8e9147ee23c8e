//! What has to be known of a folder as a whole before its rows can be judged: who is in it, and which
//! pools insure them.

use crate::load::home::{Areas, Books};
use crate::load::keys::{ByKey, Key, Keys};
use crate::load::table::Table;
use std::sync::Arc;
use yibao_domain::code::Scheme;
use yibao_domain::time::Date;
use yibao_domain::written::{number, when};

/// The persons of a folder. Twenty bytes a person, whatever is known of them.
#[derive(Default)]
pub struct Folder {
    keys: Keys,
    persons: ByKey<Citizen>,
    /// The sets of pools that insure somebody; few, and named by their place here.
    insuring: Vec<Books>,
    accounts: Arc<Accounts>,
}

/// What the folder says of a person.
#[derive(Clone, Copy, Default)]
struct Citizen {
    /// Place in [`Folder::insuring`], from 1; 0 where no pool insures them.
    insuring: u16,
    /// Their row in `persons.csv` is good.
    is_good: bool,
}

/// Which line of `insurances.csv` opens a person's account.
#[derive(Default)]
pub struct Accounts {
    keys: Keys,
    lines: ByKey<(Date, u32)>,
}

impl Folder {
    /// Reads from `insurances.csv` which pools insure whom, and which line opens whose account. A row that
    /// will be refused for another field counts too: it tells where the person belongs all the same.
    pub fn scan_insurances(&mut self, table: &Table, areas: &Areas<'_>) -> anyhow::Result<()> {
        let mut accounts = Accounts::default();
        // A file that is not UTF-8 further down is reported when its rows are checked.
        let _unreadable = table.each_row(&mut |row| {
            // A number that is damaged is refused with its row, and is nobody's here.
            let psn_no = number::number(&row.text("psn_no")).unwrap_or_default();
            let book = areas.book_of(&row.text("insuplc_admdvs"));
            if psn_no.is_empty() || book.is_empty() {
                return Ok(());
            }
            self.insure(&psn_no, book);
            if row.text("insutype") == Scheme::Employee.insutype() && !row.text("balc").is_empty() {
                let begin = when::day(&row.text("begndate")).unwrap_or(Date::MIN);
                accounts.note(&psn_no, book, begin, row.line);
            }
            Ok(())
        })?;
        self.accounts = Arc::new(accounts);
        Ok(())
    }

    fn insure(&mut self, psn_no: &str, book: Books) {
        let citizen = self.persons.entry(self.keys.of(psn_no)).or_default();
        let before = citizen.insuring.checked_sub(1).map_or(Books::NONE, |at| self.insuring[usize::from(at)]);
        let now = before.with(book);
        if now != before {
            let at = self.insuring.iter().position(|set| *set == now).unwrap_or_else(|| {
                self.insuring.push(now);
                self.insuring.len() - 1
            });
            citizen.insuring = u16::try_from(at + 1).expect("fewer sets of pools than sixty thousand");
        }
    }

    /// Makes the keys of persons.
    pub fn keys(&self) -> Keys {
        self.keys.clone()
    }

    /// Which line opens whose account.
    pub fn accounts(&self) -> Arc<Accounts> {
        Arc::clone(&self.accounts)
    }

    /// The person's row in `persons.csv` is good.
    pub fn take_in(&mut self, person: Key) {
        self.persons.entry(person).or_default().is_good = true;
    }

    /// Whether `persons.csv` has a good row of the person, and the pools that the folder says insure them.
    pub fn of(&self, person: Key) -> (bool, Books) {
        let citizen = self.persons.get(&person).copied().unwrap_or_default();
        let insuring = citizen.insuring.checked_sub(1).map_or(Books::NONE, |at| self.insuring[usize::from(at)]);
        (citizen.is_good, insuring)
    }
}

impl Accounts {
    fn note(&mut self, psn_no: &str, book: Books, begin: Date, line: u64) {
        // A file of more than four thousand million lines would not be taken in a week.
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let latest = self.lines.entry(self.keys.of((psn_no, book.place()))).or_insert((begin, line));
        if begin > latest.0 {
            *latest = (begin, line);
        }
    }

    /// Whether this line of `insurances.csv` opens the person's account in this book.
    pub fn opens(&self, line: u64, psn_no: &str, book: Books) -> bool {
        let opening = self.lines.get(&self.keys.of((psn_no, book.place())));
        opening.is_some_and(|(_, opening)| u64::from(*opening) == line)
    }
}
