//! The project's own commands: run it, test it, keep it tidy.

mod bench;
mod bindings;
mod decoders;
mod project;
mod run;
mod setup;
mod shell;
mod shops;
mod test;
mod tidy;
mod ui;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use project::Project;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Run, test and tidy the project.", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build the screens and open the register on a demo store.
    ///
    /// Without a display the same register is served on this machine and its address is printed.
    Run {
        /// Passed on to the register, after `--`.
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// Install what the tests need and run everything that must hold before a change is accepted.
    Test(test::Options),
    /// Install what is missing for the tests, and do nothing else.
    Setup,
    /// Check the rules of the house that no compiler knows.
    Tidy,
    /// Measure the register beside what this machine can do, and print the table of goals.
    ///
    /// Nothing fails on a figure. The result is kept in bench/latest.json of the target folder.
    Bench(bench::Options),
    /// Write ui/src/bindings/api.ts anew from the command list.
    Bindings,
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    let project = Project::find()?;
    match task {
        Task::Run { rest } => run::run(&project, &rest),
        Task::Test(options) => test::test(&project, &options),
        Task::Setup => setup::everything(&project),
        Task::Tidy => tidy::tidy(&project),
        Task::Bench(options) => bench::bench(&project, &options),
        Task::Bindings => bindings::write(&project),
    }
}
