//! History is a chain of additions, and whoever reaches round the register is found out.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::common::{sell, shift, some_days, try_open};

const HISTORY: [&str; 9] = [
    "journal",
    "sale",
    "sale_line",
    "sale_tax",
    "tender",
    "stock_movement",
    "posting",
    "shift",
    "cash_move",
];
/// Sums that are kept beside it, and change as it goes on.
const SUMS: [&str; 3] = ["stock_level", "shift_total", "grand_total"];

/// A connection as an insider would open it, with the guards taken off.
fn insider(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("register.db")).unwrap();
    let guards: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for guard in guards {
        connection.execute_batch(&format!("DROP TRIGGER {guard}")).unwrap();
    }
    connection
}

#[test]
fn an_honest_store_has_no_problems() {
    let folder = tempfile::tempdir().unwrap();
    let verdict = some_days(folder.path()).verify().unwrap();
    assert_eq!((verdict.entries, verdict.sales, verdict.problems), (13, 6, vec![]));
}

#[test]
fn history_is_neither_changed_nor_deleted_through_sql() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    refuses_changes(folder.path(), HISTORY.into_iter().filter(|table| *table != "shift"));
}

/// Tries to change and to delete rows of these tables, with the guards standing.
pub(crate) fn refuses_changes(folder: &Path, tables: impl Iterator<Item = &'static str>) {
    let connection = Connection::open(folder.join("register.db")).unwrap();
    for table in tables {
        let delete = connection.execute_batch(&format!("DELETE FROM {table}"));
        let column: String = connection
            .query_row(&format!("SELECT name FROM pragma_table_info('{table}')"), [], |r| r.get(0))
            .unwrap();
        let update = connection.execute_batch(&format!("UPDATE {table} SET {column} = {column}"));
        assert!(delete.is_err() && update.is_err(), "{table}");
    }
}

#[test]
fn a_change_to_any_column_of_history_is_found() {
    let honest = tempfile::tempdir().unwrap();
    drop(some_days(honest.path()));
    let tried = changes_found(honest.path(), HISTORY.into_iter().chain(SUMS));
    assert!(tried > 50, "only {tried} columns could be tried");
}

/// Changes every column of these tables, each in a copy of its own, and has it found. Returns how
/// many could be changed.
pub(crate) fn changes_found(honest: &Path, tables: impl Iterator<Item = &'static str>) -> u32 {
    let mut tried = 0;
    for table in tables {
        let columns = Connection::open(honest.join("register.db"))
            .unwrap()
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap()
            .map(Result::unwrap)
            .collect::<Vec<_>>();
        for column in columns {
            let folder = copy_of(honest);
            if !falsify(folder.path(), table, &column) {
                continue;
            }
            tried += 1;
            let found = match try_open(folder.path()) {
                Ok(store) => store.verify().unwrap().problems,
                // The founding entry is read at the start.
                Err(error) => vec![error.to_string()],
            };
            assert!(!found.is_empty(), "{table}.{column} was changed unnoticed");
        }
    }
    tried
}

fn copy_of(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in ["register.db", "register.key"] {
        std::fs::copy(folder.join(file), copy.path().join(file)).unwrap();
    }
    copy
}

/// Changes one value of the table's last row; false where a constraint forbids any change.
fn falsify(folder: &Path, table: &str, column: &str) -> bool {
    let connection = insider(folder);
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let last = match table {
        "journal" => "seq = (SELECT max(seq) FROM journal)".to_owned(),
        // Of tables without a row number, the row with the greatest key.
        _ => {
            let key: Vec<String> = connection
                .prepare(&format!(
                    "SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"
                ))
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let key = key.join(", ");
            let greatest = key.split(", ").map(|k| format!("{k} DESC")).collect::<Vec<_>>();
            format!(
                "({key}) = (SELECT {key} FROM {table} ORDER BY {} LIMIT 1)",
                greatest.join(", ")
            )
        }
    };
    let value: Value = connection
        .query_row(&format!("SELECT {column} FROM {table} WHERE {last}"), [], |row| row.get(0))
        .unwrap();
    let other = match value {
        Value::Null => Value::Integer(1),
        Value::Integer(0) => Value::Integer(1),
        Value::Integer(1) if column == "inclusive" => Value::Integer(0),
        Value::Integer(n) => Value::Integer(n + 1),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Blob(mut bytes) => {
            bytes[0] ^= 0x40;
            Value::Blob(bytes)
        }
        Value::Real(_) => panic!("no table has reals"),
    };
    let changed =
        connection.execute(&format!("UPDATE {table} SET {column} = ?1 WHERE {last}"), [other]);
    // `total = net + tax` and the like hold: the insider has to change more than one to pass.
    matches!(changed, Ok(1))
}

