//! `yibao store`: makes, lists, moves and distributes the books of pools.

use crate::books::{Books, without_password};
use crate::printed::say_line;
use crate::rules::Rules;
use anyhow::{bail, ensure};
use clap::{Args, Subcommand};
use std::process::ExitCode;
use yibao_domain::code::Pool;
use yibao_policy::rules::RuleBook;
use yibao_store::census::Figure;
use yibao_store::reference::CatalogueFilter;
use yibao_store::{Book, Fault, Mode, Store, Tx, place};

const AFTER_HELP: &str = "\
一个统筹区一册账：文件夹里一个文件，或数据库里一个模式（schema）。机构和目录是参考数据，单独存放。

例：
  yibao store create --data postgres://yibao@db1/city
  yibao store list   --data postgres://yibao@db1/city
  yibao store move   --pool 520500 --from 数据目录 --to postgres://yibao@db1/city
  yibao store move   --pool 520500 --from postgres://yibao@db1/city --to postgres://yibao@db2/bijie
  yibao store distribute --data postgres://yibao@coordinator/province --pool 520500

多大的城市放在哪里、怎样增长，见 docs/scale.md。

退出码：0 完成；2 未能完成，原因写在标准错误，原来的账册不变";

/// 账册：建立、列出、搬迁、分布到集群各节点
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct StoreArgs {
    #[command(subcommand)]
    command: StoreCommand,
}

#[derive(Subcommand)]
enum StoreCommand {
    /// 建立账册；已有的升级到本程序的版本
    Create(WhereArgs),
    /// 列出账册和其中的数量、金额
    List(ListArgs),
    /// 把一个统筹区的账册整册搬到另一处，核对数量和合计后，原账册改名停用
    Move(MoveArgs),
    /// 让 Citus 集群各节点分担账册，每册整个放在一个节点上
    Distribute(WhereArgs),
}

#[derive(Args)]
struct WhereArgs {
    #[command(flatten)]
    books: Books,
    #[command(flatten)]
    rules: Rules,
}

#[derive(Args)]
struct ListArgs {
    #[command(flatten)]
    books: Books,
}

#[derive(Args)]
struct MoveArgs {
    /// 搬哪个统筹区（编码）
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// 现在在哪里：文件夹或 postgres:// 地址
    #[arg(long, value_name = "WHERE")]
    from: String,
    /// 搬到哪里：postgres:// 地址
    #[arg(long, value_name = "WHERE")]
    to: String,
}

