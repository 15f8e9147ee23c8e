//! What fields hold (栏目类型), as code reads and writes it: texts, times, amounts, yes or no, and words to choose from.

use crate::money::Money;
use crate::outage::Place;
use crate::register::FieldKind;
use crate::register::values::{NO, YES};
use crate::time::{Date, DateTime, moment_text};

/// What a field holds, as code reads and writes it.
pub trait Holds {
    /// What is read; of a single value nothing where it is not stated.
    type Value<'a>;
    /// What is written.
    type Given<'a>;
    /// Whether a field of the tables holds this.
    fn fits(kind: &FieldKind) -> bool;
    /// Reads what is kept.
    fn read(kept: &str) -> Self::Value<'_>;
    /// The form in which it is kept.
    fn write(value: Self::Given<'_>) -> String;
}

/// A text, also a code, a number of people's own or a telephone number: read as it is kept.
pub enum Text {}

impl Holds for Text {
    type Value<'a> = &'a str;
    type Given<'a> = &'a str;

    fn fits(kind: &FieldKind) -> bool {
        use FieldKind::{Business, Channel, Code, Count, Diagnoses, Papers, Telephone};
        matches!(kind, FieldKind::Text | Telephone | Code(_) | Count | Diagnoses | Business | Channel | Papers)
    }

    fn read(kept: &str) -> &str {
        kept
    }

    fn write(value: &str) -> String {
        value.to_owned()
    }
}

impl Holds for DateTime {
    type Value<'a> = Option<DateTime>;
    type Given<'a> = DateTime;

    fn fits(kind: &FieldKind) -> bool {
        *kind == FieldKind::Moment
    }

    fn read(kept: &str) -> Option<DateTime> {
        kept.parse().ok()
    }

    fn write(value: DateTime) -> String {
        moment_text(value)
    }
}

impl Holds for Date {
    type Value<'a> = Option<Date>;
    type Given<'a> = Date;

    fn fits(kind: &FieldKind) -> bool {
        *kind == FieldKind::Day
    }

    fn read(kept: &str) -> Option<Date> {
        kept.parse().ok()
    }

    fn write(value: Date) -> String {
        value.to_string()
    }
}

impl Holds for Money {
    type Value<'a> = Option<Money>;
    type Given<'a> = Money;

    fn fits(kind: &FieldKind) -> bool {
        *kind == FieldKind::Money
    }

    fn read(kept: &str) -> Option<Money> {
        kept.parse().ok()
    }

    fn write(value: Money) -> String {
        value.to_string()
    }
}

/// Yes or no; what is not stated is not yes.
impl Holds for Place {
    type Value<'a> = Option<Place>;
    type Given<'a> = Place;

    fn fits(kind: &FieldKind) -> bool {
        let has = |place: &Place, words: &[String]| words.iter().any(|word| word == place.name());
        matches!(kind, FieldKind::Choice(words) if Place::ALL.iter().all(|place| has(place, words)))
    }

    fn read(kept: &str) -> Option<Place> {
        Place::ALL.iter().copied().find(|place| place.name() == kept)
    }

    fn write(place: Place) -> String {
        place.name().to_owned()
    }
}

impl Holds for bool {
    type Value<'a> = bool;
    type Given<'a> = bool;

    fn fits(kind: &FieldKind) -> bool {
        *kind == FieldKind::YesNo
    }

    fn read(kept: &str) -> bool {
        kept == YES
    }

    fn write(value: bool) -> String {
        (if value { YES } else { NO }).to_owned()
    }
}

/// Defines what a field of several words may hold, of which code knows each.
macro_rules! choices {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $(#[doc = $word] $(#[$doc])* $value,)+ }

        impl $name {
            /// The word that people choose.
            pub const fn word(self) -> &'static str {
                match self { $($name::$value => $word),+ }
            }
        }

        impl Holds for $name {
            type Value<'a> = Option<$name>;
            type Given<'a> = $name;

            fn fits(kind: &FieldKind) -> bool {
                matches!(kind, FieldKind::Choice(words) if [$($word),+].iter().all(|word| words.iter().any(|own| own == word)))
            }

            fn read(kept: &str) -> Option<$name> {
                match kept {
                    $($word => Some($name::$value),)+
                    _ => None,
                }
            }

            fn write(value: $name) -> String {
                value.word().to_owned()
            }
        }
    };
}

choices! {
    /// What the agency decides about a special case (P-20).
    Decision {
        Agreed = "同意";
        NotAgreed = "不同意";
    }
}

choices! {
    /// How a patient leaves whose settlement waits (B-10).
    Leaving {
        SettlesLater = "恢复后结算";
        /// Pays in full, and claims.
        ClaimsAfterwards = "自费结清后报销";
    }
}

choices! {
    /// What came of a telephone call.
    CallOutcome {
        Told = "已通知";
        NoAnswer = "无人接听";
        WrongNumber = "号码错误";
        WillNotCome = "拒绝前来";
        /// At an appointed time.
        Appointed = "约定时间";
    }
}

impl CallOutcome {
    /// Whether the person knows now, and means to come.
    pub fn is_reached(self) -> bool {
        matches!(self, CallOutcome::Told | CallOutcome::Appointed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_may_have_further_words_but_misses_none() {
        let choice = |words: &str| FieldKind::Choice(words.split('|').map(str::to_owned).collect());
        assert!(Leaving::fits(&choice("恢复后结算|自费结清后报销|欠费离院")));
        assert!(!Leaving::fits(&choice("恢复后结算")) && !Leaving::fits(&FieldKind::Text));
        assert_eq!(Leaving::read("欠费离院"), None);
    }
}
