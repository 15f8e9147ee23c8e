//! What `yibao simulate` is asked for.

use crate::books::without_password;
use crate::commands::serve;
use crate::rules::Rules;
use anyhow::{Context, ensure};
use clap::{Args, ValueEnum, value_parser};
use std::ops::Range;
use std::path::{Path, PathBuf};
use yibao_domain::outage::Plan;
use yibao_policy::plan::national_calendar;
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_sim::city::{City, Pace};
use yibao_sim::faults::Level;
use yibao_sim::judge::read_from;
use yibao_sim::life::{EventId, lived};
use yibao_sim::run::{Wish, city};

/// Somewhat more than the whole of Bijie (8.6 million).
const PERSONS_MAX: u64 = 10_000_000;
/// A year: no notice is longer.
const DAYS_MAX: i64 = 366;

const AFTER_HELP: &str = "\
一个种子造一座城市（家庭、单位、各级医院、药店）和几周的业务（购药、门诊、慢特病、特药、住院、中途结算、转院、
补记账、撤销后重结），在虚拟时间里经平台真实的结算、台账、补录走两遍：一遍按方案停机，一遍不停机。
停机时照方案办：收银台遇停改记台账，有的当面补录，有的由经办补录，有的一直不来、由补录任务补上；
方案没有补报途径的，两遍都不算。然后核对：
  一  没有丢失：停机期间的每次就诊，或已结算，或待报销，或方案没有补报途径，或有理由
  二  没有重复：账册里每次就诊只结算一次，金额与账单相同，没有无主的结算
  三  待遇不变：每次结算按就医经历和规则重算，与账册、分录、个人账户、回执、台账一分不差；两遍的每次结算、每项累计一分不差
  四  期限守住、账册完好：逾期补录的都有标注，未逾期的没有；因停机拒绝的都有依据；yibao verify 的全部检查、台账的关账核对
只走一个种子时，再与什么也不少的不停机一遍对照，按公告条款和决定列出每处差异的次数、人数、金额。
什么也不留下：账册在内存里，或在临时目录（--store folder），或在 PostgreSQL 上临时建的库里（--store postgres://…，
用户须能建库），完成后删除。多个种子同时走（--jobs），结果与逐个走相同：有不符时打印其中最小的种子。

例：
  yibao simulate --plan plans/bijie-2021.toml --persons 200 --seed 7
  yibao simulate --plan plans/panzhihua-2020.toml --persons 8 --seed 1 --seeds 1000
  yibao simulate --plan plans/panzhihua-2020.toml --persons 8 --seed 1 --seeds 20 --store postgres://yibao@127.0.0.1/postgres
  yibao simulate --plan plans/bijie-2021.toml --persons 4 --days 25 --seeds 5 --faults store --store folder --http
  yibao simulate --plan plans/bijie-2021.toml --persons 16 --seed 11 --only 10/0,10/1    只留这几次就诊，缩小问题
  yibao simulate --plan plans/bijie-2021.toml --persons 16 --seed 11 --shrink             不符时找出仍不符的最少就诊
  yibao simulate --plan plans/panzhihua-2020.toml --persons 16 --seed 1 --person 3        逐次列出第3人停机与不停机的支付

退出码：
  0  全部相符
  1  有不符，或有一遍走不下去：打印种子、不符之处和重放的命令
  2  无法模拟";

/// 模拟一座城市：停机与不停机各走一遍，逐笔核对
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct SimulateArgs {
    /// 停机方案
    #[arg(long, value_name = "FILE")]
    pub(super) plan: PathBuf,
    /// 停机和不停机都按它结算；工作日须与程序自带的工作日历相同
    #[command(flatten)]
    pub(super) rules: Rules,
    /// 大城市：100万人、30天，按实际就医频度，处理器的各个核一起走；账册在临时目录
    #[arg(long, conflicts_with_all = ["seeds", "jobs", "store", "faults", "shrink", "person"])]
    pub(super) big: bool,
    /// 参保人数，默认 100，最多 10000000；--big 时默认 1000000
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..=PERSONS_MAX))]
    pub(super) persons: Option<u64>,
    /// 随机种子：同一种子的城市和业务相同
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(super) seed: u64,
    /// 从这个种子起，依次模拟多少个
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u64).range(1..))]
    pub(super) seeds: u64,
    /// 同时走多少个种子；默认与处理器的核数相同
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// 账册放在哪里：memory、folder（临时目录）或 postgres:// 地址（在它旁边临时建库）
    #[arg(long, value_name = "WHERE", default_value = "memory")]
    pub(super) store: String,
    /// 停机的一遍走真实的进程和 HTTP：在同一账册上启动 yibao serve，报文发国家接口，经办在办理台登录填表；
    /// --faults store 起随机 kill -9 后重新启动。须用 --store folder 或 postgres://…
    #[arg(long, conflicts_with = "big")]
    pub(super) http: bool,
    /// 业务有多少天，默认 40，最多 366；--big 时默认 30
    #[arg(long, value_name = "D", value_parser = value_parser!(i64).range(1..=DAYS_MAX))]
    pub(super) days: Option<i64>,
    /// 就医频度，只用于 --big，默认 usual
    #[arg(long, value_enum)]
    pub(super) pace: Option<Often>,
    /// 把 --big 的结果写成一个网页文件
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// 故障级别：none 无，messages 报文和表单的丢失、重复、迟到，store 另有存储故障和平台崩溃，all 另有双进程、
    /// 另一账册一直故障、排队已满、方案重新发布、停办恢复时刻前后一秒的就诊
    #[arg(long, value_name = "LEVEL", default_value_t = Level::None)]
    pub(super) faults: Level,
    /// 只留这些就诊：人/次，逗号分开
    #[arg(long, value_name = "P/N,…", value_delimiter = ',', value_parser = event)]
    pub(super) only: Vec<EventId>,
    /// 不符时逐步去掉就诊，找出仍不符的最少几次
    #[arg(long)]
    pub(super) shrink: bool,
    /// 只走一个种子时，逐次列出这些人停机与不停机的支付，及每处差异的依据；逗号分开
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    pub(super) person: Vec<u64>,
}

