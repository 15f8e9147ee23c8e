//! Guards the arrows between the files of a crate: in the engine they point down from layer to layer, and nowhere do files
//! import each other in a circle.

use super::document;
use super::reader::{Arrows, arrows, of};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The folders with code of their own: the crates, the binary and the chores.
fn sources() -> Vec<PathBuf> {
    let crates = fs::read_dir(Path::new(ROOT).join("crates")).unwrap().map(|entry| entry.unwrap().path());
    crates.chain([PathBuf::from(ROOT), Path::new(ROOT).join("xtask")]).map(|folder| folder.join("src")).collect()
}

/// The layers of the engine as the document has them, from the ground up: each may import those before it. Those of one row
/// are siblings, and do not know each other.
fn layers() -> Vec<Vec<String>> {
    let rows = document::table("The rooms of the engine");
    rows.iter().rev().map(|row| document::quoted(&row[0])).collect()
}

/// A circle of files that can be reached from `start`, as the way back to it.
fn circle(arrows: &Arrows, start: &str) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.to_owned()]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        for next in arrows.get(way.last()?).into_iter().flatten() {
            if next == start {
                return Some([way, vec![next.clone()]].concat());
            }
            if seen.insert(next) {
                ways.push([way.as_slice(), std::slice::from_ref(next)].concat());
            }
        }
    }
    None
}

#[test]
fn arrows_inside_the_engine_point_down_only() {
    let layers = layers();
    let floor = |module: &str| {
        let layer = module.split("::").next().unwrap();
        layers.iter().position(|row| row.iter().any(|known| known == layer))
    };
    let engine = arrows(&Path::new(ROOT).join("crates/engine/src"));
    for (from, named) in engine.iter().filter(|(from, _)| *from != "lib") {
        let here = floor(from).unwrap_or_else(|| panic!("docs/ARCHITECTURE.md has no layer for engine/{from}"));
        for to in named {
            let same_layer = from.split("::").next() == to.split("::").next();
            let down = floor(to).is_some_and(|there| there < here);
            assert!(same_layer || down, "engine: {from} must not import {to}");
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for source in sources() {
        let arrows = arrows(&source);
        assert!(arrows.len() == 1 || arrows.values().any(|named| !named.is_empty()), "{}: no arrows", source.display());
        for start in arrows.keys() {
            if let Some(way) = circle(&arrows, start) {
                panic!("{}: {}", source.display(), way.join(" → "));
            }
        }
    }
}

#[test]
fn a_circle_is_found_however_long_it_is_and_a_way_down_is_none() {
    let of = |pairs: &[(&str, &str)]| {
        let mut arrows = Arrows::new();
        for (from, to) in pairs {
            arrows.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        arrows
    };
    let down = of(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]);
    assert_eq!(circle(&down, "a"), None);
    let round = of(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]);
    assert_eq!(circle(&round, "b").unwrap(), ["b", "c", "a", "b"]);
}

/// What the file `a::b` imports, whose text is given, in a crate with some other files.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let others = [
        ("", "mod a; mod d; pub use d::Thing;"),
        ("a", "pub mod b; pub mod c; pub use c::handed; use crate::d; pub fn own() {}"),
        ("a::c", "pub fn handed() {}"),
        ("a::b", text),
        ("a::b::child", "pub fn f() {} pub struct Type;"),
        ("d", "pub mod e; pub struct Thing; pub fn f() {}"),
        ("d::e", "pub fn g() {}"),
    ];
    let path = |module: &str| module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let files = others.iter().map(|(module, text)| (path(module), syn::parse_file(text).unwrap()));
    let found = of(&files.collect())["a::b"].clone();
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn a_file_is_seen_to_import_whatever_way_it_names_another() {
    check("use crate::d::e::g;", &["d::e"]);
    check("fn x() { crate::d::f() }", &["d"]);
    check("use super::own;", &["a"]);
    check("fn x() { super::super::d::f() }", &["d"]);
    check("fn x() { self::child::f() }", &["a::b::child"]);
    check("mod child; fn x() { child::f() }", &["a::b::child"]);
    check("use child::Type as T;", &["a::b::child"]);
    check("fn x() { use crate::d::*; f() }", &["d"]);
    check("use crate::d::e as other; fn x() { other::g() }", &["d::e"]);
    check("mod inner { fn x() { super::super::own() } }", &["a"]);
    check("fn x() { assert_eq!(1, crate::d::f()); vec![vec![child::f()]]; }", &["a::b::child", "d"]);
    check("macro_rules! m { () => { $crate::d::e::g() } }", &["d::e"]);
    check("struct S(super::super::Thing);", &["d"]);
}

#[test]
fn a_name_that_is_handed_on_leads_to_where_it_stands() {
    check("use super::handed;", &["a::c"]);
    check("fn x() { super::d::f() }", &["d"]);
    check("use crate::Thing;", &["d"]);
    check("pub use child::f;", &[]);
    check("pub use child::f; fn x() { f() }", &["a::b::child"]);
    check("pub use super::c::handed;", &["a::c"]);
}

#[test]
fn what_belongs_to_others_and_to_tests_is_no_arrow() {
    check("use std::collections::BTreeMap; use d::Elsewhere;", &[]);
    check("pub(super) fn x(child: u8) -> u8 { child }", &[]);
    check("#[cfg(test)] mod tests { use super::super::own; } #[cfg(test)] use crate::d::f;", &[]);
    check("use crate::d; mod child;", &[]);
}
