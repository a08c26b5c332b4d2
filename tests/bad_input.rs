//! Bad input: a clear word each, and nothing lost.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use countertop::{Config, Register};
use countertop_app::AppError;
use countertop_app::wire::PayWith;
use countertop_store::StoreError;
use serde_json::{Value, json};

use crate::common::goods::{BREAD, WINE};
use crate::common::{Folder, Shop, books_agree, code, daemon, sales_of};

/// Why a folder is not opened.
fn refusal(folder: &Path) -> AppError {
    match Register::open(&Config::new(folder)) {
        Ok(_) => panic!("{} was opened", folder.display()),
        Err(error) => error,
    }
}

/// A register's folder with one sale behind it.
fn sold() -> Folder {
    let shop = Shop::open();
    shop.sell(&[BREAD], PayWith::Cash);
    shop.shut()
}

/// A fingerprint of every file of a folder that has anything in it, but SQLite's shared memory.
fn contents(folder: &Path) -> Vec<(String, u64)> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let (name, bytes) =
            (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap());
        if !bytes.is_empty() && !name.ends_with("-shm") {
            let mut hasher = DefaultHasher::new();
            bytes.hash(&mut hasher);
            files.push((name, hasher.finish()));
        }
    }
    files.sort();
    files
}

/// Changes bytes of a closed database file where `old` stands for the only time.
fn patch(folder: &Path, old: &[u8], new: &[u8]) {
    assert_eq!(old.len(), new.len());
    let path = folder.join("register.db");
    let mut bytes = fs::read(&path).unwrap();
    let found: Vec<_> =
        (0..=bytes.len() - old.len()).filter(|at| &bytes[*at..*at + old.len()] == old).collect();
    assert_eq!(found.len(), 1, "{}", String::from_utf8_lossy(old));
    bytes[found[0]..found[0] + new.len()].copy_from_slice(new);
    fs::write(path, bytes).unwrap();
}

