//! Amounts and quantities (金额、数量) as people write them.
//!
//! Currency signs, `元` and separators of thousands are what people add; each has its place, and in another one it is not known
//! which sum was meant (`12,50` may be 12.50 or 1,250). Chinese units of ten thousand are refused: they are mostly rounded.

use super::text::{has_exponent, narrow};
use crate::money::{Decimal, Money, NotMoney};

/// Why a text is no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAmount {
    /// Separators of thousands elsewhere than before each three figures.
    #[error("逗号没有按千位分开，看不出是多少")]
    Separators,
    /// A blank between figures.
    #[error("数字中间有空格，看不出是多少")]
    Blank,
    /// More than one point, or a sign that is none.
    #[error("小数点不止一个，或者不是小数点，看不出是多少")]
    Point,
    /// Figures on both sides of `元` without `角` and `分`.
    #[error("“元”的后面还有数字，看不出是多少")]
    BehindYuan,
    /// `(12.50)`, `12.50-`.
    #[error("括号里的数或末尾的负号看不出是不是负数，负数请把负号写在前面")]
    Sign,
    /// `12%`.
    #[error("是百分数")]
    Percent,
    /// `1.2万`, `3千`.
    #[error("用了“万”“千”这类单位，请以元为单位写出全部数字")]
    Unit,
    /// `$12`.
    #[error("不是人民币")]
    Foreign,
    /// `1.2E+3`.
    #[error("是科学计数法，末几位可能已丢失")]
    Scientific,
    /// `=A1*2`.
    #[error("是没有算出结果的公式")]
    Formula,
    /// More than two decimals.
    #[error("小数超过两位")]
    BelowAFen,
    /// More figures than any amount has.
    #[error("数字过大")]
    TooLarge,
    /// Anything else.
    #[error("不是数字")]
    Other,
}

/// A quantity, or another number without a unit.
pub fn quantity(text: &str) -> Result<Decimal, NotAmount> {
    let plain = narrow(text);
    let (sign, rest) = signed(&plain);
    let read = figures(rest).map_err(|why| of_kind(&plain).unwrap_or(why))?;
    Ok(if sign == Some(true) { -read } else { read })
}

/// A sum of money or a price in yuan, whatever its decimals.
pub fn price(text: &str) -> Result<Decimal, NotAmount> {
    let plain = narrow(text);
    let (sign, rest) = signed(&plain);
    let rest = without_currency(rest);
    let (inner, rest) = signed(rest);
    if sign.is_some() && inner.is_some() {
        return Err(NotAmount::Sign);
    }
    let negative = sign.or(inner) == Some(true);
    let read = yuan(rest).map_err(|why| of_kind(&plain).unwrap_or(why))?;
    Ok(if negative { -read } else { read })
}

/// A sum of money, to the fen.
pub fn amount(text: &str) -> Result<Money, NotAmount> {
    price(text)?.to_string().parse().map_err(|why| match why {
        NotMoney::BelowAFen => NotAmount::BelowAFen,
        NotMoney::TooLarge => NotAmount::TooLarge,
        NotMoney::NotANumber => NotAmount::Other,
    })
}

/// What kind of thing it is that is no number, where that says more than which sign was unexpected.
fn of_kind(plain: &str) -> Option<NotAmount> {
    let has = |marks: &[&str]| marks.iter().any(|mark| plain.contains(mark));
    let in_brackets = plain.contains(['(', ')']);
    if plain.starts_with('=') {
        return Some(NotAmount::Formula);
    }
    if has_exponent(plain) {
        return Some(NotAmount::Scientific);
    }
    if !plain.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    match plain {
        _ if has(&["%", "‰"]) => Some(NotAmount::Percent),
        _ if has(&["$", "€", "£", "美", "港", "欧", "USD", "HKD", "EUR"]) => Some(NotAmount::Foreign),
        _ if has(&["万", "千", "百", "亿"]) || plain.trim_end_matches('元').ends_with(['w', 'W', 'k', 'K']) => {
            Some(NotAmount::Unit)
        }
        _ if in_brackets || plain.ends_with(['-', '\u{2212}']) => Some(NotAmount::Sign),
        _ => None,
    }
}

/// The sign before a number, whether it is negative, and what follows it.
fn signed(text: &str) -> (Option<bool>, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (Some(true), rest.trim_start()),
        None => text.strip_prefix('+').map_or((None, text), |rest| (Some(false), rest.trim_start())),
    }
}

/// What stands behind the sign or name of the currency.
fn without_currency(text: &str) -> &str {
    let names = ["¥", "CN¥", "RMB", "CNY", "人民币", "rmb", "cny"];
    let mut rest = text;
    // `人民币¥12.50` has both.
    for _ in 0..2 {
        rest = names.iter().find_map(|name| rest.strip_prefix(name)).unwrap_or(rest).trim_start();
    }
    rest
}

