//! Which book a row belongs to (归属): the pool where the person is insured.
//!
//! Reference data stand apart from the books and are written through any one of them. A person lives in
//! the book of each pool that insures them; one insured nowhere yet is put into every book, so that each
//! pool can answer for them.

use yibao_domain::code::Pool;
use yibao_store::load::Standing;
use yibao_store::{Book, Fault, Mode};

/// A set of books, one bit a pool in the order of [`Areas::pools`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Books(u64);

impl Books {
    /// No book.
    pub const NONE: Books = Books(0);
    /// The first book: where reference data are written.
    pub const FIRST: Books = Books(1);

    /// The book of the pool at this place.
    pub fn of(place: usize) -> Books {
        Books(1 << place)
    }

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Books) -> Books {
        Books(self.0 | other.0)
    }

    /// Books that are in both.
    #[must_use]
    pub fn among(self, other: Books) -> Books {
        Books(self.0 & other.0)
    }

    /// Whether the book at this place is one of them.
    pub fn has(self, place: usize) -> bool {
        self.0 & (1 << place) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The place of the first of them.
    pub fn place(self) -> u32 {
        self.0.trailing_zeros()
    }

    /// This set, or `other` where it is empty.
    #[must_use]
    pub fn or(self, other: Books) -> Books {
        if self.is_empty() { other } else { self }
    }
}

/// The pools known here and the divisions they consist of.
pub struct Areas<'a> {
    /// Known pools with their Chinese names.
    pub pools: Vec<(Pool, String)>,
    /// The pool that a division belongs to.
    pub pool_of: &'a (dyn Fn(&str) -> Option<Pool> + Sync),
}

impl Areas<'_> {
    /// The book of a division; none where no known pool has it.
    pub fn book_of(&self, admdvs: &str) -> Books {
        let pool = (self.pool_of)(admdvs);
        let place = self.pools.iter().position(|(known, _)| Some(known) == pool.as_ref());
        place.map_or(Books::NONE, Books::of)
    }

    /// All books.
    pub fn all(&self) -> Books {
        (0..self.pools.len()).map(Books::of).fold(Books::NONE, Books::with)
    }

    /// `520500 毕节市、510400 攀枝花市`.
    pub fn known(&self) -> String {
        let names: Vec<String> = self.pools.iter().map(|(pool, name)| format!("{pool} {name}")).collect();
        names.join("、")
    }

    /// The names of some books.
    pub fn names(&self, books: Books) -> String {
        let chosen = self.pools.iter().enumerate().filter(|(place, _)| books.has(*place));
        chosen.map(|(_, (_, name))| name.as_str()).collect::<Vec<_>>().join("、")
    }
}

/// Where a person is at home, as far as folder and books tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Home {
    /// Pools that `insurances.csv` of the folder names for the person.
    pub named: Books,
    /// Books with an insurance of the person.
    pub insured: Books,
    /// Books that knew the person when they were asked; one that had nobody when loading began is not asked.
    pub knows: Books,
    /// `persons.csv` of the folder has the person.
    pub in_folder: bool,
}

impl Home {
    /// Folder or books know the person.
    pub fn is_known(self) -> bool {
        self.in_folder || !self.knows.is_empty()
    }

    /// The books that insure the person.
    pub fn insuring(self) -> Books {
        self.named.with(self.insured)
    }
}

/// Asks the books `asked` about some persons and adds the answers to their homes, which are in the same order.
pub fn look_up(books: &mut [Box<dyn Book>], asked: Books, persons: &[&str], homes: &mut [Home]) -> Result<(), Fault> {
    for (place, book) in books.iter_mut().enumerate().filter(|(place, _)| asked.has(*place)) {
        let mut standings = Vec::new();
        book.transact(Mode::Read, &mut |tx| {
            standings = tx.standings(persons)?;
            Ok(())
        })?;
        for (home, standing) in homes.iter_mut().zip(standings) {
            if standing != Standing::Unknown {
                home.knows = home.knows.with(Books::of(place));
            }
            if standing == Standing::Insured {
                home.insured = home.insured.with(Books::of(place));
            }
        }
    }
    Ok(())
}
