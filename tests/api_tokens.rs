//! `countertopd token`: who else may use the register.

use serde_json::Value;

use crate::common::Shop;
use crate::common::api::ask;
use crate::common::daemon::{Served, complaint, run};

fn json(output: &std::process::Output) -> Value {
    assert!(output.status.success(), "{}", complaint(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn own_token(served: &Served, secret: &str) -> crate::common::wire::Answer {
    let bearer = format!("Authorization: Bearer {secret}");
    ask(served.address, "GET /v1/token", &[&bearer], None)
}

#[test]
fn a_token_of_the_command_line_is_good_for_its_scopes_until_it_is_revoked() {
    let folder = Shop::open().shut();
    let at = folder.path();
    let scopes = ["--scope", "customers:read", "--scope", "events"];
    let create = |name: &str| {
        let mut arguments = vec!["token", "create", name, "--json"];
        arguments.extend(scopes);
        json(&run(at, &arguments))
    };
    let made = create("Newsletter");
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("ctp_"));

    let served = Served::start(at);
    let own = own_token(&served, secret);
    assert_eq!(own.status, 200, "{own:?}");
    assert_eq!(own.json()["name"], "Newsletter");
    assert_eq!(own.json()["scopes"], serde_json::json!(["customers:read", "events"]));
    assert!(served.terminate());

    let list = run(at, &["token", "list"]);
    let text = String::from_utf8(list.stdout).unwrap();
    assert!(text.contains("Newsletter") && text.contains("customers:read,events"), "{text}");
    assert!(!text.contains(secret), "{text}");

    let list = json(&run(at, &["token", "revoke", "Newsletter", "--json"]));
    assert!(list["tokens"][0]["revoked_ms"].is_i64(), "{list}");
    let served = Served::start(at);
    own_token(&served, secret).is_problem(401, "no_token");
}

#[test]
fn a_name_that_two_tokens_have_revokes_neither() {
    let folder = Shop::open().shut();
    let at = folder.path();
    let create = ["token", "create", "Kiosk", "--scope", "payments", "--json"];
    let (first, second) = (json(&run(at, &create)), json(&run(at, &create)));
    let refused = run(at, &["token", "revoke", "Kiosk"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complaint(&refused).contains("2 tokens"), "{}", complaint(&refused));
    let id = first["token"]["id"].as_str().unwrap();
    let list = json(&run(at, &["token", "revoke", id, "--json"]));
    let good: Vec<_> = list["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|token| token["revoked_ms"].is_null())
        .map(|token| token["id"].clone())
        .collect();
    assert_eq!(good, [second["token"]["id"].clone()]);
}

#[test]
fn bad_input_makes_no_token_and_says_what_to_do() {
    let folder = Shop::open().shut();
    let at = folder.path();
    for (arguments, words) in [
        (&["token", "create", "X", "--scope", "everything"][..], "catalog:read"),
        (&["token", "create", "X", "--scope", "events", "--role", "boss"], "cashier"),
        (&["token", "create", " ", "--scope", "events"], "name the program"),
        (&["token", "create", "X"], "--scope"),
        (&["token", "revoke", "Nobody"], "token list"),
    ] {
        let refused = run(at, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(complaint(&refused).contains(words), "{arguments:?}: {}", complaint(&refused));
    }
    assert_eq!(json(&run(at, &["token", "list", "--json"]))["tokens"], serde_json::json!([]));
    // A folder that was misspelt is not founded for a token.
    let nowhere = at.join("nowhere");
    assert_eq!(run(&nowhere, &["token", "list"]).status.code(), Some(2));
    assert!(!nowhere.join("register.db").exists());
}

#[test]
fn a_running_register_keeps_its_folder_and_says_where_tokens_are_made() {
    let folder = Shop::open().shut();
    let _served = Served::start(folder.path());
    let held = run(folder.path(), &["token", "list"]);
    assert_eq!(held.status.code(), Some(3));
    assert!(complaint(&held).contains("under Apps"), "{}", complaint(&held));
}
