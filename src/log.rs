//! Structured logs on standard error: one JSON object a line, or plain lines for a person at a terminal.
//! `YIBAO_LOG` chooses the level (`info`, `warn`, `info,yibao_web=debug`). No personal data is ever logged.

use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging.
pub fn start() -> anyhow::Result<()> {
    let levels = std::env::var("YIBAO_LOG").unwrap_or_else(|_| "info".to_owned());
    let levels: Targets = levels.parse().with_context(|| format!("YIBAO_LOG 的级别 {levels:?} 不认识；例：info"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        tracing_subscriber::registry().with(lines.compact().with_filter(levels)).init();
    } else {
        tracing_subscriber::registry().with(lines.json().with_filter(levels)).init();
    }
    Ok(())
}
