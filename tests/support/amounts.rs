//! Amounts as the interface writes them, counted in fen. Kept apart from the platform's own money on purpose.

use serde_json::Value;

/// The fen of a decimal text, of at most two decimals that matter.
#[track_caller]
pub fn fen(text: &str) -> i64 {
    let scaled = scaled(text, 2);
    i64::try_from(scaled).expect("amounts fit")
}

/// The fen of an amount in a reply, which must be a JSON number or a decimal text.
#[track_caller]
pub fn fen_of(value: &Value) -> i64 {
    match value {
        Value::Number(number) => fen(&number.to_string()),
        Value::String(text) => fen(text),
        other => panic!("not an amount: {other}"),
    }
}

/// Yuan with two decimals, for messages.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// An amount as a JSON number.
pub fn number(text: &str) -> Value {
    serde_json::from_str(text).expect("a decimal text is a JSON number")
}

/// Quantity × unit price, rounded half up on the magnitude to the fen.
pub fn product(quantity: &str, price: &str) -> i64 {
    let exact = scaled(quantity, 4) * scaled(price, 6);
    let unit = 100_000_000_i128;
    let rounded = (exact.abs() + unit / 2) / unit;
    i64::try_from(if exact < 0 { -rounded } else { rounded }).expect("amounts fit")
}

/// The whole number that `text` is at so many decimals; more decimals than that must be zeros.
#[track_caller]
fn scaled(text: &str, decimals: usize) -> i128 {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let kept: String = fraction.chars().chain("000000".chars()).take(decimals).collect();
    let lost = fraction.chars().skip(decimals).any(|digit| digit != '0');
    assert!(!lost, "{text} has more than {decimals} decimals");
    let number: i128 = format!("{whole}{kept}").parse().unwrap_or_else(|_| panic!("not a decimal: {text:?}"));
    sign * number
}
