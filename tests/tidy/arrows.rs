//! Guards the arrows between the files of a crate: in the engine they point down from layer to layer, and nowhere do files
//! import each other in a circle.
//!
//! A file imports another where it names it, in a `use` or in a path. A folder's own file that only hands names on
//! (`pub use child::…`) imports nothing by that, and what tests need is no arrow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::UseTree;
use syn::visit::Visit;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The layers of the engine, from the ground up: each may import those before it. Those of one row are siblings, and do not
/// know each other.
const ENGINE: &[&[&str]] = &[
    &["call", "observe"],
    &["policies"],
    &["facts"],
    &["encounter"],
    &["register", "settlement"],
    &["outage"],
    &["calls"],
    &["run"],
    &["platform"],
    &["backfill"],
    &["desks"],
];

/// The crates whose files know no circle.
const WITHOUT_CIRCLES: &[&str] = &["domain", "policy", "interface", "engine"];

/// Each file of a crate, as a module path, with the files that it imports.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn arrows(name: &str) -> Arrows {
    let source = Path::new(ROOT).join("crates").join(name).join("src");
    let mut files = BTreeMap::new();
    collect(&source, &source, &mut files);
    let modules: BTreeSet<String> = files.keys().cloned().collect();
    let read = |(module, path): (&String, &PathBuf)| {
        let text = fs::read_to_string(path).unwrap();
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut reader = Reader { module, modules: &modules, found: BTreeSet::new() };
        reader.visit_file(&file);
        (module.clone(), reader.found)
    };
    files.iter().map(read).collect()
}

fn collect(source: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(source, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let place = path.strip_prefix(source).unwrap().with_extension("");
            let names: Vec<&str> = place.iter().map(|name| name.to_str().unwrap()).collect();
            files.insert(names.join("::"), path);
        }
    }
}

/// Reads what one file names of its own crate.
struct Reader<'a> {
    module: &'a str,
    modules: &'a BTreeSet<String>,
    found: BTreeSet<String>,
}

impl Reader<'_> {
    /// Adds the file that a path of names leads to, where it begins at the crate or above.
    fn name(&mut self, names: &[String]) {
        let own: Vec<&str> = self.module.split("::").filter(|name| *name != "lib").collect();
        let above = names.iter().take_while(|name| *name == "super").count();
        let from: Vec<&str> = match names.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("super") => own[..own.len().saturating_sub(above)].to_vec(),
            _ => return,
        };
        let rest = names.iter().skip(above.max(1)).map(String::as_str);
        let whole: Vec<&str> = from.into_iter().chain(rest).collect();
        let leads_to = (1..=whole.len()).rev().map(|length| whole[..length].join("::"));
        let found = leads_to.into_iter().find(|path| self.modules.contains(path));
        self.found.extend(found.filter(|path| path != self.module));
    }

    fn tree(&mut self, tree: &UseTree, before: &mut Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before);
                before.pop();
            }
            UseTree::Name(name) if name.ident == "self" => self.name(before),
            UseTree::Name(name) => self.name(&[before.as_slice(), &[name.ident.to_string()]].concat()),
            UseTree::Rename(name) => self.name(&[before.as_slice(), &[name.ident.to_string()]].concat()),
            UseTree::Glob(_) => self.name(before),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
        };
        if !module.attrs.iter().any(is_test) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.name(&names);
        syn::visit::visit_path(self, path);
    }
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
    let floor = |module: &str| {
        let layer = module.split("::").next().unwrap();
        ENGINE.iter().position(|row| row.contains(&layer))
    };
    for (from, named) in arrows("engine").iter().filter(|(from, _)| *from != "lib") {
        let here = floor(from).unwrap_or_else(|| panic!("crates/engine/src has no layer for {from}"));
        for to in named {
            let same_layer = from.split("::").next() == to.split("::").next();
            let down = floor(to).is_some_and(|there| there < here);
            assert!(same_layer || down, "engine: {from} must not import {to}");
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    for name in WITHOUT_CIRCLES {
        let arrows = arrows(name);
        for start in arrows.keys() {
            if let Some(way) = circle(&arrows, start) {
                panic!("crates/{name}: {}", way.join(" → "));
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
