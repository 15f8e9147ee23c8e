//! Reads which files of a crate name which others.
//!
//! A file imports another where it names something that stands there: in a `use`, in a path (from the crate, above, itself, a
//! child module, or a name that was imported), or among the tokens of a macro. A name that a folder's own file hands on
//! (`pub use child::…`) leads to the child, and handing it on imports nothing. What tests need is no arrow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::Visit;
use syn::{Item, ItemMacro, ItemUse, Meta, UseTree, Visibility};

/// Each file of a crate, as a module path (`lib` is the root), with the files that it imports.
pub(crate) type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The name of the root among the arrows.
const ROOT: &str = "lib";
/// Nobody hands a name on so often.
const HANDS_MAX: usize = 20;
/// A name that comes by a glob has been handed on so often: through few globs in a row, for each asks all of a module's again.
const BY_A_GLOB: usize = 10;

/// The arrows between the files below a folder that holds `lib.rs` or `main.rs`.
pub(crate) fn arrows(source: &Path) -> Arrows {
    let mut files = BTreeMap::new();
    collect(source, source, &mut files);
    let texts = files.iter().map(|(module, path)| {
        let text = fs::read_to_string(path).unwrap();
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (module.clone(), file)
    });
    of(&texts.collect())
}

fn collect(source: &Path, folder: &Path, files: &mut BTreeMap<Vec<String>, PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(source, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let place = path.strip_prefix(source).unwrap().with_extension("");
            let names = place.iter().map(|name| name.to_str().unwrap().to_owned()).collect::<Vec<_>>();
            let is_root = names == ["lib"] || names == ["main"];
            files.insert(if is_root { Vec::new() } else { names }, path);
        }
    }
}

/// The arrows between files that are read already.
pub(crate) fn of(files: &BTreeMap<Vec<String>, syn::File>) -> Arrows {
    let mut modules = BTreeMap::new();
    for (path, file) in files {
        add_module(path, path, &file.items, &mut modules);
    }
    let only_tests: Vec<Vec<String>> = files.iter().flat_map(|(path, file)| test_modules(path, &file.items)).collect();
    let is_test = |path: &[String]| only_tests.iter().any(|test| path.starts_with(test));
    let read = |(path, file): (&Vec<String>, &syn::File)| {
        let mut reader = Reader { file: path, here: path.clone(), modules: &modules, found: BTreeSet::new() };
        reader.visit_file(file);
        (shown(path), reader.found.iter().filter(|found| *found != path).map(|found| shown(found)).collect())
    };
    files.iter().filter(|(path, _)| !is_test(path)).map(read).collect()
}

fn shown(path: &[String]) -> String {
    if path.is_empty() { ROOT.to_owned() } else { path.join("::") }
}

/// One module, in a file of its own or inside one.
#[derive(Default)]
struct Module {
    /// The file in which it stands.
    file: Vec<String>,
    /// What it defines itself.
    defined: BTreeSet<String>,
    /// The names that it imports, with the paths that they stand for.
    imported: BTreeMap<String, Vec<Vec<String>>>,
    /// The modules whose names it imports all.
    globs: Vec<Vec<String>>,
}

type Modules = BTreeMap<Vec<String>, Module>;

fn add_module(path: &[String], file: &[String], items: &[Item], modules: &mut Modules) {
    let mut names = Names { module: Module { file: file.to_vec(), ..Module::default() } };
    for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
        names.module.defined.extend(defined(item));
        if let Item::Mod(inner) = item
            && let Some((_, items)) = &inner.content
        {
            add_module(&below(path, &inner.ident), file, items, modules);
        } else {
            names.visit_item(item);
        }
    }
    modules.insert(path.to_vec(), names.module);
}

fn below(path: &[String], name: &syn::Ident) -> Vec<String> {
    [path, &[name.to_string()]].concat()
}

/// The modules that only tests have, in files of their own.
fn test_modules(path: &[String], items: &[Item]) -> Vec<Vec<String>> {
    let modules = items.iter().filter_map(|item| if let Item::Mod(module) = item { Some(module) } else { None });
    modules.filter(|module| is_for_tests(&module.attrs)).map(|module| below(path, &module.ident)).collect()
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string() == "test",
        meta => meta.path().is_ident("test"),
    })
}

fn attributes(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(ItemMacro { ident: Some(name), .. }) => name,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Gathers what a module imports, inside its functions too.
struct Names {
    module: Module,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for (path, name) in leaves(&item.tree) {
            match name {
                Some(name) => self.module.imported.entry(name).or_default().push(path),
                None => self.module.globs.push(path),
            }
        }
    }
}

