//! Goal 9: taking a catalogue file in until it can be searched, and selling meanwhile.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use countertop_app::import_catalogue;

use super::pay::Metronome;
use super::{Part, Session};
use crate::catalogue::{Order, articles, barcode, write_csv};
use crate::chance::Chance;
use crate::figures::{Figure, Times, milliseconds};
use crate::raw::{Checkpoints, Raw};
use crate::report::{Row, Wanted};
use crate::till::Till;

/// What the shop sells already when the file comes.
const KNOWN: u64 = 200;
/// A busy lane.
const SALE_EVERY: Duration = Duration::from_millis(50);

/// A register and the yardstick with the same catalogue.
#[derive(Debug)]
pub(crate) struct Stocked {
    pub(crate) items: u64,
    pub(crate) till: Till,
    pub(crate) raw: Raw,
    /// The register's data.
    pub(crate) folder: PathBuf,
}

impl Stocked {
    /// Brings both files back into the system's cache: the one that was made first may have left it
    /// while the other was made.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) fn warm(&self) -> anyhow::Result<()> {
        for path in [&self.folder.join("register.db"), self.raw.path()] {
            // Never closed: that would drop SQLite's locks on the file.
            let mut file = std::mem::ManuallyDrop::new(std::fs::File::open(path)?);
            std::io::copy(&mut *file, &mut std::io::sink())?;
        }
        Ok(())
    }
}

/// Makes both, and reports how long that took if it is to be measured.
///
/// # Errors
/// The register's, or SQLite's.
pub(crate) fn measure(session: &mut Session, items: u64) -> anyhow::Result<Stocked> {
    let folder = session.folder.path().join(items.to_string());
    let (stocked, imported) = stock(&folder, Order::Running, items)?;
    if session.wants(Part::Import) {
        report(session, items, imported);
    }
    Ok(stocked)
}

/// The same with handles and codes in no order: the disk's work, more than the computer's.
///
/// # Errors
/// The register's, or SQLite's.
pub(crate) fn measure_scattered(session: &mut Session, items: u64) -> anyhow::Result<()> {
    let folder = session.folder.path().join("scattered");
    let (stocked, imported) = stock(&folder, Order::Scattered, items)?;
    drop(stocked);
    std::fs::remove_dir_all(&folder)?;
    session.report.add(
        Row::new("import_scattered", "the same with handles and codes in no order", "s")
            .goal(9, Wanted { ratio: Some(2.5), ..Wanted::default() })
            .items(items)
            .measured(Figure::single(imported.took.as_secs_f64()))
            .beside(Figure::single(imported.raw_took.as_secs_f64())),
    );
    Ok(())
}

struct Imported {
    took: Duration,
    first_sale: Option<Duration>,
    sales: Times,
    /// The yardstick's time for its rows alone, and with its index of words.
    raw_loaded: Duration,
    raw_took: Duration,
}

fn stock(folder: &Path, order: Order, items: u64) -> anyhow::Result<(Stocked, Imported)> {
    let data = folder.join("register");
    std::fs::create_dir_all(folder)?;
    let (file, known) = (folder.join("products.csv"), folder.join("known.csv"));
    write_csv(&file, order, 0, items)?;
    write_csv(&known, order, items, items + KNOWN)?;
    let till = Till::open(&data)?;
    import_catalogue(till.app(), &till.caller, &known)?;
    let (took, (first_sale, sales)) = import(&till, &file, order, items)?;
    std::fs::remove_file(&file)?;

    let began = Instant::now();
    let mut raw = Raw::create(&folder.join("raw.db"), Checkpoints::Automatic)?;
    raw.load(articles(order, 0, items))?;
    let raw_loaded = began.elapsed();
    raw.index_words()?;
    let raw_took = began.elapsed();
    raw.settle()?;
    let stocked = Stocked { items, till, raw, folder: data };
    Ok((stocked, Imported { took, first_sale, sales, raw_loaded, raw_took }))
}

/// When the first sale was on disk, and how long each payment took.
type Sold = (Option<Duration>, Times);

/// Imports, while another lane sells what was known before.
fn import(till: &Till, file: &Path, order: Order, items: u64) -> anyhow::Result<(Duration, Sold)> {
    let done = AtomicBool::new(false);
    let last = articles(order, 0, items).last().context("a catalogue of nothing")?;
    let codes = |chance: &mut Chance| barcode(order, items + chance.below(KNOWN));
    let began = Instant::now();
    std::thread::scope(|scope| {
        let lane = scope.spawn(|| sell(till, codes, &done, began));
        let imported = import_catalogue(till.app(), &till.caller, file)
            .map_err(anyhow::Error::from)
            .and_then(|imported| {
                let found = till.search(&last.title)?;
                anyhow::ensure!(!found.is_empty(), "\"{}\" is not found", last.title);
                anyhow::ensure!(imported.variants == items, "not all was taken: {imported:?}");
                Ok(began.elapsed())
            });
        done.store(true, Ordering::Release);
        let sold = lane.join().map_err(|_| anyhow::anyhow!("the other lane fell over"))?;
        Ok((imported?, sold?))
    })
}

/// Sells until `done`; times are counted from `began`.
fn sell(
    till: &Till,
    code: impl Fn(&mut Chance) -> String,
    done: &AtomicBool,
    began: Instant,
) -> anyhow::Result<Sold> {
    let mut chance = Chance::new(9);
    let mut clock = Metronome::new(SALE_EVERY);
    let (mut first, mut times) = (None, Times::default());
    while !done.load(Ordering::Acquire) {
        let codes: Vec<String> = (0..3).map(|_| code(&mut chance)).collect();
        let request = Till::cash_for(&till.ring_up(codes)?);
        times.time(|| till.pay(request))?;
        first.get_or_insert_with(|| began.elapsed());
        clock.wait();
    }
    Ok((first, times))
}

fn report(session: &mut Session, items: u64, ours: Imported) {
    let seconds = match items {
        100_000 => Some(2.0),
        1_000_000 => Some(20.0),
        _ => None,
    };
    let wanted = Wanted { p50: seconds, ratio: Some(2.5), ..Wanted::default() };
    let rows = format!(
        "a CSV file, read twice, with a sale every 50 ms meanwhile; the yardstick's rows took \
         {:.2} s of its time",
        ours.raw_loaded.as_secs_f64()
    );
    session.report.add(
        Row::new("import", "a catalogue taken in until it can be searched", "s")
            .goal(9, wanted)
            .items(items)
            .measured(Figure::single(ours.took.as_secs_f64()))
            .beside(Figure::single(ours.raw_took.as_secs_f64()))
            .note(rows),
    );
    let first = ours.first_sale.map(|time| Figure::single(milliseconds(time)));
    session.report.add(
        Row::new("import_first_sale", "the first sale after an import began", "ms")
            .goal(9, Wanted { p50: Some(300.0), ..Wanted::default() })
            .items(items)
            .measured(first),
    );
    let sales = ours.sales.count();
    session.report.add(
        Row::new("import_sale", "pay to durable while importing", "ms")
            .items(items)
            .measured(ours.sales.milliseconds())
            .note(format!("{sales} sales, one every 50 ms")),
    );
}
