//! Backup and restore: one file that holds the database and the signing key.
//!
//! The file lets whoever has it write in the register's name: it belongs in the safe.

use std::path::Path;
use std::time::Duration;

use countertop_domain::journal::{Entry, RegisterRestored};
use countertop_domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, backup::Backup};

use crate::error::StoreError;
use crate::folder::{DataFolder, database_in, sync_folder_of, write_durably};
use crate::key::KEY_FILE;
use crate::store::Store;
use crate::{connection, migration};

impl Store {
    /// Copies everything into `file` while sales go on. The file appears only when it is complete and
    /// passed an integrity check.
    ///
    /// # Errors
    /// `file` exists, or cannot be written.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        if file.exists() {
            return Err(StoreError::file(file, "is there already: choose another name"));
        }
        let beside = file.with_extension("part");
        let _ = std::fs::remove_file(&beside);
        let result = self.copy_into(&beside).and_then(|()| {
            std::fs::rename(&beside, file)
                .and_then(|()| sync_folder_of(file))
                .map_err(|error| StoreError::file(file, error))
        });
        if result.is_err() {
            let _ = std::fs::remove_file(&beside);
        }
        result
    }

    fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        let source = connection::open_reader(&self.database())?;
        let mut target = Connection::open(file)
            .map_err(|error| StoreError::file(file, format!("cannot be written ({error})")))?;
        {
            let backup = Backup::new(&source, &mut target)?;
            backup.run_to_completion(1_000, Duration::ZERO, None)?;
        }
        let key = std::fs::read_to_string(self.folder().join(KEY_FILE))
            .map_err(|error| StoreError::file(self.folder().join(KEY_FILE), error))?;
        let _: String =
            target.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0))?;
        target.execute_batch(
            "CREATE TABLE backup(signing_key TEXT NOT NULL) STRICT; PRAGMA synchronous = FULL;",
        )?;
        target.execute("INSERT INTO backup(signing_key) VALUES(?1)", [key])?;
        let verdict: String =
            target.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
        if verdict != "ok" {
            return Err(StoreError::damaged("backup", verdict));
        }
        target.close().map_err(|(_, error)| StoreError::from(error))?;
        std::fs::File::open(file)
            .and_then(|copy| copy.sync_all())
            .map_err(|error| StoreError::file(file, error))
    }
}

/// Makes a data folder from a backup. The folder must not have a register in it.
///
/// Receipts go on in a new series, because the backup cannot know which numbers were given after it.
///
/// # Errors
/// The folder has a register, or `file` is no backup.
pub fn restore(file: &Path, folder: &Path, at: Timestamp) -> Result<(), StoreError> {
    let held = DataFolder::hold(folder)?;
    let database = database_in(folder);
    if database.exists() {
        return Err(StoreError::file(
            &database,
            "is there already: move it away, or choose an empty folder with --data",
        ));
    }
    let key = signing_key(file)?;
    migration::check(folder, file)?;
    let beside = database.with_extension("part");
    std::fs::copy(file, &beside).map_err(|error| StoreError::file(file, error))?;
    let copy = Connection::open(&beside)?;
    copy.execute_batch("DROP TABLE backup; PRAGMA synchronous = FULL; VACUUM;")?;
    copy.close().map_err(|(_, error)| StoreError::from(error))?;
    write_durably(&folder.join(KEY_FILE), key.as_bytes(), true)?;
    std::fs::File::open(&beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, &database))
        .and_then(|()| sync_folder_of(&database))
        .map_err(|error| StoreError::file(&database, error))?;
    drop(held);
    begin_new_series(folder, at)
}

fn signing_key(file: &Path) -> Result<String, StoreError> {
    let no_backup = |_| StoreError::file(file, "is no backup of Countertop");
    let backup = Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(no_backup)?;
    backup
        .query_row("SELECT signing_key FROM backup", [], |row| row.get(0))
        .optional()
        .map_err(no_backup)?
        .ok_or_else(|| StoreError::file(file, "is a backup without a key"))
}

fn begin_new_series(folder: &Path, at: Timestamp) -> Result<(), StoreError> {
    // Never asked for: a restored database has its register.
    let founding = || crate::store::Founding {
        identity: crate::store::Identity {
            register: countertop_domain::ids::RegisterId::new(uuid::Uuid::nil()),
            series: String::new(),
            currency: countertop_domain::money::Currency::EUR,
        },
        at,
    };
    let store = Store::open(folder, founding)?;
    store.write(move |tx| {
        let series = next_series(&tx.identity().series);
        tx.append(
            at.utc_ms,
            &Entry::RegisterRestored(RegisterRestored { at, series: series.clone() }),
        )?;
        tx.set_setting("series", &series)
    })
}

/// `T1` is followed by `T1.2`, that by `T1.3`.
fn next_series(series: &str) -> String {
    match series.rsplit_once('.').map(|(name, number)| (name, number.parse::<u32>())) {
        Some((name, Ok(number))) => format!("{name}.{}", number + 1),
        _ => format!("{series}.2"),
    }
}
