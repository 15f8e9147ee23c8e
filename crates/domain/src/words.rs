//! Vocabularies: words that data writes and people read.
//!
//! A closed vocabulary is an enum: code decides by each of its words. An open one grows by data: each word is a row of a
//! table under `registers/`, and a value *is* its row, so that what a state or a kind means travels with it. The words
//! that code names are constants whose rows the compiler reads from the table that comes with the program; further rows are
//! kept once a process and never change. Invariant: a word has one meaning in a process.

/// Defines a closed vocabulary: an enum whose values know their word and their Chinese name.
macro_rules! vocabulary {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal, $chinese:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $(#[doc = $chinese] $(#[$doc])* $value,)+ }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &[$name] = &[$($name::$value),+];

            /// The word that plans, tables and commands use.
            pub const fn word(self) -> &'static str {
                match self { $($name::$value => $word),+ }
            }

            /// The Chinese name, for operators.
            pub const fn name(self) -> &'static str {
                match self { $($name::$value => $chinese),+ }
            }

            /// The value of a word.
            pub const fn of_word(word: &str) -> Option<$name> {
                $(if $crate::words::same(word.as_bytes(), $word.as_bytes()) { return Some($name::$value); })+
                None
            }
        }
    };
}
pub(crate) use vocabulary;

/// A word with its Chinese name, known to the platform or of a plan's own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Worded {
    /// The word that data uses.
    pub word: &'static str,
    /// The Chinese name.
    pub name: &'static str,
    /// A field of the registers that keeps it; empty: none of its own.
    pub field: &'static str,
    /// Whether people bring it, rather than that an office notes it.
    pub is_brought: bool,
}

/// Defines a vocabulary that plans add words of their own to: constants for the words that the platform knows. A value is its row, so
/// that a word of one plan never means what another plan says. Rows of plans are kept once a process.
macro_rules! extensible_vocabulary {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal, $chinese:literal, $brought:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(&'static $crate::words::Worded);

        #[allow(non_upper_case_globals, reason = "they stand in patterns and read like the variants of an enum")]
        impl $name {
            $(#[doc = $chinese] $(#[$doc])* pub const $value: $name = {
                const ROW: &$crate::words::Worded = &$crate::words::Worded {
                    word: $word, name: $chinese, field: "", is_brought: $brought,
                };
                $name(ROW)
            };)+

            /// Every word that the platform knows, in the order of the documentation.
            pub const KNOWN: &'static [$name] = &[$($name::$value),+];

            /// The value of a word that the platform knows.
            pub fn of_word(word: &str) -> Option<$name> {
                $name::KNOWN.iter().copied().find(|value| value.0.word == word)
            }

            /// A value of a plan's own.
            pub fn own(word: &str, name: &str, field: &str, is_brought: bool) -> $name {
                static OWN: std::sync::RwLock<Vec<$name>> = std::sync::RwLock::new(Vec::new());
                let is_it = |value: &$name| {
                    let row = value.0;
                    (row.word, row.name, row.field, row.is_brought) == (word, name, field, is_brought)
                };
                let mut kept = OWN.write().unwrap_or_else(std::sync::PoisonError::into_inner);
                if let Some(standing) = kept.iter().copied().find(is_it) {
                    return standing;
                }
                let kept_for_ever = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
                let row = $crate::words::Worded {
                    word: kept_for_ever(word),
                    name: kept_for_ever(name),
                    field: kept_for_ever(field),
                    is_brought,
                };
                let value = $name(Box::leak(Box::new(row)));
                kept.push(value);
                value
            }

            /// The word that plans, tables and commands use.
            pub const fn word(self) -> &'static str {
                self.0.word
            }

            /// The Chinese name, for operators.
            pub const fn name(self) -> &'static str {
                self.0.name
            }

            /// What else is known of it.
            pub const fn row(self) -> &'static $crate::words::Worded {
                self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0.word)
            }
        }
    };
}
pub(crate) use extensible_vocabulary;

