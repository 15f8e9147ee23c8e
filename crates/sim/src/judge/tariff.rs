//! The figures of the benefit rules (待遇标准), by the judge's own reading of the files that the platform reads (`rules/`): the nearest
//! layer that says something on a day wins, pool before province before nation, and a scheme's own before what both have. A city that
//! is data alone has them in a folder ([`read_from`]).

use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::OnceLock;
use toml::{Table, Value};
use yibao_domain::code::{Pool, Scheme};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules");

static TARIFF: OnceLock<Tariff> = OnceLock::new();

/// Has a process judge by the files of a folder, of the same layout as those that come with the program: before anything is judged.
pub fn read_from(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for layer in fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?.iter().filter(|entry| entry.path().is_dir()) {
        for file in fs::read_dir(layer.path())? {
            let path = file?.path();
            if path.extension().is_some_and(|kind| kind == "toml") {
                let text = fs::read_to_string(&path)?;
                files.push((path, text));
            }
        }
    }
    // Whoever comes second goes by the first: one process judges one city.
    let _ = TARIFF.set(Tariff::of(files.iter().map(|(path, text)| (path.as_path(), text.as_str()))));
    Ok(())
}

fn tariff() -> &'static Tariff {
    let embedded = || FILES.dirs().flat_map(Dir::files);
    TARIFF.get_or_init(|| Tariff::of(embedded().map(|file| (file.path(), file.contents_utf8().unwrap_or_default()))))
}

/// All that the files say.
struct Tariff {
    /// By layer and subject.
    subjects: BTreeMap<(String, String), Table>,
    /// By pool, its layers, the nearest first.
    layers: BTreeMap<String, [String; 3]>,
}

impl Tariff {
    fn of<'a>(files: impl Iterator<Item = (&'a Path, &'a str)>) -> Tariff {
        let mut tariff = Tariff { subjects: BTreeMap::new(), layers: BTreeMap::new() };
        for (path, text) in files {
            let part = |of: Option<&std::ffi::OsStr>| of.map(|of| of.to_string_lossy().into_owned());
            let layer = part(path.parent().and_then(Path::file_name)).unwrap_or_default();
            let Ok(table) = text.parse::<Table>() else { continue };
            let subject = part(path.file_stem()).unwrap_or_default();
            if let ("pool", Some(code), Some(province)) =
                (&*subject, text_of(&table, "code"), text_of(&table, "province"))
            {
                tariff.layers.insert(code, [layer.clone(), province, "nation".to_owned()]);
            }
            tariff.subjects.insert((layer, subject), table);
        }
        tariff
    }
}

fn text_of(table: &Table, key: &str) -> Option<String> {
    Some(table.get(key)?.as_str()?.to_owned())
}

/// What the rules of a pool say of a scheme on a day.
#[derive(Clone, Copy)]
pub(super) struct Figures<'a> {
    pool: &'a Pool,
    scheme: &'static str,
    day: Date,
}

impl<'a> Figures<'a> {
    /// The figures of that day.
    pub fn of(pool: &'a Pool, scheme: Scheme, day: Date) -> Figures<'a> {
        let scheme = match scheme {
            Scheme::Employee => "employee",
            Scheme::Resident => "resident",
        };
        Figures { pool, scheme, day }
    }

    /// The value of a parameter, such as `deductible` of `inpatient`; nothing where the pool has none.
    pub fn value(self, subject: &str, parameter: &str) -> Option<Figure> {
        for layer in tariff().layers.get(self.pool.as_str())? {
            let Some(table) = tariff().subjects.get(&(layer.clone(), subject.to_owned())) else { continue };
            for scheme in [self.scheme, "both"] {
                let rows = table.get(scheme).and_then(|of| of.get(parameter)).and_then(Value::as_array);
                let holding = rows.into_iter().flatten().filter(|row| self.holds(row));
                if let Some(row) = holding.max_by_key(|row| day_of(row, "from")) {
                    return row.get("is").map(Figure);
                }
            }
        }
        None
    }

    fn holds(self, row: &Value) -> bool {
        day_of(row, "from").is_some_and(|from| from <= self.day) && day_of(row, "to").is_none_or(|to| self.day <= to)
    }

    /// An amount, in fen.
    pub fn fen(self, subject: &str, parameter: &str) -> Option<i64> {
        self.value(subject, parameter)?.hundredths()
    }

    /// A ratio, in basis points.
    pub fn points(self, subject: &str, parameter: &str) -> Option<i64> {
        self.value(subject, parameter)?.hundredths()
    }
}

fn day_of(row: &Value, key: &str) -> Option<Date> {
    row.get(key)?.as_datetime()?.to_string().parse().ok()
}

/// A value, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Figure(&'static Value);

impl Figure {
    /// A part of it.
    pub fn get(self, key: &str) -> Option<Figure> {
        self.0.get(key).map(Figure)
    }

    /// Its parts.
    pub fn each(self) -> impl Iterator<Item = Figure> {
        self.0.as_array().into_iter().flatten().map(Figure)
    }

    /// Its words.
    pub fn text(self) -> &'static str {
        self.0.as_str().unwrap_or_default()
    }

    /// Whether it says yes.
    pub fn is_yes(self) -> bool {
        self.0.as_bool().unwrap_or_default()
    }

    /// A whole number.
    pub fn count(self) -> Option<i64> {
        self.0.as_integer()
    }

    /// A number of yuan or percent, which may be written as text with two decimals: in fen or basis points.
    pub fn hundredths(self) -> Option<i64> {
        let (whole, text) = (self.0.as_integer(), self.0.as_str());
        whole.map(|whole| whole * 100).or_else(|| {
            let (whole, decimals) = text?.split_once('.')?;
            let decimals: i64 = format!("{decimals:0<2}").parse().ok()?;
            Some(whole.parse::<i64>().ok()? * 100 + decimals)
        })
    }

    /// The number for a level; institutions of a township, community or village have that of the first level where they have none.
    pub fn at(self, level: &str) -> Option<i64> {
        let is_small = matches!(level, "township" | "community" | "village");
        let first = || self.get("level_1").filter(|_| is_small);
        self.get(level).or_else(|| self.get("every_level")).or_else(first)?.hundredths()
    }

    /// Whether this is one of its words.
    pub fn names(self, word: &str) -> bool {
        self.each().any(|one| one.text() == word)
    }

    /// Whether one of these is.
    pub fn names_any(self, words: &[&str]) -> bool {
        words.iter().any(|word| self.names(word))
    }
}
