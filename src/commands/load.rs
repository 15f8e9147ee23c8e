//! `yibao load`: reference data from CSV files into the books.

use crate::books::Books;
use crate::load::{Areas, Options, Progress, Report, load};
use crate::printed::say;
use crate::rules::Rules;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use yibao_policy::rules::{PoolInfo, RuleBook};
use yibao_store::Store;

const AFTER_HELP: &str = "\
文件夹里可以有（列名即国家接口字段名；UTF-8；缺的文件跳过）：
  providers.csv         定点医药机构      catalogue.csv         医保目录
  persons.csv           参保人            insurances.csv        参保信息、个人账户期初余额
  attributes.csv        人员身份类别      special_diseases.csv  门慢门特、两病、特药资格
  filings.csv           备案              accumulators.csv      已发生的年度累计
每一列的含义、写法和例子见 docs/load.md。

先核对整个文件夹，再写入。有错误行的文件整个不装入（--keep-good 则只跳过错误行），
依赖它的文件也不装入，其余文件照常装入。同一文件夹装入两次，第二次什么都不改变；
中途被打断后重新运行即可补齐。

例：
  yibao load --data 数据目录 --check-only demo/bijie   只核对，不写入
  yibao load --data 数据目录 demo/bijie                装入

退出码：
  0  全部装入（或核对通过）
  1  有文件或行未装入，原因已逐行列出
  2  无法运行：参数不对，文件夹或账册打不开";

/// 从 CSV 文件装入基础数据：机构、目录、参保人、参保、待遇资格、备案、累计
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct LoadArgs {
    #[command(flatten)]
    books: Books,
    /// 放 CSV 文件的文件夹
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// 有错误行的文件也装入其余的行
    #[arg(long)]
    keep_good: bool,
    /// 只核对，不写入任何行（数据目录不存在时会建好空账册）
    #[arg(long)]
    check_only: bool,
    /// 每个文件最多列出多少处问题，0 为全部
    #[arg(long, value_name = "N", default_value_t = 50)]
    show: usize,
    #[command(flatten)]
    rules: Rules,
}

/// Loads a folder and prints what was found and done.
pub fn run(args: LoadArgs) -> anyhow::Result<ExitCode> {
    let rules = args.rules.book()?;
    anyhow::ensure!(args.folder.is_dir(), "没有文件夹 {}", args.folder.display());
    let store = args.books.open(&rules)?;
    let options = Options {
        keep_good: args.keep_good,
        check_only: args.check_only,
        findings_shown_max: if args.show == 0 { usize::MAX } else { args.show },
    };
    let report = load_folder(store.as_ref(), &rules, &args.folder, options, &Progress::on_stderr())?;
    say!("{}", report.text());
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Loads a folder into the books of the pools that the rules know.
pub fn load_folder(
    store: &dyn Store,
    rules: &RuleBook,
    folder: &Path,
    options: Options,
    progress: &Progress,
) -> anyhow::Result<Report> {
    let here = store.pools()?;
    let is_here = |info: &&PoolInfo| here.contains(&info.pool);
    let areas = Areas {
        pools: rules.pools().iter().filter(is_here).map(|info| (info.pool.clone(), info.name.clone())).collect(),
        pool_of: &|admdvs| rules.pool_of_area(admdvs).map(|info| info.pool.clone()),
    };
    load(store, &areas, folder, options, progress)
}