/// Defines an open vocabulary over the rows of a table: constants for the words that code names, a list for the others.
macro_rules! open_vocabulary {
    ($(#[$about:meta])* $name:ident of $row:ident in $table:expr, {
        $($(#[$doc:meta])* $value:ident = $word:literal;)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(&'static $row);

        #[allow(non_upper_case_globals, reason = "they stand in patterns and read like the variants of an enum")]
        impl $name {
            $(#[doc = concat!("`", $word, "`")] $(#[$doc])* pub const $value: $name = {
                const ROW: &$row = &$row::shipped($crate::words::cells($table, $word));
                $name(ROW)
            };)+

            /// The words that code names; the table has them all and may have more.
            pub const KNOWN: &'static [$name] = &[$($name::$value),+];

            fn added() -> &'static std::sync::RwLock<Vec<$name>> {
                static ADDED: std::sync::RwLock<Vec<$name>> = std::sync::RwLock::new(Vec::new());
                &ADDED
            }

            /// The value of a word that code names or that has been defined.
            pub fn of_word(word: &str) -> Option<$name> {
                let is_it = |value: &$name| value.0.word == word;
                let known = $name::KNOWN.iter().copied().find(is_it);
                known.or_else(|| {
                    let added = $name::added().read().unwrap_or_else(std::sync::PoisonError::into_inner);
                    added.iter().copied().find(is_it)
                })
            }

            /// The value of a row; what stands under its word already, where that means something else.
            pub fn define(row: $row) -> Result<$name, $name> {
                if let Some(standing) = $name::of_word(row.word) {
                    return if *standing.0 == row { Ok(standing) } else { Err(standing) };
                }
                let mut added = $name::added().write().unwrap_or_else(std::sync::PoisonError::into_inner);
                // Somebody else may have defined it between the two looks.
                if let Some(standing) = added.iter().copied().find(|value| value.0.word == row.word) {
                    return if *standing.0 == row { Ok(standing) } else { Err(standing) };
                }
                let value = $name(Box::leak(Box::new(row)));
                added.push(value);
                Ok(value)
            }

            /// The word that tables and books use.
            pub const fn word(self) -> &'static str {
                self.0.word
            }

            /// The Chinese name, for operators.
            pub const fn name(self) -> &'static str {
                self.0.name
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.0.word)
            }
        }
    };
}
pub(crate) use open_vocabulary;

/// Whether two texts are the same, for the compiler.
pub(crate) const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// `yes` or `no`.
pub(crate) const fn yes_or_no(word: &str) -> Option<bool> {
    match word.as_bytes() {
        b"yes" => Some(true),
        b"no" => Some(false),
        _ => None,
    }
}

/// The cells of a word's row in a table that comes with the program. A word without a row does not compile.
pub(crate) const fn cells<const N: usize>(table: &'static str, word: &str) -> [&'static str; N] {
    let mut rest = table.as_bytes();
    loop {
        let (line, below) = split_at(rest, b'\n');
        let (first, _) = split_at(line, b'\t');
        if same(first, word.as_bytes()) {
            return in_cells(line);
        }
        assert!(!below.is_empty(), "a word that code names has no row in its table under registers/");
        rest = below;
    }
}

const fn in_cells<const N: usize>(line: &'static [u8]) -> [&'static str; N] {
    let mut cells = [""; N];
    let mut rest = line;
    let mut at = 0;
    while at < N {
        let (cell, behind) = split_at(rest, b'\t');
        cells[at] = match std::str::from_utf8(cell) {
            Ok(text) => text,
            Err(_) => panic!("a table under registers/ is no UTF-8"),
        };
        rest = behind;
        at += 1;
    }
    assert!(rest.is_empty(), "a row of a table under registers/ has too many cells");
    cells
}

/// What stands before the first mark and behind it; all and nothing where there is none.
const fn split_at(text: &'static [u8], mark: u8) -> (&'static [u8], &'static [u8]) {
    let mut at = 0;
    while at < text.len() {
        if text[at] == mark {
            let (before, behind) = text.split_at(at);
            return (before, behind.split_at(1).1);
        }
        at += 1;
    }
    (text, &[])
}
