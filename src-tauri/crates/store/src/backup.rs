//! Backup and restore: one file that holds the database and the signing key.
//!
//! The file lets whoever has it write in the register's name: it belongs in the safe.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::time::Duration;

use countertop_domain::journal::{Entry, RegisterRestored};
use countertop_domain::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, backup::Backup};

use crate::error::StoreError;
use crate::folder::{
    DataFolder, baskets_in, create, database_in, has_register, sync_folder_of, write_durably,
};
use crate::key::{self, KEY_FILE};
use crate::snapshot::{Snapshot, Tx};
use crate::store::{Store, check_key, read_identity};
use crate::table::basket;
use crate::table::print_job::JobStatus;
use crate::{connection, migration};

impl Store {
    /// Copies everything into `file` while sales go on. The file appears only when it is complete and
    /// passed an integrity check.
    ///
    /// # Errors
    /// `file` exists, or cannot be written.
    pub fn backup(&self, file: &Path) -> Result<(), StoreError> {
        backup(self.folder(), file)
    }
}

/// The same for a folder that another program holds: it goes on selling meanwhile.
///
/// # Errors
/// The folder has no register, or `file` exists or cannot be written.
pub fn backup(folder: &Path, file: &Path) -> Result<(), StoreError> {
    if !has_register(folder) {
        return Err(StoreError::file(folder, "has no register: choose its folder with --data"));
    }
    if file.exists() {
        return Err(StoreError::file(file, "is there already: choose another name"));
    }
    let beside = file.with_extension("part");
    let _ = std::fs::remove_file(&beside);
    let result = copy_into(folder, &beside).and_then(|()| {
        std::fs::rename(&beside, file)
            .and_then(|()| sync_folder_of(file))
            .map_err(|error| StoreError::file(file, error))
    });
    if result.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    result
}

fn copy_into(folder: &Path, file: &Path) -> Result<(), StoreError> {
    // Before the database: a basket that is paid meanwhile is a sale in it, or still open.
    let baskets = Connection::open_in_memory()?;
    baskets.execute_batch(connection::BASKETS)?;
    basket::copy(&connection::open_reader(&baskets_in(folder))?, &baskets)?;
    let reader = connection::open_reader(&database_in(folder))?;
    // One moment for the whole copy: else every sale meanwhile makes it begin anew.
    let source = reader.unchecked_transaction()?;
    source.query_row("SELECT count(*) FROM journal", [], |row| row.get::<_, i64>(0))?;
    // With the key in it, it is for its owner's eyes.
    create(file, true)
        .map_err(|error| StoreError::file(file, format!("cannot be written ({error})")))?;
    let mut target = Connection::open(file)?;
    {
        let backup = Backup::new(&source, &mut target)?;
        backup.run_to_completion(1_000, Duration::ZERO, None)?;
    }
    let key = std::fs::read_to_string(folder.join(KEY_FILE))
        .map_err(|error| StoreError::file(folder.join(KEY_FILE), error))?;
    let _: String =
        target.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0))?;
    target.execute_batch(
        "CREATE TABLE backup(signing_key TEXT NOT NULL) STRICT; PRAGMA synchronous = FULL;",
    )?;
    target.execute("INSERT INTO backup(signing_key) VALUES(?1)", [key])?;
    target.execute_batch(connection::BASKETS)?;
    basket::copy(&baskets, &target)?;
    let verdict: String = target.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::damaged("backup", verdict));
    }
    target.close().map_err(|(_, error)| StoreError::from(error))?;
    std::fs::File::open(file)
        .and_then(|copy| copy.sync_all())
        .map_err(|error| StoreError::file(file, error))
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
    let mut copy = Connection::open(&beside)?;
    connection::settle(&copy)?;
    // Nobody's baskets are left over in a folder without a register.
    let baskets = connection::open_baskets(&baskets_in(folder))?;
    basket::copy(&copy, &baskets)?;
    baskets.close().map_err(|(_, error)| StoreError::from(error))?;
    copy.execute_batch("PRAGMA synchronous = FULL; DROP TABLE backup; DROP TABLE basket;")?;
    migration::migrate(&mut copy)?;
    // Before the register is one: after a power cut in between, numbers would be given twice.
    begin_new_series(&mut copy, folder, &key, at)?;
    copy.execute_batch("VACUUM")?;
    copy.close().map_err(|(_, error)| StoreError::from(error))?;
    write_durably(&folder.join(KEY_FILE), key.as_bytes(), true)?;
    std::fs::File::open(&beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, &database))
        .and_then(|()| sync_folder_of(&database))
        .map_err(|error| StoreError::file(&database, error))?;
    drop(held);
    Ok(())
}

fn signing_key(file: &Path) -> Result<String, StoreError> {
    if !file.exists() {
        return Err(StoreError::file(file, "there is no such file: look at its name and folder"));
    }
    let no_backup = |_| StoreError::file(file, "is no backup of Countertop");
    let backup = Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(no_backup)?;
    backup
        .query_row("SELECT signing_key FROM backup", [], |row| row.get(0))
        .optional()
        .map_err(no_backup)?
        .ok_or_else(|| StoreError::file(file, "is a backup without a key"))
}

fn begin_new_series(
    database: &mut Connection,
    folder: &Path,
    key: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let damaged = |reason| StoreError::damaged("backup", reason);
    let identity = read_identity(database)?.ok_or_else(|| damaged("it has no register"))?;
    let signing = key::parse(key).ok_or_else(|| damaged("its key cannot be read"))?;
    check_key(database, &identity, &signing)?;
    let transaction = database.transaction()?;
    let baskets = baskets_in(folder);
    let tx = Tx {
        snapshot: Snapshot::new(&transaction, &identity, &baskets),
        key: &signing,
        baskets: RefCell::default(),
        worth_telling: Cell::default(),
    };
    let series = next_series(&identity.series);
    let restored = RegisterRestored { at, series: series.clone() };
    let seq = tx.append(at.utc_ms, &Entry::RegisterRestored(restored))?;
    tx.set_setting("series", &series)?;
    // What waited for the printer then has come out since, or its customer is long gone.
    for job in tx.open_print_jobs()? {
        if matches!(job.status, JobStatus::Waiting | JobStatus::Printing) {
            let trouble = "The register goes on from a backup, in which this receipt still waited. \
                           Look whether it came out; if not, print it again.";
            tx.set_print_job(job.id, JobStatus::Parked, trouble)?;
        }
    }
    // What waited for a web shop then may have been sent since: it is looked up before it is sent.
    tx.doubt_all_channel_ops(seq)?;
    Ok(transaction.commit()?)
}

/// `T1` is followed by `T1.2`, that by `T1.3`.
fn next_series(series: &str) -> String {
    match series.rsplit_once('.').map(|(name, number)| (name, number.parse::<u32>())) {
        Some((name, Ok(number))) => format!("{name}.{}", number + 1),
        _ => format!("{series}.2"),
    }
}
