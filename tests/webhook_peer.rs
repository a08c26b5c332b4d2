//! Our signatures, checked by the receivers' own library. Left out, with a word on the terminal, where
//! `COUNTERTOP_PEERS` names no Python that has it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::Shop;
use crate::common::receiver::{Message, Receiver};
use crate::webhooks::{hook, note};

/// Verifies messages at a moment that is told, since the shop's clock stands still.
const VERIFY: &str = r#"
import datetime, json, sys
import standardwebhooks.webhooks as peer
out = []
for case in json.load(sys.stdin):
    class Still(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(case["now"], tz)
    peer.datetime = Still
    try:
        out.append({"read": peer.Webhook(case["secret"]).verify(case["body"], case["headers"])})
    except peer.WebhookVerificationError as error:
        out.append({"refused": str(error)})
json.dump(out, sys.stdout)
"#;

/// What the library says to each case; none if it is not there.
fn verified(cases: &Value) -> Option<Value> {
    let Some(python) = std::env::var_os("COUNTERTOP_PEERS") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have COUNTERTOP_PEERS");
        eprintln!(
            "left out: set COUNTERTOP_PEERS to a Python with standardwebhooks 1.1.0 to run it"
        );
        return None;
    };
    let mut child = Command::new(python)
        .args(["-c", VERIFY])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(cases.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn sent_at(message: &Message) -> i64 {
    message.headers["webhook-timestamp"].parse().unwrap()
}

#[test]
fn the_receivers_own_library_takes_what_we_sign_and_nothing_that_was_changed_or_is_old() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    let (id, old) = hook(&shop, &receiver, &["product.*"]);
    note(&shop, "product", "Crème brûlée");
    let message = receiver.wait_for(1).remove(0);
    let saved = shop.json("webhooks.rotate", json!({ "webhook_id": id })).unwrap();
    let new = saved["secret"].as_str().unwrap().to_owned();
    note(&shop, "product", "2");
    let both = receiver.wait_for(2).remove(1);
    let now = sent_at(&message);
    let case = |message: &Message, body: &str, secret: &str, now: i64| json!({ "headers": message.headers, "body": body, "secret": secret, "now": now });
    let tampered = message.body.replace("product", "produce");
    let mut moved = message.clone();
    moved.headers.insert("webhook-timestamp".to_owned(), (now + 1).to_string());
    let mut renamed = message.clone();
    renamed.headers.insert("webhook-id".to_owned(), both.id.clone());
    let Some(said) = verified(&json!([
        case(&message, &message.body, &old, now),
        case(&message, &message.body, &old, now + 299),
        // While a secret is changed, holders of either can read.
        case(&both, &both.body, &old, now),
        case(&both, &both.body, &new, now),
        case(&message, &tampered, &old, now),
        case(&message, &message.body, &new, now),
        case(&moved, &message.body, &old, now),
        case(&renamed, &message.body, &old, now),
        case(&message, &message.body, &old, now + 301),
    ])) else {
        return;
    };
    for (place, message) in [(0, &message), (1, &message), (2, &both), (3, &both)] {
        assert_eq!(said[place]["read"], message.event, "{said}");
    }
    for place in 4..8 {
        assert_eq!(said[place]["refused"], "No matching signature found", "{place}: {said}");
    }
    assert_eq!(said[8]["refused"], "Message timestamp too old");
}
