//! What a step does to the books (对账): a word of the table of steps.

use crate::ledger::SourceKind;

/// What a step does to the books besides the entry itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Books {
    /// Nothing.
    Nothing,
    /// A settlement is recorded, and the entry names it.
    Settlement,
    /// The entry's settlement is cancelled.
    Cancellation,
    /// What was refunded by hand is noted: the field `refund`, not above what was charged.
    Refund,
    /// The person's later benefits are held (P-26).
    Hold,
    /// They are free again.
    Release,
    /// A journal entry of this source kind is recorded.
    Journal(SourceKind),
}

/// Begins the word of [`Books::Journal`]; the word of the source kind follows.
const JOURNAL: &str = "journal:";

impl Books {
    /// What is not a journal entry.
    pub const PLAIN: &[Books] =
        &[Books::Nothing, Books::Settlement, Books::Cancellation, Books::Refund, Books::Hold, Books::Release];

    /// The word that the table of steps uses.
    pub fn word(self) -> String {
        let word = match self {
            Books::Nothing => "-",
            Books::Settlement => "settlement",
            Books::Cancellation => "cancellation",
            Books::Refund => "refund",
            Books::Hold => "hold",
            Books::Release => "release",
            Books::Journal(source) => return format!("{JOURNAL}{}", source.word()),
        };
        word.to_owned()
    }

    /// The value of a word.
    pub fn of_word(word: &str) -> Option<Books> {
        match word.strip_prefix(JOURNAL) {
            Some(source) => SourceKind::of_word(source).map(Books::Journal),
            None => Books::PLAIN.iter().copied().find(|books| books.word() == word),
        }
    }

    /// Whether the step states a refund that the entry keeps.
    pub fn notes_refund(self) -> bool {
        matches!(self, Books::Refund | Books::Journal(SourceKind::Payout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_read_back() {
        let journals = SourceKind::ALL.iter().map(|source| Books::Journal(*source));
        for books in Books::PLAIN.iter().copied().chain(journals) {
            assert_eq!(Books::of_word(&books.word()), Some(books));
        }
        assert_eq!(Books::of_word("journal:gold"), None);
        assert_eq!(Books::of_word("journal:"), None);
        assert_eq!(Books::of_word("gold"), None);
    }
}
