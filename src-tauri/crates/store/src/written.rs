//! A connection that writes, and whether it still may.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rusqlite::Connection;

use crate::checkpoint::{Log, end_log};
use crate::connection::{Synchronous, set_synchronous};
use crate::error::StoreError;

/// A connection that writes to a database, and what it and the checkpointer tell each other.
pub(crate) struct Written {
    pub(crate) connection: Connection,
    file: PathBuf,
    mark: Arc<AtomicBool>,
    /// Set by the checkpointer when the log is to end.
    end: Arc<AtomicBool>,
    /// How the connection is set now.
    synchronous: Option<Synchronous>,
}

impl Written {
    pub(crate) fn new(connection: Connection, file: PathBuf) -> Self {
        Self { connection, file, mark: Arc::default(), end: Arc::default(), synchronous: None }
    }

    /// What the checkpointer is to know.
    pub(crate) fn log(&self) -> Log {
        let (written, end) = (Arc::clone(&self.mark), Arc::clone(&self.end));
        Log { database: self.file.clone(), written, end }
    }

    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    pub(crate) fn set(&mut self, synchronous: Synchronous) -> Result<(), StoreError> {
        if self.synchronous != Some(synchronous) {
            self.synchronous = None;
            set_synchronous(&self.connection, synchronous)?;
            self.synchronous = Some(synchronous);
        }
        Ok(())
    }

    pub(crate) fn mark(&self) {
        self.mark.store(true, Ordering::Release);
    }

    pub(crate) fn end_log(&self) {
        if self.end.swap(false, Ordering::AcqRel) {
            end_log(&self.connection);
        }
    }

    /// Writes all of the log back; nothing is written after that.
    pub(crate) fn close(&self) {
        let checkpoint: Result<i64, _> =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        if !matches!(checkpoint, Ok(0)) {
            tracing::warn!(
                ?checkpoint,
                "the last checkpoint did not finish; the next start does it"
            );
        }
    }
}

/// The first error of the disk, after which nothing more is written: to neither file, by nobody.
#[derive(Debug, Default)]
pub(crate) struct Trouble(OnceLock<String>);

impl Trouble {
    /// Remembers an error after which nothing more may be written, and hands it on.
    pub(crate) fn of(&self, error: StoreError) -> StoreError {
        if error.is_fatal() {
            let _ = self.0.set(error.to_string());
        }
        error
    }

    /// Refuses if there was one.
    pub(crate) fn none_so_far(&self) -> Result<(), StoreError> {
        match self.0.get() {
            Some(reason) => Err(StoreError::Disk { reason: reason.clone() }),
            None => Ok(()),
        }
    }
}
