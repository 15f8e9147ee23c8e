//! Movements of a personal account (个人账户变动), by the codes of the national core.
//!
//! 1xx come in, 2xx go out; 104 takes back what had come in. A balance is the sum of its movements.

use crate::money::Money;

/// Which way a movement goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The balance grows.
    In,
    /// The balance shrinks.
    Out,
}

macro_rules! movement_kinds {
    ($($(#[$doc:meta])* $kind:ident = $code:literal, $chinese:literal, $direction:ident;)+) => {
        /// What moves an account (账户变动种类).
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum MovementKind { $(#[doc = $chinese] $(#[$doc])* $kind,)+ }

        impl MovementKind {
            /// All of them, by code.
            pub const ALL: &[MovementKind] = &[$(MovementKind::$kind),+];

            /// The national code, which the store keeps.
            pub fn code(self) -> &'static str {
                match self { $(MovementKind::$kind => $code),+ }
            }

            /// The Chinese name.
            pub fn name(self) -> &'static str {
                match self { $(MovementKind::$kind => $chinese),+ }
            }

            /// Which way it goes.
            pub fn direction(self) -> Direction {
                match self { $(MovementKind::$kind => Direction::$direction),+ }
            }

            /// The kind of a national code.
            pub fn of_code(code: &str) -> Option<MovementKind> {
                MovementKind::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

// `desks` section 2, "Personal account", from the constants of the national core.
movement_kinds! {
    Credited = "101", "划入", In;
    YearlyInterest = "102", "年度利息", In;
    /// At a clearing, up to the end of the month before.
    InterimInterest = "103", "期间利息", In;
    /// Of a contribution that is refunded.
    TakenBack = "104", "划入追回", Out;
    Inherited = "106", "继承转入", In;
    /// From another pool.
    MovedIn = "107", "转移转入", In;
    CreditedAhead = "108", "预划入", In;
    /// What a cancelled settlement had taken.
    Returned = "109", "退费返还", In;
    SpecialCredit = "110", "特殊划入", In;
    EnteredLater = "111", "补录划入", In;
    Injected = "112", "注入", In;
    /// What an account was opened with, out of the system before this one, or out of the year before.
    CarriedIn = "113", "结转转入", In;
    Spent = "201", "支出", Out;
    PaidToRemoteResident = "202", "异地安置支付", Out;
    Cleared = "203", "清退", Out;
    PaidContribution = "205", "支付缴费", Out;
    CarriedOut = "206", "结转转出", Out;
    /// To another pool.
    MovedOut = "207", "转移转出", Out;
    GivenToHeir = "208", "继承转出", Out;
}

impl MovementKind {
    /// The signed amount of a movement of this kind: positive where the balance grows.
    pub fn signed(self, amount: Money) -> Money {
        match self.direction() {
            Direction::In => amount,
            Direction::Out => amount.negated(),
        }
    }

    /// Whether a signed amount goes the way of the kind.
    pub fn allows(self, signed: Money) -> bool {
        match self.direction() {
            Direction::In => signed >= Money::ZERO,
            Direction::Out => signed <= Money::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_national_told_apart_and_say_which_way_the_money_goes() {
        for kind in MovementKind::ALL {
            assert_eq!(MovementKind::of_code(kind.code()), Some(*kind));
            let goes_out = kind.code().starts_with('2') || *kind == MovementKind::TakenBack;
            assert_eq!(kind.direction() == Direction::Out, goes_out, "{}", kind.name());
        }
        assert!(MovementKind::ALL.is_sorted_by(|one, next| one.code() < next.code()));
        assert_eq!(MovementKind::of_code("105"), None);
    }

    #[test]
    fn an_amount_gets_the_sign_of_its_kind() {
        let six = Money::yuan(6);
        assert_eq!(MovementKind::Spent.signed(six), six.negated());
        assert_eq!(MovementKind::Returned.signed(six), six);
        assert!(MovementKind::Spent.allows(six.negated()) && !MovementKind::Spent.allows(six));
    }
}
