//! A command line that cannot be understood (用法错误), in Chinese: which argument, which value, what to write instead.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::process::ExitCode;

/// Exit status where the command line is at fault.
const NOT_UNDERSTOOD: u8 = 2;

/// Prints help and version as they are, anything else in Chinese.
pub fn told(error: &clap::Error) -> ExitCode {
    match text(error) {
        Some(text) => {
            eprintln!("{text}");
            ExitCode::from(NOT_UNDERSTOOD)
        }
        None => {
            // A terminal that is gone is told nothing.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(NOT_UNDERSTOOD))
        }
    }
}

/// What is wrong; nothing for help and version, and for what clap says in its own words alone.
fn text(error: &clap::Error) -> Option<String> {
    let of = |kind: ContextKind| error.get(kind).map(words).filter(|words| !words.is_empty());
    let argument = of(ContextKind::InvalidArg).unwrap_or_default();
    let value = of(ContextKind::InvalidValue).unwrap_or_default();
    let mut lines = vec![match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面没有写值"),
        ErrorKind::InvalidValue => format!("{argument} 不能是“{value}”"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|cause| format!("：{}", cause_of(cause)));
            format!("{argument} 的值“{value}”不对{}", why.unwrap_or_default())
        }
        ErrorKind::UnknownArgument => format!("没有参数 {argument}"),
        ErrorKind::InvalidSubcommand => format!("没有命令 {}", of(ContextKind::InvalidSubcommand).unwrap_or_default()),
        ErrorKind::MissingRequiredArgument => format!("还要写 {argument}"),
        ErrorKind::MissingSubcommand => "还要写明做什么".to_owned(),
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            Some(other) if other != argument => format!("{argument} 不能与 {other} 一起用"),
            _ => format!("{argument} 只能写一次"),
        },
        ErrorKind::TooManyValues => format!("{argument} 不能再写“{value}”"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{argument} 的值少写或多写了"),
        ErrorKind::NoEquals => format!("{argument} 与值之间要写“=”"),
        _ => return None,
    }];
    lines.extend(of(ContextKind::ValidValue).map(|values| format!("  可用：{values}")));
    lines.extend(of(ContextKind::ValidSubcommand).map(|names| format!("  可用：{names}")));
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    lines.extend(near.into_iter().find_map(of).map(|near| format!("  相近的有：{near}")));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        lines.push(format!("\n用法：{}", usage.trim_start_matches("Usage:").trim()));
    }
    lines.push("加 --help 看说明和例子".to_owned());
    Some(lines.join("\n"))
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(one) => one.clone(),
        ContextValue::Strings(all) => all.join("、"),
        ContextValue::StyledStr(one) => one.to_string(),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        _ => String::new(),
    }
}

/// The reason that a reader gives; those of numbers, which the language's own give in English, in Chinese.
fn cause_of(cause: &dyn std::error::Error) -> String {
    let text = cause.to_string();
    let is_english = !text.chars().any(|c| c > '\u{2e7f}');
    match text.split_once(" is not in ") {
        Some((_, range)) => format!("应在 {range} 之内"),
        None if is_english && text.contains("digit") => "应为整数".to_owned(),
        None if is_english && text.contains("socket address") => "应写作 地址:端口，如 127.0.0.1:8080".to_owned(),
        None if is_english && text.contains("number too") => "数太大或太小".to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[track_caller]
    fn check(line: &[&str], parts: &[&str]) {
        let error = crate::Arguments::try_parse_from(line).err().expect("it is wrong");
        let told = text(&error).expect("it is told");
        for part in parts.iter().chain(&["--help"]) {
            assert!(told.contains(part), "{part}: {told}");
        }
        let plain = told.split("用法：").next().unwrap();
        assert!(
            !["error", "invalid", "required", "unexpected", "tip"].iter().any(|word| plain.contains(word)),
            "{told}"
        );
    }

    #[test]
    fn each_mistake_is_told_in_chinese() {
        check(&["yibao", "serv"], &["没有命令 serv", "serve"]);
        check(&["yibao", "serve", "--listen", "x", "--data", "d"], &["--listen", "“x”不对", "地址:端口"]);
        check(&["yibao", "serve", "--data", "d"], &["还要写 --listen"]);
        check(&["yibao", "verify", "--data", "d", "--rule"], &["没有参数 --rule"]);
        check(&["yibao", "simulate", "--plan", "p", "--persons", "0"], &["--persons", "“0”不对", "应在 1..="]);
        check(&["yibao", "simulate", "--plan", "p", "--seed", "a"], &["--seed", "应为整数"]);
        check(
            &["yibao", "simulate", "--plan", "p", "--big", "--pace", "slow"],
            &["不能是“slow”", "可用：usual、dense"],
        );
        check(&["yibao", "simulate", "--plan", "p", "--big", "--http"], &["不能与", "一起用"]);
        check(&["yibao", "user", "add", "li", "--data", "d", "--name", "李"], &["还要写"]);
    }

    #[test]
    fn help_and_version_are_no_mistakes() {
        for word in ["--help", "--version"] {
            assert!(text(&crate::Arguments::try_parse_from(["yibao", word]).err().unwrap()).is_none());
        }
    }
}
