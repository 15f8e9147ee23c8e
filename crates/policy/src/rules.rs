//! Benefit rules (待遇政策) as dated data: read from `rules/`, inherited pool → province → nation,
//! resolved for a pool and a day into the domain's typed [`Rules`].
//!
//! The nearest layer that has a parameter on the day wins. What a rule means is the domain's; an
//! unknown key, a wrong unit or an impossible date is an error with file and line, and nothing is read.

mod figures;
mod shapes;
mod subjects;
mod value;
mod words;

pub use figures::{FigureInForce, Shown, Tier};

use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use serde::Deserialize;
use shapes::KindWord;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use subjects::{Layer, View};
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::settlement::{CareKind, Place, Rules};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../rules");

/// The layer that all pools inherit from.
const NATION: &str = "nation";
/// Files of the nation's layer that are read elsewhere.
const READ_ELSEWHERE: [&str; 2] = ["businesses", "calendar"];

/// Why rules cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RulesFault {
    /// A file cannot be opened.
    #[error("reading {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file says something that is no rule; the text names line and column.
    #[error("{}: {cause}", path.display())]
    Wrong {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: Box<toml::de::Error>,
    },
    /// A file of a name that no subject has.
    #[error("{}: no subject has this name", .0.display())]
    UnknownFile(PathBuf),
    /// Files contradict each other.
    #[error("{}: {text}", path.display())]
    Contradiction {
        /// Where.
        path: PathBuf,
        /// What.
        text: String,
    },
}

/// An area of a pool (区县).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Its division code.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Codes it had before.
    #[serde(default)]
    pub formerly: Vec<String>,
}

/// A pool (统筹区), from its `pool.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolInfo {
    /// Its code.
    pub pool: Pool,
    /// Its Chinese name.
    pub name: String,
    /// The province's layer, such as `guizhou`.
    pub province: String,
    /// The agency that clears (清算经办机构, `clr_optins`).
    pub agency: String,
    /// Its areas.
    pub areas: Vec<Area>,
}

