//! What the machine gives and the engine does not take by itself: threads, and randomness from the operating system.

use anyhow::Context;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use yibao_engine::Fault;
use yibao_engine::desks::users::Randomness;

/// Starts a thread.
#[expect(clippy::disallowed_methods, reason = "threads are started here only")]
pub fn start_thread(name: String, work: impl FnOnce() + Send + 'static) -> anyhow::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.clone()).spawn(work).with_context(|| format!("启动线程 {name}"))
}

/// The randomness of the operating system.
#[expect(clippy::disallowed_methods, reason = "randomness comes in here only")]
pub fn randomness() -> Randomness {
    Arc::new(|bytes| getrandom::fill(bytes).map_err(|error| Fault::new("drawing a secret", "random", error)))
}

/// The high-water mark of this process's memory, as Linux tells it.
pub fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// What the processor calls itself, as Linux tells it; empty where it does not.
pub fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
    name.map(|(_, name)| name.trim().to_owned()).unwrap_or_default()
}

/// Whether somebody has interrupted this command, so that what it works on is being removed.
static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Goes on unless the command was interrupted. Whoever meets a fault after that has met what is being removed: there is
/// nothing to tell, and [`when_interrupted`] ends the process.
pub fn go_on_unless_interrupted() {
    while IS_INTERRUPTED.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Removes a folder of books and ends, when somebody interrupts: those of a large city are many gigabytes.
pub fn remove_when_interrupted(folder: &Path) -> anyhow::Result<()> {
    let folder = folder.to_owned();
    when_interrupted(move || remove_folder(&folder))
}

/// Removes what a command has made for itself and ends, when somebody interrupts; a second interrupt does not wait for that.
pub fn when_interrupted(remove: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("等候中断")?;
    let waits = start_thread("interrupt".to_owned(), move || {
        runtime.block_on(async {
            use tokio::signal::unix::{SignalKind, signal};
            let (Ok(mut interrupt), Ok(mut terminate)) =
                (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
            else {
                return;
            };
            tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
            IS_INTERRUPTED.store(true, Ordering::SeqCst);
            let (done, mut is_done) = tokio::sync::oneshot::channel::<()>();
            let removes = start_thread("remove".to_owned(), move || {
                remove();
                // Nobody waits any more where a second interrupt came.
                let _ = done.send(());
            });
            let is_removed = removes.is_ok()
                && tokio::select! {
                    removed = &mut is_done => removed.is_ok(),
                    _ = interrupt.recv() => false,
                    _ = terminate.recv() => false,
                };
            eprintln!("{}", if is_removed { "已中断，临时账册已删除" } else { "已中断，临时账册没有删完" });
            std::process::exit(130);
        });
    });
    waits.map(drop)
}

/// Removes a folder into which somebody may still be writing.
#[expect(clippy::disallowed_methods, reason = "whoever still writes is waited for in real time")]
fn remove_folder(folder: &Path) {
    const TRIES: usize = 50;
    for _ in 0..TRIES {
        // What cannot be removed in a second is left; there is nobody to tell.
        let _ = std::fs::remove_dir_all(folder);
        if !folder.exists() {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
}
