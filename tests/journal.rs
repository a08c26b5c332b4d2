//! The journal, as someone who does not trust this program would look at it.

use std::process::Command;

use countertop_app::wire::PayWith;
use countertop_app::{ExportFormat, ExportWhat, export};
use serde_json::{Value, json};

use crate::common::goods::{BREAD, CHEESE, TOOL, WINE};
use crate::common::{FLOAT, Shop, daemon};

/// A shop with a closed shift and some sales behind it.
fn some_days() -> Shop {
    let shop = Shop::open();
    shop.sell(&[BREAD, WINE], PayWith::Cash);
    shop.sell(&[CHEESE], PayWith::CardExternal);
    shop.close_shift(FLOAT);
    shop.open_shift();
    shop.sell(&[TOOL], PayWith::Cash);
    shop
}

fn exported(shop: &Shop, what: ExportWhat) -> Vec<Value> {
    let mut out = Vec::new();
    let records = export(shop.app(), what, ExportFormat::Jsonl, &mut out).unwrap();
    let lines: Vec<Value> = String::from_utf8(out)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len() as u64, records);
    lines
}

#[test]
fn every_business_fact_is_one_entry_in_the_order_in_which_it_happened() {
    let shop = some_days();
    let kinds: Vec<_> = exported(&shop, ExportWhat::Journal)
        .iter()
        .map(|entry| {
            let payload: Value = serde_json::from_str(entry["payload"].as_str().unwrap()).unwrap();
            payload["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "register_founded",
            "stock_imported",
            "shift_opened",
            "sale_completed",
            "sale_completed",
            "shift_closed",
            "shift_opened",
            "sale_completed",
        ]
    );
}

/// What a stranger's program says of an exported journal; none, with a word, without a Python.
fn strangers_verdict(entries: &[Value]) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.jsonl");
    let text: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
    std::fs::write(&file, text).unwrap();
    let script = std::path::Path::new("tests/fixtures/check_journal.py");
    let Ok(output) = Command::new("python3").arg(script).arg(&file).output() else {
        eprintln!("left out: python3 is not there to check the journal with");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_stranger_can_check_the_exported_journal_with_a_standard_library() {
    let entries = exported(&some_days(), ExportWhat::Journal);
    let Some(verdict) = strangers_verdict(&entries) else { return };
    assert_eq!(verdict["problems"], json!([]));
    if verdict["signatures"] == 0 {
        eprintln!("signatures left out: neither the package cryptography nor openssl is there");
    } else {
        assert_eq!(verdict["signatures"], entries.len());
    }
    // The stranger is not blind: a changed amount, a lost entry and a swapped signature are named.
    let mut changed = entries.clone();
    let payload = entries[3]["payload"].as_str().unwrap().replace("1544", "9944");
    assert_ne!(entries[3]["payload"], payload, "the sale's total is in its entry");
    changed[3]["payload"] = payload.into();
    assert_eq!(strangers_verdict(&changed).unwrap()["problems"][0], "entry 4 was changed");
    let mut lost = entries.clone();
    lost.remove(4);
    assert_ne!(strangers_verdict(&lost).unwrap()["problems"], json!([]));
    if verdict["signatures"] != 0 {
        let mut swapped = entries.clone();
        swapped[2]["signature"] = entries[3]["signature"].clone();
        let problems = strangers_verdict(&swapped).unwrap()["problems"].clone();
        assert_eq!(problems, json!(["entry 3 is not signed by this register"]));
    }
}

#[test]
fn exported_sales_come_to_the_takings() {
    let shop = some_days();
    let sales = exported(&shop, ExportWhat::Sales);
    let total: i64 = sales.iter().map(|sale| sale["total"]["minor"].as_i64().unwrap()).sum();
    let takings: i64 = shop.sales().iter().map(|sale| sale.total.minor()).sum();
    assert_eq!(total, takings);

    let mut out = Vec::new();
    export(shop.app(), ExportWhat::Sales, ExportFormat::Csv, &mut out).unwrap();
    let csv = String::from_utf8(out).unwrap();
    assert_eq!(csv.lines().next().unwrap().split(',').nth(10), Some("total"));
    let cents: i64 = csv
        .lines()
        .skip(1)
        .map(|line| {
            let amount = line.rsplit(',').nth(1).unwrap();
            amount.replace('.', "").parse::<i64>().unwrap()
        })
        .sum();
    assert_eq!(cents, takings);
}

#[test]
fn a_rebuild_changes_nothing_that_was_right() {
    let shop = some_days();
    let (sales, balance) =
        (shop.sales(), shop.balance(countertop_domain::posting::Account::Drawer));
    let entries = shop.app().store().rebuild().unwrap();
    assert_eq!(entries, 8);
    shop.books_agree();
    assert_eq!(shop.sales(), sales);
    assert_eq!(shop.balance(countertop_domain::posting::Account::Drawer), balance);
    // Selling goes on in the same series.
    assert_eq!(shop.sell(&[BREAD], PayWith::Cash).receipt, "T1-4");
    shop.books_agree();
}

#[test]
fn verify_and_rebuild_answer_on_the_command_line() {
    let folder = some_days().shut();
    let verify = daemon::run(folder.path(), &["verify", "--json"]);
    assert!(verify.status.success(), "{}", daemon::complaint(&verify));
    let verdict: Value = serde_json::from_slice(&verify.stdout).unwrap();
    assert_eq!(verdict, json!({ "ok": true, "entries": 8, "sales": 3, "problems": [] }));
    let rebuild = daemon::run(folder.path(), &["rebuild", "--json"]);
    let rebuilt: Value = serde_json::from_slice(&rebuild.stdout).unwrap();
    assert_eq!(rebuilt, json!({ "entries": 8 }));
    let lines = daemon::run(folder.path(), &["export", "journal"]);
    assert_eq!(String::from_utf8(lines.stdout).unwrap().lines().count(), 8);
}
