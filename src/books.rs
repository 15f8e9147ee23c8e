//! Where the books are (`--data`, `--pool`): the arguments that all commands on books share.

use anyhow::{Context, bail, ensure};
use clap::Args;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_policy::rules::RuleBook;
use yibao_store::{Spread, Store, place};

/// Where the books are and which of them are meant.
#[derive(Args, Clone, Debug)]
pub struct Books {
    /// 账册所在：文件夹，或 postgres:// 地址；各统筹区分开时写“统筹区编码=所在”，可给多个
    #[arg(long = "data", value_name = "WHERE", required = true)]
    places: Vec<String>,
    /// 只管这些统筹区（编码），可给多个；默认规则里的全部
    #[arg(long = "pool", value_name = "POOL")]
    pools: Vec<String>,
}

impl Books {
    /// All pools of one place.
    pub fn at(place: impl Into<String>) -> Books {
        Books { places: vec![place.into()], pools: Vec::new() }
    }

    /// What the operator wrote, for messages. A password in an address is left out.
    pub fn text(&self) -> String {
        self.places.iter().map(|place| without_password(place)).collect::<Vec<_>>().join(" ")
    }

    /// The pools that are meant: those asked for, else all that have rules.
    pub fn pools(&self, rules: &RuleBook) -> anyhow::Result<Vec<Pool>> {
        let known: Vec<Pool> = rules.pools().iter().map(|info| info.pool.clone()).collect();
        let mut chosen = Vec::new();
        for code in &self.pools {
            let pool = Pool::new(code.as_str());
            ensure!(
                known.contains(&pool),
                "--pool {code}：规则里没有这个统筹区；已有 {}，另加的请用 --rules 给出规则目录",
                known.iter().map(Pool::as_str).collect::<Vec<_>>().join("、")
            );
            chosen.push(pool);
        }
        Ok(if chosen.is_empty() { known } else { chosen })
    }

    /// Opens the books of the pools that are meant; what does not exist is made.
    pub fn open(&self, rules: &RuleBook) -> anyhow::Result<Arc<dyn Store>> {
        let pools = self.pools(rules)?;
        let mut places = Vec::new();
        for (place, pools) in self.shared_out(&pools)? {
            let opened = place::open(place, &pools).map_err(|fault| anyhow::anyhow!(fault.chain()));
            places.push((opened.with_context(|| format!("账册所在 {}", without_password(place)))?, pools));
        }
        Ok(together(places))
    }

    /// Opens the books that are there, for commands that only look.
    pub fn open_existing(&self) -> anyhow::Result<Arc<dyn Store>> {
        let mut places = Vec::new();
        for written in &self.places {
            let (only, place) = split(written);
            let opened = place::open_existing(place).map_err(|fault| anyhow::anyhow!(fault.chain()));
            let opened = opened.with_context(|| format!("账册所在 {}", without_password(place)))?;
            let there = opened.pools().map_err(|fault| anyhow::anyhow!(fault.chain()))?;
            let meant = |pool: &Pool| {
                only.is_none_or(|only| only == pool.as_str())
                    && (self.pools.is_empty() || self.pools.iter().any(|asked| asked == pool.as_str()))
            };
            places.push((opened, there.into_iter().filter(meant).collect()));
        }
        Ok(together(places))
    }

    /// Which place has which of the pools: one named for the pool, else the one named for none.
    fn shared_out(&self, pools: &[Pool]) -> anyhow::Result<Vec<(&str, Vec<Pool>)>> {
        let places: Vec<(Option<&str>, &str)> = self.places.iter().map(|written| split(written)).collect();
        let rest: Vec<usize> = (0..places.len()).filter(|at| places[*at].0.is_none()).collect();
        if rest.len() > 1 {
            bail!("--data 给了 {} 个不带统筹区的所在；请写成“统筹区编码=所在”", rest.len());
        }
        let mut shared: Vec<(&str, Vec<Pool>)> = places.iter().map(|(_, place)| (*place, Vec::new())).collect();
        for pool in pools {
            let own = places.iter().position(|(only, _)| *only == Some(pool.as_str()));
            let Some(at) = own.or(rest.first().copied()) else {
                bail!("统筹区 {pool} 没有账册所在；请加 --data {pool}=… 或以 --pool 只管其他统筹区");
            };
            shared[at].1.push(pool.clone());
        }
        shared.retain(|(_, pools)| !pools.is_empty());
        Ok(shared)
    }
}

/// `520500=postgres://…` is the place of one pool. A folder whose own name has such a form is written with `./`.
fn split(written: &str) -> (Option<&str>, &str) {
    match written.split_once('=') {
        Some((pool, place)) if pool.len() == 6 && pool.bytes().all(|byte| byte.is_ascii_digit()) => (Some(pool), place),
        _ => (None, written),
    }
}

fn together(mut places: Vec<(Arc<dyn Store>, Vec<Pool>)>) -> Arc<dyn Store> {
    if places.len() == 1 {
        let (only, pools) = places.remove(0);
        // Where all that is there is meant, there is nothing to choose.
        if only.pools().is_ok_and(|there| there == pools) {
            return only;
        }
        places.push((only, pools));
    }
    Arc::new(Spread::new(places))
}

/// An address without its password; a folder as it is.
pub fn without_password(place: &str) -> String {
    let Some((scheme, rest)) = place.split_once("://") else { return place.to_owned() };
    match rest.split_once('@') {
        Some((who, host)) => format!("{scheme}://{}@{host}", who.split(':').next().unwrap_or_default()),
        None => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn books(places: &[&str], pools: &[&str]) -> Books {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Books { places: owned(places), pools: owned(pools) }
    }

    #[track_caller]
    fn check(books: &Books, expected: Result<&[(&str, &[&str])], &str>) {
        let rules = RuleBook::embedded().unwrap();
        let shared = books.pools(&rules).and_then(|pools| {
            let shared = books.shared_out(&pools)?;
            let texts = shared.into_iter().map(|(place, pools)| {
                (place.to_owned(), pools.iter().map(|pool| pool.as_str().to_owned()).collect::<Vec<_>>())
            });
            Ok(texts.collect::<Vec<_>>())
        });
        match (shared, expected) {
            (Ok(shared), Ok(expected)) => {
                let expected: Vec<_> = expected
                    .iter()
                    .map(|(place, pools)| {
                        ((*place).to_owned(), pools.iter().map(|pool| (*pool).to_owned()).collect::<Vec<_>>())
                    })
                    .collect();
                assert_eq!(shared, expected);
            }
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
            (shared, expected) => panic!("{shared:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn pools_are_found_where_the_arguments_say() {
        check(&books(&["data"], &["520500"]), Ok(&[("data", &["520500"])]));
        check(
            &books(&["520500=postgres://a/b", "rest"], &["520500", "510400"]),
            Ok(&[("postgres://a/b", &["520500"]), ("rest", &["510400"])]),
        );
        check(&books(&["520500=a"], &["510400"]), Err("510400"));
        check(&books(&["a", "b"], &["510400"]), Err("统筹区编码=所在"));
        check(&books(&["a"], &["999999"]), Err("规则里没有"));
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(without_password("postgres://yibao:secret@h1:5432,h2/city"), "postgres://yibao@h1:5432,h2/city");
        assert_eq!(without_password("postgres://h1/city"), "postgres://h1/city");
        assert_eq!(without_password("data"), "data");
    }
}
