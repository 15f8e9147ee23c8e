//! What a command decides by (`--rules`): the argument that all commands on pools share. A city that is data alone gets all of them
//! with one folder.

use anyhow::{Context, anyhow};
use clap::Args;
use std::path::PathBuf;
use yibao_domain::calendar::Calendar;
use yibao_policy::plan::{Problem, calendar_in};
use yibao_policy::rules::RuleBook;

/// Benefit rules, pools and working days.
#[derive(Args, Clone, Debug, Default)]
pub struct Rules {
    /// 规则目录（统筹区、待遇规则、工作日历），默认用程序自带的规则
    #[arg(id = "rules", long = "rules", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

impl Rules {
    /// The rules of the folder, or those built in.
    pub fn book(&self) -> anyhow::Result<RuleBook> {
        match &self.folder {
            Some(folder) => RuleBook::read_dir(folder).context("读取待遇规则"),
            None => RuleBook::embedded().context("读取程序自带的待遇规则"),
        }
    }

    /// The working days of the folder where it has any, else those built in.
    pub fn calendar(&self) -> anyhow::Result<Calendar> {
        calendar_in(self.folder.as_deref()).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
            anyhow!("工作日历有问题：{}", lines.join(";"))
        })
    }
}