impl PoolInfo {
    /// The area of a division code, former codes included.
    pub fn area(&self, admdvs: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.code == admdvs || area.formerly.iter().any(|code| code == admdvs))
    }

    /// Whether a division belongs to the pool: the pool itself, its agency, or one of its areas.
    pub fn has(&self, admdvs: &str) -> bool {
        admdvs == self.pool.as_str() || admdvs == self.agency || self.area(admdvs).is_some()
    }

    /// Where care in this division happens, seen from the pool (`decisions` 49).
    pub fn place_of(&self, care_admdvs: &str) -> Place {
        if self.has(care_admdvs) {
            Place::Home
        } else if care_admdvs.get(..2).is_some_and(|province| self.pool.as_str().starts_with(province)) {
            Place::InProvince
        } else {
            Place::OutOfProvince
        }
    }

    /// Whether two divisions are the same area, under whatever code.
    pub fn same_area(&self, one: &str, other: &str) -> bool {
        match (self.area(one), self.area(other)) {
            (Some(one), Some(other)) => one.code == other.code,
            _ => false,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolFile {
    code: String,
    name: String,
    province: String,
    agency: String,
    #[serde(default)]
    area: Vec<Area>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CareTypesFile {
    #[serde(default)]
    kind: Vec<CareTypes>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CareTypes {
    is: KindWord,
    /// Codes that bring their children along.
    #[serde(default)]
    parents: Vec<String>,
    /// Codes alone.
    #[serde(default)]
    alone: Vec<String>,
}

/// All rules of all pools.
pub struct RuleBook {
    layers: BTreeMap<String, Layer>,
    pools: Vec<PoolInfo>,
    pool_layers: BTreeMap<Pool, String>,
    care_types: Vec<CareTypes>,
    resolved: Mutex<BTreeMap<(Pool, Date), Arc<Rules>>>,
}

/// Days of rules that are kept resolved before the store is emptied: some months of several pools.
const RESOLVED_MAX: usize = 1_000;

impl RuleBook {
    /// The rules that the program brings along.
    pub fn embedded() -> Result<RuleBook, RulesFault> {
        let mut files = Vec::new();
        for folder in EMBEDDED.dirs() {
            for file in folder.files() {
                let text = String::from_utf8_lossy(file.contents()).into_owned();
                files.push((Path::new("rules").join(file.path()), text));
            }
        }
        RuleBook::of_files(files)
    }

    /// The rules of a folder of the same layout.
    pub fn read_dir(path: &Path) -> Result<RuleBook, RulesFault> {
        let mut files = Vec::new();
        for folder in entries(path)?.into_iter().filter(|path| path.is_dir()) {
            for file in entries(&folder)?.into_iter().filter(|path| path.is_file()) {
                let text = std::fs::read_to_string(&file);
                let text = text.map_err(|cause| RulesFault::Unreadable { path: file.clone(), cause })?;
                files.push((file, text));
            }
        }
        RuleBook::of_files(files)
    }

    fn of_files(files: Vec<(PathBuf, String)>) -> Result<RuleBook, RulesFault> {
        let mut book = RuleBook {
            layers: BTreeMap::new(),
            pools: Vec::new(),
            pool_layers: BTreeMap::new(),
            care_types: Vec::new(),
            resolved: Mutex::new(BTreeMap::new()),
        };
        for (path, text) in files.into_iter().filter(|(path, _)| path.extension().is_some_and(|kind| kind == "toml")) {
            book.take(&path, &text)?;
        }
        book.check()?;
        Ok(book)
    }

    /// Takes one file into the book.
    fn take(&mut self, path: &Path, text: &str) -> Result<(), RulesFault> {
        let wrong = |cause| RulesFault::Wrong { path: path.to_owned(), cause: Box::new(cause) };
        let name = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
        let layer = name(path.parent().and_then(Path::file_name)).unwrap_or_default();
        let stem = name(path.file_stem()).unwrap_or_default();
        match stem.as_str() {
            "pool" => {
                let file: PoolFile = toml::from_str(text).map_err(wrong)?;
                let pool = Pool::new(file.code);
                if self.pool_layers.insert(pool.clone(), layer).is_some() {
                    let text = format!("a second pool has the code {pool}");
                    return Err(RulesFault::Contradiction { path: path.to_owned(), text });
                }
                let PoolFile { name, province, agency, area, .. } = file;
                self.pools.push(PoolInfo { pool, name, province, agency, areas: area });
            }
            "care_types" if layer == NATION => {
                let file: CareTypesFile = toml::from_str(text).map_err(wrong)?;
                self.care_types = file.kind;
            }
            stem if layer == NATION && READ_ELSEWHERE.contains(&stem) => {}
            stem => match self.layers.entry(layer).or_default().read(stem, text) {
                Some(read) => read.map_err(wrong)?,
                None => return Err(RulesFault::UnknownFile(path.to_owned())),
            },
        }
        Ok(())
    }

    /// Areas belong to one pool each, and every pool's province is there to inherit from.
    fn check(&self) -> Result<(), RulesFault> {
        let contradiction = |info: &PoolInfo, text: String| {
            let path = Path::new(&self.pool_layers[&info.pool]).join("pool.toml");
            Err(RulesFault::Contradiction { path, text })
        };
        if let Some(info) = self.pools.iter().find(|info| !self.layers.contains_key(&info.province)) {
            return contradiction(info, format!("no folder of the province {} is there", info.province));
        }
        let mut owners: BTreeMap<&str, &PoolInfo> = BTreeMap::new();
        for info in &self.pools {
            let codes = info.areas.iter().flat_map(|area| std::iter::once(&area.code).chain(&area.formerly));
            for code in codes.map(String::as_str).chain([info.pool.as_str(), &info.agency]) {
                if let Some(other) = owners.insert(code, info).filter(|other| other.pool != info.pool) {
                    return contradiction(info, format!("area {code} belongs to {} and to {}", other.name, info.name));
                }
            }
        }
        Ok(())
    }

    /// All pools.
    pub fn pools(&self) -> &[PoolInfo] {
        &self.pools
    }

    /// The pool of this code.
    pub fn pool(&self, pool: &Pool) -> Option<&PoolInfo> {
        self.pools.iter().find(|info| info.pool == *pool)
    }

    /// The pool that a division belongs to, by present or former code.
    pub fn pool_of_area(&self, admdvs: &str) -> Option<&PoolInfo> {
        self.pools.iter().find(|info| info.has(admdvs))
    }

    /// The kind of care that a national `med_type` belongs to: a code of its own before its parent's.
    pub fn care_kind(&self, med_type: &str) -> Option<CareKind> {
        let alone = self.care_types.iter().find(|types| types.alone.iter().any(|code| code == med_type));
        let by_parent = || {
            let parents = self.care_types.iter().flat_map(|types| types.parents.iter().map(move |code| (code, types)));
            parents.filter(|(code, _)| med_type.starts_with(code.as_str())).max_by_key(|(code, _)| code.len())
        };
        alone.or_else(|| by_parent().map(|(_, types)| types)).map(|types| types.is.kind())
    }

    /// The rules of a pool on a day. `None`: no such pool.
    pub fn rules(&self, pool: &Pool, day: Date) -> Option<Arc<Rules>> {
        let key = (pool.clone(), day);
        let mut resolved = self.resolved.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(rules) = resolved.get(&key) {
            return Some(Arc::clone(rules));
        }
        let rules = Arc::new(self.resolve(pool, day)?);
        if resolved.len() >= RESOLVED_MAX {
            resolved.clear();
        }
        resolved.insert(key, Arc::clone(&rules));
        Some(rules)
    }

    fn resolve(&self, pool: &Pool, day: Date) -> Option<Rules> {
        let layers = self.layers_of(self.pool(pool)?);
        let of = |scheme| View { layers: &layers, scheme, day }.rules();
        Some(Rules { pool: pool.clone(), day, employee: of(Scheme::Employee), resident: of(Scheme::Resident) })
    }

    /// Every figure that is in force for a scheme of a pool on a day, as people read it. `None`: no such pool.
    pub fn figures(&self, pool: &Pool, scheme: Scheme, day: Date) -> Option<Vec<FigureInForce>> {
        let layers = self.layers_of(self.pool(pool)?);
        Some(View { layers: &layers, scheme, day }.figures())
    }

    /// What a pool goes by, nearest first.
    fn layers_of(&self, info: &PoolInfo) -> Vec<(Tier, &Layer)> {
        let own = self.pool_layers.get(&info.pool).map(String::as_str);
        let names = [(Tier::Pool, own), (Tier::Province, Some(info.province.as_str())), (Tier::Nation, Some(NATION))];
        names.into_iter().filter_map(|(tier, name)| Some((tier, self.layers.get(name?)?))).collect()
    }
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, RulesFault> {
    let fault = |cause| RulesFault::Unreadable { path: path.to_owned(), cause };
    let mut entries = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>())
        .map_err(fault)?;
    entries.sort();
    Ok(entries)
}
