//! `yibao bench`: settlements per second and their latency over HTTP, with a simple driver.

use crate::load::{Options, Progress};
use anyhow::{Context, bail, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const AFTER_HELP: &str = "\
在临时目录里启动一个平台，逐笔落盘，让若干收银台不停地做药店结算（2102，五条明细，账户和累计都变动），
打印每秒笔数和时延。驱动和平台在同一台机器上。

例：
  yibao bench --callers 1,8,64 --seconds 10

退出码：0 测完；2 无法运行，或有结算未成功";

/// 测量：每秒结算笔数和时延
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct BenchArgs {
    /// 同时有多少个收银台，每个数测一次
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8,64")]
    callers: Vec<usize>,
    /// 每次测多少秒，此前预热两秒
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u64,
    /// 参保人数
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    persons: u64,
}

const PHARMACIES: u64 = 50;
const WARM_UP: Duration = Duration::from_secs(2);

/// Measures and prints.
pub fn run(args: BenchArgs) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("making a temporary folder")?;
    let (city, data) = (folder.path().join("city"), folder.path().join("data"));
    write_city(&city, args.persons)?;
    let rules = super::serve::rule_book(None)?;
    let options = Options { keep_good: false, check_only: false, findings_shown_max: 20 };
    let store = crate::books::Books::at(data.to_string_lossy()).open(&rules)?;
    let report = super::load::load_folder(store.as_ref(), &rules, &city, options, &Progress::on_stderr())?;
    ensure!(report.is_clean(), "{}", report.text());
    drop(store);
    let address = free_address()?;
    let mut platform = Platform::start(&data, &address)?;
    println!("2102 药店结算, 5 lines, {} persons, durable commits, driver and platform on one machine", args.persons);
    println!("{:>8} {:>12} {:>9} {:>9} {:>9} {:>9}", "callers", "settl./s", "p50 ms", "p90 ms", "p99 ms", "max ms");
    for callers in args.callers {
        let measured = measure(&address, callers, args.persons, Duration::from_secs(args.seconds))?;
        let latencies = &measured.latencies;
        let at = |permille: usize| milliseconds(latencies[(latencies.len() - 1) * permille / 1_000]);
        let per_second = latencies.len() as u128 * 1_000 / measured.took.as_millis();
        println!("{callers:>8} {per_second:>12} {:>9} {:>9} {:>9} {:>9}", at(500), at(900), at(990), at(1_000));
    }
    platform.stop();
    Ok(ExitCode::SUCCESS)
}

/// `1.25`: milliseconds with two decimals.
fn milliseconds(latency: Duration) -> String {
    let microseconds = latency.as_micros();
    format!("{}.{:02}", microseconds / 1_000, microseconds % 1_000 / 10)
}

struct Measured {
    latencies: Vec<Duration>,
    took: Duration,
}

/// Message numbers of this process; never used twice.
static MESSAGE: AtomicU64 = AtomicU64::new(0);

