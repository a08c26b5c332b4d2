//! The register in its own window.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod desktop;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use countertop::Config;

/// Opens the register in its window.
#[derive(Parser)]
#[command(name = "countertop", version, after_help = HELP)]
struct Arguments {
    /// The data folder. Without it, the user's own.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A demo store to try things on. Without --data it has a folder of its own, so that it never
    /// touches the real books.
    #[arg(long)]
    demo: bool,
    /// A link of another program that asks for a payment, as the system hands it over.
    #[arg(value_name = "LINK", value_parser = link)]
    link: Option<String>,
}

fn link(argument: &str) -> Result<String, String> {
    if desktop::is_link(argument) {
        return Ok(argument.to_owned());
    }
    Err("a link begins with countertop:".to_owned())
}

const HELP: &str = "\
Examples:
  countertop                    the shop's register
  countertop --demo             a demo store
  countertop --data /mnt/till   a register in another folder
  countertop countertop://charge?…   the register, with a payment that another program asks for

A second start on the same folder brings the window of the first to the front, hands its link over
and ends.

Environment:
  COUNTERTOP_LOG        what to log on standard error: warn (default), info, debug
  COUNTERTOP_RENDERER   how the window is drawn on Linux: dmabuf (graphics card) or plain
  COUNTERTOP_SECRETS    file: keys of web shops in a file, not in the keychain

Exit code: 0 closed by its user or handed over, 2 the register cannot be opened, 3 another register holds the
data folder.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let levels = tracing_subscriber::EnvFilter::try_from_env("COUNTERTOP_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(levels).with_writer(std::io::stderr).init();

    let Some(folder) = countertop::folder(arguments.data.as_deref(), arguments.demo) else {
        eprintln!("There is no home folder to keep the books in: name a folder with --data.");
        return ExitCode::from(desktop::CANNOT_OPEN);
    };
    let mut config = Config::new(folder);
    config.demo = arguments.demo;
    config.keychain = true;
    let own = arguments.data.is_none() && !arguments.demo;
    desktop::run(desktop::Start { config, own, link: arguments.link })
}
