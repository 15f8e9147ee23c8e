//! A program that is run as a part of a task: said by name, and its failure is the task's.

use anyhow::{Context, bail};
use std::process::Command;

/// Runs it to its end.
pub(crate) fn run(what: &str, command: &mut Command) -> anyhow::Result<()> {
    println!("xtask: {what}");
    let status = command.status().with_context(|| format!("starting {what}: is the program installed?"))?;
    if !status.success() {
        bail!("{what} failed ({status})");
    }
    Ok(())
}
