//! Measures the register beside what the machine itself can do, in one run on one disk.
//!
//! `cargo xtask bench` builds and starts this. It fails on no figure: it tells.

mod catalogue;
mod chance;
mod figures;
mod measure;
mod raw;
mod report;
mod till;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};

use catalogue::Order;
use measure::{Part, Session};
use report::Report;

#[derive(Parser)]
#[command(name = "countertop-bench", about = "Measures the register.", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure, print the table and write it as JSON.
    Run(Options),
    /// Write a made-up catalogue as a Shopify product file.
    Generate {
        /// How many things with a price and a barcode.
        #[arg(long, default_value_t = 10_000)]
        items: u64,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// In which order handles and barcodes come.
        #[arg(long, value_enum, default_value_t = Order::Running)]
        order: Order,
    },
}

#[derive(Args)]
struct Options {
    /// Where to put databases while they are measured, and the result.
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// Sizes of the catalogues.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    sizes: Vec<u64>,
    /// Measure fewer times, and no catalogue larger than 100,000 items.
    #[arg(long)]
    quick: bool,
    /// An earlier result to compare with.
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// Measure only these.
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    only: Vec<Part>,
    /// The built window.
    #[arg(long, value_name = "PROGRAM")]
    window: Option<PathBuf>,
    /// The built screens.
    #[arg(long, value_name = "DIR", default_value = "ui/dist")]
    screens: PathBuf,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run(options) => run(options),
        Task::Generate { items, out, order } => catalogue::write_csv(&out, order, 0, items),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> anyhow::Result<()> {
    let before = options.compare.as_deref().map(Report::read).transpose()?;
    std::fs::create_dir_all(&options.folder)
        .with_context(|| format!("{} cannot be made", options.folder.display()))?;
    let mut sizes = options.sizes;
    sizes.sort_unstable();
    sizes.dedup();
    if options.quick {
        sizes.retain(|size| *size <= 100_000);
    }
    let mut session = Session {
        only: options.only,
        quick: options.quick,
        sizes,
        folder: tempfile::Builder::new().prefix("run-").tempdir_in(&options.folder)?,
        window: options.window.filter(|program| program.is_file()),
        screens: options.screens,
        report: Report {
            at: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
            quick: options.quick,
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            rows: Vec::new(),
        },
    };
    let began = Instant::now();
    measure_all(&mut session)?;
    let report = &session.report;
    println!("\n{}", report.table());
    println!(
        "p50 / p99; ratio: over the yardstick of this run; load: processes that ran or waited, of \
         {} processors",
        report.processors
    );
    let latest = options.folder.join("latest.json");
    report.write(&latest)?;
    if let Some(before) = before {
        println!("\n{}", report.compared(&before));
    }
    println!("{:.0} s; written to {}", began.elapsed().as_secs_f64(), latest.display());
    Ok(())
}

fn measure_all(session: &mut Session) -> anyhow::Result<()> {
    if session.wants(Part::Settle) {
        measure::settle::measure(session)?;
    }
    if session.wants(Part::Pay) {
        measure::pay::measure(session)?;
    }
    if session.wants(Part::Shift) {
        measure::shift::measure(session)?;
    }
    if session.wants(Part::Api) {
        measure::api::measure(session)?;
    }
    if session.wants(Part::Events) {
        measure::events::measure(session)?;
    }
    #[cfg(target_os = "linux")]
    if session.wants(Part::Replug) {
        measure::replug::measure(session)?;
    }
    #[cfg(target_os = "linux")]
    if session.wants(Part::Channels) {
        measure::channels::measure(session)?;
    }
    for items in session.sizes.clone() {
        // Below a million the index fits into the memory of a database, and order says little.
        if items >= 1_000_000 && session.wants(Part::Import) {
            measure::import::measure_scattered(session, items)?;
        }
        if [Part::Import, Part::Scan, Part::Search, Part::Window].iter().any(|p| session.wants(*p))
        {
            of_size(session, items)?;
        }
    }
    if session.wants(Part::Size) {
        measure::size::measure(session)?;
    }
    Ok(())
}

/// Everything that depends on how large the catalogue is.
fn of_size(session: &mut Session, items: u64) -> anyhow::Result<()> {
    let stocked = measure::import::measure(session, items)?;
    if session.wants(Part::Scan) {
        measure::scan::measure(session, &stocked)?;
    }
    if session.wants(Part::Search) {
        measure::search::measure(session, &stocked)?;
    }
    let folder = stocked.folder.clone();
    drop(stocked);
    // The smallest and the largest say whether the size matters.
    let ends = [session.sizes.first(), session.sizes.last()].contains(&Some(&items));
    if session.wants(Part::Window) && ends {
        measure::window::measure(session, &folder, items)?;
    }
    if let Some(all) = folder.parent() {
        std::fs::remove_dir_all(all)?;
    }
    Ok(())
}
