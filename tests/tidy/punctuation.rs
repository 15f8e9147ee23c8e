//! Guards the punctuation of what people read: a Chinese sentence has Chinese commas, semicolons and brackets.

use std::fs;
use std::path::{Path, PathBuf};
use syn::buffer::Cursor;
use syn::parse::{Parse, ParseStream};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// What is read by operators, patients and whoever watches: folders and files of program text, pages and plans.
const READ: [&str; 18] = [
    "crates/domain/src/outage",
    "crates/domain/src/register",
    "crates/domain/src/work",
    "crates/engine/src/backfill",
    "crates/engine/src/desks",
    "crates/engine/src/outage",
    "crates/engine/src/register",
    "crates/policy/src",
    "crates/sim/src",
    "crates/web/src/demonstration",
    "crates/web/src/demonstration.rs",
    "crates/web/src/office",
    "crates/web/src/pages",
    "crates/web/templates",
    "plans",
    "registers",
    "src/commands",
    "templates",
];
/// What is not: what the people of the simulated city write and its judges say, what tests give, and heads of files, by which programs
/// find their columns.
const NOT_READ: [&str; 5] = [
    "crates/sim/src/city",
    "crates/sim/src/judge",
    "crates/sim/src/world",
    "crates/engine/src/desks/registers/sheet/told.rs",
    "src/commands/bench",
];

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| collect(&entry.unwrap().path(), found));
    } else {
        found.push(path.to_owned());
    }
}

/// The string literals of a file, without what only documents it.
struct Texts(Vec<String>);

impl Parse for Texts {
    fn parse(input: ParseStream<'_>) -> syn::Result<Texts> {
        input.step(|cursor| {
            let mut found = Vec::new();
            let end = literals(*cursor, &mut found);
            Ok((Texts(found), end))
        })
    }
}

fn literals<'a>(mut cursor: Cursor<'a>, found: &mut Vec<String>) -> Cursor<'a> {
    while !cursor.eof() {
        let Some((inside, _, _, after)) = cursor.any_group() else {
            if let Some((literal, after)) = cursor.literal() {
                found.push(literal.to_string());
                cursor = after;
            } else {
                let next = cursor.token_tree();
                cursor = next.map_or_else(Cursor::empty, |(_, after)| after);
            }
            continue;
        };
        if inside.ident().is_none_or(|(name, _)| name != "doc") {
            literals(inside, found);
        }
        cursor = after;
    }
    cursor
}

fn is_chinese(char: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&char)
}

/// The places of a text where a Chinese character is followed by a mark of another script.
fn wrong(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let is_wrong = |pair: &[char]| is_chinese(pair[0]) && matches!(pair[1], ',' | ';' | '(' | '?' | '!');
    let places = chars.windows(2).enumerate().filter(|(_, pair)| is_wrong(pair));
    places.map(|(at, _)| chars[at.saturating_sub(8)..chars.len().min(at + 8)].iter().collect()).collect()
}

/// What of a program is no test.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
}

#[test]
fn what_people_read_in_chinese_has_chinese_commas_semicolons_and_brackets() {
    let mut files = Vec::new();
    READ.iter().for_each(|read| collect(&Path::new(ROOT).join(read), &mut files));
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(ROOT).unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let texts = match file.extension().and_then(|extension| extension.to_str()) {
            _ if NOT_READ.iter().any(|beginning| name.starts_with(beginning)) => continue,
            Some("rs") => syn::parse_str::<Texts>(code(&text)).unwrap_or_else(|error| panic!("{name}: {error}")).0,
            Some("html" | "toml") => vec![text],
            Some("tsv") => text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect(),
            _ => continue,
        };
        found.extend(texts.iter().flat_map(|text| wrong(text)).map(|place| format!("{name}: {place}")));
    }
    assert!(found.is_empty(), "write ，；（） here:\n{}", found.join("\n"));
}

#[test]
fn a_mark_of_another_script_is_seen_in_text_and_not_in_what_documents_it() {
    let file = r#"
        /// 停办, and not text.
        fn told() { say(format!("{at}停办,请{}", f("办理(先收件)"))) }
    "#;
    let texts = syn::parse_str::<Texts>(file).unwrap().0;
    let found: Vec<String> = texts.iter().flat_map(|text| wrong(text)).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(wrong("停办，请先收件（登记）；2207,2304").is_empty());
}
