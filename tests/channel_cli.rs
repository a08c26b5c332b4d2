//! Web shops from the command line: everything that the screen does, without a secret on a command line.

use std::path::Path;
use std::process::Output;

use countertop_shop_twins::{Platform, Shop as WebShop, WooBooks};
use serde_json::Value;

use crate::common::daemon::{Served, complaint, countertopd};

const KEY: &str = "ck_live:cs_live";

/// Runs `countertopd channel`, with the shop's key in the environment if there is one.
fn channel(folder: &Path, key: Option<&str>, arguments: &[&str]) -> Output {
    let arguments: Vec<&str> = ["channel"].iter().chain(arguments).copied().collect();
    let mut command = countertopd(folder, &arguments);
    command.env_remove("COUNTERTOP_WOOCOMMERCE_KEY");
    if let Some(key) = key {
        command.env("COUNTERTOP_WOOCOMMERCE_KEY", key);
    }
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), complaint(&output));
    assert!(
        !["cs_live", "cs_1"].iter().any(|secret| said.contains(secret)),
        "a secret was said: {said}"
    );
    output
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The answer with `--json`, whatever the exit code.
fn json(folder: &Path, wanted: i32, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> = arguments.iter().chain(&["--json"]).copied().collect();
    let output = channel(folder, None, &arguments);
    assert_eq!(code(&output), wanted, "{arguments:?}: {}", complaint(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_secret_is_never_taken_from_a_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let add = ["add", "woocommerce", "--url", "https://shop.example", "--name", "Online"];
    let refused = |more: &[&str]| {
        let arguments: Vec<&str> = add.iter().chain(more).copied().collect();
        let output = channel(folder.path(), None, &arguments);
        assert_eq!(code(&output), 2);
        complaint(&output)
    };
    for given in [["--option", "key=ck_1:cs_1"], ["--key", "ck_1:cs_1"], ["--secret", "cs_1"]] {
        let words = refused(&given);
        assert!(
            words.contains("is a secret") && words.contains("COUNTERTOP_WOOCOMMERCE_KEY"),
            "{words}"
        );
    }
    // Nobody is there to be asked.
    assert!(refused(&[]).contains("COUNTERTOP_WOOCOMMERCE_KEY"));
    let output =
        channel(folder.path(), Some(KEY), &["add", "noshop", "--url", "https://shop.example"]);
    assert_eq!(code(&output), 2);
    assert!(complaint(&output).contains("woocommerce, shopify"), "{}", complaint(&output));
    assert_eq!(json(folder.path(), 0, &["list"])["channels"], serde_json::json!([]));
}

#[test]
fn a_shop_is_set_up_brought_in_step_and_looked_after_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut books = WooBooks::new(KEY);
    books.add_product("CUP-1", 10);
    let twins = [books.add_product("CUP-2", 3), books.add_product("CUP-2", 4)];
    let web = WebShop::open(books).unwrap();
    let url = web.url();

    let added = channel(
        folder,
        Some(KEY),
        &["add", "woocommerce", "--url", &url, "--name", "Online", "--allow-host", "--json"],
    );
    assert_eq!(code(&added), 0, "{}", complaint(&added));
    let list = json(folder, 0, &["list"]);
    let shown = &list["channels"][0];
    assert_eq!((&shown["name"], &shown["kind"]), (&"Online".into(), &"woocommerce".into()));
    assert_eq!(shown["secrets"], serde_json::json!(["key"]));
    assert_eq!(json(folder, 0, &["test", "Online"])["ready"], true);

    let synced = json(folder, 0, &["sync", "Online", "--once"]);
    assert_eq!(synced["channels"][0]["items"], 3);
    // Two of the shop's items have one article number: that is for a person to say.
    let found = json(folder, 1, &["problems", "Online"]);
    let numbers = |page: &Value| -> Vec<String> {
        let rows = page["problems"].as_array().unwrap();
        rows.iter().map(|row| row["number"].to_string()).collect()
    };
    let ambiguous =
        found["problems"].as_array().unwrap().iter().find(|row| row["kind"] == "ambiguous");
    let number = ambiguous.unwrap_or_else(|| panic!("{found}"))["number"].to_string();
    for all in numbers(&found) {
        json(folder, 0, &["set-aside", &all]);
    }
    assert!(numbers(&json(folder, 0, &["problems", "Online"])).is_empty());
    assert_eq!(numbers(&json(folder, 0, &["problems", "Online", "--aside"])), numbers(&found));
    assert_eq!(numbers(&json(folder, 0, &["take-up", &number])), [number]);
    let map = json(folder, 0, &["map", "Online", "--unmatched"]);
    let unmatched = map["names"].as_array().unwrap();
    let second = twins[1].to_string();
    assert!(unmatched.iter().any(|name| name["external_id"] == second.as_str()), "{map}");

    // A key that was changed at the platform: said in words, and set right without a screen.
    web.books(|books| books.expire(true));
    assert_eq!(json(folder, 1, &["test", "Online"])["ready"], false);
    assert!(json(folder, 1, &["sync", "--once"])["troubles"].to_string().contains("key"));
    assert_eq!(json(folder, 1, &["status"])["channels"][0]["state"], "trouble");
    web.books(|books| books.expire(false));
    let changed = channel(folder, Some(KEY), &["change", "Online"]);
    assert_eq!(code(&changed), 0, "{}", complaint(&changed));
    json(folder, 0, &["sync", "--once"]);
    assert_eq!(json(folder, 0, &["status", "Online"])["channels"][0]["state"], "in_step");
    assert!(json(folder, 0, &["queue", "Online"])["ops"].is_array());

    // A running register has its folder to itself.
    let served = Served::start(folder);
    let output = channel(folder, None, &["list"]);
    assert_eq!(code(&output), 3);
    assert!(complaint(&output).contains("on its screen"), "{}", complaint(&output));
    assert!(served.terminate());

    assert_eq!(json(folder, 0, &["remove", "Online"])["channels"], serde_json::json!([]));
    assert!(!std::fs::read_to_string(folder.join("secrets")).unwrap().contains("cs_live"));
    let gone = channel(folder, None, &["test", "Online"]);
    assert_eq!(code(&gone), 2);
    assert!(complaint(&gone).contains("channel list"), "{}", complaint(&gone));
}