/// Yuan with or without their name: `12.50`, `12.50元`, `12元5角`, `12元整`.
fn yuan(text: &str) -> Result<Decimal, NotAmount> {
    let text = ["RMB", "CNY", "rmb", "cny"].iter().find_map(|name| text.strip_suffix(name)).unwrap_or(text).trim_end();
    let Some((whole, behind)) = text.split_once(['元', '圆']) else { return figures(text) };
    let whole = figures(whole.trim_end())?;
    match behind.trim() {
        "" | "整" | "正" => Ok(whole),
        parts if whole.is_integer() => {
            let parts = parts_of_yuan(parts).ok_or(NotAmount::BehindYuan)?;
            whole.checked_add(parts).ok_or(NotAmount::TooLarge)
        }
        _ => Err(NotAmount::BehindYuan),
    }
}

/// `5角`, `5角3分`, `05分`, with or without `整`.
fn parts_of_yuan(text: &str) -> Option<Decimal> {
    let text = text.trim_end_matches(['整', '正']);
    let small = |digits: &str, most: usize| {
        let fits = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| digits.parse::<i64>().ok()).flatten()
    };
    let (jiao, fen) = match text.split_once('角') {
        Some((jiao, "")) => (small(jiao, 1)?, 0),
        Some((jiao, fen)) => (small(jiao, 1)?, small(fen.strip_suffix('分')?, 1)?),
        None => (0, small(text.strip_suffix('分')?, 2)?),
    };
    Some(Decimal::new(10 * jiao + fen, 2))
}

/// Figures with separators of thousands and a point, without a sign.
fn figures(text: &str) -> Result<Decimal, NotAmount> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let of_number = |why| if text.chars().all(is_of_number) { why } else { NotAmount::Other };
    if text.contains(char::is_whitespace) {
        return Err(of_number(NotAmount::Blank));
    }
    if fraction.contains('.') || text.contains(['。', '\u{b7}', '\'', '’']) {
        return Err(of_number(NotAmount::Point));
    }
    let groups: Vec<&str> = whole.split(',').collect();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !groups.iter().all(|group| is_digits(group)) || !is_digits(&fraction.replace(',', "")) {
        return Err(NotAmount::Other);
    }
    let [first, rest @ ..] = groups.as_slice() else { return Err(NotAmount::Other) };
    // What begins with a nought has no thousands: `0,500` is a decimal comma.
    let in_thousands = rest.is_empty()
        || ((1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|of| of.len() == 3));
    if !in_thousands || fraction.contains(',') {
        return Err(NotAmount::Separators);
    }
    // Spreadsheet programs show 12 as `12.` and 0.5 as `.5` under some formats; a point alone is nothing.
    let whole: String = groups.concat();
    if whole.is_empty() && fraction.is_empty() {
        return Err(NotAmount::Other);
    }
    let plain = if fraction.is_empty() { whole } else { format!("0{whole}.{fraction}") };
    Decimal::from_str_exact(&plain).map_err(|_| NotAmount::TooLarge)
}

