//! Where books are: which engine a place means, and pools that lie in different places.

use crate::fault::Fault;
use crate::moving::{Outgoing, Receive};
use crate::postgres::PostgresStore;
use crate::seam::{Book, Store, Writing};
use crate::sqlite::SqliteStore;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use yibao_domain::code::Pool;

/// Opens a place: a database (`postgres://…`), which must exist, or a folder, which is created. Sees to it that the
/// books of `pools` exist and are of this program's version.
pub fn open(place: &str, pools: &[Pool]) -> Result<Arc<dyn Store>, Fault> {
    if is_database(place) {
        Ok(Arc::new(PostgresStore::open(place, pools)?))
    } else {
        Ok(Arc::new(SqliteStore::open(Path::new(place), pools)?))
    }
}

/// Opens a place that must have books already, for commands that only look.
pub fn open_existing(place: &str) -> Result<Arc<dyn Store>, Fault> {
    if is_database(place) {
        Ok(Arc::new(PostgresStore::open_existing(place)?))
    } else {
        Ok(Arc::new(SqliteStore::open_existing(Path::new(place))?))
    }
}

/// Whether a place is a database, and no folder.
pub fn is_database(place: &str) -> bool {
    place.starts_with("postgres://") || place.starts_with("postgresql://")
}

/// Pools that lie in different places: a folder or a server each, or several pools on one.
pub struct Spread {
    places: Vec<Arc<dyn Store>>,
    place_of: HashMap<Pool, usize>,
}

impl Spread {
    /// Puts places together, each with the pools that lie there. A pool lies in one place.
    pub fn new(places: Vec<(Arc<dyn Store>, Vec<Pool>)>) -> Spread {
        let mut spread = Spread { places: Vec::new(), place_of: HashMap::new() };
        for (place, pools) in places {
            spread.place_of.extend(pools.into_iter().map(|pool| (pool, spread.places.len())));
            spread.places.push(place);
        }
        spread
    }

    fn place(&self, pool: &Pool) -> Result<&dyn Store, Fault> {
        let place = self.place_of.get(pool).map(|place| self.places[*place].as_ref());
        place.ok_or_else(|| Fault::new("打开统筹区账簿", pool.as_str(), "没有指定这个统筹区的账册在哪里（--data）"))
    }
}

impl Store for Spread {
    fn pools(&self) -> Result<Vec<Pool>, Fault> {
        let mut pools: Vec<Pool> = self.place_of.keys().cloned().collect();
        pools.sort();
        Ok(pools)
    }

    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault> {
        self.place(pool)?.open(pool)
    }

    fn hand_over(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
        self.place(pool)?.hand_over(pool, receive)
    }

    fn take_over(&self, pool: &Pool, from: &mut dyn Outgoing) -> Result<(), Fault> {
        self.place(pool)?.take_over(pool, from)
    }

    fn distribute(&self, pool: &Pool) -> Result<(), Fault> {
        self.place(pool)?.distribute(pool)
    }

    fn writing(&self, pool: &Pool) -> Writing {
        self.place(pool).map_or(Writing::ALONE, |place| place.writing(pool))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pool_is_opened_where_it_lies() {
        let (bijie, panzhihua) = (Pool::new("520500"), Pool::new("510400"));
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let place = |folder: usize, pool: &Pool| {
            let pools = vec![pool.clone()];
            (open(folders[folder].path().to_str().unwrap(), &pools).unwrap(), pools)
        };
        let spread = Spread::new(vec![place(0, &bijie), place(1, &panzhihua)]);
        assert_eq!(spread.pools().unwrap(), [panzhihua.clone(), bijie.clone()]);
        spread.open(&panzhihua).unwrap();
        let refused = spread.open(&Pool::new("520100")).err().unwrap().chain();
        assert!(refused.contains("520100") && refused.contains("--data"), "{refused}");
        assert!(folders[1].path().join("books/510400.db").exists());
        assert!(!folders[0].path().join("books/510400.db").exists());
    }
}
