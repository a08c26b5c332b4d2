//! Checkpoints in a thread of their own: SQLite's automatic ones make one sale in a few hundred wait
//! ten times as long, and swallow their errors.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::connection::settle;
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
/// How long it waits.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Checkpointer {
    stop: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub(crate) fn start(database: PathBuf, written: Arc<AtomicBool>) -> Result<Self, StoreError> {
        let connection = Connection::open(&database)?;
        settle(&connection)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                    if written.swap(false, Ordering::AcqRel) && !checkpoint(&connection) {
                        written.store(true, Ordering::Release);
                    }
                }
            })
            .map_err(|error| StoreError::file(database, error))?;
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
    let ask = |sql| -> Result<(i64, i64, i64), StoreError> {
        let mut statement = connection.prepare(sql)?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
    };
    let (_, log, _) = ask("PRAGMA wal_checkpoint(NOOP)")?;
    let end = Instant::now() + PATIENCE;
    while log >= LONG_FRAMES && Instant::now() < end {
        // Nobody waits for the first: it does the work. The second keeps sales off for a moment, and
        // only if nothing is left to do; without it each sale would make the log go on.
        let (busy, log, done) = ask("PRAGMA wal_checkpoint(PASSIVE)")?;
        let few = busy == 0 && log - done < FEW_FRAMES;
        if few && ask("PRAGMA wal_checkpoint(RESTART)")?.0 == 0 {
            break;
        }
        // The checkpointer is at it, or somebody reads.
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// True if the whole log is in the database file.
fn checkpoint(connection: &Connection) -> bool {
    let result: Result<(i64, i64, i64), _> =
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        });
    match result {
        Ok((_, log, done)) => {
            if log - done > ALARM_FRAMES {
                tracing::warn!(frames = log - done, "the write-ahead log grows: a reader holds it");
            }
            log == done
        }
        Err(error) => {
            tracing::error!(%error, "a checkpoint failed");
            false
        }
    }
}