/// What numbers are made of, where they belong and elsewhere.
fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || c.is_whitespace() || ".,。\u{b7}'’".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, NotAmount>) {
        assert_eq!(amount(text).map(|read| read.to_string()), expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn an_amount_is_read_with_everything_that_people_put_around_it() {
        for text in [
            "1234.50",
            "1,234.50",
            "1，234.50",
            "¥1,234.50",
            "￥ 1,234.50 元",
            "人民币1234.5元",
            "人民币¥1,234.50元整",
            "RMB 1234.5",
            "1234.50CNY",
            "１２３４．５０",
            "+1234.50",
            "1234.5000",
            "01234.5",
            "1234元5角",
            "1,234元50分",
            "1234圆5角0分整",
            "'1234.50",
            "=\"1234.50\"",
            "\u{a0}1234.50\u{200b} ",
        ] {
            check(text, Ok("1234.50"));
        }
        check("12.", Ok("12.00"));
        check(".5", Ok("0.50"));
        check("-12.50", Ok("-12.50"));
        check("¥-12.50", Ok("-12.50"));
        check("-¥12.50", Ok("-12.50"));
        check("\u{2212}12.50", Ok("-12.50"));
        check("0", Ok("0.00"));
        check("12元05分", Ok("12.05"));
    }

    #[test]
    fn what_may_be_two_sums_is_refused_with_its_reason() {
        use NotAmount::{BehindYuan, Blank, Point, Separators, Sign};
        for text in [
            "12,50",
            "12，50",
            "1,00.50",
            "1,2,3",
            "100.5,0",
            "1,",
            ",100",
            "1234,567",
            "1,234,5",
            "0,500",
            "1,234.5,0",
            "１２，５０",
            "1,,234",
            "￥1,00.50元",
            "12,5元",
            "1.234,50",
            "00,123",
        ] {
            check(text, Err(Separators));
        }
        for text in ["1 200", "12 .50", "1\u{a0}200", "1 234 567.00", "3 5元"] {
            check(text, Err(Blank));
        }
        for text in ["12元50", "12元5", "12.5元5角", "12元角5分", "12元5角0", "12元元"] {
            check(text, Err(BehindYuan));
        }
        for text in ["1.234.50", "12。50", "12·50", "1'234.50", "12..5"] {
            check(text, Err(Point));
        }
        for text in ["(12.50)", "（12.50）", "12.50-", "-¥-12.50", "(¥12.50)"] {
            check(text, Err(Sign));
        }
    }

    #[test]
    fn what_is_no_sum_of_yuan_is_named() {
        for (text, why) in [
            ("12%", NotAmount::Percent),
            ("$12.50", NotAmount::Foreign),
            ("12.50美元", NotAmount::Foreign),
            ("1.2万", NotAmount::Unit),
            ("1.2万元", NotAmount::Unit),
            ("3千元", NotAmount::Unit),
            ("5k", NotAmount::Unit),
            ("1.2E+3", NotAmount::Scientific),
            ("1e3", NotAmount::Scientific),
            ("1.5e3", NotAmount::Scientific),
            ("=A1*2", NotAmount::Formula),
            ("=12.5", NotAmount::Formula),
            ("12.345", NotAmount::BelowAFen),
            ("99999999999999999", NotAmount::TooLarge),
            ("9999999999999999999999999999999999", NotAmount::TooLarge),
            ("79228162514264337593543950335元99分", NotAmount::TooLarge),
            ("79228162514264337593543950335元", NotAmount::TooLarge),
            ("", NotAmount::Other),
            ("-", NotAmount::Other),
            ("元", NotAmount::Other),
            (".", NotAmount::Other),
            ("--12", NotAmount::Sign),
            ("壹佰元整", NotAmount::Other),
            ("约100", NotAmount::Other),
            ("100左右", NotAmount::Other),
            ("100/200", NotAmount::Other),
            ("١٢", NotAmount::Other),
            ("①②", NotAmount::Other),
            ("½", NotAmount::Other),
            ("NaN", NotAmount::Other),
            ("#VALUE!", NotAmount::Other),
        ] {
            check(text, Err(why));
        }
    }

    #[test]
    fn a_quantity_has_no_currency_and_a_price_keeps_its_decimals() {
        assert_eq!(quantity("1,234.5").unwrap().to_string(), "1234.5");
        assert_eq!(quantity("-2").unwrap().to_string(), "-2");
        assert_eq!(quantity("3.").unwrap().to_string(), "3");
        assert_eq!(quantity("¥2"), Err(NotAmount::Other));
        assert_eq!(quantity("2盒"), Err(NotAmount::Other));
        assert_eq!(quantity("2,5"), Err(NotAmount::Separators));
        assert_eq!(price("0.123456元").unwrap().to_string(), "0.123456");
    }

    proptest! {
        /// Whatever is written and read is the one sum, or nothing: no spelling makes another sum of it.
        #[test]
        fn each_usual_spelling_is_the_same_sum(fen in 0i64..1_000_000_000_000, mark in 0usize..5) {
            let sum = Money::fen(fen);
            let (whole, cents) = (fen / 100, fen % 100);
            let digits = whole.to_string();
            let grouped: Vec<String> =
                digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
            let text = match mark {
                0 => format!("{whole}.{cents:02}"),
                1 => format!("¥{}.{cents:02}", grouped.join(",")),
                2 => format!("{}.{cents:02}元", grouped.join("，")),
                3 => format!("{whole}元{}角{}分", cents / 10, cents % 10),
                _ => format!(" ￥ {whole}.{cents:02}00 "),
            };
            prop_assert_eq!(amount(&text), Ok(sum), "{}", text);
        }

        #[test]
        fn a_comma_for_a_point_is_never_a_sum(whole in 0i64..1_000_000, cents in 0u8..100) {
            for comma in [",", "，"] {
                let text = format!("{whole}{comma}{cents:02}");
                prop_assert_eq!(amount(&text), Err(NotAmount::Separators));
            }
            let text = format!("{whole}元{cents:02}");
            prop_assert_eq!(amount(&text), Err(NotAmount::BehindYuan));
        }

        /// However many figures there are, an answer comes.
        #[test]
        fn figures_of_any_length_are_answered(figures in "[0-9]{1,40}", behind in "(|元|元9角9分|元99分|\\.[0-9]{0,30})") {
            let text = format!("{figures}{behind}");
            let _ = (amount(&text), price(&text), quantity(&text));
        }

        /// Over all short strings of the signs that amounts are made of: what is read is what stands there without its ornaments.
        #[test]
        fn nothing_is_read_that_does_not_stand_there(text in "[0-9.,， ]{1,9}") {
            if let Ok(read) = price(&text) {
                let bare: String = text.trim().chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
                let bare = if bare.contains('.') { format!("0{bare}0") } else { bare };
                prop_assert_eq!(Ok(read), Decimal::from_str_exact(&bare), "{}", text);
            }
        }
    }
}
