//! Structured logs on standard error: one JSON object a line, or plain lines for a person at a terminal.
//! `YIBAO_LOG` chooses the level (`info`, `yibao_web=debug`). No personal data is ever logged.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging.
pub fn start() {
    let filter = EnvFilter::try_from_env("YIBAO_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        builder.compact().init();
    } else {
        builder.json().init();
    }
}
