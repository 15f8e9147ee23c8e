//! The binary: reads arguments, builds the parts, starts and stops them. One screen a command.

mod clock;
mod commands;
mod load;
mod log;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Core platform of a city's medical insurance (医疗保险, 生育保险).
///
/// Hospitals and pharmacies settle over the national provider interface; outage plans say which
/// business is open when. Start with `yibao demo`.
#[derive(Parser)]
#[command(name = "yibao", version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(commands::serve::ServeArgs),
    Load(commands::load::LoadArgs),
    Plan(commands::plan::PlanArgs),
    Verify(commands::verify::VerifyArgs),
    Bench(commands::bench::BenchArgs),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(args) => commands::serve::run(args),
        Command::Load(args) => commands::load::run(args),
        Command::Plan(args) => commands::plan::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Bench(args) => commands::bench::run(args),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("yibao: {error:#}");
        ExitCode::from(1)
    })
}
