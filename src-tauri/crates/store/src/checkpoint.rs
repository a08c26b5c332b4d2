//! Checkpoints in a thread of their own: SQLite's automatic ones make one sale in a few hundred wait
//! ten times as long, and swallow their errors.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::connection::{BUSY, settle};
use crate::error::StoreError;

/// How long what was written may wait for a checkpoint. It bounds what a power cut takes from an
/// open basket, too: a checkpoint syncs the log first.
const EVERY: Duration = Duration::from_millis(250);
/// Frames of 4 KiB after which the log is larger than it should ever be (16 MiB).
const ALARM_FRAMES: i64 = 4_096;
/// Frames after which a long job waits for the log to end (64 MiB).
const LONG_FRAMES: i64 = 16_384;
/// What is written back so quickly that a sale may wait for it.
const FEW_FRAMES: i64 = 128;
/// Frames from which on a log is to end (4 MiB).
const SOME_FRAMES: i64 = 1_024;
/// How often a checkpoint follows on another at once.
const TRIES: usize = 4;
/// How long it waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// A database whose log is to be written back.
pub(crate) struct Log {
    pub(crate) database: PathBuf,
    /// Set by whoever wrote.
    pub(crate) written: Arc<AtomicBool>,
    /// Set for whoever writes: the log is to end.
    pub(crate) end: Arc<AtomicBool>,
}

pub(crate) struct Checkpointer {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(logs: [Log; 2]) -> Result<Self, StoreError> {
        let mut connections = Vec::with_capacity(logs.len());
        for Log { database, written, end } in logs {
            let connection = Connection::open(&database)?;
            settle(&connection)?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connections.push((connection, written, end));
        }
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                    for (connection, written, end) in &connections {
                        if written.swap(false, Ordering::AcqRel) && !checkpoint(connection, end) {
                            written.store(true, Ordering::Release);
                        }
                    }
                }
            })
            .map_err(|error| StoreError::file(PathBuf::from("store-checkpoint"), error))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        let _ = self.stop.send(());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Comes back when the log is short, or in the database file as a whole: then the next to write
/// begins it anew. Waits no longer than half a minute for one who still reads an older part of it.
pub(crate) fn let_log_end(connection: &Connection) -> Result<(), StoreError> {
    // Nobody is waited for while sales are kept off.
    connection.busy_timeout(Duration::ZERO)?;
    let ended = wait_for_end(connection);
    connection.busy_timeout(BUSY)?;
    ended
}

fn wait_for_end(connection: &Connection) -> Result<(), StoreError> {
    let (_, log, _) = ask(connection, "NOOP")?;
    let end = Instant::now() + PATIENCE;
    while log >= LONG_FRAMES && Instant::now() < end {
        // Nobody waits for the first: it does the work. The second keeps sales off for a moment, and
        // only if nothing is left to do; without it each sale would make the log go on.
        let (busy, log, done) = ask(connection, "PASSIVE")?;
        let few = busy == 0 && log - done < FEW_FRAMES;
        if few && ask(connection, "RESTART")?.0 == 0 {
            break;
        }
        // The checkpointer is at it, or somebody reads.
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// Asks for a checkpoint: whether something was in the way, the frames of the log, and how many of
/// them are in the database file.
fn ask(connection: &Connection, mode: &str) -> Result<(i64, i64, i64), StoreError> {
    let mut statement = connection.prepare(&format!("PRAGMA wal_checkpoint({mode})"))?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// Writes the whole log back and makes its file empty; false if somebody reads a part of it all the time.
pub(crate) fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    let end = Instant::now() + BUSY;
    // SQLite waits for those who read, but not for another checkpoint: that one is refused at once.
    while ask(connection, "TRUNCATE")?.0 != 0 {
        if Instant::now() > end {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(true)
}

/// True if the whole log is in the database file.
fn checkpoint(connection: &Connection, end: &AtomicBool) -> bool {
    let (log, done) = match write_back(connection) {
        Ok(frames) => frames,
        Err(error) => {
            tracing::error!(%error, "a checkpoint failed");
            return false;
        }
    };
    if log - done > ALARM_FRAMES {
        tracing::warn!(frames = log - done, "the write-ahead log grows: a reader holds it");
    }
    if log >= SOME_FRAMES && log > done && log - done < FEW_FRAMES {
        end.store(true, Ordering::Release);
    }
    // Less than nothing: another checkpoint was at it.
    log == done && log >= 0
}

/// Writes the log back, of a long one also what was written meanwhile, until only a little is left.
fn write_back(connection: &Connection) -> Result<(i64, i64), StoreError> {
    let (_, mut log, mut done) = ask(connection, "PASSIVE")?;
    for _ in 0..TRIES {
        if log < SOME_FRAMES || log - done < FEW_FRAMES {
            break;
        }
        (_, log, done) = ask(connection, "PASSIVE")?;
    }
    Ok((log, done))
}

/// Writes back what is left of the log, on the connection that writes: nothing can be added to it
/// meanwhile, so that the log ends and is written over from its beginning, which a disk does quicker
/// than making a file longer. While sale follows sale, each checkpoint beside them would leave some.
pub(crate) fn end_log(connection: &Connection) {
    if let Err(error) = ask(connection, "PASSIVE") {
        tracing::error!(%error, "a checkpoint failed");
    }
}