/// Runs one of the subcommands.
pub fn run(args: StoreArgs) -> anyhow::Result<ExitCode> {
    match args.command {
        StoreCommand::Create(args) => create(&args)?,
        StoreCommand::List(args) => list(args.books.open_existing()?.as_ref())?,
        StoreCommand::Move(args) => relocate(&args)?,
        StoreCommand::Distribute(args) => distribute(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn told(fault: Fault) -> anyhow::Error {
    anyhow::anyhow!(fault.chain())
}

fn create(args: &WhereArgs) -> anyhow::Result<()> {
    let rules = args.rules.book()?;
    let store = args.books.open(&rules)?;
    for pool in args.books.pools(&rules)? {
        store.open(&pool).map_err(told)?;
        say_line!("{pool} {}：账册已就绪", name(&rules, &pool));
    }
    Ok(())
}

fn name(rules: &RuleBook, pool: &Pool) -> String {
    rules.pools().iter().find(|info| info.pool == *pool).map(|info| info.name.clone()).unwrap_or_default()
}

fn list(store: &dyn Store) -> anyhow::Result<()> {
    let pools = store.pools().map_err(told)?;
    ensure!(!pools.is_empty(), "这里没有账册");
    for pool in pools {
        say_line!("{pool}");
        for Figure { name, value } in store.open(&pool).map_err(told)?.census().map_err(told)? {
            say_line!("    {name}：{value}");
        }
    }
    Ok(())
}

/// Moves a book: reference data first, then all rows, then the comparison, and only then the old one is retired.
fn relocate(args: &MoveArgs) -> anyhow::Result<()> {
    let pool = Pool::new(args.pool.as_str());
    ensure!(args.from != args.to, "--from 和 --to 是同一处：{}", without_password(&args.from));
    ensure!(
        place::is_database(&args.to),
        "--to {} 不是数据库地址；只能搬到 PostgreSQL（postgres://…）",
        without_password(&args.to)
    );
    let from = place::open_existing(&args.from).map_err(told)?;
    let known = from.pools().map_err(told)?;
    if !known.contains(&pool) {
        let there = known.iter().map(Pool::as_str).collect::<Vec<_>>().join("、");
        bail!("--pool {pool}：{} 里没有这一册；已有 {there}", without_password(&args.from));
    }
    let to = place::open(&args.to, std::slice::from_ref(&pool)).map_err(told)?;
    let mut source = from.open(&pool).map_err(told)?;
    let copied = copy_reference_data(&pool, source.as_mut(), to.open(&pool).map_err(told)?.as_mut()).map_err(told)?;
    say_line!("参考数据：机构 {} 个，目录 {} 行", copied.providers, copied.items);
    let before = source.census().map_err(told)?;
    drop(source);
    let kept = from
        .hand_over(&pool, &mut |outgoing| {
            to.take_over(&pool, outgoing)?;
            let after = to.open(&pool)?.census()?;
            compare(&pool, &before, &after)
        })
        .map_err(told)?;
    for Figure { name, value } in &before {
        say_line!("    {name}：{value}，两边相同");
    }
    say_line!("{pool} 已搬到 {}；原账册改名为 {kept}，不再使用，确认无误后可以删除", without_password(&args.to));
    Ok(())
}

fn compare(pool: &Pool, before: &[Figure], after: &[Figure]) -> Result<(), Fault> {
    match before.iter().zip(after).find(|(one, other)| one != other) {
        None => Ok(()),
        Some((one, other)) => {
            let why = format!(
                "{}：原账册 {}，新账册 {}；原账册照旧使用，请删除新账册后重搬",
                one.name, one.value, other.value
            );
            Err(Fault::new("核对搬迁后的账册", pool.as_str(), why))
        }
    }
}

struct Copied {
    providers: usize,
    items: usize,
}

/// Rows of the catalogue copied at a time.
const ITEMS_AT_A_TIME: usize = 2_000;

/// Providers and catalogue are needed wherever a book is; rows that are there already stay.
fn copy_reference_data(pool: &Pool, source: &mut dyn Book, target: &mut dyn Book) -> Result<Copied, Fault> {
    let mut copied = Copied { providers: 0, items: 0 };
    let filter = CatalogueFilter { pool: pool.to_string(), ..CatalogueFilter::default() };
    let mut providers = Vec::new();
    source.transact(Mode::Read, &mut |tx| {
        providers = tx.providers("", "", usize::MAX)?;
        Ok(())
    })?;
    copied.providers = providers.len();
    target.transact(Mode::Write, &mut |tx| put_all(tx, &providers, |tx, row| tx.put_provider(row).map(drop)))?;
    loop {
        let mut page = Vec::new();
        source.transact(Mode::Read, &mut |tx| {
            page = tx.catalogue_page(&filter, copied.items, ITEMS_AT_A_TIME)?.0;
            Ok(())
        })?;
        if page.is_empty() {
            return Ok(copied);
        }
        copied.items += page.len();
        target.transact(Mode::Write, &mut |tx| put_all(tx, &page, |tx, row| tx.put_catalogue_item(row).map(drop)))?;
    }
}

fn put_all<T>(tx: &mut dyn Tx, rows: &[T], put: impl Fn(&mut dyn Tx, &T) -> Result<(), Fault>) -> Result<(), Fault> {
    rows.iter().try_for_each(|row| put(tx, row))
}

fn distribute(args: &WhereArgs) -> anyhow::Result<()> {
    let rules = args.rules.book()?;
    let store = args.books.open(&rules)?;
    for pool in args.books.pools(&rules)? {
        store.distribute(&pool).map_err(told)?;
        say_line!("{pool} {}：已由集群选定节点存放", name(&rules, &pool));
    }
    Ok(())
}
