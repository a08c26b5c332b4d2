//! Formats of the database, each made from the one before in one transaction.
//!
//! `user_version` is the format; the setting `least_format` says which format a program must know
//! so as not to damage it, so that an older program opens a newer database where that is harmless.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior};

use crate::connection::APPLICATION_ID;
use crate::error::StoreError;

struct Migration {
    sql: &'static str,
    /// The least format that a program must know after this one.
    least: i64,
}

const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("migrations/0001_first.sql"), least: 1 },
    // A program that does not know the ledgers would sell without moving them.
    Migration { sql: include_str!("migrations/0002_people.sql"), least: 2 },
    Migration { sql: include_str!("migrations/0003_shift.sql"), least: 2 },
    // A program that does not know them would write neither taxes nor credit as they are kept now.
    Migration { sql: include_str!("migrations/0004_paper.sql"), least: 4 },
    // A program that does not know payments in doubt would take them a second time.
    Migration { sql: include_str!("migrations/0005_devices.sql"), least: 5 },
    // A program that does not know them would print order tickets for the customer.
    Migration { sql: include_str!("migrations/0006_printers.sql"), least: 6 },
    Migration { sql: include_str!("migrations/0007_doors.sql"), least: 6 },
    Migration { sql: include_str!("migrations/0008_requests.sql"), least: 6 },
    // A program that does not know them would show and sell items that were retired, and could not
    // make the levels anew.
    Migration { sql: include_str!("migrations/0010_catalogue.sql"), least: 10 },
    // A program that does not know merged customers would let their credit be spent twice.
    Migration { sql: include_str!("migrations/0011_people.sql"), least: 11 },
    // A program that does not know changes would make some without a word to whoever is told.
    Migration { sql: include_str!("migrations/0012_events.sql"), least: 12 },
    // Sums that are behind are brought up to date: an older program may sell meanwhile.
    Migration { sql: include_str!("migrations/0013_reports.sql"), least: 6 },
    // A program that does not know them would show them as webhooks, and switch them off.
    Migration { sql: include_str!("migrations/0014_results.sql"), least: 13 },
    // What is told to shops is read from the journal: an older program may sell meanwhile.
    Migration { sql: include_str!("migrations/0015_channels.sql"), least: 6 },
    // A program that does not know them would leave out of them what it queues.
    Migration { sql: include_str!("migrations/0016_channel_goods.sql"), least: 15 },
];

/// Triggers that refuse changes of history; dropped and made anew around a rebuild.
pub(crate) const GUARDS: &str = include_str!("migrations/guards.sql");

/// The newest format that this program knows.
pub(crate) const FORMAT: i64 = MIGRATIONS.len() as i64;

/// Refuses, without writing anything, a database that this program must not touch.
pub(crate) fn check(folder: &Path, database: &Path) -> Result<(), StoreError> {
    if !database.exists() {
        return Ok(());
    }
    let connection =
        Connection::open_with_flags(database, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let not_ours = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotOurs { file: database.to_owned() },
        _ => error.into(),
    };
    let application: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(not_ours)?;
    let format: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(not_ours)?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(not_ours)?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(StoreError::NotOurs { file: database.to_owned() });
    }
    if format <= FORMAT {
        return Ok(());
    }
    let least: Option<i64> = connection
        .query_row(
            "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'least_format'",
            [],
            |r| r.get(0),
        )
        .optional()?;
    match least {
        Some(least) if least <= FORMAT => Ok(()),
        _ => Err(StoreError::Newer {
            folder: folder.to_owned(),
            found: least.unwrap_or(format),
            known: FORMAT,
        }),
    }
}

/// Brings a database to this program's format: all of it or nothing.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let format: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(format).unwrap_or(0);
    if done >= MIGRATIONS.len() {
        return Ok(());
    }
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration.sql)?;
        transaction.execute(
            "INSERT INTO setting(name, value) VALUES('least_format', ?1)
             ON CONFLICT(name) DO UPDATE SET value = CAST(
               max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)",
            [migration.least.to_string()],
        )?;
    }
    transaction.execute_batch(GUARDS)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{MIGRATIONS, migrate};

    #[test]
    fn printers_of_an_older_format_are_devices_with_settings()
    -> Result<(), Box<dyn std::error::Error>> {
        let mut connection = Connection::open_in_memory()?;
        for migration in MIGRATIONS.iter().take(4) {
            connection.execute_batch(migration.sql)?;
        }
        connection.pragma_update(None, "user_version", 4)?;
        connection.execute(
            "INSERT INTO device(device_id, name, address, columns, drawer)
             VALUES(zeroblob(16), 'Front', 'tcp:10.0.0.9:9100', 32, 0)",
            [],
        )?;
        migrate(&mut connection)?;
        let found: (String, String, String, String, String) = connection.query_row(
            "SELECT kind, driver, name, address, options FROM device",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
        )?;
        let expected = [
            "printer",
            "escpos",
            "Front",
            "tcp:10.0.0.9:9100",
            r#"{"columns":"32","drawer":"no"}"#,
        ];
        assert_eq!([&*found.0, &*found.1, &*found.2, &*found.3, &*found.4], expected);
        Ok(())
    }
}