/// How often people need care.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Often {
    /// 实际频度：居民一年就医两次，职工十次，百人中十五六人住院
    Usual,
    /// 每几天、几周一次，四次里有一次住院：小城市几周就遇到各种情形
    Dense,
}

impl SimulateArgs {
    pub(super) fn persons(&self) -> u64 {
        self.persons.unwrap_or(if self.big { 1_000_000 } else { 100 })
    }

    pub(super) fn days(&self) -> i64 {
        self.days.unwrap_or(if self.big { 30 } else { 40 })
    }

    pub(super) fn pace(&self) -> Pace {
        match self.pace {
            Some(Often::Dense) => Pace::Dense,
            Some(Often::Usual) => Pace::Usual,
            None if self.big => Pace::Usual,
            None => Pace::Dense,
        }
    }

    /// Refuses what is asked of a large city alone where none is meant.
    pub(super) fn is_asked_of_its_city(&self) -> anyhow::Result<()> {
        ensure!(self.big || self.pace.is_none(), "--pace 只用于大城市（小城市总是 dense）；请加 --big，或去掉 --pace");
        ensure!(self.big || self.report.is_none(), "--report 只用于大城市；请加 --big，或去掉 --report");
        Ok(())
    }

    /// The seeds that are played.
    pub(super) fn seeds(&self) -> anyhow::Result<Range<u64>> {
        let (first, count) = (self.seed, self.seeds);
        let end = first.checked_add(count).with_context(|| {
            format!("--seed {first} 起没有 {count} 个种子：种子最大 {}；请把 --seed 或 --seeds 写小些", u64::MAX - 1)
        })?;
        Ok(first..end)
    }

    /// What is wished with a plan and its text, for a seed.
    pub(super) fn wish(&self, (plan, text): (Plan, String), seed: u64) -> Wish {
        let (persons, days, only) = (self.persons(), self.days(), self.only.clone());
        Wish { plan, text, persons, seed, days, only, faults: self.faults }
    }

    /// Refuses to tell of people of several seeds, or of somebody who does not live in the city.
    pub(super) fn persons_are_there(&self, plan: &(Plan, String), rules: &RuleBook) -> anyhow::Result<()> {
        if self.person.is_empty() {
            return Ok(());
        }
        let text = "--person 逐次列出一个种子里的人";
        ensure!(self.seeds == 1, "{text}；请去掉 --seeds，用 --seed 写明是哪一个种子");
        let city = city(&self.wish(plan.clone(), self.seed), rules).context("统筹区没有待遇规则")?;
        for asked in &self.person {
            let last = city.persons - 1;
            let newborns = if city.newborns.is_empty() { "" } else { "和期间出生的婴儿" };
            ensure!(
                city.numbers().any(|number| number == *asked),
                "--person {asked}：城里没有这个人；这座城市有第 0 至 {last} 人{newborns}，请照不符之处所列的编号填写"
            );
        }
        Ok(())
    }

    /// The command that does the same again, as it is told.
    pub(super) fn replay(&self, wish: &Wish) -> String {
        let has_password = without_password(&self.store) != self.store;
        let password = "（--store 的密码没有打印，请在地址的用户名后补上：postgres://用户:密码@…）";
        format!("重放{}：{}", if has_password { password } else { "" }, self.again(wish))
    }

