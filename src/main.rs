//! yibao: the core platform of a city's medical insurance.

mod commands;
mod load;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "yibao", version, about = "城市医疗保险核心平台")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Load(commands::load::LoadArgs),
    Verify(commands::verify::VerifyArgs),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Load(args) => commands::load::run(args),
        Command::Verify(args) => commands::verify::run(args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::from(2)
    })
}
