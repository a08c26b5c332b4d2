//! A shop that opens in the morning scans goods that nobody asked for since the computer was started:
//! each costs a few reads from the disk, at hand or not. So the database is read through once, soon
//! after it was opened, and the system keeps what it has room for.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::StoreError;

/// The screen, and the first sale, come first.
const AFTER: Duration = Duration::from_secs(3);
const PIECE: usize = 1 << 20;
/// Between two pieces the disk is free for a sale.
const PAUSE: Duration = Duration::from_millis(4);
/// More than the catalogue of a million items; the rest is history, which nobody scans.
const MOST_PIECES: usize = 1_024;

pub(crate) struct Warmer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    // Outlives the connections: on Unix, closing any handle of a file drops the locks that the whole
    // program has on it, SQLite's too.
    _file: Arc<File>,
}

impl Warmer {
    pub(crate) fn start(database: &Path) -> Result<Self, StoreError> {
        let file = File::open(database).map_err(|error| StoreError::file(database, error))?;
        let file = Arc::new(file);
        let (stop, stopped) = channel();
        let reading = Arc::clone(&file);
        let thread = std::thread::Builder::new()
            .name("store-warm".to_owned())
            .spawn(move || read_through(&reading, &stopped))
            .map_err(|error| StoreError::file(PathBuf::from("store-warm"), error))?;
        Ok(Self { stop: Some(stop), thread: Some(thread), _file: file })
    }
}

impl Drop for Warmer {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What cannot be read is the readers' to complain of.
fn read_through(mut file: &File, stopped: &Receiver<()>) {
    let waited = |pause| stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout);
    if !waited(AFTER) {
        return;
    }
    let mut piece = vec![0; PIECE];
    for _ in 0..MOST_PIECES {
        if !matches!(file.read(&mut piece), Ok(count) if count > 0) || !waited(PAUSE) {
            return;
        }
    }
}