    /// The command that does the same again.
    pub(super) fn again(&self, wish: &Wish) -> String {
        let mut words = vec!["yibao simulate".to_owned()];
        let mut add = |is_asked: bool, name: &str, value: &str| {
            if is_asked {
                words.push(if value.is_empty() { name.to_owned() } else { format!("{name} {}", quoted(value)) });
            }
        };
        let only: Vec<String> = wish.only.iter().map(|id| format!("{}/{}", id.person, id.ordinal)).collect();
        add(self.big, "--big", "");
        add(true, "--plan", &self.plan.to_string_lossy());
        let rules = self.rules.folder.as_ref().map(|folder| folder.to_string_lossy().into_owned());
        add(rules.is_some(), "--rules", &rules.unwrap_or_default());
        add(true, "--persons", &wish.persons.to_string());
        add(true, "--seed", &wish.seed.to_string());
        add(true, "--days", &wish.days.to_string());
        add(matches!(self.pace, Some(Often::Dense)), "--pace", "dense");
        add(self.faults != Level::None, "--faults", &self.faults.to_string());
        add(!only.is_empty(), "--only", &only.join(","));
        add(self.store != "memory", "--store", &without_password(&self.store));
        add(self.http, "--http", "");
        let report = self.report.as_ref().map(|file| file.to_string_lossy().into_owned());
        add(report.is_some(), "--report", &report.unwrap_or_default());
        words.join(" ")
    }
}

/// A word as a shell takes it, in quotes where it would not be taken as it is.
fn quoted(word: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "/._-:,@=+%".contains(char);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn event(text: &str) -> Result<EventId, String> {
    let read = || {
        let (person, ordinal) = text.split_once('/')?;
        Some(EventId { person: person.parse().ok()?, ordinal: ordinal.parse().ok()? })
    };
    read().ok_or_else(|| format!("“{text}”应写作 人/次，如 10/0；请看不符之处所列的编号"))
}

/// Refuses to leave in an event that nobody has.
pub(super) fn must_be_there(wish: &Wish, city: &City) -> anyhow::Result<()> {
    for id in &wish.only {
        let is_known = city.numbers().any(|number| number == id.person);
        let is_there = || lived(city, &city.person(id.person), wish.days).iter().any(|event| event.id == *id);
        let text = "--only 里没有这次就诊；种子、人数、天数须与当时相同";
        ensure!(is_known && is_there(), "{text}：{}/{}", id.person, id.ordinal);
    }
    Ok(())
}

/// The rules of a simulated city; its judges read the same files by themselves. They count working days by the calendar that comes with
/// the program.
pub(super) fn rule_book(rules: &Rules) -> anyhow::Result<RuleBook> {
    ensure!(
        rules.calendar()? == national_calendar(),
        "--rules 的工作日历（nation/calendar.tsv）与程序自带的不同，模拟只按自带的核对期限；请给出没有另加日期的规则目录"
    );
    if let Some(folder) = &rules.folder {
        read_from(folder).with_context(|| format!("读取待遇规则 {}", folder.display()))?;
    }
    rules.book()
}

/// The plan of a file and its text, without anything that `yibao plan check` finds wrong.
pub(super) fn read_plan(file: &Path) -> anyhow::Result<(Plan, String)> {
    serve::read_plan_and_text(file, &national_calendar(), &built_in())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_by_person_and_place_in_the_persons_life() {
        assert_eq!(event("10/2"), Ok(EventId { person: 10, ordinal: 2 }));
        assert!(event("10").unwrap_err().contains("人/次"));
    }

    #[test]
    fn a_word_is_in_quotes_where_a_shell_would_take_it_for_something_else() {
        assert_eq!(quoted("plans/毕节-2021.toml"), "plans/毕节-2021.toml");
        assert_eq!(quoted("my plans/a.toml"), "'my plans/a.toml'");
        assert_eq!(quoted("it's.toml"), r"'it'\''s.toml'");
        assert_eq!(quoted("postgres://y@h/db?a=1&b=2"), "'postgres://y@h/db?a=1&b=2'");
    }

    fn asked(arguments: &[&str]) -> SimulateArgs {
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            args: SimulateArgs,
        }
        let line = ["simulate", "--plan", "my plan.toml"].iter().chain(arguments);
        <Line as clap::Parser>::parse_from(line).args
    }

    #[test]
    fn what_is_to_be_typed_again_does_the_same_and_says_where_the_password_belongs() {
        let plan = || {
            let (_, text) = yibao_policy::plan::SHIPPED[0];
            (yibao_policy::plan::read(text).unwrap(), text.to_owned())
        };
        let replay = |args: &SimulateArgs| args.replay(&args.wish(plan(), args.seed));
        let big = asked(&["--big", "--pace", "dense", "--persons", "9", "--report", "a b.html"]);
        let says = "重放：yibao simulate --big --plan 'my plan.toml' --persons 9 --seed 1 --days 30 --pace dense --report 'a b.html'";
        assert_eq!(replay(&big), says);
        let small = asked(&["--seed", "7", "--only", "1/0,2/3", "--store", "postgres://me:secret@h/db"]);
        let says = "重放（--store 的密码没有打印，请在地址的用户名后补上：postgres://用户:密码@…）：yibao simulate \
                    --plan 'my plan.toml' --persons 100 --seed 7 --days 40 --only 1/0,2/3 --store postgres://me@h/db";
        assert_eq!(replay(&small), says);
    }
}
