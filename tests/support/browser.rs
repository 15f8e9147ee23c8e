//! A real browser without a screen: what a person sees on a page, and how it is laid out.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// No page takes longer; a browser that hangs is ended.
const SECONDS_MAX: &str = "90";
const QUIET: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];

/// The page's document as the browser understood it, scripts run.
#[track_caller]
pub fn document(address: &str) -> String {
    run(&["--dump-dom"], address)
}

/// What stands on the page, as text: a line a row or paragraph, without anything that is not shown.
#[track_caller]
pub fn seen(address: &str) -> String {
    text(&document(address))
}

/// A picture of a page, given whole with its style sheet inside, in a window of that width, as a PNG.
#[track_caller]
pub fn picture(page: &str, width: u32, height: u32) -> Vec<u8> {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let file = folder.path().join("page.png");
    // A window is never narrower than 500 pixels, so the page stands in a frame of its own width.
    let around = folder.path().join("frame.html");
    let head = "<!doctype html><meta charset=utf-8><body style='margin:0'>";
    fs::write(&around, format!("{head}{}", frame(page, width, height))).expect("a page of our own");
    let size = format!("--window-size={},{height}", width.max(500));
    // Without the last one a busy machine's picture may lack what is not painted yet.
    let arguments = [&size, &format!("--screenshot={}", file.display()), "--run-all-compositor-stages-before-draw"];
    run(&arguments, &url(&around));
    fs::read(file).expect("the browser took a picture")
}

/// The page on paper, as a PDF.
#[track_caller]
pub fn printed(address: &str) -> Vec<u8> {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let file = folder.path().join("page.pdf");
    run(&["--no-pdf-header-footer", &format!("--print-to-pdf={}", file.display())], address);
    fs::read(file).expect("the browser printed")
}

/// How wide the content of each page is in a window of each width, in that order: more than the width is an overflow.
/// Pages are given whole, with their style sheet inside.
#[track_caller]
pub fn widths(pages: &[String], windows: &[u32]) -> Vec<Vec<u32>> {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let file = folder.path().join("frames.html");
    let frames: String = pages.iter().flat_map(|page| windows.iter().map(|width| frame(page, *width, 900))).collect();
    let measuring = "<p id=widths></p><script>onload = () => { document.getElementById('widths').textContent = \
         [...document.querySelectorAll('iframe')].map(f => f.contentDocument.documentElement.scrollWidth).join(' '); \
         document.querySelectorAll('iframe').forEach(f => f.remove()) }</script>";
    fs::write(&file, format!("<!doctype html><meta charset=utf-8><body>{frames}{measuring}"))
        .expect("a page of our own");
    let dumped = document(&url(&file));
    let measured = between(&dumped, "<p id=\"widths\">", "</p>").expect("the measuring page was loaded");
    let measured: Vec<u32> = measured.split(' ').map(|width| width.parse().expect("a width")).collect();
    assert_eq!(measured.len(), pages.len() * windows.len(), "every frame is measured");
    measured.chunks(windows.len()).map(<[u32]>::to_vec).collect()
}

/// A page in a frame that is as wide as a window would be; what is around it may look inside.
fn frame(page: &str, width: u32, height: u32) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    format!("<iframe style='border:0;display:block' width={width} height={height} srcdoc=\"{page}\"></iframe>")
}

fn url(file: &Path) -> String {
    format!("file://{}", file.display())
}

#[track_caller]
fn run(arguments: &[&str], address: &str) -> String {
    let profile = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let ended = Command::new("timeout")
        .args([SECONDS_MAX, "chromium"])
        .args(QUIET)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .output()
        .expect("timeout runs");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_ne!(
        ended.status.code(),
        Some(127),
        "chromium is missing: run `cargo xtask test`, which installs it\n{said}"
    );
    assert!(ended.status.success(), "the browser failed on {address}: {}\n{said}", ended.status);
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

/// The text of a document: a line for each row, paragraph, heading and list item, cells set apart by `|`.
pub fn text(document: &str) -> String {
    let body = document.split_once("<body").map_or(document, |(_, body)| body);
    let mut lines = String::new();
    let mut rest = body.split_once('>').map_or("", |(_, rest)| rest);
    while let Some((words, tail)) = rest.split_once('<') {
        lines.push_str(words.trim_matches('\n'));
        let (tag, tail) = tail.split_once('>').unwrap_or((tail, ""));
        match tag.split([' ', '\n']).next().unwrap_or_default() {
            "/tr" | "/p" | "/h1" | "/h2" | "/h3" | "/h4" | "/li" | "/summary" | "/div" if !lines.ends_with('\n') => {
                lines.push('\n');
            }
            "/td" | "/th" => {
                lines.truncate(lines.trim_end().len());
                lines.push('|');
            }
            _ => {}
        }
        rest = tail;
    }
    let lines = lines.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What stands between two marks, first occurrence.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(inner, _)| inner)
}
