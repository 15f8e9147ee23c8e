//! The dotted name of a business (业务), and the pattern by which a rule names one or many.

use std::fmt;

/// A business by its dotted name, such as `settlement.outpatient.special`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Business(String);

impl Business {
    /// The business of this name: lower-case words joined by dots. `None` where the text is no such name.
    pub fn new(name: &str) -> Option<Business> {
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        name.split('.').all(is_word).then(|| Business(name.to_owned()))
    }

    /// A name written in our own code.
    pub fn named(name: &'static str) -> Business {
        Business::new(name).expect("business names in code are dotted lower-case words")
    }

    /// The dotted name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many words the name has.
    pub fn depth(&self) -> usize {
        self.0.split('.').count()
    }

    /// Whether this is `prefix` or lies under it. Whole words count: `settlement` does not cover `settlements`.
    pub fn is_within(&self, prefix: &Business) -> bool {
        match self.0.strip_prefix(&prefix.0) {
            Some(rest) => rest.is_empty() || rest.starts_with('.'),
            None => false,
        }
    }

    /// Sign-in, queries and reversal move no money and stay open unless a plan names them.
    fn stays_open_under_all(&self) -> bool {
        ["session", "query", "reversal"].iter().any(|root| self.0.split('.').next() == Some(root))
    }
}

impl fmt::Display for Business {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a rule names: everything, or a business with all that lies under it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Pattern {
    /// `*`: every business except `session`, `query` and `reversal`, which have to be named.
    All,
    /// A business and all under it.
    Under(Business),
}

impl Pattern {
    /// Reads `*` or a dotted name.
    pub fn new(text: &str) -> Option<Pattern> {
        if text == "*" { Some(Pattern::All) } else { Business::new(text).map(Pattern::Under) }
    }

    /// Whether the pattern covers this business.
    pub fn covers(&self, business: &Business) -> bool {
        match self {
            Pattern::All => !business.stays_open_under_all(),
            Pattern::Under(prefix) => business.is_within(prefix),
        }
    }

    /// Words of the name; `*` has none.
    pub fn depth(&self) -> usize {
        match self {
            Pattern::All => 0,
            Pattern::Under(prefix) => prefix.depth(),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::All => f.write_str("*"),
            Pattern::Under(prefix) => prefix.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_covers_whole_words_only() {
        let covers = |pattern: &str, name: &'static str| Pattern::new(pattern).unwrap().covers(&Business::named(name));
        assert!(covers("settlement", "settlement.outpatient.special"));
        assert!(covers("settlement.outpatient", "settlement.outpatient"));
        assert!(!covers("settlement.out", "settlement.outpatient"));
        assert!(!covers("settlement.outpatient.special", "settlement.outpatient"));
    }

    #[test]
    fn everything_leaves_session_queries_and_reversal_open() {
        for name in ["session", "query.person", "query", "reversal"] {
            assert!(!Pattern::All.covers(&Business::named(name)), "{name}");
            assert!(Pattern::new(name).unwrap().covers(&Business::named(name)), "{name}");
        }
        assert!(Pattern::All.covers(&Business::named("hall")));
    }

    #[test]
    fn a_name_is_dotted_lower_case_words() {
        for text in ["", ".", "a..b", "A", "a-b", "1a", "a. b", "*", "结算"] {
            assert_eq!(Business::new(text), None, "{text:?}");
        }
    }
}
