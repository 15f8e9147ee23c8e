//! What a single value has to be for its field: figures, decimals, characters.

use crate::table::{Field, FieldKind};
use crate::value;

impl Field {
    /// Whether it holds a code whose values no table of the interface lists (`med_list_codg`, `diag_code`).
    pub fn is_code(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        self.kind == FieldKind::Text && (name.ends_with("codg") || name.ends_with("code"))
    }

    /// A text or a number in its canonical form, or why it is none that the field holds: too long, too many figures.
    pub fn shaped(&self, text: &str) -> Result<String, String> {
        match self.kind {
            FieldKind::Number { digits, decimals } => {
                let number = value::number(text)
                    .map(|number| value::without_binary_noise(number, decimals))
                    .ok_or_else(|| format!("不是{}", kind_name(self)))?;
                let whole = digits - decimals.min(digits);
                if value::integer_digits(number) > whole {
                    return Err(format!("过大，整数部分最多{whole}位"));
                }
                if number.scale() > decimals {
                    return Err(if decimals == 0 {
                        "应为整数".into()
                    } else {
                        format!("小数最多{decimals}位")
                    });
                }
                Ok(number.to_string())
            }
            FieldKind::Text => match (length_allowed(self), text.chars().count()) {
                (Some(length), count) if count > length => Err(format!("长{count}个字符，最多{length}个")),
                _ => Ok(text.to_owned()),
            },
            FieldKind::Date | FieldKind::Moment | FieldKind::Node | FieldKind::Other => Ok(text.to_owned()),
        }
    }
}

/// How long a text may be. The printed length of codes and of some other fields is exceeded by real values (the codes of
/// medicines have 23 characters and more, their column 20); they may be as long as anything that a screen can still show.
fn length_allowed(field: &Field) -> Option<usize> {
    const NEVER: &[&str] = &["msgid", "omsgid", "oinfno", "fixmedins_name", "feedetl_sn", "init_feedetl_sn"];
    const ANY: usize = 200;
    let printed = field.length.filter(|_| field.code_table.is_none())?;
    let is_free = NEVER.contains(&field.name.as_str()) || field.is_code();
    Some(if is_free { printed.max(ANY) } else { printed })
}

/// What a field holds, as a refusal says it.
pub(crate) fn kind_name(field: &Field) -> String {
    match field.kind {
        FieldKind::Text => "文本".into(),
        FieldKind::Number { digits, decimals: 0 } => format!("整数(最多{digits}位)"),
        FieldKind::Number { digits, decimals } => format!("数值({digits},{decimals})"),
        FieldKind::Date => "有效日期，应为yyyy-MM-dd".into(),
        FieldKind::Moment => "有效时间，应为yyyy-MM-dd HH:mm:ss".into(),
        FieldKind::Node => "对象或数组".into(),
        FieldKind::Other => "单个值".into(),
    }
}
