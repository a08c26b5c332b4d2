//! `countertopd`: the register without a window, and its maintenance.
//!
//! Answers go to standard output, messages to standard error. Exit codes: 0 done, 1 the answer is
//! no, 2 bad input, 3 the data folder is held by another register.

#[path = "daemon/answer.rs"]
mod answer;
#[path = "daemon/channel.rs"]
mod channel;
#[path = "daemon/channel_set_up.rs"]
mod channel_set_up;
#[path = "daemon/cli.rs"]
mod cli;
#[path = "daemon/device.rs"]
mod device;
#[path = "daemon/maintain.rs"]
mod maintain;
#[path = "daemon/quote.rs"]
mod quote;
#[path = "daemon/serve.rs"]
mod serve;
#[path = "daemon/shop.rs"]
mod shop;
#[path = "daemon/token.rs"]
mod token;

use std::process::ExitCode;

use clap::Parser;

use answer::Failure;
use cli::{Cli, Command};

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    match run(&Cli::parse()) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    match &cli.command {
        Command::Serve { listen, lan, .. } => serve::serve(cli, *listen, *lan),
        Command::Import { file } => maintain::import(cli, file),
        Command::Replay(options) => maintain::replay(cli, options),
        Command::Quote { file } => quote::run(file),
        Command::Verify => maintain::verify(cli),
        Command::Rebuild => maintain::rebuild(cli),
        Command::Export { what, format } => maintain::export(cli, *what, *format),
        Command::Backup { file } => maintain::backup(cli, file),
        Command::Restore { file } => maintain::restore(cli, file),
        Command::Shop(options) => shop::shop(cli, options),
        Command::Device { action } => device::device(cli, action),
        Command::Token { action } => token::token(cli, action),
        Command::Channel { action } => channel::channel(cli, action),
    }
}
