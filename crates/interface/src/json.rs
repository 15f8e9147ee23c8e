//! Reads JSON strictly: UTF-8, bounded depth, no key twice in one object.
//!
//! A key that comes twice leaves open which value is meant, and a settlement must not hang on a
//! parser's habit, so it is refused. Numbers keep their digits as written.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use yibao_domain::refusal::{Code, Refusal};

/// Reads a JSON text. `what` names it in a refusal (报文, input). The mark of byte order before it and the zero bytes with which
/// a client's buffer ends it are no part of it.
pub(crate) fn read(text: &str, what: &str) -> Result<Value, Refusal> {
    let text = text.trim_start_matches('\u{feff}').trim_end_matches(is_padding);
    serde_json::from_str::<Strict>(text).map(|read| read.0).map_err(|error| refusal(&error, text, what))
}

/// Whether zero bytes follow a text.
pub(crate) fn is_padded(text: &str) -> bool {
    text.trim_end().ends_with('\0')
}

fn is_padding(char: char) -> bool {
    char == '\0' || char.is_ascii_whitespace()
}

/// Reads the bytes of a request as text.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Refusal> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Refusal::new(Code::Unreadable, "报文是UTF-16编码，请将报文按UTF-8编码后重发"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        Refusal::new(
            Code::Unreadable,
            format!("报文第{}字节起不是UTF-8编码，请将报文按UTF-8编码(不要用GBK)后重发", error.valid_up_to() + 1),
        )
    })
}

/// Compact JSON of a value, keys sorted: equal values give equal texts.
pub(crate) fn compact(value: &Value) -> String {
    value.to_string()
}

fn refusal(error: &serde_json::Error, text: &str, what: &str) -> Refusal {
    let place = format!("第{}行第{}列", error.line(), error.column());
    let message = error.to_string();
    let reason = if let Some(rest) = message.strip_prefix(TWICE) {
        let key: String = rest.chars().take_while(|char| *char != '"').take(40).collect();
        format!("键{key}在同一对象内重复，无法确定取值，请只保留一个")
    } else if message.starts_with("recursion limit exceeded") {
        "嵌套超过128层，请检查报文结构".to_owned()
    } else if let Some(at) = text.find('\0') {
        // Valid nowhere in a text, so it is what the parser stumbled over, or the sign of two bytes a character.
        format!("第{}字节是空字符(\\0)，请按UTF-8编码发送，并去除空字符", at + 1)
    } else if message.starts_with("control character") {
        "文本中有未转义的控制字符(换行、制表等)，请按JSON转义(\\n、\\t)后重发".to_owned()
    } else if message.starts_with("trailing characters") {
        "JSON到此已结束，其后还有多余内容，请去除后重发".to_owned()
    } else if error.is_eof() {
        "内容不完整，请检查报文是否被截断".to_owned()
    } else {
        "不符合JSON语法，请检查引号、逗号和括号".to_owned()
    };
    Refusal::new(Code::Unreadable, format!("{what}{place}：{reason}"))
}

const TWICE: &str = "key twice: \"";

/// The one key of the object as which serde_json hands over a number with its digits.
const NUMBER: &str = "$serde_json::private::Number";

/// Any JSON whose objects have no key twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == NUMBER && object.is_empty() {
                let digits: String = entries.next_value()?;
                return digits.parse().map(Value::Number).map_err(Error::custom);
            }
            if object.contains_key(&key) {
                return Err(Error::custom(format_args!("{TWICE}{key}\"")));
            }
            let Strict(value) = entries.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(text: &str, part: &str) {
        let refusal = read(text, "报文").unwrap_err();
        assert!(refusal.text.contains(part), "{}", refusal.text);
    }

    #[test]
    fn a_key_that_comes_twice_is_refused_at_any_depth() {
        check_refused(r#"{"a":1,"a":2}"#, "键a在同一对象内重复");
        check_refused(r#"{"a":[{"b":{"c":1,"\u0063":1}}]}"#, "键c在同一对象内重复");
        assert!(read(r#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#, "报文").is_ok());
    }

    #[test]
    fn broken_texts_say_how_they_are_broken() {
        check_refused("{\"a\":", "不完整");
        check_refused("{'a':1}", "JSON语法");
        check_refused(&"[".repeat(10_000), "嵌套超过128层");
        check_refused(&"{\"a\":".repeat(10_000), "嵌套超过128层");
        check_refused("{} {}", "多余内容");
        check_refused("{}x", "多余内容");
        check_refused("{\"a\":\"b\nc\"}", "控制字符");
        check_refused("{\"a\":\"b\0c\"}", "第8字节是空字符");
        check_refused("{\0}", "空字符");
        check_refused("{\"a\":1\0\0", "不完整");
        check_refused("{\"a\":\"\\ud800\"}", "JSON语法");
    }

    #[test]
    fn numbers_keep_their_digits() {
        let value = read(r#"{"a":12345678901234567890.100,"b":-0,"c":1e400}"#, "报文").unwrap();
        assert_eq!(value["a"].to_string(), "12345678901234567890.100");
        assert_eq!(value["c"].to_string().to_lowercase().replace('+', ""), "1e400");
    }

    #[test]
    fn gbk_bytes_are_told_from_utf8() {
        let refusal = utf8(b"{\"opter_name\":\"\xd6\xd0\"}").unwrap_err();
        assert!(refusal.text.contains("第16字节起不是UTF-8编码"), "{}", refusal.text);
        let refusal = utf8(b"\xff\xfe{\0}\0").unwrap_err();
        assert!(refusal.text.contains("UTF-16"), "{}", refusal.text);
    }

    #[test]
    fn a_mark_of_byte_order_and_zero_bytes_at_the_end_are_no_part_of_a_text() {
        for text in ["\u{feff}{}", "{}\0", "{}\r\n\0\0", "{}\0\n"] {
            assert!(read(text, "报文").is_ok(), "{text:?}");
        }
        assert!(is_padded("{}\0") && !is_padded("{}\n"));
    }
}
