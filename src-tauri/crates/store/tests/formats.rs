//! Old programs and new databases part politely, and a folder has one register at a time.

use std::path::Path;

use countertop_store::StoreError;
use rusqlite::Connection;

use crate::common::{some_days, try_open};

fn edit(folder: &Path, sql: &str) {
    Connection::open(folder.join("register.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn a_database_of_a_newer_format_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    edit(
        folder.path(),
        "PRAGMA user_version = 99; UPDATE setting SET value = '99' WHERE name = 'least_format';",
    );
    let before = std::fs::read(folder.path().join("register.db")).unwrap();
    let error = try_open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("update Countertop"), "{error}");
    assert_eq!(std::fs::read(folder.path().join("register.db")).unwrap(), before);
}

#[test]
fn a_newer_database_that_an_older_program_cannot_damage_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    edit(folder.path(), "PRAGMA user_version = 99;");
    assert_eq!(try_open(folder.path()).unwrap().verify().unwrap().sales, 6);
}

#[test]
fn a_file_that_is_no_database_of_ours_is_left_alone() {
    for (what, make) in [
        (
            "text",
            (|path: &Path| std::fs::write(path, "my shopping list".repeat(100)).unwrap())
                as fn(&Path),
        ),
        ("another program's", |path: &Path| {
            Connection::open(path).unwrap().execute_batch("CREATE TABLE songs(name)").unwrap();
        }),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("register.db");
        make(&file);
        let before = std::fs::read(&file).unwrap();
        let error = try_open(folder.path()).unwrap_err();
        assert!(matches!(error, StoreError::NotOurs { .. }), "{what}: {error}");
        assert_eq!(std::fs::read(&file).unwrap(), before, "{what}");
    }
}

#[test]
fn a_folder_has_one_register_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = some_days(folder.path());
    let error = try_open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::Held { .. }), "{error}");
    drop(first);
    assert!(try_open(folder.path()).is_ok());
}

#[test]
fn a_journal_goes_on_only_with_its_own_key() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_days(folder.path()));
    let key = folder.path().join("register.key");
    std::fs::remove_file(&key).unwrap();
    let error = try_open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("key"), "{error}");
}

#[test]
fn the_signing_key_is_its_owners_alone() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        drop(try_open(folder.path()).unwrap());
        let about = std::fs::metadata(folder.path().join("register.key")).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
}
