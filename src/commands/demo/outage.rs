//! `yibao demo --outage`: a cutover that is played behind the real pages. Everything is made up, and kept in memory.

use super::door::listen;
use super::play::{Course, Play, Stage};
use crate::clock::PlayedClock;
use crate::commands::serve;
use crate::machine::{randomness, start_thread};
use crate::printed::say_line;
use crate::rules::Rules;
use anyhow::{Context, ensure};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::{JoinHandle, sleep};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use yibao_domain::outage::Plan;
use yibao_engine::desks::users::Users;
use yibao_policy::plan::{self, national_calendar};
use yibao_policy::registers::built_in;
use yibao_sim::faults::Level;
use yibao_sim::office::{Furnishing, Office};
use yibao_sim::run::{Wish, begins, city, history, setting};
use yibao_sim::twins::{WATCHED_AFTER, run_after};
use yibao_store::{Fault, SqliteStore, Store};
use yibao_web::{App, Metrics};

/// Days that are shown before the first business closes.
const BEFORE: i64 = 3;
/// Days after the reopening on which people fall ill.
const ILL: i64 = 10;
/// Plays until it is told to stop.
pub fn run(outage: &str, persons: u64, seed: u64, address: Option<SocketAddr>) -> anyhow::Result<ExitCode> {
    let (plan, text) = chosen(outage)?;
    let reopens = reopening(&plan)?;
    let (rules, work) = (Arc::new(Rules::default().book()?), serve::work_table(None)?);
    let days = i64::from(begins(&plan).until(reopens.date()).map_or(0, |span| span.get_days())) + ILL;
    let wish = Wish { plan, text, persons, seed, days, only: Vec::new(), faults: Level::None };
    let city =
        city(&wish, &rules).with_context(|| format!("统筹区 {} 没有待遇规则；请核对方案的 pool", wish.plan.pool))?;
    let (first, past) = (wish.plan.first_closing(), history(&wish, &city));
    let told = |fault: Fault| anyhow::anyhow!(fault.chain());
    let setting = setting(&wish, &rules, &work, &city, &past).map_err(told)?;
    let course = Course {
        begins: first.saturating_sub(BEFORE.days()),
        run: reopens.saturating_add(run_after(&wish.plan).days()),
        shown_until: reopens.saturating_add(WATCHED_AFTER.days()),
        ends: setting.closes,
    };
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().map_err(told)?);
    let twin = || Ok::<Arc<dyn Store>, anyhow::Error>(Arc::new(SqliteStore::in_memory().map_err(told)?));
    let twins = [twin()?, twin()?];
    let furnishing = Furnishing {
        ground: store.clone().into(),
        rules: rules.clone(),
        work: work.clone(),
        plans: vec![wish.plan.clone()],
        faults: Level::None,
    };
    let office = Office::open(&city, furnishing).map_err(told)?;
    let users = Users::open(store.as_ref(), std::slice::from_ref(&city.pool), randomness()).map_err(told)?;
    let platform = office.platform();
    let play = Arc::new(Play::new(&wish.plan, &city, course));
    drop(setting);
    let stage = Stage { wish, rules, work, city, history: past, office, twins };
    let player = start_thread("play".to_owned(), {
        let play = play.clone();
        move || play.run(stage)
    })?;
    let runtime = tokio::runtime::Runtime::new().context("启动运行环境")?;
    runtime.block_on(async {
        ends_at_once_when_told_twice()?;
        let listener = listen(address).await?;
        say_line!("{}", invitation(&listener.local_addr()?.to_string(), persons));
        let clock = Arc::new(PlayedClock::of(play.clone()));
        let app = App::new(platform.clone(), Arc::new(users), clock, Arc::new(Metrics::new()));
        serve::answer(listener, app.with_demonstration(play.clone()).map_err(told)?).await
    })?;
    play.stop();
    if is_over(&play, &player) {
        serve::end(&platform, vec![player]);
    }
    // Whoever still waits for a page is not waited for: everything is in memory, and ends with the process.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// Whether the player has come to its end within a moment. One that judges, compares or enters what is left may take minutes, and is
/// not waited for.
#[expect(clippy::disallowed_methods, reason = "a thread is waited for in real time")]
fn is_over(play: &Play, player: &JoinHandle<()>) -> bool {
    const LOOKS: usize = 50;
    for _ in 0..LOOKS {
        if player.is_finished() || !play.comes_to_its_end() {
            break;
        }
        sleep(Duration::from_millis(20));
    }
    player.is_finished()
}

/// The first signal ends what is being answered, the second everything.
fn ends_at_once_when_told_twice() -> anyhow::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    #[expect(clippy::disallowed_methods, reason = "signals are waited for beside the pages")]
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () }
        }
        std::process::exit(130);
    });
    Ok(())
}

/// A plan that comes with the program, or that of a file, with its text.
fn chosen(outage: &str) -> anyhow::Result<(Plan, String)> {
    let id = |name: &'static str| Path::new(name).file_stem().and_then(|stem| stem.to_str()).unwrap_or(name);
    if let Some((name, text)) = plan::SHIPPED.iter().find(|(name, _)| id(name) == outage) {
        let plan = plan::read(text).map_err(|problems| anyhow::anyhow!("{name}: {problems:?}"))?;
        return Ok((plan, (*text).to_owned()));
    }
    let known: Vec<&str> = plan::SHIPPED.iter().map(|(name, _)| id(name)).collect();
    let file = Path::new(outage);
    ensure!(file.is_file(), "没有停机方案 {outage}：--outage 应为 {}，或方案文件的路径", known.join("、"));
    serve::read_plan_and_text(file, &national_calendar(), &built_in())
}

/// A play needs an end that is known.
fn reopening(plan: &Plan) -> anyhow::Result<DateTime> {
    plan.window
        .reopens
        .moment()
        .with_context(|| format!("方案 {} 的恢复时间未定，演不到关账；请在 [plan] 里写明 reopens", plan.id))
}

fn invitation(address: &str, persons: u64) -> String {
    format!(
        "\n停机演示已启动：请打开 http://{address}/outage-demo\n\
         一座{persons}位参保人的编造城市正在过停机前后的几周。Ctrl-C 停止，停止后什么也不留下。\n"
    )
}
