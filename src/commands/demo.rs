//! `yibao demo`: the platform with a small city for each pool, ready to be called and looked at; with `--outage` a whole cutover,
//! to be watched.

mod door;
mod issuer;
mod judgement;
mod outage;
mod play;
mod told;

use super::serve;
use crate::books::Books;
use crate::clock::{PlatformClock, parse_instant};
use crate::load::{Options, Progress};
use crate::log;
use crate::machine::randomness;
use crate::printed::say_line;
use crate::rules::Rules;
use anyhow::{Context, ensure};
use clap::Args;
use include_dir::{Dir, include_dir};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::register::Role;
use yibao_engine::desks::users::{hashed, random};
use yibao_policy::plan::{self, national_calendar};
use yibao_policy::rules::RuleBook;
use yibao_store::Store;
use yibao_store::user::User;

/// One folder of CSV files a city.
static CITIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// Cities with a hospital whose account is opened: pool, name, provider.
const ACCOUNTS: [(&str, &str, &str); 2] = [("520500", "毕节", "H52050200102"), ("510400", "攀枝花", "H51040200101")];
/// Two days before Bijie's discharge settlement closes.
const MORNING: &str = "2021-07-07T09:00:00+08:00";

/// 演示：启动平台和两个小城市，打印可直接粘贴的调用
#[derive(Args)]
#[command(after_help = "\
在数据目录里放好毕节、攀枝花两个小城市（机构、参保人、目录），装入内置存储，
以演练时间 2021-07-07 09:00 启动平台，两份停机方案都已生效。Ctrl-C 停止。
数据目录已存在时接着用；删除它就从头开始。账册在其下的 data，装入的 CSV 在其下的 csv：
  yibao verify --data yibao-demo/data

加 --outage 则演一场停机切换：一座编造的城市在真的页面背后以快几千倍的速度过停机前后的几周，
照常结算、逐项停办、停机登记、恢复补录、关账核对，约五分钟演完（人数多则更久，上万人要几十分钟）；网页上可以暂停、调快慢、
快进，点每个数字看是哪些人，点每个人看其就医经历。什么也不写在别处，停止即消失。

例：
  yibao demo
  yibao demo --outage bijie-2021
  yibao demo --outage 方案.toml --persons 1000 --seed 7
  yibao demo --clock 2021-07-09T19:59:00+08:00     （毕节出院结算关闭前一分钟）

退出码：0 按要求停止；2 无法运行")]
pub struct DemoArgs {
    /// 数据目录
    #[arg(long, value_name = "DIR", default_value = "yibao-demo")]
    data: PathBuf,
    /// 监听地址；不给则用 127.0.0.1:8180，被占用时另选
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// 演练时间的起点
    #[arg(long, value_name = "INSTANT", default_value = MORNING, value_parser = parse_instant)]
    clock: jiff::civil::DateTime,
    /// 另加的经办事项（台账）目录，见 docs/registers.md
    #[arg(long, value_name = "DIR")]
    registers: Option<PathBuf>,
    /// 演一场停机切换：自带的方案 bijie-2021、panzhihua-2020，或方案文件
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["data", "clock", "registers"])]
    outage: Option<String>,
    /// 停机演示的城市有多少参保人
    #[arg(long, value_name = "N", default_value_t = 400, requires = "outage", value_parser = clap::value_parser!(u64).range(1..=20_000))]
    persons: u64,
    /// 停机演示的随机种子：同一种子的城市和业务相同
    #[arg(long, value_name = "S", default_value_t = 1, requires = "outage")]
    seed: u64,
}

