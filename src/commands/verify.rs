//! `yibao verify`: checks the stored books.

use crate::books::Books;
use crate::printed::say_line;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use yibao_store::Check;

const AFTER_HELP: &str = "\
逐册检查：
  结算  金额恒等式，费用明细和基金分项与之一致，轮次连续，撤销和恢复成对
  分录  借贷平衡，逐基金、逐科目等于其结算，撤销逐科目相抵
  累计  累计额、个人账户余额与历史一致，账户不为负
  归属  一切记录与其所属的结算、就诊同一人员、同一机构，人员在册
  报文  同一报文只有一个答复，结果存在并由该报文办理，冲正后不再有效
  台账  操作记录连续且每步都是允许的，条目与人员、就诊、结算一致，恰好持有其报销权
不改动任何记录，服务运行时也可以检查；账册是旧版本建的，打开时先升级。用时与记录数成正比。

每项检查一行：统筹区、检查内容、检查了多少条、结果；不通过的列出前 20 条编号和差额，不含个人信息。

例：
  yibao verify --data 数据目录
  yibao verify --data 数据目录 --registers 事项目录      有另加的台账时

退出码：
  0  全部通过
  1  有检查不通过
  2  无法检查：没有账册或账册打不开";

/// 检查账册：恒等式、借贷、累计、归属、报文、台账
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct VerifyArgs {
    #[command(flatten)]
    books: Books,
    /// 另加的经办事项（台账）目录，与服务时给的相同
    #[arg(long, value_name = "DIR")]
    registers: Option<PathBuf>,
}

/// Checks every book of the data folder and prints a line a check.
pub fn run(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let work = super::serve::work_table(args.registers.as_deref())?;
    let store = args.books.open_existing()?;
    let pools = store.pools()?;
    anyhow::ensure!(!pools.is_empty(), "{} 里没有账册", args.books.text());
    let mut passed = 0_usize;
    let mut failed = 0_usize;
    for pool in &pools {
        for check in store.open(pool)?.verify(&work)? {
            say_line!("{}", line(pool.as_str(), &check));
            for broken in &check.broken {
                say_line!("    {broken}");
            }
            if check.broken.is_empty() { passed += 1 } else { failed += 1 }
        }
    }
    if failed == 0 {
        say_line!("{} 个账册，{passed} 项检查全部通过", pools.len());
        return Ok(ExitCode::SUCCESS);
    }
    say_line!("{} 个账册，{failed} 项检查不通过，{passed} 项通过", pools.len());
    say_line!("请停止写入、备份账册，并把以上编号交给维护人员");
    Ok(ExitCode::from(1))
}

fn line(pool: &str, check: &Check) -> String {
    let verdict = if check.broken.is_empty() {
        "通过".to_owned()
    } else {
        format!("不通过（列出 {} 条）", check.broken.len())
    };
    format!("{pool} {}：检查 {} 条，{verdict}", check.name, check.examined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use yibao_store::SqliteStore;

    #[test]
    fn a_failing_check_says_so_in_its_line() {
        let check = Check { name: "借贷平衡", examined: 7, broken: vec!["S1：差 0.01".to_owned()] };
        assert_eq!(line("520500", &check), "520500 借贷平衡：检查 7 条，不通过（列出 1 条）");
    }

    #[test]
    fn books_without_settlements_pass() {
        let folder = tempfile::tempdir().unwrap();
        SqliteStore::open(folder.path(), &[yibao_domain::code::Pool::new("520500")]).unwrap();
        let outcome = run(VerifyArgs { books: Books::at(folder.path().to_str().unwrap()), registers: None }).unwrap();
        assert_eq!(outcome, ExitCode::SUCCESS);
    }

    #[test]
    fn a_folder_without_books_cannot_be_checked() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent");
        assert!(run(VerifyArgs { books: Books::at(absent.to_str().unwrap()), registers: None }).is_err());
        assert!(run(VerifyArgs { books: Books::at(folder.path().to_str().unwrap()), registers: None }).is_err());
    }
}