/// Each path of a `use` with the name that it gives; none is a glob.
fn leaves(tree: &UseTree) -> Vec<(Vec<String>, Option<String>)> {
    fn walk(tree: &UseTree, before: &[String], found: &mut Vec<(Vec<String>, Option<String>)>) {
        match tree {
            UseTree::Path(path) => walk(&path.tree, &below(before, &path.ident), found),
            UseTree::Name(name) if name.ident == "self" => found.push((before.to_vec(), before.last().cloned())),
            UseTree::Name(name) => found.push((below(before, &name.ident), Some(name.ident.to_string()))),
            UseTree::Rename(name) if name.ident == "self" => {
                found.push((before.to_vec(), Some(name.rename.to_string())));
            }
            UseTree::Rename(name) => found.push((below(before, &name.ident), Some(name.rename.to_string()))),
            UseTree::Glob(_) => found.push((before.to_vec(), None)),
            UseTree::Group(group) => group.items.iter().for_each(|item| walk(item, before, found)),
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

/// Reads what one file names of its own crate.
struct Reader<'a> {
    file: &'a [String],
    /// The module in which the reader stands: the file's, or one inside it.
    here: Vec<String>,
    modules: &'a Modules,
    found: BTreeSet<Vec<String>>,
}

/// Where a path leads.
enum Place {
    Module(Vec<String>),
    /// Something that stands in this file.
    Thing(Vec<String>),
}

impl Reader<'_> {
    /// Adds the files that a path of names leads to.
    fn name(&mut self, names: &[String]) {
        for place in self.follow(&self.here, names, 0) {
            match place {
                // A name alone that is a module's is something else of that name: a module is no value and no type.
                Place::Module(_) if names.len() == 1 => {}
                Place::Module(module) => self.found.extend(self.modules.get(&module).map(|module| module.file.clone())),
                Place::Thing(file) => _ = self.found.insert(file),
            }
        }
    }

    /// Where a path that stands in the module `here` leads; nowhere where it belongs to another crate.
    fn follow(&self, here: &[String], names: &[String], hands: usize) -> Vec<Place> {
        let above = names.iter().take_while(|name| *name == "super").count();
        match names.first().map(String::as_str) {
            None => Vec::new(),
            Some("crate") => self.walk(&[], &names[1..], hands),
            Some("self") if names.get(1).is_some_and(|name| name == "super") => self.follow(here, &names[1..], hands),
            Some("self") => self.walk(here, &names[1..], hands),
            Some("super") => self.walk(&here[..here.len().saturating_sub(above)], &names[above..], hands),
            Some(_) => self.walk(here, names, hands),
        }
    }

    /// Goes down from a module by names, through what is imported there under another module's name.
    fn walk(&self, from: &[String], names: &[String], hands: usize) -> Vec<Place> {
        let Some((name, rest)) = names.split_first() else { return vec![Place::Module(from.to_vec())] };
        let child = [from, std::slice::from_ref(name)].concat();
        if self.modules.contains_key(&child) {
            return self.walk(&child, rest, hands);
        }
        let Some(module) = self.modules.get(from) else { return Vec::new() };
        if module.defined.contains(name) {
            return vec![Place::Thing(module.file.clone())];
        }
        if hands >= HANDS_MAX {
            return Vec::new();
        }
        let follow = |path: &Vec<String>| {
            // A crate's name that is imported is no name of the module that imports it.
            let is_itself = path.len() == 1 && path[0] == *name;
            let whole = [path.as_slice(), rest].concat();
            if is_itself { Vec::new() } else { self.follow(from, &whole, hands + 1) }
        };
        if let Some(paths) = module.imported.get(name) {
            return paths.iter().flat_map(follow).collect();
        }
        let through = |glob: &Vec<String>| self.follow(from, &[glob.as_slice(), names].concat(), hands + BY_A_GLOB);
        module.globs.iter().flat_map(through).collect()
    }

    /// Reads path-like sequences among a macro's tokens.
    fn tokens(&mut self, mut cursor: Cursor) {
        let mut names: Vec<String> = Vec::new();
        let mut colons = 0;
        while !cursor.eof() {
            if let Some((name, next)) = cursor.ident() {
                if colons != 2 {
                    self.end(&mut names);
                }
                names.push(name.to_string());
                (colons, cursor) = (0, next);
            } else if let Some((punct, next)) = cursor.punct() {
                colons = if punct.as_char() == ':' { colons + 1 } else { 0 };
                if colons == 0 {
                    self.end(&mut names);
                }
                cursor = next;
            } else {
                self.end(&mut names);
                colons = 0;
                match cursor.any_group() {
                    Some((inside, _, _, next)) => {
                        self.tokens(inside);
                        cursor = next;
                    }
                    None => cursor = cursor.token_tree().unwrap().1,
                }
            }
        }
        self.end(&mut names);
    }

    /// Reads the path that ended; a name alone among tokens may be anything.
    fn end(&mut self, names: &mut Vec<String>) {
        if names.len() > 1 {
            self.name(names);
        }
        names.clear();
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.here.push(module.ident.to_string());
        syn::visit::visit_item_mod(self, module);
        self.here.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for (path, name) in leaves(&item.tree) {
            let is_module = |place: &Place| matches!(place, Place::Module(_));
            let is_handed_on = !matches!(item.vis, Visibility::Inherited);
            for place in self.follow(&self.here, &path, 0) {
                // The module alone: what is named of it is an arrow where it is named.
                if name.is_some() && is_module(&place) {
                    continue;
                }
                let file = match place {
                    Place::Module(module) => self.modules.get(&module).map(|module| module.file.clone()),
                    Place::Thing(file) => Some(file),
                };
                let is_child = |file: &Vec<String>| file.len() > self.file.len() && file.starts_with(self.file);
                self.found.extend(file.filter(|file| !(is_handed_on && is_child(file))));
            }
        }
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.name(&names);
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        self.tokens(TokenBuffer::new2(called.tokens.clone()).begin());
    }
}