/// Runs until it is told to stop.
pub fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    log::start()?;
    if let Some(outage) = &args.outage {
        return outage::run(outage, args.persons, args.seed, args.listen);
    }
    let rules = Rules::default().book()?;
    let work = serve::work_table(args.registers.as_deref())?;
    let books = Books::at(args.data.join("data").to_string_lossy());
    let store = books.open(&rules)?;
    settle_cities(store.as_ref(), &rules, &args.data.join("csv"))?;
    let accounts = open_accounts(store.as_ref(), args.clock)?;
    drop(store);
    let mut plans = Vec::new();
    for (name, text) in plan::SHIPPED {
        let read = plan::read(text);
        plans.push(read.map_err(|problems| anyhow::anyhow!("{name}: {problems:?}"))?);
    }
    let runtime = tokio::runtime::Runtime::new().context("启动运行环境")?;
    runtime.block_on(async {
        let listener = door::listen(args.listen).await?;
        say_line!("{}", invitation(&listener.local_addr()?.to_string(), &accounts));
        serve::serve(
            &books,
            listener,
            serve::Policies { rules, calendar: national_calendar(), work, plans },
            PlatformClock::starting(Some(args.clock))?,
            serve::Beside { issuer: Some(Arc::new(issuer::SimulatedIssuer)), ..serve::Beside::default() },
        )
        .await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Lays the CSV files of all cities out under `folder`, to be read beside the running platform, and loads
/// them. Loading a second time changes nothing.
fn settle_cities(store: &dyn Store, rules: &RuleBook, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("建立文件夹 {}", folder.display()))?;
    CITIES.extract(folder).with_context(|| format!("写出演示数据到 {}", folder.display()))?;
    for city in CITIES.dirs() {
        let options = Options { keep_good: false, check_only: false, findings_shown_max: 20 };
        let report = super::load::load_folder(store, rules, &folder.join(city.path()), options, &Progress::silent())?;
        ensure!(report.is_clean(), "演示数据 {} 未能装入：\n{}", city.path().display(), report.text());
    }
    Ok(())
}

/// Two accounts a city, one of the agency and one of a hospital, under one password that is drawn anew at each start.
/// Says how to sign in.
fn open_accounts(store: &dyn Store, now: jiff::civil::DateTime) -> anyhow::Result<String> {
    let randomness = randomness();
    let password = random(&randomness).map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    let hash = hashed(&password, &randomness)?;
    let mut said = format!("演示账号（密码都是 {password}，每次启动重新生成）：\n");
    for (pool, city, hospital) in ACCOUNTS {
        for (login, name, fixmedins_code) in [("jingban", "示经办", ""), ("yiyuan", "示医院", hospital)] {
            let role = if fixmedins_code.is_empty() { Role::Agency } else { Role::Provider };
            let user = User {
                login: login.to_owned(),
                name: name.to_owned(),
                role: role.word().to_owned(),
                fixmedins_code: fixmedins_code.to_owned(),
                password: hash.clone(),
                created_at: now,
                closed_at: None,
            };
            super::user::put(store, &Pool::new(pool), &user)?;
            said.push_str(&format!("  {city}  {login}  {}{fixmedins_code}\n", role.name()));
        }
    }
    Ok(said)
}

/// What the demonstration prints: the addresses, the accounts, and three calls to paste.
fn invitation(address: &str, accounts: &str) -> String {
    let calls: String = CALLS
        .iter()
        .map(|call| {
            format!(
                "# {}\ncurl -s http://{address}/fsi/api/rsfComIfsService/callService -H 'Content-Type: application/json' \\\n  -d '{}'\n\n",
                call.title,
                call.message()
            )
        })
        .collect();
    format!(
        "\n演示平台已启动：http://{address}/ 是公告板，http://{address}/docs 是接口文档，http://{address}/office 是办理台。\n{accounts}\n{calls}"
    )
}

/// A call of the demonstration.
struct Call {
    title: &'static str,
    infno: &'static str,
    msgid: &'static str,
    fixmedins_code: &'static str,
    input: &'static str,
}

/// A sign-in, a person at the counter, and a purchase that settles.
const CALLS: &[Call] = &[
    Call {
        title: "9001 签到",
        infno: "9001",
        msgid: "H52050200102202107070900000001",
        fixmedins_code: "H52050200102",
        input: r#"{"signIn":{"opter_no":"0001","mac":"00-00-00-00-00-00","ip":"127.0.0.1"}}"#,
    },
    Call {
        title: "1101 人员信息获取",
        infno: "1101",
        msgid: "H52050200102202107070900000002",
        fixmedins_code: "H52050200102",
        input: concat!(
            r#"{"data":{"mdtrt_cert_type":"02","mdtrt_cert_no":"520521196801089032","psn_cert_type":"01","#,
            r#""certno":"520521196801089032","psn_name":"赵示泰"}}"#
        ),
    },
    Call {
        title: "2102 药店结算（职工用个人账户买药；同一报文重复发送，得到同一笔结算）",
        infno: "2102",
        msgid: "P52050200001202107070900000003",
        fixmedins_code: "P52050200001",
        input: concat!(
            r#"{"druginfo":{"psn_no":"52050099000000000031","mdtrt_cert_type":"02","mdtrt_cert_no":"520527197002029634","#,
            r#""begntime":"2021-07-07 09:00:00","medfee_sumamt":36.00,"insutype":"310","acct_used_flag":"1","med_type":"41"},"#,
            r#""drugdetail":[{"feedetl_sn":"1","rx_circ_flag":"0","fee_ocur_time":"2021-07-07 09:00:00","#,
            r#""med_list_codg":"XA02BCA012A001010100001","medins_list_codg":"YP001","det_item_fee_sumamt":36.00,"#,
            r#""cnt":20,"pric":1.80}]}"#
        ),
    },
];

impl Call {
    fn message(&self) -> String {
        format!(
            concat!(
                r#"{{"infno":"{}","msgid":"{}","mdtrtarea_admvs":"520502","insuplc_admdvs":"520500","#,
                r#""recer_sys_code":"99","infver":"1.0.0","opter_type":"1","opter":"0001","opter_name":"演示","#,
                r#""inf_time":"2021-07-07 09:00:00","fixmedins_code":"{}","fixmedins_name":"演示机构","input":{}}}"#
            ),
            self.infno, self.msgid, self.fixmedins_code, self.input
        )
    }
}