fn measure(address: &str, callers: usize, persons: u64, duration: Duration) -> anyhow::Result<Measured> {
    let bar = ProgressBar::new_spinner()
        .with_style(ProgressStyle::with_template("{spinner} {elapsed} {msg}").context("progress style")?)
        .with_message(format!("{callers} callers"));
    bar.enable_steady_tick(Duration::from_millis(200));
    let counting = AtomicBool::new(false);
    let stop = AtomicBool::new(false);
    let url = format!("http://{address}/fsi/api/rsfComIfsService/callService");
    let mut latencies = Vec::new();
    let mut took = Duration::ZERO;
    thread::scope(|scope| -> anyhow::Result<()> {
        let threads: Vec<_> =
            (0..callers).map(|_| scope.spawn(|| call_until(&url, persons, &counting, &stop))).collect();
        thread::sleep(WARM_UP);
        counting.store(true, Ordering::Relaxed);
        let begun = Instant::now();
        thread::sleep(duration);
        counting.store(false, Ordering::Relaxed);
        took = begun.elapsed();
        stop.store(true, Ordering::Relaxed);
        for thread in threads {
            match thread.join() {
                Ok(measured) => latencies.extend(measured?),
                Err(_) => bail!("a caller panicked"),
            }
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    latencies.sort_unstable();
    if latencies.is_empty() {
        bail!("no settlement was answered in {duration:?}");
    }
    Ok(Measured { latencies, took })
}

fn call_until(url: &str, persons: u64, counting: &AtomicBool, stop: &AtomicBool) -> anyhow::Result<Vec<Duration>> {
    let agent = ureq::Agent::new_with_defaults();
    let mut latencies = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let number = MESSAGE.fetch_add(1, Ordering::Relaxed);
        let body = purchase(number, persons);
        let counted = counting.load(Ordering::Relaxed);
        let begun = Instant::now();
        let reply = agent.post(url).content_type("application/json").send(&body)?.body_mut().read_to_string()?;
        let latency = begun.elapsed();
        if !reply.contains("\"infcode\":0") {
            bail!("a settlement was not answered with success: {reply}");
        }
        if counted && counting.load(Ordering::Relaxed) {
            latencies.push(latency);
        }
    }
    Ok(latencies)
}

/// A purchase of five lines by one of the persons at one of the pharmacies.
fn purchase(number: u64, persons: u64) -> String {
    // Steps that share no factor with the counts visit all of them in a scattered order.
    let person = number.wrapping_mul(7_919) % persons;
    let pharmacy = number.wrapping_mul(31) % PHARMACIES;
    let lines: Vec<String> = (1..=5)
        .map(|line| {
            format!(
                concat!(
                    r#"{{"feedetl_sn":"{}","rx_circ_flag":"0","fee_ocur_time":"2021-07-01 10:00:00","#,
                    r#""med_list_codg":"X{:022}","medins_list_codg":"L{}","det_item_fee_sumamt":2.40,"cnt":2,"pric":1.20}}"#
                ),
                line, line, line
            )
        })
        .collect();
    format!(
        concat!(
            r#"{{"infno":"2102","msgid":"P520502{pharmacy:05}20210701100000{number:012}","mdtrtarea_admvs":"520502","#,
            r#""insuplc_admdvs":"520502","recer_sys_code":"99","infver":"1.0.0","opter_type":"1","opter":"0001","#,
            r#""opter_name":"收银","inf_time":"2021-07-01 10:00:00","fixmedins_code":"P520502{pharmacy:05}","#,
            r#""fixmedins_name":"测量药店","input":{{"druginfo":{{"psn_no":"5205{person:010}","mdtrt_cert_type":"02","#,
            r#""mdtrt_cert_no":"C{person:010}","begntime":"2021-07-01 10:00:00","medfee_sumamt":12.00,"#,
            r#""insutype":"310","acct_used_flag":"1","med_type":"41"}},"drugdetail":[{lines}]}}}}"#
        ),
        pharmacy = pharmacy,
        number = number,
        person = person,
        lines = lines.join(",")
    )
}

/// A city of employees with full accounts, pharmacies, and five drugs.
fn write_city(folder: &Path, persons: u64) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let mut providers = String::from("fixmedins_code,fixmedins_name,admdvs,hosp_lv,infcode_form\n");
    for pharmacy in 0..PHARMACIES {
        providers.push_str(&format!("P520502{pharmacy:05},测量药店{pharmacy},520502,11,number\n"));
    }
    let mut people = String::from("psn_no,psn_cert_type,certno,psn_name,gend,brdy,naty,card_no\n");
    let mut insurances = String::from("psn_no,insutype,psn_type,insuplc_admdvs,begndate,balc\n");
    for person in 0..persons {
        people.push_str(&format!("5205{person:010},99,C{person:010},测量{person},1,1980-01-01,01,\n"));
        insurances.push_str(&format!("5205{person:010},310,11,520502,2015-01-01,100000.00\n"));
    }
    let mut catalogue = String::from("med_list_codg,hilist_name,list_type,chrgitm_lv,begndate\n");
    for item in 1..=5 {
        catalogue.push_str(&format!("X{item:022},测量药品{item},101,01,2015-01-01\n"));
    }
    for (name, text) in [
        ("providers.csv", providers),
        ("persons.csv", people),
        ("insurances.csv", insurances),
        ("catalogue.csv", catalogue),
    ] {
        fs::write(folder.join(name), text).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// A platform in a process of its own, ended when dropped.
struct Platform(Child);

impl Platform {
    fn start(data: &Path, address: &str) -> anyhow::Result<Platform> {
        let child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", address, "--clock", "2021-07-01T10:00:00+08:00", "--data"])
            .arg(data)
            .env("YIBAO_LOG", "warn")
            .stdin(Stdio::null())
            .spawn()
            .context("starting the platform")?;
        let platform = Platform(child);
        let begun = Instant::now();
        while ureq::get(format!("http://{address}/healthz")).call().is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                bail!("the platform was not ready after 30 seconds");
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(platform)
    }

    fn stop(&mut self) {
        // Ending twice is no error, and there is nobody left to tell.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.stop();
    }
}
