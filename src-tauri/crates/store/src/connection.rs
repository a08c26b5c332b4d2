//! Connections, each with the settings that the promises rest on, read back after they are set.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;

/// SQLite 3.7.0 to 3.51.2 can corrupt a database when a WAL is reset (sqlite.org/wal.html).
const LEAST_SQLITE: i32 = 3_051_003;

pub(crate) const APPLICATION_ID: i32 = 0x4354_4F50; // "CTOP"

/// How long a connection waits for another.
pub(crate) const BUSY: std::time::Duration = std::time::Duration::from_secs(5);

/// Open baskets, as they are kept and as a backup carries them. With a rowid: a basket then fits into
/// one page, where a table without one puts a row of more than 1 KiB into pages of its own.
pub(crate) const BASKETS: &str = "CREATE TABLE IF NOT EXISTS basket(
  basket_id BLOB PRIMARY KEY CHECK(length(basket_id) = 16),
  client TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;";

/// The table as it was made before.
const WITHOUT_ROWID: &str = "SELECT EXISTS(SELECT 1 FROM sqlite_schema
  WHERE name = 'basket' AND sql LIKE '%WITHOUT ROWID%')";

/// Whether a transaction waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Synchronous {
    /// Waits: what was answered survives a power cut.
    Full,
    /// Survives a kill at once and a power cut from the next checkpoint on (a quarter second).
    /// For open baskets, because a scan does not wait for the disk, and for the parts of a long job,
    /// which is answered only when its end has waited.
    Normal,
}

pub(crate) fn open_writer(database: &Path) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < LEAST_SQLITE {
        return Err(StoreError::damaged("SQLite library", rusqlite::version()));
    }
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "page_size", 4096)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    expect("journal_mode", &mode, "wal")?;
    settle(&connection)?;
    set_synchronous(&connection, Synchronous::Full)?;
    // A second thread checkpoints, so that no cashier waits for one (see checkpoint.rs).
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    forget_for_good(&connection)?;
    Ok(connection)
}

/// Opens the file of the open baskets, and makes it if there is none.
pub(crate) fn open_baskets(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    expect("journal_mode", &mode, "wal")?;
    settle(&connection)?;
    set_synchronous(&connection, Synchronous::Full)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    forget_for_good(&connection)?;
    // An opened file that is whole is not written to.
    let made: bool = connection.query_row(
        "SELECT EXISTS(SELECT 1 FROM sqlite_schema WHERE name = 'basket')",
        [],
        |row| row.get(0),
    )?;
    let before: bool = connection.query_row(WITHOUT_ROWID, [], |row| row.get(0))?;
    if before {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch("ALTER TABLE basket RENAME TO basket_before")?;
        transaction.execute_batch(BASKETS)?;
        transaction.execute_batch(
            "INSERT INTO basket(basket_id, client, body)
               SELECT basket_id, client, body FROM basket_before;
             DROP TABLE basket_before;",
        )?;
        transaction.commit()?;
    }
    if !made {
        let transaction = connection.unchecked_transaction()?;
        transaction.execute_batch(BASKETS)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
    }
    Ok(connection)
}

/// What is deleted is written over, so that a customer's data is gone when it was erased.
fn forget_for_good(connection: &Connection) -> Result<(), StoreError> {
    let now: i64 =
        connection.pragma_update_and_check(None, "secure_delete", 1, |row| row.get(0))?;
    expect("secure_delete", &now.to_string(), "1")
}

pub(crate) fn open_reader(database: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        database,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    settle(&connection)?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.pragma_update(None, "query_only", true)?;
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    expect("journal_mode", &mode, "wal")?;
    Ok(connection)
}

/// What every connection has, the checkpointer's too.
pub(crate) fn settle(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A plan never depends on the values bound to it. Otherwise SQLite makes several of the register's
    // statements anew for every value, which costs a scan as much as all its work.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(128);
    for (name, value) in [
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("temp_store", 2),
        // macOS: without these an fsync stops in the drive's cache. Elsewhere they do nothing.
        ("fullfsync", 1),
        ("checkpoint_fullfsync", 1),
    ] {
        connection.pragma_update(None, name, value)?;
        let now: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
        expect(name, &now.to_string(), &value.to_string())?;
    }
    // Mapped pages make a stray pointer a corruption; 0 switches it off (no row is the answer
    // where the library was built without it).
    connection.execute_batch("PRAGMA mmap_size = 0")?;
    Ok(())
}

pub(crate) fn set_synchronous(
    connection: &Connection,
    synchronous: Synchronous,
) -> Result<(), StoreError> {
    let value = match synchronous {
        Synchronous::Full => 2_i64,
        Synchronous::Normal => 1,
    };
    connection
        .prepare_cached(if value == 2 {
            "PRAGMA synchronous = FULL"
        } else {
            "PRAGMA synchronous = NORMAL"
        })?
        .execute([])?;
    let now: i64 =
        connection.prepare_cached("PRAGMA synchronous")?.query_row([], |row| row.get(0))?;
    expect("synchronous", &now.to_string(), &value.to_string())
}

fn expect(name: &str, found: &str, wanted: &str) -> Result<(), StoreError> {
    if found.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    Err(StoreError::damaged("setting", format!("{name} is {found} and must be {wanted}")))
}
