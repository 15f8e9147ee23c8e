//! Who acts at a desk.

use crate::words::{open_vocabulary, vocabulary, yes_or_no};

vocabulary! {
    /// Whose entries a role sees and acts on.
    Sees {
        /// Those of its own provider only.
        Own = "own", "本机构的";
        /// All of the pool.
        All = "all", "全统筹区的";
    }
}

/// A row of `registers/roles.tsv`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RoleRow {
    /// The word that tables, books and commands use.
    pub word: &'static str,
    /// The Chinese name.
    pub name: &'static str,
    /// Whose entries it sees.
    pub sees: Sees,
    /// Whether persons sign in with it.
    pub signs_in: bool,
}

impl RoleRow {
    /// The heads of the columns.
    pub const COLUMNS: [&'static str; 4] = ["role", "name", "sees", "signs_in"];

    /// Reads a row; the position of the first wrong cell.
    pub const fn of_cells(cells: [&'static str; 4]) -> Result<RoleRow, usize> {
        let [word, name, sees, signs_in] = cells;
        let Some(sees) = Sees::of_word(sees) else { return Err(2) };
        let Some(signs_in) = yes_or_no(signs_in) else { return Err(3) };
        Ok(RoleRow { word, name, sees, signs_in })
    }

    const fn shipped(cells: [&'static str; 4]) -> RoleRow {
        match RoleRow::of_cells(cells) {
            Ok(row) => row,
            Err(_) => panic!("a row of registers/roles.tsv is wrong"),
        }
    }
}

open_vocabulary! {
    /// Who acts (角色).
    Role of RoleRow in include_str!("../../../../registers/roles.tsv"), {
        /// A provider's staff.
        Provider = "provider";
        /// The agency's staff.
        Agency = "agency";
        /// The platform itself.
        Platform = "platform";
    }
}

impl Role {
    /// Whether it sees its own provider's entries only.
    pub fn keeps_to_its_own(self) -> bool {
        self.0.sees == Sees::Own
    }

    /// Whether persons sign in with it.
    pub const fn signs_in(self) -> bool {
        self.0.signs_in
    }
}
