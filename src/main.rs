//! The binary: reads arguments, builds the parts, starts and stops them. One screen a command.

mod books;
mod city;
mod clock;
mod commands;
mod load;
mod log;
mod machine;
mod printed;
mod rules;
mod usage;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A settlement allocates some hundred small strings in one thread and frees them in another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 城市医疗保险核心平台
///
/// 医院和药店按国家医疗保障信息平台接口规范结算；停机方案决定哪项业务何时停办、停办时怎么办。
/// 第一次使用：yibao demo
#[derive(Parser)]
#[command(name = "yibao", version, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(commands::demo::DemoArgs),
    Serve(commands::serve::ServeArgs),
    Load(commands::load::LoadArgs),
    Plan(commands::plan::PlanArgs),
    Verify(commands::verify::VerifyArgs),
    Simulate(commands::simulate::SimulateArgs),
    Store(commands::store::StoreArgs),
    User(commands::user::UserArgs),
    Bench(commands::bench::BenchArgs),
    BenchBackfill(commands::bench_backfill::BenchBackfillArgs),
    BenchLoad(commands::bench_load::BenchLoadArgs),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::told(&error),
    };
    let outcome = match arguments.command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Serve(args) => commands::serve::run(args),
        Command::Load(args) => commands::load::run(args),
        Command::Plan(args) => commands::plan::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Simulate(args) => commands::simulate::run(args),
        Command::Store(args) => commands::store::run(args),
        Command::User(args) => commands::user::run(args),
        Command::Bench(args) => commands::bench::run(args),
        Command::BenchBackfill(args) => commands::bench_backfill::run(args),
        Command::BenchLoad(args) => commands::bench_load::run(args),
    };
    machine::go_on_unless_interrupted();
    outcome.unwrap_or_else(|error| {
        eprintln!("yibao: {error:#}");
        ExitCode::from(2)
    })
}
