//! Who the register is, and which series its receipts are of, cannot be changed behind its back.

use rusqlite::Connection;

use crate::common::{some_days, try_open};

fn edit(folder: &std::path::Path, sql: &str) {
    Connection::open(folder.join("register.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_series_that_the_journal_did_not_begin_is_found() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    edit(folder.path(), "UPDATE setting SET value = 'T9' WHERE name = 'series'");
    let problems = try_open(folder.path()).unwrap().verify().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("series T9")), "{problems:?}");
}

#[test]
fn a_register_whose_name_was_taken_away_does_not_found_another_over_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    edit(folder.path(), "DELETE FROM setting WHERE name = 'register'");
    let error = try_open(folder.path()).map(drop).unwrap_err();
    assert!(error.to_string().contains("identity"), "{error}");
    let entries: i64 = Connection::open(folder.path().join("register.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM journal", [], |row| row.get(0))
        .unwrap();
    assert_eq!(entries, 13);
}
