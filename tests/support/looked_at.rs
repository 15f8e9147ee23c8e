//! What is looked at on every page in a real browser: whether everybody can read and use it, and in which words it speaks.

use super::driven::Driven;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// axe-core, which finds what keeps people from using a page: what `cargo xtask tools` has fetched.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder of all that is built");
    let place = target.join("tools/axe-core-4.14.1/axe.min.js");
    fs::read_to_string(&place)
        .unwrap_or_else(|_| panic!("{} is missing: run `cargo xtask test`, which fetches it", place.display()))
});

/// What axe-core finds: each rule that is broken, with the first places.
#[track_caller]
pub fn violations(browser: &Driven) -> Vec<String> {
    browser.script(&AXE);
    let found = browser.script_later(
        "const done = arguments[arguments.length - 1]; \
         axe.run(document, { resultTypes: ['violations'] }).then(found => done(found.violations.map(rule => \
             rule.id + ': ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' ; '))), \
             error => done(['axe failed: ' + error]))",
    );
    texts(&found)
}

/// What does not fit the window, and what a finger does not hit: everything that is pressed is 44 pixels high and wide, but for links
/// within a sentence.
#[track_caller]
pub fn misfits(browser: &Driven, is_telephone: bool) -> Vec<String> {
    let mut found = texts(&browser.script(WIDER));
    if is_telephone {
        found.extend(texts(&browser.script(SMALL)));
        found.extend(texts(&browser.script(UNHEADED)));
    }
    found
}

const WIDER: &str = "
    const page = document.documentElement, found = [];
    if (page.scrollWidth > innerWidth) {
        const wide = [...document.querySelectorAll('body *')].filter(of => !of.closest('.wide') && of.getBoundingClientRect().right > innerWidth + 1);
        found.push('the page is ' + page.scrollWidth + ' wide: ' + wide.slice(0, 3).map(of => of.outerHTML.slice(0, 120)).join(' ; '));
    }
    for (const link of document.querySelectorAll('nav a'))
        if (link.getClientRects().length > 1) found.push('broken within a word: ' + link.textContent);
    return found";

const SMALL: &str = "
    const isShown = of => of.checkVisibility({ checkVisibilityCSS: true }) && of.getClientRects().length > 0;
    const isInSentence = of => {
        if (getComputedStyle(of).display !== 'inline') return false;
        const around = of.parentElement.closest('p, li, td, th, dd, span, summary, legend, div');
        return around && around.innerText.replace(of.innerText, '').trim().length > 0;
    };
    const found = [];
    for (const of of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
        if (!isShown(of) || (of.matches('a') && isInSentence(of))) continue;
        const pressed = of.matches('[type=checkbox], [type=radio]') ? of.closest('label') ?? of : of;
        const { width, height } = pressed.getBoundingClientRect();
        if (width < 43.5 || height < 43.5) found.push(Math.round(width) + 'x' + Math.round(height) + ' ' + of.outerHTML.slice(0, 120));
    }
    return [...new Set(found)].slice(0, 12)";

const UNHEADED: &str = "
    const found = [];
    for (const table of document.querySelectorAll('table.stack')) {
        const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(cell => cell.textContent.trim());
        if (heads.length === 0) continue;
        for (const row of table.tBodies[0]?.rows ?? []) [...row.cells].forEach((cell, place) => {
            const at = [...row.cells].slice(0, place).reduce((sum, other) => sum + other.colSpan, 0);
            if (cell.matches('th, .tick, .bare') || cell.innerText.trim() === '' || !cell.checkVisibility()) return;
            const said = getComputedStyle(cell, '::before').content;
            if (!heads[at] || !said.includes(heads[at])) found.push('no heading ' + heads[at] + ' at ' + cell.outerHTML.slice(0, 120));
        });
    }
    return [...new Set(found)].slice(0, 12)";

/// Words of another script in what is read, but for those that are known, and marks of another script behind a Chinese character. What stands in `code` is a
/// code, what is chosen from a national table has its words, and what is found in a plan's file is said in the words of the file.
#[track_caller]
pub fn foreign(browser: &Driven, known: &[&str]) -> Vec<String> {
    let text = browser.script(
        "const parts = []; \
         const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT); \
         while (walker.nextNode()) { const at = walker.currentNode.parentElement; \
             if (!at.closest('code, textarea, script, noscript, option, [data-of-file]')) parts.push(walker.currentNode.textContent); } \
         for (const of of document.querySelectorAll('main [placeholder]')) parts.push(of.placeholder); \
         return parts.join('\\n')",
    );
    let text = text.as_str().unwrap_or_default();
    let words = text.split(|char: char| !char.is_ascii_alphanumeric() && !"_.-:/".contains(char));
    let words = words.map(|word| word.trim_matches(['.', ':', '/', '-']));
    let mut found: Vec<String> =
        words.filter(|word| is_latin(word) && !known.contains(word)).map(|word| format!("“{word}”")).collect();
    let chars: Vec<char> = text.chars().collect();
    let is_chinese = |char: char| ('\u{4e00}'..='\u{9fff}').contains(&char);
    // A bracket in which a login or a code stands alone is none of the sentence's.
    let is_of_code = |rest: &[char]| {
        let inside = rest.iter().take_while(|char| **char != ')').collect::<Vec<_>>();
        inside.iter().all(|char| char.is_ascii_alphanumeric() || **char == '_')
    };
    let wrong = chars.windows(2).enumerate().filter(|(at, pair)| {
        is_chinese(pair[0]) && (",;:!?)".contains(pair[1]) || (pair[1] == '(' && !is_of_code(&chars[at + 2..])))
    });
    found.extend(wrong.map(|(at, _)| chars[at.saturating_sub(8)..chars.len().min(at + 6)].iter().collect()));
    found.sort();
    found.dedup();
    found
}

/// Whether a word has no place on a Chinese page: neither a number or code that stands on papers, nor a name of a file or size.
fn is_latin(word: &str) -> bool {
    const NAMES: [&str; 17] = [
        "XLSX",
        "CSV",
        "UTF-8",
        "GB18030",
        "10MB",
        "16MB",
        "TOML",
        "JSON",
        "HTTP",
        "POST",
        "A4",
        "A5",
        "ID",
        "MB",
        "SHA-256",
        "Content-Type",
        "IC",
    ];
    let has_letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let is_of = |head: &str, tail: fn(u8) -> bool| {
        word.strip_prefix(head).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(tail))
    };
    let is_code_byte = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b".-".contains(&byte);
    // Numbers of entries, providers, diagnoses, catalogue items, clauses, identity cards: a capital and figures.
    let is_code = word.bytes().all(is_code_byte) && word.bytes().any(|byte| byte.is_ascii_digit());
    // I10.x00
    let is_code =
        is_code || (word.len() > 5 && word.as_bytes()[0].is_ascii_uppercase() && word.as_bytes()[1].is_ascii_digit());
    // k00003: a person of a made-up city.
    let is_person = is_of("k", |byte| byte.is_ascii_digit());
    has_letter && !is_code && !is_person && !NAMES.contains(&word) && !is_of("CF", |byte| byte.is_ascii_digit())
}

fn texts(found: &Value) -> Vec<String> {
    let rows = found.as_array().into_iter().flatten();
    rows.map(|row| row.as_str().unwrap_or_default().to_owned()).collect()
}
