//! `yibao demo`: the demonstration city of each pool, brought along in the program.

use crate::commands::load::load_folder;
use crate::load::{Options, Progress};
use anyhow::{Context as _, ensure};
use include_dir::{Dir, include_dir};
use std::path::Path;
use yibao_policy::rules::RuleBook;
use yibao_store::Store;

/// One folder of CSV files a city.
static CITIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// Lays the CSV files of all cities out under `folder`, for reading beside the running platform, and loads
/// them into the books. Loading a second time changes nothing.
pub fn settle_cities(store: &dyn Store, rules: &RuleBook, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("建立文件夹 {}", folder.display()))?;
    CITIES.extract(folder).with_context(|| format!("写出演示数据到 {}", folder.display()))?;
    for city in CITIES.dirs() {
        let options = Options { keep_good: false, check_only: false, findings_shown_max: 20 };
        let report = load_folder(store, rules, &folder.join(city.path()), options, &Progress::silent())?;
        ensure!(report.is_clean(), "演示数据 {} 未能装入：\n{}", city.path().display(), report.text());
    }
    Ok(())
}
