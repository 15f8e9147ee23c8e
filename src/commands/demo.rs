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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Areas, load};
    use yibao_domain::code::Pool;
    use yibao_store::{Mode, SqliteStore};

    #[test]
    fn the_cities_load_without_a_finding_or_a_remark_and_twice_the_same() {
        let data = tempfile::tempdir().unwrap();
        let rules = RuleBook::embedded().unwrap();
        let pools: Vec<Pool> = rules.pools().iter().map(|info| info.pool.clone()).collect();
        let store = SqliteStore::open(data.path(), &pools).unwrap();
        let folder = data.path().join("csv");
        settle_cities(&store, &rules, &folder).unwrap();
        settle_cities(&store, &rules, &folder).unwrap();
        let areas = Areas {
            pools: rules.pools().iter().map(|info| (info.pool.clone(), info.name.clone())).collect(),
            pool_of: &|admdvs| rules.pool_of_area(admdvs).map(|info| info.pool.clone()),
        };
        for city in CITIES.dirs() {
            let options = Options { keep_good: false, check_only: false, findings_shown_max: 20 };
            let path = folder.join(city.path());
            let report = load(&store, &areas, &path, options, &Progress::silent()).unwrap();
            for file in &report.files {
                assert_eq!(file.unchanged, file.rows, "{}/{}", city.path().display(), file.file);
                assert!(file.rows > 0, "{}/{} is there", city.path().display(), file.file);
                assert!(file.remarks.is_empty(), "{:?}", file.remarks);
            }
        }
    }

    #[test]
    fn the_persons_of_the_worked_cases_are_ready() {
        let data = tempfile::tempdir().unwrap();
        let rules = RuleBook::embedded().unwrap();
        let pools: Vec<Pool> = rules.pools().iter().map(|info| info.pool.clone()).collect();
        let store = SqliteStore::open(data.path(), &pools).unwrap();
        settle_cities(&store, &rules, &data.path().join("csv")).unwrap();
        let mut book = store.open(&Pool::new("520500")).unwrap();
        let mut facts = None;
        book.transact(Mode::Read, &mut |tx| {
            facts = tx.person_facts("52050099000000000002", &["2021".to_owned()])?;
            Ok(())
        })
        .unwrap();
        let facts = facts.unwrap();
        assert_eq!(facts.balance.unwrap().to_string(), "2000.00");
        assert!(facts.totals.iter().any(|total| total.name == "basic_paid" && total.value == 12_000_000));
        assert!(facts.totals.iter().any(|total| total.name == "inpatient_stays" && total.value == 1));
    }
}