/// Changes a number of the database's header.
fn patch_header(folder: &Path, at: usize, number: u32) {
    let path = folder.join("register.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
    fs::write(path, bytes).unwrap();
}

const USER_VERSION: usize = 60;
const APPLICATION_ID: usize = 68;

#[test]
fn an_unknown_barcode_is_named_and_the_basket_stays() {
    let shop = Shop::open();
    shop.scan(BREAD);
    let refusal = shop
        .json("basket.scan", json!({ "basket_id": shop.basket().id, "code": " 4006381333931 " }))
        .unwrap_err();
    assert_eq!(
        (refusal.code.as_str(), refusal.about.as_str()),
        ("unknown_barcode", "4006381333931")
    );
    assert!(refusal.message.contains("4006381333931"));
    for nonsense in ["", "   ", "a\u{1B}b", "\0", &"1".repeat(513), &"x".repeat(60_000)] {
        assert_eq!(code(shop.try_scan(nonsense)), "bad_text", "{nonsense:?}");
    }
    for hostile in ["' OR 1=1 --", "%", "1001%", "１００１", "*", "\"; DROP TABLE sale; --"] {
        assert_eq!(code(shop.try_scan(hostile)), "unknown_barcode", "{hostile:?}");
    }
    assert_eq!(shop.basket().total, 345);
}

#[test]
fn a_number_that_is_no_amount_is_refused_and_nothing_is_taken() {
    let shop = Shop::open();
    let basket = shop.scan(BREAD);
    let line = basket.lines[0].id;
    let mut numbers: Vec<Value> = ["1e30", "1.5", "345.0", "-1e400", "18446744073709551616"]
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect();
    numbers.push(json!(9_223_372_036_854_775_808_u64));
    numbers.extend([json!("345"), json!(null), json!(true), json!([345]), json!({})]);
    assert!(numbers.len() >= 9);
    for number in numbers {
        for (command, body) in [
            (
                "pay.tender",
                json!({
                    "basket_id": basket.id, "tender_id": shop.tender_id(), "kind": "cash",
                    "offered": number, "print": false,
                }),
            ),
            (
                "basket.set_quantity",
                json!({ "basket_id": basket.id, "line_id": line, "quantity": number }),
            ),
            ("shift.close", json!({ "counted": number })),
        ] {
            let refused = shop.json(command, body).unwrap_err();
            assert_eq!(refused.code, "bad_request", "{command} with {number}");
        }
    }
    for number in [i64::MAX, i64::MIN, 1 << 53] {
        let body = json!({
            "basket_id": basket.id, "tender_id": shop.tender_id(), "kind": "cash",
            "offered": number, "print": false,
        });
        assert_eq!(shop.json("pay.tender", body).unwrap_err().code, "bad_amount", "{number}");
    }
    assert_eq!((shop.basket().total, shop.basket().due), (345, 345));
    assert!(shop.sales().is_empty());
}

#[test]
fn a_request_of_another_form_is_refused() {
    let shop = Shop::open();
    let id = shop.basket().id;
    for (command, body) in [
        ("basket.scan", json!({ "basket_id": id, "code": BREAD, "price": 1 })),
        ("basket.scan", json!({ "basket_id": "1001", "code": BREAD })),
        ("basket.scan", json!({ "code": BREAD })),
        ("basket.scan", json!([id, BREAD])),
        ("basket.current", json!({ "client": "other" })),
        (
            "pay.tender",
            json!({ "basket_id": id, "tender_id": id, "kind": "cheque", "offered": 1,
            "print": false }),
        ),
        ("register.state", json!(null)),
    ] {
        let refused = shop.json(command, body.clone()).map(|reply| reply.to_string());
        // A list in the order of the fields is a form that the reader of JSON takes by itself.
        if body.is_array() && refused.is_ok() {
            continue;
        }
        assert_eq!(refused.unwrap_err().code, "bad_request", "{command} {body}");
    }
    assert!(shop.sales().is_empty());
}

#[test]
fn a_folder_that_a_register_holds_is_not_opened_twice() {
    let shop = Shop::open();
    shop.scan(WINE);
    let error = refusal(shop.folder());
    assert!(matches!(error, AppError::Store(StoreError::Held { .. })), "{error}");
    for command in [&["verify"][..], &["serve", "--listen", "127.0.0.1:0"], &["rebuild"]] {
        let output = daemon::run(shop.folder(), command);
        assert_eq!(output.status.code(), Some(3), "{command:?}");
        let complaint = daemon::complaint(&output);
        assert!(complaint.contains("held by another register"), "{complaint}");
    }
    shop.pay(PayWith::Cash, 1_199).unwrap();
    shop.books_agree();
    // Closed, it is free again.
    let folder = shop.shut();
    assert!(daemon::run(folder.path(), &["verify"]).status.success());
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_not_touched() {
    let folder = sold();
    patch_header(folder.path(), USER_VERSION, 99);
    let bytes = fs::read(folder.path().join("register.db")).unwrap();
    let own = (10..99)
        .map(|format| format!("least_format{format}"))
        .find(|text| bytes.windows(text.len()).any(|at| at == text.as_bytes()))
        .expect("the least format, which grows with the program");
    patch(folder.path(), own.as_bytes(), b"least_format99");
    let before = contents(folder.path());
    let error = refusal(folder.path());
    assert!(matches!(error, AppError::Store(StoreError::Newer { found: 99, .. })), "{error}");
    assert!(error.to_string().contains("update"), "{error}");
    let output = daemon::run(folder.path(), &["verify"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(daemon::complaint(&output).contains("newer"), "{}", daemon::complaint(&output));
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_newer_database_that_an_older_program_cannot_damage_is_opened() {
    let folder = sold();
    patch_header(folder.path(), USER_VERSION, 99);
    let register = Register::open(&Config::new(folder.path())).unwrap();
    books_agree(register.app());
    assert_eq!(sales_of(register.app()).len(), 1);
}

#[test]
fn a_database_of_another_program_is_refused_and_not_touched() {
    let folder = sold();
    patch_header(folder.path(), APPLICATION_ID, 0x1234_5678);
    let before = contents(folder.path());
    let error = refusal(folder.path());
    assert!(matches!(error, AppError::Store(StoreError::NotOurs { .. })), "{error}");
    assert_eq!(contents(folder.path()), before);
    for content in [&b"a letter to the tax office"[..], &[0xA5; 8_192]] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("register.db"), content).unwrap();
        let error = refusal(folder.path());
        assert!(matches!(error, AppError::Store(StoreError::NotOurs { .. })), "{error}");
        assert_eq!(fs::read(folder.path().join("register.db")).unwrap(), content);
        assert!(!folder.path().join("register.key").exists());
    }
}

#[test]
fn settings_that_cannot_be_read_are_named_and_not_written_over() {
    let folder = sold();
    patch(folder.path(), b"{\"letterhead\"", b"!\"letterhead\"");
    let before = contents(folder.path());
    let error = refusal(folder.path());
    assert!(error.to_string().contains("settings cannot be read"), "{error}");
    assert_eq!(contents(folder.path()), before);
    patch(folder.path(), b"!\"letterhead\"", b"{\"letterhead\"");
    let register = Register::open(&Config::new(folder.path())).unwrap();
    assert_eq!(register.app().shop().letterhead.shop, "Corner");
    books_agree(register.app());
}

#[test]
fn a_key_of_another_register_or_none_is_refused() {
    let (folder, other) = (sold(), sold());
    let key = folder.path().join("register.key");
    let own = fs::read(&key).unwrap();
    for wrong in [fs::read(other.path().join("register.key")).unwrap(), b"a key".to_vec()] {
        fs::write(&key, wrong).unwrap();
        let error = refusal(folder.path());
        assert!(error.to_string().contains("key"), "{error}");
    }
    fs::write(&key, own).unwrap();
    books_agree(Register::open(&Config::new(folder.path())).unwrap().app());
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = refusal(file.path());
    assert!(error.to_string().contains(&*file.path().to_string_lossy()), "{error}");
    assert_eq!(daemon::run(file.path(), &["verify"]).status.code(), Some(2));
    assert_eq!(fs::read(file.path()).unwrap(), b"");
}

#[test]
fn a_command_line_that_makes_no_sense_is_bad_input() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["sell"][..],
        &["import"],
        &["serve", "--listen", "shop"],
        &["serve", "--listen", "0.0.0.0:0"],
        &["device", "test", "front"],
        &["export", "journal", "--format", "csv"],
    ] {
        let output = daemon::run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_currency_that_is_not_the_registers_own_is_refused_and_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let shop = |arguments: &[&str]| daemon::run(folder.path(), &[&["shop"], arguments].concat());
    assert!(shop(&["--name", "Corner Books", "--currency", "GBP"]).status.success());
    assert!(shop(&["--currency", "gbp"]).status.success());
    let other = shop(&["--name", "Livres", "--currency", "EUR"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(daemon::complaint(&other).contains("GBP for life"), "{}", daemon::complaint(&other));
    assert!(String::from_utf8_lossy(&shop(&[]).stdout).starts_with("Corner Books\n"));
}

#[test]
fn a_port_that_is_taken_and_a_file_that_is_not_there_are_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let served = daemon::run(folder.path(), &["serve", "--listen", &address]);
    assert_eq!(served.status.code(), Some(2));
    let complaint = daemon::complaint(&served);
    assert!(complaint.contains(&address) && complaint.contains("another port"), "{complaint}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a register was founded");
    for command in ["import", "replay"] {
        let output = daemon::run(folder.path(), &[command, "no/such.csv"]);
        assert_eq!(output.status.code(), Some(2));
        let complaint = daemon::complaint(&output);
        assert!(complaint.contains("no/such.csv: there is no such file"), "{complaint}");
    }
}
