//! Numbers and amounts as people read them.

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        if !text.is_empty() {
            text.push(',');
        }
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text
}

/// `1,234,567.89`.
pub fn money(fen: i64) -> String {
    let yuan = grouped(fen.unsigned_abs() / 100);
    format!("{}{yuan}.{:02}", if fen < 0 { "-" } else { "" }, fen.unsigned_abs() % 100)
}

/// Whole yuan, in 万 from ten thousand on.
pub fn yuan(fen: i64) -> String {
    let yuan = fen / 100;
    if yuan >= 10_000 { format!("{}.{} 万", yuan / 10_000, yuan % 10_000 / 1_000) } else { yuan.to_string() }
}