#[test]
fn an_entry_cut_out_of_the_middle_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    insider(folder.path()).execute_batch("DELETE FROM journal WHERE seq = 5").unwrap();
    let problems = try_open(folder.path()).unwrap().verify().unwrap().problems;
    assert!(problems.iter().any(|p| p.contains("entries are missing")), "{problems:?}");
}

#[test]
fn a_sale_that_was_never_rung_up_bears_no_signature() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    insider(folder.path())
        .execute_batch(
            "INSERT INTO journal(register_id, seq, at_ms, payload, prev_hash, hash, signature)
             SELECT register_id, seq + 1, at_ms, payload, hash, hash, signature FROM journal
             ORDER BY seq DESC LIMIT 1",
        )
        .unwrap();
    let problems = try_open(folder.path()).unwrap().verify().unwrap().problems;
    assert!(problems.iter().any(|p| p.contains("hash")), "{problems:?}");
}

#[test]
fn a_rebuild_mends_what_was_changed_in_the_tables() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    insider(folder.path())
        .execute_batch(
            "UPDATE stock_level SET quantity = quantity + 1000;
             DELETE FROM tender;
             UPDATE shift SET takings_minor = 0 WHERE closed_seq IS NULL;",
        )
        .unwrap();
    let store = try_open(folder.path()).unwrap();
    assert!(!store.verify().unwrap().problems.is_empty());
    assert_eq!(store.rebuild().unwrap(), 13);
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
    drop(store);
    // The guards stand again.
    let connection = Connection::open(folder.path().join("register.db")).unwrap();
    assert!(connection.execute_batch("DELETE FROM sale").is_err());
}

#[test]
fn a_changed_journal_never_overwrites_the_tables_that_still_have_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    insider(folder.path())
        .execute_batch("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 5; DELETE FROM tender")
        .unwrap();
    let store = try_open(folder.path()).unwrap();
    let before = store.verify().unwrap();
    let error = store.rebuild().unwrap_err().to_string();
    assert!(error.contains("entry 5 was changed") && error.contains("backup"), "{error}");
    assert_eq!(store.verify().unwrap(), before, "the tables were touched");
}

/// A flipped bit is found, or changes nothing that anyone reads.
#[test]
fn a_flipped_bit_is_found_or_harmless() {
    let honest = tempfile::tempdir().unwrap();
    let store = some_days(honest.path());
    // Enough that most of the file says something: an empty table's page is harmless all over.
    for number in 100..140 {
        sell(&store, shift(1), number).unwrap();
    }
    drop(store);
    let bytes = std::fs::read(honest.path().join("register.db")).unwrap();
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    let truth = answers(honest.path()).unwrap();
    let (mut found, mut harmless) = (0, 0);
    for _ in 0..300 {
        // Repeatable chance (xorshift).
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let at = usize::try_from((dice >> 8) % u64::try_from(bytes.len()).unwrap()).unwrap();
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (dice % 8);
        let folder = copy_of(honest.path());
        std::fs::write(folder.path().join("register.db"), &flipped).unwrap();
        let verdict = try_open(folder.path()).and_then(|store| store.verify());
        if verdict.is_ok_and(|verdict| verdict.problems.is_empty()) {
            harmless += 1;
            assert_eq!(answers(folder.path()).unwrap(), truth, "byte {at}");
        } else {
            found += 1;
        }
    }
    assert!(found > 50 && harmless > 0, "{found} found, {harmless} harmless");
}

/// What the shop would read: takings, stock and the journal's text.
fn answers(folder: &Path) -> Result<(u64, u64, i64, String), countertop_store::StoreError> {
    let store = try_open(folder)?;
    store.read(|snapshot| {
        let (sales, lines, takings) = snapshot.sales_sums()?;
        let mut text = String::new();
        snapshot.for_each_entry(|entry| {
            text.push_str(&entry.payload);
            Ok(())
        })?;
        Ok((sales, lines, takings, text))
    })
}
