//! What can go wrong with the register's memory, in words that say what to do.

use std::path::PathBuf;

use countertop_domain::money::MoneyError;
use rusqlite::ErrorCode;

/// An error of the store. Nothing is half written when one is returned.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another program has the folder.
    #[error(
        "the data folder {} is held by another register: close that one, or give this one a \
         folder of its own with --data", .folder.display()
    )]
    Held {
        /// The folder.
        folder: PathBuf,
    },
    /// Written by a newer program in a way that this one would damage.
    #[error(
        "the database in {} is of format {found}, newer than this program knows ({known}): update \
         Countertop; nothing was changed", .folder.display()
    )]
    Newer {
        /// The folder.
        folder: PathBuf,
        /// The least format that a program must know.
        found: i64,
        /// The format of this program.
        known: i64,
    },
    /// A database, but of another program.
    #[error("{} is not a database of Countertop: choose another folder with --data", .file.display())]
    NotOurs {
        /// The file.
        file: PathBuf,
    },
    /// The disk takes no writes.
    #[error(
        "the disk with the data folder is read-only: nothing can be sold until it can be written; \
         check the folder's rights and the disk"
    )]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full: free some space; what was sold before is safe")]
    DiskFull,
    /// The disk failed.
    #[error(
        "the disk reported an error ({reason}): nothing more is sold on it; restart the register \
         and run `countertopd verify`"
    )]
    Disk {
        /// What the system said.
        reason: String,
    },
    /// A folder or file cannot be used.
    #[error("{}: {reason}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said, and what to do.
        reason: String,
    },
    /// What is stored cannot be read back.
    #[error("the stored {what} cannot be read ({reason}): run `countertopd verify`")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The journal is not as it was written.
    #[error(
        "the journal is not as it was written ({problem}): nothing was made anew from it, because the \
         tables may have what it lost; keep this folder as it is, and restore a backup into another one"
    )]
    JournalChanged {
        /// The first thing that is wrong in it.
        problem: String,
    },
    /// The writer has stopped.
    #[error("the register's memory is closed: restart the register")]
    Closed,
    /// An amount cannot be kept.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// Any other refusal of SQLite.
    #[error("the database refused: {0}")]
    Sqlite(rusqlite::Error),
}

impl StoreError {
    /// True where no further write may be tried on the same connection: after a failed fsync the
    /// system may call lost pages clean.
    pub(crate) const fn is_fatal(&self) -> bool {
        matches!(self, Self::Disk { .. })
    }

    /// Something kept that cannot be read, or cannot be written down.
    pub fn damaged(what: &'static str, reason: impl ToString) -> Self {
        Self::Damaged { what, reason: reason.to_string() }
    }

    pub(crate) fn file(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::File { path: path.into(), reason: reason.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        match code {
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::SystemIoFailure) => Self::Disk { reason: error.to_string() },
            Some(ErrorCode::DatabaseCorrupt) => Self::damaged("database", error),
            _ => Self::Sqlite(error),
        }
    }
}
