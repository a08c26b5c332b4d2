//! The measurements, one a file.

pub(crate) mod api;
#[cfg(target_os = "linux")]
pub(crate) mod channels;
pub(crate) mod events;
pub(crate) mod import;
pub(crate) mod pay;
#[cfg(target_os = "linux")]
pub(crate) mod replug;
pub(crate) mod scan;
pub(crate) mod search;
pub(crate) mod settle;
pub(crate) mod shift;
pub(crate) mod size;
#[cfg(target_os = "linux")]
pub(crate) mod window;
#[cfg(not(target_os = "linux"))]
#[path = "no_window.rs"]
pub(crate) mod window;

use std::path::PathBuf;

use clap::ValueEnum;
use tempfile::TempDir;

use crate::report::Report;

/// What can be measured alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Pay to durable, and sales a second.
    Pay,
    /// Barcode to priced basket.
    Scan,
    /// Search as you type.
    Search,
    /// Taking a catalogue file in, and selling meanwhile.
    Import,
    /// The real window: scan to pixel, start, memory.
    Window,
    /// How large the program is.
    Size,
    /// Pricing a large basket.
    Settle,
    /// The reports of a long shift.
    Shift,
    /// Selling while other programs use the open API.
    Api,
    /// How soon a listening program hears of a change.
    Events,
    /// Selling while cables are pulled.
    Replug,
    /// Selling while a large web shop is read, and telling it.
    Channels,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Session {
    /// What to measure; empty for everything.
    pub(crate) only: Vec<Part>,
    /// Measure fewer times.
    pub(crate) quick: bool,
    /// How many items the catalogues have, ascending.
    pub(crate) sizes: Vec<u64>,
    /// Where databases and files lie while they are measured; removed at the end.
    pub(crate) folder: TempDir,
    /// The built window, where there is one.
    pub(crate) window: Option<PathBuf>,
    /// The built screens.
    pub(crate) screens: PathBuf,
    pub(crate) report: Report,
}

impl Session {
    /// Whether `part` is to be measured.
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// So many times, or fewer if it is to be quick.
    pub(crate) const fn times(&self, usual: usize, quick: usize) -> usize {
        if self.quick { quick } else { usual }
    }
}
